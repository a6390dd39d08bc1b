"""An export file to rows of cells with their line numbers, streamed: XLSX through openpyxl, CSV in the usual charsets.

What the columns mean is not known here. A file that cannot be read raises Refused with the reason and what to do.
"""

import csv
import datetime as dt
import io
import itertools
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from daemon.desk.text import nfc
from daemon.desk.trouble import Refused
from daemon.lookups.cells import Cell

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".txt")
Line = tuple[int, tuple[Cell, ...]]

# A sheet of 200,000 customers unpacks to about 150 MB; far beyond that a file is not an export.
_MOST_UNPACKED = 1_500_000_000
_DELIMITERS = ";,\t|"


@contextmanager
def open_table(path: Path, max_megabytes: int = 200) -> Iterator[Iterator[Iterator[Line]]]:
    """Open an export: yields its sheets in order (a CSV has one), each an iterator of (line number, cells)."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        hint = (
            "Hãy lưu lại thành .xlsx rồi thả lại."
            if suffix in (".xls", ".xlsb", ".ods")
            else "Cần tệp .xlsx hoặc .csv."
        )
        raise Refused(f"{path.name}: không đọc được loại tệp {suffix or 'không đuôi'}. {hint}")
    size = path.stat().st_size
    if size > max_megabytes * 1_000_000:
        raise Refused(
            f"{path.name}: tệp {size // 1_000_000} MB, quá giới hạn {max_megabytes} MB (max_megabytes trong config/lookups.toml)."
        )
    if suffix in (".xlsx", ".xlsm"):
        with _sheets(path) as sheets:
            yield sheets
    else:
        with path.open(encoding=_charset(path), newline="") as text:
            yield iter([_csv(path, text)])


@contextmanager
def _sheets(path: Path) -> Iterator[Iterator[Iterator[Line]]]:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise Refused(
                f"{path.name}: tệp nén bất thường ({unpacked // 1_000_000} MB khi mở). Hãy xuất lại từ chương trình."
            )
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Refused:
        raise
    except Exception as error:  # openpyxl raises anything on a broken or protected file
        raise Refused(
            f"{path.name}: không mở được tệp Excel ({type(error).__name__}: {error}). "
            "Tệp hỏng, có mật khẩu hoặc không phải .xlsx: hãy xuất lại rồi thả lại."
        ) from error
    try:
        yield (_sheet(path, sheet) for sheet in book.worksheets if sheet.sheet_state == "visible")
    finally:
        book.close()


def _sheet(path: Path, sheet: object) -> Iterator[Line]:
    # Some programs write a wrong dimension, which would cut columns off in read-only mode.
    sheet.reset_dimensions()  # type: ignore[attr-defined]
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
            yield number, tuple(_plain(cell) for cell in cells)
    except Exception as error:  # as above: the XML may be broken anywhere
        raise Refused(
            f"{path.name}: trang tính hỏng ({type(error).__name__}: {error}). Hãy xuất lại rồi thả lại."
        ) from error


def _plain(cell: object) -> Cell:
    if cell is None or isinstance(cell, str | int | float | dt.datetime | dt.date | dt.time | dt.timedelta):
        return cell
    return str(cell)


def _csv(path: Path, text: TextIO) -> Iterator[Line]:
    head = text.read(20_000)
    text.seek(0)
    # cp1258 keeps tones apart from their letters: everything is brought to NFC.
    reader = csv.reader(map(nfc, text), delimiter=_delimiter(head))
    try:
        for cells in reader:
            yield reader.line_num, tuple(cells)
    except csv.Error as error:
        raise Refused(f"{path.name}: dòng {reader.line_num} sai định dạng CSV ({error}). Hãy xuất lại tệp.") from error


def _charset(path: Path) -> str:
    with path.open("rb") as binary:
        start = binary.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for charset in ("utf-8-sig", "cp1258"):
        try:
            with path.open(encoding=charset, newline="") as text:
                while text.read(1 << 20):
                    pass
            return charset
        except UnicodeDecodeError:
            continue
    raise Refused(f"{path.name}: không nhận ra bảng mã. Hãy lưu lại tệp CSV với mã UTF-8.")


def _delimiter(head: str) -> str:
    """Return the delimiter that divides the first lines most evenly, quoted text left out."""
    lines = [line for line in itertools.islice(io.StringIO(head), 30) if line.strip()]
    unquoted = ["".join(line.split('"')[::2]) for line in lines]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in unquoted))
