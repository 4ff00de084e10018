"""Whether the words of a claim are those of its sources: names, negation, the stage of a decision, and enough of the rest."""

import re
from collections.abc import Sequence

from answer.verify_clauses import NEGATIONS, SILENT_SOURCE, SOFT_NEGATION, wrong_negation
from answer.verify_context import SENTENCE_END, Context, Words, context, contradicted, likeness
from answer.verify_numbers import source_words
from answer.verify_records import Fault
from answer.verify_source import Source
from answer.verify_statement import Statement
from ingest.analysis import STOPWORDS, stems, tokens
from ingest.reading import sentences

ENOUGH = 0.5  # share of the content words of a claim that its sources have
_ECHO = 0.5  # what a word is worth that only the question has
_FEW = 1.5  # words that any claim may have of its own
_UNKNOWN = 0.4  # share of the words of a French or English claim that may be in no list
_PREFIX = 6  # letters that two compounds share when they speak of one thing

_SAME_NEGATION, _DROPPED, _INSERTED, _SLACK = 0.3, 0.7, 0.55, 0.1
_FILLING = frozenset("een de het wel elke enige".split())
_STAGES = (
    ("principieel", re.compile(r"\bprincipi[eë]\w*", re.I)),
    ("definitief", re.compile(r"\bdefinitie(?:f|ve)\b", re.I)),
    ("bekrachtigd", re.compile(r"\bbekrachtig\w*", re.I)),
)
_NAME = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")
# What belongs to no source in particular, and the words that a claim about figures is made of.
_NOT_A_NAME = frozenset(
    "vak vek ao to lo bo ba jr bu bbt vlaamse vlaams vlaanderen regering themis ja nee neen".split()
)
_FRAME = frozenset(
    stems(
        tokens(
            "bedraagt bedroeg bedragen bedrag keuro euro miljoen miljard procent afgerond ongeveer circa ruim bijna meer minder hoger lager dan"
            " krediet kredieten vastleggingskrediet vereffeningskrediet beschikbaar beschikbare begroot begrote begroting begrotingsartikel artikel"
            " uitvoering uitgevoerd herverdelingen herverdeling raming geraamde ontvangst ontvangsten algemene toegewezen uitgaven uitgegeven"
            " verschil samen totaal aandeel percentage uitvoeringsgraad stijging daling steeg daalde gaat betreft volgens document bron tekst"
            " vermeldt zegt jaar zowel telkens zowat geeft geven wordt werd respectievelijk namelijk komt neer maatregel begrotingsaanpassing vak vek bo ba jr bu ao to lo"
            " datum titel link themis vlaamse regering dus hierover staat geldt waarvan waarbij waardoor hierdoor daardoor omdat doordat zodat terwijl vooral nagenoeg onder boven daarvan hiervan hiermee daarmee tegenover opzichte nieuw niveau vorig vermeld apart"
        )
    )
)


def wrong_words(claim: Statement, question: str, sources: Sequence[Source]) -> list[Fault]:
    """The faults of what a claim says in words."""
    return [
        *_names(claim, sources),
        *(_negation(claim, sources) if claim.language == "nl" else wrong_negation(claim, sources)),
        *_stage(claim, sources),
        *_too_little(claim, question, sources),
    ]


def _names(claim: Statement, sources: Sequence[Source]) -> list[Fault]:
    """Names inside a sentence, and abbreviations anywhere, that no source has."""
    known = frozenset().union(*(s.stems for s in sources))
    missing = [n for n in _named(_unmarked(claim)) if not _has(n, known)]
    return [Fault("entity", f"‘{n}’ staat niet in de aangehaalde bron.") for n in dict.fromkeys(missing)]


def _unmarked(claim: Statement) -> str:
    """The text with `#` in place of numbers, dates, codes, credits and phases: those are checked by themselves."""
    text = claim.text
    for start, end in [*((m.start, m.end) for m in claim.marks), *((x.start, x.end) for x in claim.labels)]:
        text = text[:start] + "#" * (end - start) + text[end:]
    return text


def _named(text: str) -> list[str]:
    found = []
    for start, end in sentences(text):
        words = list(_NAME.finditer(text, start, end))
        for at, match in enumerate(words):
            word = match.group()
            opens = at == 0 or text[: match.start()].rstrip()[-1:] in set('‘“"(:;•')
            followed = at + 1 < len(words) and words[at + 1].group()[0].isupper()
            capitals = sum(c.isupper() for c in word) > 1
            if word[0].isupper() and (not opens or followed or capitals) and word.lower() not in STOPWORDS:
                found.append(word)
    return found


def _has(name: str, known: frozenset[str]) -> bool:
    parts = tokens(" ".join(p for p in name.split("-") if p[:1].isupper()))
    free = known | _FRAME | _NOT_A_NAME | STOPWORDS
    return all(p in free or s in free for p, s in zip(parts, stems(parts), strict=True))


def _negation(claim: Statement, sources: Sequence[Source]) -> list[Fault]:
    """A negation that the sources do not have at that place, or that the claim has left out."""
    mine = claim.words
    silent = [m.span() for m in SILENT_SOURCE.finditer(claim.text)]
    own = [
        i
        for i, t in enumerate(mine.tokens)
        if t in NEGATIONS and not any(a <= mine.starts[i] < b for a, b in silent)
    ]
    theirs = [
        (words, i)
        for words in map(source_words, sources)
        for i, t in enumerate(words.tokens)
        if t in NEGATIONS
    ]
    contexts = [context(w, w.starts[i], w.ends[i]) for w, i in theirs]
    soft = any(SOFT_NEGATION.search(s.text) for s in sources)
    for i in own:
        here = context(mine, mine.starts[i], mine.ends[i])
        alike = max((likeness(here, c) for c in contexts), default=0.0)
        without = max((_at_gap(here, source_words(s), both=False) for s in sources), default=0.0)
        if without > max(alike + _SLACK, _INSERTED) or (alike < _SAME_NEGATION and not soft):
            return [Fault("negation", f"‘{mine.tokens[i]}’ staat niet zo in de aangehaalde bron.")]
    for (words, i), there in zip(theirs, contexts, strict=True):
        if _at_gap(there, mine) >= _DROPPED:
            return [Fault("negation", f"De bron zegt hier ‘{words.tokens[i]}’; dat ontbreekt.")]
    return []


def _at_gap(around: Context, words: Words, *, both: bool = True) -> float:
    """How well the best place without a negation fits what stands around one, 0..1.

    The word left and the word right must be the same there, or one of them; an article or `wel` may fill it.
    """
    left, right = around
    padded = (SENTENCE_END, *words.tokens, SENTENCE_END)
    before, after = left[:1] or (SENTENCE_END,), right[:1] or (SENTENCE_END,)
    ends = (*words.ends, words.ends[-1] if words.ends else 0)
    starts = (*words.starts, ends[-1])
    best = 0.0
    for i in range(len(words.tokens) + 1):
        width = 2 if padded[i + 1] in _FILLING else 1
        for step in range(1, width + 1):
            met = (padded[i] == before[0]) + (padded[min(i + step, len(padded) - 1)] == after[0])
            if met == 2 or (met and not both):
                end = starts[i] if step == 1 else ends[i]
                best = max(best, likeness(around, context(words, starts[i], end)))
    return best


def _stage(statement: Statement, sources: Sequence[Source]) -> list[Fault]:
    """A stage that the cited span, its title, or where the span names none the whole decision does not have."""
    spans = "\n".join(f"{s.text}\n{s.around}" for s in sources)
    files = "\n".join(s.whole for s in sources)
    named = [name for name, pattern in _STAGES if pattern.search(spans)]
    for name, pattern in _STAGES:
        for match in pattern.finditer(statement.text):
            known = name in named or (not named and bool(pattern.search(files)))
            mine = context(statement.words, match.start(), match.end())
            same: list[Context] = []
            others: list[Context] = []
            for source in sources:
                for other, looked_for in _STAGES:
                    places = [
                        context(source_words(source), m.start(), m.end())
                        for m in looked_for.finditer(source.text)
                    ]
                    (same if other == name else others).extend(places)
            if not known or contradicted(mine, same, others):
                return [Fault("stage", f"De bron noemt deze beslissing hier niet {name}.")]
    return []


def _too_little(claim: Statement, question: str, sources: Sequence[Source]) -> list[Fault]:
    """A claim of which too few content words stand in its sources; a word of the question counts half.

    Of a French or English claim the words that no list has count only beyond a share of all.
    """
    words = [w for w in tokens(_unmarked(claim)) if w not in STOPWORDS and len(w) > 1 and not w[0].isdigit()]
    told = [s for s in dict.fromkeys(stems(words)) if s not in _FRAME and s not in claim.strange]
    if not told:
        return (
            []
            if words or claim.numbers
            else [Fault("unsupported", "De bewering zegt niets dat in de bron te vinden is.")]
        )
    known = frozenset().union(*(s.stems for s in sources))
    beginnings = {k[:_PREFIX] for k in known if len(k) >= _PREFIX}
    echoed = set(stems(tokens(question)))
    worth = sum(
        1.0 if s in known or s[:_PREFIX] in beginnings else _ECHO if s in echoed else 0.0 for s in told
    )
    strange = max(0.0, len(claim.strange) - _UNKNOWN * (len(claim.strange) + len(told)))
    missing = len(told) + strange - worth
    if worth / (len(told) + strange) >= ENOUGH or (missing < _FEW and (worth or claim.numbers)):
        return []
    return [Fault("unsupported", "Te weinig woorden van de bewering staan in de aangehaalde bron.")]
