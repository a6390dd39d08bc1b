"""Files of a ticket: originals and documents to download, and their pages as pictures, made in a child process.

Scans show signatures and citizens' cards: who looked at one stands in the office's diary, once an hour for each person and scan.
"""

import mimetypes
import re
from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from daemon.console import pictures
from daemon.console.mails import mail_of
from daemon.console.pages.ticket import need
from daemon.console.visit import NotFound, Visit
from daemon.office import person
from daemon.store.store import Item

_PLAIN_NAME = re.compile(r"^[\w.\- ()]+$")
_PICTURES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})


def _is_picture(name: str) -> bool:
    return Path(name).suffix.lower() in _PICTURES


def _note_reading(visit: Visit, name: str) -> None:
    """Write into the diary that somebody opened a scan; its cells and pages, opened one by one, are one reading."""
    number = str(visit.request.path_params.get("number", "")).upper()
    if visit.console.readings.allows(f"{visit.user.id} {number} {name}"):
        person.scan_read(visit.parts, number, name, visit.by)


def document(visit: Visit) -> Response:
    """Return a document of the ticket for download."""
    path = _opened(visit)
    return _download(path, visit.path("name"))


def _opened(visit: Visit) -> Path:
    """The document of the address; where it is paper that was scanned, the diary says who opened it."""
    ticket, name = need(visit), visit.path("name")
    path = visit.parts.outbox / ticket.number / name
    found = next((doc for doc in ticket.documents if doc.name == name), None)
    if found is None or "/" in name or not path.is_file():
        raise NotFound
    if (found.kind == "original" and _is_picture(name)) or found.kind.endswith("-signed"):
        _note_reading(visit, name)
    return path


def _download(path: Path, name: str) -> Response:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(path, media_type=kind, headers={"Content-Disposition": _attached(name)})


def _attached(name: str) -> str:
    """A file is never opened inside our pages: what a customer sent may be a web page."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def preview(visit: Visit) -> Response:
    """Show the pages of a document."""
    path, base = _opened(visit), f"/phieu/{need(visit).number}"
    name = quote(path.name)
    return _pages(visit, path, path.name, f"{base}/xem/{name}", f"{base}/tep/{name}")


def _pages(visit: Visit, path: Path, name: str, base: str, download: str) -> Response:
    count, text = pictures.pages_of(visit.parts.home, path)
    pages = [f"{base}/{number}.png" for number in range(1, count + 1)]
    missing = path.suffix.lower() not in (".eml", ".txt")
    return visit.show(
        "xem.html",
        title=name,
        ticket=need(visit),
        name=name,
        pages=pages,
        text=text,
        missing=missing,
        download=download,
    )


def document_page(visit: Visit) -> Response:
    """Return one page of a document as a picture."""
    path = _opened(visit)
    return _picture(visit, path, int(visit.path("page")))


def _picture(visit: Visit, path: Path, page: int) -> Response:
    made = pictures.picture(visit.parts.home, path, page)
    if made is None:
        raise NotFound
    return FileResponse(made, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


# -- what came in ------------------------------------------------------------------------------------------------------
def _item(visit: Visit) -> Item:
    ticket = need(visit)
    item = visit.parts.store.item(int(visit.path("item")))
    owned = {each.id for each in visit.parts.store.items_of(ticket.number)}
    if item is None or item.id not in owned:
        raise NotFound
    return item


def _original_path(visit: Visit, item: Item) -> Path:
    path = visit.parts.store.originals.path(item.digest)
    if not path.is_file():
        raise NotFound
    return path


def original(visit: Visit) -> Response:
    """Return what came in, as it came, for download."""
    item = _item(visit)
    path = _original_path(visit, item)
    name = item.name or f"{item.id}"
    if item.source == "scan":
        _note_reading(visit, name)
    if item.source == "mail" and not name.lower().endswith(".eml"):
        name = f"{visit.path('number')}-thu-{item.id}.eml"
    return FileResponse(
        path,
        media_type="application/octet-stream",
        headers={"Content-Disposition": _attached(name)},
    )


def original_pages(visit: Visit) -> Response:
    """Show all pages of a scan."""
    item = _item(visit)
    if item.source != "scan":
        raise NotFound
    path, name = _original_path(visit, item), item.name or f"{item.id}"
    _note_reading(visit, name)
    base = f"/phieu/{need(visit).number}/goc/{item.id}"
    return _pages(visit, path, name, base, base)


def original_page(visit: Visit) -> Response:
    """Return one page of a scan as a picture."""
    item = _item(visit)
    path = _original_path(visit, item)
    _note_reading(visit, item.name or f"{item.id}")
    return _picture(visit, path, int(visit.path("page")))


def loose_page(visit: Visit) -> Response:
    """Return one page of a scan that lies on no ticket, as a picture."""
    item = visit.parts.store.item(int(visit.path("item")))
    if item is None or item.source != "scan" or item.ticket:
        raise NotFound
    path = _original_path(visit, item)
    _note_reading(visit, item.name or f"{item.id}")
    return _picture(visit, path, int(visit.path("page")))


def attachment(visit: Visit) -> Response:
    """Return a file that came with a mail."""
    item = _item(visit)
    if item.source not in ("mail", "msg"):
        raise NotFound
    files = mail_of(visit.parts, item).attachments
    index = int(visit.path("index"))
    if index >= len(files):
        raise NotFound
    each = files[index]
    if _is_picture(each.name):
        _note_reading(visit, each.name)
    headers = {"Content-Disposition": _attached(each.name)}
    return Response(each.content, media_type="application/octet-stream", headers=headers)


def crop(visit: Visit) -> Response:
    """Return the picture of one cell of a scanned form."""
    item, name = _item(visit), visit.path("name")
    path = visit.parts.home / "var" / "crops" / str(item.id) / name
    if not _PLAIN_NAME.match(name) or not path.is_file():
        raise NotFound
    _note_reading(visit, item.name or f"{item.id}")
    return FileResponse(path, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})
