"""The only loop: take in, sort, decide, carry out; then keep the ledger and look after drafts and reports.

Every room asks the database or the folder what waits; an event (a new mail, a new file, a signal) only wakes it early.
"""

import contextlib
import datetime as dt
import errno
import logging
import queue
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence

import schedule

from daemon.desk.decide import decide
from daemon.desk.effects import SAVE_DRAFT, SEND_MAIL, Effect
from daemon.desk.ticket import PROGRAM, Event, Ticket
from daemon.desk.trouble import NeedsPerson, Refused, Trouble, TryLater
from daemon.office import aside, intake, keeping, senders, sorting, watching
from daemon.office.ahead import Mail
from daemon.office.ledgers import Ledgers
from daemon.office.parts import Parts
from daemon.office.performing import LEASES, MOST_DEATHS, MOST_TRIES, perform
from daemon.office.poison import InHand, why
from daemon.office.renewing import Renewing
from daemon.store.database import TakenBack
from daemon.store.store import Claimed, Item

log = logging.getLogger("motcua")
TOGETHER = 40  # mails that are sorted in one transaction
LONGEST_SETTLING = 60.0  # seconds that a single run waits for files still being written
# The disk, the share or the system's limits: waiting helps, and nothing is wrong with the thing in hand.
_OF_THE_MACHINE = frozenset(
    getattr(errno, name)
    for name in (
        *("ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES", "EPERM", "ENODEV"),
        *("ESTALE", "ENOTCONN", "EHOSTDOWN", "EMFILE", "ENFILE", "ENOMEM", "EFBIG"),
    )
    if hasattr(errno, name)
)


def _machine_trouble(problem: OSError) -> TryLater:
    return TryLater(f"{problem.strerror or problem}: {problem.filename or ''}. Kiểm tra ổ đĩa và quyền thư mục.")


def _log_decision(before: Ticket, after: Ticket) -> None:
    """Say what became of a ticket: its number, its state, its kind; nothing of the customer."""
    if any(event.kind == "received" for event in before.news):
        log.info("opened: %s %s by %s", after.number, after.category, after.channel)
    if after.state != before.state:
        log.info("state: %s %s, was %s", after.number, after.state, before.state)


class _OneFailed(Exception):
    """One of several mails sorted together could not be; nothing of any was kept."""


class Loop:
    """One process' loop over one office. ``only`` limits it to carrying out some kinds of effect.

    Of several processes one leads: it takes in, sorts, decides and keeps ledger and drafts. All of them carry out.
    ``serving`` tells that it runs on and on: then nothing large may stand in the way of the next mail.
    """

    def __init__(self, parts: Parts, only: Iterable[str] = (), serving: bool = False) -> None:
        self.parts = parts
        self.only = tuple(only)
        self.alarms = watching.Alarms(parts)
        self.in_hand = InHand(parts)
        self._stop = threading.Event()
        # A queue and not an Event: a signal handler may put into it while the same thread waits on it.
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._last: dt.datetime | None = None
        self._heartbeat = schedule.Scheduler()
        self._serving = serving
        # Told between two pieces of work to whoever watches that the loop is alive.
        self.alive: Callable[[], None] = lambda: None
        self.ledgers = Ledgers(parts)
        self._drafts = watching.Drafts(parts)
        self._renewing = Renewing(parts)

    # -- one round -------------------------------------------------------------------------------------------------
    def tick(self) -> int:
        """Go once through the rooms; return how much was done (0: nothing waits now)."""
        done = self.take_in() + self.sort() + self.decide() if self._leads() else 0
        return done + self.carry_out()

    def _leads(self) -> bool:
        return not self.only and self.parts.database.leads(self.parts.store.office)

    def take_in(self) -> int:
        """Keep what lies in the mailbox and in the folders; return how much was new."""
        return (
            self._guarded("exports", lambda: keeping.take_exports(self.parts, wait=not self._serving))
            + self._guarded("mailbox", lambda: intake.take_mails(self.parts, self.in_hand))
            + self._guarded("inbox", lambda: intake.take_files(self.parts))
        )

    def _guarded(self, name: str, room: Callable[[], int]) -> int:
        """Run a room that depends on the outside: its trouble becomes an alarm and the other rooms go on."""
        try:
            done = room()
        except Trouble as trouble:
            self.alarms.ring(name, trouble)
            return 0
        except OSError as problem:
            self.alarms.ring(name, _machine_trouble(problem))
            return 0
        except Exception as defect:  # a defect of one room may not stop the others
            log.exception("%s", name)
            self.alarms.ring(name, TryLater(f"Lỗi của chương trình ({type(defect).__name__}: {defect}). Xem var/log."))
            return 0
        self.alarms.quiet(name)
        return done

    def sort(self) -> int:
        """Sort everything kept and not yet sorted, some in one transaction: a flush to the disk costs more than a mail."""
        items = self.parts.store.items("unsorted", due=True)
        known = senders.known(self.parts)
        mails = (item for item in items if item.source == "mail" and item.sender not in known)
        self.parts.ahead.offer(Mail(item.digest, item.received) for item in mails)
        self.in_hand.look_back()
        try:
            for at in range(0, len(items), TOGETHER):
                self._sort_some(items[at : at + TOGETHER])
                if self._stop.is_set():
                    break
        finally:
            self.parts.ahead.rest()
        return len(items)

    def _sort_some(self, items: Sequence[Item]) -> None:
        """Sort some in one transaction, as if none failed; where one does, all anew with a way back before each."""
        try:
            with self.parts.database.write():
                for item in items:
                    self._sort_trusting(item)
        except _OneFailed:
            with self.parts.database.write():
                for item in items:
                    self._sort_one(item)

    def _sort_trusting(self, item: Item) -> None:
        self.alive()
        name = f"m{item.id}"
        try:
            if self.in_hand.deadly(name):
                raise _OneFailed
            with self.in_hand.reading(name):
                sorting.sort(self.parts, item)
        except Exception as problem:
            raise _OneFailed from problem

    def _sort_one(self, item: Item) -> None:
        self.alive()
        name = f"m{item.id}"
        if self.in_hand.deadly(name):
            self.parts.store.mark_item(item.id, "set_aside", f"{why(item.name)} Thử lại: motcua retry {name}")
            self.in_hand.forget(name)
            return
        try:
            with self.in_hand.reading(name), self.parts.database.apart():  # what fails takes back only its own
                sorting.sort(self.parts, item)
        except TakenBack:  # the mails before this one are undone with it, and none of them is to blame
            raise
        except TryLater as later:
            self.parts.store.item_waits(item.id, str(later), wait=30)
        except Trouble as trouble:
            self.parts.store.mark_item(item.id, "set_aside", str(trouble))
        except Exception as defect:  # a defect may not stop the rest; what it met is kept and shown
            log.exception("sorting %s", item.identity)
            reason = f"Lỗi của chương trình khi đọc ({type(defect).__name__}). Thử lại: motcua retry m{item.id}"
            self.parts.store.item_failed(item.id, reason, wait=5, most=3)

    def decide(self) -> int:
        """Decide every ticket that is due."""
        count = 0
        now = self.parts.clock.now()
        while (ticket := self.parts.store.due_ticket(now)) and not self._stop.is_set():
            count += 1
            try:
                decision = decide(ticket, self.parts.desk, now)
                if self.parts.store.apply(ticket, decision, self.stamp):
                    _log_decision(ticket, decision.ticket)
            except TryLater:
                raise
            except Exception as defect:
                log.exception("deciding %s", ticket.number)
                self.parts.store.put_off(ticket.number, f"{type(defect).__name__}: {defect}", now)
        return count

    def stamp(self, effect: Effect) -> str | None:
        """Draw the Message-ID of an outgoing mail (contract, "Numbers and marks")."""
        if effect.kind not in (SEND_MAIL, SAVE_DRAFT):
            return None
        number = effect.key.split("/", 1)[0]
        payload = effect.payload
        return (
            f"<{number}.{payload['step']}.{payload['round']}.{secrets.token_hex(6)}@{self.parts.settings.file.domain}>"
        )

    def carry_out(self) -> int:
        """Carry out every effect that waits."""
        count = 0
        leases = {kind: LEASES[kind] for kind in self.only} if self.only else LEASES
        while not self._stop.is_set() and (effect := self.parts.store.claim(leases)):
            count += 1
            self._carry_out_one(effect)
        return count

    def _carry_out_one(self, effect: Claimed) -> None:
        self.alive()
        store, now = self.parts.store, self.parts.clock.now
        if effect.dropped >= MOST_DEATHS:
            self._set_aside(effect, f"Chương trình đã bị dừng giữa chừng {effect.dropped} lần khi làm việc này.")
            return
        try:
            events = perform(self.parts, effect)
        except TryLater as later:
            self._wait_with(effect, later)
        except (Refused, NeedsPerson) as trouble:
            self._set_aside(effect, str(trouble))
        except Exception as defect:
            if isinstance(defect, OSError) and defect.errno in _OF_THE_MACHINE:
                self._wait_with(effect, _machine_trouble(defect))
                return
            log.exception("carrying out %s", effect.key)
            if effect.attempts >= MOST_TRIES:
                self._set_aside(effect, f"Lỗi của chương trình ({type(defect).__name__}: {defect}).")
            else:
                store.give_back(effect, wait=2**effect.attempts, reason=repr(defect))
        else:
            if store.settle(effect, events, now()):
                log.info("done: %s %s", effect.kind, effect.key)
            self.alarms.effect_ended(effect)

    def _wait_with(self, effect: Claimed, later: TryLater) -> None:
        log.info("waits: %s %s", effect.kind, effect.key)
        self.parts.store.give_back(effect, wait=min(5 * 2**effect.attempts, 900), reason=str(later))
        self.alarms.effect_waits(effect, later)

    def _set_aside(self, effect: Claimed, reason: str) -> None:
        log.warning("set aside: %s %s", effect.kind, effect.key)
        now = self.parts.clock.now()
        event = Event(
            "effect_set_aside",
            now,
            PROGRAM,
            {"effect": effect.id, "key": effect.key, "kind": effect.kind, "reason": reason},
        )
        self.parts.store.set_effect_aside(effect, reason, event, now)
        self.alarms.effect_ended(effect)

    # -- many rounds -----------------------------------------------------------------------------------------------
    def settle(self, most: int = 10_000) -> None:
        """Work until nothing is due now, then bring ledger, drafts and reports up to date (``run --once``)."""
        self._mind_the_clock()
        if self._serving:
            self._guarded("settings", self._renewing.look)
        patience = time.monotonic() + LONGEST_SETTLING
        for _ in range(most):
            if self.tick() == 0 and self._keep() == 0 and not self._waits_for_files(patience):
                return
            if self._stop.is_set():
                return

    def _waits_for_files(self, until: float) -> bool:
        """Pause where a single run would else end before a file just dropped has lain still; True to look again."""
        if self._serving or self.only or time.monotonic() > until or not self.parts.folder.settling():
            return False
        return not self._stop.wait(0.1)

    def _mind_the_clock(self) -> None:
        """Look at news that was stamped while the desk's clock was ahead: it would wait for that hour to come again."""
        now = self.parts.clock.now()
        if self._last is None or now < self._last:
            self.parts.store.look_at_news(now)
        self._last = now

    def _keep(self) -> int:
        if not self._leads():
            return 0
        done = self._guarded("drafts", self._drafts.look)
        self._guarded("aside", lambda: aside.look(self.parts))
        done += self._guarded("reports", lambda: keeping.plan_reports(self.parts))
        self._guarded("ledger", self.ledgers.keep if self._serving else lambda: keeping.keep_ledger(self.parts))
        return done

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Work until told to stop; a signal ends the effect in hand first."""
        self._serving = True
        self._guarded("calendar", lambda: keeping.note_settings(self.parts))
        poll = self.parts.settings.file.poll_seconds
        self._heartbeat.every(max(1, int(poll))).seconds.do(self._safely, self.settle)
        self._heartbeat.every(60).seconds.do(self._safely, self.alarms.look)
        if not self.only:
            self._watch_mailbox()
            self.parts.folder.wake(self.wake)
        ready()
        self._safely(self.settle)
        while not self._stop.is_set():
            self.alive()
            woken = self._woken(min(max(0.2, self._heartbeat.idle_seconds or 0), poll))
            if woken and not self._stop.is_set():
                self._safely(self.settle)
            self._heartbeat.run_pending()
        self.ledgers.close()

    def every(self, seconds: int, job: Callable[[], object]) -> None:
        """Run a job now and then while the loop runs; one that raises is logged and runs again."""
        self._heartbeat.every(seconds).seconds.do(self._safely, job)

    def _woken(self, seconds: float) -> bool:
        try:
            self._bell.get(timeout=seconds)
        except queue.Empty:
            return False
        with contextlib.suppress(queue.Empty):
            while True:
                self._bell.get_nowait()
        return True

    def _safely(self, job: Callable[[], object]) -> None:
        """Run a job of the heartbeat: one that raises would never be scheduled again and would starve the others."""
        try:
            job()
        except Exception:
            log.exception("heartbeat")

    def _watch_mailbox(self) -> None:
        def wait() -> None:
            while not self._stop.is_set():
                started = time.monotonic()
                try:
                    if self.parts.mailbox.wait(30):
                        self.wake()
                except Exception:
                    log.debug("wake-up of the mailbox failed", exc_info=True)
                if time.monotonic() - started < 0.2:
                    self._stop.wait(0.5)

        threading.Thread(target=wait, name="mailbox-wake", daemon=True).start()

    def wake(self) -> None:
        """Look again now."""
        self._bell.put(None)

    def stop(self) -> None:
        """End after the effect in hand."""
        self._stop.set()
        self._bell.put(None)

    def stop_on_signals(self) -> None:
        """End cleanly on SIGTERM and Ctrl-C."""
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self.stop())
