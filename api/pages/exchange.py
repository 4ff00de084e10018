"""One question with its answer, as every page shows it: claims with their marks, figures, sources, what may be done."""

import itertools
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from answer.log_record import Entry
from answer.model_text import as_title
from answer.records import Citation, Claim, Figure
from answer.replay import citations_of
from api.memos.render_words import STAGES
from api.pages.environment import dutch_date, kind_label, outside_link, render, short_path, source_href
from api.pages.holdings import Holdings
from api.pages.suggestions import ARTICLE_CODE, help_of
from ingest.reading import cleaned
from retrieval.naming import NAMED
from retrieval.records import Filters

HOW: Mapping[str, str] = {
    "cell": "afgelezen uit een cel van de begrotingstabel",
    "span": "staat zo in de aangehaalde tekst",
    "derived": "berekend uit de aangehaalde cijfers",
}
_BRIEF: Mapping[str, str] = {"cell": "uit een tabelcel", "span": "uit de tekst", "derived": "berekend"}
_LINKED = re.compile(rf"https?://[^\s()<>\"']+|(?P<code>{ARTICLE_CODE.pattern})")
_NAME_OPENS = re.compile(r"\(‘")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_NUMBER = re.compile(r"-?\d[\d.,]*%?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation as the page lists it; `rows` when the quote is of a table and looks like one."""

    citation: Citation
    href: str
    path: str
    quoted: str
    rows: bool


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure of a claim: how it was verified, in words, and the place it leads to."""

    text: str
    how: str
    formula: str | None
    href: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that a claim names, with its stage in words; empty when it is not known."""

    citation: Citation
    stage: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a claim's text: where it leads to, and whether it is of the sentence that tells what was asked."""

    text: str
    href: str | None = None
    key: bool = False


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim as the page shows it: its text in parts, some with a link, or the rows of a table; marks and figures.

    `decisions` are those that the text names at its end; the page has them on lines of their own.
    """

    text: str
    parts: Sequence["Stretch"]
    rows: str | None
    marks: Sequence[int]
    figures: Sequence[Traced]
    checked: str
    decisions: Sequence[Decided] = ()
    in_thousands: bool = False


def exchange(held: Holdings, entry: Entry, word: str) -> str:
    """One question with its answer as HTML, to be added to a page; `word` is the sealed answer."""
    return render("exchange.html", exchange=shown(held, entry, word))


def shown(held: Holdings, entry: Entry, word: str) -> dict[str, Any]:
    """What the template of an exchange needs. Nothing is cut; the template escapes it all."""
    answer = entry.answer
    refused = answer["refusal"]
    citations = _nearest(entry) if refused else citations_of(entry)
    return {
        "question": entry.question,
        "understood": understood(entry),
        "restricted": restricted(held, entry.filters),
        "answer": answer,
        "at": entry.at,
        "snapshot": entry.snapshot,
        "outdated": entry.snapshot != held.version,
        "claims": [shown_claim(claim, citations) for claim in claims_of(entry)],
        "references": [reference(citation) for citation in citations],
        "hrefs": {c.n: source_href(c.document_id, c.start, c.end) for c in citations},
        "help": help_of(held, entry) if refused else None,
        "plain": plain(entry),
        "word": word,
    }


def shown_claim(claim: Claim, citations: Sequence[Citation]) -> ShownClaim:
    """A claim with what the page adds to it; `citations` holds those that it names."""
    cited = [c for c in citations if c.n in claim.citations]
    rows = _rows(claim, cited)
    figures = {(f.text, f.source, f.formula): f for f in reversed(claim.figures)}  # of equal ones the first
    traced = [_traced(figure, cited) for figure in reversed(figures.values())]
    counts = {how: sum(f.source == how for f in figures.values()) for how in HOW}
    brief = ", ".join(f"{n} {_BRIEF[how]}" for how, n in counts.items() if n)
    text, decisions = told_apart(claim.text, cited)
    return ShownClaim(
        text=text,
        parts=[] if rows else list(stretches(text, citations, claim.key)),
        rows=rows,
        marks=claim.citations,
        figures=traced,
        checked=brief,
        decisions=decisions,
        in_thousands="keuro" in text,
    )


def told_apart(text: str, cited: Sequence[Citation]) -> tuple[str, list[Decided]]:
    """A claim's text without the decisions that it names at its end, and those: `"Ja. (‘Besluit’, 2021-03-26)"` -> `"Ja."`."""
    found: list[Decided] = []
    while last := next(_named_last(text, cited), None):
        at, decided = last
        text = text[:at].rstrip()
        found.insert(0, decided)
    return text, found


def dated_in_dutch(text: str, cited: Sequence[Citation]) -> str:
    """A claim's text with the decisions that it names as Dutch writes them: `"… (‘Besluit’, 26 maart 2021)"`."""
    said, decisions = told_apart(text, cited)
    for decided in decisions:
        c = decided.citation
        known = (f"‘{c.title}’", dutch_date(c.date), decided.stage, outside_link(c.uri))
        said += f" ({', '.join(filter(None, known))})"
    return said


def _named_last(text: str, cited: Sequence[Citation]) -> Iterator[tuple[int, Decided]]:
    """Where the name at the end of a text begins, and the decision that it is of; a title may look like a name itself."""
    for opening in _NAME_OPENS.finditer(text):
        name = NAMED.fullmatch(text, opening.start())
        for c in cited if name else ():
            if name and name["title"] in (c.title, as_title(c.title)) and name["uri"] == c.uri:
                stage = next((words for key, words in STAGES.items() if key == name["stage"]), "")
                yield opening.start(), Decided(c, stage)


def stretches(
    text: str, citations: Iterable[Citation], key: tuple[int, int] | None = None
) -> Iterator[Stretch]:
    """A claim's text cut around its key sentence and what is linked: addresses of its citations, codes of budget articles."""
    links = {uri for c in citations if (uri := outside_link(c.uri))}
    first, last = key or (0, 0)
    for start, end in itertools.pairwise([0, first, min(last, len(text)), len(text)]):
        yield from _linked(text[start:end], links, first <= start < last)


def _linked(text: str, links: Container[str], key: bool) -> Iterator[Stretch]:
    at = 0
    for match in _LINKED.finditer(text):
        found = match.group()
        href = f"/begroting/{found}" if match.lastgroup == "code" else found if found in links else None
        if href:
            yield from _worded(text[at : match.start()], key)
            yield Stretch(found, href, key)
            at = match.end()
    yield from _worded(text[at:], key)


def _worded(text: str, key: bool) -> Iterator[Stretch]:
    if text:
        yield Stretch(text, None, key)


def checked(claim: Claim) -> str:
    """How the figures of a claim were verified, in one line; empty when it has none.

    `"afgelezen uit een cel van de begrotingstabel: 458.323; berekend uit de aangehaalde cijfers: 112% (458.323 / 410.974)"`
    """
    said = []
    for how, words in HOW.items():
        of = (f.text + (f" ({f.formula})" if f.formula else "") for f in claim.figures if f.source == how)
        if found := ", ".join(dict.fromkeys(of)):
            said.append(f"{words}: {found}")
    return "; ".join(said)


def understood(entry: Entry) -> str | None:
    """The full question that was answered, when it is not the one that was typed."""
    full: str = entry.answer.get("question", "")
    return full if full and full != entry.question else None


def restricted(held: Holdings, filters: Filters) -> list[str]:
    """The filters in words, a document by its title: `["Conceptnota", "2023"]`."""
    titles = {meta.id: meta.title for meta in held.documents if meta.id in filters.document}
    return [
        *map(kind_label, filters.kind),
        *map(str, filters.year),
        *filters.minister,
        *filters.theme,
        *(titles.get(name, name) for name in filters.document),
    ]


def claims_of(entry: Entry) -> list[Claim]:
    """The claims of a kept answer."""
    return [
        Claim(
            c["text"],
            tuple(c["citations"]),
            tuple(Figure(**figure) for figure in c["figures"]),
            tuple(c["key"]) if c.get("key") else None,  # an answer kept by an earlier version has none
        )
        for c in entry.answer["claims"]
    ]


def reference(citation: Citation) -> Reference:
    """A citation as the page lists it."""
    href = source_href(citation.document_id, citation.start, citation.end)
    path = short_path(citation.section, citation.title)
    paragraphs = map(cleaned, _PARAGRAPH_END.split(citation.text))
    rows = _is_table(citation.text)
    return Reference(
        citation, href, path, citation.text if rows else "\n".join(filter(None, paragraphs)), rows
    )


def plain(entry: Entry) -> str:
    """An answer with its references as text, for the clipboard."""
    citations = citations_of(entry)
    lines = [entry.question, "", entry.answer["answer"]]
    if citations:
        lines += ["", "Bronnen"]
    for c in citations:
        uri = outside_link(c.uri)
        lines += [f"[{c.n}] {named(c)}{f', {uri}' if uri else ''}", f"    “{cleaned(c.text)}”"]
    return "\n".join([*lines, "", f"Beleidswijzer, corpus {entry.snapshot[:12]}"])


def named(citation: Citation) -> str:
    """A citation in one line: title, kind, date and page, without what is unknown."""
    page = f"blz. {citation.page}" if citation.page else ""
    known = (citation.title, kind_label(citation.kind), dutch_date(citation.date), page)
    return ", ".join(filter(None, known))


def _nearest(entry: Entry) -> list[Citation]:
    """The passages that a kept refusal names."""
    return [Citation(**c | {"section": tuple(c["section"])}) for c in entry.answer["refusal"]["nearest"]]


def _traced(figure: Figure, cited: Sequence[Citation]) -> Traced:
    """A figure with the address of its place: in the citation that holds it, else in the document of the first."""
    holding = next((c for c in cited if c.start <= figure.start < figure.end <= c.end), None)
    of = holding or next(iter(cited), None)
    href = source_href(of.document_id, figure.start, figure.end) if of else None
    return Traced(figure.text, HOW[figure.source], figure.formula, href)


def _rows(claim: Claim, cited: Sequence[Citation]) -> str | None:
    """The rows of a table that a claim repeats, with their lines; None when it says something else."""
    return next(filter(_is_table, (c.text for c in cited if cleaned(c.text) == claim.text)), None)


def _is_table(text: str) -> bool:
    """Whether most lines of a quote have columns or are mostly figures: `"VAK VEK\\n2e BA 1.258 1.258"`, not a sentence."""
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [line for line in lines if "\t" in line.strip() or _mostly_figures(line.split())]
    return len(lines) > 1 and 2 * len(rows) >= len(lines)


def _mostly_figures(words: Sequence[str]) -> bool:
    return 2 * sum(bool(_NUMBER.fullmatch(word)) for word in words) >= len(words)


def described(mode: str, at: str, snapshot: str) -> str:
    """How, when and of which corpus an answer was made, in one line."""
    how = "Letterlijk uit de bronnen, zonder taalmodel" if mode == "extractive" else f"Opgesteld door {mode}"
    return f"{how} · {dutch_date(at[:10])} · corpus {snapshot[:12]}"
