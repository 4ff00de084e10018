"""What Themis publishes, made by hand: decisions as its search API gives them, and the triples of the same.

The triples are those that the export of the Flemish Government writes, with its code lists.
"""

import re

import pyoxigraph as ox

NEWS = "http://themis.vlaanderen.be/id/concept/document-type/63d628cb-a594-4166-8b4e-880b4214fc5b"
THEME = "http://themis.vlaanderen.be/id/concept/thema/"
KINDS = {
    "Nota": "http://themis.vlaanderen.be/id/concept/agendapunt-type/dd47a8f8-3ad2-4d5a-8318-66fc02fe80fd",
    "Mededeling": "http://themis.vlaanderen.be/id/concept/agendapunt-type/8f8adcf0-58ef-4edc-9e36-0c9095fd76b0",
}
REPORT = "http://themis.vlaanderen.be/id/concept/document-type/b3e150d3-eac6-44cf-9e70-dd4d13423631"
PREFIXES = {
    "a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "http://schema.org/",
    "mu": "http://mu.semte.ch/vocabularies/core/",
    "nie": "http://www.semanticdesktop.org/ontologies/2007/01/19/nie#",
    "nfo": "http://www.semanticdesktop.org/ontologies/2007/03/22/nfo#",
    "dossier": "https://data.vlaanderen.be/ns/dossier#",
    "besluit": "http://data.vlaanderen.be/ns/besluit#",
    "besluitvorming": "https://data.vlaanderen.be/ns/besluitvorming#",
    "mandaat": "http://data.vlaanderen.be/ns/mandaat#",
    "persoon": "https://data.vlaanderen.be/ns/persoon#",
}


def listed(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def item(n, day="2023-03-03", uri=None, **changes):
    """A decision as the search API gives it, taken in the meeting of `day` (or of a moment, `2023-03-03T09:00:00Z`)."""
    uuid = f"63F0{n:020X}"
    fields = {
        "title": f"Beslissing {n}",
        "alternativeTitle": f"Ontwerpbesluit van de Vlaamse Regering nummer {n}",
        "htmlContent": f"<p>De Vlaamse Regering keurt nummer {n} <strong>principieel</strong> goed.</p>",
        "position": n,
        "mandateeFirstNames": "Ann",
        "mandateeFamilyNames": "Peeters",
        "mandateeTitles": "Vlaams minister van Werk",
        "meetingDate": day if "T" in day else f"{day}T09:00:00Z",
        "meetingId": "63EF" + day[:10].replace("-", "").rjust(20, "0"),
        "meetingTypePosition": 4,
        "themeId": "610ed51e-6b20-4171-9a83-eedc6eabf7e6",
        "agendaitemType": "Nota",
        "uuid": uuid,
        "uri": uri or f"http://themis.vlaanderen.be/id/nieuwsbericht/{uuid}",
    }
    return {"type": "news-item", "id": uuid, "attributes": fields | changes}


def triples(items, attachments=None, codelists=(), labels=None):
    """A store with these items as the export of the Flemish Government writes them.

    `attachments` are `{uuid: [(title, file id, file name)]}`. `labels` are themes, where no code list names them.
    """
    store = ox.Store()
    for path in codelists:
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    for theme, label in (labels or {}).items():
        add(store, THEME + theme, "skos:prefLabel", text(label))
    for uri in KINDS.values():
        label = next(name for name, found in KINDS.items() if found == uri)
        add(store, uri, "skos:prefLabel", text(label))
    mandatees = known_mandatees(store)
    for item in items:
        put(store, item["attributes"], mandatees, (attachments or {}).get(item["id"], ()))
    return store


def put(store, fields, mandatees, attachments=()):
    """A decision with its agenda items, its agenda and its meeting."""
    item, meeting = fields["uri"], f"http://themis.vlaanderen.be/id/vergaderactiviteit/{fields['meetingId']}"
    agenda = f"http://themis.vlaanderen.be/id/agenda/{fields['meetingId']}"
    add(store, item, "a:type", node("dossier:Stuk"))
    add(store, item, "dct:type", ox.NamedNode(NEWS))
    add(store, item, "dct:issued", moment("2022-02-10T10:00:00Z"))  # the export, never the decision
    add(store, item, "mu:uuid", text(fields["uuid"]))
    for predicate, key in (("dct:title", "title"), ("dct:alternative", "alternativeTitle")):
        for value in listed(fields[key]):
            add(store, item, predicate, text(value))
    for value in listed(fields["htmlContent"]):
        add(store, item, "nie:htmlContent", text(value))
        add(store, item, "prov:value", text(re.sub(r"<[^>]*>", "", value)))
    for theme in listed(fields["themeId"]):
        add(store, item, "dct:subject", ox.NamedNode(THEME + theme))
    names = zip(
        listed(fields["mandateeFirstNames"]),
        listed(fields["mandateeFamilyNames"]),
        listed(fields["mandateeTitles"]),
        strict=True,
    )
    for first, last, title in names:
        mandatee = mandatees.get((first, last)) or new_mandatee(store, mandatees, first, last, title)
        add(store, item, "prov:qualifiedAssociation", ox.NamedNode(mandatee))
    for position in listed(fields["position"]):
        point = f"http://themis.vlaanderen.be/id/agendapunt/{fields['uuid']}-{position}"
        add(store, item, "schema:position", ox.Literal(position))
        add(store, item, "prov:wasDerivedFrom", ox.NamedNode(point))
        add(store, point, "a:type", node("besluit:Agendapunt"))
        add(store, point, "dct:title", text(fields["title"]))
        add(store, point, "besluit:Agendapunt.type", ox.NamedNode(KINDS[fields["agendaitemType"]]))
        add(store, agenda, "dct:hasPart", ox.NamedNode(point))
    add(store, agenda, "besluitvorming:isAgendaVoor", ox.NamedNode(meeting))
    add(store, meeting, "a:type", node("besluit:Vergaderactiviteit"))
    add(store, meeting, "mu:uuid", text(fields["meetingId"]))
    add(store, meeting, "besluit:geplandeStart", moment(fields["meetingDate"]))
    for title, file_id, name in attachments:
        piece, file = (
            f"http://themis.vlaanderen.be/id/stuk/{file_id}",
            f"http://themis.vlaanderen.be/id/bestand/{file_id}",
        )
        series = f"http://themis.vlaanderen.be/id/serie/{file_id}"
        add(store, item, "besluitvorming:heeftBijlage", ox.NamedNode(piece))
        add(store, piece, "a:type", node("dossier:Stuk"))
        add(store, piece, "dct:title", text(title))
        add(store, piece, "prov:value", ox.NamedNode(file))
        add(store, series, "a:type", node("dossier:Serie"))
        add(store, series, "dct:type", ox.NamedNode(REPORT))
        add(store, series, "dossier:Collectie.bestaatUit", ox.NamedNode(piece))
        add(store, file, "a:type", node("nfo:FileDataObject"))
        add(store, file, "mu:uuid", text(file_id))
        add(store, file, "nfo:fileName", text(name))
        add(store, file, "nfo:fileSize", ox.Literal(1234))
        add(store, file, "dct:format", text("application/pdf"))


def withdraw(store, uri):
    for quad in list(store.quads_for_pattern(ox.NamedNode(uri), None, None)):
        store.remove(quad)


def known_mandatees(store):
    """A mandatee of each person in the code lists, by first and family name."""
    query = (
        " ".join(f"PREFIX {name}: <{uri}>" for name, uri in PREFIXES.items() if name != "a")
        + """
      SELECT ?first ?last (MIN(STR(?m)) AS ?mandatee) WHERE {
        ?m mandaat:isBestuurlijkeAliasVan ?p . ?p persoon:gebruikteVoornaam ?first ; foaf:familyName ?last
      } GROUP BY ?first ?last"""
    )
    return {(row["first"].value, row["last"].value): row["mandatee"].value for row in store.query(query)}


def new_mandatee(store, mandatees, first, last, title):
    name = f"http://themis.vlaanderen.be/id/mandataris/{first}-{last}".replace(" ", "-")
    person = name.replace("mandataris", "persoon")
    add(store, name, "mandaat:isBestuurlijkeAliasVan", ox.NamedNode(person))
    add(store, name, "mandaat:rangorde", ox.Literal(len(mandatees) + 1))
    add(store, name, "dct:title", text(title))
    add(store, person, "persoon:gebruikteVoornaam", text(first))
    add(store, person, "foaf:familyName", text(last))
    mandatees[first, last] = name
    return name


def node(short):
    prefix, _, name = short.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)


def text(value):
    return ox.Literal(value)


def moment(value):
    return ox.Literal(value, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime"))


def add(store, subject, predicate, value):
    store.add(ox.Quad(ox.NamedNode(subject), node(predicate), value))
