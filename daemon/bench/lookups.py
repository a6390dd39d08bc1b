"""Looking up: a province's customers and outage plan loaded once, then the questions of a desk, each timed by itself."""

import csv
import datetime as dt
import gc
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from daemon.bench.home import fresh_home
from daemon.bench.people import a_name, a_phone
from daemon.desk.question import Question
from daemon.desk.ticket import Category
from daemon.lookups.lookups import Lookups
from daemon.office.parts import open_office

CUSTOMERS, OUTAGES = 200_000, 5_000
# Units with the letters of their customer codes, and communes of each.
_UNITS = {
    "Bạch Thông": ("PA26BT", ("Quân Hà", "Vi Hương", "Lục Bình", "Cẩm Giàng", "Nguyên Phúc", "Sỹ Bình")),
    "Chợ Đồn": ("PA26CD", ("Quảng Bạch", "Nghĩa Tá", "Ngọc Phái", "Đồng Thắng", "Yên Thượng", "Bằng Lãng")),
    "Na Rì": ("PA26NR", ("Kim Lư", "Cư Lễ", "Văn Minh", "Sơn Thành", "Liêm Thủy", "Quang Phong")),
    "Pác Nặm": ("PA26PN", ("Bộc Bố", "Nghiên Loan", "Cổ Linh", "Bằng Thành", "Giáo Hiệu", "An Thắng")),
    "Ngân Sơn": ("PA26NS", ("Bằng Vân", "Đức Vân", "Thượng Quan", "Cốc Đán", "Hiệp Lực", "Thuần Mang")),
}
_HAMLETS = 20


def lookups(home: Path, customers: int = CUSTOMERS, outages: int = OUTAGES, times: int = 200) -> dict[str, float]:
    """Return ``load_s`` and, in milliseconds, the 95th percentile of each question and ``worst_ms`` of all of them.

    Questions: a customer by code, by phone; outages of a place today, and over the next ten days.
    """
    chance = random.Random(821)
    with fresh_home(home) as folder:
        parts = open_office(folder)
        try:
            now = parts.clock.now()
            lines = [_customer(chance, number) for number in range(customers)]
            _export(parts.lookups, "khach-hang.csv", _CUSTOMER_HEAD, lines)
            _export(parts.lookups, "lich-ngung-cap-dien-oms.csv", _OUTAGE_HEAD, _outages(chance, outages, now))
            began = time.perf_counter()
            reports = parts.lookups.take_exports()
            loaded = time.perf_counter() - began
            assert sum(report.rows for report in reports) == customers + outages, [each.message for each in reports]
            asked = _questions(parts.lookups, chance, lines, now)
            gc.collect()
            gc.freeze()  # the customers made up here are not the program's: it should not have to look through them
            for ask in asked.values():
                ask()  # the first question of a process also compiles patterns
            took = {name: sorted(_timed(ask) for _ in range(times)) for name, ask in asked.items()}
        finally:
            gc.unfreeze()
            parts.close()
    slow = {name: round(each[int(0.95 * (len(each) - 1))], 2) for name, each in took.items()}
    return {"load_s": round(loaded, 2), **slow, "worst_ms": round(max(each[-1] for each in took.values()), 2)}


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - began)


def _questions(
    found: Lookups, chance: random.Random, lines: list[tuple[str, ...]], now: dt.datetime
) -> dict[str, Callable[[], object]]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)

    def outages(days: int) -> Callable[[], object]:
        def ask() -> object:
            row = chance.choice(lines)
            unit = next(name for name, (code, _) in _UNITS.items() if code == row[4])
            words = f"Xin hỏi lịch cắt điện ở {row[2]}."
            window = today, today + dt.timedelta(days=days)
            known = chance.choice((row[0], None))
            question = Question(
                Category.OUTAGE_INFO, now, words, address=row[2], unit=unit, customer_code=known, window=window
            )
            return found.look(question)

        return ask

    return {
        "by_code_ms": lambda: found.customer(code=chance.choice(lines)[0]),
        "by_phone_ms": lambda: found.customer(phone=chance.choice(lines)[3]),
        "a_day_ms": outages(1),
        "ten_days_ms": outages(10),
    }


# -- the exports -------------------------------------------------------------------------------------------------------
_CUSTOMER_HEAD = ("Mã KH", "Tên KH", "Địa chỉ", "Điện thoại", "Mã đơn vị", "Tên trạm", "Lộ")
_OUTAGE_HEAD = ("Bắt đầu", "Kết thúc", "Khu vực", "Lý do", "Điện lực", "Trạm", "Lộ")


def _customer(chance: random.Random, number: int) -> tuple[str, ...]:
    unit = chance.choice(tuple(_UNITS))
    code, communes = _UNITS[unit]
    commune, hamlet = chance.choice(communes), chance.randint(1, _HAMLETS)
    place = f"thôn {hamlet}, xã {commune}"
    return f"{code}{number:07d}", a_name(chance), place, a_phone(chance), code, f"TBA {commune} {hamlet}", "371E26.1"


def _outages(chance: random.Random, count: int, now: dt.datetime) -> Iterator[tuple[str, ...]]:
    """Rows from a fortnight ago to three weeks ahead, each for some hamlets of one commune."""
    first = now.replace(hour=7, minute=0, second=0, microsecond=0) - dt.timedelta(days=14)
    for _ in range(count):
        start = first + dt.timedelta(days=chance.randrange(35), minutes=15 * chance.randrange(24))
        end = start + dt.timedelta(hours=chance.choice((2, 3, 4, 8)))
        unit = chance.choice(tuple(_UNITS))
        commune = chance.choice(_UNITS[unit][1])
        hamlets = sorted(chance.sample(range(1, _HAMLETS + 1), chance.randint(1, 4)))
        area = f"{', '.join(f'thôn {each}' for each in hamlets)} xã {commune}"
        stations = "; ".join(f"TBA {commune} {each}" for each in hamlets)
        why = chance.choice(("Sửa chữa đường dây 0,4 kV", "Thay máy biến áp", "Phát quang hành lang tuyến"))
        yield f"{start:%d/%m/%Y %H:%M}", f"{end:%d/%m/%Y %H:%M}", area, why, unit, stations, "371E26.1"


def _export(
    found: Lookups, name: str, head: tuple[str, ...], rows: "Iterator[tuple[str, ...]] | list[tuple[str, ...]]"
) -> None:
    found.inbox.mkdir(parents=True, exist_ok=True)
    path = found.inbox / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows((head, *rows))
    settled = time.time() - 60  # nobody is still copying it
    os.utime(path, (settled, settled))
