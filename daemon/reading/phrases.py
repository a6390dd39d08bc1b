"""The phrase language of config/reading.toml: find weighted phrases in a text, with bounded work.

    cắt|ngừng .. điện      one of the words, up to four other words, then the word
    áp_tô_mát              several words as one alternative
    đã?                    may be missing
    !đóng|cấp              the word before is none of these
    =trơ                   only as it is written here: «tro» without its marks may be another word (trở)
    ...                    up to ten other words; a single . up to one
    #, 0#                  a word that begins with a digit; a number that begins with 0

A phrase lies within one sentence. Words are compared with their diacritics where the writer uses them, else without.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.desk.text import fold_aligned
from daemon.reading.tokens import Word, Words, key

_GAPS = {".": 1, "..": 4, "...": 10}
_EXACT = "="
_MOST_PAIRS = 64
_STARTS = 60
"""Places of a text at which one phrase is tried; more say nothing new of the text."""


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Grave, acute, tilde, hook, dot below: the marks that say a tone; the others make another letter."""

_Choice = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A gap of up to ``gap`` words, a word ``refused`` before, or one of ``choices``; a choice is (fold, key) by word."""

    gap: int = 0
    refused: frozenset[str] = frozenset()
    choices: tuple[_Choice, ...] = ()
    optional: bool = False
    by_head: Mapping[str, tuple[_Choice, ...]] = field(default_factory=dict, compare=False)

    def beginning(self, fold: str) -> tuple[_Choice, ...]:
        """Return the choices that may begin with a folded word, in their order."""
        return self.choices if fold[0].isdigit() else self.by_head.get(fold, ())


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A compiled phrase; ``heads`` are the folded words with which it may begin.

    Every text that holds it has one of each of ``needs``: a folded word, or two that follow each other.
    """

    source: str
    parts: tuple[_Part, ...]
    literals: int
    heads: frozenset[str]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase was found: first and one-past-last word, and how many words fit only without diacritics."""

    first: int
    end: int
    loose: int


@functools.lru_cache(maxsize=8_000)
def compile_phrase(source: str) -> Phrase:
    """Return the compiled phrase; raises ``ValueError`` if it is empty or begins with a gap or an optional word."""
    parts = tuple(_part(piece) for piece in source.split())
    solid = [part for part in parts if not part.refused]
    if not solid or solid[0].gap or solid[0].optional or solid[-1].gap or parts[-1].refused:
        raise ValueError(f"cụm từ không hợp lệ: «{source}»")
    literals = sum(1 for part in solid if not part.gap and not part.optional)
    heads = frozenset(choice[0][0] for choice in solid[0].choices)
    return Phrase(source, parts, literals, heads, tuple(_needs(solid)))


def _needs(solid: Sequence[_Part]) -> Iterator[frozenset[str]]:
    """Yield of each word that may not be missing what stands there, together with what follows right behind it."""
    for part, following in zip(solid, (*solid[1:], None), strict=True):
        if part.gap or part.optional:
            continue
        yield frozenset(_pair(*(fold for fold, _ in choice[:2])) for choice in part.choices)
        if following is not None and not following.gap and not following.optional:
            pairs = {(one[-1][0], other[0][0]) for one in part.choices for other in following.choices}
            if len(pairs) <= _MOST_PAIRS:
                yield frozenset(_pair(*pair) for pair in pairs)


def _pair(first: str, second: str = "#") -> str:
    """Return two words as a text files them; where one is any number, the other alone says enough."""
    if first.endswith("#"):
        return first if second.endswith("#") else second
    return first if second.endswith("#") else f"{first} {second}"


def _part(piece: str) -> _Part:
    if piece in _GAPS:
        return _Part(gap=_GAPS[piece])
    if piece.startswith("!"):
        return _Part(refused=frozenset(fold_aligned(word) for word in piece[1:].split("|")))
    optional = piece.endswith("?") and len(piece) > 1
    words = piece.removesuffix("?").lower()
    choices = tuple(
        tuple(_literal(word) for word in choice.split("_") if word) for choice in words.split("|") if choice
    )
    by_head: dict[str, tuple[_Choice, ...]] = {}
    for choice in choices:
        by_head[choice[0][0]] = (*by_head.get(choice[0][0], ()), choice)
    return _Part(choices=choices, optional=optional, by_head=by_head)


def _literal(word: str) -> tuple[str, str]:
    exact = word.startswith("=") and len(word) > 1
    word = word[1:] if exact else word
    return fold_aligned(word), _EXACT * exact + key(word)


class PhraseIndex:
    """A text prepared for many phrases."""

    def __init__(self, words: Words, lenient: bool = False) -> None:
        self.words = words
        self._lenient = lenient
        self._starts: Mapping[str, list[int]] = defaultdict(list)
        for index, word in enumerate(words.words):
            self._starts[word.fold].append(index)
            if word.fold[0].isdigit():
                self._starts["#"].append(index)
                self._starts["0#"].append(index)
        following = zip(words.words, words.words[1:], strict=False)
        pairs = (f"{one.fold} {other.fold}" for one, other in following if one.sentence == other.sentence)
        self.folds = frozenset((*self._starts, *pairs))

    def find(self, phrase: Phrase) -> Match | None:
        """Return the first place where the phrase stands, or None."""
        return next(self.find_all(phrase), None)

    def may_hold(self, phrase: Phrase) -> bool:
        """Say whether the text has what the phrase needs: hundreds are asked for in each text, and most lack something."""
        return not any(map(self.folds.isdisjoint, phrase.needs))

    def find_all(self, phrase: Phrase) -> Iterator[Match]:
        """Yield the places where the phrase stands, at most sixty are tried."""
        if not self.may_hold(phrase):
            return
        starts = {start for head in phrase.heads & self.folds for start in self._starts[head]}
        allowed = phrase.literals // (2 if self._lenient else 3)
        for start in sorted(starts)[:_STARTS]:
            found = self._match(phrase.parts, 0, start, allowed)
            if found is not None:
                end, left = found
                yield Match(start, end, allowed - left)

    def _match(self, parts: tuple[_Part, ...], part: int, index: int, loose: int) -> tuple[int, int] | None:
        if part == len(parts):
            return index, loose
        words = self.words.words
        if parts[part].gap:
            return self._match_gap(parts, part, index, loose)
        if parts[part].refused:
            refused = 0 < index <= len(words) and words[index - 1].fold in parts[part].refused
            return None if refused else self._match(parts, part + 1, index, loose)
        apart = part > 0 and 0 < index < len(words) and words[index].sentence != words[index - 1].sentence
        likely = parts[part].beginning(words[index].fold) if index < len(words) and not apart else ()
        for choice in likely:
            left = self._fits(choice, index, loose)
            if left is not None:
                found = self._match(parts, part + 1, index + len(choice), left)
                if found is not None:
                    return found
        return self._match(parts, part + 1, index, loose) if parts[part].optional else None

    def _match_gap(self, parts: tuple[_Part, ...], part: int, index: int, loose: int) -> tuple[int, int] | None:
        words, following = self.words.words, parts[part + 1]
        needed = following.choices and not following.optional
        for skipped in range(parts[part].gap + 1):
            here = index + skipped
            if here >= len(words) or words[here].sentence != words[index - 1].sentence:
                return None
            if needed and not following.beginning(words[here].fold):
                continue
            found = self._match(parts, part + 1, here, loose)
            if found is not None:
                return found
        return None

    def _fits(self, choice: tuple[tuple[str, str], ...], index: int, loose: int) -> int | None:
        words = self.words.words
        if index + len(choice) > len(words):
            return None
        for offset, (fold, wanted) in enumerate(choice):
            word = words[index + offset]
            if offset and word.sentence != words[index].sentence:
                return None
            cost = self._cost(word, fold, wanted, len(choice) > 1)
            if cost is None or cost > loose:
                return None
            loose -= cost
        return loose

    def _cost(self, word: Word, fold: str, wanted: str, compound: bool) -> int | None:
        """Return 0 where a word is the wanted one, 1 where it may be, None where it is another.

        Read from paper a tone may be another one than was written («chỉ phí»); in a compound its fellow words vouch for it.
        """
        if fold == "#":
            return 0 if word.fold[0].isdigit() else None
        if fold == "0#":
            return 0 if word.fold[0] == "0" and len(word.fold) >= 3 else None
        if word.fold != fold:
            return None
        if wanted.startswith(_EXACT):
            return 0 if word.key == wanted[1:] else None
        if word.key == wanted or (word.plain and not self.words.accented):
            return 0
        written, meant = set(word.key[len(word.fold) :]), set(wanted[len(fold) :])
        if compound and self._lenient:
            written -= _TONES
        return 1 if written <= meant else None


class Phrasebook:
    """Many phrases, each filed under the rarest of its words, so that a text is asked only for those that it may hold."""

    def __init__(self, sources: Iterable[str]) -> None:
        phrases = [compile_phrase(source) for source in dict.fromkeys(sources)]
        common = Counter(word for phrase in phrases for need in phrase.needs for word in need)
        self._filed: dict[str, list[tuple[Phrase, tuple[frozenset[str], ...]]]] = defaultdict(list)
        for phrase in phrases:
            rarest, *others = sorted(phrase.needs, key=lambda need: sum(common[word] for word in need))
            for word in rarest:
                self._filed[word].append((phrase, tuple(others)))
        self._words = frozenset(self._filed)

    def possible(self, index: PhraseIndex) -> set[Phrase]:
        """Return the phrases that may stand in a text; no other can."""
        lacks = index.folds.isdisjoint
        return {
            phrase
            for word in self._words & index.folds
            for phrase, needs in self._filed[word]
            if not any(map(lacks, needs))
        }


def compiled(sources: Iterable[str]) -> tuple[Phrase, ...]:
    """Compile many phrases."""
    return tuple(compile_phrase(source) for source in sources)
