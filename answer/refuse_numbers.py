"""Numbers that a question takes for granted, against what is cited: labels (`speerpunt 99`), periods, shares, the year of an event."""

import re
from collections.abc import Sequence

from answer.figures import numbers, same_amount
from answer.records import Citation, Refusal
from answer.refuse_names import surroundings
from answer.refuse_polarity import asks_whether, is_fragment
from answer.refuse_told import put_right, subject, told
from ingest.analysis import MONTHS, STOPWORDS, stems, tokens
from ingest.reading import cleaned
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

_I = re.IGNORECASE
_READ, _SEARCHED, _MOST_TOLD = 10, 40, 6
_SEVERAL = 2  # other numbers that show that a thing is numbered
_LONGEST = 400  # characters of a clause; a longer one is a list or a table that touches on many things
_AHEAD = 0.1  # how far the clause that gives another percentage leads
_ABOUT, _SAME, _ALSO = (
    0.6,
    0.45,
    0.35,
)  # share of the subject: of the clause that gives another number, of one that would excuse the question's
_LABEL = re.compile(
    r"(?<![\w.,-])([^\W\d_][\w-]{2,})(?:\s+(?:nummer|nr\.?))?\s+(\d{1,4}(?:[.,]\d{1,2})?)(?![\w%€-]|[.,]\d|\s*(?:%|procent|euro|keuro|miljo|miljard|millio|billio|duizend))",
    _I,
)
# What stands before a number without naming the thing numbered.
_NO_LABEL = frozenset(
    f"{' '.join(MONTHS)} jaar januari year eind begin midden in van op voor met tot vanaf sinds na tegen rond ongeveer circa bijna meer minder dan over om de het een "
    "die deze dit dat aantal totaal slechts maar ruim al nog minstens hoogstens maximaal minimaal maximum minimum per keer elk waren zijn werden wordt worden krijgt kreeg "
    "hebben heeft had gaat steeg daalde stijgt bedraagt bedroeg kost kosten janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "january february march april may june july august september october november december jan feb maa apr jun jul aug sep sept okt nov dec "
    "the and for from than with les des pour dans leeftijd artikel art schooljaar academiejaar begrotingsjaar jaren euro eur bedrag van en of naar bij door".split()
)
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:-|–|/|tot(?: en met)?|t/m)\s?((?:19|20)\d\d)(?!\d)", _I)
_EVENT_YEAR = re.compile(
    r"\b(?:in|sinds|vanaf|sedert|since|depuis|en)\s+(?:het jaar\s+)?((?:19|20)\d\d)\b", _I
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HAPPENED = re.compile(
    r"\b(?:afgeschaft|stopgezet|opgericht|ingevoerd|gestart|opgestart|gesloten|afgesloten|goedgekeurd|hervormd|vervangen|overgeheveld|opgeheven|gelanceerd|ondertekend|"
    r"beëindigd|uitgedoofd|geïntegreerd|samengevoegd|gefuseerd|geregionaliseerd|overgedragen|verlengd|ingetrokken|begon|startte|stopte|eindigde|verviel|"
    r"abolished|launched|stopped|created|founded|supprimée?|lancée?|créée?|arrêtée?)\b",
    _I,
)
_NEARLY = 0.3  # share of the subject that a sentence on a threshold speaks of
_FROM_SHARE = re.compile(
    r"\b(?:pas|enkel|alleen|slechts)\b[^.?!]{0,40}\b(?:als|indien|wanneer|zodra|vanaf|boven)\b[^.?!]{0,40}?\d+(?:,\d+)?\s?(?:%|procent)",
    _I,
)
_IS_THRESHOLD = re.compile(
    r"\b(?:ondergrens|bovengrens|drempel\w*|minimum|minstens|hoger\b[^.]{0,60}\bdan|méér\b[^.]{0,60}\bdan|enkel in(?:dien| het geval))\b",
    _I,
)
_SWAP = re.compile(r"\b(?:in (?:de )?plaats van|vervangt|in ruil voor|instead of|au lieu de)\b", _I)
_FROM_TO = re.compile(r"\bvan\s+((?:\w+\s+)?[\w.,%-]+?)\s+naar\s+((?:\w+\s+)?[\w.,%-]+)", _I)


def wrong_number(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """The refusal of a question whose number what is cited has not, with what it has instead."""
    if not any(c.isdigit() for c in query.text):
        return None
    held = [
        *surroundings(corpus, citations, evidence),
        *(cleaned(" ".join((e.meta.title, *e.passage.section, e.passage.text))) for e in evidence[:_READ]),
    ]
    return (
        _label(corpus, query, held)
        or _period(query, held)
        or _share(corpus, query, citations, evidence)
        or _threshold(corpus, query, citations, evidence)
        or _year_of_event(corpus, query, citations, evidence)
        or _turned_round(corpus, query, citations, evidence)
    )


def _label(corpus: Corpus, query: Query, held: Sequence[str]) -> Refusal | None:
    """A numbered thing (`dossiernummer 999`) that no document has, where others of the kind are numbered."""
    for match in _LABEL.finditer(query.text) if not is_fragment(query.text) else ():
        label, number = match[1].lower(), match[2]
        if label in _NO_LABEL or label in STOPWORDS or _YEAR.fullmatch(number):
            continue
        if any(number in tokens(text) for text in held):
            continue
        terms = [(stem, 1.0) for stem in stems([label, number])]
        texts = [
            cleaned(_with_headings(corpus, row))
            for row, _ in corpus.lexical.search("stems", terms, _SEARCHED)
        ]
        numbered = re.compile(
            rf"(?<!\w){re.escape(label)}\W{{0,3}}(?:nummer |nr\.? )?(\d{{1,4}}(?:[.,]\d)?)(?!\d)", _I
        )
        others = list(
            dict.fromkeys(
                m[1] for text in texts for m in numbered.finditer(text) if not _YEAR.fullmatch(m[1])
            )
        )
        if len(others) >= _SEVERAL and number not in others:
            told = message(
                "other_numbers",
                query.reply_in,
                asked=match.group(),
                label=match[1],
                held=", ".join(others[:_MOST_TOLD]),
            )
            return Refusal("not_in_corpus", told)
    return None


def _with_headings(corpus: Corpus, row: int) -> str:
    passage = corpus.passages[row]
    return " ".join((corpus.metadata(passage.document_id).title, *passage.section, passage.text))


def _period(query: Query, held: Sequence[str]) -> Refusal | None:
    """A period of years (`regeerakkoord 2024-2029`) that neither a title nor a text near the subject has."""
    asked = _PERIOD.search(query.text)
    periods = {(m[1], m[2]) for text in held for m in _PERIOD.finditer(text)}
    if not asked or (asked[1], asked[2]) in periods:
        return None
    # Both ends may stand there apart, in another spelling of the period.
    apart = all(any(year in text for text in held) for year in asked.groups())
    if apart and not any(set(asked.groups()) & set(period) for period in periods):
        return None
    period = f"{asked[1]}-{asked[2]}"
    return Refusal("not_in_corpus", message("name_elsewhere", query.reply_in, name=period))


def _share(
    corpus: Corpus,
    query: Query,
    citations: Sequence[Citation],
    evidence: Sequence[Evidence],
) -> Refusal | None:
    """A percentage that the sentences on the subject have not, put right by the one that a clause on just that gives."""
    asked = [n for n in numbers(query.text) if n.unit == "%" and n.value not in (0, 100)]
    if not asked or asks_whether(query.text):
        return None
    words = " ".join(query.text[n.start : n.end] for n in asked)
    read = [
        (t, list(numbers(t.clause)))
        for t in told(subject(corpus, query, words), citations, evidence)
        if len(t.clause) <= _LONGEST
    ]
    clauses = [(t, given) for t, given in read if any(n.unit == "%" for n in given)]
    around = [n for text in surroundings(corpus, citations, evidence) for n in numbers(text)]
    for share in (n for n in asked if not any(same_amount(n, m) for m in around)):
        same = [t.about for t, given in clauses if any(same_amount(share, n) for n in given)]
        instead = next((t for t, given in clauses if not any(same_amount(share, n) for n in given)), None)
        if instead and instead.about >= max(_SAME, max(same, default=0.0) + _AHEAD):
            return put_right(query, instead)
    return None


def _threshold(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """A share from which on something holds (`pas als meer dan 30%`), where the thresholds that were read are others."""
    asked = _FROM_SHARE.search(query.text)
    if not asked or asks_whether(query.text):
        return None
    share = next((n for n in numbers(asked.group()) if n.unit == "%"), None)
    read = [
        (t, [n for n in numbers(t.sentence) if n.unit == "%"])
        for t in told(subject(corpus, query, asked.group()), citations, evidence)
        if t.about >= _NEARLY and _IS_THRESHOLD.search(t.sentence)
    ]
    given = [(t, shares) for t, shares in read if shares]
    if share is None or not given or any(same_amount(share, n) for _, shares in given for n in shares):
        return None
    return put_right(query, given[0][0])


def _year_of_event(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """What the question has happen in a year, and a clause on just that has happen in another."""
    event, year = _HAPPENED.search(query.text), _EVENT_YEAR.search(query.text)
    if not event or not year or asks_whether(query.text):
        return None
    clauses = told(subject(corpus, query), citations, evidence)
    if any(year[1] in t.sentence for t in clauses if t.about >= _ALSO):
        return None
    if any(t.citation.date and t.citation.date.startswith(year[1]) for t in clauses if t.about >= _ALSO):
        return None
    instead = next((t for t in clauses if t.about >= _ABOUT and _YEAR.search(t.clause)), None)
    return put_right(query, instead) if instead else None


def _turned_round(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """`A in plaats van B` where a clause on the subject says `van A naar B`."""
    swap = _SWAP.search(query.text)
    if not swap:
        return None
    before, after = (
        {w for w in tokens(part) if any(map(str.isdigit, w))}
        for part in (query.text[: swap.start()], query.text[swap.end() :])
    )
    for clause in told(subject(corpus, query), citations, evidence):
        for old, new in _FROM_TO.findall(clause.sentence):
            if set(tokens(old)) & before - after and set(tokens(new)) & after - before:
                return put_right(query, clause)
    return None
