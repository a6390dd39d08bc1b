"""Outgoing mails that go out as one: taken in hand together, marked with the one Message-ID before it is sent.

The mark lies in the payload under ``as_one``: after a crash every member looks for that mail in Sent by itself, so that
each is settled once and none is sent again. What the one mail says is the office's work.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from daemon.desk.trouble import TryLater
from daemon.store import models, rows
from daemon.store.store import LONGEST_WAIT, Claimed, Store

MARK = "as_one"
Likes = Callable[[Mapping[str, Any]], bool]


def take_companions(store: Store, lead: Claimed, likes: Likes) -> list[Claimed]:
    """Take in hand what may go out with the mail in hand, until the same moment as that; one transaction.

    ``likes`` chooses by the payload. A mail whose own attempt may have worked is left alone, except where it was
    attempted as one with ``lead``. Where no other ticket is concerned nothing is taken: a mail of its own says more.
    """
    with store.database.write():
        held = models.Effect.select(models.Effect.lease).where(models.Effect.id == lead.id, _held(lead)).first()
        if held is None:
            raise TryLater(f"Việc {lead.id} đã được tiến trình khác nhận làm.")
        now = store.database.clock()
        found = [row for row in _open_mails(store, lead) if _is_ready(row, lead, likes, now)]
        if all((row.ticket.number if row.ticket_id else None) == lead.ticket for row in found):
            return []
        return [_taken(row, held.lease) for row in found]


def _held(effect: Claimed) -> Any:
    """The effect as long as this attempt holds it."""
    return (models.Effect.attempts == effect.attempts) & (models.Effect.state == "claimed")


def _open_mails(store: Store, lead: Claimed) -> Iterable[Any]:
    purpose = rows.dumps({"purpose": lead.payload.get("purpose")})[1:-1]
    query = models.Effect.select().where(
        models.Effect.office == store.office,
        models.Effect.id != lead.id,
        models.Effect.kind == lead.kind,
        models.Effect.state.in_(("wanted", "claimed")),
        models.Effect.after.is_null(True),
        # Canonical JSON: only mails of this purpose are read at all, however long the queue is.
        models.Effect.payload.contains(purpose),
    )
    return store.database.locked(query.order_by(models.Effect.id), skip=True)


def _is_ready(row: Any, lead: Claimed, likes: Likes, now: float) -> bool:
    payload = json.loads(row.payload)
    if not likes(payload):
        return False
    if row.state == "claimed" and now < row.lease <= now + LONGEST_WAIT:
        return False
    mark = lead.payload.get(MARK)
    if mark and payload.get(MARK) == mark:
        return True
    return not row.tried and not now < row.retry_at <= now + LONGEST_WAIT


def _taken(row: Any, lease: float) -> Claimed:
    attempts, dropped = row.attempts + 1, row.dropped + (row.state == "claimed")
    changes = {"state": "claimed", "attempts": attempts, "dropped": dropped, "lease": lease}
    models.Effect.update(changes).where(models.Effect.id == row.id).execute()
    number = row.ticket.number if row.ticket_id else None
    payload = json.loads(row.payload)
    return Claimed(row.id, number, row.key, row.kind, payload, row.message_id, attempts, bool(row.tried), dropped)


def about_to(store: Store, members: Sequence[Claimed], message_id: str) -> list[Claimed]:
    """Mark all members with the Message-ID of the one mail, whose attempt is made now; one transaction.

    Raises TryLater where somebody else has one of them in hand; nothing is marked then.
    """
    marked = [replace(each, payload={**each.payload, MARK: message_id}, tried=True) for each in members]
    with store.database.write():
        for each in marked:
            changes = {"tried": True, "payload": rows.dumps(each.payload)}
            if not models.Effect.update(changes).where(models.Effect.id == each.id, _held(each)).execute():
                raise TryLater(f"Việc {each.id} đã được tiến trình khác nhận làm.")
    return marked


def alone(store: Store, effect: Claimed) -> Claimed:
    """Take the mark off a mail that now goes out by itself, under its own Message-ID."""
    if MARK not in effect.payload:
        return effect
    single = replace(effect, payload={name: value for name, value in effect.payload.items() if name != MARK})
    with store.database.write():
        models.Effect.update(payload=rows.dumps(single.payload)).where(
            models.Effect.id == effect.id, _held(effect)
        ).execute()
    return single


def sent_as(effect: Claimed) -> str:
    """Return the Message-ID of the last attempt: the one mail's where it was made together, else its own."""
    message_id = effect.payload.get(MARK) or effect.message_id
    assert message_id is not None
    return str(message_id)
