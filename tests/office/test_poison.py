"""A mail on which the process itself dies is set aside after some deaths, and the others go on."""

import pytest

from daemon.loop import Loop
from daemon.office.poison import MOST_DEATHS, InHand
from tests.support.office import Desk

GOOD = (
    "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 115"
)


def die(desk: Desk, name: str, times: int = MOST_DEATHS) -> None:
    """Leave behind what a process leaves that is killed while it reads something."""
    for _ in range(times):
        hand = InHand(desk.parts)
        hand.deadly(name)
        (desk.home / "var" / "in-hand").write_text(name, "utf-8")
    desk.loop = Loop(desk.parts)


def test_a_deadly_mail_is_kept_unread_and_the_others_go_on(desk: Desk) -> None:
    desk.mail("Nga <nga@khach.example>", "Công tơ", GOOD)
    (mail,) = desk.parts.mailbox.fetch()
    die(desk, mail.key)
    desk.mail("Hai <hai@khach.example>", "Công tơ", GOOD.replace("115", "116"))
    desk.work()
    (item,) = desk.parts.store.items("set_aside")
    assert "bị dừng đột ngột" in item.reason
    assert desk.parts.store.originals.read(item.digest) == mail.raw
    assert len(list(desk.parts.store.tickets())) == 1


def test_a_mail_that_kills_the_sorting_is_set_aside_and_can_be_tried_again(desk: Desk) -> None:
    desk.mail("Nga <nga@khach.example>", "Công tơ", GOOD)
    die(desk, "m1")
    desk.work()
    (item,) = desk.parts.store.items("set_aside")
    assert "motcua retry m1" in item.reason
    assert desk.parts.store.mark_item(item.id, "unsorted", "")
    desk.work()
    assert desk.ticket().state == "waiting_unit"


class Deadly:
    """Reading ahead on which the process dies, inside of the sorting's transaction."""

    expected = False

    def offer(self, _: object) -> None:
        """Hear of mails."""

    def take(self, _: str) -> None:
        """Die."""
        raise SystemExit

    def rest(self) -> None:
        """Forget them."""


def test_deaths_inside_the_sorting_are_counted(desk: Desk) -> None:
    """What dies takes its transaction back; the count of its predecessor's death may not go with it."""
    desk.mail("Nga <nga@khach.example>", "Công tơ", GOOD)
    desk.loop.take_in()
    desk.parts.ahead = Deadly()  # type: ignore[assignment]
    for _ in range(MOST_DEATHS):
        with pytest.raises(SystemExit):
            Loop(desk.parts).sort()
        (desk.home / "var" / "in-hand").write_text("m1", "utf-8")
    Loop(desk.parts).sort()
    (item,) = desk.parts.store.items("set_aside")
    assert "motcua retry m1" in item.reason


def test_a_few_deaths_prove_nothing(desk: Desk) -> None:
    desk.mail("Nga <nga@khach.example>", "Công tơ", GOOD)
    die(desk, "m1", MOST_DEATHS - 1)
    desk.work()
    assert desk.ticket().state == "waiting_unit"
    assert InHand(desk.parts).left() == ""


def test_what_is_held_is_exactly_the_last_name(desk: Desk) -> None:
    hand = InHand(desk.parts)
    with hand.reading("a long name"):
        assert InHand(desk.parts).left() == "a long name"
    with hand.reading("short"):
        assert InHand(desk.parts).left() == "short"
    assert InHand(desk.parts).left() == ""
