"""Decisions of the Flemish Government as Themis gives them: one JSON Lines file, many documents.

Both shapes are read: flattened (`uri`, `date`, `title`, `text`) and the JSON:API resource of the search
API (`attributes.htmlContent`), a line each or a whole response `{"data": [...]}`. Does not fetch anything.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ingest.gate import shown
from ingest.parse.decision_body import Part, parts_of, plain_parts
from ingest.parse.invisible import one_line, visible
from ingest.parse.outline import with_sections
from ingest.parse.themes import THEMES
from ingest.reading import sentences
from ingest.records import Block, Document, Metadata, Rejected
from ingest.stage import stage

_LONGEST_ITEM = 20_000_000  # bytes
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[\w.:-]{1,200}")


class _Invalid(ValueError):
    """An item that is no decision; its message says in Dutch what was found."""


def decisions(path: str, origin: str, data: bytes) -> Iterator[Document | Rejected]:
    """Each item of a file as a Document of kind `beslissing`, or Rejected with its line number; the rest goes on."""
    taken: dict[str, str] = {}
    for place, raw, item in _items(data):
        try:
            document = _document(item, origin, hashlib.sha256(raw).hexdigest())
            if document.id in taken:
                raise _Invalid(f"het id {document.id} staat ook op {taken[document.id]}")
        except _Invalid as error:
            line = re.sub(r"\D+", ".", place).strip(".")
            message = f"In {shown(path)}, {place}: {error}. Dit deel is overgeslagen; verbeter het en neem het bestand opnieuw op."
            yield Rejected(f"{path}:{line}", "invalid_item", message)
        else:
            taken[document.id] = place
            yield document


def _items(data: bytes) -> Iterator[tuple[str, bytes, Any]]:
    """Each item as place, bytes and value: `("regel 3", b'{"uri": ...}', {"uri": ...})`; what is no JSON has its error."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    whole = _whole(data)
    if whole is not None:
        yield from _of_response("regel 1", data, whole)
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield from _of_response(f"regel {number}", line.strip(), _read(line.strip()))


def _whole(data: bytes) -> Any:
    """The value of a file that is one JSON value over several lines, else None."""
    first, _, below = data.strip().partition(b"\n")
    if not below or not isinstance(_read(first), _Invalid):
        return None
    value = _read(data)
    return None if isinstance(value, _Invalid) else value


def _of_response(place: str, raw: bytes, value: Any) -> Iterator[tuple[str, bytes, Any]]:
    inner = value.get("data") if isinstance(value, dict) and "attributes" not in value else value
    if isinstance(inner, dict):
        yield place, raw, inner
    elif isinstance(inner, list):
        for number, item in enumerate(inner, 1):
            yield f"{place}, item {number}", json.dumps(item, sort_keys=True).encode(), item
    else:
        yield place, raw, value


def _read(raw: bytes) -> Any:
    """The JSON value of `raw`, or the _Invalid that says why it has none."""
    if len(raw) > _LONGEST_ITEM and b"\n" not in raw:
        return _Invalid(f"{len(raw)} bytes is te lang voor een beslissing (hoogstens {_LONGEST_ITEM})")
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        return _Invalid(f"byte {error.start + 1} is geen UTF-8")
    except json.JSONDecodeError as error:
        return _Invalid(f"geen geldige JSON ({error.msg}, teken {error.pos + 1})")
    except ValueError as error:  # NaN, Infinity, a number of thousands of digits
        return _Invalid(f"geen geldige JSON ({error})")
    except RecursionError:
        return _Invalid("geen bruikbare JSON (te diep genest)")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is geen getal")


def _document(item: Any, origin: str, sha256: str) -> Document:
    if isinstance(item, _Invalid):
        raise item
    if not isinstance(item, dict):
        raise _Invalid(f"een beslissing is een JSON-object, gevonden {_kind(item)}")
    fields = item["attributes"] if isinstance(item.get("attributes"), dict) else item
    uri = _text(fields, "uri")
    title, parts = _text(fields, "title"), _body(fields)
    if title is None:
        title, parts = _first_sentence(parts)
    official = _text(fields, "alternative_title") or _text(fields, "alternativeTitle")
    if official and official.casefold() == title.casefold():
        official = None
    date = _date(fields)
    ministers = _ministers(fields)
    text, blocks = _laid_out(title, official, parts)
    meta = Metadata(
        id=_id(uri, _text(fields, "uuid") or _text(item, "id")),
        kind="beslissing",
        title=title,
        origin=origin,
        date=date,
        year=int(date[:4]) if date else None,
        uri=uri,
        official_title=official,
        themes=_themes(fields),
        ministers=ministers,
        minister_title=_minister_title(fields) if len(ministers) == 1 else None,
        stage=stage(official, "\n\n".join((title, *(part for _, part in parts)))),
    )
    return Document(meta, sha256, text, with_sections(text, blocks))


def _laid_out(title: str, official: str | None, parts: list[Part]) -> tuple[str, list[Block]]:
    """The canonical text: title, official title and body, with a blank line between any two parts."""
    blocks, at = [Block(0, len(title), "heading", level=1)], len(title)
    lines = [title]
    for kind, part in [*([("paragraph", official)] if official else []), *parts]:
        blocks.append(Block(at + 2, at + 2 + len(part), kind))  # type: ignore[arg-type]
        lines.append(part)
        at += 2 + len(part)
    return "\n\n".join(lines), blocks


def _id(uri: str | None, uuid: str | None) -> str:
    name = uri.rstrip("/").rpartition("/")[2] if uri else uuid
    if not name:
        raise _Invalid("`uri` en `uuid` ontbreken, zodat er geen id is")
    if not _ID.fullmatch(name):
        raise _Invalid(f"het id {name[:60]!r} heeft tekens die niet in een id horen")
    return name


def _date(fields: dict[str, Any]) -> str | None:
    """The date of the meeting: `"2019-10-02T12:00:00Z"` -> `"2019-10-02"`, as the source writes it."""
    found = next(
        (fields[k] for k in ("date", "meetingDate", "meeting_datetime") if fields.get(k) is not None), None
    )
    if found is None:
        return None
    date = found.partition("T")[0] if isinstance(found, str) else ""
    if not _DATE.fullmatch(date):
        raise _Invalid(f"de datum is {str(found)[:40]!r}, verwacht JJJJ-MM-DD")
    return date


def _body(fields: dict[str, Any]) -> list[Part]:
    """The body; where the API gives it more than once, each version that says something else."""
    markup = [m for m in _listed(fields, "htmlContent") if isinstance(m, str)]
    try:
        parts = [part for m in dict.fromkeys(markup) for part in parts_of(m)]
    except ValueError as error:
        raise _Invalid(f"de HTML van `htmlContent` is niet leesbaar ({error})") from error
    text = fields.get("text")
    if not parts and text is not None:
        if not isinstance(text, str):
            raise _Invalid(f"`text` is {_kind(text)}, verwacht een tekst")
        parts = plain_parts(text)
    return list(dict.fromkeys(parts))


def _first_sentence(parts: list[Part]) -> tuple[str, list[Part]]:
    """A decision without a title is titled by its first sentence; the rest of the body follows it."""
    if not parts:
        raise _Invalid("`title` en de tekst ontbreken")
    (kind, first), *rest = parts
    line, _, below = first.partition("\n")
    start, end = next(sentences(line), (0, len(line)))
    remainder = visible(f"{line[end:]}\n{below}")
    return line[start:end], [(kind, remainder), *rest] if remainder else rest


def _themes(fields: dict[str, Any]) -> tuple[str, ...]:
    """Labels of the themes; the API gives ids, and an id that is not known is left out."""
    named = [t.get("label") if isinstance(t, dict) else t for t in _listed(fields, "themes")]
    known = [THEMES.get(t) for t in _listed(fields, "themeId") if isinstance(t, str)]
    return tuple(dict.fromkeys(one_line(t) for t in (*named, *known) if isinstance(t, str) and one_line(t)))


def _ministers(fields: dict[str, Any]) -> tuple[str, ...]:
    names = [n for n in _listed(fields, "ministers") if isinstance(n, str)]
    if not names:
        first, last = _listed(fields, "mandateeFirstNames"), _listed(fields, "mandateeFamilyNames")
        names = [
            f"{f} {n}" for f, n in zip(first, last, strict=False) if isinstance(f, str) and isinstance(n, str)
        ]
    return tuple(dict.fromkeys(one_line(n) for n in names if one_line(n)))


def _minister_title(fields: dict[str, Any]) -> str | None:
    """The one title that is given; of more it is not known whose each is."""
    given = _listed(fields, "minister_titles") or _listed(fields, "mandateeTitles")
    titles = [one_line(title) for title in given if isinstance(title, str) and one_line(title)]
    return titles[0] if len(titles) == 1 else None


def _listed(fields: dict[str, Any], key: str) -> list[Any]:
    """The API gives one value bare and more as a list: `"a"` -> `["a"]`, None -> `[]`."""
    value = fields.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Invalid(f"`{key}` is {_kind(value)}, verwacht een tekst")
    return one_line(value) or None


def _kind(value: Any) -> str:
    names = {
        dict: "een object",
        list: "een lijst",
        str: "een tekst",
        bool: "true of false",
        type(None): "null",
    }
    return names.get(type(value), "een getal")
