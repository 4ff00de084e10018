"""What the pages need to know of the corpus after it was given back: its version and what each document is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.environment import kind_label
from ingest.records import Metadata
from retrieval.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter may have, how it reads, and how many documents have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """The version of a corpus and the metadata of its documents."""

    version: str
    documents: Sequence[Metadata]

    def kinds(self) -> list[Choice]:
        """The kinds of document, by their Dutch names."""
        counts = Counter(meta.kind for meta in self.documents)
        found = [Choice(kind, kind_label(kind), count) for kind, count in counts.items()]
        return sorted(found, key=lambda c: c.label)

    def years(self) -> list[Choice]:
        """The years that documents are of, the latest first."""
        counts = Counter(meta.year for meta in self.documents if meta.year)
        return [Choice(str(year), str(year), counts[year]) for year in sorted(counts, reverse=True)]

    def ministers(self) -> list[Choice]:
        """The ministers of the documents, by surname."""
        counts = Counter(name for meta in self.documents for name in meta.ministers)
        return [
            Choice(name, name, counts[name]) for name in sorted(counts, key=lambda n: n.partition(" ")[2])
        ]

    def themes(self) -> list[Choice]:
        """The themes of the documents, in the order of the alphabet."""
        counts = Counter(theme for meta in self.documents for theme in meta.themes)
        return [Choice(theme, theme, counts[theme]) for theme in sorted(counts)]

    def titled(self, words: str, most: int) -> list[Metadata]:
        """The documents whose title, or id, holds every one of these words, the latest first; at most `most`."""
        wanted = words.casefold().split()
        named = ((meta, f"{meta.title} {meta.id}".casefold()) for meta in self.documents)
        found = [meta for meta, name in named if wanted and all(word in name for word in wanted)]
        return sorted(found, key=lambda meta: meta.date or "", reverse=True)[:most]


def holdings(corpus: Corpus) -> Holdings:
    """What a corpus holds, as a job of `Service.run`."""
    return Holdings(corpus.version, corpus.documents())
