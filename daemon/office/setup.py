"""The first set-up of a working folder (``motcua setup``): office, units, mailbox, folders, calendar.

Answers come from a person, question by question (``daemon.office.questions``), or from a TOML file with the same tables as
config/desk.toml and config/units.toml. A folder is made and files are changed only when all answers are known, and only if
the whole configuration is then valid.
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
from daemon.office.credentials import held_back, secret_files
from daemon.office.elsewhere import AREA, check_area, with_codes, with_names, with_places
from daemon.office.files import set_by
from daemon.office.founding import found, shipped
from daemon.office.parts import open_mailbox
from daemon.settings.desk import LEVELS
from daemon.settings.edit import toml, with_values
from daemon.settings.whole import Settings, load

TABLES = ("office", "mailbox", "database", "outgoing", "console", "alarm")
ANSWERS = (*TABLES, "reports", "units", "dropped", "leaders", "calendar")
_PASSWORDS = ("mailbox.imap.password_file", "mailbox.ews.password_file", "mailbox.graph.client_secret_file")
UNIT = ("name", "addresses", "chief", "chief_address", "duty_phone", "duty_address")


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


# -- writing -----------------------------------------------------------------------------------------------------------
def config_of(home: Path) -> Path:
    """Return the configuration as it is now: the folder's own, or the shipped one that a new folder begins with."""
    own = home / "config"
    return own if own.is_dir() else shipped("config")


def apply(home: Path, given: Mapping[str, Any]) -> Iterator[str]:
    """Write the answers into config/ and yield what was done. Raises Refused with every fault; then nothing was changed."""
    now = config_of(home)
    with tempfile.TemporaryDirectory(prefix="motcua-setup-") as work:
        trial = Path(work)
        shutil.copytree(now, trial / "config")
        gone = _gone(now / "units.toml", given)
        names = _write(trial / "config", given, gone)
        changed = [each for each in names if _differs(trial / "config" / each, now / each)]
        settings = load(trial, dt.date.today())
        if not held_back(replace(settings, home=home)):
            with contextlib.suppress(TryLater):
                open_mailbox(_with_passwords(replace(settings, home=home), trial)).close()
        if now != home / "config":
            yield next(found(home))
        for name in ("inbox/du-lieu", "outbox", "var"):
            (home / name).mkdir(parents=True, exist_ok=True)
        for name in changed:
            target = home / "config" / name
            kept = set_by(target)
            shutil.copyfile(trial / "config" / name, target)
            yield f"Đã ghi config/{name} (bản trước: {kept.name})"
        if not changed:
            yield "Cấu hình đã đúng như trả lời, không ghi gì."
        if gone:
            yield f"Đã bỏ các đơn vị không có trong trả lời, cùng địa danh và mã khách hàng của chúng: {', '.join(gone)}"


def _with_passwords(settings: Settings, trial: Path) -> Settings:
    """The settings with a stand-in for a password file that is still to be made; ``check`` tells how, ``run`` needs it."""
    stand_in = trial / "password"
    stand_in.touch(mode=0o600)
    stand_in.write_text("x", "utf-8")
    missing = {
        key.rpartition(".")[2] for key, path in secret_files(settings).items() if key in _PASSWORDS and _lacks(path)
    }
    table = {**settings.file.mailbox_table, **dict.fromkeys(missing, str(stand_in))}
    return replace(settings, file=replace(settings.file, mailbox_table=table))


def _lacks(path: Path) -> bool:
    try:
        return not path.exists()
    except OSError:  # a folder that this user may not look into
        return False


def _differs(one: Path, other: Path) -> bool:
    """Whether two files say different things; a list written over several lines says the same on one."""
    return tomllib.loads(one.read_text("utf-8-sig")) != tomllib.loads(other.read_text("utf-8-sig"))


def _write(config: Path, given: Mapping[str, Any], gone: Collection[str]) -> list[str]:
    """Write the answers into a copy of the configuration; return the files that may differ now."""
    texts: dict[str, Callable[[str], str]] = {"desk.toml": lambda text: with_answers(text, given)}
    units = given.get("units", ())
    if units or gone or "leaders" in given:
        texts["units.toml"] = lambda text: _units(text, given, gone)
    if units or gone:
        office = given.get("office", {})
        phones = [str(office.get(key, "")) for key in ("phone", "hotline")]
        texts["places.toml"] = lambda text: with_places(text, gone, units)
        texts["reading.toml"] = lambda text: with_codes(text, gone, units, phones)
        texts["lookups.toml"] = lambda text: with_names(text, gone, units)
    for unit in units:
        check_area(unit)
    for name, made in texts.items():
        path = config / name
        path.write_text(made(path.read_text("utf-8-sig")), "utf-8")
    years = [_confirm(config, int(year)) for year in given.get("calendar", {}).get("confirmed", ())]
    return [*texts, *years]


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


def _confirm(config: Path, year: int) -> str:
    path = config / "calendar" / f"{year}.toml"
    if not path.exists():
        raise Refused(f"config/calendar/{year}.toml: chưa có lịch năm này.")
    text = path.read_text("utf-8-sig")
    head, mark, rest = text.partition("\n[[")
    lines = [line for line in head.splitlines() if not line.startswith("confirmed")]
    at = next((index for index, line in enumerate(lines) if line.startswith("year")), len(lines) - 1)
    lines.insert(at + 1, "confirmed = true")
    path.write_text("\n".join(lines) + mark + rest, "utf-8")
    return f"calendar/{year}.toml"


def _shipped_units() -> list[dict[str, Any]]:
    """The units that every new folder begins with: their addresses and telephones are invented."""
    return list(tomllib.loads((shipped("config") / "units.toml").read_text("utf-8-sig"))["units"])


def _gone(path: Path, given: Mapping[str, Any]) -> list[str]:
    """The units that the answers drop, and shipped examples, as yet untouched, that they do not name."""
    mine = {each.get("id") for each in given.get("units", ())}
    dropped = set(_names(given.get("dropped", ())))
    if both := sorted(mine & dropped):
        raise Refused(f"dropped: {', '.join(both)}: cũng được ghi trong [[units]]. Bỏ ở một trong hai chỗ.")
    invented = _shipped_units()
    now = tomllib.loads(path.read_text("utf-8-sig")).get("units", ())
    examples = {each["id"] for each in now if mine and each in invented and each["id"] not in mine}
    return [str(each["id"]) for each in now if each["id"] in examples | dropped]


def _names(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Refused('dropped: cần một danh sách tên ngắn của đơn vị, ví dụ ["Na Rì"]')
    return list(value)


def _units(before: str, given: Mapping[str, Any], gone: Collection[str]) -> str:
    """The file of units anew: a unit that was given has its answers in its newest card, the others keep theirs.

    Of an example that has answers nothing invented stays but the printed name; units that are ``gone`` go.
    """
    now = tomllib.loads(before)
    invented = _shipped_units()
    mine = {each.get("id"): each for each in given.get("units", ())}
    known = [each["id"] for each in now.get("units", ())]
    rows = []
    for each in now.get("units", ()):
        name = each["id"]
        if name not in gone:
            answered = set(mine.get(name, ())) & set(UNIT)
            base = _name_only(each) if answered and each in invented else each
            rows.append((name, _cards(base, mine.get(name))))
    rows += [(each["id"], _cards({}, each)) for each in given.get("units", ()) if each.get("id") not in known]
    head = "\n".join(line for line in before.splitlines()[:13] if line.startswith("#"))
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
    strange = [key for key in given if key not in ("id", *UNIT, *AREA)]
    if strange:
        raise Refused(f"units: {given.get('id')}: mục lạ {', '.join(strange)}; cần: {', '.join(('id', *UNIT, *AREA))}")
    card = {**(cards[-1] if cards else {}), **{key: given[key] for key in UNIT if key in given}}
    return [*cards[:-1], card]


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else toml(value)
