"""Reading a scan is an effect: it runs in a child process with limits, and opens tickets or files a signed paper.

A form is a ticket, with the letter that lies behind it; a free letter is a ticket by its meaning; a signed paper of ours
goes to its own ticket; a blank form, a photo that is no form and what cannot be read go to ``inbox/can-xem`` with a reason.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from daemon.desk import wording
from daemon.desk.effects import READ_SCAN
from daemon.desk.form import DocumentKind, ScannedDocument
from daemon.desk.ticket import PROGRAM, Category, Channel, Customer, Event, ReplyForm, Ticket
from daemon.desk.trouble import Refused
from daemon.office import aside, joining, routing
from daemon.office.files import put_file
from daemon.office.parts import Parts
from daemon.reading.request import ASKED_WINDOW
from daemon.scans.child import read_file
from daemon.scans.folder import safe_name
from daemon.scans.settle import settle
from daemon.store.originals import make_private
from daemon.store.store import Claimed, Item


@dataclass(frozen=True, slots=True)
class Request:
    """One request in a file: its own page, and the letters that lie behind it."""

    document: ScannedDocument
    behind: tuple[ScannedDocument, ...] = ()

    @property
    def text(self) -> str:
        """Return what is asked: the form's content and the words of the letters behind it."""
        own = self.document.value("content") or (
            self.document.text if self.document.kind is DocumentKind.LETTER else ""
        )
        return "\n".join(part for part in (own, *(each.text for each in self.behind)) if part).strip()


def read_scan(parts: Parts, effect: Claimed) -> list[Event]:
    """Read a dropped file and open what it holds; done twice, it opens nothing again."""
    item = parts.store.item(effect.payload["item"])
    if item is None or item.state in ("sorted", "set_aside"):
        return []
    crops = parts.home / "var" / "crops" / str(item.id)
    make_private(crops)
    path = _named_copy(parts, item)
    try:
        documents = read_file(parts.reading_child, path, crops, lambda pages: settle(pages, parts.scan_meaning))
        _place(parts, item, documents)
    except Refused as problem:
        _put_aside(parts, item, path, str(problem))
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)
    return []


def _named_copy(parts: Parts, item: Item) -> Path:
    """The original under the name that staff gave it: messages speak of that name."""
    folder = parts.home / "var" / "reading" / str(item.id)
    make_private(folder)
    path = folder / safe_name(item.name)
    path.write_bytes(parts.store.originals.read(item.digest))
    return path


def _put_aside(parts: Parts, item: Item, path: Path, reason: str) -> None:
    """Give the file back to staff in can-xem with its reason; the original stays kept as well."""
    work = parts.home / "inbox" / ".work"
    work.mkdir(exist_ok=True)
    held = work / path.name
    shutil.copyfile(path, held)
    goal = parts.folder.set_aside(held, reason)
    parts.store.mark_item(item.id, "set_aside", reason)
    aside.remember(parts, item, goal)


# -- what a file holds -------------------------------------------------------------------------------------------------
def requests_in(documents: Sequence[ScannedDocument]) -> list[Request]:
    """Return the requests of a file in page order: each form with what lies behind it, each letter not behind a form."""
    found: list[Request] = []
    for document in documents:
        last = found[-1] if found else None
        behind_form = last is not None and last.document.kind is DocumentKind.FORM
        if document.kind is DocumentKind.FORM or (document.kind is DocumentKind.LETTER and not behind_form):
            found.append(Request(document))
        elif last is not None and document.kind is not DocumentKind.RETURNED:
            found[-1] = replace(last, behind=(*last.behind, document))
    return found


def is_blank(request: Request) -> bool:
    """Say whether nothing at all was filled in."""
    return (
        request.document.kind is DocumentKind.FORM and not any(request.document.values.values()) and not request.behind
    )


def _place(parts: Parts, item: Item, documents: tuple[ScannedDocument, ...]) -> None:
    returned = [each for each in documents if each.kind is DocumentKind.RETURNED]
    requests = requests_in(documents)
    filled = [each for each in requests if not is_blank(each)]
    lost = [each.ticket for each in returned if not (each.ticket and parts.store.exists(each.ticket))]
    if lost:
        raise Refused(
            f"{item.name}: mã QR ghi phiếu {', '.join(str(each) for each in lost)} nhưng sổ không có phiếu này; kiểm tra lại tờ giấy"
        )
    if not filled and not returned:
        reason = (
            "phiếu để trống, chưa có chữ hay ô nào được điền" if requests else "không thấy phiếu hay đơn nào trong tệp"
        )
        raise Refused(f"{item.name}: {reason}; hãy điền rồi quét lại, hoặc nhập bằng tay")
    makes = [(_maker(parts, item, each), _received(parts, item, each, index)) for index, each in enumerate(filled)]
    events = [(each.ticket or "", _returned_event(parts, item, each)) for each in returned]
    parts.store.place_scan(item.id, makes, events, parts.settings.file.prefix, parts.clock.now())


def _received(parts: Parts, item: Item, request: Request, index: int) -> Event:
    readings = [
        {
            "field": one.field,
            "value": one.value,
            "standing": str(one.standing),
            "confidence": round(one.confidence, 3),
            "reason": one.reason,
            "crop": one.crop,
            "votes": [[vote.engine, vote.text, round(vote.confidence, 3)] for vote in one.votes],
            "page": request.document.page,
        }
        for one in request.document.readings
    ]
    content = {
        "channel": str(_channel(request)),
        "item": item.id,
        "digest": item.digest,
        "name": item.name,
        "source": "scan",
        "document": index,
        "form_no": request.document.form_no,
        "readings": readings,
        "notes": list(request.document.notes),
    }
    return Event("received", parts.clock.now(), PROGRAM, content)


def _channel(request: Request) -> Channel:
    return Channel.COUNTER if request.document.kind is DocumentKind.FORM else Channel.LETTER


def _maker(parts: Parts, item: Item, request: Request) -> Callable[[str], Ticket]:
    values = routing.route(parts, ticket_values(parts, item, request), request.text)
    values = joining.with_kin(parts, values, request.text, item.received)
    return lambda number: Ticket(
        number=number, procedure=parts.desk.procedure.id, received=item.received, channel=_channel(request), **values
    )


def ticket_values(parts: Parts, item: Item, request: Request) -> dict[str, Any]:
    """Return a new ticket's values: the cells as they stand; unit, times and danger by meaning; doubts to be checked."""
    document = request.document
    value = document.value
    where = f"Địa chỉ: {value('address') or ''}. Mã khách hàng: {value('customer_code') or ''}."
    reading = parts.reader.read(channel="letter", received=item.received, subject=None, text=f"{request.text}\n{where}")
    category = Category(value("category") or reading.category)
    check = list(_checks(document, request))
    if not value("category") and "category" not in check:
        check.append("category")
    if category is Category.NOT_A_REQUEST:
        category = Category.OTHER
    check += [name for name in ("unit", "outage_start", ASKED_WINDOW) if name in reading.check and name not in check]
    names = ("name", "customer_code", "phone", "address", "email")
    window = reading.asked_outage
    change = category is Category.OUTAGE_TIME_CHANGE
    return {
        "category": category,
        "content": _content(document, request),
        "customer": Customer(**{name: value(name) for name in names}),
        "unit": parts.desk.procedure.fallback_unit if change else _unit(reading.unit, parts),
        "wanted_reply": ReplyForm(form) if (form := value("wanted_reply")) else None,
        "outage_start": reading.outage_start if change else None,
        "danger": reading.danger,
        "check": tuple(check),
        "questions": (*_questions(document), *(reading.questions if ASKED_WINDOW in reading.check else ())),
        "confidence": {one.field: round(one.confidence, 3) for one in document.readings},
        "reasons": {
            name: words for name, words in reading.reasons.items() if name in ("unit", "danger", "outage_start")
        },
        "asked_window": (window[1], window[2]) if window else None,
        "besides": tuple(one for one in reading.besides if one.category is not category),
    }


def _content(document: ScannedDocument, request: Request) -> str:
    """The customer's words; the meter's number, which no field of a ticket holds, stands below where they lack it."""
    meter = document.value("meter")
    if not (meter and request.text) or meter in re.sub(r"[\s.\-]", "", request.text):
        return request.text  # a paper without words is not filled by its meter
    return f"{request.text}\nSố công tơ: {meter}"


def _unit(unit: str | None, parts: Parts) -> str | None:
    """A unit read from the place; B26 is only asked about changes of time, and a person decides elsewhere."""
    return None if unit == parts.desk.procedure.fallback_unit else unit


def _checks(document: ScannedDocument, request: Request) -> Iterator[str]:
    filled = {one.field for one in document.readings if one.value}
    for name in document.check:
        optional = name in ("meter", "email", "date", "wanted_reply", "customer_code") and name not in filled
        if not optional or name == "category":
            yield name
    if request.behind and not document.value("content"):
        yield "content"


def _questions(document: ScannedDocument) -> Iterator[str]:
    for one in document.readings:
        if one.field in document.check and one.reason:
            yield f"{wording.field(one.field).capitalize()}: {one.reason}"


# -- signed papers come back -------------------------------------------------------------------------------------------
def _returned_event(parts: Parts, item: Item, document: ScannedDocument) -> Event:
    """File the whole scan to its ticket (contract, "Numbers and marks")."""
    paper, round, number = document.paper or "giay", document.round or 1, document.ticket or ""
    suffix = Path(item.name).suffix.lower() or ".pdf"
    name = f"{number}-{paper}-signed-{round}{suffix}"
    digest = put_file(parts, number, name, parts.store.originals.read(item.digest))
    content = {"of": paper, "kind": f"{paper}-signed", "round": round, "name": name, "digest": digest, "item": item.id}
    return Event("scan_returned", parts.clock.now(), PROGRAM, content, READ_SCAN)
