"""Changing the office's files from the screen: checked as the file is checked, written as the file, recorded as an event.

Comments and order of a file stay. Whoever changes a file says which content they had seen; where it is another one by now,
nothing is written.
"""

import datetime as dt
import difflib
import hashlib
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daemon import extras
from daemon.desk.text import squeeze
from daemon.desk.trouble import Refused
from daemon.documents.check import Fault, check_template, offered_to
from daemon.office.parts import Parts
from daemon.settings.calendar import seed_table
from daemon.settings.forms import load_forms
from daemon.settings.lookups import load_mappings
from daemon.settings.reading import load_reading
from daemon.settings.tariffs import load_tariffs
from daemon.settings.whole import load
from daemon.store import diary
from daemon.store.originals import write_durably

SWITCHES = ("requests", "slips", "reminders", "receipts", "reports")
CARD = ("name", "chief", "chief_address", "duty_phone", "duty_address")


# -- any file ----------------------------------------------------------------------------------------------------------
def editable(parts: Parts) -> list[str]:
    """Return the names of the files of config/ that may be changed, relative to it."""
    config = parts.home / "config"
    return sorted(path.relative_to(config).as_posix() for path in config.rglob("*.toml"))


def read(parts: Parts, name: str) -> tuple[str, str]:
    """Return a file's text and what tells this content from any other. Raises Refused for a name that is none of them."""
    if name not in editable(parts):
        raise Refused(f"Không có tệp config/{name}.")
    text = (parts.home / "config" / name).read_text("utf-8-sig")
    return text, digest_of(text)


def digest_of(text: str) -> str:
    """Return what tells a content from any other."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(parts: Parts, name: str, seen: str, text: str, by: str, what: str) -> None:
    """Check a file's new text with all the others, then write it and record who changed what. Raises Refused."""
    before, digest = read(parts, name)
    if digest != seen:
        raise Refused(f"Tệp config/{name} vừa được người khác sửa. Mở lại trang, xem rồi sửa lại.")
    text = text.replace("\r\n", "\n")
    if text == before:
        return
    _keep(parts, name, text, before, by, what)


def _keep(parts: Parts, name: str, text: str, before: str, by: str, what: str) -> None:
    _check(parts.home, name, text)
    changed = list(difflib.unified_diff(before.splitlines(), text.splitlines(), n=0, lineterm=""))[2:]
    path = parts.home / "config" / name
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    write_durably(path, text.encode(), mode=mode)
    event = diary.told("settings_changed", parts.clock.now(), by, what, file=f"config/{name}", changed=changed[:200])
    diary.write(parts.store, event)


def _check(home: Path, name: str, text: str) -> None:
    """Read the whole configuration as it would be. Raises Refused with every fault."""
    with tempfile.TemporaryDirectory(prefix="motcua-cau-hinh-") as scratch:
        copy = Path(scratch)
        shutil.copytree(home / "config", copy / "config")
        (copy / "config" / name).write_text(text, "utf-8")
        load(copy, dt.datetime.now(dt.UTC).date())
        config = copy / "config"
        load_tariffs(config / "tariffs.toml")
        load_mappings(config / "lookups.toml")
        load_reading(config / "reading.toml")
        load_forms(config / "forms")


# -- the calendar ------------------------------------------------------------------------------------------------------
def set_day(parts: Parts, day: dt.date, kind: str, reason: str, confirmed: bool, seen: str, by: str) -> None:
    """Say what a day is: ``off``, ``working``, ``half``, or empty for what its weekday says. Raises Refused."""
    name = f"calendar/{day.year}.toml"
    text, _ = read(parts, name)
    table = _day_table(day, kind, squeeze(reason), confirmed) if kind else ""
    fresh = _with_day(text, day, table)
    words = {"off": "nghỉ", "working": "làm việc", "half": "nửa ngày", "": "theo ngày trong tuần"}
    if kind not in words:
        raise Refused(f"Không có loại ngày {kind!r}.")
    if kind and not reason.strip():
        raise Refused("Ghi lý do của ngày này, ví dụ tên ngày lễ hoặc số văn bản.")
    _same_but(text, fresh, day)
    write(parts, name, seen, fresh, by, f"{day:%d/%m/%Y}: {words[kind]}")


def _day_table(day: dt.date, kind: str, reason: str, confirmed: bool) -> str:
    lines = ["[[days]]", f"date = {day}", f'kind = "{kind}"', f"reason = {_quoted(reason)}"]
    return "\n".join(lines if confirmed else [*lines, "confirmed = false"])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with_day(text: str, day: dt.date, table: str) -> str:
    """The file with a day's block replaced, put in its place, or taken out; all else stays as it was written."""
    lines = text.splitlines()
    blocks = _blocks(lines)
    for first, last, date in blocks:
        if date == day:
            kept = [*lines[:first], *table.splitlines(), *lines[last:]]
            return "\n".join(kept if table else _without_gap(kept, first)) + "\n"
    if not table:
        return text
    after = [last for _, last, date in blocks if date and date < day]
    before = [first for first, _, date in blocks if date and date > day]
    at = after[-1] if after else before[0] if before else len(lines)
    gap = ["", *table.splitlines()] if after or not before else [*table.splitlines(), ""]
    return "\n".join([*lines[:at], *gap, *lines[at:]]) + "\n"


def _without_gap(lines: list[str], at: int) -> list[str]:
    if 0 < at < len(lines) and not lines[at - 1].strip() and not lines[at].strip():
        return [*lines[:at], *lines[at + 1 :]]
    return lines


def _blocks(lines: list[str]) -> list[tuple[int, int, dt.date | None]]:
    """Where each ``[[days]]`` begins and ends, and its date."""
    found = []
    for first, line in enumerate(lines):
        if line.strip() != "[[days]]":
            continue
        last = first + 1
        while last < len(lines) and lines[last].strip() and not lines[last].lstrip().startswith(("[", "#")):
            last += 1
        table = tomllib.loads("\n".join(lines[first:last]))["days"][0]
        date = table.get("date")
        found.append((first, last, date if isinstance(date, dt.date) else None))
    return found


def _same_but(before: str, after: str, day: dt.date) -> None:
    """Nothing but one day may differ: a file written in another way is left to be changed by hand."""

    def others(text: str) -> Any:
        table = tomllib.loads(text)
        table["days"] = [each for each in table.get("days", []) if each.get("date") != day]
        return table

    if others(before) != others(after):
        raise Refused("Tệp lịch được viết theo cách khác thường: sửa ngày này trực tiếp trong tệp.")


def add_year(parts: Parts, year: int, by: str) -> None:
    """Make the first, unconfirmed table of a year. Raises Refused where there is one."""
    name = f"calendar/{year}.toml"
    if name in editable(parts):
        raise Refused(f"Đã có lịch năm {year}.")
    if not 2000 <= year <= 2100:
        raise Refused(f"{year} không phải năm hợp lệ.")
    _keep(parts, name, seed_table(year), "", by, f"lập lịch năm {year}")


def confirm_year(parts: Parts, year: int, seen: str, by: str) -> None:
    """Say that the office has checked the year's table. Raises Refused."""
    name = f"calendar/{year}.toml"
    document = _parsed(read(parts, name)[0])
    document["confirmed"] = True
    write(parts, name, seen, _dumped(document), by, f"xác nhận lịch năm {year}")


# -- switches, units, tariffs ------------------------------------------------------------------------------------------
def set_switches(parts: Parts, on: Mapping[str, bool], seen: str, by: str) -> None:
    """Say what may go out by itself. Raises Refused."""
    document = _parsed(read(parts, "desk.toml")[0])
    table = document.setdefault("outgoing", {})
    for name in SWITCHES:
        if table.get(name, True) != on[name]:
            table[name] = on[name]
    shown = ", ".join(f"{name} {'bật' if on[name] else 'tắt'}" for name in SWITCHES)
    write(parts, "desk.toml", seen, _dumped(document), by, shown)


def set_unit(parts: Parts, unit: str, values: Mapping[str, str], since: dt.date | None, seen: str, by: str) -> None:
    """Change the newest card of a unit, or begin a new one from a day; the old one then ends the day before. Raises Refused."""
    document = _parsed(read(parts, "units.toml")[0])
    table = next((each for each in document.get("units", ()) if each.get("id") == unit), None)
    if table is None:
        raise Refused(f"Không có đơn vị {unit!r}.")
    cards = table["cards"]
    card = cards[-1]
    if since is not None:
        if card.get("from") and card["from"] >= since:
            raise Refused("Ngày bắt đầu phải sau ngày bắt đầu của thẻ hiện tại.")
        fresh = _copied(card)
        card["to"] = since - dt.timedelta(days=1)
        fresh.pop("to", None)
        cards.append(fresh)
        card = cards[-1]
        card["from"] = since
    _fill_card(card, values)
    what = f"{unit}: thẻ mới từ {since:%d/%m/%Y}" if since else f"{unit}: sửa thẻ"
    write(parts, "units.toml", seen, _dumped(document), by, what)


def _fill_card(card: Any, values: Mapping[str, str]) -> None:
    for name in CARD:
        value = squeeze(values.get(name, ""))
        if value or name in card:
            card[name] = value
    addresses = [each for each in values.get("addresses", "").replace(",", " ").replace(";", " ").split() if each]
    if list(card.get("addresses", ())) != addresses:
        card["addresses"] = addresses


def set_tariff(
    parts: Parts,
    index: int,
    bases: Mapping[str, int],
    checked: dt.date,
    confirmed: bool,
    last: dt.date | None,
    seen: str,
    by: str,
) -> None:
    """Change the amounts of a table of costs, when it was checked, whether it is confirmed, its last day. Raises Refused."""
    document = _parsed(read(parts, "tariffs.toml")[0])
    tables = document.get("tariffs", ())
    if not 0 <= index < len(tables):
        raise Refused("Không có biểu này.")
    table = tables[index]
    for band in table["voltages"]:
        wanted = bases.get(band["id"])
        if wanted is not None and wanted != band["base"]:
            band["base"] = wanted
    table["checked"], table["confirmed"] = checked, confirmed
    if last:
        table["valid_to"] = last
    elif "valid_to" in table:
        table.remove("valid_to")
    write(parts, "tariffs.toml", seen, _dumped(document), by, f"biểu {table['basis']}")


def _parsed(text: str) -> Any:
    try:
        import tomlkit
    except ImportError as problem:
        raise Refused(f"Chưa cài phần giao diện web: {extras.command('console')}") from problem
    return tomlkit.parse(text)


def _dumped(document: Any) -> str:
    import tomlkit

    return tomlkit.dumps(document)


def _copied(card: Any) -> Any:
    import tomlkit

    fresh = tomlkit.table()
    for name, value in card.unwrap().items():
        fresh[name] = value
    return fresh


# -- templates ---------------------------------------------------------------------------------------------------------
def template_names(parts: Parts) -> list[str]:
    """Return the names of the templates."""
    found = (parts.home / "templates").glob("*.docx")
    return sorted(path.name for path in found if not path.name.startswith("~$"))


def template_faults(parts: Parts, name: str) -> list[Fault]:
    """Return what is wrong with a template. Raises Refused where there is none of that name."""
    if name not in template_names(parts):
        raise Refused(f"Không có mẫu {name}.")
    return check_template(parts.home / "templates" / name, offered_to(name))


def trial(parts: Parts, name: str) -> bytes:
    """Return a template filled with sample values, each the description of itself. Raises Refused."""
    from daemon.documents.chart import Chart, Series
    from daemon.documents.check import sample
    from daemon.documents.package import Package
    from daemon.documents.slots import chart_slots

    if name not in template_names(parts):
        raise Refused(f"Không có mẫu {name}.")
    slots = chart_slots(Package.load(parts.home / "templates" / name))
    charts = {each: Chart("Thử", ("a", "b"), (Series("s", (1, 2)),)) for each in slots}
    return parts.renderer.render(name, sample(offered_to(name)), f"{parts.settings.file.prefix}|THU|mau|1", charts)


def set_template(parts: Parts, name: str, data: bytes, by: str) -> None:
    """Put a new file in a template's place once it has no fault; the one before is kept. Raises Refused with every fault."""
    if name not in template_names(parts):
        raise Refused(f"Không có mẫu {name}.")
    with tempfile.TemporaryDirectory(prefix="motcua-mau-") as scratch:
        path = Path(scratch) / name
        path.write_bytes(data)
        faults = check_template(path, offered_to(name))
    if faults:
        raise Refused("\n".join(f"{fault.place}: {fault.found}; cần {fault.wanted}" for fault in faults))
    target = parts.home / "templates" / name
    before = target.read_bytes()
    parts.store.originals.keep(before)
    write_durably(target, data, mode=0o644)
    digests = {"before": hashlib.sha256(before).hexdigest(), "after": hashlib.sha256(data).hexdigest()}
    diary.write(
        parts.store, diary.told("template_changed", parts.clock.now(), by, name, file=f"templates/{name}", **digests)
    )
