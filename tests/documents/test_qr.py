import io
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

from daemon.documents import qr

MARKS = string.ascii_letters + string.digits + "|-éệĐ"


def by_package(text: str) -> list[list[bool]]:
    """The same code by the qrcode package: same level, mask and mode, with its border."""
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=qr.QUIET, mask_pattern=qr.MASK)
    code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.text(st.sampled_from(MARKS), min_size=1, max_size=130))
def test_equal_to_the_qrcode_package(text: str) -> None:
    assert [[module == 0 for module in row] for row in qr.matrix(text)] == by_package(text)


@pytest.mark.parametrize("length", [14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107])
def test_equal_at_the_edges_of_the_versions(length: int) -> None:
    text = ("PCBK|" * 30)[:length]
    assert [[module == 0 for module in row] for row in qr.matrix(text)] == by_package(text)


def test_the_picture_shows_the_matrix() -> None:
    text = "PCBK|PCBK-2026-000123|request-bach-thong|1"
    picture = Image.open(io.BytesIO(qr.png(text)))
    picture.verify()
    picture = Image.open(io.BytesIO(qr.png(text)))
    rows = qr.matrix(text)
    assert picture.size == (8 * len(rows), 8 * len(rows))
    assert [
        bytes(int(picture.getpixel((8 * x + 3, 8 * y + 5)) > 0) for x in range(len(rows))) for y in range(len(rows))
    ] == rows


def test_the_blank_picture_is_white() -> None:
    picture = Image.open(io.BytesIO(qr.blank()))
    assert set(picture.get_flattened_data() if hasattr(picture, "get_flattened_data") else picture.getdata()) == {255}


def test_a_reader_reads_it() -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="the reader of the extra [ocr]")
    for text in ("PCBK|PCBK-2026-000123|request-bach-thong|1", "PCBK|BC-tong-cong-ty-20261001-20261031|report|12"):
        found = zxingcpp.read_barcode(Image.open(io.BytesIO(qr.png(text))).convert("L"))
        assert found is not None
        assert found.text == text
