"""MIME bytes to a Message: bodies, attachments, reports. Never raises, whatever the bytes; meaning is read elsewhere.

Bounds: nesting and parts (``mime``), the header, and names. A mail inside a mail is an attachment of its own and none of
its text or files count as the outer mail's.
"""

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass, field

from daemon.desk.decode import codec_of, mend, mended, text_of
from daemon.desk.message import Attachment, Message
from daemon.mailbox import addresses, names, reports, smime
from daemon.mailbox.flowed import unflow
from daemon.mailbox.mime import Part, Reader, decoded
from daemon.mailbox.outlook import read_msg

__all__ = ["Head", "head_of", "parse", "read_msg"]

_CID = re.compile(r"cid:([^\"'\s>)\]&]{1,250})", re.I)
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"' ]{0,3}([\w.:-]{2,40})", re.I)
_METHOD = re.compile(rb"^METHOD:([A-Z]{2,20})", re.M)
_OUTLOOK_PICTURE = re.compile(r"^(image\d{3}|outlook-[\w-]+|logo|~?wrd\d+)\.(png|jpe?g|gif|bmp|emz|wmz)$", re.I)
_SIGNATURES = frozenset(
    (
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/applefile",
    )
)
_REPORT_PARTS = frozenset(
    (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "text/rfc822-headers",
        "message/global-headers",
    )
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a mail says of itself before its body: enough to keep it and to know it again."""

    message_id: str | None
    from_address: str | None
    subject: str
    date: dt.datetime | None


def head_of(raw: bytes) -> Head:
    """Read a mail's header alone, with the same result as ``parse`` for these fields; never raises."""
    root = Reader.head(raw, ("message-id", "from", "subject", "date"))
    return Head(_message_id(root), _from_address(root), root.get("subject") or "", addresses.date(root.coded("date")))


def _message_id(root: Part) -> str | None:
    return next(iter(addresses.identifiers(root.coded("message-id"))), None)


def _from_address(root: Part) -> str | None:
    return next((box.address for box in addresses.boxes(root.coded("from")) if box.address), None)


def parse(raw: bytes) -> Message:
    """Read one mail (RFC 5322 and MIME). Broken mails give what can be read and say in ``defects`` what is wrong."""
    reader = Reader()
    root = reader.read(raw)
    found = _Found()
    _collect(root, found, reader, related=False)
    text = "\n".join(found.texts) if found.texts else None
    html = "\n".join(found.htmls) if found.htmls else None
    report = reports.read(root, _walk(root), text or html or "")
    sender = addresses.boxes(root.coded("from"))
    return Message(
        message_id=_message_id(root),
        in_reply_to=addresses.identifiers(root.coded("in-reply-to")),
        references=addresses.identifiers(root.coded("references")),
        subject=root.get("subject") or "",
        from_address=next((box.address for box in sender if box.address), None),
        from_name=sender[0].name if sender else None,
        to=_addresses(root, "to"),
        cc=_addresses(root, "cc"),
        date=addresses.date(root.coded("date")),
        headers=tuple((key, decoded(value)) for key, value in root.fields),
        text=text,
        html=html,
        attachments=() if report.kind else _named(found, _shown(text, html)),
        report=report.kind,
        reported_message_id=report.message_id,
        reported_subject=report.subject,
        delivery=report.delivery,
        defects=tuple(reader.defects),
        from_all=tuple(box.address for part in _all(root, "from") for box in part if box.address),
        calendar=found.calendar,
    )


@dataclass(slots=True)
class _Leaf:
    """A part that is no body, and whether it stands in a multipart/related."""

    part: Part
    related: bool


@dataclass(slots=True)
class _Found:
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[_Leaf] = field(default_factory=list)
    calendar: str | None = None


def _all(root: Part, name: str) -> list[tuple[addresses.Box, ...]]:
    return [addresses.boxes(value) for key, value in root.fields if key == name]


def _addresses(root: Part, name: str) -> tuple[str, ...]:
    return tuple(box.address for part in _all(root, name) for box in part if box.address)


def _walk(part: Part) -> list[Part]:
    """Every part without descending into attached mails."""
    waiting, result = [part], []
    while waiting:
        current = waiting.pop()
        result.append(current)
        waiting.extend(reversed(current.children))
    return result


def _collect(part: Part, found: _Found, reader: Reader, *, related: bool) -> None:
    """Sort the leaves into bodies and files."""
    if part.children:
        for child in _readable(part):
            _collect(child, found, reader, related=part.media_type == "multipart/related")
        return
    if part.media_type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        inner = smime.signed_content(part.content())
        if inner and reader.parts < 300:
            _collect(reader.read(inner, 6), found, reader, related=False)
            return
    if part.media_type == "text/calendar":
        method = _METHOD.search(part.content()[:20000].upper())
        found.calendar = (
            found.calendar or part.params.get("method", method[1].decode() if method else "PUBLISH").upper()
        )
    if _is_body(part, found):
        _take_body(part, found)
    elif part.media_type not in _REPORT_PARTS and not _unnamed_calendar(part):
        found.files.append(_Leaf(part, related))


def _readable(part: Part) -> list[Part]:
    """The children that count: of an alternative, one text and one HTML branch; the rest in order."""
    if part.media_type != "multipart/alternative":
        return part.children
    plain = [child for child in part.children if child.media_type == "text/plain"][:1]
    rich = [child for child in part.children if child.media_type == "text/html" or child.children][-1:]
    rest = [
        child for child in part.children if child.media_type not in ("text/plain", "text/html") and not child.children
    ]
    return plain + rich + rest


def _unnamed_calendar(part: Part) -> bool:
    return part.media_type == "text/calendar" and not part.name and part.disposition != "attachment"


def _is_body(part: Part, found: _Found) -> bool:
    if part.media_type not in ("text/plain", "text/html", "text/enriched", "text/richtext"):
        return False
    if part.disposition == "attachment":
        return False
    return not part.name or not (found.texts or found.htmls or found.files)


def _take_body(part: Part, found: _Found) -> None:
    if part.media_type == "text/html":
        found.htmls.append(_html(part))
        return
    text = mended(part.content(), part.params.get("charset"))
    if part.params.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.params.get("delsp", "").lower() == "yes")
    found.texts.append(text)


def _html(part: Part) -> str:
    """HTML by its label, else by its own meta element."""
    raw = part.content()
    label = part.params.get("charset")
    meta = _META.search(raw[:4000])
    if codec_of(label) is None and meta:
        label = meta[1].decode("ascii", "replace")
    return mend(text_of(raw, label)) if b"\xc2" in raw or b"\xc3" in raw else text_of(raw, label)


def _shown(text: str | None, html: str | None) -> frozenset[str]:
    """The Content-IDs that a body shows as pictures."""
    return frozenset(item.strip("<>").lower() for body in (text, html) if body for item in _CID.findall(body))


def _named(found: _Found, shown: frozenset[str]) -> tuple[Attachment, ...]:
    items = [_attachment(leaf, number, shown) for number, leaf in enumerate(found.files, 1)]
    distinct = names.distinct([item.name for item in items])
    return tuple(dataclasses.replace(item, name=name) for item, name in zip(items, distinct, strict=True))


def _attachment(leaf: _Leaf, number: int, shown: frozenset[str]) -> Attachment:
    part = leaf.part
    name = part.name
    if not name and part.media_type in ("message/rfc822", "message/global"):
        inner = Reader().read(part.content()[:100000]).get("subject")
        name = f"{inner[:100].replace('/', '-')}.eml" if inner else None
    elif not name and part.media_type == "application/ms-tnef":
        name = "winmail.dat"
    cid = (part.coded("content-id") or "").strip().strip("<>") or None
    return Attachment(
        names.safe(mend(name) if name else None, part.media_type, number),
        part.media_type,
        part.body,
        _is_picture(leaf, cid, shown) or part.media_type in _SIGNATURES,
        cid,
        part.decoder(),
    )


def _is_picture(leaf: _Leaf, cid: str | None, shown: frozenset[str]) -> bool:
    """A picture of the body: shown by its Content-ID, or lying beside the HTML, or called as Outlook calls them."""
    part = leaf.part
    if part.maintype != "image" and not _OUTLOOK_PICTURE.match(part.name or ""):
        return False
    if cid and cid.lower() in shown:
        return True
    if part.disposition == "attachment":
        return False
    return leaf.related or bool(_OUTLOOK_PICTURE.match(part.name or ""))
