"""What an answer takes for granted is marked for the person who releases it (P4, P10)."""

from daemon.desk.ticket import State
from daemon.office import actions, listing, showing
from tests.support.office import Desk

ASKS = (
    "Tôi là Phạm Thu Trang, tổ 3 phường Đức Xuân, mã PA26BK0000102, 0912 000 104. {home} bị ngừng cấp điện do chậm thanh toán, "
    "nay đã nộp đủ. Chi phí cấp điện{use} trở lại là bao nhiêu?"
)


def _asked(desk: Desk, home: str, use: str) -> str:
    number = desk.note("phone_note", ASKS.format(home=home, use=use))
    desk.work()
    assert desk.ticket(number).state is State.TO_APPROVE
    return number


def test_an_assumed_use_is_marked_with_the_reason(desk: Desk) -> None:
    number = _asked(desk, "Nhà tôi", "")
    assert desk.ticket(number).check == ("assumed",)
    page = "\n".join(showing.page(desk.parts, desk.ticket(number)))
    assert "[cần xem: điều chương trình giả định]" in page
    assert "Khách không ghi dùng điện vào mục đích gì; dự thảo tính theo mức sinh hoạt" in page
    assert "chưa được phòng xác nhận còn hiệu lực" in page, "what the look-up says of its source stands in the history"
    assert listing.needs_person(desk.ticket(number))
    actions.approve(desk.parts, number, "Hoa")
    desk.work()
    assert desk.ticket(number).check == (), "who released it has seen it"


def test_a_use_that_the_customer_says_is_not(desk: Desk) -> None:
    assert desk.ticket(_asked(desk, "Nhà tôi", " sinh hoạt")).check == ()


def test_the_agents_own_answer_is_nobodys_assumption(desk: Desk) -> None:
    number = _asked(desk, "Nhà tôi", "")
    actions.found(desk.parts, number, "cmis", "Mục đích kinh doanh, hạ áp, 3 km: 112.700 đồng.", "Lan")
    desk.work()
    assert desk.ticket(number).check == ()
