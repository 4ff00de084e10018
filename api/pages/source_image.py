"""The picture of a page of a PDF, from the very file that was ingested.

A snapshot keeps no original files. The file is looked up where the document came from and used only when its
SHA-256 is that of the document; otherwise there is no picture, and the page shows the text alone.
"""

import hashlib
from pathlib import Path

from api.pages.kept import Kept
from api.pages.source_render import PageImage, drawn
from ingest import IngestError
from ingest.records import Document, Rejected
from ingest.sources import find_sources

LARGEST_FILE = 100 * 2**20  # bytes
_MOST_KEPT = 32  # pages of a few hundred kB each
_kept: Kept[tuple[str, int], PageImage] = Kept(_MOST_KEPT)


class _NoImage(Exception):
    """There is no picture; the message says why, in Dutch."""


def page_image(document: Document, page: int) -> PageImage | str:
    """A page of a document as a picture, or why there is none, in one Dutch sentence."""
    if not document.boxes:
        return "Van dit document is er geen paginabeeld: het werd niet als PDF opgenomen."
    try:
        return _kept.get((document.sha256, page), lambda: _drawn(document, page))
    except _NoImage as missing:
        return str(missing)


def _drawn(document: Document, page: int) -> PageImage:
    image = drawn(_original(document), page)
    if image is None:
        raise _NoImage(f"Pagina {page} kan niet als beeld getoond worden; de tekst staat hieronder.")
    return image


def _original(document: Document) -> bytes:
    """The bytes that a document was read from."""
    try:
        found = find_sources(Path(document.meta.origin)).sources
    except (IngestError, OSError):
        found = ()
    for source in found:
        if source.meta.id != document.id or source.collection or _is_too_large(source.path):
            continue
        data = source.read()
        if not isinstance(data, Rejected) and hashlib.sha256(data).hexdigest() == document.sha256:
            return data
    raise _NoImage(
        "Het paginabeeld is niet beschikbaar: het bestand waaruit dit document werd opgenomen, staat niet meer "
        "ongewijzigd op zijn plaats. De tekst blijft volledig."
    )


def _is_too_large(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > LARGEST_FILE
