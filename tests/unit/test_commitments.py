"""Commitments of a coalition agreement: its numbered sections, and the promises in them."""

import json
import re
import sqlite3
from collections import Counter
from dataclasses import replace

import pytest

from ingest.announcement import announces
from ingest.build import build_candidate
from ingest.catalog import Catalog, Contents, rows, write_catalog
from ingest.commitments import commitments
from ingest.embed import load_embedder
from ingest.parse.markdown import parse_markdown
from ingest.reading import cleaned
from ingest.records import Document, Metadata, Parsed
from ingest.snapshot_manifest import arranged, snapshot_id
from retrieval.corpus import open_corpus

AGREEMENT = """# Samen vooruit

## Samenvatting

We bouwen een brug.

# Deel een

## 1 Wonen

### 1.1 Visie

Wonen is een recht. Veel huizen zijn oud.

### 1.2. Maatregelen

We starten met een fonds.

#### Kleine huizen

De Vlaamse overheid koopt elk jaar honderd woningen aan. Vandaag staan er veel leeg.

#### 1.2.1 Huren

We pakken dit aan:

- een hogere premie voor wie huurt;
- Elke huurder krijgt een plaatsbeschrijving.

## 2 Werk

De dienst wordt hervormd.

# Deel twee

## 1 Wonen

### 1.1 Visie

We zullen dit evalueren.

# Bijlage

We danken iedereen.
"""


def agreement(text=AGREEMENT, kind="regeerakkoord"):
    parsed = parse_markdown("akkoord.md", text.encode())
    assert isinstance(parsed, Parsed)
    return Document(Metadata("akkoord", kind, "Akkoord", "map"), "0" * 64, parsed.text, parsed.blocks)


@pytest.fixture(scope="module")
def document():
    return agreement()


@pytest.fixture(scope="module")
def real(real_store):
    with open_corpus(real_store, load_embedder(None)) as corpus:
        yield corpus.document("regeerakkoord-2019-2024"), corpus.commitments()


def promised(document):
    return {c.id: [cleaned(document.text[s:e]) for s, e in c.promises] for c in commitments(document)}


def test_every_numbered_section_with_text_is_a_commitment(document):
    found = commitments(document)
    assert [c.id for c in found] == ["wonen-1.1", "wonen-1.2", "wonen-1.2.1", "werk-2", "wonen-1.1-2"]
    assert [c.domain for c in found] == ["Wonen", "Wonen", "Wonen", "Werk", "Wonen"]
    assert found[2].path == ("1 Wonen", "1.2. Maatregelen", "1.2.1 Huren")
    assert all(c.document_id == "akkoord" for c in found)


def test_a_section_holds_its_unnumbered_parts_and_not_the_sections_below(document):
    text = {c.id: document.text[c.start : c.end] for c in commitments(document)}
    assert text["wonen-1.2"].startswith("We starten") and text["wonen-1.2"].endswith("veel leeg.")
    assert "#### Kleine huizen" in text["wonen-1.2"] and "Huren" not in text["wonen-1.2"]
    assert text["werk-2"] == "De dienst wordt hervormd."
    assert text["wonen-1.1-2"] == "We zullen dit evalueren."


def test_promises_are_sentences_and_the_items_of_an_announced_list(document):
    assert promised(document) == {
        "wonen-1.1": [],
        "wonen-1.2": [
            "We starten met een fonds.",
            "De Vlaamse overheid koopt elk jaar honderd woningen aan.",
        ],
        "wonen-1.2.1": [
            "een hogere premie voor wie huurt;",
            "Elke huurder krijgt een plaatsbeschrijving.",
        ],
        "werk-2": ["De dienst wordt hervormd."],
        "wonen-1.1-2": ["We zullen dit evalueren."],
    }


def test_a_lead_in_that_breaks_off_is_no_promise_but_its_numbered_items_are():
    text = (
        "## 1 Buitenland\n\nDe Vlaamse regering wil een Unie die:\n\n1 Meer invloed heeft\n\n2 De markt verdiept\n\n"
        "De Unie is groot.\n\n3 Een oude brug\n\nWe hervormen de huurwet voor jong en oud zodat iedereen erop vooruitgaat, door:\n\n"
        "- een fonds;\n"
    )
    assert promised(agreement(text)) == {
        "buitenland-1": [
            "1 Meer invloed heeft",
            "2 De markt verdiept",
            "We hervormen de huurwet voor jong en oud zodat iedereen erop vooruitgaat, door:",
            "een fonds;",
        ]
    }


def test_a_domain_without_number_is_the_heading_above(document):
    bare = agreement("# Zorg\n\n## 1.1 Visie\n\nWe helpen.\n\n## 1.2 Thuis\n\nWe zorgen.\n")
    assert [(c.id, c.path[0]) for c in commitments(bare)] == [("zorg-1.1", "Zorg"), ("zorg-1.2", "Zorg")]


def test_only_a_coalition_agreement_has_commitments():
    assert commitments(agreement(kind="conceptnota")) == ()
    assert commitments(agreement("Geen koppen, wel tekst.")) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "We verhogen de premie.",
        "Om dat te halen, werken we de wachtlijst weg.",
        "Wie vastzit in files geven we een alternatief.",
        "We blijven inzetten op bossen en maken daar werk van.",
        "De opgebouwde kennis wordt verankerd.",
        "Op termijn worden alle bussen uitstootvrij gemaakt.",
        "De taken die zij nu doen worden door het departement overgenomen.",
        "De Vlaamse overheid sluit een overeenkomst met de sector.",
        "Daarom bundelt de Vlaamse overheid haar adviezen.",
        "De minister bevoegd voor Brussel ziet hierop toe.",
        "De Vlaamse regering wil minder regels.",
        "Waar nodig zullen extra maatregelen volgen.",
        "Er komt een loket voor starters.",
        "We hebben bijzondere aandacht voor jonge ouders.",
        "Vanaf 2027 mogen er geen oude ketels meer geplaatst worden.",
        "Die regeling bestrijden we.",
        "9 We bouwen een museum.",
        "We erkennen het belang van musea en blijven ze steunen.",
        "Wezetten in op sport.",
        "We zien erop toe dat de lijst klopt.",
        "Elke vorm van fraude moet streng bestraft worden.",
        "De lijst dient elk jaar te worden nagekeken.",
        "Plannen moeten vlot bijgestuurd kunnen worden.",
        "De hal kan ook door anderen worden gebruikt.",
        "Vanaf 2030 moeten alle daken zonnepanelen dragen.",
        "De VDAB moet sneller werken.",
        "Er kan geen sprake zijn van uitstel.",
        "De reeds bestaande loketten worden versterkt.",
        "De gevolgen worden grondig nagegaan.",
        "Voor kopers worden premies die hetzelfde doel hebben in één loket gebundeld.",
        "Het budget zal elk jaar stijgen.",
        "De Vlaamse regering zal haar partners leiden.",
        "De brug zal hersteld worden.",
    ],
)
def test_what_can_be_kept_or_not_is_announced(sentence):
    assert announces(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Een sterk beleid is nodig.",
        "We leven in een tijd van verandering.",
        "De afgelopen jaren bouwden we aan een nieuw model.",
        "De vorige regering hervormde het stelsel.",
        "Willen we vooruit, dan moeten we durven.",
        "We moeten zuinig zijn.",
        "Vandaag worden veel woningen slecht geïsoleerd.",
        "Vlaanderen telt veel kleine bedrijven.",
        "De Vlaamse regering weet dat dit tijd vraagt.",
        "Het is een probleem dat we al jaren kennen.",
        "Digitalisering dringt immers overal door.",
        "Hoe zullen we dit betalen?",
        "Scholen moeten de middelen krijgen die ze verdienen.",
        "De sector wordt geconfronteerd met tekorten.",
        "Vlaanderen wordt gekenmerkt door veel verspreide woningen.",
        "De vraag naar vervoer zal verder stijgen.",
        "Dit zal leiden tot meer files.",
        "De doelstelling zal niet worden gehaald.",
        "Er zullen veel handen nodig zijn.",
        "Door de groei zal het steeds drukker worden.",
        "Er worden steeds grotere hoeveelheden verstuurd.",
        "Zo kan de ruimte anders gebruikt worden.",
        "De omslag kan maar bereikt worden door samenwerking.",
        "Dan moet zij durven handelen als er besluiten worden genomen.",
        "9 We erkennen het belang van musea.",
        "Vlaanderen moet vooruit.",
        "Wetten moeten duidelijk zijn.",
        "Werken moet lonen.",
    ],
)
def test_what_states_obliges_or_looks_back_is_not(sentence):
    assert not announces(sentence)


def test_the_catalog_gives_them_back_and_the_snapshot_counts_them(tmp_path, document):
    found = commitments(document)
    said = Contents([document], [], [], [], commitments=found)
    write_catalog(tmp_path / "catalog.sqlite", said)
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        assert catalog.commitments() == found
        assert catalog.contents().commitments == found
    vectors = load_embedder(None).encode([])
    other = replace(found[0], end=found[0].end - 1)
    contents = (said, replace(said, commitments=()), replace(said, commitments=(other, *found[1:])))
    assert len({snapshot_id(one, vectors, "a", "e") for one in contents}) == 3
    assert list(rows(arranged(replace(said, commitments=found[::-1]), vectors)[0])) == list(rows(said))


def test_a_catalog_of_before_has_no_commitments(tmp_path, document):
    path = tmp_path / "catalog.sqlite"
    write_catalog(path, Contents([document], [], [], []))
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE commitments")
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    with Catalog(path) as catalog:
        assert catalog.commitments() == ()
        assert catalog.contents() == Contents([document], [], [], [], ())


def test_a_build_holds_the_commitments_of_what_was_ingested(tmp_path):
    (tmp_path / "bron").mkdir()
    (tmp_path / "bron" / "akkoord.md").write_text(AGREEMENT)
    (tmp_path / "bron" / "sources.toml").write_text(
        '[[document]]\nid = "akkoord"\npath = "akkoord.md"\nkind = "regeerakkoord"\ntitle = "Akkoord"\n'
    )
    embedder = load_embedder(None)
    built = build_candidate(
        [tmp_path / "bron"], tmp_path / "store", embedder, use_questions=False, report=lambda *_: None
    )
    with open_corpus(tmp_path / "store", embedder, built.snapshot) as corpus:
        stored = corpus.document("akkoord")
        assert stored is not None and corpus.commitments() == commitments(stored)
        assert len(corpus.commitments()) == 5


def key(domain, path):
    numbers = [m.group() for title in path if (m := re.match(r"\d+(?:\.\d+)*", title))]
    return re.sub(r"\W", "", domain), numbers[-1]


def words(text):
    return Counter(re.findall(r"\w+", text.lower().replace("-", "")))


def test_the_sections_of_the_real_agreement_are_found(real, shared):
    document, found = real
    path = shared / "corpus" / "regeerakkoord-sections.jsonl"
    known = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ours = {key(c.domain, c.path): c for c in found}
    assert len(ours) == len({c.id for c in found}) == len(found)
    whole = 0
    for section in known:
        mine = ours[key(section["beleidsdomein"], section["path"])]
        theirs = words(section["text"])
        text = words(cleaned(f"{mine.path[-1]} {document.text[mine.start : mine.end]}"))
        share = (theirs & text).total() / theirs.total()
        assert share > 0.8, (mine.id, share)
        whole += share >= 0.95
    assert len(known) == 224
    assert whole >= 216


def test_the_promises_of_the_real_agreement_lie_in_their_sections_in_order(real):
    document, found = real
    for commitment in found:
        edges = [commitment.start, *(at for span in commitment.promises for at in span), commitment.end]
        assert edges == sorted(edges), commitment.id
        assert all(s < e and not document.text[s].isspace() for s, e in commitment.promises)
    kept = {cleaned(document.text[s:e]).split(",")[0] for c in found for s, e in c.promises}
    assert any(
        sentence.startswith("De Vlaamse overheid sluit een samenwerkingsovereenkomst") for sentence in kept
    )
    assert sum(not c.promises for c in found) <= 5


def test_samenleven_1_2_names_its_promises(real):
    document, found = real
    section = next(c for c in found if c.id == "samenleven-1.2")
    assert section.path == ("1 Samenleven", "1.2 Uitsluiting voorkomen, samenleven bevorderen")
    said = [cleaned(document.text[s:e]) for s, e in section.promises]
    assert any("wordt verankerd" in sentence for sentence in said)
    assert not any("kan een belangrijke sleutel zijn" in sentence for sentence in said)
