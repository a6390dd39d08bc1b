"""Mails of up to a megabyte made to hold a reader: nested, repeated, unclosed, ambiguous. Names say what is repeated."""

from collections.abc import Iterator

SIZE = 1_000_000
_HEAD = b"From: a@b.c\nTo: d@e.f\nSubject: x\n"
_PLAIN = _HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
_HTML = _HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
_FLOWED = _HEAD + b"Content-Type: text/plain; format=flowed\n\n"
_MIXED = _HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n"

PLAIN = {
    "quote marks": ">", "quoted lines": "> x\n", "spaced quote marks": "> ", "blank lines": "\n", "blanks": " ", "blank-only lines": "        \n",
    "one word": "a", "one rule": "_", "rules": "_" * 32 + "\n", "On On On": "On ", "attributions": "On 1 2026 10:00 a@b\n", "da viet": "Vào lúc đã viết\n",
    "wrote": "wrote:\n", "half headers": "From: a@b\n", "headers without subject": "From: a\nTo: b\nSent: c\n", "closings": "Trân trọng\n",
    "ambiguous addressees": "x\ncam on " + "anh chi " * 15 + "x\n", "question marks": "?", "questions": "? \n", "requests": "đề nghị phòng ",
    "request lines": "đề nghị phòng " * 40 + "\n", "promises": "đơn vị đang sẽ chờ báo gửi " * 20 + "\n", "TCVN3": "®iÖn lùc ", "one TCVN3 sign": "®",
    "double coding": "Ä‘iá»‡n lá»±c\n", "zeros": "\0", "stacked marks": "\u0301", "letters with marks": "a\u0301\u0323\u0302", "codes": "PA26BK0000106 ",
    "letters of a code": "P", "disclaimers": "x\nluu y thu dien tu \n", "signature marks": "x\n-- \n", "phones": "x\n0912 345 678 - - - - \n", "names": "x\nNguyễn Văn A\n",
    "our own request": "Nội dung dòng dài để so khớp\n",
}  # fmt: skip
HTML = {
    "nested div": "<div>", "open angles": "<", "unclosed values": "<a b='", "nested quotes": "<blockquote>", "misnested": "<b><p>",
    "quotes": "<blockquote type=cite>x</blockquote>", "tables": "<table><tr><td>x", "entities": "&#x41;", "ampersands": "&",
    "styles": "<div style='border-top:solid     '>", "classes": "<div class='a b c d e f'>x</div>", "comments": "<!--", "hidden": "<p hidden>", "rules": "<hr>",
    "titles": "<title>", "svg": "<svg>", "half end tags": "<title></title ", "containers": "<td class=gmail_quote>", "cid": "cid:a ",
}  # fmt: skip
RAW = {
    "nested parts": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(18000)),
    "many parts": _MIXED + b"--x\n\nq\n" * 140_000, "near boundaries": _MIXED + b"\n--x" * 250_000 + b"y", "fields": b"a:b\n" * 250_000,
    "one field": b"a: " + b"x" * SIZE, "folds": b"a: b\n" + b" c\n" * 333_000, "carriage returns": b"\r" * SIZE, "empty lines": b"\r\n" * 500_000,
    "coded words": b"Subject: " + b"=?utf-8?q?a?=" * 70_000, "half coded words": b"Subject: " + b"=?a?b?" * 160_000, "references": b"References: " + b"<a@b> " * 160_000,
    "one reference": b"References: " + b"<" * SIZE, "addresses": b"From: " + b"a@b," * 250_000, "comments": b"From: " + b"(" * SIZE, "quotes": b"From: " + b'"' * SIZE,
    "parameters": b"Content-Type: text/plain; " + b"a=b;" * 200_000, "continuations": b"Content-Type: text/plain; " + b"name*0*=a;" * 90_000,
    "base64 ends": _HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=\n" * 500_000, "quoted-printable": _HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * SIZE,
    "uuencode": _HEAD + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n" + b"M\n" * 500_000, "flowed": _FLOWED + b"a \n" * 330_000, "flowed quotes": _FLOWED + b"> \n" * 330_000,
    "pre": _HTML + b"<pre>" + b"\n" * SIZE, "ff": _PLAIN + b"\xff" * SIZE, "numbers": b"Subject: " + b"PCBK-2026-000001 " * 60_000 + b"\n\n",
    "delivery": b"From: mailer-daemon@x\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n" + b"Final-Recipient: a\nAction: b\n\n" * 30_000,
    "bounced": b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"<a@b.c>:\n" * 100_000, "returned ids": b"From: mailer-daemon@x\nSubject: Undelivered\n\n" + b"message-id:\n" * 80_000,
    "signed chunks": _HEAD + b"Content-Type: application/pkcs7-mime\n\n\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80\x30\x80\x06\x09"
    + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80\x24\x80" + b"\x04\x01a" * 300_000,
    "results": _HEAD + b"Authentication-Results: mx; " + b"dmarc = " * 100_000, "open results": _HEAD + b"Authentication-Results: " + b"(" * SIZE,
}  # fmt: skip


def nasty() -> Iterator[tuple[str, bytes]]:
    """Yield (what is repeated, the mail)."""
    for name, text in PLAIN.items():
        unit = text.encode()
        yield f"plain {name}", _PLAIN + unit * (SIZE // len(unit))
    for name, text in HTML.items():
        unit = text.encode()
        yield f"html {name}", _HTML + unit * (SIZE // len(unit))
    yield from RAW.items()
