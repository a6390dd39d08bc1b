"""What machines write back: delivery reports (RFC 3464), receipts (RFC 8098) and bounces in prose."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message as StdMessage

from flufl.bounce import all_failures

from daemon.desk.message import DeliveryStatus
from daemon.mailbox import addresses
from daemon.mailbox.mime import Part, decoded, header_fields

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.\-])([45])\d\d[ -]")
_MESSAGE_ID = re.compile(r"^[> ]{0,4}message-id:\s*(<[^<>\s]{1,500}>)", re.I | re.M)
_SUBJECT = re.compile(r"^[> ]{0,4}subject:\s*(.{1,900})", re.I | re.M)
_DELAY = re.compile(
    r"delay|warning: message|still being retried|will be retried|bị chậm|đang thử lại|will continue to try", re.I
)
_DAEMON = re.compile(
    r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|bounce|mailerdaemon|microsoftexchange[0-9a-f]*)(@|$)", re.I
)
_BOUNCE_SUBJECT = re.compile(
    r"^\s*(undeliver|delivery (status|failure|has failed|delayed|incomplete)|mail delivery (failed|system)|returned mail|"
    r"failure notice|không thể gửi|chưa gửi được|không gửi được|delivery to .* (failed|delayed)|mail system error|"
    r"warning: message .* delayed|thư không gửi được|gửi thư không thành công|message delivery (failure|delayed))",
    re.I,
)
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: its kind, per-recipient results, and the mail it is about."""

    kind: str | None = None
    delivery: tuple[DeliveryStatus, ...] = ()
    message_id: str | None = None
    subject: str | None = None


def read(root: Part, parts: Iterable[Part], text: str) -> Report:
    """Read the report of a mail, standard or in prose; a Report of kind None where it is none."""
    every = list(parts)
    statuses = [
        part for part in every if part.media_type in ("message/delivery-status", "message/global-delivery-status")
    ]
    receipts = [part for part in every if part.media_type.endswith("disposition-notification")]
    message_id, subject = _original(every)
    if receipts:
        fields = dict(_fields(receipts[0].content()))
        named = addresses.identifiers(fields.get("original-message-id"))
        return Report("disposition-notification", (), named[0] if named else message_id, subject)
    if statuses:
        delivery = tuple(status for part in statuses[:5] for status in _delivery(part.content()))
        return _filled(Report("delivery-status", delivery, message_id, subject), root, text)
    if looks_bounced(root):
        return _filled(Report("delivery-status", (), message_id, subject), root, text)
    return Report()


def looks_bounced(root: Part) -> bool:
    """Say whether a mail without a report part comes from a mail server that failed: by sender and subject or field."""
    boxes = addresses.boxes(root.coded("from"))
    daemon = bool(boxes) and bool(_DAEMON.match(boxes[0].address or boxes[0].name or ""))
    said = bool(_BOUNCE_SUBJECT.match(root.get("subject") or ""))
    empty = (root.coded("return-path") or "x").strip() == "<>"
    return (
        "delivery-status" in root.params.get("report-type", "")
        or (said and (daemon or empty))
        or (root.coded("x-failed-recipients") is not None and (daemon or said or empty))
    )


def _filled(report: Report, root: Part, text: str) -> Report:
    """Complete a report from the prose: returned header copies, status codes, recipients by flufl.bounce."""
    head = "\n".join(line[:1000] for line in text.split("\n")[:MOST_LINES])
    named, about = _MESSAGE_ID.search(head), _SUBJECT.search(head)
    delivery = report.delivery or _prose(root, head)
    return Report(
        report.kind,
        delivery,
        report.message_id or (named[1] if named else None),
        report.subject or (decoded(about[1]) if about else None),
    )


def _prose(root: Part, head: str) -> tuple[DeliveryStatus, ...]:
    """One result per failed recipient that the prose names, or a single one without an address."""
    status = _STATUS.search(head)
    code = _CODE.search(head)
    late = bool(_DELAY.search((root.get("subject") or "") + "\n" + head[:4000])) and not (
        status and status[1][0] == "5"
    )
    mild = late or bool(status and status[1][0] == "4") or bool(not status and code and code[1] == "4" and late)
    named = sorted(_recipients(root, head)) or [""]
    return tuple(
        DeliveryStatus(item, "delayed" if mild else "failed", status[1] if status else None) for item in named[:50]
    )


def _recipients(root: Part, head: str) -> set[str]:
    """The addresses that failed. The detectors get a flat copy of bounded size, never the mail itself."""
    given = {box.address for box in addresses.boxes(root.get("x-failed-recipients")) if box.address}
    if given:
        return given
    flat = StdMessage()
    for name in ("from", "subject", "return-path"):
        flat[name] = re.sub(r"[^\x20-\x7e]", "?", root.coded(name) or "")[:500]
    flat.set_payload(head.encode("ascii", "replace").decode())
    temporary, permanent = all_failures(flat)
    return {address.decode("ascii", "replace").lower() for address in {*temporary, *permanent}}


def _original(parts: list[Part]) -> tuple[str | None, str | None]:
    """The Message-ID and subject of the returned mail or its header."""
    for part in parts:
        if part.media_type in ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"):
            fields = dict(reversed(_fields(part.content())))
            named = addresses.identifiers(fields.get("message-id"))
            if named or "subject" in fields:
                return (named[0] if named else None), (decoded(fields["subject"]) if "subject" in fields else None)
    return None, None


def _fields(raw: bytes) -> list[tuple[str, str]]:
    return header_fields(raw.lstrip())[0]


def _delivery(raw: bytes) -> list[DeliveryStatus]:
    """One result per recipient block of a delivery-status part."""
    results = []
    for block in re.split(rb"\r?\n[ \t]*\r?\n", raw.strip())[:200]:
        fields = dict(_fields(block))
        recipient = fields.get("final-recipient") or fields.get("original-recipient")
        if recipient is None or ("action" not in fields and "status" not in fields):
            continue
        status = _STATUS.search(fields.get("status", ""))
        action = fields.get("action", "").split(";")[0].strip().lower()
        results.append(
            DeliveryStatus(
                recipient.partition(";")[2].strip().lower() or recipient.strip().lower(),
                action or "failed",
                status[1] if status else None,
                fields.get("diagnostic-code"),
            )
        )
    return results
