"""What can be done with a ticket on screen. Each is a function of the office, held in one transaction against a second writer."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from daemon.console.pages.ticket import need
from daemon.console.visit import NotFound, Visit, own_path
from daemon.desk import history, todo
from daemon.desk.trouble import Refused
from daemon.office import actions, handling, listing, people

Act = Callable[[Visit, str], str]


def change(visit: Visit) -> Response:
    """Do what a form of the ticket's page asks for, unless somebody else was quicker."""
    number, act = need(visit).number, ACTS.get(visit.path("action"))
    if act is None:
        raise NotFound
    try:
        seen = int(visit.form.get("seen", ""))
    except ValueError:
        raise Refused("Trang đã cũ: mở lại phiếu rồi làm lại.") from None
    with handling.unchanged(visit.parts, number, seen, visit.by):
        said = act(visit, number)
    return visit.go(own_path(visit.form.get("back") or f"/phieu/{number}"), said)


_MAY_BE_EMPTY = frozenset(
    {"name", "customer_code", "phone", "address", "email", "unit", "wanted_reply", "outage_start"}
)
# What a person must answer or look at elsewhere on the page; confirming the fields does not settle it.
_ASKS = frozenset(
    {
        "question",
        "reply",
        "customer",
        "bounce",
        "draft",
        "answer",
        "effect",
        "mail",
        "request",
        "unit_address",
        "override_notice",
    }
)


def _confirm(visit: Visit, number: str) -> str:
    """Confirm or correct: fields that are shown and changed are set; what was doubtful and shown is confirmed."""
    shown = {name.removeprefix("o-"): value for name, value in visit.form.items() if name.startswith("o-")}
    before = {name.removeprefix("cu-"): value for name, value in visit.form.items() if name.startswith("cu-")}
    doubtful = set(visit.form.get("nghi", "").split())
    pairs = tuple(
        f"{name}={value.strip()}"
        for name, value in shown.items()
        if value.strip() != before.get(name, "").strip()
        or (name in doubtful and (value.strip() or name in _MAY_BE_EMPTY))
    )
    with visit.parts.database.write():
        if pairs:
            actions.set_fields(visit.parts, number, pairs, visit.by)
        if not pairs or doubtful - set(shown) - _ASKS:
            actions.set_fields(visit.parts, number, (), visit.by)
    return "Đã xác nhận thông tin." if doubtful else "Đã ghi thay đổi."


def _edit(visit: Visit, number: str) -> str:
    shown = {name.removeprefix("o-"): value for name, value in visit.form.items() if name.startswith("o-")}
    before = {name.removeprefix("cu-"): value for name, value in visit.form.items() if name.startswith("cu-")}
    pairs = tuple(f"{n}={v.strip()}" for n, v in shown.items() if v.strip() != before.get(n, "").strip())
    if not pairs:
        return "Không có gì thay đổi."
    actions.set_fields(visit.parts, number, pairs, visit.by)
    return "Đã ghi thay đổi."


def _seen(visit: Visit, number: str) -> str:
    actions.set_fields(visit.parts, number, (), visit.by)
    return "Đã ghi là đã xem."


def _approve(visit: Visit, number: str) -> str:
    visit.need("release")
    said = actions.approve(visit.parts, number, visit.by, as_is=bool(visit.form.get("as_is")))
    return _shown(f"Đã duyệt {number}.", said)


def _rewrite(visit: Visit, number: str) -> str:
    handling.rewrite(visit.parts, number, visit.form.get("text", ""), visit.by)
    return "Đã ghi câu trả lời mới; dự thảo đang được lập lại."


def _send_back(visit: Visit, number: str) -> str:
    visit.need("release")
    handling.send_back(visit.parts, number, visit.form.get("why", ""), visit.by)
    return "Đã trả lại dự thảo."


def _form(visit: Visit, number: str) -> str:
    handling.answer_by(visit.parts, number, visit.form.get("form", ""), visit.by)
    return "Đã đổi hình thức trả lời."


def _ask(visit: Visit, number: str) -> str:
    unit, text = visit.form.get("unit", ""), visit.form.get("text", "")
    actions.ask(visit.parts, number, unit, text, visit.by)
    return f"Đã trả lời câu hỏi của {unit}." if text.strip() else f"Phiếu hỏi {unit} sẽ được gửi ngay."


def _found(visit: Visit, number: str) -> str:
    actions.found(visit.parts, number, visit.form.get("source", "phone"), visit.form.get("text", ""), visit.by)
    return "Đã ghi kết quả; câu trả lời đang được soạn."


def _called(visit: Visit, number: str) -> str:
    visit.need("release")
    handling.called(visit.parts, number, visit.form.get("note", ""), visit.by)
    return "Đã ghi: khách hàng được trả lời qua điện thoại."


def _not_reached(visit: Visit, number: str) -> str:
    handling.not_reached(visit.parts, number, visit.form.get("note", ""), visit.by)
    return "Đã ghi lần gọi không được."


def _answered(visit: Visit, number: str) -> str:
    visit.need("release")
    form = visit.form.get("form", "")
    if form not in handling.FORMS:
        raise Refused("Chọn hình thức đã trả lời: văn bản, điện thoại hoặc thư điện tử.")
    actions.answered(visit.parts, number, form, visit.form.get("note", ""), visit.by)
    return "Đã ghi khách hàng được trả lời."


def _extend(visit: Visit, number: str) -> str:
    why = visit.form.get("why", "").strip()
    if not why:
        raise Refused("Ghi lý do gia hạn: khách hàng có quyền biết.")
    said = actions.extend(visit.parts, number, visit.form.get("until", "").strip(), why, visit.by)
    return _shown("Đã gia hạn.", said)


def _merge(visit: Visit, number: str) -> str:
    into = visit.form.get("into", "").strip().upper()
    return _shown(f"Đã gộp vào {into}.", actions.merge(visit.parts, number, into, visit.by))


def _number(visit: Visit, number: str) -> str:
    text = visit.form.get("text", "").strip()
    if not text:
        raise Refused("Nhập số văn bản do văn thư cấp.")
    return _shown(f"Đã ghi số văn bản {text}.", actions.give_number(visit.parts, number, text, visit.by))


def _reason(visit: Visit) -> str:
    why = visit.form.get("why", "").strip()
    if not why:
        raise Refused("Ghi lý do.")
    return why


def _reopen(visit: Visit, number: str) -> str:
    actions.reopen(visit.parts, number, _reason(visit), visit.by)
    return _shown("Đã mở lại phiếu.", todo.reopened(listing.one(visit.parts, number)))


def _shown(done: str, said: str) -> str:
    """What was done with what is said of it; the commands offered have their buttons."""
    return " ".join([done, *filter(None, map(history.without_commands, said.splitlines()))])


def _cancel(visit: Visit, number: str) -> str:
    return _shown("Đã hủy phiếu.", actions.finish(visit.parts, number, "cancelled", _reason(visit), visit.by))


def _close(visit: Visit, number: str) -> str:
    why = visit.form.get("why", "").strip()
    return _shown("Đã đóng phiếu.", actions.finish(visit.parts, number, "closed_by", why, visit.by))


def _remark(visit: Visit, number: str) -> str:
    handling.remark(visit.parts, number, visit.form.get("text", ""), visit.by)
    return "Đã ghi chú."


def _take(visit: Visit, number: str) -> str:
    people.take(visit.parts, number, visit.user, visit.by)
    return "Bạn đã nhận phiếu này."


def _give(visit: Visit, number: str) -> str:
    to = people.need(visit.parts, visit.form.get("to", ""))
    people.take(visit.parts, number, to, visit.by, visit.form.get("why", "").strip())
    return f"Đã giao phiếu cho {to.title}."


def _keep_outbox(visit: Visit, number: str) -> str:
    actions.set_fields(visit.parts, number, ("draft=outbox",), visit.by)
    return "Dùng bản trong outbox làm dự thảo."


ACTS: Mapping[str, Act] = {
    "xac-nhan": _confirm,
    "sua": _edit,
    "da-xem": _seen,
    "duyet": _approve,
    "soan-lai": _rewrite,
    "tra-lai": _send_back,
    "hinh-thuc": _form,
    "hoi": _ask,
    "ket-qua": _found,
    "da-goi": _called,
    "goi-khong-duoc": _not_reached,
    "da-tra-loi": _answered,
    "gia-han": _extend,
    "gop": _merge,
    "so-van-ban": _number,
    "mo-lai": _reopen,
    "huy": _cancel,
    "dong": _close,
    "ghi-chu": _remark,
    "nhan": _take,
    "giao": _give,
    "ban-outbox": _keep_outbox,
}
