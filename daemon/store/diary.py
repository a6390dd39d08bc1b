"""What people did that belongs to no ticket: users, settings, templates. Append-only and chained like a ticket's events."""

import datetime as dt

from daemon.desk.ticket import Author, Event
from daemon.store import models, rows
from daemon.store.store import Store

_LAST = "diary:last"  # how long the diary is: else its last page could be torn out unseen


def write(store: Store, event: Event) -> None:
    """Append an event of the office."""
    with store.database.write():
        last = (
            models.OfficeEvent.select()
            .where(models.OfficeEvent.office == store.office)
            .order_by(models.OfficeEvent.seq.desc())
            .first()
        )
        seq, before = (last.seq + 1, last.chain) if last else (1, store.office)
        models.OfficeEvent.insert(office=store.office, **rows.chained(event, seq, before)).execute()
        store.keep_note(_LAST, str(seq))


def read(store: Store, limit: int = 100) -> list[Event]:
    """Return the newest events of the office, newest first."""
    query = models.OfficeEvent.select().where(models.OfficeEvent.office == store.office)
    return [rows.event_value(row, store.zone) for row in query.order_by(models.OfficeEvent.seq.desc()).limit(limit)]


def broken(store: Store) -> list[int]:
    """Return the places (seq) at which the chain does not hold."""
    wrong, before, last = [], store.office, 0
    query = models.OfficeEvent.select().where(models.OfficeEvent.office == store.office)
    for place, row in enumerate(query.order_by(models.OfficeEvent.seq), start=1):
        whole = row.content is None or rows.digest_of(row.content) == row.digest
        if row.seq != place or not whole or rows.link(before, row.__data__) != row.chain:
            wrong.append(row.seq)
        before, last = row.chain, row.seq
    if last < int(store.note(_LAST) or 0):
        wrong.append(last + 1)
    return wrong


def told(kind: str, at: dt.datetime, by: str, /, cause: str = "", **content: object) -> Event:
    """Return an event of a person."""
    return Event(kind, at, Author("person", by), content, cause)
