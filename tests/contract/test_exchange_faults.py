"""Every fault that an Exchange server has shown, and the state that the whole office must show afterwards."""

import itertools
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.bench.mails import sure_mail
from daemon.desk.ticket import State, Ticket
from daemon.loop import Loop
from daemon.mailbox import envelope
from daemon.office import actions, watching
from daemon.office.parts import Parts, open_office
from daemon.office.showing import status
from daemon.scans.folder import ScanFolder
from daemon.store import models
from tests.contract.houses import EwsHouse
from tests.contract.mails import mail
from tests.contract.offices import settle_in
from tests.contract.test_office import QUESTION
from tests.servers import ews

RETRY_AFTER, BACK_OFF = ews.status(503, Retry_After="30"), ews.busy(30_000)


def absence(number: int) -> bytes:
    """Return a mail that is kept and asks for no work."""
    return mail(f"<away{number}@nha.example>", "Vắng mặt", f"Thư {number}\n", Auto_Submitted="auto-replied")


class Office:
    """An office on an Exchange server; only the pauses between attempts are shortened."""

    def __init__(self, folder: Path, timeout: float = 10.0) -> None:
        self.house = EwsHouse(folder)
        self.home = settle_in(folder / "office", self.house, timeout=timeout, streaming=False)
        path = self.home / "config" / "desk.toml"
        text = path.read_text("utf-8").replace("receipts = true", "receipts = false")
        path.write_text(text.replace("slips = true", "slips = false"), "utf-8")
        self._customers = itertools.count(1)
        self._open()

    def _open(self) -> None:
        self.parts: Parts = open_office(self.home)
        self.parts.folder = ScanFolder(self.home / "inbox", time.monotonic, quiet_seconds=0)
        self.loop = Loop(self.parts)

    def work(self) -> None:
        self.loop.settle()
        self.loop.alarms.look()

    def later(self, times: int = 1) -> None:
        """Let every pause be over, those that the server asked for as well."""
        for _ in range(times):
            models.Effect.update(retry_at=0).execute()
            self.parts.mailbox.close()
            del self.parts.mailbox
            self.work()

    def restart(self) -> None:
        self.parts.close()
        self._open()
        self.work()

    def close(self) -> None:
        self.parts.close()
        self.house.close()

    def ask(self) -> str:
        """Let a request arrive that goes to a unit by itself; return the number it will have."""
        number = next(self._customers)
        self.house.arrive(sure_mail(random.Random(number), number).replace(b"\n", b"\r\n"))
        return f"-{number:06d}"

    # -- what it shows ---------------------------------------------------------------------------------------------

    @property
    def tickets(self) -> list[Ticket]:
        return list(self.parts.store.tickets())

    @property
    def kept(self) -> int:
        return models.Item.select().count()

    @property
    def alarms(self) -> set[str]:
        return {name for name, _, _ in watching.current(self.parts)}

    @property
    def notes(self) -> list[str]:
        return sorted(path.name for path in (self.home / "inbox").glob("CANH-BAO-*"))

    def ticket(self, number: str) -> Ticket:
        return next(each for each in self.tickets if each.number.endswith(number))

    def events(self, number: str, kind: str) -> int:
        return sum(event.kind == kind for event in self.parts.store.events(self.ticket(number).number))

    def gone(self, number: str) -> int:
        """Return how many mails of a ticket really left."""
        subjects = [envelope.subject(raw) for raw in self.house.delivered()]
        return sum(f"{number}]" in subject for subject in subjects)

    def set_aside(self, number: str) -> list[dict[str, Any]]:
        return [each for each in self.parts.store.effects("set_aside") if each["ticket"].endswith(number)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


# -- reading -----------------------------------------------------------------------------------------------------------

AWAY: dict[str, ews.Fault] = {
    "503": ews.status(503),
    "503 with Retry-After": RETRY_AFTER,
    "busy with back-off": BACK_OFF,
    "504": ews.status(504),
    "302": ews.status(302, Location="https://elsewhere.example/login"),
    "html": ews.html,
    "reset before": ews.reset_before,
    "reset after": ews.reset_after,
    "cut in the middle": ews.cut_in_the_middle,
    "two answers": ews.twice,
}


@pytest.mark.parametrize("operation", ["SyncFolderItems", "GetItem"])
def test_a_server_in_trouble_is_an_alarm_that_ends_by_itself(office: Office, operation: str) -> None:
    for before, (name, fault) in enumerate(AWAY.items()):
        office.house.arrive(absence(before))
        office.house.server.play(operation, fault)
        office.work()
        assert "mailbox" in office.alarms and office.kept == before, name
        assert office.notes == [], "one failed look is not yet a silence"
        assert any("Exchange" in alarm["say"] for alarm in status(office.parts)["alarms"]), name
        office.later()
        assert office.alarms == set() and office.notes == [], name
        assert office.kept == len(office.house.taken()) == before + 1, name
        assert office.house.inbox() == [] and status(office.parts)["last_look_mailbox"], name


def test_a_mail_that_could_not_be_moved_is_kept_once(office: Office) -> None:
    for before, (name, fault) in enumerate(AWAY.items()):
        office.house.arrive(absence(before))
        office.house.server.play("MoveItem", fault)
        office.work()
        office.later()
        assert office.kept == len(office.house.taken()) == before + 1, name
        assert office.house.inbox() == [] and office.alarms == set(), name


def test_a_refused_login_is_told_at_once_and_knocks_no_more(office: Office) -> None:
    office.ask()
    office.house.server.locked = True
    office.work()
    knocks = office.house.server.requests.count("401")
    office.restart()
    office.later(2)
    assert office.house.server.requests.count("401") == knocks == 1, "also over restarts: the account is not locked"
    assert "mailbox" in office.alarms and "CANH-BAO-mailbox.txt" in office.notes
    office.house.server.locked = False
    assert all(finding.well for finding in office.parts.mailbox.check()), "a person asked: check --live"
    office.later()
    assert office.alarms == set() and office.notes == []
    assert len(office.tickets) == len(office.house.delivered()) == 1


def test_a_login_refused_once_pauses_and_goes_on_when_a_person_asks(office: Office) -> None:
    office.ask()
    office.house.server.play("*", ews.status(401))
    office.work()
    assert "CANH-BAO-mailbox.txt" in office.notes and office.tickets == []
    assert all(finding.well for finding in office.parts.mailbox.check())
    office.work()
    assert office.alarms == set() and office.notes == [] and len(office.tickets) == 1


@pytest.mark.parametrize("times", ["none", "fractions"])
def test_a_mail_without_a_time_was_received_about_now(office: Office, times: str) -> None:
    office.house.server.options["times"] = times
    office.ask()
    office.work()
    (ticket,) = office.tickets
    assert abs((office.parts.clock.now() - ticket.received).total_seconds()) < 120


@pytest.mark.parametrize("answer", ["silent", "error"])
def test_a_full_resync_that_tells_everything_again_opens_nothing_twice(office: Office, answer: str) -> None:
    office.house.server.options["bad_state"] = answer
    office.house.server.play("MoveItem", ews.refused("ErrorMoveCopyFailed"), times=2)
    numbers = [office.ask(), office.ask()]
    office.work()
    path = office.home / "var" / "ews-sync.state"
    memory = json.loads(path.read_bytes())
    memory["states"] = dict.fromkeys(memory["states"], "bm90IGEgc3RhdGU=")
    path.write_text(json.dumps(memory), "utf-8")
    office.restart()
    office.later()
    assert len(office.house.taken()) == office.kept == len(office.tickets) == 2 and office.house.inbox() == []
    assert [office.gone(number) for number in numbers] == [1, 1]


def test_an_item_gone_between_sync_and_reading_is_nobodys_trouble(office: Office) -> None:
    office.ask()
    item = next(iter(office.house.store.folders["inbox"].items.values()))
    office.house.server.play("GetItem", ews.before(lambda: office.house.store.remove(item)))
    office.work()
    assert office.alarms == set() and office.tickets == []


def test_odd_mails_are_each_one_entry(office: Office) -> None:
    """The same Message-ID twice, none, no sender, too large: kept, and what is no request waits for a person."""
    one = mail("<same@nha.example>", "Báo mất điện", QUESTION)
    other = mail("<same@nha.example>", "Công tơ chạy nhanh", f"{QUESTION}Đề nghị kiểm định công tơ.\n", "b@nha.example")
    nameless = mail(None, "Hỏi giá", "Xin hỏi giá đóng điện lại, mã khách hàng PA25BK0054321.\n", "c@nha.example")
    nobody = mail("<nobody@nha.example>").replace(b"From: ", b"X-From: ", 1)
    big = b"From: d@nha.example\r\nMessage-ID: <big@x>\r\nSubject: Lon\r\n\r\n" + b"x" * 3_000_000
    for raw in (one, one, other, nameless, nobody, big):
        office.house.arrive(raw)
    office.work()
    assert office.alarms == set() and office.house.inbox() == [] and len(office.house.taken()) == 6
    assert office.kept == 5, "the very same mail twice is one"
    (aside,) = [item for item in office.parts.store.items("set_aside") if "quá lớn" in item.reason]
    assert "3 MB" in aside.reason


def test_without_its_stream_the_office_still_takes_mail(tmp_path: Path) -> None:
    office = Office(tmp_path)
    try:
        office.house.server.options["cut_stream"] = True
        office.ask()
        office.parts.mailbox.wait(0.1)
        office.work()
        assert len(office.tickets) == 1 and office.alarms == set()
    finally:
        office.close()


# -- sending -----------------------------------------------------------------------------------------------------------

NOTHING_LEFT: dict[str, ews.Fault] = {
    "busy": BACK_OFF,
    "401 once": ews.status(401),
    "no rights for a while": ews.refused("ErrorAccessDenied"),
}
LEFT: dict[str, ews.Fault] = {
    "reset after": ews.reset_after,
    "cut in the middle": ews.cut_in_the_middle,
    "raising although sent": ews.refused_though_done("ErrorInternalServerError"),
    "two answers": ews.twice,
}
UNCLEAR: dict[str, ews.Fault] = {
    "503": ews.status(503),
    "504": ews.status(504),
    "302": ews.status(302, Location="https://elsewhere.example/"),
    "html": ews.html,
    "reset before": ews.reset_before,
    "503 with Retry-After": RETRY_AFTER,  # the last, for it holds up the others
}


def meet(office: Office, fault: ews.Fault) -> str:
    """Let a request arrive whose mail to the unit meets the fault; return the ticket's number."""
    number = office.ask()
    office.house.server.play("CreateItem", fault)
    office.work()
    return number


def test_what_surely_did_not_leave_is_sent_later(office: Office) -> None:
    for name, fault in NOTHING_LEFT.items():
        number = meet(office, fault)
        assert office.gone(number) == 0 and status(office.parts)["waiting_effects"] > 0, name
        if name != "busy":
            assert all(finding.well for finding in office.parts.mailbox.check()), "a person has seen to it"
        office.later(2)
        assert office.gone(number) == 1 and office.ticket(number).state is State.WAITING_UNIT, name
        assert office.set_aside(number) == [] and office.events(number, "mail_refused") == 0, name


def test_what_did_leave_is_found_in_sent_and_never_sent_again(office: Office) -> None:
    numbers = {name: meet(office, fault) for name, fault in LEFT.items()}
    assert {name: office.gone(number) for name, number in numbers.items()} == dict.fromkeys(LEFT, 1)
    office.later(2)
    for name, number in numbers.items():
        assert office.gone(number) == office.events(number, "mail_sent") == 1, name
        ticket = office.ticket(number)
        assert ticket.state is State.WAITING_UNIT and ticket.units[0].asked and not ticket.check, name
    assert office.parts.store.effects("set_aside") == []


def test_what_stays_unclear_is_looked_for_then_left_to_a_person(office: Office) -> None:
    numbers = {name: meet(office, fault) for name, fault in UNCLEAR.items()}
    assert status(office.parts)["waiting_effects"] == len(UNCLEAR)
    office.later(4)
    aside = office.parts.store.effects("set_aside")
    assert len(aside) == len(UNCLEAR) and office.house.delivered() == []
    for name, number in numbers.items():
        ticket = office.ticket(number)
        assert "effect" in ticket.check and any("motcua retry" in question for question in ticket.questions), name
    for each in aside:
        actions.retry(office.parts, str(each["id"]), "Lan")
    office.later(2)
    for name, number in numbers.items():
        assert office.gone(number) == 1 and "effect" not in office.ticket(number).check, name


def test_answers_that_come_too_late(tmp_path: Path) -> None:
    """Those of a look are asked again; a sending was carried out all the same."""
    office = Office(tmp_path, timeout=1.0)
    try:
        office.house.arrive(absence(1))
        office.house.server.play("SyncFolderItems", ews.late(1.5))
        office.work()
        assert "mailbox" in office.alarms and office.kept == 0
        office.later()
        assert office.alarms == set() and office.kept == 1
        number = meet(office, ews.late(1.5))
        assert office.gone(number) == 1 and office.events(number, "mail_sent") == 0
        office.later(2)
        assert office.gone(number) == office.events(number, "mail_sent") == 1
    finally:
        office.close()


def test_a_refused_address_is_told_and_the_next_one_asked(office: Office) -> None:
    number = meet(office, ews.refused("ErrorInvalidRecipients"))
    office.later(2)
    assert office.gone(number) == office.events(number, "mail_refused") == office.events(number, "next_address") == 1
    assert "bounce" in office.ticket(number).check and office.parts.store.effects("set_aside") == []


def test_a_copy_in_sent_although_the_sending_failed_counts_as_sent(office: Office) -> None:
    """Nobody can tell it from a sending whose answer was lost; the server's bounce says so later."""

    def copy_only(exchange: ews.Exchange) -> None:
        exchange.carry_out()
        exchange.server.store.delivered.clear()
        ews.status(500)(exchange)

    number = meet(office, copy_only)
    office.later(2)
    assert office.gone(number) == 0 and len(office.house.sent()) == 1
    assert office.ticket(number).state is State.WAITING_UNIT and office.set_aside(number) == []


def test_a_sent_copy_that_lacks_something_is_a_persons_business(office: Office) -> None:
    for damage in (lambda raw: raw.replace(b"UEsDB", b"AAAAA"), lambda _raw: None):
        office.house.server.options["copy"] = damage
        number = office.ask()
        office.work()
        ticket = office.ticket(number)
        assert office.gone(number) == 1 and ticket.state is State.WAITING_UNIT
        assert "mail" in ticket.check and any("Thư đã gửi" in question for question in ticket.questions)
