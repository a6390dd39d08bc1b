"""A ticket on screen: every action is an event of its author, nobody overwrites anybody, nothing foreign is run."""

from email.message import EmailMessage
from typing import Any

import pytest

from daemon.desk.ticket import State
from daemon.store.users import User
from tests.console.hands import Answer, Browser, signed_in
from tests.support.office import DESK, Desk

OUTAGE = "Anh Nguyễn Văn Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại, mất điện từ sáng"
UNIT = "dlchodon@pcbk.example"


@pytest.fixture
def number(desk: Desk) -> str:
    """A ticket that waits for a unit."""
    made = desk.note("phone_note", OUTAGE)
    desk.work()
    return made


@pytest.fixture
def drafted(desk: Desk, number: str) -> str:
    """A ticket whose answer waits for release."""
    desk.at("2026-11-23 09:00")
    desk.reply(UNIT, "Mất điện do sự cố đường dây 35 kV, đã khôi phục lúc 8 giờ 40.")
    desk.work()
    assert desk.ticket(number).state is State.TO_APPROVE
    return number


def act(browser: Browser, number: str, action: str, **form: str) -> Answer:
    """Open the ticket's page, then send one of its forms."""
    seen = browser.get(f"/phieu/{number}").hidden("seen")
    return browser.post(f"/phieu/{number}/{action}", {"seen": seen, **form})


def last(desk: Desk, number: str, kind: str) -> Any:
    return [event for event in desk.events(number) if event.kind == kind][-1]


@pytest.mark.parametrize(
    ("action", "form", "kind"),
    [
        ("ghi-chu", {"text": "khách hẹn gọi lại chiều"}, "remark"),
        ("nhan", {}, "care_given"),
        ("giao", {"to": "hung", "why": "đổi ca"}, "care_given"),
        ("hoi", {"unit": "B26"}, "ask"),
        ("ket-qua", {"source": "phone", "text": "Có điện lại lúc 10 giờ."}, "found"),
        ("gia-han", {"until": "27/11/2026 10:00", "why": "chờ vật tư"}, "extended"),
        ("huy", {"why": "khách rút yêu cầu"}, "cancelled"),
        ("dong", {"why": "trùng"}, "closed_by"),
        (
            "sua",
            {"o-name": "Nguyễn Văn Sơn", "cu-name": "", "o-phone": "0912 345 679", "cu-phone": "0912345678"},
            "fields_set",
        ),
        ("so-van-ban", {"text": "123/PCBK-P9"}, "number_given"),
        ("da-tra-loi", {"form": "phone", "note": "đã báo"}, "answered"),
    ],
)
def test_an_action_is_an_event_of_its_author(
    desk: Desk, lan: Browser, number: str, action: str, form: dict[str, str], kind: str
) -> None:
    answer = act(lan, number, action, **form)
    assert answer.status == 303, answer.text
    event = last(desk, number, kind)
    assert (event.author.kind, event.author.name) == ("person", "Nguyễn Thị Lan")
    desk.work()
    assert lan.get(f"/phieu/{number}").status == 200


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("ghi-chu", {"text": "  "}),
        ("hoi", {"unit": "Không có"}),
        ("ket-qua", {"source": "phone", "text": ""}),
        ("gia-han", {"until": "01/01/2020", "why": "x"}),
        ("gia-han", {"until": "27/11/2026", "why": ""}),
        ("gop", {"into": "PCBK-2026-999999"}),
        ("huy", {"why": ""}),
        ("duyet", {}),
        ("mo-lai", {"why": "x"}),
        ("tra-lai", {"why": "x"}),
        ("giao", {"to": "khong-co"}),
        ("da-tra-loi", {"form": "bồ câu"}),
        ("sua", {"o-customer_code": "sai mã", "cu-customer_code": ""}),
    ],
)
def test_what_makes_no_sense_writes_nothing_and_loses_no_word(
    desk: Desk, lan: Browser, number: str, action: str, form: dict[str, str]
) -> None:
    before = len(desk.events(number))
    answer = act(lan, number, action, **form)
    assert answer.status == 422 and "Chưa ghi gì" in answer.text
    assert all(value in answer.text for value in form.values())
    assert len(desk.events(number)) == before


def test_the_second_writer_is_told_and_nothing_is_overwritten(
    desk: Desk, lan: Browser, hung: Browser, drafted: str
) -> None:
    one, two = lan.get(f"/phieu/{drafted}").hidden("seen"), hung.get(f"/phieu/{drafted}").hidden("seen")
    assert lan.post(f"/phieu/{drafted}/soan-lai", {"seen": one, "text": "Câu của Lan."}).status == 303
    late = hung.post(
        f"/phieu/{drafted}/soan-lai", {"seen": two, "text": "Câu của Hùng, dài hơn để thấy rõ không bị mất."}
    )
    assert late.status == 409
    assert "Nguyễn Thị Lan" in late.text and "Câu của Hùng, dài hơn để thấy rõ không bị mất." in late.text
    desk.work()
    assert desk.ticket(drafted).draft.text == "Câu của Lan."
    again = hung.post(
        f"/phieu/{drafted}/soan-lai", {"seen": late.hidden("seen"), "text": "Câu của Hùng, đã xem câu của Lan."}
    )
    assert again.status == 303
    desk.work()
    assert desk.ticket(drafted).draft.text == "Câu của Hùng, đã xem câu của Lan."


def test_what_the_program_writes_meanwhile_hinders_nobody(desk: Desk, lan: Browser, number: str) -> None:
    seen = lan.get(f"/phieu/{number}").hidden("seen")
    desk.at("2026-11-26 17:30")
    assert len(desk.events(number)) > int(seen)
    assert lan.post(f"/phieu/{number}/ghi-chu", {"seen": seen, "text": "vẫn ghi được"}).status == 303


def test_a_units_answer_that_came_meanwhile_is_shown_first(desk: Desk, lan: Browser, number: str) -> None:
    seen = lan.get(f"/phieu/{number}").hidden("seen")
    desk.at("2026-11-23 09:00")
    desk.reply(UNIT, "Đã khôi phục lúc 8 giờ 40.")
    desk.work()
    answer = lan.post(f"/phieu/{number}/hoi", {"seen": seen, "unit": "B26"})
    assert answer.status == 409 and "Đã khôi phục lúc 8 giờ 40" in answer.text


def test_release_by_whom_the_office_lets(
    desk: Desk, app: Any, users: dict[str, User], thu: Browser, drafted: str
) -> None:
    admin = signed_in(desk, app, users["quantri"])
    assert act(admin, drafted, "duyet").status == 403
    assert act(thu, drafted, "duyet").status == 303
    desk.work()
    assert desk.ticket(drafted).state is State.RELEASED
    assert last(desk, drafted, "approved").author.name == "Hoàng Thị Thu"


def test_a_draft_sent_back_waits_for_other_words(desk: Desk, lan: Browser, thu: Browser, drafted: str) -> None:
    act(thu, drafted, "tra-lai", why="nêu rõ nguyên nhân")
    desk.work()
    assert "answer" in desk.ticket(drafted).check
    assert "nêu rõ nguyên nhân" in lan.get("/?loai=kiem-tra").text
    act(lan, drafted, "soan-lai", text="Do cây đổ vào đường dây 35 kV.")
    desk.work()
    ticket = desk.ticket(drafted)
    assert ticket.state is State.TO_APPROVE and "answer" not in ticket.check
    assert ticket.draft.text == "Do cây đổ vào đường dây 35 kV."


def test_another_form_of_answer_makes_another_draft(desk: Desk, lan: Browser, drafted: str) -> None:
    assert act(lan, drafted, "hinh-thuc", form="email").status == 422
    act(lan, drafted, "hinh-thuc", form="letter")
    desk.work()
    ticket = desk.ticket(drafted)
    assert (ticket.state, ticket.draft.form) == (State.TO_APPROVE, "letter")


def test_a_call_completes_the_ticket(desk: Desk, lan: Browser, drafted: str) -> None:
    page = lan.get(f"/phieu/{drafted}").text
    assert "0912345678" in page and "Đã gọi" in page
    act(lan, drafted, "goi-khong-duoc", note="máy bận")
    assert desk.ticket(drafted).state is State.TO_APPROVE
    act(lan, drafted, "da-goi", note="khách cảm ơn")
    desk.work()
    assert desk.ticket(drafted).state is State.CLOSED


def test_a_units_question_is_answered_on_its_thread(desk: Desk, lan: Browser, number: str) -> None:
    desk.at("2026-11-23 09:00")
    desk.reply(UNIT, "Đề nghị cho biết khách hàng ở thôn nào, trạm biến áp nào?")
    desk.work()
    assert "hỏi lại" in lan.get(f"/phieu/{number}").text
    desk.new_sent()
    act(lan, number, "hoi", unit="Chợ Đồn", text="Thôn Nà Duồng.")
    desk.work()
    assert any("Thôn Nà Duồng." in (mail.text or "") for mail in desk.new_sent())


def test_merging_leads_to_the_other_ticket(desk: Desk, lan: Browser, number: str) -> None:
    other = desk.note("phone_note", "Chị Hà Thị Nga 0977111222 ở xã Nghĩa Tá huyện Chợ Đồn hỏi lịch cắt điện tuần tới")
    desk.work()
    act(lan, other, "gop", into=number.lower())
    desk.work()
    assert desk.ticket(other).merged_into == number
    assert f"/phieu/{number}" in lan.get(f"/phieu/{other}").text


def test_confirming_clears_doubts_and_keeps_corrections(desk: Desk, lan: Browser) -> None:
    number = desk.note(
        "counter", "Xin đổi giờ ngừng điện, trường tổ chức thi, ông Lý Văn Khánh 0977000111 xã Quảng Bạch huyện Chợ Đồn"
    )
    desk.work()
    assert desk.ticket(number).state is State.TO_CHECK
    page = lan.get(f"/phieu/{number}")
    assert "cần xem" in page.text
    form = {"nghi": page.hidden("nghi"), "seen": page.hidden("seen")}
    values = {"outage_start": "27/11/2026 07:30", "name": "Lý Văn Khánh", "category": "outage_time_change"}
    form |= {f"o-{name}": value for name, value in values.items()} | {f"cu-{name}": "" for name in values}
    assert lan.post(f"/phieu/{number}/xac-nhan", form).status == 303
    desk.work()
    ticket = desk.ticket(number)
    assert ticket.state is State.WAITING_UNIT and ticket.customer.name == "Lý Văn Khánh"
    assert f"{ticket.outage_start:%d/%m/%Y %H:%M}" == "27/11/2026 07:30"


# -- what came from outside --------------------------------------------------------------------------------------------
EVIL = '<p>Tôi ở xã Quảng Bạch huyện Chợ Đồn hỏi lịch cắt điện</p><script>alert(1)</script><img src=x onerror="alert(2)"><a href="javascript:alert(3)">bấm</a>'


@pytest.fixture
def mailed(desk: Desk) -> str:
    """A ticket opened by a mail that would do harm, with a file of a name that would lead elsewhere."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "Kẻ <b>xấu</b> <xau@khach.example>",
        DESK,
        "Hỏi lịch <script>alert(4)</script>",
    )
    mail["Message-ID"] = "<evil@khach.example>"
    mail.set_content("Tôi ở xã Quảng Bạch huyện Chợ Đồn hỏi lịch cắt điện <script>alert(5)</script>")
    mail.add_alternative(EVIL, subtype="html")
    mail.add_attachment(b"<script>alert(6)</script>", maintype="text", subtype="html", filename="../../trang.html")
    desk.deliver(mail.as_bytes())
    desk.work()
    return desk.ticket().number


def test_html_of_mails_is_never_run(lan: Browser, mailed: str) -> None:
    raw = lan.get(f"/phieu/{mailed}").body.decode()
    assert "hỏi lịch cắt điện" in raw
    assert "<script>alert" not in raw and "onerror=" not in raw.replace("&", "") and "javascript:alert" not in raw
    assert raw.count("<script") == 1


def test_files_are_handed_out_and_never_opened_in_our_pages(desk: Desk, lan: Browser, mailed: str) -> None:
    item = desk.parts.store.items_of(mailed)[0].id
    answer = lan.get(f"/phieu/{mailed}/goc/{item}/kem/0")
    assert answer.status == 200 and answer.body == b"<script>alert(6)</script>"
    assert (
        answer.headers["content-disposition"].startswith("attachment") and "html" not in answer.headers["content-type"]
    )
    original = lan.get(f"/phieu/{mailed}/goc/{item}")
    assert original.headers["content-disposition"].startswith("attachment") and b"evil@khach.example" in original.body


@pytest.mark.parametrize(
    "path",
    [
        "/phieu/{n}/tep/../../../config/desk.toml",
        "/phieu/{n}/tep/..%2f..%2fconfig%2fdesk.toml",
        "/phieu/{n}/tep/desk.toml",
        "/phieu/{n}/o/{i}/../../motcua.db",
        "/phieu/{n}/goc/9999",
        "/phieu/{n}/goc/{i}/kem/7",
        "/phieu/PCBK-2026-000777",
        "/phieu/{n}/xem/khong-co.docx",
    ],
)
def test_only_files_of_the_ticket_are_handed_out(desk: Desk, lan: Browser, mailed: str, path: str) -> None:
    item = desk.parts.store.items_of(mailed)[0].id
    answer = lan.get(path.format(n=mailed, i=item))
    assert answer.status in (404, 405) and b"[office]" not in answer.body


def test_another_tickets_original_is_not_handed_out(desk: Desk, lan: Browser, mailed: str) -> None:
    other = desk.note("phone_note", OUTAGE)
    item = desk.parts.store.items_of(mailed)[0].id
    assert lan.get(f"/phieu/{other}/goc/{item}").status == 404


def test_documents_can_be_taken_away(desk: Desk, lan: Browser, drafted: str) -> None:
    name = next(doc.name for doc in desk.ticket(drafted).documents if doc.kind == "answer")
    answer = lan.get(f"/phieu/{drafted}/tep/{name}")
    assert answer.body.startswith(b"PK") and name in answer.headers["content-disposition"]


def test_every_page_shows_its_own_state(desk: Desk, lan: Browser, drafted: str) -> None:
    act(lan, drafted, "nhan")
    assert "Nguyễn Thị Lan" in lan.get("/?cua-toi=1").text
    act(lan, drafted, "da-goi")
    desk.work()
    assert "Đã kết thúc" in lan.get(f"/phieu/{drafted}").text
    act(lan, drafted, "mo-lai", why="khách hỏi thêm")
    desk.work()
    assert desk.ticket(drafted).round == 2
