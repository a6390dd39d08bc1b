"""Who looked at whose papers stands in the diary; pictures drawn of them do not stay for ever."""

import os
import time

from daemon.console import pictures
from daemon.office import person
from daemon.store import diary
from tests.console import scanned
from tests.console.hands import Browser
from tests.support.office import Desk


def readings(desk: Desk) -> list[tuple[str, str]]:
    """Who opened what, in the order of opening."""
    entries = diary.read(desk.parts.store, 50)[::-1]
    return [(each.author.name, str(each.content["name"])) for each in entries if each.kind == "scan_read"]


def test_opening_a_scan_is_one_entry_a_person_and_scan(desk: Desk, lan: Browser, hung: Browser) -> None:
    number = scanned.lay_down(desk)
    item = desk.parts.store.items_of(number)[0].id
    assert lan.get(f"/phieu/{number}").status == 200
    assert readings(desk) == []
    pages = [f"goc/{item}/1.png", f"o/{item}/ten.png", f"o/{item}/so.png", f"goc/{item}"]
    assert [lan.get(f"/phieu/{number}/{page}").status for page in pages] == [200] * 4
    assert readings(desk) == [("Nguyễn Thị Lan", "phieu.png")]
    assert hung.get(f"/phieu/{number.lower()}/o/{item}/ten.png").status == 200
    assert readings(desk)[1:] == [("Trần Văn Hùng", "phieu.png")]


def test_all_pages_of_a_scan_are_shown(desk: Desk, lan: Browser) -> None:
    number = scanned.lay_down(desk)
    item = desk.parts.store.items_of(number)[0].id
    base = f"/phieu/{number}/goc/{item}"
    assert f'href="{base}/xem"' in lan.get(f"/phieu/{number}").text
    page = lan.get(f"{base}/xem").text
    assert f'src="{base}/1.png"' in page and f"{base}/2.png" not in page and f'href="{base}"' in page
    assert readings(desk) == [("Nguyễn Thị Lan", "phieu.png")]


def test_a_mail_of_the_outbox_is_shown_as_people_read_it(desk: Desk, lan: Browser) -> None:
    desk.mail("son@khach.example", "Hỏi lịch cắt điện", "Xã Quảng Bạch bao giờ có điện?\n")
    desk.work()
    number = "PCBK-2026-000001"
    [name] = [doc.name for doc in desk.ticket(number).documents if doc.name.endswith(".eml")]
    page = lan.get(f"/phieu/{number}/xem/{name}").text
    assert "Tiêu đề: Hỏi lịch cắt điện" in page and "Xã Quảng Bạch bao giờ có điện?" in page
    assert "Content-Type" not in page and "không dựng được" not in page


def test_what_is_not_there_was_not_read(desk: Desk, lan: Browser) -> None:
    number = scanned.lay_down(desk)
    item = desk.parts.store.items_of(number)[0].id
    assert lan.get(f"/phieu/{number}/o/{item}/khong-co.png").status == 404
    assert lan.get(f"/phieu/{number}/goc/{item + 7}/1.png").status == 404
    assert readings(desk) == []


def test_the_copy_in_the_outbox_counts_a_word_document_does_not(desk: Desk, lan: Browser) -> None:
    number = scanned.lay_down(desk)
    other = desk.note("phone_note", "Anh Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    papers = [(each, doc.name) for each in (number, other) for doc in desk.ticket(each).documents]
    assert {name.rpartition(".")[2] for _, name in papers} == {"png", "docx", "txt"}
    assert {lan.get(f"/phieu/{each}/tep/{name}").status for each, name in papers} == {200}
    assert readings(desk) == [("Nguyễn Thị Lan", f"{number}-original-1.png")]


def test_the_chief_sees_it_with_the_way_to_the_ticket(desk: Desk, lan: Browser, thu: Browser) -> None:
    number = scanned.lay_down(desk)
    person.scan_read(desk.parts, number, "phieu.png", "Nguyễn Thị Lan")
    page = thu.get("/phong/nhat-ky").text
    assert "mở bản quét" in page and f'href="/phieu/{number}"' in page and "phieu.png" in page


def test_drawn_pages_are_forgotten_after_a_week(desk: Desk, lan: Browser) -> None:
    number = scanned.lay_down(desk)
    kept = desk.home / "var" / "preview"
    for name in ("cu", "moi"):
        (kept / name).mkdir(parents=True)
    long_ago = time.time() - pictures.KEPT_SECONDS - 60
    os.utime(kept / "cu", (long_ago, long_ago))
    item = desk.parts.store.items_of(number)[0].id
    assert lan.get(f"/phieu/{number}/goc/{item}/1.png").status == 200
    assert (kept / "moi").exists() and not (kept / "cu").exists()
