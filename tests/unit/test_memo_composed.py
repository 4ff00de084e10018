"""A memo as it is composed from the bundled corpus: what it says, what it rests on, and what a model may add."""

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from answer.memo import NOT_FOUND, RELATED, evidence_of, memo
from answer.memo_amounts import sums_of
from answer.memo_claims import content, dutch_date, history, named
from answer.memo_evidence import gather
from answer.memo_files import file_of, settles, status_of
from answer.memo_model import Drafted, written_by
from answer.memo_themes import NO_THEME, themes
from answer.records import Claim
from answer.verify import check
from evals.memos import count, euros
from ingest.chat import ModelSettings, open_model
from ingest.embed import load_embedder
from ingest.records import Commitment, Metadata, Stage
from ingest.stage import stage
from retrieval.corpus import Corpus, open_corpus
from retrieval.matching import decisions_for
from retrieval.promises import ENOUGH, Promise, can_carry_out, supports

_spec = importlib.util.spec_from_file_location(
    "model_server", Path(__file__).parent.parent / "http" / "model_server.py"
)
assert _spec and _spec.loader
server = importlib.util.module_from_spec(_spec)
sys.modules.setdefault("model_server", server)
_spec.loader.exec_module(server)


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


@pytest.fixture(scope="module")
def decisions(corpus: Corpus) -> dict[tuple[str, str], Metadata]:
    return {(m.title, m.date or ""): m for m in corpus.documents() if m.kind == "beslissing"}


@pytest.fixture(scope="module")
def promising(corpus: Corpus) -> Commitment:
    """A section whose one promise is a decision word for word, its title with it."""
    meta = _titled(corpus, "Erkenning participatieorganisatie")
    document = corpus.document(meta.id)
    assert document is not None
    start, end = 0, len(document.text)
    return Commitment(
        "test-1.1", meta.id, "Test", ("1 Test", "1.1 Participatie"), start, end, ((start, end),)
    )


def _titled(corpus: Corpus, title: str, date: str = "") -> Metadata:
    return next(m for m in corpus.documents() if m.title == title and (m.date or "").startswith(date))


def test_a_file_is_one_line_of_history_whichever_of_its_decisions_is_asked_for(corpus: Corpus):
    title = "Wijziging oprichtingsdecreet VDAB wat betreft activerings-, loopbaan- en dataregie"
    found = [
        file_of(corpus, _titled(corpus, title, date), None) for date in ("2020-01", "2020-04", "2020-05")
    ]
    assert found[0] == found[1] == found[2]
    assert [(m.date, m.stage) for m in found[0].decisions] == [
        ("2020-01-17", "principieel"),
        ("2020-04-24", "definitief"),
        ("2020-05-29", "bekrachtigd"),
    ]
    assert status_of(corpus, found[0]) == "definitief"


def test_titles_that_differ_in_a_letter_are_one_file_when_the_official_title_says_so(corpus: Corpus):
    first = _titled(corpus, "Participatieorganisaties integratie en inburgering: wijzigingsbesluit")
    second = _titled(corpus, "Participatieorganisatie integratie en inburgering: wijzigingsbesluit")
    assert file_of(corpus, first, None).decisions == (first, second)


def test_what_came_before_the_agreement_is_no_part_of_a_file(corpus: Corpus):
    title = "Wijziging oprichtingsdecreet VDAB wat betreft activerings-, loopbaan- en dataregie"
    file = file_of(corpus, _titled(corpus, title, "2020-05"), "2020-04-01")
    assert [m.date for m in file.decisions] == ["2020-04-24", "2020-05-29"]


def test_a_history_names_each_stage_with_its_date_and_holds(corpus: Corpus):
    title = "Wijziging oprichtingsdecreet VDAB wat betreft activerings-, loopbaan- en dataregie"
    draft = history(corpus, file_of(corpus, _titled(corpus, title), None))
    assert draft.text == (
        f"De Vlaamse Regering keurde ‘{title}’ principieel goed op 17 januari 2020, keurde het definitief goed op "
        "24 april 2020 en bekrachtigde het op 29 mei 2020."
    )
    assert len(draft.places) == 3


def test_a_stage_that_no_sentence_names_is_not_named_either(corpus: Corpus):
    meta = _titled(corpus, "Erkenning participatieorganisatie")
    assert meta.stage == "definitief"
    assert "definitief" not in history(corpus, file_of(corpus, meta, None)).text


def test_a_decision_that_only_tells_settles_nothing(corpus: Corpus):
    meta = _titled(corpus, "Aanpak van discriminatie binnen de sectoren")
    assert not settles(corpus, meta)
    assert status_of(corpus, file_of(corpus, meta, None)) == "in_voorbereiding"


def test_the_sentence_that_is_quoted_stands_in_the_decision(corpus: Corpus):
    meta = _titled(corpus, "Oproep ‘Lokaal Activeringspact’ leefloongerechtigden")
    told = content(corpus, file_of(corpus, meta, None), ["leefloongerechtigden activeren"])
    document = corpus.document(meta.id)
    assert told is not None and document is not None
    _, start, end = told.places[0]
    assert " ".join(document.text[start:end].split()) == told.text


@pytest.mark.parametrize(
    ("date", "said"),
    [("2020-07-12", "12 juli 2020"), ("2020-07", "juli 2020"), ("2020", "2020"), (None, "onbekende datum")],
)
def test_dates_are_written_in_dutch(date: str | None, said: str):
    assert dutch_date(date) == said


def test_a_title_with_quotation_marks_gets_other_ones(corpus: Corpus):
    meta = _titled(corpus, "Erkenning participatieorganisatie")
    assert named(meta) == "‘Erkenning participatieorganisatie’"
    assert named(replace(meta, title="Oproep ‘X’")) == "“Oproep ‘X’”"


def test_amounts_are_read_with_their_scale_and_their_place(corpus: Corpus):
    files = [file_of(corpus, m, None) for m in corpus.documents() if m.kind == "beslissing"]
    found = sums_of(corpus, files)
    assert found
    for one in found:
        document = corpus.document(one.place[0])
        assert document is not None
        assert one.text in " ".join(document.text[one.place[1] : one.place[2]].split())
        assert one.value in euros(document.text)


def test_an_independent_reading_of_amounts():
    assert euros("3 miljoen euro en 2,5 miljoen euro, € 500, 633.000 euro, 40 procent") == [
        Decimal(3_000_000),
        Decimal(2_500_000),
        Decimal(500),
        Decimal(633_000),
    ]


def test_themes_bear_names_of_the_sources_and_hold_each_file_once(corpus: Corpus):
    files = list(
        {
            f.id: f for m in corpus.documents() if m.kind == "beslissing" for f in [file_of(corpus, m, None)]
        }.values()
    )
    grouped = themes(corpus, files)
    assert sorted(f.id for _, part in grouped for f in part) == sorted(f.id for f in files)
    known = {theme for m in corpus.documents() for theme in m.themes} | {NO_THEME}
    assert all(heading.split(": ")[0] in known or heading in known for heading, _ in grouped)


def test_a_promise_finds_the_decision_that_says_the_same_and_an_unrelated_one_none(
    corpus: Corpus, promising: Commitment
):
    document = corpus.document(promising.document_id)
    assert document is not None
    text = document.text[promising.start : promising.end]
    matched = decisions_for(corpus, text)
    same, other = supports(corpus, [Promise(text), Promise("We planten appelbomen langs de kust.")], matched)
    assert same[0].meta.id == promising.document_id
    assert same[0].strength >= ENOUGH and same[0].counts
    assert all(0 <= s.strength < ENOUGH and not s.counts for s in other)
    assert supports(corpus, [Promise(text)], []) == [()]


def test_a_decision_counts_for_the_promise_that_it_is_nearest_to_and_no_other(
    corpus: Corpus, promising: Commitment
):
    document = corpus.document(promising.document_id)
    assert document is not None
    text = document.text[promising.start : promising.end]
    promises = [Promise(text), Promise("Een organisatie krijgt jaarlijks steun.")]
    for supported, nearest in zip(
        supports(corpus, promises, decisions_for(corpus, text)), (True, False), strict=True
    ):
        own = next(s for s in supported if s.meta.id == promising.document_id)
        assert own.nearest is nearest and own.counts is nearest


def test_what_a_promise_points_back_to_helps_to_find_its_decision(corpus: Corpus, promising: Commitment):
    document = corpus.document(promising.document_id)
    assert document is not None
    text = document.text[promising.start : promising.end]
    promises = [
        Promise("Daarvoor werken we een regeling uit.", text),
        Promise("Daarvoor werken we een regeling uit."),
    ]
    leaning, alone = (
        next(s.strength for s in found if s.meta.id == promising.document_id)
        for found in supports(corpus, promises, decisions_for(corpus, text), most=100)
    )
    assert leaning > alone


@pytest.mark.parametrize(
    ("promise", "title", "stage", "can"),
    [
        ("We bouwen sporthallen.", "Schriftelijke vraag over sporthallen", None, False),
        ("We bouwen sporthallen.", "Sporthallen: subsidie", None, True),
        ("We hervormen de sportclubs.", "Sportclubs: subsidie", "principieel", False),
        ("We hervormen de sportclubs.", "Sportclubs: wijziging subsidie", None, True),
        ("We hervormen de sportclubs.", "Decreet sportclubs", "principieel", True),
        ("We hervormen de sportclubs.", "Sportclubs: terreinen", None, False),
    ],
)
def test_what_cannot_carry_out_a_promise_is_told_by_its_title(
    corpus: Corpus, promise: str, title: str, stage: Stage | None, can: bool
):
    meta = replace(
        _titled(corpus, "Erkenning participatieorganisatie"), title=title, official_title=None, stage=stage
    )
    assert can_carry_out(promise, meta) is can


def test_a_memo_says_what_was_decided_and_every_claim_holds(corpus: Corpus, promising: Commitment):
    made = memo(corpus, promising, made_on="2024-01-01")
    assert made.promises[0].status == "definitief"
    assert made.promises[0].references
    cited = {c.n: c for c in made.citations}
    for claim in made.claims()[1:]:
        assert 1 <= len(claim.citations) <= 3
        assert check(corpus, "", claim.text, [cited[n] for n in claim.citations]).holds
    assert made.summary[0].text == "De ene belofte in deze sectie is definitief beslist."
    counted = count(corpus, [made])
    assert not (counted.failures or counted.without_citation or counted.unresolved or counted.unverified)
    assert counted.amounts == counted.amounts_reached


def test_a_promise_without_decision_says_where_it_was_looked_for(corpus: Corpus, promising: Commitment):
    document = corpus.document(promising.document_id)
    assert document is not None
    at = document.text.index("Vlaamse Regering")
    made = memo(corpus, replace(promising, promises=((at, at + 16),)), made_on="2024-01-01")
    assert made.promises[0].status == "niet_gevonden"
    assert made.promises[0].references == ()
    assert made.not_found[0].searched == NOT_FOUND
    assert made.not_found[0].possible == ()
    assert "Voor de ene belofte in deze sectie werd geen beslissing gevonden." in made.summary[0].text


def test_a_decision_that_may_carry_out_a_promise_is_shown_and_gives_no_status(
    corpus: Corpus, promising: Commitment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("retrieval.promises.ENOUGH", 1.1)
    made = memo(corpus, promising, made_on="2024-01-01")
    assert (made.promises[0].status, made.promises[0].references) == ("niet_gevonden", ())
    possible = {r.document_id for r in made.references if r.n in made.not_found[0].possible}
    assert promising.document_id in possible
    assert made.themes[0].title.startswith(RELATED)
    counted = count(corpus, [made])
    assert not (counted.failures or counted.without_citation or counted.unresolved or counted.unverified)


def test_the_count_notices_a_wrong_memo(corpus: Corpus, promising: Commitment):
    made = memo(corpus, promising, made_on="2024-01-01")
    first = made.themes[0].claims[0]
    wrong = replace(first, text=first.text.replace("2021", "2021 voor 77 miljoen euro"))
    broken = replace(
        made,
        themes=(replace(made.themes[0], claims=(wrong, replace(first, citations=()))),),
        references=(replace(made.references[-1], uri="http://example.org/x"),),
        promises=(replace(made.promises[0], status="principieel"),),
        amounts=(),
    )
    counted = count(corpus, [broken])
    assert counted.without_citation
    assert any("verwijzing" in fault for fault in counted.unresolved)
    assert any("77" in fault for fault in counted.unverified)


def test_equal_evidence_is_an_equal_memo_and_its_hash_needs_no_memo(corpus: Corpus, promising: Commitment):
    made = memo(corpus, promising, made_on="2024-01-01")
    later = memo(corpus, promising, made_on="2025-01-01")
    assert made.evidence == later.evidence == evidence_of(corpus, promising)
    assert replace(later, made_on=made.made_on) == made
    assert evidence_of(corpus, replace(promising, promises=())) != made.evidence


def test_a_commitment_of_an_unknown_document_is_an_error(corpus: Corpus, promising: Commitment):
    with pytest.raises(KeyError):
        gather(corpus, replace(promising, document_id="bestaat-niet"))


def test_a_model_writes_what_holds_and_what_does_not_is_dropped(corpus: Corpus, promising: Commitment):
    extractive = memo(corpus, promising, made_on="2024-01-01")
    sentence = "De regering erkent LEVL vzw als participatieorganisatie."
    quote = (
        "De regering erkent LEVL vzw als participatieorganisatie en keurt de overeenkomst met die vzw goed."
    )
    invented = "De regering erkent LEVL vzw voor 999 miljoen euro."
    reply = server.claims((sentence, [1], [quote]), (invented, [1], [quote]))
    themes_told = len(extractive.themes)
    with (
        server.ModelServer(*[reply] * themes_told) as asked,
        open_model(ModelSettings(spec="openai:test", url=asked.url, key="x")) as model,
    ):
        made = memo(corpus, promising, model=model, made_on="2024-01-01")
    texts = [claim.text for claim in made.claims()]
    assert sentence in texts
    assert not any("999" in text for text in texts)
    assert made.mode == model.name and made.trace is not None
    counted = count(corpus, [made])
    assert not (counted.without_citation or counted.unresolved or counted.unverified)


def test_what_the_model_does_not_speak_of_keeps_all_its_claims(corpus: Corpus):
    told = file_of(corpus, _titled(corpus, "Erkenning participatieorganisatie"), None)
    silent = file_of(corpus, _titled(corpus, "Aanpak van discriminatie binnen de sectoren"), None)
    title, content_alone = Claim("Over ‘Aanpak’.", (1,)), Claim("Een zin die de titel niet noemt.", (1,))
    drafted = Drafted("Thema", ((told, (Claim("Erkend.", (2,)),)), (silent, (title, content_alone))), ())
    sentence = "De regering erkent LEVL vzw als participatieorganisatie."
    quote = (
        "De regering erkent LEVL vzw als participatieorganisatie en keurt de overeenkomst met die vzw goed."
    )
    with (
        server.ModelServer(server.claims((sentence, [1], [quote]))) as asked,
        open_model(ModelSettings(spec="openai:test", url=asked.url, key="x")) as model,
    ):
        written = written_by(corpus, model, "Participatie", [drafted], lambda citation: citation.n)
    (theme,) = written.themes
    assert [claim.text for claim in theme.claims] == [sentence, title.text, content_alone.text]


def test_a_model_that_fails_leaves_the_extractive_memo_with_a_notice(corpus: Corpus, promising: Commitment):
    extractive = memo(corpus, promising, made_on="2024-01-01")
    with (
        server.ModelServer(*[server.status(400)] * 20) as asked,
        open_model(ModelSettings(spec="openai:test", url=asked.url, key="x")) as model,
    ):
        made = memo(corpus, promising, model=model, made_on="2024-01-01")
    assert made.themes == extractive.themes
    assert made.notice and "taalmodel" in made.notice


@pytest.mark.parametrize(
    ("official", "text", "expected"),
    [
        (None, "Ontwerpbesluit van de Vlaamse Regering tot overdracht van een personeelslid", "definitief"),
        (None, "Vier ontwerpbesluiten van de Vlaamse Regering tot toekenning van een subsidie", "definitief"),
        (None, "Voorontwerp van decreet over X", "principieel"),
        (None, "Het ontwerpbesluit wordt later voorgelegd.", None),
    ],
)
def test_the_official_title_may_stand_in_the_text(official: str | None, text: str, expected: str | None):
    assert stage(official, text) == expected
