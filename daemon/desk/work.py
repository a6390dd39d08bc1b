"""The work table of one decision: the ticket as it becomes, and the events and effects wanted on the way.

Made and thrown away within one call of ``decide``; nothing outside sees it change.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from daemon.desk import wording
from daemon.desk.desk import Desk
from daemon.desk.effects import FILE_ORIGINAL, SEND_MAIL, WRITE_DOCUMENT, Effect, Mail
from daemon.desk.procedure import RequestType, Step
from daemon.desk.ticket import PROGRAM, Category, Event, ReplyForm, Ticket, UnitAsked, UnitState
from daemon.desk.unit import UnitCard

LEADERS = "lanh-dao"


class Work:
    """One ticket on the table at one time."""

    def __init__(self, ticket: Ticket, desk: Desk, now: dt.datetime) -> None:
        self.ticket = ticket
        self.desk = desk
        self.now = now
        self.events: list[Event] = []
        self.effects: list[Effect] = []

    # -- the ticket ------------------------------------------------------------------------------------------------
    def change(self, **values: Any) -> None:
        """Put other values on the ticket."""
        self.ticket = self.ticket.evolve(**values)

    def note(self, kind: str, cause: str = "", **content: Any) -> None:
        """Record that the program did or found something."""
        self.events.append(Event(kind, self.now, PROGRAM, content, cause))

    def ask_person(self, field: str, question: str) -> None:
        """Leave something to a person: the field stands in ``check``, the question is shown beside it."""
        ticket = self.ticket
        check = ticket.check if field in ticket.check else (*ticket.check, field)
        questions = ticket.questions if question in ticket.questions else (*ticket.questions, question)
        self.change(check=check, questions=questions)
        self.note("needs_person", question, field=field)

    def settled(self, field: str) -> None:
        """A person has seen to a field that was left to them."""
        self.seen_to((field,))

    def seen_to(self, fields: Collection[str]) -> None:
        """A person has seen to some fields: the doubts about them go, and with the last of them every question."""
        check = tuple(name for name in self.ticket.check if name not in fields)
        heads = tuple(f"{wording.field(name).capitalize()}: " for name in fields)
        left = tuple(each for each in self.ticket.questions if not each.startswith(heads)) if check else ()
        self.change(check=check, questions=left)

    def put_unit(self, row: UnitAsked) -> None:
        """Put an asking back in its place, or add it; one that is given up bears the time."""
        key = (row.unit, row.step, row.round)
        stood = next((old.state for old in self.ticket.units if (old.unit, old.step, old.round) == key), None)
        if row.state is UnitState.WITHDRAWN and stood is not row.state:
            row = replace(row, ended=self.now)
        rows = [row if (old.unit, old.step, old.round) == key else old for old in self.ticket.units]
        self.change(units=tuple(rows) if row in rows else (*rows, row))

    # -- the procedure ---------------------------------------------------------------------------------------------
    @property
    def request_type(self) -> RequestType:
        """The kind of request in hand; one without steps where the procedure does not know it, answered in time all the same.

        What may be no request is promised an answer until a person has said that it is none.
        """
        kinds, category = self.desk.procedure.request_types, self.ticket.category
        if category.value in kinds:
            return kinds[category.value]
        rules = {rule.name: rule for kind in kinds.values() for rule in kind.deadlines if rule.name == "appointment"}
        none = category is Category.NOT_A_REQUEST and "category" not in self.ticket.check
        owed = () if none else tuple(rules.values())
        return RequestType(category.value, wording.CATEGORIES[category], (), owed)

    @property
    def step(self) -> Step | None:
        """The step in hand, or None before the first."""
        return self.desk.procedure.steps.get(self.ticket.step)

    def card(self, unit: str) -> UnitCard:
        """Return the card of a unit today; the leadership's is made of its addresses."""
        if unit == LEADERS:
            return UnitCard(self.desk.office.leader, self.desk.units.leaders)
        return self.desk.units.card(unit, self.now.astimezone(self.desk.calendar.zone).date())

    @property
    def reply_form(self) -> ReplyForm:
        """The agreed form of answer, else the best that the customer's data allow."""
        ticket = self.ticket
        if ticket.wanted_reply is ReplyForm.EMAIL and not ticket.customer.email:
            return ReplyForm.PHONE if ticket.customer.phone else ReplyForm.LETTER
        if ticket.wanted_reply:
            return ticket.wanted_reply
        if ticket.customer.email:
            return ReplyForm.EMAIL
        return ReplyForm.PHONE if ticket.customer.phone else ReplyForm.LETTER

    # -- effects ---------------------------------------------------------------------------------------------------
    def key(self, kind: str, round: int | None = None) -> str:
        """Return the key of an effect of the step in hand."""
        return (
            f"{self.ticket.number}/{self.ticket.step or 'start'}/{self.ticket.round if round is None else round}/{kind}"
        )

    def want(self, kind: str, key: str, payload: Mapping[str, Any], after: str | None = None) -> str:
        """Want an effect and return its key."""
        self.effects.append(Effect(key, kind, payload, after))
        return key

    def want_document(self, kind: str, template: str, *, after: str | None = None, **extra: Any) -> tuple[str, int]:
        """Want a Word file of a kind, a new round each time, once ``after`` is done; return its effect's key and the round."""
        wanted = sum(1 for effect in self.effects if effect.kind == WRITE_DOCUMENT and effect.payload["kind"] == kind)
        round = self.ticket.next_document_round(kind) + wanted
        key = f"{self.ticket.number}/{self.ticket.step or 'start'}/{round}/{kind}"
        payload = {"kind": kind, "round": round, "template": template, **extra}
        return self.want(WRITE_DOCUMENT, key, payload, after), round

    def want_mail(self, kind: str, mail: Mail, after: str | None = None) -> str:
        """Want a mail to go out by itself."""
        return self.want(SEND_MAIL, self.key(f"mail-{kind}", mail.round), mail.as_payload(), after)

    def want_original(self, kind: str, content: Mapping[str, Any]) -> None:
        """Want what came in (a mail, a scan, a note) filed beside the ticket's other files, once an item."""
        if not content.get("digest"):
            return
        wanted = sum(1 for effect in self.effects if effect.kind == FILE_ORIGINAL and effect.payload["kind"] == kind)
        round = self.ticket.next_document_round(kind) + wanted
        payload = {"kind": kind, "round": round, **{name: content.get(name) for name in ("digest", "name", "source")}}
        self.want(FILE_ORIGINAL, f"{self.ticket.number}/file/{content['item']}", payload)
