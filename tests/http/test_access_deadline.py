"""A request ends at its deadline, whatever it does; a body that drips is cut off."""

import asyncio
import threading

import pytest
from starlette.exceptions import HTTPException

from api.access.deadline import Deadline


def scope(path="/v1/ask", method="POST"):
    return {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}


class Client:
    """The server's side of one connection: a body in pieces, then silence until the client leaves."""

    def __init__(self, *pieces, more=False):
        self.pieces, self.more, self.sent = list(pieces or [b""]), more, []
        self.gone = asyncio.Event()

    async def receive(self):
        if self.pieces:
            body = self.pieces.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(self.pieces) or self.more}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def is_complete(self):
        return not self.sent[-1].get("more_body", False)


async def start(send, status=200):
    await send({"type": "http.response.start", "status": status, "headers": []})


async def body(send, data, more=False):
    await send({"type": "http.response.body", "body": data, "more_body": more})


def serve(app, client_of=Client, *, seconds=0.1, body_seconds=0.1, **where):
    """Run one request; gives the client."""

    async def run():
        client = client_of()
        await asyncio.wait_for(
            Deadline(app, seconds, body_seconds)(scope(**where), client.receive, client.send), 20
        )
        return client

    return asyncio.run(run())


def test_what_is_on_time_passes_unchanged():
    async def app(scope, receive, send):
        got = [await receive(), await receive()]
        await start(send)
        await body(send, b"".join(m["body"] for m in got))

    client = serve(app, lambda: Client(b"een ", b"twee"), seconds=20, body_seconds=20)
    assert (client.status, client.sent[1]["body"]) == (200, b"een twee")


def test_what_is_late_is_told_and_what_it_says_later_is_dropped():
    let_go, ended = threading.Event(), threading.Event()

    async def run():
        client = Client()

        async def app(scope, receive, send):
            await asyncio.to_thread(let_go.wait, 20)  # a thread cannot be stopped
            try:
                await start(send)
            except OSError:
                ended.set()

        await Deadline(app, 0.05)(scope(), client.receive, client.send)
        assert (client.status, client.is_complete) == (504, True)
        assert (b"content-type", b"application/problem+json") in client.sent[0]["headers"]
        assert b"retry-after" in dict(client.sent[0]["headers"])
        let_go.set()
        while not ended.is_set():
            await asyncio.sleep(0.01)
        assert len(client.sent) == 2

    asyncio.run(asyncio.wait_for(run(), 20))


def test_a_response_that_had_begun_is_cut_off_and_not_ended_as_if_it_were_whole():
    async def app(scope, receive, send):
        await start(send)
        await body(send, b"half", more=True)
        await asyncio.sleep(20)

    client = serve(app)
    assert client.status == 200
    assert not client.is_complete


def test_to_the_application_the_deadline_looks_as_if_the_client_left():
    seen = []

    async def run():
        client, done = Client(), asyncio.Event()

        async def app(scope, receive, send):
            seen.append((await receive())["type"])
            seen.append((await receive())["type"])
            done.set()

        await Deadline(app, 0.05)(scope(), client.receive, client.send)
        await done.wait()

    asyncio.run(asyncio.wait_for(run(), 20))
    assert seen == ["http.request", "http.disconnect"]


def test_a_client_that_leaves_is_seen_before_the_deadline():
    seen = []

    async def run():
        client = Client()
        client.gone.set()

        async def app(scope, receive, send):
            seen.extend([(await receive())["type"], (await receive())["type"]])

        await Deadline(app, 20)(scope(), client.receive, client.send)

    asyncio.run(asyncio.wait_for(run(), 20))
    assert seen == ["http.request", "http.disconnect"]


def test_a_body_that_drips_is_cut_off():
    async def app(scope, receive, send):
        try:
            while (await receive()).get("more_body"):
                pass
        except HTTPException as error:
            await start(send, error.status_code)
            await body(send, b"")

    assert serve(app, lambda: Client(b"{", more=True), seconds=20).status == 408


def test_a_body_is_not_slow_while_nobody_asks_for_it():
    async def app(scope, receive, send):
        await asyncio.sleep(0.1)  # it waits for its turn
        assert (await receive())["body"] == b"{}"
        await start(send)
        await body(send, b"")

    assert serve(app, lambda: Client(b"{}"), seconds=20, body_seconds=0.02).status == 200


def test_waiting_for_the_client_to_leave_is_not_a_slow_body():
    async def app(scope, receive, send):
        await receive()
        leaving = asyncio.ensure_future(receive())
        await asyncio.sleep(0.1)
        assert not leaving.done()
        leaving.cancel()
        await start(send)
        await body(send, b"")

    assert serve(app, seconds=20, body_seconds=0.02).status == 200


def test_what_is_raised_inside_goes_through():
    async def app(scope, receive, send):
        raise RuntimeError("stuk")

    with pytest.raises(RuntimeError, match="stuk"):
        serve(app, seconds=20)


def test_a_connection_that_waits_for_messages_has_no_deadline():
    async def app(scope, receive, send):
        await asyncio.sleep(0.1)
        await start(send)
        await body(send, b"")

    assert serve(app, seconds=0.01, path="/mcp", method="GET").status == 200
    assert serve(app, seconds=0.01, path="/mcp").status == 504


def test_an_answer_that_takes_too_long_is_a_problem(client_for, world, monkeypatch):
    from api.access import stack

    monkeypatch.setattr(stack, "GRACE", 0.0)
    let_go = threading.Event()
    try:

        def slow(corpus, question, **how):
            assert let_go.wait(20)
            return world.ask(corpus, question, history=(), filters=how["filters"])

        client = client_for(asking=slow, deadline=0.2)
        response = client.get("/", params={"vraag": "de premie"})
        assert response.status_code == 504
        assert response.headers["content-security-policy"]
        assert response.headers["x-request-id"]
    finally:
        let_go.set()
