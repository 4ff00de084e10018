import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.commands.terms import candidates, candidates_json, terms_command
from ingest.budget.records import Article
from ingest.records import Block, Document, Metadata
from ingest.terms import Candidate, long_form, suggest
from ingest.thesaurus import Concept, Label, Thesaurus
from ingest.thesaurus_terms import NO_TERMS, terms_of


def document(text: str, name: str = "nota", blocks: Sequence[Block] = ()) -> Document:
    return Document(Metadata(name, "nota", "Nota", "test"), "0" * 64, text, tuple(blocks))


def article(title: str) -> Article:
    return Article(
        "bbt", "JB0-1JDB2CA-WT", title, "uitgave", "JB0", "JD", None, None, "WT", (), 1, 10, 90, 40, None
    )


def known(name: str, *alternative: str):
    labels = (Label(name, "nl", "preferred"), *(Label(text, "nl", "alternative") for text in alternative))
    return terms_of(Thesaurus((Concept("x", labels),)))


@pytest.mark.parametrize(
    ("before", "short", "found"),
    [
        ("en dus de Vlaamse ondersteuningspremie", "VOP", "Vlaamse ondersteuningspremie"),
        (
            "het Openbaar Centrum voor Maatschappelijk Welzijn",
            "OCMW",
            "Openbaar Centrum voor Maatschappelijk Welzijn",
        ),
        ("in de commissie", "XYZ", None),
        ("de VOP", "VOP", None),
    ],
)
def test_the_long_form_of_an_abbreviation(before: str, short: str, found: str | None):
    assert long_form(before, short) == found


def test_a_definition_with_its_uses_and_its_place():
    text = "Dit is de individuele beroepsopleiding\n(IBO). De IBO duurt. Een IBO stopt."
    (found,) = suggest([document(text)], [], NO_TERMS)
    assert (found.kind, found.label, found.abbreviation) == (
        "definition",
        "individuele beroepsopleiding",
        "IBO",
    )
    assert (found.count, found.documents) == (3, 1)
    assert text[found.start : found.end].endswith("individuele beroepsopleiding\n(IBO)")


def test_what_the_thesaurus_has_is_no_candidate():
    nota = document("De Vlaamse ondersteuningspremie (VOP) stijgt.")
    assert suggest([nota], [], known("Vlaamse ondersteuningspremie", "VOP")) == []
    assert [c.abbreviation for c in suggest([nota], [], known("Vlaamse ondersteuningspremie"))] == ["VOP"]


def test_a_known_abbreviation_of_something_else_is_a_candidate():
    nota = document("De Vlaamse Toeleidingscommissie (VTC) beslist.")
    assert len(suggest([nota], [], known("Vlaamse Toezichtcommissie voor persoonsgegevens", "VTC"))) == 1
    assert suggest([nota], [], known("Vlaamse Toeleidingscommissie voor zorg", "VTC")) == []


def test_the_lines_of_an_abbreviation_list():
    text = "Lijst met afkortingen\nADG Arbeitsamt der Gemeinschaft\nWSE  Werk en Sociale Economie\n"
    end = len(text) - 1
    blocks = [Block(0, 21, "heading", 1), Block(22, end, "paragraph", section=("Lijst met afkortingen",))]
    found = suggest([document(text, blocks=blocks)], [], NO_TERMS)
    assert [(c.kind, c.abbreviation, c.label) for c in found] == [
        ("abbreviation", "ADG", "Arbeitsamt der Gemeinschaft"),
        ("abbreviation", "WSE", "Werk en Sociale Economie"),
    ]
    elsewhere = [Block(22, end, "paragraph", section=("Inleiding",))]
    assert suggest([document(text, blocks=elsewhere)], [], NO_TERMS) == []


def test_article_titles_that_are_not_known():
    found = suggest(
        [],
        [article("TRANSITIEPREMIE"), article("ARBEIDSZORG"), article("ARBEIDSZORG")],
        known("transitiepremie"),
    )
    assert [(c.kind, c.label, c.count, c.start, c.end) for c in found] == [
        ("article", "ARBEIDSZORG", 2, 10, 40)
    ]


def test_word_groups_that_stand_often_enough_outside_longer_ones():
    text = "Het lokaal pact loopt. " * 3 + "De zachte groene energie komt. " * 4
    found = suggest([document(text)], [], NO_TERMS, least=3)
    assert [c.kind for c in found] == ["phrase"] * len(found)
    counts = {c.label: c.count for c in found}
    assert counts["lokaal pact"] == 3
    assert counts["zachte groene energie"] == 4
    assert [c.label for c in found].index("zachte groene energie") < [c.label for c in found].index(
        "groene energie"
    )
    assert suggest([document(text)], [], NO_TERMS, least=9) == []


def test_words_that_stand_in_every_document_name_nothing():
    many = [document(f"De regering keurt alles goed. Het zand{n} blijft.", f"d{n}") for n in range(60)]
    assert suggest(many, [], NO_TERMS, least=5) == []


def test_at_most_so_many_of_a_kind():
    titles = [article(f"TITEL {word}") for word in ("EEN", "TWEE", "DRIE")]
    assert len(suggest([], titles, NO_TERMS, most=2)) == 2


def test_what_is_printed():
    found = [Candidate("definition", "lokaal pact", "LP", 4, 1, "nota", 3, 19)]
    assert "lokaal pact (LP): 4 keer in 1 document; nota 3-19" in candidates(found)
    assert candidates([]) == "Geen nieuwe namen gevonden."
    assert candidates_json(found)["candidates"][0]["abbreviation"] == "LP"


def test_the_command_on_the_bundled_corpus(sample_store: Path, root: Path):
    app = typer.Typer()
    app.command()(terms_command)
    options = ["--store", str(sample_store), "--thesaurus", str(root / "corpus" / "thesaurus.ttl"), "--json"]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 0
    found = json.loads(done.stdout)["candidates"]
    assert {"kind", "label", "abbreviation", "count", "documents", "document_id", "start", "end"} == set(
        found[0]
    )
