"""The header read alone says the same as the whole mail; boundary lines are found where lines begin and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.mailbox.message import head_of, parse

_HEADERS = st.sampled_from(
    [
        b"Message-ID: <a@b>",
        b"message-id: <c@d> <e@f>",
        b"From: Nga <nga@khach.example>",
        b"From: =?utf-8?B?TmdhLCBIYWk=?= <x@y.example>, z@y.example",
        b"Subject: =?utf-8?Q?C=C3=B4ng?=\r\n =?utf-8?Q?_t=C6=A1?=",
        b"Date: Mon, 23 Nov 2026 08:00:00 +0700",
        b"Date: yesterday",
        b"Content-Type: multipart/mixed; boundary=x",
        b"no field at all",
        b"From nobody Mon Nov 23",
    ]
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(_HEADERS, max_size=8), st.sampled_from([b"\r\n", b"\n"]), st.binary(max_size=40))
def test_the_header_alone_says_the_same_as_the_whole_mail(lines: list[bytes], end: bytes, body: bytes) -> None:
    raw = end.join([*lines, b"", body])
    head, whole = head_of(raw), parse(raw)
    assert (head.message_id, head.from_address, head.subject, head.date) == (
        whole.message_id,
        whole.from_address,
        whole.subject,
        whole.date,
    )


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"--x\nA: b\n\none\n--x--\n", ["one"]),
        (b"before\n--x\n\none\n--x \t\r\n\ntwo\r\n--x--", ["one", "two"]),
        (b"--x\r\rone\r--x\r\rtwo\r--x--\r", ["one", "two"]),
        (b"--x\n\none --x\n --x\n---x\n--xy\n--x--", ["one --x\n --x\n---x\n--xy"]),
        (b"--x\n\none\n--x--\n--x\n\nnever\n", ["one"]),
    ],
)
def test_a_boundary_stands_at_the_start_of_a_line_and_alone_on_it(body: bytes, names: list[str]) -> None:
    found = parse(b'Content-Type: multipart/mixed; boundary="x"\n\n' + body)
    said = [found.text or "", *(each.content.decode() for each in found.attachments)]
    assert "\n".join(part.strip() for part in said if part) == "\n".join(names)
