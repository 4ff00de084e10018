"""The language-model composer: a model proposes claims, and what does not stand in its sources never leaves here.

The model is taken for compromised: it may have obeyed anything that it read. So nothing of it reaches the reader
but plain sentences whose quotes stand in the passages shown and which verification lets through; titles, dates
and links are those of the corpus.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from answer.model_prompt import Prompt, prompt_for
from answer.model_quote import cited, find_quote
from answer.model_read import SCHEMA, ClaimReader, Proposed
from answer.model_text import as_title, is_order, plain
from answer.records import Citation, Claim, Reason
from answer.verify import Verdict
from ingest.analysis import content_words, stems
from ingest.chat import ChatModel, Reply
from ingest.chat_fault import Failure
from ingest.parse.invisible import one_line
from retrieval.corpus import Corpus
from retrieval.naming import named
from retrieval.records import Evidence, Turn

Check = Callable[[Corpus, str, str, Sequence[Citation]], Verdict]
OnClaim = Callable[[Claim, tuple[Citation, ...]], None]

MOST_CLAIMS = 8
MOST_CITATIONS = 3
_MOST_QUOTES = 6
_LONGEST_KEPT = 700  # characters of a dropped claim that the trace keeps

_MESSAGES = {
    "timeout": "Het taalmodel antwoordde niet op tijd.",
    "refused": "Het taalmodel gaf geen antwoord op deze vraag.",
    "broken_off": "Het antwoord van het taalmodel brak af.",
    "garbage": "Het antwoord van het taalmodel was niet te lezen.",
    "empty": "Het taalmodel gaf een leeg antwoord.",
    "too_large": "Het antwoord van het taalmodel was te lang en is niet verder gelezen.",
    "unreachable": "Het taalmodel is niet bereikbaar of overbelast.",
    "error": "Het taalmodel kon de vraag niet verwerken.",
    "unsupported": "Geen enkele zin van het taalmodel stond in de bronnen.",
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that the reader does not get, and the Dutch reasons; for the trace."""

    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """What held. `prompt_hash` is that of the templates, `output_sha256` that of the reply as far as it was read."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]
    prompt_hash: str
    model: str
    output_sha256: str


@dataclass(frozen=True, slots=True)
class ModelFailed:
    """Why the model gave no answer; `reason` is what a refusal named, `detail` is for the operator's log."""

    kind: Failure | Literal["empty", "unsupported"]
    message: str
    detail: str
    reason: Reason | None
    dropped: tuple[Dropped, ...]
    prompt_hash: str
    model: str
    output_sha256: str


@dataclass(slots=True)
class _Draft:
    """The answer as far as it has come: citations by their span, in the order in which they were first needed."""

    claims: list[Claim] = field(default_factory=list)
    citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)


def compose_with_model(
    corpus: Corpus,
    question: str,
    history: Sequence[Turn],
    evidence: Sequence[Evidence],
    model: ChatModel,
    check: Check,
    *,
    on_claim: OnClaim | None = None,
    checkpoint: Callable[[], None] | None = None,
) -> Composed | ModelFailed:
    """Have the model answer from the evidence; each claim is checked as it comes, and what fails is dropped.

    `on_claim` gets a claim with the citations that it is the first to need, as soon as it holds. A reply that
    breaks off afterwards is a failure all the same: half an answer may lack its `maar`, so what was shown of it
    is to be withdrawn. `checkpoint` is that of `ChatModel.read`.
    """
    prompt = prompt_for(question, history, evidence, secrets.token_hex(8), model.settings.context)
    draft, reader = _Draft(), ClaimReader()

    def on_text(text: str) -> bool:
        for proposed in reader.feed(text):
            if len(draft.claims) == MOST_CLAIMS:
                return True
            _weigh(corpus, question, prompt, proposed, check, draft, on_claim)
        return reader.is_complete or reader.is_garbage

    reply = model.read(prompt.system, prompt.user, schema=SCHEMA, on_text=on_text, checkpoint=checkpoint)
    output = hashlib.sha256(reply.text.encode("utf-8", "surrogatepass")).hexdigest()
    kind = _failure(reply, reader, draft)
    traced = (tuple(draft.dropped), prompt.sha256, model.name, output)
    if kind:
        return ModelFailed(kind, _MESSAGES[kind], reply.detail, reader.refusal, *traced)
    return Composed(tuple(draft.claims), tuple(draft.citations.values()), *traced)


def _failure(
    reply: Reply, reader: ClaimReader, draft: _Draft
) -> Failure | Literal["empty", "unsupported"] | None:
    """What became of a reply; None when it ended well and something of it held."""
    if reply.failure:
        return reply.failure
    if len(draft.claims) == MOST_CLAIMS or (reader.is_complete and draft.claims):
        return None
    if reader.is_complete:
        return "refused" if reader.refusal else "unsupported" if draft.dropped else "empty"
    if not reply.text.strip():
        return "empty"
    return "garbage" if reader.is_garbage or not reader.has_begun else "broken_off"


def _weigh(
    corpus: Corpus,
    question: str,
    prompt: Prompt,
    proposed: Proposed | None,
    check: Check,
    draft: _Draft,
    on_claim: OnClaim | None,
) -> None:
    """Put a proposed claim into the draft, or among what was dropped."""
    weighed = _claim(corpus, question, prompt, proposed, check, draft)
    if isinstance(weighed, Dropped):
        draft.dropped.append(weighed)
        return
    claim, citations = weighed
    new = tuple(c for c in citations if _span(c) not in draft.citations)
    draft.citations.update((_span(c), c) for c in new)
    draft.claims.append(claim)
    if on_claim:
        on_claim(claim, new)


def _claim(
    corpus: Corpus, question: str, prompt: Prompt, proposed: Proposed | None, check: Check, draft: _Draft
) -> tuple[Claim, tuple[Citation, ...]] | Dropped:
    """The claim with its citations when its form, its quotes and what it says all hold."""
    if proposed is None:
        return Dropped("", ("Niet in de gevraagde vorm.",))
    text, spans = plain(proposed.text), list(dict.fromkeys(_spans(corpus, prompt, proposed)))
    reasons = tuple(_faults_of_form(text, proposed, spans, prompt, draft))
    citations = tuple(_numbered(corpus, (span for span in spans if span), draft))
    if text and not reasons:
        verdict = check(corpus, question, text, citations)
        if verdict.holds:
            claim = Claim(_named(corpus, text, citations), tuple(c.n for c in citations), verdict.figures)
            return claim, citations
        reasons = tuple(fault.detail for fault in verdict.faults)
    return Dropped(one_line(proposed.text)[:_LONGEST_KEPT], reasons)


def _faults_of_form(
    text: str | None,
    proposed: Proposed,
    spans: Sequence[tuple[Evidence, int, int] | None],
    prompt: Prompt,
    draft: _Draft,
) -> Iterator[str]:
    if text is None:
        yield "De zin bevat een link, opmaak of tekens die niet in een antwoord horen."
    if not proposed.passages or any(not 1 <= k <= len(prompt.shown) for k in proposed.passages):
        yield "De zin noemt geen passage, of een die niet is voorgelegd."
    if not proposed.quotes:
        yield "De zin heeft geen citaat."
    if None in spans:
        yield "Een citaat staat niet letterlijk in de genoemde passages."
    quoted = [
        item.passage.text[start - item.passage.start : end - item.passage.start]
        for item, start, end in filter(None, spans)
    ]
    if text and quoted and not _speaks_of(text, " ".join(quoted)):
        yield "De zin heeft geen woord gemeen met wat hij aanhaalt."
    if any(is_order(words) for words in quoted):
        yield "Een citaat is een opdracht, geen mededeling."
    if len(spans) > MOST_CITATIONS or len(proposed.quotes) > _MOST_QUOTES:
        yield f"De zin rust op meer dan {MOST_CITATIONS} plaatsen."
    if text and any(claim.text.startswith(text) for claim in draft.claims):
        yield "De zin herhaalt een eerdere."


def _speaks_of(text: str, quoted: str) -> bool:
    """Whether the words quoted bear on the sentence at all: titles and headings alone, which may say anything, do not."""
    return not set(stems(content_words(text))).isdisjoint(stems(content_words(quoted)))


def _spans(corpus: Corpus, prompt: Prompt, proposed: Proposed) -> Iterator[tuple[Evidence, int, int] | None]:
    """Where each quote stands, in the first of the named passages that holds it; None for one that none holds."""
    named = [prompt.shown[k - 1] for k in proposed.passages[:_MOST_QUOTES] if 1 <= k <= len(prompt.shown)]
    for quote in proposed.quotes[:_MOST_QUOTES]:
        found = ((item, find_quote(corpus, item, quote)) for item in named)
        yield next(((item, *span) for item, span in found if span), None)


def _numbered(
    corpus: Corpus, spans: Iterator[tuple[Evidence, int, int]], draft: _Draft
) -> Iterator[Citation]:
    """The citations of spans: one that is cited already keeps its number."""
    n = len(draft.citations)
    for item, start, end in spans:
        known = draft.citations.get((item.meta.id, start, end))
        n += known is None
        yield known or cited(corpus, n, item, start, end)


def _span(citation: Citation) -> tuple[str, int, int]:
    return citation.document_id, citation.start, citation.end


def _named(corpus: Corpus, text: str, citations: Sequence[Citation]) -> str:
    """The sentence with the decisions that it rests on, each as the corpus has it."""
    decisions = dict.fromkeys(c.document_id for c in citations if c.kind == "beslissing")
    metas = [corpus.metadata(name) for name in decisions]
    return text + "".join(f" {named(meta, as_title(meta.title))}" for meta in metas)
