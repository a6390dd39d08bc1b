"""Our outgoing mails: the marks of the contract, no injected header, read back as they were meant."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.trouble import Refused
from daemon.mailbox.compose import REPLY_LINE, File, ascii_names, compose
from daemon.mailbox.message import parse

WHEN = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
NUMBER = "PCBK-2026-000123"
ID = f"<{NUMBER}.ask_unit.1.a1b2@pcbk.test>"


def made(**more: object) -> bytes:
    given = {
        "sender": ("Phòng GDKH - PC Bắc Kạn", "gdkh@pcbk.test"), "to": ["dlbabe@pcbk.test"], "subject": "Đề nghị xác minh", "body": "Kính gửi: Điện lực Ba Bể",
        "message_id": ID, "date": WHEN, "number": NUMBER,
    }  # fmt: skip
    return compose(**{**given, **more})  # type: ignore[arg-type]


def test_the_marks_of_the_contract() -> None:
    message = parse(made())
    assert message.subject == f"[{NUMBER}] Đề nghị xác minh"
    assert message.text is not None
    rows = message.text.strip().split("\n")
    assert rows[0] == REPLY_LINE
    assert NUMBER in rows[-1]
    assert message.message_id == ID
    assert message.header("auto-submitted") == "auto-generated"
    assert message.date == WHEN
    assert (message.from_address, message.from_name) == ("gdkh@pcbk.test", "Phòng GDKH - PC Bắc Kạn")


def test_a_persons_mail_and_an_urgent_one() -> None:
    message = parse(made(by_person=True, urgent=True, reply_line=False, cc=["a@b.vn"]))
    assert message.header("auto-submitted") is None
    assert (message.header("importance"), message.header("x-priority")) == ("high", "1")
    assert message.cc == ("a@b.vn",)
    assert REPLY_LINE not in (message.text or "")


def test_the_thread() -> None:
    message = parse(made(in_reply_to="<b@x>", references=["<a@x>", "<b@x>", "bad\r\nX-Evil: 1"]))
    assert message.in_reply_to == ("<b@x>",)
    assert message.references == ("<a@x>", "<b@x>")
    assert message.header("x-evil") is None


def test_files_get_ascii_names_and_whole_bytes() -> None:
    files = [
        File("Phiếu đề nghị.docx", b"PK\x03\x04\r\n."),
        File("phiếu Đề nghị.docx", b"2"),
        File("../x.eml", b"From: a\n"),
    ]
    message = parse(made(files=files))
    assert [item.name for item in message.attachments] == ["Phieu-de-nghi.docx", "phieu-De-nghi-2.docx", "x.eml"]
    assert [item.content for item in message.attachments] == [file.content for file in files]


def test_the_same_mail_has_the_same_bytes() -> None:
    assert made(files=[File("a.docx", b"x")]) == made(files=[File("a.docx", b"x")])


@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=200))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_no_text_becomes_a_header(subject: str, name: str, body: str) -> None:
    raw = made(
        subject=subject + "\r\nBcc: evil@x.y",
        sender=(name + "\nX-Evil: 1", "gdkh@pcbk.test"),
        body=body + "\n.\r\nFrom x",
    )
    message = parse(raw)
    assert sorted(key for key, _value in message.headers) == sorted(
        [
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "auto-submitted",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
        ]
    )
    assert message.from_address == "gdkh@pcbk.test"
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": []},
        {"to": ["a@b\r\nBcc: c@d"]},
        {"to": ["a b@c"]},
        {"cc": ["x"]},
        {"message_id": "<a b@c>"},
        {"message_id": "abc"},
        {"date": dt.datetime(2026, 1, 1)},
        {"sender": ("x", "y")},
    ],
)
def test_what_cannot_be_sent_is_refused(wrong: dict) -> None:
    with pytest.raises(Refused):
        made(**wrong)


def test_ascii_names_are_distinct() -> None:
    assert ascii_names(["đơn.pdf", "Đơn.pdf", "…", "…"]) == ["don.pdf", "Don-2.pdf", "dinh-kem-3.bin", "dinh-kem-4.bin"]
