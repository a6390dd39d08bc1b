"""Filling an office with closed tickets, many in little time: rows like those that the loop leaves behind."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from daemon.bench.people import a_name, a_phone
from daemon.desk.text import fold
from daemon.office.parts import Parts
from daemon.store import models
from daemon.store.database import to_text

_PLACES = ("xã Quảng Bạch", "xã Bằng Thành", "phường Sông Cầu", "xã Nam Cường", "thị trấn Bằng Lũng", "xã Cẩm Giàng")
_UNITS = ("TP Bắc Kạn", "Bạch Thông", "Chợ Đồn", "Ba Bể", "Na Rì", "Ngân Sơn", "Pác Nặm", "Chợ Mới", "B26")
_KINDS = ("outage_info", "reconnection_cost", "incident_report", "outage_complaint", "other")
_TEXTS = (
    "Khu vực nhà tôi mất điện từ sáng, xin cho biết khi nào có điện trở lại và nguyên nhân vì sao.",
    "Đề nghị cho biết chi phí ngừng và cấp điện trở lại cho hộ kinh doanh, khoảng cách khoảng 8 km.",
    "Cột điện trước cửa nhà nghiêng, dây chùng gần mái, đề nghị cho người kiểm tra ngay.",
    "Trong tháng bị cắt điện bốn lần không thông báo trước, tôi khiếu nại và đề nghị trả lời bằng văn bản.",
)
A_YEAR = 100_000
_WORDS = (
    "CREATE TRIGGER ticket_words_new AFTER INSERT ON ticket BEGIN"
    " INSERT INTO ticket_words (rowid, search) VALUES (new.id, new.search); END"
)
# What a ticket leaves behind beside its own row. The engine makes these lines from the tickets' rows.
_BELONGINGS = (
    "INSERT INTO item (office, identity, source, name, digest, size, received, state, ticket_id, reason, sender, subject,"
    " details, attempts, retry_at) SELECT office, office || ':bench:' || number, 'mail', subject, number, 2000, received,"
    " 'sorted', id, '', customer_email, subject, '{}', 0, 0 FROM ticket",
    "INSERT INTO event (ticket_id, seq, kind, at, author_kind, author, cause, content, digest, chain)"
    " SELECT t.id, s.seq, 'bench', t.received, 'program', 'motcua', '', '{\"text\":\"' || t.content || '\"}', t.number,"
    " t.number || s.seq FROM ticket t, (SELECT 1 AS seq UNION SELECT 2 UNION SELECT 3) s",
    "INSERT INTO effect (office, ticket_id, key, kind, payload, state, message_id, attempts, dropped, tried, lease,"
    " retry_at, reason) SELECT t.office, t.id, t.number || '/' || k.kind, k.kind, '{\"body\":\"' || t.content ||"
    " '\",\"to\":[\"dl@pcbk.example\"]}', 'done', '<' || t.number || k.kind || '@bench>', 1, 0, true, 0, 0, ''"
    " FROM ticket t, (SELECT 'send_mail' AS kind UNION SELECT 'write_document') k",
    "INSERT INTO mail_id (office, message_id, ticket_id, ours) SELECT office, '<' || number || 'send_mail@bench>', id,"
    " true FROM ticket",
    "INSERT INTO unit_asked (ticket_id, unit, step, round, state, asked, due, answered, details) SELECT id, unit,"
    ' \'ask\', 1, \'answered\', received, received, received, \'{"reminded":[],"answer":"","question":null,"address":null,'
    '"message_id":null}\' FROM ticket',
    "INSERT INTO deadline (ticket_id, name, round, due, holder, met, details) SELECT id, 'answer', 1, received, 'desk',"
    ' received, \'{"rule":"","start":"\' || received || \'","warned":[],"extended":null}\' FROM ticket',
)


def fill(parts: Parts, count: int, now: dt.datetime, seed: int = 821) -> None:
    """Add ``count`` closed tickets before ``now`` with what belongs to them, 100,000 a year. SQLite only, once only.

    The ledgers count as written.
    """
    chance = random.Random(seed)
    engine = parts.database.engine
    numbers: Counter[int] = Counter()
    names = list(_ticket(random.Random(0), "X", 1, 1, now))
    marks = ", ".join("?" for _ in names)
    with parts.database.write():
        engine.execute_sql("DROP TRIGGER ticket_words_new")
        rows = _tickets(chance, parts.store.office, count, now, numbers)
        engine.cursor().executemany(f"INSERT INTO ticket ({', '.join(names)}) VALUES ({marks})", rows)
        for line in _BELONGINGS:
            engine.execute_sql(line)
        engine.execute_sql("INSERT INTO ticket_words (ticket_words) VALUES ('rebuild')")
        engine.execute_sql(_WORDS)
        for year, last in numbers.items():
            models.Counter.insert(office=parts.store.office, year=year, last=last).execute()
        parts.store.keep_note("ledger:written", f"{parts.store.last_change()}:{now:%Y-%m-%d}")
    engine.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _tickets(
    chance: random.Random, office: str, count: int, now: dt.datetime, numbers: Counter[int]
) -> Iterator[tuple[Any, ...]]:
    days = dt.timedelta(days=360 * max(1, count // A_YEAR))
    for place in range(1, count + 1):
        received = now - days + (days - dt.timedelta(days=5)) * (place / count)
        numbers[received.year] += 1
        yield tuple(_ticket(chance, office, place, numbers[received.year], received).values())


def _ticket(chance: random.Random, office: str, person: int, number: int, received: dt.datetime) -> dict[str, Any]:
    name, phone, place = a_name(chance), a_phone(chance), chance.choice(_PLACES)
    text, code, email = chance.choice(_TEXTS), f"PA26NR{person:07d}", f"khach-cu{person}@khach.example"
    shown = f"{office}-{received.year}-{number:06d}"
    return {
        "office": office,
        "number": shown,
        "procedure": "qt821-02-chapter-1",
        "category": chance.choice(_KINDS),
        "channel": "email",
        "state": "closed",
        "step": "",
        "round": 1,
        "received": to_text(received),
        "unit": chance.choice(_UNITS),
        "danger": False,
        "customer_name": name,
        "customer_code": code,
        "customer_phone": phone,
        "customer_address": place,
        "customer_email": email,
        "subject": "Đề nghị của khách hàng",
        "content": text,
        "reading": "{}",
        "work": "{}",
        "search": fold(" ".join((shown, name, code, phone, place, email, "Đề nghị của khách hàng", text))),
        "handled": 3,
        "last_seq": 3,
        "version": 3,
    }
