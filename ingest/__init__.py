"""From files to a verified snapshot: sources, gate, parse, chunk, embed, build.

Expected failures are values (`Rejected`). What stops a whole run is raised:

    IngestError
    ├── NoSource        nothing readable at the place that was named
    ├── SourceInvalid   a manifest that cannot be understood
    ├── ModelUnusable   the embedding model cannot be loaded
    ├── StoreBusy       another builder holds the store
    └── StoreDamaged    the store cannot be read or written, or what it holds does not verify
"""


class IngestError(Exception):
    """What stops a run; its message says what was found and what to do."""


class NoSource(IngestError):
    """Nothing readable at the place that was named."""


class SourceInvalid(IngestError):
    """A manifest or a question file that cannot be understood."""


class ModelUnusable(IngestError):
    """The embedding model cannot be loaded."""


class StoreBusy(IngestError):
    """Another builder holds the store."""


class StoreDamaged(IngestError):
    """The store cannot be read or written, or what it holds does not verify."""
