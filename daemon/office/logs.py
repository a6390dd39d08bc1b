"""The log: JSON lines under var/, rotated, with phone numbers and mail addresses masked and libraries that talk pinned."""

import json
import logging
import logging.handlers
import re
from pathlib import Path

_PHONE = re.compile(r"(?<!\d)(0|\+84)\d{6,8}(\d{2})(?!\d)")
_MAIL = re.compile(r"\b([\w.+-])[\w.+-]*@([\w.-]+)")
# These print passwords and whole mails when they may.
_TALKATIVE = ("exchangelib", "urllib3", "requests", "imapclient", "imaplib", "msal", "PIL", "watchdog")


class JsonLines(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        shown = {"at": self.formatTime(record), "level": record.levelname, "text": mask(text)}
        return json.dumps(shown, ensure_ascii=False)


def mask(text: str) -> str:
    """Return text with phone numbers and mail addresses made unreadable."""
    return _MAIL.sub(r"\1…@\2", _PHONE.sub(r"\1…\2", text))


def start_log(home: Path, name: str = "motcua") -> None:
    """Write the log to var/log/<name>.log, ten files of two megabytes; each process has a file of its own."""
    folder = home / "var" / "log"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = logging.handlers.RotatingFileHandler(
        folder / f"{name}.log", maxBytes=2_000_000, backupCount=10, encoding="utf-8"
    )
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for talker in _TALKATIVE:
        logging.getLogger(talker).setLevel(logging.WARNING)
