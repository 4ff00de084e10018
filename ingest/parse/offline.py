"""unstructured as a library that reads: no download, no telemetry, no advertisement.

At import it calls home, at each call it reports what it read, and on first use it downloads an English model.
None of that is needed: its sentence counts only decide labels that `elements` does not use.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_OPT_OUT = {"DO_NOT_TRACK": "1", "SCARF_NO_ANALYTICS": "1", "UNSTRUCTURED_DISABLE_NOTICE": "1"}


def partitioned(kind: str, **source: Any) -> list[Any]:
    """The elements that unstructured makes of a source; `kind` is docx (`file=`) or html (`text=`).

    Takes no `url`: nothing is fetched. Raises: whatever unstructured raises for content that it cannot read.
    """
    assert "url" not in source
    with _opted_out():
        return list(_partitioner(kind)(languages=["nld"], **source))


@contextmanager
def _opted_out() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _OPT_OUT}
    os.environ.update(_OPT_OUT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _partitioner(kind: str) -> Callable[..., list[Any]]:
    from unstructured.nlp import tokenize

    tokenize._get_nlp = _dutch_sentences
    if kind == "docx":
        from unstructured.partition.docx import partition_docx

        return partition_docx  # type: ignore[no-any-return]
    from unstructured.partition.html import partition_html

    return partition_html  # type: ignore[no-any-return]


@cache
def _dutch_sentences() -> Any:
    import spacy

    language = spacy.blank("nl")
    language.add_pipe("sentencizer")
    return language
