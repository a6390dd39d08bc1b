"""Reminders that go out as one: who joins, that each is settled once, also after a crash, and that urgent ones never join."""

from pathlib import Path

import pytest

from daemon.desk.effects import SEND_MAIL, Effect, Mail
from daemon.desk.trouble import NeedsPerson, Refused, TryLater
from daemon.mailbox.message import parse
from daemon.office import digest
from daemon.office.digest import fill_list
from daemon.store import models, together
from tests.support.office import Desk

UNIT = "dlpacnam@pcbk.example"


@pytest.fixture
def desk(tmp_path: Path):
    office = Desk(tmp_path / "office", "2026-10-05 08:20")
    yield office
    office.close()


class Failing:
    """A mailbox whose sending fails as told; all else is the real one's."""

    def __init__(self, real, problem, after=False):
        self.real, self.problem, self.after = real, problem, after

    def __getattr__(self, name):
        return getattr(self.real, name)

    def send(self, raw):
        if self.after:
            self.real.send(raw)
        raise self.problem


def tickets(desk: Desk, count: int) -> list[str]:
    names = ("Sùng A Chớ", "Hoàng Thị Mỷ", "Dương Văn Páo", "Lý A Tủa")
    found = []
    for index in range(count):
        text = f"Ông {names[index]}, xã Cao Tân, 0912 000 11{index} phàn nàn mất điện {index + 2} lần, hẹn gọi điện trả lời."
        found.append(desk.note("counter", text))
    desk.work()
    desk.new_sent()
    return found


def want(desk: Desk, number: str, key: str, to: str = UNIT, **values) -> None:
    """Want a reminder beside what the procedure wants."""
    mail = Mail(
        (to,),
        f"[{number}] Nhắc",
        f"Nhắc {number}",
        "ask_unit",
        1,
        **{"purpose": "reminder", "unit": "Pác Nặm", **values},
    )
    row = models.Ticket.get(models.Ticket.number == number)
    effect = Effect(f"{number}/ask_unit/1/{key}", SEND_MAIL, mail.as_payload())
    with desk.parts.database.write():
        desk.parts.store._want(effect, row.id, f"<{number}.ask_unit.1.{key}@pcbk.example>")


def sent_events(desk: Desk, number: str) -> list:
    return [e for e in desk.events(number) if e.kind == "mail_sent" and e.content["purpose"] == "reminder"]


def test_each_reminder_is_settled_by_its_own_event(desk: Desk) -> None:
    numbers = tickets(desk, 3)
    for number in numbers:
        want(desk, number, "mail-remind-a")
    desk.work()
    [mail] = desk.new_sent()
    assert all(number in mail.text for number in numbers)
    assert all(f"[{number}]" in mail.subject for number in numbers)
    assert [len(sent_events(desk, number)) for number in numbers] == [1, 1, 1]
    assert {e.content["message_id"] for number in numbers for e in sent_events(desk, number)} == {mail.message_id}
    assert desk.parts.store.ticket_of_mail(mail.message_id) is None
    assert not desk.parts.store.effects("wanted", "claimed")


@pytest.mark.parametrize(
    "values",
    [
        {"urgent": True},
        {"purpose": "request"},
        {"to": "dlbabe@pcbk.example"},
        {"cc": ("x@pcbk.example",)},
        {"by_person": True},
    ],
)
def test_what_does_not_join(desk: Desk, values: dict) -> None:
    one, two = tickets(desk, 2)
    want(desk, one, "mail-remind-a")
    want(desk, two, "mail-remind-a", **values)
    desk.work()
    assert len(desk.new_sent()) == 2


def test_two_reminders_of_one_ticket_stay_two(desk: Desk) -> None:
    [number] = tickets(desk, 1)
    want(desk, number, "mail-remind-a")
    want(desk, number, "mail-remind-b")
    desk.work()
    assert [f"[{number}]" in mail.subject for mail in desk.new_sent()] == [True, True]


def test_one_ticket_stands_once_in_the_list(desk: Desk) -> None:
    one, two = tickets(desk, 2)
    want(desk, one, "mail-remind-a")
    want(desk, one, "mail-remind-b")
    want(desk, two, "mail-remind-a")
    desk.work()
    [mail] = desk.new_sent()
    assert "Nhắc: 2 phiếu" in mail.subject
    assert mail.text.count(f"- {one}") == 1
    assert len(sent_events(desk, one)) == 2


def _hurry(desk: Desk) -> None:
    """Let every pause and lease be over."""
    models.Effect.update(retry_at=0, lease=0).execute()
    desk.work()


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_before_or_after_sending_sends_once(desk: Desk, after: bool) -> None:
    numbers = tickets(desk, 3)
    for number in numbers:
        want(desk, number, "mail-remind-a")
    real = desk.parts.mailbox
    desk.parts.mailbox = Failing(real, KeyboardInterrupt(), after)
    with pytest.raises(KeyboardInterrupt):
        desk.loop.carry_out()
    desk.parts.mailbox = real
    assert len(desk.parts.store.effects("claimed")) == 3
    _hurry(desk)
    [mail] = desk.new_sent()
    assert all(number in mail.text for number in numbers)
    assert [len(sent_events(desk, number)) for number in numbers] == [1, 1, 1]
    assert {e.content["message_id"] for number in numbers for e in sent_events(desk, number)} == {mail.message_id}


def test_a_server_away_gives_all_back_and_they_go_together_later(desk: Desk) -> None:
    numbers = tickets(desk, 3)
    for number in numbers:
        want(desk, number, "mail-remind-a")
    real = desk.parts.mailbox
    desk.parts.mailbox = Failing(real, TryLater("Máy chủ thư bận."))
    desk.loop.carry_out()
    assert len(desk.parts.store.effects("wanted")) == 3
    assert {each["attempts"] for each in desk.parts.store.effects("wanted")} == {1}
    desk.parts.mailbox = real
    models.Effect.update(retry_at=0).where(models.Effect.ticket == models.Ticket.get(number=numbers[0])).execute()
    desk.work()
    [mail] = desk.new_sent()
    assert "3 phiếu" in mail.subject


def test_a_mail_in_doubt_is_looked_for_and_not_sent_again(desk: Desk) -> None:
    numbers = tickets(desk, 2)
    for number in numbers:
        want(desk, number, "mail-remind-a")
    real = desk.parts.mailbox
    desk.parts.mailbox = Failing(real, NeedsPerson("Đứt giữa chừng."), after=True)
    desk.loop.carry_out()
    desk.parts.mailbox = real
    _hurry(desk)
    assert len(desk.new_sent()) == 1
    assert [len(sent_events(desk, number)) for number in numbers] == [1, 1]


def test_a_refused_address_is_told_on_every_ticket(desk: Desk) -> None:
    numbers = tickets(desk, 2)
    for number in numbers:
        want(desk, number, "mail-remind-a")
    real = desk.parts.mailbox
    desk.parts.mailbox = Failing(real, Refused("Không có địa chỉ này."))
    desk.loop.carry_out()
    desk.parts.mailbox = real
    assert all("mail_refused" in {e.kind for e in desk.events(number)} for number in numbers)


def test_one_left_over_goes_under_its_own_message_id(desk: Desk) -> None:
    one, two = tickets(desk, 2)
    want(desk, one, "mail-remind-a")
    want(desk, two, "mail-remind-a")
    real = desk.parts.mailbox
    desk.parts.mailbox = Failing(real, TryLater("Máy chủ thư bận."))
    desk.loop.carry_out()
    desk.parts.mailbox = real
    models.Effect.update(state="set_aside").where(models.Effect.ticket == models.Ticket.get(number=two)).execute()
    _hurry(desk)
    [mail] = desk.new_sent()
    assert mail.message_id == f"<{one}.ask_unit.1.mail-remind-a@pcbk.example>"
    assert f"[{one}]" in mail.subject


def test_the_mark_says_under_which_message_id_a_mail_went(desk: Desk) -> None:
    [number] = tickets(desk, 1)
    want(desk, number, "mail-remind-a")
    effect = desk.parts.store.claim({SEND_MAIL: 60})
    [marked] = together.about_to(desk.parts.store, [effect], "<digest.00@pcbk.example>")
    assert together.sent_as(marked) == "<digest.00@pcbk.example>"
    assert together.sent_as(together.alone(desk.parts.store, marked)) == effect.message_id
    desk.parts.store.give_back(effect, 0, "")
    with pytest.raises(TryLater):
        together.about_to(desk.parts.store, [effect], "<digest.00@pcbk.example>")
    with pytest.raises(TryLater):
        together.take_companions(desk.parts.store, effect, lambda payload: True)


def test_a_returned_digest_waits_for_a_person(desk: Desk) -> None:
    for number in tickets(desk, 2):
        want(desk, number, "mail-remind-a")
    desk.work()
    desk.bounce(UNIT, "5.1.1")
    desk.work()
    [item] = desk.parts.store.items("unplaced")
    assert UNIT in item.reason


def test_leaders_and_agents_are_addressed_by_what_they_are(desk: Desk) -> None:
    one, two = tickets(desk, 2)
    leader = desk.parts.desk.units.leaders[0]
    want(desk, one, "mail-remind-a", to=leader)
    want(desk, two, "mail-remind-a", to=leader)
    desk.work()
    [mail] = desk.new_sent()
    assert f"Kính gửi: {desk.parts.desk.office.leader}" in mail.text


def test_words_of_a_customer_are_never_filled_in() -> None:
    body = "Kính gửi {unit}\n- {number}: {content}\nHết"
    lines = [{"number": "1", "content": "{office} {count}"}, {"number": "2", "content": "hai"}]
    assert (
        fill_list(body, {"unit": "B26", "office": "PC"}, lines) == "Kính gửi B26\n- 1: {office} {count}\n- 2: hai\nHết"
    )


def test_only_reports_of_our_own_digest_count(desk: Desk) -> None:
    raw = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nx"
    assert digest.came_back(desk.parts, parse(raw)) is None


def test_an_answer_to_it_is_put_on_no_ticket_by_guess(desk: Desk) -> None:
    numbers = tickets(desk, 2)
    for number in numbers:
        want(desk, number, "mail-remind-a")
    desk.work()
    [mail] = desk.new_sent()
    desk.mail(
        mail.to[0],
        f"Re: {mail.subject}",
        "Đã khôi phục xong lúc 9h, do cây đổ vào đường dây.",
        **{"In-Reply-To": mail.message_id},
    )
    desk.work()
    assert not any(event.kind == "reply" for number in numbers for event in desk.events(number))
    assert len(desk.parts.store.items("unplaced")) == 1
