"""A mail that may be no request keeps the time of an answer until a person has said what it is (P2, P5)."""

import pytest

from daemon.desk.ticket import Category, State
from daemon.office import actions
from tests.support.office import Desk

FROM = "khach@nha.example"
DOUBTFUL = "Chào công ty, mình xem thông tin trên trang thấy cũng hay. Khu mình ở xã Nam Mẫu, bên mình làm việc cả thứ bảy chứ?"


@pytest.fixture
def number(desk: Desk) -> str:
    desk.mail(FROM, "Chào", DOUBTFUL)
    desk.work()
    ticket = desk.ticket()
    assert (ticket.category, ticket.state, ticket.check) == (Category.NOT_A_REQUEST, State.TO_CHECK, ("category",))
    return ticket.number


def test_it_has_the_time_of_an_answer_and_is_warned_of(desk: Desk, number: str) -> None:
    (line,) = desk.ticket(number).deadlines
    assert (line.name, line.met) == ("appointment", None)
    desk.clock.set(line.due.isoformat())
    desk.work()
    assert desk.ticket(number).deadlines[0].warned, "whoever forgot it was told"


def test_said_to_be_none_it_owes_nothing(desk: Desk, number: str) -> None:
    actions.set_fields(desk.parts, number, (), "Hoa")
    desk.work()
    assert (desk.ticket(number).state, desk.ticket(number).deadlines) == (State.SET_ASIDE, ())


def test_said_to_be_a_request_its_time_runs_from_the_receipt(desk: Desk, number: str) -> None:
    (before,) = desk.ticket(number).deadlines
    actions.set_fields(desk.parts, number, ("category=other", "unit=Ba Bể"), "Hoa")
    desk.work()
    ticket = desk.ticket(number)
    assert ticket.state is not State.TO_CHECK
    assert [(line.name, line.start) for line in ticket.deadlines if line.name == "appointment"] == [
        ("appointment", before.start)
    ]


def test_a_sure_advert_is_promised_nothing(desk: Desk) -> None:
    desk.mail(
        "ban@hang.example",
        "Khuyến mại",
        "Giảm giá 50% máy phát điện, khuyến mãi lớn, đăng ký nhận quà, hủy đăng ký tại đây.",
    )
    desk.work()
    assert (desk.ticket().state, desk.ticket().deadlines) == (State.SET_ASIDE, ())
