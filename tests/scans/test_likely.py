"""Proposals for hasty hands: nearest to both readings among what occurs, and never more believed than before."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.form import FieldKind, Standing, Vote
from daemon.scans import fields, likely
from daemon.scans.engines import ASTER, PADDLE, TESSERACT
from daemon.scans.name_words import GIVEN, SURNAMES
from daemon.scans.raw import SeenCell
from daemon.scans.vote import SHIPPED_CODE, Rules, decide

CODE = re.compile(SHIPPED_CODE)


@pytest.mark.parametrize(
    ("best", "skeleton", "meant"),
    [
        ("Đạn Hạn ảo", "Dam Hoan Thao", "Đàm Hoàn Thảo"),
        ("Sẩm Manh Hương", "Sám Manh Huong", "Sầm Mạnh Hương"),
        ("TDug Bằng", "To Duy Bang", "Tô Duy Bằng"),
        ("CPhạm ThúgDiệp", "Pham Thuy Diep", "Phạm Thúy Diệp"),
        ("LE VAN HAI", "LE VAN HAI", "LE VAN HAI"),
        ("ĐẠN THỊ ẢO", "DAM THI THAO", "ĐÀM THỊ THẢO"),
        ("Hầu A Dính", "Hau A Dinh", "Hầu A Dính"),
        ("Giàng Thị Mỷ", "Giang Thi My", "Giàng Thị Mỷ"),
        ("Trường tiểu học Quân Hà", "Truong tieu hoc Quan Ha", "Trường tiểu học Quân Hà"),
        ("Công ty Hải Hà", "Cong ty Hai Ha", "Công ty Hải Hà"),
        ("Công ty cổ phần xây dựng Hồng Hà", "Cong ty co phan", "Công ty cổ phần xây dựng Hồng Hà"),
    ],
)
def test_names(best, skeleton, meant):
    assert likely.name(best, skeleton) == meant


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(SURNAMES), st.lists(st.sampled_from(GIVEN), min_size=1, max_size=3))
def test_a_name_that_both_engines_read_stays_as_it_is(surname, given_names):
    name = " ".join([surname, *given_names])
    assert likely.name(name, name) == name and likely.known_name(name)


@pytest.mark.parametrize(
    ("best", "skeleton", "meant"),
    [
        ("Qổ I3", "To13", "Tổ 13"),
        ("Tờ2", "To2", "Tổ 2"),
        ("Xư phố 2", "Ku phò 2", "Khu phố 2"),
        ("Điếu hhu4", "neu hhu4", "Tiểu khu 4"),
        ("Vòm Hà Tấu", "Y'om Na Tau", "Xóm Nà Tấu"),
        ("Thôn Phai Khỉm", "Thon Phai Khim", "Thôn Phai Khỉm"),
        ("Ngách 12/5", "Ngach 12/5", "Ngách 12/5"),
    ],
)
def test_beginnings_of_addresses(best, skeleton, meant):
    assert likely.beginning(best, skeleton) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("PC407NR0928554", "PA07NR0928554"), ("Hr407BK8894243", "PA07BK8894243"), ("407BK88", None), ("", None)],
)
def test_codes_with_a_spoilt_beginning(text, meant):
    assert fields.guessed_code(text, CODE) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("08 082025", "08/08/2025"), ("0510612026", "05/06/2026"), ("31022026", None), ("7052026", None)],
)
def test_dates_without_their_strokes(text, meant):
    assert fields.guessed_date(text) == meant


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (FieldKind.CODE, ("PC407NR0928554", "Hr407NR0928554")),
        (FieldKind.DATE, ("08 082025", "08082025")),
        (FieldKind.NAME, ("Sẩm Manh Hương", "Sám Manh Huong")),
        (FieldKind.ADDRESS, ("Xư phố 2, xã Xa Lạ", "Ku pho 2, xa Xa La")),
    ],
)
def test_a_proposal_is_never_accepted(kind, texts):
    votes = tuple(Vote(engine, text, 0.99) for engine, text in zip((ASTER, PADDLE), texts, strict=True))
    reading = decide(SeenCell("f", kind, "", True, "written", votes), Rules())
    assert reading.value and reading.standing is Standing.CHECK and reading.reason


@pytest.mark.parametrize(
    ("name", "confidence", "skeleton", "accepted"),
    [
        ("Lý Bích Nhàn", 0.8, "Lý Bích Nhàn", True),
        ("Lý Bích Nhân", 0.8, "Lý Bích Nhàn", False),
        ("Lý Thủy Nhàn", 0.8, "Lý Thúy Nhàn", False),
        ("Lý Bích Nhàn", 0.7, "Lý Bích Nhàn", False),
        ("Lý Bich Nhàm", 0.95, "Ly Bich Nhàm", False),
    ],
)
def test_names_made_of_known_syllables_are_believed_sooner(name, confidence, skeleton, accepted):
    votes = (Vote(ASTER, name, confidence), Vote(PADDLE, skeleton, 0.9), Vote(TESSERACT, "7⁄2", 0.1))
    reading = decide(SeenCell("name", FieldKind.NAME, "", True, "written", votes), Rules())
    assert (reading.standing is Standing.ACCEPTED) is accepted
