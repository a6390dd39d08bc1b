"""Faults of a template's tags, each with the table cell or paragraph where it stands.

Every tag is looked at by itself, so that all faults are told at once, in the words of somebody who edits in Word.
"""

import difflib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes

from daemon.documents.engine import Engine, engine
from daemon.documents.fault import Fault
from daemon.documents.package import Package
from daemon.documents.places import Spot, spots

_TAG = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#(.*?)#\}", re.DOTALL)
_OPEN = re.compile(r"\{\{|\{%|\{#")
_CLOSE = re.compile(r"\}\}|%\}|#\}")
_LEVEL = re.compile(r"^(p|tr|tc|r)\s")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASH = re.compile("[\u2010-\u2015\u2212]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_LOOP = dict.fromkeys(("index", "index0", "revindex", "revindex0", "first", "last", "length", "depth"), "")
_LEVELS = {"p": "đoạn", "tr": "hàng của bảng", "tc": "ô của bảng", "r": "cụm chữ", "": "đoạn"}
_END = {"endif": "if", "endfor": "for"}
_MIDDLE = {"elif": ("if",), "else": ("if", "for")}
_PLAIN = ("vm", "hm")


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """An ``if`` or ``for`` that waits for its end."""

    word: str
    level: str
    spot: Spot
    names: Mapping[str, Any]


@dataclass(slots=True)
class _Reader:
    """Goes through the tags of one part and collects faults. ``shape`` None means any name may be used."""

    file: str
    shape: Mapping[str, Any] | None
    environment: Engine
    faults: list[Fault] = field(default_factory=list)
    opened: list[_Opened] = field(default_factory=list)

    def fault(self, spot: Spot, found: str, wanted: str) -> None:
        self.faults.append(Fault(self.file, spot.place, found, wanted))

    def read(self, spot: Spot) -> None:
        """Look at every tag of a paragraph."""
        self._braces(spot)
        for match in _TAG.finditer(spot.text):
            whole = match[0]
            if match[3] is not None:
                continue
            self._characters(spot, whole)
            inner = _repaired(match[1] if match[1] is not None else match[2])
            level = _LEVEL.match(inner)
            if level:
                inner = inner[level.end() :]
                self._alone(spot, whole, level[1])
            if match[1] is not None:
                self._expression(spot, whole, inner)
            else:
                self._statement(spot, whole, inner.strip(), level[1] if level else "")

    def end(self) -> None:
        """Tell what was opened and never closed."""
        for left in self.opened:
            self.fault(left.spot, f"{{% {left.word} %}} không được đóng", f"thêm {{% end{left.word} %}}")
        self.opened.clear()

    def _braces(self, spot: Spot) -> None:
        rest = _TAG.sub(" ", spot.text)
        for pattern, name in ((_OPEN, "mở mà không đóng"), (_CLOSE, "đóng mà không mở")):
            for match in pattern.finditer(rest):
                near = rest[max(0, match.start() - 15) : match.end() + 25].strip()
                self.fault(
                    spot, f"thẻ {name}: “{near}”", "một thẻ trọn vẹn trong cùng một đoạn, ví dụ {{ customer.name }}"
                )

    def _characters(self, spot: Spot, whole: str) -> None:
        """Tell of characters that look right and are not; the tag is then read as it was meant."""
        bare = _LITERAL.sub("", whole.translate(_QUOTES))
        if _HIDDEN.search(bare):
            self.fault(spot, f"ký tự ẩn trong thẻ “{_HIDDEN.sub('', whole)}”", "xóa thẻ và gõ lại bằng tay")
        elif _DASH.search(bare):
            self.fault(spot, f"dấu gạch dài trong thẻ “{whole}”", "dấu gạch ngắn (-), hoặc bỏ hẳn")
        elif unicodedata.normalize("NFC", bare) != bare:
            self.fault(spot, f"chữ có dấu tổ hợp trong thẻ “{whole}”", "gõ lại thẻ bằng bộ gõ Unicode dựng sẵn")

    def _alone(self, spot: Spot, whole: str, level: str) -> None:
        """A tag of a paragraph or row takes the whole paragraph or row away: nothing else may stand there."""
        text = spot.text
        if level in ("tr", "tc"):
            holder = spot.row if level == "tr" else spot.cell
            if holder is None:
                self.fault(spot, f"{whole} đứng ngoài bảng", "đặt thẻ này trong một bảng")
                return
            text = "".join(node.text or "" for node in holder.iter() if node.tag.endswith("}t"))
        if level != "r" and text.replace(whole, "", 1).strip():
            kind = _LEVELS[level]
            self.fault(
                spot,
                f"{whole} đứng chung với nội dung khác: “{text.strip()[:60]}”",
                f"đặt thẻ này trên một {kind} riêng",
            )

    def _expression(self, spot: Spot, whole: str, inner: str) -> None:
        tree = self._parsed(spot, whole, "{{ " + inner + " }}")
        if tree is not None:
            self._names(spot, tree, printed=True)

    def _statement(self, spot: Spot, whole: str, inner: str, level: str) -> None:
        word, _, rest = inner.partition(" ")
        if word in _END or word in _MIDDLE:
            self._closing(spot, whole, word, level, rest)
        elif word in ("if", "for"):
            tree = self._parsed(spot, whole, f"{{% {inner} %}}{{% end{word} %}}")
            names = {} if tree is None else self._opening(spot, tree, word)
            self.opened.append(_Opened(word, level, spot, names))
        elif word in ("cellbg", "colspan"):
            self._expression(spot, whole, rest)
        elif word not in _PLAIN:
            self.fault(spot, f"lệnh không được dùng: {whole}", "if, elif, else, endif, for, endfor")

    def _closing(self, spot: Spot, whole: str, word: str, level: str, rest: str) -> None:
        wanted = (_END[word],) if word in _END else _MIDDLE[word]
        if not self.opened or self.opened[-1].word not in wanted:
            self.fault(spot, f"{whole} không có {{% {wanted[0]} %}} trước nó", "mở và đóng theo cặp")
            return
        begin = self.opened[-1]
        if begin.level != level or _container(begin.spot, level) is not _container(spot, level):
            self.fault(
                spot,
                f"{whole} không cùng chỗ với {{% {begin.word} %}} mở ở {begin.spot.place}",
                f"mở và đóng trong cùng một {'bảng' if level in ('tr', 'tc') else 'ô hoặc cùng thân văn bản' if level == 'p' else 'đoạn'}",
            )
        if word in _END:
            self.opened.pop()
        elif word == "elif":
            tree = self._parsed(spot, whole, f"{{% if {rest} %}}{{% endif %}}")
            if tree is not None:
                self._names(spot, tree)

    def _opening(self, spot: Spot, tree: nodes.Template, word: str) -> Mapping[str, Any]:
        if word == "if":
            self._names(spot, tree)
            return {}
        loop = next(tree.find_all(nodes.For))
        self._names(spot, loop.iter)
        shape = self._shape(loop.iter)
        if isinstance(shape, str):
            self.fault(spot, f"“{_said(loop.iter)}” là một giá trị, không phải danh sách", "một danh sách sau for … in")
        element = shape[0] if isinstance(shape, list | tuple) and shape else None
        return {name.name: element for name in loop.find_all(nodes.Name) if name.ctx == "store"} | {"loop": _LOOP}

    def _parsed(self, spot: Spot, whole: str, source: str) -> nodes.Template | None:
        try:
            tree = self.environment.parse(source)
            self.environment.compile(source)
        except TemplateError as error:
            self.fault(
                spot,
                f"thẻ viết sai: {whole} ({error.message})",
                "ví dụ {{ customer.name }} hoặc {% if customer.phone %}",
            )
            return None
        return tree

    def _names(self, spot: Spot, tree: nodes.Node, *, printed: bool = False) -> None:
        if self.shape is None:
            return
        for chain in _chains(tree):
            shape = self._shape(chain)
            if shape is _UNKNOWN:
                said = _said(chain)
                self.fault(spot, f"tên không có: {said}", self._nearest(said))
        for out in tree.find_all(nodes.Output) if printed else ():
            for chain in out.nodes:
                shape = self._shape(chain) if isinstance(chain, nodes.Name | nodes.Getattr) else None
                if isinstance(shape, Mapping | list | tuple) and shape is not _UNKNOWN:
                    self.fault(spot, f"“{_said(chain)}” là một nhóm, không in ra được", "một giá trị trong nhóm đó")

    def _shape(self, node: nodes.Node) -> Any:
        """Return the shape a chain of names stands for: a text, mapping or list; None where anything may be."""
        if isinstance(node, nodes.Name):
            return self._root(node.name)
        if isinstance(node, nodes.Getattr):
            above = self._shape(node.node)
            return _child(above, node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            above = self._shape(node.node)
            if isinstance(node.arg.value, int) and isinstance(above, list | tuple):
                return above[0] if above else None
            return _child(above, str(node.arg.value))
        return None

    def _root(self, name: str) -> Any:
        for begin in reversed(self.opened):
            if name in begin.names:
                return begin.names[name]
        return None if self.shape is None else self.shape.get(name, _UNKNOWN)

    def _nearest(self, said: str) -> str:
        every = [
            *_paths(self.shape or {}, ""),
            *(name for begin in self.opened for name in begin.names if name != "loop"),
        ]
        near = difflib.get_close_matches(said, every, n=1, cutoff=0.6)
        return near[0] if near else "một tên trong docs/mau-van-ban.md"


def _repaired(inner: str) -> str:
    plain = _DASH.sub("-", _HIDDEN.sub("", unicodedata.normalize("NFC", inner.translate(_QUOTES))))
    return plain.removeprefix("-").removesuffix("-")


_UNKNOWN: dict[str, Any] = {}


def _child(above: Any, name: str) -> Any:
    if above is None or above is _UNKNOWN:
        return None  # what stands above was told already, or may be anything
    return above.get(name, _UNKNOWN) if isinstance(above, Mapping) else _UNKNOWN


def _chains(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the names of an expression with what is asked of them, the longest chain of each only."""
    every = [tree, *tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name))]
    inner = {id(node.node) for node in every if isinstance(node, nodes.Getattr | nodes.Getitem)}
    for node in every:
        if not isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Name):
            continue
        if id(node) not in inner and not (isinstance(node, nodes.Name) and node.ctx == "store"):
            yield node


def _said(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_said(node.node)}[{node.arg.value}]"
    return "…"


def _paths(shape: Any, before: str) -> Iterator[str]:
    if isinstance(shape, Mapping):
        for name, child in shape.items():
            yield f"{before}{name}"
            yield from _paths(child, f"{before}{name}.")


def _container(spot: Spot, level: str) -> Any:
    """Return what an opening and closing tag of a level must share."""
    if level == "p":
        return spot.paragraph.getparent()
    if level == "tr":
        return spot.row.getparent() if spot.row is not None else None
    if level == "tc":
        return spot.row
    return spot.paragraph


def tag_faults(file: str, package: Package, shape: Mapping[str, Any] | None) -> list[Fault]:
    """Return all faults of a template's tags. ``shape`` is the tree of offered names, or values; None skips names."""
    found: list[Fault] = []
    reader: _Reader | None = None
    part = ""
    for spot in spots(package):
        if reader is None or spot.part != part:
            found += _ended(reader)
            reader, part = _Reader(file, shape, engine()), spot.part
        reader.read(spot)
    found += _ended(reader)
    return found or _whole(file, package)


def _ended(reader: _Reader | None) -> list[Fault]:
    if reader is None:
        return []
    reader.end()
    return reader.faults


def _whole(file: str, package: Package) -> list[Fault]:
    """Prepare and compile the parts as rendering would: what slips through the single looks is told without a place."""
    tpl = DocxTemplate(io.BytesIO(package.write({})))
    tpl.render_init()
    sources = [tpl.get_xml()]
    for uri in (tpl.HEADER_URI, tpl.FOOTER_URI):
        sources += [tpl.get_part_xml(part) for _, part in tpl.get_headers_footers(uri)]
    return [Fault(file, "cả văn bản", message, "thẻ trọn vẹn") for message in _messages(tpl, sources)]


def _messages(tpl: DocxTemplate, sources: Iterable[str]) -> Iterator[str]:
    environment = engine()
    for source in sources:
        try:
            environment.from_string(tpl.patch_xml(source))
        except TemplateError as error:
            yield f"không đọc được: {error.message}"
