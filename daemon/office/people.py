"""The people of the desk: who may sign in, with which role, and who looks after which ticket. Each change is an event."""

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from daemon import extras
from daemon.desk.text import squeeze
from daemon.desk.ticket import FINISHED, Author, Event, State
from daemon.desk.trouble import Refused
from daemon.office.parts import Parts
from daemon.store import diary
from daemon.store.database import to_text
from daemon.store.users import TAKEN, Signed, User, Users

ROLES: Mapping[str, str] = MappingProxyType(
    {"agent": "Giao dịch viên", "chief": "Trưởng phòng", "leader": "Lãnh đạo", "administrator": "Quản trị"}
)
SHORTEST_PASSWORD = 10
MOST_FAILURES = 6
LOCKED_SECONDS = 900.0
IDLE_SECONDS = 4 * 3600.0
LONGEST_SECONDS = 12 * 3600.0
OPEN_STATES = tuple(str(state) for state in State if state not in FINISHED and state is not State.ANSWERED)
_WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


def users(parts: Parts) -> Users:
    """Return the office's users."""
    return Users(parts.store)


# -- users -------------------------------------------------------------------------------------------------------------
def check_new(parts: Parts, name: str, title: str, role: str) -> tuple[str, str]:
    """Look at all but the password, before anybody is asked for one; return name and title as they will be kept.

    Raises Refused with every fault, one a line: name, role, a name or title that is taken, the missing extra.
    """
    name, title = name.strip().lower(), squeeze(title) or name.strip()
    faults = []
    if not name or not all(sign.isalnum() or sign in ".-_" for sign in name):
        faults.append(f"Tên đăng nhập {name!r} không hợp lệ: chỉ dùng chữ, số, dấu chấm, gạch nối, không có dấu cách.")
    taken = {each.name for each in users(parts).all()}, {each.title for each in users(parts).all()}
    if name in taken[0]:
        faults.append(
            f"Đã có người dùng tên {name}. Đổi mật khẩu, vai trò: motcua user password {name}, motcua user role {name}"
        )
    elif title in taken[1]:
        faults.append(f"Đã có người dùng mang họ tên {title}. Mỗi người một họ tên riêng: ghi --title khác đi.")
    for look in (lambda: _role(role), _hasher):
        try:
            look()
        except Refused as problem:
            faults.append(str(problem))
    if faults:
        raise Refused("\n".join(faults))
    return name, title


def add_user(parts: Parts, name: str, title: str, role: str, password: str, by: str) -> None:
    """Let somebody sign in. Raises Refused as ``check_new`` does, and for a weak password."""
    name, title = check_new(parts, name, title, role)
    columns = {"name": name, "title": title, "role": role, "password": _hashed(password, name)}
    now = parts.clock.now()
    try:
        with parts.database.write():
            users(parts).add(columns | {"made": to_text(now)})
            diary.write(parts.store, diary.told("user_added", now, by, name=name, title=title, role=role))
    except TAKEN:
        raise Refused(f"Đã có người dùng tên {name} hoặc họ tên {title}. Mỗi người một tên riêng.") from None


def change_password(parts: Parts, name: str, password: str, by: str) -> None:
    """Give a user another password; every session of theirs ends. Raises Refused."""
    user = need(parts, name)
    hashed = _hashed(password, user.name)
    _change(parts, user, "password_changed", by, password=hashed, failed=0, locked_until=0.0)
    users(parts).end_all(user.id)


def change_role(parts: Parts, name: str, role: str, by: str) -> None:
    """Give a user another role. Raises Refused."""
    _change(parts, need(parts, name), "role_changed", by, role=_role(role))


def set_active(parts: Parts, name: str, active: bool, by: str) -> None:
    """Let a user sign in, or no longer; then every session of theirs ends. Raises Refused."""
    user = need(parts, name)
    _change(parts, user, "user_opened" if active else "user_closed", by, active=active, failed=0, locked_until=0.0)
    if not active:
        users(parts).end_all(user.id)


def set_away(parts: Parts, name: str, why: str, by: str) -> None:
    """Note that a user is absent, and why; an empty reason says that they are back. Raises Refused."""
    _change(parts, need(parts, name), "user_away" if why else "user_back", by, away=squeeze(why))


def need(parts: Parts, name: str) -> User:
    """Return a user. Raises Refused where there is none of that name."""
    found = users(parts).named(name.strip().lower())
    if found is None:
        raise Refused(f"Không có người dùng {name}. Xem danh sách bằng: motcua user list")
    return found


def _change(parts: Parts, user: User, kind: str, by: str, **columns: str | bool | int | float) -> None:
    shown = {name: value for name, value in columns.items() if name in ("role", "away")}
    with parts.database.write():
        users(parts).change(user.id, **columns)
        diary.write(parts.store, diary.told(kind, parts.clock.now(), by, "", name=user.name, title=user.title, **shown))


def _role(role: str) -> str:
    if role not in ROLES:
        raise Refused(f"Không có vai trò {role!r}. Các vai trò: {', '.join(ROLES)}")
    return role


# -- signing in --------------------------------------------------------------------------------------------------------
def sign_in(parts: Parts, name: str, password: str, address: str) -> tuple[str, User]:
    """Begin a session and return its secret and its user. Raises Refused; an unknown name takes as long as a known one."""
    known = users(parts)
    user = known.named(name.strip().lower())
    if user and user.locked_until > parts.database.clock():
        raise Refused("Tài khoản tạm khóa vì nhập sai nhiều lần. Thử lại sau 15 phút, hoặc nhờ quản trị mở khóa.")
    if not _matches(user.password if user else None, password) or user is None or not user.active:
        if user:
            known.count_failure(user.id, MOST_FAILURES, LOCKED_SECONDS)
            now = parts.clock.now()
            diary.write(parts.store, diary.told("sign_in_failed", now, user.title, name=user.name, address=address))
        raise Refused(_WRONG)
    token = secrets.token_urlsafe(32)
    known.begin(user.id, token, secrets.token_urlsafe(24), address)
    diary.write(parts.store, diary.told("signed_in", parts.clock.now(), user.title, name=user.name, address=address))
    return token, user


def signed(parts: Parts, token: str) -> Signed | None:
    """Return whose session a secret is, or None where it is not, or no longer, one."""
    return users(parts).session(token, IDLE_SECONDS, LONGEST_SECONDS) if token else None


def sign_out(parts: Parts, session: Signed) -> None:
    """End one session."""
    users(parts).end(session.id)


def sign_out_everywhere(parts: Parts, name: str, by: str) -> int:
    """End every session of a user; return how many there were."""
    user = need(parts, name)
    ended = users(parts).end_all(user.id)
    diary.write(parts.store, diary.told("signed_out_everywhere", parts.clock.now(), by, name=user.name, count=ended))
    return ended


def knows_password(user: User, password: str) -> bool:
    """Say whether a password is the user's."""
    return _matches(user.password, password)


def _hashed(password: str, name: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự; một câu ngắn dễ nhớ là tốt nhất.")
    if name in password.lower():
        raise Refused("Mật khẩu không được chứa tên đăng nhập.")
    return str(_hasher().hash(password))


def _matches(hashed: str | None, password: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    hasher = _hasher()
    try:
        return bool(hasher.verify(hashed or _nobody(), password)) and hashed is not None
    except (Argon2Error, InvalidHashError):
        return False


_NOBODY: list[str] = []


def _nobody() -> str:
    """A hash that nobody's password gives, so that an unknown name takes as long as a known one."""
    if not _NOBODY:
        _NOBODY.append(_hasher().hash(secrets.token_urlsafe(16)))
    return _NOBODY[0]


def _hasher() -> Any:
    try:
        from argon2 import PasswordHasher
    except ImportError as problem:
        raise Refused(f"Chưa cài phần trang web. Cài bằng: {extras.command('console')}") from problem
    return PasswordHasher()


# -- who looks after what ----------------------------------------------------------------------------------------------
def take(parts: Parts, number: str, to: User, by: str, why: str = "") -> None:
    """Let a user look after a ticket. Raises Refused where they are absent or there is no such ticket."""
    if to.away or not to.active:
        raise Refused(f"{to.title} đang vắng ({to.away or 'đã nghỉ'}): chọn người khác.")
    if not parts.store.exists(number):
        raise Refused(f"Không có phiếu {number}.")
    before = users(parts).cares(number)
    content = {"to": to.title, "from": before.title if before else None}
    users(parts).take(number, to.id, Event("care_given", parts.clock.now(), Author("person", by), content, why))


def hand_over(parts: Parts, from_name: str, to_name: str, why: str, by: str) -> int:
    """Give every open ticket of a user to another one; return how many. Raises Refused."""
    giver, taker = need(parts, from_name), need(parts, to_name)
    if giver.id == taker.id:
        raise Refused("Chọn người nhận khác với người bàn giao.")
    numbers = users(parts).in_care(giver.id, OPEN_STATES)
    with parts.database.write():
        for number in numbers:
            take(parts, number, taker, by, why)
        diary.write(
            parts.store,
            diary.told(
                "handed_over", parts.clock.now(), by, why, giver=giver.title, to=taker.title, count=len(numbers)
            ),
        )
    return len(numbers)
