"""Users: one's own account for everybody, everybody's for the administrator, and handing work over."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from daemon.console.visit import NotFound, Visit
from daemon.desk.trouble import Refused
from daemon.office import people


def show(visit: Visit) -> Response:
    """Show one's own account and, where allowed, all the others."""
    known = people.users(visit.parts)
    everybody = known.all()
    cared = {each.id: len(known.in_care(each.id, people.OPEN_STATES)) for each in everybody}
    return visit.show(
        "nguoi-dung.html",
        title="Người dùng",
        everybody=everybody,
        cared=cared,
        sessions=known.sessions(visit.user.id),
        locked={each.id for each in everybody if each.locked_until > visit.parts.database.clock()},
    )


def change(visit: Visit) -> Response:
    """Do what a form of the page asks for."""
    act = ACTS.get(visit.form.get("viec", ""))
    if act is None:
        raise NotFound
    return visit.go("/nguoi-dung", act(visit))


def _add(visit: Visit) -> str:
    visit.need("users")
    form = visit.form
    people.add_user(
        visit.parts,
        form.get("ten", ""),
        form.get("ho-ten", ""),
        form.get("vai-tro", ""),
        form.get("mat-khau", ""),
        visit.by,
    )
    return f"Đã thêm {form.get('ho-ten') or form.get('ten')}."


def _role(visit: Visit) -> str:
    visit.need("users")
    people.change_role(visit.parts, visit.form.get("ten", ""), visit.form.get("vai-tro", ""), visit.by)
    return "Đã đổi vai trò."


def _close(visit: Visit) -> str:
    visit.need("users")
    name = visit.form.get("ten", "")
    if name == visit.user.name:
        raise Refused("Không tự đóng tài khoản của mình được.")
    people.set_active(visit.parts, name, False, visit.by)
    return "Đã đóng tài khoản và đăng xuất mọi nơi."


def _open(visit: Visit) -> str:
    visit.need("users")
    people.set_active(visit.parts, visit.form.get("ten", ""), True, visit.by)
    return "Đã mở tài khoản."


def _password(visit: Visit) -> str:
    name = visit.form.get("ten", "") or visit.user.name
    if name != visit.user.name:
        visit.need("users")
    elif not people.knows_password(visit.user, visit.form.get("mat-khau-cu", "")):
        raise Refused("Mật khẩu hiện tại không đúng.")
    people.change_password(visit.parts, name, visit.form.get("mat-khau", ""), visit.by)
    return "Đã đổi mật khẩu; mọi nơi đều phải đăng nhập lại."


def _away(visit: Visit) -> str:
    name = visit.form.get("ten", "") or visit.user.name
    if name != visit.user.name:
        visit.need("hand_over")
    why = visit.form.get("ly-do", "").strip()
    people.set_away(visit.parts, name, why, visit.by)
    return "Đã ghi vắng mặt." if why else "Đã ghi trở lại làm việc."


def _hand_over(visit: Visit) -> str:
    giver = visit.form.get("ten", "") or visit.user.name
    if giver != visit.user.name:
        visit.need("hand_over")
    to, why = visit.form.get("nguoi-nhan", ""), visit.form.get("ly-do", "").strip()
    count = people.hand_over(visit.parts, giver, to, why, visit.by)
    return f"Đã bàn giao {count} phiếu."


def _everywhere(visit: Visit) -> str:
    visit.need("users")
    ended = people.sign_out_everywhere(visit.parts, visit.form.get("ten", ""), visit.by)
    return f"Đã đăng xuất {ended} nơi."


ACTS: Mapping[str, Callable[[Visit], str]] = {
    "them": _add,
    "vai-tro": _role,
    "dong": _close,
    "mo": _open,
    "mat-khau": _password,
    "vang": _away,
    "ban-giao": _hand_over,
    "dang-xuat": _everywhere,
}
