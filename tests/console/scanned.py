"""A scanned form on the desk as reading it leaves it: two doubtful cells with their pictures and what each reader read."""

import io

from PIL import Image, ImageDraw

from daemon.desk.ticket import PROGRAM, Category, Channel, Customer, Event, Ticket
from daemon.store.store import Arrival
from tests.support.office import Desk

READINGS = [
    {"field": "name", "value": "Ma Thị Nga", "standing": "check", "confidence": 0.61, "reason": "hai cách đọc khác nhau", "crop": "ten.png", "votes": [["a", "Ma Thị Nga", 0.61], ["b", "Ma Thị Ngà", 0.55]]},
    {"field": "phone", "value": "0988123456", "standing": "check", "confidence": 0.7, "reason": "một chữ số mờ", "crop": "so.png", "votes": [["a", "0988123456", 0.7], ["b", "0988123450", 0.5]]},
    {"field": "address", "value": "xã Quảng Bạch, huyện Chợ Đồn", "standing": "accepted", "confidence": 0.97, "reason": "", "crop": "dia-chi.png", "votes": []},
]  # fmt: skip


def picture(text: str, size: tuple[int, int]) -> bytes:
    """Return a PNG with a text on it."""
    made = Image.new("L", size, 255)
    ImageDraw.Draw(made).text((12, 10), text, fill=0)
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def lay_down(desk: Desk) -> str:
    """Put a scanned form on the desk and return its ticket's number."""
    parts, now = desk.parts, desk.clock.now()
    page = picture("PHIEU TIEP NHAN YEU CAU", (900, 1270))
    parts.store.receive([Arrival("file:test", "scan", page, now, "phieu.png")])
    item = parts.store.item_by_identity("file:test")
    assert item is not None
    crops = desk.home / "var" / "crops" / str(item.id)
    crops.mkdir(parents=True)
    for reading in READINGS:
        (crops / str(reading["crop"])).write_bytes(picture(str(reading["field"]), (420, 60)))
    content = {
        "channel": "counter",
        "item": item.id,
        "digest": item.digest,
        "name": item.name,
        "source": "scan",
        "readings": READINGS,
    }
    customer = Customer(**{str(each["field"]): str(each["value"]) for each in READINGS})

    def make(number: str) -> Ticket:
        return Ticket(
            number, parts.desk.procedure.id, Category.OUTAGE_INFO, Channel.COUNTER, now, "Hỏi bao giờ có điện lại",
            customer=customer, unit="Chợ Đồn", check=("name", "phone"),
            questions=("Họ tên: hai cách đọc khác nhau", "Số điện thoại: một chữ số mờ"),
        )  # fmt: skip

    number = parts.store.open_ticket(
        item.id, make, parts.settings.file.prefix, Event("received", now, PROGRAM, content), now
    )
    desk.work()
    return number
