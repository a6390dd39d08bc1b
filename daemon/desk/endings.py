"""How a person ends a ticket and opens it again: it comes back to where it was, and no unit is asked a second time.

A ticket ended before its customer had the answer goes on where it stood: its promise, the units' answers and the draft
stand, and who was asked is waited for again without a new form: a short word tells of the end and of the opening. One whose customer had the answer begins a new round; where
units' answers lie on it, a person says what is to be done.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from daemon.desk import drafts, group, notices, promises, replies, steps, wording
from daemon.desk.effects import LOOK_UP
from daemon.desk.ticket import FINISHED, Event, State, Ticket, UnitState
from daemon.desk.work import Work

REOPENED = "reopened"  # the field that asks a person what is to be done for a customer who had an answer


def finish(state: State) -> Callable[[Work, Event], None]:
    """Return what ends a ticket in a state."""

    def finish(work: Work, event: Event) -> None:
        before = work.ticket.state
        if before in FINISHED:
            return
        forget(work)
        notices.not_needed(work, *_reason(state, event))
        steps.withdraw(work, "Phiếu đã kết thúc", ended=True)
        group.tell(work, "", "")
        steps.remove_draft(work)
        work.change(state=state, ended_from=before, merged_into=event.content.get("into"))

    return finish


def _reason(state: State, event: Event) -> tuple[str, str, tuple[str, ...]]:
    """Why a unit need not answer; where a ticket is merged, into which and who is asked there."""
    content = event.content
    if state is State.MERGED:
        into = content["into"]
        return f"Đã nhập vào phiếu {into} cùng việc.", into, tuple(content.get("asked_there") or ())
    why = content.get("why") or ("phòng đã hủy phiếu" if state is State.CANCELLED else "phòng đã kết thúc phiếu")
    return why, "", ()


def forget(work: Work) -> None:
    """Drop what an earlier ending left on the ticket and its askings."""
    rows = tuple(replace(row, before=None) for row in work.ticket.units)
    work.change(units=rows, ended_from=None, merged_into=None)


def reopened(work: Work, _event: Event) -> None:
    """Bring a finished ticket back to where it was; a new round where its customer had the answer."""
    ticket = work.ticket
    if ticket.state not in FINISHED:
        return
    work.change(merged_into=None, ended_from=None)
    answered = promises.met(ticket)
    if answered is not None:
        _answered_before(work, answered)
        return
    lost = ticket.step and ticket.step not in work.desk.procedure.steps
    resume = lost_step if lost else _RESUME.get(_stood(ticket), _begin)
    resume(work)


def _stood(ticket: Ticket) -> State | None:
    """The state a ticket was ended in; told from what lies on it where it was ended by an earlier version."""
    if ticket.ended_from is not None or ticket.state is State.SET_ASIDE:
        return ticket.ended_from
    if ticket.draft:
        return State.RELEASED if ticket.draft.released else State.TO_APPROVE
    return State.WAITING_UNIT if _answers(ticket) else None


def _answers(ticket: Ticket) -> bool:
    return any(row.state is UnitState.ANSWERED for row in ticket.units)


def _begin(work: Work) -> None:
    """Begin anew, in a new round: everything may be asked again."""
    _new_round(work)
    steps.begin(work)


def _new_round(work: Work) -> None:
    forget(work)
    work.change(round=work.ticket.round + 1, state=State.NEW, step="", found=None, draft=None)


def _back(work: Work, state: State) -> None:
    """Put a ticket back into a state, and its askings as they stood."""
    rows = (
        row if row.before is None else replace(row, state=row.before, before=None, ended=None)
        for row in work.ticket.units
    )
    work.change(state=state, units=tuple(rows))


def _check(work: Work) -> None:
    _back(work, State.TO_CHECK)


def lost_step(work: Work) -> None:
    """The procedure was changed meanwhile and the ticket's step is gone: a person must place it again."""
    step = work.ticket.step
    work.change(state=State.TO_CHECK, step="")
    work.ask_person("category", f"Bước '{step}' không còn trong quy trình: xác nhận lại loại yêu cầu để đi tiếp.")


def _look_up(work: Work) -> None:
    """Look up again: what was found while the ticket was ended was not kept."""
    _back(work, State.LOOKING_UP)
    step = work.step
    assert step is not None
    work.want(LOOK_UP, work.key(f"look-up-{work.ticket.news[-1].seq}"), {"sources": list(step.sources)})


def _wait(work: Work) -> None:
    """Wait for those who were asked; go on where all of them have answered."""
    _back(work, State.WAITING_UNIT)
    notices.needed_again(work)
    rows = work.ticket.asked_now()
    if any(row.open for row in rows) or (work.ticket.group and not rows):
        return
    if any(row.state is UnitState.ANSWERED for row in rows):
        replies.all_answered(work)
    else:
        _begin(work)


def _approve(work: Work) -> None:
    """Lay the draft before a person again, in the mailbox too."""
    _back(work, State.TO_APPROVE)
    if work.ticket.draft is None:
        steps.enter(work, _step(work, "draft_answer"))
        return
    work.change(step=_step(work, "release"))
    drafts.replace_draft(work)


def _release(work: Work) -> None:
    """The answer was released: it is carried to the customer; a mail that waits or went out is not wanted twice."""
    _back(work, State.RELEASED)
    steps.enter(work, _step(work, "tell"))


def _step(work: Work, verb: str) -> str:
    name = steps.first_step(work, verb)
    assert name is not None, f"{work.desk.procedure.id}: no step does {verb}"
    return name


_RESUME: Mapping[State | None, Callable[[Work], None]] = {
    State.TO_CHECK: _check,
    State.LOOKING_UP: _look_up,
    State.WAITING_UNIT: _wait,
    State.TO_APPROVE: _approve,
    State.RELEASED: _release,
}


def _answered_before(work: Work, at: dt.datetime) -> None:
    """The customer had an answer: a new promise; with answers of units at hand only a person has them asked again."""
    stands = _answers(work.ticket) or work.ticket.found is not None
    if not stands:
        _begin(work)
        return
    _new_round(work)
    steps.promise(work)
    work.change(state=State.TO_CHECK)
    number = work.ticket.number
    asked = next(
        (row.unit for row in reversed(work.ticket.units) if row.state is UnitState.ANSWERED), work.ticket.unit or "…"
    )
    work.ask_person(
        REOPENED,
        f"Khách hàng đã được trả lời {wording.time_of(at)}, nay mở lại; chương trình không tự hỏi lại đơn vị. "
        f'Ghi câu trả lời mới: motcua found {number} --source phone. Hỏi lại: motcua ask {number} --unit "{asked}". '
        f"Làm lại từ đầu (tra cứu, hỏi đơn vị): motcua set {number}",
    )
