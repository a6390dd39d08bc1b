"""The category of a request, its danger to life, the wanted form of reply: weighed from the cues of the rules.

Every weight that counted is kept, so that a person can see why. The cues themselves are data (config/reading.toml).
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.desk.rules import CATEGORIES, Cue, KindRules
from daemon.reading.phrases import Match, Phrase, PhraseIndex, compile_phrase
from daemon.reading.tokens import Words, split
from daemon.reading.wordbag import clipped, features, weigh

_LOOSE = 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """A cue that stands in the text: the words that show it and the factor of its weights."""

    cue: Cue
    words: str
    factor: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weights of all sides, the cues found, the winner and how sure it is (0 to 1)."""

    weights: Mapping[str, float]
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
    """A subject and a text, split once for all cues. ``masked`` spans of the text are names and places."""

    def __init__(
        self,
        subject: str | None,
        text: str,
        channel: str,
        short_forms: Mapping[str, str],
        masked: Sequence[Sequence[tuple[int, int]]] = ((), ()),
    ) -> None:
        self.channel = channel
        self.masked = masked
        lenient = channel == "letter"
        self.subject = PhraseIndex(split(subject or "", short_forms), lenient)
        self.text = PhraseIndex(split(text, short_forms), lenient)

    def asking(self, asks: Sequence[str]) -> set[int]:
        """Return the numbers of the text's sentences that ask for something."""
        words = self.text.words
        found = {
            words.words[match.first].sentence
            for phrase in asks
            for match in self.text.find_all(compile_phrase(phrase))
            if match.loose == 0
        }
        for number, (_, end) in enumerate(words.sentences):
            if words.text[end : end + 1] == "?":
                found.add(number)
        return found


def weigh_kind(letter: Letter, rules: KindRules) -> Weighed:
    """Weigh the category of a letter."""
    asking = letter.asking(rules.asks)
    found = find_cues(letter, rules.cues, asking, rules)
    weights = cue_weights(found, rules)
    bag = features((letter.subject.words, letter.text.words), letter.masked)
    trained = weigh(bag, rules.words, len(CATEGORIES))
    total = {name: rules.cue_share * clipped(weights[name]) + trained[number] for number, name in enumerate(CATEGORIES)}
    ranked = sorted(CATEGORIES, key=lambda name: -total[name])
    margin = total[ranked[0]] - total[ranked[1]]
    confidence = 1 / (1 + math.exp(-2.2 * margin / rules.sure))
    known = [name for name in bag if name in rules.words] if rules.words else [one.words for one in found]
    if not found and len(known) < 2:
        confidence = min(confidence, 0.4)
    heaviest = _heaviest_words(bag, rules, ranked[0])
    return Weighed(weights, found, ranked[0], confidence, heaviest)


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


def find_cues(
    letter: Letter, cues: Sequence[Cue], asking: set[int] | None = None, rules: KindRules | None = None
) -> tuple[Found, ...]:
    """Return the cues that stand in a letter, each once with its best factor."""
    found = []
    for cue in cues:
        if cue.where not in ("any", "subject", "text", letter.channel):
            continue
        best = _best(letter, cue, asking or set(), rules)
        if best is not None and not _excluded(letter, cue):
            found.append(best)
    return tuple(found)


def _excluded(letter: Letter, cue: Cue) -> bool:
    phrases = [compile_phrase(source) for source in cue.unless]
    return any(letter.subject.find(phrase) or letter.text.find(phrase) for phrase in phrases)


def _best(letter: Letter, cue: Cue, asking: set[int], rules: KindRules | None) -> Found | None:
    best: Found | None = None
    for source in cue.phrases:
        phrase = compile_phrase(source)
        if cue.where != "text":
            for match in _outside(letter.subject, phrase, letter.masked[0]):
                best = _better(best, cue, letter.subject.words, match, rules.subject if rules else 1.0)
        if cue.where != "subject":
            for match in _outside(letter.text, phrase, letter.masked[1]):
                asks = letter.text.words.words[match.first].sentence in asking
                factor = rules.asking if rules and asks and not cue.narrates else 1.0
                best = _better(best, cue, letter.text.words, match, factor)
    return best


def _outside(index: PhraseIndex, phrase: Phrase, masked: Sequence[tuple[int, int]]) -> Iterator[Match]:
    """Yield where a phrase stands, but for those that begin or end in a name: «Hòa Mục» is no rotten pole."""
    words = index.words.words
    for match in index.find_all(phrase):
        edges = (words[match.first].start, words[match.end - 1].start)
        if not any(start <= edge < end for start, end in masked for edge in edges):
            yield match


def _better(best: Found | None, cue: Cue, words: Words, match: Match, factor: float) -> Found:
    factor *= _LOOSE if match.loose else 1.0
    if best is not None and best.factor >= factor:
        return best
    return Found(cue, words.text[words.words[match.first].start : words.words[match.end - 1].end], factor)
