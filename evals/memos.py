"""What stands in all memos, counted: `python -m evals.memos --store DIR [--memos FOLDER] [--json]`.

Without a folder of memo records every memo is composed first, extractive. Claims, citations, references, amounts and
figures are read again here, by rules of their own; two memos that an earlier system made are put beside ours.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from answer.memo import memo
from answer.memo_records import Memo, Status
from answer.records import Claim, Figure
from evals import EvalError, GoldInvalid
from evals.memos_beside import Beside, beside
from ingest import IngestError
from ingest.embed import load_embedder
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus

LONG_RUN = 5
_MEMO = TypeAdapter(Memo)
_EURO = re.compile(
    r"(?<![\w.,])(?:€\s?)?(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)\s*(duizend|miljoen|miljard)?\s*(?:euro\b|€|EUR\b)"
    r"|€\s?(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)(?:\s*(duizend|miljoen|miljard))?",
    re.IGNORECASE,
)
_SCALE = {"duizend": Decimal(1_000), "miljoen": Decimal(10**6), "miljard": Decimal(10**9)}
_NUMBER = re.compile(r"(?<![\w.,/-])\d[\d.]*(?:,\d+)?(?![\w/])")
_DATE = re.compile(r"\b\d{1,2} [a-z]+ (?:19|20)\d\d\b")


@dataclass(slots=True)
class Counts:
    """What was counted over all memos; an amount is one of a cited decision, each value once a memo."""

    memos: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    claims: int = 0
    without_citation: list[str] = field(default_factory=list)
    long_runs: list[str] = field(default_factory=list)
    citations_a_claim: list[int] = field(default_factory=list)
    references: int = 0
    citations: int = 0
    unresolved: list[str] = field(default_factory=list)
    figures: int = 0
    unverified: list[str] = field(default_factory=list)
    amounts: int = 0
    amounts_reached: int = 0
    amount_rows: int = 0
    missed_amounts: list[str] = field(default_factory=list)
    ledger_rows: int = 0
    promises: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    without_decision: int = 0


def count(corpus: Corpus, memos: Sequence[Memo]) -> Counts:
    """The counts of some memos, read against the corpus that they were made from."""
    counts = Counts(memos=len(memos))
    for one in memos:
        _claims(counts, one)
        _resolving(counts, corpus, one)
        _figures(counts, one)
        _amounts(counts, corpus, one)
        counts.promises += len(one.promises)
        counts.statuses.update(row.status for row in one.promises)
        counts.without_decision += not any(row.references for row in one.promises)
    return counts


def euros(text: str) -> list[Decimal]:
    """The amounts of euro in a text, in euro: `"2,5 miljoen euro"` -> `[Decimal("2500000")]`."""
    found = []
    for match in _EURO.finditer(text):
        digits, scale = (match[1], match[2]) if match[1] else (match[3], match[4])
        value = Decimal(digits.replace(".", "").replace(",", "."))
        found.append(value * _SCALE.get((scale or "").lower(), Decimal(1)))
    return found


def _claims(counts: Counts, one: Memo) -> None:
    says_none = any(row.status == "niet_gevonden" for row in one.promises) or not one.promises
    if not one.claims() or not (one.themes or says_none):
        counts.failures.append(one.commitment)
    for claim in one.claims():
        counts.claims += 1
        counts.citations_a_claim.append(len(claim.citations))
        if not claim.citations:
            counts.without_citation.append(f"{one.commitment}: {claim.text}")
        if len(claim.citations) >= LONG_RUN:
            counts.long_runs.append(f"{one.commitment}: {claim.text}")


def _resolving(counts: Counts, corpus: Corpus, one: Memo) -> None:
    """References that are not the corpus's own, citations whose words do not stand there, numbers of nothing."""
    known = {meta.id: meta for meta in corpus.documents()}
    numbers = {r.n for r in one.references}
    for reference in one.references:
        counts.references += 1
        meta = known.get(reference.document_id)
        if meta is None or (meta.uri, meta.date, meta.title) != (
            reference.uri,
            reference.date,
            reference.title,
        ):
            counts.unresolved.append(f"{one.commitment}: verwijzing {reference.n}")
    listed = {r.document_id for r in one.references}
    for citation in one.citations:
        counts.citations += 1
        document = corpus.document(citation.document_id)
        if (
            document is None
            or document.text[citation.start : citation.end] != citation.text
            or citation.document_id not in listed
        ):
            counts.unresolved.append(f"{one.commitment}: aanhaling {citation.n}")
    cited = {c.n for c in one.citations}
    used = {n for claim in one.claims() for n in claim.citations} | {a.citation for a in one.amounts}
    counts.unresolved += [f"{one.commitment}: nummer {n}" for n in sorted(used - cited)]
    rows = {n for row in one.promises for n in row.references}
    counts.unresolved += [f"{one.commitment}: rij met {n}" for n in sorted(rows - numbers)]


def _figures(counts: Counts, one: Memo) -> None:
    """Every number of a claim stands in what the claim cites, or is a count of the memo's own table."""
    reached = Counter(row.status for row in one.promises)
    countable = {Decimal(n) for n in (len(one.promises), *reached.values())}
    texts = {c.n: f"{c.title} {c.text} {c.date}" for c in one.citations}
    for claim in one.claims():
        told = {v for n in claim.citations for v in _numbers(texts[n])}
        derived = {Decimal(f.value) for f in claim.figures if f.source == "derived"} & countable
        for value in _numbers(_DATE.sub(" ", claim.text)):
            counts.figures += 1
            if value not in told | derived:
                counts.unverified.append(f"{one.commitment}: {value} in {claim.text}")
        counts.unverified += [
            f"{one.commitment}: telling {f.text}"
            for f in _miscounted(claim, len(one.promises), {str(s): n for s, n in reached.items()})
        ]
    for amount in one.amounts:
        counts.figures += 1
        source = texts.get(amount.citation, "")
        value = Decimal(amount.value)
        if value not in (euros(source) if amount.unit == "euro" else _numbers(source)):
            counts.unverified.append(f"{one.commitment}: bedrag {amount.text}")


def _miscounted(claim: Claim, total: int, reached: Mapping[str, int]) -> Iterator[Figure]:
    """The counts of promises that the table does not give; what else is derived comes from the sources."""
    for figure in claim.figures:
        formula = figure.formula or ""
        status = re.search(r"met status (\w+)", formula)
        counted = reached.get(status[1], 0) if status else total
        if formula.startswith("aantal beloften") and Decimal(figure.value) != counted:
            yield figure


def _numbers(text: str) -> list[Decimal]:
    digits = (
        match.group().rstrip(".").replace(".", "").replace(",", ".") for match in _NUMBER.finditer(text)
    )
    return [Decimal(d) for d in digits]


def _amounts(counts: Counts, corpus: Corpus, one: Memo) -> None:
    """How many of the amounts in the cited decisions stand in the table of amounts."""
    shown = {Decimal(a.value) for a in one.amounts if a.unit == "euro"}
    counts.amount_rows += len(one.amounts)
    counts.ledger_rows += sum(a.unit == "keuro" for a in one.amounts)
    for reference in one.references:
        document = corpus.document(reference.document_id)
        if reference.kind != "beslissing" or document is None:
            continue
        for value in dict.fromkeys(euros(document.text)):
            counts.amounts += 1
            counts.amounts_reached += value in shown
            if value not in shown:
                counts.missed_amounts.append(f"{one.commitment}: {value} in {document.meta.title}")


def compose_all(corpus: Corpus, made_on: str) -> tuple[list[Memo], float]:
    """Every commitment's memo, extractive, and the seconds that it took."""
    started = time.perf_counter()
    memos = [memo(corpus, commitment, made_on=made_on) for commitment in corpus.commitments()]
    return memos, time.perf_counter() - started


def read_memos(folder: Path) -> list[Memo]:
    """The memo records under a folder, of a file name each. Raises: GoldInvalid."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(_MEMO.validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue
    if not found:
        raise GoldInvalid(
            f"In {folder} staat geen memo (json); maak ze met `wijzer memo --all --out MAP --format json`."
        )
    return found


def main(
    store: Annotated[Path, typer.Option(help="Opslag met het corpus.")] = Path("var/store"),
    memos: Annotated[
        Path | None, typer.Option(help="Map met memo's in JSON; zonder map worden ze gemaakt.")
    ] = None,
    made_on: Annotated[str, typer.Option(help="Datum op gemaakte memo's.")] = "2000-01-01",
    as_json: Annotated[bool, typer.Option("--json", help="Eén JSON-document.")] = False,
) -> None:
    """Tel wat er in alle memo's staat, en leg de bekende memo's naast die van ons."""
    try:
        with open_corpus(store, load_embedder(None)) as corpus:
            made, seconds = (read_memos(memos), 0.0) if memos else compose_all(corpus, made_on)
            counts = count(corpus, made)
            counts.seconds = seconds
            known = [pair for one in made if (pair := beside(corpus, one))]
    except (EvalError, IngestError, RetrievalError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    if as_json:
        told = {"counts": asdict(counts), "known": [asdict(pair) for pair in known]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        show(counts, known)


def show(counts: Counts, known: Sequence[Beside]) -> None:
    """Print the counts, then for each known memo its references beside ours."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=max(140, Console().width))
    table = Table(title="Memo's geteld", show_header=False)
    for name, value in _lines(counts):
        table.add_row(name, value)
    console.print(table)
    for example in (*counts.unresolved, *counts.unverified, *counts.missed_amounts)[:20]:
        console.print(f"  {example}", highlight=False, markup=False)
    for pair in known:
        console.print(f"\n{pair.commitment} naast {pair.known}", markup=False)
        for name, entries in (
            ("beide", pair.both),
            ("alleen wij", pair.ours),
            ("alleen de bekende", pair.theirs),
        ):
            console.print(f"{name}: {len(entries)}")
            for entry in entries:
                console.print(f"  {entry.date}  {entry.title}", markup=False, highlight=False)


def _lines(counts: Counts) -> Iterator[tuple[str, str]]:
    each = counts.citations_a_claim or [0]
    share = counts.amounts_reached / counts.amounts if counts.amounts else 1.0
    yield "memo's", str(counts.memos)
    yield "seconden", f"{counts.seconds:.0f}"
    yield "mislukt", str(len(counts.failures))
    yield "beweringen", str(counts.claims)
    yield "beweringen zonder verwijzing", str(len(counts.without_citation))
    yield f"reeksen van {LONG_RUN} of meer verwijzingen", str(len(counts.long_runs))
    yield "verwijzingen per bewering (mediaan, meeste)", f"{median(each):g}, {max(each)}"
    yield "verwijzingen en aanhalingen", f"{counts.references} en {counts.citations}"
    yield "die niet kloppen", str(len(counts.unresolved))
    yield "cijfers", str(counts.figures)
    yield "cijfers zonder bron", str(len(counts.unverified))
    yield "bedragen in aangehaalde beslissingen", str(counts.amounts)
    yield "daarvan in de memo", f"{counts.amounts_reached} ({share:.1%})"
    yield "rijen met een bedrag, daarvan uit de begroting", f"{counts.amount_rows}, {counts.ledger_rows}"
    yield "beloften", str(counts.promises)
    for status, number in counts.statuses.most_common():
        yield f"  {status}", str(number)
    yield "memo's zonder beslissing bij een belofte", str(counts.without_decision)


if __name__ == "__main__":
    typer.run(main)
