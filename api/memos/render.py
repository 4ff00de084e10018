"""A memo in each format that it is given out in, and read back from the one that keeps everything."""

import json
from collections.abc import Callable, Mapping
from functools import cache

from pydantic import TypeAdapter, ValidationError

from answer.memo_records import Memo
from api.memos import MemosError
from api.memos.docx_memo import as_docx
from api.memos.markdown import as_markdown
from api.memos.render_html import as_html


class Unreadable(MemosError):
    """These bytes are no memo: what was found and what to do, in one Dutch sentence."""


def as_json(memo: Memo) -> bytes:
    """The memo as one JSON document in UTF-8, from which `read` makes an equal memo."""
    return json.dumps(memo.as_json(), ensure_ascii=False, indent=1).encode() + b"\n"


def read(data: bytes) -> Memo:
    """The memo that `as_json` wrote. Raises: Unreadable."""
    try:
        return _memos().validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "het begin"
        raise Unreadable(
            f"Dit is geen memo in JSON: bij {place} staat iets anders dan verwacht ({first['type']}); "
            "maak de memo opnieuw met `wijzer memo`."
        ) from error


@cache
def _memos() -> TypeAdapter[Memo]:
    return TypeAdapter(Memo)


FORMATS: Mapping[str, Callable[[Memo], bytes]] = {
    "md": as_markdown,
    "html": as_html,
    "docx": as_docx,
    "json": as_json,
}
