"""Checks of templates and finished documents: what ``motcua check`` tells and the tests demand."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from daemon.desk import letter_names, report_words
from daemon.desk.trouble import Refused
from daemon.documents.chart import Chart, Series
from daemon.documents.decree30 import form_faults, has_heading, is_official, official_faults
from daemon.documents.fault import Fault
from daemon.documents.package import Package
from daemon.documents.places import Spot, spots
from daemon.documents.render import Renderer
from daemon.documents.slots import chart_slots, qr_pictures
from daemon.documents.tags import tag_faults

__all__ = ["Fault", "check_document", "check_template", "check_templates", "offered_to"]

_BROKEN = (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, etree.XMLSyntaxError)
_NONE = re.compile(r"\b(None|nan|undefined)\b")


def check_template(path: Path, offered: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of a template: tags and names with their places, QR, layout, and a trial with sample values.

    ``offered`` is the closed list of names (``letter_names.OFFERED``). A template without tags is a fixed form, and is only
    held to be readable.
    """
    file = path.name
    try:
        package = Package.load(path)
        package.document()
        texts = list(spots(package))
    except _BROKEN as error:
        return [Fault(file, "cả tệp", f"không đọc được ({error})", "một tệp Word .docx")]
    if not any("{{" in spot.text or "{%" in spot.text for spot in texts):
        return []
    faults = tag_faults(file, package, offered)
    faults += _picture_faults(file, package)
    faults += _layout_faults(file, package)
    return faults or _trial(path, offered, package)


def check_document(source: Path | bytes, name: str = "") -> list[Fault]:
    """Return the faults of a finished document: layout, tags left over, a printed ``None``."""
    file = name or (source.name if isinstance(source, Path) else "văn bản")
    try:
        package = Package.load(source)
        texts = list(spots(package))
    except _BROKEN as error:
        return [Fault(file, "cả tệp", f"không đọc được ({error})", "một tệp Word .docx")]
    faults = [fault for spot in texts for fault in _left_over(file, spot)]
    return faults + _layout_faults(file, package)


def _layout_faults(file: str, package: Package) -> list[Fault]:
    if is_official(package):
        return official_faults(file, package)
    return [] if has_heading(package) else form_faults(file, package)


def _left_over(file: str, spot: Spot) -> list[Fault]:
    found = _NONE.search(spot.text)
    return [Fault(file, spot.place, f"in ra “{found[0]}”", "giá trị thật hoặc để trống")] if found else []


def _picture_faults(file: str, package: Package) -> list[Fault]:
    pictures = qr_pictures(package)
    if not pictures:
        return [Fault(file, "chân trang", "không có chỗ đặt mã QR", "một ảnh PNG có chữ thay thế (Alt Text) là QR")]
    return [
        Fault(file, "chân trang", f"ảnh của mã QR là {picture}", "ảnh PNG")
        for picture in sorted(pictures)
        if not picture.lower().endswith(".png")
    ]


def sample(shape: Any) -> Any:
    """Return values of the offered shape, each leaf its own description: what a trial print shows."""
    if isinstance(shape, Mapping):
        return {name: sample(child) for name, child in shape.items()}
    if isinstance(shape, list | tuple):
        return [sample(child) for child in shape] * 2
    return str(shape)


def _trial(path: Path, offered: Mapping[str, Any], package: Package) -> list[Fault]:
    charts = {name: Chart("Thử", ("a", "b"), (Series("s", (1, 2)),)) for name in chart_slots(package)}
    try:
        Renderer(path.parent).render(path.name, sample(offered), "PCBK|THU|mau|1", charts)
    except Refused as error:
        return [Fault(path.name, "in thử", str(error), "in thử được với số liệu mẫu")]
    return []


def offered_to(template_name: str) -> Mapping[str, Any]:
    """Return the names offered to a template: those of a report, or those of a ticket's letters and forms."""
    return report_words.OFFERED if template_name.startswith("report") else letter_names.OFFERED


def check_templates(folder: Path) -> list[Fault]:
    """Return the faults of every template in a folder; Word's own lock files are passed over."""
    paths = sorted(path for path in folder.glob("*.docx") if not path.name.startswith("~$"))
    return [fault for path in paths for fault in check_template(path, offered_to(path.name))]
