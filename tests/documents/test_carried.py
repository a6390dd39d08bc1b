"""An edited letter brought up to a new rendering: what is new goes in, a person's words stay, what has no place is told."""

import io

import docx
import pytest

from daemon.documents.carried import carried_over


def word(*paragraphs: str, footer: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def texts(data: bytes) -> list[str]:
    return [each.text for each in docx.Document(io.BytesIO(data)).paragraphs]


BEFORE, AFTER = ("Số: …/P9", "Kính gửi: Ông A", "Đã thay sứ."), ("Số: 12/P9", "Kính gửi: Ông A", "Đã thay sứ.")


@pytest.mark.parametrize(
    ("edited", "said", "left"),
    [
        (BEFORE, AFTER, ()),
        (
            ("Thêm.", "Số: …/P9", "Kính gửi: Bà B", "Đã thay."),
            ("Thêm.", "Số: 12/P9", "Kính gửi: Bà B", "Đã thay."),
            (),
        ),
        (("Số: 12/P9", "Kính gửi: Ông A"), ("Số: 12/P9", "Kính gửi: Ông A"), ()),
        (("Số: 7", "Đã thay sứ."), ("Số: 7", "Đã thay sứ."), ("Số: 12/P9",)),
        (("Số: …/P9", "Số: …/P9"), ("Số: …/P9", "Số: …/P9"), ("Số: 12/P9",)),
    ],
)
def test_what_is_new_goes_into_the_edited_file(
    edited: tuple[str, ...], said: tuple[str, ...], left: tuple[str, ...]
) -> None:
    carried = carried_over(word(*edited), word(*BEFORE), word(*AFTER))
    assert carried is not None
    assert (tuple(texts(carried.data)), carried.left) == (said, left)


def test_a_footer_is_brought_up_to_date_too() -> None:
    carried = carried_over(word("A", "B", footer="Ngày 1"), word("A", footer="Ngày 1"), word("A", footer="Ngày 2"))
    assert carried is not None
    document = docx.Document(io.BytesIO(carried.data))
    assert document.sections[0].footer.paragraphs[0].text == "Ngày 2"
    assert texts(carried.data) == ["A", "B"]


def test_a_rendering_with_more_paragraphs_is_not_mixed_in() -> None:
    assert carried_over(word(*BEFORE), word(*BEFORE), word(*AFTER, "Thêm")) is None


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no word file"])
def test_what_is_no_word_file_carries_nothing(data: bytes) -> None:
    assert carried_over(data, word(*BEFORE), word(*AFTER)) is None
