"""Prose of a language model for a memo, theme by theme: what verification lets through, and nothing else.

The model sees the decisions of one theme as marked passages and is asked as for any answer; each sentence is checked
as it comes. A decision that no sentence speaks of keeps its extractive claim, so that none is lost.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answer.memo_files import File
from answer.memo_records import Theme
from answer.model_compose import ModelFailed, compose_with_model
from answer.records import Citation, Claim, Trace
from answer.verify import check
from ingest.chat import ChatModel
from prompts.templates import template
from retrieval.corpus import Corpus
from retrieval.naming import NAMED
from retrieval.records import Evidence

MOST_SENTENCES = 5
MOST_PROMISES = 6
NOTICE = (
    "Het taalmodel kon niet elk thema beschrijven ({reason}); daar staan zinnen uit de beslissingen zelf."
)
# What `compose_with_model` puts behind a sentence for a chat; a memo has its list of references.
_NAMED = re.compile(rf"(?: {NAMED.pattern})$")

Number = Callable[[Citation], int]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A theme as it is without a model: the claims of each file, and the promises that the files carry out."""

    title: str
    parts: tuple[tuple[File, tuple[Claim, ...]], ...]
    promises: tuple[str, ...]

    @property
    def theme(self) -> Theme:
        """The claims of all files, in their order."""
        return Theme(self.title, tuple(claim for _, claims in self.parts for claim in claims))


@dataclass(frozen=True, slots=True)
class Written:
    """The themes as they became, what the model had to do with them, and what a reader has to know of it."""

    themes: tuple[Theme, ...]
    trace: Trace | None
    notice: str | None


def written_by(
    corpus: Corpus,
    model: ChatModel,
    section: str,
    extractive: Sequence[Drafted],
    number: Number,
) -> Written:
    """The themes in the model's words.

    `number` gives the number that a citation has in the memo. A theme that the model fails at stays as it was.
    """
    themes: list[Theme] = []
    outputs: list[str] = []
    failed: list[str] = []
    prompt = ""
    for drafted in extractive:
        question = template("memo_theme").render(
            theme=drafted.title,
            section=section,
            promises="\n".join(f"- {text}" for text in drafted.promises[:MOST_PROMISES]),
            most=str(MOST_SENTENCES),
        )
        composed = compose_with_model(
            corpus, question, (), _passages(corpus, [file for file, _ in drafted.parts]), model, check
        )
        outputs.append(composed.output_sha256)
        prompt = composed.prompt_hash
        if isinstance(composed, ModelFailed):
            failed.append(composed.message)
            themes.append(drafted.theme)
        else:
            claims = tuple(_own(claim, composed.citations, number) for claim in composed.claims)
            told = {c.document_id for c in composed.citations}
            themes.append(Theme(drafted.title, (*claims, *_left(drafted, told))))
    trace = (
        Trace(model.name, prompt, hashlib.sha256("\n".join(outputs).encode()).hexdigest())
        if outputs
        else None
    )
    reason = failed[0].rstrip(".").lower() if failed else ""
    return Written(tuple(themes), trace, NOTICE.format(reason=reason) if failed else None)


def _passages(corpus: Corpus, files: Sequence[File]) -> list[Evidence]:
    """The passages of the decisions, the last stage of each file first, then what came before."""
    ordered = [file.last for file in files]
    ordered += [meta for file in files for meta in file.decisions if meta not in ordered]
    return [Evidence(corpus.passages[row], meta, 1.0) for meta in ordered for row in corpus.rows_of(meta.id)]


def _own(claim: Claim, citations: Sequence[Citation], number: Number) -> Claim:
    """A sentence with the memo's numbers, without the decision's name behind it."""
    cited = tuple(number(c) for c in citations if c.n in claim.citations)
    return Claim(_NAMED.sub("", claim.text), tuple(dict.fromkeys(cited)), claim.figures)


def _left(drafted: Drafted, told: set[str]) -> list[Claim]:
    """The extractive claims of files that no sentence of the model speaks of."""
    silent = (claims for file, claims in drafted.parts if not any(meta.id in told for meta in file.decisions))
    return [claim for claims in silent for claim in claims]
