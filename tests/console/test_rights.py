"""Who may see and do what: a table of roles and pages."""

from typing import Any

import pytest

from daemon.store.users import User
from tests.console.hands import Browser, signed_in
from tests.support.office import Desk

SEEN_BY = {
    "/": "lan thu duc quantri",
    "/so": "lan thu duc quantri",
    "/nhom": "lan thu duc quantri",
    "/moi": "lan thu quantri",
    "/lanh-dao": "lan thu duc quantri",
    "/don-vi": "lan thu duc quantri",
    "/phong": "thu quantri",
    "/phong/lich/2026": "thu quantri",
    "/phong/don-vi": "thu quantri",
    "/phong/bieu-gia": "thu quantri",
    "/phong/cong-tac": "thu quantri",
    "/phong/mau": "thu quantri",
    "/phong/tep?ten=desk.toml": "quantri",
    "/phong/nhat-ky": "thu quantri",
    "/nguoi-dung": "lan thu duc quantri",
}


@pytest.mark.parametrize("name", ["lan", "thu", "duc", "quantri"])
def test_pages_open_only_for_their_roles(desk: Desk, app: Any, users: dict[str, User], name: str) -> None:
    browser = signed_in(desk, app, users[name])
    found = {path: browser.get(path).status for path in SEEN_BY}
    assert found == {path: 200 if name in who.split() else 403 for path, who in SEEN_BY.items()}


def test_nothing_is_seen_without_signing_in(desk: Desk, app: Any) -> None:
    desk.note("phone_note", "hỏi lịch cắt điện xã Quảng Bạch, huyện Chợ Đồn")
    for path in (*SEEN_BY, "/phieu/PCBK-2026-000001", "/thu/1", "/thu/1/1.png", "/so/xuat", "/moi/tra-cuu"):
        answer = Browser(app).ask("POST" if path == "/moi/tra-cuu" else "GET", path)
        assert answer.status in (303, 401) and b"PCBK-2026" not in answer.body, path


def test_a_leader_looks_and_changes_nothing(desk: Desk, app: Any, users: dict[str, User]) -> None:
    number = desk.note("phone_note", "hỏi lịch cắt điện xã Quảng Bạch, huyện Chợ Đồn")
    desk.work()
    browser = signed_in(desk, app, users["duc"])
    assert browser.get(f"/phieu/{number}").status == 200
    assert browser.post(f"/phieu/{number}/ghi-chu", {"text": "x", "seen": "99"}).status == 403


def test_only_an_administrator_adds_users(lan: Browser, thu: Browser, admin: Browser) -> None:
    form = {"viec": "them", "ten": "moi", "ho-ten": "Người mới", "vai-tro": "agent", "mat-khau": "một câu dài khác"}
    assert [browser.post("/nguoi-dung", form).status for browser in (lan, thu, admin)] == [403, 403, 303]
