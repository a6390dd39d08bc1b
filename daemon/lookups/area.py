"""The area column of an outage row and a customer's address as communes and hamlets, and whether they meet.

``thôn Nà Lẹng, Bản Chang xã Quân Hà; một phần xã Nguyên Phúc`` is two communes, the first with two hamlets, the second in
part. Words that mark a kind of place are looked for with their diacritics where the text has any, so that *Nà Bản* is a
name and *bản Nà* a hamlet. Nothing is guessed: what cannot be told apart is ``MAYBE``, and a person decides.
"""

import enum
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from daemon.desk.place import Place
from daemon.desk.text import fold, fold_aligned, nfc

_COMMUNE = ("xã", "phường", "thị trấn", "tt")
_DISTRICT = ("huyện", "thành phố", "thị xã", "tp", "tx", "điện lực", "đl")
_PROVINCE = ("tỉnh",)
# These may be split off anywhere; the others are also parts of names and count only at the start of an item.
_HAMLET = ("thôn", "xóm", "tổ dân phố", "tdp", "tiểu khu", "tổ", "tk")
_HAMLET_FIRST = ("khu dân cư", "khu phố", "bản", "khu", "khối", "phố", "đường", "làng", "ấp", "cụm", "ngõ", "số nhà")
_SAME = {
    "to dan pho": "to",
    "tdp": "to",
    "khu pho": "pho",
    "xom": "thon",
    "ban": "thon",
    "lang": "thon",
    "tk": "tieu khu",
}
_DOTTED = {
    "x": "xã",
    "p": "phường",
    "ph": "phường",
    "tt": "thị trấn",
    "tp": "thành phố",
    "tx": "thị xã",
    "h": "huyện",
    "t": "tỉnh",
}

_ABBREVIATION = re.compile(r"\b(x|p|ph|tt|tp|tx|h|t)\.\s*")
_LEAD = re.compile(
    r"(?:(?:khu vuc|toan bo|toan|ca|mot phan|1 phan|phan lon|cac ho|mot so ho|mot so|vai|cac|dia ban|thuoc|tai|gom|bao gom"
    r"|phu tai|khach hang|nhan dan)\s+)+"
)
_PARTIAL = re.compile(r"\b(?:mot phan|1 phan|phan lon|mot so|vai)\b")
_GROUPS = re.compile(r"[;\n]|\.\s+(?=[^\W\d])")
_SEPARATOR = re.compile(r"[,:()+&]|\s(?:và|va)\s|\s[-–]\s")
_RANGE = re.compile(r"\b(\d{1,3})\s*(?:-|–|đến|den)\s*(?:(?:tổ|to|thôn|thon|xóm|xom|khu)\s*)?(\d{1,3})\b")
_Y = re.compile(r"\b([bcdghklmnpqrstvx]{1,2})y\b")
_NUMBERS = re.compile(r"(\d{1,3})-(\d{1,3})")


def plain(text: str) -> str:
    """Return a name folded and in one spelling: Sỹ Bình is Sĩ Bình."""
    return _Y.sub(r"\1i", fold(text))


@dataclass(slots=True)
class Part:
    """One commune of an area (folded), its hamlets as ``kind:name``, whether only part of it; or a whole district.

    ``told`` is False where the name only follows others in a list, without a kind of its own.
    """

    commune: str | None = None
    hamlets: set[str] = field(default_factory=set)
    partial: bool = False
    district: str | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class Area:
    """A text taken apart. ``loose`` are names whose kind is not told; ``words`` the whole text folded, for mentions."""

    parts: tuple[Part, ...]
    loose: frozenset[str]
    words: str

    @property
    def wide(self) -> bool:
        """True where the area is a whole district or nothing that could be read."""
        return not self.parts or any(part.commune is None and part.district for part in self.parts)

    @property
    def communes(self) -> frozenset[str]:
        """The communes named, folded."""
        return frozenset(part.commune for part in self.parts if part.commune)

    @property
    def hamlets(self) -> frozenset[str]:
        """All hamlets named, as ``kind:name``."""
        return frozenset(hamlet for part in self.parts for hamlet in part.hamlets)

    def dump(self) -> str:
        """Return the area as JSON, so that a look-up need not read the text again."""
        parts = [[p.commune, sorted(p.hamlets), p.partial, p.district, p.told] for p in self.parts]
        return json.dumps([parts, sorted(self.loose), self.words], ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "Area":
        """Return an area from what ``dump`` wrote."""
        parts, loose, words = json.loads(text)
        return cls(
            tuple(Part(c, set(h), partial, d, told) for c, h, partial, d, told in parts), frozenset(loose), words
        )


class Meets(enum.IntEnum):
    """How a row meets a place: not at all, a sure hit, another hamlet of the same commune, or it cannot be told."""

    NO = 0
    NEAR = 1
    MAYBE = 2
    YES = 3


class Gazetteer:
    """Which old commune became part of which new one, and which names are also districts."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self.into: dict[str, set[str]] = {}
        self.from_: dict[str, set[str]] = {}
        self.districts: set[str] = set()
        self.communes: set[str] = set()
        for place in places:
            name = plain(place.name)
            if place.kind in ("huyện", "thành phố", "thị xã", "tỉnh"):
                self.districts.add(name)
            elif place.kind in ("xã", "phường", "thị trấn"):
                self.communes.add(name)
            if place.became and name not in self.districts:
                target = _without_kind(plain(place.became))
                self.into.setdefault(name, set()).add(target)
                self.from_.setdefault(target, set()).add(name)

    def wider(self, communes: Iterable[str]) -> frozenset[str]:
        """Return the newer communes that some old ones became part of."""
        return frozenset(target for name in communes for target in self.into.get(name, ()))

    def narrower(self, communes: Iterable[str]) -> frozenset[str]:
        """Return the old communes that some newer ones are made of."""
        return frozenset(source for name in communes for source in self.from_.get(name, ()))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the customer is: communes by any name, the newer and older ones they overlap with, hamlets, district.

    ``shared`` are names of districts: the words ``Bạch Thông`` alone do not speak of the commune of that name.
    """

    communes: frozenset[str]
    hamlets: frozenset[str] = frozenset()
    wider: frozenset[str] = frozenset()
    narrower: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which a row may speak of this place, for the search of candidates."""
        hamlets = (hamlet.partition(":")[2] for hamlet in self.hamlets)
        named = {name for name in hamlets if not name.isdigit()}
        # Of Nguyễn Thị Minh Khai a row may say only Minh Khai.
        short = {" ".join(name.split()[-2:]) for name in self.communes if name.count(" ") > 1}
        return tuple(sorted(self.communes | self.wider | self.narrower | self.districts | named | short))


def spot_of(address: str | None, places: Iterable[str], unit: str | None, gazetteer: Gazetteer) -> Spot:
    """Return where a customer is from the address as written and the communes the reading recognised (folded)."""
    area = read_area(address or "")
    communes = frozenset(map(plain, places)) or area.communes or area.loose & gazetteer.communes
    communes = frozenset(name for name in communes if name not in gazetteer.districts or name in area.communes)
    wider, narrower = gazetteer.wider(communes) - communes, gazetteer.narrower(communes) - communes
    districts = frozenset({plain(unit).removeprefix("tp ")} if unit else ())
    return Spot(communes, area.hamlets, wider, narrower, districts, frozenset(gazetteer.districts) | districts)


def meets(spot: Spot, area: Area) -> Meets:
    """Say how an area meets a customer's place; the surest of its parts counts."""
    best = max((_meets_part(spot, part) for part in area.parts), default=Meets.MAYBE)
    if best is Meets.NO and _mentioned(spot, area):
        return Meets.MAYBE
    return best


def _meets_part(spot: Spot, part: Part) -> Meets:
    if part.commune is None:
        if part.district:
            return Meets.YES if part.district in spot.districts else Meets.NO
        return Meets.MAYBE
    if not part.told and part.commune in spot.shared & (spot.communes | spot.wider):
        return Meets.MAYBE
    if part.commune in spot.communes:
        return _within(spot, part)
    if any(_shortened(part.commune, name) for name in spot.communes):
        return Meets.MAYBE
    if part.commune in spot.wider:
        # The row speaks of the new, larger commune: all of it, or hamlets that must be named to be the customer's.
        return Meets.YES if not (part.hamlets or part.partial) or spot.hamlets & part.hamlets else Meets.MAYBE
    if part.commune in spot.narrower:
        if not spot.hamlets:
            return Meets.YES
        return Meets.YES if spot.hamlets & part.hamlets else Meets.MAYBE
    return Meets.NO


def _shortened(one: str, other: str) -> bool:
    """Say whether one name is the end of the other: Minh Khai for Nguyễn Thị Minh Khai."""
    short, long = sorted((one, other), key=len)
    return " " in short and long.endswith(f" {short}")


def _within(spot: Spot, part: Part) -> Meets:
    if not spot.hamlets:
        return Meets.YES
    if not part.hamlets or spot.hamlets & part.hamlets:
        return Meets.MAYBE if part.partial else Meets.YES
    (kinds, names), (other_kinds, other_names) = _taken_apart(spot.hamlets), _taken_apart(part.hamlets)
    return Meets.NEAR if kinds & other_kinds and not names & other_names else Meets.MAYBE


def _taken_apart(hamlets: Iterable[str]) -> tuple[set[str], set[str]]:
    pairs = [hamlet.split(":", 1) for hamlet in hamlets]
    return {kind for kind, _ in pairs}, {name for _, name in pairs}


def _mentioned(spot: Spot, area: Area) -> bool:
    """Say whether a name of the place stands anywhere in the text: not enough for a yes, too much for a no."""
    if spot.communes & area.loose:
        return True
    return any(f" {name} " in f" {area.words} " for name in (spot.communes | spot.wider) - spot.shared)


def read_area(text: str) -> Area:
    """Return an area or an address taken apart into communes and hamlets."""
    words = " ".join(re.findall(r"\w+", plain(text)))
    lowered = squeeze_lines(text).lower()
    marked = fold(lowered) != lowered.replace("\n", " ")
    lowered = _ABBREVIATION.sub(lambda dotted: _written_out(dotted[1], marked), lowered)
    lowered = _RANGE.sub(r"\1-\2", lowered)
    parts: list[Part] = []
    loose: set[str] = set()
    for text_of_group in _GROUPS.split(lowered):
        group = _Group()
        for separator, item in _separated(text_of_group):
            group.separate(separator)
            partial, named = _without_lead(item)
            for kind, name in _split(named, marked):
                group.add(kind, name, partial)
        parts += group.finish()
        loose |= group.loose
    return Area(tuple(parts), frozenset(loose), words)


def squeeze_lines(text: str) -> str:
    """Return text in NFC with blanks squeezed but its line ends kept."""
    return "\n".join(" ".join(line.split()) for line in nfc(text).splitlines())


def _written_out(short: str, marked: bool) -> str:
    return (_DOTTED[short] if marked else fold(_DOTTED[short])) + " "


class _Group:
    """The items between two semicolons, put together into parts as they come; an item without a kind takes the last one."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.pending: set[str] = set()
        self.loose: set[str] = set()
        self.open: Part | None = None
        self.kind: str | None = None
        self.partial = False
        self.sticky = False

    def separate(self, separator: str) -> None:
        """Note what stands before an item: after a commune, a bracket or colon opens the list of its own hamlets."""
        if separator in ("(", ":"):
            self.open = self.parts[-1] if self.parts and self.parts[-1].commune and not self.pending else None
        elif separator == ")":
            self.open = None

    def add(self, kind: str | None, name: str, partial: bool) -> None:
        """Take one name. In a list without kinds all are of the first one's kind, and in part if that one is."""
        told = kind is not None
        self.sticky = partial = partial or (self.sticky and not told)
        self.kind = kind = kind or self.kind
        if kind == "commune" and name:
            self.parts.append(Part(name, self.pending, partial or self.partial, told=told))
            self.pending, self.partial, self.open = set(), False, None
        elif kind == "district" and name:
            self.parts.append(Part(district=name))
        elif kind is None:
            self.loose.update({name} - {""})
        elif kind not in ("commune", "district", "province"):
            self._add_hamlet(kind, name, partial)
        elif not name:
            self.partial = self.partial or partial

    def _add_hamlet(self, kind: str, name: str, partial: bool) -> None:
        named = {f"{kind}:{each}" for each in _each(name)}
        if self.open:
            self.open.hamlets |= named
            self.open.partial = self.open.partial or partial
        else:
            self.pending |= named
            self.partial = self.partial or partial

    def finish(self) -> list[Part]:
        """Return the parts; a district beside communes or hamlets only says where these are."""
        communes = [part for part in self.parts if part.commune]
        if not self.pending:
            return communes or self.parts
        if communes and not communes[-1].hamlets:
            communes[-1].hamlets, communes[-1].partial = self.pending, self.partial
            return communes
        return [*communes, Part(hamlets=self.pending, partial=self.partial)]


def _separated(text: str) -> Iterable[tuple[str, str]]:
    """Yield (the mark before it, item) for the items of a group; of several marks a bracket or colon counts."""
    before, at = "", 0
    for mark in _SEPARATOR.finditer(text):
        if text[at : mark.start()].strip():
            yield before, text[at : mark.start()].strip()
            before = ""
        before = mark[0].strip() if before not in ("(", ":", ")") else before
        at = mark.end()
    if text[at:].strip():
        yield before, text[at:].strip()


def _without_lead(item: str) -> tuple[bool, str]:
    """Return whether the item speaks of a part only, and the item without *khu vực*, *toàn bộ*, *một phần* before it."""
    folded = fold_aligned(item)
    lead = _LEAD.match(folded)
    if not lead:
        return False, item
    return bool(_PARTIAL.search(lead[0])), item[lead.end() :]


def _split(item: str, marked: bool) -> Iterable[tuple[str | None, str]]:
    """Yield (kind or None, folded name) for the names of one item: ``thôn 2 xã quân hà`` is two."""
    first, anywhere = (_MARKED_FIRST, _MARKED_ANY) if marked else (_PLAIN_FIRST, _PLAIN_ANY)
    found = [match for match in [first.match(item)] if match]
    for match in anywhere.finditer(item, found[0].end() if found else 0):
        # A kind right after a kind is a name: xã Thôn Mòn.
        if not found or item[found[-1].end() : match.start()].strip():
            found.append(match)
    if not found:
        yield None, _name(item)
        return
    if found[0].start():
        yield None, _name(item[: found[0].start()])
    ends = [*(match.start() for match in found[1:]), len(item)]
    for match, end in zip(found, ends, strict=True):
        yield _kind(match[1]), _name(item[match.end() : end])


def _kind(word: str) -> str:
    folded = fold(word)
    return _KINDS.get(folded) or _SAME.get(folded, folded)


def _name(text: str) -> str:
    return " ".join(re.findall(r"[\w/-]+", plain(text))).strip("- ")


def _each(name: str) -> list[str]:
    """Return the hamlets of one name: ``1-5`` are all numbers between, ``09`` is 9, ``bản súng`` is ``súng``."""
    span = _NUMBERS.fullmatch(name)
    if span and 0 < int(span[2]) - int(span[1]) <= 60:
        return [str(number) for number in range(int(span[1]), int(span[2]) + 1)]
    if name.isdigit():
        return [str(int(name))]
    bare = name.removeprefix("ban ").removeprefix("thon ")
    return [bare] if bare else []


def _without_kind(name: str) -> str:
    for kind in ("xa ", "phuong ", "thi tran "):
        name = name.removeprefix(kind)
    return name


def _pattern(words: Iterable[str], marked: bool) -> str:
    chosen = sorted({word if marked else fold(word) for word in words}, key=len, reverse=True)
    return rf"(?<!\w)({'|'.join(chosen)})(?=[\s\d]|$)\s*"


_KINDS = {
    fold(word): kind
    for kind, words in (("commune", _COMMUNE), ("district", _DISTRICT), ("province", _PROVINCE))
    for word in words
}
_ANY = (*_COMMUNE, *_DISTRICT, *_PROVINCE, *_HAMLET)
_FIRST = (*_ANY, *_HAMLET_FIRST)
_MARKED_ANY, _PLAIN_ANY = re.compile(_pattern(_ANY, True)), re.compile(_pattern(_ANY, False))
_MARKED_FIRST, _PLAIN_FIRST = re.compile(_pattern(_FIRST, True)), re.compile(_pattern(_FIRST, False))
