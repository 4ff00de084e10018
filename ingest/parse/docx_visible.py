"""A Word package as its reader sees it: changes accepted, hidden text gone, headings named, notes marked.

Works on the XML before unstructured reads it, which shows deleted and hidden text and loses inserted text, content
controls, text boxes and notes. Resolves no entities and follows no relationship.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = ("del", "moveFrom", "commentReference", "lastRenderedPageBreak", "proofErr", "softHyphen")
_UNWRAPPED = ("ins", "moveTo", "smartTag", "customXml", "fldSimple")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST = 2  # half points
_SHADED = (f"{W}tbl", f"{W}drawing", f"{W}pict")


def visible_package(data: bytes) -> tuple[bytes, list[str]]:
    """The package with its visible text only, and the notes in the order of their marks, each as `¹ text`.

    Raises: ValueError when its text is missing or is no Word text; etree.XMLSyntaxError and zipfile.BadZipFile for
    what is damaged.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = _main_part(parts)
    folder = posixpath.dirname(main)
    document, sheet = _parsed(parts[main]), posixpath.join(folder, "styles.xml")
    if document.tag != f"{W}document":
        raise ValueError(f"{main} is geen Word-tekst")
    styles = _parsed(parts[sheet]) if sheet in parts else etree.Element(f"{W}styles")
    hidden = {s.get(f"{W}styleId") for s in styles.iter(f"{W}style") if _inherits(s, styles, _hides)}
    _accept_changes(document)
    _drop_hidden(document, {name for name in hidden if name})
    _drop_contents(document, styles)
    _lift_text_boxes(document)
    _name_headings(document, styles)
    notes = _mark_notes(document, parts, folder)
    parts[main] = etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True)
    if sheet in parts:
        parts[sheet] = etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True)
    return _packed(parts), notes


def _main_part(parts: Mapping[str, bytes]) -> str:
    """The name of the part that the package says holds the text."""
    relations = _parsed(parts["_rels/.rels"]) if "_rels/.rels" in parts else ()
    targets = [r.get("Target", "") for r in relations if r.get("Type", "").endswith("/officeDocument")]
    main = targets[0].lstrip("/") if targets else "word/document.xml"
    if main not in parts:
        raise ValueError(f"het hoofddeel {main} ontbreekt")
    return str(main)


def _parsed(part: bytes) -> Any:
    return etree.fromstring(
        part, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )


def _packed(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _accept_changes(document: Any) -> None:
    """Deletions go, insertions and wrappers leave what they hold; of alternatives the first stays."""
    for fallback in list(document.iter(f"{_MC}Fallback")):
        _remove(fallback)
    for name in _GONE:
        for element in list(document.iter(f"{W}{name}")):
            _remove(element)
    for element in list(
        document.iter(f"{_MC}AlternateContent", f"{_MC}Choice", *(f"{W}{name}" for name in _UNWRAPPED))
    ):
        _unwrap(element)
    for control in list(document.iter(f"{W}sdt")):
        if control.find(f".//{W}docPartGallery[@{W}val='Table of Contents']") is not None:
            _remove(control)
        elif (content := control.find(f"{W}sdtContent")) is not None:
            _unwrap(content)
            for properties in control.findall(f"{W}sdtPr") + control.findall(f"{W}sdtEndPr"):
                control.remove(properties)
            _unwrap(control)


def _drop_hidden(document: Any, styles: set[str]) -> None:
    """Runs that are hidden, by themselves or by style, white on nothing, or too small to see."""
    for run in list(document.iter(f"{W}r")):
        paragraph = next(run.iterancestors(f"{W}p"), None)
        named = {_value(run, "rPr/rStyle"), _value(paragraph, "pPr/pStyle")}
        white = (_value(run, "rPr/color") or "").upper() == "FFFFFF" and not _is_shaded(run)
        if white or not named.isdisjoint(styles) or _hides(run):
            _remove(run)


def _hides(element: Any) -> bool | None:
    """What a run or a style says of itself: hidden, not hidden, or nothing (None)."""
    vanish = element.find(f"{W}rPr/{W}vanish")
    size = _value(element, "rPr/sz")
    if size is not None and size.isdigit() and int(size) <= _SMALLEST:
        return True
    return None if vanish is None else vanish.get(f"{W}val", "true") not in ("0", "false", "off")


def _is_shaded(run: Any) -> bool:
    """Whether something may darken the ground: shading, a highlight, or a table, whose style may do so."""
    if run.find(f"{W}rPr/{W}highlight") is not None or next(run.iterancestors(*_SHADED), None) is not None:
        return True
    grounds = [run.find(f"{W}rPr/{W}shd"), *(p.find(f"{W}pPr/{W}shd") for p in run.iterancestors(f"{W}p"))]
    fills = [ground.get(f"{W}fill", "auto").upper() for ground in grounds if ground is not None]
    return any(fill not in ("AUTO", "FFFFFF") for fill in fills)


def _drop_contents(document: Any, styles: Any) -> None:
    """The entries of a table of contents, which repeat the headings."""
    entries = {
        style.get(f"{W}styleId")
        for style in styles.iter(f"{W}style")
        if re.fullmatch(r"toc \d", _value(style, "name") or "", re.IGNORECASE)
    }
    for paragraph in list(document.iter(f"{W}p")):
        if _value(paragraph, "pPr/pStyle") in entries - {None}:
            _remove(paragraph)


def _lift_text_boxes(document: Any) -> None:
    """The paragraphs of a text box stand behind the paragraph that anchors it."""
    for box in list(document.iter(f"{W}txbxContent")):
        anchor = list(box.iterancestors(f"{W}p"))
        if anchor:
            for content in reversed(list(box)):
                anchor[-1].addnext(content)
            shape = list(box.iterancestors(f"{W}drawing", f"{W}pict"))
            _remove(shape[-1] if shape else box)


def _name_headings(document: Any, styles: Any) -> None:
    """Give every style with an outline level the name that unstructured knows: `heading 1` to `heading 9`."""
    named: dict[int, str] = {}
    for style in styles.iter(f"{W}style"):
        level = _inherits(style, styles, _outline_level)
        name = style.find(f"{W}name")
        if (
            level is not None
            and 0 <= level <= 8
            and name is not None
            and style.get(f"{W}type") == "paragraph"
        ):
            if (name.get(f"{W}val") or "").lower() not in ("title", "subtitle"):
                name.set(f"{W}val", f"heading {level + 1}")
            named.setdefault(level, style.get(f"{W}styleId") or "")
    for paragraph in document.iter(f"{W}p"):
        level = _outline_level(paragraph)
        if level in named and paragraph.find(f"{W}pPr/{W}pStyle") is None:
            style = etree.SubElement(paragraph.find(f"{W}pPr"), f"{W}pStyle")
            style.set(f"{W}val", named[level])
            paragraph.find(f"{W}pPr").insert(0, style)


def _outline_level(element: Any) -> int | None:
    level = _value(element, "pPr/outlineLvl")
    if level is not None:
        return int(level) if level.isdigit() else None
    name = (_value(element, "name") or "").lower()
    return int(name[8:]) - 1 if name.startswith("heading ") and name[8:].isdigit() else None


def _inherits(style: Any, styles: Any, says: Any) -> Any:
    """What a style, or else the nearest that it is based on, says; None when none does."""
    by_id = {s.get(f"{W}styleId"): s for s in styles.iter(f"{W}style")}
    for _ in range(20):
        if style is None or (found := says(style)) is not None:
            return None if style is None else found
        style = by_id.get(_value(style, "basedOn"))
    return None


def _mark_notes(document: Any, parts: Mapping[str, bytes], folder: str) -> list[str]:
    """Put a superscript where each note is referred to, and give their texts."""
    texts = {kind: dict(_note_texts(parts, folder, kind)) for kind in ("footnote", "endnote")}
    notes: list[str] = []
    for reference in list(document.iter(f"{W}footnoteReference", f"{W}endnoteReference")):
        kind = "footnote" if reference.tag == f"{W}footnoteReference" else "endnote"
        text = texts[kind].get(reference.get(f"{W}id", ""), "").strip()
        if text:
            mark = str(len(notes) + 1).translate(_SUPERSCRIPTS)
            notes.append(f"{mark} {text}")
            shown = etree.Element(f"{W}t")
            shown.text = mark
            reference.addprevious(shown)
        _remove(reference)
    return notes


def _note_texts(parts: Mapping[str, bytes], folder: str, kind: str) -> Iterator[tuple[str, str]]:
    part = parts.get(posixpath.join(folder, f"{kind}s.xml"))
    if part is None:
        return
    root = _parsed(part)
    _accept_changes(root)
    _drop_hidden(root, set())
    for note in root.iter(f"{W}{kind}"):
        if note.get(f"{W}type") in (None, "normal"):
            lines = ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in note.iter(f"{W}p"))
            yield note.get(f"{W}id", ""), " ".join(lines)


def _value(element: Any, path: str) -> str | None:
    """The `w:val` of a descendant, as in `_value(run, "rPr/color")`."""
    found = None if element is None else element.find("/".join(W + name for name in path.split("/")))
    return None if found is None else found.get(f"{W}val")


def _unwrap(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        for child in list(element):
            element.addprevious(child)
        parent.remove(element)


def _remove(element: Any) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)
