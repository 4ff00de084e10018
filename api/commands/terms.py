"""`wijzer corpus terms`: what the published corpus suggests for the thesaurus."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from api.commands.terminal import AsJson, Store, output
from api.settings import settings_with
from ingest import snapshot
from ingest.catalog import Catalog
from ingest.terms import Candidate, Kind, suggest
from ingest.thesaurus import read_thesaurus
from ingest.thesaurus_terms import NO_TERMS, loaded, terms_of

_HEADINGS: dict[Kind, str] = {
    "definition": "Omschreven in de tekst: volle naam (afkorting)",
    "abbreviation": "Uit een lijst met afkortingen",
    "article": "Titels van begrotingsartikelen",
    "phrase": "Vaak voorkomende woordgroepen",
}


def terms_command(
    store: Store = None,
    thesaurus: Annotated[
        Path | None,
        typer.Option("--thesaurus", help="SKOS-bestand (Turtle) in plaats van dat van de publicatie."),
    ] = None,
    least: Annotated[
        int, typer.Option("--least", min=2, help="Woordgroepen die minstens zo vaak staan.")
    ] = 5,
    most: Annotated[int, typer.Option("-k", min=1, help="Hoogstens zoveel van elke soort.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Welke namen van het corpus nog niet in de thesaurus staan, met hoe vaak en waar."""
    folder = snapshot.published(settings_with(store).store)
    with Catalog(folder / "catalog.sqlite") as catalog:
        published = catalog.terms()
        documents = catalog.contents().documents
        articles = [article for ledger in catalog.ledgers() for article in ledger.articles]
    terms = loaded(published) if published else NO_TERMS
    if thesaurus:
        terms = terms_of(read_thesaurus(thesaurus))
    found = suggest(documents, articles, terms, least=least, most=most)
    output(candidates(found), candidates_json(found), as_json)


def candidates(found: Sequence[Candidate]) -> str:
    """The candidates under their kind, each with its count and one place."""
    if not found:
        return "Geen nieuwe namen gevonden."
    parts = []
    for kind, group in groupby(found, key=lambda candidate: candidate.kind):
        lines = [
            f"  {c.label}{f' ({c.abbreviation})' if c.abbreviation else ''}: {c.count} keer in {c.documents} "
            f"document{'en' if c.documents != 1 else ''}; {c.document_id} {c.start}-{c.end}"
            for c in group
        ]
        parts.append("\n".join([_HEADINGS[kind], *lines]))
    return "\n\n".join(parts)


def candidates_json(found: Sequence[Candidate]) -> dict[str, list[dict[str, object]]]:
    """See `candidates`."""
    return {"candidates": [asdict(candidate) for candidate in found]}
