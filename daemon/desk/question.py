"""What is asked of the look-ups (P3, P4) and what they give back, as values. Where it is looked up is ``lookups``' work."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from daemon.desk.ticket import Category


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``at`` is when it was asked; ``window`` the time it asks about, None where the text does not say.

    ``places`` are folded names (``daemon.desk.text.fold``) of the commune or ward asked about, without its kind;
    ``address`` and ``text`` stand as the customer wrote them. ``household``, ``kv`` (kilovolts), ``km`` and ``region`` are
    what is known for the tariff; what is None may still be told by the text.
    """

    category: Category
    at: dt.datetime
    text: str = ""
    name: str | None = None
    address: str | None = None
    places: tuple[str, ...] = ()
    unit: str | None = None
    customer_code: str | None = None
    phone: str | None = None
    substation: str | None = None
    window: tuple[dt.datetime, dt.datetime] | None = None
    household: bool | None = None
    kv: Decimal | None = None
    km: Decimal | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """One row of an outage plan or a work log. ``end`` is None where none is planned, ``end_note`` what stands there."""

    kind: str
    source: str
    as_of: dt.datetime
    start: dt.datetime
    end: dt.datetime | None = None
    area: str = ""
    reason: str = ""
    unit: str | None = None
    substations: tuple[str, ...] = ()
    feeder: str = ""
    end_note: str = ""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as the export of the customer system has it; ``as_of`` tells how old that is."""

    code: str
    name: str
    address: str
    phones: tuple[str, ...]
    unit: str | None
    substation: str
    feeder: str
    meter: str
    as_of: dt.datetime


@dataclass(frozen=True, slots=True)
class LookupAnswer:
    """What the look-ups say to the customer: whole Vietnamese sentences that cite source and date.

    ``stale`` is True where the source was older than allowed (the text says so). ``notes`` are for the agent; ``assumed``
    is what was taken for granted though the customer did not say it: whoever releases the answer is to look at it.
    """

    text: str
    source: str
    as_of: dt.datetime
    sure: bool = True
    stale: bool = False
    outages: tuple[Outage, ...] = ()
    notes: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """The end of a look-up: a sure answer, or None and the notes that tell the agent why and what was nearly found."""

    answer: LookupAnswer | None
    notes: tuple[str, ...] = ()
