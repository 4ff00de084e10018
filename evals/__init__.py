"""Gold questions, measures, runs and their comparison, and benchmarks.

EvalError
├── GoldInvalid   a gold file that cannot be understood
└── RunInvalid    a run that cannot be read, continued or compared
"""


class EvalError(Exception):
    """What stops an evaluation; its message says what was found and what to do."""


class GoldInvalid(EvalError):
    """A gold file that cannot be understood."""


class RunInvalid(EvalError):
    """A run that cannot be read, continued or compared."""
