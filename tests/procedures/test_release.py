"""The ways of release (contract, "Who may do what") on a real Maildir, and what happens when drafts are changed."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import qrcode
from docx.oxml.ns import qn
from PIL import Image

from daemon.desk.trouble import Refused
from daemon.mailbox.compose import File, compose
from daemon.office import actions
from tests.support.office import Desk

ASKS = "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. Công tơ nhà tôi chạy nhanh, đề nghị kiểm định{}. 0912 000 115"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = Desk(tmp_path / "office", "2026-10-05 08:20")
    yield office
    office.close()


def drafted(desk: Desk, form: str = " và trả lời qua email") -> None:
    """Bring a ticket as far as its draft."""
    desk.mail("Lương Thị Nga <nga@khach.example>", "Công tơ chạy nhanh", ASKS.format(form))
    desk.work()
    desk.at("2026-10-06 09:00")
    desk.reply("dlnari@pcbk.example", "Đã lập phiếu kiểm định, hẹn khách hàng ngày 09/10/2026.")
    desk.work()
    assert desk.ticket().state == "to_approve", desk.ticket().questions
    desk.new_sent()


def answer_path(desk: Desk) -> Path:
    return desk.home / "outbox" / desk.ticket().number / f"{desk.ticket().number}-answer-1.docx"


def edit(path: Path, words: str) -> bytes:
    document = docx.Document(str(path))
    document.add_paragraph(words)
    document.save(str(path))
    return path.read_bytes()


def enclosed(mail: object) -> bytes:
    return mail.attachments[0].content  # type: ignore[attr-defined, no-any-return]


def test_the_draft_is_the_file_in_the_outbox(desk: Desk) -> None:
    drafted(desk)
    assert [enclosed(mail) for mail in desk.drafts()] == [answer_path(desk).read_bytes()]


def test_a_file_changed_in_the_outbox_replaces_the_mailbox_draft(desk: Desk) -> None:
    drafted(desk)
    changed = edit(answer_path(desk), "Câu do chị Hoa thêm.")
    desk.work()
    assert [enclosed(mail) for mail in desk.drafts()] == [changed]
    desk.work()
    assert len(desk.drafts()) == 1
    actions.approve(desk.parts, desk.ticket().number, "Hoa")
    desk.work()
    sent = desk.new_sent()
    assert [enclosed(mail) for mail in sent] == [changed]
    assert answer_path(desk).read_bytes() == changed


def change_mailbox_draft(desk: Desk) -> None:
    path = next((desk.home / "var/mailbox/.Drafts/cur").iterdir())
    document = docx.Document(io.BytesIO(enclosed(desk.drafts()[0])))
    document.add_paragraph("Sửa trong hộp thư.")
    buffer = io.BytesIO()
    document.save(buffer)
    mail = desk.drafts()[0]
    fresh = compose(
        sender=("GDKH", "gdkh@pcbk.example"),
        to=list(mail.to),
        subject=mail.subject,
        body="Nội dung sửa",
        message_id=mail.message_id,
        date=desk.clock.now(),
        files=[File(mail.attachments[0].name, buffer.getvalue())],
    )
    beside = desk.home / "var/mailbox/.Drafts/tmp/changed"
    beside.write_bytes(fresh)
    beside.rename(path)  # as a mail client writes: the folder tells that something in it changed


def test_when_both_were_changed_a_person_chooses(desk: Desk) -> None:
    drafted(desk)
    change_mailbox_draft(desk)
    changed = edit(answer_path(desk), "Sửa trong outbox.")
    desk.work()
    assert "draft" in desk.ticket().check
    assert enclosed(desk.drafts()[0]) != changed
    actions.set_fields(desk.parts, desk.ticket().number, ("draft=outbox",), "Hoa")
    desk.work()
    assert [enclosed(mail) for mail in desk.drafts()] == [changed]
    assert "draft" not in desk.ticket().check


def touch(desk: Desk) -> str:
    """Change the mailbox draft, let the office see it, and return the question it asks."""
    desk.work()
    change_mailbox_draft(desk)
    desk.work()
    assert "draft" in desk.ticket().check
    return " ".join(desk.ticket().questions)


def test_a_draft_changed_in_the_mailbox_alone_is_not_released_in_its_old_words(desk: Desk) -> None:
    drafted(desk)
    assert "Gửi thẳng thư ấy từ Drafts" in touch(desk)
    with pytest.raises(Refused, match="draft=outbox"):
        actions.approve(desk.parts, desk.ticket().number, "Hoa")
    actions.set_fields(desk.parts, desk.ticket().number, (), "Hoa")
    assert "draft" in desk.ticket().check, "to confirm everything chooses no draft"
    desk.send_draft()
    desk.work()
    assert desk.ticket().state == "closed"


def test_the_file_in_the_outbox_may_be_chosen_over_the_changed_draft(desk: Desk) -> None:
    drafted(desk)
    touch(desk)
    actions.set_fields(desk.parts, desk.ticket().number, ("draft=outbox",), "Hoa")
    desk.work()
    desk.work()
    assert [enclosed(mail) for mail in desk.drafts()] == [answer_path(desk).read_bytes()]
    assert desk.ticket().check == ()
    actions.approve(desk.parts, desk.ticket().number, "Hoa")
    desk.work()
    assert (desk.drafts(), [enclosed(mail) for mail in desk.new_sent()]) == ([], [answer_path(desk).read_bytes()])


def test_words_changed_in_both_places_are_both_kept(desk: Desk) -> None:
    drafted(desk)
    touch(desk)
    edit(answer_path(desk), "Sửa trong outbox.")
    desk.work()
    assert "ở cả outbox và hộp thư" in " ".join(desk.ticket().questions)
    assert "Nội dung sửa" in str(desk.drafts()[0].text)


def test_a_letter_whose_draft_was_changed_says_where_to_write_it(desk: Desk) -> None:
    drafted(desk, " và trả lời bằng văn bản")
    assert "chép chỗ sửa vào tệp Word" in touch(desk)


def test_a_draft_saved_again_unchanged_under_another_key_goes_with_the_release(desk: Desk) -> None:
    drafted(desk)
    desk.work()
    path = next((desk.home / "var/mailbox/.Drafts/cur").iterdir())
    path.rename(path.with_name("2.saved-again.mail:2,D"))
    desk.work()
    assert "draft" not in desk.ticket().check
    actions.approve(desk.parts, desk.ticket().number, "Hoa")
    desk.work()
    assert (desk.drafts(), len(desk.new_sent())) == ([], 1)


def test_a_draft_sent_under_a_new_message_id_is_noticed_by_its_number(desk: Desk) -> None:
    drafted(desk)
    path = next((desk.home / "var/mailbox/.Drafts/cur").iterdir())
    raw = path.read_bytes().replace(desk.drafts()[0].message_id.encode(), b"<new-one@outlook.example>")
    (desk.home / "var/mailbox/.Sent/cur" / "1.person.mail:2,S").write_bytes(raw)
    path.unlink()
    desk.work()
    assert desk.ticket().state == "closed"


def test_a_mail_of_ours_with_the_number_is_no_release(desk: Desk) -> None:
    drafted(desk)
    actions.ask(desk.parts, desk.ticket().number, "B26", "", "Lan")
    desk.work()
    assert desk.ticket().state == "waiting_unit"
    assert desk.drafts() == []


def texts(path: Path) -> list[str]:
    document = docx.Document(str(path))
    rows = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*rows, *(paragraph.text for paragraph in document.paragraphs)]


@pytest.mark.parametrize("released", [False, True])
def test_what_a_person_wrote_into_the_letter_stays_in_the_numbered_one(desk: Desk, released: bool) -> None:
    drafted(desk, " và trả lời bằng văn bản")
    if released:
        actions.approve(desk.parts, desk.ticket().number, "Hoa")
        desk.work()
    edit(answer_path(desk), "Câu do chị Hoa thêm.")
    desk.at("2026-10-08 15:00")
    for number, round in (("12", 2), ("13", 3)):
        actions.give_number(desk.parts, desk.ticket().number, number, "Hoa")
        desk.work()
        said = texts(answer_path(desk).with_name(f"{desk.ticket().number}-answer-{round}.docx"))
        assert said[-1] == "Câu do chị Hoa thêm."
        assert any(f"Số: {number}/PCBK-P9" in text for text in said), said
        assert any("ngày 08 tháng 10" in text for text in said), said
    assert desk.ticket().check == ()


def test_a_number_that_finds_no_place_in_a_changed_letter_is_told(desk: Desk) -> None:
    drafted(desk, " và trả lời bằng văn bản")
    document = docx.Document(str(answer_path(desk)))
    place = next(each for each in document.element.body.iter(qn("w:p")) if "Số:" in "".join(each.itertext()))
    place.getparent().remove(place)
    document.save(str(answer_path(desk)))
    actions.give_number(desk.parts, desk.ticket().number, "12", "Hoa")
    desk.work()
    assert "«Số: 12/PCBK-P9»" in " ".join(desk.ticket().questions)


def test_changes_by_hand_that_another_form_of_answer_cannot_take_are_told(desk: Desk) -> None:
    drafted(desk, " và trả lời bằng văn bản")
    edit(answer_path(desk), "Câu do chị Hoa thêm.")
    actions.set_fields(desk.parts, desk.ticket().number, ("wanted_reply=email",), "Hoa")
    desk.work()
    fresh = answer_path(desk).with_name(f"{desk.ticket().number}-answer-2.docx")
    assert "Câu do chị Hoa thêm." in texts(fresh) or "chép lời ấy vào tệp mới" in " ".join(desk.ticket().questions)


def returned_scan(desk: Desk, paper: str, round: int) -> None:
    page = Image.new("L", (1654, 2339), 255)
    code = qrcode.make(f"PCBK|{desk.ticket().number}|{paper}|{round}", box_size=8).get_image().convert("L")
    page.paste(code, (1250, 80))
    for line in range(12):
        page.paste(0, (200, 600 + 90 * line, 200 + 90 * (10 + line % 4), 612 + 90 * line))
    page.save(desk.home / "inbox" / f"ban-ky-{paper}.png", dpi=(200, 200))


def test_the_signed_scan_completes_a_letter(desk: Desk) -> None:
    drafted(desk, " và trả lời bằng văn bản")
    actions.approve(desk.parts, desk.ticket().number, "Hoa")
    desk.work()
    assert desk.ticket().state == "released"
    returned_scan(desk, "answer", 1)
    for _ in range(3):
        desk.work()
    assert desk.ticket().state == "closed", [event.kind for event in desk.events()]
    assert any("answer-signed-1.png" in name for name in desk.file_names())
    assert desk.new_sent() == []


def test_a_signed_slip_is_filed_and_changes_nothing_else(desk: Desk) -> None:
    drafted(desk)
    returned_scan(desk, "slip", 1)
    for _ in range(3):
        desk.work()
    assert desk.ticket().state == "to_approve"
    assert any("slip-signed-1.png" in name for name in desk.file_names())


def test_nothing_leaves_by_itself_however_long_one_waits(desk: Desk) -> None:
    drafted(desk)
    desk.at("2026-10-20 09:00")
    assert all("nga@khach.example" not in mail.to for mail in desk.new_sent())
    assert desk.ticket().state == "to_approve"


def test_a_name_put_right_keeps_what_the_clerk_wrote_into_the_letter(desk: Desk) -> None:
    drafted(desk)
    edit(answer_path(desk), "Câu do chị Hoa thêm.")
    desk.work()
    actions.set_fields(desk.parts, desk.ticket().number, ("name=Lương Thị Ngà",), "Hoa")
    desk.work()
    (draft,) = desk.drafts()
    words = "\n".join(each.text for each in docx.Document(io.BytesIO(enclosed(draft))).paragraphs)
    assert "Lương Thị Ngà" in words
    assert "Lương Thị Nga\n" not in words
    assert "Câu do chị Hoa thêm." in words
