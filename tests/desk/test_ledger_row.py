import datetime as dt
from dataclasses import replace

import pytest

from daemon.desk.ledger_row import asked_for, ledger_row
from daemon.desk.promises import met, promise
from daemon.desk.ticket import Deadline, State, Ticket, UnitAsked, UnitState
from tests.documents.samples import NOW, at, bare, ticket


def promised(due: dt.datetime, met_at: dt.datetime | None = None, state: State = State.TO_APPROVE) -> Ticket:
    line = Deadline("appointment", due, "agent", "r", at(2026, 10, 5, 8, 20), met=met_at)
    return ticket(deadlines=(line,), state=state)


@pytest.mark.parametrize(
    ("of", "late", "is_open"),
    [
        (promised(at(2026, 10, 8, 17)), "", True),
        (promised(at(2026, 10, 7, 17)), "sắp đến hạn", True),
        (promised(at(2026, 10, 7, 16)), "quá hạn", True),
        (promised(at(2026, 10, 7, 16), at(2026, 10, 7, 15), State.CLOSED), "", False),
        (promised(at(2026, 10, 7, 16), at(2026, 10, 7, 16, 1), State.CLOSED), "quá hạn", False),
        (promised(at(2026, 10, 6, 16), None, State.CANCELLED), "", False),
        (bare(), "", True),
    ],
)
def test_late_and_open(of: Ticket, late: str, is_open: bool) -> None:
    row = ledger_row(of, NOW)
    assert (row.late, row.open) == (late, is_open)


def test_who_holds_it() -> None:
    names = {"Bạch Thông": "Điện lực Bạch Thông"}
    assert ledger_row(ticket(state=State.WAITING_UNIT), NOW, unit_names=names).holder == "Điện lực Bạch Thông"
    assert ledger_row(ticket(state=State.TO_APPROVE), NOW).holder == "Giao dịch viên"
    assert ledger_row(ticket(state=State.CLOSED), NOW).holder == ""


def test_the_units_times() -> None:
    rows = (
        UnitAsked(
            "A", "s", 1, UnitState.ANSWERED, at(2026, 10, 5, 9), at(2026, 10, 6, 17), answered=at(2026, 10, 6, 9)
        ),
        UnitAsked("B", "s", 1, UnitState.ASKED, at(2026, 10, 5, 10), at(2026, 10, 7, 17)),
        UnitAsked("C", "s", 1, UnitState.WITHDRAWN, at(2026, 10, 5, 8), at(2026, 10, 5, 17)),
    )
    row = ledger_row(ticket(units=rows), NOW)
    assert (row.units, row.asked, row.unit_due, row.unit_answered) == (
        "A, B",
        at(2026, 10, 5, 9),
        at(2026, 10, 7, 17),
        None,
    )
    done = ledger_row(ticket(units=rows[:1]), NOW)
    assert (done.unit_due, done.unit_answered) == (at(2026, 10, 6, 17), at(2026, 10, 6, 9))


def test_times_are_in_the_offices_zone() -> None:
    row = ledger_row(ticket(received=dt.datetime(2026, 10, 5, 1, 20, tzinfo=dt.UTC)), NOW)
    assert (row.received.hour, row.received.utcoffset()) == (8, dt.timedelta(hours=7))


def test_a_reopened_ticket_owes_its_new_promise() -> None:
    first = Deadline("appointment", at(2026, 10, 6, 17), "agent", "r", at(2026, 10, 5, 8), met=at(2026, 10, 6, 9))
    again = Deadline("appointment", at(2026, 10, 9, 17), "agent", "r", at(2026, 10, 6, 10), round=2)
    of = ticket(deadlines=(first, again), state=State.WAITING_UNIT)
    assert (promise(of), met(of)) == (at(2026, 10, 9, 17), None)
    assert ledger_row(of, NOW).open


def test_both_promises_must_be_met() -> None:
    met_at = at(2026, 10, 6, 9)
    one = Deadline("appointment", at(2026, 10, 8, 17), "agent", "r", at(2026, 10, 5, 8), met=met_at)
    two = Deadline("tell_customer", at(2026, 10, 7, 17), "agent", "r", at(2026, 10, 5, 8))
    assert met(ticket(deadlines=(one, two))) is None
    assert met(ticket(deadlines=(one,))) == met_at


def test_a_cancelled_ticket_still_tells_who_was_asked() -> None:
    asked = UnitAsked("A", "s", 1, UnitState.WITHDRAWN, at(2026, 10, 5, 4, 12), at(2026, 10, 5, 4, 42))
    for row in (replace(asked, before=UnitState.ASKED), asked):
        made = ledger_row(ticket(units=(row,), state=State.CANCELLED), NOW)
        assert (made.units, made.asked, made.unit_due) == ("A", at(2026, 10, 5, 4, 12), at(2026, 10, 5, 4, 42))
        assert made.unit_answered is None


def test_a_ticket_behind_another_tells_whom_that_one_asked() -> None:
    row = UnitAsked("A", "s", 1, UnitState.ASKED, at(2026, 10, 5, 9), at(2026, 10, 7, 9))
    leader = ticket(number="PCBK-2026-000007", units=(row,))
    behind = ticket(units=(), group=leader.number, state=State.WAITING_UNIT)
    assert asked_for(behind) == leader.number
    assert asked_for(leader) is None
    made = ledger_row(behind, NOW, leader=leader)
    assert (made.units, made.asked) == ("A (hỏi chung ở phiếu PCBK-2026-000007)", at(2026, 10, 5, 9))
    assert asked_for(behind.evolve(units=(row,))) is None
