"""What is kept current beside the tickets: the ledger, the look-ups' exports, planned reports, changed settings."""

import datetime as dt
import hashlib
from pathlib import Path

from daemon.desk.counted import in_ledger
from daemon.desk.effects import WRITE_REPORT, Effect
from daemon.desk.ledger_row import LedgerRow, asked_for, ledger_row
from daemon.desk.ticket import Ticket
from daemon.desk.trouble import TryLater
from daemon.office.deciding import as_recorded
from daemon.office.parts import Parts
from daemon.office.reporting import new_message_id
from daemon.settings.calendar import calendar_warnings
from daemon.settings.desk import ReportPlan

FOREIGN = 1000  # so many events of other offices in the same database are passed over before that is remembered


# -- ledger (P11) ------------------------------------------------------------------------------------------------------
def keep_ledger(parts: Parts) -> int:
    """Write the ledgers of the years in which something changed; return how many were written."""
    last, years = parts.store.last_change(), pending_years(parts)
    if years and not parts.outbox.is_dir():  # a share that is away is not made anew on the disk below it
        raise TryLater("Sổ theo dõi: không thấy thư mục outbox/, sẽ ghi khi thư mục trở lại.")
    for year in years:
        write_year(parts, year, parts.outbox / f"so-theo-doi-{year}.xlsx")
    if years:
        parts.store.keep_note("ledger:written", f"{last}:{parts.clock.now():%Y-%m-%d}")
    return len(years)


def pending_years(parts: Parts) -> list[int]:
    """Return the years whose ledgers are to be written: those of changed tickets, on a new day all with open ones."""
    now = parts.clock.now()
    written, _, day = (parts.store.note("ledger:written") or "0:").partition(":")
    last = parts.store.last_change()
    if written == str(last) and day == f"{now:%Y-%m-%d}":
        return []
    years = parts.store.changed_years(int(written))
    if not years and last > int(written) + FOREIGN:
        parts.store.keep_note("ledger:written", f"{last}:{day}")
    if day != f"{now:%Y-%m-%d}":
        years |= {now.year} | parts.store.changed_years(0, unfinished=True)
    return sorted(years)


def longest_year(parts: Parts) -> int:
    """Return how many tickets the year with the most of them has, by the numbers given."""
    return max(parts.store.years().values(), default=0)


def write_year(parts: Parts, year: int, path: Path) -> None:
    """Write one year's ledger to a path. Raises TryLater where the file is open in Excel."""
    from daemon.documents.ledger import write_ledger  # a workbook is made seldom, and its maker is large

    today = parts.clock.now().date()
    write_ledger(path, rows(parts, year), year, today, calendar_warnings(parts.desk.calendar, today))


def rows(parts: Parts, year: int) -> list[LedgerRow]:
    """Return the year's lines; what is no request stands in no ledger."""
    zone = parts.settings.file.zone
    since = dt.datetime(year, 1, 1, tzinfo=zone)
    until = dt.datetime(year + 1, 1, 1, tzinfo=zone)
    now = parts.clock.now()
    units = parts.desk.units
    names = {each: units.card(each, now.date()).name for each in units.by_id}
    kinds = parts.desk.procedure.request_types
    leaders = Leaders(parts)
    return [
        ledger_row(
            ticket,
            now,
            unit_names=names,
            title=kinds[ticket.category].title if ticket.category in kinds else None,
            leader=leaders.of(ticket),
        )
        for ticket in (as_recorded(parts, each) for each in parts.store.tickets(since=since, until=until))
        if in_ledger(ticket)
    ]


class Leaders:
    """The tickets that others wait behind, each read once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._read: dict[str, Ticket | None] = {}

    def of(self, ticket: Ticket) -> Ticket | None:
        """Return the ticket whose units were asked for this one too, or None."""
        number = asked_for(ticket)
        if number is None:
            return None
        if number not in self._read:
            found = self._parts.store.ticket(number)
            self._read[number] = as_recorded(self._parts, found) if found else None
        return self._read[number]


# -- look-ups (P3) -----------------------------------------------------------------------------------------------------
def take_exports(parts: Parts, wait: bool) -> int:
    """Load exports dropped into inbox/du-lieu; return how many were loaded by now. Tickets do not change by it.

    Without ``wait`` a large export loads beside the loop and is counted at a later look.
    """
    return sum(1 for _ in parts.lookups.take_exports(wait=wait))


# -- reports (P12) -----------------------------------------------------------------------------------------------------
def plan_reports(parts: Parts) -> int:
    """Want the report of every level whose period ended and whose hour has come; return how many were wanted."""
    if not parts.desk.outgoing.reports:
        return 0
    now = parts.clock.now()
    wanted = 0
    for plan in parts.settings.file.reports:
        first, last = last_period(plan.period, now.date())
        due = dt.datetime.combine(last + dt.timedelta(days=1), plan.time, now.tzinfo)
        due = parts.desk.calendar.next_office_instant(due)
        name = f"report:{plan.level}"
        done = parts.store.note(name)
        if done is None:
            parts.store.keep_note(name, last.isoformat())
        elif now >= due and done < last.isoformat():
            parts.store.want(_report_effect(plan, first, last), new_message_id(parts, plan.level))
            parts.store.keep_note(name, last.isoformat())
            wanted += 1
    return wanted


def _report_effect(plan: ReportPlan, first: dt.date, last: dt.date) -> Effect:
    payload = {"level": plan.level, "from": first.isoformat(), "to": last.isoformat()}
    return Effect(f"report/{plan.level}/{first}/{last}", WRITE_REPORT, payload)


def last_period(period: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the week, month or quarter that ended last before today."""
    if period == "week":
        last = today - dt.timedelta(days=today.isoweekday())
        return last - dt.timedelta(days=6), last
    months = 1 if period == "month" else 3
    start = today.replace(day=1, month=today.month - (today.month - 1) % months)
    last = start - dt.timedelta(days=1)
    return last.replace(day=1, month=last.month - (months - 1)), last


# -- settings ----------------------------------------------------------------------------------------------------------
def note_settings(parts: Parts) -> int:
    """Look at every open ticket again where the calendar or the procedure is not what it was at the last start."""
    files = sorted(
        [
            *(parts.home / "config" / "calendar").glob("*.toml"),
            *(parts.home / "config" / "procedures").glob("*.toml"),
            parts.home / "config" / "desk.toml",
        ]
    )
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    if parts.store.note("settings:digest") == mark:
        return 0
    moved = parts.store.look_at_all(parts.clock.now())
    parts.store.keep_note("settings:digest", mark)
    return moved
