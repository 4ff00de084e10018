"""The fixed sentences of refusals in the language of the question."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template as Placeholders

from prompts.messages import sentences


def said(name: str, language: str, /, **values: object) -> str:
    """The sentence `[name]` of the messages in `nl`, `fr` or `en`, its `$names` filled in. Raises: KeyError."""
    return Placeholders(_sentences()[name][language]).substitute(values)


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    """Those that every door shares, and those of refusals."""
    own: dict[str, dict[str, str]] = tomllib.loads(
        (files("answer") / "refuse_messages.toml").read_text(encoding="utf-8")
    )
    return {**sentences(), **own}
