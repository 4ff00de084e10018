"""Places that answer a question together: what the note says and what the call says, what was promised and what was spent.

No likeness of words tells that two places belong to one answer. Whoever wrote a question for both of them did.
"""

from collections.abc import Sequence

from answer.extract_asked import asks_several
from answer.extract_runs import Run, overlap, runs
from ingest.embed import question_embedder
from ingest.records import Question
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence
from retrieval.written import likenesses

_LEAST = 0.5  # likeness of what is asked to a question that several places answer
# How much more alike it must be than a question that one place answers; where several things are asked, how much less.
_CLEARLY = 0.05


def runs_together(corpus: Corpus, query: Query, read: Sequence[Evidence]) -> list[Run]:
    """The best run at each place that answers, with others, what is asked; best first, none where no such question is close."""
    found: list[Run] = []
    for place in _places(corpus, query, read):
        assert place.span is not None, "a question of several places stands at each of them"
        start, end = place.span
        rows = (corpus.passages[row] for row in corpus.rows_of(place.document_id))
        meta = corpus.metadata(place.document_id)
        held = [
            Evidence(passage, meta, 0.0) for passage in rows if passage.start < end and start < passage.end
        ]
        there = (r for r in runs(corpus, query, held) if r.quote.start < end and start < r.quote.end)
        best = next(there, None)
        if best and not any(overlap(best.quote, other.quote) for other in found):
            found.append(best)
    return sorted(found, key=lambda run: -run.score)


def _places(corpus: Corpus, query: Query, read: Sequence[Evidence]) -> Sequence[Question]:
    """The places of what is most like the question of all that was written for the passages read; none where one place answers it."""
    sentence = query.sentence()
    asked = question_embedder().encode_query(sentence)
    near = [
        corpus.answered_questions(e.meta.id).near([(e.passage.start, e.passage.end)], asked) for e in read
    ]
    together, alone = (0.0, ""), 0.0
    for likeness, question in likenesses(sentence, near):
        if corpus.answered_together(question.text):
            together = max(together, (likeness, question.text))
        else:
            alone = max(alone, likeness)
    least = max(_LEAST, alone + (-_CLEARLY if asks_several(query.text) else _CLEARLY))
    return corpus.answered_together(together[1]) if together[0] >= least else ()
