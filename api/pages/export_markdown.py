"""A conversation as Markdown: text of documents and people is escaped, links lead to the sources alone."""

from collections.abc import Iterator, Sequence

from answer.records import Citation, Claim
from api.memos.markdown import escaped
from api.pages.environment import dutch_date, outside_link
from api.pages.exchange import Stretch, checked, dated_in_dutch, described, named, reference, stretches
from api.pages.export import Part, Report, left_out

_UNSAFE = frozenset("<> \\\n\r\t")


def as_markdown(report: Report) -> bytes:
    """The report as Markdown in UTF-8."""
    parts = ["# Gesprek met Beleidswijzer", f"Bewaard op {dutch_date(report.made_at[:10])}."]
    if told := left_out(report):
        parts.append(f"*{told}*")
    for part in report.parts:
        parts += _part(part, report.sources)
    if report.sources:
        parts.append("## Bronnen")
        parts += [_source(n, citation) for n, citation in enumerate(report.sources, 1)]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _part(part: Part, sources: Sequence[Citation]) -> Iterator[str]:
    yield f"## {escaped(part.question)}"
    if part.understood:
        yield f"*Begrepen als: {escaped(part.understood)}*"
    if part.restricted:
        yield f"*Beperkt tot: {escaped(', '.join(part.restricted))}*"
    if part.notice:
        yield f"*{escaped(part.notice)}*"
    if part.refusal:
        yield escaped(part.refusal)
    for claim in part.claims:
        yield _claim(claim, sources)
        if claim.figures:
            yield f"*Nagekeken cijfers: {escaped(checked(claim))}.*"
    yield f"*{escaped(described(part.mode, part.at, part.snapshot))}*"


def _claim(claim: Claim, sources: Sequence[Citation]) -> str:
    said = "".join(map(_written, stretches(dated_in_dutch(claim.text, sources), sources, claim.key)))
    marks = (rf"[\[{n}\]](#bron-{n})" for n in claim.citations)
    return f"{said} {''.join(marks)}"


def _written(stretch: Stretch) -> str:
    """A piece of a claim; spaces at its ends are kept, an address of a source leads there, the key sentence is bold."""
    text = stretch.text
    if stretch.href == text and not set(text) & _UNSAFE:
        return f"<{text}>"
    lines = "  \n".join(map(escaped, text.split("\n")))
    bold = "**" if stretch.key and lines else ""
    return f"{' ' * text.startswith(' ')}{bold}{lines}{bold}{' ' * text.endswith(' ')}"


def _source(n: int, citation: Citation) -> str:
    uri = outside_link(citation.uri)
    address = f", <{uri}>" if uri and not set(uri) & _UNSAFE else ""
    place = f"   `{citation.document_id.replace('`', '')}`, tekens {citation.start} tot {citation.end}"
    quoted = "\n".join(f"   > {escaped(line)}  " for line in reference(citation).quoted.splitlines())
    return f'{n}. <a id="bron-{n}"></a>{escaped(named(citation))}{address}\n\n{place}\n\n{quoted}'
