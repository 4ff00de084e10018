"""HTML pages: what a browser would show of the text itself, through unstructured.

Fetches nothing: no image, style sheet, frame or script is followed.
"""

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from ingest.encoding import html_text
from ingest.gate import shown
from ingest.parse.elements import laid_out, pieces
from ingest.parse.offline import partitioned
from ingest.parse.outline import with_sections
from ingest.records import Parsed, Rejected

# Not text, or text about the site instead of the page.
_DROPPED = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "form",
    }
    | {"button", "select", "textarea", "dialog", "nav", "footer", "del", "title", "link", "meta", "base"}
)
_RENAMED = {"details": "div", "summary": "p", "figure": "div", "figcaption": "p", "ins": "span"}
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:[;}!]|$)"
    r"|font-size\s*:\s*(?:0+(?:\.0+)?[a-z%]*|0*\.\d+p[xt])\s*(?:[;}!]|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[a-z0-9]*(?:[.#][\w-]+)?", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def parse_html(path: str, data: bytes) -> Parsed | Rejected:
    """Canonical text with headings by `h1` to `h6`, lists and tables; hidden parts and the site's furniture left out."""
    markup = html_text(data)
    try:
        root = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    except etree.ParserError:
        root = None
    if root is not None:
        _strip(root)
    text, blocks = (
        laid_out(pieces(partitioned("html", text=_serialised(root)))) if root is not None else ("", [])
    )
    if not blocks:
        return Rejected(
            path,
            "empty",
            f"{shown(path)} toont geen tekst (misschien vult een script de pagina); bewaar de getoonde tekst.",
        )
    return Parsed(text, with_sections(text, blocks))


def _strip(root: Any) -> None:
    """Take out what is not shown, and change what unstructured would drop: some tags, and texts of one character."""
    hidden = _hidden_selectors(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _DROPPED or _is_hidden(element, hidden):
            _drop(element)
        elif element.tag == "caption" and element.getparent() is not None:
            table, element.tag = element.getparent(), "p"
            table.addprevious(element)
        elif element.tag in _RENAMED or "-" in element.tag:
            element.tag = _RENAMED.get(element.tag, "div")
        elif element.tag == "sup" and (element.text_content() or "").strip().isdigit():
            element.text = element.text_content().strip().translate(_SUPERSCRIPTS)
            for child in list(element):
                element.remove(child)
    for element in root.iter():
        element.text, element.tail = _lengthened(element.text), _lengthened(element.tail)


def _lengthened(text: str | None) -> str | None:
    """A text of one character with an invisible one, which `visible` takes out again."""
    return f"{text}\u200b" if text and len(text.strip()) == 1 else text


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree() if hasattr(element, "drop_tree") else element.getparent().remove(element)


def _is_hidden(element: Any, selectors: set[str]) -> bool:
    if (
        element.get("hidden") is not None
        or element.get("type") == "hidden"
        or _HIDING.search(element.get("style") or "")
    ):
        return True
    names = {f".{name}" for name in (element.get("class") or "").split()}
    names |= {f"{element.tag}{name}" for name in names} | {f"#{element.get('id')}", element.tag}
    return not selectors.isdisjoint(names)


def _hidden_selectors(root: Any) -> set[str]:
    """The simple selectors (`p`, `.x`, `p.x`, `#x`) that the page's own style sheets hide."""
    sheets = "\n".join(style.text or "" for style in root.iter("style"))
    sheets = re.sub(
        r"/\*.*?\*/|@media\s+print[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheets, flags=re.DOTALL
    )
    found = {
        selector.strip()
        for selectors, rules in _RULE.findall(sheets)
        if _HIDING.search(rules)
        for selector in selectors.split(",")
    }
    return {selector for selector in found if selector and _SIMPLE.fullmatch(selector)}


def _serialised(root: Any) -> str:
    return str(lxml_html.tostring(root, encoding="unicode"))
