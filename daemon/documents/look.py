"""How a paragraph or run really looks: direct formatting, then styles, then table style, document defaults, theme.

An East-Asian or theme font slips past a check that reads direct formatting only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from daemon.documents.package import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OFF = frozenset({"0", "false", "off", "none"})
_THEME = {"major": "majorFont", "minor": "minorFont"}


@dataclass(frozen=True, slots=True)
class RunLook:
    """A run: font of Latin letters, size in points, bold, italic, colour (``auto`` or hex)."""

    font: str
    size: float
    bold: bool
    italic: bool
    color: str


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """A paragraph: alignment, first-line indent in mm, space before and after in points, line spacing as a multiple."""

    align: str
    first: float
    before: float
    after: float
    line: float | None


class Looks:
    """Resolves the look of paragraphs and runs of one document."""

    def __init__(self, package: Package) -> None:
        root = etree.fromstring(package.read("word/styles.xml")) if "word/styles.xml" in package else None
        self._styles: dict[str, Any] = {}
        self._default: dict[str, str] = {}
        self._defaults = root.find(W + "docDefaults") if root is not None else None
        for style in root.iter(W + "style") if root is not None else ():
            self._styles[style.get(W + "styleId", "")] = style
            if style.get(W + "default") in ("1", "true", "on"):
                self._default[style.get(W + "type", "")] = style.get(W + "styleId", "")
        self._theme = _theme(package)

    def run(self, run: Any) -> RunLook:
        """Return how a run looks."""
        layers = list(self._run_layers(run))
        return RunLook(
            font=self._font(layers),
            size=float(_first(layers, "sz", "20")) / 2,
            bold=_on(layers, "b"),
            italic=_on(layers, "i"),
            color=_first(layers, "color", "auto").lower(),
        )

    def paragraph(self, paragraph: Any) -> ParagraphLook:
        """Return how a paragraph looks."""
        layers = list(self._paragraph_layers(paragraph))
        rule = _attribute(layers, "spacing", "lineRule") or "auto"
        line = _attribute(layers, "spacing", "line")
        hanging = _attribute(layers, "ind", "hanging")
        return ParagraphLook(
            align=_first(layers, "jc", "left"),
            first=-_mm(hanging) if hanging else _mm(_attribute(layers, "ind", "firstLine")),
            before=_points(_attribute(layers, "spacing", "before")),
            after=_points(_attribute(layers, "spacing", "after")),
            line=(int(line) / 240 if line else 1.0) if rule == "auto" else None,
        )

    def _run_layers(self, run: Any) -> Iterator[Any]:
        direct = run.find(W + "rPr")
        if direct is not None:
            yield direct
            named = direct.find(W + "rStyle")
            if named is not None:
                yield from self._chain(named.get(W + "val"), "rPr")
        paragraph = _above(run, "p")
        if paragraph is not None:
            yield from self._chain(self._style_of(paragraph), "rPr")
            yield from self._table_layers(paragraph, "rPr")
        if self._defaults is not None:
            yield from self._defaults.findall(f"{W}rPrDefault/{W}rPr")

    def _paragraph_layers(self, paragraph: Any) -> Iterator[Any]:
        direct = paragraph.find(W + "pPr")
        if direct is not None:
            yield direct
        yield from self._chain(self._style_of(paragraph), "pPr")
        yield from self._table_layers(paragraph, "pPr")
        if self._defaults is not None:
            yield from self._defaults.findall(f"{W}pPrDefault/{W}pPr")

    def _style_of(self, paragraph: Any) -> str | None:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        return named.get(W + "val") if named is not None else self._default.get("paragraph")

    def _table_layers(self, paragraph: Any, kind: str) -> Iterator[Any]:
        table = _above(paragraph, "tbl")
        if table is not None:
            named = table.find(f"{W}tblPr/{W}tblStyle")
            yield from self._chain(named.get(W + "val") if named is not None else self._default.get("table"), kind)

    def _chain(self, name: str | None, kind: str) -> Iterator[Any]:
        seen: set[str] = set()
        while name and name not in seen and name in self._styles:
            seen.add(name)
            style = self._styles[name]
            yield from style.findall(W + kind)
            based = style.find(W + "basedOn")
            name = based.get(W + "val") if based is not None else None

    def _font(self, layers: list[Any]) -> str:
        for layer in layers:
            fonts = layer.find(W + "rFonts")
            if fonts is None:
                continue
            themed = fonts.get(W + "asciiTheme") or fonts.get(W + "hAnsiTheme")
            if themed:  # a theme font wins over a named one beside it
                return str(self._theme.get(themed[:5], themed))
            named = fonts.get(W + "ascii") or fonts.get(W + "hAnsi")
            if named:
                return str(named)
        return "Times New Roman"


def _theme(package: Package) -> dict[str, str]:
    name = next((part for part in package.names() if part.startswith("word/theme/theme")), None)
    if name is None:
        return {}
    root = etree.fromstring(package.read(name))
    found = {}
    for short, tag in _THEME.items():
        latin = root.find(f".//{A}{tag}/{A}latin")
        if latin is not None:
            found[short] = latin.get("typeface", "")
    return found


def _above(node: Any, tag: str) -> Any:
    node = node.getparent()
    while node is not None and node.tag != W + tag:
        node = node.getparent()
    return node


def _first(layers: list[Any], tag: str, otherwise: str) -> str:
    for layer in layers:
        node = layer.find(W + tag)
        if node is not None and node.get(W + "val") is not None:
            return str(node.get(W + "val"))
    return otherwise


def _on(layers: list[Any], tag: str) -> bool:
    for layer in layers:
        node = layer.find(W + tag)
        if node is not None:
            return node.get(W + "val", "1") not in _OFF
    return False


def _attribute(layers: list[Any], tag: str, name: str) -> str | None:
    for layer in layers:
        node = layer.find(W + tag)
        if node is not None and node.get(W + name) is not None:
            return str(node.get(W + name))
    return None


def _mm(twips: str | None) -> float:
    return int(float(twips)) * 25.4 / 1440 if twips else 0.0


def _points(twips: str | None) -> float:
    return int(float(twips)) / 20 if twips else 0.0
