"""What a customer finds in the mail: how the desk speaks to them, and the papers that come with it."""

from typing import Any

import pytest

from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.office import actions
from tests.support.office import DESK, Desk

METER = "Công tơ nhà tôi ở xã Sơn Thành chạy nhanh bất thường, đề nghị kiểm định."


@pytest.mark.parametrize(
    ("text", "greeting"),
    [
        (f"Tôi là Lương Thị Nga, mã khách hàng PA26NR0000115. {METER}", "Kính gửi: Ông/Bà Lương Thị Nga"),
        (f"{METER}\nTrân trọng.\nCông ty TNHH Hoa Sen\nĐT: 0912 000 115", "Kính gửi: Công ty TNHH Hoa Sen"),
        (METER, "Kính gửi: Quý khách hàng"),
    ],
)
def test_a_customer_is_greeted_as_in_the_letter(desk: Desk, text: str, greeting: str) -> None:
    desk.mail("khach@khach.example", "Công tơ", text)
    desk.work()
    mail = next(each for each in desk.new_sent() if each.to == ("khach@khach.example",))
    assert greeting in (mail.text or "").splitlines()


def _word(mail: Any) -> str:
    """The text of the only Word file in a mail."""
    (file,) = [each for each in mail.attachments if each.name.endswith(".docx")]
    return "\n".join(spot.text for spot in spots(Package.load(file.content)))


def _slip_to(desk: Desk, address: str) -> Any:
    return next(each for each in desk.new_sent() if each.to == (address,))


def test_a_mailed_slip_is_the_customers_half_alone(desk: Desk) -> None:
    desk.mail("nga@khach.example", "Công tơ", f"Tôi là Lương Thị Nga, mã khách hàng PA26NR0000115. {METER}")
    desk.work()
    slip = _word(_slip_to(desk, "nga@khach.example"))
    assert slip.count("PHIẾU HẸN") == 1 and "Liên" not in slip and "Ký, ghi rõ họ tên" not in slip
    assert [name for name in desk.file_names() if "-slip-" in name] == [f"{desk.ticket().number}-slip-1.docx"]


def test_at_the_counter_there_is_a_paper_to_sign_besides(desk: Desk) -> None:
    desk.note("counter", f"Chị Lương Thị Nga, 0912 000 115, nga@khach.example, PA26NR0000115. {METER}")
    desk.work()
    if desk.ticket().state == "to_check":
        actions.set_fields(desk.parts, desk.ticket().number, (), "Lan")
        desk.work()
    assert _word(_slip_to(desk, "nga@khach.example")).count("PHIẾU HẸN") == 1
    number = desk.ticket().number
    assert {f"{number}-slip-1.docx", f"{number}-slip-mail-1.docx"} <= set(desk.file_names())
    paper = Package.load(desk.home / "outbox" / number / f"{number}-slip-1.docx")
    assert sum("PHIẾU HẸN" in spot.text for spot in spots(paper)) == 2


def _drafted(desk: Desk) -> str:
    desk.mail("nga@khach.example", "Công tơ", f"Tôi là Lương Thị Nga, mã khách hàng PA26NR0000115. {METER}")
    desk.work()
    desk.reply("dlnari@pcbk.example", "Đã lập phiếu kiểm định công tơ, hẹn khách hàng ngày 09/10/2026.")
    desk.work()
    assert desk.ticket().state == "to_approve"
    desk.new_sent()
    return desk.ticket().number


def test_a_mailed_answer_has_no_empty_number_and_no_unsigned_leader(desk: Desk) -> None:
    _drafted(desk)
    (draft,) = desk.drafts()
    letter = _word(draft)
    assert "Số:" not in letter and "phiếu kiểm định" in letter
    assert desk.parts.desk.office.desk.upper() in " ".join(letter.split())
    assert not any(line in letter for line in desk.parts.desk.office.signer.lines)


def test_a_number_given_makes_it_an_official_letter(desk: Desk) -> None:
    number = _drafted(desk)
    actions.give_number(desk.parts, number, "7", "Văn thư")
    desk.work()
    (draft,) = desk.drafts()
    assert "Số: 07/" in _word(draft), "whoever sends it from Drafts sends the same"
    actions.approve(desk.parts, number, "Hoa")
    desk.work()
    letter = _word(_slip_to(desk, "nga@khach.example"))
    assert f"Số: 07/{desk.parts.desk.office.sign_code}" in letter
    assert desk.parts.desk.office.signer.lines[0] in letter


def test_the_draft_follows_the_form_of_answer_and_the_address(desk: Desk) -> None:
    number = _drafted(desk)
    actions.set_fields(desk.parts, number, ("email=nga.luong@khach.example",), "Lan")
    desk.work()
    assert [draft.to for draft in desk.drafts()] == [("nga.luong@khach.example",)]
    actions.set_fields(desk.parts, number, ("wanted_reply=letter",), "Lan")
    desk.work()
    (draft,) = desk.drafts()
    assert draft.to == (DESK,) and "Số:" in _word(draft)
    actions.approve(desk.parts, number, "Hoa")
    desk.work()
    assert desk.ticket().state == "released" and desk.new_sent() == []
