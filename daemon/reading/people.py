"""People's names in a text, word by word: where one begins, how far it goes, whether it may be believed.

Surnames and titles are configuration. Which of the names is the customer's is decided in ``names``.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.desk.rules import NameRules
from daemon.desk.text import fold
from daemon.reading.places import PlaceHit
from daemon.reading.tokens import Word, Words, key, word_set

LONGEST = 6
_NOT_NAMES = word_set(
    "kinh gui cam on cong hoa doc lap hanh phuc dien luc cong ty phong ban giam doc tran trong so ngay thang nam dia chi noi dung ma don vi viet nam hom nay sang chieu toi trua mai "
    "xin chao chi anh dear nguoi lam don vui long tu do mong nho neu do vi khi tai khu nha xa thon"
)
_MIDDLE = word_set(
    "van thi duc huu minh quoc ngoc thanh thu xuan hong kim cong dinh viet trung manh tuan hoang anh thuy tien a doan the sinh tai phuc"
)
_SMALL_MIDDLE = frozenset({"thi", "van", key("thị"), key("văn")})
_LABELS = word_set("lh sdt dt tel mr ms mrs zalo fb mobile email mst so")
_HAMLETS = frozenset(key(word) for word in ("bản", "thôn", "tổ", "xóm", "khu", "phố", "đội", "tiểu", "xã", "phường"))
_LOWER_STOPS = word_set(
    "ở tại xin hỏi đề nghị báo muốn có bị mất điện và là số đt sđt mã kh thôn xã phường bản xóm khu tt tp huyện nhà được thì nhờ yêu cầu kiến nghị phản ánh cần đang đã "
    "không địa gọi email cho tôi em mong trong sẽ nhận kính do vì từ ngày hiện cảm ơn ạ nhé với liên hệ nội dung đâu về cũng gửi này thuộc khiếu nại phàn nàn trình bày làm tổ bức xúc gọi "
    "thắc mắc nói kêu trách phản đối chúng bên mới vẫn chưa rất phải để nên của giải thích dễ gửi"
)
_STOP_KEYS = frozenset(key(word) for word in _LOWER_STOPS)
_STOP_FOLDS = frozenset(fold(word) for word in _LOWER_STOPS) - _MIDDLE


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, where it stands, whether it is an organisation's, how sure, and why."""

    start: int
    end: int
    text: str
    organisation: bool
    confidence: float
    reason: str


class People:
    """Reads people's names by the surnames and titles of the configuration."""

    def __init__(self, rules: NameRules) -> None:
        self._surnames = frozenset(fold(name) for name in rules.surnames)
        self._surname_keys = frozenset(key(name) for name in rules.surnames)
        titles = [title.split() for title in rules.titles]
        self.titles = sorted((tuple(fold(word) for word in title) for title in titles), key=len, reverse=True)
        self._titles_from: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for title in self.titles:
            self._titles_from[title[0]].append(title)
        self._title_keys = frozenset(tuple(key(word) for word in title) for title in titles)

    def is_title(self, words: Words, index: int, title: tuple[str, ...]) -> bool:
        """Say whether a title stands at a word; «Chu Văn …» is a surname, not «chú»."""
        span = words.words[index : index + len(title)]
        if tuple(word.fold for word in span) != title:
            return False
        if words.accented:
            return tuple(word.key for word in span) in self._title_keys
        following = words.words[index + len(title)] if index + len(title) < len(words.words) else None
        middle = following is not None and following.fold in _MIDDLE
        return not (span[0].fold in self._surnames and middle and span[0].capital)

    def title_at(self, words: Words, index: int) -> tuple[str, ...]:
        """Return the title that begins at a word, empty if there is none."""
        return next((title for title in self.titles_from(words, index) if self.is_title(words, index, title)), ())

    def titles_from(self, words: Words, index: int) -> Sequence[tuple[str, ...]]:
        """Return the titles that begin like a word, longer ones first."""
        return self._titles_from.get(words.words[index].fold, ()) if index < len(words.words) else ()

    def is_surname(self, word: Word) -> bool:
        """Say whether a word, without regard to diacritics, is a surname."""
        return word.fold in self._surnames

    def _is_surname(self, words: Words, word: Word) -> bool:
        return word.key in self._surname_keys if words.accented and not word.plain else word.fold in self._surnames

    def after_title(self, words: Words, index: int) -> bool:
        """Say whether a title of one word stands right before a word."""
        return (
            index > 0
            and self.is_title(words, index - 1, (words.words[index - 1].fold,))
            and (words.words[index - 1].fold,) in self.titles
        )

    def person(self, words: Words, index: int, hits: Sequence[PlaceHit], strict: bool) -> Name | None:
        """Read a person's name that begins at a word: capital words, or in small letters a surname and what follows."""
        if index >= len(words.words):
            return None
        first = words.words[index]
        if not first.raw.isalpha() or (first.fold in _NOT_NAMES and first.fold not in self._surnames):
            return None
        capital = words.cased and first.capital
        if words.cased and not capital:
            return None
        if not words.cased and first.fold not in self._surnames:
            return None
        end = index + 1
        while end < len(words.words) and end - index < LONGEST and self._goes_on(words, end, capital, hits):
            end += 1
        span = words.words[index:end]
        if any(hit.start <= span[0].start < hit.end and (hit.kind or hit.start < span[0].start) for hit in hits):
            return None
        if not words.cased and strict and not self._is_believed(words, index, span):
            return None
        if len(span) >= 2 and strict and not self._is_surname(words, span[0]) and not _is_caps(span):
            return None
        if len(span) == 1 and span[0].fold in ("ma", "so", "dt") and strict:
            return None
        if len(span) == 1 and ((span[0].fold in _NOT_NAMES and not words.accented) or len(span[0].fold) < 2):
            return None
        if span[0].fold == "ma" and len(span) > 1 and span[1].fold in ("khach", "kh", "hang", "so"):
            return None
        if len(span) > 1 and (span[0].fold in _LABELS or (span[0].raw.isupper() and not span[1].raw.isupper())):
            return None
        if span[0].key in _HAMLETS and words.accented:
            return None
        if len(span) == 2 and any(hit.start == span[0].start and hit.end == span[1].end for hit in hits):
            return None
        if len(span) == 4 and {span[0].start, span[2].start} <= {hit.start for hit in hits if hit.role == "place"}:
            return None  # «Con Minh Na Ri»: two places
        return Name(span[0].start, span[-1].end, words.text[span[0].start : span[-1].end], False, 0.8, "")

    def _is_believed(self, words: Words, index: int, span: Sequence[Word]) -> bool:
        """In small letters throughout, a name needs a middle word such as «văn», or a marked surname and three words."""
        if index + 2 < len(words.words) and words.words[index + 1].fold in _MIDDLE:
            return True
        return words.accented and self._is_surname(words, span[0]) and 3 <= len(span) <= 4

    def _goes_on(self, words: Words, index: int, capital: bool, hits: Sequence[PlaceHit]) -> bool:
        word = words.words[index]
        gap = words.between(index - 1)
        if gap.strip(" ") or not word.raw.isalpha():
            return False
        if any(hit.start == word.start and (hit.kind or hit.role == "office") for hit in hits):
            return False
        if capital:
            if word.key in _SMALL_MIDDLE and index + 1 < len(words.words):  # «Lý thị Mai»
                following = words.words[index + 1]
                return following.capital and following.raw.isalpha() and not words.between(index).strip(" ")
            return word.capital and not (
                word.raw.isupper() and len(word.raw) > 1 and not words.words[index - 1].raw.isupper()
            )
        return not stops(words, word) and len(word.fold) <= 7


def given_name(words: Words, index: int) -> Name | None:
    """In small letters, the one word between a title and a place or comma: «anh tuấn ở …»."""
    if index >= len(words.words) or not words.words[index].raw.isalpha() or stops(words, words.words[index]):
        return None
    word, gap = words.words[index], words.between(index)
    following = words.words[index + 1].fold if index + 1 < len(words.words) else ""
    if gap.strip()[:1] in (",", "(") or following in ("o", "tai"):
        return Name(word.start, word.end, word.raw, False, 0.0, "")
    return None


def stops(words: Words, word: Word) -> bool:
    """Say whether a word in small letters ends a name."""
    return word.key in _STOP_KEYS if words.accented else word.fold in _STOP_FOLDS


def _is_caps(span: Sequence[Word]) -> bool:
    """Three capital words may be a name without a known surname; words in capitals throughout are a shout."""
    return len(span) >= 3 and all(word.capital for word in span) and not all(word.raw.isupper() for word in span)
