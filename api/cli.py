"""The command line: parses arguments, calls the same functions as every other door, sets the exit status.

Exit status: 0 done (a refusal is a result), 2 wrong usage, 75 another builder at work, 1 anything else.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands import show as pages
from api.commands.answer import answer_app, answers_file
from api.commands.audit import audit_command
from api.commands.batch import run_batch
from api.commands.budget import budget
from api.commands.corpus import corpus_app
from api.commands.eval import eval_app
from api.commands.keys import keys_app
from api.commands.mcp import mcp_command
from api.commands.memo import memo_app
from api.commands.progress import progress
from api.commands.terminal import AsJson, Store, note, output, stop
from api.settings import Settings, settings_with
from ingest import IngestError, StoreBusy, snapshot
from ingest.embed import Embedder, load_embedder
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus
from retrieval.records import Filters, Turn
from retrieval.rerank import load_reranker

if TYPE_CHECKING:
    from answer.records import Answer

BUSY = 75
INTERRUPTED = "Onderbroken. Wat al gelezen was, is bewaard; dezelfde opdracht gaat daar verder."
_TYPER_INTERRUPTED = 130  # what typer makes of Ctrl-C

app = typer.Typer(
    help="Beleidswijzer: vragen aan Vlaamse beleidsdocumenten, met verwijzingen die kloppen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
embed_app = typer.Typer(help="Het vectormodel.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")
app.add_typer(embed_app, name="embed")
app.add_typer(answer_app, name="answer")
app.add_typer(eval_app, name="eval")
app.add_typer(memo_app, name="memo")
app.add_typer(keys_app, name="keys")
app.command("mcp")(mcp_command)
app.command("budget")(budget)
app.command("audit")(audit_command)

Kind = Annotated[
    list[str] | None, typer.Option("--kind", help="Alleen documenten van deze soort; herhaalbaar.")
]
Year = Annotated[
    list[int] | None, typer.Option("--year", help="Alleen documenten van dit jaar; herhaalbaar.")
]
Only = Annotated[list[str] | None, typer.Option("--document", help="Alleen dit document; herhaalbaar.")]
Minister = Annotated[
    list[str] | None, typer.Option("--minister", help="Alleen beslissingen van deze minister; herhaalbaar.")
]
Theme = Annotated[
    list[str] | None, typer.Option("--theme", help="Alleen beslissingen over dit thema; herhaalbaar.")
]
Batch = Annotated[
    Path | None, typer.Option("--batch", help="JSONL met vragen: id, question, history, filters.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="JSONL met antwoorden, in de volgorde van de vragen.")
]


def main() -> None:
    """The console script `wijzer`."""
    try:
        app()
    except StoreBusy as error:
        stop(str(error), BUSY)
    except (IngestError, RetrievalError) as error:
        stop(str(error), 1)
    except KeyboardInterrupt:
        stop(INTERRUPTED, 1)
    except SystemExit as done:
        if done.code == _TYPER_INTERRUPTED:
            stop(INTERRUPTED, 1)
        raise
    except (OSError, sqlite3.OperationalError) as error:
        stop(
            f"{error}. De gepubliceerde versie van het corpus is niet gewijzigd; maak plaats of rechten vrij en probeer opnieuw.",
            1,
        )


@app.command()
def ingest(
    source: Annotated[list[Path], typer.Argument(help="Manifest, map of bestand; meer dan één mag.")],
    store: Store = None,
    as_json: AsJson = False,
    questions: Annotated[
        bool, typer.Option("--questions/--no-questions", help="Vragen bij de passages mee indexeren.")
    ] = True,
    write_questions: Annotated[
        bool, typer.Option("--write-questions", help="Laat het taalmodel vragen schrijven bij elke passage.")
    ] = False,
) -> None:
    """Neem documenten op, bewijs het resultaat en publiceer het."""
    from ingest.build import ingest as run

    settings = settings_with(store)
    if write_questions and not (settings.model and questions):
        raise typer.BadParameter(
            "--write-questions vraagt een taalmodel (WIJZER_MODEL), en niet --no-questions"
        )
    with progress() as report, settings.chat_model() as model:
        write = None
        if model and write_questions:
            from answer.model_questions import question_writer

            write = question_writer(model)
        embedder = _embedder(settings)
        done = run(
            source,
            settings.store,
            embedder,
            use_questions=questions,
            report=report,
            write=write,
            thesaurus=settings.thesaurus,
        )
    output(pages.ingested(done), pages.ingested_json(done), as_json)


@app.command()
def search(
    question: Annotated[str | None, typer.Argument(help="De vraag.")] = None,
    store: Store = None,
    as_json: AsJson = False,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="Aantal passages.")] = 20,
    per_document: Annotated[
        int | None, typer.Option("--per-document", min=1, help="Hoogstens zoveel per document.")
    ] = None,
    kind: Kind = None,
    year: Year = None,
    document: Only = None,
    minister: Minister = None,
    theme: Theme = None,
    batch: Batch = None,
    out: Out = None,
) -> None:
    """Zoek de passages bij een vraag."""
    from retrieval.search import search as run

    asked = _asked(question, batch, out)
    with _corpus(store) as corpus:
        if batch and out:
            _batch(
                batch,
                out,
                lambda q: {
                    "passages": [
                        e.as_json()
                        for e in run(
                            corpus,
                            q.question,
                            history=q.history,
                            filters=q.filters,
                            k=k,
                            per_document=per_document,
                        )
                    ],
                    "corpus_version": corpus.version,
                },
            )
            return
        found = run(
            corpus,
            asked,
            filters=_filters(kind, year, document, minister, theme),
            k=k,
            per_document=per_document,
        )
        document_json = {"passages": [e.as_json() for e in found], "corpus_version": corpus.version}
        output(pages.passages(found), document_json, as_json)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="De vraag.")] = None,
    store: Store = None,
    as_json: AsJson = False,
    kind: Kind = None,
    year: Year = None,
    document: Only = None,
    minister: Minister = None,
    theme: Theme = None,
    batch: Batch = None,
    out: Out = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Bewaar elk antwoord in het log (WIJZER_ANSWERS).")
    ] = False,
) -> None:
    """Beantwoord een vraag, met verwijzingen, of zeg waarom het niet kan."""
    from answer.ask import ask as run
    from answer.log import append
    from answer.log_record import entry_of

    asked = _asked(question, batch, out)
    with _corpus(store) as corpus, settings_with(store).chat_model() as model:

        def answered(text: str, history: Sequence[Turn], filters: Filters) -> "Answer":
            answer = run(corpus, text, history=history, filters=filters, model=model)
            if keep:
                entry = entry_of(answer, text, at=datetime.now(UTC), history=history, filters=filters)
                record = append(answers_file(settings_with(store)), entry)
                note(f"Bewaard als {record.id}.")
            return answer

        if batch and out:
            _batch(batch, out, lambda q: answered(q.question, q.history, q.filters).as_json())
            return
        answer = answered(asked, (), _filters(kind, year, document, minister, theme))
        output(pages.answer(answer), {"id": None, **answer.as_json()}, as_json)


@app.command()
def show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="Het id van een document.")],
    store: Store = None,
    as_json: AsJson = False,
    outline: Annotated[bool, typer.Option("--outline", help="Alleen de koppen.")] = False,
    start: Annotated[int | None, typer.Option(min=0, help="Begin van een bereik, in tekens.")] = None,
    end: Annotated[int | None, typer.Option(min=0, help="Einde van een bereik, exclusief.")] = None,
) -> None:
    """Toon een document, zijn koppen of een bereik ervan."""
    from ingest.catalog import Catalog

    settings = settings_with(store)
    with Catalog(snapshot.published(settings.store) / "catalog.sqlite") as catalog:
        found = catalog.document(document_id)
    if found is None:
        stop(f"Er is geen document {document_id!r}; `wijzer corpus list` noemt ze alle.", 1)
    if outline:
        output(pages.outline(found), pages.outline_json(found), as_json)
    else:
        span = (start or 0, len(found.text) if end is None else end)
        output(found.text[span[0] : span[1]], pages.document_json(found, *span), as_json)


@app.command()
def serve(
    store: Store = None,
    host: Annotated[
        str | None, typer.Option(help="Adres; buiten deze machine alleen met sleutels (WIJZER_HOST).")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Poort; 0 kiest een vrije (WIJZER_PORT).")
    ] = None,
    keys: Annotated[
        bool | None,
        typer.Option("--keys", help="Vraag ook op deze machine een sleutel (WIJZER_KEYS_REQUIRED)."),
    ] = None,
) -> None:
    """Open de chat en de HTTP-toegang."""
    from api.http import serve as run

    settings = settings_with(store)
    given = {"host": host, "port": port, "keys_required": keys}
    run(settings.model_copy(update={name: value for name, value in given.items() if value is not None}))


@embed_app.command("train")
def embed_train(
    out: Annotated[Path, typer.Option("--out", help="Map voor het model.")],
    comparing: Annotated[
        bool,
        typer.Option(
            "--comparing", help="Leer het model dat vragen met vragen vergelijkt, uit het vectormodel."
        ),
    ] = False,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Leer een vectormodel uit het gepubliceerde corpus en zijn vragen."""
    from ingest.catalog import Catalog
    from ingest.train import train
    from ingest.train_questions import train_questions

    settings = settings_with(store)
    with Catalog(snapshot.published(settings.store) / "catalog.sqlite") as catalog:
        contents = catalog.contents()
    with progress() as report:
        if comparing:
            made = train_questions(contents.questions, _embedder(settings), out, report=report)
            output(pages.compares(made, out), pages.trained_json(made, out), as_json)
        else:
            trained = train(contents.documents, contents.questions, out, report=report)
            output(pages.trained(trained, out), pages.trained_json(trained, out), as_json)


def _embedder(settings: Settings) -> Embedder:
    return load_embedder(settings.embedder)


@contextmanager
def _corpus(store: Path | None) -> Iterator[Corpus]:
    settings = settings_with(store)
    reranker = load_reranker(settings.reranker)
    with open_corpus(settings.store, _embedder(settings), reranker=reranker) as corpus:
        yield corpus


def _filters(
    kind: list[str] | None,
    year: list[int] | None,
    document: list[str] | None,
    minister: list[str] | None,
    theme: list[str] | None,
) -> Filters:
    return Filters(
        tuple(kind or ()), tuple(year or ()), tuple(document or ()), tuple(minister or ()), tuple(theme or ())
    )


def _asked(question: str | None, batch: Path | None, out: Path | None) -> str:
    """The question of the command line; wrong usage is said before anything is opened."""
    if batch is not None and out is None:
        raise typer.BadParameter("--batch vraagt ook --out")
    if batch is None and (question is None or not question.strip()):
        raise typer.BadParameter("geef een vraag, of --batch met een bestand")
    return question or ""


def _batch(path: Path, out: Path, answer: Callable[[Any], dict[str, Any]]) -> None:
    with progress() as report:
        bad = run_batch(path, out, answer, report)
    if bad:
        stop(f"{bad} regels van {path} zijn niet beantwoord; zie `error` in {out}.", 1)
