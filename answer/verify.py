"""Whether a claim says no more than what it cites: the same check for every composer.

    citations open -> references are right -> literal quotations hold -> the rest, in Dutch: places, amounts, words

Deterministic and without a model. A claim is one sentence or a few, with at most three citations.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.records import Citation
from answer.verify_amounts import trace_amounts
from answer.verify_language import rendered
from answer.verify_openings import read_opening
from answer.verify_places import wrong_places
from answer.verify_quotes import literal_figures, quotations
from answer.verify_records import Fault, FaultKind, Verdict
from answer.verify_source import read_source, readable
from answer.verify_statement import read_statement
from answer.verify_words import wrong_words
from retrieval.corpus import Corpus
from retrieval.language import language
from retrieval.naming import NAMED

__all__ = ["Fault", "FaultKind", "Verdict", "check"]

MOST_CITATIONS = 3
LONGEST_CLAIM = 6_000


def check(corpus: Corpus, question: str, text: str, citations: Sequence[Citation]) -> Verdict:
    """Every figure of a claim with its place, and every fault; a claim without faults holds.

    `citations` are those that the claim itself names, in any order.
    """
    if len(text) > LONGEST_CLAIM:
        return Verdict((), (Fault("unsupported", f"De bewering is langer dan {LONGEST_CLAIM} tekens."),))
    faults = _counted(citations)
    sources = [s for c in citations if (s := read_source(corpus, c))]
    if len(sources) < len(citations):
        faults.append(Fault("quote", "De aangehaalde tekst staat niet op die plaats in het document."))
    if not sources:
        return Verdict((), tuple(faults))
    body, wrong = _without_references(corpus, readable(text), citations)
    quoted = quotations(body, sources)
    figures = literal_figures(body, quoted)
    own = _blanked(body, [(q.start, q.end) for q in quoted])
    faults += wrong
    if any(c.isalnum() for c in own):
        spoken = rendered(own, sources, language(question))
        claim = read_statement(spoken, question, sources)
        traced, missing = trace_amounts(claim, sources)
        figures += [replace(f, text=spoken.printed.get(f.text, f.text)) for f in traced]
        faults += [*missing, *wrong_places(claim, sources), *wrong_words(claim, question, sources)]
    return Verdict(tuple(figures), tuple(dict.fromkeys(faults)))


def _counted(citations: Sequence[Citation]) -> list[Fault]:
    if not citations:
        return [Fault("unsupported", "De bewering heeft geen verwijzing.")]
    if len(citations) > MOST_CITATIONS:
        return [Fault("too_many", f"Een bewering heeft hoogstens {MOST_CITATIONS} verwijzingen.")]
    return []


def _without_references(corpus: Corpus, text: str, citations: Sequence[Citation]) -> tuple[str, list[Fault]]:
    """The text with what it opens with and each decision that it names blanked, and the faults of these."""
    opened, faults = read_opening(corpus, text, citations)
    faults += [fault for m in NAMED.finditer(text) if (fault := _misnamed(corpus, m, citations))]
    return _blanked(text, [(0, opened), *(m.span() for m in NAMED.finditer(text))]), faults


def _misnamed(corpus: Corpus, match: re.Match[str], citations: Sequence[Citation]) -> Fault | None:
    """What is wrong with a decision as it is named; None when a citation has that title, date, URI and stage."""
    titled = [c for c in citations if readable(c.title) == readable(match["title"])]
    dated = [c for c in titled if str(c.date) == match["date"]]
    found = [c for c in dated if c.uri == match["uri"]]
    if not titled:
        return Fault("entity", "De titel van de beslissing is niet die van de bron.")
    if not dated:
        return Fault("year", f"De beslissing is niet van {match['date']}.")
    if not found:
        return Fault("entity", "De Themis-referentie is niet die van de bron.")
    if match["stage"] and all(corpus.metadata(c.document_id).stage != match["stage"] for c in found):
        return Fault("stage", f"De beslissing is niet {match['stage']}.")
    return None


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks in place of the spans, so that every other place stays where it is."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
