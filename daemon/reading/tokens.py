"""Words of a text with their places in it: the one view of a text that the request readers share.

Splits NFC text into words, knows sentences and lines, and compares words with and without diacritics. What the words
mean is the other modules' work.
"""

import functools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from daemon.desk import text as texts

LIMIT = 20_000
"""Characters of one text that are looked at; of a longer one the beginning and the end are."""

_WORD = re.compile(r"[^\W_]+(?:[.](?=[^\W\d_]))?")
_BREAK = re.compile(r"[?!;]|[.…](?=\s|$)|\n")
_NEXT_CHAR = re.compile(r"\s*(\S)")


def key(word: str) -> str:
    """Return the word folded, with its marks sorted behind it, so that ``hoà`` and ``hòa`` have one key."""
    return _forms(word)[1]


@functools.lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, str]:
    """Return a word folded and its key: the words of letters are few, and each is asked for thousands of times."""
    folded = texts.fold_aligned(word)
    marks = []
    for char in unicodedata.normalize("NFD", word.lower()):
        if unicodedata.combining(char):
            marks.append(char)
        elif char == "đ":
            marks.append("đ")
    return folded, folded + "".join(sorted(marks))


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one line of text."""
    return frozenset(text.split())


class Word(NamedTuple):
    """One word: as written, folded, its key, where it stands, and the number of its sentence."""

    raw: str
    fold: str
    key: str
    start: int
    end: int
    sentence: int

    @property
    def plain(self) -> bool:
        """True if it carries no diacritics."""
        return self.fold == self.key

    @property
    def capital(self) -> bool:
        """True if its first letter is a capital."""
        return self.raw[:1].isupper()


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its words.

    ``accented`` says whether the writer uses diacritics at all; then a word without them is meant without them.
    ``cased`` says whether capitals tell names from other words here. ``sentences`` are (start, end) in the text, ``ends``
    those of the words.
    """

    text: str
    words: tuple[Word, ...]
    sentences: tuple[tuple[int, int], ...]
    accented: bool
    cased: bool
    ends: tuple[int, ...]

    def between(self, index: int) -> str:
        """Return what stands in the text between word ``index`` and the next one."""
        end = self.words[index].end
        following = self.words[index + 1].start if index + 1 < len(self.words) else len(self.text)
        return self.text[end:following]

    def at(self, position: int) -> int:
        """Return the index of the first word that ends behind the position; ``len(words)`` if there is none."""
        return bisect_right(self.ends, position)


def bounded(text: str) -> str:
    """Return the text in NFC, at most ``LIMIT`` characters: of a longer one its beginning and its end."""
    if len(text) > 4 * LIMIT:
        text = text[: 3 * LIMIT] + "\n" + text[-LIMIT:]
    text = texts.clean(text)
    if len(text) <= LIMIT:
        return text
    return text[: LIMIT * 3 // 4] + "\n" + text[-LIMIT // 4 + 1 :]


def split(text: str, short_forms: Mapping[str, str] | None = None) -> Words:
    """Split an NFC text into words; a short form (``ko``, ``cty``) yields its long form's words at the same place."""
    breaks = [match.start() for match in _BREAK.finditer(text) if _ends_sentence(text, match)]
    words: list[Word] = []
    sentence = 0
    for match in _WORD.finditer(text):
        start = match.start()
        while sentence < len(breaks) and breaks[sentence] < start:
            sentence += 1
        raw = match.group().rstrip(".")
        words.append(Word(raw, *_forms(raw), start, start + len(raw), sentence))
    found = _words(text, words, _spans(breaks, len(text)))
    return written_out(found, short_forms) if short_forms else found


def written_out(words: Words, short_forms: Mapping[str, str]) -> Words:
    """Return the words of a text with the long form's words in the place of each short form."""
    if short_forms.keys().isdisjoint([word.raw.lower() for word in words.words]):
        return words
    out: list[Word] = []
    for word in words.words:
        long = short_forms.get(word.raw.lower())
        out += [word] if long is None else [Word(part, *_forms(part), *word[3:]) for part in long.split()]
    return _words(words.text, out, words.sentences)


def _words(text: str, words: list[Word], sentences: tuple[tuple[int, int], ...]) -> Words:
    ends = tuple([word.end for word in words])
    return Words(text, tuple(words), sentences, _is_accented(words), _is_cased(words), ends)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """A line end does not end the sentence where the next line goes on in small letters (a wrapped or scanned line)."""
    if match.group() != "\n":
        return True
    following = _NEXT_CHAR.match(text, match.end(), match.end() + 80)
    return following is None or not following.group(1).islower()


def _spans(breaks: list[int], length: int) -> tuple[tuple[int, int], ...]:
    edges = [-1, *breaks, length]
    return tuple((edges[i] + 1, edges[i + 1]) for i in range(len(edges) - 1))


def _is_accented(words: list[Word]) -> bool:
    letters = [word.fold != word.key for word in words if word.fold.isalpha()]
    return sum(letters) > 0.25 * len(letters)


def _is_cased(words: list[Word]) -> bool:
    letters = [word for word in words if word.fold.isalpha()]
    capitals = sum([word.capital for word in letters])
    return 0 < capitals <= 0.85 * len(letters) and any(word.raw.islower() for word in letters)
