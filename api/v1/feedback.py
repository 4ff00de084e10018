"""What a program's users think of an answer that was kept, for the evaluation; nothing says who judged."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from answer.log import find
from api.bodies import FeedbackBody
from api.problem import Problem
from api.service import In
from api.v1.models import Judged
from evals.adopt import Feedback, keep_feedback

routes = APIRouter(tags=["Vragen"])


@routes.post(
    "/v1/feedback",
    status_code=201,
    response_model=Judged,
    summary="Een antwoord beoordelen",
    description='Bewaart een oordeel over een bewaard antwoord (`"keep": true` bij de vraag geeft zijn `answer_id`).',
)
async def feedback_v1(body: FeedbackBody, service: In) -> Response:
    """Keep a judgement of a kept answer."""

    def job() -> Response:
        record = find(service.answers, body.answer_id)
        if record is None:
            raise Problem(
                404, 'Dit antwoord is niet bewaard; stel de vraag met "keep": true en gebruik haar answer_id.'
            )
        at = datetime.now(UTC).isoformat(timespec="seconds")
        judged = Feedback(at, record.id, record.entry.question, body.verdict, body.comment)
        keep_feedback(service.store, judged)
        return JSONResponse({"answer_id": record.id, "verdict": body.verdict, "at": at}, 201)

    return await service.work(job)
