"""The answer to a customer in words, put together of what was found and what the units wrote; whether it agrees.

Writes nothing and asks nobody: drafting and releasing are the steps' work.
"""

import re

from daemon.desk import promises
from daemon.desk.acknowledged import without_receipt
from daemon.desk.greeting import without_greeting
from daemon.desk.text import fold
from daemon.desk.ticket import Category, Ticket, UnitState
from daemon.desk.unfit import without_internal
from daemon.desk.unit_names import for_customer, printed
from daemon.desk.work import LEADERS, Work

_REFUSALS = (
    "khong dong y",
    "khong the",
    "khong chap thuan",
    "tu choi",
    "khong thong nhat",
    "khong doi duoc",
    "khong chuyen duoc",
    "khong bo tri duoc",
)
_AGREEMENT = re.compile(r"(?<!khong )(?<!chua )\b(?:dong y|nhat tri|chap thuan|thong nhat)\b")


def answer_text(work: Work) -> str:
    """Return the answer in words: what was found, else what each unit wrote; what the customer had before is not said again."""
    ticket = work.ticket
    if ticket.found:
        return for_customer(ticket.found.text, _names(work))
    rows = [row for row in ticket.units if row.state is UnitState.ANSWERED and row.answer and row.unit != LEADERS]
    told = promises.last_met(ticket)
    fresh = [row for row in rows if not (told and row.answered and row.answered <= told)]
    answers = [(row.unit, _said(row.answer)) for row in fresh or rows if row.answer]
    if len(answers) == 1:
        return for_customer(answers[0][1], _names(work))
    named = [(printed(unit, work.card(unit).name), for_customer(text, _names(work))) for unit, text in answers]
    return "\n".join(f"{name}: {text}" for name, text in named)


def internal_of(work: Work) -> tuple[str, ...]:
    """Return what the units in the draft called internal, which the draft leaves out."""
    if work.ticket.found:
        return ()
    rows = (row for row in work.ticket.units if row.state is UnitState.ANSWERED and row.answer and row.unit != LEADERS)
    return tuple(said for row in rows for said in without_internal(row.answer or "")[1])


def _said(answer: str) -> str:
    return without_receipt(without_greeting(without_internal(answer)[0]))


def _names(work: Work) -> dict[str, str]:
    """Return the printed names of the units by id, and the room's by its code where letters carry one (``PCBK-P9``)."""
    office = work.desk.office
    return {unit: work.card(unit).name for unit in work.desk.units.by_id} | {
        office.sign_code.rsplit("-", 1)[-1]: office.room
    }


def refuses(text: str) -> bool:
    """Say whether an answer refuses what was asked for."""
    return any(word in fold(text) for word in _REFUSALS)


def agreed(ticket: Ticket) -> bool | None:
    """Say whether an answer to a time change agrees, refuses, or leaves it open, as where it says both.

    A person releases it in any case.
    """
    if ticket.category is not Category.OUTAGE_TIME_CHANGE:
        return None
    said = " ".join(row.answer or "" for row in ticket.units if row.state is UnitState.ANSWERED)
    said = f"{said} {ticket.found.text if ticket.found else ''}"
    agrees = _AGREEMENT.search(fold(said)) is not None
    if refuses(said):
        return None if agrees else False
    return agrees or None
