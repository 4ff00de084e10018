"""Themis on loopback: a real SPARQL engine over triples of its own shape, and a server that answers as its search API.

Both do what they are told: `server.plan[3] = status(500)` is what becomes of the third request; every other one is
answered well.
"""

import gzip
import json
import socket
import time
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import themis_triples as published
from loopback import Loopback

from ingest.themis import fetch
from ingest.themis_http import Courtesy
from ingest.themis_records import Themis

item, listed, triples, withdraw = published.item, published.listed, published.triples, published.withdraw

RESULTS, RESOURCES = "application/sparql-results+json", "application/vnd.api+json"


class Door(Loopback):
    """One of Themis' doors: `requests` are `(path, fields)`, `plan` what becomes of a request, by its number."""

    path = ""

    def __init__(self):
        super().__init__(Handler, self.path)
        self.plan, self.times = {}, []


class Sparql(Door):
    """The SPARQL endpoint over a store."""

    path = "/sparql"

    def __init__(self, store):
        super().__init__()
        self.store = store

    def answer(self, path, fields):
        found = self.store.query(fields["query"][0])
        return RESULTS, found.serialize(format=ox.QueryResultsFormat.JSON)


class SearchApi(Door):
    """The search API over items; `attachments` as for `triples`."""

    def __init__(self, items, attachments=None):
        super().__init__()
        self.items, self.attachments = list(items), attachments or {}

    def answer(self, path, fields):
        size, number = int(fields["page[size]"][0]), int(fields["page[number]"][0])
        if path == "/news-items/search":
            found = self.search(fields)
            page = {"count": len(found), "data": found[size * number : size * (number + 1)]}
        else:
            page = self.infos(fields, size, number)
        return RESOURCES, json.dumps(page).encode()

    def search(self, fields):
        start, end = (datetime.fromisoformat(m) for m in fields["filter[:gte,lte:meetingDate]"][0].split(","))
        dated = [
            i for i in self.items if start <= datetime.fromisoformat(i["attributes"]["meetingDate"]) <= end
        ]
        dated.sort(key=lambda i: min(listed(i["attributes"]["position"])))
        dated.sort(key=lambda i: i["attributes"]["agendaitemType"], reverse=True)
        dated.sort(key=lambda i: i["attributes"]["meetingTypePosition"])
        dated.sort(key=lambda i: i["attributes"]["meetingDate"], reverse=True)
        return dated

    def infos(self, fields, size, number):
        meeting = fields["filter[agenda-item][agenda][meeting][:id:]"][0]
        found = [i for i in self.items if i["attributes"]["meetingId"] == meeting]
        data, included = [], []
        for item in found[size * number : size * (number + 1)]:
            files = self.attachments.get(item["id"], ())
            data.append(
                {
                    "type": "news-item-infos",
                    "id": item["id"],
                    "attributes": {"title": item["attributes"]["title"]},
                    "relationships": {
                        "attachments": {"data": [{"type": "attachments", "id": f"s{f}"} for _, f, _ in files]}
                    },
                }
            )
            for title, file, name in files:
                related = {"file": {"data": {"type": "files", "id": file}}}
                included.append(
                    {
                        "type": "attachments",
                        "id": f"s{file}",
                        "attributes": {"title": title},
                        "relationships": related,
                    }
                )
                link = {"download": {"links": {"related": f"/files/{file}/download"}}}
                told = {"filename": name, "format": "application/pdf", "size": 1234, "extension": "pdf"}
                included.append({"type": "files", "id": file, "attributes": told, "relationships": link})
        return {"data": data, "included": included, "meta": {"count": len(found)}}


class Handler(BaseHTTPRequestHandler):
    """One connection; what behaviours send with."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def themis(self):
        return self.server.loopback

    def do_GET(self):
        self.serve(parse_qs(urlsplit(self.path).query))

    def do_POST(self):
        self.serve(parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()))

    def serve(self, fields):
        themis = self.themis
        themis.times.append(time.monotonic())
        themis.requests.append((urlsplit(self.path).path, fields))
        themis.headers.append(dict(self.headers))
        self.fields = fields
        try:
            themis.plan.get(len(themis.requests), Handler.well)(self)
        except OSError:
            self.close_connection = True  # the client left

    def well(self):
        self.send(*self.themis.answer(urlsplit(self.path).path, self.fields))

    def send(self, media, body, code=200, **headers):
        self.send_response(code)
        known = {"Content-Type": media, "Content-Length": str(len(body))}
        for name, value in (known | {n.replace("_", "-"): v for n, v in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer(self):
        return self.themis.answer(urlsplit(self.path).path, self.fields)

    def log_message(self, *_):
        pass


# ---- who asks


class Fetching:
    """A fetch of April and May 2023 through a door to what is published, into a folder; with the waits that it asked for."""

    def __init__(self, door, folder, items):
        self.door, self.folder, self.waits = door, folder, []
        self.server = Sparql(triples(items)) if door == "sparql" else SearchApi(items)

    async def sleep(self, seconds):
        self.waits.append(seconds)

    def __call__(self, *, attachments=False, url=None, **courtesy):
        known = {"pause": 0, "timeout": 5, "deadline": 60, "attempts": 3}
        return fetch(
            Themis(self.door, url or self.server.url, attachments),
            date(2023, 4, 1),
            self.folder,
            now=datetime(2023, 5, 20, 12, tzinfo=UTC),
            courtesy=Courtesy(**known | courtesy),
            report=lambda *_: None,
            sleep=self.sleep,
        )

    def titles(self):
        (path,) = self.folder.glob("decisions-*.jsonl")
        return sorted(json.loads(line)["title"] for line in path.read_text(encoding="utf-8").splitlines())

    def nothing_kept(self):
        return not (self.folder / "sources.toml").exists()


# ---- how a request can go wrong


class Always(dict):
    """A plan with one behaviour for every request from a number on."""

    def __init__(self, behaviour, since=1):
        self.behaviour, self.since = behaviour, since

    def get(self, number, otherwise):
        return self.behaviour if number >= self.since else otherwise


def status(code, **headers):
    return lambda handler: handler.send("text/plain", b"nee", code, **headers)


def as_type(media):
    """The right answer, said to be something else."""
    return lambda handler: handler.send(media, handler.answer()[1])


def partly(handler):
    """A right answer of which the server says that its time was up."""
    handler.send(*handler.answer(), X_SQL_State="S1TAT")


def body(data, media=None):
    return lambda handler: handler.send(media or handler.answer()[0], data)


def truncated(handler):
    """Half of the answer, and every sign that it is whole."""
    media, data = handler.answer()
    handler.send(media, data[: len(data) // 2])


def cut(handler):
    """Half of the answer, and then the connection breaks."""
    media, data = handler.answer()
    handler.send_response(200)
    handler.send_header("Content-Type", media)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.wfile.flush()
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def hangs_up(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def never_answers(handler):
    handler.themis.ended.wait(30)


def drips(handler):
    """A status line, and then a header a byte at a time, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.themis.ended.wait(0.02):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def floods(megabytes):
    def behave(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", handler.answer()[0])
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(megabytes):
            handler.wfile.write(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    return behave


def bomb(handler):
    packed = gzip.compress(b" " * 50_000_000)
    handler.send(handler.answer()[0], packed, Content_Encoding="gzip")


def first(change):
    """Change what is published, then answer well."""

    def behave(handler):
        change(handler.themis)
        handler.well()

    return behave
