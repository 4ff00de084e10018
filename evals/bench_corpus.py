"""A corpus of any size for benchmarks: the real one, and after it documents of its own sentences, shuffled.

A new document has the metadata of a real one and passages of about the lengths of that one's passages, so
that kinds, years and lengths keep their shares; its title opens as that one's and ends as another's, so that
files do not get hundreds of twins. The sentences are real; what they say together is not.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from random import Random

from ingest.catalog import Contents
from ingest.reading import sentences
from ingest.records import Block, Document, Passage

SEED = 20_221
ORIGIN = "recombined"
_BETWEEN = "\n\n"


def grown(real: Contents, size: int, seed: int = SEED) -> Contents:
    """`real` with recombined documents until there are `size` passages; as it is when it has as many already.

    The same seed gives the same corpus. Documents come by id, passages by document and place, as in a snapshot.
    """
    wanted = size - len(real.passages)
    added = list(_recombined(real, wanted, Random(seed))) if wanted > 0 else []  # noqa: S311 - no secret
    documents = sorted((*real.documents, *(document for document, _ in added)), key=lambda d: d.id)
    passages: dict[str, list[Passage]] = {document.id: made for document, made in added}
    for passage in real.passages:
        passages.setdefault(passage.document_id, []).append(passage)
    in_order = list(chain.from_iterable(passages.get(document.id, ()) for document in documents))
    return replace(real, documents=documents, passages=in_order)


def _recombined(real: Contents, wanted: int, random: Random) -> Iterator[tuple[Document, list[Passage]]]:
    """New documents, each after a real one that is drawn at random, until they have `wanted` passages."""
    templates: dict[str, list[Passage]] = {}
    for passage in real.passages:
        templates.setdefault(passage.document_id, []).append(passage)
    of = {document.id: document for document in real.documents}
    names = sorted(templates)
    dealt = _dealt([p.text[start:end] for p in real.passages for start, end in sentences(p.text)], random)
    number = 0
    while wanted > 0:
        name = random.choice(names)
        like = templates[name][:wanted]
        wanted -= len(like)
        title = _joined(of[name].meta.title, of[random.choice(names)].meta.title)
        yield _like(of[name], like, f"{ORIGIN}-{number:07}", title, dealt)
        number += 1


def _like(
    template: Document, like: Sequence[Passage], name: str, title: str, dealt: Iterator[str]
) -> tuple[Document, list[Passage]]:
    passages: list[Passage] = []
    start = 0
    for old in like:
        text = _filled(len(old.text), dealt)
        passages.append(Passage(name, start, start + len(text), text, old.section, old.page))
        start += len(text) + len(_BETWEEN)
    whole = _BETWEEN.join(passage.text for passage in passages)
    blocks = tuple(Block(p.start, p.end, "paragraph", 0, p.page, p.section) for p in passages)
    meta = replace(template.meta, id=name, title=title, origin=ORIGIN, uri=None)
    return Document(meta, hashlib.sha256(whole.encode()).hexdigest(), whole, blocks), passages


def _joined(first: str, second: str) -> str:
    """`"Premie voor zelfstandigen", "Decreet over de begroting"` -> `"Premie de begroting"`."""
    opening, ending = first.split(), second.split()
    return " ".join((*opening[: len(opening) // 2], *ending[len(ending) // 2 :]))


def _filled(length: int, dealt: Iterator[str]) -> str:
    """Sentences up to about `length` characters, at least one: the last is kept when it lies more than half within."""
    text = next(dealt)
    for sentence in dealt:
        if len(text) + 1 + len(sentence) / 2 > length:
            break
        text = f"{text} {sentence}"
    return text


def _dealt(deck: list[str], random: Random) -> Iterator[str]:
    """Every sentence once in a random order, then again in another, without end."""
    while True:
        yield from random.sample(deck, len(deck))
