"""Whatever staff, servers and restarts do, a mail is in the inbox, in the folder of taken mails, or thrown away by a person."""

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.desk.trouble import Trouble
from daemon.mailbox import envelope
from daemon.mailbox.base import Mailbox
from tests.contract.houses import EwsHouse, MaildirHouse
from tests.contract.mails import mail
from tests.servers import ews

ACTS = st.lists(
    st.sampled_from(
        [
            "arrive",
            "arrive",
            "look",
            "look a little",
            "read by staff",
            "delete by staff",
            "restart",
            "trouble",
            "changed",
        ]
    ),
    min_size=5,
    max_size=25,
)
FAULTS = [
    ("SyncFolderItems", ews.reset_after),
    ("GetItem", ews.status(504)),
    ("MoveItem", ews.reset_after),
    ("MoveItem", ews.reset_before),
    ("GetItem", ews.refused("ErrorItemNotFound")),
    ("SyncFolderItems", ews.cut_in_the_middle),
    ("*", ews.html),
    ("*", ews.twice),
]


class Desk:
    """What the program and the people do, and what the test knows must be."""

    def __init__(self, house: Any, trouble: Callable[[int], None], open_box: Callable[[], Mailbox]) -> None:
        self.house = house
        self.trouble = trouble
        self.open = open_box
        self.mailbox = open_box()
        self.arrived = self.troubles = 0
        self.kept: set[str] = set()  # as the database would know them
        self.thrown: set[str] = set()

    def do(self, act: str) -> None:
        if act == "arrive":
            self.arrived += 1
            self.house.arrive(mail(f"<m{self.arrived}@x>"))
        elif act in ("look", "look a little"):
            self.look(2 if act == "look a little" else 1000)
        elif act == "read by staff":
            self.house.staff_read()
        elif act == "delete by staff":
            self.thrown |= ids(self.house.inbox())
            self.house.staff_delete()
        elif act == "restart":
            self.mailbox.close()
            self.mailbox = self.open()
        elif act == "trouble":
            self.trouble(self.troubles)
            self.troubles += 1
        else:
            attempt(self.mailbox.changed)

    def look(self, most: int) -> None:
        def take() -> None:
            for number, incoming in enumerate(self.mailbox.fetch()):
                self.kept.add(envelope.message_id(incoming.raw) or "")
                self.mailbox.file_away(incoming.key)
                if number + 1 >= most:
                    break

        attempt(take)

    def settled(self) -> None:
        """No mail is missing at any time; when trouble is over, two looks take everything."""
        every = {f"m{number}@x" for number in range(1, self.arrived + 1)}
        assert ids(self.house.inbox()) | ids(self.house.taken()) | self.thrown == every
        assert ids(self.house.taken()) <= self.kept, "nothing is filed away that was not read"


def ids(mails: list[bytes]) -> set[str]:
    return {envelope.message_id(raw) or "" for raw in mails}


def attempt(work: Callable[[], object]) -> None:
    with contextlib.suppress(Trouble):
        work()


def play(desk: Desk, acts: list[str], calm: Callable[[], None]) -> None:
    for act in acts:
        desk.do(act)
        desk.settled()
    calm()
    desk.mailbox.close()
    desk.mailbox = desk.open()
    for _ in range(2):
        desk.look(1000)
    desk.settled()
    assert desk.house.inbox() == []
    assert {f"m{number}@x" for number in range(1, desk.arrived + 1)} == desk.kept | desk.thrown


@settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_maildir(acts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as home:
        house = MaildirHouse(Path(home))
        play(Desk(house, lambda _: None, house.open), acts, lambda: None)
        house.close()


@settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS, shift=st.integers(0, len(FAULTS) - 1))
def test_exchange(acts: list[str], shift: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        house = EwsHouse(Path(home))

        def trouble(number: int) -> None:
            operation, fault = FAULTS[(number + shift) % len(FAULTS)]
            house.server.play(operation, fault)

        def calm() -> None:
            house.server._faults.clear()

        play(Desk(house, trouble, lambda: house.open(streaming=False)), acts, calm)
        house.close()


@pytest.mark.parametrize("cut", range(6))
def test_a_crash_at_any_moment_of_a_look(tmp_path: Path, cut: int) -> None:
    """The program dies after any number of steps: kept, then filed away, each mail one after the other."""
    house = EwsHouse(tmp_path)
    for number in range(3):
        house.arrive(mail(f"<m{number}@x>"))
    kept: list[str | None] = []
    steps = 0
    for incoming in house.open(streaming=False).fetch():
        if (steps := steps + 1) > cut:
            break
        kept.append(envelope.message_id(incoming.raw))
        if (steps := steps + 1) > cut:
            break
        house._opened[-1].file_away(incoming.key)
    rest = [envelope.message_id(incoming.raw) for incoming in house.open(streaming=False).fetch()]
    assert set(kept) | set(rest) == {"m0@x", "m1@x", "m2@x"}
    house.close()
