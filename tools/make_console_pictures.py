"""Makes the pictures of the console: plays the demo with the console over it, and photographs its pages in Chromium.

    python tools/make_console_pictures.py [NAME …]      (needs Chromium and Playwright, the extras for scans; two minutes)

At 1366×768, as on an office's old screen, and at a phone's width, in docs/pictures/. They show invented people only.
"""

import contextlib
import datetime as dt
import io
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from daemon.console.app import make_app
from daemon.demo.clock import DemoClock
from daemon.demo.player import Player, make_home
from daemon.demo.script import Scene, load_script
from daemon.desk.ticket import Channel
from daemon.office import actions, people
from daemon.office.parts import Parts, open_office
from daemon.scans.folder import ScanFolder
from daemon.settings.desk import load_desk
from daemon.settings.rows import Faults

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
PC, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PASSWORD = "một câu đủ dài để thử"
PEOPLE = {
    "lan": ("Nguyễn Thị Lan", "agent"),
    "thu": ("Hoàng Thị Thu", "chief"),
    "quantri": ("Quản trị", "administrator"),
}
SCAN = "sy"  # the scene whose scanned form is photographed while its cells are still to be checked
CUSTOMERS = (
    "Mã khách hàng;Tên khách hàng;Địa chỉ;Điện thoại;Đơn vị;Trạm biến áp\n"
    "PA26CM0000207;Hà Thị Nhung;Thôn Nà Luống, xã Như Cố, huyện Chợ Mới;0912000207;Chợ Mới;TBA Như Cố 1\n"
)
CALLS = (
    "Anh Ma Văn Lực 0912000201 ở thôn Nà Duồng xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại, mất điện từ 7 giờ sáng",
    "Chị Triệu Thị Hoa 0912000202 ở thôn Nà Duồng xã Quảng Bạch, huyện Chợ Đồn hỏi khi nào có điện lại, mất điện từ sáng",
    "Bác Lý Văn Páo 0912000203 ở thôn Nà Duồng xã Quảng Bạch, huyện Chợ Đồn báo mất điện, hỏi bao giờ có điện trở lại",
    "Chị Bàn Thị Yến 0912000204 báo dây điện đứt rơi xuống đường ở xã Bằng Thành, huyện Pác Nặm, có tia lửa",
)


@dataclass(frozen=True)
class Shot:
    """A picture: its file, who sits at the screen, the page, and what is done before the picture is taken."""

    name: str
    who: str
    path: str
    size: dict[str, int]
    before: Callable[[Any], None] = lambda _page: None


def type_request(page: Any) -> None:
    """Fill the form as an agent does while the customer speaks."""
    page.fill("#customer_code", "PA26CM0000207")
    page.fill("#content", "Ngày 13/10/2026 xã Như Cố có lịch cắt điện không, mấy giờ có điện lại?")
    page.wait_for_selector("#hints .known")


def search(page: Any) -> None:
    """Type into the ledger without diacritics."""
    page.locator("#tim").press_sequentially("ba be")
    page.wait_for_url(lambda address: "tim=ba" in address)


MORNING = (
    Shot("console-hom-nay", "lan", "/", PC),
    Shot("console-hom-nay-dien-thoai", "lan", "/", PHONE),
    Shot("console-phieu", "thu", "/phieu/PCBK-2026-000015", PC),
    Shot("console-goi-khach", "lan", "/phieu/PCBK-2026-000017#tra-loi", PC),
    Shot("console-phieu-dien-thoai", "lan", "/phieu/PCBK-2026-000014", PHONE),
    Shot("console-so-theo-doi", "lan", "/so", PC, search),
    Shot("console-cung-lan-mat-dien", "lan", "/nhom/PCBK-2026-000016", PC),
    Shot("console-nhap-yeu-cau", "lan", "/moi?kenh=phone_note", PC, type_request),
    Shot("console-phieu-hen", "lan", "/phieu/PCBK-2026-000014/phieu-hen", PC),
    Shot("console-bao-cao", "thu", "/lanh-dao?tu=01/10/2026&den=08/10/2026", PC, lambda page: page.wait_for_selector(".chart")),
    Shot("console-don-vi", "thu", "/don-vi?tu=01/10/2026&den=08/10/2026", PC, lambda page: page.wait_for_selector(".chart")),
    Shot("console-lich", "thu", "/phong/lich/2026?ngay=2026-11-24", PC),
    Shot("console-mau", "quantri", "/phong/mau/answer-complaint.docx", PC),
)  # fmt: skip
CHECKED = Shot("console-kiem-tra-ban-quet", "lan", "/phieu/{number}", PC)


class Morning(Player):
    """Plays the demo; at one scan it lets the page be photographed before the agent settles the doubtful cells."""

    def __init__(self, *given: Any, at_scan: Callable[[str], None]) -> None:
        super().__init__(*given)
        self._at_scan = at_scan

    def _with_paper_in_hand(self, scene: Scene) -> None:
        if scene.ticket == SCAN and scene.ticket in self.numbers:
            self._at_scan(self.numbers[scene.ticket])
        super()._with_paper_in_hand(scene)

    def one_more_morning(self) -> None:
        """What comes in after the demo has ended: callers of one outage, a danger, a mail that names no ticket."""
        (self.parts.home / "inbox" / "du-lieu" / "khach-hang.csv").write_text(CUSTOMERS, "utf-8")
        while self.parts.lookups.customer(code="PA26CM0000207") is None:  # a file is taken once it lies still
            time.sleep(0.1)
            self.work()
        for text in CALLS:
            self.clock.move_to(self.clock.now() + dt.timedelta(minutes=3))
            actions.new(self.parts, Channel.PHONE_NOTE, text, PEOPLE["lan"][0])
            self.work()
        self.clock.move_to(self.clock.now() + dt.timedelta(minutes=4))
        self.outside.mail("dlnari@pcbk.example", "Kết quả kiểm tra", "Đơn vị đã kiểm tra xong, điện áp đạt yêu cầu.")
        self.work()
        self.outside.reply("dlchodon@pcbk.example", ANSWER, "PCBK-2026-000016")
        self.work()


ANSWER = "Đường dây 35 kV lộ 374 bị cây đổ vào lúc 6h50. Đơn vị đã xử lý xong, cấp điện lại lúc 9h20 ngày 08/10/2026."


@contextlib.contextmanager
def serving(parts: Parts) -> Iterator[str]:
    """Serve the console over an open office and say where."""
    config = uvicorn.Config(make_app(parts.home, parts.clock, parts), port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


class Camera:
    """One browser in which several people sign in, each once for each size of screen."""

    def __init__(self, browser: Any, where: str, wanted: set[str]) -> None:
        self._browser, self._where, self._wanted = browser, where, wanted
        self._pages: dict[tuple[str, int], Any] = {}

    def take(self, shot: Shot, **known: str) -> None:
        """Photograph a page into its file."""
        if self._wanted and shot.name not in self._wanted:
            return
        page = self._page(shot.who, shot.size)
        page.goto(self._where + shot.path.format(**known))
        shot.before(page)
        page.wait_for_function("() => [...document.images].every(image => image.complete || image.loading === 'lazy')")
        keep(page.screenshot(), TARGET / f"{shot.name}.png")

    def _page(self, who: str, size: dict[str, int]) -> Any:
        key = (who, size["width"])
        if key not in self._pages:
            page = self._browser.new_context(viewport=size, locale="vi-VN").new_page()
            page.goto(f"{self._where}/dang-nhap")
            page.fill("input[name=ten]", who)
            page.fill("input[name=mat-khau]", PASSWORD)
            page.get_by_role("button", name="Đăng nhập").click()
            page.wait_for_url(f"{self._where}/")
            self._pages[key] = page
        return self._pages[key]


def keep(data: bytes, target: Path) -> None:
    """Write a picture with as few colours as a screen of words needs."""
    picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target, "PNG", optimize=True)
    print(f"{target.relative_to(ROOT)} {target.stat().st_size // 1000} kB", flush=True)


def main() -> None:
    """Play, photograph, keep."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("Chromium is needed.")
    with tempfile.TemporaryDirectory() as work, sync_playwright() as runner:
        home = Path(work) / "gdkh"
        make_home(home)
        faults = Faults()
        script = load_script(load_desk(home / "config" / "desk.toml", faults).zone)
        faults.refuse()
        clock = DemoClock(script.begins)
        parts = open_office(home, clock)
        parts.folder = ScanFolder(home / "inbox", time.monotonic, quiet_seconds=0)
        for name, (title, role) in PEOPLE.items():
            people.add_user(parts, name, title, role, PASSWORD, "Quản trị")
        browser = runner.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with serving(parts) as where:
            camera = Camera(browser, where, set(sys.argv[1:]))
            player = Morning(parts, clock, script, print, at_scan=lambda number: camera.take(CHECKED, number=number))
            player.play()
            player.one_more_morning()
            for shot in MORNING:
                camera.take(shot)
        browser.close()
        parts.close()


if __name__ == "__main__":
    main()
