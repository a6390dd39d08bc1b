"""Outlook .msg files: headers, bodies and attachments; broken ones are refused."""

import base64
import random
import zlib

import pytest

from daemon.desk.trouble import Refused
from daemon.mailbox import outlook
from daemon.mailbox.message import read_msg
from tests.mailbox import outlook_files

TRANSPORT = (
    "From: =?utf-8?b?xJBM?= <dlbabe@pcbk.test>\r\nTo: gdkh@pcbk.test\r\nCc: a@b.vn\r\nSubject: x\r\nMessage-ID: <m1@x>\r\n"
    "In-Reply-To: <req-1@x>\r\nReferences: <req-1@x>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0700\r\n\r\n"
)
BODY = {0x0037: "Re: [PCBK-2026-000001] Đề nghị", 0x1000: "Đã xử lý xong.\r\n\r\nTrân trọng", 0x3FDE: 65001}
FILE = {0x3705: 1, 0x3707: "..\\Biên bản.pdf", 0x370E: "application/pdf", 0x3701: b"%PDF-1.4"}
PICTURE = {0x3705: 1, 0x3707: "image001.png", 0x370E: "image/png", 0x3701: b"\x89PNG", 0x3712: "i1"}


def test_a_mail_with_its_header_is_read() -> None:
    message = read_msg(outlook_files.message({**BODY, 0x007D: TRANSPORT}, [FILE]))
    assert (message.from_address, message.from_name, message.to, message.cc) == (
        "dlbabe@pcbk.test",
        "ĐL",
        ("gdkh@pcbk.test",),
        ("a@b.vn",),
    )
    assert (message.message_id, message.in_reply_to, message.references) == ("<m1@x>", ("<req-1@x>",), ("<req-1@x>",))
    assert message.subject == "Re: [PCBK-2026-000001] Đề nghị"
    assert message.text == "Đã xử lý xong.\n\nTrân trọng"
    assert message.date is not None
    assert message.date.isoformat() == "2026-11-23T10:00:00+07:00"
    assert [(item.name, item.content, item.inline) for item in message.attachments] == [
        ("Biên bản.pdf", b"%PDF-1.4", False)
    ]


def test_a_mail_without_header_and_with_html() -> None:
    html = "<p>Đã xong <img src='cid:i1'></p>"
    message = read_msg(
        outlook_files.message(
            {0x0037: "x", 0x1013: html.encode(), 0x3FDE: 65001, 0x0C1A: "Đội", 0x5D01: "doi@pcbk.test"}, [PICTURE]
        )
    )
    assert message.html == html
    assert (message.from_address, message.from_name) == ("doi@pcbk.test", "Đội")
    assert [item.inline for item in message.attachments] == [True]
    assert message.message_id is None


def test_a_mail_without_any_body_says_so() -> None:
    assert read_msg(outlook_files.message({0x0037: "x"}, [])).defects


def test_mutated_files_are_read_or_refused() -> None:
    rng = random.Random(3)
    whole = outlook_files.message({**BODY, 0x007D: TRANSPORT}, [FILE, PICTURE])
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(rng.randrange(1, 20)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        given = bytes(raw[: rng.randrange(len(raw))] if rng.random() < 0.2 else raw)
        try:
            read = read_msg(given)
        except Refused:
            continue
        assert read == read_msg(given)


@pytest.mark.parametrize("raw", [b"", b"abc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000])
def test_a_broken_file_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused, match=r"\.eml"):
        read_msg(raw)


# Found by fuzzing: three kilobytes that were read as two gigabytes, because a chain of sectors bites its own tail.
ENDLESS = zlib.decompress(
    base64.b85decode(
        "c-rk&%TB^T6g>kJ<Ho?og^SvyF@{j^wK5u`D`O0@C#VDn0tTv)oxjpQ&`&TfS)e~)O8f=a)H^f9R3gv{1frhF%=FHkxu-Kdx9xK)YMBp9ZS-IV"
        "L3HeSgk59IsR9wu3~6_4+wKnA|Ck_Bs8TVY;Q$rtYiPg^7NM|iEaq`di0YjpuQOCC$fArKint)_hOTO;lT{^;ju_$tVy%D)ejYC1k>9N@&R@qh"
        "&Zsqzcla_?c}Y;!Mc)sr2nhb5qtx;8Cq46rCc?k&;-7g%vA?URDG6(LEW#Sh-^Hl=Pq_G#*b=>t!=e0PpO0Z-"
        "$o_Tb1ibRk`QYan@ap2fBH34|<?=U3{yDmro^()J_KV&6CVcz{=dZXl!Jh?BpP-YT-0qC!ljUoFebaq*_xC%nk9Ru#JbeZXm<+y=ru9WyeF=-"
        "&Biu8S$#`iL&{Q=Xla<99jojjm+Eefu(r*!WLHNqTS0by8b80om%Ojm&kKPNL6e;D(NgW%c84X`|poxf<u;iWbXr|hL^khF7qwG=D#7cReC7S)"
        "DmW8LO@>wyAj%9j>h2>wfV<W<C3sc6n>^=ZokqPM"
    )
)


def test_a_chain_that_bites_its_tail_is_refused() -> None:
    with pytest.raises(Refused, match=r"\.eml"):
        read_msg(ENDLESS)


def test_a_stream_that_claims_to_be_larger_than_its_file_is_refused() -> None:
    """Also where the chain is honest."""
    whole = bytearray(outlook_files.message(BODY, [FILE]))
    name = "__substg1.0_".encode("utf-16-le")
    at = whole.index(name)
    assert at % 128 == 0, "an entry of the directory"
    whole[at + 120 : at + 124] = (0xFE000000).to_bytes(4, "little")
    with pytest.raises(Refused, match=r"\.eml"):
        read_msg(bytes(whole))
    with pytest.raises(ValueError, match="larger than the file"):
        outlook._bound(bytes(whole))
