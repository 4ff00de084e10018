"""A model server on loopback that speaks OpenAI's streaming protocol and does what it is told: well, badly or never.

A behaviour is a function of the handler of one request; `ModelServer(first, second)` uses one for each request and
the last for all that follow.
"""

import gzip
import json
import socket
from http.server import BaseHTTPRequestHandler

from loopback import Loopback


class ModelServer(Loopback):
    """A server of which `requests` are the bodies that came, `headers` what came with them.

    `paths` are all that anything was sent to.
    """

    def __init__(self, *behaviours):
        super().__init__(Handler, "/v1")
        self.behaviours, self.paths = list(behaviours), []

    def next_behaviour(self):
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


class Handler(BaseHTTPRequestHandler):
    """One connection; what behaviours send with."""

    protocol_version = "HTTP/1.1"

    @property
    def model_server(self):
        return self.server.loopback

    def do_POST(self):
        self.model_server.paths.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"]))
        self.model_server.requests.append(json.loads(body))
        self.model_server.headers.append(dict(self.headers))
        try:
            self.model_server.next_behaviour()(self)
        except OSError:
            self.close_connection = True  # the client left

    def log_message(self, *_):
        pass

    def open_stream(self, **headers):
        self.send_response(200)
        known = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"} | headers
        for name, value in known.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def raw(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def event(self, delta, finish=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        data = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [choice],
        }
        self.raw(b"data: " + json.dumps(data).encode() + b"\n\n")

    def text(self, text, size=7):
        for at in range(0, len(text), size):
            self.event({"role": "assistant", "content": text[at : at + size]})

    def end(self, finish="stop"):
        self.event({}, finish)
        self.raw(b"data: [DONE]\n\n")
        self.raw(b"")

    def cut(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def says(text, finish="stop", size=7):
    """The text in pieces of `size` characters, ended as it should be."""

    def behave(handler):
        handler.open_stream()
        handler.text(text, size)
        handler.end(finish)

    return behave


def claims(*items, refusal=None, before="", after=""):
    """A reply in the form that was asked for: `claims((text, [k], [quote]), ...)`."""
    written = [{"text": t, "passages": list(p), "quotes": list(q)} for t, p, q in items]
    reply = json.dumps({"claims": written, "refusal": refusal}, ensure_ascii=False)
    return says(before + reply + after)


def stalls_after(text):
    """Says the text and then nothing more."""

    def behave(handler):
        handler.open_stream()
        handler.text(text)
        handler.model_server.ended.wait(30)

    return behave


def never_answers(handler):
    """Takes the request and says nothing, not even a status."""
    handler.model_server.ended.wait(30)


def keeps_alive(handler):
    """Comments that keep the connection alive, for ever."""
    handler.open_stream()
    while not handler.model_server.ended.wait(0.02):
        handler.raw(b": nog even\n\n")


def cuts_after(text):
    """Breaks the connection in the middle of the stream."""

    def behave(handler):
        handler.open_stream()
        handler.text(text)
        handler.cut()

    return behave


def ends_after(text):
    """Ends the stream in order, in the middle of the reply and without a reason."""

    def behave(handler):
        handler.open_stream()
        handler.text(text)
        handler.raw(b"")

    return behave


def hangs_up(handler):
    """Closes the connection before any status."""
    handler.cut()


def status(code, **headers):
    """An error of the server."""

    def behave(handler):
        body = json.dumps({"error": {"message": "nee", "type": "server_error"}}).encode()
        handler.send_response(code)
        for name, value in (
            {"Content-Length": str(len(body)), "Content-Type": "application/json"} | headers
        ).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def error_event(handler):
    """An error inside the stream, before any text."""
    handler.open_stream()
    handler.raw(b'data: {"error": {"message": "overbelast", "code": 500}}\n\n')
    handler.raw(b"")


def broken_events(handler):
    """Events that are no JSON."""
    handler.open_stream()
    handler.raw(b"data: {dit is geen json\n\n")
    handler.raw(b"")


def web_page(handler):
    """What answers at a wrong address."""
    body = b"<!doctype html><title>Welkom</title>"
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def floods(megabytes):
    """A claim whose text goes on and on."""

    def behave(handler):
        handler.open_stream()
        handler.text('{"claims": [{"text": "')
        for _ in range(megabytes * 16):
            handler.event({"role": "assistant", "content": "x" * 65_536})
        handler.end()

    return behave


def floods_one_line(megabytes):
    """One event without an end."""

    def behave(handler):
        handler.open_stream()
        handler.raw(b"data: ")
        for _ in range(megabytes * 16):
            handler.raw(b"x" * 65_536)
        handler.raw(b"\n\n")
        handler.raw(b"")

    return behave


def bomb(handler):
    """A compressed body that nobody asked for."""
    body = gzip.compress(b" " * 50_000_000)
    handler.send_response(200)
    for name, value in {"Content-Encoding": "gzip", "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def withholds(handler):
    """A provider that refuses in its own field, as OpenAI does."""
    handler.open_stream()
    handler.event({"role": "assistant", "refusal": "Daar kan ik niet bij helpen."})
    handler.end()
