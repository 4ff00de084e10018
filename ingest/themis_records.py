"""What is fetched from Themis, declared before any behaviour: decisions, their attachments, and a period."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

Door = Literal["sparql", "api"]
_BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True)
class Themis:
    """Where decisions are fetched: the SPARQL endpoint or the search API at `url`, with or without `attachments`."""

    door: Door
    url: str
    attachments: bool = True


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that came with a decision. `size` is in bytes; `url` is None where no file is published."""

    title: str | None
    kind: str | None
    file: str | None
    format: str | None
    size: int | None
    url: str | None

    def as_json(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as the source gives it.

    `meeting_datetime` is when the government met, ISO 8601; it is the decision's date, which the moment of export
    (`dct:issued`) is not. `html` holds more than one version where the source does. `themes` are (id, label),
    the label None where the source names none. `attachments` is None where they were not asked for.
    """

    uri: str | None
    uuid: str | None
    meeting_datetime: str
    meeting_id: str | None
    agendaitem_type: str | None
    position: int | None
    title: str | None
    alternative_title: str | None
    html: tuple[str, ...]
    text: str | None
    themes: tuple[tuple[str, str | None], ...]
    ministers: tuple[str, ...]
    minister_titles: tuple[str, ...]
    attachments: tuple[Attachment, ...] | None

    @property
    def key(self) -> str:
        """What names the decision: its URI, or its uuid where it has none."""
        return self.uri or self.uuid or ""

    def as_json(self) -> dict[str, Any]:
        """A line of the form that `ingest.parse.decisions` reads; `date` is the day of the meeting in Brussels."""
        return {
            "uri": self.uri,
            "uuid": self.uuid,
            "date": moment(self.meeting_datetime).astimezone(_BRUSSELS).date().isoformat(),
            "meeting_datetime": self.meeting_datetime,
            "meeting_id": self.meeting_id,
            "agendaitem_type": self.agendaitem_type,
            "position": self.position,
            "title": self.title,
            "alternative_title": self.alternative_title,
            "htmlContent": self.html[0] if len(self.html) == 1 else list(self.html) or None,
            "text": self.text,
            "themes": [{"id": name, "label": label} for name, label in self.themes],
            "ministers": list(self.ministers),
            "minister_titles": list(self.minister_titles),
            "attachments": None if self.attachments is None else [a.as_json() for a in self.attachments],
        }


@dataclass(frozen=True, slots=True)
class Window:
    """A period `start <= meeting < end`, both aware and in UTC."""

    start: datetime
    end: datetime

    def holds(self, meeting_datetime: str) -> bool:
        """Whether a meeting fell in this period."""
        return self.start <= moment(meeting_datetime) < self.end


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave for a period. `total` is how many it says there are; None when it said different things."""

    decisions: tuple[Decision, ...]
    total: int | None


def months(since: date, until: date) -> list[Window]:
    """The calendar months from `since` up to, not including, `until`; days begin at midnight in Brussels.

    `months(date(2022, 9, 5), date(2022, 10, 3))` -> 5 September to 1 October, 1 October to 3 October.
    """
    edges = [since]
    while edges[-1] < until:
        first = edges[-1].replace(day=1)
        edges.append(min((first + timedelta(days=32)).replace(day=1), until))
    moments = [datetime.combine(edge, time(), _BRUSSELS).astimezone(UTC) for edge in edges]
    return [Window(start, end) for start, end in pairwise(moments)]


def moment(written: str) -> datetime:
    """An ISO 8601 moment as an aware datetime; without a time zone it is taken as UTC. Raises: ValueError."""
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
