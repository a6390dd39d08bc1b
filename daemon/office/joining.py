"""What a new request has to do with the others: the same customer again, or one outage with its many callers.

A chase joins its ticket; what looks like the same request over another channel is left to a person; requests about one
outage wait behind the first one, so that the unit is asked once and every customer gets an answer in their own form.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daemon.desk.answer import answer_text
from daemon.desk.shared import Shared, shared
from daemon.desk.text import fold
from daemon.desk.ticket import PROGRAM, Category, Customer, Event, State, Ticket
from daemon.desk.work import Work
from daemon.lookups import grid
from daemon.office.deciding import as_decided
from daemon.office.parts import Parts
from daemon.reading.chase import is_chase
from daemon.store import kin
from daemon.store.store import Claimed

SAME_CUSTOMER = dt.timedelta(days=30)
SAME_OUTAGE = dt.timedelta(hours=12)
TWICE = dt.timedelta(days=3)


# -- the same customer -------------------------------------------------------------------------------------------------
def chased(parts: Parts, customer: Customer, subject: str | None, text: str, received: dt.datetime) -> tuple[str, ...]:
    """Return the open tickets that a chase is about: one is its ticket, several need a person, none is no chase."""
    if not is_chase(subject, text):
        return ()
    return tuple(kin.of_customer(parts.store, customer, received - SAME_CUSTOMER))


def with_kin(parts: Parts, values: Mapping[str, Any], content: str, received: dt.datetime) -> dict[str, Any]:
    """Return a new ticket's values with what ties it to others: a possible double to check, or the outage it waits behind."""
    joined = dict(values)
    double = _double(parts, values, received)
    if double:
        question = f"Có thể trùng với phiếu {double}. Nhập vào: motcua merge PHIẾU-NÀY {double}. Không trùng: motcua set PHIẾU-NÀY"
        joined["check"] = (*values["check"], "duplicate")
        joined["questions"] = (*values["questions"], question)
        return joined
    joined["group"] = _outage(parts, values, content, received)
    return joined


def _double(parts: Parts, values: Mapping[str, Any], received: dt.datetime) -> str | None:
    for number in kin.of_customer(parts.store, values["customer"], received - TWICE):
        other = parts.store.ticket(number)
        if other and other.category is values["category"] and _same_place(parts, other, values):
            return number
    return None


def _same_place(parts: Parts, other: Ticket, values: Mapping[str, Any]) -> bool:
    one, two = other.customer.address, values["customer"].address
    if values.get("outage_start") and other.outage_start and values["outage_start"] != other.outage_start:
        return False
    return not (one and two) or fold(one) == fold(two) or bool(communes(parts, one) & communes(parts, two))


# -- one outage, many callers ------------------------------------------------------------------------------------------
def communes(parts: Parts, text: str) -> frozenset[str]:
    """Return the communes a text surely names, folded."""
    hits = parts.gazetteer.find(text)
    return frozenset(fold(hit.places[0].name) for hit in hits if hit.level == "commune" and hit.role == "place")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a request says the power is off; every name is folded, and a set is empty where nothing is known.

    ``substations`` are of the customer list or named, ``feeders`` only named: a feeder is long, and two neighbours of the
    list on one line may ask about two faults. ``lines`` are the feeders known in any way.
    """

    communes: frozenset[str]
    substations: frozenset[str]
    feeders: frozenset[str]
    lines: frozenset[str]

    def same_as(self, other: "Spot") -> bool:
        """Say whether both tell of one outage: by substation, by a feeder both name, else by place unless lines differ."""
        if self.substations & other.substations or self.feeders & other.feeders:
            return True
        apart = self.lines and other.lines and not self.lines & other.lines
        return bool(self.communes) and self.communes == other.communes and not apart


def spot_of(parts: Parts, customer: Customer, content: str) -> Spot:
    """Return what place names, the customer list and the customer's own words tell of where the power is off."""
    row = parts.lookups.customer(code=customer.customer_code) if customer.customer_code else None
    named = parts.lookups.mentioned(content)
    substations = {each.substation for each in named} | ({grid.station(row.substation)} if row else set())
    feeders = {each.feeder for each in named} - {""}
    return Spot(
        communes(parts, f"{customer.address or ''}\n{content}"),
        frozenset(substations - {""}),
        frozenset(feeders),
        frozenset(feeders | ({grid.feeder(row.feeder)} if row and row.feeder else set())),
    )


def _outage(parts: Parts, values: Mapping[str, Any], content: str, received: dt.datetime) -> str | None:
    unit = values.get("unit")
    if values["category"] is not Category.OUTAGE_INFO or not unit or values["check"] or values.get("besides"):
        return None
    here = spot_of(parts, values["customer"], content)
    for number in kin.waiting_for(parts.store, unit, str(Category.OUTAGE_INFO), received - SAME_OUTAGE):
        leader = parts.store.ticket(number)
        if (
            leader
            and not (leader.check or leader.besides)
            and _same_outage(parts, leader, here, values.get("asked_window"))
        ):
            return number
    return None


def _same_outage(parts: Parts, leader: Ticket, here: Spot, window: tuple[dt.datetime, dt.datetime] | None) -> bool:
    theirs = leader.asked_window
    if (window is None) != (theirs is None) or not here.same_as(spot_of(parts, leader.customer, leader.content)):
        return False
    return window is None or theirs is None or (window[0] < theirs[1] and theirs[0] < window[1])


# -- the answer for all ------------------------------------------------------------------------------------------------
def tell_group(parts: Parts, effect: Claimed) -> list[Event]:
    """Hand the first ticket's answer to those behind it; without an answer the next one asks and leads the others.

    Wanted by a ticket that begins to wait ``behind`` another one, it looks whether that one still has to be waited for.
    """
    leader = effect.ticket or ""
    if effect.payload.get("behind"):
        rejoin(parts, leader, effect.payload["behind"])
        return []
    members = kin.behind(parts.store, leader)
    text = effect.payload.get("text")
    now = parts.clock.now()
    if text:
        first, source = parts.store.ticket(leader), effect.payload.get("source") or ""
        for number in members:
            content = _for_other(parts, first, number, text, source)
            parts.store.record(number, Event("group_answered", now, PROGRAM, content), now)
        return [Event("group_told", now, PROGRAM, {"numbers": members})] if members else []
    for number in members:
        parts.store.record(
            number, Event("group_moved", now, PROGRAM, {"leader": members[0] if number != members[0] else None}), now
        )
    return []


def _for_other(parts: Parts, first: Ticket | None, number: str, text: str, source: str) -> dict[str, Any]:
    """Return what another ticket of the outage learns: the answer without what is the first customer's own matter."""
    other = parts.store.ticket(number)
    told = shared(text, first, other) if first and other else Shared(text)
    known = {"text": told.text, "source": source, "leader": first.number if first else ""}
    return known | {
        "left_out": len(told.left_out),
        "doubtful": list(told.doubtful),
    }  # what is left out is not told anew


def rejoin(parts: Parts, number: str, leader: str) -> None:
    """Tell a ticket that begins to wait behind another, maybe once more, what became of that one: its answer, or that it has none."""
    first = parts.store.ticket(leader)
    now = parts.clock.now()
    if first is not None:
        first = as_decided(parts, first)
    if first is not None and first.state in (State.TO_CHECK, State.LOOKING_UP, State.WAITING_UNIT):
        return
    text = answer_text(Work(first, parts.desk, now)) if first is not None else ""
    kind = "group_answered" if text else "group_moved"
    content = _for_other(parts, first, number, text, first.unit or "") if text and first else {"leader": None}
    parts.store.record(number, Event(kind, now, PROGRAM, content), now)
