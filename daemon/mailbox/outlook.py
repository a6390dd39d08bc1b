"""Outlook .msg files to a Message, by python-oxmsg. A body kept only as RTF stays unread and is named as a defect."""

import io
import struct

import olefile
import oxmsg
from oxmsg.attachment import Attachment as OxAttachment
from oxmsg.domain import constants as pid
from oxmsg.domain import model as ox

from daemon.desk.decode import mend, text_of
from daemon.desk.message import Attachment, Message
from daemon.desk.text import clean
from daemon.desk.trouble import Refused
from daemon.mailbox import addresses, names
from daemon.mailbox.mime import decoded, header_fields

MOST_FILES = 200
_BROKEN = (
    ox.UnrecognizedCodePageError,
    ox.UnsupportedEncodingError,
    ValueError,
    OSError,
    struct.error,
    LookupError,
    AssertionError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def read_msg(raw: bytes) -> Message:
    """Read an Outlook item file.

    Raises:
        Refused: The bytes are no readable .msg file.
    """
    try:
        _bound(raw)
        return _read(oxmsg.Message.load(raw))
    except _BROKEN as error:
        raise Refused(
            "Tệp .msg không đọc được: nội dung bị hỏng hoặc không phải thư Outlook. Mở tệp bằng Outlook, lưu lại dạng .eml rồi thả vào lại."
        ) from error


def _bound(raw: bytes) -> None:
    """Raise ValueError where the streams claim to hold more than the file: a chain that bites its tail is read for ever."""
    with olefile.OleFileIO(io.BytesIO(raw)) as package:
        entries = [entry for entry in package.direntries if entry is not None]
        sizes = [entry.size for entry in entries if entry.entry_type != olefile.STGTY_STORAGE]
    # Small streams lie inside the root's own: what is there counts twice.
    if sum(sizes) > 2 * len(raw) + 4096:
        raise ValueError("streams larger than the file")


def _read(item: oxmsg.Message) -> Message:
    properties = item.properties
    transport = clean(properties.str_prop_value(pid.PID_TRANSPORT_MESSAGE_HEADERS) or "")
    fields, _start, _whole = header_fields(transport.encode())
    first = dict(reversed(fields))
    text, html = item.body, _html(item)
    files = _files(item, (html or "") + (text or ""))
    sender = addresses.boxes(first.get("from") or item.sender)
    to, cc = _recipients(item, first)
    own_id = first.get("message-id") or properties.str_prop_value(pid.PID_INTERNET_MESSAGE_ID)
    return Message(
        message_id=next(iter(addresses.identifiers(own_id)), None),
        in_reply_to=addresses.identifiers(
            first.get("in-reply-to") or properties.str_prop_value(pid.PID_IN_REPLY_TO_ID)
        ),
        references=addresses.identifiers(first.get("references")),
        subject=mend(item.subject).replace("\n", " ").strip(),
        from_address=next((box.address for box in sender if box.address), None),
        from_name=sender[0].name if sender else None,
        to=to,
        cc=cc,
        date=addresses.date(first.get("date")) or item.sent_date,
        headers=tuple((key, decoded(value)) for key, value in fields),
        text=mend(text) if text else None,
        html=html,
        attachments=files,
        defects=() if text or html else ("thư Outlook chỉ có nội dung dạng RTF, chưa đọc được",),
        from_all=tuple(box.address for box in sender if box.address),
    )


def _html(item: oxmsg.Message) -> str | None:
    raw = item.properties.binary_prop_value(pid.PID_HTML)
    if raw:
        return text_of(raw, item.properties.body_encoding)
    text = item.properties.str_prop_value(pid.PID_BODY_HTML)
    return clean(text) if text else None


def _recipients(item: oxmsg.Message, first: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To and Cc by the transport header, else by the recipient table (where all count as To)."""
    if "to" in first or "cc" in first:
        return _known(first.get("to")), _known(first.get("cc"))
    return tuple(one.email_address.lower() for one in item.recipients if "@" in one.email_address)[:300], ()


def _known(value: str | None) -> tuple[str, ...]:
    return tuple(box.address for box in addresses.boxes(value) if box.address)


def _files(item: oxmsg.Message, body: str) -> tuple[Attachment, ...]:
    shown = body.lower()
    made = [_file(one, number, shown) for number, one in enumerate(item.attachments[:MOST_FILES], 1)]
    files = [one for one in made if one is not None]
    unique = names.distinct([one.name for one in files])
    return tuple(
        Attachment(name, one.media_type, one.content, one.inline, one.content_id)
        for name, one in zip(unique, files, strict=True)
    )


def _file(one: OxAttachment, number: int, shown: str) -> Attachment | None:
    """An attachment kept by value; a linked or embedded Outlook item has no bytes of its own and is left out."""
    method = one.properties.int_prop_value(pid.PID_ATTACH_METHOD)
    content = one.file_bytes
    if content is None or (method is not None and not method & ox.AF_BY_VALUE):
        return None
    media_type = one.mime_type or "application/octet-stream"
    name = one.file_name or one.properties.str_prop_value(pid.PID_ATTACH_FILENAME)
    cid = one.properties.str_prop_value(pid.PID_ATTACH_CONTENT_ID)
    inline = bool(cid) and f"cid:{cid}".lower() in shown
    return Attachment(names.safe(name, media_type, number), media_type, content, inline, cid)
