"""Our outgoing mails as bytes. Headers cannot be injected; the body carries the marks of the contract. Sends nothing."""

import datetime as dt
import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from daemon.desk.text import clean
from daemon.desk.trouble import Refused
from daemon.mailbox import names

REPLY_LINE = "— Xin trả lời phía trên dòng này —"

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}")
_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")
_MOST_SUBJECT = 250
_FROM_MARK, _SUBJECT_MARK = "x-words-of-from", "x-words-of-subject"


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach: its name (made ASCII here) and bytes."""

    name: str
    content: bytes = field(repr=False)
    media_type: str | None = None


def compose(
    *,
    sender: tuple[str, str],
    to: Sequence[str],
    subject: str,
    body: str,
    message_id: str,
    date: dt.datetime,
    cc: Sequence[str] = (),
    number: str | None = None,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    files: Sequence[File] = (),
    by_person: bool = False,
    urgent: bool = False,
    reply_line: bool = True,
) -> bytes:
    """Return a mail ready to send (RFC 5322, CRLF line ends).

    ``sender`` is (printed name, address), ``date`` aware, ``message_id`` with its angle brackets, drawn by the caller.
    ``number`` is put into the subject in brackets unless it stands there, and into the last line of the body. With
    ``reply_line`` the first line asks to answer above it. ``by_person`` leaves out ``Auto-Submitted``.

    Raises:
        Refused: An address or Message-ID is not well formed, there is no recipient, or the time has no zone.
    """
    mail = EmailMessage(policy=SMTP.clone(max_line_length=78))
    words = {_FROM_MARK: _line(sender[0]), _SUBJECT_MARK: _subject(subject, number)}
    mail["From"] = Address(display_name=_FROM_MARK, addr_spec=_address(sender[1]))
    if not to:
        raise Refused("Thư không có người nhận: ghi địa chỉ thư của đơn vị hoặc khách hàng rồi gửi lại.")
    mail["To"] = ", ".join(_address(one) for one in to)
    if cc:
        mail["Cc"] = ", ".join(_address(one) for one in cc)
    mail["Subject"] = _SUBJECT_MARK
    if date.tzinfo is None:
        raise Refused("Giờ gửi thư không có múi giờ: đây là lỗi chương trình, xin báo người quản trị.")
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = _identifier(message_id)
    _thread(mail, in_reply_to, references)
    if not by_person:
        mail["Auto-Submitted"] = "auto-generated"
    if urgent:
        mail["Importance"], mail["Priority"], mail["X-Priority"] = "high", "urgent", "1"
    mail.set_content(_body(body, number, reply_line), subtype="plain", charset="utf-8", cte="quoted-printable")
    for file, name in zip(files, ascii_names([file.name for file in files]), strict=True):
        _attach(mail, file, name)
    if mail.is_multipart():
        # The same mail has the same bytes: they are compared when a sent copy is looked for.
        mail.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32])
    return _with_words(mail.as_bytes(), words)


def _with_words(raw: bytes, words: Mapping[str, str]) -> bytes:
    """Put the encoded words (RFC 2047) in their places of the header.

    The standard library's own folding of ``EmailMessage`` loses the blank between two encoded words, so that the reader
    sees "trảlời"; ``Header`` keeps every blank inside a word.
    """
    head, end, body = raw.partition(b"\r\n\r\n")
    for mark, text in words.items():
        plain = text.isascii() and len(text) < 60 and re.fullmatch(r"[\w .,:;\[\]/-]*", text)
        shown = text if plain and mark == _SUBJECT_MARK else Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")
        head = head.replace(mark.encode(), shown.encode(), 1)
    return head + end + body


def ascii_names(wanted: Sequence[str]) -> list[str]:
    """Return distinct safe ASCII names: old Outlooks show coded ones as ``ATT0001``."""
    return names.distinct([_ascii(name, number) for number, name in enumerate(wanted, 1)])


def _ascii(name: str, number: int) -> str:
    safe = names.safe(name, "application/octet-stream", number).replace("đ", "d").replace("Đ", "D")
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.")
    return names.safe(plain or None, "application/octet-stream", number)


def _line(text: str) -> str:
    """One line of visible text: what could end a header field is gone."""
    return " ".join("".join(char if unicodedata.category(char)[0] != "C" else " " for char in clean(text)).split())


def _subject(subject: str, number: str | None) -> str:
    text = _line(subject)
    if number and f"[{number}]" not in text:
        text = f"[{_line(number)}] {text}"
    return text[:_MOST_SUBJECT].rstrip()


def _address(text: str) -> str:
    address = text.strip()
    if not _ADDRESS.fullmatch(address):
        raise Refused(f"Địa chỉ thư {_line(text)[:80]!r} không đúng dạng: sửa lại địa chỉ rồi gửi lại.")
    return address


def _identifier(text: str) -> str:
    if not _ID.fullmatch(text):
        raise Refused(
            f"Message-ID {_line(text)[:80]!r} không đúng dạng: đây là lỗi chương trình, xin báo người quản trị."
        )
    return text


def _thread(mail: EmailMessage, in_reply_to: str | None, references: Sequence[str]) -> None:
    """The thread of a mail we answer. Its identifiers are a stranger's: unusable ones are left out, not refused."""
    chain = [item for item in references if _ID.fullmatch(item)][-20:]
    if in_reply_to and _ID.fullmatch(in_reply_to):
        mail["In-Reply-To"] = in_reply_to
        chain = [*(item for item in chain if item != in_reply_to), in_reply_to]
    if chain:
        mail["References"] = " ".join(chain)


def _body(body: str, number: str | None, reply_line: bool) -> str:
    lines = [REPLY_LINE, ""] if reply_line else []
    lines.append(clean(body).strip("\n"))
    if number and f"Mã tiếp nhận: {number}" not in body:
        lines += ["", f"Mã tiếp nhận: {_line(number)}"]
    return "\n".join(lines) + "\n"


def _attach(mail: EmailMessage, file: File, name: str) -> None:
    guessed = file.media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    main, _slash, sub = guessed.partition("/")
    if main in ("multipart", "message", "text") or not re.fullmatch(r"[\w.+-]+", sub):
        main, sub = "application", "octet-stream"
    mail.add_attachment(file.content, maintype=main, subtype=sub, filename=name)
