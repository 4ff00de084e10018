"""Percentages in the text, recomputed: "5.499 keuro VAK/VEK of 51% van het VAK", execution rates, shares."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from answer.audit_records import Finding, Severity, nearest, percent, places, rate
from answer.audit_subjects import MOMENTS, Moment, Subject, amounts_of, said
from answer.figures import dutch
from ingest.budget.codes import candidates, find_codes
from ingest.budget.records import Credit, Ledger
from ingest.budget.statements import Statement
from ingest.reading import cleaned
from ingest.records import Document

_PERCENT = r"(?P<printed>\d{1,3}(?:,\d+)?)\s?%"
_ROUGHLY = r"(?P<roughly>(?:zo\s+goed\s+als|nagenoeg|bijna|ongeveer|circa|ruim|meer\s+dan|minder\s+dan)\s+)?"
_OF = re.compile(
    rf"\s*\(?of\s+(?:afgerond\s+)?{_ROUGHLY}{_PERCENT}"
    r"(?P<tail>\s+van\s+het\s+(?:totale\s+|beschikbare?\s+|voorziene\s+|toegekende\s+)?"
    r"(?:(?P<credit>VAK|VEK)\b-?\s?)?(?:krediet|budget)?)?"
)
_NOT_ITS_OWN = re.compile(r"\s*(?:meer|minder|hoger|lager|onder|boven)\b")
_RATE = re.compile(
    rf"(?:realisatiegraad|uitvoeringsgraad|uitvoeringspercentage)\s+van\s+{_ROUGHLY}{_PERCENT}", re.IGNORECASE
)
_UNREAL = re.compile(r"\b(?:niet|geen|bereiken|20[0-4]\d)\b|\bzou|\bverwacht")
_SHARE = re.compile(rf"\(\s*{_PERCENT}\s+van\s+het\s+(?P<credits>VAK\s*/\s*VEK|VAK|VEK)\s*\)")
_NEAR = 60


def shares(document: Document, ledger: Ledger, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """The percentages that the figures contradict. Silent where no sure numerator or denominator is named."""
    for subject in subjects:
        for statement in subject.statements:
            yield from _of_amounts(document, subject, statement)
            yield from _rates(document, subject, statement)
            yield from _parts(document, ledger, subject, statement)


def _of_amounts(document: Document, subject: Subject, statement: Statement) -> Iterator[Finding]:
    """An amount and right behind it the share that it is."""
    for amount in amounts_of(document, statement):
        match = _OF.match(document.text, amount.end, statement.end)
        if match is None or match["roughly"] or _NOT_ITS_OWN.match(document.text, match.end()):
            continue
        used: tuple[Credit, ...] = (
            ("VAK",)
            if match["credit"] == "VAK"
            else ("VEK",)
            if match["credit"] == "VEK"
            else subject.credits(amount)
        )
        printed = Decimal(match["printed"].replace(",", "."))
        wholes = _wholes(subject, used, named=bool(match["tail"]))
        verdicts = {whole: rate(amount.keuro / whole, printed) for whole in wholes if whole}
        if not verdicts or None in verdicts.values():
            continue
        sure = match["tail"] and not subject.measures
        whole = next(iter(verdicts)) if sure else _closest(verdicts, amount.keuro, printed)
        yield _finding(
            document,
            verdicts[whole] or "error",
            (amount.keuro, whole),
            match["printed"],
            [(statement.start, statement.end), *_rows(subject, whole, used)],
            amount.start,
        )


def _rates(document: Document, subject: Subject, statement: Statement) -> Iterator[Finding]:
    """An execution rate of the whole article: what was executed over what was available."""
    text = said(document, statement)
    match = _RATE.search(text)
    if match is None or match["roughly"] or subject.measures or _UNREAL.search(text):
        return
    named = [credit for credit in ("VAK", "VEK") if re.search(rf"\b{credit}\b", text)]
    printed = Decimal(match["printed"].replace(",", "."))
    verdicts: dict[tuple[Decimal, Decimal], Severity | None] = {}
    for moment, credit in subject.figures:
        done, whole = subject.value("uitgevoerd", credit), subject.value("beschikbaar", credit)
        if moment == "uitgevoerd" and done is not None and whole and (not named or credit in named):
            verdicts[done, whole] = rate(done / whole, printed)
    if verdicts and None not in verdicts.values():
        done, whole = min(verdicts, key=lambda pair: abs(pair[0] / pair[1] * 100 - printed))
        spans = [(statement.start, statement.end)]
        for credit in dict.fromkeys(credit for _, credit in subject.figures):
            if subject.value("uitgevoerd", credit) == done:
                spans += subject.rows(credit, "beschikbaar", "uitgevoerd")
        yield _finding(
            document,
            verdicts[done, whole] or "error",
            (done, whole),
            match["printed"],
            spans,
            statement.start + match.start(),
        )


def _parts(document: Document, ledger: Ledger, subject: Subject, statement: Statement) -> Iterator[Finding]:
    """The share that an article, named right before it, has in a structure element."""
    if subject.code is not None:
        return
    for match in _SHARE.finditer(document.text, statement.start, statement.end):
        code = _article(document, ledger, statement.start, match.start())
        if code is None:
            continue
        printed = Decimal(match["printed"].replace(",", "."))
        both: tuple[Credit, ...] = ("VAK", "VEK")
        for credit in (c for c in both if c in match["credits"]):
            found = [
                (cell, total)
                for moment in MOMENTS
                for cell in ledger.cells
                if (total := subject.figures.get((moment, credit)))
                and total.value
                and (cell.code, cell.year, cell.phase, cell.credit)
                == (code, total.year, total.phase, total.credit)
            ]
            verdicts = [rate(cell.value / total.value, printed) for cell, total in found]
            if not found or None in verdicts:
                continue
            cell, total = min(found, key=lambda p: abs(p[0].value / p[1].value * 100 - printed))
            yield _finding(
                document,
                "rounding" if "rounding" in verdicts else "error",
                (cell.value, total.value),
                match["printed"],
                [
                    (statement.start, statement.end),
                    (cell.row_start, cell.row_end),
                    (total.row_start, total.row_end),
                ],
                match.start(),
                f" ({code}, {cell.phase}, {credit})",
            )


def _article(document: Document, ledger: Ledger, start: int, end: int) -> str | None:
    """The article named last before `end`, by code or by its whole title, when it is one."""
    before = document.text[max(start, end - _NEAR) : end]
    known = [article.code for article in ledger.articles]
    mentions = find_codes(before)
    if mentions:
        found = candidates(mentions[-1].code, known)
        return (
            found[0] if len(found) == 1 and not re.search(r"\ben\b|,", before[mentions[-1].end :]) else None
        )
    ends = cleaned(before).lower()
    titled = [a.code for a in ledger.articles if ends.endswith(cleaned(a.title).lower())]
    return titled[0] if len(titled) == 1 else None


def _wholes(subject: Subject, used: Sequence[Credit], *, named: bool) -> list[Decimal]:
    """What an amount can be a share of. Without "van het krediet" behind it: any figure of the table."""
    moments: Sequence[Moment] = ("beschikbaar", "begroot") if named else MOMENTS
    groups = [subject.figures, *subject.measures.values()]
    return [group[m, c].value for group in groups for m in moments for c in used if (m, c) in group]


def _closest(wholes: dict[Decimal, Severity | None], amount: Decimal, printed: Decimal) -> Decimal:
    exact = {amount / whole * 100: whole for whole in wholes}
    return exact[nearest(printed, exact)]


def _rows(subject: Subject, whole: Decimal, used: Sequence[Credit]) -> list[tuple[int, int]]:
    groups = [subject.figures, *subject.measures.values()]
    cells = [cell for group in groups for (_, c), cell in group.items() if c in used]
    return [(cell.row_start, cell.row_end) for cell in cells if cell.value == whole][:1]


def _finding(
    document: Document,
    severity: Severity,
    figures: tuple[Decimal, Decimal],
    printed: str,
    spans: list[tuple[int, int]],
    at: int,
    of: str = "",
) -> Finding:
    part, whole = figures
    exact = percent(part / whole)
    why = " Het percentage is afgekapt in plaats van afgerond." if severity == "rounding" else ""
    message = f"De tekst noemt {printed}%, maar {dutch(part)} / {dutch(whole)} = {exact}{of}.{why}"
    return Finding("percentage", severity, message, exact, f"{printed}%", places(document, spans, at))
