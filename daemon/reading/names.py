"""The customer's name in a text: a person or an organisation, copied as written.

Looks at what people say of themselves (``tôi là …``), what an agent notes (``chị … ở …``), fields of forms, words beside
the phone number, and the signature. Surnames, titles and first words of organisations are configuration.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from daemon.desk.rules import NameRules
from daemon.desk.text import fold, fold_aligned
from daemon.reading.places import PlaceHit
from daemon.reading.tokens import Word, Words, key, word_set

_LONGEST = 6
_SELF = re.compile(
    r"(?:^|[\s,.(;:\-–!])(?:(?:toi|em|minh|chau|con|anh|chi|ten toi|ten em|ten minh|toi ten|em ten|minh ten|chau ten|ten|toi la|em la|ho ten)\s)"
    r"(?:la|ten la|ten|:)\s*:?\s*"
)
_PLAIN = re.compile(r"(?:^|[\s,.(;:\-–!])(?:toi|em|minh|chau|con|ten|chung toi)\s")
_FIELD = re.compile(
    r"(?:^|\n|[;|,.]\s)[ \t\-*+•]*(?:ho va ten|ho ten|ten khach hang|ten kh|khach hang|nguoi gui|nguoi yeu cau|nguoi bao|nguoi lien he|chu ho|ten chu ho|ten|"
    r"nguoi lam don|nguoi de nghi|nguoi viet|nguoi viet don|kh|ten toi la|toi ten la|toi la|don vi|ten don vi|nguoi phan anh|nguoi kien nghi|hoten|ho ten nguoi gui)\s?(?:\([^)\n]{0,20}\))?\s?:[ \t]*"
)
_NOT_NAMES = word_set(
    "kinh gui cam on cong hoa doc lap hanh phuc dien luc cong ty phong ban giam doc tran trong so ngay thang nam dia chi noi dung ma don vi viet nam hom nay sang chieu toi trua mai "
    "xin chao chi anh dear nguoi lam don vui long tu do mong nho neu do vi khi tai khu nha xa thon"
)
_CLOSED = re.compile(r"[\n.;:!?]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, where it stands, whether it is an organisation's, how sure, and why."""

    start: int
    end: int
    text: str
    organisation: bool
    confidence: float
    reason: str


class NameFinder:
    """Finds names by the rules of the configuration."""

    def __init__(self, rules: NameRules) -> None:
        self._surnames = frozenset(fold(name) for name in rules.surnames)
        self._surname_keys = frozenset(key(name) for name in rules.surnames)
        titles = [title.split() for title in rules.titles]
        self._titles = sorted((tuple(fold(word) for word in title) for title in titles), key=len, reverse=True)
        self._title_keys = frozenset(tuple(key(word) for word in title) for title in titles)
        heads = {tuple(fold(head).split()): tuple(key(word) for word in head.split()) for head in rules.organisations}
        self._heads = sorted(heads.items(), key=lambda head: -len(head[0]))
        self._ends = tuple(fold(end) for end in rules.ends)

    def find(
        self, words: Words, hits: Sequence[PlaceHit], beside: Iterable[tuple[int, int]], note: bool
    ) -> tuple[Name, ...]:
        """Return the names that may be the customer's, the surest first; ``note`` says that an agent wrote the text."""
        folded = fold_aligned(words.text)
        found = [
            *self._said(words, folded, hits),
            *self._organisations(words, hits),
            *self._titled(words, hits, note),
            *self._signed(words, hits),
            *self._beside(words, hits, beside),
        ]
        return tuple(sorted(self._represented(words, found), key=lambda name: (-name.confidence, name.start)))

    def _represented(self, words: Words, found: list[Name]) -> list[Name]:
        """Who signs for an organisation that asks is not the customer; who says «tôi là …» is."""
        if not any(name.organisation and name.confidence >= 0.75 for name in found):
            return found
        return [replace(name, confidence=name.confidence - 0.25) if name.reason == "chữ ký" else name for name in found]

    def _said(self, words: Words, folded: str, hits: Sequence[PlaceHit]) -> list[Name]:
        found = []
        for pattern, sure, why in (
            (_FIELD, 0.96, "ô họ tên"),
            (_SELF, 0.95, "tự giới thiệu"),
            (_PLAIN, 0.9, "tự xưng tên"),
        ):
            for match in pattern.finditer(folded):
                index = words.at(match.end())
                if index >= len(words.words) or words.words[index].start - match.end() > 3:
                    continue
                head = self._head_at(words, index)
                if head and (name := self._organisation_at(words, index, hits, 0.93)):
                    found.append(name)
                    continue
                name = self._person(words, index, hits, strict=pattern is _PLAIN)
                if name is not None and (pattern is not _PLAIN or len(name.text.split()) >= 2):
                    good = sure if len(name.text.split()) >= 2 else sure - 0.15
                    found.append(Name(name.start, name.end, name.text, False, good, why))
        return found

    def _titled(self, words: Words, hits: Sequence[PlaceHit], note: bool) -> list[Name]:
        found = []
        for index in range(len(words.words)):
            for title in self._titles:
                span = words.words[index : index + len(title)]
                if tuple(word.fold for word in span) != title or any(
                    h.start < span[-1].end and span[0].start < h.end for h in hits
                ):
                    continue
                name = self._person(words, index + len(title), hits, strict=True)
                if name is None and note and not words.cased:
                    name = _given_name(words, index + len(title))
                if name is not None and not _touches(words, index + len(title)):
                    sure = 0.9 if note else 0.74
                    sure -= 0.12 if len(name.text.split()) == 1 else 0.0
                    sure -= 0.25 if self._is_ours(words, index) else 0.0
                    found.append(
                        Name(name.start, name.end, name.text, False, sure - 0.0001 * index, "xưng hô trước tên")
                    )
                break
        return found

    def _is_title(self, words: Words, index: int, title: tuple[str, ...]) -> bool:
        span = words.words[index : index + len(title)]
        if tuple(word.fold for word in span) != title:
            return False
        if words.accented:
            return tuple(word.key for word in span) in self._title_keys
        following = words.words[index + len(title)] if index + len(title) < len(words.words) else None
        middle = following is not None and following.fold in _MIDDLE
        return not (span[0].fold in self._surnames and middle and span[0].capital)

    def _is_surname(self, words: Words, word: Word) -> bool:
        return word.key in self._surname_keys if words.accented and not word.plain else word.fold in self._surnames

    def _is_ours(self, words: Words, index: int) -> bool:
        before = " ".join(word.fold for word in words.words[max(0, index - 4) : index])
        return (
            re.search(r"\b(tho|nhan vien|kinh gui|gui|can bo dien luc|cam on|khen|gap|lien he)\b", before) is not None
        )

    def _signed(self, words: Words, hits: Sequence[PlaceHit]) -> list[Name]:
        """A name alone on one of the last lines, or behind a closing formula, is the signature."""
        found = []
        lines = [line for line in re.finditer(r"[^\n]+", words.text) if line.group().strip()]
        for back, line in enumerate(reversed(lines[-6:])):
            index = words.at(line.start())
            while index < len(words.words) and words.words[index].end <= line.end():
                tail = words.words[index]
                opens = index == words.at(line.start()) or self._closes(words, index, line.start())
                name = self._whole(words, index, line.end(), hits) if opens and len(lines) > 1 else None
                if name is not None:
                    found.append(Name(name.start, name.end, name.text, False, 0.9 - 0.02 * back, "chữ ký"))
                    break
                if tail.start > line.start() + 200:
                    break
                index += 1
        return found

    def _closes(self, words: Words, index: int, start: int) -> bool:
        before = fold(words.text[start : words.words[index].start]).strip(" .,:;-–!()")
        return any(before.endswith(end) for end in self._ends)

    def _whole(self, words: Words, index: int, end: int, hits: Sequence[PlaceHit]) -> Name | None:
        """A person's name that fills its line up to a phone number, a code or the end."""
        title = next((title for title in self._titles if self._is_title(words, index, title)), ())
        name = self._person(words, index + len(title), hits, strict=True)
        if name is None or len(name.text.split()) < 2:
            return None
        rest = words.text[name.end : end].strip(" .,:;-–()")
        if rest and not re.match(r"[\d+(]|(?:sdt|đt|dt|số|so|điện|dien|ma|mã|PA|tel|email|,)", rest, re.IGNORECASE):
            return None
        return name

    def _beside(self, words: Words, hits: Sequence[PlaceHit], beside: Iterable[tuple[int, int]]) -> list[Name]:
        """A name right before or behind a phone number or at the very end of a message."""
        found = []
        for position, behind in beside:
            name = self._before(words, position, hits)
            if name is not None:
                found.append(
                    Name(
                        name.start,
                        name.end,
                        name.text,
                        False,
                        0.85 if len(name.text.split()) > 1 else 0.65,
                        "cạnh số điện thoại",
                    )
                )
            after = self._behind(words, behind, hits)
            if after is not None:
                found.append(
                    Name(
                        after.start,
                        after.end,
                        after.text,
                        False,
                        0.78 if len(after.text.split()) > 1 else 0.66,
                        "sau số điện thoại",
                    )
                )
        for start, end in words.sentences:
            index = words.at(start)
            if index < len(words.words) and words.words[index].start < end:
                name = self._sentence(words, index, end, hits)
                if name is not None:
                    found.append(name)
        last = self._before(words, len(words.text), hits)
        if last is not None and len(last.text.split()) >= 2:
            found.append(Name(last.start, last.end, last.text, False, 0.8, "cuối văn bản"))
        return found

    def _sentence(self, words: Words, index: int, end: int, hits: Sequence[PlaceHit]) -> Name | None:
        """A sentence that begins with a full name followed by a comma, a bracket, a dash or a place."""
        title = next((title for title in self._titles if self._is_title(words, index, title)), ())
        name = self._person(words, index + len(title), hits, strict=True)
        if name is None or len(name.text.split()) < 2:
            return None
        rest = words.text[name.end : end]
        if not rest.strip() or re.match(r"\s*[,(\-–]|\s+(?:o|ở|tai|tại|thôn|thon|xã|xa|tổ|to|trú|tru)\b", rest):
            sure = 0.82 if rest.strip() else 0.8
            return Name(name.start, name.end, name.text, False, sure, "tên đứng đầu câu")
        return None

    def _before(self, words: Words, position: int, hits: Sequence[PlaceHit]) -> Name | None:
        last = words.at(position) - 1
        label = {"dt", "sdt", "so", "dien", "thoai", "dien thoai", "so dt", "lien", "he", "lh", "tel", "so may", "may"}
        while last >= 0 and words.words[last].fold in label and words.words[last].end > position - 40:
            last -= 1
        for length in range(min(_LONGEST, last + 1), 0, -1):
            index = last - length + 1
            name = self._person(words, index, hits, strict=True)
            if name is None or name.end != words.words[last].end:
                continue
            if length == 1 and not self._after_title(words, index):
                continue
            return name
        return None

    def _behind(self, words: Words, position: int, hits: Sequence[PlaceHit]) -> Name | None:
        index = words.at(position)
        if index >= len(words.words) or words.words[index].start - position > 6:
            return None
        gap = words.text[position : words.words[index].start]
        name = self._person(words, index, hits, strict=True)
        if name is None or "\n" in gap or not (len(name.text.split()) > 1 or "(" in gap or "-" in gap):
            return None
        return name

    def _after_title(self, words: Words, index: int) -> bool:
        return (
            index > 0
            and self._is_title(words, index - 1, (words.words[index - 1].fold,))
            and (words.words[index - 1].fold,) in self._titles
        )

    def _person(self, words: Words, index: int, hits: Sequence[PlaceHit], strict: bool) -> Name | None:
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
        while end < len(words.words) and end - index < _LONGEST and self._goes_on(words, end, capital, hits):
            end += 1
        span = words.words[index:end]
        if any(hit.start <= span[0].start < hit.end and hit.kind for hit in hits):
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
        if span[0].key in _HAMLETS and words.accented:
            return None
        if len(span) == 2 and any(hit.start == span[0].start and hit.end == span[1].end for hit in hits):
            return None
        if self._head_at(words, index) and span[0].fold not in self._surnames:
            return None
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
            return word.capital and not (
                word.raw.isupper() and len(word.raw) > 1 and not words.words[index - 1].raw.isupper()
            )
        return not _stops(words, word) and len(word.fold) <= 7

    def _head_at(self, words: Words, index: int) -> tuple[str, ...]:
        for head, keys in self._heads:
            span = words.words[index : index + len(head)]
            if tuple(word.fold for word in span) != head:
                continue
            if words.accented and tuple(word.key for word in span) != keys:
                continue
            if not words.accented and len(head) == 1 and (len(head[0]) <= 4 and head[0] not in _SHORT_HEADS):
                continue
            return head
        return ()

    def _organisations(self, words: Words, hits: Sequence[PlaceHit]) -> list[Name]:
        found = []
        index = 0
        while index < len(words.words):
            name = self._organisation_at(words, index, hits, 0.9)
            if name is not None:
                found.append(name)
                index = words.at(name.end)
            else:
                index += 1
        return found

    def _organisation_at(self, words: Words, index: int, hits: Sequence[PlaceHit], sure: float) -> Name | None:
        head = self._head_at(words, index)
        first = words.words[index]
        if not head or any(hit.start <= first.start < hit.end and hit.role != "street" for hit in hits):
            return None
        before = _before_text(words, index)
        if re.search(r"\b(?:duong|pho|ngo|ngach|cau)\s*$", before):
            return None
        if re.search(
            r"\b(?:kinh gui|gui|dien luc|toi|den|toi la|cong ty|cua|tai|gan|cong|o|canh|khu|truoc|doi dien|sau|giam doc|hieu truong|chu tich|chu|goi|nhan vien|quy|cac|cho|ra|quan ly|ten)[\s:,\-]*$",
            before,
        ):
            sure -= (
                0.45 if re.search(r"\b(?:kinh gui|gui|den|toi|quy|cac|cong ty|dien luc)[\s:,\-]*$", before) else 0.22
            )
        if words.cased and not first.capital:
            sure -= 0.2
        end = self._organisation_end(words, index, len(head), hits)
        if end - index < len(head) + 1 and len(head) < 2:
            return None
        text = words.text[first.start : words.words[end - 1].end]
        if (
            re.search(r"\b(?:dien luc|dieu do|giao dich khach hang|cham soc khach hang|doi quan ly dien)\b", fold(text))
            or fold(text) in _POWER
        ):
            return None
        if end - index <= len(head):
            sure -= 0.4
        sure -= 0.0 if words.cased else 0.12
        beginning = re.search(
            r"(?:^|[.\n:;),]\s*|\b(?:toi la|chung toi la|ben em la|ben toi la|la|thay mat|dai dien)\s)$", before
        )
        return Name(first.start, words.words[end - 1].end, text, True, sure if beginning else sure - 0.12, "tổ chức")

    def _organisation_end(self, words: Words, index: int, length: int, hits: Sequence[PlaceHit]) -> int:
        """An organisation's name goes on over capital words, numbers and its small linking words."""
        end = index + length
        while end < len(words.words) and end - index < 14:
            word, gap = words.words[end], words.between(end - 1)
            if _CLOSED.search(gap) or gap.strip(" -–&"):
                break
            place = next((hit for hit in hits if hit.start == word.start and hit.kind), None)
            if place is not None:
                return words.at(place.end - 1) + 1
            if words.cased and (word.capital or _is_number(word) or word.fold in _LINKS or self._links(words, end)):
                end += 1
                continue
            if not words.cased and not _stops(words, word) and end - index < length + 5:
                end += 1
                continue
            break
        while (
            end > index + length
            and not words.words[end - 1].capital
            and not words.words[end - 1].raw.isdigit()
            and words.cased
            and words.words[end - 1].fold not in _TAILS
        ):
            end -= 1
        return end

    def _links(self, words: Words, index: int) -> bool:
        """A small word goes on the name if a capital word follows soon: «chè Bằng Phúc», «gạch Tuynel»."""
        ahead = words.words[index : index + 4]
        if not ahead[0].raw.isalpha():
            return False
        if _stops(words, words.words[index]) and words.words[index].fold not in _LINKS:
            return False
        for step, word in enumerate(ahead[1:], start=1):
            if words.between(index + step - 1).strip(" ") or (_stops(words, word) and word.fold not in _LINKS):
                return False
            if word.capital:
                return True
        return False


def _given_name(words: Words, index: int) -> Name | None:
    """In small letters, the one word between a title and a place or comma: «anh tuấn ở …»."""
    if index >= len(words.words) or not words.words[index].raw.isalpha() or _stops(words, words.words[index]):
        return None
    word, gap = words.words[index], words.between(index)
    following = words.words[index + 1].fold if index + 1 < len(words.words) else ""
    if gap.strip()[:1] in (",", "(") or following in ("o", "tai"):
        return Name(word.start, word.end, word.raw, False, 0.0, "")
    return None


def _stops(words: Words, word: Word) -> bool:
    return word.key in _STOP_KEYS if words.accented else word.fold in _STOP_FOLDS


def _is_number(word: Word) -> bool:
    return word.raw.isdigit() and len(word.raw) <= 3


_POWER = frozenset(
    {
        "cong ty",
        "don vi",
        "phong",
        "trung tam",
        "quy cong ty",
        "doi",
        "tram",
        "tram bien ap",
        "cho",
        "hoi",
        "truong",
        "ho",
        "dai",
    }
)
_LINKS = word_set(
    "nu nong dan cuu chien binh thanh nien tnhh cp co phan mtv mam non tieu hoc thcs thpt ptdt thi tran xa phuong huyen thanh pho tinh thon to dan pho va noi tru ban tru y te kinh doanh che bien nong nghiep lam nghiep xay dung thuong mai "
    "dich vu san xuat co khi du lich sinh thai det may vien thong nong lam khoang san dau tu phat trien van tai pho thong trung hoc co so dan toc"
)
_MIDDLE = word_set(
    "van thi duc huu minh quoc ngoc thanh thu xuan hong kim cong dinh viet trung manh tuan hoang anh thuy tien a doan the sinh tai phuc"
)
_HAMLETS = frozenset(key(word) for word in ("bản", "thôn", "tổ", "xóm", "khu", "phố", "đội", "tiểu", "xã", "phường"))
_SHORT_HEADS = frozenset({"htx", "ubnd", "hdnd", "bql", "bch", "dntn", "spa", "cty", "bv"})
_TAILS = frozenset({"tuynel", "gia", "thcs"})
_LOWER_STOPS = word_set(
    "ở tại xin hỏi đề nghị báo muốn có bị mất điện và là số đt sđt mã kh thôn xã phường bản xóm khu tt tp huyện nhà được thì nhờ yêu cầu kiến nghị phản ánh cần đang đã "
    "không địa gọi email cho tôi em mong trong sẽ nhận kính do vì từ ngày hiện cảm ơn ạ nhé với liên hệ nội dung đâu về cũng gửi này thuộc khiếu nại phàn nàn trình bày làm tổ bức xúc gọi "
    "thắc mắc nói kêu trách phản đối chúng bên mới vẫn chưa rất phải để nên của giải thích dễ gửi"
)
_STOP_KEYS = frozenset(key(word) for word in _LOWER_STOPS)
_STOP_FOLDS = frozenset(fold(word) for word in _LOWER_STOPS) - _MIDDLE


def _before_text(words: Words, index: int) -> str:
    start = words.words[index].start
    return fold_aligned(words.text[max(0, start - 30) : start])


def _is_caps(span: Sequence[Word]) -> bool:
    return len(span) >= 3 and all(word.capital for word in span)


def _touches(words: Words, index: int) -> bool:
    """True if a comma or more stands between a title and what follows."""
    return bool(words.between(index - 1).strip(" "))
