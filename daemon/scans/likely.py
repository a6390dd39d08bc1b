"""What a worn or hasty hand most likely wrote: readings of names and of the beginnings of addresses, word by word.

Two engines are weighed against lists of the syllables that occur. What comes of it is a proposal that saves typing; it
never makes a reading surer than it was, and nothing is proposed where a reading is already believed.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from daemon.desk.text import fold, nfc
from daemon.scans.name_words import GIVEN, SURNAMES

# A letter with another mark is a likelier mistake than another letter; PP-OCRv6 drops letters that it does not know.
_MARK, _DROPPED, _STRANGE = 0.4, 0.3, 1.2
# PP-OCRv6 knows no tone marks, but misreads half as many letters of hasty hands as AsterOCR.
_SKELETON_WEIGHT = 1.5
# A longer one is an office or a firm, or not read at all.
_LONGEST_NAME = 6
_FIRM = re.compile(
    r"(?:cong ty|cty|truong (?:tieu|trung|mam|thpt|thcs|ptdt)|tieu hoc|uy ban|ubnd|hop tac|htx|doanh nghiep|dntn|cua hang|xuong"
    r"|nha (?:may|hang|nghi|van|khach)|khach san|tram|ho kinh|chi nhanh|ngan hang|benh vien|chua|ban quan ly|trung tam|hoi|xi nghiep)\b"
)
_NUMBERED = ("Tổ", "Khu phố", "Số nhà", "Tiểu khu", "Tổ dân phố", "Tổ nhân dân", "Đội", "Khu", "Ngõ", "Cụm")
_NAMED = ("Thôn", "Xóm", "Bản", "Khu", "Phố", "Đường", "Tổ nhân dân", "Làng")
# The words that names of hamlets begin with in the mountains: field, village, stream, mouth, hill, cave …
_HAMLETS = tuple(
    re.findall(
        r"\w+",
        "Nà Bản Khuổi Pác Cốc Phiêng Nặm Lủng Lũng Khau Bó Pù Thôm Còi Kéo Vằng Đồng Tân Phố Slam Slắc Khu Tổng Pò Phja Phia",
    )
)


def name(best: str, skeleton: str) -> str:
    """Return a person's name as most likely meant; ``best`` has tone marks, ``skeleton`` is the other engine's reading."""
    if best.isupper():
        return name(best.title(), skeleton).upper() if len(best) > 1 else best
    words = best.split()
    if best.isascii() and _letters(best) == _letters(skeleton):
        return best  # written without marks, and both engines saw none
    if len(words) > _LONGEST_NAME or _FIRM.match(fold(best)) or sum(word[0].islower() for word in words) > 1:
        return best
    mine, theirs = _paired(best, skeleton)
    if not 2 <= len(mine) <= 5:
        return best
    words = [_nearest(mine[0], theirs[0], SURNAMES, _STRANGE)]
    words += [_nearest(a, b, GIVEN, _STRANGE) for a, b in zip(mine[1:], theirs[1:], strict=True)]
    return " ".join(words)


def known_name(text: str) -> bool:
    """Say whether a person's name is made of syllables that occur in names."""
    words = (text.title() if text.isupper() else text).split()
    return bool(words) and words[0] in SURNAMES and all(word in SURNAMES or word in GIVEN for word in words[1:])


def beginning(best: str, skeleton: str) -> str:
    """Return the beginning of an address (before the commune) with the kind of place as most likely meant."""
    found = re.fullmatch(r"(\D{1,14}?)\s*([Il|]?\d\S*)", best)
    if found:
        kind = _kind(found[1], re.split(r"\d", skeleton)[0], _NUMBERED)
        return f"{kind} {re.sub('^[Il|]', '1', found[2])}" if kind else best
    words, other = best.split(), skeleton.split()
    for size in (3, 2, 1):
        kinds = [kind for kind in _NAMED if len(kind.split()) == size]
        kind = _kind(" ".join(words[:size]), " ".join(other[:size]), kinds) if len(words) > size else None
        if kind:
            rest = words[size:]
            if len(other) == len(words) and kind in ("Thôn", "Xóm", "Bản"):
                rest = [_nearest(rest[0], other[size], _HAMLETS, 0.8), *rest[1:]]
            return " ".join((kind, *rest))
    return best


def _kind(best: str, skeleton: str, kinds: Sequence[str]) -> str | None:
    """Return the kind that both readings come nearest to, None where none is near or two are as near."""
    mine, theirs = _letters(best), _letters(skeleton)

    def away(kind: str) -> float:
        bare = _letters(kind)
        both = [Levenshtein.distance(text, bare) / max(len(text), len(bare)) for text in (mine, theirs) if text]
        return sum(both) / max(1, len(both))

    ranked = sorted(kinds, key=away)
    if not mine or not ranked or away(ranked[0]) > 0.45:
        return None
    return ranked[0] if len(ranked) == 1 or away(ranked[1]) - away(ranked[0]) > 0.1 else None


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalpha())


def _paired(best: str, skeleton: str) -> tuple[list[str], list[str]]:
    """Return the words of two readings of one name side by side; the one that joined or split words is cut anew."""
    mine = [word for word in re.split(r"[^\w]+", nfc(best)) if word]
    theirs = [word for word in re.split(r"[^\w]+", nfc(skeleton)) if word]
    if len(mine) == len(theirs) or not theirs:
        return mine, theirs or [""] * len(mine)
    if (2 <= len(theirs) <= 5 and not 2 <= len(mine) <= 5) or len(theirs) > len(mine):
        return _cut("".join(mine), theirs), theirs
    return mine, _cut("".join(theirs), mine)


def _cut(text: str, words: Sequence[str]) -> list[str]:
    """Return the text cut into as many pieces as there are words, each as near to its word as can be."""
    best: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
    for word in words:
        onward: dict[int, tuple[float, list[str]]] = {}
        for start, (cost, pieces) in best.items():
            for end in range(start, min(len(text), start + len(word) + 3) + 1):
                piece = text[start:end]
                total = cost + Levenshtein.distance(_letters(piece), _letters(word))
                if end not in onward or total < onward[end][0]:
                    onward[end] = (total, [*pieces, piece])
        best = onward
    return min(best.items(), key=lambda item: item[1][0] + len(text) - item[0])[1][1]


def _nearest(mine: str, theirs: str, known: Sequence[str], strange: float) -> str:
    """Return the known syllable that two readings of a word come nearest to; the word itself where that is as near."""
    own = _SKELETON_WEIGHT * _dropped(_letters(theirs), mine) if theirs else 0.0
    own += 0.0 if mine in known else strange
    best, least = mine, own - 0.1
    if least <= 0:
        return mine
    bare, other = _letters(mine), _letters(theirs)
    for word in known:
        plain = _bare(word)
        if Levenshtein.distance(plain, bare) > 3 or (other and Levenshtein.distance(plain, other) > 2):
            continue
        cost = _marked(mine.lower(), word.lower()) + (_SKELETON_WEIGHT * _dropped(other, word) if theirs else 0.0)
        if cost < least:
            best, least = word, cost
    return best


@lru_cache(maxsize=2048)
def _bare(word: str) -> str:
    return _letters(word)


def _marked(one: str, other: str) -> float:
    """Return the edits between two words, another mark on the same letter counting less than another letter."""
    row = [float(n) for n in range(len(other) + 1)]
    for n, a in enumerate(one, 1):
        last, row[0] = row[0], float(n)
        for m, b in enumerate(other, 1):
            change = 0.0 if a == b else _MARK if fold(a) == fold(b) else 1.0
            last, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, last + change)
    return row[-1]


def _dropped(skeleton: str, word: str) -> float:
    """Return the edits from a reading without marks to a word; letters with marks may be missing from it."""
    marked = [nfc(char) for char in word.lower()]
    row = [0.0]
    for char in marked:
        row.append(row[-1] + (1.0 if fold(char) == char else _DROPPED))
    for n, a in enumerate(skeleton, 1):
        last, row[0] = row[0], float(n)
        for m, char in enumerate(marked, 1):
            missing = 1.0 if fold(char) == char else _DROPPED
            change = 0.0 if a == fold(char) else 1.0
            last, row[m] = row[m], min(row[m] + 1, row[m - 1] + missing, last + change)
    return row[-1]
