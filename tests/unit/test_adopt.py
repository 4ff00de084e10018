"""Judgements of answers: kept whole, also when processes keep them at once."""

import subprocess
import sys

from evals.adopt import FEEDBACK, read_feedback

KEEP = """
import sys
from pathlib import Path
from evals.adopt import Feedback, keep_feedback
for n in range(40):
    keep_feedback(Path(sys.argv[1]), Feedback("2026-01-02", "0" * 16, f"{sys.argv[2]} {n}", "right"))
"""


def test_two_processes_lose_no_judgement_of_each_other(tmp_path, root):
    started = [
        subprocess.Popen([sys.executable, "-c", KEEP, str(tmp_path), name], cwd=root) for name in ("a", "b")
    ]
    assert [child.wait(60) for child in started] == [0, 0]
    kept = [one.question for one in read_feedback(tmp_path / FEEDBACK)]
    assert sorted(kept) == sorted(f"{name} {n}" for name in "ab" for n in range(40))
