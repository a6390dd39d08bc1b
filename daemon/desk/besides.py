"""What a letter asks besides its own kind, in the words of the clerk's mark, the unit's form and its mail.

The ticket goes its way as its own kind (P2); the unit is asked to answer the rest too, and whoever releases the answer is
told of it. What else was asked is read elsewhere.
"""

from collections.abc import Iterator

from daemon.desk import wording
from daemon.desk.ticket import Besides, Category, Ticket
from daemon.desk.work import Work

FIELD = "besides"  # in ``check``: the letter asks more; whoever releases the answer has seen it
_HURRY = (Category.INCIDENT_REPORT, Category.OUTAGE_TIME_CHANGE)


def mark(work: Work) -> None:
    """Show the clerk what else the letter asks, when it comes and when its answer is drafted; the ticket goes on."""
    rest = list(_other(work.ticket))
    if not rest or FIELD in work.ticket.check:
        return
    hurry = " Có việc gấp tính bằng giờ: xem ngay." if any(one.category in _HURRY for one in rest) else ""
    work.ask_person(
        FIELD,
        f"{wording.field(FIELD).capitalize()}: {'; '.join(map(_line, rest))}.{hurry} Trả lời đủ các việc rồi hãy duyệt; "
        f"việc của đơn vị khác thì hỏi thêm: motcua ask {work.ticket.number} --unit …",
    )


def lines(ticket: Ticket) -> list[str]:
    """Return what else the letter asks, a line each: the kind and the customer's sentence."""
    return [_line(one) for one in _other(ticket)]


def for_unit(ticket: Ticket) -> str:
    """Return the line of a unit's mail that asks for the rest too; empty where there is none."""
    rest = lines(ticket)
    return f"Khách hàng còn nêu (đề nghị trả lời cả phần thuộc đơn vị): {'; '.join(rest)}" if rest else ""


def _other(ticket: Ticket) -> Iterator[Besides]:
    """A clerk may have made it the ticket's own kind since."""
    return (one for one in ticket.besides if one.category is not ticket.category)


def _line(one: Besides) -> str:
    return f"{wording.CATEGORIES[one.category]} («{one.sentence}»)"
