"""What a clerk puts right on the way: another kind, another unit and back, other words; nothing gets stuck or is told twice."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.desk import promises, todo
from daemon.desk.decide import decide
from daemon.desk.effects import LOOK_UP, REMOVE_DRAFT, SAVE_DRAFT, SEND_MAIL, TELL_GROUP, Effect
from daemon.desk.ticket import Category, Channel, Customer, Event, ReplyForm, State, Ticket, UnitState
from tests.desk.test_endings import DESK, LAN, MORNING, Story, complaint, drafted, duty, found, released


def _put(story: Story, **fields: Any) -> list[Effect]:
    return story.say("fields_set", LAN, fields=fields, all=False, before={})


def _wanted(effects: list[Effect], kind: str) -> list[Effect]:
    return [each for each in effects if each.kind == kind]


def test_another_kind_is_looked_up_anew() -> None:
    story = Story(Category.RECONNECTION_COST)
    story.say("found", text="98.000 đồng.", source="tariff", note="", assumed=[])
    effects = _put(story, category="outage_info")
    assert (story.ticket.state, story.ticket.found) == (State.LOOKING_UP, None)
    assert len(_wanted(effects, LOOK_UP)) == 1, "the look-up before was about another kind"


@pytest.mark.parametrize("kind", ["outage_info", "other"])
def test_an_ended_ticket_given_another_kind_keeps_nothing_of_its_ending(kind: str) -> None:
    story = complaint()
    story.say("merged", LAN, into="X")
    _put(story, category=kind)
    ticket = story.ticket
    assert (ticket.merged_into, ticket.ended_from, ticket.state) == (None, None, State.LOOKING_UP)
    assert not any(row.before for row in ticket.units)


def test_another_kind_of_an_answered_ticket_is_for_the_ledger_alone() -> None:
    story = released()
    story.say("answered", LAN, by="phone", note="")
    effects = _put(story, category="other")
    assert (effects, story.ticket.state, story.ticket.category) == ([], State.CLOSED, Category.OTHER)


@pytest.mark.parametrize("kind", ["outage_info", "outage_complaint", "other", "not_a_request"])
def test_of_the_promises_only_those_of_the_kind_now_are_open(kind: str) -> None:
    story = duty()
    assert story.ticket.units and any(line.name == "emergency_notice" for line in story.ticket.deadlines)
    story.say("extended", LAN, until="2026-10-12T17:00:00+07:00", why="chờ vật tư")
    _put(story, category=kind)
    still = [line for line in story.ticket.deadlines if line.met is None]
    type_now = DESK.procedure.request_types.get(kind)
    assert {line.name for line in still} <= {rule.name for rule in (type_now.deadlines if type_now else ())}
    assert len({line.name for line in still}) == len(still), "each stands there once"
    assert all(line.extended for line in still if line.name == "appointment"), "the customer was told of the later day"


def test_with_the_last_doubt_every_question_goes() -> None:
    asked = ("Họ tên: hai cách đọc khác nhau", "Số điện thoại: có bộ đọc đọc khác", "Mã nào đúng?")
    story = Story(check=("name", "phone"), questions=asked)
    _put(story, phone="0912345679")
    assert (story.ticket.check, story.ticket.questions) == (("name",), (asked[0], asked[2]))
    story.say("fields_set", LAN, fields={}, all=True, before={})
    assert (story.ticket.check, story.ticket.questions) == ((), ())


def test_a_unit_asked_before_is_asked_again() -> None:
    story = duty()
    _put(story, unit="Ba Bể")
    effects = _put(story, unit="Chợ Đồn")
    assert [(row.unit, row.open) for row in story.ticket.asked_now()] == [("Chợ Đồn", True)]
    mails = [(each.payload["purpose"], each.payload["unit"]) for each in _wanted(effects, SEND_MAIL)]
    assert mails == [("not_needed", "Ba Bể"), ("request", "Chợ Đồn")], "who was asked before need not answer any more"


def test_who_asks_a_unit_wants_its_words_and_not_what_was_found_before() -> None:
    story = found()
    story.ask("Chợ Đồn")
    story.answer(text="Có điện lúc 10h.")
    assert story.ticket.draft and story.ticket.draft.text == "Có điện lúc 10h."


def test_what_the_customer_was_told_before_is_not_told_again() -> None:
    story = released()
    story.say("answered", LAN, by="phone", note="")
    story.say("reopened", LAN, why="khách chưa đồng ý")
    story.ask("Chợ Đồn")
    story.answer(text="Đã kiểm tra lại: do cây đổ.")
    assert story.ticket.draft and story.ticket.draft.text == "Đã kiểm tra lại: do cây đổ."


def test_a_telephone_number_put_right_asks_nobody_again() -> None:
    story = released()
    story.say("answered", LAN, by="phone", note="")
    story.say("reopened", LAN, why="khách chưa đồng ý")
    effects = _put(story, phone="0912345679")
    assert (effects, story.ticket.state, story.ticket.check) == ([], State.TO_CHECK, ("reopened",))
    assert story.ticket.customer.phone == "0912345679"


REFUSED = {"purpose": "answer", "to": ["lan@khach.exmple"], "reason": "Không có tên miền này."}


def _refused() -> Story:
    """An answer by mail whose address the server refused."""
    customer = Customer("Bế Thị Lan", None, "0912345678", "xã Quảng Bạch", "lan@khach.exmple")
    story = Story(Category.OTHER, customer=customer, wanted_reply=ReplyForm.EMAIL)
    story.say("found", LAN, text="Có điện lúc 9h.", source="phone")
    story.say("approved", LAN)
    story.say("mail_refused", unit=None, **REFUSED)
    return story


def test_an_answer_that_was_refused_says_what_to_do_and_goes_to_another_address() -> None:
    story = _refused()
    number = story.ticket.number
    said = todo.next_action(story.ticket)
    assert f"motcua set {number} email=" in said and f"motcua answered {number}" in said
    assert said in story.ticket.questions[-1]
    story.say("fields_set", LAN, fields={}, all=True, before={})
    assert story.ticket.check == ("answer_mail",), "that all was read well does not bring the answer"
    assert _put(story, email="lan@khach.exmple") == [], "the same address is refused again"
    (mail,) = _wanted(_put(story, email="lan@khach.example"), SEND_MAIL)
    assert (mail.payload["to"], mail.payload["purpose"]) == (("lan@khach.example",), "answer")
    assert (story.ticket.state, story.ticket.check) == (State.RELEASED, ())
    assert _wanted(_put(story, email="lan2@khach.example"), SEND_MAIL) == [], "it is on its way"
    story.say("mail_sent", purpose="answer", message_id="<a@x>")
    assert story.ticket.state is State.CLOSED


def test_an_answer_that_was_refused_may_be_told_another_way() -> None:
    story = _refused()
    story.say("answered", LAN, by="phone", note="")
    assert (story.ticket.state, story.ticket.check) == (State.CLOSED, ())


def test_an_answer_that_came_back_after_the_end_says_what_to_do() -> None:
    story = _refused()
    _put(story, email="lan@khach.example")
    story.say("mail_sent", purpose="answer", message_id="<a@x>")
    story.say("reply", kind="bounce", unit=None, recipient="lan@khach.example", item=9)
    assert f"motcua reopen {story.ticket.number}" in story.ticket.questions[-1]


def test_a_look_up_that_comes_late_does_not_replace_the_agent_s_words() -> None:
    story = Story(Category.OTHER)
    story.say("found", LAN, text="Có điện lúc 9h.", source="phone")
    story.say("draft_saved", key="k", message_id="<d@x>", round=1)
    assert story.say("found", text="Lịch cắt điện khác.", source="outages", note="", assumed=[]) == []
    assert story.ticket.draft and (story.ticket.draft.text, story.ticket.draft.mailbox_key) == ("Có điện lúc 9h.", "k")


def test_a_look_up_that_comes_late_does_not_send_what_waits_for_a_person() -> None:
    story = Story(Category.OTHER)
    _put(story, category="outage_time_change")
    assert story.ticket.state is State.TO_CHECK
    assert story.say("looked_up", outcome="not_found", note="") == []
    assert story.ticket.state is State.TO_CHECK


def test_where_the_kind_has_no_answer_a_person_is_asked_for_another_kind() -> None:
    story = Story(Category.NOT_A_REQUEST, check=("category",))
    story.say("found", LAN, text="Không có gì.", source="phone")
    assert (story.ticket.state, "category" in story.ticket.check) == (State.TO_CHECK, True)


def test_a_unit_s_answer_stays_one_whatever_it_adds_after_the_end() -> None:
    story = complaint()
    story.say("closed_by", LAN)
    story.answer(text="Do sét đánh.")
    story.answer(kind="partial", text="Sẽ gửi thêm ảnh.")
    story.say("reopened", LAN)
    (row,) = story.ticket.units
    assert (row.state, row.answer) == (UnitState.ANSWERED, "Do sét đánh.\nSẽ gửi thêm ảnh.")
    assert story.ticket.state is State.TO_APPROVE


def test_a_form_that_bounced_while_the_ticket_was_ended_is_known_as_such() -> None:
    story = complaint()
    story.say("closed_by", LAN)
    story.say("reply", kind="bounce", unit="Chợ Đồn", recipient="dlchodon@pcbk.example", item=9)
    story.say("reopened", LAN)
    (row,) = story.ticket.units
    assert (row.state, "bounce" in story.ticket.check) == (UnitState.BOUNCED, True)


def test_a_unit_whose_form_bounced_is_asked_anew_on_a_person_s_word() -> None:
    story = complaint()
    for _ in range(2):  # each of its addresses
        story.say("reply", kind="bounce", unit="Chợ Đồn", recipient="dlchodon@pcbk.example", item=9)
    assert [row.state for row in story.ticket.units] == [UnitState.BOUNCED]
    effects = story.say("ask", LAN, unit="Chợ Đồn", text="")
    assert len(_wanted(effects, SEND_MAIL)) == 1 and "bounce" not in story.ticket.check
    story.answer()
    assert story.ticket.state is State.TO_APPROVE


# -- with others behind it ---------------------------------------------------------------------------------------------
def _outage() -> Story:
    story = Story(Category.OUTAGE_INFO)
    story.say("looked_up", outcome="not_found", note="")
    return story


def test_a_ticket_answered_by_a_person_s_word_lets_the_next_one_ask() -> None:
    story = _outage()
    (told,) = _wanted(story.say("answered", LAN, by="phone", note=""), TELL_GROUP)
    assert told.payload["text"] == "" and promises.met(story.ticket)


def test_a_ticket_of_another_kind_lets_the_next_one_ask() -> None:
    story = _outage()
    (told,) = _wanted(_put(story, category="outage_complaint"), TELL_GROUP)
    assert told.payload["text"] == ""


def test_what_a_look_up_finds_is_told_to_those_behind() -> None:
    story = Story(Category.OUTAGE_INFO)
    (told,) = _wanted(story.say("found", text="Có điện lúc 9h.", source="outages", note="", assumed=[]), TELL_GROUP)
    assert told.payload["text"] == "Có điện lúc 9h."


def test_another_unit_or_kind_waits_behind_nobody() -> None:
    for fields in ({"unit": "Ba Bể"}, {"category": "outage_complaint"}):
        story = Story(Category.OUTAGE_INFO, group="PCBK-2026-000009")
        story.say("looked_up", outcome="not_found", note="")
        assert (story.ticket.state, story.ticket.units) == (State.WAITING_UNIT, ())
        _put(story, **fields)
        assert story.ticket.group is None and any(row.open for row in story.ticket.units)


def test_a_draft_that_lay_in_the_mailbox_is_taken_away_for_another_kind() -> None:
    story = drafted()
    story.say("draft_saved", key="k", message_id="<d@x>", round=1)
    assert _wanted(_put(story, category="other"), REMOVE_DRAFT)


def test_a_kind_that_the_procedure_lacks_is_answered_in_time_as_any_other() -> None:
    kinds = {name: kind for name, kind in DESK.procedure.request_types.items() if name != "other"}
    without = replace(DESK, procedure=replace(DESK.procedure, request_types=kinds))
    ticket = Ticket("PCBK-2026-000001", "qt", Category.OTHER, Channel.PHONE_NOTE, MORNING, "Xin cấp hóa đơn.")
    for seq, (kind, content) in enumerate((("received", {}), ("answered", {"by": "phone", "note": ""})), 1):
        news = Event(kind, MORNING, LAN, content, "", seq)
        ticket = decide(ticket.evolve(news=(news,)), without, MORNING).ticket
        assert promises.promise(ticket) is not None
    assert (promises.met(ticket), promises.unanswered(ticket)) == (MORNING, False)


@pytest.mark.parametrize(
    ("fields", "again"),
    [({"name": "Trần Văn B"}, True), ({"address": "xã Kim Hỷ"}, True), ({"outage_start": ""}, False), ({}, False)],
)
def test_the_letter_names_the_customer_as_put_right_after_the_answer(fields: dict[str, str], again: bool) -> None:
    story = drafted()
    was = story.ticket
    assert was.draft is not None
    effects = _put(story, **fields)
    letters = [each.payload for each in effects if each.payload.get("kind") == "answer"]
    if not again:
        assert letters == []
        return
    (letter,) = letters
    assert letter["answer"] == was.draft.text
    assert letter["before"]["customer"]["name"] == was.customer.name
    assert story.ticket.state is State.TO_APPROVE
    assert story.ticket.draft is not None
    assert story.ticket.draft.round == letter["round"]
    assert _wanted(effects, SAVE_DRAFT), "the mailbox has the new letter"
