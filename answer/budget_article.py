"""Which articles a budget question is about: by code in any spelling, or by the words of a title."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from answer.budget_question import BudgetQuestion
from answer.figures import Number, same_amount
from ingest.analysis import content_words, stems
from ingest.budget.codes import candidates, find_codes, parts
from ingest.budget.records import Article, Breakdown, Flow, Ledger
from retrieval.records import Evidence

# What people call an instrument, and the words of its title or the label of its measure. Terms of the field.
# Behind `en` the word is part of a longer title.
ALIASES = {
    "lde": "lokale diensteneconomie",
    r"économie locale de services": "lokale diensteneconomie",
    "vlaamse ondersteuningspremies?": "vop",
    "ama se": "arbeidszorg",
    "travail adapté collectif": "collectief maatwerk",
    "titres-services": "dienstencheques",
    r"(?:économie sociale|social economy)": "sociale economie",
    "prime de transition": "transitiepremie",
    "(?<!en )aanwervingsincentives? (?:voor )?langdurig werk(?:lozen|zoekenden)": "awi",
    "aanwervingspremies? (?:voor )?langdurig werk(?:lozen|zoekenden)": "awi",
    "(?<!en )aanwervingsincentives?": "awi",
    "vlaams opleidingsverlof": "vov",
    "opleidingscheques?": "oc",
}
MOST_ARTICLES = 4
_OF_ALL = frozenset(stems(["vlaams"]))  # said or not, it tells nothing apart
_TITLE_SHARE = 0.6
_TELLING_LENGTH = 12
_LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a question names; `label` is the measure within it that is meant, if one is."""

    ledger: Ledger
    article: Article
    label: str | None = None

    @property
    def flow(self) -> Flow:
        """That of the article."""
        return self.article.flow


@dataclass(frozen=True, slots=True)
class Naming:
    """What a question names.

    `several` holds the candidates when it cannot be decided, `unknown` a code that no ledger has; `left` are
    the stems that stay unexplained.
    """

    found: tuple[Found, ...]
    several: tuple[Article, ...]
    unknown: str | None
    left: frozenset[str]


def named_articles(
    ledgers: Sequence[Ledger], question: BudgetQuestion, evidence: Sequence[Evidence]
) -> Naming:
    """The articles of a question: those of its codes, else those whose titles it says."""
    everything = [Found(ledger, article) for ledger in ledgers for article in ledger.articles]
    if question.codes:
        return _by_code(everything, question, evidence)
    return _by_words(everything, question, evidence)


def _by_code(everything: list[Found], question: BudgetQuestion, evidence: Sequence[Evidence]) -> Naming:
    known = {f.article.code for f in everything}
    found: list[Found] = []
    left = question.words
    for mention in question.codes[:MOST_ARTICLES]:
        meant = set(candidates(mention.code, known))
        if not meant:
            return Naming((), (), mention.code, left)
        fitting = _fitting([f for f in everything if f.article.code in meant], question, evidence)
        if len({f.article.code for f in fitting}) > 1:
            return Naming((), tuple(f.article for f in fitting), None, left)
        measured = _with_label(_of_year(fitting, question), question.words)
        left -= _title_stems(measured.article) | _context(measured.article) | _label_stems(measured.label)
        found.append(measured)
    if question.several:  # `1JDB2CB of SINE`: some are named by code, some by words
        named = _by_words(everything, replace(question, words=left), evidence)
        found, left = [*found, *named.found], named.left
    return Naming(tuple(dict.fromkeys(found)), (), None, left)


def _by_words(everything: list[Found], question: BudgetQuestion, evidence: Sequence[Evidence]) -> Naming:
    """The best title first, then what other titles the rest of the words say (a comparison)."""
    found: list[Found] = []
    left = question.words
    while len(found) < MOST_ARTICLES:
        group = _by_label(everything, left) or _by_title(everything, left)
        if not group:
            break
        fitting = _fitting(group, question, evidence)
        if len({f.article.code for f in fitting}) > 1:
            return Naming((), tuple(f.article for f in fitting), None, left - _title_stems(group[0].article))
        chosen = _of_year(fitting, question)
        chosen = _with_label(chosen, left) if chosen.label is None else chosen
        said = left & (_title_stems(chosen.article) | _label_stems(chosen.label))
        found.append(chosen)
        left -= said | _context(chosen.article)
    return Naming(tuple(found), (), None, left)


def _by_label(everything: list[Found], words: frozenset[str]) -> list[Found]:
    """The measures whose label is an abbreviation that the question says (`BEV`, `DAC`)."""
    return [
        Found(f.ledger, f.article, label)
        for f in everything
        for label in sorted({b.label for b in _measures(f)})
        if label.isupper() and _label_stems(label) <= words
    ]


def _by_title(everything: list[Found], words: frozenset[str]) -> list[Found]:
    """The articles of the title that the words say best; none when no title is said clearly."""
    titles = {f.article.title: _title_stems(f.article) for f in everything}
    count = {s: sum(s in t for t in titles.values()) for stems_of in titles.values() for s in stems_of}
    weight = {s: math.log(1 + len(titles) / n) for s, n in count.items()}
    scored = {}
    for title, of_title in titles.items():
        said = of_title & words
        share = sum(weight[s] for s in said) / (sum(weight[s] for s in of_title) or 1)
        telling = any(len(s) >= _TELLING_LENGTH and count[s] == 1 for s in said)
        if share >= _TITLE_SHARE or telling:
            scored[title] = (sum(weight[s] for s in said), share)
    best = max(scored.values(), default=None)
    equal = [title for title in titles if best and scored.get(title) == best]
    first = titles[equal[0]] & words if equal else frozenset()
    # Two titles said in full with words of their own are a comparison: one at a time.
    meant = {title for title in equal if titles[title] & words & first}
    return [f for f in everything if f.article.title in meant]


def _fitting(group: list[Found], question: BudgetQuestion, evidence: Sequence[Evidence]) -> list[Found]:
    """Those of several candidates that the rest of the question fits.

    By flow, measure, programme, amount and evidence; where no code is typed, one for which nothing was budgeted
    (a correction of other years) gives way.
    """
    flow = question.flow or "uitgave"
    said = question.words
    top = [code for e in evidence[:_LOOKED_AT] for code in _codes(e)]
    narrowings = (
        lambda f: f.article.flow == flow,
        lambda f: _with_label(f, said).label is not None,
        lambda f: bool(_context(f.article) & said),
        lambda f: bool(question.amounts) and all(_tells(f, amount) for amount in question.amounts),
        lambda f: (
            bool(said - _title_stems(f.article))
            and f.article.code in top[:1]
            and top.count(f.article.code) > 1
        ),
        lambda f: not question.codes and _budgeted(f),
    )
    for fits in narrowings:
        group = [f for f in group if fits(f)] or group
    return group


def _codes(evidence: Evidence) -> list[str]:
    """The article under whose heading a passage stands."""
    return [m.code for m in find_codes(" ".join(evidence.passage.section[-1:]))][:1]


def _tells(found: Found, amount: Number) -> bool:
    """Whether an amount is a cell of the article or a difference between two."""
    values = [c.value for c in found.ledger.cells if c.code == found.article.code]
    return any(same_amount(amount, as_keuro(v)) for v in (*values, *differences(values)))


def _budgeted(found: Found) -> bool:
    cells = [c for c in found.ledger.cells if c.code == found.article.code]
    return any(c.value for c in cells if c.phase != "BU")


def differences(values: Sequence[Decimal]) -> list[Decimal]:
    """Every positive difference of two figures: `[5, 3]` -> `[2]`."""
    return [a - b for a in values for b in values if a > b]


def as_keuro(value: Decimal) -> Number:
    """A cell as a number that can be compared with one from a text."""
    return Number(0, 0, value, 0, "keuro", 1_000)


def _of_year(found: list[Found], question: BudgetQuestion) -> Found:
    """The one of the year asked for, else of the last year that there is."""
    by_year = sorted(found, key=lambda f: max((c.year for c in f.ledger.cells), default=0), reverse=True)
    return next((f for f in by_year if {c.year for c in f.ledger.cells} & set(question.years)), by_year[0])


def _measures(found: Found) -> list[Breakdown]:
    return [b for b in found.ledger.breakdowns if b.code == found.article.code]


def _with_label(found: Found, words: frozenset[str]) -> Found:
    """The article with the measure whose whole label the question says."""
    said = [b.label for b in _measures(found) if _label_stems(b.label) and _label_stems(b.label) <= words]
    own = _title_stems(found.article)
    said = [label for label in said if not _label_stems(label) <= own or label.isupper()]
    return Found(found.ledger, found.article, said[0]) if said else found


def _title_stems(article: Article) -> frozenset[str]:
    return frozenset(stems(content_words(article.title))) - _OF_ALL


def _label_stems(label: str | None) -> frozenset[str]:
    return frozenset(stems(content_words(label))) if label else frozenset()


def _context(article: Article) -> frozenset[str]:
    """The words of the programme and the structure element, and what the code says: its letters, the kind of credit."""
    words = f"{article.programme_title or ''} {article.ise or ''} {article.programme} {article.suffix or ''}"
    code = parts(article.code)
    kind = {"5": "investering investeringstoelage", "4": "begrotingsfonds fonds"}.get(
        code.kind if code else "", ""
    )
    return frozenset(stems(content_words(f"{words} {kind}")))
