"""The first set-up of a working folder (``motcua setup``): office, units, mailbox, folders, calendar.

Answers come from a person, question by question, or from a TOML file with the same tables as config/desk.toml and
config/units.toml. Files are changed only when all answers are known, and only if the whole configuration is then valid.
"""

import contextlib
import datetime as dt
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from daemon.desk.trouble import Refused, TryLater
from daemon.office.credentials import held_back
from daemon.office.files import set_by
from daemon.office.founding import shipped
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
TABLES = ("office", "mailbox", "database", "outgoing", "console", "alarm")
ANSWERS = (*TABLES, "reports", "units", "leaders", "calendar")
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
NEEDED = ("host", "smtp_host", "endpoint", "tenant", "client_id")


# -- answers -----------------------------------------------------------------------------------------------------------
def from_file(path: Path) -> dict[str, Any]:
    """Return the answers of a file. Raises Refused where it cannot be read or has tables that nobody asks for."""
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise Refused(f"{path}: không đọc được ({problem.strerror}).") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Refused(f"{path}: sai cú pháp TOML: {problem}") from problem
    strange = [name for name in given if name not in ANSWERS]
    if strange:
        raise Refused(f"{path}: mục lạ {', '.join(strange)}; các mục có thể dùng: {', '.join(ANSWERS)}")
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
    table = {
        key: _of_server(ask, key, words, str(now.get(kind, {}).get(key, ""))) for key, words in SERVERS[kind].items()
    }
    if table:
        made[kind] = {key: value for key, value in table.items() if value}
    return made


def _of_server(ask: Ask, key: str, words: str, now: str) -> str:
    """Ask, for what is needed until it is told: without it everything asked after this would be refused in the end."""
    for _ in range(3):
        answer = ask(words, now)
        if answer or key not in NEEDED:
            return answer
    raise Refused(
        f"{words}: chưa ghi, chưa có gì bị thay đổi. Hỏi người quản trị hộp thư rồi chạy lại; hoặc viết sẵn mọi câu trả lời "
        "vào một tệp: motcua setup --from FILE"
    )


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
        left_out = _examples(home / "config" / "units.toml", given)
        names = _write(trial / "config", given, left_out)
        changed = [each for each in names if _differs(trial / "config" / each, home / "config" / each)]
        settings = load(trial, dt.date.today())
        if not held_back(replace(settings, home=home)):
            with contextlib.suppress(TryLater):
                open_mailbox(replace(settings, home=home)).close()
        for name in ("inbox/du-lieu", "outbox", "var"):
            (home / name).mkdir(parents=True, exist_ok=True)
        for name in changed:
            target = home / "config" / name
            kept = set_by(target)
            shutil.copyfile(trial / "config" / name, target)
            yield f"Đã ghi config/{name} (bản trước: {kept.name})"
        if not changed:
            yield "Cấu hình đã đúng như trả lời, không ghi gì."
        if left_out:
            yield f"Đã bỏ các đơn vị ví dụ không có trong trả lời: {', '.join(left_out)}"


def _differs(one: Path, other: Path) -> bool:
    """Whether two files say different things; a list written over several lines says the same on one."""
    return tomllib.loads(one.read_text("utf-8-sig")) != tomllib.loads(other.read_text("utf-8-sig"))


def _write(config: Path, given: Mapping[str, Any], left_out: Collection[str]) -> list[str]:
    desk = config / "desk.toml"
    before = desk.read_text("utf-8-sig")
    text = with_answers(before, given)
    changed = []
    if text != before:
        desk.write_text(text, "utf-8")
        changed.append("desk.toml")
    if given.get("units") or "leaders" in given:
        (config / "units.toml").write_text(_units(config / "units.toml", given, left_out), "utf-8")
        changed.append("units.toml")
    for year in given.get("calendar", {}).get("confirmed", ()):
        changed += _confirm(config, int(year))
    return changed


def with_answers(text: str, given: Mapping[str, Any]) -> str:
    """Return the text of config/desk.toml with the answers in it. Raises Refused."""
    for table in TABLES:
        text = _with_table(text, table, given.get(table, {}))
    for level, values in given.get("reports", {}).items():
        if level not in LEVELS:
            raise Refused(f"reports.{level}: không có cấp này; các cấp: {', '.join(LEVELS)}")
        text = _with_table(text, f"reports.{level}", values)
    return text


def _with_table(text: str, table: str, values: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in values.items() if not isinstance(value, Mapping) or _inline(text, table, key)}
    text = with_values(text, table, plain) if plain else text
    for key, value in values.items():
        if key not in plain:
            text = with_values(text, f"{table}.{key}", value)
    return text


def _inline(text: str, table: str, key: str) -> bool:
    """Whether a table inside a table is written on one line, as ``signer = { … }``."""
    return key in tomllib.loads(text).get(table, {}) and f"[{table}.{key}]" not in text


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


def _shipped_units() -> list[dict[str, Any]]:
    """The units that every new folder begins with: their addresses and telephones are invented."""
    return list(tomllib.loads((shipped("config") / "units.toml").read_text("utf-8-sig"))["units"])


def _examples(path: Path, given: Mapping[str, Any]) -> list[str]:
    """The shipped examples, as yet untouched, that the answers name no unit for: mails to them would go nowhere."""
    mine = {each.get("id") for each in given.get("units", ())}
    if not mine:
        return []
    invented = _shipped_units()
    now = tomllib.loads(path.read_text("utf-8-sig")).get("units", ())
    return [str(each["id"]) for each in now if each in invented and each["id"] not in mine]


def _units(path: Path, given: Mapping[str, Any], left_out: Collection[str]) -> str:
    """The file of units anew: a unit that was given has its answers in its newest card, the others keep theirs.

    Of an example nothing invented stays but the printed name; examples that nobody named (``left_out``) go.
    """
    now = tomllib.loads(path.read_text("utf-8-sig"))
    invented = _shipped_units()
    mine = {each.get("id"): each for each in given.get("units", ())}
    known = [each["id"] for each in now.get("units", ())]
    rows = []
    for each in now.get("units", ()):
        name = each["id"]
        if name not in left_out:
            base = _name_only(each) if name in mine and each in invented else each
            rows.append((name, _cards(base, mine.get(name))))
    rows += [(each["id"], _cards({}, each)) for each in given.get("units", ()) if each.get("id") not in known]
    head = "\n".join(line for line in path.read_text("utf-8-sig").splitlines()[:13] if line.startswith("#"))
    made = [head, "", f"leaders = {toml(given.get('leaders', now.get('leaders', [])))}"]
    for name, cards in rows:
        made += ["", "[[units]]", f"id = {toml(name)}"]
        for card in cards:
            made += ["[[units.cards]]", *(f"{key} = {_plain(value)}" for key, value in card.items())]
    return "\n".join(made) + "\n"


def _name_only(unit: Mapping[str, Any]) -> dict[str, Any]:
    return {"cards": [{"name": card["name"]} for card in unit["cards"]]}


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
