"""Every page against WCAG 2.1 AA, by axe-core, at the width of a desk and at 320 px; nothing sticks out sideways."""

import pytest

PAGES = {
    "vragen": "/",
    "antwoord": "/?vraag=Hoeveel+bedroeg+de+uitvoering+van+JB0-1JFB2FD-WT+in+2021",
    "weigering": "/?vraag=Wie+is+de+burgemeester+van+Parijs&soort=pact",
    "begroting": "/begroting",
    "begrotingsartikel": "/begroting/JB0-1JFB2FD-WT",
    "onbekend artikel": "/begroting/XX0-1XXX2XX-WT",
    "regeerakkoord": "/regeerakkoord",
    "belofte": "/regeerakkoord/samenleven-1.2",
    "corpus": "/corpus",
    "documenten": "/corpus/documenten",
    "bron": "/bron/bbt-wse-2021-samenvatting?start=2649&end=2652",
    "aanmelden": "/aanmelden",
    "toegankelijkheid": "/toegankelijkheid",
    "niet gevonden": "/bron/weg",
}


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_no_page_breaks_wcag(browser, sample_site, sized, no_violations, path, width):
    sized(width, 900)
    browser.get(f"{sample_site.address}{path}")
    assert browser.find_elements("css selector", "main h1"), "no page of ours"
    no_violations(browser)
    overflow = "const e = document.documentElement; return e.scrollWidth - e.clientWidth"
    assert browser.execute_script(overflow) == 0


def test_the_page_that_is_open_is_marked_in_the_navigation(browser, sample_site):
    for path in ("/", "/begroting", "/regeerakkoord", "/corpus"):
        browser.get(f"{sample_site.address}{path}")
        [here] = browser.find_elements("css selector", "nav.areas [aria-current=page]")
        assert here.get_dom_attribute("href") == path
