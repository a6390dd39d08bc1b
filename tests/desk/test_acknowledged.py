"""Once the result is there, a customer does not read that the report came and a team is on its way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.acknowledged import without_acknowledgment, without_receipt
from tests.desk.test_endings import complaint

LEFT = [
    ("Đã nhận, đội đang ra hiện trường, đã cắt điện cô lập lúc 4h50.", "Đã cắt điện cô lập lúc 4h50."),
    ("Đã nhận tin, đang cử đội kiểm tra.", ""),
    ("Trực vận hành Ba Bể đã nhận.", ""),
    ("Đội trực đang đến hiện trường. Sẽ báo kết quả sau.", ""),
    ("Đã nhận phiếu và đang kiểm tra", ""),
    ("Đơn vị đang kiểm tra hiện trường.", ""),
    ("Điều độ đang kiểm tra vị trí cột 34.", ""),
    ("Dây bị đứt do cây đổ, đang xử lý.", "Dây bị đứt do cây đổ."),
    ("Đã cắt điện, đội đang xử lý, người dân tránh xa.", "Đã cắt điện, người dân tránh xa."),
]
KEPT = [
    "Đã tiếp nhận công tơ về kiểm định.",
    "Đường dây đang vận hành bình thường.",
    "Đơn vị đang khắc phục do cây đổ.",
    "Sẽ kiểm tra lại ngày 12/10/2026.",
    "Đường dây cũ, sẽ xử lý dứt điểm trong tuần tới.",
    "Nguyên nhân: sét đánh vào trạm.",
]


@pytest.mark.parametrize(("text", "left"), LEFT, ids=[text[:40] for text, _ in LEFT])
def test_what_only_acknowledges_is_left_out(text: str, left: str) -> None:
    assert without_acknowledgment(text) == left


@pytest.mark.parametrize("text", KEPT)
def test_what_tells_something_stays(text: str) -> None:
    assert without_acknowledgment(text) == text


@settings(max_examples=150, derandomize=True)
@given(st.text("đã nhận, đang xử lý. sẽ báo;\n", max_size=100))
def test_once_is_enough_and_nothing_is_added(text: str) -> None:
    once = without_acknowledgment(text)
    assert without_acknowledgment(once).lower() == once.lower() or len(without_acknowledgment(once)) < len(once)
    assert len(once) <= len(text) + len(text.split())


def test_the_draft_has_the_result_alone() -> None:
    story = complaint()
    said = "Đã nhận, đội đang ra hiện trường, đã cắt điện cô lập lúc 4h50."
    story.say("reply", kind="partial", unit="Chợ Đồn", trusted=True, text=said, item=6, put_off=[])
    (row,) = story.ticket.units
    assert row.answer == said
    story.answer(text="Đã thay dây, cấp điện lại lúc 6h10.")
    assert story.ticket.draft is not None
    assert story.ticket.draft.text == "Đã cắt điện cô lập lúc 4h50.\nĐã thay dây, cấp điện lại lúc 6h10."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Đã nhận tin, tổ trực đang đến kiểm tra, xong sẽ báo lại.", ""),
        ("Sửa xong thì báo phòng, đội đang ra hiện trường.", "Sửa xong thì báo phòng."),
        ("Có điện sẽ báo lại.", ""),
        ("Đã sửa xong, sẽ báo lại.", "Đã sửa xong."),
    ],
)
def test_what_is_only_to_be_done_goes(text: str, left: str) -> None:
    assert without_acknowledgment(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Phòng Điều độ nhận được phiếu PCBK-2026-000002 về đề nghị của Xưởng gỗ. Đồng ý chuyển.", "Đồng ý chuyển."),
        ("Điện lực đã nhận được văn bản của phòng về việc mất điện.\nDo sét đánh.", "Do sét đánh."),
        ("Đơn vị nhận được phiếu lúc 8h và thay công tơ. Xong lúc 9h.", None),
        ("Đơn vị nhận được phiếu, công tơ hỏng bo mạch. Xong lúc 9h.", None),
        ("Đơn vị nhận được yêu cầu của khách do sét đánh. Xong lúc 9h.", None),
        ("Đơn vị đã nhận được phiếu.", None),
    ],
)
def test_that_our_form_came_is_no_answer_to_a_customer(text: str, left: str | None) -> None:
    assert without_receipt(text) == (left or text)
