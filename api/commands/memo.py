"""`wijzer memo`: memos of chosen commitments, many at once into a folder, and what a corpus update changes in them."""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands.progress import progress
from api.commands.terminal import AsJson, Store, note, output, stop, write
from api.memos import MemosError
from api.settings import Settings, settings_with
from ingest.embed import load_embedder

if TYPE_CHECKING:
    from api.memos.batch import Source
    from api.memos.batch_records import Done, Result, Task, Work
    from ingest.records import Commitment

MOST_JOBS = 4
ALL_FORMATS = "md,html,docx,json"
INTERRUPTED = "Onderbroken. De memo's die geschreven zijn, blijven; dezelfde opdracht gaat daar verder."


class _WriteUnlessNamed(TyperGroup):
    """`wijzer memo samenleven-1.2` is `wijzer memo write samenleven-1.2`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `write` before words that begin with no command."""
        named = args[:1] and args[0] in (*self.commands, "--help")
        return super().parse_args(ctx, args if named else ["write", *args])


memo_app = typer.Typer(
    cls=_WriteUnlessNamed,
    help="Memo's: wat er per belofte van het regeerakkoord beslist is. `write` mag weggelaten worden.",
)

Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, max=64, help=f"Zoveel tegelijk; standaard hoogstens {MOST_JOBS}."),
]


@memo_app.command("write")
def memo_write(
    sections: Annotated[
        list[str] | None,
        typer.Argument(metavar="SECTIE", help="Een id (samenleven-1.2), een nummer, of woorden van de kop."),
    ] = None,
    domain: Annotated[
        list[str] | None, typer.Option("--domain", help="Alle secties van dit beleidsdomein; herhaalbaar.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Alle secties van het regeerakkoord.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Map voor de memo's; zonder map komt één memo op het scherm.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Een of meer van md, html, docx en json, met komma's ertussen.")
    ] = ALL_FORMATS,
    jobs: Jobs = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Schrijf memo's; wat er al ligt en nog klopt, wordt niet opnieuw gemaakt."""
    wanted = _formats(formats)
    if everything == bool(sections or domain):
        raise typer.BadParameter("geef een SECTIE of --domain, of --all")
    settings = settings_with(store)
    with _failing(), ExitStack() as stack:
        source = _source(stack, settings)
        chosen = _chosen(source, sections or (), domain or ())
        if out is None:
            write(_printed(settings, source, chosen, as_json))
            return
        from api.memos.batch import run

        report = stack.enter_context(progress())
        work = _work(settings, source, jobs or _default_jobs(), len(chosen))
        done = run(out, source, [*chosen], work, formats=wanted, report=report)
    _tell(done, as_json)


@memo_app.command("update")
def memo_update(
    out: Annotated[Path, typer.Option("--out", help="De map met de memo's.")],
    jobs: Jobs = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Schrijf na een corpusupdate alleen de memo's opnieuw waarvan de beslissingen wijzigden, en zeg wat er wijzigde."""
    from api.memos.batch import update
    from api.memos.state import read_state

    settings = settings_with(store)
    with _failing(), ExitStack() as stack:
        if not read_state(out).memos:
            stop(f"In {out} ligt nog geen memo; maak ze eerst met `wijzer memo --all --out {out}`.", 1)
        source = _source(stack, settings)
        report = stack.enter_context(progress())
        work = _work(settings, source, jobs or _default_jobs(), len(source.commitments))
        done = update(out, source, work, report=report)
    _tell(done, as_json)


def told(done: "Done") -> str:
    """What a run did, for people: the counts, what changed in each memo, what lies beside an edited file, what is gone."""
    lines = [
        f"{len(done.written)} memo's geschreven, {len(done.unchanged)} ongewijzigd, {len(done.failed)} mislukt "
        f"({done.folder}, corpus {done.snapshot})."
    ]
    for memo in done.written:
        if not memo.is_new:
            lines.append(f"{memo.name}: gewijzigd.")
            lines += [f"  {change}" for change in memo.changes]
        lines += [
            f"{memo.name}: de bestaande versie is bewerkt en blijft; de nieuwe is {file}."
            for file in memo.beside
        ]
    lines += [f"{name}: de sectie staat niet meer in het corpus; de memo is bewaard." for name in done.gone]
    return "\n".join(lines)


def _source(stack: ExitStack, settings: Settings) -> "Source":
    """What the memos are made from, read from the catalog alone. Raises: StoreDamaged."""
    from api.memos.batch import EXTRACTIVE, Source
    from api.memos.batch_choose import named
    from ingest import snapshot
    from ingest.catalog import Catalog

    folder = snapshot.published(settings.store)
    catalog = stack.enter_context(Catalog(folder / "catalog.sqlite"))
    return Source(folder.name, named(catalog.commitments()), settings.model or EXTRACTIVE)


def _chosen(source: "Source", sections: Sequence[str], domains: Sequence[str]) -> "dict[str, Commitment]":
    """The commitments that the command line means; with exit status 2 what it may have meant."""
    from api.memos.batch_choose import choose

    if not source.commitments:
        stop(
            "Dit corpus bevat geen regeerakkoord met genummerde secties; neem er een op met `wijzer ingest`.",
            1,
        )
    chosen, unclear = choose(source.commitments, sections, domains)
    if unclear:
        stop("\n".join(one.message for one in unclear), 2)
    return chosen


def _printed(settings: Settings, source: "Source", chosen: "dict[str, Commitment]", as_json: bool) -> str:
    """One memo on the screen, as Markdown or as JSON."""
    from api.memos.batch_composer import composer
    from retrieval.corpus import open_corpus

    if len(chosen) != 1:
        raise typer.BadParameter(f"{len(chosen)} memo's vragen een map: geef --out")
    (commitment,) = chosen.values()
    embedder = load_embedder(settings.embedder)
    with open_corpus(settings.store, embedder, source.snapshot) as corpus, settings.chat_model() as model:
        make = composer(model, _today())
        return make.formats["json" if as_json else "md"](make.memo(corpus, commitment)).decode().rstrip("\n")


def _work(settings: Settings, source: "Source", jobs: int, due: int) -> "Work":
    """Memos side by side: in threads with a language model, which waits; else in processes, which compute."""
    from api.memos.batch_composer import composer
    from api.memos.batch_work import Opening, in_processes

    if settings.model:
        return partial(_with_model, settings, source, jobs)
    opening = Opening(settings.store, source.snapshot, settings.embedder)
    return partial(in_processes, opening, composer(None, _today()), jobs=min(jobs, max(due, 1)))


def _with_model(
    settings: Settings, source: "Source", jobs: int, tasks: "Sequence[Task]"
) -> "Generator[Result, None, None]":
    from api.memos.batch_composer import composer
    from api.memos.batch_work import in_threads
    from retrieval.corpus import open_corpus

    embedder = load_embedder(settings.embedder)
    with open_corpus(settings.store, embedder, source.snapshot) as corpus, settings.chat_model() as model:
        yield from in_threads(lambda job: job(corpus), composer(model, _today()), tasks, jobs)


def _tell(done: "Done", as_json: bool) -> None:
    output(told(done), asdict(done), as_json)
    for failed in done.failed:
        note(f"{failed.name}: {failed.reason}")
    if done.failed:
        stop(
            f"{len(done.failed)} memo's zijn niet gemaakt; dezelfde opdracht probeert alleen die opnieuw.", 1
        )


def _formats(asked: str) -> tuple[str, ...]:
    from api.memos.render import FORMATS

    found = tuple(dict.fromkeys(part.strip().lower() for part in asked.split(",") if part.strip()))
    unknown = [one for one in found if one not in FORMATS]
    if unknown or not found:
        said = ", ".join(unknown) or "niets"
        raise typer.BadParameter(
            f"{said} is geen formaat; kies uit {', '.join(FORMATS)}", param_hint="--format"
        )
    return found


def _today() -> str:
    return date.today().isoformat()


def _default_jobs() -> int:
    return min(MOST_JOBS, os.cpu_count() or 1)


@contextmanager
def _failing() -> Iterator[None]:
    """Ends the command with one line and status 1 when it is interrupted or the folder cannot be used."""
    try:
        yield
    except MemosError as error:
        stop(str(error), 1)
    except KeyboardInterrupt:
        stop(INTERRUPTED, 1)
