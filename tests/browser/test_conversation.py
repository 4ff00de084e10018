"""A conversation: it is kept in this browser alone, goes on, is stopped, shared, judged and exported."""

import shutil
import subprocess
import time
from io import BytesIO

import docx
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

QUESTION = "Hoeveel bedraagt de activeringspremie voor leefloongerechtigden?"
ARTICLE = "Hoeveel bedroeg de uitvoering van JB0-1JFB2FD-WT in 2021?"


@pytest.fixture
def ask(browser, until):
    """Asks on the page that is open and gives the exchange: `ask(question, 2)` for the second."""

    def asking(question, exchanges=1):
        browser.find_element("id", "vraag").send_keys(question, Keys.ENTER)
        return until(".exchange.is-whole", exchanges)

    return asking


def downloaded(folder, suffix):
    """The file that the browser was given, when it is complete."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if found := list(folder.glob(f"*.{suffix}")):
            return found[0].read_bytes()
        time.sleep(0.1)
    raise AssertionError(f"no .{suffix} came in")


def test_ask_open_a_citation_ask_on_open_an_article_and_export(
    browser, sample_site, until, ask, downloads, requested
):
    browser.get(sample_site.address)
    first = ask(ARTICLE)
    first.find_element(By.CSS_SELECTOR, ".answer .mark").click()
    cited = sample_site.ask(ARTICLE)["citations"][0]["text"]
    assert until("#bronpaneel mark").is_displayed()
    quoted = browser.find_elements(By.CSS_SELECTOR, "#bronpaneel mark")
    assert "".join(mark.get_property("textContent") for mark in quoted) == cited
    browser.find_element(By.CSS_SELECTOR, ".close").click()
    second = ask("En hoeveel was het beschikbare krediet?", 2)
    understood = second.find_element(By.CSS_SELECTOR, ".understood").text
    assert "JB0-1JFB2FD-WT" in understood
    said = second.find_element(By.CSS_SELECTOR, ".claim p").text.partition(" [1]")[0]
    assert browser.title == f"{ARTICLE} – Beleidswijzer"

    second.find_element(By.CSS_SELECTOR, "a.article").click()
    assert "JB0-1JFB2FD-WT" in until("main h1").text
    cell = until("table.data td.amount a")
    figure = cell.text
    cell.click()
    assert until(".document mark").text == figure
    browser.back()
    until("table.data")
    browser.back()
    until(".exchange.is-whole", 2)

    browser.find_element(By.CSS_SELECTOR, "[formaction$=docx]").click()
    word = downloaded(downloads, "docx")
    document = docx.Document(BytesIO(word))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert ARTICLE in text
    assert understood in text
    assert said in text
    [heading] = [at for at, p in enumerate(document.paragraphs) if p.text == "Bronnen"]
    listed = [p.text for p in document.paragraphs[heading + 1 :] if p.text[:1].isdigit() and ".\t" in p.text]
    assert [line.partition(".")[0] for line in listed] == [str(n) for n in range(1, len(listed) + 1)]
    browser.find_element(By.CSS_SELECTOR, "[formaction$=md]").click()
    assert said.encode() in downloaded(downloads, "md")
    assert all(address.startswith(f"{sample_site.address}/") for address in requested())
    assert browser.get_log("browser") == []
    if shutil.which("soffice") and shutil.which("pdftoppm"):
        assert "Bronnen" in printed(word, downloads)


def printed(word, folder):
    """The words on the pages of a Word file, as LibreOffice prints it; the first page is not blank."""
    (folder / "gesprek.docx").write_bytes(word)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for command in (
        ["soffice", profile, "--headless", "--convert-to", "pdf", "gesprek.docx"],
        ["pdftoppm", "-r", "50", "-gray", "-singlefile", "gesprek.pdf", "gesprek"],
        ["pdftotext", "gesprek.pdf"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    header, pixels = (folder / "gesprek.pgm").read_bytes().split(b"\n255\n", 1)
    assert header.startswith(b"P5")
    assert min(pixels) < 128
    return (folder / "gesprek.txt").read_text()


def test_a_conversation_is_resumed_renamed_and_forgotten(browser, site, until, ask):
    browser.get(site.address)
    ask(QUESTION)
    ask("En hoe lang wordt die betaald?", 2)
    answers = [e.text for e in browser.find_elements(By.CSS_SELECTOR, ".answer")]
    browser.refresh()
    until(".exchange.is-whole", 2)
    assert [e.text for e in browser.find_elements(By.CSS_SELECTOR, ".answer")] == answers
    assert "is-done" not in browser.page_source
    browser.find_element(By.LINK_TEXT, "Nieuw gesprek").click()
    WebDriverWait(browser, 30).until(lambda d: not d.find_elements(By.CSS_SELECTOR, ".exchange"))
    ask("Wie helpt het pact?")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#gesprekken li")) == 2
    browser.find_elements(By.CSS_SELECTOR, "#gesprekken .resume")[1].click()
    until(".exchange.is-whole", 2)
    ask("Wie stelt een trajectplan op?", 3)
    names = [e.text for e in browser.find_elements(By.CSS_SELECTOR, "#gesprekken .name")]
    assert names == [QUESTION, "Wie helpt het pact?"], "the one that went on is first, and still one"
    browser.find_element(By.CSS_SELECTOR, ".forget-all").click()
    until("dialog[open] button[value=ja]").click()
    WebDriverWait(browser, 30).until(lambda d: not d.find_elements(By.CSS_SELECTOR, "#gesprekken li"))
    assert browser.execute_script("return localStorage.getItem('beleidswijzer.gesprekken')") == "[]"


def test_what_the_browser_kept_may_be_damaged(browser, site, until, ask):
    browser.get(site.address)
    for kept in ("{", "7", '[{"id": 1}, null]', '[{"id": "a", "name": "x", "at": 1, "answers": ["nep"]}]'):
        browser.execute_script("localStorage.setItem('beleidswijzer.gesprekken', arguments[0])", kept)
        browser.get(f"{site.address}/#gesprek=a")
        browser.refresh()
        assert browser.find_element("id", "vraag").is_displayed()
    assert "kan hier niet meer getoond worden" in until("#gesprek .notice").text
    ask(QUESTION)


def test_a_question_is_stopped(browser, site, until, ask):
    browser.get(site.address)
    browser.execute_script(
        # A stream that opens and says nothing: the answer itself comes too fast to be stopped.
        "htmx.createEventSource = () => Object.assign(new EventTarget(), {readyState: 1, close() { window.closed_stream = true; }})"
    )
    browser.find_element("id", "vraag").send_keys(QUESTION, Keys.ENTER)
    until(".exchange.is-busy .stop").click()
    stopped = until(".exchange.is-stopped")
    assert "U hebt het antwoord gestopt" in stopped.text
    assert browser.execute_script("return window.closed_stream")
    until("#vraag:focus")
    browser.execute_script("htmx.createEventSource = (address) => new EventSource(address)")
    stopped.find_element(By.LINK_TEXT, "Stel de vraag opnieuw").click()
    assert "512 euro" in until(".exchange.is-whole").text


def test_an_answer_is_shared_judged_and_copied(browser, site, until, ask):
    browser.get(site.address)
    exchange = ask(QUESTION)
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    exchange.find_element(By.CSS_SELECTOR, ".copy").click()
    WebDriverWait(browser, 30).until(lambda _: exchange.find_element(By.CSS_SELECTOR, ".told").text)
    copied = exchange.find_element(By.CSS_SELECTOR, ".as-text").get_property("value")
    assert QUESTION in copied
    assert "[1] nota 2023" in copied
    exchange.find_element(By.CSS_SELECTOR, ".judge > summary").click()
    exchange.find_element(By.CSS_SELECTOR, "input[value=right]").click()
    exchange.find_element(By.CSS_SELECTOR, ".judge form button").click()
    assert "bewaard voor de evaluatie" in until(".judged").text
    exchange.find_element(By.CSS_SELECTOR, ".share").click()
    link = until(".shared-link")
    assert link.text == link.get_attribute("href")
    said = exchange.find_element(By.CSS_SELECTOR, ".answer").text
    browser.get(link.get_attribute("href"))
    assert until(".answer").text == said
    until(".answer .mark").click()
    assert until("#bronpaneel mark").is_displayed()


def test_a_refusal_leads_to_a_better_question(browser, site, until, ask):
    browser.get(site.address)
    refused = ask("Hoeveel bedraagt de activeringspremie voor leefloongerechtigden in 2031?")
    assert refused.find_elements(By.CSS_SELECTOR, ".refusal")
    refused.find_element(By.CSS_SELECTOR, ".better a").click()
    assert "512 euro" in until(".exchange.is-whole", 2).text


@pytest.mark.parametrize(
    "state", ["answer", "refusal", "source", "filters", "conversations", "judging", "asking sure"]
)
def test_no_state_of_the_chat_breaks_wcag(browser, site, until, ask, no_violations, state):
    browser.get(site.address)
    if state == "filters":
        browser.find_element(By.CSS_SELECTOR, ".narrow > summary").click()
        for summary in browser.find_elements(By.CSS_SELECTOR, ".filter > summary"):
            summary.click()
        browser.find_element("id", "zoek-document").send_keys("nota")
        until(".found .choose")
    else:
        exchange = ask("Wat is de hoofdstad van Peru?" if state == "refusal" else QUESTION)
    if state == "source":
        exchange.find_element(By.CSS_SELECTOR, ".answer .mark").click()
        until("#bronpaneel mark")
    if state == "judging":
        exchange.find_element(By.CSS_SELECTOR, ".judge > summary").click()
    if state == "conversations":
        until("#gesprekken .rename").click()
    if state == "asking sure":
        until("#gesprekken .forget").click()
    no_violations(browser)


def test_nothing_moves_for_who_asked_for_less_motion(browser, site, until):
    feature = {"name": "prefers-reduced-motion", "value": "reduce"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    try:
        browser.get(site.address)
        browser.execute_script(
            "htmx.createEventSource = () => Object.assign(new EventTarget(), {readyState: 1, close() {}})"
        )
        browser.find_element("id", "vraag").send_keys(QUESTION, Keys.ENTER)
        until(".doing")
        moving = "return document.getAnimations().length + getComputedStyle(document.querySelector('.doing'), '::before').animationName"
        assert browser.execute_script(moving) == "0none"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
