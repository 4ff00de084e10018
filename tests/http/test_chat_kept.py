"""What leaves the browser again: sealed answers, exported, shared and judged."""

import dataclasses
import io
import json
import re
import stat
from html import unescape
from urllib.parse import urlencode

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from api.pages.sealed import KEY, Seal, seal_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ATTACK = "<script>alert(1)</script> ![x](http://kwaad.example/x.png) [klik](javascript:alert(1)) \x02 www.kwaad.example"


def sent(client, address, *fields, **headers):
    return client.post(address, content=urlencode(fields), headers=FORM | headers)


def answered(client, question="de premie"):
    """The sealed answer to a question."""
    html = client.post("/antwoord", json={"question": question}).text
    return unescape(re.search(r'class="sealed" name="eerder" value="([^"]+)"', html)[1])


def exported(client, suffix, *words):
    response = sent(client, f"/gesprek/export.{suffix}", *(("eerder", word) for word in words))
    assert response.status_code == 200, response.text
    assert re.fullmatch(
        rf'attachment; filename="beleidswijzer-gesprek-\d{{4}}-\d\d-\d\d\.{suffix}"',
        response.headers["content-disposition"],
    )
    return response.content


def test_only_the_key_that_sealed_an_answer_opens_it(client_for, world):
    client = client_for()
    word = answered(client)
    key = (world.store / KEY).read_bytes()
    entry = Seal(key).opened(word)
    assert entry.question == "de premie"
    assert Seal(key).closed(entry) == word
    assert Seal(bytes(32)).opened(word) is None
    for at in range(0, len(word), 97):
        other = "A" if word[at] != "A" else "B"
        assert Seal(key).opened(word[:at] + other + word[at + 1 :]) is None
    for odd in ("", "é", "a", "====", word[:-4], word + "AAAA"):
        assert Seal(key).opened(odd) is None
    assert stat.S_IMODE((world.store / KEY).stat().st_mode) == 0o600
    assert key.hex() not in repr(Seal(key))


@pytest.mark.parametrize("damaged", [b"", b"kort"])
def test_a_damaged_key_seals_nothing(world, damaged):
    (world.store / KEY).write_bytes(damaged)
    seal_of.cache_clear()
    assert len(seal_of(world.store).key) == 32
    assert (world.store / KEY).read_bytes() == damaged


def test_a_conversation_as_word(client_for):
    client = client_for()
    word, other = answered(client), answered(client, "de jobbonus")
    document = docx.Document(io.BytesIO(exported(client, "docx", word, other, word, "nep")))
    text = [paragraph.text for paragraph in document.paragraphs]
    assert text[0] == "Gesprek met Beleidswijzer"
    assert "Eén antwoord is weggelaten: niet door deze server gewaarmerkt." in text
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [
        "de premie", "de jobbonus", "de premie", "Bronnen",
    ]  # fmt: skip
    assert text.count("De premie bedraagt 500 euro per maand.\u00a0[1]") == 2
    assert "De Vlaamse Regering keurt de jobbonus goed.\u00a0[2]" in text
    listed = text[text.index("Bronnen") + 1 :]
    assert listed[0] == "1.\tConceptnota activering, Conceptnota, 4 mei 2023, blz. 1"
    assert listed[1] == "De premie bedraagt 500 euro per maand."
    assert (
        listed[3]
        == "2.\tJobbonus, Beslissing Vlaamse Regering, 4 mei 2021, blz. 1, http://themis.vlaanderen.be/id/resource/b1"
    )
    links = [r.target_ref for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.HYPERLINK]
    assert links == ["http://themis.vlaanderen.be/id/resource/b1"]
    assert "corpus v1" in document.sections[0].footer.paragraphs[0].text


def test_a_conversation_as_markdown(client_for):
    client = client_for()
    text = exported(client, "md", answered(client), answered(client, "de jobbonus")).decode()
    assert "De premie bedraagt 500 euro per maand. [\\[1\\]](#bron-1)" in text
    assert '1. <a id="bron-1"></a>Conceptnota activering, Conceptnota, 4 mei 2023, blz. 1' in text
    assert "   > De premie bedraagt 500 euro per maand." in text
    assert "<http://themis.vlaanderen.be/id/resource/b1>" in text


def test_nothing_of_others_becomes_active_in_an_export(client_for, written):
    client = client_for(written("d", f"premie {ATTACK}", title=ATTACK, uri="javascript:alert(1)"))
    word = answered(client, f"{ATTACK} premie")
    text = exported(client, "md", word).decode()
    assert not re.search(
        r"(?<!\\)!\[|<script|(?<!\\)\]\((?!#bron-)|http://|(?<!\\)\.kwaad", text.replace("http\\://", "")
    )
    document = docx.Document(io.BytesIO(exported(client, "docx", word)))
    assert [r for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.HYPERLINK] == []
    assert any("<script>alert(1)</script>" in p.text for p in document.paragraphs)


def test_the_sentence_that_tells_it_is_bold_in_an_export(client_for, world):
    client = client_for()
    seal = seal_of(world.store)
    entry = seal.opened(answered(client))
    [claim] = entry.answer["claims"]
    assert claim["key"] is None, "one sentence has no other to stand out from"
    kept = entry.answer | {"claims": [claim | {"key": [0, 9]}]}
    word = seal.closed(dataclasses.replace(entry, answer=kept))
    assert "**De premie** bedraagt 500 euro" in exported(client, "md", word).decode()
    document = docx.Document(io.BytesIO(exported(client, "docx", word)))
    told = next(p for p in document.paragraphs if p.text.startswith("De premie bedraagt"))
    assert [run.text for run in told.runs if run.bold] == ["De premie"]
    old = entry.answer | {"claims": [{name: claim[name] for name in claim if name != "key"}]}
    assert (
        "De premie bedraagt 500"
        in exported(client, "md", seal.closed(dataclasses.replace(entry, answer=old))).decode()
    ), "an answer kept by an earlier version"


@pytest.mark.parametrize("words", [[], ["nep"], ["A" * 60]])
def test_without_an_answer_of_ours_there_is_nothing_to_export(client_for, words):
    response = sent(client_for(), "/gesprek/export.docx", *(("eerder", word) for word in words))
    assert response.status_code == 422
    assert "stel eerst een vraag" in response.json()["detail"]


def shared(client, word):
    html = sent(client, "/antwoord/delen", ("eerder", word)).text
    return re.search(r'href="(/antwoord/[0-9a-f]{16})">http://localhost:8000\1<', html)[1]


def test_a_shared_answer_has_a_page(client_for, world):
    client = client_for()
    address = shared(client, answered(client))
    page = client.get(address).text
    assert "De premie bedraagt 500 euro per maand." in page
    assert "Het corpus is gewijzigd" not in page
    [line] = (world.store / "answers.jsonl").read_text().splitlines()
    assert json.loads(line)["question"] == "de premie"


def test_the_link_to_a_shared_answer_is_the_address_that_people_reach(client_for):
    client = client_for(site="https://wijzer.voorbeeld.be")
    html = sent(client, "/antwoord/delen", ("eerder", answered(client))).text
    assert re.search(r">https://wijzer\.voorbeeld\.be/antwoord/[0-9a-f]{16}<", html)


def test_a_shared_answer_warns_when_its_source_changed(client_for, world, written):
    client = client_for()
    address = shared(client, answered(client))
    world.publish("v2", written("nota", "Vooraf.", "De premie bedraagt 500 euro per maand."))
    page = client.get(address).text
    assert "Het corpus is gewijzigd sinds dit antwoord werd gegeven" in page
    assert "De aangehaalde woorden staan nog in hun document (1 van 1)." in page
    world.publish("v3", written("nota", "Vooraf.", "De premie bedraagt 600 euro per maand."))
    assert "Van de 1 aangehaalde plaatsen is nu gewijzigd of verdwenen: [1]." in client.get(address).text


def test_nothing_else_can_be_shared_or_opened(client_for, world):
    client = client_for()
    assert sent(client, "/antwoord/delen", ("eerder", "nep")).status_code == 422
    assert (
        sent(
            client, "/antwoord/delen", ("eerder", answered(client)), **{"Sec-Fetch-Site": "cross-site"}
        ).status_code
        == 403
    )
    assert not (world.store / "answers.jsonl").exists()
    assert client.get("/antwoord/0123456789abcdef").status_code == 404
    assert client.get("/antwoord/..%2F..").status_code == 404


def test_a_judgement_is_kept_with_its_answer(client_for, world):
    client = client_for()
    told = sent(
        client,
        "/antwoord/oordeel",
        ("eerder", answered(client)),
        ("oordeel", "citation_wrong"),
        ("opmerking", " blz. 2\x00 "),
    )
    assert "bewaard voor de evaluatie" in told.text
    [line] = (world.store / "feedback.jsonl").read_text().splitlines()
    [kept] = (world.store / "answers.jsonl").read_text().splitlines()
    found = json.loads(line)
    assert (found["question"], found["verdict"], found["comment"]) == (
        "de premie",
        "citation_wrong",
        "blz. 2",
    )
    assert json.loads(kept)["sha256"].startswith(found["answer"])


@pytest.mark.parametrize(
    "fields", [[("oordeel", "prachtig")], [], [("oordeel", "right"), ("opmerking", "x" * 2_001)]]
)
def test_a_judgement_has_bounds(client_for, world, fields):
    client = client_for()
    assert sent(client, "/antwoord/oordeel", ("eerder", answered(client)), *fields).status_code == 422
    assert sent(client, "/antwoord/oordeel", ("eerder", "nep"), ("oordeel", "right")).status_code == 422
    assert not (world.store / "feedback.jsonl").exists()


def test_figures_say_how_they_were_verified(client_for, world):
    from answer.records import Figure

    def counting(corpus, question, **rest):
        answer = world.ask(corpus, question, **rest)
        at = answer.citations[0].start + answer.citations[0].text.index("500")
        figures = (
            Figure("500", "500", "euro", "cell", at, at + 3),
            Figure("50%", "50", "%", "derived", at, at + 3, "500 / 1.000"),
        )
        return dataclasses.replace(answer, claims=(dataclasses.replace(answer.claims[0], figures=figures),))

    client = client_for(asking=counting)
    html = client.post("/antwoord", json={"question": "de premie"}).text
    assert "Cijfers nagekeken: 1 uit een tabelcel, 1 berekend" in html
    assert "<strong>500</strong> afgelezen uit een cel van de begrotingstabel" in html
    assert (
        '<strong>50%</strong> berekend uit de aangehaalde cijfers: <span class="formula">500 / 1.000</span>'
        in html
    )
    text = exported(client, "md", answered(client)).decode()
    assert (
        "Nagekeken cijfers: afgelezen uit een cel van de begrotingstabel: 500; berekend uit de aangehaalde cijfers: 50% (500 / 1.000)."
        in text
    )
