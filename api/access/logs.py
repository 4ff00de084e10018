"""What the process says on stderr: one JSON object a line, which never holds a question or a key.

Of what other libraries say only the place is kept, since it may quote a request; of an exception its type and
where it was raised, since its message may.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from api.access.facts import current
from api.access.keys import KEY

_OURS = ("api", "evals", "answer", "prompts", "retrieval", "ingest", "uvicorn")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON in ASCII, so that nothing in it can pass for another line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline."""
        is_ours = record.name.split(".")[0] in _OURS
        at = datetime.fromtimestamp(record.created, UTC)
        said: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": current().request_id,
            "message": KEY.sub(r"bw_\1_…", record.getMessage())
            if is_ours
            else f"{record.filename}:{record.lineno}",
        }
        if facts := getattr(record, "facts", None):
            said |= facts
        if record.exc_info and record.exc_info[1]:
            said["error"] = _told(record.exc_info[1])
        return json.dumps(said)


def log_to_stderr(level: str) -> None:
    """Have this process log as JSON on stderr; other libraries from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in _OURS[:-1]:
        logging.getLogger(name).setLevel(level.upper())


def _told(error: BaseException) -> list[dict[str, Any]]:
    """An exception and those that led to it, the last first; innermost frame last, without source or message."""
    told: list[dict[str, Any]] = []
    found: BaseException | None = error
    while found is not None and len(told) < 5:
        frames = traceback.extract_tb(found.__traceback__)[-12:]
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append({"type": type(found).__name__, "frames": places})
        found = found.__cause__ or found.__context__
    return told
