"""Loop safety: nothing automatic is ever answered, and strangers get at most one automatic mail a day."""

from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from daemon.office import actions
from tests.support.office import DESK, Desk

REQUEST = (
    "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 115"
)
CUSTOMER = "Lương Thị Nga <nga@khach.example>"

AUTOMATIC = {
    "an absence note": {"Auto-Submitted": "auto-replied"},
    "a program's mail": {"Auto-Submitted": "auto-generated"},
    "a list": {"List-Id": "<tin.khach.example>"},
    "a bulk mail": {"Precedence": "bulk"},
    "a newsletter": {"List-Unsubscribe": "<mailto:x@khach.example>"},
    "an old absence note": {"X-Autoreply": "yes"},
    "an absence note by precedence": {"Precedence": "auto_reply"},
    "a mail without a sender": {"Return-Path": "<>"},
    "a feedback loop": {"Feedback-ID": "1:2:3"},
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic_mail_opens_nothing_and_is_not_answered(desk: Desk, name: str) -> None:
    desk.mail(CUSTOMER, "Công tơ", REQUEST, **AUTOMATIC[name])
    desk.work()
    assert desk.new_sent() == []
    (item,) = desk.parts.store.items("set_aside")
    assert "tự động" in item.reason


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        (CUSTOMER, "Trả lời tự động: Công tơ"),
        (CUSTOMER, "Automatic reply: Công tơ"),
        ("MAILER-DAEMON@mx.example", "Automatic reply: x"),
    ],
)
def test_automatic_by_its_subject(desk: Desk, sender: str, subject: str) -> None:
    desk.mail(sender, subject, REQUEST)
    desk.work()
    assert desk.new_sent() == []
    assert list(desk.parts.store.tickets()) == []


@pytest.mark.parametrize("sender", ["no-reply@cuahang.example", "mailer-daemon@mx.example", "postmaster@mx.example"])
def test_an_address_that_takes_no_replies_gets_none(desk: Desk, sender: str) -> None:
    desk.mail(sender, "Công tơ", REQUEST)
    desk.work()
    assert not any(sender in mail.to for mail in desk.new_sent())


def test_a_sender_who_asks_for_no_automatic_answer_gets_none(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Công tơ", REQUEST, **{"X-Auto-Response-Suppress": "All"})
    desk.work()
    assert [mail.to for mail in desk.new_sent()] == [("dlnari@pcbk.example",)]
    assert "mail_withheld" in [event.kind for event in desk.events()]


def test_a_meeting_request_is_not_answered(desk: Desk) -> None:
    head = f"From: {CUSTOMER}\nTo: {DESK}\nSubject: Họp\nMessage-ID: <h@khach.example>\nMIME-Version: 1.0\n"
    desk.deliver(f'{head}Content-Type: text/calendar; method=REQUEST; charset="utf-8"\n\n{REQUEST}\n'.encode())
    desk.work()
    assert desk.new_sent() == []
    assert len(desk.parts.store.items("set_aside")) == 1


def _report(kind: str, about: str) -> bytes:
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {DESK}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

Your message.
--b
Content-Type: message/{kind}

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ai@do.example
Action: failed
Status: 5.1.1
Disposition: automatic-action/MDN-sent-automatically; displayed
--b
Content-Type: text/rfc822-headers

Message-ID: <{about}>
--b--
""".encode()


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification"])
def test_a_report_about_nothing_known_is_kept_and_not_answered(desk: Desk, kind: str) -> None:
    desk.deliver(_report(kind, "unknown@elsewhere.example"))
    desk.work()
    assert desk.new_sent() == []
    assert len(desk.parts.store.items("set_aside")) == 1
    assert list(desk.parts.store.tickets()) == []


def test_our_own_mail_is_never_a_request(desk: Desk) -> None:
    desk.mail(f"Bàn giao dịch <{DESK.upper()}>", "Công tơ", REQUEST)
    desk.work()
    assert desk.new_sent() == []
    assert len(desk.parts.store.items("ignored")) == 1


@pytest.mark.parametrize(
    "message_id", ["<report.phong.abc@pcbk.example>", "<digest.abc@pcbk.example>", "<alarm.abc@pcbk.example>"]
)
def test_our_own_message_id_under_another_sender_is_no_request(desk: Desk, message_id: str) -> None:
    desk.mail(CUSTOMER, "Công tơ", REQUEST, **{"Message-ID": message_id})
    desk.work()
    assert desk.new_sent() == []
    assert list(desk.parts.store.tickets()) == []


def test_our_own_request_form_sent_back_moves_nothing(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Công tơ", REQUEST)
    desk.work()
    form = next(path for path in desk._sent_files() if b"dlnari@pcbk.example" in path.read_bytes())
    desk.new_sent()
    for sender in (b"ai@do.example", b"dlnari@pcbk.example"):
        head, _, body = form.read_bytes().partition(b"\n\n")
        lines = [b"From: " + sender if line.lower().startswith(b"from:") else line for line in head.split(b"\n")]
        desk.deliver(b"\n".join(lines) + b"\n\n" + body + b"\n" + sender)
        desk.work()
    assert desk.new_sent() == []
    assert {row.unit: str(row.state) for row in desk.ticket().units} == {"Na Rì": "asked"}


def test_the_desk_never_writes_to_itself(desk: Desk) -> None:
    number = desk.note("counter", f"{REQUEST} Trả lời qua email {DESK}.")
    desk.work()
    assert desk.ticket(number).state == "waiting_unit"
    assert [mail.to for mail in desk.new_sent()] == [("dlnari@pcbk.example",)]


# -- one a day ---------------------------------------------------------------------------------------------------------
NAMES = ("Triệu Văn Ba", "Lương Thị Nga", "Hoàng Thị Mai", "Nông Văn Tư", "Đàm Văn Bảy")


def _write(desk: Desk, code: int) -> None:
    text = REQUEST.replace("115", str(code)).replace("Lương Thị Nga", NAMES[code % 10])
    desk.mail(CUSTOMER, f"Công tơ {code}", text)
    desk.work()
    if desk.ticket().state == "to_check":  # the same address again: an agent says that it is another matter
        actions.set_fields(desk.parts, desk.ticket().number, (), "Lan")
        desk.work()


def test_one_automatic_mail_a_day_to_a_stranger(desk: Desk) -> None:
    for code in (201, 202, 203):
        _write(desk, code)
    to = [mail.to[0] for mail in desk.new_sent()]
    assert to.count("nga@khach.example") == 1
    assert to.count("dlnari@pcbk.example") == len(list(desk.parts.store.tickets()))
    desk.at("2026-10-06 08:00")
    desk.new_sent()
    _write(desk, 204)
    assert [mail.to[0] for mail in desk.new_sent()].count("nga@khach.example") == 1


def test_what_a_person_released_is_no_automatic_mail(desk: Desk) -> None:
    _write(desk, 201)
    desk.new_sent()
    desk.reply("dlnari@pcbk.example", "Đơn vị đã kiểm tra: công tơ hoạt động bình thường, sai số cho phép.")
    desk.work()
    actions.approve(desk.parts, desk.ticket().number, "Hoa")
    desk.work()
    assert [mail.to for mail in desk.new_sent()] == [("nga@khach.example",)]
    assert desk.ticket().state == "closed"


def test_two_machines_do_not_talk_for_ever(desk: Desk) -> None:
    """A machine that hides what it is answers everything we send, as a new mail with a new subject."""
    _write(desk, 201)
    answered = 0
    for _ in range(10):
        mails = [mail for mail in desk.new_sent() if "nga@khach.example" in mail.to]
        for _mail in mails:
            answered += 1
            reply = EmailMessage()
            reply["From"], reply["To"], reply["Subject"] = CUSTOMER, DESK, f"Công tơ số {answered}"
            reply["Date"], reply["Message-ID"] = format_datetime(desk.clock.now()), f"<robot-{answered}@khach.example>"
            reply.set_content(REQUEST.replace("115", f"{300 + answered}"))
            desk.deliver(reply.as_bytes())
        desk.work()
    assert answered == 1
