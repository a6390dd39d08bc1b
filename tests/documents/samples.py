"""An office, a procedure, tickets and values for the tests of the documents room."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.desk import letters
from daemon.desk.office_card import Office, Signer
from daemon.desk.procedure import Procedure
from daemon.desk.ticket import (
    Category,
    Channel,
    Customer,
    Deadline,
    FoundAnswer,
    ReplyForm,
    Ticket,
    UnitAsked,
    UnitState,
)
from daemon.desk.unit import UnitCard

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(*parts: int) -> dt.datetime:
    """Return a moment in the office's time zone."""
    return dt.datetime(*parts, tzinfo=ZONE)


NOW = at(2026, 10, 7, 16, 5)
OFFICE = Office(
    name="Công ty Điện lực Bắc Kạn",
    parent="Tổng công ty Điện lực miền Bắc",
    place="Thái Nguyên",
    room="Phòng Kinh doanh",
    phone="0209 3870 123",
    email="gdkh@example.vn",
    address="Số 21 đường Hùng Vương, phường Đức Xuân",
    short_name="PC Bắc Kạn",
    parent_short="EVNNPC",
    hotline="19006769",
    signer=Signer(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn Hòa"),
    room_signer=Signer(("TRƯỞNG PHÒNG",), "Lê Thị Thu Hằng"),
    recipients=("Điện lực Bạch Thông (để biết)", "Lưu: VT, P9"),
)
PROCEDURE = Procedure(
    "qt821", "Một cửa", "Chương I", "B26", {}, {}, {}, code="QT821-02/P9", issue="01", date="07/11/2015"
)
CARD = UnitCard("Điện lực Bạch Thông", ("bt@example.vn",), "Ông Bình", None, "0209 3850 111", "truc@example.vn")
ANSWER = "Đường dây 473 E26.2 có 03 lần ngừng theo kế hoạch.\nBốn lần mất điện do sét đánh."


def ticket(**changes: Any) -> Ticket:
    """Return a full complaint; ``changes`` replace its values."""
    whole = Ticket(
        number="PCBK-2026-000123",
        procedure="qt821",
        category=Category.OUTAGE_COMPLAINT,
        channel=Channel.EMAIL,
        received=at(2026, 10, 5, 8, 20),
        content="Kính gửi Công ty,\nTừ tháng 9 thôn Nà Lìu mất điện 7 lần.",
        subject="Khiếu nại",
        customer=Customer(
            "Hoàng Văn Anh", "PA26BT0012345", "0912 345 678", "thôn Nà Lìu, xã Phủ Thông", "a@example.vn"
        ),
        unit="Bạch Thông",
        wanted_reply=ReplyForm.LETTER,
        outage_start=at(2026, 10, 9, 7, 30),
        asked_window=(at(2026, 10, 10, 7, 30), at(2026, 10, 10, 11, 0)),
        danger=True,
        units=(
            UnitAsked("Bạch Thông", "ask_unit", 1, UnitState.REMINDED, at(2026, 10, 5, 9), at(2026, 10, 7, 17)),
            UnitAsked(
                "B26", "ask_unit", 1, UnitState.ANSWERED, at(2026, 10, 5, 9), at(2026, 10, 7, 17), answer="Do sét."
            ),
        ),
        deadlines=(Deadline("appointment", at(2026, 10, 8, 17), "agent", "3 working days", at(2026, 10, 5, 8, 20)),),
        found=FoundAnswer("Có 3 lần ngừng theo kế hoạch.", "OMS", at(2026, 10, 5, 6)),
    )
    return whole.evolve(**changes)


def bare() -> Ticket:
    """Return a ticket of which hardly anything is known."""
    return Ticket("PCBK-2026-000009", "qt821", Category.OTHER, Channel.PHONE_NOTE, at(2026, 1, 5, 8, 20), "")


def values(kind: str, of: Ticket | None = None, **changes: Any) -> dict[str, Any]:
    """Return the values for a document of a kind, everything given that can be given."""
    options: dict[str, Any] = {
        "kind": kind,
        "round": 1,
        "answer_text": ANSWER,
        "unit": "Bạch Thông",
        "unit_names": {"Bạch Thông": CARD.name, "B26": "Phòng Điều độ"},
        "costs": [
            letters.CostLine("Hộ sinh hoạt", "≤ 0,38 kV", "mọi khoảng cách", 98_000),
            letters.CostLine("Ngoài sinh hoạt", "> 0,38–35 kV", "5–10 km", 302_841),
        ],
        "cost_basis": "Thông tư số 23/2020/TT-BCT",
        "agreed": True,
        "new_window": (at(2026, 10, 10, 7, 30), at(2026, 10, 10, 11)),
        "measures": ["Thay sứ trước ngày 30/10/2026;", "Lắp chống sét van."],
        "reminder_count": 1,
        "agent": "Nguyễn Thị Lan",
    }
    return letters.values(of or ticket(), OFFICE, CARD, PROCEDURE, NOW, **{**options, **changes})


LETTER_TEMPLATES = sorted(
    path.name for path in TEMPLATES.glob("*.docx") if path.name not in ("report.docx", "phieu-tiep-nhan.docx")
)
