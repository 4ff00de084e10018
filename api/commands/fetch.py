"""`wijzer corpus fetch themis`: decisions from where the Flemish Government publishes them, ready to be ingested."""

from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.commands.progress import progress
from api.commands.terminal import AsJson, output
from api.settings import Settings

fetch_app = typer.Typer(help="Haal documenten op waar ze gepubliceerd worden.", no_args_is_help=True)


class Door(StrEnum):
    """Where decisions can be asked for."""

    SPARQL = "sparql"
    API = "api"


@fetch_app.callback()
def _group() -> None:
    """Sources that are known by name."""


@fetch_app.command("themis")
def fetch_themis(
    since: Annotated[
        datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="Vergaderingen vanaf deze dag.")
    ],
    source: Annotated[
        Door, typer.Option("--source", help="Het SPARQL-eindpunt van Themis, of de zoek-API.")
    ] = Door.SPARQL,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Map voor de beslissingen (WIJZER_THEMIS_FOLDER, standaard var/themis)."),
    ] = None,
    attachments: Annotated[
        bool, typer.Option("--attachments/--no-attachments", help="Ook wat er als bijlage bij hoort.")
    ] = True,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin opnieuw, ook al is een vorige keer onderbroken.")
    ] = False,
    accept_withdrawn: Annotated[
        bool, typer.Option("--accept-withdrawn", help="Aanvaard dat veel beslissingen ingetrokken zijn.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Haal de beslissingen van de Vlaamse Regering op, met wat sinds de vorige keer gewijzigd of ingetrokken is."""
    from ingest.themis import fetch
    from ingest.themis_http import Courtesy
    from ingest.themis_records import Themis

    settings = Settings()
    folder = out or settings.themis_folder
    url = settings.themis_url if source is Door.SPARQL else settings.themis_api_url
    courtesy = Courtesy(settings.themis_pause, settings.themis_timeout, settings.themis_deadline)
    with progress() as report:
        done = fetch(
            Themis(source.value, url, attachments),
            since.date(),
            folder,
            now=datetime.now(UTC),
            courtesy=courtesy,
            report=report,
            restart=restart,
            accept_withdrawn=accept_withdrawn,
        )
    told = [
        f"{done.decisions} beslissingen in {done.path}: {done.new} nieuw, {done.changed} gewijzigd, "
        f"{len(done.withdrawn)} ingetrokken, {done.kept} gebleven ({done.requests} verzoeken"
        f"{', verdergegaan waar de vorige keer ophield' if done.resumed else ''}).",
        *(f"ingetrokken: {key}" for key in done.withdrawn),
        *(f"overgeslagen: {rejected.message}" for rejected in done.rejected),
        f"Neem ze op met: wijzer ingest {folder}",
    ]
    output("\n".join(told), asdict(done), as_json)
