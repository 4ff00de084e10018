"""`wijzer corpus`: what is published, what was refused, whether it is whole, and which snapshot answers."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from api.commands import show as pages
from api.commands.fetch import fetch_app
from api.commands.terminal import AsJson, Store, output
from api.commands.terms import terms_command
from api.commands.update import person, update_command
from api.settings import settings_with
from evals.history import keep_by_hand
from ingest import snapshot

corpus_app = typer.Typer(help="Beheer van het corpus en zijn publicaties.", no_args_is_help=True)
corpus_app.add_typer(fetch_app, name="fetch")
corpus_app.command("terms")(terms_command)
corpus_app.command("update")(update_command)


@corpus_app.command("status")
def corpus_status(store: Store = None, as_json: AsJson = False) -> None:
    """Wat er gepubliceerd is en welke oudere publicaties bewaard zijn."""
    found = snapshot.snapshots(settings_with(store).store)
    output(pages.snapshots(found), pages.snapshots_json(found), as_json)


@corpus_app.command("list")
def corpus_list(store: Store = None, as_json: AsJson = False) -> None:
    """Alle documenten van het gepubliceerde corpus, en wat geweigerd werd."""
    from ingest.catalog import Catalog

    with Catalog(snapshot.published(settings_with(store).store) / "catalog.sqlite") as catalog:
        documents, rejected = catalog.documents(), catalog.rejected()
    output(pages.documents(documents, rejected), pages.documents_json(documents, rejected), as_json)


@corpus_app.command("verify")
def corpus_verify(
    name: Annotated[
        str | None, typer.Argument(metavar="PUBLICATIE", help="Standaard de gepubliceerde.")
    ] = None,
    store: Store = None,
    as_json: AsJson = False,
    repair: Annotated[bool, typer.Option("--repair", help="Bouw beschadigde indexen opnieuw.")] = False,
) -> None:
    """Controleer elk bestand van een publicatie."""
    from ingest.build import repair as rebuild

    folder = settings_with(store).store
    version = name or snapshot.published(folder).name
    mended = rebuild(folder, version) if repair else []
    faults = snapshot.verify(folder, version)
    output(pages.faults(version, faults, mended), pages.faults_json(version, faults, mended), as_json)
    if faults:
        raise typer.Exit(1)


@corpus_app.command("publish")
def corpus_publish(
    name: Annotated[str, typer.Argument(metavar="PUBLICATIE")], store: Store = None, as_json: AsJson = False
) -> None:
    """Maak een bewaarde publicatie de gepubliceerde."""
    folder = settings_with(store).store
    before = snapshot.current(folder)
    snapshot.publish(folder, name)
    keep_by_hand(folder, before, name, person(), datetime.now(UTC))
    output(f"Gepubliceerd: {name}", {"published": name}, as_json)


@corpus_app.command("rollback")
def corpus_rollback(store: Store = None, as_json: AsJson = False) -> None:
    """Ga terug naar de vorige publicatie."""
    folder = settings_with(store).store
    before = snapshot.current(folder)
    name = snapshot.rollback(folder)
    keep_by_hand(folder, before, name, person(), datetime.now(UTC))
    output(f"Teruggezet naar {name}", {"published": name}, as_json)
