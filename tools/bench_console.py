"""Measure every page of the console on the server at 100,000 tickets: ``python tools/bench_console.py [--tickets N]``.

A working folder of its own is filled and thrown away. One line a page: milliseconds (the median of ten, each right after
somebody changed a ticket, so that nothing kept from before helps; the slowest of them; the median of the processor's time,
which other work on the machine does not lengthen; the median with nothing changed), kilobytes before and after compression. Nothing fails on a clock: a person judges the figures.
"""

import argparse
import datetime as dt
import gzip
import itertools
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from daemon.desk.text import fold  # noqa: E402
from daemon.office import handling, people  # noqa: E402
from daemon.office.parts import Parts, open_office  # noqa: E402
from daemon.store import lists, models, rows  # noqa: E402
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


def fill(parts: Parts, count: int, now: dt.datetime, opened: int = 1500) -> None:
    """Fill the store with tickets of the last year, the last ``opened`` of them still open."""
    chance = random.Random(821)
    start = now - dt.timedelta(days=360)
    step = dt.timedelta(days=360) / count
    made = (_ticket(parts, chance, number, start + step * number, count - opened) for number in range(1, count + 1))
    while batch := list(itertools.islice(made, 5000)):
        with parts.database.write():
            for model, index in ((models.Ticket, 0), (models.UnitAsked, 1), (models.Deadline, 2), (models.Event, 3)):
                _insert(parts, model, [line for each in batch for line in each[index]])
    models.Counter.insert(office=parts.settings.file.prefix, year=now.year, last=count).execute()
    parts.database.engine.execute_sql("ANALYZE")


def _insert(parts: Parts, model: Any, lines: list[dict[str, Any]]) -> None:
    """Insert rows as the engine takes them: making a hundred thousand objects of them would take minutes."""
    defaults = {field.name: default for field, default in model._meta.defaults.items() if not callable(default)}
    rows_ = [{**defaults, **line} for line in lines]
    names = list(rows_[0])
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
    marks = ", ".join("?" for _ in names)
    statement = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'
    parts.database.engine.connection().executemany(statement, [tuple(row[name] for name in names) for row in rows_])


def _ticket(parts: Parts, chance: random.Random, number: int, received: dt.datetime, done: int) -> tuple[Any, ...]:
    open_ = number > done
    state = chance.choice(("to_check", "to_approve", "waiting_unit", "waiting_unit", "released")) if open_ else "closed"
    name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
    address, unit, text = chance.choice(PLACES), chance.choice(UNITS), chance.choice(TEXTS)
    code, phone = f"PA{chance.randrange(10**11):011d}", f"09{chance.randrange(10**8):08d}"
    met = None if open_ else received + dt.timedelta(hours=chance.randrange(1, 90))
    due = received + dt.timedelta(days=3)
    shown = f"PCBK-{received.year}-{number:06d}"
    reading = {
        "check": ["phone"] if state == "to_check" else [],
        "questions": [],
        "confidence": {"category": 0.93, "unit": 0.9},
        "reasons": {"category": ["mất điện", "khi nào có điện"], "unit": [address]},
        "asked_window": None,
    }
    draft = {
        "text": "Khu vực mất điện do sự cố đường dây 35 kV, đã khôi phục lúc 11 giờ 20.",
        "round": 1,
        "form": "phone",
        "message_id": None,
        "mailbox_key": None,
        "released": None,
    }
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
             "asked": to_text(received), "due": to_text(received + dt.timedelta(days=2)), "answered": to_text(met),
             "details": rows.dumps({"reminded": [], "answer": "Đã khắc phục.", "question": None, "address": 0, "message_id": None})}  # fmt: skip
    lines = [
        {"ticket": number, "name": each, "round": 1, "due": to_text(at), "holder": unit, "met": to_text(met),
         "details": rows.dumps({"rule": "within 3 working days", "start": to_text(received), "warned": [], "extended": False})}
        for each, at in (("appointment", due), ("look_up", received + dt.timedelta(minutes=10)))
    ]  # fmt: skip
    events = [
        {"ticket": number, "seq": seq, "kind": kind, "at": to_text(received), "author_kind": "program", "author": "motcua",
         "cause": "", "content": "{}", "digest": "", "chain": ""}
        for seq, kind in enumerate(("received", "document_written", "mail_sent", "unit_answered"), start=1)
    ]  # fmt: skip
    return [row], [asked], lines, events


# -- measuring ---------------------------------------------------------------------------------------------------------
def pages(newest: str, leader: str) -> dict[str, str]:
    """Return what is measured: the address of each page under its name."""
    return {
        "today": "/",
        "today, one sort": "/?loai=duyet",
        "today, mine": "/?cua-toi=1",
        "ticket": f"/phieu/{newest}",
        "slip": f"/phieu/{newest}/phieu-hen",
        "ledger": "/so",
        "ledger, page 200": "/so?trang=200",
        "ledger, a piece of a word": "/so?tim=0912345",
        "ledger, a name": "/so?tim=nong van xuyen".replace(" ", "+"),
        "ledger, a common word": "/so?tim=dien",
        "ledger, a word of nobody": "/so?tim=khongcoai",
        "ledger, half a word typed": "/so?tim=xuy",
        "ledger, a common word typed": "/so?tim=dien",
        "ledger, nobody typed": "/so?tim=khongcoai",
        "ledger, a phone typed": "/so?tim=0912345",
        "ledger, three filters": "/so?loai=other&don-vi=B26&kenh=sms",
        "ledger, late": "/so?han=qua",
        "groups": "/nhom",
        "one group": f"/nhom/{leader}",
        "new request": "/moi",
        "leaders (figures kept)": "/lanh-dao?ky=tuan",
        "units (figures kept)": "/don-vi?ky=tuan",
        "office": "/phong",
        "calendar": "/phong/lich/2026",
        "unit cards": "/phong/don-vi",
        "costs": "/phong/bieu-gia",
        "switches": "/phong/cong-tac",
        "templates": "/phong/mau",
        "users": "/nguoi-dung",
        "diary": "/phong/nhat-ky",
        "metrics": "/metrics",
    }


def measure(home: Path, parts: Parts, repeat: int) -> dict[str, Any]:
    """Ask for every page of the console and return milliseconds and kilobytes by name."""
    from daemon.console.app import make_app
    from tests.console.hands import Browser

    app = make_app(home, parts.clock, parts)
    browser = Browser(app)
    secret = browser.get("/dang-nhap").hidden("csrf")
    answer = browser.post("/dang-nhap", {"ten": "quantri", "mat-khau": PASSWORD, "csrf": secret, "den": "/"})
    assert answer.status == 303, answer.text
    newest = next(iter(lists.page(parts.store, lists.Filter(states=("to_approve",)), limit=1).tickets)).number
    started = time.perf_counter()
    browser.get("/lanh-dao/so-lieu?ky=tuan")
    figures = time.perf_counter() - started
    found: dict[str, Any] = {"figures of a week, counted once": {"ms": round(figures * 1000)}}
    for name, address in pages(newest, newest).items():
        times: dict[bool, list[float]] = {True: [], False: []}
        busy = []
        for _ in range(repeat):
            handling.remark(parts, newest, "gọi lại sau", "bench")
            for changed in times:
                started, began = time.perf_counter(), time.process_time()
                answer = browser.get(address, **({"x_motcua": "1"} if "typed" in name else {}))
                times[changed].append(1000 * (time.perf_counter() - started))
                busy += [1000 * (time.process_time() - began)] if changed else []
                assert answer.status == 200, (name, answer.status)
        found[name] = {
            "ms": round(statistics.median(times[True]), 1),
            "slowest": round(max(times[True]), 1),
            "cpu": round(statistics.median(busy), 1),
            "unchanged": round(statistics.median(times[False]), 1),
            "kb": round(len(answer.body) / 1000, 1),
            "gzip_kb": round(len(gzip.compress(answer.body)) / 1000, 1),
        }
    for name in ("console.css", "console.js"):
        found[name] = {"kb": round(len(browser.get(f"/static/{name}").body) / 1000, 1)}
    app.state.console.figures.close()
    return found


def main() -> int:
    """Fill a folder, measure, print."""
    choose = argparse.ArgumentParser(description=__doc__.split(":")[0])
    choose.add_argument("--tickets", type=int, default=100_000)
    choose.add_argument("--open", type=int, default=1500)
    choose.add_argument("--repeat", type=int, default=10)
    chosen = choose.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as scratch:
        home = Path(scratch)
        for name in ("config", "templates"):
            shutil.copytree(ROOT / name, home / name)
        parts = open_office(home)
        started = time.perf_counter()
        fill(parts, chosen.tickets, parts.clock.now(), chosen.open)
        print(f"{chosen.tickets} tickets in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        people.add_user(parts, "quantri", "Quản trị", "administrator", PASSWORD, "bench")
        found = measure(home, parts, chosen.repeat)
        parts.close()
    for name, each in found.items():
        print(f"{name:32} " + "  ".join(f"{key} {value:>8}" for key, value in each.items()), file=sys.stderr)
    worst = max(each["ms"] for name, each in found.items() if "slowest" in each)
    largest = max(each["kb"] for each in found.values() if "kb" in each)
    print(
        json.dumps(
            {"tickets": chosen.tickets, "open": chosen.open, "worst_ms": worst, "largest_kb": largest, "pages": found}
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
