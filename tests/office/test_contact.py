"""Who signs for an organisation stands with its request, so that the unit knows whom to call."""

import pytest

from tests.support.office import Desk

HOUSE = "Nhà nghỉ Hồ Xanh, thị trấn Chợ Rã, huyện Ba Bể xin phản ánh: từ đầu tháng bị mất điện 7 lần không báo trước."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"Kính gửi Công ty.\n{HOUSE}\nTrân trọng.\nChủ nhà nghỉ\nĐinh Thị Ngân\n0912 111 003",
            "Người liên hệ: Đinh Thị Ngân",
        ),
        (f"Tôi là Đinh Thị Ngân, chủ nhà. {HOUSE}", ""),
        (f"{HOUSE} Điện thoại 0912 111 003.", ""),
    ],
)
def test_the_signer_of_an_organisations_letter_is_its_contact(desk: Desk, text: str, said: str) -> None:
    desk.mail("nhanghi@nha.example", "Khiếu nại mất điện nhiều lần", text)
    desk.work()
    lines = desk.ticket().content.splitlines()
    assert [line for line in lines if line.startswith("Người liên hệ")] == ([said] if said else [])


def test_a_person_has_no_contact(desk: Desk) -> None:
    desk.mail(
        "a@nha.example",
        "Mất điện",
        "Nhà tôi ở xã Nam Mẫu mất điện, bao giờ có?\nTrân trọng.\nNông Văn Tú\n0912 111 003",
    )
    desk.work()
    assert "Người liên hệ" not in desk.ticket().content
