"""At which stage a decision passed the government, read from its official title and its text."""

import re

from ingest.records import Stage

_RATIFIES = re.compile(
    r"\bbekrachtig\w*\b.{0,80}?\b(?:kondig\w*|afkondig\w*|af)\b|\bbeslist tot (?:de )?bekrachtiging\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLED_RATIFICATION = re.compile(r"\W*bekrachtiging\b", re.IGNORECASE)
# The adverb says what the government does; the adjective counts only before the act itself, since a text may
# speak of a `principieel kader` or of a `definitieve vaststelling`.
_IN_PRINCIPLE = re.compile(
    r"\bprincipieel\b(?! (?:kader|beleid|uitgangspunt|verbod|recht))|\bprincipiële? (?:goedkeuring|akkoord|beslissing)\b",
    re.IGNORECASE,
)
_FINALLY = re.compile(
    r"\bdefinitief\b(?! (?:statuut|ontwerp|akkoord|plan|advies))|\bdefinitieve? (?:goedkeuring|akkoord)\b",
    re.IGNORECASE,
)
_PRELIMINARY_DRAFT = re.compile(r"\W*(?:[A-Z]\. )?voorontwerp\b", re.IGNORECASE)
_DRAFT = re.compile(r"\W*(?:[A-Z]\. )?ontwerp(?:besluit|decreet)\b", re.IGNORECASE)
# Where the official title stands in the text, as a line of its own.
_LINE_OF_PRELIMINARY_DRAFT = re.compile(
    r"^(?:[A-Z]\. )?voorontwerp van (?:decreet|besluit)\b", re.IGNORECASE | re.MULTILINE
)
_LINE_OF_DRAFT = re.compile(
    r"^(?:[A-Z]\. |(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien) )?ontwerp(?:besluit(?:en)?|decreet)\b",
    re.IGNORECASE | re.MULTILINE,
)


def stage(official_title: str | None, text: str) -> Stage | None:
    """The stage of a decision; None where its file has no stages (a note, a position, an appointment).

    What the text says of the act goes before the title: the title of a final decision may still read
    `Voorontwerp`. Of two stages in one text the first named is the government's act, but under such a title the
    final approval is that of another decision, which the text recalls.
    """
    title = official_title or ""
    if _TITLED_RATIFICATION.match(title) or _TITLED_RATIFICATION.match(text) or _RATIFIES.search(text):
        return "bekrachtigd"
    named: list[tuple[int, Stage]] = [
        (match.start(), name) for pattern, name in _ACTS if (match := pattern.search(text))
    ]
    if len(named) == len(_ACTS) and _PRELIMINARY_DRAFT.match(title):
        return "principieel"
    if named:
        return min(named)[1]
    if _PRELIMINARY_DRAFT.match(title) or _LINE_OF_PRELIMINARY_DRAFT.search(text):
        return "principieel"
    return "definitief" if _DRAFT.match(title) or _LINE_OF_DRAFT.search(text) else None


_ACTS: tuple[tuple[re.Pattern[str], Stage], ...] = ((_IN_PRINCIPLE, "principieel"), (_FINALLY, "definitief"))
