"""The words of a letter as plain text, from its greeting to its last sentence: what the mail that carries it says.

Read from the Word file itself, so that what a person changed there is also what the mail says. Head, signature and
recipients stay in the file; pictures, comments and what was struck out are no words of it.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from daemon.desk.text import clean, fold
from daemon.documents.package import foreign

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SILENT = frozenset(
    {f"{_W}{name}" for name in ("del", "moveFrom", "drawing", "pict", "object", "instrText", "delText", "rPr", "pPr")}
    | {f"{_MC}AlternateContent"}
)
_SIGNS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_BLANKS = re.compile(r"[^\S\n]+")
_END = re.compile(r"\s*\./\.\s*$")


def letter_text(data: bytes) -> str | None:
    """Return the letter's words, an empty line between its paragraphs; None where the file cannot be read or says nothing."""
    body = _body(data)
    if body is None:
        return None
    blocks = list(_blocks(body))
    lines: list[str] = []
    for block in blocks[_begin(blocks) :]:
        if "noi nhan:" in fold(_plain(block)):
            break
        lines += _rows(block) if _is_table(block) and not _greets(block) else _paragraphs(block)
    lines = [_END.sub(".", line) for line in lines if line]
    return _spaced(lines) or None


def _body(data: bytes) -> Any:
    package = foreign(data)
    if package is None:
        return None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(package.read(package.document()), parser).find(_W + "body")
    except (KeyError, etree.XMLSyntaxError):
        return None


def _blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in their order, those in a content control too."""
    for child in parent:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "smartTag", _W + "customXml"):
            yield from _blocks(child)


def _begin(blocks: list[Any]) -> int:
    """Return where the letter begins: at its greeting, else below a head."""
    greeting = next((at for at, block in enumerate(blocks) if _greets(block)), None)
    if greeting is not None:
        return greeting
    return 1 if blocks and _is_table(blocks[0]) else 0


def _is_table(block: Any) -> bool:
    return bool(block.tag == _W + "tbl")


def _greets(block: Any) -> bool:
    return any(fold(line).startswith("kinh gui") for line in _paragraphs(block))


def _plain(block: Any) -> str:
    return "\n".join(_paragraphs(block))


def _paragraphs(block: Any) -> list[str]:
    """Return the text of a paragraph, or of all paragraphs of a table."""
    own = [block] if block.tag == _W + "p" else block.iter(_W + "p")
    return [_said(paragraph) for paragraph in own]


def _said(paragraph: Any) -> str:
    text = clean("".join(_pieces(paragraph)))
    text = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.splitlines()).strip()
    return f"- {text}" if text and paragraph.find(f"{_W}pPr/{_W}numPr") is not None else text


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _SILENT and not _hidden(child):
            yield from _pieces(child)


def _hidden(element: Any) -> bool:
    mark = element.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val") not in ("0", "false", "off")


def _rows(table: Any) -> list[str]:
    """Return a table inside the letter, each row a line."""
    rows = []
    for row in table.iter(_W + "tr"):
        cells = (" ".join(_plain(cell).split()) for cell in row.iter(_W + "tc"))
        rows.append("- " + " | ".join(filter(None, cells)))
    return [row for row in rows if row != "- "]


def _spaced(lines: list[str]) -> str:
    """Return paragraphs with an empty line between them, the lines of a list without."""
    text = ""
    for before, line in zip(["", *lines], lines, strict=False):
        gap = "\n" if before.startswith("- ") and line.startswith("- ") else "\n\n"
        text += (gap if text else "") + line
    return text
