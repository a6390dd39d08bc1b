"""Makes reply mails as mail clients make them, with their truth: client × quoting × posting × charset × link × attachment.

Deterministic: the case of a number is always the same. Texts come from ``cases_replies/texts.toml``.
"""

import base64
import json
import random
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tests.reading.reply_bytes import PNG, TO_TCVN3, attached, coded, coded_subject, mail, multipart, part
from tests.reading.reply_clients import (
    HTML,
    PLAIN,
    old_text,
    q_gmail_en,
    q_gmail_old,
    q_gmail_vi,
    q_iphone_vi,
    q_none,
    q_outlook_en,
    q_outlook_vi,
    q_roundcube,
    q_samsung,
    q_thunderbird_en,
    q_thunderbird_vi,
    when,
)
from tests.reading.reply_tickets import DESK, TICKETS, UNITS, Ticket

HERE = Path(__file__).parent
TEXTS = tomllib.loads((HERE / "cases_replies" / "texts.toml").read_text("utf-8"))


@dataclass
class Case:
    name: str
    raw: bytes
    truth: dict
    client: str = ""
    notes: list = field(default_factory=list)


def write(folder: Path, cases: list[Case]) -> None:
    """Lay the cases out like the samples: *.eml, context.jsonl, units.json, truth.jsonl."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        (folder / case.name).write_bytes(case.raw)
    rows = [
        {
            "ticket": t.number,
            "message_id": t.message_id,
            "unit": t.unit,
            "customer_name": t.customer,
            "customer_code": t.code,
            "subject": t.subject,
            "body": t.body,
            "status": "waiting",
        }
        for t in TICKETS
    ]
    _lines(folder / "context.jsonl", rows)
    _lines(folder / "truth.jsonl", [{"file": case.name, **case.truth} for case in cases])
    units = {key: {"name": name, "addresses": [address]} for key, (name, address) in UNITS.items()}
    (folder / "units.json").write_text(json.dumps(units, ensure_ascii=False), "utf-8")


def _lines(path: Path, rows: list[dict]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", "utf-8")


FILES = [
    "Biên bản kiểm tra.pdf",
    "Trả lời KH.docx",
    "anh hien truong.jpg",
    "Số liệu tháng 10.xlsx",
    "CV_1234.pdf",
    "IMG_2041.JPG",
]
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def case(number: int) -> Case:
    """The case of a number: everything about it is drawn from the number."""
    rng = random.Random(9000 + number)
    t = TICKETS[rng.randrange(len(TICKETS))]
    kind = rng.choices(
        ["answer", "partial", "question", "forward", "unrelated", "auto_reply", "bounce", "read_receipt"],
        [50, 14, 14, 6, 6, 4, 3, 3],
    )[0]
    made = {
        "forward": _forward,
        "unrelated": _unrelated,
        "auto_reply": _auto,
        "bounce": _bounce,
        "read_receipt": _receipt,
    }
    built = made[kind](number, t, rng) if kind in made else _reply(number, t, rng, kind)
    return built


def _sender(t: Ticket, rng) -> tuple[str, str, bool]:
    name, address = UNITS[t.unit]
    drawn = rng.random()
    if drawn < 0.05:
        return name, f"{address.split('@')[0]}88@gmail.test", False
    if drawn < 0.08:
        return name, address.replace("pcbk.test", "pcbk-test.test"), False
    if drawn < 0.1:
        return f"{name} <{address}>", "lua.dao@xau.test", False
    return name, address if rng.random() < 0.8 else address.upper(), True


def _fields(t, rng, subject, sender, link, number, to=None, cc=None):
    name, address = sender[:2]
    fields = [
        f"Return-Path: <{address}>",
        f"From: {coded(name)} <{address}>",
    ]
    fields.append(f"To: {to or f'{coded(DESK[0])} <{DESK[1]}>'}")
    if cc:
        fields.append(f"Cc: {cc}")
    fields += [
        f"Subject: {coded_subject(subject, rng)}",
        "Date: Mon, 23 Nov 2026 10:00:00 +0700",
        f"Message-ID: <c{number}@mail.pcbk.test>",
    ]
    if link == "thread":
        fields += [f"In-Reply-To: {t.message_id}", f"References: {t.message_id}"]
    elif link == "deep":
        fields += ["In-Reply-To: <zzz@other.test>", f"References: {t.message_id}\n <yyy@other.test> <zzz@other.test>"]
    return fields


def _body(text_plain: str, text_html: str | None, rng, how=None) -> str:
    if text_html is None:
        return part(text_plain, rng, "plain", how)
    if text_plain is None:
        return part(text_html, rng, "html", how)
    return multipart("alternative", [part(text_plain, rng, "plain", how), part(text_html, rng, "html", how)], rng)


def _reply(number, t, rng, kind):
    answer = TEXTS[kind][rng.randrange(len(TEXTS[kind]))]
    sign = rng.choice(TEXTS["closing"])
    chain = []
    if rng.random() < 0.12:
        chain = [
            f"Kính gửi: {UNITS[t.unit][0]}\n\nĐến nay Phòng GDKH chưa nhận được trả lời phiếu trên, đề nghị đơn vị trả lời ngay hôm nay.\n\nPhòng Giao dịch khách hàng"
        ]
        if rng.random() < 0.5:
            chain.append(
                f"{'_' * 32}\nTừ: {UNITS[t.unit][0]} <{UNITS[t.unit][1]}>\nĐã gửi: Thứ Hai, 2 Tháng Mười Một 2026 9:15 SA\nTới: {DESK[0]} <{DESK[1]}>\nChủ đề: RE: {t.subject}\n\nĐơn vị đã nhận phiếu, đang kiểm tra.\n\nTrân trọng"
            )
    old = old_text(t, chain)
    new = f"{answer}\n\n{sign}" if sign else answer
    if sign and rng.random() < 0.25 and sign not in ("ĐL Bạch Thông", "Điện lực Chợ Mới", "Phòng Điều độ - B26"):
        new = f"{answer}\n{sign}"
    posting = None
    style = rng.random()
    text = body_html = None
    client = ""
    if style < 0.56:
        quote = rng.choice(PLAIN)
        client = quote.__name__
        text = quote(new, t, old, rng)
        if (
            quote in (q_thunderbird_vi, q_thunderbird_en, q_roundcube, q_gmail_vi, q_gmail_old, q_gmail_en)
            and rng.random() < 0.35
        ):
            text, posting = _below(text, new, answer, sign, rng)
    else:
        quote = rng.choice(HTML)
        client = quote.__name__
        body_html = quote(answer, sign, t, old, rng)
        if rng.random() < 0.5:
            text = rng.choice([q_outlook_vi, q_gmail_vi, q_iphone_vi])(new, t, old, rng)
    how = None
    if body_html is None and rng.random() < 0.04:
        text, how = text.translate(TO_TCVN3).replace("—", "-"), "utf8-b64"
        client += "+tcvn3"
    elif body_html is None and rng.random() < 0.06:
        text, how = _flow(text), "flowed"
        client += "+flowed"
    link, subject, ticket, code_text = _link(t, rng)
    body = _body(text, body_html, rng, how)
    if code_text and body_html is None and posting is None:
        answer2 = f"{answer}\nMã KH: {code_text}"
        text = (
            quote(f"{answer2}\n\n{sign}" if sign else answer2, t, "", rng)
            if quote is q_none
            else f"{answer2}\n\n{sign}".strip()
        )
        answer, body = answer2, part(text, rng, "plain")
    elif code_text:
        ticket = None
        if code_text:
            body = part(f"{answer}\n\n{sign}".strip(), rng, "plain")
            posting = None
    body, names = _with_files(body, rng)
    sender = _sender(t, rng)
    raw = mail(_fields(t, rng, subject, sender, link, number), body, rng)
    truth = {"ticket": ticket, "kind": kind, "answer_text": answer, "attachments": names, "trusted": sender[2]}
    if posting:
        truth["posting"] = posting
    return Case(f"g{number:04d}.eml", raw, truth, client)


def _below(text, new, answer, sign, rng):
    """Turn a top-posted plain reply into one that answers below the quotation, or between its lines."""
    quoted = text[len(new) :].strip("\n")
    lines = quoted.split("\n")
    spot = next((i for i, row in enumerate(lines) if "Nội dung:" in row and row.startswith("> -")), None)
    if rng.random() < 0.35 and spot is not None:
        while (
            spot + 1 < len(lines)
            and not lines[spot + 1].startswith(("> -", "> Đề nghị", ">\n"))
            and lines[spot + 1] != ">"
        ):
            spot += 1
        return "\n".join([*lines[: spot + 1], "", answer, "", *lines[spot + 1 :], "", sign]), "inline"
    return f"{quoted}\n\n{new}\n", "bottom"


def _flow(text: str) -> str:
    out = []
    for row in text.split("\n"):
        if row.startswith(">") or len(row) < 70:
            out.append(" " + row if row.startswith((" ", "> 2")) and not row.startswith(">") else row)
        else:
            pieces = textwrap.wrap(row, 66)
            out += [piece + " " for piece in pieces[:-1]] + [pieces[-1]]
    return "\n".join(out)


def _link(t, rng):
    """How the mail is tied to its ticket: (thread header, subject, ticket of the truth, customer code to write or None)."""
    other = TICKETS[(TICKETS.index(t) + 7) % len(TICKETS)]
    prefix = rng.choice(["Re: ", "RE: ", "Trả lời: ", "TL: ", "Re: Re: "])
    drawn = rng.random()
    if drawn < 0.62:
        return "thread", prefix + t.subject, t.number, None
    if drawn < 0.72:
        return "none", prefix + t.subject, t.number, None
    if drawn < 0.8:
        return (
            rng.choice(["thread", "deep"]),
            rng.choice(["Trả lời phiếu", "V/v khách hàng", "RE: xác minh"]),
            t.number,
            None,
        )
    if drawn < 0.84:
        return "thread", prefix + other.subject, None, None
    if drawn < 0.87:
        return "thread", f"{prefix}{t.subject}; [{other.number}]", t.number, None
    if drawn < 0.9:
        return "none", f"{prefix}[{t.number}], [{other.number}] trả lời", None, None
    if drawn < 0.92:
        return "none", prefix + t.subject.replace("PCBK-2026-000", "pcbk – 2026 – 000"), t.number, None
    if drawn < 0.94:
        return "none", "Trả lời [PCBK-2026-0009999]", None, None
    if t.code:
        code = rng.choice(
            [t.code, f"{t.code[:4]} {t.code[4:6]} {t.code[6:]}", t.code.lower(), f"{t.code[:6]}.{t.code[6:]}"]
        )
        return "none", "Trả lời khách hàng", t.number, code
    return "none", f"Trả lời khách hàng {t.customer}", None, None


def _with_files(body, rng):
    names: list[str] = []
    if rng.random() < 0.1:
        body = multipart(
            "related",
            [
                body,
                f'Content-Type: image/png; name="image001.png"\nContent-ID: <image001.png@01D>\nContent-Disposition: inline; filename="image001.png"\nContent-Transfer-Encoding: base64\n\n{base64.b64encode(PNG).decode()}\n',
            ],
            rng,
        )
    parts = [body]
    if rng.random() < 0.15:
        for name in rng.sample(FILES, rng.choice([1, 1, 2])):
            parts.append(
                attached(
                    name,
                    b"%PDF-1.4 noi dung" + name.encode(),
                    MEDIA.get(name.rsplit(".")[-1].lower(), "application/octet-stream"),
                    rng,
                )
            )
            names.append(name)
    if rng.random() < 0.04:
        return multipart(
            "signed",
            [
                multipart("mixed", parts, rng) if len(parts) > 1 else body,
                "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIIB\n",
            ],
            rng,
        ), names
    return (multipart("mixed", parts, rng) if len(parts) > 1 else body), names


def _forward(number, t, rng):
    comment = rng.choice(TEXTS["forward"])
    quote = rng.choice([q_outlook_vi, q_outlook_en, "gmail", "thunderbird", q_samsung])
    sign = rng.choice(["Trân trọng", "", "ĐL Na Rì"]) if comment else ""
    new = f"{comment}\n\n{sign}".strip()
    if quote == "gmail":
        text = f"{new}\n\n---------- {rng.choice(['Thư đã chuyển tiếp', 'Forwarded message'])} ---------\nTừ: {DESK[0]} <{DESK[1]}>\nDate: {when(t)['gmail_vi']}\nSubject: {t.subject}\nTo: <{UNITS[t.unit][1]}>\n\n\n{t.body}"
    elif quote == "thunderbird":
        text = f"{new}\n\n\n-------- Tin nhắn đã được chuyển tiếp --------\nChủ đề: \t{t.subject}\nNgày: \t{when(t)['tb']}\nTừ: \t{DESK[0]} <{DESK[1]}>\nĐến: \t{UNITS[t.unit][1]}\n\n{t.body}"
    else:
        text = quote(new, t, t.body, rng)
    subject = rng.choice(["Fwd: ", "FW: ", "Chuyển tiếp: ", "Fw: "]) + t.subject
    sender = _sender(t, rng)
    fields = _fields(t, rng, subject, sender, "thread", number, to="<b26@pcbk.test>", cc=f"<{DESK[1]}>")
    return Case(
        f"g{number:04d}.eml",
        mail(fields, part(text, rng), rng),
        {"ticket": t.number, "kind": "forward", "answer_text": comment, "attachments": [], "trusted": sender[2]},
        "forward",
    )


def _unrelated(number, t, rng):
    subject, text = rng.choice(TEXTS["unrelated"])
    sender = _sender(t, rng)
    body, names = _with_files(part(text + rng.choice(["", "\n\nTrân trọng"]), rng), rng)
    raw = mail(_fields(t, rng, subject, sender, "none", number), body, rng)
    return Case(
        f"g{number:04d}.eml",
        raw,
        {"ticket": None, "kind": "unrelated", "answer_text": None, "attachments": names, "trusted": sender[2]},
        "unrelated",
    )


def _auto(number, t, rng):
    text = rng.choice(TEXTS["auto_reply"])
    subject = rng.choice(["Trả lời tự động: ", "Automatic reply: ", "Tự động trả lời: ", "Re: "]) + t.subject
    sender = UNITS[t.unit]
    fields = _fields(t, rng, subject, sender, "thread", number)
    if subject.startswith("Re") or rng.random() < 0.5:
        fields.append(
            rng.choice(
                [
                    "Auto-Submitted: auto-replied",
                    "X-Autoreply: yes",
                    "Precedence: auto_reply",
                    "Auto-Submitted: auto-replied (vacation)",
                ]
            )
        )
    return Case(
        f"g{number:04d}.eml",
        mail(fields, part(text, rng), rng),
        {"ticket": t.number, "kind": "auto_reply", "answer_text": None, "attachments": [], "trusted": True},
        "auto",
    )


def _bounce(number, t, rng):
    address = UNITS[t.unit][1]
    late = rng.random() < 0.3
    action, status = ("delayed", "4.4.1") if late else ("failed", rng.choice(["5.1.1", "5.2.2", "5.7.1"]))
    fields = [
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.pcbk.test>",
        f"To: {DESK[1]}",
        "Date: Mon, 23 Nov 2026 10:00:00 +0700",
        f"Message-ID: <b{number}@mx.pcbk.test>",
    ]
    form = rng.choice(["standard", "exchange", "exim", "qmail"])
    if form in ("standard", "exchange"):
        subject = (
            "Undelivered Mail Returned to Sender" if form == "standard" else coded(f"Không thể gửi được: {t.subject}")
        )
        original = rng.choice(
            [
                f"Content-Type: text/rfc822-headers\n\nMessage-ID: {t.message_id}\nSubject: {coded(t.subject)}\n",
                f"Content-Type: message/rfc822\n\nFrom: {DESK[1]}\nMessage-ID: {t.message_id}\nSubject: {coded(t.subject)}\nContent-Type: text/plain; charset=utf-8\n\nabc\n",
            ]
        )
        body = multipart(
            "report; report-type=delivery-status",
            [
                "Content-Type: text/plain\n\nSorry.\n",
                f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.pcbk.test\n\nFinal-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} no such user\n",
                original,
            ],
            rng,
        )
    elif form == "exim":
        subject = (
            "Warning: message 1abc delayed 24 hours" if late else "Mail delivery failed: returning message to sender"
        )
        fields.append(f"X-Failed-Recipients: {address}")
        body = f"Content-Type: text/plain; charset=us-ascii\n\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered{' yet; delivery will continue to be attempted, the message is delayed' if late else ''} to one or more of its\nrecipients:\n\n  {address}\n    host mx.x.test: {status}\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: {t.message_id}\nSubject: {coded(t.subject)}\n\nabc\n"
    else:
        late, action, status, subject = False, "failed", "5.1.1", "failure notice"
        body = f"Content-Type: text/plain\n\nHi. This is the qmail-send program at mx.pcbk.test.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{address}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <{DESK[1]}>\nMessage-ID: {t.message_id}\nSubject: {coded(t.subject)}\n\nabc\n"
    fields.append(f"Subject: {subject}")
    return Case(
        f"g{number:04d}.eml",
        mail(fields, body, rng),
        {
            "ticket": t.number,
            "kind": "bounce",
            "answer_text": None,
            "attachments": [],
            "trusted": None,
            "dsn_action": action,
            "dsn_status": status,
        },
        f"bounce-{form}",
    )


def _receipt(number, t, rng):
    name, address = UNITS[t.unit]
    word = rng.choice(
        [("Đã đọc: ", "displayed"), ("Read: ", "displayed"), ("Không đọc: ", "deleted"), ("Not read: ", "deleted")]
    )
    fields = _fields(t, rng, word[0] + t.subject, (name, address), "none", number)
    body = multipart(
        "report; report-type=disposition-notification",
        [
            part("Thư của bạn đã được đọc.", rng),
            f"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;{address}\nOriginal-Message-ID: {t.message_id}\nDisposition: manual-action/MDN-sent-manually; {word[1]}\n",
        ],
        rng,
    )
    return Case(
        f"g{number:04d}.eml",
        mail(fields, body, rng),
        {"ticket": t.number, "kind": "read_receipt", "answer_text": None, "attachments": [], "trusted": True},
        "mdn",
    )


def is_held_out(number: int) -> bool:
    """Three cases in ten are looked at only when the work is done."""
    return random.Random(f"held {number}").random() < 0.3
