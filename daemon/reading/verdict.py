"""Whether a unit's words are an answer, a part of one or a question back: rules and trained weights together.

The rules (daemon.reading.words) say how clearly something is asked, promised, told; the weights of single words and
pairs (config/reply-words.toml) decide where they are silent or exaggerate. Only these three kinds; whether a mail is a
reply at all is the caller's work.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daemon.desk.rules import ANSWER_KINDS, AnswerWords
from daemon.desk.text import fold
from daemon.reading import words
from daemon.reading.tokens import Word, Words, bounded, split
from daemon.reading.wordbag import names, valued, weigh

_ASKED, _PROMISED, _TOLD, _MOST_TOLD = 0.9, 1.0, 0.5, 3
_POWER = 0.35
_ENCLOSED = 0.8
_SHOWN = 4
_MOST_SURE = 0.97
_UNKNOWN = 0.4
_COUNT = re.compile(
    r"(?<![\d./])(\d{1,4}) ?(?:/|tren|trong(?: so)?|trong tong so) ?(\d{1,4}) (?:tram|ho|cot|diem|thon|xom|ban|nha|khach|xa|"
    r"nhanh|viec|y|noi dung|phan|vu|phieu|may|lan|cay|lo|doi|hom|cong to|truong hop|don|kien nghi|cau)\b"
)
_DATED = re.compile(r"\b(?:ngay|sang|chieu|toi|trua|hom|dem|tu|den|va|thu \w+|truoc|sau|cat|lich|mai|h|,) $")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind (one of ``ANSWER_KINDS``), how sure (0 to 1), and the words that spoke most for it, as written."""

    kind: str
    confidence: float
    words: tuple[str, ...]


def judge(text: str, rules: AnswerWords, enclosed: bool = False) -> Verdict:
    """Return what a reply's new text is; ``enclosed``: files came with it. A doubtful answer becomes one of the other two."""
    plain = bounded(text)
    bag, given = features(plain), prior(plain, rules)
    given[0] += _ENCLOSED * enclosed
    trained = weigh(bag, rules.words, len(ANSWER_KINDS))
    shares = _shares([own + by_rules for own, by_rules in zip(trained, given, strict=True)])
    side = max(range(len(shares)), key=lambda number: shares[number])
    if ANSWER_KINDS[side] == "answer" and shares[side] < rules.answer_from:
        side = max(range(1, len(shares)), key=lambda number: shares[number])
    confidence = min(shares[side], _MOST_SURE)
    if not any(given) and len([name for name in bag if name in rules.words]) < 3:
        # Nothing known stands in it: a person looks.
        side, confidence = ANSWER_KINDS.index("partial"), _UNKNOWN
    return Verdict(ANSWER_KINDS[side], round(confidence, 2), _heaviest(split(plain), bag, rules.words, side))


def prior(text: str, rules: AnswerWords) -> list[float]:
    """Return what the rules alone give each kind."""
    rows = words.sentences(text)
    told = min(words.answer_score(rows), _MOST_TOLD)
    weights = (_TOLD * told, _PROMISED * words.partial_score(rows), _ASKED * words.question_score(rows))
    return [rules.rule_share * weight for weight in weights]


def features(text: str) -> dict[str, float]:
    """Return the features of a text: words with and without marks, pairs, where a sentence begins and the text ends."""
    whole = split(text)
    found = names((whole,), ((),))
    before = -1
    for word in whole.words:
        token = _token(word)
        if whole.accented and token != "#":
            found.add(f"^ {word.key}")
        if word.sentence == whole.words[-1].sentence > 0:
            found.add(f"$ {token}")
        if word.sentence != before:
            found.add(f"< {token}")
        before = word.sentence
    if whole.words:
        found.add(f"> {_token(whole.words[-1])}")
    if "?" in text:
        found.add("?")
    found.update(_counted(fold(text)))
    return valued(found, _POWER)


def _counted(folded: str) -> set[str]:
    """Return whether a part or the whole of some things is done: "11/14 tram", "2 trong 4 viec"; a date is neither."""
    counts = (
        one for one in _COUNT.finditer(folded) if not _DATED.search(folded, max(0, one.start() - 12), one.start())
    )
    return {"% part" if int(one[1]) < int(one[2]) else "% whole" for one in counts}


def _token(word: Word) -> str:
    return "#" if word.fold[0].isdigit() else word.fold


def _shares(weights: Sequence[float]) -> list[float]:
    top = max(weights)
    powers = [math.exp(weight - top) for weight in weights]
    return [power / sum(powers) for power in powers]


def _heaviest(
    text: Words, bag: Mapping[str, float], weights: Mapping[str, Sequence[float]], side: int
) -> tuple[str, ...]:
    """Return the words of the text that speak most for a kind against the mean of the others, as they are written."""
    spoke = []
    for name, value in bag.items():
        row = weights.get(name)
        if row is not None and len(name) > 1 and name[0] not in "^<>$#%":
            spoke.append((value * (row[side] - sum(row) / len(row)), name))
    heavy = [name for weight, name in sorted(spoke, reverse=True)[:_SHOWN] if weight > 0.05]
    return tuple(_as_written(name.split(), text) for name in heavy)


def _as_written(tokens: Sequence[str], text: Words) -> str:
    """Return a feature's words with the marks they have in the text."""
    for place in range(len(text.words) - len(tokens) + 1):
        piece = text.words[place : place + len(tokens)]
        if [_token(word) for word in piece] == tokens:
            return text.text[piece[0].start : piece[-1].end]
    return " ".join(tokens)
