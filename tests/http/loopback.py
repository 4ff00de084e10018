"""A server of a test's own on loopback, with what was sent to it."""

import threading
from http.server import ThreadingHTTPServer


class Loopback:
    """`url` is what a client is configured with; it serves for the length of a `with` block.

    Handlers find this object as `self.server.loopback`; `ended` is set when the block is left.
    """

    def __init__(self, handler, path=""):
        self.requests, self.headers = [], []
        self.ended = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads, self.http.loopback = True, self
        self.url = f"http://127.0.0.1:{self.http.server_port}{path}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()
