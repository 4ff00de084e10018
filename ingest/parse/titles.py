"""What headings look like in Dutch documents, whatever the file format: their numbers and their labels."""

import re

# "Vraag 3", "Antwoord op vragen 4 en 5", "Artikel 12", "Hoofdstuk II": a line of its own that names what follows.
LABEL = re.compile(
    r"(?:vra(?:ag|gen)|antwoord(?:en)?(?: op (?:de )?vra(?:ag|gen))?|artikel|art\.|hoofdstuk|bijlage|deel|titel|afdeling)"
    r" (?:\d+|[IVX]+)(?:\w|[\s,.:]|en|tot|met|\d){0,20}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,2})*)\.?(?=\s|$)")


def depth(text: str) -> int:
    """How many parts the number of a heading has, 0 without one: `"1.2.1 Kwaliteit"` -> 3."""
    found = _NUMBER.match(text)
    return found.group(1).count(".") + 1 if found else 0
