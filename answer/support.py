"""How well what is cited supports an answer to the question: a probability of being right, and the least that is shown.

    questions written for the passages -> odds that this one is answered -> refusal below the least
    features of question, citations and evidence -> logistic score -> refusal below the threshold

Weights and thresholds are data: `calibration.json` in the snapshot's folder, written by `evals.calibrate`; without
one, that of this package. Figures of the ledger are not weighed: they are read from their cells.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from answer.asked_before import asked_before, left_open
from answer.records import Citation, Refusal
from answer.refuse_names import names
from ingest.analysis import stems, tokens
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

FILE = "calibration.json"
FEATURES = (
    "closeness",  # the best cosine of the question with a citation under its heading; -1..1
    "named",  # share of the question's names and numbers that are cited, 1 when there are none; 0..1
    "kind",  # share of the kinds of answer asked for (figure, date, reason) that are cited, 1/2 when none is; 0..1
    "margin",  # how far the score of the fifth passage lies below the first one's, as a share of it; 0..1
    "agreed",  # share of the first five passages that are of a cited document; 0..1
)
# What is asked, and what a text that gives it has.
_KINDS = (
    (
        re.compile(
            r"\b(?:hoeveel|hoe (?:hoog|lang|groot|veel)|welk (?:bedrag|percentage|krediet|aandeel)|combien|how (?:much|many))\b",
            re.I,
        ),
        re.compile(r"\d"),
    ),
    (
        re.compile(r"\b(?:wanneer|sinds|vanaf|datum|data|hoe lang|when|quand)\b", re.I),
        re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}\b|\b(?:maanden|jaar|weken|dagen)\b"),
    ),
    (
        re.compile(r"\b(?:waarom|vanwaar|hoe komt|hoe kan|verklaar\w*|reden\w*|why|pourquoi)\b", re.I),
        re.compile(
            r"\b(?:omdat|doordat|aangezien|want|wegens|omwille|door|gevolg|oorzaak|zodat|waardoor|immers|namelijk|verklaard)\b",
            re.I,
        ),
    ),
)
_OTHERS = ("bias", "threshold", "aim", "made_with", "least_odds")
_FIFTH = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """`score = 1 / (1 + exp(-(bias + weights . features)))`, an answer being shown from `threshold` on.

    Where questions were written for the passages, the answer's `AskedBefore.odds` have to reach `least_odds` as well.
    `weights` are in the order of `FEATURES`; `aim` says in words how the thresholds were chosen;
    `made_with` names the embedding model, whose cosines the weights are fitted to.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    aim: str
    made_with: str
    least_odds: float = 0.0


def support(
    corpus: Corpus,
    query: Query,
    citations: Sequence[Citation],
    evidence: Sequence[Evidence],
    calibration: Calibration,
) -> float:
    """The estimated chance that an answer with these citations is right, 0..1."""
    at = calibration.bias + float(np.dot(calibration.weights, features(corpus, query, citations, evidence)))
    return 1 / (1 + math.exp(-at))


def too_little(
    corpus: Corpus,
    query: Query,
    citations: Sequence[Citation],
    evidence: Sequence[Evidence],
    least: float | None,
) -> Refusal | None:
    """The refusal of an answer that is in doubt: to a question that is likely left open, or of too little support.

    `least` is the least support, None for the snapshot's threshold; 0 refuses nothing.
    """
    if not citations or not evidence or least == 0:
        return None
    calibration = calibration_of(corpus)
    before = asked_before(corpus, query, evidence)
    if before.known and before.odds < calibration.least_odds:
        return left_open(corpus, query, before)
    least = calibration.threshold if least is None else least
    if support(corpus, query, citations, evidence, calibration) >= least:
        return None
    return Refusal("not_in_corpus", message("weakly_supported", query.reply_in), tuple(citations))


def features(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> npt.NDArray[np.float64]:
    """What `FEATURES` names, in that order; needs a citation and a passage at least."""
    text = " ".join(" ".join((c.title, *c.section, c.text)) for c in citations)
    scores = [e.score for e in evidence]
    cited = {c.document_id for c in citations}
    return np.array(
        [
            _closeness(corpus, query, citations),
            _named(query, text, citations),
            _kind(query.text, text),
            1 - scores[min(_FIFTH, len(scores)) - 1] / scores[0] if scores[0] > 0 else 0.0,
            sum(e.meta.id in cited for e in evidence[:_FIFTH]) / min(_FIFTH, len(evidence)),
        ]
    )


def calibration_of(corpus: Corpus) -> Calibration:
    """The calibration of a snapshot, or the package's own where it has none."""
    folder = corpus.folder
    own = folder / FILE if folder else None
    return read_calibration(own) if own is not None and own.is_file() else _default()


def read_calibration(path: Path | Traversable) -> Calibration:
    """A calibration as it was kept. Raises: KeyError, ValueError when it is none or of other features."""
    item = json.loads(path.read_text(encoding="utf-8"))
    by_name: Mapping[str, float] = item["weights"]
    if tuple(by_name) != FEATURES:
        raise ValueError(f"{path} is van andere kenmerken; maak het opnieuw met `python -m evals.calibrate`")
    return Calibration(tuple(by_name.values()), **{name: item[name] for name in _OTHERS if name in item})


def as_json(calibration: Calibration) -> str:
    """The file of a calibration, each weight under its feature's name."""
    item = asdict(calibration) | {"weights": dict(zip(FEATURES, calibration.weights, strict=True))}
    return json.dumps(item, ensure_ascii=False, indent=1) + "\n"


@cache
def _default() -> Calibration:
    return read_calibration(files("answer") / FILE)


def _closeness(corpus: Corpus, query: Query, citations: Sequence[Citation]) -> float:
    texts = ["\n".join((*c.section[-1:], c.text)) for c in citations]
    return float((corpus.embedder.encode(texts) @ corpus.embedder.encode_query(query.sentence())).max())


def _named(query: Query, text: str, citations: Sequence[Citation]) -> float:
    """Share of names (by stem) and numbers of the question that the cited text or its dates hold."""
    words = set(tokens(" ".join((text, *(str(c.date) for c in citations)))))
    held = set(stems(words))
    asked = [all(stem in held for stem in stems(tokens(name))) for name in names(query.text)]
    asked += [word in words for word in tokens(query.text) if word[0].isdigit()]
    return sum(asked) / len(asked) if asked else 1.0


def _kind(question: str, text: str) -> float:
    given = [bool(gives.search(text)) for asks, gives in _KINDS if asks.search(question)]
    return sum(given) / len(given) if given else 0.5
