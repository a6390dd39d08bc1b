"""The first page: what needs somebody now, in the order of its deadline, and mails that belong nowhere yet."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from daemon.console import words
from daemon.console.mails import mail_of
from daemon.console.visit import NotFound, Visit, own_path
from daemon.desk import alarm_words, matching
from daemon.desk.holder import AGENT
from daemon.desk.ticket import Category, State, Ticket
from daemon.office import actions, aside, listing, watching
from daemon.office.parts import Parts
from daemon.reading.reply import read_reply
from daemon.store import diary, lists
from daemon.store.lists import OpenRow
from daemon.store.store import Item

MOST = 60
SORTS = {
    "nguy-hiem": "Nguy hiểm, sự cố",
    "doi-gio": "Đổi giờ ngừng điện",
    "kiem-tra": "Cần kiểm tra",
    "duyet": "Chờ duyệt",
    "tra-loi": "Gọi, gửi khách",
    "thu": "Thư chưa xếp",
    "don-vi": "Đơn vị quá hạn",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the page: its sort, what it is about, by when, and what to do."""

    sort: str
    due: dt.datetime | None
    first: bool
    row: OpenRow | None = None
    item: Item | None = None
    why: str = ""


def show(visit: Visit) -> Response:
    """Show the page."""
    parts, now = visit.parts, visit.parts.clock.now()
    rows = visit.console.open_rows(parts)
    mine = bool(visit.arg("cua-toi"))
    unplaced = parts.store.items("unplaced", limit=200)
    work = sorted(_work(rows, unplaced, now), key=_order)
    total = len(work)
    if mine:
        work = [each for each in work if each.row and each.row.agent == visit.by]
    counts = {sort: sum(each.sort == sort for each in work) for sort in SORTS}
    chosen = visit.arg("loai")
    shown = [each for each in work if not chosen or each.sort == chosen]
    return visit.show(
        "hom-nay.html",
        title="Hôm nay",
        work=shown[:MOST],
        more=max(0, len(shown) - MOST),
        counts=counts,
        total=total,
        chosen=chosen,
        mine=mine,
        sorts=SORTS,
        tickets=_tickets(parts, shown[:MOST]),
        seen=lists.last_events(parts.store, [each.row.id for each in shown[:MOST] if each.row]),
        overdue=_overdue(rows, now),
        totals=_totals(rows),
        alarms=[(alarm_words.title(name), since, say) for name, since, say in watching.current(parts)],
        aside=listing.effects(parts),
        aside_items=parts.store.items("set_aside", limit=50),
        last_look=parts.store.note("mailbox:last_look"),
    )


def _order(work: Work) -> tuple[bool, bool, float, int]:
    due = work.due.timestamp() if work.due else 0.0
    return (not work.first, work.due is None, due, work.row.id if work.row else 0)


def _work(rows: Iterable[OpenRow], unplaced: Iterable[Item], now: dt.datetime) -> Iterable[Work]:
    for row in rows:
        yield from _of_row(row, now)
    for item in unplaced:
        yield Work("thu", item.received, False, item=item, why=item.reason)


def _of_row(row: OpenRow, now: dt.datetime) -> Iterable[Work]:
    """One line a ticket: the most urgent thing that it needs from the desk."""
    needs_person = bool(row.check) or row.state in (State.TO_CHECK, State.TO_APPROVE, State.RELEASED)
    late_unit = row.unit_due is not None and row.unit_due < now
    incident = row.danger or row.category == Category.INCIDENT_REPORT
    due = min((at for at in (row.due, row.unit_due) if at), default=None)
    if incident and row.state not in (State.TO_APPROVE, State.RELEASED):
        yield Work("nguy-hiem", due, row.danger, row, why=_why(row))
    elif row.category == Category.OUTAGE_TIME_CHANGE and row.state not in (State.TO_APPROVE, State.RELEASED):
        yield Work("doi-gio", due, False, row, why=_why(row))
    elif row.state is State.TO_APPROVE and "answer" not in row.check:
        yield Work("duyet", row.due, False, row, why=_why(row) if row.check else "")
    elif row.state is State.RELEASED:
        yield Work("tra-loi", row.due, False, row)
    elif needs_person:
        yield Work("kiem-tra", row.due, False, row, why=_why(row))
    elif late_unit:
        names = ", ".join(unit for unit, at in row.waits if at and at < now)
        yield Work("don-vi", row.unit_due, False, row, why=f"{names} chưa trả lời")


def _why(row: OpenRow) -> str:
    if row.check:
        said = [words.without_commands(text) for text in row.questions[-1:]]
        return (
            said[0]
            if said and said[0]
            else "Cần xem: " + ", ".join(words.field_name(name).lower() for name in row.check)
        )
    return f"Chờ {', '.join(unit for unit, _ in row.waits)}" if row.waits else ""


def _tickets(parts: Parts, work: Iterable[Work]) -> dict[str, Ticket]:
    """The whole tickets of those lines that show their draft at once."""
    ids = [each.row.id for each in work if each.row and each.sort in ("duyet", "tra-loi")]
    return {ticket.number: ticket for ticket in lists.load(parts.store, ids)}


def _overdue(rows: Iterable[OpenRow], now: dt.datetime) -> list[tuple[str, int, dt.datetime]]:
    """Who holds how many late tickets, and since when the oldest is late."""
    found: dict[str, list[dt.datetime]] = {}
    for row in rows:
        late = [(unit, at) for unit, at in row.waits if at and at < now]
        for unit, at in late:
            found.setdefault(unit, []).append(at)
        if row.due and row.due < now and not row.waits:
            found.setdefault(row.agent or AGENT, []).append(row.due)
    return sorted(((who, len(dues), min(dues)) for who, dues in found.items()), key=lambda each: (-each[1], each[2]))


def _totals(rows: Iterable[OpenRow]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.state.value] = totals.get(row.state.value, 0) + 1
    return totals


# -- mails that belong nowhere yet -------------------------------------------------------------------------------------
def mail(visit: Visit) -> Response:
    """Show a mail that could not be placed, with the tickets that it may belong to."""
    item = _item(visit)
    message = mail_of(visit.parts, item) if item.source in ("mail", "msg") else None
    reply = read_reply(message, None) if message else None
    return visit.show(
        "thu.html",
        title=item.subject or item.name or f"Thư {item.id}",
        item=item,
        message=message,
        text=(reply.text if reply else "") or (message.text if message else "") or "",
        quoted=reply.quoted if reply else "",
        near=_near(visit, item, reply.text if reply else ""),
    )


def _near(visit: Visit, item: Item, text: str) -> list[Ticket]:
    """Open tickets that the mail may be about: those it names, those of the customer or the unit that wrote it."""
    store = visit.parts.store
    pattern = rf"{visit.parts.settings.file.prefix}-\d{{4}}-\d{{6}}"
    named = matching.numbers_in(f"{item.subject}\n{item.reason}\n{text}", pattern)[:10]
    found = list(lists.page(store, lists.Filter(numbers=named)).tickets) if named else []
    if item.sender:
        unit = visit.parts.desk.units.addresses(visit.parts.clock.now().date()).get(item.sender)
        chosen = (
            lists.Filter(unit=unit, states=lists.OPEN) if unit else lists.Filter(words=item.sender, states=lists.OPEN)
        )
        found += list(lists.page(store, chosen, limit=10).tickets)
    return list({ticket.number: ticket for ticket in found}.values())[:12]


def place_mail(visit: Visit) -> Response:
    """Put a mail on a ticket, or open one from it."""
    item, number = _item(visit), visit.form.get("phieu", "").strip().upper()
    if visit.form.get("viec") == "mo":
        number = actions.open_from_item(visit.parts, item.id, visit.by)
        return visit.go(f"/phieu/{number}", f"Đã mở phiếu {number} từ thư.")
    actions.place(visit.parts, item.id, number, visit.by)
    return visit.go(f"/phieu/{number}", f"Đã đặt thư vào phiếu {number}.")


def _item(visit: Visit) -> Item:
    item = visit.parts.store.item(int(visit.path("item")))
    if item is None:
        raise NotFound
    return item


def seen(visit: Visit) -> Response:
    """Take from the list a mail or file set aside that a person has seen."""
    what = aside.seen(visit.parts, visit.path("name"), visit.by)
    return visit.go(own_path(visit.form.get("back") or "/"), f"Đã bỏ khỏi danh sách: {what}.")


def retry(visit: Visit) -> Response:
    """Try again what was set aside."""
    name = visit.path("name")
    what = actions.retry(visit.parts, name, visit.by)
    now = visit.parts.clock.now()
    diary.write(visit.parts.store, diary.told("retried", now, visit.by, name=name, what=what))
    return visit.go(own_path(visit.form.get("back") or "/"), f"Sẽ làm lại: {what}.")
