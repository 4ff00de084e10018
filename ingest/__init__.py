"""From files to a verified snapshot: sources, gate, parse, chunk, embed, build.

Expected failures are values (`Rejected`). What stops a whole run is raised:

    IngestError
    ├── NoSource        nothing readable at the place that was named, or a server that does not answer
    ├── SourceInvalid   a manifest, question file, thesaurus or answer of a server that cannot be used
    ├── ModelUnusable   an embedding or chat model cannot be opened
    ├── StoreBusy       another builder holds the store
    └── StoreDamaged    the store cannot be read or written, or what it holds does not verify
"""


class IngestError(Exception):
    """What stops a run; its message says what was found and what to do."""


class NoSource(IngestError):
    """Nothing readable at the place that was named."""


class SourceInvalid(IngestError):
    """A manifest, a question file or a thesaurus that cannot be understood."""


class ModelUnusable(IngestError):
    """An embedding or chat model cannot be opened."""


class StoreBusy(IngestError):
    """Another builder holds the store."""


class StoreDamaged(IngestError):
    """The store cannot be read or written, or what it holds does not verify."""
