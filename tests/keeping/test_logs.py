"""The log: one JSON object a line, the ticket's number in it, personal data masked, rotated by size, libraries kept quiet."""

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.office.logs import mask, start_log


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder; the handlers put on the root logger are taken off again."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield tmp_path
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gọi 0912345678 nhé", "gọi 0…78 nhé"),
        ("0912 345 678", "0…78"),
        ("0912.345.678", "0…78"),
        ("+84912345678", "+84…78"),
        ("+84 912 345 678", "+84…78"),
        ("cố định 0209 3871 234", "cố định 0…34"),
        ("căn cước 001234567890", "căn cước 0…90"),
        ("mã PA26CM0000121", "mã PA…21"),
        ("may.ly@khach.example", "m…@khach.example"),
        ("PCBK-2026-000123/ask_unit/1/request", "PCBK-2026-000123/ask_unit/1/request"),
        (
            "lúc 08:20 ngày 05/10/2026, 2026-10-05T08:20:00+07:00",
            "lúc 08:20 ngày 05/10/2026, 2026-10-05T08:20:00+07:00",
        ),
        ("SHA-256 00912345678abc", "SHA-256 00912345678abc"),
        ("192.168.0.10:8210", "192.168.0.10:8210"),
    ],
)
def test_personal_data_is_masked(text: str, wanted: str) -> None:
    """Times, ticket numbers, addresses of machines and hashes are not."""
    assert mask(text) == wanted


def test_a_line_is_an_object(home: Path) -> None:
    """With time and zone, level, source, the ticket where one is named; a traceback lies in the text, masked as well."""
    start_log(home)
    logging.getLogger("motcua").info("alarm off")
    try:
        raise ValueError("0912345678")
    except ValueError:
        logging.getLogger("motcua").exception("carrying out %s", "PCBK-2026-000007/ask_unit/1/mail")
    path = home / "var" / "log" / "motcua.log"
    first, second = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert set(first) == {"at", "level", "from", "text"} and first["at"][-6] in "+-"
    assert second["ticket"] == "PCBK-2026-000007" and second["level"] == "ERROR" and second["from"] == "motcua"
    assert "Traceback" in second["text"] and "0912345678" not in second["text"]
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_it_never_grows_beyond_its_files(home: Path) -> None:
    """Ten files beside the one that is written; the newest line is in the last one."""
    start_log(home, "console", size=20_000)
    log = logging.getLogger("motcua")
    for number in range(300):
        log.info("%d %s", number, "x" * 1_000)
    files = sorted((home / "var" / "log").iterdir())
    assert len(files) == 11 and all(path.name.startswith("console.log") for path in files)
    assert sum(path.stat().st_size for path in files) < 230_000
    last = (home / "var" / "log" / "console.log").read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["text"].startswith("299 ")


def test_libraries_that_print_letters_are_kept_quiet(home: Path) -> None:
    """Below a warning nothing of theirs is written."""
    start_log(home)
    logging.getLogger("exchangelib.util").info("<soap:Body>")
    logging.getLogger("imapclient").debug("LOGIN")
    assert (home / "var" / "log" / "motcua.log").read_text("utf-8") == ""
