"""Ended by a person and opened again: from every state back to where it was, and nobody is asked twice."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from daemon.desk import promises, todo
from daemon.desk.decide import decide
from daemon.desk.effects import LOOK_UP, SAVE_DRAFT, SEND_MAIL, WRITE_DOCUMENT, Effect
from daemon.desk.notices import NEEDED_AGAIN, NOT_NEEDED
from daemon.desk.ticket import (
    PROGRAM,
    Author,
    Category,
    Channel,
    Customer,
    Event,
    ReplyForm,
    State,
    Ticket,
    UnitState,
)
from daemon.settings.whole import load

ROOT = Path(__file__).resolve().parents[2]
MORNING = dt.datetime(2026, 10, 5, 8, 20, tzinfo=dt.timezone(dt.timedelta(hours=7)))
DESK = load(ROOT, MORNING.date()).desk
LAN = Author("person", "Lan")
NUMBER = "PCBK-2026-000001"


class Story:
    """One ticket, decided event by event; effects are only noted, and a mail to a unit counts as sent at once."""

    def __init__(self, category: Category = Category.OUTAGE_COMPLAINT, **more: Any) -> None:
        self.now = MORNING
        self.effects: list[Effect] = []
        self.seq = 0
        customer = Customer("Bế Thị Lan", None, "0912345678", "xã Quảng Bạch", None)
        values = {"customer": customer, "unit": "Chợ Đồn", **more}
        self.ticket = Ticket(NUMBER, "qt", category, Channel.PHONE_NOTE, MORNING, "mất điện ba lần một tuần", **values)
        self.say("received")

    def say(self, event: str, author: Author = PROGRAM, /, **content: Any) -> list[Effect]:
        """Let something happen a minute later; return what is wanted for it."""
        self.now += dt.timedelta(minutes=1)
        self.seq += 1
        news = Event(event, self.now, author, content, "", self.seq)
        decision = decide(self.ticket.evolve(news=(news,)), DESK, self.now)
        self.ticket = decision.ticket
        known = {effect.key for effect in self.effects}
        fresh = [effect for effect in decision.effects if effect.key not in known]
        self.effects += fresh
        for effect in fresh:
            if effect.kind == SEND_MAIL and effect.payload.get("purpose") == "request":
                self.say("mail_sent", purpose="request", unit=effect.payload["unit"], message_id=f"<{effect.key}>")
        return fresh

    def answer(
        self, unit: str = "Chợ Đồn", text: str = "Do sét đánh, đã thay chống sét.", kind: str = "answer"
    ) -> None:
        """Let a unit answer."""
        self.say("reply", kind=kind, unit=unit, trusted=True, text=text, item=7)

    def ask(self, unit: str) -> None:
        """Ask a unit."""
        self.say("ask", LAN, unit=unit, text="")


def complaint(**more: Any) -> Story:
    return Story(**more)


def to_check() -> Story:
    return Story(check=("unit",))


def looking_up() -> Story:
    return Story(Category.OTHER)


def partly() -> Story:
    story = complaint()
    story.answer(kind="partial", text="Đang xác minh, mới biết trạm Bản Mới.")
    return story


def question() -> Story:
    story = complaint()
    story.answer(kind="question", text="Số công tơ nào?")
    return story


def one_of_two() -> Story:
    story = complaint()
    story.ask("B26")
    story.answer("B26", "Lịch không có cắt điện.")
    return story


def drafted() -> Story:
    story = complaint()
    story.answer()
    return story


def found() -> Story:
    story = complaint()
    story.say("found", LAN, text="Có điện lúc 9h.", source="phone")
    return story


def released() -> Story:
    story = drafted()
    story.say("approved", LAN)
    return story


def duty() -> Story:
    return Story(Category.INCIDENT_REPORT)


def time_change() -> Story:
    return Story(Category.OUTAGE_TIME_CHANGE, outage_start=MORNING + dt.timedelta(days=9))


def promised_later() -> Story:
    story = complaint()
    story.say("extended", LAN, until=(MORNING + dt.timedelta(days=7)).isoformat(), why="chờ kiểm định")
    return story


STORIES: list[Callable[[], Story]] = [
    to_check,
    looking_up,
    complaint,
    partly,
    question,
    one_of_two,
    drafted,
    found,
    released,
    duty,
    time_change,
    promised_later,
]
WAYS = [("closed_by", State.CLOSED, {}), ("cancelled", State.CANCELLED, {}), ("merged", State.MERGED, {"into": "X"})]


def _asks(effects: list[Effect]) -> list[Effect]:
    forms = [each for each in effects if each.kind == WRITE_DOCUMENT and each.payload.get("unit")]
    said = (NOT_NEEDED, NEEDED_AGAIN)  # the word that an ending takes back or gives again is no asking
    return forms + [each for each in effects if each.kind == SEND_MAIL and each.payload["purpose"] not in said]


@pytest.mark.parametrize(("kind", "ended", "more"), WAYS)
@pytest.mark.parametrize("told", STORIES)
def test_it_comes_back_to_where_it_was(
    told: Callable[[], Story], kind: str, ended: State, more: dict[str, Any]
) -> None:
    story = told()
    before = story.ticket
    story.say(kind, LAN, **more)
    assert story.ticket.state is ended
    assert not any(row.open for row in story.ticket.units)
    effects = story.say("reopened", LAN, why="đóng nhầm")
    after = story.ticket
    assert _asks(effects) == [], "nobody is asked or written to a second time"
    assert (after.state, after.step, after.round) == (before.state, before.step, before.round)
    assert (after.units, after.found, after.check) == (before.units, before.found, before.check)
    assert [(line.name, line.due, line.met) for line in after.deadlines] == [
        (line.name, line.due, line.met) for line in before.deadlines
    ]
    assert (after.draft and after.draft.text) == (before.draft and before.draft.text)
    assert (after.merged_into, after.ended_from) == (None, None)
    assert any(each.kind == SAVE_DRAFT for each in effects) == (before.state is State.TO_APPROVE)
    assert any(each.kind == LOOK_UP for each in effects) == (before.state is State.LOOKING_UP)


@pytest.mark.parametrize("told", STORIES)
def test_it_may_be_ended_and_opened_twice_and_still_be_answered(told: Callable[[], Story]) -> None:
    story = told()
    for _ in range(2):
        story.say("closed_by", LAN)
        story.say("reopened", LAN, why="nhầm")
    if story.ticket.state is State.TO_CHECK:
        story.say("fields_set", LAN, fields={}, all=True, before={})
    if story.ticket.state is State.LOOKING_UP:
        story.say("looked_up", outcome="not_found", note="")
    for row in story.ticket.asked_now():
        if row.open:
            story.answer(row.unit)
    if story.ticket.state is State.TO_APPROVE:
        story.say("approved", LAN)
    assert story.ticket.state is State.RELEASED
    story.say("answered", LAN, by="phone", note="")
    assert (story.ticket.state, promises.met(story.ticket)) == (State.CLOSED, story.now)


def test_every_state_names_what_comes_next() -> None:
    ticket = drafted().ticket
    forms = [replace(ticket.draft, form=form) for form in ReplyForm if ticket.draft]
    assert all(
        "motcua" in todo.next_action(ticket.evolve(state=state)) for state in set(State) - {State.NEW, State.RELEASED}
    )
    assert [
        "motcua answered" in todo.next_action(ticket.evolve(state=State.RELEASED, draft=draft)) for draft in forms
    ] == [True, True, False]


# -- what happens while it is ended ------------------------------------------------------------------------------------
def test_a_unit_that_answers_while_it_is_ended_has_answered() -> None:
    story = complaint()
    story.say("closed_by", LAN)
    story.answer()
    assert "motcua reopen" in story.ticket.questions[-1]
    effects = story.say("reopened", LAN)
    assert story.ticket.state is State.TO_APPROVE
    assert story.ticket.draft and story.ticket.draft.text == "Do sét đánh, đã thay chống sét."
    assert _asks(effects) == []


@pytest.mark.parametrize(("kind", "state"), [("partial", UnitState.PARTIAL), ("question", UnitState.QUESTION)])
def test_what_else_a_unit_writes_while_it_is_ended_is_kept(kind: str, state: UnitState) -> None:
    story = complaint()
    story.say("closed_by", LAN)
    story.answer(kind=kind, text="Khách nào?")
    story.say("reopened", LAN)
    (row,) = story.ticket.units
    assert (row.state, story.ticket.state) == (state, State.WAITING_UNIT)
    assert "Khách nào?" in (row.answer, row.question)


def test_a_form_that_went_out_while_it_was_ended_is_waited_for() -> None:
    story = complaint()
    (row,) = story.ticket.units
    story.ticket = story.ticket.evolve(units=(replace(row, state=UnitState.WANTED, asked=None, due=None),))
    story.say("closed_by", LAN)
    story.say("mail_sent", purpose="request", unit="Chợ Đồn", message_id="<late@x>")
    story.say("reopened", LAN)
    (row,) = story.ticket.units
    assert (row.state, row.message_id) == (UnitState.ASKED, "<late@x>")
    assert row.asked and row.due


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("mail_sent", {"purpose": "answer", "message_id": "<a@x>"}),
        ("draft_sent", {}),
        ("scan_returned", {"of": "answer", "kind": "answer-signed", "round": 1, "name": "a.pdf", "digest": "d"}),
    ],
)
def test_an_answer_that_reaches_the_customer_though_it_was_ended_counts(kind: str, content: dict[str, Any]) -> None:
    story = released()
    story.say("closed_by", LAN)
    story.say(kind, **content)
    assert promises.met(story.ticket) == story.now
    effects = story.say("reopened", LAN)
    assert story.ticket.state is State.TO_CHECK, "answered: a person says what is to be done"
    assert _asks(effects) == []


# -- answered before ---------------------------------------------------------------------------------------------------
def _answered() -> Story:
    story = released()
    story.say("answered", LAN, by="phone", note="")
    assert story.ticket.state is State.CLOSED
    return story


def test_where_the_customer_had_the_units_answer_a_person_says_what_next() -> None:
    story = _answered()
    effects = story.say("reopened", LAN, why="khách chưa đồng ý")
    ticket = story.ticket
    assert effects == []
    assert (ticket.state, ticket.round, ticket.check) == (State.TO_CHECK, 2, ("reopened",))
    assert {f"motcua {verb} {NUMBER}" for verb in ("found", "ask", "set")} <= _said(ticket.questions[-1])
    due = ticket.deadline("appointment")
    assert due and due.round == 2 and due.met is None, "a new promise"


def _said(text: str) -> set[str]:
    words = text.split()
    return {" ".join(words[at : at + 3]) for at, word in enumerate(words) if word == "motcua"}


@dataclass
class Choice:
    """What a person may do then, and where it leads."""

    kind: str
    content: dict[str, Any]
    state: State
    asked: int


@pytest.mark.parametrize(
    "choice",
    [
        Choice("ask", {"unit": "Chợ Đồn", "text": ""}, State.WAITING_UNIT, 1),
        Choice("found", {"text": "Đã kiểm tra lại.", "source": "phone"}, State.TO_APPROVE, 0),
        Choice("fields_set", {"fields": {}, "all": True, "before": {}}, State.WAITING_UNIT, 1),
    ],
)
def test_each_way_that_is_offered_leads_on(choice: Choice) -> None:
    story = _answered()
    story.say("reopened", LAN, why="khách chưa đồng ý")
    effects = story.say(choice.kind, LAN, **choice.content)
    assert (story.ticket.state, story.ticket.check) == (choice.state, ())
    assert len([each for each in effects if each.kind == SEND_MAIL]) == choice.asked


def test_where_no_answer_lies_there_everything_begins_anew() -> None:
    story = complaint()
    story.say("answered", LAN, by="phone", note="")
    effects = story.say("reopened", LAN)
    assert (story.ticket.state, story.ticket.round) == (State.WAITING_UNIT, 2)
    assert len([each for each in effects if each.kind == SEND_MAIL]) == 1


# -- ended by an earlier version ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "state"), [(drafted, State.TO_APPROVE), (released, State.RELEASED), (complaint, State.WAITING_UNIT)]
)
def test_ended_by_an_earlier_version(told: Callable[[], Story], state: State) -> None:
    story = told()
    answered = any(row.state is UnitState.ANSWERED for row in story.ticket.units)
    story.say("closed_by", LAN)
    rows = tuple(replace(row, before=None) for row in story.ticket.units)
    story.ticket = story.ticket.evolve(ended_from=None, units=rows)
    effects = story.say("reopened", LAN)
    assert story.ticket.state is state
    assert bool(_asks(effects)) is not answered, "who was waited for is not known any more: asked anew"


# -- what comes between ------------------------------------------------------------------------------------------------
def test_a_step_that_is_gone_meanwhile_goes_to_a_person() -> None:
    story = complaint()
    story.say("closed_by", LAN)
    story.ticket = story.ticket.evolve(step="gone")
    effects = story.say("reopened", LAN)
    assert (story.ticket.state, story.ticket.step, "category" in story.ticket.check) == (State.TO_CHECK, "", True)
    assert effects == []


def test_another_kind_given_to_an_ended_ticket_forgets_the_ending() -> None:
    story = complaint()
    story.say("closed_by", LAN)
    story.say("fields_set", LAN, fields={"category": "incident_report"}, all=False, before={})
    assert story.ticket.state is State.WAITING_UNIT
    story.answer(text="Đã xử lý xong.")
    assert story.ticket.state is State.TO_APPROVE, "the answer counts: the ticket is open"
    story.say("closed_by", LAN)
    story.say("reopened", LAN)
    assert not any(row.open for row in story.ticket.units), "nobody of the kind before is waited for"


def test_another_unit_does_not_end_the_asking_of_the_dispatch_room() -> None:
    story = time_change()
    story.say("fields_set", LAN, fields={"unit": "Ba Bể"}, all=False, before={})
    assert [(row.unit, row.open) for row in story.ticket.units] == [("B26", True)]
