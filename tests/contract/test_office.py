"""One customer's question through the whole office on each mailbox: taken in, a unit asked, answered, sent by a person."""

import email
import email.policy
import email.utils
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.desk.ticket import State
from daemon.loop import Loop
from daemon.office.parts import Parts, open_office
from tests.contract.houses import EwsHouse, House
from tests.contract.mails import mail
from tests.contract.offices import settle_in
from tests.servers import ews

QUESTION = (
    "Kính gửi Điện lực, nhà tôi ở tổ 5 phường Đức Xuân bị mất điện từ 7h sáng nay, mã khách hàng PA25BK0012345, "
    "số điện thoại 0912345678. Xin cho biết nguyên nhân và khi nào có điện trở lại, trả lời qua email. Nguyễn Văn A\n"
)
ANSWER = "Kính gửi phòng, sự cố đứt dây tại TBA Đức Xuân 2, dự kiến có điện lại lúc 20h00 tối nay.\n"


@pytest.fixture
def office(house: House, tmp_path: Path) -> Iterator[Parts]:
    parts = open_office(settle_in(tmp_path / "office", house))
    yield parts
    parts.close()


def to_unit(house: House) -> email.message.Message:
    """Return the request that went to a unit."""
    sent = [email.message_from_bytes(raw, policy=email.policy.default) for raw in house.sent()]
    return next(message for message in sent if "khach@" not in str(message["To"]))


def reply(to: email.message.Message) -> bytes:
    sender = email.utils.getaddresses([str(to["To"])])[0][1]
    return mail("<u1@unit.example>", f"Re: {to['Subject']}", ANSWER, sender, In_Reply_To=str(to["Message-ID"]))


def test_from_the_question_to_the_sent_answer(house: House, office: Parts) -> None:
    loop = Loop(office)
    house.arrive(mail("<q1@nha.example>", "Báo mất điện", QUESTION))
    loop.settle()
    (ticket,) = office.store.tickets()
    assert house.inbox() == [] and len(house.taken()) == 1
    assert all(f"[{ticket.number}]".encode() not in raw for raw in house.drafts())

    house.arrive(reply(to_unit(house)))
    loop.settle()
    (draft,) = house.drafts()
    assert office.store.ticket(ticket.number).state is State.TO_APPROVE  # type: ignore[union-attr]

    new_id = re.sub(rb"(?im)^message-id:[^\r\n]*", b"Message-ID: <outlook-made-this@x>", draft, count=1)
    house.staff_send(draft, new_id)
    loop.settle()
    closed = office.store.ticket(ticket.number)
    assert closed is not None and closed.state in (State.ANSWERED, State.CLOSED)
    assert house.drafts() == []


@pytest.mark.parametrize(
    "fault", [ews.reset_after, ews.status(401), ews.busy(1000)], ids=["answer lost", "login refused", "busy"]
)
def test_a_request_whose_sending_meets_trouble_is_neither_doubled_nor_given_up(
    tmp_path: Path, fault: ews.Fault
) -> None:
    house = EwsHouse(tmp_path)
    parts = open_office(settle_in(tmp_path / "office", house))
    try:
        house.arrive(mail("<q1@nha.example>", "Báo mất điện", QUESTION))
        house.server.play("CreateItem", fault)
        loop = Loop(parts)
        loop.settle()
        loop.settle()
        (ticket,) = parts.store.tickets()
        assert len({str(email.message_from_bytes(raw)["Message-ID"]) for raw in house.delivered()}) == len(
            house.delivered()
        )
        assert not any(event.kind == "mail_refused" for event in parts.store.events(ticket.number))
    finally:
        parts.close()
        house.close()
