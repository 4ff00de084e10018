"""Whether the templates can be filled in and hold what a language model needs; no model is asked."""

from collections.abc import Iterator
from importlib.resources import files
from string import Template as Placeholders

from answer.model_prompt import inert, prompt_for
from answer.model_read import SCHEMA
from evals.gate_records import Finding, broken
from ingest.analysis import tokens
from prompts.messages import sentences
from prompts.templates import template
from retrieval.corpus import Corpus
from retrieval.search import search

_DELIMITER, _CONTEXT, _LANGUAGES = "c0de", 24_000, {"nl", "fr", "en"}
_PASSAGES = 3


def prompts(corpus: Corpus) -> list[Finding]:
    """The templates that are broken, each with what is wrong with it."""
    try:
        wrong = [*_templates(), *_messages(), *_filled(corpus)]
    except (KeyError, ValueError, AssertionError, OSError) as error:
        wrong = [f"niet in te vullen ({error})"]
    return broken("prompts", len(wrong), f"{'; '.join(wrong)}.")


def _templates() -> Iterator[str]:
    for entry in files("prompts").iterdir():
        if entry.name.endswith(".md") and not Placeholders(template(entry.name[:-3]).text).is_valid():
            yield f"{entry.name} heeft een ongeldige $"


def _messages() -> Iterator[str]:
    """A sentence that lacks a language, or whose languages do not have the same placeholders."""
    for name, written in sentences().items():
        names = {frozenset(Placeholders(text).get_identifiers()) for text in written.values()}
        if set(written) != _LANGUAGES or len(names) > 1:
            yield f"zin {name} heeft niet in elke taal dezelfde plaatsen"


def _filled(corpus: Corpus) -> Iterator[str]:
    """What a prompt over real passages lacks: the question, the words of a passage, the marks, the form of the reply."""
    if not corpus.passages:
        return
    question = " ".join(tokens(corpus.passages[0].text)[:8])
    shown = search(corpus, question, k=_PASSAGES)
    prompt = prompt_for(question, (), shown, _DELIMITER, _CONTEXT)
    if inert(question, _DELIMITER) not in prompt.user:
        yield "de vraag ontbreekt"
    if any(inert(e.passage.text, _DELIMITER) not in prompt.user for e in prompt.shown):
        yield "de passages ontbreken"
    if prompt.user.count(f"{_DELIMITER} BEGIN") < len(prompt.shown) + 1 or _DELIMITER not in prompt.system:
        yield "de marken rond de gegevens ontbreken"
    fields = (*SCHEMA["properties"], *SCHEMA["properties"]["claims"]["items"]["properties"])
    lacking = [name for name in fields if name not in prompt.system]
    if lacking:
        yield f"de opdracht noemt {', '.join(lacking)} niet"
