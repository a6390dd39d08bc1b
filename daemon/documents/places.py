"""The paragraphs of a document with the names of their places, as a person would look for them in Word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from daemon.documents.package import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PART = re.compile(r"^word/(document|header|footer|footnotes|endnotes)(\d*)\.xml$")
_PART_NAMES = {
    "document": "thân văn bản",
    "header": "đầu trang",
    "footer": "chân trang",
    "footnotes": "chú thích",
    "endnotes": "chú thích cuối",
}
_MARKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A paragraph: its element, its text, its place in words, and the cell and row it stands in, if any."""

    paragraph: Any
    text: str
    place: str
    part: str
    cell: Any = None
    row: Any = None


@dataclass(frozen=True, slots=True)
class _Where:
    place: str
    part: str
    cell: Any = None
    row: Any = None


def text_parts(package: Package) -> list[str]:
    """Return the names of the parts that hold text: the body first, then heads, feet and notes."""
    return sorted(
        (name for name in package.names() if _PART.match(name)), key=lambda name: ("document" not in name, name)
    )


def spots(package: Package) -> Iterator[Spot]:
    """Yield every paragraph of the document in reading order, part by part."""
    for name in text_parts(package):
        match = _PART.match(name)
        assert match is not None
        root = etree.fromstring(package.read(name))
        body = root.find(W + "body") if match[1] == "document" else root
        title = _PART_NAMES[match[1]] + (f" {match[2]}" if match[2] else "")
        yield from _blocks(body if body is not None else root, _Where(title, name))


def _blocks(parent: Any, where: _Where) -> Iterator[Spot]:
    paragraphs = tables = 0
    for child in _children(parent):
        if child.tag == W + "p":
            paragraphs += 1
            yield Spot(child, text_of(child), f"{where.place}, đoạn {paragraphs}", where.part, where.cell, where.row)
            yield from _boxes(child, where)
        elif child.tag == W + "tbl":
            tables += 1
            yield from _rows(child, _Where(f"{where.place}, bảng {tables}", where.part))


def _children(parent: Any) -> Iterator[Any]:
    """Yield the block children, looking through content controls."""
    for child in parent:
        if child.tag == W + "sdt":
            content = child.find(W + "sdtContent")
            if content is not None:
                yield from _children(content)
        else:
            yield child


def _rows(table: Any, where: _Where) -> Iterator[Spot]:
    for number, row in enumerate(table.findall(W + "tr"), start=1):
        for column, cell in enumerate(row.findall(W + "tc"), start=1):
            yield from _blocks(cell, _Where(f"{where.place}, hàng {number}, ô {column}", where.part, cell, row))


def _boxes(paragraph: Any, where: _Where) -> Iterator[Spot]:
    for number, box in enumerate(paragraph.iter(W + "txbxContent"), start=1):
        yield from _blocks(box, _Where(f"{where.place}, hộp chữ {number}", where.part))


def text_of(paragraph: Any) -> str:
    """Return a paragraph's own text; tabs and line breaks count, what stands in a text box does not."""
    pieces = []
    for node in paragraph.iter():
        if node.tag == W + "t" and _own(node, paragraph):
            pieces.append(node.text or "")
        elif node.tag in _MARKS and node.getparent().tag == W + "r" and _own(node, paragraph):
            pieces.append(_MARKS[node.tag])
    return "".join(pieces)


def _own(node: Any, paragraph: Any) -> bool:
    above = node.getparent()
    while above is not None and above.tag != W + "p":
        above = above.getparent()
    return above is paragraph
