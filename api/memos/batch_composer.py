"""What every run makes its memos with: the composer of `answer`, the formats, and the comparison of two versions."""

from collections.abc import Mapping
from functools import partial

from answer.memo import evidence_of, memo
from answer.memo_records import Memo
from api.memos.batch_changes import said
from api.memos.batch_records import Composer
from api.memos.difference import difference
from api.memos.difference_show import docx, page
from api.memos.render import FORMATS
from api.memos.state import CHANGED
from ingest.chat import ChatModel


def composer(model: ChatModel | None, made_on: str) -> Composer:
    """The composer of a run: extractive without a model; `made_on` is the date that the memos bear."""
    return Composer(partial(memo, model=model, made_on=made_on), evidence_of, FORMATS, compare)


def compare(old: Memo, new: Memo) -> tuple[tuple[str, ...], Mapping[str, bytes]]:
    """What changed in lines, and the comparison as page and as Word document, by suffix."""
    found = difference(old, new)
    return said(old, new, found), {f"{CHANGED}.html": page(found), f"{CHANGED}.docx": docx(found)}
