"""Who was asked and has not answered hears of it: not needed any more, needed after all, or put right."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from daemon.desk import notices, todo
from daemon.desk.decide import decide
from daemon.desk.desk import Outgoing
from daemon.desk.effects import SEND_MAIL, WRITE_DOCUMENT, Effect
from daemon.desk.ticket import Category, Event, State, UnitState
from tests.desk.test_endings import DESK, LAN, MORNING, NUMBER, Story, complaint, drafted, duty, partly, question

UNIT = "dlchodon@pcbk.example"


def _mails(effects: list[Effect]) -> list[Any]:
    return [each.payload for each in effects if each.kind == SEND_MAIL]


def _set(story: Story, **fields: Any) -> list[Effect]:
    return story.say("fields_set", LAN, fields=fields, all=False, before={})


# -- not needed any more -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("cancelled", {"why": "khách rút yêu cầu"}, "Lý do: khách rút yêu cầu."),
        ("closed_by", {"why": ""}, "Lý do: phòng đã kết thúc phiếu."),
        ("merged", {"into": "PCBK-2026-000009"}, "Lý do: Đã nhập vào phiếu PCBK-2026-000009 cùng việc."),
        (
            "merged",
            {"into": "PCBK-2026-000009", "asked_there": ["Chợ Đồn"]},
            "Đề nghị trả lời ở phiếu PCBK-2026-000009.",
        ),
    ],
)
@pytest.mark.parametrize("told", [complaint, partly, question])
def test_a_unit_still_waited_for_is_told_on_its_thread(told: Any, kind: str, more: dict[str, Any], says: str) -> None:
    story = told()
    (row,) = story.ticket.units
    (mail,) = _mails(story.say(kind, LAN, **more))
    assert (mail["to"], mail["purpose"], mail["in_reply_to"]) == ((UNIT,), notices.NOT_NEEDED, row.message_id)
    assert mail["subject"].startswith(f"[{NUMBER}] ") and says in mail["body"] and "an toàn" not in mail["body"]


def test_who_has_answered_and_whose_form_came_back_are_not_told() -> None:
    story = drafted()
    assert _mails(story.say("cancelled", LAN, why="x")) == []
    story = complaint()
    for _ in range(2):
        story.say("reply", kind="bounce", unit="Chợ Đồn", recipient=UNIT, item=9)
    assert [row.state for row in story.ticket.units] == [UnitState.BOUNCED]
    assert _mails(story.say("cancelled", LAN, why="x")) == []


def test_where_there_was_danger_the_crew_still_looks() -> None:
    (mail,) = _mails(duty().say("cancelled", LAN, why="báo nhầm"))
    assert notices.SAFETY in mail["body"] and not mail["subject"].startswith(f"[{NUMBER}] KHẨN")


def test_a_form_that_goes_out_after_the_end_is_followed_by_the_word() -> None:
    story = Story(check=("unit",))
    ticket = story.ticket.evolve(
        news=(
            Event("fields_set", story.now, LAN, {"fields": {"unit": "Chợ Đồn"}, "before": {}}, "", 2),
            Event("cancelled", story.now, LAN, {"why": "nhầm"}, "", 3),
        )
    )
    decision = decide(ticket, DESK, story.now)
    assert [mail["purpose"] for mail in _mails(list(decision.effects))] == ["request"]
    sent = Event("mail_sent", story.now, LAN, {"purpose": "request", "unit": "Chợ Đồn", "message_id": "<r>"}, "", 4)
    after = decide(decision.ticket.evolve(news=(sent,)), DESK, story.now)
    assert [mail["purpose"] for mail in _mails(list(after.effects))] == [notices.NOT_NEEDED]


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("fields_set", {"fields": {"unit": "Na Rì"}, "before": {}}, "Lý do: đã chuyển Điện lực Na Rì giải quyết."),
        ("fields_set", {"fields": {"category": "not_a_request"}, "before": {}}, "giải quyết cách khác"),
        ("found", {"text": "Có điện lúc 8 giờ.", "source": "phone"}, "phòng đã có kết quả"),
        # asked anew: that form replaces it
        ("fields_set", {"fields": {"category": "incident_report"}, "before": {}}, None),
    ],
)
def test_a_form_that_goes_out_after_its_asking_was_given_up_is_followed_by_the_word(
    kind: str, content: dict[str, Any], told: str | None
) -> None:
    story = Story(check=("unit",))
    confirmed = Event("fields_set", story.now, LAN, {"fields": {"unit": "Chợ Đồn"}, "before": {}}, "", 2)
    wanted = decide(story.ticket.evolve(news=(confirmed,)), DESK, story.now)
    (form,) = _mails(list(wanted.effects))
    given_up = decide(wanted.ticket.evolve(news=(Event(kind, story.now, LAN, content, "", 3),)), DESK, story.now).ticket
    sent = {name: form[name] for name in ("purpose", "unit", "step", "round", "to")} | {"message_id": "<r>"}
    twice = (Event("mail_sent", story.now, LAN, sent, "", 4), Event("mail_sent", story.now, LAN, sent, "", 5))
    after = decide(given_up.evolve(news=twice), DESK, story.now)
    mails = _mails(list(after.effects))
    old = after.ticket.units[0]
    assert (old.state, old.asked, old.due) == (UnitState.WITHDRAWN, story.now, None)
    assert all(row.asked is None for row in after.ticket.units[1:]), "the time of the new asking does not run yet"
    if told is None:
        assert mails == []
    else:
        (mail,) = mails
        assert (mail["to"], mail["purpose"], mail["in_reply_to"]) == ((UNIT,), notices.NOT_NEEDED, "<r>")
        assert told in mail["body"]


def test_opened_again_it_is_needed_after_all() -> None:
    story = complaint()
    story.say("cancelled", LAN, why="nhầm")
    (mail,) = _mails(story.say("reopened", LAN, why="đóng nhầm"))
    assert mail["purpose"] == notices.NEEDED_AGAIN and "vẫn xác minh" in mail["body"]
    both = (
        Event("cancelled", story.now, LAN, {"why": "nhầm"}, "", 20),
        Event("reopened", story.now, LAN, {"why": "nhầm"}, "", 21),
    )
    assert _mails(list(decide(story.ticket.evolve(news=both), DESK, story.now).effects)) == [], "nobody heard of either"


def test_who_is_asked_no_more_for_another_kind_is_told_and_who_is_asked_again_is_not() -> None:
    assert [mail["purpose"] for mail in _mails(_set(complaint(), category="not_a_request"))] == [notices.NOT_NEEDED]
    (again,) = _mails(_set(duty(), category="outage_complaint"))
    assert again["purpose"] == "request" and "Phiếu này thay cho phiếu đã gửi đơn vị" in again["body"].split("\n\n")[1]


def test_a_unit_asked_first_or_after_another_unit_reads_of_no_earlier_form() -> None:
    story = Story(check=("unit",))
    (first,) = _mails(story.say("fields_set", LAN, fields={}, all=True))
    (other,) = [mail for mail in _mails(_set(story, unit="Ba Bể")) if mail["purpose"] == "request"]
    assert "Phiếu này thay cho" not in first["body"] + other["body"]


# -- put right ---------------------------------------------------------------------------------------------------------
def test_a_crew_gets_the_right_place_at_once_with_the_form_written_anew() -> None:
    story = duty()
    story.say(
        "document_written", kind="incident-cho-don", round=1, name=f"{NUMBER}-incident-cho-don-1.docx", digest="d"
    )
    (row,) = story.ticket.units
    effects = _set(story, address="xã Bằng Lãng", phone="0912000999")
    (mail,) = _mails(effects)
    assert mail["subject"].startswith(f"[{NUMBER}] KHẨN - ") and mail["urgent"]
    assert (mail["purpose"], mail["in_reply_to"], mail["unit"]) == (notices.CORRECTED, row.message_id, row.unit)
    assert "- Địa điểm: xã Quảng Bạch → xã Bằng Lãng\n" in mail["body"]
    assert "- Điện thoại: 0912345678 → 0912000999\n" in mail["body"]
    (form,) = [each for each in effects if each.kind == WRITE_DOCUMENT]
    assert mail["attach"] == ((form.payload["kind"], form.payload["round"]),) == (("incident-cho-don", 2),)
    (after,) = story.ticket.units
    assert (after.due, after.round, after.state) == (row.due, row.round, row.state), "it is one asking, its time runs"


def test_nothing_put_right_is_nothing_told() -> None:
    story = complaint()
    assert _mails(_set(story, address="xã Quảng Bạch")) == []
    assert _mails(_set(story, email="lan@khach.example", wanted_reply="phone")) == []
    story = drafted()
    assert _mails(_set(story, address="xã Bằng Lãng")) == [], "it has answered"


def test_another_unit_gets_its_own_form_and_no_correction() -> None:
    mails = _mails(_set(complaint(), address="xã Hà Hiệu", unit="Ba Bể"))
    assert [(mail["purpose"], mail["unit"]) for mail in mails] == [
        (notices.NOT_NEEDED, "Chợ Đồn"),
        ("request", "Ba Bể"),
    ]
    assert "Hà Hiệu" in mails[1]["body"]


def test_what_is_put_right_before_the_form_is_wanted_stands_in_it() -> None:
    story = Story(check=("unit",))
    news = (
        Event("fields_set", story.now, LAN, {"fields": {"unit": "Chợ Đồn"}, "before": {}}, "", 2),
        Event("fields_set", story.now, LAN, {"fields": {"address": "xã Bằng Lãng"}, "before": {}}, "", 3),
    )
    effects = list(decide(story.ticket.evolve(news=news), DESK, story.now).effects)
    (mail,) = _mails(effects)
    assert (mail["purpose"], "Bằng Lãng" in mail["body"], "Quảng Bạch" in mail["body"]) == ("request", True, False)
    assert len({each.key for each in effects}) == len(effects)


def test_a_correction_never_goes_ahead_of_its_form() -> None:
    story = Story(check=("unit",))
    asked = decide(
        story.ticket.evolve(news=(Event("fields_set", story.now, LAN, {"fields": {}, "all": True}, "", 2),)),
        DESK,
        story.now,
    )
    (request,) = [each for each in asked.effects if each.kind == SEND_MAIL]
    put = Event("fields_set", story.now, LAN, {"fields": {"phone": "0912000999"}}, "", 3)
    effects = decide(asked.ticket.evolve(news=(put,)), DESK, story.now).effects
    written, mail = (next(each for each in effects if each.kind == kind) for kind in (WRITE_DOCUMENT, SEND_MAIL))
    assert (mail.after, written.after) == (written.key, request.key)


def test_where_forms_do_not_go_out_by_themselves_a_person_tells() -> None:
    story = complaint()
    quiet = replace(DESK, outgoing=Outgoing(requests=False))
    put = Event("fields_set", story.now, LAN, {"fields": {"address": "xã Bằng Lãng"}}, "", 30)
    decision = decide(story.ticket.evolve(news=(put,)), quiet, story.now)
    assert _mails(list(decision.effects)) == [] and "request" in decision.ticket.check
    assert any("xã Quảng Bạch → xã Bằng Lãng" in each for each in decision.ticket.questions)
    end = Event("cancelled", story.now, LAN, {"why": "x"}, "", 31)
    decision = decide(story.ticket.evolve(news=(end,)), quiet, story.now)
    assert _mails(list(decision.effects)) == []
    assert [event.cause for event in decision.events if event.kind == "tell_unit"] == [
        "Báo Điện lực Chợ Đồn: phiếu không cần trả lời nữa"
    ]
    assert "hãy báo đơn vị" in todo.ended(story.ticket, quiet, story.now)[0]


# -- words -------------------------------------------------------------------------------------------------------------
def test_a_procedure_without_these_texts_has_the_shipped_ones() -> None:
    for name, text in notices.TEXTS.items():
        shipped = DESK.procedure.mails[name]
        assert (shipped.subject, shipped.body.strip()) == (text.subject, text.body), name


def test_who_ends_a_ticket_reads_that_the_customer_is_told_by_a_person_only() -> None:
    said = " ".join(todo.ended(complaint().ticket, DESK, MORNING))
    assert "Điện lực Chợ Đồn được báo qua thư" in said
    assert "không tự báo khách hàng" in said and "gọi 0912345678" in said and "chậm nhất 17h00 ngày 08/10/2026" in said
    story = complaint()
    story.say("answered", LAN, by="phone", note="")
    assert todo.ended(story.ticket, DESK, MORNING + dt.timedelta(days=1)) == []
    assert todo.ended(Story(Category.NOT_A_REQUEST).ticket.evolve(state=State.SET_ASIDE), DESK, MORNING) == []


@pytest.mark.parametrize(("days", "says"), [(0, False), (1, True), (9, False)])
def test_an_outage_before_the_unit_has_to_answer_is_told_in_the_request(days: int, says: bool) -> None:
    start = MORNING.replace(hour=0) + dt.timedelta(days=days)
    story = Story(Category.OUTAGE_INFO, asked_window=(start, start + dt.timedelta(days=1)))
    (mail,) = [mail for mail in _mails(story.say("looked_up", outcome="not_found")) if mail["purpose"] == "request"]
    assert ("đề nghị trả lời trước lúc ấy, không đợi hết hạn" in mail["body"]) is says
