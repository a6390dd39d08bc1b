"""Reading scans, beside OCRmyPDF on the same files where it is installed: processor time a page, and the peak of memory.

Ours also finds form fields and boxes; the peer only lays text behind the pages. Both are measured as child processes.
"""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from daemon.desk.trouble import Refused
from daemon.office.founding import shipped
from daemon.scans.child import ReadingChild
from daemon.settings.forms import load_forms

KINDS = {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"}
Figures = dict[str, float | None]


def scans(home: Path, paths: Iterable[Path]) -> tuple[Figures, list[str]]:
    """Return ``cpu_s_per_page``, ``peer_cpu_s_per_page``, ``ratio`` (peer to ours), ``peak_mb``, and lines about them.

    Without the peer its figures are None and a line says so. Raises Refused where there is no page to read.
    """
    files = list(_files(paths))
    began = _children_cpu()
    pages, unread = _read(home, files)
    if not pages:
        raise Refused("Không có trang nào đọc được trong các tệp đã cho.")
    ours, peak = (_children_cpu() - began) / pages, _children_peak()
    lines = [f"{len(files)} files, {pages} pages read, {unread} files not read"]
    peer = _peer(files, pages, lines)
    figures: Figures = {
        "cpu_s_per_page": round(ours, 2),
        "peer_cpu_s_per_page": None if peer is None else round(peer, 2),
        "ratio": None if peer is None else round(peer / ours, 2),
        "peak_mb": round(peak, 1),
    }
    return figures, lines


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        lying = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (each for each in lying if each.suffix.lower() in KINDS)


def _read(home: Path, files: list[Path]) -> tuple[int, int]:
    """Read the files as ``run`` does; return how many pages were seen and how many files could not be read."""
    own = home / "config" / "forms"
    pages = unread = 0
    with ReadingChild(load_forms(own if own.is_dir() else shipped("config") / "forms")) as child:
        for file in files:
            try:
                pages += sum(1 for _ in child.pages(file))
            except Refused:
                unread += 1
    return pages, unread


def _peer(files: list[Path], pages: int, lines: list[str]) -> float | None:
    program = shutil.which("ocrmypdf")
    if program is None:
        lines.append("OCRmyPDF is not installed: its figures are null.")
        return None
    language = "vie" if "vie" in _said("tesseract", "--list-langs") else "eng"
    began = _children_cpu()
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            out = Path(folder) / "out.pdf"
            command = [program, "-l", language, "--jobs", "1", "--image-dpi", "300", str(file), str(out)]
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode:
                lines.append(f"OCRmyPDF failed on {file.name} (exit {done.returncode})")
    return (_children_cpu() - began) / pages


def _said(*command: str) -> str:
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return ""


def _usage() -> Any:
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_CHILDREN)


def _children_cpu() -> float:
    usage = _usage()
    return float(usage.ru_utime + usage.ru_stime)


def _children_peak() -> float:
    return float(_usage().ru_maxrss * 1024 / 1e6)
