"""What a customer finds in the mail: how the desk speaks to them, and the papers that come with it."""

import pytest

from tests.support.office import Desk

METER = "Công tơ nhà tôi ở xã Sơn Thành chạy nhanh bất thường, đề nghị kiểm định."


@pytest.mark.parametrize(
    ("text", "greeting"),
    [
        (f"Tôi là Lương Thị Nga, mã khách hàng PA26NR0000115. {METER}", "Kính gửi: Ông/Bà Lương Thị Nga"),
        (f"{METER}\nTrân trọng.\nCông ty TNHH Hoa Sen\nĐT: 0912 000 115", "Kính gửi: Công ty TNHH Hoa Sen"),
        (METER, "Kính gửi: Quý khách hàng"),
    ],
)
def test_a_customer_is_greeted_as_in_the_letter(desk: Desk, text: str, greeting: str) -> None:
    desk.mail("khach@khach.example", "Công tơ", text)
    desk.work()
    mail = next(each for each in desk.new_sent() if each.to == ("khach@khach.example",))
    assert greeting in (mail.text or "").splitlines()
