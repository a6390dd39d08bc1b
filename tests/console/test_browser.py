"""The console in a real browser: the story of a day, hands on the keyboard only, two agents at once, nothing inaccessible."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from daemon.desk.ticket import State
from tests.console import scanned
from tests.console.hands import PASSWORD
from tests.support.office import Desk

pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
pypdfium2 = pytest.importorskip("pypdfium2")
playwright = pytest.importorskip("playwright.sync_api")
uvicorn = pytest.importorskip("uvicorn")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
PC, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium."""
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def where(app: Any, users: Any) -> Iterator[str]:
    """The console served on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


class Person:
    """One person at a browser; what the browser complains of is kept."""

    def __init__(self, chromium: Any, where: str, name: str, size: dict[str, int] = PC) -> None:
        self.where, self.name = where, name
        self.context = chromium.new_context(viewport=size, locale="vi-VN")
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self) -> "Person":
        """Sign in with the keyboard; the first field has the focus already."""
        self.page.goto(f"{self.where}/")
        self.page.wait_for_function("() => document.activeElement.name === 'ten'")
        self.page.keyboard.type(self.name)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.where}/")
        return self

    def open(self, path: str) -> Any:
        """Open a page."""
        self.page.goto(f"{self.where}{path}")
        return self.page

    def listens(self) -> None:
        """Wait until the open page hears of changes: the stream has told it once where things stand."""
        self.page.wait_for_function("() => document.body.dataset.heard === '1'")

    def quiet(self) -> bool:
        """Say whether the browser had nothing to complain of: no script error, no breach of the policy."""
        return not [each for each in self.complaints if "401" not in each and "409" not in each and "422" not in each]


@pytest.fixture
def at(chromium: Any, where: str) -> Iterator[Any]:
    """Sit somebody down at a browser."""
    seated: list[Person] = []

    def sit(name: str, size: dict[str, int] = PC) -> Person:
        seated.append(Person(chromium, where, name, size).sign_in())
        return seated[-1]

    yield sit
    for each in seated:
        each.context.close()
        assert each.quiet(), each.complaints


def test_a_day_at_the_desk(desk: Desk, at: Any) -> None:
    lan, thu = at("lan"), at("thu")
    # A call comes in: typed with the keyboard alone.
    page = lan.open("/moi?kenh=phone_note")
    keys = page.keyboard
    assert page.evaluate("document.activeElement.name") == "customer_code"
    for text in ("", "0912345678", "Nguyễn Văn Sơn", ""):
        keys.type(text)
        keys.press("Enter")
    keys.type("xã Quảng Bạch, huyện Chợ Đồn")
    keys.press("Enter")
    keys.type("Mất điện từ sáng, hỏi bao giờ có điện lại")
    page.wait_for_selector("#hints >> text=Chương trình hiểu")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(r"/phieu/PCBK-2026-000001$"))
    number = page.url.rpartition("/")[2]
    desk.work()
    # The chief's first page learns of the unit's answer without being loaded again.
    first = thu.open("/")
    assert first.get_by_text("Không có việc nào đang chờ").is_visible()
    thu.listens()
    desk.at("2026-11-23 09:00")
    desk.reply("dlchodon@pcbk.example", "Do sự cố đường dây 35 kV, đã khôi phục lúc 8 giờ 40.")
    desk.work()
    first.wait_for_selector(f"#work >> text={number}")
    # She reads it and sends it back; the agent writes it better.
    first.get_by_role("link", name="Xem và duyệt").click()
    first.locator("#du-thao summary", has_text="Trả lại").click()
    first.get_by_label("Cần sửa gì").fill("ghi thêm lời xin lỗi")
    first.get_by_role("button", name="Trả lại dự thảo").click()
    first.wait_for_selector("text=Đã trả lại dự thảo")
    desk.work()
    page = lan.open(f"/phieu/{number}")
    assert page.locator("#questions").get_by_text("ghi thêm lời xin lỗi").is_visible()
    page.locator("#text").fill("Xin lỗi quý khách. Do sự cố đường dây 35 kV, đã khôi phục lúc 8 giờ 40.")
    page.get_by_role("button", name="Ghi câu trả lời đã sửa").click()
    page.wait_for_selector("text=Đã ghi câu trả lời mới")
    desk.work()
    # Called, done, found again in the ledger while typing without diacritics.
    page = lan.open(f"/phieu/{number}")
    assert page.locator(".say").inner_text().startswith("Xin lỗi quý khách")
    page.get_by_label("Ghi chú cuộc gọi").fill("khách cảm ơn")
    page.get_by_role("button", name="Đã gọi").click()
    page.wait_for_selector("text=trả lời qua điện thoại")
    desk.work()
    assert desk.ticket(number).state is State.CLOSED
    page = lan.open("/so")
    page.locator("#tim").press_sequentially("van so")
    page.wait_for_url(re.compile(r"tim=van"))
    assert page.locator("#result").get_by_role("link", name=number).is_visible()
    page.locator("#tim").fill("không ai tên thế này")
    page.wait_for_selector("text=Không có phiếu nào khớp")


def test_doubtful_cells_are_settled_without_the_mouse(desk: Desk, at: Any) -> None:
    number = scanned.lay_down(desk)
    page = at("lan").open(f"/phieu/{number}")
    assert page.evaluate("document.activeElement.id") == "o-name"
    assert page.locator(".scan img").evaluate("image => image.complete && image.naturalWidth > 500")
    assert page.locator(".cell.doubtful .crop").count() == 2
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type("à")
    page.keyboard.press("Enter")
    for _ in range(8):
        if page.evaluate("document.activeElement.id") == "o-phone":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.value") == "0988123456"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#o-phone").input_value() == "0988123450"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Đã xác nhận thông tin")
    desk.work()
    ticket = desk.ticket(number)
    assert (ticket.customer.name, ticket.customer.phone, ticket.check) == ("Ma Thị Ngà", "0988123450", ())


def test_two_agents_on_one_ticket_see_each_other_and_lose_nothing(desk: Desk, at: Any) -> None:
    number = desk.note("phone_note", "Anh Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    one, two = at("lan"), at("hung")
    first, second = one.open(f"/phieu/{number}"), two.open(f"/phieu/{number}")
    first.wait_for_selector("text=Đang cùng xem phiếu này: Trần Văn Hùng")
    second.wait_for_selector("text=Đang cùng xem phiếu này: Nguyễn Thị Lan")
    second.locator("summary", has_text="Ghi kết quả tra cứu").click()
    second.get_by_label("Câu trả lời cho khách hàng").fill("Câu trả lời mà Hùng đã gõ công phu.")
    first.get_by_placeholder("Ghi chú vào phiếu").fill("Tôi đang gọi đơn vị")
    first.get_by_role("button", name="Ghi", exact=True).click()
    first.wait_for_selector("text=Đã ghi chú")
    # The page has heard of it: what was typed stays, and a line says that there is news.
    second.wait_for_selector("#timeline >> text=Tôi đang gọi đơn vị")
    assert second.get_by_label("Câu trả lời cho khách hàng").input_value() == "Câu trả lời mà Hùng đã gõ công phu."
    second.get_by_role("button", name="Ghi và soạn trả lời").click()
    second.wait_for_selector("text=Người khác vừa làm")
    assert second.get_by_text("Tôi đang gọi đơn vị").is_visible()
    assert second.get_by_label("Nội dung bạn đã nhập").input_value() == "Câu trả lời mà Hùng đã gõ công phu."
    second.get_by_role("button", name="Tôi đã xem, vẫn ghi").click()
    second.wait_for_selector("text=Đã ghi kết quả")
    desk.work()
    assert desk.ticket(number).found.text == "Câu trả lời mà Hùng đã gõ công phu."


def test_the_calendar_is_clicked(desk: Desk, at: Any) -> None:
    page = at("thu").open("/phong/lich/2026")
    page.locator("#thang-12 a", has_text="31").click()
    page.get_by_label("Nghỉ", exact=True).check()
    page.get_by_label("Lý do").fill("nghỉ cuối năm")
    page.get_by_role("button", name="Ghi ngày này").click()
    page.wait_for_selector("text=Đã ghi ngày 31/12/2026")
    assert 'reason = "nghỉ cuối năm"' in (desk.home / "config/calendar/2026.toml").read_text("utf-8")


def pages(desk: Desk) -> list[str]:
    """Fill the desk and return the address of every page."""
    number = scanned.lay_down(desk)
    drafted = desk.note("phone_note", "Anh Sơn 0912345678 ở xã Nghĩa Tá, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    desk.at("2026-11-23 09:00")
    desk.reply("dlchodon@pcbk.example", "Do sự cố đường dây 35 kV, đã khôi phục lúc 8 giờ 40.")
    desk.mail("dlbabe@pcbk.example", "Không rõ phiếu nào", "Đã kiểm tra xong.")
    desk.note(
        "phone_note", "Chị Yến 0944555666 báo dây điện đứt rơi xuống đường ở xã Bằng Thành huyện Pác Nặm, có tia lửa"
    )
    desk.work()
    item = desk.parts.store.items("unplaced")[0].id
    fixed = [
        "/",
        "/so",
        "/nhom",
        "/moi",
        "/lanh-dao",
        "/don-vi",
        "/nguoi-dung",
        "/phong",
        "/phong/lich/2026?ngay=2026-11-24",
    ]
    fixed += [
        "/phong/don-vi",
        "/phong/bieu-gia",
        "/phong/cong-tac",
        "/phong/mau",
        "/phong/tep?ten=units.toml",
        "/phong/nhat-ky",
    ]
    tickets = [f"/phieu/{each}" for each in (number, drafted, "PCBK-2026-000003")]
    return [
        *fixed,
        *tickets,
        f"/phieu/{drafted}?sua=1",
        f"/phieu/{drafted}/phieu-hen",
        f"/nhom/{drafted}",
        f"/thu/{item}",
    ]


def test_every_page_is_accessible_and_as_wide_as_its_screen(desk: Desk, at: Any) -> None:
    checker = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    person = at("quantri")
    found: dict[str, list[str]] = {}
    for path in pages(desk):
        page = person.open(path)
        page.evaluate(checker)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [each for each in result["violations"] if each["impact"] in ("serious", "critical")]
        found[path] = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in serious]
        for size in (PHONE, PC):
            page.set_viewport_size(size)
            width = page.evaluate("document.documentElement.scrollWidth")
            found[path] += [f"{width} wide on {size['width']}"] if width > size["width"] else []
    assert not {path: each for path, each in found.items() if each}


def test_every_page_prints_on_its_paper(desk: Desk, at: Any) -> None:
    person = at("quantri")
    for path in ("/", "/so", "/lanh-dao", "/phieu/PCBK-2026-000001", "/phieu/PCBK-2026-000001/phieu-hen"):
        if path == "/":
            pages(desk)
        page = person.open(path)
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible()
        printed = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
        width, height = printed[len(printed) - 1].get_size()
        assert (width > height) == (path == "/so")
        assert len(printed) == 1 or not path.endswith("/phieu-hen")
        page.emulate_media(media="screen")


def test_pages_work_without_scripts(desk: Desk, chromium: Any, where: str) -> None:
    context = chromium.new_context(viewport=PC, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{where}/dang-nhap")
    page.fill("input[name=ten]", "lan")
    page.fill("input[name=mat-khau]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{where}/moi")
    page.fill("#content", "Hỏi lịch cắt điện tuần tới")
    page.fill("#address", "xã Quảng Bạch, huyện Chợ Đồn")
    page.get_by_role("button", name="Mở phiếu", exact=True).click()
    assert page.get_by_text("Đã mở phiếu PCBK-2026-000001").is_visible()
    context.close()
