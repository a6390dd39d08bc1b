"""A unit answers with a Word letter of its own: the customer's draft holds what it says, the file stays with the ticket."""

import io
from email.message import EmailMessage

import docx

from daemon.desk.ticket import State
from tests.office.test_endings import UNIT, WRITES
from tests.support.office import DESK, Desk

HEAD = ("CÔNG TY ĐIỆN LỰC BẮC KẠN", "ĐIỆN LỰC CHỢ ĐỒN", "Kính gửi: Phòng Giao dịch khách hàng")
SAID = "Đường dây bị cây đổ, đơn vị đã khắc phục và cấp điện lại lúc 09h30."
FOOT = ("Trân trọng./.", "GIÁM ĐỐC", "Hoàng Văn Bắc")
WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def test_only_what_the_letter_says_is_drafted(desk: Desk) -> None:
    _answered_with(desk, _letter(), WORD, "Trả lời.docx")
    ticket = desk.ticket()
    assert (ticket.state, ticket.draft and ticket.draft.text) == (State.TO_APPROVE, SAID)
    assert any("tra-loi" in name.lower() and name.endswith(".docx") for name in desk.file_names()), desk.file_names()


def test_a_letter_that_no_machine_reads_counts_and_is_shown_to_a_person(desk: Desk) -> None:
    _answered_with(desk, b"\x89PNG not to be read", ("image", "png"), "scan.png")
    ticket = desk.ticket()
    assert ticket.state is State.TO_APPROVE and not any(row.open for row in ticket.units)
    assert "wording" in ticket.check and ticket.draft and "scan.png" in ticket.draft.text


def _answered_with(desk: Desk, content: bytes, media: tuple[str, str], name: str) -> None:
    desk.note("phone_note", WRITES)
    desk.work()
    (asked,) = desk.new_sent()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = UNIT, DESK, f"Re: {asked.subject}"
    mail["Message-ID"], mail["In-Reply-To"] = "<word@unit.example>", asked.message_id
    mail.set_content("Kính gửi phòng GDKH,\nĐiện lực gửi văn bản trả lời (file đính kèm).\n\nTrân trọng.")
    mail.add_attachment(content, maintype=media[0], subtype=media[1], filename=name)
    desk.deliver(mail.as_bytes())
    desk.work()


def _letter() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for text in (*HEAD, SAID, *FOOT):
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()
