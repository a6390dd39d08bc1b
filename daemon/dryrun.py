"""The dry run: what the program understands of a folder of samples, as plain objects. Changes nothing, needs no database.

Mailbox, reading and desk are put together here because none of them may know the others (contract, ``motcua read``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.desk import matching
from daemon.desk.message import Message
from daemon.mailbox.message import parse
from daemon.reading.answers import AnswerKind, from_attachment, kind_of
from daemon.reading.placing import place
from daemon.reading.reply import Reply

_NO_TEXT = frozenset(("auto_reply", "bounce", "read_receipt", "unrelated"))


@dataclass(frozen=True, slots=True)
class _Context:
    """The waiting tickets of a folder: rows of ``context.jsonl`` by number and by Message-ID."""

    rows: Mapping[str, Mapping[str, Any]]
    ids: Mapping[str, str]

    def by_message_id(self, message_id: str) -> str | None:
        return self.ids.get(message_id)

    def exists(self, number: str) -> bool:
        return number in self.rows

    def waiting_with_code(self, code: str) -> tuple[str, ...]:
        return tuple(
            number
            for number, row in self.rows.items()
            if row.get("customer_code") == code and row.get("status", "waiting") == "waiting"
        )

    def sent(self, numbers: tuple[str, ...]) -> str | None:
        """The text we sent about these tickets."""
        return (
            "\n\n".join(str(self.rows[number].get("body") or "") for number in numbers if number in self.rows) or None
        )


def replies(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield one object for each ``*.eml`` of a folder with ``context.jsonl`` and ``units.json``, in order of name."""
    context = _context(folder / "context.jsonl")
    units = _units(folder / "units.json")
    for path in sorted(folder.glob("*.eml")):
        yield {"file": path.name, **_reply(parse(path.read_bytes()), context, units)}


def _reply(message: Message, context: _Context, units: Mapping[str, str]) -> dict[str, Any]:
    match, reply = place(message, context, context.sent)
    kind = kind_of(message, reply)
    trust = matching.trust(message, units, _own_authserv(message, context))
    return _row(message, match, reply, kind) | {"trusted": trust.trusted}


def _row(message: Message, match: matching.Match, reply: Reply, kind: AnswerKind) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ticket": match.number,
        "kind": kind.kind,
        "answer_text": None if kind.kind in _NO_TEXT else reply.text,
        "attachments": [item.name for item in reply.attachments],
        "confidence": round(min(kind.confidence, reply.confidence if kind.kind not in _NO_TEXT else 1.0), 2),
    }
    if match.number is None and match.candidates:
        row |= {"candidates": list(match.candidates), "conflict": match.conflict}
    if reply.posting in ("bottom", "inline") and kind.kind not in _NO_TEXT:
        row["posting"] = reply.posting
    if kind.kind == "bounce" and message.delivery:
        row |= {"dsn_action": message.delivery[0].action, "dsn_status": message.delivery[0].status}
    texts = (
        [text for text in map(from_attachment, reply.attachments[:5]) if text]
        if kind.kind in ("answer", "partial")
        else []
    )
    if texts:
        row["attachment_answer"] = "\n\n".join(texts)
    return row


def _own_authserv(message: Message, context: _Context) -> str | None:
    """The samples name no authserv-id: the host that took the mail in, where it is of our own domain."""
    received = (message.header("received") or "").split(" by ", 1)
    host = received[1].split()[0].strip(";").lower() if len(received) == 2 and received[1].split() else ""
    domains = {item.rpartition("@")[2].strip(">").lower() for item in context.ids}
    named = [value.split(";")[0].split()[:1] for value in message.header_all("authentication-results")]
    ours = [item[0].lower() for item in named if item]
    for candidate in ours:
        if candidate == host or any(candidate == domain or candidate.endswith("." + domain) for domain in domains):
            return candidate
    return host or None


def _context(path: Path) -> _Context:
    rows = {row["ticket"]: row for row in _lines(path)}
    return _Context(rows, {str(row.get("message_id")): number for number, row in rows.items() if row.get("message_id")})


def _units(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    units = json.loads(path.read_text("utf-8"))
    return {address.lower(): unit for unit, row in units.items() for address in row.get("addresses", [])}


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


_SCANS = frozenset((".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".heic"))


def scans(paths: Sequence[Path], home: Path) -> Iterator[dict[str, Any]]:
    """Yield ``file`` and its ``documents`` for every scan: files as named, of a folder those that look like scans.

    ``home`` is the working folder, whose ``config`` gives the forms, places and rules. A file that cannot be read has
    no documents and ``error`` with the reason. Raises Refused where the configuration has errors or a path is missing.
    """
    from daemon.desk.trouble import Refused
    from daemon.scans.child import ReadingChild, read_file
    from daemon.scans.settle import settle
    from daemon.settings.forms import load_forms

    meaning = _scan_meaning(home)
    with ReadingChild(load_forms(home / "config" / "forms")) as child:
        for path in _scan_files(paths):
            try:
                documents = read_file(child, path, None, lambda pages: settle(pages, meaning))
            except Refused as error:
                yield {"file": path.name, "documents": [], "error": str(error)}
            else:
                yield {"file": path.name, "documents": [_document(document) for document in documents]}


def _scan_files(paths: Sequence[Path]) -> Iterator[Path]:
    from daemon.desk.trouble import Refused

    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in _SCANS and p.is_file())
        elif path.is_file():
            yield path
        else:
            raise Refused(f"{path}: không có tệp hay thư mục này; hãy kiểm tra lại đường dẫn.")


def _scan_meaning(home: Path) -> Any:
    import datetime as dt

    from daemon.reading.places import Gazetteer
    from daemon.reading.request import RequestReader
    from daemon.scan_meaning import scan_meaning
    from daemon.settings.desk import load_desk
    from daemon.settings.places import load_places
    from daemon.settings.reading import load_reading
    from daemon.settings.rows import Faults

    config = home / "config"
    faults = Faults()
    pattern = load_desk(config / "desk.toml", faults).code_pattern
    faults.refuse()
    places = load_places(config / "places.toml")
    gazetteer = Gazetteer(places)
    reader = RequestReader(gazetteer, load_reading(config / "reading.toml"), pattern)
    return scan_meaning(places, gazetteer, reader, pattern, lambda: dt.datetime.now(dt.UTC))


def _document(document: Any) -> dict[str, Any]:
    """Return a scanned document with the keys of the samples' truth."""
    about = {"page": document.page, "kind": str(document.kind)}
    if document.ticket:
        about |= {"ticket": document.ticket, "paper": document.paper, "round": document.round}
    form = {"form_id": document.form_id, "form_version": document.form_version, "form_no": document.form_no}
    rest = {"check": list(document.check), "confidence": round(document.confidence, 3), "notes": list(document.notes)}
    return about | dict(document.values) | {"text": document.text} | form | rest
