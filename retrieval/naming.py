"""How an answer names a decision: `(‘Startpremie’, 2021-03-12, principieel, http://themis…)`; written and read back here."""

import re
from typing import get_args

from ingest.records import Metadata, Stage

NAMED = re.compile(
    r"\(‘(?P<title>[^\n]{1,600}?)’, (?P<date>\d{4}(?:-\d\d(?:-\d\d)?)?|None)"
    rf"(?:, (?P<stage>{'|'.join(get_args(Stage))}))?(?:, (?P<uri>https?://[^\s)]+))?\)"
)


def named(meta: Metadata, title: str | None = None) -> str:
    """A decision with its title (or as `title` writes it), date, stage and URI, as far as it has them."""
    parts = (f"‘{title or meta.title}’", str(meta.date), meta.stage, meta.uri)
    return f"({', '.join(part for part in parts if part)})"
