"""What of a part of an answer only promises the rest, as it is written, and what tells something."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.put_off import put_off

CASES = [
    (
        "Đã kiểm tra sơ đồ đấu dây, không có sai sót. Kết quả kiểm định đơn vị đang chờ, chiều nay gửi tiếp.",
        ["Kết quả kiểm định đơn vị đang chờ, chiều nay gửi tiếp."],
    ),
    ("Đơn vị đã nhận phiếu, đang kiểm tra, sẽ báo sau.", ["Đơn vị đã nhận phiếu, đang kiểm tra, sẽ báo sau."]),
    ("Do cây đổ vào đường dây lúc 7h. Dự kiến 15h có điện lại.", []),
    (
        "Đã khắc phục, có điện từ 14.30. Nguyên nhân đang chờ thí nghiệm, sẽ báo sau",
        ["Nguyên nhân đang chờ thí nghiệm, sẽ báo sau"],
    ),
    ("da nhan phieu. chieu nay bao ket qua", ["da nhan phieu.", "chieu nay bao ket qua"]),
    ("Đường dây 473 ngừng theo kế hoạch.\nSố liệu còn lại gửi sau.", ["Số liệu còn lại gửi sau."]),
    ("", []),
]


@pytest.mark.parametrize(("text", "waits"), CASES, ids=[text[:30] for text, _ in CASES])
def test_what_only_waits(text: str, waits: list[str]) -> None:
    assert list(put_off(text)) == waits


@settings(max_examples=200, derandomize=True)
@given(st.text("đang chờ sẽ gửi sau.;!? \n0123", max_size=80))
def test_it_is_part_of_the_text(text: str) -> None:
    assert all(piece in text for piece in put_off(text))
