"""The category of a request, its danger to life, the wanted form of reply: weighed from the cues of the rules.

Every weight that counted is kept, so that a person can see why. The cues themselves are data (config/reading.toml).
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.desk.rules import CATEGORIES, Cue, KindRules
from daemon.reading.phrases import Match, Phrase, Phrasebook, PhraseIndex, compiled
from daemon.reading.tokens import Words, written_out
from daemon.reading.wordbag import clipped, features, weigh

_LOOSE = 0.75
_SIDES = ("subject", "text")
_Rank = tuple[float, int, int, int]
"""Of several places where a cue stands the least counts: factor (negative), phrase, side, word."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cue that stands in the text: the words that show it and the factor of its weights."""

    cue: Cue
    words: str
    factor: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weights of the cues by side, the totals with the trained words, the cues found, the winner and how sure it is (0 to 1)."""

    weights: Mapping[str, float]
    totals: Mapping[str, float]
    found: tuple[Found, ...]
    winner: str
    confidence: float
    words: tuple[str, ...] = ()

    def reasons(self, side: str) -> tuple[str, ...]:
        """Return the words that spoke for a side, the heaviest first."""
        spoke = [found for found in self.found if found.cue.weights.get(side, 0) > 0]
        spoke.sort(key=lambda found: -found.factor * found.cue.weights[side])
        shown = [f"{found.cue.name}: «{found.words}»" for found in spoke]
        if side == self.winner and self.words:
            shown.append("từ: " + ", ".join(f"«{word}»" for word in self.words))
        return tuple(shown)


class Letter:
    """A subject and a text, prepared once for all cues. ``masked`` spans of the text are names and places."""

    def __init__(
        self,
        subject: Words,
        text: Words,
        channel: str,
        short_forms: Mapping[str, str],
        masked: Sequence[Sequence[tuple[int, int]]] = ((), ()),
    ) -> None:
        self.channel = channel
        self.masked = masked
        lenient = channel == "letter"
        self.subject = PhraseIndex(written_out(subject, short_forms), lenient)
        self.text = PhraseIndex(written_out(text, short_forms), lenient)

    def asking(self, asks: Phrasebook) -> set[int]:
        """Return the numbers of the text's sentences that ask for something."""
        words = self.text.words
        found = {
            words.words[match.first].sentence
            for phrase in asks.possible(self.text)
            for match in self.text.find_all(phrase)
            if match.loose == 0
        }
        for number, (_, end) in enumerate(words.sentences):
            if words.text[end : end + 1] == "?":
                found.add(number)
        return found


def cue_weights(found: Sequence[Found], rules: KindRules) -> dict[str, float]:
    """Return what the starting weights and the cues give each category."""
    weights: dict[str, float] = defaultdict(float, {name: rules.start.get(name, 0.0) for name in CATEGORIES})
    for one in found:
        for side, weight in one.cue.weights.items():
            weights[side] += weight * one.factor
    return dict(weights)


def _heaviest_words(bag: Mapping[str, float], rules: KindRules, winner: str) -> tuple[str, ...]:
    """Return the words that speak most for the winner against the mean of the others."""
    side = CATEGORIES.index(winner)
    spoke = []
    for name, value in bag.items():
        row = rules.words.get(name)
        if row is not None and len(name) > 1:
            spoke.append((value * (row[side] - sum(row) / len(row)), name))
    return tuple(name for weight, name in sorted(spoke, reverse=True)[:4] if weight > 0.05)


class Cues:
    """Cues that are looked for together. Each counts once in a letter, with its best factor."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)
        self._unless = [compiled(cue.unless) for cue in cues]
        self._book = Phrasebook(source for cue in cues for source in cue.phrases)
        self._uses: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, cue in enumerate(cues):
            for place, source in enumerate(dict.fromkeys(cue.phrases)):
                self._uses[source].append((number, place))

    def find(self, letter: Letter, asking: Collection[int] = (), rules: KindRules | None = None) -> tuple[Found, ...]:
        """Return the cues that stand in a letter, in their order.

        ``asking`` are the numbers of the text's sentences that ask; what they and the subject count is said by ``rules``.
        """
        best: dict[int, tuple[_Rank, str]] = {}
        for number, rank, words in self._heard(letter, asking, rules):
            if number not in best or rank < best[number][0]:
                best[number] = rank, words
        return tuple(
            Found(self._cues[number], words, -rank[0])
            for number, (rank, words) in sorted(best.items())
            if not self._excluded(letter, number)
        )

    def _heard(
        self, letter: Letter, asking: Collection[int], rules: KindRules | None
    ) -> Iterator[tuple[int, "_Rank", str]]:
        """Yield the number of a cue, the rank and the words of every place where it stands."""
        for side, (index, masked) in enumerate(zip((letter.subject, letter.text), letter.masked, strict=True)):
            words = index.words
            for phrase in self._book.possible(index):
                for match in _outside(index, phrase, masked):
                    first = words.words[match.first]
                    for number, place in self._uses[phrase.source]:
                        cue = self._cues[number]
                        if cue.where in ("any", _SIDES[side], letter.channel):
                            asks = side and first.sentence in asking and not cue.narrates
                            factor = (rules.asking if asks else 1.0 if side else rules.subject) if rules else 1.0
                            factor *= _LOOSE if match.loose else 1.0
                            written = words.text[first.start : words.words[match.end - 1].end]
                            yield number, (-factor, place, side, match.first), written

    def _excluded(self, letter: Letter, number: int) -> bool:
        return any(letter.subject.find(phrase) or letter.text.find(phrase) for phrase in self._unless[number])


def _outside(index: PhraseIndex, phrase: Phrase, masked: Sequence[tuple[int, int]]) -> Iterator[Match]:
    """Yield where a phrase stands, but for those that begin or end in a name: «Hòa Mục» is no rotten pole."""
    words = index.words.words
    for match in index.find_all(phrase):
        edges = (words[match.first].start, words[match.end - 1].start)
        if not any(start <= edge < end for start, end in masked for edge in edges):
            yield match


class KindScale:
    """Weighs the category of letters by the rules of the configuration."""

    def __init__(self, rules: KindRules) -> None:
        self._rules = rules
        self._cues = Cues(rules.cues)
        self._asks = Phrasebook(rules.asks)

    def asking(self, letter: Letter) -> set[int]:
        """Return the numbers of the text's sentences that ask for something."""
        return letter.asking(self._asks)

    def find(self, letter: Letter) -> tuple[Found, ...]:
        """Return the cues that stand in a letter."""
        return self._cues.find(letter, self.asking(letter), self._rules)

    def weigh(self, letter: Letter) -> Weighed:
        """Weigh the category of a letter."""
        rules = self._rules
        found = self.find(letter)
        weights = cue_weights(found, rules)
        bag = features((letter.subject.words, letter.text.words), letter.masked)
        trained = weigh(bag, rules.words, len(CATEGORIES))
        total = {
            name: rules.cue_share * clipped(weights[name]) + trained[number] for number, name in enumerate(CATEGORIES)
        }
        ranked = sorted(CATEGORIES, key=lambda name: -total[name])
        margin = total[ranked[0]] - total[ranked[1]]
        confidence = 1 / (1 + math.exp(-2.2 * margin / rules.sure))
        known = [name for name in bag if name in rules.words] if rules.words else [one.words for one in found]
        if not found and len(known) < 2:
            confidence = min(confidence, 0.4)
        return Weighed(weights, total, found, ranked[0], confidence, _heaviest_words(bag, rules, ranked[0]))
