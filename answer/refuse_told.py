"""What the best passages tell of a question's subject, clause by clause: how much of the subject each clause holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from answer.extract import nearest
from answer.records import Citation, Refusal
from answer.weighing import rarity
from ingest.analysis import content_words, stems, tokens
from ingest.reading import cleaned, sentences
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.language import in_dutch
from retrieval.query import Query
from retrieval.records import Evidence

_READ = 8  # passages that are read beside what is cited
_LONGEST = 300  # characters of a sentence that a correction quotes whole
_FROM_CONTEXT = 0.5  # what a word is worth that only the sentence around a clause or the headings above have
_COMPOUND = 6  # letters from which a word may be a part of a compound
_CLAUSE_END = re.compile(r"[,;:]\s+|\s+[–-]\s+")


@dataclass(frozen=True, slots=True)
class Told:
    """A clause of a sentence that `citation` holds; `about` is the share of the subject that it speaks of, 0..1.

    `own` is the share that stands in the clause itself.
    """

    clause: str
    sentence: str
    citation: Citation
    about: float
    own: float


def subject(corpus: Corpus, query: Query, disputed: str = "") -> dict[str, float]:
    """The stems of the question's content words by rarity, without those in dispute and without numbers."""
    left = set(stems(tokens(disputed)))
    words = [
        w for w in content_words(f"0 {in_dutch(query.text, query.language)}") if not any(map(str.isdigit, w))
    ]
    asked = [stem for stem in dict.fromkeys(stems(words)) if stem not in left]
    return rarity(corpus, [(stem, 1.0) for stem in asked], "stems")


def ends(words: str) -> str:
    """The first and the last word, which name what is in dispute: `"sluit werken aan het dak uit"` -> `"sluit uit"`."""
    first, *others = words.split()
    return " ".join((first, *others[-1:]))


def told(
    weights: Mapping[str, float], citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> list[Told]:
    """Every clause of what is cited and of the best passages, the most about the subject first."""
    shown = [*citations, *nearest([e for e in evidence if e.meta.kind != "memo"], most=_READ)]
    clauses = {t.clause: t for citation in reversed(shown) for t in _of(weights, citation)}
    return sorted(clauses.values(), key=lambda t: -t.about)


def put_right(query: Query, clause: Told) -> Refusal:
    """The refusal of a false premise by what a clause says instead; of a long sentence only the clause is quoted."""
    quote = clause.sentence if len(clause.sentence) <= _LONGEST else f"… {clause.clause.strip()} …"
    return Refusal(
        "false_premise", message("said_otherwise", query.reply_in, quote=quote), (clause.citation,)
    )


def holds(stem: str, words: set[str]) -> bool:
    """Whether a word is among others, or a part of a compound there: `premie` in `{"transitiepremie"}`."""
    return stem in words or (
        len(stem) >= _COMPOUND and any(stem in w or (len(w) >= _COMPOUND and w in stem) for w in words)
    )


def _of(weights: Mapping[str, float], citation: Citation) -> Iterator[Told]:
    total = sum(weights.values())
    above = set(stems(tokens(" ".join((citation.title, *citation.section)))))
    for start, end in sentences(citation.text):
        sentence = cleaned(citation.text[start:end])
        around = above | set(stems(tokens(sentence)))
        context = sum(w for s, w in weights.items() if holds(s, around))
        for clause in _CLAUSE_END.split(sentence):
            here = set(stems(tokens(clause)))
            own = sum(w for s, w in weights.items() if holds(s, here))
            if total and own:
                about = (own + _FROM_CONTEXT * (context - own)) / total
                yield Told(clause, sentence, replace(citation, n=1), about, own / total)
