"""The rights of a person whose data the office keeps: find it, hand it out, erase it, hold it (Law 91/2025/QH15).

A person is known by phone, customer code or mail address, or the tickets are named; a name alone is many people. Every
call is noted in the office's diary with the tickets, not with the data. What lies on a mail server, in CMIS or in old
backups is not ours to erase: it is told.
"""

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daemon.desk import wording
from daemon.desk.ticket import Author, Event
from daemon.desk.trouble import Refused, TryLater
from daemon.office import keeping, traces
from daemon.office.parts import Parts
from daemon.settings.retention import Retention, load_retention
from daemon.store import diary, privacy
from daemon.store.privacy import Known, Person


@dataclass(frozen=True)
class Finding:
    """What there is of a person: own tickets, other tickets that mention them, loose mails (ids)."""

    person: Person
    own: tuple[str, ...]
    mentioned: tuple[str, ...]
    items: tuple[int, ...]


@dataclass
class Plan:
    """What erasing does: tickets and loose items to erase, tickets that stay with the reason, what else is told."""

    tickets: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    stays: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


# -- who ---------------------------------------------------------------------------------------------------------------
def who(parts: Parts, words: Iterable[str]) -> tuple[Person, tuple[str, ...]]:
    """Return the person and the ticket numbers that some words name. Raises Refused where a word is none of these."""
    phone, code, email, numbers, wrong = "", "", "", [], []
    for word in words:
        plain = re.sub(r"[\s.\-()]", "", word)
        if parts.store.exists(word.upper()):
            numbers.append(word.upper())
        elif "@" in word:
            email = word.strip().lower()
        elif re.fullmatch(parts.settings.file.code_pattern, plain.upper()):
            code = plain.upper()
        elif re.fullmatch(r"(\+?84|0)\d{8,10}", plain):
            phone = re.sub(r"^\+?84", "0", plain)
        else:
            wrong.append(word)
    if wrong:
        raise Refused(
            f"{', '.join(wrong)}: cần số điện thoại, mã khách hàng, địa chỉ thư hoặc số phiếu. Họ tên thì nhiều người "
            f"trùng: tìm phiếu bằng motcua tickets --text '{wrong[0]}' rồi ghi số phiếu."
        )
    return Person(phone, code, email), tuple(numbers)


def find(parts: Parts, words: Iterable[str], by: str) -> Finding:
    """Return what there is of a person. Raises Refused."""
    found = _find(parts, words)
    _note(parts, "person_found", by, tickets=list(found.own))
    return found


def _find(parts: Parts, words: Iterable[str]) -> Finding:
    person, named = who(parts, words)
    own = tuple(dict.fromkeys([*named, *privacy.tickets_of(parts.store, person)]))
    texts = {text for text in (person.phone, person.code, person.email) if text} | _own_marks(parts, named)
    mentioned = tuple(each for each in privacy.mentioning(parts.store, texts) if each not in own)
    items = tuple(item.id for item in privacy.loose_items(parts.store, person.email))
    return Finding(person, own, mentioned, items)


def _own_marks(parts: Parts, numbers: Iterable[str]) -> set[str]:
    """Phone, code and address of the customers of some tickets."""
    customers = [ticket.customer for number in numbers if (ticket := parts.store.ticket(number))]
    return {text for each in customers for text in (each.phone, each.customer_code, each.email) if text}


def found_lines(parts: Parts, found: Finding) -> Iterator[str]:
    """Yield what there is of a person, for a person."""
    held = privacy.held(parts.store)
    for number in found.own:
        known = _known(parts, number)
        marks = " · đã xóa dữ liệu" if known.erased else ""
        marks += f" · đang giữ theo yêu cầu: {held[number]}" if number in held else ""
        states = {str(key): value for key, value in wording.STATES.items()}
        yield f"{number} · {states.get(known.state, known.state)} · nhận {wording.time_of(known.received)}{marks}"
    yield from (f"{number} · phiếu của người khác, có nhắc đến" for number in found.mentioned)
    yield from (f"m{item} · thư chưa xếp vào phiếu nào" for item in found.items)
    if not (found.own or found.mentioned or found.items):
        yield "Không có gì."


def _known(parts: Parts, number: str) -> Known:
    known = privacy.known(parts.store, number)
    if known is None:
        raise Refused(f"Không có phiếu {number}. Xem danh sách bằng: motcua tickets")
    return known


def _note(parts: Parts, kind: str, by: str, cause: str = "", **content: Any) -> None:
    diary.write(parts.store, diary.told(kind, parts.clock.now(), by, cause, **content))


def scan_read(parts: Parts, number: str, name: str, by: str) -> None:
    """Note that somebody looked at a scan: it may show a signature or a citizen's card."""
    _note(parts, "scan_read", by, ticket=number, name=name)


# -- holding -----------------------------------------------------------------------------------------------------------
def hold(parts: Parts, number: str, why: str, by: str) -> None:
    """Hold a ticket against erasing. Raises Refused without a reason."""
    if not why.strip():
        raise Refused("Cần ghi lý do giữ: --why …")
    privacy.hold(parts.store, _known(parts, number).number, why.strip())
    _note(parts, "hold_set", by, why.strip(), ticket=number)


def let_go(parts: Parts, number: str, why: str, by: str) -> None:
    """Let go of a ticket that was held. Raises Refused where it was not."""
    if number not in privacy.held(parts.store):
        raise Refused(f"Phiếu {number} không bị giữ.")
    privacy.hold(parts.store, number, "")
    _note(parts, "hold_ended", by, why.strip(), ticket=number)


# -- erasing -----------------------------------------------------------------------------------------------------------
def plan(parts: Parts, words: Iterable[str]) -> tuple[Plan, Person]:
    """Return what erasing a person would do; nothing is changed."""
    found = _find(parts, words)
    made = planned(parts, found.own, rules(parts), asked=True)
    made.items = list(found.items)
    made.files += list(_item_files(parts, made))
    made.files += [path for path in traces.mails(parts, (), made.items) if path not in made.files]
    for number in found.mentioned:
        made.told.append(f"{number}: phiếu của người khác có nhắc đến người này; xem và sửa tay nếu cần")
    return made, found.person


def rules(parts: Parts) -> Retention:
    """Return the office's terms."""
    return load_retention(parts.home / "config" / "retention.toml")


def planned(parts: Parts, numbers: Iterable[str], terms: Retention, *, asked: bool) -> Plan:
    """Return what erasing some tickets does: which stay and why, and which files go."""
    made, held = Plan(), privacy.held(parts.store)
    for number in numbers:
        known = _known(parts, number)
        why = _stays(parts, known, terms, held)
        if why:
            made.stays[number] = why
        elif not known.erased:
            made.tickets.append(number)
        elif asked:
            made.told.append(f"{number}: đã xóa trước đây")
    made.files = list(_ticket_files(parts, made))
    made.told += list(_elsewhere(parts, made))
    return made


def _stays(parts: Parts, known: Known, terms: Retention, held: dict[str, str]) -> str:
    if known.number in held:
        return f"đang giữ theo yêu cầu: {held[known.number]}"
    if known.ended is None:
        return "phiếu đang xử lý: xóa được sau khi kết thúc (motcua close hoặc motcua cancel)"
    term = terms.term(known.category)
    until = months_after(known.ended, term.keep_months)
    if term.keep_months and parts.clock.now() < until:
        return f"{term.why}, phải giữ đến ngày {until:%d/%m/%Y}"
    return ""


def months_after(moment: dt.datetime, months: int) -> dt.datetime:
    """Return the same day some months later (the last day of a shorter month); negative counts back."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _ticket_files(parts: Parts, made: Plan) -> Iterator[Path]:
    for number in made.tickets:
        folder = parts.outbox / number
        if folder.is_dir():
            yield folder
        for item in parts.store.items_of(number):
            yield from _of_item(parts, item.id, item.digest, made)
    yield from traces.mails(parts, made.tickets, ())


def _item_files(parts: Parts, made: Plan) -> Iterator[Path]:
    for each in made.items:
        item = parts.store.item(each)
        if item is not None:
            yield from _of_item(parts, item.id, item.digest, made)


def _of_item(parts: Parts, item: int, digest: str, made: Plan) -> Iterator[Path]:
    crops = parts.home / "var" / "crops" / str(item)
    if crops.is_dir():
        yield crops
    path = parts.store.originals.path(digest)
    if not path.exists():
        return
    if privacy.shared(parts.store, digest, made.tickets, made.items):
        made.told.append(
            f"Bản gốc {path.name[:12]}… (m{item}) có cả dữ liệu của phiếu khác: giữ đến khi phiếu đó được xóa"
        )
    else:
        yield path


def _elsewhere(parts: Parts, made: Plan) -> Iterator[str]:
    """What is not ours to erase, or cannot be: told, so that the answer to the person is true."""
    if not made.tickets:
        return
    for path, number in traces.reports(parts, made.tickets):
        yield f"{path.relative_to(parts.home).as_posix()}: báo cáo có nêu {number}; sửa hoặc xóa tay nếu không còn phải lưu"
    if parts.settings.file.mailbox_kind != "maildir":
        yield (
            f"Hộp thư {parts.settings.file.mailbox_address}: thư của các phiếu này còn trên máy chủ; tìm theo số phiếu, xóa tay"
        )
    if parts.store.note("backup:last"):
        yield "Các bản sao lưu cũ vẫn còn dữ liệu này: xóa theo thời hạn sao lưu; khôi phục bản cũ thì phải xóa lại"
    yield "Nhật ký sự kiện: còn số phiếu, giờ, loại việc, người làm, lý do nhân viên đã gõ, mã thư (Message-ID) và mã băm; nội dung đã xóa"
    yield "Bản xuất CMIS, báo cáo đã in hoặc đã gửi, thư đã gửi đơn vị và khách hàng: không thuộc phạm vi của motcua"


def erase(parts: Parts, made: Plan, why: str, by: str, email: str = "") -> None:
    """Carry a plan out: files first, so that a cut leaves a ticket that is found and erased again. Raises Refused, TryLater."""
    if not why.strip():
        raise Refused("Cần ghi căn cứ xóa: --why …")
    # Pictures of pages drawn for the console are named by content, not by person; they are drawn again where needed.
    for path in (*made.files, parts.home / "var" / "preview"):
        _remove(path)
    event = Event("person_erased", parts.clock.now(), Author("person", by), {}, why.strip())
    privacy.erase(parts.store, made.tickets, made.items, event, email)
    _note(parts, "person_erased", by, why.strip(), tickets=made.tickets, stays=sorted(made.stays))
    keeping.keep_ledger(parts)


def _remove(path: Path) -> None:
    """Write zeros over a file, then remove it; a folder with all in it. (On flash disks old blocks may outlive this.)"""
    try:
        if path.is_dir():
            for each in sorted(path.rglob("*")):
                if each.is_file() and not each.is_symlink():
                    _remove(each)
            shutil.rmtree(path)
        elif path.exists():
            with path.open("r+b") as file:
                file.write(b"\0" * path.stat().st_size)
            path.unlink()
    except OSError as problem:
        raise TryLater(
            f"Không xóa được {path}: {problem.strerror}. Đóng tệp nếu đang mở trong Word rồi làm lại."
        ) from problem


def plan_lines(made: Plan) -> Iterator[str]:
    """Yield a plan for a person."""
    yield from (f"Xóa {number}" for number in made.tickets)
    yield from (f"Xóa thư m{item}" for item in made.items)
    if made.files:
        yield f"Xóa {_count(made.files)} tệp (bản gốc, ảnh ô, văn bản trong outbox, thư trong hộp thư nhúng)"
    yield from (f"GIỮ {number}: {why}" for number, why in made.stays.items())
    yield from (f"LƯU Ý {text}" for text in made.told)
    if not (made.tickets or made.items or made.files or made.stays):
        yield "Không có gì để xóa."


def _count(paths: Iterable[Path]) -> int:
    """How many files go: a folder counts as those in it."""
    return sum(sum(each.is_file() for each in path.rglob("*")) if path.is_dir() else 1 for path in paths)
