"""Which ticket a mail belongs to, and whether its sender may move it: every rule of the contract as a row."""

import dataclasses
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk import matching
from daemon.desk.matching import codes_in, find, numbers_in, trust
from daemon.desk.message import DeliveryStatus, Message

A, B, C = "PCBK-2026-000001", "PCBK-2026-000002", "PCBK-2026-000003"
EMPTY = Message(None, (), (), "", "dlbabe@pcbk.test", None, (), (), None, (), None, None)


class Known:
    """Three tickets; A and B were asked by Message-ID, one code waits twice."""

    ids: ClassVar = {"<req-1@x>": A, "<req-2@x>": B}
    codes: ClassVar = {"PA26BB0000001": (A,), "PA26BB0000002": (B, C)}

    def by_message_id(self, message_id: str) -> str | None:
        return self.ids.get(message_id)

    def exists(self, number: str) -> bool:
        return number in (A, B, C)

    def waiting_with_code(self, code: str) -> tuple[str, ...]:
        return self.codes.get(code, ())


def mail(subject: str = "", reply: tuple[str, ...] = (), refs: tuple[str, ...] = (), **more: object) -> Message:
    return dataclasses.replace(EMPTY, subject=subject, in_reply_to=reply, references=refs, **more)  # type: ignore[arg-type]


R1, R2 = ("<req-1@x>",), ("<req-2@x>",)
OWN = f"<{C}.ask_unit.1.a1b2@pcbk.test>"
ROWS = [
    ("thread and subject agree", mail(f"Re: [{A}] x", R1), A, "both"),
    ("thread alone", mail("Xin thêm thông tin", R1), A, "thread"),
    ("an older mail of the thread", mail("", ("<other@y>",), R1), A, "thread"),
    ("subject alone", mail(f"TL: [{B}] x"), B, "subject"),
    ("thread and subject contradict", mail(f"Re: [{A}]", R2), None, None),
    ("two numbers, one of the thread", mail(f"[{A}] [{B}]", R2), B, "both"),
    ("two numbers without a thread", mail(f"[{A}], [{B}]"), None, None),
    ("two numbers, a third thread", mail(f"[{A}] [{B}]", (OWN,)), None, None),
    ("the same number twice", mail(f"[{A}] Re: [{A}]"), A, "subject"),
    ("a number that is no ticket", mail("[PCBK-2026-000099]"), None, None),
    ("a number that is no ticket against the thread", mail("[PCBK-2026-000099]", R1), None, None),
    ("a longer number is another", mail("[PCBK-2026-0000011]"), None, None),
    ("a number inside a word", mail("XPCBK-2026-000001"), None, None),
    ("typed with long dashes and blanks", mail("pcbk – 2026 – 000001"), A, "subject"),
    ("our own shape of Message-ID", mail("", (OWN,)), C, "thread"),
    ("our shape, no such ticket", mail("", ("<PCBK-2026-000077.ask.1.ab@pcbk.test>",)), None, None),
    ("a shape that only looks like ours", mail("", (f"<{C}@pcbk.test>",)), None, None),
    ("the mail answered decides before older ones", mail("", R2, (*R1, *R2)), B, "thread"),
    ("older mails of two tickets", mail("", (), (*R1, *R2)), None, None),
    ("older mails of two tickets, the subject chooses", mail(f"[{B}]", (), (*R1, *R2)), B, "both"),
    (
        "a bounce by the id it reports",
        mail("Undelivered", report="delivery-status", reported_message_id="<req-1@x>"),
        A,
        "report",
    ),
    (
        "a bounce by the subject it reports",
        mail("Undelivered", report="delivery-status", reported_subject=f"[{B}] x"),
        B,
        "report",
    ),
]


@pytest.mark.parametrize(("message", "number", "how"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_the_ticket_of_a_mail(message: Message, number: str | None, how: str | None) -> None:
    match = find(message, Known(), "")
    assert (match.number, match.how) == (number, how)
    assert match.why.endswith(".")
    assert (match.confidence > 0) == (number is not None)


CODES = [
    ("one waiting ticket", "KH PA26BB0000001 đã xong", A),
    ("two waiting tickets", "KH PA26BB0000002 đã xong", None),
    ("none waiting", "KH PA26BB0000009 đã xong", None),
    ("two codes, one waits", "PA26BB0000001 và PA26BB0000009", A),
    ("two codes that wait", "PA26BB0000001, PA26BB0000002", None),
    ("small letters and blanks", "mã pa26 bb 0000001.", A),
    ("part of something longer", "PA26BB00000011", None),
    ("no text", None, None),
]


@pytest.mark.parametrize(("text", "number"), [pytest.param(*row[1:], id=row[0]) for row in CODES])
def test_a_code_in_the_new_text(text: str | None, number: str | None) -> None:
    match = find(mail("Trả lời khách hàng"), Known(), text)
    assert (match.number, match.how) == (number, "code" if number else None)


def test_a_code_never_outweighs_a_contradiction() -> None:
    match = find(mail(f"Re: [{A}]", R2), Known(), "KH PA26BB0000001")
    assert match.number is None
    assert match.conflict
    assert match.candidates == (A, B)


NAMED = [
    ("a number in the text alone", f"Phiếu {A.lower()}: đã xong", None, (A,)),
    ("two numbers in the text", f"{B}: xong; {A}: chưa", None, (B, A)),
    ("a number that is no ticket", "Phiếu PCBK-2026-000099: đã xong", None, ()),
    ("a code that waits once places it", f"KH PA26BB0000001, phiếu {A}", A, (A,)),
    ("of a code's several tickets the one named comes first", f"KH PA26BB0000002, phiếu {C}", None, (C, B)),
]


@pytest.mark.parametrize(("text", "number", "shown"), [pytest.param(*row[1:], id=row[0]) for row in NAMED])
def test_a_number_in_the_new_text_is_shown_and_places_nothing(
    text: str, number: str | None, shown: tuple[str, ...]
) -> None:
    match = find(mail("Trả lời khách hàng"), Known(), text)
    assert (match.number, match.candidates) == (number, shown)
    assert number or all(each in match.why for each in shown[:1])
    assert not match.conflict


@given(
    st.integers(0, 999999),
    st.sampled_from(["-", "–", "—", " - ", "−"]),
    st.sampled_from(["[{}]", "({})", "{}:", "Re: {} x", "\u200b{}"]),
)
@settings(max_examples=60, derandomize=True)
def test_a_number_is_found_however_it_is_typed(number: int, dash: str, around: str) -> None:
    wanted = f"PCBK-2026-{number:06d}"
    assert numbers_in(around.format(wanted.replace("-", dash).lower())) == (wanted,)


@given(st.text(max_size=200))
@settings(max_examples=100, derandomize=True)
def test_codes_are_well_formed(text: str) -> None:
    assert all(len(code) == 13 for code in codes_in(text))


UNITS = {"dlbabe@pcbk.test": "Ba Bể"}


def results(*values: str, **more: object) -> Message:
    return dataclasses.replace(
        EMPTY,
        headers=tuple(("authentication-results", value) for value in values),
        from_all=("dlbabe@pcbk.test",),
        **more,  # type: ignore[arg-type]
    )


TRUST = [
    ("registered, nothing said", results(), False, True),
    ("registered, nothing said, but required", results(), True, False),
    ("our server says dmarc fails", results("mx.pcbk.test; spf=pass; dmarc=fail (p=none)"), False, False),
    ("our server says spf fails", results("mx.pcbk.test; spf=fail smtp.mailfrom=x"), False, False),
    ("a comment is no result", results("mx.pcbk.test; spf=pass (dmarc=fail)"), True, True),
    ("dmarc passes though forwarding broke spf", results("mx.pcbk.test; spf=fail; dkim=pass; dmarc=pass"), True, True),
    ("another server's word is ignored", results("mx.evil.test; dmarc=fail"), False, True),
    ("another server's pass does not help", results("mx.evil.test; dmarc=pass"), True, False),
    ("two fields of our server", results("mx.pcbk.test 1; spf=pass", "MX.PCBK.TEST; dkim=fail"), False, False),
    ("none is neutral", results("mx.pcbk.test; none"), False, True),
    ("two senders", results(**{"from_address": "dlbabe@pcbk.test"}), False, True),
]


@pytest.mark.parametrize(("message", "required", "trusted"), [pytest.param(*row[1:], id=row[0]) for row in TRUST])
def test_trust(message: Message, required: bool, trusted: bool) -> None:
    assert trust(message, UNITS, "mx.pcbk.test", required).trusted is trusted


def test_strangers_and_several_senders_are_not_trusted() -> None:
    assert trust(dataclasses.replace(EMPTY, from_address="dlbabe@pcbk-test.com"), UNITS).trusted is False
    assert trust(dataclasses.replace(EMPTY, from_address=None), UNITS).trusted is False
    assert trust(dataclasses.replace(EMPTY, from_all=("dlbabe@pcbk.test", "x@y.z")), UNITS).trusted is False


def test_a_mail_servers_report_is_neither() -> None:
    bounce = dataclasses.replace(EMPTY, report="delivery-status", delivery=(DeliveryStatus("a@b.c", "failed"),))
    assert trust(bounce, UNITS).trusted is None
    assert matching.Trust(None, None, "x").unit is None
