"""What the customer reads in the mail is what the letter says, with what staff changed in it."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from daemon.office import actions
from tests.support.office import Desk

NGA = "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định và trả lời qua email. 0912 000 115"
TOLD = "Đã lập phiếu kiểm định công tơ, hẹn khách hàng ngày 09/10/2026."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = Desk(tmp_path / "office", "2026-10-05 08:20")
    office.mail("Lương Thị Nga <nga@khach.example>", "Công tơ chạy nhanh", NGA)
    office.work()
    office.new_sent()
    yield office
    office.close()


def answered(desk: Desk) -> str:
    desk.reply("dlnari@pcbk.example", TOLD)
    desk.work()
    return desk.ticket().number


def test_the_mail_says_what_the_letter_says(desk: Desk) -> None:
    number = answered(desk)
    (draft,) = desk.drafts()
    lines = draft.text.strip().splitlines()
    assert lines[0] == "— Xin trả lời phía trên dòng này —"
    assert lines[2] == "Kính gửi: Ông/Bà Lương Thị Nga"
    assert lines[-1] == f"Mã tiếp nhận: {number}"
    for words in (
        "Ngày 05/10/2026, Công ty Điện lực Bắc Kạn nhận được yêu cầu của Ông/Bà (mã khách hàng PA26NR0000115",
        TOLD,
        f"điện thoại 0209 3000 111, tổng đài 19006769 và nêu mã tiếp nhận {number}.",
        "Trân trọng cảm ơn Ông/Bà",
        "Văn bản trả lời kèm theo thư này.",
    ):
        assert words in draft.text
    assert "{" not in draft.text


def test_words_changed_in_the_file_are_in_the_draft_and_in_the_mail(desk: Desk) -> None:
    number = answered(desk)
    path = desk.home / "outbox" / number / f"{number}-answer-1.docx"
    document = docx.Document(io.BytesIO(path.read_bytes()))
    target = next(each for each in document.paragraphs if TOLD in each.text)
    target.runs[0].text = "Đã kiểm định xong, công tơ chạy đúng."
    for run in target.runs[1:]:
        run.text = ""
    document.save(str(path))
    desk.work()
    (draft,) = desk.drafts()
    assert "Đã kiểm định xong, công tơ chạy đúng." in draft.text
    assert TOLD not in draft.text
    actions.approve(desk.parts, number, "Lan")
    desk.work()
    (sent,) = desk.new_sent()
    assert sent.text == draft.text
    assert sent.to == ("nga@khach.example",)


def test_a_file_that_cannot_be_read_keeps_the_mail_back(desk: Desk) -> None:
    number = answered(desk)
    path = desk.home / "outbox" / number / f"{number}-answer-1.docx"
    actions.approve(desk.parts, number, "Lan")
    path.write_bytes(b"PK, half a file")
    desk.work()
    assert desk.new_sent() == []


def test_a_unit_that_asked_reads_its_question_and_the_request_again(desk: Desk) -> None:
    desk.reply("dlnari@pcbk.example", "Đề nghị phòng cho biết số công tơ và nhãn hiệu của khách hàng?")
    desk.work()
    number = desk.ticket().number
    actions.ask(desk.parts, number, "Na Rì", "Công tơ số 12345, loại cơ.", "Lan")
    desk.work()
    sent = desk.new_sent()[-1]
    assert sent.to == ("dlnari@pcbk.example",)
    for words in ("Đơn vị hỏi: Đề nghị phòng cho biết số công tơ", "Công tơ số 12345", "Công tơ nhà tôi chạy nhanh"):
        assert words in sent.text
