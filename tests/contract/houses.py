"""What the contract suite needs of the world around a back end: mail arrives, staff act, people look into folders."""

import itertools
import os
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import pytest
from imapclient import IMAPClient

from daemon.mailbox import envelope
from daemon.mailbox.base import Mailbox
from daemon.mailbox.ews import open_ews
from daemon.mailbox.graph import open_graph
from daemon.mailbox.imap import open_imap
from daemon.mailbox.maildir import open_maildir
from tests.contract.mails import DESK
from tests.servers import dovecot, ews, graph, postfix
from tests.servers.ews_store import Store
from tests.servers.graph_store import GraphStore

MOST_BYTES = 200_000
S = TypeVar("S", bound=Store)
_users = itertools.count(1)


class Servers:
    """The servers of a test run, each started when first asked for."""

    @cached_property
    def dovecot(self) -> dovecot.Dovecot:
        if not dovecot.available():
            pytest.skip("dovecot-imapd and openssl are not installed, or not root")
        return dovecot.Dovecot()

    @cached_property
    def postfix(self) -> postfix.Postfix:
        if not postfix.available():
            pytest.skip("postfix is not installed, or not root")
        return postfix.Postfix(self.dovecot.sasl)

    def close(self) -> None:
        for name in ("postfix", "dovecot"):
            if name in self.__dict__:
                self.__dict__[name].close()


class House(Protocol):
    """One mailbox of a back end with the people around it."""

    kind: str  # as in ``[mailbox] kind``
    leaves: bool  # whether a sent mail really reaches a receiver that the test can ask

    def table(self) -> dict[str, object]:
        """The table ``[mailbox.<kind>]`` of an office that works here."""

    def open(self) -> Mailbox: ...

    def arrive(self, raw: bytes) -> None:
        """Let a mail arrive in the inbox."""

    def inbox(self) -> list[bytes]: ...

    def taken(self) -> list[bytes]: ...

    def sent(self) -> list[bytes]: ...

    def drafts(self) -> list[bytes]: ...

    def delivered(self) -> list[bytes]: ...

    def staff_read(self) -> None:
        """A person opens every mail of the inbox: it is marked as read."""

    def staff_delete(self) -> None:
        """A person deletes every mail of the inbox."""

    def staff_send(self, draft: bytes, as_sent: bytes) -> None:
        """A person sends the draft; the mail client writes ``as_sent`` into Sent and takes the draft away."""

    def close(self) -> None: ...


class MaildirHouse:
    """The embedded default."""

    kind = "maildir"
    leaves = False

    def __init__(self, home: Path, _servers: object = None) -> None:
        self._home = home
        self._path = home / "var" / "mailbox"
        self._opened: list[Mailbox] = []
        self._count = 0

    def table(self) -> dict[str, object]:
        return {"path": str(self._path), "max_bytes": MOST_BYTES}

    def open(self) -> Mailbox:
        mailbox = open_maildir(self.table(), self._home, DESK)
        self._opened.append(mailbox)
        return mailbox

    def arrive(self, raw: bytes) -> None:
        self._count += 1
        for part in ("tmp", "new"):
            (self._path / part).mkdir(parents=True, exist_ok=True)
        name = f"{1_700_000_000 + self._count}.M1P1Q{self._count}.mx"
        (self._path / "tmp" / name).write_bytes(raw)
        at = time.time() - 1000 + self._count
        os.utime(self._path / "tmp" / name, (at, at))
        (self._path / "tmp" / name).rename(self._path / "new" / name)

    def _mails(self, *folder: str) -> list[bytes]:
        return [
            path.read_bytes()
            for part in ("new", "cur")
            for path in sorted(self._path.joinpath(*folder, part).iterdir())
        ]

    def inbox(self) -> list[bytes]:
        return self._mails()

    def taken(self) -> list[bytes]:
        return self._mails(".Da-tiep-nhan")

    def sent(self) -> list[bytes]:
        return self._mails(".Sent")

    def drafts(self) -> list[bytes]:
        return self._mails(".Drafts")

    def delivered(self) -> list[bytes]:
        return self.sent()

    def staff_read(self) -> None:
        for path in (self._path / "new").iterdir():
            path.rename(self._path / "cur" / f"{path.name}:2,S")

    def staff_delete(self) -> None:
        for part in ("new", "cur"):
            for path in (self._path / part).iterdir():
                path.unlink()

    def staff_send(self, draft: bytes, as_sent: bytes) -> None:
        for path in (self._path / ".Drafts" / "cur").iterdir():
            if envelope.same_id(envelope.message_id(path.read_bytes()), envelope.message_id(draft)):
                path.unlink()
        self._count += 1
        (self._path / ".Sent" / "cur" / f"{1_800_000_000 + self._count}.client:2,S").write_bytes(as_sent)

    def close(self) -> None:
        for mailbox in self._opened:
            mailbox.close()


class ImapHouse:
    """A fresh account of Dovecot, with Postfix for sending."""

    kind = "imap"
    leaves = True

    def __init__(self, home: Path, servers: Servers) -> None:
        self._home = home
        self.dovecot, self.postfix = servers.dovecot, servers.postfix
        self.user = f"desk{next(_users)}@dienluc.example"
        self.secret = home / "password"
        self.secret.write_text(dovecot.PASSWORD, encoding="utf-8")
        self.secret.chmod(0o600)
        self.postfix.forget()
        self._opened: list[Mailbox] = []
        self._client: IMAPClient | None = None

    def table(self, **other: object) -> dict[str, object]:
        """Return the table of a desk that uses this account; plain text on the loopback, to keep the suite quick."""
        return {
            "host": "127.0.0.1",
            "port": self.dovecot.plain,
            "security": "none",
            "user": self.user,
            "password_file": str(self.secret),
            "smtp_host": "127.0.0.1",
            "smtp_port": self.postfix.port,
            "smtp_security": "none",
            "max_bytes": MOST_BYTES,
            "timeout": 10,
            "smtp_timeout": 10,
            **other,
        }

    def open(self, **other: object) -> Mailbox:
        mailbox = open_imap(self.table(**other), self._home, DESK)
        self._opened.append(mailbox)
        return mailbox

    @property
    def staff(self) -> IMAPClient:
        """A connection of the people who work in the same mailbox."""
        if self._client is None:
            self._client = IMAPClient("127.0.0.1", self.dovecot.plain, ssl=False)
            self._client.plain_login(self.user, dovecot.PASSWORD)
        return self._client

    def arrive(self, raw: bytes) -> None:
        self.staff.append("INBOX", raw)

    def mails(self, folder: str) -> list[bytes]:
        if not self.staff.folder_exists(folder):
            return []
        self.staff.select_folder(folder, readonly=True)
        uids = self.staff.search("UNDELETED")
        answers: dict[int, Any] = self.staff.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
        return [answers[uid][b"BODY[]"] for uid in sorted(answers)]

    def inbox(self) -> list[bytes]:
        return self.mails("INBOX")

    def taken(self) -> list[bytes]:
        return self.mails("Đã tiếp nhận")

    def sent(self) -> list[bytes]:
        return self.mails("Sent")

    def drafts(self) -> list[bytes]:
        return self.mails("Drafts")

    def delivered(self) -> list[bytes]:
        self.postfix.settle()
        return self.postfix.delivered(0)

    def staff_read(self) -> None:
        self.staff.select_folder("INBOX")
        self.staff.add_flags(self.staff.search("ALL"), [rb"\Seen"])

    def staff_delete(self) -> None:
        self.staff.select_folder("INBOX")
        self.staff.delete_messages(self.staff.search("ALL"))
        self.staff.expunge()

    def staff_send(self, draft: bytes, as_sent: bytes) -> None:
        if not self.staff.folder_exists("Sent"):
            self.staff.create_folder("Sent")
        self.staff.append("Sent", as_sent, [rb"\Seen"])
        self.staff.select_folder("Drafts")
        wanted = envelope.message_id(draft) or ""
        uids = self.staff.search(["HEADER", "Message-ID", wanted])
        if uids:
            self.staff.delete_messages(uids)
            self.staff.expunge()

    def close(self) -> None:
        for mailbox in self._opened:
            mailbox.close()
        if self._client is not None:
            self._client.logout()


class StoreHouse(Generic[S]):
    """A fresh mailbox of one of our own servers, which the real client library talks to; staff act in its store."""

    leaves = True
    server: Any

    def __init__(self, home: Path, server: Any, secret: Path, word: str) -> None:
        self._home = home
        self.server = server
        self.secret = secret
        secret.write_text(word, encoding="utf-8")
        secret.chmod(0o600)
        self._opened: list[Mailbox] = []

    @property
    def store(self) -> S:
        store: S = self.server.store
        return store

    def arrive(self, raw: bytes) -> None:
        self.server.deliver(raw)

    def _mails(self, folder: str) -> list[bytes]:
        return [item.raw for item in self.store.folders[folder].items.values()]

    def inbox(self) -> list[bytes]:
        return self._mails("inbox")

    def taken(self) -> list[bytes]:
        return [raw for f in self.store.folders.values() if f.name == "Đã tiếp nhận" for raw in self._mails(f.id)]

    def sent(self) -> list[bytes]:
        return self._mails("sentitems")

    def drafts(self) -> list[bytes]:
        return self._mails("drafts")

    def delivered(self) -> list[bytes]:
        return list(self.store.delivered)

    def staff_read(self) -> None:
        for item in list(self.store.folders["inbox"].items.values()):
            item.is_read = True
            self.store.touch(item)

    def staff_delete(self) -> None:
        for item in list(self.store.folders["inbox"].items.values()):
            self.store.move(item, "deleteditems")

    def staff_send(self, draft: bytes, as_sent: bytes) -> None:
        for item in list(self.store.folders["drafts"].items.values()):
            if envelope.same_id(envelope.message_id(item.raw), envelope.message_id(draft)):
                self.store.remove(item)
        self.store.add("sentitems", as_sent)

    def close(self) -> None:
        for mailbox in self._opened:
            mailbox.close()
        self.server.close()


class EwsHouse(StoreHouse[Store]):
    """A fresh mailbox of our own EWS server, which the real exchangelib talks to."""

    kind = "ews"
    server: ews.Ews

    def __init__(self, home: Path, _servers: object = None, **server: Any) -> None:
        super().__init__(home, ews.Ews(DESK, **server), home / "password", ews.PASSWORD)

    def table(self, **other: object) -> dict[str, object]:
        return {
            "endpoint": self.server.url,
            "user": ews.USER,
            "auth": "basic",
            "password_file": str(self.secret),
            "version": "15.1.2507.34",
            "max_bytes": MOST_BYTES,
            "timeout": 10,
            **other,
        }

    def open(self, **other: object) -> Mailbox:
        mailbox = open_ews(self.table(**other), self._home, DESK)
        self._opened.append(mailbox)
        return mailbox


class GraphHouse(StoreHouse[GraphStore]):
    """A fresh mailbox of our own Graph server, with the login of Entra beside it, which the real msal talks to."""

    kind = "graph"
    server: graph.Graph

    def __init__(self, home: Path, _servers: object = None, **server: Any) -> None:
        pytest.importorskip("msal")
        super().__init__(home, graph.Graph(DESK, **server), home / "client-secret", graph.SECRET)

    def table(self, **other: object) -> dict[str, object]:
        table = {
            "tenant": graph.TENANT,
            "client_id": graph.CLIENT,
            "client_secret_file": str(self.secret),
            "base_url": self.server.url,
            "authority": self.server.authority,
            "max_bytes": MOST_BYTES,
            "timeout": 10,
            **other,
        }
        return {key: value for key, value in table.items() if value is not None}

    def open(self, *, options: dict[str, Any] | None = None, **other: object) -> Mailbox:
        """Open it with further keys of the table; ``options`` are arguments of ``open_graph``."""
        made = {"looks": (0.0, 0.05), **(options or {})}
        mailbox = open_graph(self.table(**other), self._home, DESK, **made)
        self._opened.append(mailbox)
        return mailbox


HOUSES: dict[str, Callable[[Path, Servers], House]] = {
    "maildir": MaildirHouse,
    "imap": ImapHouse,
    "ews": EwsHouse,
    "graph": GraphHouse,
}
