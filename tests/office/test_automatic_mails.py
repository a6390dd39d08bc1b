"""Loop safety with mails as real servers and clients write them: none opens a ticket, none is answered."""

from email.message import EmailMessage
from pathlib import Path

from daemon.mailbox.message import parse
from tests.support.office import DESK, Desk

MAILS = sorted(Path(__file__).with_name("automatic").glob("*.eml"))
REQUEST = (
    "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 115"
)


def test_no_automatic_mail_opens_a_ticket_or_is_answered(desk: Desk) -> None:
    for path in MAILS:
        desk.deliver(path.read_bytes())
    desk.work()
    states = {item.subject: state for state in ("set_aside", "ignored") for item in desk.parts.store.items(state)}
    for path in MAILS:
        own = "our-own" in path.name
        assert states.get(parse(path.read_bytes()).subject[:500]) == ("ignored" if own else "set_aside"), path.name
    assert len(desk.parts.store.items("set_aside")) == 14 == len(MAILS) - 1
    assert list(desk.parts.store.tickets()) == [] and desk.new_sent() == []


def test_what_a_person_wrote_with_the_headers_of_every_day_is_a_request(desk: Desk) -> None:
    """Outlook asks for no automatic answers in every mail; Gmail adds a dozen fields of its own."""
    mail = EmailMessage()
    mail["Return-Path"] = "<nga@khach.example>"
    mail["ARC-Seal"] = "i=1; a=rsa-sha256; t=1759628100; cv=none; d=google.com; s=arc-20240605; b=AAAA"
    mail["X-Google-DKIM-Signature"] = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=1e100.net; s=20230601; b=AAAA"
    mail["X-MS-Exchange-Transport-CrossTenantHeadersStamped"] = "HK0PR03MB3266"
    mail["X-Auto-Response-Suppress"] = "DR, OOF, AutoReply"
    mail["Auto-Submitted"] = "no"
    mail["From"], mail["To"], mail["Subject"] = "Lương Thị Nga <nga@khach.example>", DESK, "Công tơ"
    mail["Message-ID"] = "<everyday@khach.example>"
    mail.set_content(REQUEST)
    desk.deliver(mail.as_bytes())
    desk.work()
    assert desk.ticket().state == "waiting_unit"
    assert [sent.to for sent in desk.new_sent()] == [("dlnari@pcbk.example",)], "and it gets none, as it asks"
