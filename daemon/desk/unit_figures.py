"""How the units kept their times in a period (P9). Pure.

A duty desk is asked to acknowledge by a time (P2 c): its first word counts, the result may take longer. Every other unit
owes the whole answer. An asking is answered, acknowledged, still owed, or given up because the ticket went on without it.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from daemon.desk import wording
from daemon.desk.measures import Middle, Minutes, Spell, middle, spell
from daemon.desk.ticket import Ticket, UnitAsked, UnitState


@dataclass(frozen=True, slots=True)
class UnitTally:
    """How one unit answered what it was asked in the period.

    ``asked == answered + acknowledged + open + dropped`` and ``on_time + late == answered + acknowledged``; ``acknowledged``
    are those of a duty desk without a result yet, ``overdue`` those of ``open`` past their due time.
    """

    title: str
    asked: int
    answered: int
    acknowledged: int
    on_time: int
    late: int
    open: int
    overdue: int
    dropped: int
    reminded: int
    times: Middle


@dataclass(frozen=True, slots=True)
class LateUnit:
    """An asking that a unit did not keep its time for. ``at`` is its first word that counts, None where there was none.

    ``duty`` where only an acknowledgement was due, ``acknowledged`` where the word was that and no result, ``dropped``
    where the asking was given up after its time without a word; ``late`` runs to the word, the giving up or the count.
    """

    number: str
    unit: str
    kind: str
    duty: bool
    due: dt.datetime
    at: dt.datetime | None
    acknowledged: bool
    dropped: bool
    late: Spell


@dataclass(frozen=True, slots=True)
class _Asking:
    """One asking as it stood at a moment."""

    ticket: Ticket
    row: UnitAsked
    asked: dt.datetime
    duty: bool
    word: dt.datetime | None
    answered: bool
    open: bool

    @property
    def late(self) -> bool:
        return self.word is not None and self.row.due is not None and self.word > self.row.due


def unit_tallies(
    asked: Sequence[tuple[Ticket, UnitAsked]],
    as_of: dt.datetime,
    minutes: Minutes,
    names: Mapping[str, str],
    duty_steps: Collection[str],
) -> tuple[UnitTally, ...]:
    """Return a row for each unit of some askings as of a moment, those asked most first."""
    rows: dict[str, list[_Asking]] = {}
    for ticket, row in asked:
        rows.setdefault(row.unit, []).append(_asking(ticket, row, as_of, duty_steps))
    made = [_tally(wording.unit_name(unit, names), mine, as_of, minutes) for unit, mine in rows.items()]
    return tuple(sorted(made, key=lambda each: (-each.asked, each.title)))


def late_askings(
    asked: Sequence[tuple[Ticket, UnitAsked]],
    as_of: dt.datetime,
    minutes: Minutes,
    names: Mapping[str, str],
    duty_steps: Collection[str],
    titles: Mapping[str, str],
) -> tuple[LateUnit, ...]:
    """Return the askings of a period that were not kept in time, those of duty desks first, then by their due time."""
    found = []
    for ticket, row in asked:
        one = _asking(ticket, row, as_of, duty_steps)
        until = one.word or (as_of if one.open else row.ended)
        if row.due is None or until is None or until <= row.due:
            continue
        found.append(
            LateUnit(
                number=ticket.number,
                unit=wording.unit_name(row.unit, names),
                kind=titles.get(ticket.category) or wording.CATEGORIES[ticket.category],
                duty=one.duty,
                due=row.due,
                at=one.word,
                acknowledged=one.duty and one.word is not None and one.word != row.answered,
                dropped=one.word is None and not one.open,
                late=spell(ticket, row.due, until, minutes),
            )
        )
    return tuple(sorted(found, key=lambda each: (not each.duty, each.due, each.number, each.unit)))


def _asking(ticket: Ticket, row: UnitAsked, as_of: dt.datetime, duty_steps: Collection[str]) -> _Asking:
    assert row.asked is not None
    duty = row.step in duty_steps
    words = [at for at in (row.answered, row.heard if duty else None) if at is not None and at < as_of]
    given_up = row.state is UnitState.WITHDRAWN and (row.ended is None or row.ended < as_of)
    answered = row.answered is not None and row.answered < as_of
    return _Asking(ticket, row, row.asked, duty, min(words, default=None), answered, open=not words and not given_up)


def _tally(title: str, rows: Sequence[_Asking], as_of: dt.datetime, minutes: Minutes) -> UnitTally:
    told = [one for one in rows if one.word is not None]
    answered = sum(one.answered for one in rows)
    waiting = [one for one in rows if one.open]
    late = sum(one.late for one in told)
    return UnitTally(
        title=title,
        asked=len(rows),
        answered=answered,
        acknowledged=len(told) - answered,
        on_time=len(told) - late,
        late=late,
        open=len(waiting),
        overdue=sum(one.row.due is not None and one.row.due < as_of for one in waiting),
        dropped=len(rows) - len(told) - len(waiting),
        reminded=sum(bool(one.row.reminded) for one in rows),
        times=middle([spell(one.ticket, one.asked, one.word, minutes) for one in told if one.word]),
    )
