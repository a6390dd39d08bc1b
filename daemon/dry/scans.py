"""Scanned forms and letters, read in the child process as the office does."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from daemon.desk.form import ScannedDocument
from daemon.desk.trouble import Refused
from daemon.dry.reader import readers_of
from daemon.office.scan_meaning import scan_meaning
from daemon.scans.child import ReadingChild, read_file
from daemon.scans.settle import settle
from daemon.settings.forms import load_forms

_SCANS = frozenset((".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".heic"))


def scans(paths: Sequence[Path], home: Path) -> Iterator[dict[str, Any]]:
    """Yield ``file`` and its ``documents`` for every scan: files as named, of a folder those that look like scans.

    A file that cannot be read has no documents and ``error`` with the reason. Raises Refused where the configuration has
    errors or a path is missing.
    """
    readers = readers_of(home)
    meaning = scan_meaning(
        readers.places, readers.gazetteer, readers.requests, readers.code_pattern, lambda: dt.datetime.now(dt.UTC)
    )
    with ReadingChild(load_forms(readers.config / "forms")) as child:
        for path in _files(paths):
            try:
                documents = read_file(child, path, None, lambda pages: settle(pages, meaning))
            except Refused as error:
                yield {"file": path.name, "documents": [], "error": str(error)}
            else:
                yield {"file": path.name, "documents": [_document(document) for document in documents]}


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in _SCANS and p.is_file())
        elif path.is_file():
            yield path
        else:
            raise Refused(f"{path}: không có tệp hay thư mục này; hãy kiểm tra lại đường dẫn.")


def _document(document: ScannedDocument) -> dict[str, Any]:
    """Return a scanned document with the keys of the samples' truth."""
    about: dict[str, Any] = {"page": document.page, "kind": str(document.kind)}
    if document.ticket:
        about |= {"ticket": document.ticket, "paper": document.paper, "round": document.round}
    form = {"form_id": document.form_id, "form_version": document.form_version, "form_no": document.form_no}
    rest = {"check": list(document.check), "confidence": round(document.confidence, 3), "notes": list(document.notes)}
    return about | dict(document.values) | {"text": document.text} | form | rest
