"""Many callers, one outage: whatever becomes of the first ticket, those behind it are answered or asked for."""

import pytest

from daemon.desk.ticket import State
from daemon.desk.trouble import Refused
from daemon.office import actions
from tests.office.test_endings import ANSWER, OTHER, UNIT, WRITES, _joined
from tests.support.office import Desk


def test_who_calls_while_the_unit_s_answer_comes_in_has_it_too(desk: Desk) -> None:
    desk.note("phone_note", WRITES)
    desk.work()
    desk.reply(UNIT, ANSWER)
    desk.mail("Hoa <hoa@khach.example>", "Mất điện", OTHER)
    desk.work()
    states = [(ticket.state, ticket.draft and ticket.draft.text) for ticket in desk.parts.store.tickets()]
    assert states == [(State.TO_APPROVE, ANSWER)] * 2


def test_who_waits_behind_one_that_a_person_answered_asks_itself(desk: Desk) -> None:
    first, second = _joined(desk)
    desk.new_sent()
    actions.answered(desk.parts, first, "phone", "", "Lan")
    desk.work()
    assert (desk.ticket(first).state, desk.ticket(second).group) == (State.CLOSED, None)
    assert [mail.to for mail in desk.new_sent()] == [(UNIT,)]
    desk.reply(UNIT, ANSWER)
    desk.work()
    assert desk.ticket(second).state is State.TO_APPROVE


def test_who_waits_behind_one_that_became_another_kind_asks_itself(desk: Desk) -> None:
    first, second = _joined(desk)
    actions.set_fields(desk.parts, first, ("category=outage_complaint",), "Lan")
    desk.work()
    assert [(row.unit, row.open) for row in desk.ticket(second).units] == [("Chợ Đồn", True)]


def test_who_became_another_kind_and_back_is_asked_for(desk: Desk) -> None:
    _, second = _joined(desk)
    for kind in ("outage_complaint", "outage_info"):
        actions.set_fields(desk.parts, second, (f"category={kind}",), "Lan")
        desk.work()
    ticket = desk.ticket(second)
    assert (ticket.state, ticket.group) == (State.WAITING_UNIT, None) and any(row.open for row in ticket.units)


def test_the_first_customers_own_matter_is_not_for_the_others(desk: Desk) -> None:
    first, second = _joined(desk)
    desk.reply(UNIT, f"{ANSWER}\nVề tủ thuốc trạm xá: đơn vị đã lập biên bản, hẹn ông đến ký.")
    desk.work()
    one, other = desk.ticket(first), desk.ticket(second)
    assert one.draft is not None
    assert "tủ thuốc" in one.draft.text
    assert other.draft is not None
    assert other.draft.text == ANSWER
    assert "wording" not in other.check
    assert any(event.kind == "group_left_out" for event in desk.events(second))


def test_what_may_be_the_first_customers_own_is_shown_before_release(desk: Desk) -> None:
    _, second = _joined(desk)
    doubtful = "Biên bản đã lập, hẹn ông đến ký."
    desk.reply(UNIT, f"{ANSWER} {doubtful}")
    desk.work()
    other = desk.ticket(second)
    assert other.draft is not None
    assert doubtful in other.draft.text
    assert "wording" in other.check
    assert any(f"«{doubtful}»" in question for question in other.questions)
    actions.set_fields(desk.parts, second, ("email=khac@khach.example",), "Lan")
    desk.work()
    assert "wording" in desk.ticket(second).check
    with pytest.raises(Refused, match=f"«{doubtful}»"):
        actions.approve(desk.parts, second, "Lan")
    actions.approve(desk.parts, second, "Lan", as_is=True)
    desk.work()
    assert "wording" not in desk.ticket(second).check
