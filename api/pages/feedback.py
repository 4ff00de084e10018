"""What a reader thinks of an answer: kept with the answer, for the evaluation; who it was is not kept."""

from datetime import UTC, datetime
from typing import get_args

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from answer.log import append
from api.bodies import harmless
from api.pages.environment import render
from api.pages.forms import Form, answer
from api.pages.sealed import Sealing
from api.problem import Problem
from api.service import In
from evals.adopt import Feedback, Verdict, keep_feedback

LONGEST_REMARK = 2_000
routes = APIRouter()


@routes.post("/antwoord/oordeel")
async def judged(form: Form, seal: Sealing, service: In) -> Response:
    """Keep a judgement of an answer that this server gave, and the answer itself."""
    entry, remark = answer(form, seal), harmless(form.one("opmerking")).strip()
    verdict = next((known for known in get_args(Verdict) if known == form.one("oordeel")), None)
    if verdict is None:
        raise Problem(422, "Kies of het antwoord juist is, fout is, of naar de verkeerde plaats verwijst.")
    if len(remark) > LONGEST_REMARK:
        raise Problem(422, f"Een opmerking mag hoogstens {LONGEST_REMARK} tekens hebben.")

    def keep() -> None:
        record = append(service.answers, entry)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        keep_feedback(service.store, Feedback(at, record.id, entry.question, verdict, remark))

    await service.work(keep)
    return HTMLResponse(render("judged.html"))
