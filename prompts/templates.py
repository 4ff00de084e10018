"""The templates by name: each is a file with its version on the first line, known by the hash of the whole file."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template as Placeholders

_VERSION = "versie: "


@dataclass(frozen=True, slots=True)
class Template:
    """One file of `prompts/`; `sha256` is that of its bytes."""

    name: str
    version: str
    sha256: str
    text: str

    def render(self, **values: str) -> str:
        """The text with its `$names` filled in once: a `$` inside a value stays what it is. Raises: KeyError."""
        return Placeholders(self.text).substitute(values)


@cache
def template(name: str) -> Template:
    """The template `prompts/NAME.md`. Raises: FileNotFoundError."""
    written = (files("prompts") / f"{name}.md").read_bytes()
    first, _, text = written.decode().partition("\n")
    assert first.startswith(_VERSION), f"prompts/{name}.md opens with `{_VERSION}N`"
    sha256 = hashlib.sha256(written).hexdigest()
    return Template(name, first.removeprefix(_VERSION).strip(), sha256, text.lstrip("\n"))


def joint_hash(*templates: Template) -> str:
    """One hash for the templates that make one prompt, in their order."""
    return hashlib.sha256("\n".join(t.sha256 for t in templates).encode()).hexdigest()
