"""Opening an office: settings become the adapters they name. Nothing is done with them here."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.desk.desk import Desk
from daemon.desk.trouble import Refused
from daemon.office.clock import Clock, RealClock
from daemon.settings.whole import Settings, Ways, load
from daemon.store.database import Database
from daemon.store.originals import Originals
from daemon.store.store import Store

if TYPE_CHECKING:
    from daemon.desk.rules import AnswerWords
    from daemon.documents.render import Renderer
    from daemon.lookups.lookups import Lookups
    from daemon.mailbox.base import Mailbox
    from daemon.mailbox.smtp import Smtp
    from daemon.office.ahead import Ahead
    from daemon.reading.opener import Opener
    from daemon.reading.places import Gazetteer
    from daemon.reading.request import RequestReader
    from daemon.scans.child import ReadingChild
    from daemon.scans.folder import ScanFolder
    from daemon.scans.settle import Meaning

Now = Callable[[], dt.datetime]


@dataclass
class Parts:
    """An open office. The dear parts are made at their first use."""

    settings: Settings
    clock: Clock
    database: Database
    store: Store

    @property
    def home(self) -> Path:
        """The working folder."""
        return self.settings.home

    @property
    def desk(self) -> Desk:
        """What decisions stand on."""
        return self.settings.desk

    @property
    def outbox(self) -> Path:
        """Where documents lie, one folder a ticket."""
        return self.home / "outbox"

    @cached_property
    def mailbox(self) -> "Mailbox":
        """The shared mailbox of the configured kind."""
        return open_mailbox(self.settings)

    @cached_property
    def other_way(self) -> "Smtp | None":
        """A way out for alarms beside the mailbox, where one is configured."""
        return open_other_way(self.settings)

    @cached_property
    def renderer(self) -> "Renderer":
        """The Word templates."""
        from daemon.documents.render import Renderer

        return Renderer(self.home / "templates")

    @cached_property
    def reader(self) -> "RequestReader":
        """The reader of requests."""
        from daemon.reading.request import RequestReader
        from daemon.settings.reading import load_reading

        rules = load_reading(self.home / "config" / "reading.toml")
        return RequestReader(self.gazetteer, rules, self.settings.file.code_pattern)

    @cached_property
    def reply_words(self) -> "AnswerWords":
        """The words by which units' answers, parts of answers and questions back are told apart."""
        from daemon.settings.reply_words import load_reply_words

        return load_reply_words(self.home / "config" / "reply-words.toml")

    @cached_property
    def lookups(self) -> "Lookups":
        """The look-ups over exports."""
        from daemon.lookups.lookups import Lookups
        from daemon.settings.lookups import load_mappings
        from daemon.settings.tariffs import load_tariffs

        config = self.home / "config"
        mappings, tariffs = load_mappings(config / "lookups.toml"), load_tariffs(config / "tariffs.toml")
        return Lookups(self.home, mappings, tariffs, self.clock.now, self.settings.places)

    @cached_property
    def folder(self) -> "ScanFolder":
        """The folder that staff drop scans into."""
        from daemon.scans.folder import ScanFolder

        return ScanFolder(self.home / "inbox", time.monotonic)

    @cached_property
    def reading_child(self) -> "ReadingChild":
        """The child process that reads scans; started with the first file, ended when idle."""
        from daemon.scans.child import ReadingChild
        from daemon.settings.forms import load_forms

        return ReadingChild(load_forms(self.home / "config" / "forms"))

    @cached_property
    def opener(self) -> "Opener":
        """What opens attached Word and PDF files, in a child process; started with the first one, ended when idle."""
        from daemon.reading.opener import Opener

        return Opener()

    @cached_property
    def ahead(self) -> "Ahead":
        """What reads mails ahead in a process beside, while many wait; ended when idle."""
        from daemon.office.ahead import Ahead

        return Ahead(self.home, self.settings.file.zone, self.settings.file.code_pattern)

    @cached_property
    def scan_meaning(self) -> "Meaning":
        """How the words of a scan are understood."""
        from daemon.office.scan_meaning import scan_meaning

        return scan_meaning(
            self.settings.places, self.gazetteer, self.reader, self.settings.file.code_pattern, self.clock.now
        )

    @cached_property
    def gazetteer(self) -> "Gazetteer":
        """The places, ready to be found in a text."""
        from daemon.reading.places import Gazetteer

        return Gazetteer(self.settings.places)

    def close(self) -> None:
        """Let go of the database and the mailbox."""
        for name in ("mailbox", "lookups", "folder", "reading_child", "opener", "ahead"):
            part = self.__dict__.get(name)
            if part is not None and hasattr(part, "close"):
                part.close()
        self.database.close()


def open_office(home: Path, clock: Clock | None = None, settings: Settings | None = None) -> Parts:
    """Open a working folder. Raises Refused (all errors of the configuration at once) or TryLater (database)."""
    settings = settings or load(home, dt.datetime.now(dt.UTC).date())
    database = Database(settings.file.database_url, home)
    database.migrate()
    originals = Originals(home / "var" / "originals")
    store = Store(database, originals, settings.file.prefix, settings.file.zone)
    return Parts(settings, clock or RealClock(settings.file.zone), database, store)


def open_mailbox(settings: Ways) -> "Mailbox":
    """Make the configured mailbox back end; the times it tells stand in the office's zone.

    Raises Refused where its table is wrong or its package is missing.
    """
    file, home = settings.file, settings.home
    try:
        return _MAILBOXES[file.mailbox_kind](file.mailbox_table, home, file.mailbox_address, RealClock(file.zone).now)
    except ValueError as problem:
        lines = problem.args[0] if isinstance(problem.args[0], list) else [str(problem)]
        raise Refused("\n".join(f"config/desk.toml: mailbox.{file.mailbox_kind}.{line}" for line in lines)) from problem


def open_other_way(settings: Ways) -> "Smtp | None":
    """Make the way out that ``[alarm.smtp]`` describes, None without it. Raises Refused where the table is wrong."""
    from daemon.mailbox import other_way

    file = settings.file
    try:
        now = RealClock(file.zone).now
        return other_way.open_other_way(file.alarm.smtp, settings.home, file.mailbox_address, now)
    except ValueError as problem:
        lines = problem.args[0] if isinstance(problem.args[0], list) else [str(problem)]
        raise Refused("\n".join(f"config/desk.toml: alarm.smtp.{line}" for line in lines)) from problem


def _maildir(table: Mapping[str, Any], home: Path, address: str, now: Now) -> "Mailbox":
    from daemon.mailbox.maildir import open_maildir

    return open_maildir(table, home, address, clock=now)


def _imap(table: Mapping[str, Any], home: Path, address: str, now: Now) -> "Mailbox":
    from daemon.mailbox.imap import open_imap

    return open_imap(table, home, address, clock=now)


def _ews(table: Mapping[str, Any], home: Path, address: str, now: Now) -> "Mailbox":
    from daemon.mailbox.ews import open_ews

    return open_ews(table, home, address, clock=now)


def _graph(table: Mapping[str, Any], home: Path, address: str, now: Now) -> "Mailbox":
    from daemon.mailbox.graph import open_graph

    return open_graph(table, home, address, clock=now)


_MAILBOXES = {"maildir": _maildir, "imap": _imap, "ews": _ews, "graph": _graph}
