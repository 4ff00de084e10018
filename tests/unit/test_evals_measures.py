"""The measures: worked cases, and the same figures as the scorer by which the project is compared."""

import importlib.util
import json
import random
from math import log2

import pytest

from evals.answers import Asked, figures_traced, span_precision, span_recall
from evals.gold import GoldQuestion, Piece, parsed
from evals.matching import is_figure, longest_run, states, telling, words
from evals.measures import measure, summary

EVIDENCE = "De premie bedraagt 512 euro per maand en loopt twaalf maanden."
OTHER = "Het trajectplan komt er binnen drie maanden na de aanvraag."


def question(*quotes, name="q", facts=("512",), alternatives=(), **changes):
    pieces = tuple(
        Piece("nota", quote=q, start=n * 1000, end=n * 1000 + len(q)) for n, q in enumerate(quotes)
    )
    alt = tuple(Piece("nota", quote=q, stands_for=n) for n, q in alternatives)
    return GoldQuestion(name, "instrument", "Hoeveel?", bool(quotes), pieces, facts, alt, **changes)


def passage(text, document="nota"):
    return {"document_id": document, "text": text}


def answer(text="512 euro", citations=(), status="answered", **more):
    return {"status": status, "answer": text, "citations": list(citations), **more}


def cited(text, start=0, n=1, document="nota"):
    return {"n": n, "document_id": document, "text": text, "start": start, "end": start + len(text)}


def values(gold, **result):
    return measure([gold], {gold.id: result})[0].values


# Ranked passages


def test_early_evidence_scores_higher():
    early = values(question(EVIDENCE), passages=[passage(EVIDENCE), passage(OTHER)])
    late = values(question(EVIDENCE), passages=[passage(OTHER), passage(EVIDENCE)])
    assert (early["mrr"], early["recall@1"], early["nDCG@10"], early["success@1"]) == (1, 1, 1, 1)
    assert (late["mrr"], late["recall@1"], late["recall@5"], late["success@1"]) == (0.5, 0, 1, 0)
    assert late["nDCG@10"] == pytest.approx(1 / log2(3))


def test_two_needs_of_which_one_is_found_at_rank_two():
    found = values(question(EVIDENCE, OTHER), passages=[passage("iets anders"), passage(EVIDENCE)])
    assert found["recall@5"] == 0.5
    assert found["nDCG@10"] == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))


def test_a_passage_with_two_needs_gains_twice():
    third = "De aanvraag verloopt via het digitale loket van de gemeente."
    found = values(
        question(EVIDENCE, OTHER, third), passages=[passage(third), passage(f"{EVIDENCE} {OTHER}")]
    )
    assert found["nDCG@10"] == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))


def test_one_passage_with_all_evidence_first_is_perfect():
    found = values(question(EVIDENCE, OTHER), passages=[passage(f"{EVIDENCE} {OTHER}"), passage(EVIDENCE)])
    assert (found["nDCG@10"], found["recall@1"], found["mrr"]) == (1, 1, 1)


def test_a_named_alternative_stands_in_for_its_piece_only():
    gold = question(EVIDENCE, OTHER, alternatives=[(1, "Binnen een kwartaal is het plan er altijd.")])
    found = values(gold, passages=[passage("Binnen een kwartaal is het plan er altijd.")])
    assert found["recall@1"] == 0.5
    assert found["mrr"] == 1


def test_recall_within_characters_cuts_the_passage_that_crosses_the_limit():
    found = values(question(EVIDENCE), passages=[passage("x " * 1990), passage(f"{'y ' * 20}{EVIDENCE}")])
    assert (found["recall@4k chars"], found["recall@8k chars"]) == (0, 1)


def test_a_missing_result_counts_as_zero():
    rows = measure([question(EVIDENCE), question(name="leeg")], {})
    assert all(
        rows[0].values[name] == 0 for name in ("mrr", "recall@20", "nDCG@10", "right", "facts", "span_recall")
    )
    assert rows[0].values["false_refusal"] == 1
    assert rows[1].values == {"refusal_recall": 0.0}


def test_a_run_of_searches_alone_says_nothing_of_answers():
    rows = measure([question(EVIDENCE)], {"q": {"passages": [passage(EVIDENCE)]}}, of=("search",))
    assert "right" not in rows[0].values
    assert rows[0].values["recall@1"] == 1
    assert measure([], {}) == []


# Answers


def test_right_wants_facts_and_a_citation_that_overlaps():
    assert values(question(EVIDENCE), answer=answer(citations=[cited(EVIDENCE)]))["right"] == 1
    unsupported = values(question(EVIDENCE), answer=answer(citations=[cited(OTHER)]))
    assert (unsupported["right"], unsupported["wrong"], unsupported["facts"]) == (0, 1, 1)
    assert unsupported["citation_precision"] == 0
    assert values(question(EVIDENCE), answer=answer("513 euro", [cited(EVIDENCE)]))["wrong"] == 1


def test_refusals_are_counted_both_ways():
    gold = [question(EVIDENCE, name="a"), question(name="b")]
    refused = answer(status="refused")
    means = summary(measure(gold, {"a": {"answer": refused}, "b": {"answer": refused}}))["all"]
    assert (means["refusal_recall"], means["refusal_precision"], means["false_refusal"]) == (1, 0.5, 1)


def test_citations_by_place():
    gold = question(EVIDENCE, OTHER)
    half = Asked(gold, answer(citations=[cited(EVIDENCE, 0), cited(OTHER, 5000, 2)]))
    assert (span_recall(half), span_precision(half)) == (0.5, 0.5)
    touching = Asked(gold, answer(citations=[cited(EVIDENCE, len(EVIDENCE) - 25)]))
    assert span_recall(touching) == 0
    assert span_precision(Asked(gold, answer(citations=[cited(EVIDENCE, 0, document="andere")]))) == 0


def test_places_that_are_not_known_are_not_measured():
    unplaced = GoldQuestion("q", "list", "?", True, (Piece("nota", quote=EVIDENCE),), ())
    vanished = GoldQuestion("q", "list", "?", True, (Piece("nota", quote=""),), ())
    assert span_recall(Asked(unplaced, answer(citations=[cited(EVIDENCE)]))) is None
    assert span_recall(Asked(vanished, answer(citations=[cited(EVIDENCE)]))) == 0
    assert values(vanished, answer=answer(citations=[cited(EVIDENCE)]))["right"] == 0


def figure(text, start, end, source="cell", formula=None):
    return {"text": text, "start": start, "end": end, "source": source, "formula": formula}


@pytest.mark.parametrize(
    ("found", "traced"),
    [
        (figure("512", 19, 22), 1),
        (figure("513", 19, 22), 0),
        (figure("512", 0, len(EVIDENCE), "span"), 1),
        (figure("512", 500, 503), 0),
        (figure("veel", 19, 22), 0),
        (figure("50%", 19, 22, "derived", "512 / 1.024"), 0),
        (figure("100%", 19, 22, "derived", "512 / 512"), 1),
    ],
)
def test_a_figure_is_traced_to_the_citation_of_its_claim(found, traced):
    claims = [{"text": "x", "citations": [1], "figures": [found]}]
    assert (
        figures_traced(Asked(question(EVIDENCE), answer(citations=[cited(EVIDENCE)], claims=claims)))
        == traced
    )


def test_lengths_times_and_citations_a_claim():
    claims = [
        {"text": "x", "citations": [1, 2], "figures": []},
        {"text": "y", "citations": [1], "figures": []},
    ]
    gold = [question(EVIDENCE, name=f"q{n}") for n in range(3)]
    results = {
        q.id: {"answer": answer("512", [cited(EVIDENCE)], claims=claims, elapsed_ms=ms)}
        for q, ms in zip(gold, (10, 20, 60), strict=True)
    }
    means = summary(measure(gold, results))["all"]
    assert (means["citations_per_claim"], means["answer_length"], means["p50_ms"], means["p95_ms"]) == (
        1.5,
        3,
        20,
        56,
    )


def test_means_by_a_field():
    gold = [question(EVIDENCE, name="a", split="tune"), question(EVIDENCE, name="b", split="report")]
    means = summary(measure(gold, {"a": {"answer": answer(citations=[cited(EVIDENCE)])}}), "split")
    assert {group: (m["n"], m["right"]) for group, m in means.items()} == {
        "split=tune": (1, 1),
        "split=report": (1, 0),
    }


def test_facts_that_are_figures_and_facts_that_tell():
    assert [is_figure(f) for f in ("1.258|1,3 miljoen", "83%", "2021", "corona", "-2 keuro")] == [
        True, True, False, False, True,
    ]  # fmt: skip
    assert [telling(f) for f in ("1.258", "2021", "10%", "uit dienst", "12")] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_words_and_runs():
    assert words("De (competentie-\nmismatch),") == ("de", "competentiemismatch")
    assert longest_run(("x", "y", "z"), ("q", "y", "z")) == 2


# The same as the outside scorer


@pytest.fixture(scope="module")
def score(shared):
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def examples(shared):
    return (shared / "gold" / "examples.jsonl").read_text(encoding="utf-8").splitlines()


def perturbed(items, rng):
    """Results with right, cut, padded, misplaced and missing passages, citations and facts."""
    quotes = [piece["quote"] for item in items for piece in item["evidence"] + item["alt_evidence"]]
    documents = [item["doc"] for item in items if item["doc"]]
    facts = [variant for item in items for fact in item["answer_facts"] for variant in fact.split("|")]

    def some_text(item):
        own = [piece["quote"] for piece in item["evidence"] + item["alt_evidence"]]
        text = rng.choice(own or quotes) if rng.random() < 0.6 else rng.choice(quotes)
        parts = text.split()
        a, b = sorted(rng.choices(range(len(parts) + 1), k=2))
        parts = parts[a:b] if rng.random() < 0.5 else parts
        text = rng.choice((" ", "\n", "  ")).join(parts)
        if rng.random() < 0.3:
            text = text.replace("e", rng.choice(("e-\n", "e\u0002", "E", "é")), 1)
        return f"{text} {' '.join(rng.choices(quotes, k=rng.randrange(4)))}" if rng.random() < 0.5 else text

    def found(item, n):
        own = [piece["doc"] for piece in item["evidence"]] + [
            d for p in item["evidence"] for d in p.get("decisions", ())
        ]
        document = (
            rng.choice(own or documents)
            if rng.random() < 0.7
            else rng.choice([*documents, "regeerakkoord-2019-2024"])
        )
        return {
            "n": n,
            "document_id": document,
            "text": some_text(item) if rng.random() < 0.97 else rng.choice(("", None)),
        }

    def some_answer(item):
        chosen = [rng.choice(fact.split("|")) for fact in item["answer_facts"]]
        chosen += rng.choices(facts, k=rng.randrange(3))
        changed = [
            rng.choice(("{}", "{}", "-{}", "({})", "{} keuro", "{} euro", "{}%", "1{}", "{}5", "{},5", "x{}", "{}en"))
            .format(rng.choice((f, f.replace(".", " "), f.replace(".", ""), f.upper())))
            for f in chosen
        ]  # fmt: skip
        rng.shuffle(changed)
        return rng.choice((" ", ", ", "\n")).join(changed)

    results = {}
    for item in items:
        if rng.random() < 0.1:
            continue
        results[item["id"]] = {
            "passages": [found(item, n) for n in range(rng.randrange(30))],
            "answer": {
                "id": item["id"],
                "status": rng.choice(("answered", "answered", "answered", "partial", "refused")),
                "answer": some_answer(item),
                "citations": [found(item, n) for n in range(rng.randrange(5))],
            },
        }
    return results


def assert_same(score, items, results):
    """Row by row, and in the means as the scorer prints them."""
    rows = {row.id: row.values for row in measure([parsed(json.dumps(item)) for item in items], results)}
    searched = {name: {"passages": result["passages"]} for name, result in results.items()}
    answered = {name: result["answer"] for name, result in results.items()}
    for theirs, keys in (score.score_search(items, searched), score.score_answers(items, answered)):
        for row in theirs:
            ours = rows[row["g"]["id"]]
            for key in keys:
                assert (key in row) == (key in ours), (row["g"]["id"], key)
                assert key not in row or ours[key] == pytest.approx(row[key], abs=1e-12), (
                    row["g"]["id"],
                    key,
                )
        means = summary(measure([parsed(json.dumps(item)) for item in items], results))["all"]
        for key in keys:
            assert means.get(key) == pytest.approx(
                score.mean(row[key] for row in theirs if key in row), abs=1e-9
            ), key


@pytest.mark.parametrize("seed", range(12))
def test_the_scorer_gives_the_same_on_perturbed_results(score, examples, seed):
    items = [json.loads(line) for line in examples]
    results = perturbed(items, random.Random(seed))
    assert_same(score, items, results)


def test_perturbed_results_are_of_every_kind(score, examples):
    items = [json.loads(line) for line in examples]
    results = perturbed(items, random.Random(0))
    means = summary(measure([parsed(json.dumps(item)) for item in items], results))["all"]
    assert all(
        0.05 < means[name] < 0.95
        for name in ("right", "wrong", "facts", "citation_precision", "mrr", "recall@5")
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_scorer_reads_facts_and_words_the_same(score, examples, seed):
    rng = random.Random(seed)
    facts = [fact for line in examples for fact in json.loads(line)["answer_facts"]]
    facts += [
        "1.258 keuro",
        "-2 keuro",
        "12 euro",
        "2021",
        "VAK",
        "5,3 miljoen",
        "1 000|1k",
        "",
        "|",
        "+7%",
        "10 procent",
    ]
    parts = [v for fact in facts for v in fact.split("|")]
    parts += " .,-–−%()/\n\u00a0\u0002\u00ad\ufffe*_|\\´`‘’"
    parts += ["keuro", "euro", "miljoen", " procent", "0", "000", "VAK's", "x"]
    for _ in range(1500):
        text = "".join(rng.choices(parts, k=rng.randrange(1, 9)))
        fact = rng.choice(facts)
        assert states(text, fact) == bool(score.has_fact(fact, text)), (fact, text)
        assert telling(text) == bool(score.telling(text)), text
        assert list(words(text)) == score.words(text), text
