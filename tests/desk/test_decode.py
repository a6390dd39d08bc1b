"""The charset ladder: Vietnamese comes out whole, whatever the label; nothing raises."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk import legacy
from daemon.desk.decode import mend, mended, text_of

TEXT = "Điện lực Bạch Thông đã xử lý xong sự cố lúc 9h, đề nghị phòng trả lời khách hàng"
TCVN3 = "§iÖn lùc B¹ch Th«ng ®· xö lý xong sù cè lóc 9h, ®Ò nghÞ phßng tr¶ lêi kh¸ch hµng"
VNI = "Ñieän löïc Baïch Thoâng ñaõ xöû lyù xong söï coá luùc 9h, ñeà nghò phoøng traû lôøi khaùch haøng"


def to_1258(text: str) -> bytes:
    out = []
    for char in text:
        base, *marks = unicodedata.normalize("NFD", char)
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        kept = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones))
        out.append((kept + "".join(tones)).encode("cp1258"))
    return b"".join(out)


ROWS = [
    ("utf-8", TEXT.encode(), "utf-8"), ("no label", TEXT.encode(), None), ("called ascii", TEXT.encode(), "us-ascii"), ("called latin-1", TEXT.encode(), "iso-8859-1"),
    ("unknown label", TEXT.encode(), "x-unknown"), ("decomposed", unicodedata.normalize("NFD", TEXT).encode(), "utf-8"), ("windows-1258", to_1258(TEXT), "windows-1258"),
    ("windows-1258 called utf-8", to_1258(TEXT), "utf-8"), ("utf-8 called windows-1252", TEXT.encode(), "utf-8 "), ("TCVN3 bytes", TCVN3.encode("latin-1"), None),
    ("TCVN3 bytes with label", TCVN3.encode("latin-1"), "x-viet-tcvn5712"), ("TCVN3 signs in utf-8", TCVN3.encode(), "utf-8"), ("VNI bytes", VNI.encode("cp1252"), "windows-1252"),
    ("VNI signs in utf-8", VNI.encode(), "utf-8"), ("coded twice", TEXT.encode().decode("latin-1").encode(), "utf-8"), ("with a mark of order", b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "label"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_vietnamese_comes_out_whole(raw: bytes, label: str | None) -> None:
    assert mended(raw, label) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Café crème, déjà vu à Hà Nội",
        "cô gái và bà cụ là hai mẹ con",
        "Giá 5 £ / 12 µs",
        "Señor Müller où êtes-vous",
        "",
        "abc",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert mend(text) == text


def test_one_old_line_among_new_ones_is_mended() -> None:
    assert mend(f"Kính gửi phòng,\n{TCVN3}\nTrân trọng") == f"Kính gửi phòng,\n{TEXT}\nTrân trọng"


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [None, "utf-8", "cp1258", "viscii", "tcvn3", "vni", "utf-16", "punycode", "zip", "rot13", "idna", "\0", "utf-7"]
    ),
)
@settings(max_examples=300, derandomize=True)
def test_any_bytes_give_normal_text(raw: bytes, label: str | None) -> None:
    text = text_of(raw, label)
    assert text == unicodedata.normalize("NFC", text)
    assert "\x00" not in text


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("nghiêng", True),
        ("Khuổi", True),
        ("ng", False),
        ("ngh", False),
        ("hello", False),
        ("Đức", True),
        ("quyết", True),
        ("strông", False),
    ],
)
def test_syllables(word: str, right: bool) -> None:
    assert legacy.is_syllable(word) is right
