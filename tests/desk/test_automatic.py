"""Loop safety: what a machine, a list or we ourselves wrote is known as such and never answered."""

import dataclasses

import pytest

from daemon.desk.automatic import Sort, may_be_answered, sort_of
from daemon.desk.message import DeliveryStatus, Message

PERSON = Message(
    "<a@b>",
    (),
    (),
    "Hỏi lịch cắt điện",
    "khach@gmail.test",
    None,
    ("gdkh@pcbk.test",),
    (),
    None,
    (),
    "Mai có cắt điện không?",
    None,
)


def mail(subject: str = "Hỏi", *headers: tuple[str, str], **more: object) -> Message:
    return dataclasses.replace(PERSON, subject=subject, headers=headers, **more)  # type: ignore[arg-type]


ROWS = [
    (mail(), None),
    (mail("Re: x", ("auto-submitted", "no")), None),
    (mail("x", ("auto-submitted", "auto-replied")), Sort.AUTO_REPLY),
    (mail("x", ("auto-submitted", "auto-generated")), Sort.GENERATED),
    (mail("x", ("x-autoreply", "yes")), Sort.AUTO_REPLY),
    (mail("x", ("precedence", "auto_reply")), Sort.AUTO_REPLY),
    (mail("Trả lời tự động: [PCBK-2026-000001] x"), Sort.AUTO_REPLY),
    (mail("Tự động trả lời: x"), Sort.AUTO_REPLY),
    (mail("Automatic reply: x"), Sort.AUTO_REPLY),
    (mail("Out of Office: x"), Sort.AUTO_REPLY),
    (mail("Vắng mặt tại văn phòng: x"), Sort.AUTO_REPLY),
    (mail("Tự động hóa trạm biến áp"), None),
    (mail("Đọc số công tơ sai"), None),
    (mail("Đã đọc: x", text="Thư đã được đọc lúc 9h"), Sort.RECEIPT),
    (mail("x", report="disposition-notification"), Sort.RECEIPT),
    (mail("x", report="delivery-status", delivery=(DeliveryStatus("a", "failed"),)), Sort.BOUNCE),
    (mail("x", report="delivery-status", delivery=(DeliveryStatus("a", "delivered"),)), Sort.RECEIPT),
    (mail("Họp", calendar="REQUEST"), Sort.MEETING),
    (mail("x", ("list-id", "<a.b>")), Sort.LIST),
    (mail("x", ("precedence", "bulk")), Sort.BULK),
    (mail("x", ("list-unsubscribe", "<mailto:a@b>")), Sort.BULK),
    (mail("x", ("return-path", "<>")), Sort.GENERATED),
    (mail("x", from_address="gdkh@pcbk.test"), Sort.OWN),
    (mail("x", message_id="<PCBK-2026-000001.ask.1.ab@pcbk.test>"), Sort.OWN),
]


@pytest.mark.parametrize(("message", "sort"), ROWS, ids=range(len(ROWS)))
def test_sorts(message: Message, sort: Sort | None) -> None:
    found = sort_of(message, frozenset({"gdkh@pcbk.test"}), r"<PCBK-[^<>]+@pcbk\.test>")
    assert (found.sort if found else None) == sort
    assert may_be_answered(message, frozenset({"gdkh@pcbk.test"}), r"<PCBK-[^<>]+@pcbk\.test>") is (sort is None)


@pytest.mark.parametrize("sender", ["mailer-daemon@x.y", "postmaster@x.y", "no-reply@x.y", "noreply@x.y", None])
def test_nobody_is_never_answered(sender: str | None) -> None:
    assert not may_be_answered(mail(from_address=sender))


def test_a_mail_that_asks_for_no_answer_gets_none() -> None:
    assert not may_be_answered(mail("x", ("x-auto-response-suppress", "OOF, AutoReply")))
