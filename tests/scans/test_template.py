"""The printable blank agrees with the layout it is read by."""

import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from daemon.desk.form import Rect
from tests.scans.paper import LAYOUT, ROOT

TEMPLATE = ROOT / "templates" / "phieu-tiep-nhan.docx"
EMU = 36000  # English metric units in a millimetre


def anchored():
    with zipfile.ZipFile(TEMPLATE) as archive:
        headers = [archive.read(n).decode() for n in archive.namelist() if re.search(r"word/header\d*\.xml", n)]
    for anchor in re.findall(r"<wp:anchor.*?</wp:anchor>", "".join(headers), re.S):
        left, top = (int(v) / EMU for v in re.findall(r"<wp:posOffset>(-?\d+)</wp:posOffset>", anchor)[:2])
        width, height = (int(re.search(rf'<wp:extent [^>]*{side}="(\d+)"', anchor)[1]) / EMU for side in ("cx", "cy"))
        yield re.search(r'descr="([^"]*)"', anchor)[1], Rect(left, top, left + width, top + height)


def missed(one, other):
    return max(
        abs(a - b) for a, b in zip(one.corners[0] + one.corners[2], other.corners[0] + other.corners[2], strict=True)
    )


def test_every_mark_is_anchored_where_the_layout_says():
    marks = [rect for name, rect in anchored() if name != "QR"]
    for wanted in (*LAYOUT.squares, *(box.rect for box in LAYOUT.boxes)):
        assert min(missed(wanted, rect) for rect in marks) < 0.1
    assert len(marks) == len(LAYOUT.squares) + len(LAYOUT.boxes)


def test_the_qr_picture_is_there_for_the_renderer_with_its_quiet_zone():
    (code,) = [rect for name, rect in anchored() if name == "QR"]
    quiet = 4 * (LAYOUT.qr.right - LAYOUT.qr.left) / 25
    inner = Rect(code.left + quiet, code.top + quiet, code.right - quiet, code.bottom - quiet)
    assert missed(inner, LAYOUT.qr) < 0.1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_printed_by_libreoffice_it_agrees_within_a_millimetre_and_reads_back():
    command = [sys.executable, str(ROOT / "tools" / "make_form.py"), "--measure"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
