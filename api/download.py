"""A response that a browser keeps as a file."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")


def download(data: bytes | str, name: str) -> Response:
    """A file to keep under a name of any characters, which ends in csv, docx, html, json or md. Source: RFC 6266."""
    told = f'filename="{name}"' if _PLAIN.fullmatch(name) else f"filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": f"attachment; {told}"}
    return Response(data, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
