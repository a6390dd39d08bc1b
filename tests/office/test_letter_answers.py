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
    desk.note("phone_note", WRITES)
    desk.work()
    (asked,) = desk.new_sent()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = UNIT, DESK, f"Re: {asked.subject}"
    mail["Message-ID"], mail["In-Reply-To"] = "<word@unit.example>", asked.message_id
    mail.set_content("Kính gửi phòng GDKH,\nĐiện lực gửi văn bản trả lời (file đính kèm).\n\nTrân trọng.")
    mail.add_attachment(_letter(), maintype=WORD[0], subtype=WORD[1], filename="Trả lời.docx")
    desk.deliver(mail.as_bytes())
    desk.work()
    ticket = desk.ticket()
    assert (ticket.state, ticket.draft and ticket.draft.text) == (State.TO_APPROVE, SAID)
    assert any("tra-loi" in name.lower() and name.endswith(".docx") for name in desk.file_names()), desk.file_names()


def _letter() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for text in (*HEAD, SAID, *FOOT):
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()
