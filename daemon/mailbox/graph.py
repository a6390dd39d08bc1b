"""A mailbox in Exchange Online through Microsoft Graph: our own small client over msal and requests.

Our own MIME in, ``$value`` MIME out, one message at a time; immutable ids; delta links that may be lost at any time.
"""

import datetime as dt
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from daemon.desk.trouble import TryLater
from daemon.mailbox import envelope, ews_memory, graph_check, graph_delta, graph_items
from daemon.mailbox.base import Finding, Found, Incoming, StateKeeper, Where, nothing
from daemon.mailbox.clock import utc_now
from daemon.mailbox.expiry import Foresight
from daemon.mailbox.graph_config import Config
from daemon.mailbox.graph_link import Answered, Link, new_session
from daemon.mailbox.graph_login import Tokens, home_cache
from daemon.mailbox.graph_writing import Writer, is_leftover
from daemon.mailbox.login import Lockout, Login
from daemon.mailbox.smtp import recipients_of
from daemon.mailbox.state import FileState

_LOOKS_FOR_THE_COPY = (0.0, 0.5, 1.0, 2.0)  # seconds before each look into Sent after a sending
_FULL_LOOK = dt.timedelta(hours=24)  # the inbox is listed anew so often, should a delta ever forget a mail
_FOLDERS = {Where.SENT: "sentitems", Where.DRAFTS: "drafts"}
_GONE = (404, 410)


def open_graph(
    given: Mapping[str, object],
    home: Path,
    address: str,
    *,
    keeper: StateKeeper | None = None,
    login_keeper: StateKeeper | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
    tell: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True),
    looks: tuple[float, ...] = _LOOKS_FOR_THE_COPY,
) -> "Graph":
    """Make the back end of ``[mailbox.graph]`` for the mailbox ``address``; connects with the first use, not now.

    ``keeper`` keeps the delta links, ``login_keeper`` a refused login (default: files under ``var/``), ``tell`` shows a
    person where to sign in (``auth = "device"``, at ``check`` only), ``looks`` are the seconds before each look for the
    copy in Sent. Raises ValueError with the list of all errors of the table, Refused where msal is not installed.
    """
    config = Config.from_table(given, home)
    if "@" not in address:
        raise ValueError(["address: hãy ghi địa chỉ của hộp thư chung trong [mailbox]."])
    session = new_session(config.ca_file)
    tokens = Tokens(config, home_cache(home), session)
    login = Login(f"{config.client_id} ({config.tenant})", config.proof, read_again=lambda: config.proof)
    lockout = Lockout(config.authority, login, login_keeper or FileState(home / "var" / "graph-login.state"), clock)
    link = Link(config.base_url, address, session, tokens, lockout, config.timeout)
    return Graph(config, link, tokens, keeper or FileState(home / "var" / "graph-sync.state"), clock, tell, looks)


class Graph:
    """One mailbox in Exchange Online."""

    sent_is_proof = False  # a copy may come late or be lost

    def __init__(
        self,
        config: Config,
        link: Link,
        tokens: Tokens,
        keeper: StateKeeper,
        clock: Callable[[], dt.datetime],
        tell: Callable[[str], None],
        looks: tuple[float, ...],
    ) -> None:
        self._config = config
        self._link = link
        self._tokens = tokens
        self._keeper = keeper
        self._clock = clock
        self._tell = tell
        self._writer = Writer(link, self._folder, looks)
        self._memory: ews_memory.Memory | None = None
        self._folders: dict[str, str] = {}  # ids by well-known name; "taken" is the folder of taken mails
        self._told = False  # whether changed() has told everything that this process has to know
        self._foresight = Foresight(lambda today: graph_check.expiry_finding(config, today), clock)
        self._closing = threading.Event()

    # -- reading ---------------------------------------------------------------------------------------------------

    def fetch(self, skip: Callable[[str], bool] = nothing) -> Iterator[Incoming]:
        """Bring the list of the inbox up to date by delta, then read mail by mail; see ``Mailbox.fetch``."""
        memory = self._look()
        unreadable: list[str] = []
        for identifier, lying in memory.waiting(self._config.since, self._clock().tzinfo):
            if skip(identifier):
                continue
            mail = self._read(identifier, lying, unreadable)
            if mail is not None:
                yield mail
        if unreadable:
            raise TryLater(
                f"Exchange Online không cho đọc {len(unreadable)} thư trong hộp đến ({'; '.join(unreadable[:3])}). Hãy "
                "mở các thư này bằng Outlook; chương trình sẽ tự thử lại."
            )

    def _remembered(self) -> ews_memory.Memory:
        self._memory = self._memory or ews_memory.load(self._keeper, self._link.root)
        return self._memory

    def _look(self) -> ews_memory.Memory:
        memory = self._remembered()
        kept = memory.states.get("inbox")
        if self._full_look_due(memory):
            kept = None
        round = graph_delta.changes(self._link, "inbox", "receivedDateTime,createdDateTime", kept)
        if round.anew:
            memory.lying.clear()
            memory.states["inbox listed"] = self._clock().isoformat()
        for item in round.items:
            if "@removed" in item:
                memory.lying.pop(item["id"], None)
            else:
                memory.add(item["id"], graph_items.moment(item, "receivedDateTime", "createdDateTime"), 0)
        if round.news or round.link != kept:
            memory.states["inbox"] = round.link
            ews_memory.save(self._keeper, self._link.root, memory)
        return memory

    def _full_look_due(self, memory: ews_memory.Memory) -> bool:
        try:
            listed = dt.datetime.fromisoformat(memory.states["inbox listed"])
            return not dt.timedelta() <= self._clock() - listed < _FULL_LOOK
        except (KeyError, ValueError, TypeError):
            return True

    def _read(self, identifier: str, lying: ews_memory.Lying, unreadable: list[str]) -> Incoming | None:
        """Return the mail, None where it is gone, elsewhere, or the service cannot give it."""
        path, most = graph_items.path_of(identifier), self._config.max_bytes
        try:
            item = self._link.get(path, select=graph_items.SELECT_READ, expand=graph_items.EXPAND_READ)
            if item.get("parentFolderId") != self._folder("inbox"):
                return None  # staff moved it; the next delta says so too
            size = graph_items.size_of(item)
            # an item's size is not that of its MIME: only one far beyond the limit is not even begun
            raw = b"" if size > 2 * most else self._link.content(f"{path}/$value", most)
        except Answered as error:
            if error.status in _GONE:
                return None
            if not _about_the_item(error):
                raise
            unreadable.append(str(error)[:100])
            return None
        oversized = not raw or len(raw) > most
        received = graph_items.moment(item, "receivedDateTime", "createdDateTime") or lying.received
        mail = graph_items.head(raw, item) if oversized else graph_items.whole(raw, item)
        return Incoming(identifier, mail, max(size, len(raw), len(mail)), received, oversized)

    def file_away(self, key: str) -> None:
        """Move the mail into the folder of taken mails, if it still lies in the inbox; see ``Mailbox.file_away``."""
        if self._writer.where(key) == self._folder("inbox"):
            self._move(key)
        if self._memory is not None:
            self._memory.lying.pop(key, None)

    def _move(self, key: str) -> None:
        for again in (False, True):
            try:
                self._link.post(f"{graph_items.path_of(key)}/move", json={"destinationId": self._taken_folder()})
                return
            except Answered as error:
                if error.status not in (*_GONE, 400):
                    raise
                if self._writer.where(key) != self._folder("inbox"):
                    return  # gone or moved meanwhile
                if again:
                    raise
                self._folders.pop("taken", None)  # staff removed the folder: make it again

    def _folder(self, name: str) -> str:
        """Return the id of a well-known folder."""
        if name not in self._folders:
            self._folders[name] = str(self._link.get(f"/mailFolders/{name}", select="id").get("id"))
        return self._folders[name]

    def _taken_folder(self) -> str:
        if "taken" not in self._folders:
            name = self._config.taken_folder
            condition = f"displayName eq {graph_items.quoted(name)}"
            found = self._link.listed("/mailFolders", filter=condition, select="id,displayName")
            there = next((each for each in found if each.get("displayName") == name), None)
            made = there or self._link.post("/mailFolders", json={"displayName": name})
            self._folders["taken"] = str(made["id"])
        return self._folders["taken"]

    # -- writing ---------------------------------------------------------------------------------------------------

    def send(self, raw: bytes) -> str | None:
        """Send by a draft whose id stays its own in Sent, then look at that copy; see ``Mailbox.send``."""
        message_id = envelope.message_id(raw) or ""
        recipients_of(raw)
        if message_id and self._exact(Where.SENT, message_id):
            return None
        return self._writer.send(raw)

    def save_draft(self, raw: bytes) -> str:
        """Write the mail into Drafts from our own MIME; the key is its immutable id."""
        return self._writer.lay(raw, sending=False)

    def remove_draft(self, key: str) -> None:
        """Move the draft to Deleted Items; harmless if it is gone or was sent."""
        self._writer.remove(key)

    # -- finding again ---------------------------------------------------------------------------------------------

    def find(self, message_id: str, token: str | None = None) -> tuple[Found, ...]:
        """Ask Sent and Drafts by our mark, the Message-ID, then the subject; see ``Mailbox.find``."""
        told, self._told = self._told, False  # unless this look succeeds, the next changed() says True
        found = self._find(envelope.bare_id(message_id), token)
        self._told = told
        return found

    def _find(self, wanted: str, token: str | None) -> tuple[Found, ...]:
        exact = [found for where in _FOLDERS for found in self._exact(where, wanted)]
        if token is None or any(found.where is Where.SENT for found in exact):
            return tuple(exact)
        seen = {found.key for found in exact}
        loose: list[Found] = []
        for where in _FOLDERS:
            items = [
                item
                for item in self._listed(where, f"contains(subject,{graph_items.quoted(token)})")
                if item["id"] not in seen and not (where is Where.DRAFTS and graph_items.mark_of(item)[1])
            ]
            loose += [one for one in self._found(where, items, exact=False) if token in envelope.subject(one.raw)]
        return (*exact, *loose)

    def _exact(self, where: Where, message_id: str) -> list[Found]:
        """Return the mails with our mark of that Message-ID, else with the Message-ID itself.

        In Drafts what an interrupted attempt left does not count.
        """
        items = [
            item
            for item in self._listed(where, graph_items.marked(message_id))
            if graph_items.mark_of(item)[0] == message_id
        ] or [
            item
            for item in self._listed(where, graph_items.named(message_id))
            if envelope.same_id(str(item.get("internetMessageId")), message_id)
        ]
        if where is Where.DRAFTS:
            items = [item for item in items if not is_leftover(item)]
        return self._found(where, items, exact=True)

    def _listed(self, where: Where, condition: str) -> list[dict[str, Any]]:
        return self._link.listed(
            f"/mailFolders/{_FOLDERS[where]}/messages",
            filter=condition,
            select=graph_items.SELECT_FOUND,
            expand=graph_items.EXPAND_MARK,
        )

    def _found(self, where: Where, items: list[dict[str, Any]], *, exact: bool) -> list[Found]:
        found = []
        for item in items:
            identifier = str(item["id"])
            try:
                raw = self._link.content(f"{graph_items.path_of(identifier)}/$value", graph_items.MOST_FILES * 2)
            except Answered as error:
                if error.status in _GONE:
                    continue
                raise
            first = "sentDateTime" if where is Where.SENT else "createdDateTime"
            found.append(Found(where, identifier, raw, graph_items.moment(item, first, "createdDateTime"), exact))
        return sorted(found, key=lambda one: one.at or dt.datetime.min.replace(tzinfo=dt.UTC))

    def changed(self) -> bool:
        """Ask Sent and Drafts for their changes since the last call, by a delta link of each."""
        memory = self._remembered()
        news = not self._told
        for name in _FOLDERS.values():
            kept = memory.states.get(name)
            round = graph_delta.changes(self._link, name, "id,lastModifiedDateTime", kept)
            news = news or round.news
            if round.link != kept:
                memory.states[name] = round.link
                ews_memory.save(self._keeper, self._link.root, memory)
        self._told = True
        return news

    # -- news and check --------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Wait: Graph tells news only to a server that the whole internet can reach, so the inbox is polled."""
        self._closing.wait(max(0.0, seconds))
        return False

    def warnings(self) -> list[str]:
        """Return what will stop the mailbox soon: a secret or certificate about to expire."""
        return self._foresight.warnings()

    def check(self) -> list[Finding]:
        """Log in even while a refusal is remembered; show folders and rights, write and remove a draft, compare clocks."""
        self._folders.clear()
        findings = graph_check.entry(self._config, self._link, self._tokens, self._tell, self._taken_folder)
        findings.append(self._foresight.now())
        if findings[0].well:
            findings += graph_check.rights(self._config, self._link, self._tokens)
            findings.append(graph_check.draft(self._link, self._writer))
        return findings

    def close(self) -> None:
        """End a wait and let go of the connections; the next use makes new ones."""
        self._closing.set()
        self._closing = threading.Event()
        self._link.close()


def _about_the_item(error: Answered) -> bool:
    """Say whether the service means this one message, and not that it is not ready."""
    if "Corrupt" in error.code or "Conversion" in error.code:
        return True
    return 400 <= error.status < 500 and error.status not in (401, 408, 429)
