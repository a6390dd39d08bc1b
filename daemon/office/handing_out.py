"""Everything of one person in one readable file: an HTML page that opens in any browser, the files inside it."""

import base64
import html
import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path

from daemon.desk import history, wording
from daemon.desk.ticket import Event, Ticket
from daemon.desk.trouble import Refused, TryLater
from daemon.office import person, showing
from daemon.office.parts import Parts
from daemon.store import privacy
from daemon.store.items import Item
from daemon.store.originals import write_durably

_HEAD = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}table{{border-collapse:collapse}}
td,th{{border:1px solid #bbb;padding:.2em .6em;text-align:left;vertical-align:top}}pre{{white-space:pre-wrap}}</style></head>
<body><h1>{title}</h1><p>{office} · lập lúc {at}</p>
"""


def export(parts: Parts, words: tuple[str, ...], file: Path, by: str) -> int:
    """Write everything of a person into a new HTML file and return the number of tickets.

    Raises Refused where the file is there or there is nothing of that person, TryLater where the disk does not take it.
    """
    found = person.find(parts, words, by)
    if not (found.own or found.items):
        raise Refused("Không có dữ liệu nào của người này. Thử: motcua person find …")
    if file.exists():
        raise Refused(f"{file}: đã có tệp này, không ghi đè. Chọn tên khác.")
    page = "".join(_page(parts, found))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, page.encode(), mode=0o600)
    except OSError as problem:
        raise TryLater(f"Không ghi được {file}: {problem.strerror}. Kiểm tra ổ đĩa và quyền ghi.") from problem
    return len(found.own)


def _page(parts: Parts, found: person.Finding) -> Iterator[str]:
    title = "Dữ liệu cá nhân đang được lưu giữ"
    at = wording.time_of(parts.clock.now())
    yield _HEAD.format(title=title, office=_e(parts.settings.file.office.name), at=at)
    for number in found.own:
        ticket = parts.store.ticket(number)
        if ticket is not None:
            yield from _ticket(parts, ticket)
    loose = [item for each in found.items if (item := parts.store.item(each))]
    if loose:
        yield "<h2>Thư chưa xếp vào phiếu</h2>"
        for item in loose:
            yield from _item(parts, item)
    held = privacy.held(parts.store)
    kept = [f"<li>{_e(number)}: {_e(held[number])}</li>" for number in found.own if number in held]
    if kept:
        yield f"<h2>Đang giữ theo yêu cầu</h2><ul>{''.join(kept)}</ul>"
    yield "</body></html>\n"


def _ticket(parts: Parts, ticket: Ticket) -> Iterator[str]:
    yield f"<h2>Phiếu {_e(ticket.number)}</h2>"
    body = [history.without_commands(line.strip()) for line in showing.facts(parts, ticket)]
    yield "<pre>" + _e("\n".join(body)) + "</pre>"
    yield "<h3>Diễn biến</h3><table><tr><th>Lúc</th><th>Ai</th><th>Việc</th></tr>"
    for event in parts.store.events(ticket.number):
        yield _event(event)
    yield "</table>"
    items = parts.store.items_of(ticket.number)
    if items:
        yield "<h3>Đã nhận</h3>"
        for item in items:
            yield from _item(parts, item)
    yield from _files(parts.outbox / ticket.number)
    whole = json.dumps(showing.as_json(parts, ticket), ensure_ascii=False, indent=1).encode()
    yield f"<p>Toàn bộ dữ liệu của phiếu, dạng máy đọc: {_link(f'{ticket.number}.json', whole)}</p>"


def _event(event: Event) -> str:
    """One row: the sentence that staff read, and below it the words that came with it."""
    text, body = history.event_text(event), history.event_body(event)
    said = f"<pre>{_e(body)}</pre>" if body and body not in text else ""
    at = f"{event.at:%d/%m/%Y %H:%M:%S}"
    return f"<tr><td>{at}</td><td>{_e(event.author.name)}</td><td>{_e(text)}{said}</td></tr>"


def _item(parts: Parts, item: Item) -> Iterator[str]:
    yield f"<h4>{_e(item.name or item.subject or item.source)} · {wording.time_of(item.received)}</h4>"
    try:
        data = parts.store.originals.read(item.digest)
    except FileNotFoundError:
        yield "<p>Bản gốc đã xóa.</p>"
        return
    if item.source in ("mail", "note"):
        yield f"<pre>{_e(_words(item, data))}</pre>"
    name = f"{item.id}{ {'mail': '.eml', 'msg': '.msg', 'note': '.txt'}.get(item.source, Path(item.name).suffix) }"
    yield f"<p>{_link(name, data)}</p>"


def _words(item: Item, data: bytes) -> str:
    from daemon.mailbox.message import parse

    return data.decode("utf-8", "replace") if item.source == "note" else parse(data).text or ""


def _files(folder: Path) -> Iterator[str]:
    paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    if paths:
        links = "".join(f"<li>{_link(path.name, path.read_bytes())}</li>" for path in paths)
        yield f"<h3>Văn bản</h3><ul>{links}</ul>"


def _link(name: str, data: bytes) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = base64.b64encode(data).decode()
    return f'<a download="{_e(name)}" href="data:{kind};base64,{packed}">{_e(name)}</a> ({len(data):,} byte)'


def _e(text: object) -> str:
    return html.escape(str(text))
