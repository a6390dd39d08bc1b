"""Time around a ticket: a changed calendar, extension, reopening, and how it is all explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.loop import Loop
from daemon.office import actions, keeping, showing
from daemon.office.parts import open_office
from tests.support.office import Desk, moment

NOTE = "Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 phàn nàn một tháng mất điện 8 lần, hẹn gọi điện trả lời ông."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = Desk(tmp_path / "office", "2026-10-05 08:20")
    office.note("counter", NOTE)
    office.work()
    yield office
    office.close()


def test_a_changed_calendar_moves_open_deadlines_with_an_event_for_each(desk: Desk) -> None:
    ticket = desk.ticket()
    assert (ticket.deadline("appointment").due, ticket.units[0].due) == (
        moment("2026-10-08 17:00"),
        moment("2026-10-07 17:00"),
    )
    path = desk.home / "config/calendar/2026.toml"
    path.write_text(
        path.read_text("utf-8") + '\n[[days]]\ndate = 2026-10-07\nkind = "off"\nreason = "nghỉ đột xuất"\n', "utf-8"
    )
    desk.parts.close()
    parts = open_office(desk.home, desk.clock)
    assert keeping.note_settings(parts) == 1
    assert keeping.note_settings(parts) == 0
    Loop(parts).decide()
    ticket = parts.store.ticket(ticket.number)
    assert (ticket.deadline("appointment").due, ticket.units[0].due) == (
        moment("2026-10-09 17:00"),
        moment("2026-10-08 17:00"),
    )
    moved = [event for event in parts.store.events(ticket.number) if event.kind == "deadline_moved"]
    assert {event.content["name"] for event in moved} >= {"appointment", "legal", "unit_answer"}
    assert all(event.content["old"] != event.content["due"] for event in moved)
    parts.close()


def test_explain_tells_every_day_that_does_not_count(desk: Desk) -> None:
    desk.close()
    office = Desk(desk.home.parent / "zweite", "2026-10-08 19:00")
    office.note("counter", NOTE)
    office.work()
    text = "\n".join(showing.explain(office.parts, office.ticket()))
    assert "thứ Năm 08/10" in text
    assert "thứ Sáu 09/10" in text
    assert "thứ Bảy 10/10" in text
    assert "14/10/2026" in text
    office.close()


def test_an_extended_promise_stays_when_the_calendar_moves(desk: Desk) -> None:
    number = desk.ticket().number
    actions.extend(desk.parts, number, "15/10/2026", "chờ kết quả kiểm định", "Hoa")
    desk.work()
    assert desk.ticket().deadline("appointment").due == moment("2026-10-15 17:00")
    event = next(event for event in desk.events() if event.kind == "extended")
    assert (event.author.name, event.cause) == ("Hoa", "chờ kết quả kiểm định")
    assert any("-interim-1.docx" in name for name in desk.file_names())
    keeping.note_settings(desk.parts)
    desk.parts.store.look_at_all(desk.clock.now())
    desk.work()
    assert desk.ticket().deadline("appointment").due == moment("2026-10-15 17:00")


def test_a_reopened_ticket_starts_a_new_round(desk: Desk) -> None:
    number = desk.ticket().number
    actions.answered(desk.parts, number, "phone", "", "Lan")
    desk.work()
    assert desk.ticket().state == "closed"
    desk.at("2026-10-12 09:00")
    desk.new_sent()
    actions.reopen(desk.parts, number, "khách hàng chưa đồng ý", "Hoa")
    desk.work()
    ticket = desk.ticket()
    assert (ticket.state, ticket.round) == ("waiting_unit", 2)
    assert ticket.deadline("appointment").due == moment("2026-10-15 17:00")
    assert [mail.to[0] for mail in desk.new_sent()] == ["dlpacnam@pcbk.example"]
    assert {line.round for line in ticket.deadlines if line.name == "appointment"} == {1, 2}


def test_reminders_stop_the_moment_the_answer_is_there(desk: Desk) -> None:
    desk.at("2026-10-07 16:00")
    desk.new_sent()
    desk.reply("dlpacnam@pcbk.example", "Nguyên nhân do sét đánh, đơn vị đã thay chống sét van.")
    desk.work()
    desk.at("2026-10-08 16:59")
    assert all("dlpacnam" not in address for mail in desk.new_sent() for address in mail.to)


def test_an_agent_may_answer_before_the_unit_did(desk: Desk) -> None:
    actions.found(desk.parts, desk.ticket().number, "phone", "Sự cố do sét, đã khắc phục.", "Lan")
    desk.work()
    ticket = desk.ticket()
    assert (ticket.state, str(ticket.units[0].state)) == ("to_approve", "withdrawn")
    desk.new_sent()
    desk.at("2026-10-12 10:00")
    assert all("dlpacnam" not in address for mail in desk.new_sent() for address in mail.to)


def test_status_tells_which_fields_people_had_to_correct(desk: Desk) -> None:
    number = desk.ticket().number
    actions.set_fields(desk.parts, number, ("phone=0912000113", "name=Sùng A Chớ"), "Lan")
    desk.work()
    actions.set_fields(desk.parts, number, ("email=cho@khach.example",), "Lan")
    state = showing.status(desk.parts)
    assert state["corrections"] == {"email": {"filled": 1}, "name": {"confirmed": 1}, "phone": {"corrected": 1}}
    (said,) = [line for line in showing.status_lines(state) if "đã sửa lại" in line]
    assert "số điện thoại 1 trong 1 lần xem" in said and "họ tên" not in said and "Không phải làm gì" in said
    (added,) = [line for line in showing.status_lines(state) if "đã bổ sung" in line]
    assert "thư điện tử 1 trong 1 lần xem" in added
