"""What the measures are called in the report, in Dutch, with what each says in one sentence."""

from collections.abc import Mapping

from evals.compare import Verdict

LABELS: Mapping[str, tuple[str, str]] = {
    "recall@1": ("recall@1", "Deel van het nodige bewijs in de eerste passage."),
    "recall@5": ("recall@5", "Deel van het nodige bewijs in de eerste 5 passages."),
    "recall@10": ("recall@10", "Deel van het nodige bewijs in de eerste 10 passages."),
    "recall@20": ("recall@20", "Deel van het nodige bewijs in de eerste 20 passages."),
    "recall@4k chars": (
        "recall, 4.000 tekens",
        "Deel van het bewijs in de eerste 4.000 tekens van de passages.",
    ),
    "recall@8k chars": (
        "recall, 8.000 tekens",
        "Deel van het bewijs in de eerste 8.000 tekens van de passages.",
    ),
    "nDCG@10": (
        "nDCG@10",
        "Hoe vroeg het bewijs in de eerste 10 passages staat, tegenover de beste volgorde.",
    ),
    "mrr": ("MRR", "1 gedeeld door de plaats van de eerste passage met bewijs, binnen 20."),
    "success@1": ("success@1", "Deel van de vragen met bewijs in de eerste passage."),
    "success@5": ("success@5", "Deel van de vragen met bewijs in de eerste 5 passages."),
    "success@10": ("success@10", "Deel van de vragen met bewijs in de eerste 10 passages."),
    "right": ("juist", "Beantwoord, met alle feiten en minstens één verwijzing naar het bewijs."),
    "wrong": ("fout", "Beantwoord, maar niet juist; lager is beter."),
    "facts": ("feiten", "Alle feiten staan in de eerste 2.000 tekens van het antwoord."),
    "fact_share": ("deel van de feiten", "Welk deel van de feiten in het antwoord staat."),
    "figure_accuracy": ("bedragen", "Welk deel van de gevraagde getallen in het antwoord staat."),
    "figures_traced": (
        "herleidbare getallen",
        "Deel van de getallen in een antwoord dat in zijn verwijzing staat.",
    ),
    "citation_recall": (
        "citaten: recall",
        "Deel van het nodige bewijs dat een verwijzing raakt, naar woorden.",
    ),
    "citation_precision": (
        "citaten: precisie",
        "Deel van de verwijzingen dat bewijs raakt of een feit bevat.",
    ),
    "span_recall": (
        "citaten: recall, plaats",
        "Deel van het nodige bewijs dat een verwijzing bedekt, naar plaats.",
    ),
    "span_precision": (
        "citaten: precisie, plaats",
        "Deel van de verwijzingen dat bewijs bedekt, naar plaats.",
    ),
    "citations_per_answer": ("verwijzingen per antwoord", "Gemiddeld aantal verwijzingen."),
    "citations_per_claim": ("verwijzingen per zin", "Gemiddeld aantal verwijzingen van een zin."),
    "answer_length": ("lengte (tekens)", "Gemiddelde lengte van een antwoord."),
    "false_refusal": ("onterecht geweigerd", "Beantwoordbare vragen zonder antwoord; lager is beter."),
    "refusal_recall": (
        "weigering: recall",
        "Deel van de vragen zonder antwoord in het corpus dat geweigerd is.",
    ),
    "refusal_precision": ("weigering: precisie", "Deel van de weigeringen dat terecht is."),
    "p50_ms": ("tijd p50 (ms)", "De helft van de antwoorden is er binnen deze tijd."),
    "p95_ms": ("tijd p95 (ms)", "95 % van de antwoorden is er binnen deze tijd."),
}
UNITLESS = frozenset(
    {"citations_per_answer", "citations_per_claim", "answer_length", "p50_ms", "p95_ms"}
)  # not 0..1

FIELD_LABELS: Mapping[str, str] = {
    "type": "soort vraag",
    "document": "document",
    "overlap": "woorden van de bron",
    "language": "taal",
    "difficulty": "moeilijkheid",
    "split": "deel",
}
VERDICTS: Mapping[Verdict, str] = {
    "better": "beter",
    "worse": "slechter",
    "unsure": "geen zeker verschil",
    "other": "anders",
}
_VALUES: Mapping[str, str] = {
    "actor_role": "rol van een actor",
    "budget_article_lookup": "begrotingsartikel",
    "budget_figure": "begrotingscijfer",
    "budget_justification": "verklaring",
    "commitment": "belofte",
    "comparison": "vergelijking",
    "definition": "definitie",
    "false_premise": "foute aanname",
    "followup": "vervolgvraag",
    "instruction": "verdoken opdracht",
    "instrument": "instrument",
    "list": "lijst",
    "multi_hop": "meer documenten",
    "themis_ref": "Themis-referentie",
    "unanswerable": "zonder antwoord",
    "low": "vermeden",
    "high": "gebruikt",
    "easy": "makkelijk",
    "medium": "gemiddeld",
    "hard": "moeilijk",
    "tune": "afstellen",
    "report": "rapporteren",
    "all": "alle vragen",
    "None": "geen",
    "twin": "tweeling",
}
DOCUMENT_FIELDS = ("document", "language")  # their values are ids and codes, shown as they are


def label(measure: str) -> str:
    """What a measure is called."""
    return LABELS.get(measure, (measure, ""))[0]


def group_label(group: str) -> str:
    """What a group is called: `type=list` -> `lijst`."""
    field, _, value = group.rpartition("=")
    return value if field in DOCUMENT_FIELDS and value != "None" else _VALUES.get(value, value)


def number(value: float, measure: str) -> str:
    """A value as people read it in Dutch: `0,835`, and `1.069` for a length."""
    digits = 3 if measure not in UNITLESS else 2 if abs(value) < 10 else 0
    written = f"{round(value, digits) + 0.0:,.{digits}f}"  # + 0.0: no minus before zero
    return written.translate(str.maketrans(",.", ".,"))
