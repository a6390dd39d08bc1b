"""Bytes to a Message: bodies, names, reports and what is an attachment. Broken mails never raise."""

import base64
import email.message
import random
import unicodedata
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.trouble import Refused
from daemon.mailbox import mime, names
from daemon.mailbox.message import parse, read_msg

HEAD = b"From: a@b.c\nSubject: x\n"
PDF = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; "


def b64(text: str | bytes) -> bytes:
    return base64.b64encode(text.encode() if isinstance(text, str) else text)


def with_parts(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/"
        + kind
        + b'; boundary="=_x"\n\n'
        + b"".join(b"--=_x\n" + part + b"\n" for part in parts)
        + b"--=_x--\n"
    )


TEXT = b"Content-Type: text/plain; charset=utf-8\n\nxin ch\xc3\xa0o"
PNG = b"Content-Type: image/png; name=image001.png\nContent-ID: <i1>\nContent-Transfer-Encoding: base64\n"


@pytest.mark.parametrize(
    ("subject", "want"),
    [
        (b"=?utf-8?b?" + b64("Điện lực") + b"?=", "Điện lực"),
        (
            b"=?utf-8?b?" + b64("Điện lực".encode()[:7]) + b"?=\n =?utf-8?b?" + b64("Điện lực".encode()[7:]) + b"?=",
            "Điện lực",
        ),
        (b"=?utf-8?q?=C4=90i=E1=BB=87n_l=E1=BB=B1c?= abc", "Điện lực abc"),
        ("Điện lực".encode(), "Điện lực"),
        (unicodedata.normalize("NFD", "Điện lực").encode(), "Điện lực"),
        (b"=?windows-1258?B?0OrMIG5naGnyIA==?=", "Đề nghị"),
        ("§iÖn lùc B¹ch Th«ng".encode("latin-1"), "Điện lực Bạch Thông"),
        (b"=?utf-8?x?broken?= y", "=?utf-8?x?broken?= y"),
        (b"=?utf-8?b?####?=", ""),
        (b"a\r\n\tb", "a b"),
    ],
)
def test_subjects(subject: bytes, want: str) -> None:
    assert parse(b"Subject: " + subject + b"\n\nx").subject == want


NAMES = [
    (b'filename="a.pdf"', "a.pdf"),
    (b"filename*=utf-8''Tr%E1%BA%A3%20l%E1%BB%9Di.pdf", "Trả lời.pdf"),
    (b"filename*0*=utf-8''Tr%E1%BA;\n filename*1*=%A3%20l%E1%BB%9Di;\n filename*2=.pdf", "Trả lời.pdf"),
    (b'filename="=?utf-8?b?' + b64("Trả lời.pdf") + b'?="', "Trả lời.pdf"),
    ('filename="Trả lời.pdf"'.encode(), "Trả lời.pdf"),
    (b'filename="..\\\\..\\\\windows\\\\a.pdf"', "a.pdf"),
    (b'filename="C:\\temp\\a.pdf"', "a.pdf"),
    (b'filename="../../etc/a.pdf"', "a.pdf"),
    (b'filename="CON.pdf"', "_CON.pdf"),
    ('filename="a\u202efdp.exe"'.encode(), "afdp.exe"),
    (b'filename="a;b.pdf"', "a;b.pdf"),
    (b'filename="a\\"b.pdf"', "a_b.pdf"),
    (b'filename=""', "dinh-kem-1.pdf"),
    (b'filename="..."', "dinh-kem-1.pdf"),
    (b'filename="a.pdf', "a.pdf"),
]


@pytest.mark.parametrize(("disposition", "want"), NAMES)
def test_names_of_attachments(disposition: bytes, want: str) -> None:
    message = parse(with_parts(TEXT, PDF + disposition + b"\n\nJVBERg=="))
    assert [item.name for item in message.attachments] == [want]
    assert message.attachments[0].content == b"%PDF"
    assert message.text == "xin chào"


@given(st.text(max_size=120), st.sampled_from(["application/pdf", "image/png", "x/y"]))
@settings(max_examples=200, derandomize=True)
def test_a_safe_name_is_one_name(name: str, media: str) -> None:
    safe = names.safe(name, media)
    assert safe
    assert safe not in (".", "..")
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert len(safe.encode()) <= names.MAX_BYTES + 8
    assert names.safe(safe, media) == safe


def test_equal_names_are_numbered() -> None:
    message = parse(with_parts(TEXT, PDF + b'filename="a.pdf"\n\nJQ==', PDF + b'filename="A.pdf"\n\nJQ=='))
    assert [item.name for item in message.attachments] == ["a.pdf", "A-2.pdf"]


INLINE = [
    (
        "shown in the HTML",
        with_parts(b'Content-Type: text/html\n\n<img src="cid:i1">', PNG + b"\niVBO", kind=b"related"),
        [True],
    ),
    (
        "beside the HTML, not shown",
        with_parts(b"Content-Type: text/html\n\nx", PNG + b"Content-Disposition: inline\n\niVBO", kind=b"related"),
        [True],
    ),
    (
        "attached and not shown",
        with_parts(TEXT, PNG.replace(b"image001", b"hien-truong") + b"Content-Disposition: attachment\n\niVBO"),
        [False],
    ),
    (
        "a phone's photo marked inline",
        with_parts(TEXT, b"Content-Type: image/jpeg; name=IMG_1.JPG\nContent-Disposition: inline\n\nx"),
        [False],
    ),
    (
        "a signature",
        with_parts(TEXT, b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx", kind=b"signed"),
        [True],
    ),
]


@pytest.mark.parametrize(("raw", "want"), [pytest.param(*row[1:], id=row[0]) for row in INLINE])
def test_pictures_of_the_body_are_told_from_files(raw: bytes, want: list[bool]) -> None:
    assert [item.inline for item in parse(raw).attachments] == want


def test_a_mail_in_a_mail_is_a_file_of_its_own() -> None:
    inner = (
        b"Content-Type: message/rfc822\n\nFrom: z@y.x\nSubject: =?utf-8?b?"
        + b64("Đơn gốc")
        + b"?=\nMessage-ID: <in@x>\n\nPCBK-2026-000001"
    )
    message = parse(with_parts(TEXT, inner))
    assert message.text == "xin chào"
    assert [item.name for item in message.attachments] == ["Đơn gốc.eml"]
    assert message.from_address == "a@b.c"


def test_one_text_of_an_alternative_and_the_calendar() -> None:
    calendar = b"Content-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"
    message = parse(
        with_parts(TEXT, b"Content-Type: text/html; charset=utf-8\n\n<p>a</p>", calendar, kind=b"alternative")
    )
    assert (message.text, message.html, message.calendar, message.attachments) == (
        "xin chào",
        "<p>a</p>",
        "REQUEST",
        (),
    )


def test_outlook_rich_mail_is_kept_whole() -> None:
    message = parse(
        with_parts(TEXT, b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\neJ8+Ig==")
    )
    assert [(item.name, item.inline) for item in message.attachments] == [("winmail.dat", False)]


def test_opaquely_signed_mail_is_opened() -> None:
    inner = TEXT
    octets = b"\x04\x82" + len(inner).to_bytes(2, "big") + inner
    explicit = b"\xa0\x82" + len(octets).to_bytes(2, "big") + octets
    data = bytes.fromhex("06092a864886f70d010701") + explicit
    signed = (
        b"\x30\x80"
        + bytes.fromhex("06092a864886f70d010702")
        + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80"
        + data
        + b"\0\0" * 4
    )
    raw = (
        HEAD
        + b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
        + b64(signed)
    )
    assert parse(raw).text == "xin chào"


@pytest.mark.parametrize(
    ("field", "address", "name"),
    [
        (b'"B\xc3\xa0 A" <A@B.vn>', "a@b.vn", "Bà A"),
        (b"a@b.vn (A)", "a@b.vn", None),
        (
            b"=?utf-8?b?" + b64('x@pcbk.test" <x@pcbk.test>') + b"?= <evil@e.vn>",
            "evil@e.vn",
            'x@pcbk.test" <x@pcbk.test>',
        ),
        (b'"dl@pcbk.test" <evil@e.vn>', "evil@e.vn", "dl@pcbk.test"),
        (b"dl@pcbk.test <evil@e.vn>", "evil@e.vn", "dl@pcbk.test"),
        (b"group: a@b.vn, c@d.vn;", "a@b.vn", None),
        (b"no address", None, "no address"),
        (b"", None, None),
    ],
)
def test_senders(field: bytes, address: str | None, name: str | None) -> None:
    message = parse(b"From: " + field + b"\n\nx")
    assert (message.from_address, message.from_name) == (address, name)


def test_several_senders_are_all_seen() -> None:
    assert parse(b"From: a@b.vn, c@d.vn\nFrom: e@f.vn\n\nx").from_all == ("a@b.vn", "c@d.vn", "e@f.vn")


BOUNCES = [
    (
        b"From: MAILER-DAEMON@x.vn\nSubject: failure notice\n\nHi. This is the qmail-send program at x.vn.\n\n<u@x.vn>:\nno mailbox (#5.1.1)\n\nMessage-ID: <r@x>\n",
        "failed",
        "5.1.1",
        "u@x.vn",
    ),
    (
        b"From: mail@x.vn\nReturn-Path: <>\nX-Failed-Recipients: u@x.vn\nSubject: Mail delivery failed\n\n550 5.7.1 no\n\nMessage-ID: <r@x>\n",
        "failed",
        "5.7.1",
        "u@x.vn",
    ),
    (
        b"From: postmaster@x.vn\nSubject: Warning: message 1 delayed 24 hours\n\nwill be retried 4.4.1\nMessage-ID: <r@x>\n",
        "delayed",
        "4.4.1",
        None,
    ),
]


@pytest.mark.parametrize(("raw", "action", "status", "recipient"), BOUNCES)
def test_bounces_in_prose(raw: bytes, action: str, status: str, recipient: str | None) -> None:
    message = parse(raw)
    assert message.report == "delivery-status"
    assert message.reported_message_id == "<r@x>"
    assert (message.delivery[0].action, message.delivery[0].status) == (action, status)
    assert recipient is None or message.delivery[0].recipient == recipient


def test_a_person_who_writes_of_a_bounce_is_no_bounce() -> None:
    assert parse(b"From: dl@pcbk.test\nSubject: Re: Undeliverable: x\n\nThu bi tra lai 5.1.1").report is None


def test_flowed_text_is_joined_and_values_keep_their_blank() -> None:
    message = parse(HEAD + b"Content-Type: text/plain; format=flowed\n\nmot \nhai\n >220V\n> cu \n> nua\n-- \nten")
    assert message.text == "mot hai\n >220V\n> cu nua\n-- \nten"


def build(rng: random.Random) -> tuple[bytes, str, dict[str, bytes]]:
    """A mail by the standard library: bytes, text, files."""
    mail = email.message.EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "Điện lực <a@b.vn>", "Trả lời " + "phiếu " * rng.randrange(20)
    text = "".join(rng.choice("aăâđê ô\nƯ>.=-") for _ in range(rng.randrange(400))) + "x"
    mail.set_content(text, cte=rng.choice(["base64", "quoted-printable", "8bit"]))
    if rng.random() < 0.5:
        mail.add_alternative(f"<p>{text}</p>", subtype="html")
    files = {f"tệp {number}.pdf": rng.randbytes(rng.randrange(300)) for number in range(rng.randrange(4))}
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes(), text, files


def test_what_the_standard_library_writes_is_read_back() -> None:
    for seed in range(150):
        raw, text, files = build(random.Random(seed))
        message = parse(raw)
        assert (message.text or "").rstrip("\n") == unicodedata.normalize("NFC", text).rstrip("\n"), seed
        assert {item.name: item.content for item in message.attachments} == files, seed
        assert not message.defects


@given(st.binary(max_size=600))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    assert parse(raw) == parse(raw)


def test_mutated_mails_are_read() -> None:
    rng = random.Random(5)
    seeds = (
        [build(random.Random(seed))[0] for seed in range(20)]
        + [raw for raw, *_rest in BOUNCES]
        + [row[1] for row in INLINE]
    )
    for _ in range(1500):
        raw = bytearray(rng.choice(seeds))
        for _ in range(rng.randrange(1, 12)):
            position = rng.randrange(len(raw))
            what = rng.randrange(3)
            if what == 0:
                raw[position] = rng.randrange(256)
            elif what == 1:
                del raw[position : position + rng.randrange(40)]
            else:
                raw[position:position] = rng.choice(
                    [b"\n", b"\r\n\r\n", b'"', b"--=_x\n", b"=?utf-8?b?", b"%", b"\xff", b";", b"<"]
                )
            raw = raw or bytearray(b"x")
        assert parse(bytes(raw)) == parse(bytes(raw))


def test_bounds_are_kept() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    many = with_parts(*[b"\nx"] * 5000)
    reader = mime.Reader()
    reader.read(deep)
    assert reader.parts <= mime.MAX_DEPTH + 2
    reader = mime.Reader()
    reader.read(many)
    assert reader.parts <= mime.MAX_PARTS
    assert reader.defects


@pytest.mark.parametrize("raw", [b"", b"abc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000])
def test_a_broken_outlook_file_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused, match=r"\.eml"):
        read_msg(raw)
