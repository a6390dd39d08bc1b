"""Signing in: passwords, secrets of forms, locks, sessions, and what every answer carries."""

from typing import Any

import pytest

from daemon.console.security import COOKIE, POLICY
from daemon.desk.trouble import Refused
from daemon.office import people
from daemon.store import diary
from daemon.store.users import User
from tests.console.hands import PASSWORD, Browser, signed_in
from tests.support.office import Desk


def sign_in(browser: Browser, name: str, password: str) -> Any:
    secret = browser.get("/dang-nhap").hidden("csrf")
    return browser.post("/dang-nhap", {"ten": name, "mat-khau": password, "csrf": secret, "den": "/so?tim=lan"})


def test_a_password_opens_the_page_that_was_asked_for(app: Any, users: dict[str, User]) -> None:
    browser = Browser(app)
    assert browser.get("/so?tim=lan").headers["location"] == "/dang-nhap?den=/so%3Ftim%3Dlan"
    answer = sign_in(browser, "lan", PASSWORD)
    assert (answer.status, answer.headers["location"]) == (303, "/so?tim=lan")
    assert browser.get("/").status == 200


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_foreign_pages(app: Any, users: dict[str, User]) -> None:
    answer = sign_in(Browser(app), "lan", PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie


def test_an_unknown_name_and_a_wrong_password_say_the_same(app: Any, users: dict[str, User]) -> None:
    one, two = sign_in(Browser(app), "lan", "sai mật khẩu"), sign_in(Browser(app), "khong-co", "sai mật khẩu")
    assert one.status == two.status == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in one.text and "Tên đăng nhập hoặc mật khẩu không đúng" in two.text


def test_many_wrong_passwords_lock_the_account_for_a_while(desk: Desk, users: dict[str, User]) -> None:
    for _ in range(people.MOST_FAILURES):
        with pytest.raises(Refused, match="không đúng"):
            people.sign_in(desk.parts, "lan", "sai", "127.0.0.1")
    with pytest.raises(Refused, match="tạm khóa"):
        people.sign_in(desk.parts, "lan", PASSWORD, "127.0.0.1")
    kinds = [event.kind for event in diary.read(desk.parts.store)]
    assert kinds.count("sign_in_failed") == people.MOST_FAILURES
    people.change_password(desk.parts, "lan", "một câu khác cũng dài", "Quản trị")
    assert people.sign_in(desk.parts, "lan", "một câu khác cũng dài", "127.0.0.1")


def test_one_address_may_knock_only_so_often(app: Any, users: dict[str, User]) -> None:
    browser = Browser(app)
    secret = browser.get("/dang-nhap").hidden("csrf")
    found = [
        browser.post("/dang-nhap", {"ten": f"ai{turn}", "mat-khau": "sai", "csrf": secret}).status for turn in range(14)
    ]
    assert found[-1] == 429 and found[0] == 401


def test_a_sign_in_form_without_its_secret_is_refused(app: Any, users: dict[str, User]) -> None:
    answer = Browser(app).post("/dang-nhap", {"ten": "lan", "mat-khau": PASSWORD, "csrf": "đoán"})
    assert answer.status == 403 and COOKIE not in answer.cookies


@pytest.mark.parametrize("to", ["https://xau.example/", "//xau.example/", "/\\xau.example"])
def test_signing_in_leads_nowhere_else(app: Any, users: dict[str, User], to: str) -> None:
    browser = Browser(app)
    secret = browser.get("/dang-nhap").hidden("csrf")
    answer = browser.post("/dang-nhap", {"ten": "lan", "mat-khau": PASSWORD, "csrf": secret, "den": to})
    where = answer.headers["location"]
    assert (
        where.startswith("/")
        and not where.startswith("//")
        and "xau" not in where.partition("?")[0].replace("/", "", 1)[:0]
    )
    assert ":" not in where and "\\" not in where


def test_a_change_without_the_sessions_secret_changes_nothing(desk: Desk, lan: Browser) -> None:
    number = desk.note("phone_note", "hỏi lịch cắt điện xã Quảng Bạch, huyện Chợ Đồn")
    before = len(desk.parts.store.events(number))
    answer = lan.post(f"/phieu/{number}/ghi-chu", {"text": "x", "seen": "9", "csrf": "đoán"})
    assert answer.status == 403
    assert len(desk.parts.store.events(number)) == before


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://xau.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}],
)
def test_forms_of_foreign_pages_are_refused(desk: Desk, lan: Browser, headers: dict[str, str]) -> None:
    assert lan.post("/dang-xuat", {}, **headers).status == 403
    assert lan.get("/").status == 200


def test_a_foreign_name_that_leads_here_is_refused(lan: Browser) -> None:
    lan.host = "xau.example:8210"
    assert lan.get("/").status == 421
    lan.host = "192.168.1.20:8210"
    assert lan.get("/").status == 200


def test_every_answer_carries_the_strict_policy(lan: Browser) -> None:
    for path in ("/", "/so", "/khong-co", "/static/console.css"):
        headers = lan.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert "unsafe-inline" not in POLICY
    assert lan.get("/").headers["cache-control"] == "no-store"


def test_logging_out_everywhere_ends_every_browser(desk: Desk, app: Any, users: dict[str, User]) -> None:
    one, two = signed_in(desk, app, users["lan"]), signed_in(desk, app, users["lan"])
    assert one.post("/dang-xuat", {"moi-noi": "1"}).status == 303
    assert two.get("/").status == 303


def test_logging_out_ends_only_this_browser(desk: Desk, app: Any, users: dict[str, User]) -> None:
    one, two = signed_in(desk, app, users["lan"]), signed_in(desk, app, users["lan"])
    one.post("/dang-xuat")
    assert (one.get("/").status, two.get("/").status) == (303, 200)


def test_a_closed_account_is_out_at_once(desk: Desk, lan: Browser) -> None:
    people.set_active(desk.parts, "lan", False, "Quản trị")
    assert lan.get("/").status == 303
    with pytest.raises(Refused):
        people.sign_in(desk.parts, "lan", PASSWORD, "127.0.0.1")


def test_the_secret_of_a_session_is_not_in_the_database(desk: Desk, lan: Browser) -> None:
    token = lan.cookies[COOKIE]
    assert (
        token.encode()
        not in (desk.home / "var" / "motcua.db").read_bytes() + (desk.home / "var" / "motcua.db-wal").read_bytes()
    )


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("lan2", "ngan", "ít nhất"),
        ("lan2", "đây là lan2 nhé", "tên đăng nhập"),
        ("a b", PASSWORD, "không hợp lệ"),
        ("lan", PASSWORD, "Đã có"),
    ],
)
def test_weak_or_double_users_are_refused(
    desk: Desk, users: dict[str, User], name: str, password: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        people.add_user(desk.parts, name, "Người mới", "agent", password, "Quản trị")
