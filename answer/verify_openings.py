"""What a claim says from what is known of decisions: day, stage, ministers and their titles, how many there are.

Held against the catalog and not against the quoted text, as its title and date are; what the text itself opens with
is left to the ordinary check.
"""

from collections.abc import Sequence

from answer.decisions_asked import form_of
from answer.records import Citation
from answer.tenures import read_tenure, recorded
from answer.verify_records import Fault
from ingest.reading import cleaned
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.listing import TALLY, read_tally, selected
from retrieval.naming import OPENING, opening, stage_missing


def read_opening(corpus: Corpus, text: str, citations: Sequence[Citation]) -> tuple[int, list[Fault]]:
    """How many characters of a claim its tenure, or its tally and its opening, take, 0 when it has none, and what is wrong with them."""
    faults: list[Fault] = []
    at = 0
    if tenure := read_tenure(text):
        if not recorded(corpus.documents(), tenure.group(), [c.document_id for c in citations]):
            faults.append(Fault("entity", "Minister, titel of dagen zijn niet die van de beslissingen."))
        return tenure.end(), faults
    if counted := TALLY.match(text):
        at = counted.end()
        count, wanted = read_tally(counted)
        if len(selected(corpus.documents(), wanted)) != count:
            faults.append(Fault("figure", f"Het corpus telt geen {count} zulke beslissingen."))
    decisions = [m for c in citations if (m := corpus.metadata(c.document_id)).kind == "beslissing"]
    opened = OPENING.match(text[at:])
    if opened and decisions and not any(opened.group() in cleaned(c.text) for c in citations):
        by = opened["ministers"] is not None
        missing = stage_missing(opened["missing"]) if opened["missing"] else None
        if all(opening(m, ministers=by, missing=missing) != opened.group() for m in decisions):
            faults.append(Fault("stage", "Dag, stadium of ministers zijn niet die van de beslissing."))
        if missing and any(
            m.stage == missing and _form(m) == _form(d) for d in decisions for m in corpus.families.of(d)
        ):
            faults.append(Fault("stage", f"Het corpus heeft de beslissing wel als {missing}."))
        at += opened.end()
    return at, faults


def _form(meta: Metadata) -> str | None:
    return form_of(meta.official_title or meta.title)
