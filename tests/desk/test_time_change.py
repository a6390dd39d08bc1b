"""What stands before the release of a new outage time: the lawful notice by the clock, or a person's decision."""

import datetime as dt

import pytest

from daemon.desk.answer import agreed
from daemon.desk.calendar import Calendar
from daemon.desk.desk import Desk
from daemon.desk.office_card import Office
from daemon.desk.procedure import Procedure, Span
from daemon.desk.ticket import (
    Author,
    Category,
    Channel,
    Event,
    FoundAnswer,
    Ticket,
    TimeChange,
    UnitAsked,
    UnitState,
)
from daemon.desk.time_change import refusal
from daemon.desk.unit import Units

ZONE = dt.timezone(dt.timedelta(hours=7))
NOW = dt.datetime(2026, 10, 23, 9, 0, tzinfo=ZONE)
LAW = "Điều 49 khoản 2 Luật Điện lực số 61/2024/QH15"
FIVE_DAYS = dt.timedelta(days=5)
RULE = Span(7200, "minute")


def desk(span: Span | None = RULE, law: str = LAW) -> Desk:
    procedure = Procedure("p", "P", "I", "B26", {}, {}, {}, change_notice=span, change_law=law)
    return Desk(procedure, Calendar(), Units(()), Office("PC Bắc Kạn", "EVNNPC", "Thái Nguyên", "Phòng GDKH"))


def ticket(category: Category = Category.OUTAGE_TIME_CHANGE, news=(), **change) -> Ticket:
    return Ticket(
        "PCBK-2026-000001", "p", category, Channel.EMAIL, NOW, "Xin đổi giờ", change=TimeChange(**change), news=news
    )


def said(**fields) -> Event:
    return Event("fields_set", NOW, Author("person", "Lan"), {"fields": fields}, seq=1)


@pytest.mark.parametrize(
    ("start", "may"),
    [
        (NOW + FIVE_DAYS, True),
        (NOW + FIVE_DAYS - dt.timedelta(microseconds=1), False),
        (NOW + dt.timedelta(days=30), True),
        (NOW + dt.timedelta(hours=30), False),
        (NOW - dt.timedelta(days=1), False),
    ],
)
def test_five_days_by_the_clock(start: dt.datetime, may: bool) -> None:
    assert (refusal(ticket(new_start=start), desk(), NOW, True) is None) is may


@pytest.mark.parametrize(
    ("agreed", "start", "may"),
    [
        (True, None, False),
        (None, None, True),
        (False, None, True),
        (False, NOW + dt.timedelta(days=1), True),
        (None, NOW + dt.timedelta(days=1), False),
    ],
    ids=["agreed, unread", "open, unread", "refused", "refused, a time named", "open, a time named"],
)
def test_only_what_moves_the_outage_needs_a_decision(agreed: bool | None, start: dt.datetime | None, may: bool) -> None:
    assert (refusal(ticket(new_start=start), desk(), NOW, agreed) is None) is may


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("B26 đồng ý chuyển sang 31/10.", True),
        ("B26 không đồng ý.", False),
        ("Không thể giữ lịch cũ, chỉ đồng ý chuyển sang 27/10.", None),
        ("Chưa đồng ý, chờ ý kiến lãnh đạo.", None),
        ("Sẽ trả lời sau.", None),
    ],
)
def test_what_an_answer_says_to_the_wish(text: str, agrees: bool | None) -> None:
    row = UnitAsked("B26", "ask_dispatch", 1, UnitState.ANSWERED, answer=text)
    assert agreed(ticket().evolve(units=(row,))) is agrees
    heard = FoundAnswer(text, "phone")
    assert agreed(ticket().evolve(found=heard)) is agrees
    assert agreed(ticket(Category.OTHER).evolve(found=heard)) is None


def test_other_kinds_and_chapters_without_the_rule_are_free() -> None:
    soon = NOW + dt.timedelta(days=1)
    assert refusal(ticket(Category.OUTAGE_COMPLAINT, new_start=soon), desk(), NOW, True) is None
    assert refusal(ticket(new_start=soon), desk(None), NOW, True) is None


def test_a_decision_counts_also_before_it_was_considered() -> None:
    soon = NOW + dt.timedelta(days=1)
    assert refusal(ticket(new_start=soon, override="Lãnh đạo đồng ý"), desk(), NOW, True) is None
    assert refusal(ticket(new_start=soon, news=(said(override_notice="Lãnh đạo đồng ý"),)), desk(), NOW, True) is None
    later = (NOW + dt.timedelta(days=9)).isoformat()
    assert refusal(ticket(news=(said(new_start=later),)), desk(), NOW, True) is None
    assert refusal(ticket(new_start=soon, news=(said(name="Minh"),)), desk(), NOW, True)


def test_another_time_voids_the_decision() -> None:
    soon = (NOW + dt.timedelta(days=2)).isoformat()
    news = (said(override_notice="Lãnh đạo đồng ý"), said(new_start=soon))
    assert refusal(ticket(new_start=NOW + dt.timedelta(days=1), news=news), desk(), NOW, True)


def test_the_sentence_names_law_count_and_the_way_on() -> None:
    soon = dt.datetime(2026, 10, 27, 6, 30, tzinfo=dt.UTC)
    why = refusal(ticket(new_start=soon, others=3412, shared="lộ 372E26.1"), desk(), NOW, True) or ""
    for part in ("13h30 ngày 27/10/2026", LAW, "5 ngày", "3412 khách hàng khác chung lộ 372E26.1", "override_notice="):
        assert part in why
    unknown = refusal(ticket(new_start=soon), desk(law=""), NOW, True) or ""
    assert "chưa đếm được" in unknown and "Theo" not in unknown
    assert "new_start=" in (refusal(ticket(), desk(), NOW, True) or "")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(5, "working day"), "5 ngày làm việc"),
        (Span(2160, "minute"), "36 giờ"),
        (Span(480, "office minute"), "8 giờ hành chính"),
    ],
)
def test_the_length_is_said_as_it_is_configured(span: Span, words: str) -> None:
    assert words in (refusal(ticket(new_start=NOW), desk(span), NOW, True) or "")
