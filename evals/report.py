"""What a run showed, as one JSON document and as one page that needs nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evals import plots
from evals.compare import Change, Comparison, Difference, compare
from evals.labels import FIELD_LABELS, LABELS, UNITLESS, VERDICTS, group_label, label, number
from evals.measures import FIELDS, Row, summary
from evals.run import Run

TEMPLATE = "report.html.jinja"
SHOWN = (
    "right",
    "wrong",
    "false_refusal",
    "facts",
    "citation_recall",
    "citation_precision",
    "recall@8k chars",
)
HISTORY = ("recall@8k chars", "right", "citation_precision", "refusal_recall")
LONGEST_QUESTION = 400


def report_json(run: Run, baseline: Run | None = None, history: Sequence[Run] = ()) -> dict[str, Any]:
    """The figures of a run, all and by each field, against a baseline when there is one, and those of earlier runs.

    Raises: RunInvalid when the baseline is of other questions.
    """
    return {
        "run": {"name": run.name, **asdict(run.header)},
        "summary": summary(run.rows),
        "by": {field: summary(run.rows, field) for field in FIELDS},
        "rows": [asdict(row) for row in run.rows],
        "baseline": None if baseline is None else {"name": baseline.name, **asdict(baseline.header)},
        "comparison": None if baseline is None else comparison_json(compare(baseline.rows, run.rows, FIELDS)),
        "history": [{"name": r.name, **asdict(r.header), **summary(r.rows)["all"]} for r in history],
    }


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The differences with their intervals and verdicts, and the questions that changed."""
    return {
        "differences": [difference_json(d) for d in found.differences],
        "better": [asdict(change) for change in found.better],
        "worse": [asdict(change) for change in found.worse],
    }


def difference_json(d: Difference) -> dict[str, Any]:
    """One difference: `difference` is b - a, `low` and `high` its 95 % interval."""
    return {
        "group": d.group,
        "measure": d.measure,
        "a": d.a,
        "b": d.b,
        **asdict(d.interval),
        "verdict": d.verdict,
    }


def report_html(run: Run, baseline: Run | None = None, history: Sequence[Run] = ()) -> str:
    """The page: figures, plots, differences with their intervals, and the questions that changed, side by side.

    Raises: RunInvalid when the baseline is of other questions.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    compared = None if baseline is None else compare(baseline.rows, run.rows)
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    ).get_template(TEMPLATE)
    overall = summary(run.rows).get("all", {"n": 0})
    return page.render(
        run=run,
        baseline=baseline,
        overall=overall,
        measures=[(name, *LABELS[name], number(overall[name], name)) for name in LABELS if name in overall],
        bars=plots.bars("Maten van alle vragen, van 0 tot 1", list(_bars(overall))),
        types=plots.bars("Juist beantwoord, per soort vraag", list(_types(run.rows))),
        tables=[_table(run.rows, field) for field in FIELDS],
        differences=[_told(d) for d in compared.differences] if compared else [],
        whiskers=_whiskers(compared) if compared else "",
        worse=_changes(compared.worse, baseline, run) if compared and baseline else [],
        better=_changes(compared.better, baseline, run) if compared and baseline else [],
        failures=list(_failures(run)),
        history=[_past(n, past) for n, past in enumerate(history, 1)],
        history_shown=[label(name) for name in HISTORY],
        lines=_lines(history) if len(history) > 1 else "",
    )


def _bars(overall: Mapping[str, float]) -> Iterator[plots.Bar]:
    for name in LABELS:
        if name in overall and name not in UNITLESS:
            yield plots.Bar(label(name), overall[name], number(overall[name], name))


def _types(rows: Sequence[Row]) -> Iterator[plots.Bar]:
    for group, means in summary(rows, "type").items():
        name = "right" if "right" in means else "refusal_recall"
        if name in means:
            written = f"{number(means[name], name)} ({means['n']})"
            yield plots.Bar(group_label(group), means[name], written)


def _table(rows: Sequence[Row], field: str) -> dict[str, Any]:
    groups = summary(rows, field)
    shown = [name for name in (*SHOWN, "refusal_recall") if any(name in means for means in groups.values())]
    return {
        "title": FIELD_LABELS[field],
        "heads": [label(name) for name in shown],
        "rows": [
            (group_label(group), means["n"], [number(means[m], m) if m in means else "–" for m in shown])
            for group, means in sorted(groups.items())
        ],
    }


def _told(d: Difference) -> dict[str, Any]:
    signed = number(d.interval.difference, d.measure)
    return {
        "label": label(d.measure),
        "a": number(d.a, d.measure),
        "b": number(d.b, d.measure),
        "difference": f"+{signed}" if d.interval.difference > 0 else signed,
        "interval": f"{number(d.interval.low, d.measure)} tot {number(d.interval.high, d.measure)}",
        "verdict": VERDICTS[d.verdict],
        "kind": d.verdict,
    }


def _whiskers(compared: Comparison) -> str:
    rows = [
        plots.Whisker(
            label(d.measure),
            d.interval.difference,
            d.interval.low,
            d.interval.high,
            d.verdict,
            told["difference"],
        )
        for d in compared.differences
        if d.measure not in UNITLESS
        for told in [_told(d)]
    ]
    return plots.whiskers("Verschil met de vergeleken run, met interval van 95 %", rows)


def _changes(changes: Sequence[Change], baseline: Run, run: Run) -> list[dict[str, Any]]:
    return [
        {
            "id": change.id,
            "measure": label(change.measure),
            "a": number(change.a, change.measure),
            "b": number(change.b, change.measure),
            **_asked(run, change.id),
            "before": _answered(baseline, change.id),
            "after": _answered(run, change.id),
        }
        for change in changes
    ]


def _failures(run: Run) -> Iterator[dict[str, Any]]:
    for row in run.rows:
        if row.values.get("right") == 0 or row.values.get("refusal_recall") == 0:
            yield {
                "id": row.id,
                "type": group_label(row.type),
                **_asked(run, row.id),
                **_answered(run, row.id),
            }


def _asked(run: Run, name: str) -> dict[str, str]:
    asked = run.questions[name]
    question = asked["question"]
    cut = question if len(question) <= LONGEST_QUESTION else f"{question[:LONGEST_QUESTION]}…"
    return {"question": cut, "reference": asked["reference_answer"]}


def _answered(run: Run, name: str) -> dict[str, Any]:
    answer = run.results.get(name, {}).get("answer") or {}
    status = {"answered": "beantwoord", "partial": "gedeeltelijk", "refused": "geweigerd"}
    return {
        "status": status.get(answer.get("status", ""), "geen resultaat"),
        "answer": answer.get("answer", ""),
        "citations": [f"[{c['n']}] {c['title']}" for c in answer.get("citations", ())],
    }


def _past(number_of: int, run: Run) -> dict[str, Any]:
    means = summary(run.rows).get("all", {"n": 0})
    return {
        "number": number_of,
        "name": run.name,
        "started": run.header.started,
        "snapshot": run.header.snapshot,
        "n": means["n"],
        "values": [number(means[m], m) if m in means else "–" for m in HISTORY],
    }


def _lines(history: Sequence[Run]) -> str:
    means = [summary(run.rows).get("all", {}) for run in history]
    series = [plots.Line(label(m), [one.get(m) for one in means]) for m in HISTORY]
    return plots.lines("Verloop over de runs", [run.name for run in history], series)
