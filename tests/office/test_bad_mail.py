"""Mails as they should not be: each becomes a ticket or is kept where a person sees it, and none keeps back the others."""

import dataclasses
import hashlib
import zipfile
from collections import Counter
from typing import Any

import docx

from daemon.office import intake
from tests.support.office import DESK, Desk

GOOD = (
    "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 115"
)


def raw(text: str | None = GOOD, **headers: str | None) -> bytes:
    """Make a mail by hand; a header that is None is left out."""
    lines = {
        "From": "Lương Thị Nga <nga@khach.example>",
        "To": DESK,
        "Subject": "Công tơ chạy nhanh",
        "Date": "Mon, 05 Oct 2026 08:15:00 +0700",
        "Message-ID": "<m1@khach.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in lines.items() if value is not None)
    return f"{head}\n{text}\n".encode()


def multipart(file_name: str, content: bytes = b"%PDF-1.4 khong phai") -> bytes:
    """Make a mail with one attachment of a given name."""
    return (
        raw(**{"Content-Type": 'multipart/mixed; boundary="b"'}).split(b"\n\n")[0]
        + b"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
        + GOOD.encode()
        + b'\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="'
        + file_name.encode()
        + b'"\n\n'
        + content
        + b"\n--b--\n"
    )


BAD: dict[str, bytes] = {
    "no Message-ID": raw(**{"Message-ID": None}),
    "no From": raw(From=None),
    "empty From": raw(From="<>"),
    "no Date": raw(Date=None),
    "a Date that is none": raw(Date="hôm qua, quãng 8 giờ"),
    "a Date of 1970": raw(Date="Thu, 01 Jan 1970 00:00:00 +0000"),
    "a Date of 2070": raw(Date="Thu, 02 Jan 2070 00:00:00 +0000"),
    "unknown charset": raw(**{"Content-Type": "text/plain; charset=x-vni-unknown"}),
    "wrong charset": raw(**{"Content-Type": "text/plain; charset=us-ascii"}),
    "unknown encoding": raw(**{"Content-Transfer-Encoding": "x-none"}),
    "broken base64": raw(text="@@@@", **{"Content-Transfer-Encoding": "base64"}),
    "no headers at all": b"\n" + GOOD.encode(),
    "headers only": raw(text=""),
    "nothing": b"",
    "only zeros": b"\0" * 200,
    "NUL in the text": raw(text=GOOD + "\0\0"),
    "NUL in the subject": raw(Subject="Công tơ\0 chạy nhanh"),
    "a subject of a megabyte": raw(Subject="x" * 1_000_000),
    "a thousand headers": raw(**{f"X-{n}": "y" for n in range(1000)}),
    "a boundary never closed": multipart("a.pdf")[:-7],
    "parts in parts": raw(**{"Content-Type": 'multipart/mixed; boundary="b"'}, text="--b\n" * 300),
    "an attachment named like a path": multipart("../../../etc/passwd"),
    "an attachment named like a Windows path": multipart("C:\\\\Windows\\\\..\\\\win.ini"),
    "an attachment with a name of 1000 characters": multipart("é" * 1000 + ".pdf"),
    "an attachment without a name": multipart(""),
    "an attachment named by control characters": multipart("a\x01\x1b[31mb.pdf"),
}
BAD = {name: data.replace(b"<m1@", f"<m{n}@".encode()) for n, (name, data) in enumerate(BAD.items())}


def test_every_mail_is_one_entry_and_none_keeps_back_the_others(desk: Desk) -> None:
    names = {hashlib.sha256(data).hexdigest(): name for name, data in BAD.items()}
    for data in BAD.values():
        desk.deliver(data)
    desk.mail("Bùi Văn Hai <hai@khach.example>", "Công tơ", GOOD.replace("115", "116"))
    desk.work()
    items = desk.parts.store.items("unsorted", "sorted", "unplaced", "set_aside", "ignored", "reading")
    assert Counter(names.get(each.digest, "the last") for each in items) == Counter([*BAD, "the last"])
    assert [names.get(each.digest) for each in items if each.state in ("unsorted", "reading")] == []
    assert items[-1].state == "sorted"
    assert list((desk.home / "var/mailbox/new").iterdir()) == []
    assert desk.parts.store.broken_chains() == []
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []
    inside = [path.resolve().is_relative_to(desk.home.resolve()) for path in desk.home.rglob("*")]
    assert all(inside)
    told = [event.content for ticket in desk.parts.store.tickets() for event in desk.events(ticket.number)]
    assert [each for each in told if "defect" in str(each)] == []


def test_an_attachment_stays_in_the_ticket_s_folder_under_our_name(desk: Desk) -> None:
    desk.deliver(BAD["an attachment named like a path"])
    desk.work()
    assert "PCBK-2026-000001-original-1-1-passwd" in desk.file_names()


def test_the_same_mail_twice_is_one_ticket(desk: Desk) -> None:
    for _ in range(2):
        desk.deliver(raw())
    desk.work()
    desk.deliver(raw(Received="from elsewhere"))
    (desk.home / "inbox" / "thu.eml").write_bytes(raw())
    desk.work()
    assert len(list(desk.parts.store.tickets())) == 1
    assert len(desk.new_sent()) == 2


def test_the_same_message_id_with_another_body_is_another_mail(desk: Desk) -> None:
    desk.deliver(raw())
    desk.deliver(raw(text=GOOD.replace("115", "117")))
    desk.work()
    assert len(list(desk.parts.store.tickets())) == 2


def test_a_mail_that_breaks_the_reader_is_kept_and_set_aside(desk: Desk) -> None:
    def broken() -> Any:
        raise RecursionError("too deep")

    made = intake._readable(desk.parts, raw(), broken)
    assert (made.state, made.data) == ("set_aside", raw())
    assert "RecursionError" in made.reason


def test_a_mail_too_big_is_set_aside_and_stays_in_the_mailbox(desk: Desk) -> None:
    desk.parts.mailbox._config = _smaller(desk.parts.mailbox._config)  # type: ignore[attr-defined]
    desk.deliver(raw(text="x" * 5000))
    desk.work()
    (item,) = desk.parts.store.items("set_aside")
    assert "quá lớn" in item.reason
    assert len(list((desk.home / "var/mailbox/.Da-tiep-nhan/cur").iterdir())) == 1


def _smaller(config: Any) -> Any:
    return dataclasses.replace(config, max_bytes=1000)


# -- words that are code elsewhere -------------------------------------------------------------------------------------
WORDS = "<Minh Anh> & {{ 7*7 }} {% if x %} {number} ${x} %s ✅ 😀 <w:p/> &amp; ]]> \\n"


def _all_text(path: Any) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_customer_s_words_stand_literally_in_every_letter(desk: Desk) -> None:
    desk.mail("Lương Thị Nga <nga@khach.example>", "Công tơ", f"{GOOD} {WORDS}\x07\x0b\x1b[31m\n")
    desk.work()
    number = desk.ticket().number
    folder = desk.home / "outbox" / number
    letters = sorted(folder.glob("*.docx"))
    assert len(letters) >= 2
    (form,) = folder.glob("*-request-*.docx")
    for word in WORDS.split():
        assert word in _all_text(form), word
    for path in letters:
        assert "49" not in _all_text(path).replace("0912", "")
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
    (mail,) = [each for each in desk.new_sent() if "dlnari@pcbk.example" in each.to]
    for word in WORDS.split():
        assert word in mail.text, word


def test_a_customer_s_name_cannot_break_a_header(desk: Desk) -> None:
    text = "Tôi là Lương Thị Nga\r\nBcc: ke@gian.example\r\n, xã Sơn Thành. Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định."
    desk.mail("nga@khach.example", "Công tơ", text)
    desk.work()
    desk.parts.store.record(
        desk.ticket().number,
        _set(desk, {"name": "Nga\r\nBcc: ke@gian.example"}),
        desk.clock.now(),
    )
    desk.work()
    for mail in desk.new_sent():
        assert mail.header("bcc") is None
        assert "ke@gian.example" not in (*mail.to, *mail.cc)


def _set(desk: Desk, fields: dict[str, str]) -> Any:
    from daemon.desk.ticket import Author, Event

    return Event("fields_set", desk.clock.now(), Author("person", "Lan"), {"fields": fields, "all": True})


# -- files dropped into inbox ------------------------------------------------------------------------------------------
FILES = {
    "don.docx": b"PK\x03\x04 khong phai Word",
    "don.msg": b"\xd0\xcf\x11\xe0 khong phai Outlook",
    "don.eml": b"\xff\xfe\x00",
    "ảnh.jpg": b"khong phai anh",
    "don.pdf": b"%PDF-1.7\n" + b"\0" * 100,
    "khong-duoi": b"gi day",
    "a" * 200 + ".eml": raw(),
}


def test_files_that_cannot_be_read_are_given_back_or_shown(desk: Desk) -> None:
    for name, data in FILES.items():
        (desk.home / "inbox" / name).write_bytes(data)
    desk.work()
    assert [path.name for path in (desk.home / "inbox").iterdir() if path.is_file()] == []
    store = desk.parts.store
    assert store.items("unsorted", "reading") == []
    assert store.effects("wanted", "claimed", "set_aside") == []
    assert len(store.items("set_aside", "sorted", "unplaced", "ignored")) == len(FILES)
    reasons = {path.name: path.read_text("utf-8-sig") for path in (desk.home / "inbox" / "can-xem").glob("*.txt")}
    assert {"ảnh.jpg.txt", "don.pdf.txt", "khong-duoi.txt"} <= set(reasons)
    assert all("Lý do:" in text and "Việc cần làm:" in text for text in reasons.values())
