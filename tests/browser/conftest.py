"""A small corpus, ingested for real and served by the real command, and a browser to look at it."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
ATTACK = "<img src=x onerror=\"document.title='geraakt'\"><script>document.title='geraakt'</script>"

NOTE = """# Nota activering

## Premie voor leefloongerechtigden

De Vlaamse Regering voert een activeringspremie in voor leefloongerechtigden. De premie bedraagt 512 euro per
maand en wordt twaalf maanden lang betaald.

## Begeleiding door het OCMW

Het OCMW stelt samen met de leefloongerechtigde een trajectplan op binnen drie maanden.
"""
PACT = """# Pact lokale tewerkstelling

## Doelgroepen

Het pact richt zich op langdurig werkzoekenden, personen met een arbeidsbeperking en anderstalige nieuwkomers.
"""
_CELLS = ["22.503", "18.883", "4.940", "4.930", "1.258", "1.257", "28.701", "25.081"]
TABLE = (
    "<!doctype html><html lang='nl'><body><h1>Kredieten van het zeppelinfonds</h1><h2>Begroting 2021</h2><table>"
    f"<tr>{'<th>Zeppelinfonds</th>' + '<th>VAK</th><th>VEK</th>' * 4}</tr>"
    f"<tr><td>2e BA</td>{''.join(f'<td>{c}</td>' for c in _CELLS)}</tr>"
    f"<tr><td>2e BA-JR</td>{''.join(f'<td>{c}</td>' for c in reversed(_CELLS))}</tr>"
    "</table></body></html>"
)
# Lines end as they do on Windows, and the text holds what a page must not run.
ODD = f"# Vreemde nota\r\n\r\nDe zeppelinsubsidie {ATTACK} bedraagt 77 euro\r\nvoor elke luchthaven met een mast.\r\n"


AXE_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then((found) =>
  done(found.violations.map((v) => [`${v.id} (${v.help})`, v.nodes.slice(0, 5).map((n) => n.html.slice(0, 200))])));
"""


@dataclass(frozen=True)
class Site:
    """The address of the served corpus."""

    address: str

    def ask(self, question):
        """What the API answers, to compare the page with."""
        body = json.dumps({"question": question}).encode()
        request = urllib.request.Request(f"{self.address}/v1/ask", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)


def wijzer(*words):
    return [sys.executable, "-c", "from api.cli import main; main()", *map(str, words)]


@pytest.fixture(scope="session")
def hosted(root, tmp_path_factory):
    """Ingests a folder with the real command and serves it: `with hosted(folder) as site`."""

    @contextmanager
    def host(folder):
        store = tmp_path_factory.mktemp("store")
        done = subprocess.run(
            wijzer("ingest", folder, "--store", store),
            cwd=root,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        with served(root, store) as site:
            yield site

    return host


@pytest.fixture(scope="session")
def site(hosted, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in {
        "nota-2023.md": NOTE,
        "pact-2022.md": PACT,
        "vreemd.md": ODD,
        "fonds-2021.html": TABLE,
    }.items():
        (folder / name).write_bytes(text.encode())
    with hosted(folder) as site:
        yield site


@pytest.fixture(scope="session")
def sample_site(root, sample_store):
    """The bundled corpus, which has a budget and a coalition agreement too."""
    with served(root, sample_store) as site:
        yield site


@contextmanager
def served(root, store) -> Iterator[Site]:
    """A store served by the real command, on a port of its own; its log is left unread."""
    with subprocess.Popen(
        wijzer("serve", "--store", store, "--port", 0),
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            yield Site(re.search(r"http://\S+:\d+", server.stdout.readline()).group())
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip(
            "geen browser: installeer chromium en chromium-driver (apt-get install chromium chromium-driver)"
        )
    options = webdriver.ChromeOptions()
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(str(Path(chromedriver))))
    yield started
    started.quit()


@pytest.fixture
def browser(driver, downloads):
    """The browser at 1280 by 900, with what it logged and kept before forgotten."""
    if driver.current_url.startswith("http"):
        driver.execute_script("localStorage.clear()")
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    driver.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
    resize(driver, 1280, 900)
    driver.get("about:blank")
    for log in ("performance", "browser"):
        driver.get_log(log)
    return driver


def resize(driver, width, height):
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@pytest.fixture
def downloads(tmp_path):
    """The folder that files of the browser come in."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def axe(root):
    """The program of axe-core (Deque, MPL 2.0), as it is read into a page."""
    [program] = (root / "tests/browser/vendor").glob("axe-*.min.js")
    return program.read_text()


@pytest.fixture
def no_violations(axe):
    """Fails when axe-core finds something on the page of a driver against WCAG 2.1, levels A and AA: `no_violations(driver)`."""

    def check(driver):
        driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
        found = driver.execute_async_script(AXE_RUN)
        assert found == [], "\n".join(f"{rule}: {nodes}" for rule, nodes in found)

    return check


@pytest.fixture
def requested(browser):
    """The addresses that the browser asked for since the test began, other than our own blank page."""

    def addresses():
        messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
        urls = (m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent")
        return [url for url in urls if url != "about:blank"]

    return addresses


@pytest.fixture
def sized(browser):
    """Gives the window another size: `sized(360, 740)`."""
    return lambda width, height: resize(browser, width, height)


@pytest.fixture
def until(browser):
    """Waits for elements and gives the first: `until("#bronpaneel mark")`."""

    def wait(selector, count=1):
        found = WebDriverWait(browser, 30).until(
            lambda d: len(e := d.find_elements("css selector", selector)) >= count and e
        )
        return found[-1] if count > 1 else found[0]

    return wait
