"""Finding tickets by words, without diacritics, in a few milliseconds among a million.

Both engines hold an index of the whole words of ``ticket.search``: SQLite an FTS5 table, PostgreSQL a GIN index. A word
with a digit (a code, a phone number) is found by its beginning, and so is the word that is still being typed. What no ticket holds as words is looked for as a piece of
a text, row by row.
"""

import re
from collections.abc import Sequence
from typing import Any

import peewee as pw

from daemon.desk.text import fold
from daemon.store import models
from daemon.store.database import Database

_FEW = 3000  # so many hits are handed on as a list; more lie so thick that walking the tickets finds a page at once
_LONGEST = 20_000  # letters of a ticket that are searched; a longer mail is found by its beginning


def searchable(texts: Sequence[str | None]) -> str:
    """Return the words of some texts as they lie in ``ticket.search``: folded, one blank between two of them."""
    return " ".join(_words(" ".join(text for text in texts if text)[:_LONGEST]))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def condition(database: Database, office: str, text: str, few: int = _FEW, *, typing: bool = False) -> Any:
    """Return what a ticket's row must fulfil to hold all words of a text, or None where the text has no word.

    ``typing`` says that the last word may go on; pieces, which cost a look at every row, are then left out. Up
    to ``few`` hits are handed on as a list of rows, more as a condition on each row; it is the same tickets.
    """
    words = _words(text)
    if not words:
        return None
    begun = {word for word in words if _begins(word)} | ({words[-1]} if typing and not text.endswith(" ") else set())
    if not database.sqlite:
        held = _by_vector(words, begun)
        mine = models.Ticket.select(models.Ticket.id).where(models.Ticket.office == office, held)
        return held if typing or mine.limit(1).exists() else _pieces(database, words)
    ids = _by_index(database, words, begun, few + 1)
    if not ids:
        return models.Ticket.id.in_([]) if typing else _pieces(database, words)
    return models.Ticket.id.in_(ids) if len(ids) <= few else _walked(words, begun)


def _by_vector(words: Sequence[str], begun: set[str]) -> Any:
    asked = " & ".join(f"'{word}'{':*' if word in begun else ''}" for word in words)
    vector = (pw.SQL("to_tsvector('simple',"), models.Ticket.search, pw.SQL(")"))
    return pw.NodeList((*vector, pw.SQL("@@"), pw.Value(asked), pw.SQL("::tsquery")))


def _by_index(database: Database, words: Sequence[str], begun: set[str], most: int) -> list[int]:
    asked = " ".join(f'"{word}"{"*" if word in begun else ""}' for word in words)
    query = "SELECT rowid FROM ticket_words WHERE ticket_words MATCH ? LIMIT ?"
    return [number for (number,) in database.engine.execute_sql(query, (asked, most)).fetchall()]


def _begins(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _walked(words: Sequence[str], begun: set[str]) -> Any:
    """The same words looked for in each row: quick where they are common and only a page is wanted."""
    text = pw.Value(" ").concat(models.Ticket.search).concat(" ")
    return _all(pw.fn.INSTR(text, f" {word}" if word in begun else f" {word} ") > 0 for word in words)


def _pieces(database: Database, words: Sequence[str]) -> Any:
    find = pw.fn.INSTR if database.sqlite else pw.fn.STRPOS
    return _all(find(models.Ticket.search, word) > 0 for word in words)


def _all(conditions: Any) -> Any:
    first, *others = conditions
    for each in others:
        first = first & each
    return first
