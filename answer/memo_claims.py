"""What is said of a file: one sentence of ours made of title, date and stage, and one sentence of a decision.

Both are drafts with the places that they rest on; `answer.memo` verifies and numbers them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.memo_files import File, act_sentences
from ingest.analysis import MONTHS, content_words, stems
from ingest.reading import cleaned, sentences
from ingest.records import Document, Metadata, Stage
from retrieval.corpus import Corpus

Place = tuple[str, int, int]  # document, start, end

LONGEST_SENTENCE = 520
MOST_PLACES = 3
_SHORTEST_SENTENCE = 40
_FEWEST_NEW = 5  # words that a sentence has beyond the title
_LONGEST_TITLE = 160
_STAGE_WORD: dict[Stage, re.Pattern[str]] = {
    "principieel": re.compile(r"\bprincipi[eë]\w*", re.IGNORECASE),
    "definitief": re.compile(r"\bdefinitie(?:f|ve)\b", re.IGNORECASE),
    "bekrachtigd": re.compile(r"\bbekrachtig\w*", re.IGNORECASE),
}
# A sentence that leans on the one before it says too little by itself.
_LEANS = re.compile(
    r"^(?:Dit|Deze|Dat|Die|Daar\w*|Hier\w*|Ook|Zo|Er|Ze|Zij|Hij|Het (?:betreft|gaat)|"
    r"Bovendien|Verder|Eveneens|Tevens|Nadien|Vervolgens|Ten (?:eerste|tweede|derde)|Anderzijds|Enerzijds|Momenteel|Nu|Concreet)\b"
)
# What tells how things came to be, or what the agreement says, and not what was decided now.
_EARLIER = re.compile(
    r"\bregeerakkoord\b.{0,80}\b(?:voorziet|bepaalt|stelt|vermeldt|formuleer\w+|bevat|zet|kiest|wil)\b|\b[Ss]inds\b|^Op \d{1,2} \w+ \d{4}\b.{0,60}\b(?:keurde|hechtte|besliste)\b",
    re.IGNORECASE | re.DOTALL,
)
_PROCEDURE = re.compile(
    r"\badvies\b.{0,60}\b(?:ingewonnen|gevraagd)\b|\bwordt (?:nu )?ingediend bij het Vlaams Parlement\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"^(?:\w+ ){1,2}(?:dit|deze|dat|die)\b|^(?:In|Met|Via|Om|Door|Volgens) (?:dit|deze|dat|die)\b",
    re.IGNORECASE,
)
_TAKES_NOTE = re.compile(r"\b(?:neemt|nemen|nam)\b.{0,80}\b(?:akte|kennis)\b", re.IGNORECASE | re.DOTALL)
_APPROVES = re.compile(
    r"\bkeur(?:t|de)\b.{0,400}\bgoed\b|\bhecht(?:te)?\b.{0,120}\bgoedkeuring\b|\bstemt\b.{0,80}\bin\b",
    re.IGNORECASE | re.DOTALL,
)
_DIGIT = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d"
)  # in a title: verification wants the title itself cited
_QUOTE_MARKS = re.compile("[‘’'“”\"]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before its places are numbered."""

    text: str
    places: tuple[Place, ...]


def dutch_date(date: str | None) -> str:
    """`2020-07-12` -> `12 juli 2020`; a date that is less exact keeps what it has."""
    parts = (date or "").split("-")
    if len(parts) == 3:
        return f"{int(parts[2])} {MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}" if len(parts) == 2 else (date or "onbekende datum")


def named(meta: Metadata) -> str:
    """A title between quotation marks that it does not hold itself, on one line."""
    title = cleaned(meta.title).rstrip(" .")
    return f"“{title}”" if _QUOTE_MARKS.search(title) else f"‘{title}’"


def history(corpus: Corpus, file: File) -> Draft:
    """Which stages a file passed and when: `De Vlaamse Regering keurde ‘X’ principieel goed op 12 juli 2020.`"""
    stages = [(stage, meta) for stage in _STAGE_WORD if (meta := file.at(stage))]
    if not stages:
        return _without_stage(corpus, file)
    subject = named(stages[0][1] if stages[0][0] != "bekrachtigd" else stages[-1][1])
    parts, places = [], []
    for stage, meta in stages:
        place = _act(corpus, meta, stage)
        spoken = place is not None
        places.append(place or _title_place(corpus, meta))
        parts.append((stage, meta, spoken))
    if _DIGIT.search(subject) and len(places) < MOST_PLACES:
        places.append(_title_place(corpus, parts[0][1]))
    return Draft(f"De Vlaamse Regering {_listed_stages(subject, parts)}.", tuple(places))


def _listed_stages(subject: str, parts: Sequence[tuple[Stage, Metadata, bool]]) -> str:
    """The acts in one sentence; a stage that only the title shows is an approval without its name."""
    said: list[str] = []
    for n, (stage, meta, spoken) in enumerate(parts):
        what = subject if n == 0 else "het"
        date = dutch_date(meta.date)
        if stage == "bekrachtigd":
            said.append(f"bekrachtigde {what} op {date}")
        else:
            how = f"{stage} " if spoken else ""
            said.append(f"keurde {what} {how}goed op {date}")
    if len(said) == 2 and parts[1][0] == "definitief" and parts[0][2] and parts[1][2]:
        return f"{said[0]} en definitief op {dutch_date(parts[1][1].date)}"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} en {said[-1]}"


def _without_stage(corpus: Corpus, file: File) -> Draft:
    """A decision without stages: what the government did with it, as far as a sentence of it says so."""
    meta = file.last
    document = corpus.document(meta.id)
    acts = act_sentences(corpus, meta)
    date, title = dutch_date(meta.date), named(meta)
    notes = [span for span in acts if document and _TAKES_NOTE.search(document.text[slice(*span)])]
    approves = [span for span in acts if document and _APPROVES.search(document.text[slice(*span)])]
    if notes:
        said, place = f"nam op {date} kennis van {title}", (meta.id, *notes[0])
    elif acts:
        said, place = f"besliste op {date} over {title}", (meta.id, *(approves or acts)[0])
    else:
        said, place = f"behandelde op {date} {title}", _title_place(corpus, meta)
    told = (place, _title_place(corpus, meta)) if _DIGIT.search(title) else (place,)
    return Draft(f"De Vlaamse Regering {said}.", tuple(dict.fromkeys(told)))


def content(corpus: Corpus, file: File, wanted: Sequence[str]) -> Draft | None:
    """The sentence of a file's decisions that says most about what was promised, as it stands there.

    What the government does counts before what came before it. A sentence that leans on the one before it comes with
    that one, or not at all. None when no sentence adds anything to the title.
    """
    words = frozenset(stems(w for text in wanted for w in content_words(text)))
    for meta in _telling(file):
        document = corpus.document(meta.id)
        if document is None:
            continue
        known = set(
            stems(content_words(f"{meta.title} Vlaamse Regering keurt goed principieel definitief besluit"))
        )
        acts = act_sentences(corpus, meta)
        told: list[tuple[float, Place]] = []
        for start, end in _standing(document):
            said = set(stems(content_words(cleaned(document.text[start:end]))))
            if len(said - known) < _FEWEST_NEW:
                continue
            part = 1 + len(said & words) / max(1, len(said)) ** 0.5
            told.append((part * _weight(document.text[start:end], start, end, acts), (meta.id, start, end)))
        if told:
            place = max(told)[1]
            return Draft(cleaned(document.text[place[1] : place[2]]), (place,))
    return None


def _weight(sentence: str, start: int, end: int, acts: Sequence[tuple[int, int]]) -> float:
    """How much a sentence tells of the decision itself: the act most, what follows it next, what led to it least."""
    if _PROCEDURE.search(sentence):
        return 0.3
    if _EARLIER.search(sentence):
        return 0.6
    if _POINTS_BACK.match(sentence):
        return 0.8
    if any(a < end and start < b for a, b in acts):
        return 1.2
    return 1.0 if acts and start > acts[0][0] else 0.7


def _telling(file: File) -> list[Metadata]:
    """The decisions of a file, those that say most of its content first: a ratification says least."""
    order = {"definitief": 0, "principieel": 1, None: 0, "bekrachtigd": 2}
    return sorted(
        file.decisions, key=lambda m: (order[m.stage], -int((m.date or "0")[:10].replace("-", "") or 0))
    )


def _standing(document: Document) -> list[tuple[int, int]]:
    """Sentences of the body that stand on their own, and pairs of which the second leans on the first."""
    official = cleaned(document.meta.official_title or "")
    spans = [
        span
        for block in document.blocks
        if block.kind != "heading" and cleaned(document.text[block.start : block.end]) != official
        for span in sentences(document.text, block.start, block.end)
    ]
    found = []
    for n, (start, end) in enumerate(spans):
        text = document.text[start:end]
        if end - start < _SHORTEST_SENTENCE or not text.rstrip().endswith((".", "!")):
            continue
        if not _LEANS.match(text):
            if end - start <= LONGEST_SENTENCE:
                found.append((start, end))
        elif (
            n
            and end - spans[n - 1][0] <= LONGEST_SENTENCE
            and not _LEANS.match(document.text[slice(*spans[n - 1])])
        ):
            found.append((spans[n - 1][0], end))
    return found


def _act(corpus: Corpus, meta: Metadata, stage: Stage) -> Place | None:
    """The sentence in which a decision names its stage, else its official title when that does."""
    document = corpus.document(meta.id)
    if document is None:
        return None
    for start, end in act_sentences(corpus, meta):
        if _STAGE_WORD[stage].search(document.text[start:end]):
            return meta.id, start, end
    body = [b for b in document.blocks if b.kind != "heading"]
    for block in body:
        for start, end in sentences(document.text, block.start, block.end):
            if _STAGE_WORD[stage].search(document.text[start:end]):
                return meta.id, start, end
    return None


def _title_place(corpus: Corpus, meta: Metadata) -> Place:
    """The title line of a decision."""
    document = corpus.document(meta.id)
    assert document is not None, "a decision of the corpus has its text"
    end = document.text.find("\n\n")
    return meta.id, 0, end if end > 0 else len(document.text)
