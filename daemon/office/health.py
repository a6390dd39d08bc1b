"""How the office is, for whoever watches it: a JSON file beside the database, a page of metrics, a few lines.

The running daemon writes ``var/health.json`` every half minute; ``motcua status`` says when that ended. No names, no texts.
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daemon import __version__
from daemon.desk import wording
from daemon.desk.trouble import TryLater
from daemon.office import showing
from daemon.office.parts import Parts
from daemon.office.watching import Alarms
from daemon.store import queues
from daemon.store.database import to_text
from daemon.store.originals import write_durably

FILE = "var/health.json"
EVERY = 30  # seconds between two writings
_SILENT = 180  # seconds after which a daemon that wrote nothing counts as stopped
_FREE = 1_000_000_000
_DAYS = 8  # a backup older than that is told


def gather(parts: Parts) -> dict[str, Any]:
    """Return the state of the office: what ``motcua status --json`` prints."""
    store, now = parts.store, parts.clock.now()
    state = showing.status(parts)
    oldest = queues.oldest(store)
    state |= {
        "version": __version__,
        "last_look_inbox": _last_look(state["alarms"], now),
        "queues": {"items": queues.items(store), "effects": queues.effects(store)},
        "oldest_waiting": oldest.isoformat() if oldest else None,
        "late": queues.late(store, str(to_text(now))),
        "units_late": queues.late_units(store, str(to_text(now)), parts.desk.procedure.duty_steps),
        "next_deadlines": [
            {"number": number, "name": name, "holder": holder, "due": due.isoformat()}
            for number, name, holder, due in queues.next_deadlines(store)
        ],
        "disk_free": shutil.disk_usage(parts.home).free,
        "last_backup": store.note("backup:last"),
    }
    state["problems"] = list(_problems(parts, state))
    return state


def _last_look(alarms: list[dict[str, Any]], now: dt.datetime) -> str:
    """The folder is looked at in every round: unless an alarm says since when that fails, just now."""
    return next((str(each["since"]) for each in alarms if each["name"] == "inbox"), now.isoformat())


def _problems(parts: Parts, state: dict[str, Any]) -> Iterator[str]:
    yield from (f"{each['name']}: {each['say']}" for each in state["alarms"])
    if state["disk_free"] < _FREE:
        yield f"Ổ đĩa chỉ còn {state['disk_free'] // 1_000_000} MB trống."
    last = state["last_backup"]
    if last and parts.clock.now() - dt.datetime.fromisoformat(last) > dt.timedelta(days=_DAYS):
        yield f"Bản sao lưu gần nhất đã cũ: {wording.time_of(dt.datetime.fromisoformat(last))}."


def watch_disk(parts: Parts, alarms: Alarms) -> None:
    """Ring while the disk is nearly full: nothing can be taken in on a full one."""
    free = shutil.disk_usage(parts.home).free
    if free < _FREE:
        alarms.ring("disk", TryLater(f"Ổ đĩa chỉ còn {free // 1_000_000} MB trống: dọn ổ đĩa, chuyển bản sao lưu đi."))
    else:
        alarms.quiet("disk")


# -- the file ----------------------------------------------------------------------------------------------------------
def write(parts: Parts, started: str, console: str | None = None) -> None:
    """Write the file of the running daemon. Raises OSError.

    ``console`` is the address of its web page, or why that was asked for and does not run; None where nobody asked for it.
    """
    written = _utc().astimezone(parts.settings.file.zone).isoformat()
    state = {**gather(parts), "pid": os.getpid(), "started": started, "console": console, "written": written}
    data = json.dumps(state, ensure_ascii=False, indent=1).encode()
    write_durably(parts.home / FILE, data, mode=0o640)


def running(home: Path) -> dict[str, Any]:
    """Return what the daemon wrote last: ``alive``, ``written``, ``pid``, ``started``, ``console`` (None where it never did)."""
    try:
        told = json.loads((home / FILE).read_text("utf-8"))
        age = (_utc() - dt.datetime.fromisoformat(told["written"])).total_seconds()
    except (OSError, ValueError, KeyError, TypeError):
        return {"alive": False, "written": None, "pid": None, "started": None, "console": None}
    return {
        "alive": not told.get("stopped") and abs(age) < _SILENT,
        **{name: told.get(name) for name in ("written", "pid", "started", "console")},
    }


def stopped(home: Path) -> None:
    """Say in the file that the daemon ended as it should; what another one beside it wrote stays."""
    path = home / FILE
    try:
        told = json.loads(path.read_text("utf-8"))
        if told["pid"] != os.getpid():
            return
        zone = dt.datetime.fromisoformat(told["written"]).tzinfo
        told |= {"stopped": True, "written": _utc().astimezone(zone).isoformat()}
        write_durably(path, json.dumps(told, ensure_ascii=False, indent=1).encode(), mode=0o640)
    except (OSError, ValueError, KeyError, TypeError):
        return


def missing(told: dict[str, Any], zone: dt.tzinfo | None) -> str:
    """Return the complaint about a daemon that ran and is gone, empty while it lives or where it never ran."""
    if told["alive"] or not told["written"]:
        return ""
    return (
        f"Chương trình không chạy từ {_clock(told['written'], zone)}. Chạy: motcua run, hoặc khởi động dịch vụ motcua"
    )


def waits(state: dict[str, Any]) -> bool:
    """Say whether something waits for a person: a mail, an effect, a ticket to check or to release, or a problem."""
    counts = state["tickets"]
    return bool(
        state["unplaced"]
        or state["set_aside"]
        or counts.get("to_check")
        or counts.get("to_approve")
        or state["problems"]
    )


def _utc() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def lines(state: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    """Yield what ``motcua status`` says beyond the office's own state."""
    zone = dt.datetime.fromisoformat(state["time"]).tzinfo
    if told["alive"]:
        page = told["console"] or ""  # why it does not run is told by its alarm
        yield f"Chương trình đang chạy (tiến trình {told['pid']})" + (
            f", trang web ở {page}" if page[:4] == "http" else ""
        )
    else:
        never = "Chương trình không chạy. Chạy: motcua run, hoặc khởi động dịch vụ motcua"
        yield missing(told, zone) or never
    if state["late"]:
        yield f"Phiếu quá hạn: {state['late']} (xem: motcua tickets --late)"
    if state["units_late"]:
        yield f"Phiếu mà đơn vị quá hạn trả lời: {state['units_late']} (xem: motcua tickets --late)"
    if state["oldest_waiting"]:
        yield f"Thư, tệp chờ lâu nhất: từ {_clock(state['oldest_waiting'], zone)}"
    for each in state["next_deadlines"]:
        yield f"Hạn tới: {each['number']} {_clock(each['due'], zone)}"
    backup = _clock(state["last_backup"], zone) if state["last_backup"] else "chưa lần nào"
    yield f"Ổ đĩa còn {state['disk_free'] / 1e9:.1f} GB · sao lưu gần nhất: {backup}"
    said = missing(told, zone)
    yield from (f"CẦN XEM {text}" for text in state["problems"] if text[:1].isupper() and text != said)


def _clock(text: str, zone: dt.tzinfo | None) -> str:
    return wording.time_of(dt.datetime.fromisoformat(text).astimezone(zone))


# -- metrics -----------------------------------------------------------------------------------------------------------
def metrics(state: dict[str, Any]) -> str:
    """Return the state as a page for Prometheus (text format 0.0.4); with what ``running`` says, where that is in it."""
    now = dt.datetime.fromisoformat(state["time"])
    rows: list[tuple[str, str, list[tuple[str, float]]]] = [
        ("tickets", "Tickets by state.", _labelled("state", state["tickets"])),
        ("items_waiting", "Mails and files not sorted, by state.", _labelled("state", state["queues"]["items"])),
        ("effects_waiting", "Effects not done, by state.", _labelled("state", state["queues"]["effects"])),
        ("tickets_late", "Open tickets with a promise not kept in time.", [("", state["late"])]),
        ("tickets_unit_late", "Open tickets that wait for a unit whose time is over.", [("", state["units_late"])]),
        ("alarms", "Alarms that ring now.", [("", len(state["alarms"]))]),
        ("disk_free_bytes", "Free space where the working folder lies.", [("", state["disk_free"])]),
        ("oldest_waiting_seconds", "Age of the oldest unsorted mail or file.", _age(state["oldest_waiting"], now)),
        ("mailbox_last_look_seconds", "Seconds since the mailbox was seen.", _age(state["last_look_mailbox"], now)),
        ("inbox_last_look_seconds", "Seconds since the folder was seen.", _age(state["last_look_inbox"], now)),
        ("backup_age_seconds", "Age of the last backup.", _age(state["last_backup"], now)),
        ("next_deadline_seconds", "Seconds until the next promise is due (negative: late).", _next(state, now)),
        ("running", "Whether the daemon that works and sends is running.", _flag(state.get("alive"))),
        ("info", "The version.", [(f'{{version="{state["version"]}"}}', 1)]),
    ]
    return "".join(
        f"# HELP motcua_{name} {told}\n# TYPE motcua_{name} gauge\n"
        + "".join(f"motcua_{name}{label} {value:g}\n" for label, value in values)
        for name, told, values in rows
        if values
    )


def _labelled(label: str, values: dict[str, int]) -> list[tuple[str, float]]:
    return [(f'{{{label}="{name}"}}', count) for name, count in sorted(values.items())]


def _age(text: str | None, now: dt.datetime) -> list[tuple[str, float]]:
    return [("", (now - dt.datetime.fromisoformat(text)).total_seconds())] if text else []


def _flag(value: bool | None) -> list[tuple[str, float]]:
    return [] if value is None else [("", int(value))]


def _next(state: dict[str, Any], now: dt.datetime) -> list[tuple[str, float]]:
    return [("", -age) for each in state["next_deadlines"][:1] for _, age in _age(each["due"], now)]
