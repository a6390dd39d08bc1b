"""Danger to life goes before everything else, whatever kind of request it came with."""

import datetime as dt
from pathlib import Path

import pytest

from daemon.desk.decide import decide
from daemon.desk.effects import SEND_MAIL
from daemon.desk.ticket import PROGRAM, Category, Channel, Event, Ticket
from daemon.settings.whole import load

ROOT = Path(__file__).resolve().parents[2]
NIGHT = dt.datetime(2026, 10, 15, 23, 50, tzinfo=dt.timezone(dt.timedelta(hours=7)))
KINDS = [kind for kind in Category if kind is not Category.NOT_A_REQUEST]


def _ticket(category: Category, unit: str | None, **more: object) -> Ticket:
    return Ticket(
        number="PCBK-2026-000001",
        procedure="qt",
        category=category,
        channel=Channel.PHONE_NOTE,
        received=NIGHT,
        content="dây rơi",
        unit=unit,
        danger=True,
        news=(Event("received", NIGHT, PROGRAM, {}, "", 1),),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("category", KINDS)
@pytest.mark.parametrize("check", [(), ("category",), ("name", "unit", "phone")])
def test_the_duty_desk_hears_of_it_at_once(category: Category, check: tuple[str, ...]) -> None:
    desk = load(ROOT, NIGHT.date()).desk
    decision = decide(_ticket(category, "Bạch Thông", check=check), desk, NIGHT)
    mails = [effect.payload for effect in decision.effects if effect.kind == SEND_MAIL and effect.payload["unit"]]
    assert [(mail["to"], mail["urgent"]) for mail in mails] == [(("dlbachthong.truc@pcbk.example",), True)]
    calls = [event.content["phone"] for event in decision.events if event.kind == "call_duty_desk"]
    assert calls and calls[0]


def test_without_a_unit_the_dispatch_room_is_told_and_a_person_asked() -> None:
    desk = load(ROOT, NIGHT.date()).desk
    decision = decide(_ticket(Category.INCIDENT_REPORT, None), desk, NIGHT)
    assert any("b26.truc@pcbk.example" in effect.payload.get("to", ()) for effect in decision.effects)
    assert "unit" in decision.ticket.check
