"""Decisions from the search API of the Flemish Government: pages of a period, then the attachments by meeting.

Source: the operator's documentation of the calls to its app-valvas stack, and mu-search for filters and paging.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ingest import SourceInvalid
from ingest.parse.themes import THEMES
from ingest.themis_http import Wire
from ingest.themis_records import Attachment, Decision, Reading, Window
from ingest.themis_sparql import file_url

_JSON = "application/vnd.api+json"
_SIZE = 100  # items a page
_MOST = 200  # pages of one period
_ORDER = (
    ("sort[meetingDate]", "desc"),
    ("sort[meetingTypePosition]", "asc"),
    ("sort[agendaitemType]", "desc"),
    ("sort[position]", "asc"),
)
_MEETING = re.compile(r"[\w-]{1,80}")


async def read_api(wire: Wire, window: Window, *, attachments: bool) -> Reading:
    """The decisions of the meetings in a period; the total is None when it changed from page to page.

    Raises: NoSource; SourceInvalid when the API gives something else than decisions.
    """
    items, totals = await _search(wire, window)
    attached: dict[str, tuple[Attachment, ...]] = {}
    if attachments:
        for meeting in sorted({m for item in items if (m := _one(item["attributes"].get("meetingId")))}):
            attached |= await _attached(wire, meeting)
    found = [_decision(wire, window, item) for item in items]
    if attachments:
        found = [replace(d, attachments=attached.get(d.uuid or "", ())) for d in found]
    return Reading(tuple(found), totals.pop() if len(totals) == 1 else None)


async def _search(wire: Wire, window: Window) -> tuple[list[dict[str, Any]], set[int]]:
    """The items of all pages, and each count that came with a page."""
    last = window.end - timedelta(milliseconds=1)  # the filter takes both ends in
    start, end = (f"{m:%Y-%m-%dT%H:%M:%S}.{m.microsecond // 1000:03}Z" for m in (window.start, last))
    asked = (
        ("collapse_uuids", "t"),
        ("filter[:gte,lte:meetingDate]", f"{start},{end}"),
        *_ORDER,
    )
    items: list[dict[str, Any]] = []
    totals = set()
    for number in range(_MOST):
        page = await _page(wire, "/news-items/search", asked, number)
        total = page.get("count")
        if not isinstance(total, int) or total < 0 or isinstance(total, bool):
            raise _strange(wire)
        totals.add(total)
        items += page["data"]
        if len(page["data"]) < _SIZE or len(items) >= total:
            return items, totals
    raise SourceInvalid(f"{wire.host} geeft meer dan {_MOST} pagina's voor één maand; kijk het adres na.")


async def _attached(wire: Wire, meeting: str) -> dict[str, tuple[Attachment, ...]]:
    """The attachments of each decision of a meeting, by the uuid of the decision."""
    if not _MEETING.fullmatch(meeting):
        raise _strange(wire)
    asked = (("filter[agenda-item][agenda][meeting][:id:]", meeting), ("include", "attachments.file"))
    found: dict[str, tuple[Attachment, ...]] = {}
    for number in range(_MOST):
        page = await _page(wire, "/news-item-infos", asked, number)
        included = page.get("included")
        beside = {
            thing["id"]: thing
            for thing in (included if isinstance(included, list) else [])
            if isinstance(thing, dict) and isinstance(thing.get("id"), str)
        }
        for item in page["data"]:
            pieces = [
                _attachment(wire, beside.get(name, {}), beside) for name in _related(item, "attachments")
            ]
            found[str(item.get("id"))] = tuple(sorted(pieces, key=lambda a: (a.title or "", a.url or "")))
        if len(page["data"]) < _SIZE:
            return found
    raise SourceInvalid(
        f"{wire.host} geeft meer dan {_MOST} pagina's voor één vergadering; kijk het adres na."
    )


async def _page(wire: Wire, path: str, asked: Sequence[tuple[str, str]], number: int) -> dict[str, Any]:
    """A page whose `data` is a list of at most so many resources as were asked, each with its attributes."""
    params = [*asked, ("page[size]", str(_SIZE)), ("page[number]", str(number))]
    page = await wire.json(path, params=params, accept=_JSON)
    data = page.get("data") if isinstance(page, dict) else None
    if not isinstance(data, list) or len(data) > _SIZE or not all(_is_resource(item) for item in data):
        raise _strange(wire)
    return dict(page)


def _is_resource(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("attributes"), dict)


def _strange(wire: Wire) -> SourceInvalid:
    return SourceInvalid(f"{wire.host} gaf geen pagina met beslissingen; kijk het ingestelde adres na.")


def _decision(wire: Wire, window: Window, item: Mapping[str, Any]) -> Decision:
    fields = item["attributes"]
    dates = sorted(_many(fields, "meetingDate"))
    try:  # an item of two meetings is shown at the first that falls in the period
        date = next((d for d in dates if window.holds(d)), dates[0])
    except (ValueError, IndexError) as error:
        raise _strange(wire) from error
    position = fields.get("position")
    first, last = _many(fields, "mandateeFirstNames"), _many(fields, "mandateeFamilyNames")
    # Lists of different length cannot be paired (two ministers of one first name): the family names alone are right.
    names = [f"{f} {n}" for f, n in zip(first, last, strict=True)] if len(first) == len(last) else last
    return Decision(
        uri=_one(fields.get("uri")),
        uuid=_one(fields.get("uuid")) or _one(item.get("id")),
        meeting_datetime=date,
        meeting_id=_one(fields.get("meetingId")),
        agendaitem_type=_one(fields.get("agendaitemType")),
        position=min((p for p in _listed(position) if isinstance(p, int)), default=None),
        title=_one(fields.get("title")),
        alternative_title=_one(fields.get("alternativeTitle")),
        html=tuple(dict.fromkeys(_many(fields, "htmlContent"))),
        text=None,
        themes=tuple((theme, THEMES.get(theme)) for theme in dict.fromkeys(_many(fields, "themeId"))),
        ministers=tuple(dict.fromkeys(names)),
        minister_titles=tuple(dict.fromkeys(_many(fields, "mandateeTitles"))),
        attachments=None,
    )


def _attachment(wire: Wire, piece: Mapping[str, Any], beside: Mapping[str, Mapping[str, Any]]) -> Attachment:
    name = next(iter(_related(piece, "file")), None)
    shown, file = _attributes(piece), _attributes(beside.get(name or "", {}))
    size = file.get("size")
    return Attachment(
        title=_one(shown.get("title")),
        kind=None,
        file=_one(file.get("filename")),
        format=_one(file.get("format")),
        size=size if isinstance(size, int) else None,
        url=file_url(wire.origin, name),
    )


def _related(resource: Mapping[str, Any], name: str) -> list[str]:
    """The ids of what a JSON:API resource points to by this relationship."""
    relations = resource.get("relationships")
    relation = relations.get(name) if isinstance(relations, dict) else None
    data = relation.get("data") if isinstance(relation, dict) else None
    return [one["id"] for one in _listed(data) if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _attributes(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes = resource.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def _listed(value: Any) -> list[Any]:
    """The API gives one value bare and more as a list: `"a"` -> `["a"]`, None -> `[]`."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _many(fields: Mapping[str, Any], key: str) -> list[str]:
    return [value for value in _listed(fields.get(key)) if isinstance(value, str)]


def _one(value: Any) -> str | None:
    """The first text of a value that may be a list."""
    return next((one for one in _listed(value) if isinstance(one, str)), None)
