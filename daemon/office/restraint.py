"""Loop protection at the last door: which automatic mail does not go out, whatever was decided before.

Automatic mail is never answered, and an address that is none of ours gets at most one automatic mail a day (contract,
"Who may do what"). What a person released, and mail to units, leaders, agents and readers of reports, passes.
"""

from daemon.desk import automatic
from daemon.mailbox.message import parse, read_msg
from daemon.office.parts import Parts
from daemon.office.sorting import own_ids
from daemon.store.store import Claimed


def withheld(parts: Parts, effect: Claimed) -> str | None:
    """Return in Vietnamese why a mail may not go out by itself, or None where it may."""
    payload = effect.payload
    if payload.get("by_person"):
        return None
    known = _ours(parts)
    outside = sorted({address.lower() for address in (*payload["to"], *payload.get("cc", ()))} - known)
    if not outside:
        return None
    own = parts.settings.file.mailbox_address
    if own in outside:
        return "Địa chỉ nhận là chính hộp thư của phòng, không phải của khách. Cần làm: sửa địa chỉ thư của khách ở phiếu, hoặc gọi khách."
    if not _may_be_answered(parts, effect.ticket, outside):
        return "Thư của người gửi là thư do máy gửi hoặc từ địa chỉ không nhận trả lời; trả lời thì hai máy gửi qua lại mãi. Cần làm: muốn báo khách thì gọi điện."
    today = parts.clock.now().date()
    late = [address for address in outside if not parts.store.first_today(address, today, effect.key)]
    if late:
        return f"Mỗi ngày chương trình chỉ tự gửi một thư cho mỗi địa chỉ ngoài công ty (tránh gửi dồn), và hôm nay đã gửi cho {late[0]}. Cần làm: muốn báo khách hôm nay thì gọi, hoặc gửi bằng tay tệp trong outbox/."
    return None


def _ours(parts: Parts) -> frozenset[str]:
    """Every address that the office itself has registered, in lower case."""
    desk = parts.desk
    readers = (address for plan in parts.settings.file.reports for address in plan.recipients)
    every = (*desk.units.addresses(parts.clock.now().date()), *desk.units.leaders, *desk.agents, *readers)
    return frozenset(address.lower() for address in every)


def _may_be_answered(parts: Parts, number: str | None, outside: list[str]) -> bool:
    """Say whether the mail that opened the ticket may be answered; one that another address wrote says nothing."""
    items = parts.store.items_of(number) if number else []
    first = next((item for item in items if item.source in ("mail", "msg")), None)
    if first is None or first.sender.lower() not in outside:
        return True
    data = parts.store.originals.read(first.digest)
    message = read_msg(data) if first.source == "msg" else parse(data)
    return automatic.may_be_answered(message, frozenset({parts.settings.file.mailbox_address}), own_ids(parts))
