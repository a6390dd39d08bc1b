"""Looking after what people do with drafts, and telling staff once, not a thousand times, when something is wrong."""

import contextlib
import datetime as dt
import hashlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from daemon.desk import alarm_words
from daemon.desk.calendar import Calendar
from daemon.desk.effects import REMOVE_DRAFT, SAVE_DRAFT, SEND_MAIL, TELL_ADMINISTRATOR
from daemon.desk.ticket import Author, Event, State, Ticket
from daemon.desk.todo import DRAFT
from daemon.desk.trouble import NeedsPerson, Trouble
from daemon.mailbox.base import Found, NoEntry, Where
from daemon.mailbox.message import parse
from daemon.office import telling
from daemon.office.intake import NOTE_PREFIX
from daemon.office.parts import Parts
from daemon.office.sorting import own_ids
from daemon.store import queues
from daemon.store.originals import write_durably
from daemon.store.store import Claimed

log = logging.getLogger("motcua")
_TRIES = 4  # attempts after which an effect counts as one that keeps failing
# A ledger open in Excel, settings half written: staff end that themselves. Of these the administrator hears at once.
_AT_ONCE = ("mailbox", "disk", "queue", "folder-", "effect-")
# What fails because the mailbox is away is told by the mailbox's own alarm.
_BY_MAILBOX = frozenset(
    {
        "drafts",
        "mailbox-soon",
        *(f"effect-{kind}" for kind in (SEND_MAIL, SAVE_DRAFT, REMOVE_DRAFT, TELL_ADMINISTRATOR)),
    }
)


# -- drafts ------------------------------------------------------------------------------------------------------------
class Drafts:
    """What people do with the drafts that wait for them. A file whose time and size are as before is not read again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._same: dict[str, tuple[int, int]] = {}

    def look(self) -> int:
        """Notice a draft that a person sent from Drafts, or changed in the outbox; return how many tickets learnt it."""
        moved = self._parts.mailbox.changed()
        learnt = 0
        for ticket in self._parts.store.tickets(states=(State.TO_APPROVE,)):
            for event in _news_of_draft(self._parts, ticket, moved, self._same):
                self._parts.store.record(ticket.number, event, self._parts.clock.now())
                learnt += 1
        return learnt


def _news_of_draft(parts: Parts, ticket: Ticket, moved: bool, same: dict[str, tuple[int, int]]) -> Iterator[Event]:
    draft = ticket.draft
    if draft is None or draft.message_id is None:
        return
    changed = DRAFT in ticket.check
    if moved:
        found = parts.mailbox.find(draft.message_id, f"[{ticket.number}]")
        sent = _sent_by_person(parts, ticket, found)
        if sent is not None:
            writer = parse(sent.raw).from_address or "không rõ"
            yield Event(
                "draft_sent", parts.clock.now(), Author("person", writer), {"key": sent.key, "exact": sent.exact}
            )
            return
        touched = _touched(parts, ticket, found)
        if touched is not None:
            yield touched
            changed = changed or touched.content["changed"]
    yield from _edited(parts, ticket, same, changed=changed)


def _sent_by_person(parts: Parts, ticket: Ticket, found: tuple[Found, ...]) -> Found | None:
    """The draft in Sent: under its own Message-ID, or under a new one with the number, to the customer, the draft gone."""
    own = parts.settings.file.mailbox_address
    sent = [each for each in found if each.where is Where.SENT and set(parse(each.raw).to) - {own}]
    exact = next((each for each in sent if each.exact), None)
    if exact:
        return exact
    if any(each.where is Where.DRAFTS and each.exact for each in found):
        return None
    for each in sent:
        message = parse(each.raw)
        ours = re.fullmatch(own_ids(parts), message.message_id or "")
        email = (ticket.customer.email or "").lower()
        if not ours and (not email or email in message.to):
            return each
    return None


def _touched(parts: Parts, ticket: Ticket, found: tuple[Found, ...]) -> Event | None:
    """The mailbox draft that a person saved again: under another key, or with other words or another Word file.

    It is compared with how it first lay there, since servers write a mail anew as they take it.
    """
    draft = ticket.draft
    assert draft is not None
    lying = sorted((each for each in found if each.where is Where.DRAFTS), key=lambda each: not each.exact)
    if not lying:
        return None
    is_now = _gist(lying[0].raw)
    known, _, was = (parts.store.note(f"draft:{ticket.number}") or "").partition(" ")
    if known != draft.message_id:
        parts.store.keep_note(f"draft:{ticket.number}", f"{draft.message_id} {is_now}")
        was = is_now if lying[0].key == draft.mailbox_key else "another one, saved before this first look"
    changed = is_now != was and DRAFT not in ticket.check
    if not changed and lying[0].key == draft.mailbox_key:
        return None
    content = {"key": lying[0].key, "changed": changed}
    return Event("draft_touched", parts.clock.now(), Author("person", "hộp thư"), content)


def _gist(raw: bytes) -> str:
    """A digest of a draft's letters, digits and Word files: what no mail client changes by itself."""
    message = parse(raw)
    letters = "".join(char for char in message.text or message.html or "" if char.isalnum())
    files = (each.content for each in message.attachments if each.name.endswith(".docx"))
    return hashlib.sha256(b"\0".join([letters.encode(), *files])).hexdigest()


def _edited(parts: Parts, ticket: Ticket, same: dict[str, tuple[int, int]], *, changed: bool) -> Iterator[Event]:
    """The Word file in the outbox replaces the mailbox draft when a person changed it, unless that one is changed too (contract)."""
    draft = ticket.draft
    assert draft is not None
    document = next((doc for doc in ticket.documents if doc.kind == "answer" and doc.round == draft.round), None)
    if document is None:
        return
    path = parts.outbox / ticket.number / document.name
    try:
        stat = path.stat()
        if same.get(document.digest) == (stat.st_mtime_ns, stat.st_size):
            return
        data = path.read_bytes()
    except OSError:
        return
    digest = hashlib.sha256(data).hexdigest()
    if digest == document.digest:
        same[digest] = stat.st_mtime_ns, stat.st_size
        return
    if not data.startswith(b"PK"):
        return
    in_mailbox = _enclosed_digest(parts, ticket)
    both = changed or (in_mailbox is not None and in_mailbox not in (document.digest, digest))
    content = {"kind": "answer", "round": draft.round, "name": document.name, "digest": digest, "both": both}
    yield Event("draft_edited", parts.clock.now(), Author("person", "outbox"), content)


def _enclosed_digest(parts: Parts, ticket: Ticket) -> str | None:
    draft = ticket.draft
    assert draft is not None and draft.message_id is not None
    for found in parts.mailbox.find(draft.message_id, f"[{ticket.number}]"):
        if found.where is Where.DRAFTS:
            words = [each for each in parse(found.raw).attachments if each.name.endswith(".docx")]
            return hashlib.sha256(words[0].content).hexdigest() if words else None
    return None


# -- alarms ------------------------------------------------------------------------------------------------------------
class Alarms:
    """What is wrong now, told once where staff look (log, status, a note in inbox/) and withdrawn when it is over."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looked: dt.datetime | None = None

    def ring(self, name: str, trouble: Trouble, *, at_once: bool = False) -> None:
        """Remember that something is wrong since now; told at once, or for the mailbox after the configured silence.

        ``at_once`` says that the administrator is not to wait for the silence either.
        """
        store, now = self._parts.store, self._parts.clock.now()
        if store.note(f"alarm:{name}:since"):
            return
        store.keep_note(f"alarm:{name}:since", now.isoformat())
        store.keep_note(f"alarm:{name}:say", str(trouble))
        if at_once or isinstance(trouble, NoEntry):
            # A refused login does not mend itself: nobody waits for the silence to be long enough.
            store.keep_note(f"alarm:{name}:now", "1")
        log.warning("%s: %s", name, trouble)

    def quiet(self, name: str) -> None:
        """It works again: the alarm and its note are withdrawn."""
        store = self._parts.store
        if name == "mailbox":
            self._note_look()
        if not store.note(f"alarm:{name}:since"):
            return
        store.keep_note(f"alarm:{name}:since", "")
        store.keep_note(f"alarm:{name}:say", "")
        store.keep_note(f"alarm:{name}:now", "")
        with contextlib.suppress(OSError):  # else the next look takes it away
            self._note_path(name).unlink(missing_ok=True)
        log.info("%s: works again", name)

    def _note_look(self) -> None:
        """Remember that the mailbox was looked into; a minute's grain is enough, each note is a flush to the disk."""
        now = self._parts.clock.now()
        if self._looked is None or not dt.timedelta() <= now - self._looked < dt.timedelta(minutes=1):
            self._parts.store.keep_note("mailbox:last_look", now.isoformat())
            self._looked = now

    def effect_waits(self, effect: Claimed, trouble: Trouble) -> None:
        """An effect keeps failing: after some tries it is told like any other alarm."""
        if effect.attempts >= _TRIES:
            self.ring(f"effect-{effect.kind}", trouble)

    def effect_ended(self, effect: Claimed) -> None:
        """An effect is done or set aside; where no other of its kind keeps failing, the alarm is over."""
        name = f"effect-{effect.kind}"
        if self._parts.store.note(f"alarm:{name}:since") and not queues.failing(self._parts.store, effect.kind, _TRIES):
            self.quiet(name)

    def look(self) -> None:
        """Tell staff and the administrator what has been wrong long enough; take back the note of what is over."""
        self._foresee()
        ringing = current(self._parts)
        mailbox_rings = any(name == "mailbox" for name, _, _ in ringing)
        for name, since, say in ringing:
            long = self._long_enough(since) or bool(self._parts.store.note(f"alarm:{name}:now"))
            if (name == "mailbox" and not long) or (mailbox_rings and name in _BY_MAILBOX):
                continue
            self._write_note(name, since, say)
            if long or name.startswith(_AT_ONCE):
                telling.begun(self._parts, name, since, say)
        telling.over(self._parts, {name: since for name, since, _ in ringing})
        self._take_notes_away({name for name, _, _ in ringing})

    def _write_note(self, name: str, since: str, say: str) -> None:
        path = self._note_path(name)
        if path.exists() or not path.parent.is_dir():
            return
        log.error("alarm %s: %s", name, say)
        text = alarm_words.note(name, dt.datetime.fromisoformat(since), say)
        with contextlib.suppress(OSError):  # status, console and mail tell it all the same
            write_durably(path, text.encode("utf-8-sig"), mode=0o644)

    def _take_notes_away(self, ringing: set[str]) -> None:
        for path in (self._parts.home / "inbox").glob(f"{NOTE_PREFIX}*.txt"):
            if path.stem.removeprefix(NOTE_PREFIX) not in ringing:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _foresee(self) -> None:
        """Ring where the mailbox knows what will stop it (a secret about to expire), while there is time to act."""
        with contextlib.suppress(Trouble):  # a mailbox that cannot be opened has an alarm of its own
            soon = self._parts.mailbox.warnings()
            if soon:
                self.ring("mailbox-soon", NeedsPerson("; ".join(soon)))
            else:
                self.quiet("mailbox-soon")

    def _long_enough(self, since: str) -> bool:
        calendar: Calendar = self._parts.desk.calendar
        minutes = calendar.minutes_between(dt.datetime.fromisoformat(since), self._parts.clock.now())
        return minutes >= self._parts.settings.file.silence_minutes

    def _note_path(self, name: str) -> Path:
        return self._parts.home / "inbox" / f"{NOTE_PREFIX}{name}.txt"


def current(parts: Parts) -> list[tuple[str, str, str]]:
    """Return what is wrong now as (name, since, sentence)."""
    notes = parts.store.notes("alarm:")
    names = sorted({key.split(":")[1] for key, value in notes.items() if key.endswith(":since") and value})
    return [(name, notes.get(f"alarm:{name}:since", ""), notes.get(f"alarm:{name}:say", "")) for name in names]
