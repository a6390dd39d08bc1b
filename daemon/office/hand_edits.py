"""What a person wrote into an answer's Word file stays where the same answer is written again, with its number or to be sent otherwise.

Decides nothing of the answer; what could not be kept is told with the event that the file was written.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from daemon.desk.ticket import Event, Ticket
from daemon.desk.trouble import TryLater
from daemon.office.parts import Parts

Render = Callable[[Ticket, Mapping[str, Any], dt.datetime], bytes]


def kept(
    parts: Parts, ticket: Ticket, payload: Mapping[str, Any], fresh: bytes, render: Render
) -> tuple[bytes, dict[str, Any]]:
    """Return the file of the answer, ``fresh`` or the earlier one as a person left it brought up to date, and what is told of it.

    ``left`` are the new paragraphs that found no place, ``without`` is the earlier file whose changes are not in this
    one. Raises TryLater where the earlier file cannot be read now.
    """
    earlier = payload.get("before")
    written = earlier and _written(parts, ticket, payload["kind"], earlier["round"])
    if not earlier or not written:
        return fresh, {}
    edited = _read(parts, ticket, written.content["name"])
    if edited is None:
        return fresh, {}
    if hashlib.sha256(edited).hexdigest() == written.content["digest"] and not written.content.get("by_hand"):
        return fresh, {}
    from daemon.documents.carried import carried_over

    customer = replace(ticket.customer, **earlier.get("customer", {}))
    was = ticket.evolve(official_number=earlier["number"], customer=customer)
    rendered = render(was, {**payload, "round": earlier["round"], "mailed": earlier["mailed"]}, written.at)
    carried = carried_over(edited, rendered, fresh)
    if carried is None:
        return fresh, {"without": written.content["name"]}
    return carried.data, {"by_hand": True, "left": list(carried.left)}


def _written(parts: Parts, ticket: Ticket, kind: str, round: int) -> Event | None:
    events = (each for each in reversed(parts.store.events(ticket.number)) if each.kind == "document_written")
    return next((each for each in events if (each.content["kind"], each.content["round"]) == (kind, round)), None)


def _read(parts: Parts, ticket: Ticket, name: str) -> bytes | None:
    try:
        return (parts.outbox / ticket.number / name).read_bytes()
    except FileNotFoundError:
        return None  # a person took it away: there is nothing to keep
    except OSError as problem:
        raise TryLater(f"Không đọc được {name}: {problem.strerror}. Đóng tệp nếu đang mở.") from problem
