"""Which unit is asked: customer list, grid, place, else a person; contradictions are never settled silently."""

import os
from pathlib import Path

import pytest

from daemon.office.routing import NO_PLACE
from tests.support.office import Desk

START = "2026-10-05 08:20"
CUSTOMERS = """Mã KH;Tên KH;Địa chỉ;Điện thoại;Mã đơn vị;Tên trạm;Lộ
PA26BT0000101;Nguyễn Văn Minh;thôn 2, xã Quân Hà;0912000101;PA26BT;TBA Quân Hà 1;372E26.1
PA26BT0000102;Lý Thị Hoa;thôn 5, xã Quân Hà;0912000102;PA26BT;TBA Quân Hà 1;372E26.1
PA26NR0000103;Nông Văn Tài;thôn Nà Mới, xã Kim Lư;0912000103;;TBA Kim Lư;373E26.3
PA26NR0000104;Hà Thị Thu;thôn Nà Mới, xã Kim Lư;0912000104;PA26NR;TBA Kim Lư;373E26.3
PA26CD0000105;Ma Văn Sơn;xã Nghĩa Tá;0912000105;PA26CD;TBA Nghĩa Tá;374E26.4
PA26CD0000106;Ma Văn Hai;xã Nghĩa Tá;0912000105;PA26CD;TBA Nghĩa Tá;374E26.4
PA26BT0000107;Triệu Văn Ba;xã Đại Sảo;0912000107;PA26CD;TBA Đại Sảo;374E26.4
"""


@pytest.fixture
def desk(tmp_path: Path):
    office = Desk(tmp_path / "office", START)
    path = office.home / "inbox" / "du-lieu" / "khach-hang.csv"
    path.write_text(CUSTOMERS, "utf-8")
    os.utime(path, (0, office.clock.now().timestamp()))
    office.work()
    assert office.parts.lookups.versions()
    yield office
    office.close()


def opened(desk: Desk, text: str, channel: str = "counter"):
    number = desk.note(channel, text)
    return desk.parts.store.ticket(number)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("Mã khách hàng PA26BT0000101 phàn nàn mất điện nhiều lần.", "Bạch Thông", "PA26BT0000101"),
        ("Khách gọi từ số 0912 000 102 phàn nàn hay mất điện.", "Bạch Thông", "0912000102"),
        ("Mã khách hàng PA26NR0000103 phàn nàn điện yếu.", "Na Rì", "TBA Kim Lư"),
        ("Trạm biến áp Kim Lư hay mất điện, phàn nàn nhiều lần.", "Na Rì", "kim lu"),
        ("Khách phàn nàn lộ 372E26.1 hay mất điện.", "Bạch Thông", "372E26.1"),
        ("Mã PA26BT0000107 phàn nàn mất điện nhiều lần.", "Chợ Đồn", "PA26BT0000107"),
    ],
    ids=["code", "phone", "grid of the customer", "substation said", "feeder said", "list before letters of the code"],
)
def test_the_list_names_the_unit_where_the_place_does_not(desk: Desk, text: str, unit: str, words: str) -> None:
    ticket = opened(desk, text)
    assert ticket.unit == unit
    assert "unit" not in ticket.check
    assert NO_PLACE not in ticket.questions
    assert words in " ".join(ticket.reasons["unit"])
    assert ticket.confidence["unit"] >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Khách gọi từ số 0912 000 105 phàn nàn hay mất điện.",
        "Khách phàn nàn hay mất điện.",
        "Mã khách hàng PA26BK0009999 phàn nàn hay mất điện ở trạm y tế.",
    ],
    ids=["two customers of one phone", "nothing known", "unknown code"],
)
def test_what_the_list_does_not_tell_stays_as_it_was_read(desk: Desk, text: str) -> None:
    reading = desk.parts.reader.read(channel="counter", received=desk.clock.now(), subject=None, text=text)
    ticket = opened(desk, text)
    assert (ticket.unit, ticket.check, ticket.questions) == (reading.unit, reading.check, reading.questions)


def test_agreement_makes_sure(desk: Desk) -> None:
    ticket = opened(desk, "Nguyễn Văn Minh, mã PA26BT0000101, xã Quân Hà phàn nàn mất điện nhiều lần.")
    assert ticket.unit == "Bạch Thông"
    assert ticket.confidence["unit"] >= 0.95
    assert "unit" not in ticket.check


@pytest.mark.parametrize(
    "text",
    [
        "Mã PA26BT0000101, nhà ở xã Kim Lư, huyện Na Rì, phàn nàn mất điện nhiều lần.",
        "Số 0912 000 102, nhà ở xã Kim Lư, huyện Na Rì, phàn nàn mất điện nhiều lần.",
        "Trạm biến áp Quân Hà 1 hay mất điện, nhà ở xã Kim Lư, huyện Na Rì, phàn nàn nhiều lần.",
    ],
)
def test_list_against_place_is_asked_and_nothing_goes_out(desk: Desk, text: str) -> None:
    ticket = opened(desk, text)
    desk.work()
    ticket = desk.parts.store.ticket(ticket.number)
    assert ticket.unit == "Na Rì"
    assert ticket.state == "to_check"
    [question] = [each for each in ticket.questions if "đơn vị nào phụ trách" in each]
    assert "Bạch Thông" in question and "Na Rì" in question
    assert not desk.new_sent()


def test_an_incident_goes_at_once_to_the_place_and_is_asked_beside_it(desk: Desk) -> None:
    number = desk.note("phone_note", "Mã PA26BT0000101 báo dây điện đứt rơi xuống sân tại xã Kim Lư, huyện Na Rì.")
    desk.work()
    ticket = desk.parts.store.ticket(number)
    assert ticket.state == "waiting_unit"
    assert "unit" in ticket.check
    assert [mail.to for mail in desk.new_sent()] == [("dlnari.truc@pcbk.example",)]


def test_missing_data_are_filled_from_the_list_and_written_ones_stay(desk: Desk) -> None:
    ticket = opened(desk, "Mã khách hàng PA26BT0000101, điện thoại 0988 111 222 phàn nàn mất điện nhiều lần.")
    customer = ticket.customer
    assert (customer.name, customer.address, customer.phone) == ("Nguyễn Văn Minh", "thôn 2, xã Quân Hà", "0988111222")
    assert "Danh sách khách hàng cập nhật 05/10/2026" in " ".join(ticket.reasons["name"])
    assert not {"name", "address"} & set(ticket.check)


def test_a_phone_alone_fills_nothing(desk: Desk) -> None:
    ticket = opened(desk, "Khách gọi từ số 0912 000 102 phàn nàn hay mất điện.")
    assert (ticket.customer.name, ticket.customer.address) == (None, None)


def test_an_unknown_code_beside_a_known_phone_is_asked(desk: Desk) -> None:
    ticket = opened(desk, "Mã PA26BT0000999, số 0912 000 101 phàn nàn mất điện nhiều lần ở xã Quân Hà.")
    assert "customer_code" in ticket.check
    assert any("PA26BT0000101" in question and "mã nào đúng" in question for question in ticket.questions)
    assert ticket.customer.name is None


def test_a_change_of_time_goes_to_dispatch_and_is_filled(desk: Desk) -> None:
    ticket = opened(desk, "Mã PA26BT0000101 xin hoãn lịch ngừng điện từ 7h30 ngày 28/10/2026 sang ngày 31/10.")
    assert ticket.unit == "B26"
    assert ticket.customer.address == "thôn 2, xã Quân Hà"


def test_what_is_no_request_is_left_alone(desk: Desk) -> None:
    desk.mail("Ai đó <a@khach.example>", "Cảm ơn", "Cảm ơn quý công ty, mã PA26BT0000101 đã có điện.")
    desk.work()
    ticket = desk.ticket()
    assert ticket.category == "not_a_request" and ticket.customer.name is None


def test_a_doubtful_code_counts_only_with_name_or_phone(desk: Desk) -> None:
    from daemon.desk.ticket import Category, Customer
    from daemon.office.routing import route

    values = {
        "category": Category.OTHER,
        "customer": Customer(customer_code="PA26BT0000101"),
        "unit": None,
        "check": ("customer_code", "unit", "name"),
        "questions": (NO_PLACE,),
        "confidence": {"unit": 0.0},
        "reasons": {},
        "subject": None,
    }
    assert route(desk.parts, values, "Mất điện.") == values
    named = {**values, "customer": Customer(name="NGUYỄN VĂN MINH", customer_code="PA26BT0000101")}
    assert route(desk.parts, named, "Mất điện.")["unit"] == "Bạch Thông"
