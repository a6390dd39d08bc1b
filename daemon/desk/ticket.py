"""The ticket and what belongs to it, as frozen values. Nothing here decides; ``decide`` does, and ``store`` keeps."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

EMPTY: Mapping[str, Any] = MappingProxyType({})


class Category(enum.StrEnum):
    """The six kinds of request of the procedure (P2), and what is none of them."""

    OUTAGE_INFO = "outage_info"
    RECONNECTION_COST = "reconnection_cost"
    INCIDENT_REPORT = "incident_report"
    OUTAGE_COMPLAINT = "outage_complaint"
    OUTAGE_TIME_CHANGE = "outage_time_change"
    OTHER = "other"
    NOT_A_REQUEST = "not_a_request"


class Channel(enum.StrEnum):
    """How a request came in (P1)."""

    COUNTER = "counter"
    PHONE_NOTE = "phone_note"
    SMS = "sms"
    WEBSITE = "website"
    LETTER = "letter"
    EMAIL = "email"


class ReplyForm(enum.StrEnum):
    """The form of answer agreed with the customer (P5)."""

    LETTER = "letter"
    PHONE = "phone"
    EMAIL = "email"


class State(enum.StrEnum):
    """Where a ticket stands; the names are the contract's."""

    NEW = "new"
    TO_CHECK = "to_check"
    LOOKING_UP = "looking_up"
    WAITING_UNIT = "waiting_unit"
    TO_APPROVE = "to_approve"
    RELEASED = "released"
    ANSWERED = "answered"
    CLOSED = "closed"
    SET_ASIDE = "set_aside"
    CANCELLED = "cancelled"
    MERGED = "merged"


FINISHED = frozenset({State.CLOSED, State.SET_ASIDE, State.CANCELLED, State.MERGED})


class UnitState(enum.StrEnum):
    """Where one asking of one unit stands."""

    WANTED = "wanted"
    ASKED = "asked"
    REMINDED = "reminded"
    PARTIAL = "partial"
    QUESTION = "question"
    ANSWERED = "answered"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who asks, as far as known; each value stands as the customer wrote it, the code and phone normalised."""

    name: str | None = None
    customer_code: str | None = None
    phone: str | None = None
    address: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who caused an event: a person by name, a unit by its short name, a customer, or the program."""

    kind: str
    name: str


PROGRAM = Author("program", "motcua")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket. ``seq`` counts from 1 within the ticket, 0 before it is recorded."""

    kind: str
    at: dt.datetime
    author: Author
    content: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    cause: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class UnitAsked:
    """One unit asked in one round of one step (P8, P9).

    ``address`` counts the unit's addresses tried, from 0; ``due`` is unknown until the form went out, for the unit's
    time runs from when it was asked. ``reminded`` names the reminders already wanted. ``before`` is how an asking stood
    that is withdrawn only because its ticket was ended: reopened, the ticket waits for it again. ``put_off`` are the
    sentences of ``answer`` that only promise the rest of it: they are dropped when that comes. ``heard`` is when the unit
    first wrote anything to this asking, if only that it got it; ``ended`` when an asking now withdrawn was given up.
    """

    unit: str
    step: str
    round: int
    state: UnitState = UnitState.WANTED
    asked: dt.datetime | None = None
    due: dt.datetime | None = None
    reminded: tuple[str, ...] = ()
    answer: str | None = None
    answered: dt.datetime | None = None
    question: str | None = None
    address: int = 0
    message_id: str | None = None
    before: UnitState | None = None
    put_off: tuple[str, ...] = ()
    heard: dt.datetime | None = None
    ended: dt.datetime | None = None

    @property
    def open(self) -> bool:
        """True while the unit's answer is still awaited."""
        return self.state not in (UnitState.ANSWERED, UnitState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A promise: by when, who holds it now, when it was met, and line by line how it came about.

    ``rule`` and ``start`` allow it to be computed again when the calendar changes; ``warned`` names warnings given.
    """

    name: str
    due: dt.datetime
    holder: str
    rule: str
    start: dt.datetime
    round: int = 1
    met: dt.datetime | None = None
    warned: tuple[str, ...] = ()
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the ticket in the outbox: its kind, round, name, the SHA-256 of its bytes, and when it was filed."""

    kind: str
    round: int
    name: str
    digest: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """What a look-up or the agent found (P3): the text for the customer, its source, and how fresh the source is."""

    text: str
    source: str
    as_of: dt.datetime | None = None
    by: str = "motcua"


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer in hand: its text and round, the mailbox draft's key and Message-ID, and who released it, how."""

    text: str
    round: int
    form: ReplyForm
    message_id: str | None = None
    mailbox_key: str | None = None
    released: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Besides:
    """What the customer's letter asks besides its own kind: the other kind and the sentence, as the customer wrote it."""

    category: Category
    sentence: str


@dataclass(frozen=True, slots=True)
class TimeChange:
    """What is known of moving an outage: who else is owed notice, and the new time as the dispatch room agreed to it.

    ``others`` counts the other customers on the same substations or feeders, ``shared`` names these; None where unknown.
    ``override`` is a person's reason for giving less notice than the law asks, ``override_by`` that person.
    """

    others: int | None = None
    shared: str = ""
    new_start: dt.datetime | None = None
    new_end: dt.datetime | None = None
    override: str = ""
    override_by: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One customer's request from receipt to close. ``news`` are the events not yet considered by ``decide``.

    ``seen`` is the number of its latest event when it was read from the records: a decision on it is void once there are more.
    ``ended_from`` is the state in which a person ended it, None where it is open or went all its way.
    """

    number: str
    procedure: str
    category: Category
    channel: Channel
    received: dt.datetime
    content: str
    state: State = State.NEW
    step: str = ""
    round: int = 1
    subject: str | None = None
    customer: Customer = Customer()
    unit: str | None = None
    wanted_reply: ReplyForm | None = None
    outage_start: dt.datetime | None = None
    danger: bool = False
    check: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    confidence: Mapping[str, float] = field(default_factory=lambda: EMPTY)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    asked_window: tuple[dt.datetime, dt.datetime] | None = None
    besides: tuple[Besides, ...] = ()
    message_id: str | None = None
    units: tuple[UnitAsked, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    documents: tuple[Document, ...] = ()
    found: FoundAnswer | None = None
    draft: Draft | None = None
    official_number: str | None = None
    news: tuple[Event, ...] = ()
    group: str | None = None
    merged_into: str | None = None
    ended_from: State | None = None
    change: TimeChange | None = None
    seen: int = field(default=0, compare=False)

    def evolve(self, **changes: Any) -> "Ticket":
        """Return a copy with some values changed."""
        return replace(self, **changes)

    @property
    def urgent(self) -> bool:
        """True where hours count: an incident, a danger, or an outage whose time is to be changed (P7)."""
        return self.danger or self.category in (Category.INCIDENT_REPORT, Category.OUTAGE_TIME_CHANGE)

    def deadline(self, name: str) -> Deadline | None:
        """Return the deadline of that name in the latest round, or None."""
        mine = [line for line in self.deadlines if line.name == name]
        return max(mine, key=lambda line: line.round, default=None)

    def asked_now(self) -> tuple[UnitAsked, ...]:
        """Return the askings of the step and round in hand."""
        return tuple(row for row in self.units if row.step == self.step and row.round == self.round)

    def next_document_round(self, kind: str) -> int:
        """Return the round of the next file of a kind: a new round is a new file."""
        return 1 + max((doc.round for doc in self.documents if doc.kind == kind), default=0)
