"""Readings repaired by the kind of field: tables of what engines really confuse, and what must stay refused."""

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.scans import fields

CODE = re.compile(r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("PA07CD4965924", "PA07CD4965924"),
        ("pa07 cd 496 5924", "PA07CD4965924"),
        ("PAO7CD4965924", "PA07CD4965924"),
        ("PA07CD49659Z4", "PA07CD4965924"),
        ("PA07CD496S9Z4", "PA07CD4965924"),
        ("PA07B04965924", "PA07B04965924"),
        ("PA07CD496592", None),
        ("PCA07CD7610136", None),
        ("", None),
        ("0" * 60, None),
    ],
)
def test_code(read, meant):
    assert fields.code(read, CODE) == meant


def test_the_pattern_is_configuration():
    assert fields.code("HN-12345O", re.compile(r"HN\d{6}")) == "HN123450"


@given(st.from_regex(CODE, fullmatch=True))
@settings(max_examples=60, derandomize=True)
def test_a_right_code_is_never_changed(code):
    assert fields.code(code, CODE) == code


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("0362 756 132", "0362756132"),
        ("0972.334.322", "0972334322"),
        ("O385.382.l87", "0385382187"),
        ("+84 362 756 132", "0362756132"),
        ("0209 3227 374", "02093227374"),
        ("1900 6769", "19006769"),
        ("362756132", None),
        ("03627561", None),
        ("khong co", None),
    ],
)
def test_phone(read, meant):
    assert fields.phone(read) == meant


@pytest.mark.parametrize(("number", "likely"), [("0362756132", True), ("02093227374", True), ("0162756132", False)])
def test_plausible_phone(number, likely):
    assert fields.plausible_phone(number) is likely


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("21/05/2026", "21/05/2026"),
        ("1-5-2026", "01/05/2026"),
        ("ngày 09 tháng 03 năm 2025", "09/03/2025"),
        ("2l/05/2026", "21/05/2026"),
        ("31/02/2026", None),
        ("21/05/1926", None),
        ("21/05", None),
    ],
)
def test_date(read, meant):
    assert fields.date(read) == meant


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
@settings(max_examples=60, derandomize=True)
def test_a_written_date_comes_back(day):
    assert fields.date(f"{day:%d/%m/%Y}") == f"{day:%d/%m/%Y}"
    assert fields.date(f"ngày {day.day} tháng {day.month} năm {day.year}") == f"{day:%d/%m/%Y}"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Lan.Ha@Gmail.com", "lan.ha@gmail.com"),
        ("ngandinh83egmail.com", "ngandinh83@gmail.com"),
        ("naandinh53(gmail.com", "naandinh53@gmail.com"),
        ("a b@yahoo.com.vn", "ab@yahoo.com.vn"),
        ("gmail.com", None),
        ("khong", None),
    ],
)
def test_email(read, meant):
    assert fields.email(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("6279679143", "6279679143"),
        ("65 50 11 73", "65501173"),
        ("20fF(5(F33", None),
        ("EM123456", "EM123456"),
        ("12", None),
    ],
)
def test_meter(read, meant):
    assert fields.meter(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("  Đinh Thị  Bích Ngần . ", "Đinh Thị Bích Ngần"),
        ("Đặng ThịHương", "Đặng Thị Hương"),
        ("Đỗ Minh, Nghiệp", "Đỗ Minh Nghiệp"),
        ("Công ty TNHH Hà & Con", "Công ty TNHH Hà & Con"),
        ("|", None),
    ],
)
def test_name(read, meant):
    assert fields.name(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Tố 6, xã Yên Bình, huyên Chợ Mới", "Tổ 6, xã Yên Bình, huyện Chợ Mới"),
        ("Thón Nà Pài,xã Văn Lang. huyện Na Rì", "Thôn Nà Pài, xã Văn Lang, huyện Na Rì"),
        ("thôn 3 , xa A", "thôn 3, xã A"),
        ("Tổ8, xã Sĩ Bình", "Tổ 8, xã Sĩ Bình"),
        ("..", None),
    ],
)
def test_address(read, meant):
    assert fields.address(read) == meant


@given(st.text(max_size=60))
@settings(max_examples=150, derandomize=True)
def test_no_reading_breaks_a_repair(text):
    for repair in (fields.phone, fields.meter, fields.date, fields.email, fields.name, fields.address, fields.words):
        assert repair(text) == repair(text)
    assert fields.code(text, CODE) == fields.code(text, CODE)
