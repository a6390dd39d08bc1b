"""Names of organisations in a text: UBND, companies, schools, cooperatives, and how far such a name goes.

Their first words are configuration. Which of the names is the customer's is decided in ``names``.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from daemon.desk.rules import NameRules
from daemon.desk.text import fold, fold_aligned
from daemon.reading.people import Name, stops
from daemon.reading.places import PlaceHit
from daemon.reading.tokens import Word, Words, key, word_set

_CLOSED = re.compile(r"[\n.;:!?]")
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
    "cha me phu huynh sinh khuyen cao tuoi luat su chu thap nhan dao nghiep vu giao duc thuong xuyen huong nghiep day nghe ke hoach hoa gia dinh van hoa thong tin the thao truyen thanh giong cay trong vat nuoi thu y bao tro xa hoi phuc hoi chuc nang sat hach lai xe chat luong cong nghe khoa luong thuc giet mo gia suc bep an cong tac "
    "dich vu san xuat co khi du lich sinh thai det may vien thong nong lam khoang san dau tu phat trien van tai pho thong trung hoc co so dan toc"
)
_AND = key("và")
_SHORT_HEADS = frozenset({"htx", "ubnd", "hdnd", "bql", "bch", "dntn", "spa", "cty", "bv"})
_PLACE_LINKS = word_set("xa phuong thon huyen thi tran tinh to thanh pho dan")
_TAILS = frozenset({"tuynel", "gia", "thcs"})


class Organisations:
    """Reads names of organisations by the first words of the configuration."""

    def __init__(self, rules: NameRules) -> None:
        heads = {tuple(fold(head).split()): tuple(key(word) for word in head.split()) for head in rules.organisations}
        self._heads: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
        for head, keys in sorted(heads.items(), key=lambda head: -len(head[0])):
            self._heads[head[0]].append((head, keys))

    def head_at(self, words: Words, index: int) -> tuple[str, ...]:
        """Return the first words of an organisation that begin at a word, empty if there are none."""
        if index >= len(words.words):
            return ()
        for head, keys in self._heads.get(words.words[index].fold, ()):
            span = words.words[index : index + len(head)]
            if tuple(word.fold for word in span) != head:
                continue
            if words.accented and tuple(word.key for word in span) != keys:
                continue
            if not words.accented and len(head) == 1 and (len(head[0]) <= 4 and head[0] not in _SHORT_HEADS):
                continue
            return head
        return ()

    def find(self, words: Words, hits: Sequence[PlaceHit]) -> list[Name]:
        """Return the names of organisations in a text, in its order."""
        found = []
        index = 0
        while index < len(words.words):
            name = self.at(words, index, hits, 0.9) if words.words[index].fold in self._heads else None
            if name is not None:
                found.append(name)
                index = words.at(name.end)
            else:
                index += 1
        return found

    def at(self, words: Words, index: int, hits: Sequence[PlaceHit], sure: float) -> Name | None:
        """Return the name of an organisation that begins at a word; ``sure`` is how sure the best of such is."""
        head = self.head_at(words, index)
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
            sure -= 0.2 if len(head) > 1 or head[0] in _SHORT_HEADS else 0.35
        end = self._end(words, index, len(head), hits)
        if end - index < len(head) + 1 and len(head) < 2:
            return None
        text = words.text[first.start : words.words[end - 1].end]
        if (
            re.search(
                r"\b(?:dien luc|dieu do|giao dich khach hang|cham soc khach hang|doi quan ly dien|tram bien ap|tram bien the|tram dien|tram ha the)\b",
                fold(text),
            )
            or fold(text) in _POWER
        ):
            return None
        if end - index <= len(head):
            sure -= 0.4
        elif words.cased and not any(w.capital or w.raw.isdigit() for w in words.words[index + len(head) : end]):
            sure -= 0.2
        sure -= 0.0 if words.cased else 0.12
        beginning = re.search(
            r"(?:^|[.\n:;),]\s*|\b(?:toi la|chung toi la|ben em la|ben toi la|la|thay mat|dai dien)\s)$", before
        )
        return Name(first.start, words.words[end - 1].end, text, True, sure if beginning else sure - 0.12, "tổ chức")

    def _end(self, words: Words, index: int, length: int, hits: Sequence[PlaceHit]) -> int:
        """An organisation's name goes on over capital words, numbers and its small linking words."""
        end = index + length
        while end < len(words.words) and end - index < 14:
            word, gap = words.words[end], words.between(end - 1)
            if _CLOSED.search(gap) or gap.strip(" -–&"):
                break
            place = next((hit for hit in hits if hit.start == word.start and hit.kind), None)
            if place is not None and gap.strip(" "):
                break
            if place is not None:
                return words.at(place.end - 1) + 1
            if words.cased and (
                word.capital or _is_number(word) or self._is_link(words, word) or self._links(words, end)
            ):
                end += 1
                continue
            if not words.cased and not stops(words, word) and end - index < length + 5:
                end += 1
                continue
            break
        return end if self._closes(words, index + length, end) else _without_tail(words, index + length, end)

    def _closes(self, words: Words, start: int, end: int) -> bool:
        """Small words may end a name where a line, a bracket or a dash ends it: «Trung tâm Văn hóa thể thao -»."""
        gap = words.between(end - 1)
        if not words.cased or not any(word.capital for word in words.words[start:end]):
            return False
        return ("\n" in gap or gap.strip(" ")[:1] in ("-", "–", "(")) and words.words[end - 1].fold in _LINKS

    def _is_link(self, words: Words, word: Word) -> bool:
        if word.key == _AND and words.at(word.end) < len(words.words):  # «văn hóa và truyền thông»
            following = words.words[words.at(word.end)]
            return following.fold in _LINKS and not stops(words, following)
        return word.fold in _LINKS and (word.fold in _PLACE_LINKS or not stops(words, word))

    def _links(self, words: Words, index: int) -> bool:
        """A small word goes on the name if a capital word follows soon: «chè Bằng Phúc», «gạch Tuynel»."""
        ahead = words.words[index : index + 4]
        if not ahead[0].raw.isalpha():
            return False
        if stops(words, words.words[index]) and words.words[index].fold not in _PLACE_LINKS:
            return False
        for step, word in enumerate(ahead[1:], start=1):
            if words.between(index + step - 1).strip(" ") or (stops(words, word) and word.fold not in _PLACE_LINKS):
                return False
            if word.capital:
                return True
        return False


def _without_tail(words: Words, start: int, end: int) -> int:
    """Take off the small words behind the last capital word or number of a name."""
    while end > start and words.cased:
        last = words.words[end - 1]
        tail = last.fold in _TAILS and (last.fold != "gia" or words.words[end - 2].fold == "quoc")
        if last.capital or last.raw.isdigit() or tail:
            break
        end -= 1
    return end


def _is_number(word: Word) -> bool:
    return word.raw.isdigit() and len(word.raw) <= 3


def _before_text(words: Words, index: int) -> str:
    start = words.words[index].start
    return fold_aligned(words.text[max(0, start - 30) : start])
