"""Mails and files set aside that people dealt with: they leave the list, and nothing of them is deleted."""

import hashlib
from pathlib import Path

from daemon.desk.trouble import Refused
from daemon.office.parts import Parts
from daemon.scans.folder import REVIEW
from daemon.store import diary
from daemon.store.store import Item

_NOTE = "aside:"
_LIST = "Xem: motcua set-aside"


def remember(parts: Parts, item: Item, path: Path) -> None:
    """Remember under which name a file was given back to staff; only its hash, the name may be a customer's."""
    parts.store.keep_note(f"{_NOTE}{item.id}", _mark(path.name))


def look(parts: Parts) -> int:
    """Take from the list what staff took out of can-xem, as its note asks them to; return how many."""
    marks = parts.store.notes(_NOTE)
    if not marks:
        return 0
    folder = parts.home / "inbox" / REVIEW
    if not folder.is_dir():  # a share that is away, or an empty place where it belongs: nobody took anything
        return 0
    there = {_mark(path.name) for path in folder.iterdir()}
    gone = [name for name, mark in marks.items() if mark not in there]
    for name in gone:
        _leave(parts, int(name.removeprefix(_NOTE)), f"đã lấy khỏi inbox/{REVIEW}")
        parts.store.drop_note(name)
    return len(gone)


def seen(parts: Parts, name: str, by: str) -> str:
    """Take a mail or file (``m12``) that a person has seen from the list; return what it was. Raises Refused."""
    number = name.lower().removeprefix("m")
    if not name.lower().startswith("m") or not number.isdecimal():
        raise Refused(f"{name!r}: chỉ thư, tệp (m12) được ghi đã xem; việc thì làm lại bằng motcua retry. {_LIST}")
    item = parts.store.item(int(number))
    if item is not None and item.ticket:
        raise Refused(f"{name} không để riêng: đã nằm ở phiếu {item.ticket}. Xem: motcua show {item.ticket}")
    if item is None or item.state != "set_aside":
        raise Refused(f"Không có thư hay tệp {name} đang để riêng. {_LIST}")
    what = item.name or item.subject
    _leave(parts, item.id, f"{by} đã xem")
    diary.write(parts.store, diary.told("aside_seen", parts.clock.now(), by, name=name, what=what))
    return what


def _leave(parts: Parts, number: int, why: str) -> None:
    item = parts.store.item(number)
    if item is not None and item.state == "set_aside":
        parts.store.mark_item(item.id, "ignored", f"{item.reason} ({why})")


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
