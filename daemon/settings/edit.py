"""Changing single values of a TOML file that people also edit: everything else, comments too, stays as it is."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from daemon.desk.trouble import Refused


def toml(value: Any) -> str:
    """Return a value as TOML writes it, on one line. Raises TypeError for what has no such form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    raise TypeError(f"no TOML for {type(value).__name__}")


def with_values(text: str, table: str, values: Mapping[str, Any]) -> str:
    """Return a TOML text with values of one table set; the table is added at the end where it is missing.

    Raises Refused where the file is written so that a line cannot be replaced (a value over several lines).
    """
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if re.match(rf"\s*\[{re.escape(table)}\]", line)), None)
    if start is None:
        lines += ["", f"[{table}]"]
        start = len(lines) - 1
    end = next((at for at in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[at])), len(lines))
    for key, value in values.items():
        end += _set(lines, start, end, key, toml(value))
    made = "\n".join(lines) + "\n"
    _verify(made, table, values)
    return made


def _set(lines: list[str], start: int, end: int, key: str, value: str) -> int:
    """Replace or insert one line; return by how many lines the table grew."""
    for at in range(start + 1, end):
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[at]):
            comment = re.search(r"\s{2,}#[^\"']*$", lines[at])
            lines[at] = f"{key} = {value}{comment.group() if comment else ''}"
            return 0
    last = end
    while last > start + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    lines.insert(last, f"{key} = {value}")
    return 1


def _verify(text: str, table: str, values: Mapping[str, Any]) -> None:
    try:
        found: Any = tomllib.loads(text)
        for name in table.split("."):
            found = found[name]
    except (tomllib.TOMLDecodeError, KeyError) as problem:
        raise Refused(f"[{table}]: không sửa tự động được ({problem}). Hãy sửa tay.") from problem
    wrong = [
        key
        for key, value in values.items()
        if json.dumps(found.get(key), default=str) != json.dumps(value, default=str)
    ]
    if wrong:
        raise Refused(f"[{table}]: không sửa tự động được {', '.join(wrong)}. Hãy sửa tay.")
