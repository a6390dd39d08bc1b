"""What ``daemon/mailbox/base.py`` promises, held against every back end with a real server behind it."""

import datetime as dt
import hashlib

import pytest

from daemon.desk.trouble import Refused
from daemon.mailbox import envelope
from daemon.mailbox.base import Incoming, Mailbox, Where
from tests.contract.houses import MOST_BYTES, House
from tests.contract.mails import CUSTOMER, lines, mail, ours

DRAFT_ID = "<PCBK-2026-000001.draft.1.x@dienluc.example>"
TOKEN = "[PCBK-2026-000001]"


def ids(mails: list[Incoming]) -> list[str | None]:
    return [envelope.message_id(incoming.raw) for incoming in mails]


# -- reading -----------------------------------------------------------------------------------------------------------


def test_an_empty_inbox_yields_nothing(mailbox: Mailbox) -> None:
    assert list(mailbox.fetch()) == []


def test_a_mail_comes_whole_with_its_time(house: House, mailbox: Mailbox) -> None:
    raw = mail(attachment=bytes(range(256)) * 40)
    house.arrive(raw)
    (incoming,) = mailbox.fetch()
    assert envelope.subject(incoming.raw) == "Hỏi lịch cắt điện"
    assert envelope.field(incoming.raw, "from") == f"Nguyễn Văn Ạ <{CUSTOMER}>"
    assert set(lines(raw)[-20:]) <= set(lines(incoming.raw))
    assert incoming.received is not None and incoming.received.tzinfo is not None
    assert abs(dt.datetime.now(dt.UTC) - incoming.received) < dt.timedelta(days=1)
    assert not incoming.oversized and incoming.size > 0


def test_mails_come_oldest_first(house: House, mailbox: Mailbox) -> None:
    for number in range(5):
        house.arrive(mail(f"<m{number}@nha.example>"))
    assert ids(list(mailbox.fetch())) == [f"m{number}@nha.example" for number in range(5)]


def test_what_lies_there_comes_again_until_it_is_filed_away(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<one@nha.example>"))
    house.arrive(mail("<two@nha.example>"))
    first = list(mailbox.fetch())
    assert ids(list(mailbox.fetch())) == ids(first)
    mailbox.file_away(first[0].key)
    assert ids(list(mailbox.fetch())) == ["two@nha.example"]
    assert ids(list(house.open().fetch())) == ["two@nha.example"]


def test_filing_away_between_two_yields_loses_nothing(house: House, mailbox: Mailbox) -> None:
    for number in range(6):
        house.arrive(mail(f"<m{number}@nha.example>"))
    seen = []
    for incoming in mailbox.fetch():
        seen.append(incoming)
        mailbox.file_away(incoming.key)
    assert len(ids(seen)) == 6
    assert list(mailbox.fetch()) == []
    assert len(house.taken()) == 6 and house.inbox() == []


def test_a_restart_in_the_middle_of_a_look_loses_nothing(house: House, mailbox: Mailbox) -> None:
    for number in range(3):
        house.arrive(mail(f"<m{number}@nha.example>"))
    look = mailbox.fetch()
    mailbox.file_away(next(look).key)
    next(look)
    del look
    assert ids(list(house.open().fetch())) == ["m1@nha.example", "m2@nha.example"]


def test_skipped_keys_are_not_read(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<one@nha.example>"))
    house.arrive(mail("<two@nha.example>"))
    known = next(iter(mailbox.fetch())).key
    assert ids(list(mailbox.fetch(lambda key: key == known))) == ["two@nha.example"]
    assert ids(list(mailbox.fetch())) == ["one@nha.example", "two@nha.example"]


def test_a_mail_already_read_by_staff_is_still_taken(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<one@nha.example>"))
    house.staff_read()
    (incoming,) = mailbox.fetch()
    mailbox.file_away(incoming.key)
    assert list(mailbox.fetch()) == []


def test_staff_marking_read_between_look_and_filing_does_not_matter(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<one@nha.example>"))
    (incoming,) = mailbox.fetch()
    house.staff_read()
    mailbox.file_away(incoming.key)
    assert house.inbox() == [] and len(house.taken()) == 1


def test_filing_away_what_staff_deleted_is_harmless(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail())
    (incoming,) = mailbox.fetch()
    house.staff_delete()
    mailbox.file_away(incoming.key)
    mailbox.file_away(incoming.key)
    assert list(mailbox.fetch()) == []


def test_a_mail_that_vanishes_during_the_look_is_passed_over(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<one@nha.example>"))
    house.arrive(mail("<two@nha.example>"))
    look = mailbox.fetch()
    next(look)
    house.staff_delete()
    assert ids(list(look)) in ([], ["two@nha.example"])
    assert list(mailbox.fetch()) == []


def test_reading_leaves_the_mail_unread_and_in_place(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail())
    list(mailbox.fetch())
    assert len(house.inbox()) == 1 and house.taken() == []


def test_an_oversized_mail_comes_as_its_header_block(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<big@nha.example>", attachment=b"x" * MOST_BYTES))
    house.arrive(mail("<small@nha.example>"))
    big, small = mailbox.fetch()
    assert big.oversized and big.size > MOST_BYTES
    assert envelope.message_id(big.raw) == "big@nha.example" and len(big.raw) < 5_000
    assert not small.oversized
    mailbox.file_away(big.key)
    assert ids(list(mailbox.fetch())) == ["small@nha.example"]


def test_the_same_message_id_twice_is_two_mails(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail("<same@nha.example>", body="thứ nhất\n"))
    house.arrive(mail("<same@nha.example>", body="thứ hai\n"))
    first, second = mailbox.fetch()
    assert first.key != second.key and first.raw != second.raw
    mailbox.file_away(first.key)
    mailbox.file_away(second.key)
    assert house.inbox() == [] and len(house.taken()) == 2


@pytest.mark.parametrize(
    "raw",
    [
        mail(None),
        b"\r\n",
        b"Subject: khong co than\r\n",
        b"From: a@b.example\r\nSubject: =?utf-8?b?xxx\r\n\r\n\xff\xfe\x00 body\r\n",
        b"Subject: x\r\n\r\n.\r\n..\r\nFrom here\r\n",
    ],
    ids=["no Message-ID", "empty", "header only", "broken", "dots"],
)
def test_odd_mails_come_through(house: House, mailbox: Mailbox, raw: bytes) -> None:
    house.arrive(raw)
    house.arrive(mail("<after@nha.example>"))
    mails = list(mailbox.fetch())
    assert len(mails) == 2
    for incoming in mails:
        mailbox.file_away(incoming.key)
    assert list(mailbox.fetch()) == []


def test_headers_of_automatic_mail_come_through(house: House, mailbox: Mailbox) -> None:
    house.arrive(mail(Auto_Submitted="auto-replied", X_Auto_Response_Suppress="All", Precedence="bulk"))
    (incoming,) = mailbox.fetch()
    assert envelope.field(incoming.raw, "auto-submitted") == "auto-replied"
    assert envelope.field(incoming.raw, "precedence") == "bulk"
    assert envelope.field(incoming.raw, "x-auto-response-suppress") == "All"


# -- sending -----------------------------------------------------------------------------------------------------------


def test_a_sent_mail_leaves_and_a_copy_lies_in_sent(house: House, mailbox: Mailbox) -> None:
    raw = ours(
        In_Reply_To="<a1@nha.example>", References="<a0@nha.example> <a1@nha.example>", Auto_Submitted="auto-generated"
    )
    assert mailbox.send(raw) is None
    (copy,), (gone,) = house.sent(), house.delivered()
    for seen in (copy, gone):
        assert envelope.message_id(seen) == envelope.message_id(raw)
        assert envelope.field(seen, "references") == "<a0@nha.example> <a1@nha.example>"
        assert envelope.field(seen, "auto-submitted") == "auto-generated"
        assert set(lines(raw)[-6:]) <= set(lines(seen))
    assert house.drafts() == []


def test_the_same_message_id_is_not_sent_twice(house: House, mailbox: Mailbox) -> None:
    raw = ours()
    mailbox.send(raw)
    assert mailbox.send(raw) is None
    assert house.open().send(raw) is None
    assert len(house.sent()) == 1 and len(house.delivered()) == 1


def test_a_sent_mail_is_found_with_its_bytes(house: House, mailbox: Mailbox) -> None:
    docx = hashlib.sha256(b"docx").digest() * 100
    mailbox.send(ours(attachment=docx))
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.where is Where.SENT and found.exact
    assert envelope.message_id(found.raw) == DRAFT_ID.strip("<>")
    assert set(lines(ours(attachment=docx))[-30:]) <= set(lines(found.raw))
    assert found.at is not None and found.at.tzinfo is not None


def test_the_blind_copy_reaches_its_receiver_without_being_named(house: House, mailbox: Mailbox) -> None:
    mailbox.send(ours(Bcc="lanhdao@dienluc.example"))
    if house.leaves:
        assert all(envelope.field(gone, "bcc") is None for gone in house.delivered())


@pytest.mark.parametrize("to", ["b26", "a@nha.example, b26", "a b@nha.example", "x@y.example\rBcc: z@y.example"])
def test_a_mail_to_no_address_is_refused_where_mail_leaves(house: House, mailbox: Mailbox, to: str) -> None:
    raw = ours(to="x@y.example").replace(b"To: x@y.example", b"To: " + to.encode())
    if house.leaves:
        with pytest.raises(Refused):
            mailbox.send(raw)
        assert house.delivered() == []


def test_what_sent_proves_is_said(house: House, mailbox: Mailbox) -> None:
    assert mailbox.sent_is_proof is not house.leaves


def test_a_mail_to_nobody_is_refused_where_mail_leaves(house: House, mailbox: Mailbox) -> None:
    raw = ours(to="x@y.example").replace(b"To: x@y.example\r\n", b"")
    if house.leaves:
        with pytest.raises(Refused):
            mailbox.send(raw)
        assert house.delivered() == []


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_lies_in_drafts_and_has_not_left(house: House, mailbox: Mailbox) -> None:
    key = mailbox.save_draft(ours())
    (draft,) = house.drafts()
    assert envelope.message_id(draft) == DRAFT_ID.strip("<>")
    assert set(lines(ours())[-6:]) <= set(lines(draft))
    assert house.sent() == []
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.where is Where.DRAFTS and found.key == key and found.exact


def test_a_removed_draft_is_gone_and_removing_again_is_harmless(house: House, mailbox: Mailbox) -> None:
    key = mailbox.save_draft(ours())
    mailbox.remove_draft(key)
    mailbox.remove_draft(key)
    assert house.drafts() == [] and mailbox.find(DRAFT_ID, TOKEN) == ()


def test_a_draft_of_an_earlier_run_can_be_removed(house: House, mailbox: Mailbox) -> None:
    key = mailbox.save_draft(ours())
    house.open().remove_draft(key)
    assert house.drafts() == []


def test_removing_one_draft_leaves_the_others(house: House, mailbox: Mailbox) -> None:
    other = ours("<PCBK-2026-000002.draft.1.x@dienluc.example>", "PCBK-2026-000002")
    key = mailbox.save_draft(ours())
    mailbox.save_draft(other)
    mailbox.remove_draft(key)
    assert [envelope.message_id(raw) for raw in house.drafts()] == [envelope.message_id(other)]


def test_a_person_sending_the_draft_is_noticed(house: House, mailbox: Mailbox) -> None:
    mailbox.save_draft(ours())
    house.staff_send(ours(), ours())
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.where is Where.SENT and found.exact


def test_a_person_sending_it_under_a_new_message_id_is_noticed_by_the_number(house: House, mailbox: Mailbox) -> None:
    mailbox.save_draft(ours())
    house.staff_send(ours(), ours("<new-id@outlook.example>", body="Nhân viên đã sửa câu này.\n"))
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.where is Where.SENT and not found.exact
    assert envelope.message_id(found.raw) == "new-id@outlook.example"
    assert mailbox.find(DRAFT_ID) == ()


def test_sent_under_a_new_message_id_while_the_draft_stayed(house: House, mailbox: Mailbox) -> None:
    mailbox.save_draft(ours())
    house.staff_send(mail("<none@nha.example>"), ours("<new-id@outlook.example>"))
    draft, sent = mailbox.find(DRAFT_ID, TOKEN)
    assert (draft.where, draft.exact) == (Where.DRAFTS, True)
    assert (sent.where, sent.exact) == (Where.SENT, False)


def test_other_mails_of_the_ticket_follow_only_while_the_mail_itself_is_not_sent(
    house: House, mailbox: Mailbox
) -> None:
    mailbox.send(ours("<PCBK-2026-000001.ask.1.y@dienluc.example>", to="b26@dienluc.example"))
    (other,) = mailbox.find(DRAFT_ID, TOKEN)
    assert not other.exact
    mailbox.send(ours())
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.exact


def test_nothing_is_found_of_a_mail_never_written(mailbox: Mailbox) -> None:
    mailbox.send(ours())
    assert mailbox.find("<PCBK-2026-000009.draft.1.z@dienluc.example>", "[PCBK-2026-000009]") == ()


def test_a_number_within_a_longer_number_is_not_it(house: House, mailbox: Mailbox) -> None:
    mailbox.send(ours("<PCBK-2026-000011.x.1.z@dienluc.example>", "PCBK-2026-0000011"))
    assert mailbox.find("<PCBK-2026-000001.q.1.z@dienluc.example>", TOKEN) == ()


# -- news --------------------------------------------------------------------------------------------------------------


def test_a_change_in_sent_or_drafts_is_told(house: House, mailbox: Mailbox) -> None:
    mailbox.changed()
    mailbox.save_draft(ours())
    assert mailbox.changed()
    house.staff_send(ours(), ours())
    assert mailbox.changed()


def test_waiting_without_news_ends(mailbox: Mailbox) -> None:
    list(mailbox.fetch())
    assert any(mailbox.wait(0.05) is False for _ in range(100))


def test_news_that_came_before_the_wait_is_not_slept_over(house: House, mailbox: Mailbox) -> None:
    list(mailbox.fetch())
    mailbox.wait(0.05)
    house.arrive(mail("<late@nha.example>"))
    mailbox.wait(2)
    assert ids(list(mailbox.fetch())) == ["late@nha.example"]


# -- check -------------------------------------------------------------------------------------------------------------


def test_check_finds_a_healthy_mailbox_well_and_leaves_no_trace(house: House, mailbox: Mailbox) -> None:
    findings = mailbox.check()
    assert findings and all(finding.well for finding in findings), findings
    assert house.drafts() == [] and house.sent() == [] and house.delivered() == []


def test_closing_twice_and_using_again_is_harmless(house: House, mailbox: Mailbox) -> None:
    mailbox.close()
    mailbox.close()
    house.arrive(mail())
    assert len(list(mailbox.fetch())) == 1
