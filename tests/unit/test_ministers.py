"""Who is or was minister, from the record of the decisions: read, told, and only told when it is recomputed equal."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from answer.ask import ask
from answer.ministers import minister_answer
from answer.ministers_asked import Asked, among, asked_of
from answer.records import Citation
from answer.tenures import Tenure, read_tenure, recorded, tenures, told
from answer.verify import check
from ingest.build import ingest
from ingest.catalog import Catalog, Contents, write_catalog
from ingest.embed import load_embedder
from ingest.parse.decisions import decisions
from ingest.records import Document, Metadata
from retrieval.corpus import Corpus, open_corpus
from retrieval.query import understand
from retrieval.records import Filters

WORK = "Vlaams minister van Werk, Sociale economie en Onderwijs"
ROADS = "Vlaams minister van Openbare Werken en Volksgezondheid"
HEAD = "Minister-president van de Vlaamse Regering"
HELD = (
    ("An Maes", WORK, ("2019-10-04", "2020-03-06", "2022-05-13")),
    ("Bo De Wit", WORK, ("2022-06-03", "2023-12-22")),
    ("Cis Dom", ROADS, ("2019-11-08", "2023-02-03")),
    ("Els Nys", HEAD, ("2021-07-02",)),
)


def decision(number: int, ministers: list[str], titles: list[str], date: str) -> dict[str, object]:
    return {
        "uri": f"http://themis.vlaanderen.be/id/resource/d{number}",
        "date": date,
        "title": f"Besluit nummer {number} over wegen",
        "text": f"De Vlaamse Regering keurt besluit {number} goed.",
        "ministers": ministers,
        "minister_titles": titles,
    }


def meta(number: int, minister: str, title: str | None, date: str) -> Metadata:
    return Metadata(f"d{number}", "beslissing", "t", "o", date, ministers=(minister,), minister_title=title)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    lines = [([who], [title], day) for who, title, days in HELD for day in days]
    lines.append((["An Maes", "Cis Dom"], [ROADS, WORK], "2023-12-23"))  # whose is which is not known
    place, store = tmp_path_factory.mktemp("themis"), tmp_path_factory.mktemp("store")
    items = (json.dumps(decision(number, *line)) for number, line in enumerate(lines))
    (place / "decisions.jsonl").write_text("\n".join(items), encoding="utf-8")
    embedder = load_embedder(None)
    ingest([place], store, embedder, use_questions=False, report=lambda *_: None)
    with open_corpus(store, embedder) as opened:
        yield opened


@pytest.fixture
def holders(corpus: Corpus) -> Callable[[str], list[str]]:
    def of(question: str) -> list[str]:
        claims, _ = minister_answer(corpus, understand(question), Filters())
        return [c.text.split(" staat als ")[0] for c in claims]

    return of


# the record


def read(**fields: object) -> Metadata:
    (found,) = decisions("f", "o", json.dumps(fields).encode())
    assert isinstance(found, Document)
    return found.meta


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ministers": ["An Maes"], "minister_titles": [f" {WORK}\n"]}, WORK),
        ({"ministers": ["An Maes", "Cis Dom"], "minister_titles": [WORK, ROADS]}, None),
        ({"ministers": ["An Maes", "Cis Dom"], "minister_titles": [WORK]}, None),
        ({"ministers": ["An Maes"], "minister_titles": [WORK, ROADS]}, None),
        ({"ministers": [], "minister_titles": [WORK]}, None),
        ({"ministers": ["An Maes"], "minister_titles": [3, ""]}, None),
        ({"ministers": ["An Maes"]}, None),
    ],
)
def test_a_title_is_kept_where_one_minister_has_one(fields: dict[str, object], expected: str | None):
    assert read(uuid="d", title="t", text="x", **fields).minister_title == expected


def test_the_search_api_gives_the_title_too():
    attributes = {
        "title": "t", "htmlContent": "<p>x</p>", "mandateeFirstNames": "An", "mandateeFamilyNames": "Maes",
        "mandateeTitles": WORK,
    }  # fmt: skip
    assert read(type="news-item", id="d", attributes=attributes).minister_title == WORK


def test_the_catalog_keeps_the_title_and_reads_a_store_of_before_without_one(tmp_path: Path):
    path = tmp_path / "catalog.sqlite"
    kept = meta(1, "An Maes", WORK, "2020-01-10")
    write_catalog(path, Contents([Document(kept, "0" * 64, "x", ())], [], [], []))
    with Catalog(path) as catalog:
        assert catalog.documents() == (kept,)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE documents DROP COLUMN minister_title")
        connection.execute("PRAGMA user_version = 4")
        connection.commit()
    with Catalog(path) as catalog:
        assert catalog.documents() == (replace(kept, minister_title=None),)


def test_a_tenure_runs_from_the_first_to_the_last_decision_under_a_title():
    metas = [
        meta(3, "An Maes", WORK, "2022-05-13"),
        meta(1, "An Maes", WORK, "2019-10-04"),
        meta(2, "An Maes", None, "2018-01-05"),
        meta(4, "An Maes", ROADS, "2022-06-03"),
        meta(5, "An Maes", WORK, "2023"),
    ]
    found = [(t.title, t.first.id, t.last.id) for t in tenures(metas)]
    assert found == [(WORK, "d1", "d3"), (ROADS, "d4", "d4")]


# the sentence


@pytest.fixture
def tenure() -> Tenure:
    return Tenure(
        "An Maes", WORK, meta(1, "An Maes", WORK, "2019-10-04"), meta(2, "An Maes", WORK, "2022-05-13")
    )


def test_a_tenure_is_told_in_the_language_of_the_question(tenure: Tenure):
    assert told(tenure, "nl").endswith("vermeld bij beslissingen van 4 oktober 2019 tot en met 13 mei 2022.")
    assert told(tenure, "en") == f"An Maes is named as ‘{WORK}’ in decisions from 2019-10-04 to 2022-05-13."
    once = replace(tenure, last=tenure.first)
    assert told(once, "nl").endswith(f"{WORK} vermeld bij een beslissing van 4 oktober 2019.")


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_what_is_told_is_read_back_and_recomputed(tenure: Tenure, language):
    known = [tenure.first, tenure.last]
    for said in (told(tenure, language), told(replace(tenure, last=tenure.first), language)):
        match = read_tenure(f"{said} (‘t’, 2019-10-04)")
        assert match and match.group() == said
        assert recorded(known, said, ["d1", "d2"]) == (said == told(tenure, language))
    assert not recorded(known, told(tenure, language), ["d1"])


# the question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie is Vlaams minister van Onderwijs?", Asked("competence", "Onderwijs", "nl", None)),
        ("wie is de vlaamse minister van werk", Asked("competence", "werk", "nl", None)),
        ("Wie was in 2020 minister van Werk?", Asked("competence", "Werk", "nl", ("2020-01-01", "2020-12-31"))),
        ("Wie was minister van Werk op 3 mei 2021?", Asked("competence", "Werk", "nl", ("2021-05-03", "2021-05-03"))),
        ("Wie is bevoegd voor de sociale economie?", Asked("competence", "de sociale economie", "nl", None)),
        ("Wie is onderwijsminister?", Asked("competence", "onderwijs", "nl", None)),
        ("Wat is de bevoegdheid van An Maes?", Asked("person", "An Maes", "nl", None)),
        ("Wie is minister Maes?", Asked("person", "Maes", "nl", None)),
        ("Wie is de minister-president van Vlaanderen?", Asked("head", "", "nl", None)),
        ("Qui est le ministre de l'enseignement ?", Asked("competence", "enseignement", "fr", None)),
        ("Qui est ministre-président ?", Asked("head", "", "fr", None)),
        ("Qui était le ministre-président en 2021 ?", Asked("head", "", "fr", ("2021-01-01", "2021-12-31"))),
        ("Who was minister of work on 3 May 2021?", Asked("competence", "work", "en", ("2021-05-03", "2021-05-03"))),
        ("What is An Maes' portfolio?", Asked("person", "An Maes", "en", None)),
        ("Wat besliste minister Maes over onderwijs?", None),
        ("Wat is het beleid van An Maes?", None),
        ("Welke voorstellen deed An Maes?", None),
        ("Welke beslissingen nam de minister van Onderwijs in 2021?", None),
        ("Wie was minister van Werk in 2020 en wie in 2022?", None),
    ],
)  # fmt: skip
def test_what_a_question_asks_of_ministers(question: str, expected: Asked | None):
    assert asked_of(understand(question)) == expected


@pytest.mark.parametrize(
    ("said", "spoken", "expected"),
    [
        ("Werk", "nl", [WORK]),
        ("Openbare Werken", "nl", [ROADS]),
        ("sociale economie en onderwijs", "nl", [WORK]),
        ("economie", "nl", [WORK]),
        ("gezondheid", "nl", [ROADS]),
        ("onderwijs", "nl", [WORK]),
        ("werks", "nl", [WORK]),
        ("onderwijs en openbare werken", "nl", []),
        ("sociale werken", "nl", []),
        ("klimaat", "nl", []),
        ("de", "nl", []),
        ("public works", "en", [ROADS]),
        ("emploi", "fr", [WORK]),
    ],
)
def test_a_competence_is_one_that_a_title_names(said: str, spoken, expected: list[str]):
    held = [
        Tenure("X", title, meta(1, "X", title, "2020-01-10"), meta(1, "X", title, "2020-01-10"))
        for title in (WORK, ROADS, HEAD)
    ]
    assert [t.title for t in among(Asked("competence", said, spoken, None), held)] == expected


# the answer


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie is minister van Onderwijs?", ["Bo De Wit", "An Maes"]),
        ("Wie was in 2022 minister van Onderwijs?", ["An Maes", "Bo De Wit"]),
        ("Wie was in mei 2020 minister van Onderwijs?", ["An Maes"]),
        ("Wie was in 2018 minister van Onderwijs?", []),
        ("Waarvoor is Bo De Wit bevoegd?", ["Bo De Wit"]),
        ("Wie is De Wit?", ["Bo De Wit"]),
        ("Wie is Wit?", []),
        ("Wie is minister-president?", ["Els Nys"]),
        ("Wie is minister van Klimaat?", []),
    ],
)
def test_the_holders_of_a_title(holders: Callable[[str], list[str]], question: str, expected: list[str]):
    assert holders(question) == expected


def test_an_answer_cites_the_first_and_the_last_decision_and_names_them(corpus: Corpus):
    answer = ask(corpus, "Wie was in 2020 minister van Onderwijs?")
    assert answer.status == "answered"
    assert [(c.document_id, c.date, c.text) for c in answer.citations] == [
        ("d0", "2019-10-04", "Besluit nummer 0 over wegen"),
        ("d2", "2022-05-13", "Besluit nummer 2 over wegen"),
    ]
    assert answer.claims[0].text == (
        f"An Maes staat als {WORK} vermeld bij beslissingen van 4 oktober 2019 tot en met 13 mei 2022. "
        "(‘Besluit nummer 0 over wegen’, 2019-10-04, http://themis.vlaanderen.be/id/resource/d0) "
        "(‘Besluit nummer 2 over wegen’, 2022-05-13, http://themis.vlaanderen.be/id/resource/d2)"
    )


def test_a_filter_that_leaves_out_its_decisions_leaves_out_a_holder(corpus: Corpus):
    query = understand("Wie is minister van Onderwijs?")
    claims, _ = minister_answer(corpus, query, Filters(minister=("An Maes",)))
    assert [c.text.split(" staat")[0] for c in claims] == ["An Maes"]


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("An Maes", "Cis Dom"),
        ("Onderwijs", "Landbouw"),
        ("4 oktober 2019", "11 oktober 2019"),
        ("13 mei 2022", "22 december 2023"),
        ("2022-05-13", "2022-05-14"),
    ],
)
def test_a_claim_that_the_record_does_not_give_is_not_accepted(corpus: Corpus, there: str, instead: str):
    query = understand("Wie was in 2020 minister van Onderwijs?")
    (claim,), citations = minister_answer(corpus, query, Filters())
    assert check(corpus, query.text, claim.text, citations).holds
    assert not check(corpus, query.text, claim.text.replace(there, instead), citations).holds


def test_a_claim_on_other_decisions_is_not_accepted(corpus: Corpus):
    query = understand("Wie was in 2020 minister van Onderwijs?")
    (claim,), (first, last) = minister_answer(corpus, query, Filters())
    sentence = claim.text.split(" (‘")[0]
    between = Citation.of(2, corpus.metadata("d1"), None, (), 0, corpus.metadata("d1").title)
    assert check(corpus, query.text, sentence, [first, last]).holds
    assert not check(corpus, query.text, sentence, [first, between]).holds
