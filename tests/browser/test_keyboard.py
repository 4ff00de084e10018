"""The whole chat by keyboard alone: asking, reading on, sources, figures, judging, conversations; focus never gets lost."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

QUESTION = "Hoeveel bedraagt de activeringspremie voor leefloongerechtigden?"


@pytest.fixture
def press(browser):
    """Presses keys and gives the element that has the focus then."""

    def keys(*pressed):
        ActionChains(browser).send_keys(*pressed).perform()
        return browser.switch_to.active_element

    return keys


@pytest.fixture
def walk(browser, press):
    """Presses Tab, or Shift+Tab, until an element has the focus: `walk(".mark")`."""

    def to(selector, back=False):
        for _ in range(80):
            if back:
                ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
            else:
                press(Keys.TAB)
            if browser.execute_script("return document.activeElement.matches(arguments[0])", selector):
                return browser.switch_to.active_element
        raise AssertionError(f"Tab does not come to {selector}")

    return to


def test_from_question_to_source_and_back(browser, site, until, press, walk):
    browser.get(site.address)
    assert press(Keys.TAB).get_attribute("class") == "skip"
    walk("#vraag")
    press(QUESTION, Keys.ENTER)
    until(".exchange.is-whole")
    until("#vraag:focus")  # asking on needs no search
    mark = walk(".answer .mark", back=True)
    assert mark.value_of_css_property("outline-style") == "solid"
    assert float(mark.value_of_css_property("outline-width").removesuffix("px")) >= 2
    press(Keys.ENTER)
    until("#bronpaneel mark")
    until("#bron-titel:focus")
    assert press(Keys.TAB).text == "Sluiten"
    press(Keys.ESCAPE)
    assert browser.switch_to.active_element == mark
    assert browser.find_elements("css selector", "#bronpaneel mark") == []


def test_figures_quotes_and_judgement(browser, site, until, press, walk):
    browser.get(site.address)
    walk("#vraag")
    press(QUESTION, Keys.ENTER)
    until(".exchange.is-whole")
    walk(".quote > summary", back=True)
    press(Keys.ENTER)
    assert browser.find_element("css selector", ".quote blockquote").is_displayed()
    walk(".figures > summary", back=True)
    press(Keys.ENTER)
    assert "staat zo in de aangehaalde tekst" in browser.find_element("css selector", ".figures li").text
    walk(".judge > summary")
    press(Keys.ENTER)
    walk(".judge input")
    press(Keys.SPACE)
    walk(".judge textarea")
    press("Klopt helemaal")
    walk(".judge form button")
    press(Keys.ENTER)
    assert "bewaard voor de evaluatie" in until(".judged:focus").text


def test_filters(browser, site, until, press, walk):
    browser.get(site.address)
    walk(".narrow > summary")
    press(Keys.ENTER)
    walk(".filter > summary")
    press(Keys.ENTER)
    walk("input[name=soort]")
    press(Keys.SPACE)
    assert browser.find_element("id", "beperkt").text == ": Document"
    walk("#zoek-document, .filter:last-of-type > summary")
    press(Keys.ENTER)
    walk("#zoek-document")
    press("nota")
    until(".found .choose")
    walk(".choose")
    press(Keys.ENTER)
    chosen = browser.switch_to.active_element
    assert (chosen.get_attribute("name"), chosen.is_selected()) == ("document", True)
    assert browser.find_element("id", "beperkt").text == ": Document, nota 2023"


def test_conversations(browser, site, until, press, walk):
    browser.get(site.address)
    walk("#vraag")
    press(QUESTION, Keys.ENTER)
    until("#gesprekken .rename")
    walk("#gesprekken .rename", back=True)
    press(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("name") == "naam"
    press("Premies", Keys.ENTER)
    assert browser.find_element("css selector", "#gesprekken .name").text == "Premies"
    assert browser.switch_to.active_element.get_attribute("aria-label") == "Hernoem: Premies"
    walk("#gesprekken .forget")
    press(Keys.ENTER)
    assert browser.find_element("id", "wissen").is_displayed()
    press(Keys.ESCAPE)
    assert len(browser.find_elements("css selector", "#gesprekken li")) == 1
    press(Keys.ENTER)
    walk("dialog button[value=ja]")
    press(Keys.ENTER)
    until("#gesprekken:not(:has(li))")  # a dialog tells that it was closed a moment later
