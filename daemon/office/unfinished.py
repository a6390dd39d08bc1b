"""Answers of a set-up that was stopped or refused: kept in a file that ``motcua setup --from`` takes.

The file lies beside the person, never in the office's folder, of which nothing is written before the last answer.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from daemon.settings.edit import toml

NAME = "tra-loi-do-dang"
_HEAD = "# Trả lời dở dang của motcua setup: sửa, ghi thêm những mục còn thiếu, rồi chạy: motcua --home … setup --from TỆP-NÀY"


def keep(given: Mapping[str, Any], *folders: Path) -> Path | None:
    """Write the answers into a new file, for its owner alone, in the first folder that takes it; None where none does."""
    text = "\n".join((_HEAD, *_lines(given))) + "\n"
    for folder in folders:
        with contextlib.suppress(OSError):
            return _written(folder, text)
    return None


def _written(folder: Path, text: str) -> Path:
    number = 1
    while True:
        path = folder / (f"{NAME}-{number}.toml" if number > 1 else f"{NAME}.toml")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return path


def _lines(given: Mapping[str, Any], table: str = "") -> Iterator[str]:
    """Plain values first, then the tables, as people write them."""
    yield from (f"{key} = {toml(value)}" for key, value in given.items() if not _of_tables(value))
    for key, value in given.items():
        name = f"{table}.{key}" if table else key
        if isinstance(value, Mapping):
            yield from ("", f"[{name}]", *_lines(value, name))
        elif _of_tables(value):
            for each in value:
                yield from ("", f"[[{name}]]", *_lines(each, name))


def _of_tables(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))
