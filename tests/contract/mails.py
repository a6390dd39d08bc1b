"""Mails for the contract suite, as bytes with CRLF."""

from email.message import EmailMessage
from email.policy import SMTP

DESK = "phongkh@dienluc.example"
CUSTOMER = "khach@nha.example"


def mail(
    message_id: str | None = "<a1@nha.example>",
    subject: str = "Hỏi lịch cắt điện",
    body: str = "Kính gửi phòng khách hàng, xin hỏi lịch ngừng cấp điện.\n",
    sender: str = f"Nguyễn Văn Ạ <{CUSTOMER}>",
    to: str = DESK,
    attachment: bytes | None = None,
    **headers: str,
) -> bytes:
    """Return a mail; ``headers`` are further fields with ``_`` for ``-``."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = "Mon, 23 Nov 2026 08:15:00 +0700"
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    if attachment is not None:
        made.add_attachment(
            attachment, maintype="application", subtype="octet-stream", filename="PCBK-2026-000001.docx"
        )
        made.set_boundary("==ranh-gioi-cac-phan==")
    return made.as_bytes()


def ours(
    message_id: str = "<PCBK-2026-000001.draft.1.x@dienluc.example>",
    number: str = "PCBK-2026-000001",
    to: str = CUSTOMER,
    body: str = "— Xin trả lời phía trên dòng này —\nKính gửi quý khách.\n",
    attachment: bytes | None = b"PK\x03\x04 docx \x00\xff",
    **headers: str,
) -> bytes:
    """Return a mail that the desk itself writes."""
    subject = f"[{number}] Trả lời đề nghị của quý khách"
    return mail(message_id, subject, body, f"Phòng Khách hàng <{DESK}>", to, attachment, **headers)


def lines(raw: bytes) -> list[bytes]:
    """Return a mail's lines whatever ends them: servers may store CRLF as LF."""
    return raw.replace(b"\r\n", b"\n").strip().split(b"\n")
