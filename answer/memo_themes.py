"""Files grouped by what they are about, under headings that stand in the sources.

A file goes with the Themis theme that most files of the memo share; a theme with many files is cut by how near
their decisions lie, each part under the title of the decision in its middle.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from answer.memo_files import File
from ingest.reading import cleaned
from retrieval.corpus import Corpus

MOST_TOGETHER = 7
NO_THEME = "Andere beslissingen"
_RECOVERY = re.compile(r"^Plan Vlaamse Veerkracht:\s*", re.IGNORECASE)
_LONGEST_HEADING = 90


def themes(corpus: Corpus, files: Sequence[File]) -> list[tuple[str, tuple[File, ...]]]:
    """Heading and files of each theme: the largest first, the files in the order in which they came."""
    counts = Counter(theme for file in files for theme in _themes_of(file))
    groups: dict[str, list[File]] = {}
    for file in files:
        own = _themes_of(file)
        theme = max(own, key=lambda t: (counts[t], t)) if own else NO_THEME
        groups.setdefault(theme, []).append(file)
    order = {name: n for n, name in enumerate(groups)}
    found: list[tuple[str, tuple[File, ...]]] = []
    for name in sorted(groups, key=lambda g: (g == NO_THEME, -len(groups[g]), order[g])):
        parts = _parts(corpus, groups[name])
        for part in parts:
            heading = name if len(parts) == 1 else f"{name}: {_heading(corpus, part)}"
            found.append((heading, tuple(part)))
    return found


def _themes_of(file: File) -> tuple[str, ...]:
    return tuple(dict.fromkeys(theme for meta in file.decisions for theme in meta.themes))


def _parts(corpus: Corpus, files: list[File]) -> list[list[File]]:
    """At most `MOST_TOGETHER` files together: the two halves that lie furthest apart, as often as needed."""
    if len(files) <= MOST_TOGETHER:
        return [files]
    vectors = _vectors(corpus, files)
    near = vectors @ vectors.T
    a, b = divmod(int(near.argmin()), len(files))
    first = [n for n in range(len(files)) if near[n, a] >= near[n, b]]
    second = [n for n in range(len(files)) if n not in first]
    halves = [[files[n] for n in half] for half in (first, second)]
    return sorted((part for half in halves for part in _parts(corpus, half)), key=lambda p: files.index(p[0]))


def _heading(corpus: Corpus, files: Sequence[File]) -> str:
    """The title of the decision nearest to all: `Plan Vlaamse Veerkracht: Cycling in Flanders` -> `Cycling in Flanders`."""
    vectors = _vectors(corpus, files)
    middle = files[int((vectors @ vectors.sum(axis=0)).argmax())]
    title = _RECOVERY.sub("", cleaned(middle.last.title)).rstrip(" .")
    if len(title) > _LONGEST_HEADING:
        title = title[:_LONGEST_HEADING].rsplit(" ", 1)[0] + " …"
    return title[:1].upper() + title[1:]


def _vectors(corpus: Corpus, files: Sequence[File]) -> np.ndarray:
    rows = [corpus.vectors[list(corpus.rows_of(file.last.id))].mean(axis=0) for file in files]
    vectors = np.array(rows)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))
