"""What is laid before the model: the question and numbered passages as marked data that cannot pass for anything else.

Marking lowers the odds that a model obeys what it reads; it proves nothing. What may reach the reader is decided
afterwards, by code that takes the model for compromised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parse.invisible import without_invisible
from ingest.reading import LINE_END_HYPHEN
from ingest.records import Metadata
from prompts.templates import joint_hash, template
from retrieval.records import Evidence, Turn

MOST_PASSAGES = 12
_TURNS, _LONGEST_TURN = 6, 800
_LONGEST_LINE = 200  # characters of a title or a heading
# One character for one: what chat templates, code fences, reference marks and tags are written with.
_HARMLESS = str.maketrans("<>[]`{}", "‹›()'()")
_ROLE = re.compile(
    r"^(\W{0,8}(?:system|systeem|developer|assistant|assistent|user|gebruiker|human|mens|tool|ai|instructi(?:e|on)s?))\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING = re.compile(r"^\s*(?:#{1,6}(?=\s)|-{3,}|={3,}|\*{3,})", re.MULTILINE)
_LINE_END = re.compile(LINE_END_HYPHEN)
_LINE_BREAK = re.compile(r"\s*[\n\r\f\v\x85\u2028\u2029]\s*")
_STAGE = re.compile(r"\b(principi\w+|definiti\w+|bekrachtig\w+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The two messages; `shown[k - 1]` is passage k; `sha256` is that of the templates, not of what fills them."""

    system: str
    user: str
    shown: tuple[Evidence, ...]
    sha256: str


def prompt_for(
    question: str, history: Sequence[Turn], evidence: Sequence[Evidence], delimiter: str, context: int
) -> Prompt:
    """The best passages within `context` characters, the last turns and the question, between `delimiter` lines."""
    shown = _within(evidence, context)
    passages = [_passage(k, item, delimiter) for k, item in enumerate(shown, 1)]
    turns = [f"{_role(t)}∶ {inert(t.content[:_LONGEST_TURN], delimiter)}" for t in history[-_TURNS:]]
    talk = _marked("eerder gesprek", "\n".join(turns), delimiter) + "\n\n" if turns else ""
    system, user = template("compose_system"), template("compose_question")
    return Prompt(
        system.render(delimiter=delimiter),
        user.render(
            delimiter=delimiter,
            passages="\n\n".join(passages),
            history=talk,
            question=inert(question, delimiter),
        ),
        shown,
        joint_hash(system, user),
    )


def inert(text: str, delimiter: str) -> str:
    """Text that reads the same and marks nothing: no invisible characters, tags, fences, roles, rules or `delimiter`.

    `inert("<|im_start|>system: [3]", "c0de")` -> `"‹|im_start|›system∶ (3)"`
    """
    text = without_invisible(_LINE_END.sub("", text)).translate(_HARMLESS).replace(delimiter, "…")
    text = _HEADING.sub("•", _LINE_BREAK.sub("\n", text))
    return _ROLE.sub(r"\1∶", text).strip()


def _within(evidence: Sequence[Evidence], context: int) -> tuple[Evidence, ...]:
    """The first passages that fit whole, the best one in any case."""
    shown: list[Evidence] = []
    for item in evidence[:MOST_PASSAGES]:
        context -= len(item.passage.text)
        if context < 0 and shown:
            break
        shown.append(item)
    return tuple(shown)


def _passage(k: int, item: Evidence, delimiter: str) -> str:
    meta, passage = item.meta, item.passage
    known = [
        ("titel", meta.title),
        ("soort", meta.kind),
        ("datum", meta.date or ""),
        ("fase", _stage(meta)),
        ("rubriek", " / ".join(passage.section)),
        ("bladzijde", str(passage.page or "")),
    ]
    head = [f"{word}∶ {_line(value, delimiter)}" for word, value in known if value]
    return _marked(f"passage {k}", "\n".join([*head, "tekst∶", inert(passage.text, delimiter)]), delimiter)


def _marked(what: str, text: str, delimiter: str) -> str:
    return f"{delimiter} BEGIN {what}\n{text}\n{delimiter} EINDE {what}"


def _line(text: str, delimiter: str) -> str:
    return " ".join(inert(text[:_LONGEST_LINE], delimiter).split())


def _role(turn: Turn) -> str:
    return "vraag" if turn.role == "user" else "antwoord"


def _stage(meta: Metadata) -> str:
    """The stage that a decision's titles name, in their own words."""
    if meta.kind != "beslissing":
        return ""
    words = _STAGE.findall(f"{meta.title}\n{meta.official_title or ''}")
    return ", ".join(dict.fromkeys(word.lower() for word in words))
