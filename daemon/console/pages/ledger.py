"""The ledger on screen: filters, search as one types, and the export of what is shown."""

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import Response

from daemon.console.look import SHORT_STATES
from daemon.console.visit import Visit
from daemon.desk.ledger_row import LedgerRow, ledger_row
from daemon.desk.ticket import Ticket
from daemon.desk.trouble import Refused
from daemon.documents.ledger import write_ledger
from daemon.office.keeping import Leaders
from daemon.office.parts import Parts
from daemon.store import diary, lists
from daemon.store.lists import Filter

SIZE = 50
MOST_EXPORTED = 20_000
NAMES = ("tim", "trang-thai", "loai", "kenh", "don-vi", "tu", "den", "han", "cua")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(visit: Visit) -> Response:
    """Show a page of the ledger."""
    chosen = {name: visit.arg(name) for name in NAMES}
    try:
        number = max(1, int(visit.arg("trang", "1")))
    except ValueError:
        number = 1
    page = lists.page(visit.parts.store, _filter(visit, chosen), (number - 1) * SIZE, SIZE)
    leaders = Leaders(visit.parts)
    rows = [(ticket, row(visit.parts, ticket, leaders)) for ticket in page.tickets]
    kept = {name: value for name, value in chosen.items() if value}
    return visit.show(
        "so.html",
        title="Sổ theo dõi",
        chosen=chosen,
        rows=rows,
        page=page,
        number=number,
        size=SIZE,
        kept=kept,
        query=urlencode(kept),
        states=SHORT_STATES,
    )


def _filter(visit: Visit, chosen: Mapping[str, str]) -> Filter:
    parts = visit.parts
    state, now = chosen["trang-thai"], parts.clock.now()
    states = lists.OPEN if state == "dang-mo" else (state,) if state in SHORT_STATES else ()
    last = _day(parts, chosen["den"])
    numbers = None
    if chosen["han"] or chosen["cua"]:
        numbers = tuple(each.number for each in visit.console.open_rows(parts) if _fits(each, chosen, now))
    return Filter(
        words=chosen["tim"],
        states=states,
        category=chosen["loai"],
        channel=chosen["kenh"],
        unit=chosen["don-vi"],
        since=_day(parts, chosen["tu"]),
        until=last + dt.timedelta(days=1) if last else None,
        numbers=numbers,
        typing="x-motcua" in visit.request.headers,
    )


def _fits(row: lists.OpenRow, chosen: Mapping[str, str], now: dt.datetime) -> bool:
    dues = [at for at in (row.due, row.unit_due) if at]
    late = any(at < now for at in dues)
    if chosen["han"] == "qua" and not late:
        return False
    if chosen["han"] == "hom-nay" and not any(at.date() <= now.date() for at in dues):
        return False
    return not chosen["cua"] or row.agent == chosen["cua"]


def _day(parts: Parts, text: str) -> dt.datetime | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=parts.settings.file.zone)
        except ValueError:
            continue
    return None


def row(parts: Parts, ticket: Ticket, leaders: Leaders | None = None) -> LedgerRow:
    """Return a ticket's line of the ledger, as the Excel file has it."""
    now = parts.clock.now()
    units = parts.desk.units
    names = {each: units.card(each, now.date()).name for each in units.by_id}
    kinds = parts.desk.procedure.request_types
    title = kinds[ticket.category].title if ticket.category in kinds else None
    return ledger_row(ticket, now, unit_names=names, title=title, leader=(leaders or Leaders(parts)).of(ticket))


def export(visit: Visit) -> Response:
    """Return what the filters show as an Excel file; who took it stands in the diary."""
    parts = visit.parts
    chosen = {name: visit.arg(name) for name in NAMES}
    leaders = Leaders(parts)
    rows = [row(parts, each, leaders) for each in lists.every(parts.store, _filter(visit, chosen), MOST_EXPORTED + 1)]
    if len(rows) > MOST_EXPORTED:
        raise Refused(f"Hơn {MOST_EXPORTED} phiếu: thu hẹp bộ lọc rồi xuất, hoặc dùng tệp sổ trong outbox.")
    now = parts.clock.now()
    years = {each.received.year for each in rows}
    if len(years) > 1:
        raise Refused("Bộ lọc có phiếu của nhiều năm, mỗi sổ Excel là một năm: chọn từ ngày, đến ngày trong một năm.")
    with tempfile.TemporaryDirectory(prefix="motcua-so-") as folder:
        path = Path(folder) / "so.xlsx"
        write_ledger(path, rows, max(years, default=now.year), now.date(), [])
        data = path.read_bytes()
    diary.write(parts.store, diary.told("exported", now, visit.by, count=len(rows), filter=dict(chosen)))
    name = f"so-theo-doi-{now:%Y%m%d-%H%M}.xlsx"
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
