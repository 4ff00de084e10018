"""The server process: says where it listens, stops when asked, and refuses what it cannot do."""

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

SERVE = """
import sys
from pathlib import Path
from api.http import serve
from api.settings import Settings
serve(Settings(store=Path(sys.argv[1]), host=sys.argv[2], port=int(sys.argv[3])))
"""


@pytest.fixture
def serve(root, tmp_path):
    """A factory of server processes on an empty store: `serve(host, port)`."""
    started = []

    def start(host="127.0.0.1", port=0):
        command = [sys.executable, "-c", SERVE, str(tmp_path), host, str(port)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=root, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_it_says_where_it_listens_answers_there_and_stops_quietly(serve, host):
    if host == "::1" and not _has_ipv6():
        pytest.skip("deze machine heeft geen IPv6-adres ::1")
    process = serve(host)
    line = process.stdout.readline()
    address = re.search(r"http://\S+:\d+", line).group()
    with urllib.request.urlopen(f"{address}/health", timeout=30) as response:
        assert response.status == 200
        assert "server" not in response.headers
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/ready", timeout=30)
    with refused.value as told:
        assert told.code == 503
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert rest == ""
    assert "Traceback" not in errors
    assert line.startswith("Beleidswijzer staat klaar op http://")


def test_a_port_in_use_is_told_in_one_line(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = serve(port=port)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert errors == (
        f"Poort {port} op 127.0.0.1 is al in gebruik; kies een andere met --port of WIJZER_PORT (0 neemt een vrije).\n"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "voorbeeld.be", ""])
def test_an_address_that_others_can_reach_is_refused(serve, host):
    process = serve(host)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert errors.count("\n") == 1
    assert "127.0.0.1" in errors


def _has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
