"""One request of one signed-in person: from the socket to a page function in a thread, with sign-in, role and form checked."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from daemon.console.roles import may
from daemon.console.security import cookie_name, same_secret
from daemon.desk.trouble import NeedsPerson, Refused, TryLater
from daemon.office import people
from daemon.office.handling import Overtaken
from daemon.office.parts import Parts
from daemon.store.users import Signed, User

if TYPE_CHECKING:
    from daemon.console.app import Console

log = logging.getLogger("motcua")


@dataclass
class Visit:
    """What a page function gets: the request, the open office, who asks, and the fields of the form."""

    request: Request
    console: "Console"
    parts: Parts
    session: Signed
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def user(self) -> User:
        """Who asks."""
        return self.session.user

    @property
    def by(self) -> str:
        """The name that stands in events."""
        return self.user.title

    def arg(self, name: str, default: str = "") -> str:
        """Return a value of the address."""
        return self.request.query_params.get(name, default).strip()

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def may(self, what: str) -> bool:
        """Say whether the user may do something."""
        return may(self.user, what, self.parts)

    def need(self, what: str) -> None:
        """Raise Forbidden where the user may not do something."""
        if not self.may(what):
            raise Forbidden

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page."""
        return HTMLResponse(self.console.look.render(self, template, values), status)

    def go(self, to: str, say: str = "") -> Response:
        """Return to a page after a change, with a sentence that stands there once."""
        if say:
            self.console.say(self.session.id, say)
        return RedirectResponse(to, 303)


class Forbidden(Exception):
    """The user's role does not allow this."""


class NotFound(Exception):
    """There is no such page, ticket or file."""


Page = Callable[[Visit], Response]


def page(console: "Console", what: str, handler: Page) -> Callable[[Request], Any]:
    """Return an endpoint that lets those in who may ``what`` and answers with the handler's page."""

    async def endpoint(request: Request) -> Response:
        form = await request.form(max_files=4, max_fields=400) if request.method == "POST" else FormData()
        texts = {name: value.replace("\r\n", "\n") for name, value in form.multi_items() if isinstance(value, str)}
        files = {
            name: (value.filename or "", await value.read())
            for name, value in form.multi_items()
            if isinstance(value, UploadFile) and value.filename
        }
        await form.close()
        return await run_in_threadpool(_answer, console, what, handler, request, texts, files)

    return endpoint


def _answer(
    console: "Console",
    what: str,
    handler: Page,
    request: Request,
    form: Mapping[str, str],
    files: Mapping[str, tuple[str, bytes]],
) -> Response:
    try:
        with console.desk.office() as parts:
            tls = parts.settings.file.console.tls
            session = people.signed(parts, request.cookies.get(cookie_name(tls), ""))
            if session is None:
                return _to_sign_in(request)
            visit = Visit(request, console, parts, session, form, files)
            return _guarded(visit, what, handler)
    except TryLater as trouble:
        return HTMLResponse(console.look.bare("loi.html", {"title": "Chưa làm được", "text": str(trouble)}), 503)
    except Exception:
        log.exception("%s %s", request.method, request.url.path)
        text = "Lỗi của chương trình, đã ghi vào var/log/console.log. Dữ liệu không bị mất; báo người phụ trách motcua."
        return HTMLResponse(console.look.bare("loi.html", {"title": "Có lỗi", "text": text}), 500)


def _guarded(visit: Visit, what: str, handler: Page) -> Response:
    try:
        if visit.request.method == "POST" and not same_secret(visit.form.get("csrf", ""), visit.session.csrf):
            return visit.show("loi.html", 403, title="Trang đã cũ", text="Mở lại trang rồi làm lại, chưa ghi gì.")
        visit.need(what)
        return handler(visit)
    except Forbidden:
        role = people.ROLES[visit.user.role]
        text = f"Vai trò {role} không làm được việc này. Hỏi quản trị nếu cần."
        return visit.show("loi.html", 403, title="Không được phép", text=text)
    except NotFound:
        return visit.show("loi.html", 404, title="Không có trang này", text="Số phiếu hoặc tệp không tồn tại.")
    except Overtaken as trouble:
        return _not_written(visit, str(trouble), trouble)
    except (Refused, NeedsPerson) as trouble:
        return _not_written(visit, str(trouble), None)


def _not_written(visit: Visit, text: str, overtaken: Overtaken | None) -> Response:
    """Say why nothing was written and give back what was typed, so that no word is lost."""
    if visit.request.method != "POST":
        return visit.show("loi.html", 422, title="Chưa làm được", text=text)
    kept = {name: value for name, value in visit.form.items() if name not in ("csrf", "seen")}
    seen = overtaken.events[-1].seq if overtaken else visit.form.get("seen", "")
    events = overtaken.events if overtaken else ()
    back = visit.form.get("back") or visit.request.headers.get("referer") or "/"
    return visit.show(
        "chua-ghi.html",
        409 if overtaken else 422,
        text=text,
        events=events,
        kept=kept,
        seen=seen,
        action=visit.request.url.path,
        back=own_path(back),
    )


def own_path(address: str) -> str:
    """Return an address of ours as its path and query; anything else leads to the first page."""
    parts = urlsplit(address)
    path = parts.path or "/"
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return "/"
    return f"{path}?{parts.query}" if parts.query else path


def _to_sign_in(request: Request) -> Response:
    if request.method == "POST" or request.headers.get("x-motcua"):
        return Response("Hết phiên làm việc. Đăng nhập lại.", 401, media_type="text/plain; charset=utf-8")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/dang-nhap?den={quote(wanted)}" if wanted != "/" else "/dang-nhap", 303)
