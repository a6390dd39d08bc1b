"""Tickets of one outage: one asks and leads, the others wait behind it for its answer. Which belong together is told elsewhere."""

import datetime as dt
import re

from daemon.desk.effects import TELL_GROUP
from daemon.desk.ticket import PROGRAM, Category, FoundAnswer
from daemon.desk.work import Work

_SHARED = re.compile(r"\(phiếu \S+\)$")


def tell(work: Work, text: str, source: str) -> None:
    """Let those who wait behind this ticket have its answer; without a text the next of them asks for itself."""
    if work.ticket.category is Category.OUTAGE_INFO:
        lead_on(work, text, source)


def lead_on(work: Work, text: str = "", source: str = "") -> None:
    """Tell those behind this ticket, whatever kind it is of by now."""
    if not work.ticket.group:
        kind = "tell" if text else f"move-{_seq(work)}"  # it may be ended, opened and ended again
        payload = {"text": text, "source": source}
        work.want(TELL_GROUP, f"{work.ticket.number}/group/{work.ticket.round}/{kind}", payload)


def answer_of(leader: str, text: str, source: str, at: dt.datetime) -> FoundAnswer:
    """Return the first ticket's answer as another one of the group has it."""
    return FoundAnswer(text, f"{source} (phiếu {leader})", at)


def is_shared(found: FoundAnswer | None) -> bool:
    """Say whether an answer was given to another ticket of the group first."""
    return found is not None and found.by == PROGRAM.name and _SHARED.search(found.source) is not None


def wait_behind(work: Work, leader: str) -> None:
    """Wait for another ticket's answer; it may have come while this one was on its way here, so that is looked at once."""
    work.note("waits_behind", f"Cùng một lần mất điện với phiếu {leader}", leader=leader)
    work.want(TELL_GROUP, work.key(f"behind-{leader}-{_seq(work)}"), {"behind": leader})


def _seq(work: Work) -> int:
    return work.ticket.news[-1].seq if work.ticket.news else 0
