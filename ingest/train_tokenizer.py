"""The tokenizer of a static model: the corpus's own words whole, every other word in pieces.

Dutch compounds decide the shape. A word of the corpus keeps a row of its own; an unseen one falls apart at the
longest known words, `betaalkrediet` -> `betaal`, `##krediet`, so the words of the corpus are pieces as well.
"""

import json
from collections import Counter
from collections.abc import Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"
_INSIDE = "##"
_SHORTEST_INSIDE = 4  # letters of a whole word that may also be a later part of a compound
_SEEN_INSIDE = 3  # times that such a word must occur
_LONGEST_WORD = 100


def learned_tokenizer(texts: Sequence[str], pieces: int) -> Tokenizer:
    """A WordPiece tokenizer of `pieces` learned pieces, all words of `texts`, and their frequent words as later parts.

    Case, accents, punctuation and hyphens of line ends are gone; `1JDB2CH-WT` gives `1jdb2ch` and `wt`,
    `458.323 keuro` gives `458323` and `keuro`. The order of the texts decides nothing.
    """
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), behavior="removed")
    words = _words(tokenizer, texts)
    # Letters that the trainer meets by itself get their numbers in a random order, and equal counts are decided by
    # number: named beforehand, two trainings learn the same pieces.
    letters = sorted({letter for word in words for letter in word})
    named = [UNKNOWN, *letters, *(_INSIDE + letter for letter in letters)]
    trainer = trainers.WordPieceTrainer(
        vocab_size=pieces, min_frequency=2, special_tokens=named, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    vocabulary = _with_words(tokenizer.get_vocab(), words)
    tokenizer.model = models.WordPiece(
        {token: row for row, token in enumerate(vocabulary)},
        unk_token=UNKNOWN,
        max_input_chars_per_word=_LONGEST_WORD,
    )
    # Training leaves those behind as added tokens, whose spelling would be searched for in every text.
    saved = json.loads(tokenizer.to_str())
    saved["added_tokens"] = []
    return Tokenizer.from_str(json.dumps(saved))


def parts_of_words(tokenizer: Tokenizer) -> list[list[int]]:
    """For each row of the vocabulary the rows it falls apart into when it is not known itself; empty where nothing fits.

    An unseen word is read by such parts, so they must be learned from the words that are whole here.
    """
    rows = tokenizer.get_vocab()
    longest = max(map(len, rows))
    return [_parts(token, rows, longest) for token in sorted(rows, key=rows.__getitem__)]


def _parts(token: str, rows: dict[str, int], longest: int) -> list[int]:
    """Greedy from the left, as WordPiece reads a word, without the token itself."""
    opening = "" if not token.startswith(_INSIDE) else _INSIDE
    word = token.removeprefix(_INSIDE)
    found: list[int] = []
    at = 0
    while at < len(word):
        prefix = _INSIDE if at else opening
        ends = range(min(len(word), at + longest), at, -1)
        candidates = (prefix + word[at:end] for end in ends)
        piece = next((c for c in candidates if c in rows and c != token), None)
        if piece is None:
            return []
        found.append(rows[piece])
        at += len(piece) - len(prefix)
    return found


def _normalizer() -> normalizers.Normalizer:
    return normalizers.Sequence(
        [
            normalizers.Replace(
                Regex(r"(?<=\p{Ll})(?:[\u0002\ufffe]\s*|\u00ad\s*|[-\u2010]\s*\n\s*)(?=\p{Ll})"), ""
            ),
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"(?<=\d)\.(?=\d{3}(?!\d))"), ""),
        ]
    )


def _words(tokenizer: Tokenizer, texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text)
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))
    return counts


def _with_words(pieces: dict[str, int], words: Counter[str]) -> list[str]:
    """The vocabulary in row order: learned pieces, then words, then words as later parts; each once."""
    by_count = sorted(words, key=lambda word: (-words[word], word))
    inside = [w for w in by_count if len(w) >= _SHORTEST_INSIDE and words[w] >= _SEEN_INSIDE and w.isalpha()]
    learned = sorted(pieces, key=pieces.__getitem__)
    wanted = (w for w in by_count if len(w) <= _LONGEST_WORD)
    return list(dict.fromkeys((*learned, *wanted, *(_INSIDE + w for w in inside))))
