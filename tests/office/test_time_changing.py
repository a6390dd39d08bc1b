"""A change of an outage's time at the desk: the announced outage, the others it touches, and every way to release."""

import datetime as dt
import os
from pathlib import Path

import pytest

from daemon.desk.trouble import Refused
from daemon.office import actions
from tests.support.office import Desk, moment

START = "2026-10-23 08:15"
PLAN = """Đơn vị;Trạm;Đường dây;Khu vực;Bắt đầu;Kết thúc;Lý do
Điện lực Bạch Thông;TBA Quân Hà 1;372E26.1;xã Quân Hà;28/10/2026 07:30;28/10/2026 11:30;Thay dây dẫn
Điện lực Bạch Thông;;;xã Cẩm Giàng;28/10/2026 07:30;28/10/2026 11:30;Vệ sinh sứ
Điện lực Na Rì;TBA Kim Lư;373E26.3;xã Kim Lư;28/10/2026 07:30;28/10/2026 11:30;Thay sứ
"""
CUSTOMERS = """Mã KH;Tên KH;Địa chỉ;Điện thoại;Mã đơn vị;Tên trạm;Lộ
PA26BT0000101;Nguyễn Văn Minh;thôn 2, xã Quân Hà;0912000101;PA26BT;TBA Quân Hà 1;372E26.1
PA26BT0000102;Lý Thị Hoa;thôn 5, xã Quân Hà;0912000102;PA26BT;TBA Quân Hà 1;372E26.1
PA26BT0000103;Lý Văn Sự;thôn 7, xã Quân Hà;0912000103;PA26BT;TBA Quân Hà 2;372E26.1
PA26BT0000104;Lý Văn Tu;xã Cẩm Giàng;0912000104;PA26BT;TBA Cẩm Giàng;374E26.4
PA26BT0000105;Lý Văn Phú;xã Cẩm Giàng;0912000105;PA26BT;TBA Cẩm Giàng;374E26.4
"""


@pytest.fixture
def desk(tmp_path: Path):
    office = Desk(tmp_path / "office", START)
    for name, text in (("lich-ngung-dien.csv", PLAN), ("khach-hang.csv", CUSTOMERS)):
        path = office.home / "inbox" / "du-lieu" / name
        path.write_text(text, "utf-8")
        os.utime(path, (0, office.clock.now().timestamp()))
    office.work()
    yield office
    office.close()


def ask(desk: Desk, text: str) -> str:
    number = desk.note("phone_note", text)
    desk.work()
    desk.new_sent()
    return number


def minh(hour: str = "07h30") -> str:
    return f"Mã khách hàng PA26BT0000101, anh Nguyễn Văn Minh, xã Quân Hà đề nghị đổi lịch ngừng điện từ {hour} ngày 28/10/2026 sang ngày khác vì có đám cưới, hẹn gọi điện trả lời."


def event(desk: Desk, number: str, kind: str):
    return [each for each in desk.events(number) if each.kind == kind]


def answer(desk: Desk, text: str) -> None:
    desk.reply("b26@pcbk.example", text)
    desk.work()


def test_the_announced_outage_stands_on_the_ticket(desk: Desk) -> None:
    number = ask(desk, minh())
    [found] = event(desk, number, "announced_outage")
    content = found.content
    assert (content["substation"], content["feeder"]) == ("TBA Quân Hà 1", "372E26.1")
    assert content["start"] == moment("2026-10-28 07:30").isoformat()
    assert content["end"] == moment("2026-10-28 11:30").isoformat()
    assert (content["reason"], content["others"]) == ("Thay dây dẫn", 2)
    assert "Lịch ngừng" in content["source"] and "2 khách hàng khác" in found.cause
    assert "outage_start" not in desk.ticket(number).check


def test_where_the_plan_names_no_line_the_customers_own_counts(desk: Desk) -> None:
    number = ask(
        desk,
        "Mã khách hàng PA26BT0000104, xã Cẩm Giàng đề nghị đổi lịch ngừng điện từ 07h30 ngày 28/10/2026 sang ngày khác.",
    )
    [found] = event(desk, number, "announced_outage")
    assert found.content["others"] == 1 and "374E26.4" in found.content["shared"]


def test_another_hour_than_the_plans_is_asked_and_b26_asked_at_once(desk: Desk) -> None:
    number = desk.note("phone_note", minh("08h00"))
    desk.work()
    ticket = desk.ticket(number)
    assert [mail.to for mail in desk.new_sent()] == [("b26@pcbk.example",)]
    assert "outage_start" in ticket.check
    [found] = event(desk, number, "no_announced_outage")
    assert "07h30" in found.content["question"] and found.content["others"] is not None
    assert found.content["question"] in ticket.questions


def test_a_corrected_start_moves_the_promise_and_is_looked_up_again(desk: Desk) -> None:
    number = ask(desk, minh("08h00"))
    actions.set_fields(desk.parts, number, ("outage_start=2026-10-28T07:30",), "Lan")
    desk.work()
    ticket = desk.ticket(number)
    assert ticket.deadline("tell_customer").due == moment("2026-10-27 07:30")
    assert len(event(desk, number, "announced_outage")) == 1
    assert "outage_start" not in ticket.check


def test_nothing_known_of_the_place_is_told(desk: Desk) -> None:
    number = ask(
        desk, "Bà Triệu Thị Lan, xã Cao Tân, 0912 000 999 đề nghị đổi lịch ngừng điện từ 07h30 ngày 28/10/2026."
    )
    assert "outage_start" in desk.ticket(number).check
    assert event(desk, number, "no_announced_outage")[0].content["others"] is None


def test_time_runs_while_a_draft_lies(desk: Desk) -> None:
    """What may be released today may need a decision tomorrow."""
    number = ask(desk, minh())
    answer(desk, "B26 đồng ý chuyển sang 07h30 - 11h30 ngày 30/10/2026.")
    ticket = desk.ticket(number)
    assert ticket.change.new_start == moment("2026-10-30 07:30")
    assert ticket.change.new_end == moment("2026-10-30 11:30")
    assert "override_notice" not in ticket.check
    desk.at("2026-10-26 08:00")
    with pytest.raises(Refused, match="2 khách hàng khác"):
        actions.approve(desk.parts, number, "Hoa")


def test_an_override_may_be_followed_at_once_by_the_release(desk: Desk) -> None:
    number = ask(desk, minh())
    answer(desk, "B26 đồng ý chuyển sang 07h30 ngày 26/10/2026.")
    actions.set_fields(desk.parts, number, ("override_notice=Khách và thôn đã đồng ý",), "Hoa")
    actions.approve(desk.parts, number, "Hoa")
    desk.work()
    assert desk.ticket(number).state == "released"
    [said] = event(desk, number, "notice_overridden")
    assert said.cause == "Khách và thôn đã đồng ý" and said.content["by"] == "Hoa"


def test_another_answer_voids_the_override(desk: Desk) -> None:
    number = ask(desk, minh())
    answer(desk, "B26 đồng ý chuyển sang 07h30 ngày 26/10/2026.")
    actions.set_fields(desk.parts, number, ("override_notice=Khách đã đồng ý",), "Hoa")
    desk.work()
    answer(desk, "B26 đính chính: đồng ý chuyển sang 07h30 ngày 25/10/2026.")
    assert "override_notice" in desk.ticket(number).check
    with pytest.raises(Refused):
        actions.approve(desk.parts, number, "Hoa")


def test_a_refusal_is_released_freely(desk: Desk) -> None:
    number = ask(desk, minh())
    answer(desk, "B26 không đồng ý đổi lịch vì đã bố trí nhân lực, giữ nguyên lịch 07h30 ngày 28/10/2026.")
    actions.approve(desk.parts, number, "Hoa")
    desk.work()
    assert desk.ticket(number).state == "released"


def test_what_the_agent_heard_by_phone_counts_like_an_answer(desk: Desk) -> None:
    number = ask(desk, minh())
    actions.found(desk.parts, number, "phone", "B26 đồng ý chuyển sang 07h30 ngày 26/10/2026.", "Lan")
    desk.work()
    assert "override_notice" in desk.ticket(number).check
    with pytest.raises(Refused, match="26/10/2026"):
        actions.approve(desk.parts, number, "Hoa")


def test_telling_the_customer_without_release_is_kept(desk: Desk) -> None:
    number = ask(desk, minh())
    answer(desk, "B26 đồng ý chuyển sang 07h30 ngày 26/10/2026.")
    actions.answered(desk.parts, number, "phone", "", "Lan")
    desk.work()
    [kept] = event(desk, number, "released_without_override")
    assert kept.content["others"] == 2
    assert "override_notice" in desk.ticket(number).check


def test_the_fields_of_a_time_change_are_no_fields_of_others(desk: Desk) -> None:
    number = ask(desk, "Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 phàn nàn một tháng mất điện 8 lần.")
    with pytest.raises(Refused, match="đổi giờ"):
        actions.set_fields(desk.parts, number, ("override_notice=lý do",), "Lan")


def test_a_change_survives_the_database(desk: Desk) -> None:
    number = ask(desk, minh())
    answer(desk, "B26 đồng ý chuyển sang 07h30 - 11h30 ngày 30/10/2026.")
    change = desk.parts.store.ticket(number).change
    assert change == desk.ticket(number).change
    assert change.new_start.utcoffset() == dt.timedelta(hours=7)
    assert (change.others, change.shared) == (2, "trạm TBA Quân Hà 1, lộ 372E26.1")
