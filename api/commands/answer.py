"""`wijzer answer`: kept answers listed, made again, and compared with what the corpus says now."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.terminal import AsJson, Store, as_one_line, output, stop, write
from api.settings import Settings, settings_with
from ingest import snapshot
from ingest.embed import Embedder, load_embedder
from retrieval import WrongEmbedder
from retrieval.corpus import Corpus, open_corpus

if TYPE_CHECKING:
    from answer.log_record import Record
    from answer.replay import Replayed

answer_app = typer.Typer(help="Bewaarde antwoorden: nagaan en vergelijken.", no_args_is_help=True)

Answers = Annotated[
    Path | None,
    typer.Option("--answers", help="Het log (WIJZER_ANSWERS, standaard answers.jsonl in de opslag)."),
]


def answers_file(settings: Settings, named: Path | None = None) -> Path:
    """Where answers are kept: what the command line names, else the setting, else a file in the store."""
    return named or settings.answers or settings.store / "answers.jsonl"


@answer_app.command("list")
def answer_list(store: Store = None, answers: Answers = None, as_json: AsJson = False) -> None:
    """De bewaarde antwoorden, het oudste eerst."""
    from answer import log
    from api.commands import show_answer as pages

    path = answers_file(settings_with(store), answers)
    if as_json:
        write(as_one_line({"answers": [pages.listed_json(record) for record in log.records(path)]}))
        return
    for record in log.records(path):
        write(pages.listed(record))
    if not log.check(path).records:
        write(f"In {path} is nog geen antwoord bewaard; `wijzer ask --keep` bewaart er een.")


@answer_app.command("verify")
def answer_verify(
    record_id: Annotated[str | None, typer.Argument(metavar="ID", help="Het id van een antwoord.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Alle bewaarde antwoorden.")] = False,
    store: Store = None,
    answers: Answers = None,
    as_json: AsJson = False,
) -> None:
    """Ga de keten na en maak een antwoord opnieuw; status 1 wanneer iets verschilt."""
    from answer import log
    from api.commands import show_answer as pages

    if (record_id is not None) == everything:
        raise typer.BadParameter("geef een id, of --all")
    settings = settings_with(store)
    path = answers_file(settings, answers)
    chain = log.check(path)
    wanted = log.records(path) if record_id is None else [_record(path, record_id)]
    printed: list[dict[str, Any]] = []
    differs = False
    if not as_json:
        write(pages.chain(path, chain))
    for found in _replayed(settings, wanted):
        differs |= bool(found.differences)
        if as_json:
            printed.append(pages.replayed_json(found))
        else:
            write(pages.replayed(found))
    if as_json:
        write(as_one_line({"chain": pages.chain_json(chain), "answers": printed}))
    if chain.breaks or differs:
        raise typer.Exit(1)


@answer_app.command("diff")
def answer_diff(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="Het id van een antwoord.")],
    store: Store = None,
    answers: Answers = None,
    as_json: AsJson = False,
) -> None:
    """Stel de vraag opnieuw en toon welke verwijzingen en cijfers gewijzigd zijn."""
    from answer.replay import repeated
    from answer.replay_diff import diff
    from api.commands import show_answer as pages

    settings = settings_with(store)
    record = _record(answers_file(settings, answers), record_id)
    with open_corpus(settings.store, load_embedder(settings.embedder)) as corpus:
        found = diff(record, corpus, repeated(corpus, record.entry))
    output(pages.compared(found), pages.compared_json(found), as_json)


def _replayed(settings: Settings, records: "Iterable[Record]") -> "Iterator[Replayed]":
    """Each record made again, in the order of the log; a snapshot is opened once for those that follow each other."""
    from answer.replay import unrepeated, verify
    from answer.verify import check

    embedder = load_embedder(settings.embedder)
    for version, group in groupby(records, key=lambda record: record.entry.snapshot):
        with ExitStack() as stack:
            corpus = _opened(stack, settings.store, embedder, version)
            for record in group:
                if isinstance(corpus, str):
                    yield unrepeated(record, corpus)
                else:
                    yield verify(record, corpus, check)


def _opened(stack: ExitStack, store: Path, embedder: Embedder, version: str) -> Corpus | str:
    """A kept snapshot, or why nothing can be repeated on it; one that is damaged stops the command."""
    if version not in {info.id for info in snapshot.snapshots(store)}:
        return f"Publicatie {version} is niet meer bewaard: alleen de keten is nagegaan."
    try:
        return stack.enter_context(open_corpus(store, embedder, version))
    except WrongEmbedder as error:
        return f"Niet herhaald: {error}"


def _record(path: Path, record_id: str) -> "Record":
    from answer import log

    record = log.find(path, record_id)
    if record is None:
        stop(f"Er is geen bewaard antwoord {record_id!r} in {path}; `wijzer answer list` noemt ze alle.")
    return record
