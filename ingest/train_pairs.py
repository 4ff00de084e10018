"""What a static model learns from: pairs of texts that belong together, taken from documents and questions.

Without any question: heading and body, a sentence and the rest of its passage, the two halves of a passage.
With questions: a question and its passage, and two questions about the same span.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.chunk import heading_path, indexed_text, passages
from ingest.reading import cleaned, sentences
from ingest.records import Document, Passage, Question
from ingest.train_tokenizer import parts_of_words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Tokens = npt.NDArray[np.int64]

# Shares of the ways in which a passage makes a pair in an epoch; the rest are halves.
_HEADING, _SENTENCE = 0.35, 0.4
_BROKEN = 0.1  # of the words are read by their parts
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to learn from: the headings above it, its sentences, and the whole as it is indexed."""

    heading: str
    sentences: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the rows of the passages that answer it; `span` is equal for questions about one place."""

    text: str
    span: tuple[str, tuple[int, int] | None]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """The tokens of everything that pairs are made of; `asked[i]` belongs to `questions[i]`.

    `parts[token]` are the tokens that an unseen word like this one would be read by, empty where there are none.
    """

    headings: tuple[Tokens, ...]
    sentences: tuple[tuple[Tokens, ...], ...]
    wholes: tuple[Tokens, ...]
    questions: tuple[Tokens, ...]
    asked: tuple[Asked, ...]
    parts: tuple[Tokens, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together; two pairs of the same `row` are never each other's negatives."""

    left: Tokens
    right: Tokens
    row: int


def texts_and_questions(
    documents: Sequence[Document], questions: Sequence[Question]
) -> tuple[list[Text], list[Asked]]:
    """The passages of all documents, and the questions that some passage of theirs answers."""
    texts: list[Text] = []
    places: dict[str, list[tuple[int, Passage]]] = defaultdict(list)
    for document in documents:
        for passage in passages(document):
            places[document.id].append((len(texts), passage))
            texts.append(_text(document, passage))
    asked = [_asked(q, places[q.document_id]) for q in questions if q.kind == "answered"]
    return texts, [a for a in asked if a.rows]


def tokenised(texts: Sequence[Text], asked: Sequence[Asked], tokenizer: "Tokenizer") -> Material:
    """The material in tokens; what has no token at all is an empty array."""

    def tokens(many: Sequence[str]) -> tuple[Tokens, ...]:
        encodings = tokenizer.encode_batch(list(many), add_special_tokens=False)
        return tuple(np.array(e.ids, dtype=np.int64) for e in encodings)

    flat = iter(tokens([s for text in texts for s in text.sentences]))
    return Material(
        headings=tokens([text.heading for text in texts]),
        sentences=tuple(tuple(next(flat) for _ in text.sentences) for text in texts),
        wholes=tokens([text.whole for text in texts]),
        questions=tokens([a.text for a in asked]),
        asked=tuple(asked),
        parts=tuple(np.array(rows, dtype=np.int64) for rows in parts_of_words(tokenizer)),
    )


def epoch(material: Material, chance: np.random.Generator) -> list[list[Pair]]:
    """The batches of one epoch: in random order a pair of each passage, one of each question, one of each span."""
    pairs = [_from_passage(material, row, chance) for row in range(len(material.wholes))]
    spans: dict[tuple[str, tuple[int, int] | None], list[int]] = defaultdict(list)
    for number, asked in enumerate(material.asked):
        row = asked.rows[int(chance.integers(len(asked.rows)))]
        pairs.append(Pair(material.questions[number], material.wholes[row], row))
        spans[asked.span].append(number)
    for numbers in spans.values():
        if len(numbers) > 1:
            left, right = chance.permutation(numbers)[:2]
            row = material.asked[left].rows[0]
            pairs.append(Pair(material.questions[left], material.questions[right], row))
    usable = [pair for pair in pairs if len(pair.left) and len(pair.right)]
    mixed = [_in_parts(usable[i], material.parts, chance) for i in chance.permutation(len(usable))]
    return [mixed[at : at + _BATCH] for at in range(0, len(mixed), _BATCH)]


def _in_parts(pair: Pair, parts: Sequence[Tokens], chance: np.random.Generator) -> Pair:
    """The pair with some of its words in parts, so that the parts learn what the words mean."""

    def broken(tokens: Tokens) -> Tokens:
        chosen = chance.random(len(tokens)) < _BROKEN
        return np.concatenate(
            [
                parts[t] if cut and len(parts[t]) else tokens[i : i + 1]
                for i, (t, cut) in enumerate(zip(tokens, chosen, strict=True))
            ]
        )

    return Pair(broken(pair.left), broken(pair.right), pair.row)


def _from_passage(material: Material, row: int, chance: np.random.Generator) -> Pair:
    above, parts = material.headings[row], material.sentences[row]
    way = chance.random()
    if len(parts) < 2 or (way < _HEADING and len(above)):
        return Pair(above, _joined(parts), row)
    at = int(chance.integers(len(parts)))
    if way < _HEADING + _SENTENCE:
        return Pair(parts[at], _joined((*parts[:at], *parts[at + 1 :])), row)
    return Pair(_joined(parts[: max(at, 1)]), _joined(parts[max(at, 1) :]), row)


def _joined(parts: Sequence[Tokens]) -> Tokens:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _text(document: Document, passage: Passage) -> Text:
    """A heading that opens the passage is its heading, not a sentence of it."""
    spans = [passage.text[start:end] for start, end in sentences(passage.text)]
    return Text(
        heading_path(document, passage), tuple(cleaned(s) for s in spans), indexed_text(document, passage)
    )


def _asked(question: Question, places: Sequence[tuple[int, Passage]]) -> Asked:
    """The passages that share the most with the question's span: more than half of what the best one shares."""
    span = question.span
    shared = {
        row: passage.end - passage.start
        if span is None
        else min(span[1], passage.end) - max(span[0], passage.start)
        for row, passage in places
    }
    best = max(shared.values(), default=0)
    rows = tuple(row for row, size in shared.items() if size > 0 and (span is None or 2 * size > best))
    return Asked(question.text, (question.document_id, span), rows)
