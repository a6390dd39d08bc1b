"""Places in a text and the unit they point to. The places themselves are data (config/places.toml).

Finds a place with or without diacritics, with its kind written out, shortened or left away, and with a slip of the pen
where one name clearly fits best. Whether a place is the customer's address is decided in ``address``.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from daemon.desk.place import Place
from daemon.reading.tokens import Word, Words, bounded, key, split, word_set

COMMUNE = frozenset({"xã", "phường", "thị trấn"})
DISTRICT = frozenset({"huyện", "thành phố", "thị xã"})

_KIND_WORDS: dict[tuple[str, ...], str] = {
    ("thi", "tran"): "thị trấn",
    ("thanh", "pho"): "thành phố",
    ("thi", "xa"): "thị xã",
    ("xa",): "xã",
    ("phuong",): "phường",
    ("huyen",): "huyện",
    ("tinh",): "tỉnh",
    ("tt",): "thị trấn",
    ("tp",): "thành phố",
    ("tx",): "thị xã",
    ("x",): "xã",
    ("p",): "phường",
    ("f",): "phường",
    ("h",): "huyện",
    ("t",): "tỉnh",
}
_KIND_ENDS = frozenset(kind[-1] for kind in _KIND_WORDS)
_STREET = frozenset({"duong", "ngo", "ngach", "pho", "hem", "cau", "doc", "deo"})
_HAMLET = frozenset({"thon", "ban", "xom", "ap", "trai"})
_WHERE = frozenset(
    {"o", "tai", "dan", "khu", "thon", "ban", "to", "xom", "thuoc", "vung", "trung", "tam", "cho", "toan"}
)
_PEOPLE = word_set("ong ba anh chi em co chu bac chau toi la ten thi van minh me bo vo chong thay bs")
_MOST_HITS = 80  # a request names a few places; a list of hundreds is no request
_TYPO_SURE, _TYPO_MARGIN = 87.0, 5.0
_SAME_LINE_GAP = re.compile(r"[\s.,]*\Z")


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """One place named in a text: from ``start`` to ``end`` (its kind included), and the places it may be.

    ``kind`` is the kind as written, None where it was left away. ``role`` is ``place``, ``office`` (a power unit called
    after it), ``street`` or ``hamlet`` (something smaller that has the same name). ``how`` is exact, folded, differs or typo.
    """

    start: int
    end: int
    written: str
    kind: str | None
    places: tuple[Place, ...]
    how: str
    role: str = "place"
    confidence: float = 1.0

    @property
    def level(self) -> str:
        """Say whether it is a commune, a district, a province or something smaller."""
        kinds = {place.kind for place in self.places}
        if kinds & COMMUNE:
            return "commune"
        if kinds & DISTRICT:
            return "district"
        return "province" if "tỉnh" in kinds else "hamlet"

    @property
    def units(self) -> tuple[str | None, ...]:
        """Return the units it may belong to, the likeliest first."""
        return tuple(dict.fromkeys(place.unit for place in self.places))


@dataclass(frozen=True, slots=True)
class UnitGuess:
    """The unit that the places of a text point to, how sure, why, and what to ask a person (Vietnamese)."""

    unit: str | None
    confidence: float
    reasons: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapped:
    """An address with its places spelled as in the gazetteer, the unit, and how sure (0 to 1)."""

    address: str
    unit: str | None
    confidence: float
    hits: tuple[PlaceHit, ...]


class Gazetteer:
    """All places, indexed once; ``find`` and ``snap`` are read-only and bounded by the length of the text."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_words: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        self._keys: dict[str, tuple[str, ...]] = {}
        for place in places:
            words = tuple(word.fold for word in split(place.name).words)
            self._by_words[words].append(place)
            self._keys[place.name] = tuple(word.key for word in split(place.name).words)
        joined = {("".join(words),): found for words, found in self._by_words.items() if len(words) > 1}
        self._joined = {words: found for words, found in joined.items() if words not in self._by_words}
        self._longest = max((len(words) for words in self._by_words), default=0)
        self._firsts = {words[0] for words in self._by_words}
        self._names = {" ".join(words): words for words in self._by_words}

    def find(self, text: str) -> tuple[PlaceHit, ...]:
        """Return the places named in a text, in its order; at most the first and last 20,000 characters are read."""
        return self.find_words(split(bounded(text)))

    def find_words(self, words: Words) -> tuple[PlaceHit, ...]:
        """Return the places named in a text that is split already."""
        hits: list[PlaceHit] = []
        index = 0
        while index < len(words.words) and len(hits) < _MOST_HITS:
            hit, length = self._hit_at(words, index)
            if hit is not None:
                hits.append(hit)
            index += max(1, length)
        return tuple(hits)

    def unit_of(self, hits: Sequence[PlaceHit]) -> UnitGuess:
        """Say which unit the places point to; null where they point to several or to none."""
        return _unit_of(hits)

    def snap(self, address: str) -> Snapped:
        """Return an address with the names of its places corrected, where exactly one name fits."""
        text = bounded(address)
        hits = self.find(text)
        parts, here = [], 0
        for hit in hits:
            names = {place.name for place in hit.places}
            if hit.how in ("typo", "differs", "folded") and len(names) == 1 and hit.role == "place":
                start = text.rfind(hit.written, hit.start, hit.end)
                parts += [text[here:start], names.pop()]
                here = hit.end
        guess = _unit_of(hits)
        return Snapped("".join(parts) + text[here:], guess.unit, guess.confidence, hits)

    def _hit_at(self, words: Words, index: int) -> tuple[PlaceHit | None, int]:
        word = words.words[index]
        if word.fold in self._firsts:
            for length in range(min(self._longest, len(words.words) - index), 0, -1):
                names = tuple(w.fold for w in words.words[index : index + length])
                if names in self._by_words and _together(words, index, length):
                    hit = self._exact(words, index, length, self._by_words[names])
                    if hit is not None:
                        return hit, length
        kind, _ = _kind_before(words, index)
        if kind is None or kind == "tỉnh":
            return None, 1
        if (word.fold,) in self._joined:
            return self._exact(words, index, 1, self._joined[(word.fold,)], "folded"), 1
        return self._typo(words, index, kind)

    def _exact(
        self, words: Words, index: int, length: int, found: list[Place], how: str | None = None
    ) -> PlaceHit | None:
        span = words.words[index : index + length]
        how = how or self._how(span, found)
        rows = [p for p in found if self._keys[p.name] == tuple(w.key for w in span)] or found
        kind, start = _kind_before(words, index)
        rows, sure = _of_kind(rows, kind)
        role = _role(words, index if kind is None else words.at(start), kind)
        bare = kind is None and role == "place"
        if not rows or (
            bare
            and not _may_stand_bare(words, index, length, how, rows)
            and not self._in_row(words, index, length, how)
        ):
            return None
        sure *= {"exact": 1.0, "folded": 0.97, "differs": 0.8}[how]
        if kind is None:
            sure *= 0.9 if words.cased or how == "exact" else 0.75
        first = span[0].start if kind is None else start
        written = words.text[span[0].start : span[-1].end]
        return PlaceHit(first, span[-1].end, written, kind, tuple(rows), how, role, sure)

    def _in_row(self, words: Words, index: int, length: int, how: str) -> bool:
        """Two names of places behind each other, such as «Con Minh Na Ri», hold each other where each is two words."""
        if how == "differs" or length < 2:
            return False
        span = words.words[index : index + length]
        if words.cased and not all(word.capital for word in span):
            return False
        after = tuple(word.fold for word in words.words[index + length : index + length + 2])
        before = tuple(word.fold for word in words.words[max(0, index - 2) : index])
        if len(after) == 2 and self._is_district(after) and _together(words, index, length + 2):
            return True
        own = tuple(word.fold for word in span)
        return before in self._by_words and self._is_district(own) and _together(words, index - 2, length + 2)

    def _is_district(self, names: tuple[str, ...]) -> bool:
        return any(place.kind in DISTRICT for place in self._by_words.get(names, ()))

    def _how(self, span: Sequence[Word], found: list[Place]) -> str:
        keys = tuple(w.key for w in span)
        if any(self._keys[place.name] == keys for place in found):
            return "exact"
        for place in found:
            wanted = self._keys[place.name]
            if len(wanted) == len(keys) and all(w.plain or w.key == k for w, k in zip(span, wanted, strict=True)):
                return "folded"
        return "differs"

    def _typo(self, words: Words, index: int, kind: str) -> tuple[PlaceHit | None, int]:
        _, start = _kind_before(words, index)
        if len(words.text[start : words.words[index].start].strip(" .")) < 2:
            return None, 1
        for length in (2, 3, 1):
            span = words.words[index : index + length]
            if len(span) < length or not _together(words, index, length):
                continue
            rows = self._nearest(" ".join(w.fold for w in span), kind)
            if rows:
                written = words.text[span[0].start : span[-1].end]
                role = _role(words, words.at(start), kind)
                return PlaceHit(start, span[-1].end, written, kind, tuple(rows), "typo", role, 0.7), length
        return None, 1

    def _nearest(self, written: str, kind: str) -> list[Place]:
        if len(written) < 5:
            return []
        best = process.extract(written, self._names.keys(), scorer=fuzz.ratio, limit=4, score_cutoff=75)
        near = [(score, *_of_kind(self._by_words[self._names[name]], kind)) for name, score, _ in best]
        ranked = [(score, rows) for score, rows, sure in near if rows and sure == 1.0]
        if not ranked or ranked[0][0] < _TYPO_SURE:
            return []
        units = {row.unit for row in ranked[0][1]}
        for score, rows in ranked[1:]:
            if {row.unit for row in rows} != units and ranked[0][0] - score < _TYPO_MARGIN:
                return []
        return ranked[0][1]


def _together(words: Words, index: int, length: int) -> bool:
    return all(
        _SAME_LINE_GAP.match(words.between(i)) and "\n" not in words.between(i)
        for i in range(index, index + length - 1)
    )


def _kind_before(words: Words, index: int) -> tuple[str | None, int]:
    """Return the kind written right before a word and where it starts."""
    for length in (2, 1):
        first = index - length
        if first < 0 or words.words[index - 1].fold not in _KIND_ENDS:
            continue
        if any(set(words.between(i)) - set(" .:\t\n") for i in range(first, index)):
            continue
        kind = _KIND_WORDS.get(tuple(w.fold for w in words.words[first:index]))
        if kind is None or (length == 1 and not _is_kind(words, first)):
            continue
        return kind, words.words[first].start
    return None, words.words[index].start if index < len(words.words) else len(words.text)


def _is_kind(words: Words, first: int) -> bool:
    word = words.words[first]
    if len(word.fold) > 1:
        return word.plain or word.key in {key("xã"), key("phường"), key("huyện"), key("tỉnh")}
    return not (first and words.words[first - 1].fold.isdigit() and word.fold == "h")


def _of_kind(rows: list[Place], kind: str | None) -> tuple[list[Place], float]:
    if kind is None:
        provinces = [row for row in rows if row.kind == "tỉnh"]
        return (provinces, 1.0) if provinces else ([row for row in rows if row.unit is not None], 1.0)
    same = [row for row in rows if row.kind == kind]
    if same:
        return same, 1.0
    level = COMMUNE if kind in COMMUNE else DISTRICT if kind in DISTRICT else frozenset()
    near = [row for row in rows if row.kind in level]
    return near, 0.85


def _role(words: Words, first: int, kind: str | None) -> str:
    before = [w.fold for w in words.words[max(0, first - 5) : first]]
    tail = " ".join(before)
    if re.search(r"\b(dien luc|dl|pc)( khu vuc| huyen| tinh| thanh pho| tp)?$", tail):
        return "office"
    if kind is None and before and before[-1] in _STREET and not (before[-1] == "pho" and before[-2:-1] == ["thanh"]):
        return "street"
    if kind is None and before and before[-1] in _HAMLET:
        return "hamlet"
    return "place"


def _may_stand_bare(words: Words, index: int, length: int, how: str, rows: Sequence[Place]) -> bool:
    """A name without its kind counts where it cannot be part of a person's name or an ordinary word."""
    span = words.words[index : index + length]
    before = words.words[index - 1] if index else None
    close = before is not None and not set(words.between(index - 1)) - {" "}
    if how == "differs" or length < 2:
        return False
    if before is not None and close and (before.fold in _PEOPLE and before.fold != "ban"):
        return False
    if words.cased and not all(word.capital for word in span):
        return False
    if close and before is not None and words.cased and before.capital and before.fold not in _BARE_AFTER:
        return False
    after = words.words[index + length] if index + length < len(words.words) else None
    glued = after is not None and not set(words.between(index + length - 1)) - {" "}
    if words.cased and glued and after is not None and after.capital and after.fold not in _BARE_BEFORE:
        return False
    if words.cased and (how == "exact" or (not words.accented and not close and not glued)):
        return True
    if close and before is not None and before.fold in _WHERE:
        return True
    if words.cased and not words.accented and close and before is not None and before.fold in _BARE_AFTER:
        return True
    return not close or any(row.kind in DISTRICT for row in rows)


_BARE_AFTER = word_set(
    "o tai dan khu thon ban to xom truong non hoc so thcs thpt ptdt tieu noi tru tram y te cho tran chi nhanh che gach hop tac "
    "nghiep doan bang lung huyen benh vien va xa phuong thi toan dien"
)
_BARE_BEFORE = word_set(
    "dt sdt so mat bi co cat hom ngay toi sang chieu mong xin de kinh nho dien thoai la toi em ma pa"
)


def _unit_of(hits: Sequence[PlaceHit]) -> UnitGuess:
    communes = [hit for hit in hits if hit.role == "place" and hit.level == "commune"]
    districts = [hit for hit in hits if hit.role == "place" and hit.level == "district"]
    written = [hit for hit in communes if hit.kind is not None]
    hamlets = [hit for hit in hits if hit.role == "hamlet"]
    for group, sure in ((written, 1.0), (communes, 1.0), (districts, 0.95), (hamlets, 0.6)):
        if group:
            return _settle(group, districts, sure)
    offices = [hit for hit in hits if hit.role == "office" and hit.level in ("district", "commune")]
    if offices:
        return _settle(offices, (), 0.65)
    return UnitGuess(None, 0.0)


def _settle(group: Sequence[PlaceHit], districts: Sequence[PlaceHit], sure: float) -> UnitGuess:
    named = {unit for hit in districts for unit in hit.units if unit is not None} | _beside(group)
    chosen: dict[str | None, PlaceHit] = {}
    questions: list[str] = []
    for hit in group:
        units: list[str | None] = [unit for unit in hit.units if unit in named]
        units = units or list(hit.units)
        if len(units) > 1:
            questions.append(
                f"«{hit.written}» thuộc nhiều địa bàn ({', '.join(u or '?' for u in units)}): hỏi đơn vị nào?"
            )
            sure = min(sure, 0.5)
        chosen.setdefault(units[0], hit)
    reasons = tuple(hit.written for hit in group)
    if len(chosen) > 1:
        listed = ", ".join(unit or "ngoài địa bàn" for unit in chosen)
        return UnitGuess(None, 0.5, reasons, (f"Văn bản nhắc tới nhiều địa bàn ({listed}): hỏi đơn vị nào?",))
    unit, hit = next(iter(chosen.items()))
    if unit is None:
        return UnitGuess(None, 0.6, reasons, (f"«{hit.written}» có vẻ ngoài địa bàn: kiểm tra lại địa chỉ.",))
    if named and unit not in named:
        questions.append(f"«{hit.written}» thuộc {unit} nhưng văn bản ghi {', '.join(sorted(named))}: kiểm tra lại.")
        sure = min(sure, 0.5)
    return UnitGuess(unit, sure * hit.confidence, reasons, tuple(questions))


def _beside(group: Sequence[PlaceHit]) -> set[str]:
    """The one unit that a name of two areas without its kind shares with the places beside it ("Phủ Thông, Bạch Thông")."""
    if not any(hit.kind is None and len(hit.units) > 1 for hit in group):
        return set()
    settled = {hit.units[0] for hit in group if len(hit.units) == 1}
    shared = set.intersection(*(set(hit.units) for hit in group))
    return {unit for unit in shared & settled if unit is not None} if len(shared) == 1 else set()


def valid_on(place: Place, day: dt.date) -> bool:
    """Say whether a place's name was official on a day."""
    return (place.valid_from is None or place.valid_from <= day) and (place.valid_to is None or day <= place.valid_to)
