"""An office with something in every place that is kept: tickets, mails, documents, an inbox file, an export, settings."""

from dataclasses import dataclass
from pathlib import Path

from daemon.office.parts import Parts
from tests.support.office import Desk, FakeClock

MAI = "Lý Thị Mẩy"
PHONE = "0912345678"
MAIL = "may.ly@khach.example"
WORDS = "gà ấp trong lò chết hết vì mất điện"


@dataclass
class Kept:
    """An office in a folder."""

    home: Path
    clock: FakeClock
    parts: Parts


def busy_desk(home: Path) -> Desk:
    """Return an office with one customer's finished ticket, another one's open ticket, and things that wait."""
    desk = Desk(home, "2026-10-05 08:00")
    desk.mail(
        f"{MAI} <{MAIL}>",
        "Hỏi về mất điện",
        f"Tôi là {MAI}, xã Bộc Bố, huyện Pác Nặm, điện thoại {PHONE}. Hôm qua mất điện cả ngày, {WORDS}. "
        "Đề nghị giải thích vì sao không báo trước.",
    )
    desk.work()
    desk.note("phone_note", "Ông Triệu Văn Páo, xã Quân Hà, huyện Bạch Thông, 0987 654 321, hỏi bao giờ có điện lại.")
    desk.work()
    desk.mail("ban-tin@quang-cao.example", "Ban tin", "Mời xem sản phẩm mới", Precedence="bulk")
    desk.work()
    (home / "inbox" / "can-xem").mkdir(exist_ok=True)
    (home / "inbox" / "can-xem" / "mo.pdf").write_bytes(b"%PDF-1.4 half copied")
    (home / "inbox" / "du-lieu" / "da-nap").mkdir(exist_ok=True)
    (home / "inbox" / "du-lieu" / "da-nap" / "lich.csv").write_text("a,b\n", "utf-8")
    return desk
