"""The end of an address, "xã Bộc Bố, huyện Pác Nặm", found among all ends that exist. Knows no map, only the list given.

A pen that writes Ma Đì for Na Rì is read right because only one commune and district fit all that the engines saw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from daemon.desk.text import fold, nfc

# Distances are shares of the tail's length, averaged over the engines; the next tail must be clearly farther away.
_FAR, _NEAR, _SURE, _MARGIN = 0.34, 0.2, 0.12, 0.10


@dataclass(frozen=True, slots=True)
class Tail:
    """The end found: its right spelling, where it begins in the first reading, and whether it is beyond doubt."""

    text: str
    start: int
    sure: bool


class Tails:
    """All ends of addresses, as they are spelled."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(sorted({nfc(text) for text in texts}))
        self._marked = tuple(text.lower() for text in self._texts)
        self._bare = tuple(_bare(text) for text in self._texts)

    def find(self, readings: Sequence[str]) -> Tail | None:
        """Return the end that fits all readings of one address best, None where none fits; never sure if two do.

        The first reading has tone marks and counts with them; the others count without.
        """
        if not readings or not self._texts:
            return None
        ranked = sorted(range(len(self._texts)), key=lambda n: self._away(n, readings))
        best = ranked[0]
        away = self._away(best, readings)
        rivals = (n for n in ranked[1:] if self._bare[n] != self._bare[best] and not self._contains(n, best))
        rival = next(rivals, None)
        gap = 1.0 if rival is None else self._away(rival, readings) - away
        if away > _FAR or (gap < _MARGIN and away > _NEAR):
            return None
        start = _start(readings[0], self._marked[best])
        if gap < _MARGIN or self._twin(best, readings[0]):
            return Tail(self._texts[best], start, False)
        return Tail(self._texts[best], start, away <= _SURE or (away <= 0.2 and gap >= 2 * _MARGIN))

    def _twin(self, best: int, reading: str) -> bool:
        """Say whether another end differs by marks alone (Đổng Xá, Đồng Xá) and the reading is neither letter by letter."""
        twins = any(bare == self._bare[best] and n != best for n, bare in enumerate(self._bare))
        return twins and not reading.lower().endswith(self._marked[best])

    def _contains(self, one: int, other: int) -> bool:
        """Say whether one end is the other with something added before or behind: no rival, only less or more said."""
        return self._bare[one] in self._bare[other] or self._bare[other] in self._bare[one]

    def _away(self, n: int, readings: Sequence[str]) -> float:
        parts = [_suffix_distance(readings[0].lower(), self._marked[n])[0] / len(self._marked[n])]
        parts += [_suffix_distance(_bare(text), self._bare[n])[0] / len(self._bare[n]) for text in readings if text]
        # A longer end that fits as well says more.
        return sum(parts) / len(parts) - 0.002 * len(self._bare[n])


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _suffix_distance(text: str, tail: str) -> tuple[int, int]:
    """Return (edits, length) of the end of ``text`` that is nearest to ``tail``."""
    lengths = range(max(1, len(tail) - 4), min(len(text), len(tail) + 4) + 1)
    return min(((Levenshtein.distance(text[-size:], tail), size) for size in lengths), default=(len(tail), len(text)))


def _start(text: str, tail: str) -> int:
    """Return where the tail begins in a reading: at a comma or blank near the nearest end."""
    _, size = _suffix_distance(text.lower(), tail)
    near = len(text) - size
    places = [n for n in range(max(0, near - 3), min(len(text), near + 4)) if n == 0 or text[n - 1] in ",. "]
    return min(places, key=lambda n: abs(n - near)) if places else near
