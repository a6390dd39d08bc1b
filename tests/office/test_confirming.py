"""The customer list settles a doubtful reading that comes near to it, and nothing else."""

import datetime as dt

import pytest

from daemon.desk.question import CustomerRow
from daemon.desk.ticket import Customer
from daemon.office.confirming import confirmed

NOW = dt.datetime(2026, 10, 5, 8, 20, tzinfo=dt.UTC)
ROW = CustomerRow(
    "PA26NR0000103",
    "Nông Văn Tài",
    "thôn Nà Mới, xã Kim Lư",
    ("0912000103", "0912000109"),
    "Na Rì",
    "TBA Kim Lư",
    "373E26.3",
    "12345678",
    NOW,
)


def values(check: tuple[str, ...], **customer: str) -> dict[str, object]:
    return {
        "customer": Customer(**{"customer_code": ROW.code, **customer}),
        "check": check,
        "reasons": {},
        "questions": ("Họ tên: dấu thanh hoặc nét chữ chưa chắc", "Nội dung: chữ khó đọc"),
    }


@pytest.mark.parametrize(
    ("field", "read", "settled"),
    [
        ("name", "Nông Văn Tái", "Nông Văn Tài"),
        ("name", "Nong VănTài", "Nông Văn Tài"),
        ("name", "Nông Thị Hoa", None),
        ("phone", "0912000109", "0912000109"),
        ("phone", "0912000101", None),
        ("address", "thôn Nà Mối, xã Kim Lư", "thôn Nà Mới, xã Kim Lư"),
        ("address", "tổ 5, thị trấn Yến Lạc", None),
        ("customer_code", ROW.code, ROW.code),
    ],
)
def test_a_doubt_is_settled_where_the_reading_comes_near(field: str, read: str, settled: str | None) -> None:
    before = values((field, "content"), **{field: read})
    after = confirmed(before, ROW, "Danh sách khách hàng")
    assert getattr(after["customer"], field) == (settled or read)
    assert after["check"] == (("content",) if settled else (field, "content"))
    assert bool(after["reasons"]) is bool(settled)


def test_the_question_goes_with_the_doubt() -> None:
    after = confirmed(values(("name", "content"), name="Nông Văn Tái"), ROW, "Danh sách")
    assert after["questions"] == ("Nội dung: chữ khó đọc",)


def test_what_was_read_surely_stays() -> None:
    after = confirmed(values((), name="Nông Văn Tái"), ROW, "Danh sách")
    assert after["customer"].name == "Nông Văn Tái" and after["check"] == ()
