"""The published snapshot opened read-only, and from a question to ranked evidence.

RetrievalError
├── NoCorpus        nothing has been published in this store
└── WrongEmbedder   the snapshot was made with another embedding model
"""


class RetrievalError(Exception):
    """What keeps a question from being searched; its message says what to do."""


class NoCorpus(RetrievalError):
    """Nothing has been published in this store."""


class WrongEmbedder(RetrievalError):
    """The snapshot was made with another embedding model."""
