"""The questions of ``motcua setup``, one after another; each has what stands there now, or a good guess, as its default.

Asks only; what is answered is written by ``daemon.office.setup``.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from daemon.desk.text import fold
from daemon.office.credentials import RUN
from daemon.office.founding import shipped
from daemon.settings.desk import MAILBOX_KINDS

Ask = Callable[[str, str], str]
Now = Mapping[str, Any]
Answers = Iterator[tuple[str, Any]]
OFFICE = {
    "name": "Tên đơn vị",
    "parent": "Đơn vị cấp trên",
    "short_name": "Tên ngắn của đơn vị",
    "parent_short": "Tên ngắn của đơn vị cấp trên",
    "desk": "Phòng hoặc bàn tiếp nhận",
    "place": "Địa danh trên văn bản",
    "address": "Địa chỉ của phòng",
    "phone": "Điện thoại của phòng",
    "hotline": "Tổng đài",
    "prefix": "Tiền tố số phiếu",
    "sign_code": "Ký hiệu văn bản",
}
_COMPANY = "Công ty Điện lực "
_SECRET = "Tệp chứa mật khẩu (mode 0600; chưa có thì tạo sau, trước khi chạy)"
_KEY = "Tệp chứa khóa (mode 0600; chưa có thì tạo sau, trước khi chạy)"
_CA = "Tệp chứng thư gốc của công ty (để trống: máy chủ dùng chứng thư công cộng)"
_PORTS = {"tls": 993, "starttls": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587}


def from_person(config: Path, ask: Ask, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask a person; ``ask`` takes the question and the value as it is now, and returns the answer.

    ``config`` holds the files as they are now. An answer of ``-`` empties a value. Every answer stands in ``given`` as soon
    as it is told: whoever stops in the middle still has it.
    """

    def said(question: str, now: str) -> str:
        answer = ask(question, now).strip()
        return "" if answer == "-" else answer

    given = {} if given is None else given
    now, units = _read(config / "desk.toml"), _read(config / "units.toml")
    _office(now.get("office", {}), said, given.setdefault("office", {}))
    _mailbox(now["mailbox"], said, given.setdefault("mailbox", {}))
    told = _list(
        said("Thư của người quản trị máy, nhận báo động", ", ".join(now.get("alarm", {}).get("administrator", ())))
    )
    given["alarm"] = {"administrator": told}
    given["leaders"] = _list(said("Thư của lãnh đạo (cách nhau bằng dấu phẩy)", ", ".join(units.get("leaders", ()))))
    _units(units.get("units", ()), _led_to(config), said, given)
    given["calendar"] = {"confirmed": _years(config, said)}
    return given


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8-sig"))


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _needed(ask: Ask, words: str, now: str) -> str:
    """Ask until it is told: without it everything asked after this would be refused in the end."""
    return _until(ask, words, now, bool, "chưa ghi")


def _one_of(ask: Ask, words: str, now: str, choices: Sequence[str]) -> str:
    return _until(
        ask, f"{words} ({', '.join(choices)})", now, lambda answer: answer in choices, "không có trong các cách trên"
    )


def _file(ask: Ask, words: str, now: str) -> str:
    """Ask for a file, and whether it is there while it can still be told; what systemd hands over is there only later."""

    def well(answer: str) -> bool:
        path = Path(answer).expanduser()
        return not answer or not path.is_absolute() or _may_be(path)

    return _until(ask, words, now, well, "chưa có tệp này")


def _may_be(path: Path) -> bool:
    try:
        return path.is_relative_to(RUN) or path.is_file()
    except OSError:  # a folder that this user may not look into
        return True


def _until(ask: Ask, words: str, now: str, well: Callable[[str], bool], wrong: str) -> str:
    """Ask until the answer is well, so that none before it is lost; from the second time on the question says what was wrong."""
    question = words
    while not well(answer := ask(question, now)):
        question = f"{words} [{wrong}, ghi lại; Ctrl-C để dừng]"
    return answer


# -- the office --------------------------------------------------------------------------------------------------------
def _office(now: Now, ask: Ask, office: dict[str, str]) -> None:
    office["name"] = name = ask(OFFICE["name"], str(now.get("name", "")))
    guessed = _guessed(name, now) if name != now.get("name") else {}
    for key, words in OFFICE.items():
        if key not in ("name", "sign_code"):
            office[key] = ask(words, guessed.get(key, str(now.get(key, ""))))
    sign, prefix = str(now.get("sign_code", "")), str(now.get("prefix", ""))
    same = prefix and sign.startswith(prefix)
    office["sign_code"] = ask(OFFICE["sign_code"], office["prefix"] + sign.removeprefix(prefix) if same else sign)


def _guessed(name: str, now: Now) -> dict[str, str]:
    """What follows from a company's name: ``Công ty Điện lực Hà Giang`` is PC Hà Giang, PCHG; its telephone is unknown."""
    if not name.startswith(_COMPANY) or not (place := name.removeprefix(_COMPANY).strip()):
        return {"phone": ""}
    initials = "".join(word[0] for word in fold(place).split()).upper()
    return {"phone": "", "short_name": f"PC {place}", "place": place, "prefix": f"PC{initials}"}


# -- the mailbox -------------------------------------------------------------------------------------------------------
def _mailbox(now: Now, ask: Ask, made: dict[str, Any]) -> None:
    kind = made["kind"] = _one_of(ask, "Loại hộp thư", str(now.get("kind", "maildir")), MAILBOX_KINDS)
    made["address"] = _needed(ask, "Địa chỉ hộp thư chung", str(now.get("address", "")))
    own = now.get(kind, {})
    for key, value in _SERVERS[kind](own, ask):
        if value or own.get(key):
            made.setdefault(kind, {})[key] = value


def _maildir(now: Now, ask: Ask) -> Answers:
    yield "path", ask("Thư mục Maildir", str(now.get("path", "var/mailbox")))
    host = ask("Máy chủ gửi thư (SMTP; để trống: chỉ tập dượt, không gửi ra ngoài)", str(now.get("smtp_host", "")))
    if host:
        yield from _smtp(now, ask, host, "")


def _imap(now: Now, ask: Ask) -> Answers:
    host = _needed(ask, "Máy chủ IMAP", str(now.get("host", "")))
    yield "host", host
    yield from _way(now, ask, "", "IMAP", _PORTS, "tls")
    yield "user", _needed(ask, "Tài khoản", str(now.get("user", "")))
    if "password_env" not in now and now.get("auth", "password") == "password":
        yield "password_file", _needed(ask, _SECRET, str(now.get("password_file", "")))
    ca_file = _file(ask, _CA, str(now.get("ca_file", "")))
    yield "ca_file", ca_file
    sender = _needed(ask, "Máy chủ gửi thư (SMTP)", str(now.get("smtp_host", "")) or host)
    yield from _smtp(now, ask, sender, ca_file)


def _smtp(now: Now, ask: Ask, host: str, ca_file: str) -> Answers:
    yield "smtp_host", host
    yield from _way(now, ask, "smtp_", "SMTP", _SMTP_PORTS, "starttls")
    yield "smtp_ca_file", _file(ask, f"{_CA[:-1]}; máy gửi thư)", str(now.get("smtp_ca_file", "")) or ca_file)


def _way(now: Now, ask: Ask, keys: str, title: str, ports: Mapping[str, int], usual: str) -> Answers:
    """Security and port; a port that is the usual one of its security is not written."""
    choices = ("tls", "starttls", "none")
    security = _one_of(ask, f"Bảo mật {title}", str(now.get(f"{keys}security", usual)), choices)
    yield f"{keys}security", security
    kept = now.get(f"{keys}port") if security == now.get(f"{keys}security", usual) else 0
    best = str(kept or ports.get(security, 25 if keys else 143))
    port = int(_until(ask, f"Cổng {title}", best, lambda text: text.isdigit() and 0 < int(text) < 65536, "cần một số"))
    yield f"{keys}port", 0 if port == ports.get(security) else port


def _ews(now: Now, ask: Ask) -> Answers:
    yield "endpoint", _needed(ask, "Địa chỉ Exchange.asmx", str(now.get("endpoint", "")))
    yield "user", _needed(ask, "Tài khoản", str(now.get("user", "")))
    if "password_env" not in now:
        yield "password_file", _needed(ask, _SECRET, str(now.get("password_file", "")))
    yield "ca_file", _file(ask, _CA, str(now.get("ca_file", "")))


def _graph(now: Now, ask: Ask) -> Answers:
    yield "tenant", _needed(ask, "Tenant", str(now.get("tenant", "")))
    yield "client_id", _needed(ask, "Mã ứng dụng", str(now.get("client_id", "")))
    if "client_secret_env" not in now and now.get("auth", "secret") == "secret":
        yield "client_secret_file", _needed(ask, _KEY, str(now.get("client_secret_file", "")))


_SERVERS: Mapping[str, Callable[[Now, Ask], Answers]] = {
    "maildir": _maildir,
    "imap": _imap,
    "ews": _ews,
    "graph": _graph,
}


def _led_to(config: Path) -> dict[str, set[str]]:
    """The units that customer codes and places lead to already, and those that the procedure itself asks: need neither."""
    steps = [
        step
        for path in sorted((config / "procedures").glob("*.toml"))
        for step in _read(path).get("steps", {}).values()
    ]
    own = {str(step["unit"]) for step in steps if step.get("unit")}
    own |= {str(_read(path).get("fallback_unit", "")) for path in (config / "procedures").glob("*.toml")}
    return {
        "code": own | set(_read(config / "reading.toml").get("codes", {}).values()),
        "places": own | {str(row.get("unit", "")) for row in _read(config / "places.toml").get("places", ())},
    }


# -- the units ---------------------------------------------------------------------------------------------------------
def _units(now: Sequence[Now], led: Mapping[str, set[str]], ask: Ask, given: dict[str, Any]) -> None:
    """The list first: names added are new units, names left out are dropped. Cards are asked where there is a reason."""
    known = {str(each["id"]): each for each in now}
    question = "Các đơn vị, tên ngắn, cách nhau bằng dấu phẩy (thêm, bớt ở đây; B26 là phòng Điều độ)"
    names = list(dict.fromkeys(_list(_needed(ask, question, ", ".join(known)))))
    invented = _read(shipped("config") / "units.toml")["units"]
    unready = [name for name in names if name not in known or known[name] in invented or _example(known[name])]
    words = "Hỏi thẻ (thư, điện thoại, địa bàn) của những đơn vị nào"
    given["dropped"] = [name for name in known if name not in names]
    given["units"] = units = [{"id": name} for name in names]

    def well(answer: str) -> bool:
        return all(each in names for each in _list(answer))

    chosen = _list(_until(ask, words, ", ".join(unready) or "-", well, f"chỉ ghi tên trong: {', '.join(names)}"))
    for unit in units:
        if (name := unit["id"]) in chosen:
            unit.update(_unit(name, known.get(name), led, ask))


def _example(unit: Now) -> bool:
    """Whether mails to a unit would go to an address of the shipped examples, which nobody has (RFC 2606)."""
    return any(
        address.endswith(".example")
        for card in unit.get("cards", ())
        for address in (*card.get("addresses", ()), card.get("chief_address", ""), card.get("duty_address", ""))
    )


def _unit(name: str, now: Now | None, led: Mapping[str, set[str]], ask: Ask) -> Answers:
    card = now["cards"][-1] if now else {}
    printed = name if name.startswith(("Điện lực", "Phòng", "Đội")) else f"Điện lực {name}"
    addresses = ", ".join(card.get("addresses", ()))
    yield "name", ask(f"{name}: tên in trên văn bản", card.get("name", "") or printed)
    yield "addresses", _list(_needed(ask, f"{name}: địa chỉ thư (cách nhau bằng dấu phẩy)", addresses))
    yield "chief_address", ask(f"{name}: thư của trưởng đơn vị", card.get("chief_address", ""))
    yield "duty_phone", ask(f"{name}: điện thoại trực", card.get("duty_phone", ""))
    yield "duty_address", ask(f"{name}: thư của trực vận hành", card.get("duty_address", ""))
    if name not in led["code"]:
        yield "code", ask(f"{name}: hai ký tự của đơn vị trong mã khách hàng, nếu có", "").upper()
    if name not in led["places"]:
        yield "places", _list(ask(f"{name}: các xã, phường, ví dụ: xã An Thái, phường Lê Lợi", ""))


# -- the calendar ------------------------------------------------------------------------------------------------------
def _years(config: Path, ask: Ask) -> list[int]:
    """This year, and from November the next one, where the table is there and nobody has said yet that it is right."""
    today = dt.date.today()
    years = [today.year, *([today.year + 1] if today.month >= 11 else [])]
    open_years = [
        year
        for year in years
        if (path := config / "calendar" / f"{year}.toml").is_file() and not _read(path).get("confirmed")
    ]
    question = "Lịch nghỉ, làm bù năm {0} trong config/calendar/{0}.toml đã đúng? (có/không)"
    return [year for year in open_years if fold(ask(question.format(year), "không")) in ("co", "c", "yes", "y")]
