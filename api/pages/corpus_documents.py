"""The documents of the corpus, counted and listed."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from api.bodies import harmless
from api.pages.paging import paged
from ingest.records import Metadata

AT = "/corpus/documenten"
ROWS = 100  # of one page


class DocumentsQuery(BaseModel):
    """Which documents are listed: `zoek` are words of the title, the minister, the id or the Themis reference."""

    zoek: Annotated[str, Field(max_length=200), AfterValidator(harmless)] = ""
    soort: Annotated[str, Field(max_length=100)] = ""
    jaar: Annotated[int | None, Field(ge=0, le=9999), BeforeValidator(lambda given: given or None)] = None
    pagina: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    def href(self, **changes: Any) -> str:
        """The address of the same list with some fields changed."""
        fields = self.model_copy(update={"pagina": 1} | changes).model_dump(exclude_defaults=True)
        return f"{AT}?{urlencode(fields)}" if fields else AT


def listed_documents(documents: Sequence[Metadata], query: DocumentsQuery) -> dict[str, Any]:
    """One page of the documents that pass, the newest first."""
    words = query.zoek.casefold().split()
    found = [
        meta
        for meta in documents
        if query.soort in ("", meta.kind) and query.jaar in (None, meta.year) and _holds(meta, words)
    ]
    found.sort(key=lambda meta: (meta.date or "", meta.id), reverse=True)
    rows, paging = paged(found, query.pagina, ROWS, lambda page: query.href(pagina=page))
    return {"count": len(found), "rows": rows, **paging}


def counted(documents: Sequence[Metadata]) -> dict[str, Any]:
    """How many documents there are of each kind in each year, each number with the address of its list."""
    numbers = Counter((meta.kind, meta.year) for meta in documents)
    kinds = Counter(meta.kind for meta in documents)
    years = sorted({meta.year for meta in documents if meta.year}, reverse=True)
    return {
        "years": years,
        "rows": [
            {
                "kind": kind,
                "total": total,
                "href": DocumentsQuery(soort=kind).href(),
                "cells": [
                    (numbers[kind, year], DocumentsQuery(soort=kind, jaar=year).href()) for year in years
                ],
            }
            for kind, total in kinds.most_common()
        ],
    }


def _holds(meta: Metadata, words: Sequence[str]) -> bool:
    if not words:
        return True
    said = " ".join(
        filter(None, (meta.title, meta.official_title, meta.id, meta.uri, *meta.ministers))
    ).casefold()
    return all(word in said for word in words)
