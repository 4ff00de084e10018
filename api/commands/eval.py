"""`wijzer eval`: gold questions checked and run, runs compared and reported, updates plotted, feedback adopted."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.answer import answers_file
from api.commands.progress import progress
from api.commands.terminal import AsJson, Store, output, stop
from api.settings import settings_with
from evals import EvalError
from evals.compare import compare as compared
from evals.convert import convert as converted
from evals.gold import Split, read_gold
from evals.labels import VERDICTS, group_label, label, number
from evals.lint import BAD, STATUSES, fix, lint
from evals.measures import FIELDS, summary
from ingest import snapshot
from ingest.catalog import Catalog

eval_app = typer.Typer(help="Meet de kwaliteit op goudvragen, en vergelijk runs.", no_args_is_help=True)

Gold = Annotated[list[Path], typer.Argument(metavar="GOUD", help="JSONL met goudvragen; meer dan één mag.")]


@eval_app.command("lint")
def eval_lint(
    gold: Gold,
    store: Store = None,
    as_json: AsJson = False,
    mend: Annotated[bool, typer.Option("--fix", help="Herschrijf de plaatsen die verschoven zijn.")] = False,
) -> None:
    """Bewijs elke plaats van de goudvragen op het gepubliceerde corpus."""
    with _failing(), _catalog(store) as catalog:
        found = lint(read_gold(gold), catalog)
        fixed = sum(fix(path, catalog) for path in gold) if mend else 0
    counts = {status: sum(one.status == status for one in found) for status in STATUSES}
    wrong = [one for one in found if one.status != "ok"]
    told = [
        f"{one.id} {one.field}[{one.position}] {one.document_id}: {one.status} ({one.anchor})"
        for one in wrong
    ]
    told.append(", ".join(f"{status} {n}" for status, n in counts.items()) + f", herschreven {fixed}")
    document = {"places": [one.as_json() for one in found], "counts": counts, "fixed": fixed}
    output("\n".join(told), document, as_json)
    if any(one.status in BAD for one in found):
        raise typer.Exit(1)


@eval_app.command("convert")
def eval_convert(
    source: Annotated[list[Path], typer.Argument(metavar="IN", help="JSONL met goudvragen die citeren.")],
    out: Annotated[Path, typer.Option("--out", help="JSONL met goudvragen die verwijzen.")],
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Maak van citaten plaatsen in de tekst, en verdeel de vragen over afstellen en rapporteren."""
    with _failing(), _catalog(store) as catalog:
        done = converted(source, catalog)
    out.write_text("".join(f"{line}\n" for line in done.lines), encoding="utf-8")
    told = [f"niet gevonden: {d.id} {d.field} in {d.document_id}: {d.quote}" for d in done.unfound]
    told += [
        f"{d.places} plaatsen, de eerste genomen: {d.id} {d.field} in {d.document_id}" for d in done.ambiguous
    ]
    told.append(f"{len(done.lines)} vragen geschreven naar {out}")
    document = {
        "written": len(done.lines),
        "unfound": [{"id": d.id, "document_id": d.document_id, "quote": d.quote} for d in done.unfound],
        "ambiguous": [{"id": d.id, "document_id": d.document_id, "places": d.places} for d in done.ambiguous],
    }
    output("\n".join(told), document, as_json)
    if done.unfound:
        raise typer.Exit(1)


@eval_app.command("run")
def eval_run(
    gold: Gold,
    out: Annotated[Path, typer.Option("--out", help="Map van de run; een onderbroken run gaat er verder.")],
    store: Store = None,
    as_json: AsJson = False,
    split: Annotated[Split | None, typer.Option("--split", help="Alleen dit deel van de vragen.")] = None,
    by: Annotated[list[str] | None, typer.Option("--by", help="Ook per " + ", ".join(FIELDS) + ".")] = None,
) -> None:
    """Stel elke goudvraag aan het gepubliceerde corpus en meet de antwoorden."""
    from evals.run import run
    from ingest.embed import load_embedder
    from retrieval.corpus import open_corpus

    fields, settings = _fields(by), settings_with(store)
    with _failing():
        questions = read_gold(gold, split)
        with open_corpus(settings.store, load_embedder(settings.embedder)) as corpus, progress() as report:
            done = run(corpus, questions, out, report=report)
    groups = {**summary(done.rows), **{name: g for f in fields for name, g in summary(done.rows, f).items()}}
    told = [
        "\n".join(
            [
                f"{group_label(name)} ({means['n']})",
                *(f"  {label(m):<26} {number(value, m):>8}" for m, value in means.items() if m != "n"),
            ]
        )
        for name, means in groups.items()
    ]
    output("\n".join(told), {"run": done.name, "snapshot": done.header.snapshot, "summary": groups}, as_json)


@eval_app.command("compare")
def eval_compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Map van de run waarmee vergeleken wordt.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Map van de nieuwe run.")],
    as_json: AsJson = False,
    by: Annotated[list[str] | None, typer.Option("--by", help="Ook per " + ", ".join(FIELDS) + ".")] = None,
) -> None:
    """Zeg wat twee runs verschillen, met intervallen, en welke vragen beter of slechter werden."""
    from evals.report import comparison_json
    from evals.run import read_run

    fields = _fields(by)
    with _failing():
        runs = read_run(a), read_run(b)
        found = compared(runs[0].rows, runs[1].rows, fields)
    told = [
        f"{group_label(d.group):<14} {label(d.measure):<26} {number(d.a, d.measure):>8} {number(d.b, d.measure):>8} "
        f"{number(d.interval.difference, d.measure):>8} [{number(d.interval.low, d.measure)} tot "
        f"{number(d.interval.high, d.measure)}] {VERDICTS[d.verdict]}"
        for d in found.differences
    ]
    for title, changes in (("Slechter", found.worse), ("Beter", found.better)):
        told.append(f"\n{title}: {len(changes)}")
        for change in changes:
            told.append(
                f"- {change.id} ({label(change.measure)}): {runs[1].questions[change.id]['question'][:200]}"
            )
            told += [f"    {name}: {_answer(run, change.id)}" for name, run in zip("AB", runs, strict=True)]
    output("\n".join(told), comparison_json(found), as_json)


@eval_app.command("report")
def eval_report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Map van de run.")],
    out: Annotated[
        Path, typer.Option("--out", help="De pagina (HTML); ernaast komt dezelfde naam met .json.")
    ],
    against: Annotated[
        Path | None, typer.Option("--against", help="Map van de run om mee te vergelijken.")
    ] = None,
    history: Annotated[
        list[Path] | None, typer.Option("--history", help="Map van een vroegere run; herhaalbaar.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Schrijf één pagina met de maten, grafieken en vragen van een run, en dezelfde cijfers als JSON."""
    from evals.report import report_html, report_json
    from evals.run import read_run

    with _failing():
        shown = read_run(run)
        baseline = read_run(against) if against else None
        past = [read_run(folder) for folder in history or ()]
        past = sorted([*past, shown], key=lambda r: (r.header.started, r.name)) if past else []
        page, document = report_html(shown, baseline, past), report_json(shown, baseline, past)
    out.write_text(page, encoding="utf-8")
    beside = out.with_suffix(".json")
    beside.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    output(f"Geschreven: {out} en {beside}", {"html": str(out), "json": str(beside)}, as_json)


@eval_app.command("history")
def eval_history(
    store: Store = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Schrijf één pagina (HTML) met de maten over de updates.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """De updates van het corpus, wat de evaluatie ervan zei en wie ze doordrukte."""
    from evals.history import history_page, history_text, read_updates

    with _failing():
        updates = read_updates(settings_with(store).store)
    if out:
        out.write_text(history_page(updates), encoding="utf-8")
    told = history_text(updates) + (f"\nGeschreven: {out}" if out else "")
    output(
        told, {"updates": [asdict(update) for update in updates], "html": str(out) if out else None}, as_json
    )


@eval_app.command("adopt")
def eval_adopt(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Schrijf de kandidaten uit de feedback naar dit bestand (JSONL)."),
    ] = None,
    accepted: Annotated[
        Path | None, typer.Option("--accept", help="Neem de volledige kandidaten van dit bestand op.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Het goudbestand waaraan ze toegevoegd worden.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--id", help="Alleen deze kandidaat; herhaalbaar.")
    ] = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Maak goudvragen van wat gebruikers juist of fout noemden; een mens vult ze aan en neemt ze op."""
    from answer.log import records
    from evals.adopt import FEEDBACK, accept, candidates, read_feedback

    if (out is None) == (accepted is None) or (accepted is None) != (into is None):
        raise typer.BadParameter(
            "geef --out om kandidaten te maken, of --accept met --into om ze op te nemen"
        )
    settings = settings_with(store)
    with _failing(), _catalog(store) as catalog:
        if accepted and into:
            done = accept(accepted, into, catalog, only or ())
            told = [f"{name}: niet opgenomen, {why}" for name, why in done.refused.items()]
            told.append(f"{len(done.added)} vragen toegevoegd aan {into}")
            output("\n".join(told), {"added": list(done.added), "refused": dict(done.refused)}, as_json)
            return
        kept = {record.id: record for record in records(answers_file(settings))}
        made = candidates(read_feedback(settings.store / FEEDBACK), kept, catalog)
    assert out is not None, "one of the two was given"
    made = [one for one in made if not only or one.line["id"] in only]
    out.write_text("".join(json.dumps(one.line, ensure_ascii=False) + "\n" for one in made), encoding="utf-8")
    told = [f"{one.line['id']}: vul aan {'; '.join(one.lacks)}" for one in made if one.lacks]
    told.append(
        f"{len(made)} kandidaten geschreven naar {out}; kijk ze na en neem ze op met --accept {out} --into GOUD"
    )
    document = {
        "candidates": [{"id": one.line["id"], "lacks": list(one.lacks)} for one in made],
        "out": str(out),
    }
    output("\n".join(told), document, as_json)


@contextmanager
def _catalog(store: Path | None) -> Iterator[Catalog]:
    with Catalog(snapshot.published(settings_with(store).store) / "catalog.sqlite") as catalog:
        yield catalog


@contextmanager
def _failing() -> Iterator[None]:
    """What an evaluation cannot go on with is one line and exit status 1."""
    try:
        yield
    except EvalError as error:
        stop(str(error))


def _answer(run: Any, name: str) -> str:
    answer = run.results.get(name, {}).get("answer") or {}
    return f"({answer.get('status', 'geen resultaat')}) {answer.get('answer', '')[:400]}"


def _fields(by: Sequence[str] | None) -> Sequence[str]:
    unknown = [field for field in by or () if field not in FIELDS]
    if unknown:
        raise typer.BadParameter(f"--by {unknown[0]!r}: kies uit {', '.join(FIELDS)}")
    return by or ()
