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
from answer.verify_places import wrong_places
from answer.verify_quotes import literal_figures, quotations
from answer.verify_records import Fault, FaultKind, Verdict
from answer.verify_source import read_source, readable
from answer.verify_statement import read_statement
from answer.verify_words import wrong_words
from retrieval.corpus import Corpus
from retrieval.language import language

__all__ = ["Fault", "FaultKind", "Verdict", "check"]

MOST_CITATIONS = 3
LONGEST_CLAIM = 6_000
_REFERENCE = re.compile(
    r"\(‘(?P<title>[^\n]+?)’, (?P<date>\d{4}(?:-\d\d(?:-\d\d)?)?|None)(?:, (?P<uri>https?://[^\s)]+))?\)"
)


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
    body, wrong = _without_references(readable(text), citations)
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


def _without_references(text: str, citations: Sequence[Citation]) -> tuple[str, list[Fault]]:
    """The text with each `(‘title’, date, URI)` blanked, and the faults of those that no citation has."""
    faults: list[Fault] = []
    for match in _REFERENCE.finditer(text):
        said = (readable(match["title"]), match["date"], match["uri"])
        near = [(readable(c.title), str(c.date), c.uri) for c in citations]
        if said in near:
            continue
        if not any(title == said[0] for title, _, _ in near):
            faults.append(Fault("entity", "De titel van de beslissing is niet die van de bron."))
        elif not any(date == said[1] for _, date, _ in near):
            faults.append(Fault("year", f"De beslissing is niet van {said[1]}."))
        else:
            faults.append(Fault("entity", "De Themis-referentie is niet die van de bron."))
    return _blanked(text, [m.span() for m in _REFERENCE.finditer(text)]), faults


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks in place of the spans, so that every other place stays where it is."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
