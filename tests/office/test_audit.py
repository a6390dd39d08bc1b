"""``motcua check`` finds what was changed, removed or put elsewhere in the records, of tickets and of the office alike."""

from collections.abc import Callable
from typing import Any

import pytest

from daemon.office.checking import Findings, _database
from daemon.store import diary, models
from tests.support.office import Desk


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """An office with two tickets and a diary of four lines."""
    for number in (1, 2):
        desk.note(
            "counter", f"Ông Sùng A Chớ, mã khách hàng PA26NR000011{number}, hỏi bao giờ có điện lại. 0912000{number}11"
        )
    for name in ("một", "hai", "ba", "bốn"):
        diary.write(
            desk.parts.store, diary.told("settings_changed", desk.clock.now(), "Lan", "theo yêu cầu", what=name)
        )
    desk.work()
    return desk


def told(desk: Desk) -> list[str]:
    """Return what ``motcua check`` says of the records."""
    found = Findings()
    _database(desk.parts, found)
    return found.errors


def _event(**values: Any) -> Callable[[], object]:
    return models.Event.update(values).where(models.Event.seq == 2, models.Event.ticket == 1).execute


def _line(seq: int, **values: Any) -> Callable[[], object]:
    return lambda: models.OfficeEvent.update(values).where(models.OfficeEvent.seq == seq).execute()


def _torn(seq: int) -> Callable[[], object]:
    return lambda: models.OfficeEvent.delete().where(models.OfficeEvent.seq == seq).execute()


def _swapped() -> None:
    rows = {row.seq: row for row in models.OfficeEvent.select()}
    for seq, other in ((2, 3), (3, 2)):
        row = rows[other]
        _line(seq, content=row.content, digest=row.digest, chain=row.chain)()


CRIMES: dict[str, tuple[Callable[[], object], str]] = {
    "an event's words": (lambda: _event(content="{}")(), "PCBK-2026-000001"),
    "an event's author": (lambda: _event(author="Hoa")(), "PCBK-2026-000001"),
    "an event's time": (lambda: _event(at="2026-01-01T00:00:00.000000Z")(), "PCBK-2026-000001"),
    "a line of the diary": (_line(2, author="Hoa"), "nhật ký của phòng, dòng 2"),
    "a line torn out": (_torn(2), "nhật ký của phòng, dòng 3"),
    "the last line torn out": (_torn(4), "nhật ký của phòng, dòng 4"),
    "the first line torn out": (_torn(1), "nhật ký của phòng, dòng 2"),
    "two lines swapped": (_swapped, "nhật ký của phòng, dòng"),
}


@pytest.mark.parametrize("name", CRIMES)
def test_a_crime_is_named(kept: Desk, name: str) -> None:
    assert told(kept) == []
    crime, said = CRIMES[name]
    crime()
    assert any(said in line for line in told(kept)), told(kept)


def test_every_event_has_time_author_and_cause(kept: Desk) -> None:
    for ticket in kept.parts.store.tickets():
        for event in kept.parts.store.events(ticket.number):
            assert event.at.tzinfo is not None and event.author.kind and event.author.name
    (line, *_) = diary.read(kept.parts.store)
    assert (line.author.name, line.cause) == ("Lan", "theo yêu cầu")


def test_erased_words_leave_the_diary_whole(kept: Desk) -> None:
    models.OfficeEvent.update(content=None).execute()
    assert told(kept) == []
