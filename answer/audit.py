"""What a document claims about its own figures, recomputed; nothing is repaired."""

from answer.audit_differences import differences, signs
from answer.audit_figures import stated, totals
from answer.audit_growth import growth
from answer.audit_moves import reallocations
from answer.audit_records import Finding
from answer.audit_shares import shares
from answer.audit_subjects import subjects
from answer.audit_sums import sums
from ingest.budget.amounts import amounts
from ingest.budget.records import Ledger
from ingest.records import Document


def audit(document: Document, ledger: Ledger) -> tuple[Finding, ...]:
    """The claims of a document that its own figures contradict, in reading order of their first place.

    A sentence that is not understood with certainty gives no finding. A document without budget tables
    gives none. Amounts are keuro.
    """
    about = subjects(document, ledger)
    if not about:
        return ()
    found = [
        *totals(document, ledger),
        *stated(document, ledger, about),
        *shares(document, ledger, about),
        *differences(document, about),
        *signs(document, amounts(document.text, 0, len(document.text))),
        *sums(document, about),
        *growth(document, about),
        *reallocations(document, ledger, about),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.places[0].start, finding.kind, finding.message)))
