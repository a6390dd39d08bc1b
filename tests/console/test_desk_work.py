"""New requests, the ledger, outages with many callers, mails to be placed, and work handed over."""

import io
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from daemon.desk.ticket import State
from daemon.office import actions, people, showing
from daemon.store import diary, lists
from daemon.store.lists import Filter
from daemon.store.store import Arrival
from daemon.store.users import User
from tests.console import scanned
from tests.console.hands import Browser, signed_in
from tests.support.office import Desk

CUSTOMERS = "Mã khách hàng;Tên khách hàng;Địa chỉ;Điện thoại;Đơn vị;Trạm biến áp\nPA07CD0012345;Lý Văn Khánh;Thôn Nà Duồng, xã Quảng Bạch, huyện Chợ Đồn;0977000111;Chợ Đồn;Quảng Bạch 1\n"
PLAN = "Đơn vị;Ngày;Từ giờ;Đến giờ;Khu vực;Lý do\nChợ Đồn;24/11/2026;08:00;11:00;xã Quảng Bạch;Sửa chữa lưới điện\n"


# -- a new request -----------------------------------------------------------------------------------------------------
FORM = {
    "channel": "counter",
    "name": "Ma Thị Nga",
    "phone": "0988 123 456",
    "address": "xã Quảng Bạch, huyện Chợ Đồn",
    "content": "Bao giờ có điện lại?",
}


def test_a_typed_request_is_a_ticket_of_its_agent(desk: Desk, lan: Browser) -> None:
    answer = lan.post("/moi", FORM)
    assert answer.status == 303, answer.text
    number = answer.headers["location"].rpartition("/")[2]
    desk.work()
    ticket = desk.ticket(number)
    assert (ticket.customer.name, ticket.customer.phone, ticket.unit) == ("Ma Thị Nga", "0988123456", "Chợ Đồn")
    assert ticket.content == "Bao giờ có điện lại?" and not ticket.check
    assert ticket.state is State.WAITING_UNIT
    assert desk.events(number)[0].author.name == "Nguyễn Thị Lan"
    assert people.users(desk.parts).cares(number).title == "Nguyễn Thị Lan"


def test_the_slip_is_printed_with_its_appointment(desk: Desk, lan: Browser) -> None:
    where = lan.post("/moi", {**FORM, "viec": "in"}).headers["location"]
    assert where.endswith("/phieu-hen") and "đang tính hạn" in lan.get(where).text
    desk.work()
    page = lan.get(where).text
    assert "17h00 ngày 27/11/2026" in page and "Ma Thị Nga" in page
    assert lan.get(where.replace("phieu-hen", "ma.png")).body.startswith(b"\x89PNG")


def test_a_question_answered_at_once_is_closed_at_once(desk: Desk, lan: Browser) -> None:
    form = {**FORM, "viec": "tra-loi-ngay", "answer": "Có điện lại lúc 11 giờ theo lịch.", "source": "oms"}
    number = lan.post("/moi", form).headers["location"].rpartition("/")[2]
    desk.work()
    ticket = desk.ticket(number)
    assert ticket.state is State.CLOSED and ticket.found.text == "Có điện lại lúc 11 giờ theo lịch."
    assert not desk.drafts()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"content": " "}, "Chưa có nội dung"),
        ({"customer_code": "SAI"}, "mã khách hàng"),
        ({"channel": "fax"}, "kênh"),
        ({"viec": "tra-loi-ngay"}, "câu trả lời"),
    ],
)
def test_an_incomplete_form_opens_nothing_and_is_given_back(
    desk: Desk, lan: Browser, change: dict[str, str], why: str
) -> None:
    answer = lan.post("/moi", {**FORM, **change})
    assert answer.status == 422 and why in answer.text and "Ma Thị Nga" in answer.text
    assert not list(desk.parts.store.tickets())


def test_choices_of_the_agent_stand_before_what_was_read(desk: Desk, lan: Browser) -> None:
    form = {**FORM, "category": "outage_complaint", "unit": "Ba Bể", "wanted_reply": "letter"}
    number = lan.post("/moi", form).headers["location"].rpartition("/")[2]
    desk.work()
    ticket = desk.ticket(number)
    assert (ticket.category, ticket.unit, ticket.wanted_reply) == ("outage_complaint", "Ba Bể", "letter")


def test_what_is_known_shows_while_typing(desk: Desk, lan: Browser) -> None:
    folder = desk.home / "inbox" / "du-lieu"
    (folder / "khach-hang.csv").write_text(CUSTOMERS, "utf-8")
    (folder / "lich-ngung-dien.csv").write_text(PLAN, "utf-8")
    desk.parts.lookups.settle = 0
    desk.parts.lookups.take_exports()
    page = lan.post(
        "/moi/tra-cuu",
        {"channel": "phone_note", "phone": "0977000111", "content": "Ngày mai xã Quảng Bạch có cắt điện không?"},
    ).text
    assert "Lý Văn Khánh" in page and "PA07CD0012345" in page
    assert "24/11/2026" in page and "Dùng câu này để trả lời" in page
    assert not list(desk.parts.store.tickets())
    assert "Kết quả hiện ở đây" in lan.post("/moi/tra-cuu", {"channel": "phone_note"}).text
    assert "nguy hiểm" in lan.post("/moi/tra-cuu", {"content": "dây điện đứt rơi xuống đường, có tia lửa"}).text


# -- the ledger --------------------------------------------------------------------------------------------------------
@pytest.fixture
def many(desk: Desk) -> list[str]:
    """Some tickets of several kinds."""
    texts = [
        "Bà Bàn Thị Xuyến 0911000001 ở xã Quảng Bạch huyện Chợ Đồn hỏi lịch cắt điện",
        "Ông Đặng Đình Khoa 0911000002 ở phường Sông Cầu thành phố Bắc Kạn hỏi chi phí đóng cắt điện cho hộ gia đình",
        "Anh Triệu Văn Bằng 0911000003 ở xã Bằng Thành huyện Pác Nặm khiếu nại cắt điện không báo trước",
    ]
    made = [desk.note("phone_note", text) for text in texts]
    desk.work()
    return made


WORDS = {
    "xuyen": [0],
    "XUYẾN": [0],
    "dinh khoa": [1],
    "0911000003": [2],
    "dien 09110": [0, 1, 2],
    "xuy": [0],
    "trieu b": [2],
    "khong-co-dau": [],
    "%": [0, 1, 2],
    '"': [0, 1, 2],
}


def test_words_are_found_without_diacritics(desk: Desk, lan: Browser, many: list[str]) -> None:
    for words, places in WORDS.items():
        found = {ticket.number for ticket in lists.page(desk.parts.store, Filter(words=words, typing=True)).tickets}
        assert found == {many[place] for place in places}, words
        page = lan.get(f"/so?tim={quote(words)}").text
        assert {number for number in many if number in page} == found, words


def test_the_word_index_follows_every_change(desk: Desk, many: list[str]) -> None:
    from daemon.office import actions

    actions.set_fields(desk.parts, many[0], ("name=Hoàng Kim Ngân",), "Lan")
    desk.work()
    assert [t.number for t in lists.page(desk.parts.store, Filter(words="kim ngan")).tickets] == [many[0]]
    assert not lists.page(desk.parts.store, Filter(words="khongtontai")).tickets


FILTERS = (
    "trang-thai=dang-mo",
    "trang-thai=to_check",
    "loai=outage_complaint",
    "kenh=sms",
    "don-vi=Ch%E1%BB%A3%20%C4%90%E1%BB%93n",
    "han=qua",
    "han=hom-nay",
    "tu=23/11/2026&den=23/11/2026",
    "tu=2026-11-24",
    "trang=2",
    "trang=x",
    "tu=h%C3%B4m+qua",
    "cua=ai",
)


def test_filters_never_break_the_page(lan: Browser, many: list[str]) -> None:
    assert {query: lan.get(f"/so?{query}").status for query in FILTERS} == dict.fromkeys(FILTERS, 200)


def test_filters_narrow(desk: Desk, lan: Browser, many: list[str]) -> None:
    assert (
        many[2] in lan.get("/so?loai=outage_complaint").text
        and many[0] not in lan.get("/so?loai=outage_complaint").text
    )
    assert many[0] not in lan.get("/so?han=qua").text
    desk.at("2026-11-30 08:00")
    assert many[0] in lan.get("/so?han=qua").text
    assert many[0] not in lan.get("/so?tu=24/11/2026").text


def test_the_export_is_what_is_shown_and_is_noted(desk: Desk, lan: Browser, many: list[str]) -> None:
    answer = lan.get("/so/xuat?loai=outage_complaint")
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert many[2] in text and many[0] not in text
    event = diary.read(desk.parts.store, 1)[0]
    assert (event.kind, event.author.name, event.content["count"]) == ("exported", "Nguyễn Thị Lan", 1)


# -- today -------------------------------------------------------------------------------------------------------------
def test_the_first_page_is_in_the_order_of_deadlines_dangers_first(desk: Desk, lan: Browser, many: list[str]) -> None:
    desk.at("2026-11-23 09:00")
    danger = desk.note(
        "phone_note",
        "Chị Yến 0944555666 báo dây điện đứt rơi xuống đường ở xã Bằng Thành huyện Pác Nặm, có tia lửa, rất nguy hiểm",
    )
    desk.work()
    page = lan.get("/").text
    assert "NGUY HIỂM" in page
    assert page.index(danger) < page.index(many[1])
    assert "Gọi ngay trực vận hành" in lan.get(f"/phieu/{danger}").text
    seen = lan.get(f"/phieu/{danger}").hidden("seen")
    assert lan.post(f"/phieu/{danger}/huy", {"seen": seen, "why": "báo nhầm"}).status == 303
    desk.work()
    assert "Gọi ngay trực vận hành" not in lan.get(f"/phieu/{danger}").text


def test_an_answer_read_on_the_first_page_is_released_there(desk: Desk, lan: Browser, hung: Browser) -> None:
    number = desk.note("phone_note", "Anh Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    desk.at("2026-11-23 09:00")
    desk.reply("dlchodon@pcbk.example", "Do sự cố đường dây 35 kV, đã khôi phục lúc 8 giờ 40.")
    desk.work()
    page = lan.get("/")
    assert "Do sự cố đường dây 35 kV" in page.text and "Duyệt để gọi" in page.text
    form = {"seen": page.hidden("seen"), "back": "https://khac.example/"}
    hung.post(f"/phieu/{number}/ghi-chu", {"seen": form["seen"], "text": "khoan, tôi đang hỏi lại"})
    assert lan.post(f"/phieu/{number}/duyet", form).status == 409
    answer = lan.post(f"/phieu/{number}/duyet", {**form, "seen": lan.get("/").hidden("seen")})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    desk.work()
    assert desk.ticket(number).state is State.RELEASED
    assert [event.author.name for event in desk.events(number) if event.kind == "approved"] == ["Nguyễn Thị Lan"]


def test_a_scan_that_was_set_aside_is_looked_at(desk: Desk, lan: Browser) -> None:
    arrival = Arrival("file:trang", "scan", scanned.picture("", (600, 800)), desk.clock.now(), "phieu-trang.png")
    desk.parts.store.receive([arrival])
    item = desk.parts.store.item_by_identity("file:trang")
    assert item is not None
    desk.parts.store.mark_item(item.id, "set_aside", "phieu-trang.png: phiếu để trống")
    page = lan.get("/").text
    assert "phiếu để trống" in page and "phieu-trang.png: phiếu" not in page
    assert f'src="/thu/{item.id}/1.png"' in lan.get(f"/thu/{item.id}").text
    assert lan.get(f"/thu/{item.id}/1.png").body.startswith(b"\x89PNG")
    assert diary.read(desk.parts.store, 1)[0].kind == "scan_read"


def test_alarms_and_what_was_set_aside_are_seen(desk: Desk, lan: Browser) -> None:
    desk.parts.store.keep_note("alarm:mailbox:since", desk.clock.now().isoformat())
    desk.parts.store.keep_note("alarm:mailbox:say", "Không vào được hộp thư")
    assert "Không vào được hộp thư" in lan.get("/").text


def test_a_mail_is_put_on_its_ticket_with_one_click(desk: Desk, lan: Browser, many: list[str]) -> None:
    desk.mail("dlchodon@pcbk.example", "Trả lời về việc mất điện", "Đã kiểm tra, khôi phục lúc 9 giờ.")
    desk.work()
    item = desk.parts.store.items("unplaced")[0].id
    assert "Trả lời về việc mất điện" in lan.get("/?loai=thu").text
    page = lan.get(f"/thu/{item}").text
    assert many[0] in page and "Đã kiểm tra" in page
    assert lan.post(f"/thu/{item}", {"phieu": many[0]}).status == 303
    desk.work()
    reply = [event for event in desk.events(many[0]) if event.kind == "reply"][-1]
    assert reply.author.name == "Nguyễn Thị Lan"
    assert lan.post(f"/thu/{item}", {"phieu": many[1]}).status == 422


def test_a_mail_may_open_a_ticket(desk: Desk, lan: Browser) -> None:
    desk.mail("dlchodon@pcbk.example", "Về việc khác", "Đơn vị báo tin.")
    desk.work()
    item = desk.parts.store.items("unplaced")[0].id
    where = lan.post(f"/thu/{item}", {"viec": "mo", "phieu": ""}).headers["location"]
    assert where.startswith("/phieu/PCBK-2026-")


# -- one outage, many callers ------------------------------------------------------------------------------------------
@pytest.fixture
def outage(desk: Desk) -> list[str]:
    """Three callers about one outage."""
    made = []
    for phone in ("0911000001", "0911000002", "0911000003"):
        made.append(
            desk.note(
                "phone_note", f"Khách hàng Hà Văn Tuấn {phone} ở xã Nghĩa Tá huyện Chợ Đồn hỏi bao giờ có điện lại"
            )
        )
        desk.work()
    return made


def test_an_outage_is_answered_together_and_each_is_called(desk: Desk, lan: Browser, outage: list[str]) -> None:
    assert outage[0] in lan.get("/nhom").text
    page = lan.get(f"/nhom/{outage[0]}")
    assert all(number in page.text for number in outage)
    form = {"viec": "tra-loi", "text": "Có điện lại lúc 10 giờ.", "source": "phone", "seen": page.hidden("seen")}
    assert lan.post(f"/nhom/{outage[0]}", form).status == 303
    desk.work()
    assert {desk.ticket(number).state for number in outage} == {State.TO_APPROVE}
    page = lan.get(f"/nhom/{outage[0]}")
    assert page.text.count("Có điện lại lúc 10 giờ.") == 1
    chosen = {f"p-{number}": "1" for number in outage}
    assert lan.post(f"/nhom/{outage[0]}", {"viec": "da-goi", "seen": page.hidden("seen"), **chosen}).status == 303
    desk.work()
    assert {desk.ticket(number).state for number in outage} == {State.CLOSED}


def test_words_that_may_be_one_customers_own_are_not_released_for_all_unread(
    desk: Desk, lan: Browser, outage: list[str]
) -> None:
    actions.found(desk.parts, outage[0], "phone", "Có điện lại lúc 10 giờ. Biên bản của ông đã lập.", "Lan")
    desk.work()
    page = lan.get(f"/nhom/{outage[0]}").text
    assert [f'name="p-{number}" value="1" checked' in page for number in outage] == [True] + [False] * (len(outage) - 1)
    assert page.count("Cần xem: lời trong dự thảo") == len(outage) - 1


def test_a_group_that_changed_meanwhile_is_left_alone_as_a_whole(
    desk: Desk, lan: Browser, hung: Browser, outage: list[str]
) -> None:
    seen = lan.get(f"/nhom/{outage[0]}").hidden("seen")
    hung.post(f"/phieu/{outage[0]}/ghi-chu", {"seen": "99", "text": "tôi đang gọi đơn vị"})
    answer = lan.post(f"/nhom/{outage[0]}", {"viec": "tra-loi", "text": "x y z", "seen": seen})
    assert answer.status == 409
    assert desk.ticket(outage[0]).state is State.WAITING_UNIT


# -- handing over ------------------------------------------------------------------------------------------------------
def test_work_is_handed_over_when_somebody_is_absent(
    desk: Desk, app: Any, users: dict[str, User], lan: Browser, many: list[str]
) -> None:
    for number in many:
        people.take(desk.parts, number, users["lan"], "Nguyễn Thị Lan")
    assert lan.post("/nguoi-dung", {"viec": "vang", "ly-do": "nghỉ phép đến 27/11"}).status == 303
    assert lan.post("/nguoi-dung", {"viec": "ban-giao", "nguoi-nhan": "hung", "ly-do": "nghỉ phép"}).status == 303
    assert {people.users(desk.parts).cares(number).name for number in many} == {"hung"}
    assert all(desk.events(number)[-1].kind == "care_given" for number in many)
    hung = signed_in(desk, app, users["hung"])
    seen = hung.get(f"/phieu/{many[0]}").hidden("seen")
    refused = hung.post(f"/phieu/{many[0]}/giao", {"seen": seen, "to": "lan"})
    assert refused.status == 422 and "đang vắng" in refused.text


def test_only_a_chief_hands_over_for_others(
    desk: Desk, hung: Browser, thu: Browser, users: dict[str, User], many: list[str]
) -> None:
    people.take(desk.parts, many[0], users["lan"], "Nguyễn Thị Lan")
    form = {"viec": "ban-giao", "ten": "lan", "nguoi-nhan": "hung", "ly-do": "ốm"}
    assert hung.post("/nguoi-dung", form).status == 403
    assert thu.post("/nguoi-dung", form).status == 303
    assert people.users(desk.parts).cares(many[0]).name == "hung"


# -- figures -----------------------------------------------------------------------------------------------------------
def test_the_leaders_page_shows_the_reports_own_figures(desk: Desk, lan: Browser, many: list[str]) -> None:
    import datetime as dt

    from daemon.console.pages.figures import figures_of
    from daemon.office.reporting import make_report

    day = dt.date(2026, 11, 23)
    _, told = make_report(desk.parts, "phong", day, day)
    shown = figures_of(desk.parts, (day, day))
    assert shown == told and shown.all.received == 3
    page = lan.get("/lanh-dao/so-lieu?tu=23/11/2026&den=23/11/2026").text
    assert "<svg" in page and "Theo loại yêu cầu" in page
    word = lan.post("/lanh-dao/bao-cao", {"cap": "phong", "tu": "2026-11-23", "den": "2026-11-23"})
    assert word.body.startswith(b"PK")
    assert lan.get("/don-vi?ky=tuan").status == 200


def test_the_hours_that_are_asked_about_are_shown_where_the_ticket_is(desk: Desk, lan: Browser) -> None:
    text = (
        "Anh Ma Văn Nam 0988 123 457, xã Quảng Bạch, huyện Chợ Đồn hỏi từ 18h đến 22h ngày 25/11/2026 có cắt điện không"
    )
    number = desk.note("phone_note", text)
    desk.work()
    said = "từ 18h00 đến 22h00 ngày 25/11/2026"
    assert f"<dt>Khách hỏi về</dt><dd>{said}</dd>" in lan.get(f"/phieu/{number}").text
    assert f"  Khách hỏi về: {said}" in list(showing.facts(desk.parts, desk.ticket(number)))
    assert showing.as_json(desk.parts, desk.ticket(number))["asked_window"][0].startswith("2026-11-25T18:00")
