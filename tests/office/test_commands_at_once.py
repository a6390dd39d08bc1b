"""Commands that follow each other before the daemon has looked: each counts from what was said before it."""

import datetime as dt

import pytest

from daemon.desk.ticket import State
from daemon.desk.trouble import Refused
from daemon.office import actions, keeping, listing
from daemon.office.reporting import make_report
from tests.support.office import Desk


@pytest.fixture
def number(desk: Desk) -> str:
    """A ticket that waits for its unit."""
    number = desk.note("phone_note", "Anh Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    return number


def test_reopened_and_cancelled_at_once(desk: Desk, number: str) -> None:
    actions.finish(desk.parts, number, "closed_by", "khách rút yêu cầu", "Lan")
    actions.reopen(desk.parts, number, "khách gọi lại", "Lan")
    actions.finish(desk.parts, number, "cancelled", "khách lại thôi", "Lan")
    desk.work()
    assert desk.ticket(number).state is State.CANCELLED
    said = [each.kind for each in desk.events(number) if each.author.kind == "person"]
    assert said[-3:] == ["closed_by", "reopened", "cancelled"]


def test_a_ticket_just_closed_is_not_closed_again(desk: Desk, number: str) -> None:
    actions.finish(desk.parts, number, "closed_by", "khách rút yêu cầu", "Lan")
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.finish(desk.parts, number, "cancelled", "", "Lan")


def test_a_ticket_just_reopened_is_not_reopened_again(desk: Desk, number: str) -> None:
    actions.finish(desk.parts, number, "closed_by", "khách rút yêu cầu", "Lan")
    actions.reopen(desk.parts, number, "khách gọi lại", "Lan")
    with pytest.raises(Refused, match="chưa kết thúc"):
        actions.reopen(desk.parts, number, "lần nữa", "Lan")


def _drafted(desk: Desk, number: str) -> None:
    actions.found(desk.parts, number, "phone", "Đã có điện lại lúc 9h.", "Lan")
    desk.work()
    assert desk.ticket(number).state is State.TO_APPROVE


def test_what_was_just_said_counts_in_report_ledger_and_lists(desk: Desk, number: str) -> None:
    """The daemon has not looked yet: whoever asks right behind the command is told what is recorded."""
    _drafted(desk, number)
    actions.answered(desk.parts, number, "phone", "đã gọi", "Lan")
    assert desk.ticket(number).state is State.TO_APPROVE, "nobody has decided yet"
    today = desk.clock.now().date()
    _, figures = make_report(desk.parts, "phong", today, today)
    assert (figures.all.answered, figures.all.open) == (1, 0)
    (row,) = keeping.rows(desk.parts, today.year)
    assert row.answered is not None and not row.open
    assert listing.one(desk.parts, number).state is State.CLOSED
    wanted = {"late": False, "unit": None, "words": ""}
    assert listing.listed(desk.parts, waiting=False, review=True, **wanted) == []
    assert listing.listed(desk.parts, waiting=True, review=False, **wanted) == []
    desk.work()
    _, after = make_report(desk.parts, "phong", today, today)
    assert after.all == figures.all


def test_a_customer_counts_as_answered_when_it_was_said(desk: Desk, number: str) -> None:
    """The daemon was away over the promised time: what a person did before it is not late."""
    said = desk.clock.now()
    actions.answered(desk.parts, number, "phone", "", "Lan")
    desk.clock.at = said + dt.timedelta(days=30)
    ahead = listing.one(desk.parts, number)
    desk.work()
    for ticket in (ahead, desk.ticket(number)):
        assert {line.met for line in ticket.deadlines if line.name == "appointment"} == {said}
