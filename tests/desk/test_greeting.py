"""Greetings of units are left out of what the customer reads, and nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.greeting import without_greeting


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kính gửi Phòng Giao dịch khách hàng,\nĐã khôi phục lúc 9h.", "Đã khôi phục lúc 9h."),
        ("Kính gửi: Phòng GDKH\n\nDo cây đổ vào đường dây.", "Do cây đổ vào đường dây."),
        ("Kính gửi P. GDKH - PC Bắc Kạn,\nDo cây đổ.", "Do cây đổ."),
        ("Kính gửi phòng GDKH, sự cố do cây đổ, đã khôi phục.", "Sự cố do cây đổ, đã khôi phục."),
        ("Chào phòng, dây võng do néo bị tuột.", "Dây võng do néo bị tuột."),
        ("Chào chị Lan,\nĐã thay công tơ.", "Đã thay công tơ."),
        ("Kính gửi: Phòng GDKH,\nChào chị Lan,\nĐã thay công tơ.", "Đã thay công tơ."),
        ("Kinh gui phong GDKH\nDa xu ly xong.", "Da xu ly xong."),
        ("Dear chị Lan!\nDa xu ly.", "Da xu ly."),
        ("Kính gửi: Công ty Điện lực Bắc Kạn\nNhà tôi mất điện từ sáng.", "Nhà tôi mất điện từ sáng."),
        ("Kính gửi phòng GDKH,\nTôi tên An.", "Tôi tên An."),
        ("Kính gửi ban lãnh đạo điện lực Ba Bể!\nnhà tôi mất điện", "Nhà tôi mất điện"),
        ("Gửi chị Lan phòng GDKH: điện yếu do dây nhỏ.", "Điện yếu do dây nhỏ."),
        ("Thưa chị, đã xong.", "Đã xong."),
        ("Chị Lan ơi,\n\nđã xong.", "Đã xong."),
        ("Anh chị ơi, cho hỏi mai có cắt điện không?", "Cho hỏi mai có cắt điện không?"),
        ("Phiếu PCBK-2026-000017: điện yếu do tải tăng.", "Điện yếu do tải tăng."),
        ("Kính gửi phòng,\nTrả lời phiếu số PCBK-2026-000017, đã xong.", "Đã xong."),
        ("Về phiếu PCBK-2026-000007 (khách hàng Bế Minh Đức): Đã đo điện áp.", "Đã đo điện áp."),
        ("Báo kết quả: nguyên nhân cháy đầu cốt.", "Nguyên nhân cháy đầu cốt."),
        ("Báo cáo phòng GDKH: đã xong.", "Đã xong."),
        ("[PCBK-2026-000017] - đã thay công tơ", "Đã thay công tơ"),
        ("Xin chào điện lực, cho hỏi mai có cắt điện không?", "Cho hỏi mai có cắt điện không?"),
    ],
)
def test_a_greeting_goes(text: str, left: str) -> None:
    assert without_greeting(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Đã khôi phục lúc 9h.",
        "Kính gửi phòng GDKH",
        "Chào phòng.",
        "Chào anh em đã xử lý xong toàn bộ nhánh Nà Pò\nNguyên nhân do cây đổ.",
        "Gửi phòng kết quả: công tơ đúng.",
        "Gửi biên bản kèm theo.",
        "Phiếu PCBK-2026-000017 đã xử lý xong.",
        "Khách chào hỏi rồi đi.",
        "Trời ơi, mất điện suốt.",
        "Anh em ở nơi này đã xong",
        "đã xử lý",
        "Kính gửi phòng GDKH nhà tôi mất điện từ sáng\nMong sớm có điện.",
        "Kinh gui dien luc nha toi mat dien\nMong som co dien.",
        "Kính gửi điện lực bao giờ trả lời đơn của tôi?\nTôi chờ một tuần rồi.",
        "Kính gửi phòng GDKH đã xử lý xong. Nguyên nhân do cây đổ.",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert without_greeting(text) == text


@given(st.text("kính gửiKGchàophòng,.:\n Đã", max_size=60))
@settings(max_examples=200, derandomize=True)
def test_only_the_head_goes(text: str) -> None:
    left = without_greeting(text)
    assert text[len(text) - len(left) :].lower() == left.lower()
    assert bool(left.strip()) == bool(text.strip())
