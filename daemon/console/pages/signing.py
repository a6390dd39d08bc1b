"""Signing in and out."""

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from daemon.console.security import FORM_COOKIE, cookie_name, same_secret
from daemon.console.visit import Visit, own_path
from daemon.desk.trouble import Refused
from daemon.office import people

if TYPE_CHECKING:
    from daemon.console.app import Console


def endpoint(console: "Console") -> Callable[[Request], Any]:
    """Return the sign-in page; a secret in a cookie and in the form keeps foreign pages from signing somebody in."""

    async def sign_in(request: Request) -> Response:
        form = {}
        if request.method == "POST":
            data = await request.form(max_files=0, max_fields=10)
            form = {name: value for name, value in data.multi_items() if isinstance(value, str)}
        return await run_in_threadpool(_answer, console, request, form)

    return sign_in


def _answer(console: "Console", request: Request, form: Mapping[str, str]) -> Response:
    to = own_path(form.get("den") or request.query_params.get("den", "/"))
    if request.method != "POST":
        return _page(console, request, to, "", "")
    address = request.client.host if request.client else "?"
    name = form.get("ten", "")
    tls = console.desk.settings.file.console.tls
    known = request.cookies.get(cookie_name(tls, FORM_COOKIE), "")
    if not known or not same_secret(known, form.get("csrf", "")):
        return _page(console, request, to, name, "Trang đã cũ: nhập lại.", 403)
    if not console.knocks.allows(address):
        return _page(console, request, to, name, "Thử quá nhiều lần từ máy này. Chờ vài phút rồi thử lại.", 429)
    try:
        with console.desk.office() as parts:
            token, _ = people.sign_in(parts, name, form.get("mat-khau", ""), address)
    except Refused as trouble:
        return _page(console, request, to, name, str(trouble), 401)
    response = RedirectResponse(to, 303)
    _set(response, cookie_name(tls), token, tls)
    response.delete_cookie(cookie_name(tls, FORM_COOKIE), secure=tls, httponly=True, samesite="lax")
    return response


def _page(console: "Console", request: Request, to: str, name: str, text: str, status: int = 200) -> Response:
    tls = console.desk.settings.file.console.tls
    secret = request.cookies.get(cookie_name(tls, FORM_COOKIE), "") or secrets.token_urlsafe(24)
    office = console.desk.settings.file.office
    values = {"to": to, "name": name, "text": text, "secret": secret, "office": office}
    response = HTMLResponse(console.look.bare("dang-nhap.html", values), status)
    _set(response, cookie_name(tls, FORM_COOKIE), secret, tls)
    return response


def _set(response: Response, name: str, value: str, tls: bool) -> None:
    response.set_cookie(name, value, path="/", secure=tls, httponly=True, samesite="lax")


def sign_out(visit: Visit) -> Response:
    """End this session, or all of the user's."""
    if visit.form.get("moi-noi"):
        people.sign_out_everywhere(visit.parts, visit.user.name, visit.by)
    else:
        people.sign_out(visit.parts, visit.session)
    tls = visit.parts.settings.file.console.tls
    response = RedirectResponse("/dang-nhap", 303)
    response.delete_cookie(cookie_name(tls), path="/", secure=tls, httponly=True, samesite="lax")
    return response
