"""`wijzer audit`: what a document claims about its own figures and what they say."""

from collections.abc import Sequence
from typing import Annotated

import typer

from answer.audit import audit
from answer.audit_records import Finding, Severity
from api.commands.terminal import AsJson, Store, output, stop
from api.settings import settings_with
from ingest import snapshot
from ingest.budget.identities import Identity, identities
from ingest.budget.ledger import read_ledger
from ingest.catalog import Catalog
from ingest.reading import cleaned

_SEVERITIES: dict[Severity, str] = {"error": "FOUT", "rounding": "AFRONDING", "remark": "OPMERKING"}


def audit_command(
    document_id: Annotated[str, typer.Argument(metavar="DOC", help="Het id van een document.")],
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Reken na wat een begrotingsdocument over zijn eigen cijfers beweert."""
    folder = settings_with(store).store
    with Catalog(snapshot.published(folder) / "catalog.sqlite") as catalog:
        document = catalog.document(document_id)
    if document is None:
        stop(f"Er is geen document {document_id!r}; `wijzer corpus list` noemt ze alle.")
    ledger = read_ledger(document)
    found = audit(document, ledger)
    printed = {"findings": [finding.as_json() for finding in found]}
    sums = identities(ledger)
    output(report(document.meta.title, found, sums), printed, as_json)


def report(title: str, found: Sequence[Finding], sums: Sequence[Identity] = ()) -> str:
    """The findings for people: severity, the arithmetic, and every place with its page or offset.

    `sums` are the totals that were added up again; how many come out stands before the findings.
    """
    if not found:
        return "\n".join([f"{title}: geen bevindingen.", *_added_up(sums)])
    counts = ", ".join(
        f"{name.lower()} {sum(finding.severity == severity for finding in found)}"
        for severity, name in _SEVERITIES.items()
    )
    blocks = ["\n".join([f"{title}. Bevindingen: {len(found)} ({counts}).", *_added_up(sums)])]
    for number, finding in enumerate(found, 1):
        lines = [f"{number}. {_SEVERITIES[finding.severity]} [{finding.kind}] {finding.message}"]
        for place in finding.places:
            where = f"p. {place.page}" if place.page else f"teken {place.start}"
            lines.append(f"   {where}: {cleaned(place.text)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _added_up(sums: Sequence[Identity]) -> list[str]:
    """One line for each kind of total: how many come out exactly, and how many within rounding."""
    lines = []
    for kind in dict.fromkeys(identity.kind for identity in sums):
        differences = [(abs(i.difference), i.rounding) for i in sums if i.kind == kind]
        exact = sum(not gap for gap, _ in differences)
        rounded = sum(0 < gap <= room for gap, room in differences)
        lines.append(f"Nagerekend, {kind}: {exact} van {len(differences)} exact, {rounded} op afronding na.")
    return lines
