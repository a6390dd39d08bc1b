"""Where a template keeps a place for a picture or a chart: found by the alternative text, which Word leaves alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from daemon.documents.package import Package

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PARTS = re.compile(r"^word/(document|header\d*|footer\d*)\.xml$")


@dataclass(frozen=True, slots=True)
class ChartSlot:
    """A chart of the template: its part, its embedded workbook's part, and the id that links one to the other."""

    part: str
    workbook: str | None
    link: str | None


def _drawings(package: Package) -> Iterator[tuple[str, str, Any]]:
    """Yield part name, alternative text and drawing for every drawing of the text parts."""
    for name in package.names():
        if _PARTS.match(name):
            for mark in etree.fromstring(package.read(name)).iter(_WP + "docPr"):
                yield name, (mark.get("descr") or "").strip(), mark.getparent()


def qr_pictures(package: Package) -> frozenset[str]:
    """Return the picture parts in the place of the QR."""
    found: set[str] = set()
    for part, mark, drawing in _drawings(package):
        if mark.upper() == "QR":
            targets = package.targets(part)
            found.update(targets.get(blip.get(_R + "embed", ""), "") for blip in drawing.iter(_A + "blip"))
    return frozenset(found - {""})


def chart_slots(package: Package) -> Mapping[str, ChartSlot]:
    """Return the charts marked ``chart:<name>`` by name."""
    found = {}
    for part, mark, drawing in _drawings(package):
        if mark.startswith("chart:"):
            for chart in drawing.iter(_C + "chart"):
                target = package.targets(part).get(chart.get(_R + "id", ""), "")
                if target in package:
                    found[mark.removeprefix("chart:").strip()] = _slot(package, target)
    return found


def _slot(package: Package, part: str) -> ChartSlot:
    links = {link: target for link, target in package.targets(part).items() if target.endswith(".xlsx")}
    link = next(iter(links), None)
    return ChartSlot(part, links[link] if link else None, link)
