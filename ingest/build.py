"""The whole way from a place with files to a proved snapshot, and to a published one."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest import NoSource, SourceInvalid, snapshot
from ingest.analysis import ANALYSER
from ingest.budget.codes import find_codes
from ingest.budget.ledger import read_ledger
from ingest.budget.records import Ledger
from ingest.budget.sections import articles
from ingest.cache import Cache, open_cache
from ingest.catalog import Catalog, Contents
from ingest.chunk import heading_path, indexed_text, passages
from ingest.commitments import commitments
from ingest.embed import Embedder
from ingest.expand import Expanded, Write, expand
from ingest.files import lock
from ingest.lexical import LexicalRow, write_lexical
from ingest.reader import Report, read_documents
from ingest.records import Document, Metadata, Passage, Question, Rejected
from ingest.shipped_questions import shipped_questions
from ingest.sources import SourceSet, find_sources, read_questions
from ingest.thesaurus import read_thesaurus
from ingest.thesaurus_terms import FORMAT as TERMS_FORMAT
from ingest.thesaurus_terms import dumped


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did, or would do. `changed` is False when the corpus was already like this.

    `without_questions` counts the passages for which a model was asked in vain to write questions.
    """

    snapshot: str
    changed: bool
    added: int
    replaced: int
    withdrawn: int
    kept: int
    documents: int
    passages: int
    rejected: tuple[Rejected, ...]
    without_questions: int = 0
    why_without: str | None = None


def ingest(
    places: Sequence[Path],
    store: Path,
    embedder: Embedder,
    *,
    use_questions: bool,
    report: Report,
    write: Write | None = None,
    thesaurus: Path | None = None,
) -> Ingested:
    """Make the corpus hold what lies at `places`, prove it and publish it.

    `write` writes questions for each passage that has none yet; those of before are kept without it. Without a
    `thesaurus` (SKOS in Turtle) the one of before is kept.

    Raises: NoSource when none of the files could be ingested; StoreBusy when another builder is at work.
    """
    with lock(store):
        built = build_candidate(
            places,
            store,
            embedder,
            use_questions=use_questions,
            report=report,
            write=write,
            thesaurus=thesaurus,
        )
        publish(store, built)
    return built


def publish(store: Path, built: Ingested) -> None:
    """Make what was built the published snapshot, when it is another one. Raises: StoreBusy, StoreDamaged."""
    if built.changed:
        with lock(store):
            snapshot.publish(store, built.snapshot)
            snapshot.prune(store)


def build_candidate(
    places: Sequence[Path],
    store: Path,
    embedder: Embedder,
    *,
    use_questions: bool,
    report: Report,
    write: Write | None = None,
    thesaurus: Path | None = None,
) -> Ingested:
    """The snapshot of the corpus with what lies at `places`, proved and kept, not published: see `ingest`."""
    with ExitStack() as stack:
        stack.enter_context(lock(store))
        parse_cache = stack.enter_context(open_cache(store / "cache" / "parse.sqlite"))
        embed_cache = stack.enter_context(open_cache(store / "cache" / "embed.sqlite"))
        question_cache = stack.enter_context(open_cache(store / "cache" / "questions.sqlite"))
        found = [find_sources(place) for place in places]
        before = _published(store)
        fresh = read_documents([s for f in found for s in f.sources], parse_cache, report)
        after, rejected = _merged(before, found, fresh)
        questions, bad_questions = _questions(found, before, after) if use_questions else ((), ())
        cut = [p for d in after for p in passages(d)]
        expanded = (
            expand(after, cut, question_cache, report, write) if use_questions else Expanded((), 0, None)
        )
        contents = Contents(
            after,
            cut,
            tuple(dict.fromkeys((*questions, *expanded.questions))),
            (*rejected, *bad_questions),
            ledgers(after),
            _terms(thesaurus, parse_cache) if thesaurus else before.terms,
            tuple(commitment for document in after for commitment in commitments(document)),
        )
        vectors = embedded(contents, embedder, embed_cache, report)
        built = snapshot.build(
            store,
            contents,
            vectors,
            analyser=ANALYSER,
            embedder=embedder.identity,
            write_lexical=lambda folder: write_lexical(folder, lexical_rows(contents)),
            report=report,
        )
        changed = snapshot.current(store) != built.id
    outcome = _outcome(built.id, changed, before, contents)
    return replace(outcome, without_questions=expanded.without, why_without=expanded.reason)


def _terms(thesaurus: Path, cache: Cache) -> str:
    """The labels of a thesaurus; reading Turtle takes a second, so the result is kept. Raises: SourceInvalid."""
    if not thesaurus.is_file():
        raise SourceInvalid(f"De thesaurus {thesaurus} bestaat niet; pas WIJZER_THESAURUS aan.")
    key = hashlib.sha256(f"{ANALYSER}\0{TERMS_FORMAT}\0".encode() + thesaurus.read_bytes()).hexdigest()
    kept = cache.get([key]).get(key)
    if kept is None:
        kept = dumped(read_thesaurus(thesaurus)).encode()
        cache.put({key: kept})
    return kept.decode()


def ledgers(documents: Sequence[Document]) -> list[Ledger]:
    """The budget figures of each document that is a budget explanation, or that has articles as one has."""
    return [read_ledger(d) for d in documents if d.meta.kind == "bbt" or (find_codes(d.text) and articles(d))]


def repair(store: Path, version: str) -> list[snapshot.Fault]:
    """Rebuild the damaged indexes of a kept snapshot; gives the faults that were mended.

    Raises: StoreDamaged when what they derive from is damaged itself.
    """

    def lexical(folder: Path) -> None:
        with Catalog(store / "snapshots" / version / "catalog.sqlite") as catalog:
            write_lexical(folder, lexical_rows(catalog.contents()))

    return snapshot.repair(store, version, lexical)


def embedded(contents: Contents, embedder: Embedder, cache: Cache, report: Report) -> np.ndarray:
    """One unit vector for each passage, float32 (n, d); only passages that were never seen are computed."""
    documents = {d.id: d for d in contents.documents}
    texts = [indexed_text(documents[p.document_id], p) for p in contents.passages]
    keys = [
        hashlib.sha256(f"{embedder.identity}\0{text}".encode(errors="replace")).hexdigest() for text in texts
    ]
    known = cache.get(keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        fresh = embedder.encode(list(missing.values()), lambda done: report("vectoren", done, len(missing)))
        cache.put({key: vector.tobytes() for key, vector in zip(missing, fresh, strict=True)})
        known |= {key: vector.tobytes() for key, vector in zip(missing, fresh, strict=True)}
    rows = [np.frombuffer(known[key], dtype=np.float32) for key in keys]
    return np.stack(rows) if rows else np.zeros((0, embedder.dimension), dtype=np.float32)


def lexical_rows(contents: Contents) -> list[LexicalRow]:
    """What the lexical index holds of each passage, in row order."""
    documents = {d.id: d for d in contents.documents}
    asked: dict[str, list[Question]] = {}
    for question in contents.questions:
        if question.kind == "answered":
            asked.setdefault(question.document_id, []).append(question)
    return [
        LexicalRow(
            heading_path(documents[p.document_id], p),
            p.text,
            _names(documents[p.document_id].meta),
            tuple(q.text for q in asked.get(p.document_id, ()) if belongs(q, p)),
        )
        for p in contents.passages
    ]


def _names(meta: Metadata) -> str:
    return "\n".join(filter(None, (meta.id, meta.uri, meta.date)))


def belongs(question: Question, passage: Passage) -> bool:
    """Whether a question is indexed beside a passage: their spans overlap, or it has none."""
    return question.span is None or (question.span[0] < passage.end and passage.start < question.span[1])


def _published(store: Path) -> Contents:
    if snapshot.current(store) is None:
        return Contents((), (), (), ())
    with Catalog(snapshot.published(store) / "catalog.sqlite") as catalog:
        return catalog.contents()


def _merged(
    before: Contents, found: Sequence[SourceSet], fresh: Sequence[Document | Rejected]
) -> tuple[list[Document], tuple[Rejected, ...]]:
    """The new corpus: what was there, less what its origin no longer holds, with what was read now.

    A document whose file cannot be read any more keeps its published version; the file is reported.
    """
    unread = {r.path for r in fresh if isinstance(r, Rejected)}
    unread_sources = [s for f in found for s in f.sources if str(s.path) in unread]
    held = {s.meta.id for s in unread_sources if not s.collection}
    held_collections = {s.meta.origin for s in unread_sources if s.collection}
    whole = {f.origin for f in found if f.whole}
    merged = {
        d.id: d
        for d in before.documents
        if d.meta.origin not in whole
        or d.id in held
        or (d.meta.kind == "beslissing" and d.meta.origin in held_collections)
    }
    rejected = [r for r in fresh if isinstance(r, Rejected)]
    read: dict[str, Document] = {}
    for document in (d for d in fresh if isinstance(d, Document)):
        if document.id in read:
            rejected.append(
                Rejected(
                    document.id,
                    "invalid_item",
                    f"Het id {document.id} komt meer dan eens voor; alleen het eerste document is opgenomen.",
                )
            )
        else:
            read[document.id] = document
    if not read:
        raise NoSource(
            f"Geen enkel bestand kon worden opgenomen; {rejected[0].message}"
            if rejected
            else "Er is niets om op te nemen."
        )
    return sorted((merged | read).values(), key=lambda d: d.id), tuple(rejected)


def _questions(
    found: Sequence[SourceSet], before: Contents, after: Sequence[Document]
) -> tuple[tuple[Question, ...], tuple[Rejected, ...]]:
    """Those of the manifests, those that come with the project, and those of before about what was not read now."""
    read = [
        *(q for f in found for path in f.questions for q in read_questions(path)),
        *shipped_questions(after),
    ]
    live = {d.id for d in after}
    fresh_ids = {d.id for d in after if d.meta.origin in {f.origin for f in found}}
    kept = [q for q in before.questions if q.document_id in live - fresh_ids]
    questions = [q for q in read if isinstance(q, Question) and q.document_id in live]
    return tuple(dict.fromkeys((*kept, *questions))), tuple(q for q in read if isinstance(q, Rejected))


def _outcome(name: str, changed: bool, before: Contents, after: Contents) -> Ingested:
    old: Mapping[str, Document] = {d.id: d for d in before.documents}
    new: Mapping[str, Document] = {d.id: d for d in after.documents}
    return Ingested(
        snapshot=name,
        changed=changed,
        added=len(new.keys() - old.keys()),
        replaced=sum(old[i] != new[i] for i in old.keys() & new.keys()),
        withdrawn=len(old.keys() - new.keys()),
        kept=sum(old[i] == new[i] for i in old.keys() & new.keys()),
        documents=len(new),
        passages=len(after.passages),
        rejected=tuple(after.rejected),
    )
