"""A customer reads the names of the office's units, not their codes; whatever else is called alike keeps its name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.unit_names import addressed, for_customer, printed
from tests.desk.test_endings import complaint

NAMES = {"B26": "Phòng Điều độ (B26)", "P9": "Phòng Kinh doanh", "Ba Bể": "Điện lực Ba Bể"}
SAID = [
    ("B26 không đồng ý chuyển lịch.", "Phòng Điều độ không đồng ý chuyển lịch."),
    ("Phòng B26 đồng ý.", "Phòng Điều độ đồng ý."),
    ("Theo phòng B26, lịch đã duyệt", "Theo phòng Điều độ, lịch đã duyệt"),
    ("Phòng Điều độ B26 đồng ý", "Phòng Điều độ đồng ý"),
    ("phòng Điều độ (B26) đã duyệt", "phòng Điều độ đã duyệt"),
    ("Trực ca (B26) cho biết", "Trực ca (Phòng Điều độ) cho biết"),
    ("Lịch của B26, P9 đã duyệt.", "Lịch của Phòng Điều độ, Phòng Kinh doanh đã duyệt."),
    ("ĐL Ba Bể đã sửa đường dây ở xã Ba Bể.", "Điện lực Ba Bể đã sửa đường dây ở xã Ba Bể."),
]
KEPT = ["lộ B26 bị sự cố", "TBA B26 quá tải", "cột B26-3 nghiêng", "Số 12/PCBK-P9", "Theo QT821-02/P9", "Ba Bể mưa to"]


@pytest.mark.parametrize(("text", "read"), SAID, ids=[text[:25] for text, _ in SAID])
def test_a_code_that_means_a_unit_is_put_into_words(text: str, read: str) -> None:
    assert for_customer(text, NAMES) == read


@pytest.mark.parametrize("text", KEPT)
def test_what_is_only_called_alike_stays(text: str) -> None:
    assert for_customer(text, NAMES) == text


def test_a_text_full_of_codes_is_put_into_words_at_once() -> None:
    assert for_customer("B26 " * 20_000, NAMES).count("Phòng Điều độ") == 20_000


@settings(max_examples=200, derandomize=True)
@given(st.text("B26 P9(phòng).,;\nlộ Ba Bể", max_size=60))
def test_once_is_enough(text: str) -> None:
    once = for_customer(text, NAMES)
    assert for_customer(once, NAMES) == once


def test_a_printed_name_goes_without_its_code() -> None:
    assert printed("B26", "Phòng Điều độ (B26)") == "Phòng Điều độ"
    assert printed("B26", "B26") == "B26"
    assert printed("Ba Bể", "Điện lực Ba Bể") == "Điện lực Ba Bể"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Không miễn giảm cho khách hàng Lê Thị Phương vì chậm nộp.", "Không miễn giảm cho Ông/Bà vì chậm nộp."),
        ("Nhà bà Lê Thị Phương đã có điện.", "Nhà Ông/Bà đã có điện."),
        ("Chị lê thị  phương hẹn thứ Hai.", "Ông/Bà hẹn thứ Hai."),
        ("Ông Lê Thị Phương Anh ký.", "Ông Lê Thị Phương Anh ký."),
        ("Bà Lê Phương ký.", "Bà Lê Phương ký."),
    ],
)
def test_who_is_written_to_is_spoken_to(text: str, said: str) -> None:
    assert addressed(text, "Lê Thị Phương", "Ông/Bà") == said


def test_a_substation_keeps_the_name_of_its_customer() -> None:
    text = "TBA Trường Mầm non Sông Cầu hỏng, đã báo khách hàng Trường Mầm non Sông Cầu."
    said = "TBA Trường Mầm non Sông Cầu hỏng, đã báo Quý đơn vị."
    assert addressed(text, "Trường Mầm non Sông Cầu", "Quý đơn vị") == said


@pytest.mark.parametrize("name", [None, "", "Phương"])
def test_a_short_name_is_left(name: str | None) -> None:
    assert addressed("Xã Phương Linh, bà Phương.", name, "Ông/Bà") == "Xã Phương Linh, bà Phương."


def test_the_draft_has_the_names() -> None:
    story = complaint()
    story.answer(text="P9 đã xem lại, mất điện do sét đánh.")
    assert story.ticket.draft is not None
    assert "P9" not in story.ticket.draft.text
