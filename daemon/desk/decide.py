"""decide(ticket, desk, now): what follows from what happened. Pure: the same values always give the same decision."""

import datetime as dt
from dataclasses import dataclass

from daemon.desk import clocks, endings, news, steps
from daemon.desk.desk import Desk
from daemon.desk.effects import Effect
from daemon.desk.ticket import FINISHED, Event, State, Ticket
from daemon.desk.work import Work


@dataclass(frozen=True, slots=True)
class Decision:
    """The ticket as it stands now, what happened on the way, what is wanted, and when to look again (None: on news)."""

    ticket: Ticket
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    look_at: dt.datetime | None


def decide(ticket: Ticket, desk: Desk, now: dt.datetime) -> Decision:
    """Consider a ticket's news and its clocks and return the decision."""
    work = Work(ticket, desk, now)
    if ticket.state not in FINISHED and ticket.step and ticket.step not in desk.procedure.steps:
        return _lost_step(work)
    if ticket.state is State.NEW and not ticket.step:
        steps.begin(work)
    for event in ticket.news:
        news.take(work, event)
    if work.ticket.state in FINISHED:
        return _decision(work, None)
    clocks.compute_again(work)
    steps.expire(work)
    clocks.hold(work)
    return _decision(work, clocks.ring(work))


def _lost_step(work: Work) -> Decision:
    endings.lost_step(work)
    return _decision(work, None)


def _decision(work: Work, look_at: dt.datetime | None) -> Decision:
    return Decision(work.ticket.evolve(news=()), tuple(work.events), tuple(work.effects), look_at)
