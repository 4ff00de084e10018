"""The body of a decision as the search API returns it: HTML made into paragraphs and list items.

Does not read whole web pages (`html`): a body has no navigation, styles or tables of contents.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal

from lxml import etree
from lxml import html as lxml_html

from ingest.parse.invisible import visible, without_invisible

Part = tuple[Literal["paragraph", "list_item", "table"], str]

_BLOCK = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
    }
    | {
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
    }
    | {"tbody", "tfoot", "thead", "tr", "ul"}
)
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "head", "title", "del"})
# Editors leave a blank line where a paragraph ends, inside one text node.
_PARAGRAPH_END = re.compile(r"(?<=[.!?:;])\s*\n\s*\n\s*(?=[^\W\d_a-zà-ÿ])")
_EDITOR_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def parts_of(markup: str) -> list[Part]:
    """The visible parts of an HTML body in order, each its kind and its text, which is never empty.

    `parts_of("<p>Zij <strong>keurt</strong> goed:</p><ul><li>A&nbsp;1</li></ul><!-- x -->")`
    -> `[("paragraph", "Zij keurt goed:"), ("list_item", "A 1")]`

    Raises: ValueError when lxml makes nothing of it.
    """
    markup = without_invisible(_EDITOR_COMMENT.sub("", markup))
    if not markup.strip():
        return []
    try:
        root = lxml_html.fragment_fromstring(markup, create_parent="div")
    except etree.LxmlError as error:
        raise ValueError(str(error)) from error
    return [(kind, text) for kind, raw in _runs(root) if (text := visible(raw))]


def plain_parts(text: str) -> list[Part]:
    """The paragraphs of a body that is plain text: blank lines divide them."""
    return [("paragraph", part) for raw in re.split(r"\n\s*\n", text) if (part := visible(raw))]


def _runs(root: Any) -> Iterator[Part]:
    """The text between two borders of blocks, whatever inline elements it runs through."""
    kind: Literal["paragraph", "list_item", "table"] = "paragraph"
    run: list[str] = []
    for piece in _pieces(root):
        if isinstance(piece, str):
            head, *rest = _PARAGRAPH_END.split(piece)
            run.append(re.sub(r"\s*\n\s*", " ", head))
            for paragraph in rest:
                yield kind, "".join(run)
                run = [re.sub(r"\s*\n\s*", " ", paragraph)]
            continue
        if piece == ("br", True):
            run.append("\n")
            continue
        yield kind, "".join(run)
        run = []
        kind = "list_item" if piece == ("li", True) else "table" if piece == ("tr", True) else "paragraph"
    yield kind, "".join(run)


def _pieces(root: Any) -> Iterator[str | tuple[str, bool]]:
    """Text, and the start (True) and end (False) of each block, in document order; without recursion."""
    stack: list[tuple[Any, bool]] = [(root, True)]
    while stack:
        element, entering = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else None
        seen = tag is not None and tag not in _UNSEEN
        if not entering:
            if tag in _BLOCK:
                yield tag, False
            elif tag in ("td", "th"):
                yield "\t"
            if element.tail:
                yield element.tail
            continue
        stack.append((element, False))
        if not seen:
            continue
        if tag in _BLOCK or tag == "br":
            yield tag, True
        if element.text:
            yield element.text
        stack.extend((child, True) for child in reversed(element))
