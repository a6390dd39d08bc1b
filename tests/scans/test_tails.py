"""The ends of addresses: read right where only one place fits, left alone where two do."""

import pytest

from daemon.desk.form import FieldKind, Vote
from daemon.scans.recognise import ASTER, PADDLE, TESSERACT
from daemon.scans.tails import Tails
from daemon.scans.vote import Rules, weigh

TAILS = Tails(
    [
        "xã Bộc Bố, huyện Pác Nặm",
        "xã Bằng Thành, huyện Pác Nặm",
        "xã Xuân Dương, huyện Na Rì",
        "xã Cường Lợi, huyện Na Rì",
        "thị trấn Bằng Lũng, huyện Chợ Đồn",
        "xã Yên Mỹ, huyện Chợ Đồn",
        "xã Yên Mỹ, huyện Chợ Mới",
    ]
)


@pytest.mark.parametrize(
    ("readings", "tail", "head"),
    [
        (
            ["Số nhà 169, xã Xuân Dương, Huyện Ma Đì", "S nhà 169, x Xuân Dng, Huyn Ma Di"],
            "xã Xuân Dương, huyện Na Rì",
            "Số nhà 169, ",
        ),
        (["Tổ 5, thị trấn Bằng Lũng, huyên Chợ Đồn"], "thị trấn Bằng Lũng, huyện Chợ Đồn", "Tổ 5, "),
        (["Thôn Nà Pài xã Bôc Bố, huyện Pác Năm"], "xã Bộc Bố, huyện Pác Nặm", "Thôn Nà Pài "),
    ],
)
def test_one_place_that_fits_is_taken(readings, tail, head):
    found = TAILS.find(readings)
    assert found and (found.text, readings[0][: found.start]) == (tail, head)


@pytest.mark.parametrize("readings", [["Số 5 phố Huế, quận Hai Bà Trưng, Hà Nội"], ["Thôn A, xã Yên Mỹ"], [""], []])
def test_no_place_or_several_are_left_alone(readings):
    assert TAILS.find(readings) is None


def test_a_number_read_twice_before_a_sure_end_is_believed_and_another_is_not():
    for paddle, believed in (("T 12, x Xuân Dng, huyn Na Ri", True), ("T 17, x Xuân Dng, huyn Na Ri", False)):
        votes = [Vote(ASTER, "Tổ 12, xã Xuân Dương, huyện Na Bì", 0.6), Vote(PADDLE, paddle, 0.7)]
        value, _, reason = weigh(FieldKind.ADDRESS, votes, Rules(tails=TAILS))
        assert value == "Tổ 12, xã Xuân Dương, huyện Na Rì"
        assert (not reason) is believed


def test_a_tone_mark_that_a_sure_engine_reads_otherwise_is_checked():
    votes = [
        Vote(ASTER, "Thôn Bó Lin, xã Xuân Dương, huyện Na Rì", 0.95),
        Vote(PADDLE, "Thôn Bó Lin, x Xuân Dng, huyn Na Ri", 0.7),
        Vote(TESSERACT, "Thôn Bó Lịn, xã Xuân Dương, huyện Na Rì", 0.92),
    ]
    assert weigh(FieldKind.ADDRESS, votes, Rules(tails=TAILS))[2]


@pytest.mark.parametrize(
    ("reading", "sure"),
    [
        ("Khu phố 6, xã Đồng Xá, huyện Na Rì", True),
        ("Khu phố 6, xã Đổng Xá, huyện Na Rì", True),
        ("Khu phố 6, xã Đống Xá, huyện Na Rì", False),
    ],
)
def test_of_two_ends_that_differ_by_marks_alone_none_is_sure(reading, sure):
    found = Tails(["xã Đồng Xá, huyện Na Rì", "xã Đổng Xá, huyện Na Rì"]).find([reading])
    assert found and found.sure is sure
