"""`wijzer corpus update`: new, changed and withdrawn documents taken over, behind the gate of the evaluation."""

import os
import pwd
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.answer import answers_file
from api.commands.progress import progress
from api.commands.terminal import AsJson, Store, note, output, stop
from api.settings import settings_with
from evals import EvalError
from evals.history import DECISIONS
from evals.labels import label, number
from ingest.embed import load_embedder

if TYPE_CHECKING:
    from evals.gate import Gated

_SHOWN_QUESTIONS = 10


def update_command(
    source: Annotated[list[Path], typer.Argument(help="Manifest, map of bestand; meer dan één mag.")],
    store: Store = None,
    as_json: AsJson = False,
    gold: Annotated[
        list[Path] | None,
        typer.Option("--gold", help="Goudvragen in plaats van die van het project; herhaalbaar."),
    ] = None,
    questions: Annotated[
        bool, typer.Option("--questions/--no-questions", help="Vragen bij de passages mee indexeren.")
    ] = True,
    force: Annotated[
        bool, typer.Option("--force", help="Publiceer ook wat tegengehouden wordt; dit wordt opgetekend.")
    ] = False,
    by: Annotated[
        str | None, typer.Option("--by", help="Wie de update doet; standaard de gebruiker van het systeem.")
    ] = None,
) -> None:
    """Neem nieuwe, gewijzigde en ingetrokken documenten over; publiceer alleen als niets slechter wordt."""
    from evals.gate import update

    settings = settings_with(store)
    try:
        with progress() as report:
            done = update(
                source,
                settings.store,
                load_embedder(settings.embedder),
                answers=answers_file(settings),
                who=by or person(),
                gold=gold or (),
                force=force,
                use_questions=questions,
                thesaurus=settings.thesaurus,
                report=report,
            )
    except EvalError as error:
        stop(f"{error} Wat gepubliceerd was, is gebleven.")
    output(told(done), done.as_json(), as_json)
    if done.decision == "kept":
        note(
            f"Niet gepubliceerd; de kandidaat {done.built.snapshot} is bewaard. Verbeter de bron of de goudvragen en doe de "
            f"update opnieuw, of publiceer toch met --force."
        )
        raise typer.Exit(1)


def person() -> str:
    """The user of the system who gives the command."""
    return pwd.getpwuid(os.getuid()).pw_name


def told(done: "Gated") -> str:
    """What an update did, for people: the counts, what stops it and for which questions, the rest, the decision."""
    built, kept = done.built, done.kept
    lines = [
        f"{built.documents} documenten, {built.passages} passages: {built.added} nieuw, {built.replaced} gewijzigd, "
        f"{built.withdrawn} ingetrokken, {built.kept} ongewijzigd.",
        *(f"Geweigerd: {rejected.message}" for rejected in built.rejected),
    ]
    lines.append(f"Goudvragen: {done.questions}, waarvan {done.compared} vergeleken met wat gepubliceerd is.")
    for name, value in done.compared_before.items():
        now = done.compared_after.get(name)
        if now is not None and now != value:
            lines.append(f"  {label(name)}: {number(value, name)} -> {number(now, name)}")
    if kept.answers:
        lines.append(
            f"Bewaarde antwoorden: {kept.answers}; verwijzingen {kept.same} geldig, {kept.moved} verschoven, "
            f"{kept.changed} gewijzigd, {kept.gone} weg."
        )
    for finding in sorted(done.findings, key=lambda f: not f.stops):
        lines.append(f"{'TEGEN ' if finding.stops else 'Let op'} {finding.message}")
        if finding.questions:
            more = "…" if len(finding.questions) > _SHOWN_QUESTIONS else ""
            lines.append(f"       vragen: {', '.join(finding.questions[:_SHOWN_QUESTIONS])}{more}")
    lines.append(f"Publicatie {built.snapshot}: {DECISIONS[done.decision]}.")
    return "\n".join(lines)
