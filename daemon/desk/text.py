"""Vietnamese text as values: one normal form, folding for comparison. Does not read files or guess charsets."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# A run of signs is tried from its first one only: a dotted line of a form would be read anew from each of its dots.
_SENTENCE = re.compile(r"[^\n]*?(?:(?<![.!?;])[.!?;]++(?=\s|$)|(?=\n)|$)")
# XML 1.0 cannot hold these; neither a letter nor a ledger may lose text because of them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def nfc(text: str) -> str:
    """Return text in Unicode normal form C, the only form this program stores and compares."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return text in NFC, without what XML 1.0 forbids, its line ends as a single newline."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Nothing that is printable is illegal, and this is told five times as quickly.
    if not text.replace("\n", " ").isprintable():
        text = _ILLEGAL.sub("", text)
    return nfc(text)


def squeeze(text: str) -> str:
    """Return text in NFC with every run of white space as one blank and none at the ends."""
    return _SPACES.sub(" ", nfc(text)).strip()


def fold(text: str) -> str:
    """Return text for comparison and search: lower case, no diacritics, đ as d, white space squeezed.

    The result can be shorter than the text; use ``fold_aligned`` where positions matter.
    """
    return _SPACES.sub(" ", fold_aligned(text)).strip()


def fold_aligned(text: str) -> str:
    """Return ``nfc(text)`` in lower case without diacritics, one character for each of its characters."""
    return nfc(text).translate(_FOLDED)


class _Folded(dict[int, str]):
    """Each character's folded form, worked out once: texts are folded more often than anything else is done."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = "d" if char in "đĐ" else unicodedata.normalize("NFD", char)[0].lower()
        self[code] = folded = base if len(base) == 1 else char
        return folded


_FOLDED = _Folded()


def as_written(text: str) -> list[str]:
    """Return the sentences of a text, each a piece of it as it is written, without the white space around."""
    return [piece for match in _SENTENCE.finditer(text) if (piece := match[0].strip())]
