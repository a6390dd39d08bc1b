"""What staff and units read of a clerk's word in a real office: the mails, the drafts in the mailbox, the papers."""

import pytest

from daemon.desk.ticket import State
from daemon.desk.trouble import Refused
from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.office import actions, aside
from tests.support.office import Desk

COMPLAINT = (
    "Kính gửi Điện lực TP Bắc Kạn. Tôi là Đỗ Quang Vinh (PA26BK0000104), tổ 5 phường Sông Cầu. Ngày 17/10 bị ngừng cấp điện 5 giờ "
    "không được thông báo trước. Tôi khiếu nại và đề nghị công ty trả lời bằng văn bản. 0912 000 110"
)
DANGER = "Bà Lý Thị Mẩy, xã Quân Hà, huyện Bạch Thông, 0912 345 678 báo dây điện đứt rơi xuống đường, đang phóng điện."
UNIT = "dltpbackan@pcbk.example"
REPLY = "Ngày 17/10 là sự cố cáp ngầm, đã thay đoạn cáp hỏng lúc 14h00."


def _complaint(desk: Desk) -> str:
    number = desk.note("letter", COMPLAINT)
    desk.work()
    return number


def _drafted(desk: Desk) -> str:
    number = _complaint(desk)
    desk.reply(UNIT, REPLY)
    desk.work()
    assert desk.ticket(number).state is State.TO_APPROVE
    return number


def test_a_cancelled_ticket_is_told_to_the_unit_and_who_tells_the_customer_is_said(desk: Desk) -> None:
    number = _complaint(desk)
    (form,) = desk.new_sent()
    said = actions.finish(desk.parts, number, "cancelled", "khách rút yêu cầu", "Lan")
    desk.work()
    (mail,) = desk.new_sent()
    assert (mail.to, form.message_id in mail.in_reply_to) == ((UNIT,), True)
    assert "không cần trả lời nữa. Lý do: khách rút yêu cầu." in mail.text
    assert "Chương trình không tự báo khách hàng" in said and "Khách hàng đã nhận phiếu hẹn" in said


def test_merging_tells_the_unit_where_to_answer(desk: Desk) -> None:
    first = _complaint(desk)
    second = desk.note(
        "phone_note", "Ông Hà Văn Tư, 0912 000 777, tổ 9 phường Sông Cầu, thành phố Bắc Kạn khiếu nại cắt điện."
    )
    desk.work()
    assert [row.unit for row in desk.ticket(second).units] == [row.unit for row in desk.ticket(first).units]
    desk.new_sent()
    actions.merge(desk.parts, second, first, "Lan")
    desk.work()
    (mail,) = desk.new_sent()
    assert f"Đề nghị trả lời ở phiếu {first}" in mail.text and f"[{second}]" in mail.subject


def test_a_crew_hears_of_the_right_place_on_its_thread(desk: Desk) -> None:
    number = desk.note("phone_note", DANGER)
    desk.work()
    forms = desk.new_sent()
    assert len(forms) == 1
    actions.set_fields(desk.parts, number, ("address=thôn Nà Ngăm, xã Quân Hà",), "Lan")
    desk.work()
    (mail,) = desk.new_sent()
    assert mail.to == forms[0].to and forms[0].message_id in mail.in_reply_to
    assert "Đính chính" in mail.subject and "→ thôn Nà Ngăm, xã Quân Hà" in mail.text
    assert [each.name for each in mail.attachments] == [f"{number}-incident-bach-thong-2.docx"]


def test_a_draft_to_print_says_so_and_goes_with_the_number_and_the_release(desk: Desk) -> None:
    number = _drafted(desk)
    (draft,) = desk.drafts()
    first, _, second = (line for line in draft.text.splitlines()[:3])
    assert first == "— Xin trả lời phía trên dòng này —"
    assert "đừng gửi thư này" in second and f"motcua number {number}" in second
    assert "không gửi" in draft.subject and draft.subject.startswith(f"[{number}]")
    said = actions.give_number(desk.parts, number, "412", "Lan")
    desk.work()
    assert f"outbox/{number}/{number}-answer-2.docx" in said
    (draft,) = desk.drafts()
    assert [each.name for each in draft.attachments] == [f"{number}-answer-2.docx"]
    said = actions.approve(desk.parts, number, "Hoa")
    desk.work()
    assert f"In outbox/{number}/{number}-answer-2.docx, trình ký" in said and "chưa có số" not in said
    assert desk.drafts() == [] and desk.ticket(number).state is State.RELEASED


def test_a_letter_released_without_a_number_says_what_is_missing(desk: Desk) -> None:
    number = _drafted(desk)
    said = actions.approve(desk.parts, number, "Hoa").splitlines()
    assert said[0].startswith("Văn bản chưa có số.") and said[0].endswith(f"motcua number {number} SỐ")
    assert said[2].endswith(f"motcua answered {number} --by letter")


def test_an_interim_letter_says_nothing_that_is_not_so(desk: Desk) -> None:
    number = _complaint(desk)
    said = actions.extend(desk.parts, number, "2026-10-20", "chờ kiểm định", "Lan")
    desk.work()
    name = f"{number}-interim-1.docx"
    assert f"outbox/{number}/{name}" in said and "không tự gửi" in said
    text = " ".join(spot.text for spot in spots(Package.load((desk.home / "outbox" / number / name).read_bytes())))
    assert "chưa có đầy đủ kết quả để trả lời. Lý do: chờ kiểm định" in text
    assert ") về việc khiếu nại về ngừng, giảm mức cung cấp điện." in text and ") (" not in text


def test_a_ticket_opened_by_a_person_from_an_advertisement_is_a_request_to_check(desk: Desk) -> None:
    desk.mail(
        "Quảng cáo <tin@khuyenmai.example>",
        "Khuyến mãi tháng 10",
        "Giảm giá 50% đồ điện gia dụng, mua ngay hôm nay!",
        **{"Precedence": "bulk", "List-Unsubscribe": "<https://x.example>"},
    )
    desk.work()
    (item,) = desk.parts.store.items("set_aside")
    number = actions.open_from_item(desk.parts, item.id, "Lan")
    said = actions.stands(desk.parts, number)
    assert said.startswith("Chờ kiểm tra thông tin. Cần xem: loại yêu cầu") and f"motcua set {number}" in said
    desk.work()
    assert desk.ticket(number).state is State.TO_CHECK and "category" in desk.ticket(number).check
    with pytest.raises(Refused, match=number):
        aside.seen(desk.parts, f"m{item.id}", "Lan")


@pytest.mark.parametrize("answered_before", [False, True])
def test_a_danger_found_while_the_unit_is_asked_goes_to_the_duty_desk_at_once(
    desk: Desk, answered_before: bool
) -> None:
    number = _complaint(desk)
    desk.new_sent()
    if answered_before:
        desk.reply(UNIT, REPLY)
        desk.work()
    actions.set_fields(desk.parts, number, ("danger=yes",), "Lan")
    desk.work()
    sent = desk.new_sent()
    (mail,) = [mail for mail in sent if "KHẨN" in mail.subject]
    (row,) = [row for row in desk.ticket(number).units if row.open]
    assert row.step in desk.parts.desk.procedure.duty_steps and "truc" in mail.to[0]
    assert desk.ticket(number).state is State.WAITING_UNIT
    assert not [mail for mail in sent if "Không cần" in mail.subject]


def test_the_promises_of_a_kind_that_the_ticket_is_not_any_more_are_gone_for_good(desk: Desk) -> None:
    number = desk.note("phone_note", DANGER)
    desk.work()
    assert "emergency_notice" in {line.name for line in desk.ticket(number).deadlines}
    actions.set_fields(desk.parts, number, ("category=outage_complaint", "danger=no"), "Lan")
    desk.work()
    lines = [(line.name, line.round) for line in desk.ticket(number).deadlines]
    assert sorted(lines) == [("appointment", 2), ("legal", 2), ("look_up", 2)]
