"""`de tweede`, `[2]`, `de andere`: which item of the last answer a follow-up means."""

import re

from retrieval.followup_before import Before, answers_back
from retrieval.followup_fragment import ellipsis, substituted
from retrieval.followup_slots import values
from retrieval.followup_subject import VERB, items, marked, subject

_I = re.IGNORECASE

_ORDINALS = (
    ("eerste", "premier", "première", "first", "1e", "1ste"),
    ("tweede", "deuxième", "second", "seconde", "2e", "2de"),
    ("derde", "troisième", "third", "3e", "3de"),
    ("vierde", "quatrième", "fourth", "4e", "4de"),
    ("vijfde", "cinquième", "fifth", "5e", "5de"),
)
_LAST = ("laatste", "dernier", "dernière", "last")
_LISTED = (
    r"(?:maatregel|beslissing|artikel|begrotingsartikel|punt|premie|optie|mogelijkheid|bron|instrument|project|programma|item|één|mesure|décision|article|one"
    r"|measure|decision|document)"
)
_ORDINAL = re.compile(
    rf"\b(?:(?:de|het|die|dat|le|la|the)\s+)(?P<word>{'|'.join(w for ws in (*_ORDINALS, _LAST) for w in ws)})(?:\s+{_LISTED})?"
    rf"(?=\s*(?:[?.,!]|$|(?:in|van|voor|op|uit|precies|dan|daarvan|ook)\b|{VERB}\b))",
    _I,
)
_MARKED = re.compile(
    r"(?:\b(?:bron|referentie|verwijzing|nummer|source|référence|reference|number)\s+)?\[(\d{1,2})\]|\b(?:bron|referentie|verwijzing|nummer|source|référence|reference)\s+(\d{1,2})\b",
    _I,
)
_LISTS = re.compile(r"(?:wat|welke?|quels?|quelles?|what|which)\b", _I)
_OTHER = re.compile(
    rf"\b(?:(?:de|het|die|l['’]|les|the)\s*)(?:anderen?|autres?|others?)(?:\s+(?:{_LISTED}e?n?s?|twee))?(?=\s*(?:[?.,!]|$|in\b))",
    _I,
)


def listed_item(rest: str, before: Before) -> str | None:
    """`de tweede`, `[2]`, `de andere`: the item of the last answer in its place."""
    for match, item in (
        (_ORDINAL.search(rest), _item_by_ordinal(rest, before)),
        (_MARKED.search(rest), _item_by_mark(rest, before)),
        (_OTHER.search(rest), _other(before)),
    ):
        if match is None:
            continue
        if item is None:
            return None
        left = f"{rest[: match.start()]}{item}{rest[match.end() :]}"
        if re.search(rf"\b{VERB}\b", rest, _I):
            return left
        if item in items(before.answer) and _LISTS.match(before.question) and not answers_back(before):
            return f"Leg uit: {item}"
        return ellipsis(left, before, leaning=True) or substituted(before.question, item)
    return None


def _item_by_ordinal(rest: str, before: Before) -> str | None:
    match = _ORDINAL.search(rest)
    listed = items(before.answer)
    if match is None or not listed:
        return None
    word = match["word"].lower()
    if word in _LAST:
        return listed[-1]
    at = next(i for i, words in enumerate(_ORDINALS) if word in words)
    return listed[at] if at < len(listed) else None


def _item_by_mark(rest: str, before: Before) -> str | None:
    match = _MARKED.search(rest)
    return marked(before.answer, int(match[1] or match[2])) if match else None


def _other(before: Before) -> str | None:
    """What was named beside the present subject: another code, another item, or the subject before this one."""
    present = subject(before.question) or ""
    told = [*(v for q in before.questions for v in values(q, "code")), *values(before.answer, "code")]
    others = [code for code in dict.fromkeys(told) if code not in present and present not in code]
    if not others and not values(before.question, "code"):
        others = [i for i in items(before.answer) if i.lower() not in present.lower()]
        others = others[1:] if len(others) > 1 else others
    if not others:
        earlier = (subject(question) for question in reversed(before.questions[:-1]))
        others = [s for s in earlier if s and s != present][:1]
    return " en ".join(others[:3]) if others else None
