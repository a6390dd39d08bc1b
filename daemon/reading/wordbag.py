"""The words of a letter as features for the trained weights: single words and pairs, numbers and names left out.

Training (tools/train_request_words.py) and reading use the same function, so that both see the same words.
"""

from collections.abc import Iterable, Mapping, Sequence

from daemon.reading.tokens import Words

BIAS = "1"
_CLIP = (-8.0, 12.0)


def features(texts: Iterable[Words], masked: Sequence[Sequence[tuple[int, int]]]) -> dict[str, float]:
    """Return the value of every feature of some texts (subject and body); ``masked`` spans of each are left out.

    The values shrink with the length of the letter, so that a long one does not shout.
    """
    return valued(names(texts, masked), 0.5)


def names(texts: Iterable[Words], masked: Sequence[Sequence[tuple[int, int]]]) -> set[str]:
    """Return the names of the features: words without their marks, and pairs of words within a sentence."""
    found: set[str] = set()
    for words, spans in zip(texts, masked, strict=True):
        last: str | None = None
        sentence = -1
        for word in words.words:
            if any(start <= word.start < end for start, end in spans):
                last = None
                continue
            token = "#" if word.fold[0].isdigit() else word.fold
            found.add(token)
            if last is not None and word.sentence == sentence:
                found.add(f"{last} {token}")
            last, sentence = token, word.sentence
    return found


def valued(found: Iterable[str], power: float) -> dict[str, float]:
    """Give features their value: the more there are, the less each says (their number to the ``power``)."""
    every = sorted(found)
    return {BIAS: 1.0, **dict.fromkeys(every, 1.5 / max(4, len(every)) ** power)}


def weigh(found: Mapping[str, float], weights: Mapping[str, Sequence[float]], sides: int) -> list[float]:
    """Return the weight of each side."""
    rows = [(row, value) for name, value in found.items() if (row := weights.get(name)) is not None]
    return [sum([row[side] * value for row, value in rows], 0.0) for side in range(sides)]


def clipped(weight: float) -> float:
    """Return a cue weight within the bounds in which it is set beside the word weights."""
    return max(_CLIP[0], min(_CLIP[1], weight))
