"""The answer to the system's own question back, `de WT`, `alle drie`, and several things at once, `en samen?`."""

import re

from retrieval.followup_before import Before, about, answers_back, asks_figure, with_missing
from retrieval.followup_fragment import substituted
from retrieval.followup_slots import values, with_ending
from retrieval.followup_subject import VERB, items, subject

_I = re.IGNORECASE

_ALL = re.compile(
    r"(?:(?:voor|van|ik bedoel|geef|toon)\s+)?(?:(?:ze|die|de|les|these)\s+)?(?:allemaal|alle(?:\s+(?:twee|drie|vier|vijf|\d+))?|alles|beide|allebei"
    r"|som|totaal|samen|twee|drie|tous|toutes|deux|both|all)(?:\s+(?:samen|opgeteld|artikelen|les deux|ensemble|together))*",
    _I,
)
_FILLER = frozenset(
    "de het die dat van met op voor in en ik bedoel is artikel begrotingsartikel code doe maar neem dan wil eindigt op graag le la les celui celle"
    " avec de du the one that with of".split()
)
_TOGETHER = re.compile(
    r"(?:alles |allemaal |de twee |beide )?(?:samen|opgeteld|samengeteld)|beide|allebei|(?:de )?twee(?: samen)?|ensemble|les deux|both|together",
    _I,
)
_DIFFERENCE = re.compile(
    r"(?:(?:wat|hoeveel) is )?(?:het )?verschil(?: tussen (?:de|die|beide)(?: twee)?| ertussen| daartussen)?"
    r"|(?:quelle est )?la différence|(?:what is )?the difference",
    _I,
)
_OF_BOTH = re.compile(
    r"\bvan (?:de (?:twee|drie|vier)|beide|die (?:twee|drie))\b|\bof the two\b|\bdes deux\b", _I
)


def chosen(rest: str, before: Before) -> str | None:
    """Those candidates of a question back that a follow-up names, in place of what was asked about."""
    listed = items(before.answer) if answers_back(before) else []
    if not listed or values(rest, "code") or re.search(rf"\b{VERB}\b", rest, _I):
        return None
    if _ALL.fullmatch(rest):
        return substituted(before.question, " en ".join(listed))
    words = set(re.findall(r"[^\W_]+", rest.lower())) - _FILLER
    fitting = [item for item in listed if words <= {*re.findall(r"[^\W_]+", item.lower())}]
    if not words or not fitting or len(fitting) == len(listed):
        return None
    return substituted(before.question, " en ".join(fitting))


def several(rest: str, before: Before) -> str | None:
    """`en samen?`, `verschil?`, `welke van de twee …`: what was asked about before this beside what is asked about now."""
    both = items(before.answer) if answers_back(before) else _two_subjects(before)
    if len(both) < 2:
        return None
    named = " en ".join(both)
    if match := _OF_BOTH.search(rest):
        return f"{rest[: match.start()]}van {named}{rest[match.end() :]}"
    if _DIFFERENCE.fullmatch(rest):
        in_amount = " in bedrag" if asks_figure(before.question) else ""
        return with_missing(f"Wat is het verschil{in_amount} tussen {named}", before)
    return with_ending(substituted(before.question, named), "(samen)") if _TOGETHER.fullmatch(rest) else None


def _two_subjects(before: Before) -> list[str]:
    """The present subject behind the one before it."""
    present = subject(before.question) or about(before)
    earlier = (subject(question) for question in reversed(before.questions[:-1]))
    other = next((s for s in earlier if s and s != present), None)
    return [other, present] if other and present and other not in present else []
