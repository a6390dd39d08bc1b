"""Replies of units, read against the waiting tickets of a folder (*.eml, context.jsonl, units.json)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.desk import matching
from daemon.desk.message import Message
from daemon.desk.rules import AnswerWords
from daemon.mailbox.message import parse
from daemon.office.founding import shipped
from daemon.reading.answers import AnswerKind, kind_of
from daemon.reading.attached import from_attachment
from daemon.reading.enclosed import core
from daemon.reading.placing import place
from daemon.reading.reply import Reply
from daemon.settings.reply_words import load_reply_words

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


def replies(folder: Path, home: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield one object for each ``*.eml`` of a folder with ``context.jsonl`` and ``units.json``, in order of name.

    The words by which kinds are told apart come from the working folder ``home``, else as they are shipped.
    """
    learnt = _learnt(home)
    context = _context(folder / "context.jsonl")
    units = _units(folder / "units.json")
    for path in sorted(folder.glob("*.eml")):
        yield {"file": path.name, **_reply(parse(path.read_bytes()), context, units, learnt)}


def _learnt(home: Path | None) -> AnswerWords:
    config = home / "config" if home and (home / "config").is_dir() else shipped("config")
    return load_reply_words(config / "reply-words.toml")


def _reply(message: Message, context: _Context, units: Mapping[str, str], learnt: AnswerWords) -> dict[str, Any]:
    match, reply = place(message, context, context.sent)
    kind = kind_of(message, reply, learnt)
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
        [core(text) for text in map(from_attachment, reply.attachments[:5]) if text]
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
