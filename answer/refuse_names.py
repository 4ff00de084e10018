"""Names in a question against the documents: one that stands nowhere, and one that stands nowhere near the subject.

What a name is, the documents tell: a word that they write with a capital inside sentences. So a question in lower
case is read as well as any other, and there is no list of names to keep.
"""

import re
from collections.abc import Sequence

from answer.records import Citation, Refusal
from answer.refuse_told import holds
from ingest.analysis import STOPWORDS, stems, tokens
from ingest.reading import cleaned, sentences
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

# A name in more than this share of the passages (Vlaanderen, VDAB) tells nothing of what a text is about.
_TELLING = 0.01
_READ = 20  # passages that show how a word is written
_MOST_OF_FILE = 8
_OFTEN = 3  # times that a word must be seen inside a sentence
HOW_MUCH = re.compile(
    r"\b(?:hoeveel|hoe (?:hoog|groot|veel)|welk (?:bedrag|percentage|aandeel|aantal)|combien|how (?:much|many)"
    r"|wat (?:is|was|bedraagt|bedroeg) (?:het|de) (?:\w+ )?(?:bedrag|budget|percentage|aandeel|aantal|krediet|prijs|kostprijs)"
    r"|what (?:is|was) the (?:\w+ )?(?:amount|budget|percentage|share|number|price|cost)"
    r"|quel(?:le)? (?:est|était) (?:le|la) (?:\w+ )?(?:montant|budget|pourcentage|part|nombre|prix|coût))\b",
    re.IGNORECASE,
)
# What takes for granted that something was given, before the name of who gave or got it.
_ASKS_OF_DONE = re.compile(
    r"\b(?:waarom|waarvoor|waartoe|waaraan|why|pourquoi|(?:sinds )?wanneer|when|quand)\b", re.IGNORECASE
)
_ASKS_WHY = re.compile(r"^\W*(?:waarom|vanwaar|hoe komt|why|pourquoi)\b", re.IGNORECASE)
_GIVEN = (
    r"\b(?:kr(?:eeg|egen|ijgt|ijgen)|gaf|gaven|geeft|ontv\w+|betaal\w+|aan|à|to|received?|gets?|got|grants?|granted|gave|reçu|reçoit)\s+"
    r"(?:de |het |een |the |la |le )?(?:stad |gemeente |provincie |\w+ )?"
)
# Whose view is asked: a party's, a body's.
_VIEW_OF = re.compile(
    r"\b(?:(?:[Ww]at|[Hh]oe) (?:vind|vond|zegt|zei|denk|dacht|reageer)\w*|(?:standpunt|mening|reactie|kritiek|visie|opinie|oordeel|houding|opinion|position|avis) (?:van|over|of|de|du)|(?:vond|vindt|zei|zegt))"
    r" (?:er )?(?:de |het |the |la |le )?(?:partij )?([A-Z][\w’'-]+)"
)
_WORD = re.compile(r"[^\W_][\w'’-]*")
# What a question calls its answer's form, not its subject.
_OF_ANSWERS = frozenset(tokens("URI URL PDF link JSON Themis Word Excel"))
# French and English write nationalities and languages with a capital; the documents are Dutch.
_NATIONALITY = re.compile(r"(?:iens?|iennes?|aise?s?|oise?s?|ians?|ish|ese|ch)$", re.IGNORECASE)


def unknown_name(corpus: Corpus, query: Query) -> Refusal | None:
    """A name in the question that occurs nowhere in the corpus: what is asked about it cannot stand there."""
    missing = [name for name in names(query.text) if not _known(corpus, query, name)]
    if not missing:
        return None
    return Refusal("not_in_corpus", message("unknown_name", query.reply_in, name=missing[0]))


def name_elsewhere(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """What is asked is of a name (a figure, a view, `van X`, `waarom … X`) that stands neither in what is cited nor around it.

    Only then: a rule may hold for a place that its text does not name, a figure does not.
    """
    texts = surroundings(corpus, citations, evidence)
    view = _VIEW_OF.search(query.text)
    if view and not _spelled_in(texts, view[1]) and not _is_everywhere(corpus, view[1]):
        return Refusal("not_in_corpus", message("name_elsewhere", query.reply_in, name=view[1]))
    of_figure = bool(HOW_MUCH.search(query.text))
    dutch = query.language == "nl"
    spelled = {
        n.lower() for n in names(query.text) if n[1:].islower() and (dutch or not _NATIONALITY.search(n))
    }
    asked = [
        word
        for word in dict.fromkeys(tokens(query.text))
        if (
            of_figure
            or (word in spelled and _ASKS_WHY.search(query.text))
            or _is_given(query.text, word)
            or _is_of(query.text, word)
        )
        and (dutch or word in spelled)
        and _tells(corpus, word, dutch and word in spelled)
    ]
    if not asked:
        return None
    around = set(stems(tokens(" ".join(texts))))
    around |= {stem for c in citations for text in _of_file(corpus, c) for stem in stems(tokens(text))}
    far = [word for word in asked if not holds(stems([word])[0], around)]
    if not far:
        return None
    return Refusal(
        "not_in_corpus", message("name_elsewhere", query.reply_in, name=_as_asked(query.text, far[0]))
    )


def _spelled_in(texts: Sequence[str], name: str) -> bool:
    """Whether texts write a word of that stem with a capital: `Groen` is a party, `groen` is not."""
    (stem, *_) = stems(tokens(name)) or [name]
    words = {m.group() for text in texts for m in _WORD.finditer(text) if text[m.start()].isupper()}
    return stem in stems([token for word in words for token in tokens(word)])


def _is_everywhere(corpus: Corpus, name: str) -> bool:
    """Whether a name is so common in the documents (Vlaanderen, VDAB) that they need not repeat it."""
    word = name.lower()
    held = min((corpus.lexical.frequency("stems", stem) for stem in stems([word])), default=0)
    return held > _TELLING * len(corpus.passages) and (name.isupper() or _is_name(corpus, word, _OFTEN))


def _is_of(question: str, word: str) -> bool:
    """Whether a question asks something of what a word names: `wat is het standpunt van de Waalse regering`."""
    asks = rf"^\W*(?:wie|wat|welke?|waar|hoe heet)\b[^.?!]*\b(?:van|door)\s+(?:de |het )?{re.escape(word)}\b"
    return bool(re.search(asks, question, re.IGNORECASE))


def _is_given(question: str, word: str) -> bool:
    """Whether a question asks why or when a name gave or got something: `waarom kreeg de stad Genk steun`."""
    return bool(
        _ASKS_OF_DONE.search(question) and re.search(rf"{_GIVEN}{re.escape(word)}\b", question, re.IGNORECASE)
    )


def names(text: str) -> list[str]:
    """Words with a capital inside a sentence; the first word of a sentence says nothing, nor does a text in capitals."""
    if text.isupper():
        return []
    return [
        text[m.start() : m.end()]
        for start, end in sentences(text)
        for m in list(_WORD.finditer(text, start, end))[1:]
        if text[m.start()].isupper() and not any(c.isdigit() for c in m.group())
    ]


def surroundings(corpus: Corpus, citations: Sequence[Citation], evidence: Sequence[Evidence]) -> list[str]:
    """The readable text that citations stand in: a whole decision, else the passages around, with headings and titles."""
    texts = []
    for citation in citations:
        texts += [citation.title, *citation.section, citation.text]
        document = corpus.document(citation.document_id)
        if document is not None and citation.kind == "beslissing":
            texts.append(document.text)
            continue
        texts += [
            corpus.with_neighbours(e.passage).text
            for e in evidence
            if e.meta.id == citation.document_id
            and e.passage.start < citation.end
            and citation.start < e.passage.end
        ]
    return [cleaned(text) for text in texts]


def _of_file(corpus: Corpus, citation: Citation) -> list[str]:
    """The texts of the other decisions of the file that is cited: each may name its own places."""
    if citation.kind != "beslissing":
        return []
    file = corpus.families.of(corpus.metadata(citation.document_id))
    documents = (corpus.document(m.id) for m in file[:_MOST_OF_FILE] if m.id != citation.document_id)
    return [cleaned(d.text) for d in documents if d is not None]


def _known(corpus: Corpus, query: Query, name: str) -> bool:
    words = tokens(name)
    return (
        all(corpus.lexical.frequency("stems", stem) for stem in stems(words))
        or set(words) <= _OF_ANSWERS
        or any(set(words) <= set(tokens(minister)) for minister in corpus.ministers)
        or (query.language != "nl" and bool(_NATIONALITY.search(name)))
    )


def _tells(corpus: Corpus, word: str, spelled: bool) -> bool:
    """Whether a word is a name, and a rare one; a minister's is not, since documents speak of `de minister`.

    One that the question spells as a name needs no more than that no text writes it otherwise.
    """
    if word in STOPWORDS or word in _OF_ANSWERS or not word.isalpha() or len(word) < 3:
        return False
    held = corpus.lexical.frequency("stems", stems([word])[0])
    if not 0 < held <= _TELLING * len(corpus.passages):
        return False
    return not any(word in tokens(minister) for minister in corpus.ministers) and _is_name(
        corpus, word, 0 if spelled else _OFTEN
    )


def _is_name(corpus: Corpus, word: str, often: int) -> bool:
    """Whether the documents always, and so `often`, write a word with a capital inside sentences, other than an abbreviation."""
    inside = re.compile(rf"(?<=[a-zß-ÿ,;] ){re.escape(word)}(?!\w)", re.IGNORECASE)
    rows = corpus.lexical.search("stems", [(stems([word])[0], 1.0)], _READ)
    written = [m.group() for row, _ in rows for m in inside.finditer(cleaned(corpus.passages[row].text))]
    return (
        len(written) >= often
        and all(w[0].isupper() for w in written)
        and not (written and all(map(str.isupper, written)))
    )


def _as_asked(question: str, word: str) -> str:
    """The word as the question spells it."""
    return next((m.group() for m in _WORD.finditer(question) if word in tokens(m.group())), word)
