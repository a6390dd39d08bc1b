"""`motcua check` on broken files and wrong folders: the fault itself, and nothing that only follows from it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.office import setup
from daemon.office.checking import check_all
from daemon.office.founding import found
from tests.servers.ports import free_port
from tests.support.office import Desk


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh working folder."""
    list(found(tmp_path / "home"))
    return tmp_path / "home"


FILES = (
    "desk.toml",
    "units.toml",
    "places.toml",
    "reading.toml",
    "lookups.toml",
    "tariffs.toml",
    "retention.toml",
    "calendar/2026.toml",
    "forms/pcbk-tnyc-v1.toml",
    "procedures/qt821-02-chapter-1.toml",
)


def test_a_slip_of_the_keyboard_is_one_fault(home: Path) -> None:
    """In each file: not a list of all keys that the file would have had, nor what is missing elsewhere because of it."""
    for name in FILES:
        path = home / "config" / name
        path.write_text(path.read_text("utf-8") + '\nslip = "unclosed\n', "utf-8")
    errors = check_all(home, live=False).errors
    for name in FILES:
        told = [each for each in errors if name.rpartition("/")[2] in each]
        assert len(told) == 1 and "line" in told[0], (name, errors)
    assert [each for each in errors if "thiếu" in each or "không có trong" in each] == []


def test_one_slip_alone(home: Path) -> None:
    """As a person meets it: one line."""
    path = home / "config" / "desk.toml"
    path.write_text(path.read_text("utf-8").replace('"maildir"', '"maildir', 1), "utf-8")
    (told,) = check_all(home, live=False).errors
    assert told.startswith("config/desk.toml: sai cú pháp TOML")


def test_files_as_notepad_saves_them(home: Path) -> None:
    """With a byte order mark and Windows' line ends."""
    for path in (home / "config").rglob("*.toml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_all(home, live=False).errors == []


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.touch()])
def test_no_working_folder(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Is said in one sentence, whether the folder is missing, empty or a file; nothing is made there."""
    place = tmp_path / "elsewhere"
    make(place)
    seen = check_all(place, live=False)
    assert len(seen.errors) == 1 and "--home THƯ-MỤC" in seen.errors[0]
    assert seen.warnings == [] and (not place.is_dir() or not any(place.iterdir()))


def test_places_of_units_that_are_gone_are_told(home: Path) -> None:
    """An office's own list of units may be shorter than the places' that are shipped."""
    assert not [line for line in check_all(home, live=False).warnings if "places.toml" in line]
    units = home / "config" / "units.toml"
    text = units.read_text("utf-8")
    start = text.index('id = "Na Rì"')
    block = text.rindex("[[units]]", 0, start), text.find("[[units]]", start)
    units.write_text(text[: block[0]] + (text[block[1] :] if block[1] > 0 else ""), "utf-8")
    (said,) = [line for line in check_all(home, live=False).warnings if "places.toml" in line]
    assert "không có trong config/units.toml: Na Rì." in said and "gửi B26" in said
    for name in ("reading.toml: [codes]", "lookups.toml: [units]"):
        (said,) = [line for line in check_all(home, live=False).warnings if name in line]
        assert "không có trong config/units.toml: Na Rì." in said


@pytest.mark.parametrize("name", ["reading.toml", "lookups.toml"])
def test_a_broken_file_is_told_once(home: Path, name: str) -> None:
    (home / "config" / name).write_text("= hỏng", "utf-8")
    assert len([line for line in check_all(home, live=False).errors if name in line]) == 1


def test_what_is_left_of_the_example_company_is_named(home: Path) -> None:
    """Once the office has a name of its own; units that nothing leads to, and that exports cannot name, as well."""
    told = check_all(home, live=False).warnings
    assert not [line for line in told if "còn của" in line or "dẫn tới" in line or "bản xuất ghi" in line]
    desk, units = home / "config" / "desk.toml", home / "config" / "units.toml"
    text = desk.read_text("utf-8").replace("Công ty Điện lực Bắc Kạn", "Công ty Điện lực Vân Hải")
    desk.write_text(text.replace('prefix = "PCBK"', 'prefix = "PCVH"'), "utf-8")
    card = '[[units]]\nid = "Cồn Tiên"\n[[units.cards]]\nname = "Điện lực Cồn Tiên"\naddresses = ["ct@pcvh.vn"]\n'
    units.write_text(units.read_text("utf-8") + card, "utf-8")
    told = check_all(home, live=False).warnings
    (left,) = [line for line in told if "còn của" in line]
    assert 'sign_code = "PCBK-P9"' in left and 'place = "Bắc Kạn"' in left and "prefix" not in left
    assert [line for line in told if "dẫn tới Cồn Tiên:" in line] and [
        line for line in told if "chưa có Cồn Tiên:" in line
    ]


def test_a_unit_with_work_in_hand_is_missed(tmp_path: Path) -> None:
    """Its tickets are named: nobody could be asked any more."""
    desk = Desk(tmp_path / "home", "2026-10-05 08:00")
    number = desk.note("phone_note", "Ông Mã Văn Tài, xã Quảng Bạch, huyện Chợ Đồn, 0912 000 111 báo công tơ cháy")
    desk.work()
    assert desk.ticket(number).unit == "Chợ Đồn"
    desk.close()
    units = tmp_path / "home" / "config" / "units.toml"
    units.write_text(units.read_text("utf-8").replace('id = "Chợ Đồn"', 'id = "Chợ Đồn cũ"'), "utf-8")
    (said,) = [line for line in check_all(tmp_path / "home", live=False).errors if number in line]
    assert "đơn vị Chợ Đồn không còn" in said


def test_the_mailbox_is_tried_whatever_else_is_wrong(home: Path) -> None:
    """Example addresses of the units, a broken template and a server that does not answer: three findings at once."""
    (home / "password").write_text("geheim\n", "utf-8")
    (home / "password").chmod(0o600)
    imap = {"host": "127.0.0.1", "port": free_port(), "security": "none", "user": "gdkh", "password_file": "password"}
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "smtp_security": "none"}
    list(setup.apply(home, {"mailbox": {"kind": "imap", "address": "gdkh@dienluc.vn", "imap": imap | smtp}}))
    (home / "templates" / "answer-other.docx").write_bytes(b"no Word file")
    errors = check_all(home, live=True).errors
    for said in ("địa chỉ ví dụ", "hộp thư: ", "templates/answer-other.docx"):
        assert [line for line in errors if said in line], (said, errors)
    assert not [line for line in check_all(home, live=False).errors if "hộp thư" in line], "nobody asked for it"
    (home / "config" / "units.toml").write_text("= hỏng", "utf-8")
    errors = check_all(home, live=True).errors
    for said in ("units.toml", "hộp thư: "):
        assert [line for line in errors if said in line], (said, errors)
