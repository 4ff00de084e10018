"""Every request seen from outside: its id, one line in the log, one row in the audit log, its place in the figures."""

import logging
import re
import time
import uuid
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.audit import Row, append
from api.access.facts import Facts, begin
from api.access.metrics import Metrics
from api.access.scopes import OPEN, row_of, template_of
from ingest import StoreDamaged

# Without an underscore, so that a key cannot pass for a request id.
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{7,63}")
_METHOD = re.compile(r"[A-Z]{1,10}")
LEFT = 499  # the client was gone before there was a response
_log = logging.getLogger(__name__)


class Observed:
    """Gives each request its id and tells afterwards what became of it, wherever it was stopped."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, audit: Path | None = None, *, keeps_questions: bool = False
    ) -> None:
        self.app = app
        self.metrics, self.audit, self.keeps_questions = metrics, audit, keeps_questions
        self._writing = CapacityLimiter(1)  # the log takes one writer at a time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with an id, and tell afterwards."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        at, started, status = datetime.now(UTC), time.perf_counter(), LEFT
        facts = Facts(_request_id(scope))
        begin(facts)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = facts.request_id
            await send(message)

        try:
            with self.metrics.in_flight.track_inprogress():
                await self.app(scope, receive, send_with_id)
        finally:
            await self._tell(scope, facts, at, status, time.perf_counter() - started)

    async def _tell(self, scope: Scope, facts: Facts, at: datetime, status: int, seconds: float) -> None:
        row = Row(
            request_id=facts.request_id,
            at=at.isoformat(timespec="milliseconds"),
            key=facts.key,
            method=scope["method"] if _METHOD.fullmatch(scope["method"]) else "?",
            route=template_of(scope),
            status=status,
            snapshot=facts.snapshot,
            mode=facts.mode,
            outcome=facts.outcome,
            evidence=facts.evidence,
            ms=round(seconds * 1_000),
        )
        self.metrics.served(row.method, row.route, status, seconds)
        is_quiet = row_of(scope["path"]) in OPEN and status < 400
        _log.log(logging.DEBUG if is_quiet else logging.INFO, "verzoek", extra={"facts": _known(row)})
        if self.audit is not None:
            kept = replace(row, questions=tuple(facts.questions)) if self.keeps_questions else row
            await self._keep(self.audit, kept)

    async def _keep(self, audit: Path, row: Row) -> None:
        try:
            with CancelScope(shield=True):
                await to_thread.run_sync(append, audit, row, limiter=self._writing)
        except (
            StoreDamaged
        ) as error:  # the response is out: say it where the maintainer looks, with the row itself
            self.metrics.audit_failures.inc()
            _log.error("auditregel niet bewaard: %s", error, extra={"facts": _known(row)})


def _known(row: Row) -> dict[str, Any]:
    return {
        name: value
        for name, value in asdict(row).items()
        if value is not None and name not in ("at", "request_id", "questions")
    }


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
