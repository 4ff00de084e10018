"""How retrieval does on what it was not prepared for: a document, or all decisions, left out of every training.

A document that has training questions is left out of the texts that the model learns from, and its questions of
training and index alike. Of the decisions only the questions are left out. What has no training questions at all
is measured as it is. The weights of the ranking and the thesaurus stay as people made them; since these
saw the documents, every row comes without the thesaurus too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evals.ablation import Compared, compared, measured, with_ranking
from evals.gold import GoldQuestion
from evals.measures import Row
from evals.variants import Report, learned, variant
from ingest.catalog import Contents
from retrieval.corpus import Corpus
from retrieval.search import RANKING

DECISIONS = "beslissingen"
_NO_THESAURUS = with_ranking(replace(RANKING, other_names=0.0))


def generalisation(
    corpus: Corpus,
    contents: Contents,
    gold: Sequence[GoldQuestion],
    whole: Sequence[Row],
    work: Path,
    report: Report,
) -> Iterator[Compared]:
    """For each part of the corpus, its gold questions in the whole system and in one that never learned from it.

    `whole` are the rows of `gold` in the whole system.
    """
    by_part = questions_by_part(corpus, gold)
    asked = {part_of(corpus, q.document_id) for q in contents.questions}
    left_out: list[Row] = []
    for number, (part, mine) in enumerate(by_part.items()):
        report("weggelaten", number, len(by_part))
        rows = [row for row in whole if row.id in {q.id for q in mine}]
        if part not in asked:
            yield compared(part, "heeft geen trainingsvragen", rows, rows)
            yield compared(part, "en zonder thesaurus", rows, measured(corpus, mine, _NO_THESAURUS))
            continue
        texts = [d for d in contents.documents if d.id != part]  # all of them for the decisions
        questions = [q for q in contents.questions if part_of(corpus, q.document_id) != part]
        embedder = learned(texts, questions, work, report)
        with variant(contents, questions, embedder, work, report) as unknowing:
            other = measured(unknowing, mine)
            yield compared(part, _left_out(part), rows, other)
            yield compared(part, "en zonder thesaurus", rows, measured(unknowing, mine, _NO_THESAURUS))
        left_out += other
    if left_out:
        ids = {row.id for row in left_out}
        known = [row for row in whole if row.id in ids]
        yield compared("samen", "elk deel weggelaten voor zijn vragen", known, left_out)


def questions_by_part(corpus: Corpus, gold: Sequence[GoldQuestion]) -> Mapping[str, Sequence[GoldQuestion]]:
    """The questions whose needed evidence lies in one part alone, by part: a document, or the decisions."""
    parts: dict[str, list[GoldQuestion]] = {}
    for question in gold:
        of = {part_of(corpus, piece.doc) for piece in question.evidence}
        if len(of) == 1:
            parts.setdefault(of.pop(), []).append(question)
    return dict(sorted(parts.items()))


def part_of(corpus: Corpus, document_id: str) -> str:
    """The part of the corpus that a document is: one of the decisions, or itself."""
    document = corpus.document(document_id)
    return DECISIONS if document is not None and document.meta.kind == "beslissing" else document_id


def _left_out(part: str) -> str:
    return "vragen weggelaten" if part == DECISIONS else "tekst en vragen weggelaten"
