"""The lines of a JSONL file. Knows nothing of what they say."""

from collections.abc import Iterator
from pathlib import Path

from daemon.desk.trouble import Refused


def numbered(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the number (from 1) and text of every line that is not blank. Raises Refused where it cannot be read."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file}: không đọc được tệp ({error}). Cần tệp JSONL mã UTF-8.") from error
    yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
