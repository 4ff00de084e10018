"""Questions that leave open what they are about: no subject at all, a word that hundreds of documents share, a shared title."""

import re
from collections.abc import Iterator, Sequence

from answer.abbreviations import spelled_out
from answer.premise import decision_named
from answer.records import Refusal
from answer.refuse_names import HOW_MUCH, names
from answer.weighing import terms_of
from ingest.analysis import content_words, stems, tokens
from ingest.records import Metadata
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.kinds import named_kinds
from retrieval.language import in_dutch
from retrieval.query import Query
from retrieval.records import Evidence
from retrieval.written import passage_closeness

# Words that ask, and words for the documents themselves: they name no subject.
_NO_SUBJECT = frozenset(
    stems(
        tokens(
            "bedraagt bedroeg bedrag bedragen kost kosten kostte krijgt kreeg krijgen gaat ging komt kwam betekent betekende zegt "
            "zei staat stond goedgekeurd goedkeuren goedkeuring beslist beslissen beslissing beslissingen besloten regering "
            "vlaamse vlaanderen document documenten vraag vragen antwoord info informatie meer weten graag vertel vertellen "
            "uitleg uitleggen leg reden jaar datum geld euro precies juist nog ook eens even alles iets zaken dingen gebeurd "
            "gebeurt gedaan doet deed verder eigenlijk minister bron bronnen hoeveel wanneer waarom wie welke precieze juiste laatste huidige "
            "één twee drie vier vijf zes zeven acht negen tien"
        )
    )
)
_ASKS_ONE_THING = re.compile(
    r"\b(?:hoeveel|hoe (?:hoog|groot|lang|veel)|welk bedrag|wanneer|wie|welke dag|op welke datum|combien|quand|how (?:much|many)|when)\b"
    r"|^\W*(?:wat|welke?) (?:is|was|zijn|waren|bedraagt|bedroeg) (?:de|het|die|dat)\b|^\W*wat (?:besliste?|beslisten|zegt|bepaalt|staat|regelt) |^\W*welke \w+ (?:kr\w+|gaat|is|was|geldt)\b|^\W*(?:is|zijn|werd|werden|wordt) (?:de|het|die|dat)\b"
    r"|^\W*what (?:is|was|are|were) the\b|^\W*quel(?:le)?s? (?:est|était|sont)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\W*(?:en|et|and)\b", re.IGNORECASE)  # on what was said before
_FEW_WORDS = 4
# Share and number of the passages that a word stands in when by itself it names nothing.
_BROAD, _MANY = 0.01, 30
_MOST_WORDS = 8
_MANY_SECTIONS = 8  # sections (a decision is one) that hold the whole subject of a question that could be about any of them
_FIRST, _NEARLY_ASKED = 6, 0.76  # questions that leave open what they mean reach 0.73
_FEW, _SEARCHED = 3, 300
_CANDIDATES = 3
_DECISION = "beslissing"  # `decreet` and `oproep` name this kind of document too, and none in particular


def open_question(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """Asks back, with what the question may mean; None when it names enough."""
    if query.exact or query.added or spelled_out(corpus, query):
        return None
    if _LEANS.match(query.text) and not query.context and len(tokens(query.text)) <= _FEW_WORDS:
        return Refusal("ambiguous", message("say_more", query.reply_in))
    subject = _subject(query)
    if not subject:
        return Refusal("ambiguous", message("say_more", query.reply_in))
    if _is_broad(corpus, query, subject) and not _is_told(corpus, query, evidence):
        candidates = [f"‘{title}’" for title in _titles(evidence)]
        return _which(query, candidates) or Refusal("ambiguous", message("say_more", query.reply_in))
    shared = _sharing_title(corpus, query, evidence)
    if shared:
        return _which(query, [f"‘{m.title}’ ({m.date})" for m in shared])
    return None


def _subject(query: Query) -> list[str]:
    """The stems of the question that name a subject."""
    words = [w for w in content_words(f"0 {in_dutch(query.text, query.language)}") if not w[0].isdigit()]
    return [stem for stem in dict.fromkeys(stems(words)) if stem not in _NO_SUBJECT]


def _is_broad(corpus: Corpus, query: Query, subject: Sequence[str]) -> bool:
    """A short question for one fact on what very many passages hold: `hoeveel bedraagt de premie?`, `is het decreet al definitief?`"""
    if len(tokens(query.text)) > _MOST_WORDS or not _ASKS_ONE_THING.search(query.text):
        return False
    if len(subject) == 1:
        return corpus.lexical.frequency("stems", subject[0]) > max(_MANY, _BROAD * len(corpus.passages))
    by_itself = not (
        names(query.text) or set(named_kinds(query.text)) - {_DECISION} or cues(query.text).period
    )
    return len(subject) <= _FEW and by_itself and _sections_with(corpus, subject) >= _MANY_SECTIONS


def _is_told(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> bool:
    """Whether nearly the same question was written for what was found: then one place answers it, however short it is."""
    asked = corpus.embedder.encode_query(query.sentence())
    near = (passage_closeness(corpus, e.passage, asked) for e in evidence[:_FIRST])
    return max(near, default=0.0) >= _NEARLY_ASKED


def _sections_with(corpus: Corpus, subject: Sequence[str]) -> int:
    """In how many sections one passage and its headings hold every stem, as far as the search looks."""
    found = set()
    for row, _ in corpus.lexical.search("stems", [(stem, 1.0) for stem in subject], _SEARCHED):
        passage = corpus.passages[row]
        text = (corpus.metadata(passage.document_id).title, *passage.section, passage.text)
        if set(subject) <= terms_of(" ".join(text), "stems"):
            found.add(int(corpus.sections[row]))
    return len(found)


def _sharing_title(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Metadata]:
    """Decisions of one title and one stage, where a figure is asked and nothing tells which of them is meant."""
    named = decision_named(query, evidence)
    if named is None or not HOW_MUCH.search(query.text) or cues(query.text.replace(named.meta.title, "")).any:
        return []
    title = tokens(named.meta.title)
    twins = [m for m in corpus.families.of(named.meta) if tokens(m.title) == title]
    stages = [m.stage for m in twins]
    return twins if len(stages) > len(set(stages)) else []


def _titles(evidence: Sequence[Evidence]) -> Iterator[str]:
    seen: list[str] = []
    for item in evidence:
        title = (
            item.meta.title
            if item.meta.kind == "beslissing"
            else " > ".join(item.passage.section[-2:]) or item.meta.title
        )
        if title not in seen and len(seen) < _CANDIDATES:
            seen.append(title)
            yield title


def _which(query: Query, candidates: Sequence[str]) -> Refusal | None:
    if len(candidates) < 2:
        return None
    word = f" {message('or', query.reply_in)} "
    listed = ", ".join(candidates[:-1]) + word + candidates[-1]
    return Refusal("ambiguous", message("which_one", query.reply_in, candidates=listed))
