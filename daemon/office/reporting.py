"""Reports to the leadership (P12): the figures of a period as a Word file, on demand and on schedule by mail."""

import datetime as dt
import logging
import secrets
from collections.abc import Iterable
from pathlib import Path

from daemon.desk import mails, report, report_words
from daemon.desk.text import fold
from daemon.desk.ticket import Ticket
from daemon.desk.trouble import Refused, Trouble
from daemon.documents.pdf import program, to_pdf
from daemon.mailbox.base import Where
from daemon.mailbox.compose import File, compose
from daemon.office.deciding import as_recorded
from daemon.office.parts import Parts
from daemon.settings.desk import LEVELS, ReportPlan
from daemon.store.lists import first_receipt
from daemon.store.originals import write_durably
from daemon.store.store import Claimed

log = logging.getLogger("motcua")


def period_of(parts: Parts, first: dt.date, last: dt.date) -> tuple[report.Period, report.Period]:
    """Return the period of two days (both inclusive) and the one as long before it; whole months compare to months."""
    zone = parts.settings.file.zone
    start = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    before = _month_before(start, end) or start - (end - start)
    return report.Period(start, end, _title(first, last)), report.Period(
        before, start, _title(before.date(), first - dt.timedelta(days=1))
    )


def _month_before(start: dt.datetime, end: dt.datetime) -> dt.datetime | None:
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day != 1 or end.day != 1 or months < 1:
        return None
    count = start.year * 12 + start.month - 1 - months
    return start.replace(year=count // 12, month=count % 12 + 1)


def _title(first: dt.date, last: dt.date) -> str:
    following = last + dt.timedelta(days=1)
    if first.day == 1 and following.day == 1:
        months = (following.year - first.year) * 12 + following.month - first.month
        if months == 1:
            return f"tháng {first.month} năm {first.year}"
        if months == 3 and first.month % 3 == 1:
            return f"quý {('I', 'II', 'III', 'IV')[first.month // 3]} năm {first.year}"
        if months == 12 and first.month == 1:
            return f"năm {first.year}"
    if first == last:
        return f"ngày {first:%d/%m/%Y}"
    return f"kỳ từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}"


def make_report(
    parts: Parts, level: str, first: dt.date, last: dt.date, round: int = 1
) -> tuple[bytes, report.Figures]:
    """Return the Word file of a level's report and its figures."""
    from daemon.documents.report_charts import charts  # a report is made seldom, and its charts' maker is large

    period, before = period_of(parts, first, last)
    now = parts.clock.now()
    tickets = (as_recorded(parts, ticket) for ticket in parts.store.tickets(until=period.end))
    figures = figures_of(parts, tickets, period, before)
    values = report_words.values(figures, parts.desk.office, level, now, round=round)
    data = parts.renderer.render(_plan(parts, level).template, values, values["doc"]["qr"], charts(figures))
    return data, figures


def figures_of(parts: Parts, tickets: Iterable[Ticket], period: report.Period, before: report.Period) -> report.Figures:
    """Return the figures of a period from the tickets that can count in it or in the one before."""
    now, desk = parts.clock.now(), parts.desk
    return report.figures(
        tickets,
        period,
        before,
        now,
        lambda start, end: float(desk.calendar.minutes_between(start, end)),
        titles={str(name): kind.title for name, kind in desk.procedure.request_types.items()},
        unit_names={each: desk.units.card(each, now.date()).name for each in desk.units.by_id},
        duty_steps=desk.procedure.duty_steps,
        known_since=first_receipt(parts.store),
    )


def _plan(parts: Parts, level: str) -> ReportPlan:
    plan = next((each for each in parts.settings.file.reports if each.level == level), None)
    return plan or ReportPlan(level, "report.docx", "week", (), dt.time(16))


def report_on_demand(parts: Parts, level: str, since: str | None, until: str | None) -> str:
    """Make a report for any period (the running one by itself) and return where it lies. Raises Refused."""
    if level not in LEVELS:
        raise Refused(f"Không có cấp {level!r}. Các cấp: {', '.join(LEVELS)}")
    first, last = _days(parts, level, since, until)
    if first > last:
        raise Refused(f"Ngày đầu {first:%d/%m/%Y} sau ngày cuối {last:%d/%m/%Y}.")
    folder = parts.outbox / "bao-cao"
    folder.mkdir(exist_ok=True)
    stem = f"bao-cao-{level}-{first:%Y%m%d}-{last:%Y%m%d}"
    round = 1 + len(list(folder.glob(f"{stem}-*.docx")))
    data, _ = make_report(parts, level, first, last, round)
    path = folder / f"{stem}-{round}.docx"
    write_durably(path, data, mode=0o640)
    as_pdf(path)
    return str(path)


def as_pdf(path: Path) -> Path | None:
    """Put a PDF beside a Word file where LibreOffice is there; without it the Word file is all there is."""
    if program() is None:
        return None
    try:
        return to_pdf([path])[0]
    except Trouble as problem:
        log.warning("%s: %s", path.name, problem)
        return None


def _days(parts: Parts, level: str, since: str | None, until: str | None) -> tuple[dt.date, dt.date]:
    today = parts.clock.now().date()
    period = _plan(parts, level).period
    months = {"month": 1, "quarter": 3}.get(period)
    start = (
        today - dt.timedelta(days=today.weekday())
        if months is None
        else today.replace(day=1, month=today.month - (today.month - 1) % months)
    )
    return _day(since) or start, _day(until) or today


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise Refused(f"{text!r} không phải ngày, cần dạng 05/10/2026 hoặc 2026-10-05.")


# -- on schedule -------------------------------------------------------------------------------------------------------
def new_message_id(parts: Parts, level: str) -> str:
    """Draw the Message-ID of a report's mail."""
    return f"<report.{fold(level)}.{secrets.token_hex(8)}@{parts.settings.file.domain}>"


def deliver_report(parts: Parts, effect: Claimed) -> None:
    """Make the planned report of a level and mail it to that level's recipients, once."""
    level = effect.payload["level"]
    first, last = (dt.date.fromisoformat(effect.payload[name]) for name in ("from", "to"))
    folder = parts.outbox / "bao-cao"
    folder.mkdir(exist_ok=True)
    path = folder / f"bao-cao-{level}-{first:%Y%m%d}-{last:%Y%m%d}-1.docx"
    data, figures = make_report(parts, level, first, last)
    if not path.exists():
        write_durably(path, data, mode=0o640)
    recipients = _plan(parts, level).recipients
    if not recipients or _went_out(parts, effect):
        return
    text = parts.desk.procedure.mails["report"]
    words = {
        "period": figures.period.title,
        "sentences": "\n".join(report_words.sentences(figures)),
        "desk": parts.desk.office.desk,
        "office": parts.desk.office.name,
    }
    file = parts.settings.file
    assert effect.message_id is not None
    raw = compose(
        sender=(file.office.desk, file.mailbox_address),
        to=recipients,
        subject=mails.fill(text.subject, words),
        body=mails.fill(text.body, words),
        message_id=effect.message_id,
        date=parts.clock.now(),
        files=tuple(File(each.name, each.read_bytes()) for each in (path, as_pdf(path)) if each),
        reply_line=False,
    )
    parts.store.about_to(effect)
    parts.mailbox.send(raw)


def _went_out(parts: Parts, effect: Claimed) -> bool:
    if not effect.tried or effect.message_id is None:
        return False
    return any(found.where is Where.SENT for found in parts.mailbox.find(effect.message_id))
