"""Decisions from the SPARQL endpoint of Themis: a listing of the period, then what is known of each.

Two small kinds of query in place of one large one: themes, ministers and attachments of a decision are rows beside
each other, never a product of them, and no long literal is sorted or made distinct.

Source: the vocabularies that the export of the Flemish Government writes (OSLO Besluitvorming, Dossier, Mandatendatabank).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ingest import SourceInvalid
from ingest.parse.themes import THEMES
from ingest.themis_http import Wire
from ingest.themis_records import Attachment, Decision, Reading, Window

_JSON = "application/sparql-results+json"
_LISTED = 1_000  # decisions in one listing; the server gives at most 100,000 rows
_ASKED = 100  # decisions asked after at once
_MOST = 20_000  # decisions of one period
_SAFE = re.compile(r"https?://[^\s\x00-\x20\"'<>\\{}|^`]{1,400}")  # may stand between < and > in a query
_DIGITS = re.compile(r"[0-9]{1,12}")
_LAST = 10**12  # the rank of a minister without one
_FILE = re.compile(r"[\w-]{1,80}")

_PREFIXES = """\
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <http://schema.org/>
PREFIX mu: <http://mu.semte.ch/vocabularies/core/>
PREFIX nie: <http://www.semanticdesktop.org/ontologies/2007/01/19/nie#>
PREFIX nfo: <http://www.semanticdesktop.org/ontologies/2007/03/22/nfo#>
PREFIX dossier: <https://data.vlaanderen.be/ns/dossier#>
PREFIX besluit: <http://data.vlaanderen.be/ns/besluit#>
PREFIX besluitvorming: <https://data.vlaanderen.be/ns/besluitvorming#>
PREFIX mandaat: <http://data.vlaanderen.be/ns/mandaat#>
PREFIX persoon: <https://data.vlaanderen.be/ns/persoon#>
"""
_LISTING = """\
SELECT ?item (MIN(?start) AS ?date) WHERE {
  ?item a dossier:Stuk ;
    dct:type <http://themis.vlaanderen.be/id/concept/document-type/63d628cb-a594-4166-8b4e-880b4214fc5b> ;
    prov:wasDerivedFrom ?point .
  ?agenda dct:hasPart ?point ; besluitvorming:isAgendaVoor ?meeting .
  ?meeting besluit:geplandeStart ?start .
  FILTER (?start >= "%(start)s"^^xsd:dateTime && ?start < "%(end)s"^^xsd:dateTime)
  FILTER (STR(?item) > "%(after)s")
}
GROUP BY ?item
ORDER BY STR(?item)
LIMIT %(limit)d
"""
_FIELDS = "dct:title dct:alternative nie:htmlContent prov:value mu:uuid schema:position"
_PARTS = (
    f"VALUES ?field {{ {_FIELDS} }} ?item ?field ?a .",
    """BIND ("agenda" AS ?field) ?item prov:wasDerivedFrom ?point .
    ?agenda dct:hasPart ?point ; besluitvorming:isAgendaVoor ?meeting . ?meeting mu:uuid ?a .
    OPTIONAL { ?point <http://data.vlaanderen.be/ns/besluit#Agendapunt.type> ?type . ?type skos:prefLabel ?b . }""",
    """BIND ("theme" AS ?field) ?item dct:subject ?a . OPTIONAL { ?a skos:prefLabel ?b . }""",
    """BIND ("minister" AS ?field) ?item prov:qualifiedAssociation ?mandatee .
    ?mandatee mandaat:isBestuurlijkeAliasVan ?person .
    ?person persoon:gebruikteVoornaam ?a ; foaf:familyName ?b .
    OPTIONAL { ?mandatee dct:title ?c . } OPTIONAL { ?mandatee mandaat:rangorde ?d . }""",
)
_ATTACHED = """BIND ("attachment" AS ?field) ?item besluitvorming:heeftBijlage ?piece .
    OPTIONAL { ?piece dct:title ?a . }
    OPTIONAL { ?series <https://data.vlaanderen.be/ns/dossier#Collectie.bestaatUit> ?piece ; dct:type ?kind .
      ?kind skos:prefLabel ?b . }
    OPTIONAL { ?piece prov:value ?file . ?file mu:uuid ?c .
      OPTIONAL { ?file nfo:fileName ?d . } OPTIONAL { ?file dct:format ?e . } OPTIONAL { ?file nfo:fileSize ?f . } }"""

Row = dict[str, str]


async def read_sparql(wire: Wire, window: Window, *, attachments: bool) -> Reading:
    """The decisions of the meetings in a period, in the order of their URIs.

    Raises: NoSource; SourceInvalid when the endpoint gives something else than results.
    """
    dates = await _listing(wire, window)
    names, found = list(dates), []
    for at in range(0, len(names), _ASKED):
        asked = names[at : at + _ASKED]
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in await _rows(wire, _details(asked, attachments=attachments)):
            rows[row.get("item", "")].append(row)
        # What was withdrawn since it was listed has no rows.
        found += [
            _decision(name, dates[name], rows[name], wire.origin, attachments)
            for name in asked
            if rows.get(name)
        ]
    return Reading(tuple(found), len(names))


async def _listing(wire: Wire, window: Window) -> dict[str, str]:
    """The date of the first meeting of each decision in the period, by URI.

    Each page goes on after the last URI of the one before: what is added or withdrawn meanwhile shifts nothing.
    """
    dates: dict[str, str] = {}
    after = ""
    while len(dates) <= _MOST:
        bounds = {"start": f"{window.start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{window.end:%Y-%m-%dT%H:%M:%SZ}"}
        rows = await _rows(wire, _PREFIXES + _LISTING % (bounds | {"after": after, "limit": _LISTED}))
        for row in rows:
            if not _fits(row, window) or row["item"] <= after:
                raise SourceInvalid(
                    f"{wire.host} gaf een lijst van beslissingen die niet klopt; kijk het adres na."
                )
            after = row["item"]
            dates[after] = row["date"]
        if len(rows) < _LISTED:
            return dates
    raise SourceInvalid(f"{wire.host} noemt meer dan {_MOST} beslissingen in één maand; kijk het adres na.")


def _fits(row: Row, window: Window) -> bool:
    """Whether a row of a listing names a decision of the period."""
    try:
        return bool(_SAFE.fullmatch(row["item"])) and window.holds(row["date"])
    except (KeyError, ValueError):
        return False


def _details(items: Sequence[str], *, attachments: bool) -> str:
    """One row for each thing known of each of these decisions, as `item`, `field` and values `a` to `f`."""
    values = "VALUES ?item { " + " ".join(f"<{item}>" for item in items) + " }"
    parts = (*_PARTS, _ATTACHED) if attachments else _PARTS
    union = "\n  UNION ".join(f"{{ {values}\n    {part} }}" for part in parts)
    return f"{_PREFIXES}SELECT ?item ?field ?a ?b ?c ?d ?e ?f WHERE {{\n  {union}\n}}"


async def _rows(wire: Wire, query: str) -> list[Row]:
    answer = await wire.json(form={"query": query}, accept=_JSON)
    try:
        return [
            {name: _text(cell["value"]) for name, cell in row.items()}
            for row in answer["results"]["bindings"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise SourceInvalid(
            f"{wire.host} gaf geen SPARQL-resultaten; kijk het ingestelde adres na."
        ) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _decision(uri: str, date: str, rows: Sequence[Row], origin: str, attachments: bool) -> Decision:
    themes = {r["a"]: r.get("b") for r in sorted(_of(rows, "theme"), key=lambda r: (r["a"], r.get("b", "")))}
    ministers = sorted({_minister(r) for r in _of(rows, "minister")})
    html = tuple(sorted({r["a"] for r in _of(rows, "nie#htmlContent")}))
    return Decision(
        uri=uri,
        uuid=_first(rows, "core/uuid"),
        meeting_datetime=date,
        meeting_id=_first(rows, "agenda"),
        agendaitem_type=_first(rows, "agenda", "b"),
        position=_number(_first(rows, "schema.org/position")),
        title=_first(rows, "terms/title"),
        alternative_title=_first(rows, "terms/alternative"),
        html=html,
        text=None if html else _first(rows, "prov#value"),
        themes=tuple(_theme(uri.rpartition("/")[2], label) for uri, label in themes.items()),
        ministers=tuple(dict.fromkeys(name for _, name, _ in ministers)),
        minister_titles=tuple(dict.fromkeys(title for *_, title in ministers if title)),
        attachments=_attachments(rows, origin) if attachments else None,
    )


def _of(rows: Sequence[Row], field: str) -> Iterator[Row]:
    return (row for row in rows if row.get("field", "").endswith(field) and "a" in row)


def _first(rows: Sequence[Row], field: str, value: str = "a") -> str | None:
    """Of more than one the first by order of text: the same whatever order the rows come in."""
    return min((row[value] for row in _of(rows, field) if value in row), default=None)


def _theme(name: str, label: str | None) -> tuple[str, str | None]:
    """A theme with its label, by the code list that comes with the project where the endpoint gives none."""
    return name, label or THEMES.get(name)


def _number(written: str | None) -> int | None:
    return int(written) if written and _DIGITS.fullmatch(written) else None


def _minister(row: Row) -> tuple[int, str, str]:
    """Rank, name and title, in the order of precedence; without a rank last."""
    rank = _number(row.get("d"))
    return _LAST if rank is None else rank, f"{row['a']} {row.get('b', '')}", row.get("c", "")


def _attachments(rows: Sequence[Row], origin: str) -> tuple[Attachment, ...]:
    found = {
        Attachment(
            title=row.get("a"),
            kind=row.get("b"),
            file=row.get("d"),
            format=row.get("e"),
            size=_number(row.get("f")),
            url=file_url(origin, row.get("c")),
        )
        for row in rows
        if row.get("field") == "attachment"
    }
    return tuple(sorted(found, key=lambda a: (a.title or "", a.file or "", a.url or "", a.kind or "")))


def file_url(origin: str, file: Any) -> str | None:
    """Where a file of the configured host is downloaded, by its id."""
    fits = isinstance(file, str) and _FILE.fullmatch(file)
    return f"{origin}/files/{file}/download" if fits else None
