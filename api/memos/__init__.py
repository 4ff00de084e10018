"""Memos: what became of each commitment, in batch, in every format, compared, and as jobs over HTTP.

What goes wrong with one memo is a value (`Failed`). What stops a whole run is raised:

    MemosError
    ├── FolderUnusable   the folder for the memos cannot be read or written
    └── StateDamaged     what the folder says of its memos cannot be understood
"""


class MemosError(Exception):
    """What stops a run; its message says what was found and what to do."""


class FolderUnusable(MemosError):
    """The folder for the memos cannot be read or written."""


class StateDamaged(MemosError):
    """What the folder says of its memos cannot be understood."""
