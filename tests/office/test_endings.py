"""A ticket ended by mistake and opened again in a real office: what the clerk reads, and what becomes of the others."""

import re
from collections.abc import Callable

import pytest

from daemon.desk import todo, wording
from daemon.desk.ticket import State
from daemon.desk.trouble import Refused
from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.office import actions, keeping, listing, showing
from daemon.office.reporting import make_report
from tests.support.office import Desk

WRITES = "Tôi là Hoàng Văn Sơn ở xã Quảng Bạch, huyện Chợ Đồn, 0912345678. Mất điện từ sáng, bao giờ có điện lại?"
OTHER = "Chị Nông Thị Hoa 0987654321 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại"
UNIT = "dlchodon@pcbk.example"
ANSWER = "Sự cố do cây đổ vào đường dây, đã xử lý xong, cấp điện lại lúc 10h30."


def _joined(desk: Desk) -> tuple[str, str]:
    """Two callers about one outage: the first is asked about, the second waits behind it."""
    first = desk.note("phone_note", WRITES)
    desk.work()
    second = desk.note("phone_note", OTHER)
    desk.work()
    assert desk.ticket(second).group == first
    return first, second


def _end(desk: Desk, number: str) -> None:
    actions.finish(desk.parts, number, "closed_by", "", "Lan")
    desk.work()


def _open(desk: Desk, number: str) -> None:
    actions.reopen(desk.parts, number, "đóng nhầm", "Lan")
    desk.work()


def test_the_units_answer_stands_and_nobody_is_asked_again(desk: Desk) -> None:
    number = desk.note("phone_note", WRITES)
    desk.work()
    desk.reply(UNIT, ANSWER)
    desk.work()
    _end(desk, number)
    with pytest.raises(Refused, match=f"motcua reopen {number} --why"):
        actions.approve(desk.parts, number, "Lan")
    desk.new_sent()
    files = desk.file_names(number)
    actions.reopen(desk.parts, number, "đóng nhầm", "Lan")
    said = todo.reopened(listing.one(desk.parts, number))
    desk.work()
    assert "Chờ duyệt câu trả lời." in said and "đơn vị không bị hỏi lại" in said
    assert f"motcua approve {number}" in said and f'motcua ask {number} --unit "Chợ Đồn"' in said
    ticket = desk.ticket(number)
    assert (ticket.state, ticket.round) == (State.TO_APPROVE, 1)
    assert desk.new_sent() == [] and desk.file_names(number) == files
    assert len(desk.drafts()) == 1, "the draft lies in the mailbox again"
    actions.approve(desk.parts, number, "Lan")
    desk.work()
    assert desk.ticket(number).state is State.RELEASED


def test_what_cannot_be_approved_yet_says_what_to_do(desk: Desk) -> None:
    number = desk.note("phone_note", WRITES)
    desk.work()
    with pytest.raises(Refused, match=rf"Chờ Chợ Đồn trả lời\. .*motcua found {number}"):
        actions.approve(desk.parts, number, "Lan")


def test_what_would_come_to_nothing_on_an_ended_ticket_is_refused(desk: Desk) -> None:
    number = desk.note("phone_note", WRITES)
    desk.work()
    _end(desk, number)
    wishes: list[Callable[[], None]] = [
        lambda: actions.found(desk.parts, number, "phone", "Có điện lúc 9h.", "Lan"),
        lambda: actions.ask(desk.parts, number, "Chợ Đồn", "", "Lan"),
        lambda: actions.extend(desk.parts, number, "2026-10-20", "chờ kiểm định", "Lan"),
        lambda: actions.merge(desk.parts, number, other, "Lan"),
        lambda: actions.merge(desk.parts, other, number, "Lan"),
    ]
    other = desk.note("phone_note", OTHER)
    desk.work()
    for wish in wishes:
        with pytest.raises(Refused, match=f"đã kết thúc.*motcua reopen {number} --why"):
            wish()


def test_who_waits_behind_another_says_for_which_and_until_when(desk: Desk) -> None:
    first, second = _joined(desk)
    due = wording.time_of(next(row.due for row in desk.ticket(first).units if row.due))
    waits = f"chờ chung phiếu {first} (Chợ Đồn, hạn {due})"
    page = list(showing.facts(desk.parts, desk.ticket(second)))
    assert waits in page[0]
    (promise,) = [line for line in page if "Hạn hẹn trả lời khách hàng" in line]
    assert promise.endswith(f"({waits})")
    assert waits in list(showing.lines(desk.parts, [desk.ticket(first), desk.ticket(second)]))[1]
    shown = showing.as_json(desk.parts, desk.ticket(second))
    assert (shown["group"], {each["holder"] for each in shown["deadlines"] if not each["met"]}) == (first, {first})
    row = next(row for row in keeping.rows(desk.parts, 2026) if row.number == second)
    assert row.holder == f"Chờ chung phiếu {first}"
    assert any(
        "chờ chung câu trả lời" in line and line.endswith(": 1")
        for line in showing.status_lines(showing.status(desk.parts))
    )
    with pytest.raises(Refused, match=f"Chờ chung phiếu {first}"):
        actions.approve(desk.parts, second, "Lan")


def test_who_waited_behind_another_waits_there_again(desk: Desk) -> None:
    first, second = _joined(desk)
    _end(desk, second)
    desk.new_sent()
    _open(desk, second)
    assert (desk.ticket(second).state, desk.ticket(second).group) == (State.WAITING_UNIT, first)
    assert desk.new_sent() == []
    desk.reply(UNIT, ANSWER)
    desk.work()
    assert desk.ticket(second).state is State.TO_APPROVE


def test_who_waited_behind_one_answered_meanwhile_gets_that_answer(desk: Desk) -> None:
    _, second = _joined(desk)
    _end(desk, second)
    desk.reply(UNIT, ANSWER)
    desk.work()
    desk.new_sent()
    _open(desk, second)
    ticket = desk.ticket(second)
    assert ticket.state is State.TO_APPROVE and ticket.draft and ticket.draft.text == ANSWER
    assert desk.new_sent() == []


def test_who_waited_behind_one_that_ended_without_an_answer_asks_itself(desk: Desk) -> None:
    first, second = _joined(desk)
    _end(desk, second)
    _end(desk, first)
    desk.new_sent()
    _open(desk, second)
    assert (desk.ticket(second).state, desk.ticket(second).group) == (State.WAITING_UNIT, None)
    assert [mail.to for mail in desk.new_sent()] == [(UNIT,)]


def test_a_mail_that_is_not_sent_by_itself_says_why_and_what_to_do(desk: Desk) -> None:
    text = WRITES.replace("Mất điện từ sáng, bao giờ có điện lại?", "Công tơ chạy nhanh bất thường, đề nghị kiểm định.")
    desk.mail("Sơn <son@khach.example>", "Công tơ", text, **{"X-Auto-Response-Suppress": "All"})
    desk.work()
    page = "\n".join(showing.page(desk.parts, desk.ticket()))
    (line,) = [each for each in page.splitlines() if "Không tự gửi" in each]
    assert re.search(r"Không tự gửi phiếu hẹn tới son@khach\.example\. .*Cần làm: ", line)


def test_closed_without_an_answer_is_a_column_of_the_report(desk: Desk) -> None:
    number = desk.note("phone_note", WRITES)
    desk.work()
    _end(desk, number)
    today = desk.clock.now().date()
    data, figures = make_report(desk.parts, "phong", today, today)
    every = figures.all
    assert (every.received, every.unanswered, every.answered, every.open) == (1, 1, 0, 0)
    text = " ".join(spot.text for spot in spots(Package.load(data)))
    assert "Đóng không trả lời" in text and f"không trả lời khách hàng: {number}" in text
    (row,) = keeping.rows(desk.parts, today.year)
    assert row.state == "Đóng, không trả lời khách"
    assert "Đóng, không trả lời khách" in showing.line(listing.one(desk.parts, number), desk.clock.now())


def test_a_finding_for_a_released_answer_is_refused_with_what_comes_next(desk: Desk) -> None:
    number = desk.note("phone_note", WRITES)
    desk.work()
    actions.found(desk.parts, number, "phone", "Có điện lúc 9h.", "Lan")
    desk.work()
    actions.approve(desk.parts, number, "Lan")
    with pytest.raises(Refused, match=f"motcua answered {number} --by phone"):
        actions.found(desk.parts, number, "phone", "Có điện lúc 10h.", "Lan")
