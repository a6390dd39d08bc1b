"""Readers of what strangers send, as functions over bytes, with seeds to start from: for the tests and ``tools/fuzz.py``.

A reader may refuse an input (``Trouble``); any other exception, a hang or a hunger for memory is a find.
"""

import datetime as dt
import email.message
import io
import itertools
import random
import re
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.policy import SMTP
from pathlib import Path
from typing import Any

import docx
import openpyxl
from PIL import Image

from daemon.desk import matching
from daemon.desk.message import Attachment
from daemon.desk.tariff import Tariffs
from daemon.desk.trouble import Trouble
from daemon.lookups.lookups import Lookups
from daemon.mailbox.message import parse, read_msg
from daemon.reading.answers import kind_of
from daemon.reading.attached import from_attachment
from daemon.reading.reply import read_reply
from daemon.scans import fields
from daemon.scans.pages import Limits, open_pages
from daemon.settings.lookups import load_mappings
from tests.mailbox import outlook_files
from tests.support import hostile
from tests.support.office import ROOT, ZONE

CODE = re.compile(r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}")
MARKS = (
    *(b"\n", b"\r\n\r\n", b'"', b"--b\n", b"=?utf-8?b?", b"%", b"\xff", b"\0", b";", b"<", b">", b"\\", b"{{", b"\xe2\x80\xae"),
    *(b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Transfer-Encoding: base64\n", b"<blockquote>", b"endobj", b"PK\x03\x04"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One reader: what it is called with, and inputs that are worth changing."""

    read: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]


def _reply(raw: bytes) -> None:
    message = parse(raw)
    reply = read_reply(message, None)
    kind_of(message, reply)
    matching.codes_in(reply.text)


def _msg(raw: bytes) -> None:
    read_msg(raw)


def _attached(raw: bytes) -> None:
    from_attachment(Attachment("a.docx" if raw.startswith(b"PK") else "a.pdf", "", raw))


def _form(raw: bytes) -> None:
    text = raw.decode("utf-8", "replace")
    for read in (fields.phone, fields.meter, fields.date, fields.email, fields.name, fields.address, fields.words):
        read(text)
    fields.code(text, CODE)
    fields.guessed_code(text, CODE)


def _scan(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "to"
        path.write_bytes(raw)
        for _ in open_pages(path, Limits(pages=3, page_pixels=300_000, picture_pixels=2_000_000)):
            pass


def _export(raw: bytes) -> None:
    mappings = load_mappings(ROOT / "config" / "lookups.toml")
    now = dt.datetime(2026, 10, 5, 8, tzinfo=ZONE)
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox" / "du-lieu"
        inbox.mkdir(parents=True)
        (inbox / ("a.xlsx" if raw.startswith(b"PK") else "a.csv")).write_bytes(raw)
        lookups: Any = Lookups(Path(folder), mappings, Tariffs(), lambda: now, settle=0)
        try:
            list(lookups.take_exports(wait=True))
        finally:
            lookups.close()


# -- seeds -------------------------------------------------------------------------------------------------------------
def _letters() -> list[bytes]:
    made = [raw for raw in hostile.mails(large=3000).values() if len(raw) < 60_000]
    for text in (hostile.GOOD, "Đơn vị đã kiểm tra.\n\nOn 1 Oct 2026 a@b wrote:\n> cũ\n", "<p>a</p><blockquote>b"):
        mail = email.message.EmailMessage(policy=SMTP)
        mail["From"], mail["Subject"], mail["In-Reply-To"] = "Điện lực <a@b.vn>", "Re: [PCBK-2026-000001]", "<x@y>"
        mail.set_content(text)
        mail.add_alternative(f"<div>{text}</div>", subtype="html")
        mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="tệp.pdf")
        made.append(mail.as_bytes())
    return made


def _outlook() -> list[bytes]:
    return [outlook_files.message({0x0037: "Công tơ", 0x1000: hostile.GOOD}, [])]


def _word() -> list[bytes]:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(hostile.GOOD)
    document.add_table(2, 2).cell(0, 0).text = "a"
    document.save(out)
    return [out.getvalue(), hostile.files()["lenh.pdf"], hostile.files()["vong.pdf"]]


def _fields() -> list[bytes]:
    said = (
        "PAO7CD49659Z4",
        "0362 756 l32",
        "2l/O5/2O26",
        "nga@gmaii.com",
        "LE VAN HAI",
        "To 6, xa Bang Lung",
        "404728g009",
    )
    return [each.encode() for each in said]


def _pictures() -> list[bytes]:
    made = [hostile.png(100, 100), *(hostile.files()[name] for name in ("lenh.pdf", "vong.pdf", "bom.tif"))]
    for kind in ("PNG", "JPEG", "TIFF", "BMP", "GIF"):
        out = io.BytesIO()
        Image.new("L", (80, 60), 200).save(out, kind)
        made.append(out.getvalue())
    return made


def _tables() -> list[bytes]:
    rows = (
        ("STT", "Tên điện lực", "Mã trạm", "Khu vực", "Thời gian bắt đầu", "Thời gian kết thúc", "Lý do"),
        (1, "Điện lực Bạch Thông", "BT001", "xã Quân Hà", "07:30 08/10/2026", "11:30 08/10/2026", "Bảo dưỡng"),
    )
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return [out.getvalue(), "\n".join(";".join(map(str, row)) for row in rows).encode()]


TARGETS = {
    "mail": Target(parse, _letters),
    "reply": Target(_reply, _letters),
    "msg": Target(_msg, _outlook),
    "attached": Target(_attached, _word),
    "form": Target(_form, _fields),
    "scan": Target(_scan, _pictures),
    "export": Target(_export, _tables),
}


# -- running -----------------------------------------------------------------------------------------------------------
def survives(target: Target, raw: bytes) -> None:
    """Let a reader read; what it refuses in words is well. Raises what it must not raise."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what libraries say of a broken file
            target.read(raw)
    except Trouble:
        return


def mutated(target: Target, seed: int) -> "itertools.chain[bytes]":
    """Return the seeds, and then changed ones without end."""
    seeds = list(target.seeds())
    return itertools.chain(seeds, (_changed(random.Random(f"{seed}/{n}"), seeds) for n in itertools.count()))


def _changed(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    raw = bytearray(rng.choice(seeds))
    for _ in range(rng.randrange(1, 16)):
        at = rng.randrange(len(raw) + 1)
        what = rng.randrange(5)
        if what == 0 and at < len(raw):
            raw[at] = rng.randrange(256)
        elif what == 1:
            del raw[at : at + rng.randrange(1, 60)]
        elif what == 2:
            raw[at:at] = rng.choice(MARKS) * rng.choice((1, 1, 2, 50))
        elif what == 3:
            other = rng.choice(seeds)
            start = rng.randrange(len(other) + 1)
            raw[at:at] = other[start : start + rng.randrange(200)]
        else:
            raw[at:at] = raw[at : at + rng.randrange(100)] * rng.randrange(1, 8)
    return bytes(raw[:200_000])
