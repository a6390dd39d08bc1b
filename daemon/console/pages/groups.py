"""One outage with its many callers: seen together, answered together, each in the form agreed with that customer."""

from starlette.responses import Response

from daemon.console.visit import NotFound, Visit
from daemon.desk.ticket import State, Ticket
from daemon.desk.trouble import Refused
from daemon.office import actions, handling
from daemon.store import lists


def show_all(visit: Visit) -> Response:
    """Show the outages that several customers wait for."""
    store = visit.parts.store
    counts = lists.groups(store)
    leaders = lists.page(store, lists.Filter(numbers=tuple(counts)), limit=200).tickets if counts else ()
    return visit.show("nhom-tat-ca.html", title="Cùng lần mất điện", leaders=leaders, counts=counts)


def show(visit: Visit) -> Response:
    """Show one outage with all its callers."""
    leader, members, events = _group(visit)
    return visit.show(
        "nhom.html",
        title=f"Lần mất điện {leader.number}",
        leader=leader,
        members=members,
        seen=" ".join(f"{number}:{seq}" for number, seq in events.items()),
        to_approve=[each for each in members if each.state is State.TO_APPROVE],
        waiting=[each for each in members if each.state in (State.WAITING_UNIT, State.LOOKING_UP, State.NEW)],
        answers=_answers(members),
    )


def _answers(members: list[Ticket]) -> dict[str, list[str]]:
    """The answers that wait for release or are on their way, each with the numbers of those who get it."""
    found: dict[str, list[str]] = {}
    for each in members:
        if each.draft and each.state in (State.TO_APPROVE, State.RELEASED):
            found.setdefault(each.draft.text, []).append(each.number)
    return found


def _group(visit: Visit) -> tuple[Ticket, list[Ticket], dict[str, int]]:
    number = visit.path("number").upper()
    members, events = lists.group(visit.parts.store, number)
    leader = next((each for each in members if each.number == number), None)
    if leader is None:
        raise NotFound
    return leader, members, events


def change(visit: Visit) -> Response:
    """Answer all that wait, release all that wait for it, or note calls; one transaction for all of them."""
    leader, members, _ = _group(visit)
    seen = dict(pair.split(":", 1) for pair in visit.form.get("seen", "").split() if ":" in pair)
    what = visit.form.get("viec", "")
    back = f"/nhom/{leader.number}"
    if what == "tra-loi":
        return visit.go(back, _answer(visit, leader, members, seen))
    if what in ("duyet", "da-goi"):
        return visit.go(back, _each(visit, what, members, seen))
    raise Refused("Chọn việc cần làm cho nhóm.")


def _answer(visit: Visit, leader: Ticket, members: list[Ticket], seen: dict[str, str]) -> str:
    """One answer for everybody: the first ticket hands it on; where that is done already, each gets it."""
    text = visit.form.get("text", "").strip()
    source = visit.form.get("source", "phone")
    waiting = [each for each in members if each.state in (State.WAITING_UNIT, State.LOOKING_UP, State.NEW)]
    if not waiting:
        raise Refused("Không còn phiếu nào trong nhóm chờ câu trả lời.")
    targets = [leader] if leader in waiting else waiting
    with visit.parts.database.write():
        for each in targets:
            with handling.unchanged(visit.parts, each.number, int(seen.get(each.number, "0")), visit.by):
                actions.found(visit.parts, each.number, source, text, visit.by)
    return f"Câu trả lời đang được soạn cho {len(waiting)} phiếu."


def _each(visit: Visit, what: str, members: list[Ticket], seen: dict[str, str]) -> str:
    visit.need("release")
    chosen = {name.removeprefix("p-") for name in visit.form if name.startswith("p-")}
    states = (State.TO_APPROVE,) if what == "duyet" else (State.TO_APPROVE, State.RELEASED)
    targets = [each for each in members if each.number in chosen and each.state in states]
    if not targets:
        raise Refused("Chọn ít nhất một phiếu.")
    with visit.parts.database.write():
        for each in targets:
            with handling.unchanged(visit.parts, each.number, int(seen.get(each.number, "0")), visit.by):
                if what == "duyet":
                    actions.approve(visit.parts, each.number, visit.by, as_is=True)  # chosen one by one
                else:
                    handling.called(visit.parts, each.number, "", visit.by)
    return f"Đã duyệt {len(targets)} phiếu." if what == "duyet" else f"Đã ghi đã gọi {len(targets)} khách hàng."
