"""Customer codes, phone numbers, names and addresses in requests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.fields import CodePattern, find_mails
from tests.reading.request_cases import read

PATTERN = CodePattern(r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mã PA26BK0000106, Hà Thanh Sơn", "PA26BK0000106"),
        ("ma pa26bk0000106", "PA26BK0000106"),
        ("PA26 BK 0000 106", "PA26BK0000106"),
        ("PA.26.BK.0000106", "PA26BK0000106"),
        ("PA26-BK-0000106.", "PA26BK0000106"),
        ("mã KH:PA26NR0002231", "PA26NR0002231"),
        ("PA26CMOO11234", "PA26CM0011234"),
        ("PA26BKO00O1O6", "PA26BK0000106"),
        ("PA26BK00001l6 0912000111", "PA26BK0000116"),
        ("PA26BK0000106 0912 000 116", "PA26BK0000106"),
        ("(PA26BK0000104), tổ 5", "PA26BK0000104"),
    ],
)
def test_a_code_is_found_and_mended(text, code):
    assert [piece.value for piece in PATTERN.find(text)] == [code]


@pytest.mark.parametrize(
    "text", ["PA26BK000010", "PA26BK00001067", "XPA26BK0000106", "Phòng giao dịch 26", "PA 2026", ""]
)
def test_what_is_no_code_is_not_made_one(text):
    assert not [piece for piece in PATTERN.find(text) if piece.value]


def test_a_broken_code_is_asked_about():
    reading = read("Cho hỏi nợ tiền điện mã PA26BK000010 là bao nhiêu?")
    assert reading.customer_code is None
    assert "customer_code" in reading.check


def test_two_codes_are_asked_about():
    reading = read("Kiểm tra công tơ mã PA26BK0000101 và PA26BK0000102 giúp tôi.")
    assert "customer_code" in reading.check


def test_another_office_has_another_pattern():
    assert [piece.value for piece in CodePattern(r"PE\d{11}").find("mã PE 12345678901")] == ["PE12345678901"]
    with pytest.raises(ValueError, match="mẫu"):
        CodePattern(r"(PA|PB)\d+")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("ĐT 0912 000 109.", "0912000109"),
        ("sdt: 0912.000.109", "0912000109"),
        ("0912-000-109", "0912000109"),
        ("+84 912 000 109", "0912000109"),
        ("84912000109", "0912000109"),
        ("(+84)912000109", "0912000109"),
        ("(0209) 3812 345", "02093812345"),
        ("0209 3812 345", "02093812345"),
        ("0281 3812345", "02093812345"),
        ("01684 123 456", "0384123456"),
        ("0169.412.3456", "0394123456"),
        ("O912 OOO 1O9", "0912000109"),
        ("gọi 19006769 không được, số tôi 0912000109", "0912000109"),
        ("tổng đài 1900 6769", None),
        ("PA26BK0000106", None),
        ("tiền điện 1.250.000 đồng", None),
        ("MST 4700123456", None),
        ("ngày 08/10/2026 lúc 7h30", None),
        ("số tài khoản 0123456789012345", None),
        ("không có", None),
    ],
)
def test_the_customers_phone(text, phone):
    assert read("Nhà tôi mất điện. " + text).phone == phone


def test_two_phones_are_asked_about():
    reading = read("Nhà tôi mất điện, gọi 0912000109 hoặc 0987654321.")
    assert "phone" in reading.check


def test_the_sender_of_a_text_message_is_its_phone():
    assert read("xa Yen Cu mat dien bao gio co", channel="sms", sender="+84912000109").phone == "0912000109"


def test_mail_addresses():
    assert find_mails("gửi vào a.b@example.com, hoặc A.B@example.vn.") == ("a.b@example.com", "A.B@example.vn")


@pytest.mark.parametrize(
    ("text", "channel", "name"),
    [
        ("Tôi là Bùi Đức Anh, thôn Nà Mố, xã Yên Cư. Nhà tôi mất điện.", "email", "Bùi Đức Anh"),
        ("Tên tôi là: Hoàng A Páo\nTrú tại: xã Bằng Thành", "letter", "Hoàng A Páo"),
        ("toi la nguyen van nam o xa yen cu, nha mat dien", "sms", "nguyen van nam"),
        ("E tên Lý Thị Mai ở xã Cao Kỳ, mất điện rồi ạ", "sms", "Lý Thị Mai"),
        ("Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 phàn nàn mất điện", "phone_note", "Sùng A Chớ"),
        ("Khách hàng Triệu Mùi Pham ở xã Vũ Muộn hỏi lịch cắt điện", "phone_note", "Triệu Mùi Pham"),
        ("Họ và tên: Dương Văn Khải\nSĐT: 0988404505\nNội dung: mất điện", "website", "Dương Văn Khải"),
        ("Nhà tôi mất điện, nhờ thợ đến kiểm tra. Vi Thị Lan 0912 000 108", "website", "Vi Thị Lan"),
        ("Đề nghị xử lý cột nghiêng.\nNgười viết đơn\n(đã ký)\nNguyễn Thị Lành", "letter", "Nguyễn Thị Lành"),
        ("UBND xã Văn Lang đề nghị lùi lịch ngừng cấp điện.", "letter", "UBND xã Văn Lang"),
        ("Công ty TNHH May Hoa Sen (phường Xuất Hóa) đề nghị hoãn cắt điện.", "email", "Công ty TNHH May Hoa Sen"),
        (
            "Tổ dân phố 6 phường Huyền Tụng kiến nghị xử lý cột điện nghiêng.",
            "letter",
            "Tổ dân phố 6 phường Huyền Tụng",
        ),
        ("Kính gửi Công ty Điện lực Bắc Kạn. Bao giờ có điện?", "email", None),
        ("Sáng mai xã An Thắng có cắt điện không ạ?", "sms", None),
        ("Kính gửi ông Giám đốc Điện lực Ba Bể, xã tôi mất điện.", "letter", None),
        ("Mat dien roi, bao gio co lai? xa Quang Chu", "sms", None),
    ],
)
def test_the_name(text, channel, name):
    assert read(text, channel).name == name


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Tôi ở tổ 2 thị trấn Bằng Lũng, mất điện", "tổ 2 thị trấn Bằng Lũng"),
        ("nha em o xa Quang Chu mat dien", "xa Quang Chu"),
        ("phố Mới, xã Nà Phặc, tỉnh Thái Nguyên có cắt điện không", "phố Mới, xã Nà Phặc, tỉnh Thái Nguyên"),
        ("Số nhà 88 tổ 7 phường Sông Cầu mất điện", "Số nhà 88 tổ 7 phường Sông Cầu"),
        ("ngõ 12 đường Trường Chinh, phường Đức Xuân mất điện", "ngõ 12 đường Trường Chinh, phường Đức Xuân"),
        (
            "Địa chỉ: thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể\nNội dung: mất điện",
            "thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể",
        ),
        ("thôn Bản Chang xã Đức Vân mất điện", "thôn Bản Chang xã Đức Vân"),
        ("UBND xã Văn Lang (xã Văn Lang, tỉnh Thái Nguyên) hỏi lịch cắt điện", "xã Văn Lang, tỉnh Thái Nguyên"),
        ("Kính gửi Điện lực Ba Bể, bao giờ có điện?", None),
        ("Trường Tiểu học Cổ Linh hỏi lịch cắt điện", None),
    ],
)
def test_the_address(text, address):
    assert read(text).address == address


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(alphabet="PA26BK0O1l5 .-xX", max_size=80))
def test_a_code_always_has_the_form_of_the_pattern(text):
    for piece in PATTERN.find(text):
        assert piece.value == "" or (len(piece.value) == 13 and piece.value[:1] == "P" and piece.value[6:].isdigit())
