"""Attached Word and PDF files are opened in a child process: what a file does there, it does to nobody else."""

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from daemon.desk.message import Attachment
from daemon.reading.opener import Bounds, Opener

# A stand-in for the child: does what the file's name says.
STANDIN = """
import json, os, sys, time
sys.stdin.readline()
for line in sys.stdin:
    name = json.loads(line)["name"]
    if "hang" in name: time.sleep(600)
    if "crash" in name: os._exit(139)
    print(json.dumps({"text": str(os.getpid())}), flush=True)
    if "nap" in name: os._exit(0)
"""


def word(name: str = "tra-loi.docx", text: str = "Đơn vị đã kiểm tra.") -> Attachment:
    """A Word file as Word writes it."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return Attachment(name, "", out.getvalue())


@pytest.fixture
def standin() -> Iterator[Opener]:
    """An opener with a child that misbehaves on demand."""
    with Opener(Bounds(file_seconds=2.0), command=(sys.executable, "-c", STANDIN)) as made:
        yield made


@pytest.mark.parametrize("name", ["hang.docx", "crash.docx"])
def test_trouble_is_that_file_s_own(standin: Opener, name: str) -> None:
    assert standin.text(word(name)) is None
    assert standin.text(word("good.docx"))


def test_one_child_serves_many_files_and_one_asleep_is_woken(standin: Opener) -> None:
    first = standin.text(word("a.docx"))
    assert first == standin.text(word("nap.docx"))
    again = standin.text(word("b.docx"))
    assert again and again != first


def test_a_child_that_cannot_start_reads_nothing() -> None:
    with Opener(command=(sys.executable, "-c", "raise SystemExit(1)")) as opener:
        assert opener.text(word()) is None


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    """The true one."""
    with Opener() as made:
        yield made


def test_word_and_text_are_read(opener: Opener) -> None:
    assert opener.text(word()) == "Đơn vị đã kiểm tra."
    assert opener.text(Attachment("a.txt", "", "đã xong".encode())) == "đã xong"


def bomb(unpacked: int) -> bytes:
    """A Word file whose document unpacks to so many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * unpacked)
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """The same, but its directory says that nothing is inside."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + b"\x10\0\0\0" + data[at + 28 :]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><w:document>&z;</w:document>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(25)
)


def laughs() -> bytes:
    """Entities of entities of entities, and one that names a file of this machine."""
    whole = zipfile.ZipFile(io.BytesIO(word().content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for each in whole.infolist():
            data = ENTITIES if each.filename == "word/document.xml" else whole.read(each)
            package.writestr(each, data)
    return out.getvalue()


def foreign(path: Path) -> bytes:
    """A Word file that wants to show another file of this machine."""
    whole = zipfile.ZipFile(io.BytesIO(word().content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for each in whole.infolist():
            data = whole.read(each)
            if each.filename == "word/document.xml":
                head, _, rest = data.partition(b"?>")
                entity = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file://%s">]>' % str(path).encode()
                data = head + b"?>" + entity + rest.replace("Đơn vị".encode(), b"&secret;")
            package.writestr(each, data)
    return out.getvalue()


LOOP = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while(true){app.alert(1)})>>>>endobj
2 0 obj<</Type/Pages/Count 1000000/Kids[2 0 R 3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</A 4 0 R>>>>/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Length 5>>stream
/A Do
endstream endobj
trailer<</Root 1 0 R>>
"""
HOSTILE = {
    "bomb.docx": bomb(60_000_000),
    "lying-bomb.docx": lying(bomb(60_000_000)),
    "laughs.docx": laughs(),
    "loop.pdf": LOOP,
    "cut.pdf": b"%PDF-1.7\n" + b"<<" * 100_000,
    "polyglot.docx": b"PK\x03\x04" + LOOP,
    "polyglot.pdf": LOOP + bomb(1000),
    "macro.docm": bomb(1000),
    "nothing.docx": b"PK",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_within_bounds(opener: Opener, name: str) -> None:
    found = opener.text(Attachment(name, "", HOSTILE[name]))
    assert found is None or len(found) <= 100_000
    assert opener.text(word()) == "Đơn vị đã kiểm tra."


def test_no_other_file_of_this_machine_is_shown(opener: Opener, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("MAT-KHAU")
    found = opener.text(Attachment("x.docx", "", foreign(secret)))
    assert "MAT-KHAU" not in (found or "")
