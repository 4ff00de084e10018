"""The fixed sentences of answers and refusals in the language of the question; quotes of the documents stay Dutch."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template as Placeholders


def message(name: str, language: str, /, **values: object) -> str:
    """The sentence `[name]` of `prompts/messages.toml` in `nl`, `fr` or `en`, its `$names` filled in once.

    `message("unknown_date", "en", date="2021-05-01")` -> `"The documents held here mention nothing on 2021-05-01."`
    Raises: KeyError for an unknown name or language, or a value that is missing.
    """
    return Placeholders(sentences()[name][language]).substitute(values)


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by name and language, with its placeholders."""
    table: dict[str, dict[str, str]] = tomllib.loads(
        (files("prompts") / "messages.toml").read_text(encoding="utf-8")
    )
    return table
