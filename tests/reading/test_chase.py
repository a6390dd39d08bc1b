"""Chases and additions, told from new requests."""

import pytest

from daemon.reading.chase import is_chase


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (None, "Tôi vẫn chưa nhận được trả lời của quý công ty."),
        (None, "da 3 ngay roi van chua thay ai tra loi"),
        (None, "Việc của tôi đến đâu rồi ạ?"),
        (None, "Tôi xin bổ sung số điện thoại liên hệ: 0912 000 111."),
        (None, "Tôi đã gửi đơn tuần trước về công tơ chạy nhanh."),
        ("Re: [thông báo] Phiếu hẹn trả lời", "Cảm ơn, tôi sẽ chờ."),
        (None, "Nhắc lại yêu cầu kiểm tra công tơ"),
    ],
)
def test_a_chase_is_known(subject: str | None, text: str) -> None:
    assert is_chase(subject, text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Hỏi lịch cắt điện", "Xin hỏi ngày mai xã Quân Hà có cắt điện không?"),
        (None, "Nhà tôi mất điện từ sáng, gọi tổng đài không ai nghe máy."),
        (None, "Đề nghị kiểm định công tơ, nhà tôi ở xã Sơn Thành."),
        ("Re-lắp công tơ", "Đề nghị lắp lại công tơ cho nhà mới xây."),
    ],
)
def test_a_new_matter_is_none(subject: str | None, text: str) -> None:
    assert not is_chase(subject, text)


def test_a_long_text_is_read_in_bounds() -> None:
    assert not is_chase(None, "đã gửi " * 200_000)
