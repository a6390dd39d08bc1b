"""The web application: which address is which page, and what all pages share."""

import threading
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from daemon.console.desk_on_screen import DeskOnScreen
from daemon.console.limits import Limiter
from daemon.console.live import Live
from daemon.console.look import HERE, Look
from daemon.console.pages import (
    figures,
    files,
    groups,
    ledger,
    metrics,
    new,
    office,
    people,
    signing,
    streams,
    ticket,
    ticket_changes,
    today,
)
from daemon.console.security import Guard
from daemon.console.visit import Page, page
from daemon.office.clock import Clock
from daemon.office.parts import Parts
from daemon.store import lists
from daemon.store.lists import OpenRow


class Console:
    """What the pages share while the application runs."""

    def __init__(self, home: Path, clock: Clock | None = None, parts: Parts | None = None) -> None:
        self.desk = DeskOnScreen(home, clock, parts)
        self.look = Look()
        self.live = Live(self.desk)
        self.knocks = Limiter(12, 300)
        self.readings = Limiter(1, 3600)
        self.figures = figures.Figures(self.desk)
        self._said: dict[int, list[str]] = {}
        self._open: tuple[str, list[OpenRow]] = ("", [])
        self._lock, self._reading = threading.Lock(), threading.Lock()

    def say(self, session: int, text: str) -> None:
        """Keep a sentence for the next page of a session."""
        with self._lock:
            if len(self._said) > 1000:
                self._said.clear()
            self._said.setdefault(session, []).append(text)

    def said(self, session: int) -> list[str]:
        """Return the sentences kept for a session, once."""
        with self._lock:
            return self._said.pop(session, [])

    def open_rows(self, parts: Parts) -> list[OpenRow]:
        """Return the open tickets; they are read again only when something has changed, and once for all that ask."""
        with self._reading:
            mark = lists.mark(parts.store)
            kept, rows = self._open
            if kept != mark:
                rows = lists.open_rows(parts.store)
                self._open = (mark, rows)
            return rows

    def close(self) -> None:
        """Let go of everything."""
        self.figures.close()
        self.desk.close()


GET, POST = ("GET",), ("POST",)
# Address, method, what one must be allowed to do, the page.
PAGES: tuple[tuple[str, tuple[str, ...], str, Page], ...] = (
    ("/", GET, "see", today.show),
    ("/phieu/{number}", GET, "see", ticket.show),
    ("/phieu/{number}/phieu-hen", GET, "see", ticket.slip),
    ("/phieu/{number}/ma.png", GET, "see", ticket.qr),
    ("/phieu/{number}/goc/{item:int}/{page:int}.png", GET, "see", files.original_page),
    ("/phieu/{number}/goc/{item:int}/xem", GET, "see", files.original_pages),
    ("/phieu/{number}/goc/{item:int}", GET, "see", files.original),
    ("/phieu/{number}/goc/{item:int}/kem/{index:int}", GET, "see", files.attachment),
    ("/phieu/{number}/o/{item:int}/{name}", GET, "see", files.crop),
    ("/phieu/{number}/tep/{name}", GET, "see", files.document),
    ("/phieu/{number}/xem/{name}", GET, "see", files.preview),
    ("/phieu/{number}/xem/{name}/{page:int}.png", GET, "see", files.document_page),
    ("/phieu/{number}/{action}", POST, "work", ticket_changes.change),
    ("/thu/{item:int}/{page:int}.png", GET, "see", files.loose_page),
    ("/thu/{item:int}", GET, "see", today.mail),
    ("/thu/{item:int}", POST, "work", today.place_mail),
    ("/lam-lai/{name}", POST, "work", today.retry),
    ("/da-xem/{name}", POST, "work", today.seen),
    ("/so", GET, "see", ledger.show),
    ("/so/xuat", GET, "see", ledger.export),
    ("/nhom", GET, "see", groups.show_all),
    ("/nhom/{number}", GET, "see", groups.show),
    ("/nhom/{number}", POST, "work", groups.change),
    ("/moi", GET, "work", new.show),
    ("/moi", POST, "work", new.create),
    ("/moi/tra-cuu", POST, "work", new.hints),
    ("/lanh-dao", GET, "figures", figures.show),
    ("/lanh-dao/so-lieu", GET, "figures", figures.numbers),
    ("/lanh-dao/bao-cao", POST, "figures", figures.report),
    ("/don-vi", GET, "figures", figures.units),
    ("/phong", GET, "settings", office.show),
    ("/phong/lich/{year:int}", GET, "settings", office.calendar),
    ("/phong/lich/{year:int}", POST, "settings", office.change_day),
    ("/phong/don-vi", GET, "settings", office.units),
    ("/phong/don-vi", POST, "settings", office.change_unit),
    ("/phong/bieu-gia", GET, "settings", office.tariffs),
    ("/phong/bieu-gia", POST, "settings", office.change_tariff),
    ("/phong/cong-tac", GET, "settings", office.switches),
    ("/phong/cong-tac", POST, "settings", office.change_switches),
    ("/phong/mau", GET, "settings", office.templates),
    ("/phong/mau/{name}", GET, "settings", office.template),
    ("/phong/mau/{name}", POST, "files", office.change_template),
    ("/phong/tep", GET, "files", office.file),
    ("/phong/tep", POST, "files", office.change_file),
    ("/phong/nhat-ky", GET, "settings", office.diary),
    ("/nguoi-dung", GET, "see", people.show),
    ("/nguoi-dung", POST, "see", people.change),
    ("/dang-xuat", POST, "see", signing.sign_out),
)


def make_app(home: Path, clock: Clock | None = None, parts: Parts | None = None) -> Starlette:
    """Return the application over a working folder. Raises Refused or TryLater where the office cannot be opened."""
    console = Console(home, clock, parts)
    routes: list[Route | Mount] = [
        Route(address, page(console, what, handler), methods=list(methods)) for address, methods, what, handler in PAGES
    ]
    routes += [
        Route("/dang-nhap", signing.endpoint(console), methods=["GET", "POST"]),
        Route("/song", streams.endpoint(console)),
        Route("/metrics", metrics.endpoint(console)),
        Route("/favicon.ico", _to("/static/bieu-tuong.svg")),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    table = console.desk.settings.file.console
    app = Starlette(routes=routes, middleware=[Middleware(Guard, table=table)], lifespan=console.live.running)
    app.state.console = console
    return app


def _to(address: str) -> Callable[..., RedirectResponse]:
    def go(_request: object) -> RedirectResponse:
        return RedirectResponse(address, 308)

    return go
