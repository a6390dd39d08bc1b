"""Mails to measure with, where none are given: requests as customers write them, some with a scanned page behind."""

import random
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from daemon.bench.people import a_name, a_phone

ATTACHED_SHARE = 0.15
PDF_BYTES = 200_000
_PLACES = ("xã Sơn Thành", "xã Cao Tân", "xã Quảng Bạch", "phường Sông Cầu", "xã Bằng Thành")
_REQUESTS = (
    ("Công tơ chạy nhanh", "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định."),
    ("Hỏi về mất điện", "Khu vực nhà tôi mất điện từ sáng, xin cho biết nguyên nhân và khi nào có điện trở lại."),
    ("Đề nghị ngừng cấp điện", "Đề nghị ngừng cung cấp điện từ tháng sau, xin cho biết chi phí cấp điện trở lại."),
    ("Khiếu nại cắt điện", "Trong tháng mất điện bốn lần không thông báo trước, đề nghị trả lời bằng văn bản."),
)


def made_mails(count: int, attached: float = ATTACHED_SHARE, seed: int = 821) -> list[bytes]:
    """Return mails, each from another customer; a share of them carries a PDF that does not compress."""
    chance = random.Random(seed)
    step = round(1 / attached) if attached else count + 1
    return [request_mail(chance, number, pdf=number % step == 0) for number in range(1, count + 1)]


def sure_mail(chance: random.Random, number: int) -> bytes:
    """Return a request that nobody needs to check: its request form goes to the unit by itself."""
    return request_mail(chance, number, _REQUESTS[0], _PLACES[0])


def request_mail(
    chance: random.Random, number: int, request: tuple[str, str] = ("", ""), place: str = "", *, pdf: bool = False
) -> bytes:
    """Return one request as a mail's bytes; ``number`` makes its sender, code and Message-ID its own."""
    subject, wish = request if request[0] else chance.choice(_REQUESTS)
    name, place = a_name(chance), place or chance.choice(_PLACES)
    mail = EmailMessage()
    mail["From"] = f"{name} <khach{number}@khach.example>"
    mail["To"] = "gdkh@pcbk.example"
    mail["Subject"], mail["Date"] = subject, format_datetime(localtime())
    mail["Message-ID"] = f"<bench-{number}-{chance.getrandbits(40):x}@khach.example>"
    mail.set_content(
        f"Kính gửi Điện lực,\n\nTôi là {name}, {place}, mã khách hàng PA26NR{number:07d}. {wish}\n"
        f"Số điện thoại: {a_phone(chance)}.\n\nTrân trọng.\n"
    )
    if pdf:
        page = b"%PDF-1.4\n" + chance.randbytes(PDF_BYTES) + b"\n%%EOF\n"
        mail.add_attachment(page, maintype="application", subtype="pdf", filename=f"don-{number}.pdf")
    return mail.as_bytes()
