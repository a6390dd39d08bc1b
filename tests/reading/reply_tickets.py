"""The tickets, units and requests that the generated replies belong to. Invented."""

import random
from dataclasses import dataclass

UNITS = {
    "Bạch Thông": ("Điện lực Bạch Thông", "dlbachthong@pcbk.test"),
    "Chợ Đồn": ("Điện lực Chợ Đồn", "dlchodon@pcbk.test"),
    "Na Rì": ("Điện lực Na Rì", "dlnari@pcbk.test"),
    "B26": ("B26 - Phòng Điều độ", "b26@pcbk.test"),
    "Ba Bể": ("Điện lực Ba Bể", "dlbabe@pcbk.test"),
}
DESK = ("Phòng GDKH - PC Bắc Kạn", "gdkh@pcbk.test")
PEOPLE = ["Nguyễn Văn Minh", "Trần Thị Hòa", "Bàn Thị Mùi", "Công ty TNHH Chè Khau Mạ", "Lý A Sểnh", "Hoàng Quốc Việt"]
ASKED = [
    "Hỏi lịch ngừng cấp điện ngày 15/11",
    "Khiếu nại mất điện nhiều lần trong tháng 10 không thông báo trước",
    "Đề nghị lùi lịch cắt điện ngày 21/11 vì gia đình có đám cưới",
    "Phản ánh điện yếu buổi tối, đèn không sáng, quạt không quay",
    "Hỏi chi phí đóng cắt điện trở lại",
]


@dataclass
class Ticket:
    number: str
    message_id: str
    unit: str
    customer: str
    code: str | None
    subject: str
    body: str
    sent: tuple[int, int, int, int]


def tickets() -> list[Ticket]:
    made = []
    for number in range(1, 31):
        rng = random.Random(number)
        unit = list(UNITS)[number % len(UNITS)]
        customer = PEOPLE[number % len(PEOPLE)]
        code = f"PA26{['BT', 'CD', 'NR', 'BK', 'BB'][number % 5]}{200 + number:07d}" if number % 3 else None
        ticket = f"PCBK-2026-{number + 400:06d}"
        own = number % 2 == 0
        ident = (
            f"<{ticket}.ask_unit.1.{rng.randrange(16**8):08x}@pcbk.test>" if own else f"<req-{number:03d}@pcbk.test>"
        )
        lines = [
            f"Kính gửi: {UNITS[unit][0]}",
            "",
            "Phòng GDKH tiếp nhận yêu cầu của khách hàng, đề nghị đơn vị xác minh và trả lời:",
            f"- Khách hàng: {customer}" + (f" (mã KH {code})" if code else ""),
            f"- Địa chỉ: thôn Nà {number}, xã Cẩm Giàng",
            f"- Nội dung: {ASKED[number % len(ASKED)]}",
            f"Đề nghị gửi kết quả về Phòng GDKH trước 17h00 ngày {number % 28 + 1:02d}/11/2026 (giữ nguyên mã phiếu trong tiêu đề).",
            "",
            "Phòng Giao dịch khách hàng",
            "Công ty Điện lực Bắc Kạn - ĐT 0209 3000 111",
        ]
        if own:
            lines = ["— Xin trả lời phía trên dòng này —", "", *lines, "", f"Mã phiếu: {ticket}"]
        made.append(
            Ticket(
                ticket,
                ident,
                unit,
                customer,
                code,
                f"[{ticket}] Đề nghị xác minh, trả lời khách hàng {customer}",
                "\n".join(lines),
                (number % 28 + 1, rng.randrange(7, 18), rng.randrange(60), 11),
            )
        )
    return made


TICKETS = tickets()
