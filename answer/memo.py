"""From a commitment of the coalition agreement to a memo: what was decided, when, how far, with what money.

    evidence -> drafts by theme -> amounts -> promises -> summary -> places numbered -> claims verified -> references

Nothing is said that is not cited: a claim is a sentence of a decision as it stands there, or one of ours made of
its title, dates and stages. Counts in the summary are figures derived from the memo's own table of promises.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from answer.memo_amounts import Sum, ledger_sums, sums_of
from answer.memo_claims import Draft, Place, content, history
from answer.memo_evidence import Carried, Evidence, evidence_hash, evidence_of, gather, prompts_hash
from answer.memo_files import File
from answer.memo_model import Drafted, Written, written_by
from answer.memo_records import Amount, Memo, NotFound, PromiseRow, Reference, Status, Theme
from answer.memo_themes import themes
from answer.records import Citation, Claim, Figure
from answer.verify import MOST_CITATIONS, check
from ingest.chat import ChatModel
from ingest.records import Commitment, Metadata
from retrieval.corpus import Corpus

__all__ = ["evidence_of", "memo"]

_MOST_IN_SUMMARY = 4
_SAID: dict[Status, tuple[str, str]] = {  # one and several promises
    "definitief": ("is definitief beslist", "zijn definitief beslist"),
    "principieel": ("is principieel goedgekeurd", "zijn principieel goedgekeurd"),
    "in_voorbereiding": ("is in voorbereiding", "zijn in voorbereiding"),
    "niet_gevonden": ("", ""),
}
RELATED = "Verwante beslissingen"
NOT_FOUND = "Geen beslissing met zekerheid gevonden in de beslissingen van dit corpus."


def memo(corpus: Corpus, commitment: Commitment, *, model: ChatModel | None = None, made_on: str) -> Memo:
    """The memo of one commitment, extractive or with a model; `made_on` is the date that it carries.

    Raises: KeyError when the commitment's document is not in the corpus.
    """
    evidence = gather(corpus, commitment)
    cited = _Cited(corpus)
    drafted = _themes(corpus, cited, evidence)
    told = Written(tuple(one.theme for one in drafted), None, None)
    if model:
        told = written_by(corpus, model, commitment.path[-1], drafted, cited.number)
    sums = [
        *sums_of(corpus, evidence.files),
        *sums_of(corpus, evidence.related),
        *ledger_sums(evidence.ledger),
    ]
    summary = (_counted(cited, evidence), *_most_important(corpus, cited, evidence))
    amounts = tuple(_amount(cited, one) for one in sums)
    references = _references(corpus, cited, summary, told.themes, amounts, evidence)
    numbers = {r.document_id: r.n for r in references}
    return Memo(
        commitment=commitment.id,
        document_id=commitment.document_id,
        domain=commitment.domain,
        path=commitment.path,
        title=f"Uitvoering van het regeerakkoord: {commitment.path[-1]}",
        section_text=evidence.section_text,
        summary=summary,
        themes=told.themes,
        promises=tuple(_row(evidence, promise, numbers) for promise in evidence.promises),
        amounts=amounts,
        not_found=tuple(_not_found(evidence, numbers)),
        citations=tuple(cited.citations.values()),
        references=references,
        corpus_version=corpus.version,
        mode=model.name if model and told.trace else "extractive",
        prompts_sha256=prompts_hash(),
        evidence=evidence_hash(corpus, evidence),
        made_on=made_on,
        notice=told.notice,
        trace=told.trace,
    )


@dataclass(slots=True)
class _Cited:
    """The citations of one memo, numbered in the order in which they are first needed; one for each place."""

    corpus: Corpus
    citations: dict[Place, Citation] = field(default_factory=dict)

    def at(self, place: Place) -> Citation:
        """The citation of a place, known or new."""
        return self.citations.get(place) or self._new(place)

    def number(self, citation: Citation) -> int:
        """The number in this memo of a citation that someone else made."""
        return self.at((citation.document_id, citation.start, citation.end)).n

    def kept(self, draft: Draft) -> Claim | None:
        """The draft as a claim when verification finds no fault; only then do its places get numbers."""
        places = tuple(dict.fromkeys(draft.places))
        if len(places) > MOST_CITATIONS:
            return None
        tried = [self.citations.get(place) or _citation(self.corpus, 0, place) for place in places]
        verdict = check(self.corpus, "", draft.text, tried)
        if not verdict.holds:
            return None
        return Claim(draft.text, tuple(self.at(place).n for place in places), verdict.figures)

    def _new(self, place: Place) -> Citation:
        citation = _citation(self.corpus, len(self.citations) + 1, place)
        self.citations[place] = citation
        return citation


def _citation(corpus: Corpus, n: int, place: Place) -> Citation:
    document_id, start, end = place
    document = corpus.document(document_id)
    assert document is not None, "a place of a memo is in a document of the corpus"
    meta = document.meta
    block = next((b for b in corpus.blocks(document_id, start, end)), None)
    section = block.section if block else ()
    return Citation.of(n, meta, corpus.page_at(meta.id, start), section, start, document.text[start:end])


def _themes(corpus: Corpus, cited: _Cited, evidence: Evidence) -> list[Drafted]:
    """What was decided by theme, then what bears on the section."""
    wanted: dict[str, list[str]] = {}
    for promise in evidence.promises:
        for file in promise.files:
            wanted.setdefault(file.id, []).append(promise.text)
    told = []
    for heading, files in themes(corpus, evidence.files):
        promises = tuple(dict.fromkeys(text for file in files for text in wanted[file.id]))
        told.append(Drafted(heading, _parts(corpus, cited, files, wanted), promises))
    about = {file.id: [evidence.section_text] for file in evidence.related}
    about |= {file.id: [promise.text] for promise in evidence.promises for file in promise.possible}
    grouped = themes(corpus, evidence.related)
    for heading, files in grouped:
        name = RELATED if len(grouped) == 1 else f"{RELATED}: {heading}"
        told.append(Drafted(name, _parts(corpus, cited, files, about), ()))
    return [drafted for drafted in told if drafted.theme.claims]


def _parts(
    corpus: Corpus, cited: _Cited, files: Sequence[File], wanted: dict[str, list[str]]
) -> tuple[tuple[File, tuple[Claim, ...]], ...]:
    ordered = sorted(files, key=lambda file: (file.first, file.id))
    return tuple((file, tuple(_claims(corpus, cited, file, wanted[file.id]))) for file in ordered)


def _claims(corpus: Corpus, cited: _Cited, file: File, wanted: Sequence[str]) -> Iterator[Claim]:
    """The history of a file with a sentence of its decisions: together where that needs few citations."""
    line = history(corpus, file)
    more = content(corpus, file, wanted)
    both = Draft(f"{line.text} {more.text}", (*line.places, *more.places)) if more else None
    joined = cited.kept(both) if both else None
    if joined:
        yield joined
        return
    yield from (claim for draft in (line, more) if draft and (claim := cited.kept(draft)))


def _most_important(corpus: Corpus, cited: _Cited, evidence: Evidence) -> list[Claim]:
    """The history of the files that carry most: those settled first, of these the ones with most support."""
    settled = [file for file in evidence.files if evidence.statuses[file.id] == "definitief"]
    underway = [file for file in evidence.files if evidence.statuses[file.id] == "principieel"]
    ranked = [*settled, *underway] or evidence.files
    claims = (cited.kept(history(corpus, file)) for file in ranked[:_MOST_IN_SUMMARY])
    return [claim for claim in claims if claim]


def _counted(cited: _Cited, evidence: Evidence) -> Claim:
    """How many promises have come how far: each number is derived, its formula says what was counted.

    The citation is the section itself, since the promises are counted there.
    """
    commitment = evidence.commitment
    cite = cited.at((commitment.document_id, commitment.start, commitment.end))
    total = len(evidence.promises)
    if not total:
        text = "Deze sectie van het regeerakkoord bevat geen afzonderlijke belofte die gehouden of niet gehouden kan worden."
        return Claim(text, (cite.n,))
    reached = [promise.status for promise in evidence.promises]
    counts = {status: reached.count(status) for status in _SAID}
    text = _said_of_one(reached[0]) if total == 1 else _said_of_all(total, counts)
    if any(promise.possible and not promise.files for promise in evidence.promises):
        text += " Bij wat niet gevonden is, staat welke beslissingen mogelijk een belofte uitvoeren; dat is na te lezen."
    elif evidence.related and not evidence.files:
        text += f" Wat onder ‘{RELATED}’ staat, ligt dicht bij deze sectie; of het een belofte uitvoert, is na te lezen."
    tallies = {"aantal beloften in de tabel": total}
    tallies |= {f"aantal beloften met status {status} in de tabel": count for status, count in counts.items()}
    figures = tuple(
        Figure(str(tally), str(tally), None, "derived", cite.start, cite.end, formula)
        for formula, tally in tallies.items()
        if total > 1 and tally and re.search(rf"\b{tally}\b", text)
    )
    return Claim(text, (cite.n,), figures)


def _said_of_one(status: Status) -> str:
    if status == "niet_gevonden":
        return "Voor de ene belofte in deze sectie werd geen beslissing gevonden."
    return f"De ene belofte in deze sectie {_SAID[status][0]}."


def _said_of_all(total: int, counts: dict[Status, int]) -> str:
    """`Van de 4 beloften in deze sectie: 2 zijn definitief beslist; voor 2 werd geen beslissing gevonden.`"""
    found = [
        f"{n} {_SAID[status][n != 1]}" for status, n in counts.items() if n and status != "niet_gevonden"
    ]
    if not found:
        return f"Van de {total} beloften in deze sectie is er geen waarvoor een beslissing werd gevonden."
    missing = counts["niet_gevonden"]
    if len(found) == 1 and not missing:
        return f"Alle {total} beloften in deze sectie {_SAID[next(s for s in counts if counts[s])][1]}."
    rest = f"; voor {missing} werd geen beslissing gevonden." if missing else "."
    return f"Van de {total} beloften in deze sectie: {_listed(found)}{rest}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"


def _amount(cited: _Cited, one: Sum) -> Amount:
    return Amount(one.text, f"{one.value.normalize():f}", one.unit, one.what, cited.at(one.place).n)


def _row(evidence: Evidence, promise: Carried, numbers: dict[str, int]) -> PromiseRow:
    decisions = sorted((m for f in promise.files for m in f.decisions), key=lambda m: (m.date or "", m.id))
    dates = [m.date for m in decisions if m.date]
    return PromiseRow(
        promise.start,
        promise.end,
        promise.text,
        promise.status,
        dates[0] if dates else None,
        dates[-1] if dates else None,
        tuple(dict.fromkeys(numbers[m.id] for m in decisions)),
    )


def _not_found(evidence: Evidence, numbers: dict[str, int]) -> Iterator[NotFound]:
    """Each promise without decision, with where it was looked for and what may carry it out."""
    for promise in evidence.promises:
        if not promise.files:
            decisions = sorted(
                (m for file in promise.possible for m in file.decisions), key=lambda m: (m.date or "", m.id)
            )
            possible = tuple(dict.fromkeys(numbers[m.id] for m in decisions if m.id in numbers))
            yield NotFound(promise.text, NOT_FOUND, possible)


def _references(
    corpus: Corpus,
    cited: _Cited,
    summary: Iterable[Claim],
    told: Iterable[Theme],
    amounts: Iterable[Amount],
    evidence: Evidence,
) -> tuple[Reference, ...]:
    """Every document that is cited or stands in a row, numbered as a reader meets them."""
    by_number = {c.n: c.document_id for c in cited.citations.values()}
    shown = [n for claim in (*summary, *(c for t in told for c in t.claims)) for n in claim.citations]
    met = [by_number[n] for n in shown]
    met += [m.id for promise in evidence.promises for file in promise.files for m in file.decisions]
    met += [by_number[amount.citation] for amount in amounts]
    met += [m.id for promise in evidence.promises for file in promise.possible for m in file.decisions]
    return tuple(_reference(n, corpus.metadata(name)) for n, name in enumerate(dict.fromkeys(met), 1))


def _reference(n: int, meta: Metadata) -> Reference:
    official = meta.official_title if meta.official_title and meta.official_title != meta.title else None
    return Reference(n, meta.id, meta.kind, meta.uri, meta.date, meta.title, official, meta.stage)
