"""config/desk.toml as values: the office, the database, the mailbox, what may go out, gateways, reports."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.desk.calendar import MONDAY_TO_FRIDAY, OFFICE_HOURS, Hours
from daemon.desk.desk import Outgoing
from daemon.desk.office_card import Office, Signer
from daemon.settings.alarm import AlarmTable, alarm_table
from daemon.settings.console import ConsoleTable, console_table
from daemon.settings.rows import Faults, Row, read_toml

SHOWN = "config/desk.toml"
MAILBOX_KINDS = ("maildir", "ews", "imap", "graph")
LEVELS = ("phong", "cong-ty", "tong-cong-ty")


@dataclass(frozen=True, slots=True)
class Gateway:
    """A sender of mails that carry an SMS or a website message in fixed fields (process.md, last part)."""

    sender: str
    channel: str
    fields: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """When and to whom the report of a level goes: ``period`` is week, month or quarter."""

    level: str
    template: str
    period: str
    recipients: tuple[str, ...]
    time: dt.time


@dataclass(frozen=True, slots=True)
class DeskFile:
    """Everything desk.toml says."""

    office: Office
    prefix: str
    zone: dt.tzinfo
    hours: Hours
    workweek: frozenset[int]
    code_pattern: str
    agents: tuple[str, ...]
    database_url: str
    mailbox_kind: str
    mailbox_address: str
    mailbox_table: Mapping[str, Any]
    authserv_id: str | None
    require_auth: bool
    poll_seconds: float
    silence_minutes: int
    outgoing: Outgoing
    gateways: tuple[Gateway, ...]
    reports: tuple[ReportPlan, ...]
    domain: str
    console: ConsoleTable
    alarm: AlarmTable


def load_desk(path: Path, faults: Faults) -> DeskFile:
    """Return what the file says; faults are noted, each with its key."""
    table = read_toml(path, faults, SHOWN)
    row = Row(SHOWN, table or {}, faults if table is not None else Faults())  # a file that cannot be read misses no key
    office_row, mailbox = row.sub("office"), row.sub("mailbox")
    database = row.sub("database")
    kind = mailbox.one_of("kind", MAILBOX_KINDS, "maildir")
    address = mailbox.text("address")
    made = DeskFile(
        office=_office(office_row, address),
        prefix=_prefix(office_row),
        zone=_zone(office_row),
        hours=office_row.hours("hours", None) or OFFICE_HOURS,
        workweek=office_row.weekdays("workweek", None) or MONDAY_TO_FRIDAY,
        code_pattern=_pattern(office_row, "customer_code", r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}"),
        agents=office_row.texts("agents", ()),
        database_url=_database(database),
        mailbox_kind=kind,
        mailbox_address=address.lower(),
        mailbox_table=_own_table(mailbox, kind),
        authserv_id=mailbox.text("authserv_id", "") or None,
        require_auth=mailbox.flag("require_auth", False),
        poll_seconds=float(mailbox.number("poll_seconds", 5)),
        silence_minutes=mailbox.number("silence_minutes", 30),
        outgoing=_outgoing(row.sub("outgoing")),
        gateways=tuple(row.rows("gateways", _gateway)),
        reports=tuple(_report(name, each) for name, each in _levels(row)),
        domain=address.rpartition("@")[2] or "motcua.invalid",
        console=console_table(row.sub("console")),
        alarm=alarm_table(row.sub("alarm")),
    )
    for each in (office_row, mailbox, database, row):
        each.done()
    return made


def _office(row: Row, address: str) -> Office:
    return Office(
        name=row.text("name"),
        parent=row.text("parent"),
        place=row.text("place"),
        room=row.text("room", "Phòng Kinh doanh"),
        phone=row.text("phone", ""),
        email=row.text("email", "") or address,
        address=row.text("address", ""),
        short_name=row.text("short_name", ""),
        parent_short=row.text("parent_short", ""),
        desk=row.text("desk", "Phòng Giao dịch khách hàng"),
        leader=row.text("leader", "Giám đốc Công ty"),
        hotline=row.text("hotline", ""),
        sign_code=row.text("sign_code", "PCBK-P9"),
        report_code=row.text("report_code", "BC-PCBK"),
        room_report_code=row.text("room_report_code", "BC-P9"),
        signer=_signer(row.sub("signer"), ("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG")),
        room_signer=_signer(row.sub("room_signer"), ("TRƯỞNG PHÒNG",)),
        recipients=row.texts("recipients", ("Lưu: VT, P9",)),
    )


def _signer(row: Row, lines: tuple[str, ...]) -> Signer:
    made = Signer(row.texts("lines", lines), row.text("name", ""))
    row.done()
    return made


def _prefix(row: Row) -> str:
    prefix = row.text("prefix", "PCBK")
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,11}", prefix):
        row.fault("prefix", f"{prefix!r} không hợp lệ, cần 2-12 chữ hoa hoặc số, không dấu")
    return prefix


def _zone(row: Row) -> dt.tzinfo:
    name = row.text("timezone", "Asia/Ho_Chi_Minh")
    if name == "Asia/Ho_Chi_Minh":
        return dt.timezone(dt.timedelta(hours=7))
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        row.fault("timezone", f"{name!r} không phải tên múi giờ, ví dụ Asia/Ho_Chi_Minh")
        return dt.timezone(dt.timedelta(hours=7))


def _pattern(row: Row, key: str, default: str) -> str:
    pattern = row.text(key, default)
    try:
        re.compile(pattern)
    except re.error as error:
        row.fault(key, f"{pattern!r} không phải mẫu hợp lệ: {error}")
    return pattern


def _database(row: Row) -> str:
    url = row.text("url", "sqlite:///var/motcua.db")
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://", "psycopg3://")):
        row.fault("url", "cần dạng sqlite:///var/motcua.db hoặc postgresql://người-dùng@máy/cơ-sở-dữ-liệu")
    return url


def _own_table(row: Row, kind: str) -> Mapping[str, Any]:
    """The chosen kind's own table; its keys are checked by the back end. Tables of other kinds may stay in the file."""
    for other in MAILBOX_KINDS:
        row.asked.add(other)
    table = row.table.get(kind, {})
    if not isinstance(table, dict):
        row.fault(kind, f"cần một bảng [mailbox.{kind}]")
        return {}
    return table


def _outgoing(row: Row) -> Outgoing:
    made = Outgoing(
        **{name: row.flag(name, True) for name in ("requests", "slips", "reminders", "receipts", "reports")}
    )
    row.done()
    return made


def _gateway(row: Row) -> Gateway:
    fields = row.sub("fields")
    known = ("name", "phone", "customer_code", "address", "email", "content", "subject")
    names = {name: fields.texts(name, ()) for name in known}
    fields.done()
    return Gateway(row.text("sender").lower(), row.one_of("channel", ("sms", "website", "phone_note", "email")), names)


def _levels(row: Row) -> list[tuple[str, Row]]:
    group = row.sub("reports")
    for name in group.table:
        group.asked.add(name)
        if name not in LEVELS:
            group.fault(name, f"không có cấp này; các cấp: {', '.join(LEVELS)}")
    return [(name, group.sub(name)) for name in group.table if name in LEVELS]


def _report(level: str, row: Row) -> ReportPlan:
    at = row.text("time", "16:00")
    try:
        time = dt.time.fromisoformat(at)
    except ValueError:
        row.fault("time", f"{at!r} không phải giờ, cần dạng 16:00")
        time = dt.time(16)
    made = ReportPlan(
        level,
        row.text("template", "report.docx"),
        row.one_of("period", ("week", "month", "quarter"), "week"),
        row.texts("recipients", ()),
        time,
    )
    row.done()
    return made
