"""Measure every page of the console on the server at 100,000 tickets: ``python tools/bench_console.py [--tickets N]``.

A working folder of its own is filled and thrown away. One line a page: milliseconds (the median and the slowest of ten),
kilobytes before and after compression. Nothing fails on a clock: a person judges the figures.
"""

import datetime as dt
import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from daemon.desk.text import fold  # noqa: E402
from daemon.office.parts import Parts  # noqa: E402
from daemon.store import models, rows  # noqa: E402
from daemon.store.database import to_text  # noqa: E402

PASSWORD = "một câu đủ dài để thử"
KINDS = ("outage_info", "reconnection_cost", "incident_report", "outage_complaint", "outage_time_change", "other")
CHANNELS = ("counter", "phone_note", "sms", "website", "letter", "email")
UNITS = ("TP Bắc Kạn", "Bạch Thông", "Chợ Đồn", "Ba Bể", "Na Rì", "Ngân Sơn", "Pác Nặm", "Chợ Mới", "B26")
FAMILY = ("Nguyễn", "Trần", "Hoàng", "Nông", "Lý", "Triệu", "Hà", "Phạm", "Đặng", "Vũ", "Bàn", "Ma")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Thanh", "Ngọc", "Quang")
GIVEN = ("Lan", "Hùng", "Thắng", "Nga", "Sơn", "Trang", "Tuấn", "Bích", "Dũng", "Xuyến", "Khánh", "Yến", "Hiền")
PLACES = ("xã Quảng Bạch", "xã Bằng Thành", "phường Sông Cầu", "xã Nam Cường", "thị trấn Bằng Lũng", "xã Cẩm Giàng")
TEXTS = (
    "Khu vực nhà tôi mất điện từ sáng, xin cho biết khi nào có điện trở lại và nguyên nhân vì sao.",
    "Đề nghị cho biết chi phí ngừng và cấp điện trở lại cho hộ kinh doanh, khoảng cách khoảng 8 km.",
    "Cột điện trước cửa nhà nghiêng, dây chùng gần mái, đề nghị cho người kiểm tra ngay.",
    "Đơn vị tôi có lịch thi, đề nghị lùi giờ ngừng cung cấp điện sang buổi chiều hôm sau.",
    "Trong tháng bị cắt điện bốn lần không thông báo trước, tôi khiếu nại và đề nghị trả lời bằng văn bản.",
)


def fill(parts: Parts, count: int, now: dt.datetime) -> None:
    """Fill the store with tickets of the last year, three in a hundred still open."""
    chance = random.Random(821)
    start = now - dt.timedelta(days=360)
    step = dt.timedelta(days=360) / count
    made = (_ticket(parts, chance, number, start + step * number, count) for number in range(1, count + 1))
    while batch := list(itertools.islice(made, 2000)):
        with parts.database.write():
            for model, index in ((models.Ticket, 0), (models.UnitAsked, 1), (models.Deadline, 2), (models.Event, 3)):
                lines = [line for each in batch for line in each[index]]
                for part in _pieces(lines, 400):
                    model.insert_many(part).execute()
    models.Counter.insert(office=parts.settings.file.prefix, year=now.year, last=count).execute()
    parts.database.engine.execute_sql("ANALYZE")


def _pieces(lines: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    return (lines[at : at + size] for at in range(0, len(lines), size))


def _ticket(parts: Parts, chance: random.Random, number: int, received: dt.datetime, count: int) -> tuple[Any, ...]:
    open_ = number > count - count * 3 // 100
    state = chance.choice(("to_check", "to_approve", "waiting_unit", "waiting_unit", "released")) if open_ else "closed"
    name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
    address, unit, text = chance.choice(PLACES), chance.choice(UNITS), chance.choice(TEXTS)
    code, phone = f"PA{chance.randrange(10**11):011d}", f"09{chance.randrange(10**8):08d}"
    done = None if open_ else received + dt.timedelta(hours=chance.randrange(1, 90))
    due = received + dt.timedelta(days=3)
    shown = f"PCBK-{received.year}-{number:06d}"
    reading = {"check": ["phone"] if state == "to_check" else [], "questions": [], "confidence": {"category": 0.93, "unit": 0.9},
               "reasons": {"category": ["mất điện", "khi nào có điện"], "unit": [address]}, "asked_window": None}
    draft = {"text": "Khu vực mất điện do sự cố đường dây 35 kV, đã khôi phục lúc 11 giờ 20.", "round": 1, "form": "phone",
             "message_id": None, "mailbox_key": None, "released": None}
    row = {
        "id": number, "office": parts.settings.file.prefix, "number": shown, "procedure": "qt821-02-p9-chuong-1",
        "category": chance.choice(KINDS), "channel": chance.choice(CHANNELS), "state": state, "step": "ask_unit",
        "received": to_text(received), "unit": unit, "wanted_reply": chance.choice(("phone", "letter", None)),
        "danger": chance.random() < 0.01, "customer_name": name, "customer_code": code, "customer_phone": phone,
        "customer_address": address, "customer_email": None, "content": text, "reading": rows.dumps(reading),
        "work": rows.dumps({"found": None, "draft": draft if state != "to_check" else None}),
        "search": fold(" ".join((shown, name, code, phone, address, text))), "handled": 4, "last_seq": 4,
        "look_at": to_text(due) if open_ else None,
    }  # fmt: skip
    asked = {"ticket": number, "unit": unit, "step": "ask_unit", "round": 1, "state": "asked" if open_ else "answered",
             "asked": to_text(received), "due": to_text(received + dt.timedelta(days=2)), "answered": to_text(done),
             "details": rows.dumps({"reminded": [], "answer": "Đã khắc phục.", "question": None, "address": 0, "message_id": None})}  # fmt: skip
    lines = [
        {"ticket": number, "name": each, "round": 1, "due": to_text(at), "holder": unit, "met": to_text(done),
         "details": rows.dumps({"rule": "within 3 working days", "start": to_text(received), "warned": [], "extended": False})}
        for each, at in (("appointment", due), ("look_up", received + dt.timedelta(minutes=10)))
    ]  # fmt: skip
    events = [
        {"ticket": number, "seq": seq, "kind": kind, "at": to_text(received), "author_kind": "program", "author": "motcua",
         "cause": "", "content": "{}", "digest": "", "chain": ""}
        for seq, kind in enumerate(("received", "document_written", "mail_sent", "unit_answered"), start=1)
    ]  # fmt: skip
    return [row], [asked], lines, events
