"""The thesaurus: concepts of policy with their labels and relations, read from SKOS and checked.

Preferred and alternative labels are names; hidden ones are everyday and clumsy wording; `capitals` are names that
count only when they are written exactly so, since in small letters they are ordinary words (PAS, VAK). Only ingest
reads it, with rdflib; a question is matched against what `thesaurus_terms` makes of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest import SourceInvalid
from ingest.analysis import tokens

LabelKind = Literal["preferred", "alternative", "hidden", "capitals"]

DUTCH = "nl"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWN = "urn:beleidswijzer:begrip:"
_KINDS: Mapping[str, LabelKind] = {
    f"{_SKOS}prefLabel": "preferred",
    f"{_SKOS}altLabel": "alternative",
    f"{_SKOS}hiddenLabel": "hidden",
    f"{_OWN}capitals": "capitals",
}


@dataclass(frozen=True, slots=True)
class Label:
    """One name of a concept; `language` is a code such as `nl`."""

    text: str
    language: str
    kind: LabelKind


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that policy documents speak of, with its names, the preferred Dutch one first.

    `broader`, `related` and `expands_to` are ids of other concepts; a question that names this concept also
    asks for those of `expands_to`.
    """

    id: str
    labels: tuple[Label, ...]
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    expands_to: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The preferred Dutch label."""
        return self.labels[0].text


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Concepts by id; every id that one of them names is among them, and `broader` has no cycle."""

    concepts: tuple[Concept, ...]


def read_thesaurus(path: Path) -> Thesaurus:
    """The concepts of a SKOS file in Turtle, checked.

    Raises: SourceInvalid, with the concept and what is wrong with it, when the file is not readable as Turtle; a
    concept has not exactly one preferred label in Dutch, two in another language, a label without words or without
    language, one label twice; a relation names what is not there; `skos:broader` comes back to where it began; or
    two concepts have the same preferred label.
    """
    concepts = sorted(_concepts(path), key=lambda concept: concept.id)
    if not concepts:
        raise SourceInvalid(f"De thesaurus {path} bevat geen enkel skos:Concept.")
    for concept in concepts:
        _check_labels(path, concept)
    _check_relations(path, concepts)
    return Thesaurus(tuple(concepts))


def _concepts(path: Path) -> Iterator[Concept]:
    from rdflib import Graph, URIRef
    from rdflib import Literal as Text
    from rdflib.namespace import RDF, SKOS

    graph = Graph()
    try:
        graph.parse(data=path.read_text(encoding="utf-8"), format="turtle")
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        raise SourceInvalid(f"De thesaurus {path} is niet leesbaar als Turtle: {error}.") from error

    def others(node: Any, relation: str) -> tuple[str, ...]:
        return tuple(sorted(_id(str(other)) for other in graph.objects(node, URIRef(relation))))

    for node in graph.subjects(RDF.type, SKOS.Concept, unique=True):
        labels = [
            Label(str(text).strip(), (text.language if isinstance(text, Text) else None) or "", kind)
            for relation, kind in _KINDS.items()
            for text in graph.objects(node, URIRef(relation))
        ]
        order = list(_KINDS.values())
        labels.sort(
            key=lambda found: (order.index(found.kind), found.language != DUTCH, found.language, found.text)
        )
        yield Concept(
            _id(str(node)),
            tuple(labels),
            others(node, f"{_SKOS}broader"),
            others(node, f"{_SKOS}related"),
            others(node, f"{_OWN}expandsTo"),
        )


def _id(uri: str) -> str:
    """The last part of a URI: `urn:beleidswijzer:begrip:vek` -> `vek`."""
    return uri.rstrip("/").replace("#", "/").replace(":", "/").rsplit("/", 1)[-1]


def _check_labels(path: Path, concept: Concept) -> None:
    def fault(found: str) -> SourceInvalid:
        return SourceInvalid(f"Begrip {concept.id!r} in {path}: {found}")

    for label in concept.labels:
        if not tokens(label.text):
            raise fault(f"het label {label.text!r} is leeg; geef het woorden of laat het weg.")
        if not label.language:
            raise fault(f"het label {label.text!r} heeft geen taal; schrijf @nl, @fr of @en erachter.")
    preferred = [(label.language, label.text) for label in concept.labels if label.kind == "preferred"]
    for language in {DUTCH, *(language for language, _ in preferred)}:
        found = [text for of, text in preferred if of == language]
        if len(found) != 1:
            raise fault(
                f"{len(found)} voorkeurslabels in {language} ({', '.join(found) or 'geen'}), verwacht 1."
            )
    spelled = [(label.language, label.text.lower()) for label in concept.labels]
    doubled = next((one for one in spelled if spelled.count(one) > 1), None)
    if doubled:
        raise fault(f"het label {doubled[1]!r}@{doubled[0]} staat er meer dan eens; laat er één.")


def _check_relations(path: Path, concepts: Sequence[Concept]) -> None:
    known: dict[str, Concept] = {}
    named: dict[str, str] = {}
    for concept in concepts:
        if concept.id in known:
            raise SourceInvalid(
                f"Begrip {concept.id!r} in {path} bestaat twee keer; geef er een een andere naam."
            )
        known[concept.id] = concept
        other = named.setdefault(concept.name.lower(), concept.id)
        if other != concept.id:
            raise SourceInvalid(
                f"Begrippen {other!r} en {concept.id!r} in {path} hebben hetzelfde voorkeurslabel "
                f"{concept.name!r}; voeg ze samen of noem er een anders."
            )
    for concept in concepts:
        for other in (*concept.broader, *concept.related, *concept.expands_to):
            if other not in known:
                raise SourceInvalid(
                    f"Begrip {concept.id!r} in {path} verwijst naar {other!r}, dat er niet is; voeg het toe of "
                    f"haal de verwijzing weg."
                )
    settled: set[str] = set()
    for concept in concepts:
        _check_broader(path, concept.id, known, (), settled)


def _check_broader(
    path: Path, at: str, known: Mapping[str, Concept], way: tuple[str, ...], settled: set[str]
) -> None:
    if at in way:
        circle = " > ".join((*way[way.index(at) :], at))
        raise SourceInvalid(
            f"Begrip {at!r} in {path} staat onder zichzelf ({circle}); haal een skos:broader weg."
        )
    if at not in settled:
        for wider in known[at].broader:
            _check_broader(path, wider, known, (*way, at), settled)
        settled.add(at)
