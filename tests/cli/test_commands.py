"""Every command of the contract as a person gives it: what it prints, its exit code, and whose name stands in the events."""

import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import cli
from tests.cli.hands import Said, motcua, process

NOTE = "Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 phàn nàn một tháng mất điện 8 lần, hẹn gọi điện trả lời ông."
KEYS = {
    "number", "state", "category", "channel", "received", "unit", "units", "customer", "wanted_reply", "content",
    "check", "deadlines", "documents", "events",
}  # fmt: skip
NUMBER = re.compile(r"PCBK-\d{4}-\d{6}")
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Error|Try|Missing|Invalid|No such|Show this|unexpected|required)\b")


def good(said: Said) -> str:
    """Return what a command printed after it went well."""
    assert said.code == 0, said
    return said.out


def new(home: Path, text: str = NOTE) -> str:
    """Open a ticket from a note."""
    return good(motcua(home, "new", "--channel", "counter", "--by", "Lan", text=text)).strip()


def shown(home: Path, number: str) -> Any:
    """Return a ticket as JSON."""
    return json.loads(good(motcua(home, "show", number, "--json")))


def once(home: Path) -> None:
    """Let the office work."""
    said = process(home, "run", "--once")
    assert said.code in (0, 3), said


# -- a ticket's life by commands ---------------------------------------------------------------------------------------
def test_a_ticket_from_note_to_close_with_every_author(home: Path) -> None:
    assert good(motcua(home, "check")).startswith("ĐƯỢC")
    number = new(home)
    assert NUMBER.fullmatch(number)
    ticket = shown(home, number)
    assert set(ticket) >= KEYS
    assert set(ticket["customer"]) == {"name", "customer_code", "phone", "address", "email"}
    assert ticket["customer"]["phone"] == "0912000112"
    once(home)
    ticket = shown(home, number)
    assert ticket["state"] == "waiting_unit"
    assert set(ticket["units"][0]) >= {"unit", "state", "asked", "due"}
    assert set(ticket["deadlines"][0]) >= {"name", "due", "holder", "met"}
    good(motcua(home, "set", number, "phone=0912 000 113", "--by", "Mai"))
    good(motcua(home, "extend", number, "--until", "2099-01-05", "--why", "khách đồng ý", "--by", "Nam"))
    good(motcua(home, "ask", number, "--unit", "Pác Nặm", "--by", "Tư", text="Xin gửi thêm ảnh."))
    good(motcua(home, "found", number, "--source", "oms", "--by", "Bảy", text="Do sét đánh 8 lần, đã thay chống sét."))
    once(home)
    assert shown(home, number)["state"] == "to_approve"
    good(motcua(home, "number", number, "123/PCBK-P9", "--by", "Văn thư"))
    once(home)
    good(motcua(home, "approve", number, "--by", "Hoa"))
    once(home)
    assert shown(home, number)["state"] == "released"
    good(motcua(home, "answered", number, "--by", "phone", "--author", "Lan", "--note", "ông đồng ý"))
    once(home)
    assert shown(home, number)["state"] == "closed"
    said = good(motcua(home, "reopen", number, "--why", "ông gọi lại", "--by", "Mai"))
    assert f"motcua set {number}" in said, "what comes next"
    once(home)
    good(motcua(home, "cancel", number, "--why", "nhầm", "--by", "Nam"))
    once(home)
    ticket = shown(home, number)
    assert (ticket["state"], ticket["official_number"]) == ("cancelled", "123/PCBK-P9")
    authors = {event["kind"]: event["author"] for event in ticket["events"]}
    assert authors.items() >= {
        "received": "Lan", "fields_set": "Mai", "extended": "Nam", "ask": "Tư", "found": "Bảy", "number_given": "Văn thư",
        "approved": "Hoa", "answered": "Lan", "reopened": "Mai", "cancelled": "Nam", "unit_answered": "motcua",
    }.items() - {("unit_answered", "motcua")}  # fmt: skip
    assert [event["seq"] for event in ticket["events"]] == list(range(1, len(ticket["events"]) + 1))


def test_lists_and_papers(home: Path) -> None:
    one, two = new(home), new(home, NOTE.replace("0912 000 112", "0968 111 222").replace("Sùng A Chớ", "Lý Văn Páo"))
    once(home)
    assert [row["number"] for row in json.loads(good(motcua(home, "tickets", "--json")))] == [one, two]
    assert good(motcua(home, "tickets", "--text", "sung a cho")).count("PCBK-") == 1
    assert good(motcua(home, "tickets", "--waiting", "--unit", "Pác Nặm")).count("PCBK-") == 2
    assert good(motcua(home, "tickets", "--late")) == ""
    assert "Hẹn trả lời khách hàng" in good(motcua(home, "explain", one))
    assert one in good(motcua(home, "show", one.lower()))
    merged = motcua(home, "merge", two, one, "--by", "Lan")
    assert f"chỉ khách của phiếu {one} được trả lời" in merged.err, "two customers"
    good(merged)
    closed = motcua(home, "close", one, "--by", "Lan")
    assert (
        good(closed)
        and f"chưa được trả lời: chương trình không gửi gì nữa. Nếu nhầm: motcua reopen {one}" in closed.err
    )
    once(home)
    assert {row["number"]: row["state"] for row in json.loads(good(motcua(home, "tickets", "--json")))} == {
        one: "closed",
        two: "merged",
    }
    ledger = home / "so.xlsx"
    good(motcua(home, "ledger", "--out", str(ledger)))
    assert ledger.read_bytes().startswith(b"PK")
    report = good(motcua(home, "report", "phong")).strip()
    assert Path(report).read_bytes().startswith(b"PK")


def test_status(home: Path) -> None:
    state = json.loads(good(motcua(home, "status", "--json")))
    assert state["unplaced"] == 0 and state["set_aside"] == 0
    (home / "var" / "mailbox" / "new").mkdir(parents=True)
    (home / "var" / "mailbox" / "new" / "1.eml").write_bytes(
        b"From: dlnari@pcbk.example\nMessage-ID: <a@b>\nSubject: hom truoc\n\nDa xong viec hom truoc.\n"
    )
    assert process(home, "run", "--once").code == 3
    said = motcua(home, "status")
    assert said.code == 3
    assert "Thư chưa xếp được: 1" in said.out
    (row,) = json.loads(good(motcua(home, "unplaced", "--json")))
    number = new(home)
    good(motcua(home, "place", row["id"], number, "--by", "Lan"))
    assert good(motcua(home, "unplaced")).strip() == "Không có gì."
    assert [event["author"] for event in shown(home, number)["events"] if event["kind"] == "reply"] == ["Lan"]
    said = motcua(home, "retry", row["id"])
    assert (said.code, number in said.err) == (2, True)


# -- wrong use ---------------------------------------------------------------------------------------------------------
WRONG: dict[str, tuple[str, ...]] = {
    "no command of that name": ("mua-dien",),
    "no option of that name": ("tickets", "--nhanh"),
    "a missing argument": ("show",),
    "a missing option": ("extend", "PCBK-2026-000001", "--why", "x"),
    "an argument too many": ("show", "a", "b"),
    "a choice that is none": ("new", "--channel", "fax"),
    "a file that is not there": ("read", "requests", "không-có.jsonl"),
    "no ticket of that number": ("show", "PCBK-2026-000009"),
    "nothing to approve": ("approve", "PCBK-2026-000009"),
    "an unknown unit": ("tickets", "--unit", "Sao Hỏa"),
    "an unknown level": ("report", "thon"),
    "a day that is none": ("report", "phong", "--from", "32/13/2026"),
    "a report backwards": ("report", "phong", "--from", "05/10/2026", "--to", "01/10/2026"),
    "an id that is none": ("retry", "abc"),
    "an empty id": ("retry", ""),
    "an effect that is not set aside": ("retry", "99"),
    "an item that is not there": ("retry", "m99"),
    "a mail that is not there": ("place", "m99", "PCBK-2026-000001"),
    "an empty note": ("new", "--channel", "counter"),
    "a kind of effect that is none": ("run", "--once", "--only", "bay"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use_is_two_and_said_in_vietnamese(home: Path, name: str) -> None:
    said = motcua(home, *WRONG[name])
    assert said.code == 2, said
    assert said.out == ""
    assert said.err.strip() and "Traceback" not in said.err
    assert not ENGLISH.search(said.err), said.err


def test_wrong_fields_are_told_all_at_once(home: Path) -> None:
    number = new(home)
    said = motcua(home, "set", number, "category=khác", "unit=Sao Hỏa", "tuổi=7", "danger", "outage_start=mai")
    assert said.code == 2
    assert len(said.err.strip().splitlines()) == 5
    assert [event["kind"] for event in shown(home, number)["events"]] == ["received"]


def test_help_is_vietnamese_everywhere() -> None:
    for path in [(), *((name,) for name in cli.commands), ("read", "requests"), ("read", "deadlines")]:
        text = good(motcua(None, *path, "--help"))
        assert text.startswith("Cách dùng: motcua")
        assert not ENGLISH.search(text), (path, text)


def test_every_change_takes_the_name_of_its_author() -> None:
    changing = {
        "new",
        "retry",
        "set",
        "found",
        "ask",
        "approve",
        "number",
        "extend",
        "reopen",
        "merge",
        "close",
        "cancel",
        "place",
    }
    for name in changing:
        options = {option for param in cli.commands[name].params for option in param.opts}
        assert "--by" in options, name


# -- configuration, outside, defects -----------------------------------------------------------------------------------
def test_a_broken_configuration_is_told_all_at_once(home: Path) -> None:
    desk = home / "config" / "desk.toml"
    text = desk.read_text("utf-8")
    desk.write_text(
        text.replace('prefix = "PCBK"', 'prefix = 7\nmau = "xanh"').replace('time = "16:00"', 'time = "25:00"', 1),
        "utf-8",
    )
    for args in (("check",), ("tickets",), ("run", "--once")):
        said = motcua(home, *args)
        assert said.code == 2, said
        told = said.out + said.err
        assert all(word in told for word in ("prefix", "mau", "time")), told


def test_no_working_folder_is_told(tmp_path: Path) -> None:
    said = motcua(tmp_path / "nothing", "tickets")
    assert said.code == 2
    assert "--home THƯ-MỤC" in said.err


def test_init_does_not_touch_a_folder_in_use(home: Path) -> None:
    said = motcua(None, "init", str(home))
    assert said.code == 2


def test_a_database_that_is_away_is_four(home: Path) -> None:
    shutil.rmtree(home / "var")
    (home / "var").touch()
    said = motcua(home, "tickets")
    assert said.code == 4, said
    assert "chạy lại" in said.err


def test_a_damaged_database_is_two_and_names_the_remedy(home: Path) -> None:
    (home / "var" / "motcua.db").write_bytes(b"khong phai co so du lieu" * 100)
    said = motcua(home, "tickets")
    assert said.code == 2, said
    assert "motcua restore" in said.err


def test_a_mailbox_that_is_away_is_four(home: Path) -> None:
    desk = home / "config" / "desk.toml"
    text = desk.read_text("utf-8").replace('kind = "maildir"', 'kind = "imap"')
    table = '[mailbox.imap]\nhost = "127.0.0.1"\nport = 1\nuser = "a"\npassword_env = "MOTCUA_TEST"\nsmtp_host = "127.0.0.1"\n'
    desk.write_text(text.replace("[mailbox.maildir]\n", table).replace('path = "var/mailbox"\n', ""), "utf-8")
    said = process(home, "run", "--once", MOTCUA_TEST="x")
    assert said.code == 4, said


def test_a_lock_of_another_program_is_waited_for(home: Path) -> None:
    new(home)
    with sqlite3.connect(home / "var" / "motcua.db") as other:
        other.execute("BEGIN IMMEDIATE")
        assert good(motcua(home, "tickets")).count("PCBK-") == 1
    other.close()


def test_a_defect_is_one_and_says_where_to_report_it(home: Path) -> None:
    number = new(home)
    with sqlite3.connect(home / "var" / "motcua.db") as other:
        other.execute("UPDATE ticket SET reading = '{'")
    other.close()
    said = motcua(home, "show", number)
    assert said.code == 1
    assert "Lỗi của chương trình" in said.err and "Gửi các dòng trên" in said.err
