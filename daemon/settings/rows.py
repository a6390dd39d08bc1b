"""Reading tables of configuration value by value, noting every fault with file and key instead of stopping at the first.

Each fault is one Vietnamese sentence: where, what is wrong, what is expected. It knows nothing of what the values mean.
"""

import datetime as dt
import itertools
import tomllib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from daemon.desk.calendar import Hours
from daemon.desk.text import nfc
from daemon.desk.trouble import Refused

T = TypeVar("T")
_REQUIRED: Any = object()

_KINDS = {
    str: "một chuỗi chữ",
    bool: "true hoặc false",
    int: "một số nguyên",
    Decimal: "một số",
    list: "một danh sách",
    dict: "một bảng",
}


class Faults:
    """The faults found so far; ``refuse`` raises them all at once."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, where: str, sentence: str) -> None:
        """Note one fault at a place such as ``config/tariffs.toml: tariff[2].base``."""
        self.lines.append(f"{where}: {sentence}")

    def refuse(self) -> None:
        """Raise Refused with every fault, one a line, if there is any."""
        if self.lines:
            raise Refused("\n".join(self.lines))


class Row:
    """One table of a file. Each value is taken once; ``done`` notes the keys that nobody asked for."""

    def __init__(
        self, where: str, table: Mapping[str, Any], faults: Faults, prefix: str = "", strict: bool = True
    ) -> None:
        self.where, self.table, self.faults, self.prefix, self.strict = where, table, faults, prefix, strict
        self.asked: set[str] = set()

    def place(self, key: str) -> str:
        """Return how a key of this table is named in a fault."""
        return f"{self.where}: {self.prefix}{key}"

    def fault(self, key: str, sentence: str) -> None:
        """Note a fault of one key."""
        self.faults.add(self.place(key), sentence)

    def _take(self, key: str, kinds: tuple[type, ...], default: Any) -> Any:
        self.asked.add(key)
        if key not in self.table:
            if default is _REQUIRED:
                self.fault(key, f"thiếu mục này, cần {_KINDS[kinds[0]]}")
                return None
            return default
        value = self.table[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fault(key, f"{value!r} không hợp lệ, cần {_KINDS[kinds[0]]}")
            return None if default is _REQUIRED else default
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> str:
        """Take a text in NFC; an empty string where it is missing or wrong (the fault is noted)."""
        return nfc(self._take(key, (str,), default) or "")

    def flag(self, key: str, default: Any = _REQUIRED) -> bool:
        """Take true or false."""
        return bool(self._take(key, (bool,), default))

    def number(self, key: str, default: Any = _REQUIRED) -> int:
        """Take a whole number; 0 where it is missing or wrong."""
        return int(self._take(key, (int,), default) or 0)

    def exact(self, key: str, default: Decimal | None = _REQUIRED) -> Decimal | None:
        """Take a number exactly as written (the file is read with ``parse_float=Decimal``)."""
        value = self._take(key, (Decimal, int, float), default)
        return value if value is None else Decimal(str(value))

    def one_of(self, key: str, choices: Collection[str], default: Any = _REQUIRED) -> str:
        """Take a text that is one of some words."""
        value = self.text(key, default)
        if key in self.table and isinstance(self.table[key], str) and value not in choices:
            self.fault(key, f"{value!r} không hợp lệ, cần một trong: {', '.join(choices)}")
        return value

    def date(self, key: str, default: dt.date | None = _REQUIRED) -> dt.date | None:
        """Take a date (2026-11-24, with or without quotes)."""
        self.asked.add(key)
        if key not in self.table and default is not _REQUIRED:
            return default
        value = as_date(self.table.get(key))
        if value is None:
            self.fault(key, f"{self.table.get(key)!r} không phải ngày, cần dạng 2026-11-24")
        return value

    def hours(self, key: str, default: Hours | None = _REQUIRED) -> Hours | None:
        """Take shifts such as ``["07:30-11:30", "13:30-17:00"]`` or ``[["07:30", "11:30"], …]``, in order."""
        self.asked.add(key)
        if key not in self.table and default is not _REQUIRED:
            return default
        try:
            return as_hours(self.table.get(key))
        except ValueError as error:
            self.fault(key, str(error))
            return None

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """Take a list of texts in NFC."""
        values = self._take(key, (list,), default) or ()
        if not all(isinstance(value, str) for value in values):
            self.fault(key, "mỗi phần tử phải là một chuỗi chữ")
            return ()
        return tuple(nfc(value) for value in values)

    def weekdays(self, key: str, default: Any = _REQUIRED) -> frozenset[int] | None:
        """Take a list of weekdays, 1 = Monday to 7 = Sunday."""
        values = self._take(key, (list,), default)
        if values is None or key not in self.table:
            return default if default is not _REQUIRED else None
        if not values or not all(type(value) is int and 1 <= value <= 7 for value in values):
            self.fault(key, f"{values!r} không hợp lệ, cần các số 1 (thứ Hai) đến 7 (Chủ nhật)")
            return None
        return frozenset(values)

    def rows(self, key: str, read: Callable[["Row"], T | None]) -> list[T]:
        """Take a list of tables, each read by ``read`` and then checked for unknown keys; what is None is left out."""
        found = []
        for number, table in enumerate(self._take(key, (list,), ()) or (), start=1):
            if not isinstance(table, dict):
                self.fault(f"{key}[{number}]", f"{table!r} không hợp lệ, cần một bảng")
                continue
            row = Row(self.where, table, self.faults, f"{self.prefix}{key}[{number}].", self.strict)
            value = read(row)
            row.done()
            if value is not None:
                found.append(value)
        return found

    def sub(self, key: str) -> "Row":
        """Take a table inside this one; an empty one where it is missing."""
        value = self._take(key, (dict,), {}) or {}
        return Row(self.where, value, self.faults, f"{self.prefix}{key}.", self.strict)

    def done(self) -> None:
        """Note every key that was not asked for, unless the table is another program's (``strict`` is False)."""
        for key in self.table:
            if self.strict and key not in self.asked:
                known = ", ".join(sorted(self.asked))
                self.fault(key, f"mục lạ, không được dùng; các mục có thể dùng: {known}")


def read_toml(path: Path, faults: Faults, shown: str) -> dict[str, Any] | None:
    """Return a TOML file's tables, or None with the fault noted. ``shown`` is how the file is named to staff."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        faults.add(shown, f"không đọc được tệp ({error.strerror}). Hãy kiểm tra tệp và quyền đọc")
    except UnicodeDecodeError:
        faults.add(shown, "tệp không phải UTF-8. Hãy lưu lại tệp với mã UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.add(shown, f"sai cú pháp TOML: {error}. Hãy sửa dòng đó")
    return None


def as_date(value: Any) -> dt.date | None:
    """Return a date from a TOML date or its ISO text, else None."""
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def as_hours(value: Any) -> Hours:
    """Return shifts in order. Raises ValueError (Vietnamese) where they are no times, empty, reversed or overlapping."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f'{value!r} không phải giờ làm việc, cần dạng ["07:30-11:30", "13:30-17:00"]')
    shifts = tuple(_shift(item) for item in value)
    overlap = any(before[1] > after[0] for before, after in itertools.pairwise(shifts))
    if overlap or any(opens >= closes for opens, closes in shifts):
        raise ValueError(f"{value!r}: các ca phải theo thứ tự, không chồng nhau, giờ đầu trước giờ cuối")
    return shifts


def _shift(item: Any) -> tuple[dt.time, dt.time]:
    parts = item.replace("–", "-").split("-") if isinstance(item, str) else item
    try:
        opens, closes = (part if isinstance(part, dt.time) else dt.time.fromisoformat(part.strip()) for part in parts)
    except (ValueError, TypeError, AttributeError):
        raise ValueError(f"{item!r} không phải một ca làm việc, cần dạng 07:30-11:30") from None
    if opens.tzinfo or closes.tzinfo:
        raise ValueError(f"{item!r}: giờ của ca không mang múi giờ")
    return opens, closes
