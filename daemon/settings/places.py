"""config/places.toml as values. Reads and judges the file; finding places in a text is the reading's work."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daemon.desk.place import Place
from daemon.desk.trouble import Refused

_KEYS = {
    "name": str,
    "kind": str,
    "unit": str,
    "district": str,
    "from": dt.date,
    "to": dt.date,
    "became": str,
    "also": list,
}
KINDS = ("xã", "phường", "thị trấn", "huyện", "thành phố", "thị xã", "tỉnh", "thôn", "tổ", "phố")


def load_places(path: Path) -> tuple[Place, ...]:
    """Return the places of a TOML file, other spellings as places of their own.

    Raises ``Refused`` with every error of the file, each with its line in ``places`` and its key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path.name}: không đọc được ({error}). Hãy sửa tệp rồi chạy lại.") from error
    errors = [f"{path.name}: khóa lạ «{name}»" for name in table if name != "places"]
    rows = table.get("places", [])
    if not isinstance(rows, list) or not rows:
        errors.append(f"{path.name}: thiếu bảng «places»")
        rows = []
    places: list[Place] = []
    for number, row in enumerate(rows, start=1):
        wrong = _errors(row)
        errors += [f"{path.name}: places[{number}] {what}" for what in wrong]
        if not wrong:
            places += _places(row)
    if errors:
        raise Refused("\n".join(errors) + "\nHãy sửa các dòng trên rồi chạy lại.")
    return tuple(places)


def _errors(row: object) -> list[str]:
    if not isinstance(row, dict):
        return ["phải là một dòng { … }"]
    wrong = [f"khóa lạ «{name}»" for name in row if name not in _KEYS]
    wrong += [f"thiếu «{name}»" for name in ("name", "kind") if not row.get(name)]
    for name, kind in _KEYS.items():
        if name in row and not isinstance(row[name], kind):
            wrong.append(f"«{name}» sai kiểu: {row[name]!r}")
    if row.get("kind") and row["kind"] not in KINDS:
        wrong.append(f"«kind» lạ: {row['kind']!r} (một trong {', '.join(KINDS)})")
    if isinstance(row.get("also"), list) and not all(isinstance(name, str) and name for name in row["also"]):
        wrong.append("«also» phải là danh sách tên")
    first, last = row.get("from"), row.get("to")
    if isinstance(first, dt.date) and isinstance(last, dt.date) and first > last:
        wrong.append("«from» sau «to»")
    return wrong


def _places(row: Mapping[str, Any]) -> list[Place]:
    unit = row.get("unit")
    return [
        Place(
            name=name,
            kind=row["kind"],
            unit=unit,
            district=row.get("district", unit),
            valid_from=row.get("from"),
            valid_to=row.get("to"),
            became=row.get("became"),
        )
        for name in (row["name"], *row.get("also", ()))
    ]
