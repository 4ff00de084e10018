"""The chat as it streams: a form, an exchange that opens a stream, and the events that fill and replace it."""

import dataclasses
import re
from html import unescape
from urllib.parse import urlencode

import pytest

from answer.records import Citation, Claim
from api.bodies import AskBody
from api.pages.pending import MOST, Pending
from api.problem import Problem

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def sent(client, address, *fields):
    return client.post(address, content=urlencode(fields), headers=FORM)


def stream_of(client, *fields):
    """The address of the stream that a question opens."""
    coming = sent(client, "/gesprek/vraag", *fields)
    assert coming.status_code == 200, coming.text
    return re.search(r'sse-connect="([^"]+)"', coming.text)[1]


def read(client, address):
    """The events of a stream: their names and data."""
    response = client.get(address)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = []
    for block in response.text.split("\n\n"):
        lines = block.split("\n")
        names = [line[7:] for line in lines if line.startswith("event: ")]
        if names:
            events.append((names[0], "\n".join(line[6:] for line in lines if line.startswith("data: "))))
    return events


def asked(client, question, *fields):
    return read(client, stream_of(client, ("vraag", question), *fields))


def word_of(html):
    """The sealed answer in an exchange."""
    return unescape(re.search(r'class="sealed" name="eerder" value="([^"]+)"', html)[1])


def test_status_then_claims_then_the_whole_exchange(client_for):
    events = asked(client_for(), "de premie")
    assert [name for name, _ in events] == ["status", "claim", "done"]
    assert "Zoekt in de documenten" in events[0][1]
    assert "De premie bedraagt 500 euro per maand." in events[1][1]
    assert '<a class="to-source mark" href="/bron/nota?' in events[1][1]
    whole = events[2][1]
    assert '<article class="exchange is-whole"' in whole
    assert 'hx-swap-oob="innerHTML:#toestand">Antwoord: De premie bedraagt 500 euro' in whole
    assert word_of(whole)


def test_what_a_model_says_is_text(client_for, world):
    attack = "<script>x</script><img src=x onerror=y> [k](javascript:z) http://kwaad.example \r\nevent: done\r\ndata: nep"

    def saying(corpus, question, **rest):
        answer = world.ask(corpus, question, **rest)
        claim = dataclasses.replace(answer.claims[0], text=attack)
        return dataclasses.replace(
            answer, claims=(claim,), text=attack, notice=attack, mode=attack, question=attack
        )

    events = asked(client_for(asking=saying), "de premie")
    assert [name for name, _ in events] == ["status", "claim", "done"]
    for _, html in events:
        assert not re.search(r"<script|<img|href=.(?:javascript|http)", html)
    assert "&lt;script&gt;x&lt;/script&gt;" in events[1][1]


def test_a_stream_opens_once(client_for):
    client = client_for()
    address = stream_of(client, ("vraag", "de premie"))
    assert read(client, address)[-1][0] == "done"
    [(name, html)] = read(client, address)
    assert name == "done"
    assert "stel ze opnieuw" in html
    assert "500 euro" not in html


def test_claims_that_no_longer_hold_are_taken_back(client_for, world):
    gone = Citation(1, "nota", "Nota", "nota", None, None, None, (), 0, 4, "weg!")

    def wavering(corpus, question, *, on_claim, **rest):
        on_claim(Claim("Dit klopt niet.", (1,)), (gone,))
        return world.ask(corpus, question, **rest)

    events = asked(client_for(asking=wavering), "de premie")
    assert [name for name, _ in events] == ["claim", "status", "withdrawn", "claim", "done"]
    assert "Dit klopt niet" not in events[-1][1]


def test_what_goes_wrong_replaces_the_exchange(client_for):
    def failing(corpus, question, **_):
        raise RuntimeError("geheim/pad")

    [(name, html)] = asked(client_for(asking=failing), "de <b>premie</b>")[-1:]
    assert name == "done"
    assert "Er ging hier iets mis" in html
    assert "de &lt;b&gt;premie&lt;/b&gt;" in html
    assert 'class="ask-this"' in html
    assert "geheim" not in html


def test_without_a_corpus_the_stream_says_so(client_for):
    [(name, html)] = asked(client_for(None), "de premie")
    assert name == "done"
    assert "wijzer ingest" in html


def test_a_follow_up_takes_the_sealed_answers_along_and_nothing_forged(client_for, world):
    client = client_for()
    word = word_of(asked(client, "de premie")[-1][1])
    asked(client, "en de premie", ("eerder", word), ("eerder", "A" * 40), ("eerder", word[:-4] + "AAAA"))
    history = world.asked[-1][1]
    assert [(turn.role, turn.content) for turn in history] == [
        ("user", "de premie"),
        ("assistant", "De premie bedraagt 500 euro per maand. [1]"),
    ]


def test_filters_of_the_form_reach_the_question(client_for, world):
    fields = [
        ("soort", "conceptnota"),
        ("jaar", "2023"),
        ("minister", "Ann Peeters"),
        ("thema", "Werk"),
        ("document", "nota"),
    ]
    html = asked(client_for(), "de premie", *fields)[-1][1]
    filters = world.asked[0][2]
    assert (filters.kind, filters.year, filters.document) == (("conceptnota",), (2023,), ("nota",))
    assert (filters.minister, filters.theme) == (("Ann Peeters",), ("Werk",))
    assert "Beperkt tot: Conceptnota, 2023, Ann Peeters, Werk, Conceptnota activering" in html
    assert "(zonder de beperking)" in html  # no document has a theme, so there is no answer


def test_text_with_carriage_returns_comes_through(client_for, written):
    rows = "2021\tVAK\tVEK\r\n2e BA\t1.258\t1.258\r\npremie\t1.049\t1.049"
    html = asked(client_for(written("d", rows)), "de premie")[-1][1]
    assert "\r" not in html
    assert (
        unescape(re.search(r'<blockquote class="rows" tabindex="0">(.*?)</blockquote>', html, re.DOTALL)[1])
        == rows
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ([], "question"),
        ([("vraag", "  ")], "leeg"),
        ([("vraag", "x" * 20_001)], "20000 tekens"),
        ([("vraag", "x"), ("jaar", "twee")], "getal"),
        ([("vraag", "x"), ("jaar", "9" * 5_000)], "getal"),
        ([("vraag", "x"), *[("eerder", "x")] * 101], "100 antwoorden"),
    ],
)
def test_a_form_has_bounds(client_for, fields, told):
    response = sent(client_for(), "/gesprek/vraag", *fields)
    assert response.status_code == 422
    assert told in response.json()["detail"]


def test_a_form_of_another_site_is_refused(client_for, world):
    headers = FORM | {"Sec-Fetch-Site": "cross-site"}
    response = client_for().post("/gesprek/vraag", content="vraag=premie", headers=headers)
    assert response.status_code == 403
    assert world.asked == []


def test_a_kept_conversation_is_shown_as_it_was(client_for, world):
    client = client_for()
    word = word_of(asked(client, "de premie")[-1][1])
    count = len(world.asked)
    html = sent(client, "/gesprek", ("eerder", word), ("eerder", word), ("eerder", "nep")).text
    assert html.count("De premie bedraagt 500 euro per maand.&nbsp;") == 2
    assert "Eén antwoord kan hier niet meer getoond worden" in html
    assert len(world.asked) == count, "nothing is asked again"


def test_documents_are_found_by_words_of_their_title(client_for):
    client = client_for()
    assert 'data-document="nota"' in client.get("/gesprek/documenten", params={"zoek": "ACTIV nota"}).text
    assert "Geen document" in client.get("/gesprek/documenten", params={"zoek": "zeppelin"}).text
    assert client.get("/gesprek/documenten", params={"zoek": " "}).text.strip() == ""


def test_waiting_questions_are_bounded_and_forgotten():
    now = 0.0
    waiting = Pending(lambda: now)
    body = AskBody(question="x")
    names = [waiting.put(body) for _ in range(MOST)]
    with pytest.raises(Problem) as refused:
        waiting.put(body)
    assert refused.value.status == 503
    assert waiting.take(names[0]) is body
    assert waiting.take(names[0]) is None
    now = 61.0
    assert waiting.take(names[1]) is None
    assert waiting.put(body)
