"""The first set-up of a working folder (``motcua setup``): office, units, mailbox, folders, calendar.

Answers come from a person, question by question, or from a TOML file with the same tables as config/desk.toml and
config/units.toml. Files are changed only when all answers are known, and only if the whole configuration is then valid.
"""

import contextlib
import datetime as dt
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from daemon.desk.trouble import Refused, TryLater
from daemon.office.parts import open_mailbox
from daemon.settings.desk import LEVELS, MAILBOX_KINDS
from daemon.settings.edit import toml, with_values
from daemon.settings.whole import load

Ask = Callable[[str, str], str]
OFFICE = {
    "name": "Tên đơn vị",
    "parent": "Đơn vị cấp trên",
    "short_name": "Tên ngắn của đơn vị",
    "parent_short": "Tên ngắn của đơn vị cấp trên",
    "desk": "Phòng hoặc bàn tiếp nhận",
    "place": "Địa danh trên văn bản",
    "address": "Địa chỉ của phòng",
    "phone": "Điện thoại của phòng",
    "prefix": "Tiền tố số phiếu",
}
UNIT = ("name", "addresses", "chief", "chief_address", "duty_phone", "duty_address")
SERVERS = {
    "maildir": {},
    "imap": {
        "host": "Máy chủ IMAP",
        "user": "Tài khoản",
        "password_file": "Tệp chứa mật khẩu (mode 0600)",
        "smtp_host": "Máy chủ gửi thư (SMTP)",
    },
    "ews": {"endpoint": "Địa chỉ Exchange.asmx", "user": "Tài khoản", "password_file": "Tệp chứa mật khẩu (mode 0600)"},
    "graph": {"tenant": "Tenant", "client_id": "Mã ứng dụng", "client_secret_file": "Tệp chứa khóa (mode 0600)"},
}


# -- answers -----------------------------------------------------------------------------------------------------------
def from_file(path: Path) -> dict[str, Any]:
    """Return the answers of a file. Raises Refused where it cannot be read or has tables that nobody asks for."""
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise Refused(f"{path}: không đọc được ({problem.strerror}).") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Refused(f"{path}: sai cú pháp TOML: {problem}") from problem
    known = ("office", "mailbox", "database", "outgoing", "reports", "console", "units", "leaders", "calendar")
    strange = [name for name in given if name not in known]
    if strange:
        raise Refused(f"{path}: mục lạ {', '.join(strange)}; các mục có thể dùng: {', '.join(known)}")
    return given


def from_person(home: Path, ask: Ask) -> dict[str, Any]:
    """Ask a person; ``ask`` takes the question and the value as it is now, and returns the answer."""
    config = home / "config"
    now = tomllib.loads((config / "desk.toml").read_text("utf-8-sig"))
    office = {key: ask(words, str(now.get("office", {}).get(key, ""))) for key, words in OFFICE.items()}
    given: dict[str, Any] = {"office": office, "mailbox": _mailbox(now.get("mailbox", {}), ask)}
    units = tomllib.loads((config / "units.toml").read_text("utf-8-sig"))
    given["leaders"] = _list(ask("Thư của lãnh đạo (cách nhau bằng dấu phẩy)", ", ".join(units.get("leaders", ()))))
    given["units"] = [_unit(each, ask) for each in units.get("units", ())]
    year = dt.date.today().year
    told = ask(f"Lịch nghỉ, làm bù năm {year} trong config/calendar/{year}.toml đã đúng? (có/không)", "không")
    given["calendar"] = {"confirmed": [year] if told.strip().lower() in ("có", "co", "c", "yes", "y") else []}
    return given


def _mailbox(now: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    kind = ask(f"Loại hộp thư ({', '.join(MAILBOX_KINDS)})", str(now.get("kind", "maildir")))
    if kind not in MAILBOX_KINDS:
        raise Refused(f"{kind!r}: cần một trong {', '.join(MAILBOX_KINDS)}")
    made: dict[str, Any] = {"kind": kind, "address": ask("Địa chỉ hộp thư chung", str(now.get("address", "")))}
    table = {key: ask(words, str(now.get(kind, {}).get(key, ""))) for key, words in SERVERS[kind].items()}
    if table:
        made[kind] = {key: value for key, value in table.items() if value}
    return made


def _unit(now: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    card = now["cards"][-1]
    name = now["id"]
    return {
        "id": name,
        "name": ask(f"{name}: tên in trên văn bản", card.get("name", "")),
        "addresses": _list(ask(f"{name}: địa chỉ thư", ", ".join(card.get("addresses", ())))),
        "chief_address": ask(f"{name}: thư của trưởng đơn vị", card.get("chief_address", "")),
        "duty_phone": ask(f"{name}: điện thoại trực", card.get("duty_phone", "")),
        "duty_address": ask(f"{name}: thư của trực vận hành", card.get("duty_address", "")),
    }


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


# -- writing -----------------------------------------------------------------------------------------------------------
def apply(home: Path, given: Mapping[str, Any]) -> Iterator[str]:
    """Write the answers into config/ and yield what was done. Raises Refused with every fault; then nothing was changed."""
    with tempfile.TemporaryDirectory(prefix="motcua-setup-") as work:
        trial = Path(work)
        shutil.copytree(home / "config", trial / "config")
        changed = _write(trial / "config", given)
        settings = load(trial, dt.date.today())
        with contextlib.suppress(TryLater):
            open_mailbox(replace(settings, home=home)).close()
        for name in ("inbox/du-lieu", "outbox", "var"):
            (home / name).mkdir(parents=True, exist_ok=True)
        for name in changed:
            target = home / "config" / name
            if target.exists():
                shutil.copy2(target, target.with_name(f"{target.name}.truoc"))
            shutil.copyfile(trial / "config" / name, target)
            yield f"Đã ghi config/{name}" + (f" (bản trước: {target.name}.truoc)" if target.exists() else "")


def _write(config: Path, given: Mapping[str, Any]) -> list[str]:
    desk = config / "desk.toml"
    text = before = desk.read_text("utf-8-sig")
    for table in ("office", "mailbox", "database", "outgoing", "console"):
        text = _with_table(text, table, given.get(table, {}))
    for level, values in given.get("reports", {}).items():
        if level not in LEVELS:
            raise Refused(f"reports.{level}: không có cấp này; các cấp: {', '.join(LEVELS)}")
        text = _with_table(text, f"reports.{level}", values)
    changed = []
    if text != before:
        desk.write_text(text, "utf-8")
        changed.append("desk.toml")
    if given.get("units") or "leaders" in given:
        (config / "units.toml").write_text(_units(config / "units.toml", given), "utf-8")
        changed.append("units.toml")
    for year in given.get("calendar", {}).get("confirmed", ()):
        changed += _confirm(config, int(year))
    return changed


def _with_table(text: str, table: str, values: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in values.items() if not isinstance(value, Mapping)}
    text = with_values(text, table, plain) if plain else text
    for key, value in values.items():
        if isinstance(value, Mapping):
            text = with_values(text, f"{table}.{key}", value)
    return text


def _confirm(config: Path, year: int) -> list[str]:
    path = config / "calendar" / f"{year}.toml"
    if not path.exists():
        raise Refused(f"config/calendar/{year}.toml: chưa có lịch năm này.")
    text = path.read_text("utf-8-sig")
    head, mark, rest = text.partition("\n[[")
    lines = [line for line in head.splitlines() if not line.startswith("confirmed")]
    at = next((index for index, line in enumerate(lines) if line.startswith("year")), len(lines) - 1)
    lines.insert(at + 1, "confirmed = true")
    path.write_text("\n".join(lines) + mark + rest, "utf-8")
    return [f"calendar/{year}.toml"]


def _units(path: Path, given: Mapping[str, Any]) -> str:
    """The file of units anew: a unit that was given has one card with its answers, the others keep theirs."""
    now = tomllib.loads(path.read_text("utf-8-sig"))
    mine = {each.get("id"): each for each in given.get("units", ())}
    known = [each["id"] for each in now.get("units", ())]
    rows = [(each["id"], _cards(each, mine.get(each["id"]))) for each in now.get("units", ())]
    rows += [(each["id"], _cards({}, each)) for each in given.get("units", ()) if each.get("id") not in known]
    head = "\n".join(line for line in path.read_text("utf-8-sig").splitlines()[:13] if line.startswith("#"))
    made = [head, "", f"leaders = {toml(given.get('leaders', now.get('leaders', [])))}"]
    for name, cards in rows:
        made += ["", "[[units]]", f"id = {toml(name)}"]
        for card in cards:
            made += ["[[units.cards]]", *(f"{key} = {_plain(value)}" for key, value in card.items())]
    return "\n".join(made) + "\n"


def _cards(now: Mapping[str, Any], given: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    cards = list(now.get("cards", ()))
    if given is None:
        return cards
    strange = [key for key in given if key not in ("id", *UNIT)]
    if strange:
        raise Refused(f"units: {given.get('id')}: mục lạ {', '.join(strange)}; cần: {', '.join(('id', *UNIT))}")
    card = {**(cards[-1] if cards else {}), **{key: given[key] for key in UNIT if key in given}}
    return [*cards[:-1], card]


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else toml(value)
