"""Words of a unit that are not for a customer are shown to whoever releases the answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk import todo
from daemon.desk.effects import SAVE_DRAFT, Effect
from daemon.desk.ticket import State
from daemon.desk.unfit import unfit, without_internal
from tests.desk.test_endings import LAN, complaint

UNFIT = [
    (
        "Do sét đánh, đã thay chống sét. Nội bộ: đừng hứa đền bù với khách nhé chị.",
        "Nội bộ: đừng hứa đền bù với khách nhé chị.",
    ),
    ("Gửi chị Lan phòng GDKH: do sét đánh.", "Gửi chị Lan phòng GDKH: do sét đánh."),
    ("B26 không đồng ý chuyển lịch.", "B26 không đồng ý chuyển lịch."),
    ("Đồng ý chuyển sang 07h30 ngày 13/12/2026. Đề nghị phòng báo khách hàng.", "Đề nghị phòng báo khách hàng."),
    (
        "Điện lực Bạch Thông gửi văn bản trả lời (file đính kèm).",
        "Điện lực Bạch Thông gửi văn bản trả lời (file đính kèm).",
    ),
    (
        "Đã xong lúc 22h15. Việc bồi thường phòng chuyển bộ phận kinh doanh.",
        "Việc bồi thường phòng chuyển bộ phận kinh doanh.",
    ),
    (
        "Đã cấp điện lại lúc 4h30.\nVề tủ thuốc trạm xá: đơn vị đang xác minh.",
        "Về tủ thuốc trạm xá: đơn vị đang xác minh.",
    ),
]
FIT = [
    "Do sét đánh, đã thay chống sét, có điện lại lúc 9h.",
    "Đường dây 473 ngừng từ 07h30 đến 11h30 ngày 13/12/2026 theo kế hoạch.",
    "Điện lực đã kiểm tra công tơ, sai số trong giới hạn cho phép.",
    "Trạm biến áp Phòng không còn quá tải.",
    "Mời Ông/Bà đến văn phòng liên hệ làm hợp đồng.",
    "",
]


@pytest.mark.parametrize(("text", "shown"), UNFIT, ids=[text[:30] for text, _ in UNFIT])
def test_what_is_not_for_a_customer(text: str, shown: str) -> None:
    assert unfit(text) == (shown,)


@pytest.mark.parametrize("text", FIT)
def test_what_a_customer_may_read(text: str) -> None:
    assert unfit(text) == ()


@settings(max_examples=200, derandomize=True)
@given(st.text("nội bộ đang xác minh B26.;!?\n", max_size=400))
def test_it_is_short_and_few(text: str) -> None:
    assert len(unfit(text)) <= 3
    assert all(len(piece) <= 121 for piece in unfit(text))


def test_the_draft_waits_with_the_sentence_and_release_settles_it() -> None:
    story = complaint()
    story.answer(text="Do sét đánh. Đề nghị phòng đừng hứa đền bù.")
    assert story.ticket.state is State.TO_APPROVE
    assert "wording" in story.ticket.check
    assert any("«Đề nghị phòng đừng hứa đền bù.»" in text for text in story.ticket.questions)
    story.say("approved", LAN)
    assert "wording" not in story.ticket.check


def test_a_persons_own_words_are_not_doubted() -> None:
    story = complaint()
    story.answer(text="Do sét đánh. Đề nghị phòng đừng hứa đền bù.")
    story.say("found", LAN, text="Do sét đánh, B26 đã xử lý.", source="phone")
    assert story.ticket.draft is not None
    assert "wording" not in story.ticket.check


@pytest.mark.parametrize(
    ("text", "left", "internal"),
    [
        ("Do sét đánh. Nội bộ: đừng hứa đền bù.", "Do sét đánh.", ("Nội bộ: đừng hứa đền bù.",)),
        ("Nội bộ: đừng hứa. Do sét, 9h có điện.", "Do sét, 9h có điện.", ("Nội bộ: đừng hứa.",)),
        ("Do sét.\n(Nội bộ: khách hay kiện.)\nCó điện 9h.", "Do sét.\n\nCó điện 9h.", ("(Nội bộ: khách hay kiện.)",)),
        ("- Do sét.\n- nội bộ - thiếu người", "- Do sét.", ("- nội bộ - thiếu người",)),
        (
            "Không đồng ý.\nĐường dây, trạm biến áp: ĐZ 373 E26.1\nKhách hàng khác cùng bị ảnh hưởng: có",
            "Không đồng ý.",
            ("Đường dây, trạm biến áp: ĐZ 373 E26.1", "Khách hàng khác cùng bị ảnh hưởng: có"),
        ),
        ("Nội bộ: không trả lời.", "Nội bộ: không trả lời.", ()),
        ("Hỏng đường dây nội bộ - đã sửa.", "Hỏng đường dây nội bộ - đã sửa.", ()),
        ("Lưới nội bộ của khách.", "Lưới nội bộ của khách.", ()),
    ],
)
def test_what_a_unit_calls_internal_is_left_out_and_told(text: str, left: str, internal: tuple[str, ...]) -> None:
    assert without_internal(text) == (left, internal)


def test_the_draft_leaves_it_out_and_the_history_says_so() -> None:
    story = complaint()
    story.answer(text="Do sét đánh. Nội bộ: đừng hứa đền bù.")
    assert story.ticket.draft is not None and story.ticket.draft.text == "Do sét đánh."
    assert "wording" not in story.ticket.check


def drafts_of(effects: list[Effect]) -> list[tuple[str, ...]]:
    return [each.payload["to"] for each in effects if each.kind == SAVE_DRAFT]


def test_a_draft_with_words_to_see_has_no_customer_as_addressee_until_they_are_seen() -> None:
    story = complaint()
    effects = story.say("fields_set", LAN, fields={"email": "lan@khach.example", "wanted_reply": "email"})
    story.answer(text="Do sét đánh. Đề nghị phòng đừng hứa đền bù.")
    assert drafts_of(story.effects) == [()]
    assert "«Đề nghị phòng đừng hứa đền bù.»" in todo.words_to_see(story.ticket)
    story.say("document_written", kind="answer", round=1, name="a.docx", digest="d")
    story.say("draft_saved", key="k", message_id="<m>", round=1)
    effects = story.say("fields_set", LAN, fields={}, all=True)
    assert drafts_of(effects) == [("lan@khach.example",)]
    assert todo.words_to_see(story.ticket) == ""
