"""What the other customers of one outage get of the first one's answer."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.shared import Shared, shared
from daemon.desk.ticket import Category, Channel, Customer, FoundAnswer, Ticket

AT = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
RESTORED = "Do sét đánh, đã cấp điện lại lúc 4h30."


def asks(content: str, **customer: str) -> Ticket:
    return Ticket("P-1", "p", Category.OUTAGE_INFO, Channel.EMAIL, AT, content, customer=Customer(**customer))


FIRST = asks(
    "Trạm xá mất điện, tủ thuốc bị hỏng",
    name="Nguyễn Văn Minh",
    customer_code="PA26BT0000101",
    phone="0912 345 678",
    email="minh@khach.example",
)
OTHER = asks("Bao giờ có điện lại?", name="Bế Thị Loan")
APART = [
    (f"{RESTORED}\nVề tủ thuốc trạm xá: đơn vị đang xác minh.", RESTORED, 1, ()),
    (f"Về tủ thuốc trạm xá: đơn vị đang xác minh. Sẽ báo sau.\n{RESTORED}", RESTORED, 2, ()),
    (f"{RESTORED} Điện thoại 0912345678 của khách đã được gọi.", RESTORED, 1, ()),
    (f"{RESTORED} Mong khách hàng thông cảm.", f"{RESTORED} Mong khách hàng thông cảm.", 0, ()),
    ("Về nguyên nhân mất điện: do cây đổ.", "Về nguyên nhân mất điện: do cây đổ.", 0, ()),
]
SHOWN = [
    ("Nhà ông Nguyễn Văn Minh mất điện do đứt dây, có điện 9h.",) * 2,
    (f"{RESTORED} Tủ lạnh đề nghị mang đi bảo hành.", "Tủ lạnh đề nghị mang đi bảo hành."),
    (f"{RESTORED} Công tơ của ông đã được kiểm tra lúc 9h.", "Công tơ của ông đã được kiểm tra lúc 9h."),
    ("Khách hàng PA26BT0000101 sẽ được trả lời riêng.",) * 2,
]


@pytest.mark.parametrize(("text", "told", "left", "shown"), APART, ids=[row[0][:40] for row in APART])
def test_what_is_surely_told_apart(text: str, told: str, left: int, shown: tuple[str, ...]) -> None:
    found = shared(text, FIRST, OTHER)
    assert (found.text, len(found.left_out), found.doubtful) == (told, left, shown)


@pytest.mark.parametrize(("text", "shown"), SHOWN, ids=[row[0][:40] for row in SHOWN])
def test_what_cannot_be_told_apart_is_shown(text: str, shown: str) -> None:
    assert shared(text, FIRST, OTHER) == Shared(text, (), (shown,))


def test_who_asked_about_the_same_matter_is_told() -> None:
    also = asks("Trạm xá chúng tôi mất điện, tủ thuốc hỏng thì sao?", name="Bế Thị Loan")
    text = f"{RESTORED}\nVề tủ thuốc trạm xá: đơn vị đang xác minh."
    assert "tủ thuốc" in shared(text, FIRST, also).text


def test_of_a_persons_words_nothing_is_left_out() -> None:
    text = f"{RESTORED}\nVề tủ thuốc trạm xá: đơn vị đang xác minh."
    by_person = replace(FIRST, found=FoundAnswer(text, "phone", AT, "Lan"))
    assert shared(text, by_person, OTHER) == Shared(text, (), ("Về tủ thuốc trạm xá: đơn vị đang xác minh.",))


@settings(max_examples=150, derandomize=True)
@given(st.text("Về tủ: do sét 9h.\nông Minh", min_size=1, max_size=100))
def test_nobody_gets_an_empty_answer_and_no_sentence_is_lost(text: str) -> None:
    found = shared(text, FIRST, OTHER)
    assert found.text.strip() or not text.strip()
    assert all(piece in text for piece in (*found.left_out, *found.doubtful))
