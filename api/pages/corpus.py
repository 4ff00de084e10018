"""The corpus pages: what is published and kept, its documents, what changed, what was refused, how it was measured."""

from datetime import datetime
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages.corpus_changes import changed_between
from api.pages.corpus_documents import DocumentsQuery, counted, listed_documents
from api.pages.environment import dutch_date, kind_label, render, source_href
from api.problem import Problem
from api.service import In
from evals import EvalError, plots
from evals.history import DECISIONS, SHOWN, Update, read_updates
from evals.labels import label, number
from ingest import StoreDamaged
from ingest.records import Rejected
from ingest.snapshot_manifest import read_manifest
from ingest.snapshot_publish import SnapshotInfo, folder_of, snapshots
from retrieval.corpus import Corpus

MOST_UPDATES = 30
MOST_REJECTED = 200
MOST_CHANGED = 200
REASONS = {
    "empty": "Leeg",
    "too_large": "Te groot",
    "wrong_type": "Onbekend bestandstype",
    "damaged": "Beschadigd",
    "encrypted": "Met wachtwoord",
    "no_text_layer": "Geen tekstlaag",
    "encoding": "Tekens onleesbaar",
    "hostile": "Onveilig of te zwaar",
    "missing": "Niet te lezen",
    "changed": "Gewijzigd bestand",
    "invalid_item": "Ongeldig item",
    "unsupported": "Niet ondersteund",
}
SnapshotId = Annotated[str, Query(pattern="^[0-9a-f]{32}$")]
routes = APIRouter()


@routes.get("/corpus")
async def corpus_page(service: In) -> Response:
    """The published snapshot and those that are kept, the documents in numbers, refused files, the evaluations."""

    def job(corpus: Corpus) -> Response:
        kept = snapshots(service.store)
        rejected = corpus.catalog.rejected()
        page = _rendered(
            "corpus.html",
            corpus,
            counts=corpus.catalog.counts() | _budget_counts(corpus),
            table=counted(corpus.documents()),
            kept=[_kept(info, corpus.version) for info in reversed(kept)],
            served=next((info for info in kept if info.id == corpus.version), None),
            made=_made(service.store, corpus.version),
            rejected=[_rejected(one) for one in rejected[:MOST_REJECTED]],
            rejected_count=len(rejected),
            history=_history(service.store),
        )
        return HTMLResponse(page)

    return await service.run(job)


@routes.get("/corpus/documenten")
async def documents_page(service: In, query: Annotated[DocumentsQuery, Query()]) -> Response:
    """The documents of the corpus, by words, kind and year."""

    def job(corpus: Corpus) -> Response:
        documents = corpus.documents()
        page = _rendered(
            "corpus_documents.html",
            corpus,
            query=query,
            listing=listed_documents(documents, query),
            kinds=sorted({meta.kind for meta in documents}, key=kind_label),
            years=sorted({meta.year for meta in documents if meta.year}, reverse=True),
        )
        return HTMLResponse(page)

    return await service.run(job)


@routes.get("/corpus/verschil")
async def changes_page(service: In, van: SnapshotId, naar: SnapshotId) -> Response:
    """What changed between two kept snapshots."""

    def job(corpus: Corpus) -> Response:
        known = {info.id for info in snapshots(service.store)}
        lost = next((name for name in (van, naar) if name not in known), None)
        if lost:
            raise Problem(404, f"Publicatie {lost} wordt niet bewaard; de pagina /corpus noemt welke wel.")
        try:
            found = changed_between(service.store, van, naar)
        except StoreDamaged as damage:
            raise Problem(
                404,
                "Een van beide publicaties is niet leesbaar; `wijzer corpus verify` zegt wat eraan schort.",
            ) from damage
        held = {meta.id for meta in corpus.documents()}
        groups = (("Nieuw", found.added), ("Gewijzigd", found.changed), ("Ingetrokken", found.withdrawn))
        page = _rendered(
            "corpus_changes.html",
            corpus,
            found=found,
            groups=groups,
            held=held,
            most=MOST_CHANGED,
            moment=_moment,
        )
        return HTMLResponse(page)

    return await service.run(job)


def _made(store: Path, version: str) -> dict[str, str]:
    """What the served snapshot was made with; empty when its manifest is gone."""
    try:
        manifest = read_manifest(folder_of(store, version))
    except StoreDamaged:
        return {}
    return {
        "Gemaakt (UTC)": _moment(manifest.created),
        "Programma": manifest.code,
        "Vectormodel": manifest.embedder,
        "Taalanalyse": manifest.analyser,
    }


def _budget_counts(corpus: Corpus) -> dict[str, int]:
    ledgers = corpus.ledgers()
    return {
        "articles": sum(len(one.articles) for one in ledgers),
        "cells": sum(len(one.cells) for one in ledgers),
        "unread": sum(len(one.unread) for one in ledgers),
    }


def _kept(info: SnapshotInfo, served: str) -> dict[str, Any]:
    return {
        "id": info.id,
        "moment": _moment(info.created),
        "documents": info.counts.get("documents"),
        "passages": info.counts.get("passages"),
        "megabytes": f"{info.size / 1e6:.1f}".replace(".", ","),
        "is_current": info.is_current,
        "is_served": info.id == served,
        "is_readable": bool(info.created),
        "href": f"/corpus/verschil?van={info.id}&naar={served}",
    }


def _rejected(one: Rejected) -> dict[str, str]:
    """A refused file by its name; where it lay on the server is nobody's business."""
    name = PurePath(one.path).name or one.path
    return {"name": name, "reason": REASONS[one.reason], "message": one.message.replace(one.path, name)}


def _history(store: Path) -> dict[str, Any]:
    """The updates, the last first, with their measures plotted from old to new."""
    try:
        updates = read_updates(store)[-MOST_UPDATES:]
    except EvalError:
        return {
            "problem": "De geschiedenis van de updates is niet leesbaar; herstel updates.jsonl in de opslag."
        }
    measured = [update for update in updates if update.measures]
    series = [plots.Line(label(m), [u.measures.get(m) for u in measured]) for m in SHOWN]
    return {
        "problem": None,
        "heads": [label(m) for m in SHOWN],
        "rows": [_update(n, update) for n, update in reversed(list(enumerate(updates, 1)))],
        "plot": plots.lines("Maten van elke gemeten update", [u.candidate[:8] for u in measured], series)
        if measured
        else None,
    }


def _update(place: int, update: Update) -> dict[str, Any]:
    return {
        "place": place,
        "moment": _moment(update.at),
        "candidate": update.candidate,
        "decision": DECISIONS[update.decision],
        "who": update.who,
        "questions": f"{update.measures.get('n', 0):.0f}",
        "measures": [number(update.measures[m], m) if m in update.measures else "–" for m in SHOWN],
        "stopped": update.stopped,
    }


def _moment(at: str) -> str:
    """An ISO time in UTC as Dutch writes it: `"2026-11-21T16:43:35+00:00"` -> `"21 november 2026, 16.43 u."`."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    return f"{dutch_date(moment.date().isoformat())}, {moment:%H.%M} u."


def _rendered(template: str, corpus: Corpus, **values: Any) -> str:
    return render(template, version=corpus.version, source_href=source_href, **values)
