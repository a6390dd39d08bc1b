"""A letter that asks more than its kind: the unit is asked all of it, whoever releases the answer is told."""

import docx
import pytest

from daemon.desk import todo
from daemon.desk.ticket import Category, State
from daemon.office import actions, listing, showing
from tests.support.office import Desk

LETTER = """Kính gửi công ty, hóa đơn tháng 10 của nhà tôi tăng gấp đôi, đề nghị kiểm tra lại công tơ. Hiện tại thôn tôi mất \
điện từ 6h sáng, bao giờ có lại?
Nông Văn Bình, thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể. 0912 345 678"""
REST = "mất điện từ 6h sáng"
CUSTOMER = "binh@nha.example"


def _form_text(desk: Desk) -> str:
    (form,) = (desk.home / "outbox" / desk.ticket().number).glob("*-request-*.docx")
    return "\n".join(
        paragraph.text
        for table in docx.Document(str(form)).tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    )


def test_the_unit_is_asked_the_rest_too_and_the_clerk_is_told(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Hóa đơn tiền điện", LETTER)
    desk.work()
    ticket = desk.ticket()
    assert (ticket.category, ticket.state) == (Category.OTHER, State.WAITING_UNIT)
    assert [one.category for one in ticket.besides] == [Category.OUTAGE_INFO]
    assert ticket.check == ("besides",)
    assert listing.needs_person(ticket)
    assert "Khách hàng còn nêu" in _form_text(desk)
    asked = next(mail for mail in desk.new_sent() if "dlbabe@pcbk.example" in mail.to)
    (line,) = (line for line in asked.text.splitlines() if line.startswith("- Khách hàng còn nêu (đề nghị trả lời cả"))
    assert REST in line
    page = "\n".join(showing.page(desk.parts, ticket))
    assert "[cần xem: thư còn hỏi việc khác]" in page
    assert REST in page.split("? Thư còn hỏi việc khác: ")[1].splitlines()[0]


COST = (
    "Tôi là Phạm Thu Trang, tổ 3 phường Đức Xuân, mã PA26BK0000102, 0912 000 104. Nhà tôi dùng điện sinh hoạt bị ngừng cấp điện do "
    "chậm thanh toán, nay đã nộp đủ. Chi phí cấp điện sinh hoạt trở lại là bao nhiêu? Cho tôi hỏi thêm lịch cắt điện tuần tới."
)


def test_an_answer_that_was_looked_up_lacks_the_rest_and_is_not_released_by_the_way(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Chi phí cấp điện trở lại", COST)
    desk.work()
    ticket = desk.ticket()
    assert (ticket.state, ticket.check) == (State.TO_APPROVE, ("wording",))
    assert "khách hàng còn nêu: Thông tin ngừng, giảm cung cấp điện («Cho tôi hỏi thêm" in ticket.questions[0]
    (draft,) = desk.drafts()
    assert CUSTOMER not in draft.to, "held back from the customer's address"
    assert "Cho tôi hỏi thêm" in draft.text.partition("]")[0], "the clerk reads in the draft what it lacks"
    assert "việc tra cứu được; khách hàng còn nêu: Thông tin" in todo.words_to_see(ticket)
    actions.approve(desk.parts, ticket.number, "Hoa", as_is=True)
    desk.work()
    assert (desk.ticket().state, desk.ticket().check, desk.ticket().questions) == (State.CLOSED, (), ())


def test_a_unit_asked_for_the_rest_ends_the_doubt(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Chi phí cấp điện trở lại", COST)
    desk.work()
    actions.ask(desk.parts, desk.ticket().number, "TP Bắc Kạn", "", "Hoa")
    desk.work()
    assert desk.ticket().state is State.WAITING_UNIT
    assert "wording" not in desk.ticket().check
    assert "Khách hàng còn nêu" in _form_text(desk)


def test_a_mark_seen_at_receipt_is_shown_again_beside_the_answer(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Hóa đơn tiền điện", LETTER)
    desk.work()
    actions.set_fields(desk.parts, desk.ticket().number, (), "Hoa")
    desk.work()
    assert (desk.ticket().state, desk.ticket().check) == (State.WAITING_UNIT, ())
    desk.reply(
        "dlbabe@pcbk.example",
        "Công tơ đã được kiểm tra tại chỗ, chạy đúng; hóa đơn tăng do thêm máy bơm. Điện có lại lúc 9h sáng nay.",
    )
    desk.work()
    assert (desk.ticket().state, desk.ticket().check) == (State.TO_APPROVE, ("besides",))


def test_whoever_writes_the_answer_has_seen_it(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Hóa đơn tiền điện", LETTER)
    desk.work()
    number = desk.ticket().number
    actions.found(
        desk.parts, number, "phone", "Công tơ chạy đúng, hóa đơn tăng do thêm máy bơm. Điện có lại lúc 9h.", "Hoa"
    )
    desk.work()
    assert (desk.ticket().state, desk.ticket().check) == (State.TO_APPROVE, ())


def test_a_kind_that_a_clerk_made_the_tickets_own_is_none_besides(desk: Desk) -> None:
    desk.mail(CUSTOMER, "Hóa đơn tiền điện", LETTER)
    desk.work()
    actions.set_fields(desk.parts, desk.ticket().number, ("category=outage_info",), "Hoa")
    desk.work()
    forms = sorted((desk.home / "outbox" / desk.ticket().number).glob("*-request-*.docx"))
    texts = [
        "\n".join(cell.text for table in docx.Document(str(form)).tables for cell in table._cells) for form in forms
    ]
    assert ["Khách hàng còn nêu" in text for text in texts] == [True, False]


@pytest.mark.parametrize("first", [True, False])
def test_it_neither_leads_nor_waits_behind_others_of_one_outage(desk: Desk, first: bool) -> None:
    plain = (
        "Mất điện từ 6h sáng nay, bao giờ có lại? Tôi ở thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể. Ma Văn Tú 0912 345 679"
    )
    more = (
        "Thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể mất điện từ 6h sáng, bao giờ có lại, nguyên nhân gì? Mất điện cả thôn từ 6h sáng nay. "
        "Cho hỏi thêm thủ tục tăng công suất, lắp công tơ 3 pha cần giấy tờ gì? Nông Văn Bình 0912 345 678"
    )
    for number, text in enumerate([more, plain] if first else [plain, more]):
        desk.mail(f"khach{number}@nha.example", "Mất điện", text)
        desk.work()
    tickets = [desk.ticket(f"PCBK-2026-00000{number}") for number in (1, 2)]
    assert any(one.besides for one in tickets)
    assert [one.group for one in tickets] == [None, None]
