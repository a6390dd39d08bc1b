"""The log: JSON lines under var/, rotated, with personal data masked and libraries that talk pinned.

Masked are phone numbers and citizens' numbers however they are grouped, customer codes and mail addresses. Names cannot be
told from other words: nothing of a request's text is ever logged on purpose.
"""

import datetime as dt
import json
import logging
import logging.handlers
import os
import re
from io import TextIOWrapper
from pathlib import Path

_PHONE = re.compile(r"(?<![\w.-])(0|\+?84)(?:[ .]?\d){6,9}[ .]?(\d{2})(?!\w)")
_CODE = re.compile(r"\b(P[A-Z])\d{2}[A-Z0-9]{2}\d{5}(\d{2})\b")
_TICKET = re.compile(r"\b[A-Z][A-Z0-9]{1,11}-\d{4}-\d{6}\b")
_BINARY = getattr(os, "O_BINARY", 0)  # Windows ends lines itself elsewhere
_MAIL = re.compile(r"\b([\w.+-])[\w.+-]*@([\w.-]+)")
# These print passwords and whole mails when they may.
_TALKATIVE = ("exchangelib", "urllib3", "requests", "imapclient", "imaplib", "msal", "PIL", "watchdog")


class JsonLines(logging.Formatter):
    """One JSON object a record: ``at``, ``level``, ``from``, ``text``, and ``ticket`` where one is named."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).astimezone().isoformat(timespec="milliseconds")
        shown = {"at": at, "level": record.levelname, "from": record.name, "text": mask(text)}
        if ticket := _TICKET.search(text):
            shown["ticket"] = ticket[0]
        return json.dumps(shown, ensure_ascii=False)


def mask(text: str) -> str:
    """Return text with phone and citizens' numbers, customer codes and mail addresses made unreadable."""
    return _CODE.sub(r"\1…\2", _MAIL.sub(r"\1…@\2", _PHONE.sub(r"\1…\2", text)))


class _Private(logging.handlers.RotatingFileHandler):
    """Files that only the program's own user may read."""

    def _open(self) -> TextIOWrapper:
        made = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
        return TextIOWrapper(os.fdopen(made, "ab"), encoding=self.encoding, write_through=True)


def start_log(home: Path, name: str = "motcua", size: int = 2_000_000) -> None:
    """Write the log to var/log/<name>.log and ten older files of ``size`` bytes; each process has a file of its own."""
    folder = home / "var" / "log"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = _Private(folder / f"{name}.log", maxBytes=size, backupCount=10, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for talker in _TALKATIVE:
        logging.getLogger(talker).setLevel(logging.WARNING)
