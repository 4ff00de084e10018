"""What several places answer together is answered from each of them, as whoever wrote the question down knew."""

import json

import pytest

from answer.ask import ask
from ingest.build import ingest
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus
from retrieval.records import Filters

PROMISED = "Elke gemeente plant tegen het einde van de legislatuur honderd eiken langs haar invalswegen."
SPENT = "Voor laanbomen werd 75.000 euro vastgelegd, waarvan een derde werd uitbetaald."
DRAFTED = "Uit de plannen spreekt een voorkeur voor bomen langs grote wegen."
OTHER = "De dienst wegen herstelt jaarlijks 40 kilometer fietspad."
DOCUMENTS = {
    "akkoord": (
        "regeerakkoord",
        f"# Groen\n\n{PROMISED}\n\n# Mobiliteit\n\nHet openbaar vervoer rijdt voortaan elk kwartier.\n",
    ),
    "rekening": ("bbt", f"# Uitgaven\n\n{SPENT}\n\n# Fietspaden\n\n{OTHER}\n"),
    "memo": ("memo", f"# Evaluatie\n\n{DRAFTED}\n"),
}
TOGETHER = "wat werd beloofd over eiken aanplanten in de gemeente en hoeveel is er voor betaald"
WRITTEN = (
    ("akkoord", PROMISED, TOGETHER),
    ("rekening", SPENT, TOGETHER),
    ("memo", DRAFTED, TOGETHER),
    ("akkoord", PROMISED, "hoeveel eiken plant elke gemeente"),
    ("rekening", OTHER, "hoeveel kilometer fietspad wordt hersteld"),
)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory):
    folder, store = tmp_path_factory.mktemp("bron"), tmp_path_factory.mktemp("store")
    sources = []
    for name, (kind, text) in DOCUMENTS.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        sources.append(
            f'[[document]]\nid = "{name}"\npath = "{name}.md"\nkind = "{kind}"\ntitle = "{name}"\n'
        )
    lines = [
        json.dumps({"document_id": of, "start": at, "end": at + len(place), "question": question})
        for of, place, question in WRITTEN
        for at in [DOCUMENTS[of][1].index(place)]
    ]
    (folder / "vragen.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "sources.toml").write_text(
        "\n".join([*sources, '[[questions]]\npath = "vragen.jsonl"\n']), encoding="utf-8"
    )
    ingest([folder], store, load_embedder(None), use_questions=True, report=lambda *_: None)
    with open_corpus(store, load_embedder(None)) as corpus:
        yield lambda question, **of: ask(corpus, question, **of)


def cited(answer) -> list[tuple[str, str]]:
    return [(c.document_id, c.text) for c in answer.citations]


ASKED = "Wat is er beloofd over eiken planten in gemeenten, en hoeveel werd daarvoor betaald?"


def test_each_of_the_places_is_cited_also_where_no_word_of_the_question_stands(asking):
    answer = asking(ASKED)
    assert answer.status == "answered"
    assert cited(answer)[:2] == [("akkoord", PROMISED), ("rekening", SPENT)]


def test_of_each_kind_of_document_that_is_named_it_is_the_place_that_was_meant(asking):
    answer = asking(
        "Wat belooft het regeerakkoord over eiken in gemeenten, en hoeveel is er volgens de begrotingstoelichting betaald?"
    )
    assert cited(answer) == [("akkoord", PROMISED), ("rekening", SPENT)]


def test_a_drafted_memo_is_a_place_only_where_it_is_asked_for(asking):
    assert "memo" not in {of for of, _ in cited(asking(ASKED))}
    assert "memo" in {of for of, _ in cited(asking(ASKED[:-1] + " volgens de memo?"))}


def test_a_question_that_one_place_answers_is_answered_from_there(asking):
    assert cited(asking("Hoeveel eiken plant elke gemeente?"))[0] == ("akkoord", PROMISED)
    assert ("rekening", SPENT) not in cited(asking("Hoeveel eiken plant elke gemeente?"))


def test_a_place_outside_the_filters_is_not_looked_up(asking):
    assert {of for of, _ in cited(asking(ASKED, filters=Filters(document=("akkoord",))))} == {"akkoord"}
