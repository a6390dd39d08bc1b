"""A chapter of the rule-book as data: kinds of request, steps, forms, deadlines. Checks itself, decides nothing.

Data names steps, order, parties, forms, deadlines, and the next step per outcome of a closed list of verbs. It has no
other conditions.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

VERBS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "look_up": frozenset({"found", "not_found"}),
        "appoint": frozenset(),
        "ask_unit": frozenset({"answered", "refused", "expired"}),
        "ask_leader": frozenset({"answered", "refused", "expired"}),
        "draft_answer": frozenset(),
        "release": frozenset(),
        "tell": frozenset(),
        "report": frozenset(),
    }
)

_SPAN = re.compile(r"^(\d+) (working days?|office minutes?|office hours?|minutes?|hours?)$")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: ``count`` of ``working day``, ``office minute`` or ``minute`` (by the clock)."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read ``2 working days``, ``30 office minutes``, ``4 office hours``, ``24 hours``. Raises ValueError."""
        match = _SPAN.match(text.strip())
        if not match:
            raise ValueError(f"{text!r}: cần dạng '2 working days', '30 office minutes', '4 office hours', '24 hours'")
        count, unit = int(match[1]), match[2].rstrip("s")
        if unit.endswith("hour"):
            count, unit = count * 60, unit.replace("hour", "minute")
        return cls(count, unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How a deadline comes about: ``within`` a span after, or ``before`` a span ahead of, the moment ``of``.

    ``of`` is ``received``, ``asked``, ``step`` (the step's begin) or ``outage_start``. ``holder`` is ``agent`` or ``unit``.
    """

    name: str
    of: str
    within: Span | None = None
    before: Span | None = None
    holder: str = "agent"
    title: str = ""
    reminders: tuple["Reminder", ...] = ()

    @property
    def rule(self) -> str:
        """The rule in the words of the procedure file: what a recorded deadline is computed again from."""
        return f"within {self.within}" if self.within is not None else f"before {self.before}"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of a deadline: ``before`` it, ``at`` it or ``after`` it, to ``unit``, ``chief``, ``leaders`` or ``agent``.

    ``mail`` names the mail text; without one the reminder is an event that staff see in the list, and no mail.
    """

    name: str
    when: str
    span: Span | None
    to: str
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its verb, the party asked, the form and mail to make, deadlines, reminders, the way on per outcome.

    ``forms`` gives the form of units that have one of their own; ``form`` is that of all others.
    """

    name: str
    does: str
    unit: str | None = None
    form: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    mail: str | None = None
    document: str | None = None
    duty_desk: bool = False
    sources: tuple[str, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    then: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestType:
    """One kind of request: its title, its steps in order, deadlines from receipt, and the forms of its answer."""

    name: str
    title: str
    steps: tuple[str, ...]
    deadlines: tuple[DeadlineRule, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class MailText:
    """The subject and body of an outgoing mail; ``{name}`` stands for an offered value and nothing else is special."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """One chapter: everything ``decide`` follows.

    ``change_notice`` is how long before its new start a moved outage must be announced to all it touches, by
    ``change_law``; None where no such rule holds.
    """

    id: str
    title: str
    chapter: str
    fallback_unit: str
    request_types: Mapping[str, RequestType]
    steps: Mapping[str, Step]
    mails: Mapping[str, MailText]
    documents: Mapping[str, str] = field(default_factory=dict)
    customer_margin: Span = Span(240, "office minute")
    sure_fields: tuple[str, ...] = ("category", "unit", "customer_code", "phone", "address", "name")
    code: str = ""
    issue: str = ""
    date: str = ""
    change_notice: Span | None = None
    change_law: str = ""

    @property
    def duty_steps(self) -> frozenset[str]:
        """The steps in which a duty desk is asked to acknowledge by a time (P2 c); its first word keeps that time."""
        return frozenset(name for name, step in self.steps.items() if step.duty_desk)

    def step_after(self, request_type: RequestType, step: str, outcome: str | None = None) -> str | None:
        """Return the next step: what ``then`` says for the outcome, else the following one in order, else None."""
        here = self.steps[step]
        if outcome is not None and outcome in here.then:
            return here.then[outcome]
        order = request_type.steps
        at = order.index(step) if step in order else len(order)
        return order[at + 1] if at + 1 < len(order) else None

    def faults(self) -> list[tuple[str, str]]:
        """Return what is wrong in itself as (table, Vietnamese sentence): verbs, ways, reach, forms, mails, deadlines."""
        found = [fault for name, step in self.steps.items() for fault in self._step_faults(f"steps.{name}", step)]
        for name, kind in self.request_types.items():
            found += self._type_faults(f"request_types.{name}", kind)
        reached = {step for kind in self.request_types.values() for step in self._reach(kind)}
        found += [
            (f"steps.{name}", "không loại yêu cầu nào đi tới bước này") for name in self.steps if name not in reached
        ]
        return found

    def _step_faults(self, place: str, step: Step) -> list[tuple[str, str]]:
        verb = VERBS.get(step.does)
        if verb is None:
            return [(place, f"không có động từ {step.does!r}; các động từ: {', '.join(VERBS)}")]
        found = [(place, f"động từ {step.does} không có kết quả {name!r}") for name in step.then if name not in verb]
        found += [
            (place, f"then.{name}: không có bước {way!r}") for name, way in step.then.items() if way not in self.steps
        ]
        found += [(place, f"không có lời thư [mails.{name}]") for name in _mails_of(step) if name not in self.mails]
        if step.does in ("ask_unit", "ask_leader") and not any(rule.of == "asked" for rule in step.deadlines):
            found.append((place, 'bước hỏi đơn vị cần một hạn tính từ lúc hỏi (of = "asked")'))
        if step.does in ("ask_unit", "ask_leader", "appoint") and not (step.form or step.mail):
            found.append((place, "cần form hoặc mail, nếu không bước này không làm ra gì"))
        return found

    def _type_faults(self, place: str, kind: RequestType) -> list[tuple[str, str]]:
        found = [(place, f"không có bước {name!r}") for name in kind.steps if name not in self.steps]
        if found or not kind.steps:
            return found or [(place, "chưa có bước nào")]
        does = [self.steps[name].does for name in self._reach(kind) if name in self.steps]
        for verb in ("draft_answer", "release", "tell"):
            if verb not in does:
                found.append((place, f"thiếu bước {verb}: khách hàng sẽ không được trả lời"))
        if "answer" not in kind.forms and any(
            self.steps[n].does == "draft_answer" and not self.steps[n].form for n in kind.steps
        ):
            found.append((place, "thiếu forms.answer: mẫu thư trả lời"))
        if "answer" not in self.mails:
            found.append((place, "thiếu lời thư [mails.answer]"))
        return found + self._clock_faults(place, kind)

    def _clock_faults(self, place: str, kind: RequestType) -> list[tuple[str, str]]:
        """A unit may not be given longer than the customer is promised."""
        promised = [
            rule.within
            for rule in kind.deadlines
            if rule.within and rule.of == "received" and rule.name == "appointment"
        ]
        found = []
        for name in kind.steps:
            for rule in self.steps[name].deadlines:
                longer = [
                    p
                    for p in promised
                    if rule.of == "asked" and rule.within and p.unit == rule.within.unit and rule.within.count > p.count
                ]
                if longer:
                    found.append((place, f"hạn {rule.name} ({rule.within}) dài hơn hạn hẹn khách hàng ({longer[0]})"))
        return found

    def _reach(self, kind: RequestType) -> list[str]:
        """Return the steps a kind of request can come to."""
        found: list[str] = []
        ahead = list(kind.steps[:1])
        while ahead:
            name = ahead.pop()
            if name in found or name not in self.steps:
                continue
            found.append(name)
            outcomes = VERBS.get(self.steps[name].does, frozenset()) or {None}
            ahead += [way for outcome in outcomes if (way := self.step_after(kind, name, outcome))]
        return found

    def templates(self) -> dict[str, str]:
        """Return every template named, with the table that names it."""
        named = {
            template: f"request_types.{kind.name}"
            for kind in self.request_types.values()
            for template in kind.forms.values()
        }
        return named | {
            form: f"steps.{step.name}"
            for step in self.steps.values()
            for form in (step.form, *step.forms.values())
            if form
        }


def _mails_of(step: Step) -> list[str]:
    reminders = [each.mail for each in step.reminders] + [
        each.mail for rule in step.deadlines for each in rule.reminders
    ]
    return [name for name in (step.mail, *reminders) if name]
