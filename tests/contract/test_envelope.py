"""The few header fields a back end reads by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.mailbox import envelope


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"Message-ID: <a@b>\r\n\r\n", "a@b"),
        (b"message-id:<a@b>\n\n", "a@b"),
        (b"Message-ID:\r\n <a@b>\r\n\r\n", "a@b"),
        (b"Message-ID: a@b\r\n\r\n", "a@b"),
        (b"Message-ID: (comment) <a@b> x\r\n\r\n", "a@b"),
        (b"Subject: x\r\n\r\nMessage-ID: <a@b>\r\n", None),
        (b"Message-ID: \r\n\r\n", None),
        (b"X: Message-ID: <a@b>\r\n\r\n", None),
        (b"", None),
    ],
)
def test_message_ids(raw: bytes, wanted: str | None) -> None:
    assert envelope.message_id(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"Subject: [A-1] x\r\n\r\n", "[A-1] x"),
        (b"Subject: =?utf-8?b?VGjGsA==?=\r\n =?utf-8?b?IG3hu5tp?=\r\n\r\n", "Thư mới"),
        ("Subject: Thư thô\r\n\r\n".encode(), "Thư thô"),
        (b"Subject: =?nonsense?q?x?=\r\n\r\n", "=?nonsense?q?x?="),
        (b"Subject: \xe9\r\n\r\n", "é"),
    ],
)
def test_subjects(raw: bytes, wanted: str) -> None:
    assert envelope.subject(raw) == wanted


def test_addresses_with_commas_in_encoded_names() -> None:
    raw = b'To: =?utf-8?b?Tmd1eeG7hW4sIFbEg24=?= <a@b.example>, c@d.example\r\nCc: "X, Y" <A@b.example>\r\n\r\n'
    assert envelope.addresses(raw, "to", "cc") == ("a@b.example", "c@d.example", "A@b.example")


def test_a_field_is_taken_out_with_its_folds_only() -> None:
    raw = b"To: a@b\r\nBCC: c@d,\r\n e@f\r\nSubject: x\r\n\r\nBcc: stays\r\n"
    assert envelope.without(raw, "bcc") == b"To: a@b\r\nSubject: x\r\n\r\nBcc: stays\r\n"


@settings(derandomize=True, max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(raw: bytes) -> None:
    envelope.message_id(raw)
    envelope.subject(raw)
    envelope.addresses(raw, "from", "to")
    assert raw.startswith(envelope.header_block(raw))
    assert envelope.without(raw, "bcc").endswith(raw[len(envelope.header_block(raw)) :])
