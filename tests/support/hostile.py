"""Mails and files made to hurt whoever reads them. Made here, nothing is fetched; names say what is wrong with each."""

import io
import struct
import zipfile
import zlib

from tests.support.office import DESK

GOOD = "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. Công tơ nhà tôi chạy nhanh, đề nghị kiểm định."
NAMES = (
    "..\\..\\x",
    "../../../etc/passwd",
    "C:\\Windows\\System32\\drivers\\etc\\hosts",
    "CON",
    "nul.docx",
    "LPT1.pdf",
    "\u202efdp.exe",
    "a\u2066b\u2069.pdf",
    "ten. . .",
    "~$don.docx",
    ".htaccess",
    "-rf",
    "a\x00b.pdf",
    "x" * 5000 + ".pdf",
    "đơn\u0301\u0323.PDF",
    "$(reboot).pdf",
    "%2e%2e%2fx",
    "a\r\nBcc: ke@gian.example",
)


def head(number: int, more: str = "") -> bytes:
    """The head of a mail up to the blank line."""
    return (
        f"From: Nga <nga{number}@khach.example>\nTo: {DESK}\nSubject: Công tơ {number}\n"
        f"Message-ID: <h{number}@khach.example>\nDate: Mon, 05 Oct 2026 08:15:00 +0700\nMIME-Version: 1.0\n{more}"
    ).encode()


def _nested(number: int, depth: int, innermost: bytes) -> bytes:
    body = b"Content-Type: text/plain; charset=utf-8\n\n" + innermost
    for level in range(depth):
        mark = b"n%d" % level
        body = b'Content-Type: multipart/mixed; boundary="%b"\n\n--%b\n%b\n--%b--\n' % (mark, mark, body, mark)
    return head(number) + body


def _letters_in_letters(number: int, depth: int) -> bytes:
    inner = head(number) + b"\n" + GOOD.encode()
    for _ in range(depth):
        inner = head(number) + b"Content-Type: message/rfc822\n\n" + inner
    return inner


def _attached(number: int, name: str, data: bytes) -> bytes:
    shown = name.encode().replace(b"\n", b"").replace(b"\r", b"")
    return (
        head(number, 'Content-Type: multipart/mixed; boundary="b"\n')
        + b"\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
        + GOOD.encode()
        + b'\n--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="'
        + shown
        + b'"\n\n'
        + data
        + b"\n--b--\n"
    )


def mails(large: int = 50_000_000) -> dict[str, bytes]:
    """Return the mails by name; each has a Message-ID of its own unless that is what is wrong with it."""
    text = GOOD.encode()
    made = {
        "nested 200 deep": _nested(1, 200, text),
        "letters in letters 200 deep": _letters_in_letters(2, 200),
        "one header line of 50 MB": head(3) + b"X-Long: " + b"x" * large + b"\n\n" + text,
        "a million header lines": head(4) + b"X: y\n" * (large // 50) + b"\n" + text,
        "headers and no end": head(5) + b"X: y\n" * 1000,
        "two Message-IDs, two Froms": head(6) + b"From: a@b.c\nMessage-ID: <other@x>\n\n" + text,
        "boundary inside a boundary": head(7, 'Content-Type: multipart/mixed; boundary="a"\n')
        + b'\n--a\nContent-Type: multipart/mixed; boundary="a"\n\n--a\n\n' + text + b"\n--a--\n--a--\n",
        "a boundary of nothing": head(8, 'Content-Type: multipart/mixed; boundary=""\n') + b"\n--\n\n" + text,
        "base64 of base64": head(9, "Content-Transfer-Encoding: base64\n") + b"\n" + b"QUFB" * 50_000 + b"=QQ==" * 100,
        "every encoding at once": head(
            10, "Content-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: quoted-printable\n"
        ) + b"\n+AGEA-=C4=90=\n" + text,
        "encoded words without end": head(11).replace(b"Subject: ", b"Subject: " + b"=?utf-8?b?" * 20_000) + b"\n" + text,
        "a name that turns the line": head(12).replace(b"Nga <", "\u202eagN\u202c <".encode()) + b"\n" + text,
        "html of tables in tables": head(13, "Content-Type: text/html; charset=utf-8\n")
        + b"\n" + b"<table><tr><td>" * 20_000 + text,
        "html with scripts": head(14, "Content-Type: text/html; charset=utf-8\n")
        + b"\n<script>while(1);</script><img src=x onerror=alert(1)><style>*{}</style><p>" + text,
        "a zip in a mail in a zip": _attached(15, "a.zip", zip_bomb(5_000_000)),
    }  # fmt: skip
    for at, name in enumerate(NAMES, start=30):
        made[f"attachment named {at}"] = _attached(at, name, b"%PDF-1.4 x")
    return made


# -- files -------------------------------------------------------------------------------------------------------------
def zip_bomb(unpacked: int, inside: str = "word/document.xml") -> bytes:
    """A package that unpacks to so many bytes of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(inside, b"\0" * unpacked)
    return out.getvalue()


def png(width: int, height: int, packed: bytes = b"") -> bytes:
    """A PNG that claims to be of that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            chunk(b"IDAT", packed or zlib.compress(b"\0" * 10_000_000, 9)),
            chunk(b"IEND", b""),
        )
    )


def pdf(objects: str) -> bytes:
    """A PDF of hand-written objects, without a table of them."""
    return f"%PDF-1.7\n{objects}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


SCRIPT = "1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while\\(true\\){})>>/AA<</O<</S/Launch/F(calc)>>>>>>endobj\n"
PAGE = "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</A 4 0 R>>>>>>endobj\n"
LOOP = "4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Length 5>>stream\n/A Do\nendstream endobj\n"


def files() -> dict[str, bytes]:
    """Return files for the scan folder by their names there."""
    image = png(100_000, 100_000)
    return {
        "bom.png": image,
        "bom.jpg": b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00" + b"\0" * 100,
        "bom.tif": b"II*\0\x08\0\0\0" + b"\x01\0" + struct.pack("<HHII", 0x0144, 4, 1, 8) + struct.pack("<I", 8),
        "lenh.pdf": pdf(SCRIPT + PAGE + LOOP),
        "vong.pdf": pdf(
            "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 999999/Kids[2 0 R]>>endobj\n"
        ),
        "to.pdf": pdf(SCRIPT + PAGE.replace("595 842", "9999999 9999999") + LOOP),
        "bom.docx": zip_bomb(60_000_000),
        "macro.docm": zip_bomb(1000),
        "hai-mat.pdf": pdf(SCRIPT + PAGE + LOOP) + zip_bomb(1000),
        "hai-mat.docx": b"PK\x03\x04" + image,
        "a..\\..\\x.pdf": b"%PDF-1.4",
        "CON": b"gi day",
        "nul.pdf": b"%PDF-1.4",
        "\u202efdp.exe": b"MZ",
        "-rf.pdf": b"%PDF-1.4 -rf",
        "$(reboot).png": b"\x89PNG",
    }
