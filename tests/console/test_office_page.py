"""The office's page: each change is checked like the file, written to the file, recorded, and leaves the rest as it was."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.console import words
from daemon.desk.trouble import Refused
from daemon.office import editing
from daemon.office.renewing import Renewing
from daemon.store import diary
from tests.console.hands import Answer, Browser
from tests.support.office import ROOT, Desk


def text_of(desk: Desk, name: str) -> str:
    return (desk.home / "config" / name).read_text("utf-8")


def click(browser: Browser, day: str, kind: str, reason: str, **more: str) -> Answer:
    seen = browser.get(f"/phong/lich/{day[:4]}?ngay={day}").hidden("tep")
    return browser.post(f"/phong/lich/{day[:4]}", {"tep": seen, "ngay": day, "loai": kind, "ly-do": reason, **more})


def test_a_day_clicked_is_a_day_in_the_file_and_in_the_diary(desk: Desk, thu: Browser) -> None:
    before = text_of(desk, "calendar/2026.toml")
    assert click(thu, "2026-12-31", "half", "họp tổng kết").status == 303
    after = text_of(desk, "calendar/2026.toml")
    assert tomllib.loads(after)["days"][-1] == {"date": dt.date(2026, 12, 31), "kind": "half", "reason": "họp tổng kết"}
    assert set(before.splitlines()) <= set(after.splitlines())
    event = diary.read(desk.parts.store, 1)[0]
    assert (event.kind, event.author.name, event.content["file"]) == (
        "settings_changed",
        "Hoàng Thị Thu",
        "config/calendar/2026.toml",
    )
    assert "nửa ngày" in thu.get("/phong/lich/2026").text


def test_the_doubtful_day_is_confirmed_with_a_click(desk: Desk, thu: Browser) -> None:
    assert click(thu, "2026-11-24", "off", "Ngày Văn hóa Việt Nam").status == 303
    row = next(
        each
        for each in tomllib.loads(text_of(desk, "calendar/2026.toml"))["days"]
        if each["date"] == dt.date(2026, 11, 24)
    )
    assert "confirmed" not in row


def test_a_day_goes_back_to_what_its_weekday_says(desk: Desk, thu: Browser) -> None:
    assert click(thu, "2026-11-24", "", "").status == 303
    assert dt.date(2026, 11, 24) not in {
        each["date"] for each in tomllib.loads(text_of(desk, "calendar/2026.toml"))["days"]
    }
    assert "# Giờ theo mùa" in text_of(desk, "calendar/2026.toml")


@pytest.mark.parametrize(
    ("day", "kind", "reason"),
    [("2026-12-31", "off", ""), ("2026-12-31", "nghỉ", "x"), ("2027-01-04", "off", "x"), ("", "off", "x")],
)
def test_a_senseless_day_is_refused(desk: Desk, thu: Browser, day: str, kind: str, reason: str) -> None:
    before = text_of(desk, "calendar/2026.toml")
    seen = thu.get("/phong/lich/2026?ngay=2026-12-31").hidden("tep")
    assert thu.post("/phong/lich/2026", {"tep": seen, "ngay": day, "loai": kind, "ly-do": reason}).status == 422
    assert text_of(desk, "calendar/2026.toml") == before


def test_two_who_change_one_file_are_told(desk: Desk, thu: Browser, admin: Browser) -> None:
    seen = thu.get("/phong/lich/2026?ngay=2026-12-30").hidden("tep")
    assert click(admin, "2026-12-31", "off", "nghỉ").status == 303
    late = thu.post("/phong/lich/2026", {"tep": seen, "ngay": "2026-12-30", "loai": "off", "ly-do": "nghỉ bù"})
    assert late.status == 422 and "vừa được người khác sửa" in late.text and "nghỉ bù" in late.text


def test_a_new_year_begins_as_a_draft_and_is_confirmed(desk: Desk, thu: Browser) -> None:
    assert thu.post("/phong/lich/2028", {"viec": "lap"}).status == 303
    page = thu.get("/phong/lich/2028")
    assert "chưa được xác nhận" in page.text
    assert thu.post("/phong/lich/2028", {"viec": "xac-nhan", "tep": page.hidden("tep")}).status == 303
    assert tomllib.loads(text_of(desk, "calendar/2028.toml"))["confirmed"] is True


CALENDAR = (ROOT / "config" / "calendar" / "2026.toml").read_text("utf-8")


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    day=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    kind=st.sampled_from(["off", "working", "half", ""]),
    reason=st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=20).map(lambda text: f"lý do {text}"),
)
def test_any_day_can_be_set_and_nothing_else_moves(day: dt.date, kind: str, reason: str) -> None:
    table = editing._day_table(day, kind, reason, True) if kind else ""
    fresh = editing._with_day(CALENDAR, day, table)
    editing._same_but(CALENDAR, fresh, day)
    mine = [each for each in tomllib.loads(fresh)["days"] if each["date"] == day]
    assert mine == ([{"date": day, "kind": kind, "reason": reason}] if kind else [])
    comments = [line for line in CALENDAR.splitlines() if line.startswith("#")]
    assert [line for line in fresh.splitlines() if line.startswith("#")] == comments
    assert editing._with_day(fresh, day, table) == fresh


def test_a_units_card_is_changed_and_comments_stay(desk: Desk, thu: Browser) -> None:
    seen = thu.get("/phong/don-vi").hidden("tep")
    form = {
        "tep": seen,
        "don-vi": "Chợ Đồn",
        "name": "Điện lực Chợ Đồn",
        "addresses": "moi@pcbk.example, hai@pcbk.example",
        "duty_phone": "0209 3000 999",
    }
    assert thu.post("/phong/don-vi", form).status == 303
    card = next(each for each in tomllib.loads(text_of(desk, "units.toml"))["units"] if each["id"] == "Chợ Đồn")[
        "cards"
    ][-1]
    assert card["addresses"] == ["moi@pcbk.example", "hai@pcbk.example"] and card["duty_phone"] == "0209 3000 999"
    assert "# Khi tên hay địa chỉ đổi" in text_of(desk, "units.toml")
    assert "0209 3000 999" in thu.get("/phong/don-vi").text


def test_a_unit_that_changes_its_name_keeps_the_old_one_for_the_past(desk: Desk, thu: Browser) -> None:
    seen = thu.get("/phong/don-vi").hidden("tep")
    form = {
        "tep": seen,
        "don-vi": "Chợ Đồn",
        "name": "Đội quản lý điện Chợ Đồn",
        "addresses": "doi@pcbk.example",
        "tu-ngay": "01/12/2026",
    }
    assert thu.post("/phong/don-vi", form).status == 303
    cards = next(each for each in tomllib.loads(text_of(desk, "units.toml"))["units"] if each["id"] == "Chợ Đồn")[
        "cards"
    ]
    assert cards[0]["to"] == dt.date(2026, 11, 30) and cards[0]["name"] == "Điện lực Chợ Đồn"
    assert cards[1]["from"] == dt.date(2026, 12, 1) and cards[1]["name"] == "Đội quản lý điện Chợ Đồn"


def test_a_wrong_address_is_refused_as_the_file_would_be(desk: Desk, thu: Browser) -> None:
    before = text_of(desk, "units.toml")
    seen = thu.get("/phong/don-vi").hidden("tep")
    answer = thu.post("/phong/don-vi", {"tep": seen, "don-vi": "Chợ Đồn", "name": "X", "addresses": "khong-phai-thu"})
    assert answer.status == 422 and "không phải địa chỉ thư" in answer.text
    assert text_of(desk, "units.toml") == before


def test_switches_and_costs_are_written(desk: Desk, thu: Browser) -> None:
    seen = thu.get("/phong/cong-tac").hidden("tep")
    assert thu.post("/phong/cong-tac", {"tep": seen, "requests": "1", "slips": "1"}).status == 303
    on = tomllib.loads(text_of(desk, "desk.toml"))["outgoing"]
    assert on == {"requests": True, "slips": True, "reminders": False, "receipts": False, "reports": False}
    assert "câu trả lời cho khách luôn chờ người duyệt" in text_of(desk, "desk.toml")
    seen = thu.get("/phong/bieu-gia").hidden("tep")
    form = {
        "tep": seen,
        "bieu": "0",
        "muc-low": "99.000",
        "muc-medium": "231.000",
        "muc-high": "339.000",
        "doi-chieu": "23/11/2026",
        "xac-nhan": "1",
    }
    assert thu.post("/phong/bieu-gia", form).status == 303
    table = tomllib.loads(text_of(desk, "tariffs.toml"))["tariffs"][0]
    assert table["voltages"][0]["base"] == 99000 and table["confirmed"] is True
    assert "0,38 kV hay 0,4 kV" in text_of(desk, "tariffs.toml")
    form = {**form, "tep": thu.get("/phong/bieu-gia").hidden("tep"), "muc-low": "-5"}
    assert thu.post("/phong/bieu-gia", form).status == 422


def test_a_file_is_written_only_when_all_of_it_is_right(desk: Desk, admin: Browser) -> None:
    before = text_of(desk, "desk.toml")
    seen = admin.get("/phong/tep?ten=desk.toml").hidden("tep")
    wrong = before.replace('kind = "maildir"', 'kind = "fax"').replace("port = 8210", "port = 0")
    answer = admin.post("/phong/tep", {"ten": "desk.toml", "tep": seen, "noi-dung": wrong})
    assert answer.status == 422 and "mailbox.kind" in answer.text and "port" in answer.text
    assert text_of(desk, "desk.toml") == before
    right = before.replace('place = "Bắc Kạn"', 'place = "Thái Nguyên"')
    assert admin.post("/phong/tep", {"ten": "desk.toml", "tep": seen, "noi-dung": right}).status == 303
    assert text_of(desk, "desk.toml") == right
    assert admin.get("/phong/tep?ten=../var/motcua.db").status == 422


def test_settings_broken_by_hand_are_told_and_the_old_ones_go_on(desk: Desk, admin: Browser) -> None:
    path = desk.home / "config" / "units.toml"
    path.write_text("leaders = 1\n", "utf-8")
    page = admin.get("/")
    assert page.status == 200 and "đang dùng cấu hình cũ" in page.text


def test_a_changed_calendar_moves_the_promises_of_open_tickets(desk: Desk, thu: Browser) -> None:
    renewing = Renewing(desk.parts)
    number = desk.note("phone_note", "Anh Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    before = desk.ticket(number).deadline("appointment").due
    assert click(thu, "2026-11-25", "off", "nghỉ bù").status == 303
    assert thu.get(f"/phieu/{number}").status == 200
    assert renewing.look() == 1 and renewing.look() == 0
    desk.work()
    after = desk.ticket(number).deadline("appointment").due
    assert (before.day, after.day) == (27, 30)


def test_files_broken_by_hand_ring_until_they_are_right(desk: Desk) -> None:
    renewing = Renewing(desk.parts)
    path = desk.home / "config" / "units.toml"
    right = path.read_text("utf-8")
    path.write_text("leaders = 1\n", "utf-8")
    for _ in range(2):
        with pytest.raises(Refused, match="đang dùng cấu hình cũ"):
            renewing.look()
    path.write_text(right, "utf-8")
    assert renewing.look() == 1


def test_a_template_is_replaced_only_without_faults(desk: Desk, admin: Browser, thu: Browser) -> None:
    name = "appointment-slip.docx"
    path = desk.home / "templates" / name
    before = path.read_bytes()
    assert "Mẫu đúng" in thu.get(f"/phong/mau/{name}").text
    assert {each.name for each in (ROOT / "templates").glob("*.docx")} == set(words.TEMPLATES)
    assert thu.get(f"/phong/mau/{name}?viec=in-thu").body.startswith(b"PK")
    assert thu.upload(f"/phong/mau/{name}", "tep-mau", name, before).status == 403
    assert admin.upload(f"/phong/mau/{name}", "tep-mau", name, b"khong phai Word").status == 422
    assert path.read_bytes() == before
    other = (desk.home / "templates" / "interim-answer.docx").read_bytes()
    assert admin.upload(f"/phong/mau/{name}", "tep-mau", name, other).status == 303
    assert path.read_bytes() == other
    assert desk.parts.store.originals.path(diary.read(desk.parts.store, 1)[0].content["before"]).read_bytes() == before


def test_the_diary_is_a_chain(desk: Desk, thu: Browser) -> None:
    click(thu, "2026-12-31", "off", "nghỉ")
    assert not diary.broken(desk.parts.store)
    desk.parts.database.engine.execute_sql("UPDATE office_event SET cause = 'khác' WHERE seq = 1")
    assert diary.broken(desk.parts.store) == [1]


def test_a_name_that_is_no_file_of_ours_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        editing.read(desk.parts, "../templates/report.docx")
