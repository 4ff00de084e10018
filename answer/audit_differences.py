"""Differences that the text claims: over or under budget, unused, more or less than before, a fall of minus X."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from answer.audit_records import Finding, Severity, places
from answer.audit_subjects import Moment, Subject, amounts_of, said
from answer.figures import dutch
from ingest.budget.amounts import Amount
from ingest.budget.codes import find_codes
from ingest.budget.records import Credit
from ingest.budget.statements import Statement
from ingest.records import Document

_BUDGET = (
    r"(?:het\s+)?(?:bij\s+BA\s+\d{4}\s+)?(?:voorziene|begrote|beschikbare|toegekende)\s+(?:budget|krediet)"
)
_AGAINST = re.compile(
    rf"\s*(?:VAK/VEK\s+)?(?:(?:meer|minder|hoger|lager)\s+dan|onder|boven)\s+{_BUDGET}", re.IGNORECASE
)
_SHARE_BETWEEN = re.compile(r"\s*of\s+\d+(?:,\d+)?\s?%")
_WHOLE_ARTICLE = re.compile(
    r"\b(?:(?:realisatie|uitvoering|aanrekening)(?:\s+\d{4})?|(?:op|van)\s+dit\s+begrotingsartikel"
    r"|(?:werkelijke|totale)\s+uitgaven?)\b",
    re.IGNORECASE,
)
_THIS = re.compile(r"(?:Dit|Dat)\s+(?:is|was)\b", re.IGNORECASE)
_UNUSED = re.compile(
    r"(?:onderbenutting|onderbesteding|niet-?\s?uitgevoerde?\s+bedrag|(?:VAK|VEK)-overschot)\s+van\s+$",
    re.IGNORECASE,
)
_LEFT = re.compile(r"\s*(?:bleef|bleven)\s+onbenut", re.IGNORECASE)
_OVERRUN = re.compile(r"(?:overschreden|overschrijding)\s+(?:met|van)\s+$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:en|,)\s*")
_JOINED = re.compile(r"\s+en\s+")
_ITEM = re.compile(r"^[^\S\n]*[-−–•▪][^\S\n]+$", re.MULTILINE)
_GAP = re.compile(r"\b(?:verschil|afwijking)\s+\($", re.IGNORECASE)
_CHANGED = re.compile(r"(?P<up>toegenomen|toenam|nam\s+toe)|(?P<down>afgenomen|afnam|nam\s+af)")
_WITH = re.compile(r"\s+met\s+$")
_FALL = re.compile(r"\b(?:daling|afname|vermindering|terugval|verlaging)\s+(?:\w+\s+)?van\s+$", re.IGNORECASE)


def differences(document: Document, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Claimed differences that the table contradicts, by article and structure element."""
    for subject in subjects:
        for index, statement in enumerate(subject.statements):
            found = amounts_of(document, statement)
            yield from _against_budget(document, subject, index, found)
            yield from _gap(document, subject, statement, found)
            yield from _unused(document, subject, statement, found)
            yield from _change(document, subject, statement, found)


def signs(document: Document, found: Sequence[Amount]) -> Iterator[Finding]:
    """Signs that do not fit their words: a fall of minus X; and a minus that the second credit lacks."""
    for index, amount in enumerate(found):
        yield from _lacking(document, amount, found[index + 1 : index + 2])
        word = _FALL.search(document.text, max(0, amount.start - 60), amount.start)
        if word and amount.signed and amount.keuro < 0:
            printed = dutch(amount.keuro)
            message = (
                f"De tekst noemt een daling van {printed} keuro; een daling van een negatief bedrag is een "
                f"stijging van {dutch(-amount.keuro)}. Bedoeld is wellicht een daling van {dutch(-amount.keuro)}."
            )
            span = places(document, [(word.start(), amount.end)])
            yield Finding("sign", "remark", message, dutch(-amount.keuro), printed, span)


def _lacking(document: Document, first: Amount, rest: Sequence[Amount]) -> Iterator[Finding]:
    """ "-1.000 keuro VAK en 500 keuro VEK" at the head of a list item: the second reads as a rise."""
    item = _ITEM.search(document.text, max(0, first.start - 20), first.start)
    for second in rest:
        joined = _JOINED.fullmatch(document.text, first.end, second.start)
        both = (first.credits, second.credits) == (("VAK",), ("VEK",))
        if item and joined and both and first.signed and first.keuro < 0 and not second.signed:
            message = (
                f"De opsomming noemt {dutch(first.keuro)} keuro VAK en {dutch(second.keuro)} keuro VEK; zonder "
                f"minteken is het tweede bedrag een toename. Bedoeld is wellicht {dutch(-second.keuro)}."
            )
            span = places(document, [(first.start, second.end)])
            yield Finding("sign", "remark", message, dutch(-second.keuro), dutch(second.keuro), span)


def _against_budget(
    document: Document, subject: Subject, index: int, found: Sequence[Amount]
) -> Iterator[Finding]:
    """ "X keuro meer dan het voorziene budget", of the whole article's execution."""
    statement = subject.statements[index]
    for amount in found:
        end = amount.end
        between = _SHARE_BETWEEN.match(document.text, end)
        over = _OVERRUN.search(document.text, max(statement.start, amount.start - 40), amount.start)
        if not over and not _AGAINST.match(document.text, between.end() if between else end):
            continue
        before = document.text[statement.start : amount.start]
        if _THIS.match(before) and index:
            before = said(document, subject.statements[index - 1])
        if not _WHOLE_ARTICLE.search(before) or subject.code is None:
            continue
        moments: tuple[Moment, ...] = ("beschikbaar", "begroot")
        yield from _checked(document, subject, statement, amount, "uitgevoerd", moments)


def _gap(
    document: Document, subject: Subject, statement: Statement, found: Sequence[Amount]
) -> Iterator[Finding]:
    """ "Het verschil (-4.260 keuro)": executed less budgeted, unless two other amounts of the section differ so."""
    for amount in found:
        if not _GAP.search(document.text, max(statement.start, amount.start - 20), amount.start):
            continue
        others = {abs(a.keuro) for s in subject.statements for a in amounts_of(document, s)}
        if not any(a - b == abs(amount.keuro) for a in others for b in others):
            yield from _checked(
                document, subject, statement, amount, "uitgevoerd", ("begroot", "beschikbaar")
            )


def _unused(
    document: Document, subject: Subject, statement: Statement, found: Sequence[Amount]
) -> Iterator[Finding]:
    """ "De onderbenutting van X keuro VAK en Y keuro VEK": available less executed, for each credit."""
    if subject.measures:
        return
    claimed: list[Amount] = []
    for amount in found:
        joined = claimed and _AND.fullmatch(document.text, claimed[-1].end, amount.start)
        if joined or _UNUSED.search(document.text, max(statement.start, amount.start - 60), amount.start):
            claimed.append(amount)
    if not claimed and found and _LEFT.match(document.text, found[-1].end):
        claimed = list(found)
    for amount in claimed:
        word = document.text[max(statement.start, amount.start - 20) : amount.start]
        named: tuple[Credit, ...] = ("VAK",) if "VAK-o" in word else ("VEK",) if "VEK-o" in word else ()
        yield from _checked(
            document, subject, statement, amount, "uitgevoerd", ("beschikbaar", "begroot"), named
        )


def _change(
    document: Document, subject: Subject, statement: Statement, found: Sequence[Amount]
) -> Iterator[Finding]:
    """ "nam toe met X" of a structure element as a whole: available less budgeted."""
    text = said(document, statement)
    changed = _CHANGED.search(text)
    if subject.code is not None or changed is None or find_codes(text):
        return
    claimed: list[Amount] = []
    for amount in found:
        joined = claimed and _AND.fullmatch(document.text, claimed[-1].end, amount.start)
        if joined or _WITH.search(document.text, max(statement.start, amount.start - 20), amount.start):
            claimed.append(amount)
    for amount in claimed:
        only: tuple[Credit, ...] = (
            ("VEK",) if "VEK-krediet" in text else ("VAK",) if "VAK-krediet" in text else ()
        )
        yield from _checked(document, subject, statement, amount, "beschikbaar", ("begroot",), only)


def _checked(
    document: Document,
    subject: Subject,
    statement: Statement,
    amount: Amount,
    left: Moment,
    rights: Sequence[Moment],
    only: tuple[Credit, ...] = (),
) -> Iterator[Finding]:
    """A finding for each named credit whose difference is another; silent when any reading fits."""
    used = only or subject.credits(amount)
    wrong: list[Finding] = []
    for credit in used:
        options = [
            (a, b, right)
            for right in rights
            if (a := subject.value(left, credit)) is not None
            and (b := subject.value(right, credit)) is not None
        ]
        gaps = [abs(abs(a - b) - abs(amount.keuro)) for a, b, _ in options]
        if not options or min(gaps) == 0:
            if options and not amount.credits and not only:
                return
            continue
        a, b, right = options[gaps.index(min(gaps))]
        a, b, right = options[0] if min(gaps) > 1 else (a, b, right)
        severity: Severity = "rounding" if min(gaps) <= Decimal(1) else "error"
        high, low = max(a, b), min(a, b)
        message = (
            f"{subject.name}: de tekst noemt een verschil van {dutch(abs(amount.keuro))} keuro {credit}, maar "
            f"de tabel geeft {dutch(high)} - {dutch(low)} = {dutch(high - low)} keuro ({left} tegenover {right})."
        )
        spans = [(statement.start, statement.end), *subject.rows(credit, left, right)]
        wrong.append(
            Finding(
                "difference",
                severity,
                message,
                dutch(high - low),
                dutch(abs(amount.keuro)),
                places(document, spans, amount.start),
            )
        )
    yield from wrong if amount.credits or only else wrong[:1]
