"""A mail body as marked lines: what a client marked as quoted, as history or as signature. Decides nothing itself."""

import functools
import unicodedata
from dataclasses import dataclass, replace

MOST_LINES = 6000
MOST_WIDTH = 20_000
_ODD = str.maketrans("\u00a0\u2007\u202f\u3000\t\u2028", " " * 6, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body.

    ``depth`` counts quotation levels, ``history`` is true inside a container in which a client puts the mail answered
    to, ``signature`` inside one for signatures, ``cell`` in a table, ``rule`` for a horizontal rule. ``raw`` is the line
    with its quotation marks where ``text`` lost them.
    """

    text: str
    depth: int = 0
    history: bool = False
    signature: bool = False
    cell: bool = False
    rule: bool = False
    raw: str = ""

    @property
    def blank(self) -> bool:
        return not self.text and not self.rule


def tidy(text: str) -> str:
    """Return a line without invisible signs, its special blanks as plain ones, none at its end."""
    text = text[:MOST_WIDTH]
    if not text.isprintable():  # all that is invisible or a special blank counts as not printable
        text = text.translate(_ODD)
    return text.rstrip()


def plain(text: str) -> list[Line]:
    """Split a plain body; ``>`` marks at the start of a line become its depth. At most 6,000 lines are looked at."""
    return [_plain(line) for line in text.split("\n", MOST_LINES)[:MOST_LINES]]


def _plain(line: str) -> Line:
    text = tidy(line)
    depth, position = 0, 0
    while position < len(text) and (
        text[position] == ">" or (depth and text[position] == " " and text[position + 1 : position + 2] == ">")
    ):
        depth += text[position] == ">"
        position += 1
    return Line(text[position:].strip(), depth, raw=text) if depth else Line(text)


def marked(line: Line) -> Line:
    """Read ``>`` marks that stand as letters in a line of an HTML body."""
    if line.depth or not line.text.startswith(">"):
        return line
    found = _plain(line.text)
    return replace(line, text=found.text, depth=found.depth, raw=line.text)


def unmarked(line: Line) -> Line:
    """Give a line its ``>`` back as letters: they were the writer's own."""
    return replace(line, text=line.raw.strip(), depth=0)


MARKS = dict.fromkeys(range(768, 880)) | {ord("đ"): "d"}


_VIETNAMESE = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"


def flat(text: str) -> str:
    """Return a line for comparison: lower case, no diacritics, single blanks. Only the first 1,000 letters."""
    return _flat(text[:1000])


# Every rule that looks at a line asks for it: some forty times for the eight of a mail.
@functools.lru_cache(maxsize=512)
def _flat(text: str) -> str:
    return " ".join(_bare(text).split())


def _bare(text: str) -> str:
    """Return a text in lower case without diacritics; the marks of Vietnamese one by one, as that is quick."""
    text = unicodedata.normalize("NFD", text.lower())
    for mark in _VIETNAMESE:
        text = text.replace(mark, "")
    text = text.replace("đ", "d")
    return text if text.isascii() else text.translate(MARKS)


def letters(text: str) -> str:
    """Return only the letters and digits of a text in lower case without diacritics: blind to wraps and marks."""
    return "".join(filter(str.isalnum, _bare(text)))
