"""Makes reply mails as mail clients make them, with their truth: client × quoting × posting × charset × link × attachment.

Deterministic: the case of a number is always the same. Texts come from ``cases_replies/texts.toml``.
"""

import base64
import html
import io
import json
import quopri
import random
import textwrap
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
TEXTS = tomllib.loads((HERE / "cases_replies" / "texts.toml").read_text("utf-8"))
UNITS = {
    "Bạch Thông": ("Điện lực Bạch Thông", "dlbachthong@pcbk.test"),
    "Chợ Đồn": ("Điện lực Chợ Đồn", "dlchodon@pcbk.test"),
    "Na Rì": ("Điện lực Na Rì", "dlnari@pcbk.test"),
    "B26": ("B26 - Phòng Điều độ", "b26@pcbk.test"),
    "Ba Bể": ("Điện lực Ba Bể", "dlbabe@pcbk.test"),
}
DESK = ("Phòng GDKH - PC Bắc Kạn", "gdkh@pcbk.test")
PEOPLE = ["Nguyễn Văn Minh", "Trần Thị Hòa", "Bàn Thị Mùi", "Công ty TNHH Chè Khau Mạ", "Lý A Sểnh", "Hoàng Quốc Việt"]
ASKED = [
    "Hỏi lịch ngừng cấp điện ngày 15/11",
    "Khiếu nại mất điện nhiều lần trong tháng 10 không thông báo trước",
    "Đề nghị lùi lịch cắt điện ngày 21/11 vì gia đình có đám cưới",
    "Phản ánh điện yếu buổi tối, đèn không sáng, quạt không quay",
    "Hỏi chi phí đóng cắt điện trở lại",
]


@dataclass
class Ticket:
    number: str
    message_id: str
    unit: str
    customer: str
    code: str | None
    subject: str
    body: str
    sent: tuple[int, int, int, int]


@dataclass
class Case:
    name: str
    raw: bytes
    truth: dict
    client: str = ""
    notes: list = field(default_factory=list)


def tickets() -> list[Ticket]:
    made = []
    for number in range(1, 31):
        rng = random.Random(number)
        unit = list(UNITS)[number % len(UNITS)]
        customer = PEOPLE[number % len(PEOPLE)]
        code = f"PA26{['BT', 'CD', 'NR', 'BK', 'BB'][number % 5]}{200 + number:07d}" if number % 3 else None
        ticket = f"PCBK-2026-{number + 400:06d}"
        own = number % 2 == 0
        ident = (
            f"<{ticket}.ask_unit.1.{rng.randrange(16**8):08x}@pcbk.test>" if own else f"<req-{number:03d}@pcbk.test>"
        )
        lines = [
            f"Kính gửi: {UNITS[unit][0]}",
            "",
            "Phòng GDKH tiếp nhận yêu cầu của khách hàng, đề nghị đơn vị xác minh và trả lời:",
            f"- Khách hàng: {customer}" + (f" (mã KH {code})" if code else ""),
            f"- Địa chỉ: thôn Nà {number}, xã Cẩm Giàng",
            f"- Nội dung: {ASKED[number % len(ASKED)]}",
            f"Đề nghị gửi kết quả về Phòng GDKH trước 17h00 ngày {number % 28 + 1:02d}/11/2026 (giữ nguyên mã phiếu trong tiêu đề).",
            "",
            "Phòng Giao dịch khách hàng",
            "Công ty Điện lực Bắc Kạn - ĐT 0209 3000 111",
        ]
        if own:
            lines = ["— Xin trả lời phía trên dòng này —", "", *lines, "", f"Mã phiếu: {ticket}"]
        made.append(
            Ticket(
                ticket,
                ident,
                unit,
                customer,
                code,
                f"[{ticket}] Đề nghị xác minh, trả lời khách hàng {customer}",
                "\n".join(lines),
                (number % 28 + 1, rng.randrange(7, 18), rng.randrange(60), 11),
            )
        )
    return made


TICKETS = tickets()


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


# ---- how clients quote -------------------------------------------------------------------------------------------------

LINE = "<br>"
WEEK_VI = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]
WEEK_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def when(t: Ticket) -> dict:
    day, hour, minute, month = t.sent
    import datetime as dt

    d = dt.date(2026, month, day)
    half, h12 = ("SA" if hour < 12 else "CH"), (hour - 1) % 12 + 1
    w = d.weekday()
    return {
        "outlook_vi": f"{WEEK_VI[w]}, {day} Tháng Mười Một 2026 {h12}:{minute:02d} {half}",
        "outlook_vi2": f"{WEEK_VI[w]}, {day} tháng {month}, 2026 {h12}:{minute:02d} {half}",
        "outlook_en": f"{WEEK_EN[w]}, November {day}, 2026 {h12}:{minute:02d} {'AM' if hour < 12 else 'PM'}",
        "gmail_vi": f"{'CN' if w == 6 else f'Th {w + 2}'}, {day} thg {month}, 2026 vào lúc {hour:02d}:{minute:02d}",
        "gmail_en": f"{WEEK_EN[w][:3]}, Nov {day}, 2026 at {h12}:{minute:02d} {'AM' if hour < 12 else 'PM'}",
        "tb": f"{day:02d}/{month:02d}/2026 {hour:02d}:{minute:02d}",
        "tb2": f"{hour:02d}:{minute:02d} {day:02d}/{month:02d}/2026",
        "iso": f"2026-{month:02d}-{day:02d} {hour:02d}:{minute:02d}",
        "iphone": f"{day} thg {month}, 2026, lúc {hour:02d}:{minute:02d}",
        "yahoo": f"{WEEK_VI[w]}, {day} tháng {month}, 2026 lúc {hour:02d}:{minute:02d}:00 GMT+7",
    }


def marks(text: str, width: int | None = None) -> str:
    out = []
    for line in text.split("\n"):
        if not line:
            out.append(">")
            continue
        for piece in textwrap.wrap(line, width) if width else [line]:
            out.append(("> " + piece) if not piece.startswith(">") else ">" + piece)
    return "\n".join(out)


def headers_vi(t, rng, sent_key="outlook_vi", to=("Tới", "Đến"), subject=("Chủ đề", "Tiêu đề"), sent="Đã gửi"):
    rows = [
        f"Từ: {DESK[0]} <{DESK[1]}>",
        f"{sent}: {when(t)[sent_key]}",
        f"{rng.choice(to)}: {UNITS[t.unit][0]} <{UNITS[t.unit][1]}>",
    ]
    if rng.random() < 0.3:
        rows.append("Cc: Lãnh đạo phòng <ldp@pcbk.test>")
    rows.append(f"{rng.choice(subject)}: {t.subject}")
    return "\n".join(rows)


def headers_en(t, rng, frm="From", bracket=False):
    address = f"[mailto:{DESK[1]}]" if bracket else f"<{DESK[1]}>"
    rows = [f"{frm}: {DESK[0]} {address}", f"Sent: {when(t)['outlook_en']}", f"To: {UNITS[t.unit][1]}"]
    if rng.random() < 0.3:
        rows.append("Cc: ldp@pcbk.test; Tran Van B <b@pcbk.test>")
    rows.append(f"Subject: {t.subject}")
    return "\n".join(rows)


def old_text(t: Ticket, chain: list[str]) -> str:
    """What the answered mail held: our request, or a later mail of the thread above it."""
    return "\n\n".join([*chain, t.body]) if chain else t.body


def q_outlook_vi(new, t, old, rng):
    return f"{new}\n\n{'_' * 32}\n{headers_vi(t, rng, rng.choice(['outlook_vi', 'outlook_vi2']))}\n\n{old}"


def q_outlook_vi_bold(new, t, old, rng):
    block = "\n".join("*" + row.replace(":", ":*", 1) for row in headers_vi(t, rng, "outlook_vi2").split("\n"))
    return f"{new}\n\n{block}\n\n{old}"


def q_outlook_en(new, t, old, rng):
    return f"{new}\n\n{headers_en(t, rng)}\n\n{old}"


def q_outlook_old(new, t, old, rng):
    return f"{new}\n\n-----Original Message-----\n{headers_en(t, rng, bracket=True)}\n\n{old}"


def q_outlook_mobile(new, t, old, rng):
    sign = rng.choice(
        ["Tải Outlook cho Android", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Tải Outlook dành cho iOS"]
    )
    return f"{new}\n\n{sign}\n{'_' * 32}\n{headers_en(t, rng)}\n\n{old}"


def q_gmail_vi(new, t, old, rng):
    line = f"Vào {when(t)['gmail_vi']} {DESK[0]} <{DESK[1]}> đã viết:"
    cut = rng.choice([None, line.index("<"), line.index("viết"), line.index(DESK[0]) + 6, line.index("<") + 1])
    if cut:
        line = line[:cut].rstrip(" ") + "\n" + line[cut:]
    return f"{new}\n\n{line}\n\n{marks(old, 72)}\n"


def q_gmail_old(new, t, old, rng):
    return f"{new}\n\nVào {when(t)['tb2']}, {DESK[0]} <{DESK[1]}> đã viết:\n{marks(old, 72)}"


def q_gmail_en(new, t, old, rng):
    return f"{new}\n\nOn {when(t)['gmail_en']} {DESK[0]} <{DESK[1]}>\nwrote:\n\n{marks(old, 72)}"


def q_thunderbird_vi(new, t, old, rng):
    return f"{new}\n\nVào lúc {when(t)['tb2']}, {DESK[0]} đã viết:\n{marks(old)}"


def q_thunderbird_en(new, t, old, rng):
    return f"{new}\n\nOn {when(t)['tb']}, {DESK[0]} wrote:\n{marks(old)}"


def q_iphone_vi(new, t, old, rng):
    sign = rng.choice(["Đã gửi từ iPhone của tôi", "Đã gửi từ iPad của tôi"])
    return f"{new}\n\n{sign}\n\nVào {when(t)['iphone']}, {DESK[0]} <{DESK[1]}> đã viết:\n\n{marks(old)}"


def q_iphone_en(new, t, old, rng):
    return f"{new}\n\nSent from my iPhone\n\n> On {when(t)['gmail_en'].replace(' at', ', at')}, {DESK[0]} <{DESK[1]}> wrote:\n> \n{marks(old)}"


def q_roundcube(new, t, old, rng):
    verb = rng.choice([("On", "wrote"), ("Vào", "đã viết")])
    return f"{new}\n\n{verb[0]} {when(t)['iso']}, {DESK[0]} {verb[1]}:\n{marks(old, 76)}"


def q_samsung(new, t, old, rng):
    rows = f"Từ: {DESK[0]} <{DESK[1]}> \nNgày: {t.sent[0]}/{t.sent[3]}/26  {t.sent[1]:02d}:{t.sent[2]:02d}  (GMT+07:00) \nĐến: {UNITS[t.unit][1]} \n{rng.choice(['Tiêu đề', 'Chủ đề'])}: {t.subject} "
    return (
        f"{new}\n\n\n-------- {rng.choice(['Tin nhắn gốc', 'Thư gốc', 'Original message'])} --------\n{rows}\n\n{old}"
    )


def q_zimbra(new, t, old, rng):
    title = rng.choice(["Thư gốc", "Original Message"])
    rows = (
        f'Từ: "{DESK[0]}" <{DESK[1]}>\nĐến: {UNITS[t.unit][1]}\nĐã gửi: {when(t)["outlook_vi2"]}\nChủ đề: {t.subject}'
    )
    return f"{new}\n\n----- {title} -----\n{rows}\n\n{old}"


def q_yahoo(new, t, old, rng):
    return f"{new}\n\n    Vào {when(t)['yahoo']}, {DESK[0]} <{DESK[1]}> đã viết:  \n \n {old}"


def q_zoho(new, t, old, rng):
    return f"{new}\n\n\n---- Vào {when(t)['gmail_vi']} {DESK[0]} <{DESK[1]}> đã viết ----\n\n{old}"


def q_bare(new, t, old, rng):
    """A client that quotes with no mark at all."""
    return f"{new}\n\n{old}"


def q_none(new, t, old, rng):
    return new


PLAIN = [
    q_outlook_vi,
    q_outlook_vi,
    q_outlook_vi_bold,
    q_outlook_en,
    q_outlook_old,
    q_outlook_mobile,
    q_gmail_vi,
    q_gmail_vi,
    q_gmail_vi,
    q_gmail_old,
    q_gmail_en,
    q_thunderbird_vi,
    q_thunderbird_en,
    q_iphone_vi,
    q_iphone_vi,
    q_iphone_en,
    q_roundcube,
    q_samsung,
    q_zimbra,
    q_yahoo,
    q_zoho,
    q_bare,
    q_none,
    q_none,
]


def esc(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>\n")


def divs(text: str) -> str:
    return "".join(f"<div>{esc(row) if row else '<br>'}</div>" for row in text.split("\n"))


def mso(text: str) -> str:
    return "".join(
        f"<p class=MsoNormal><span style='font-size:13.0pt'>{esc(row) if row else '&nbsp;'}<o:p></o:p></span></p>\n"
        for row in text.split("\n")
    )


def h_gmail(new, sign, t, old, rng):
    signed = (
        f'<br clear="all"><div><br></div>-- <br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">{esc(sign)}</div></div>'
        if sign and rng.random() < 0.4
        else f"<div><br></div>{divs(sign)}"
        if sign
        else ""
    )
    return f'<div dir="ltr">{divs(new)}{signed}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">Vào {when(t)["gmail_vi"]} {DESK[0]} &lt;<a href="mailto:{DESK[1]}">{DESK[1]}</a>&gt; đã viết:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{esc(old)}</blockquote></div>'


def h_outlook(new, sign, t, old, rng):
    block = "".join(
        f"<b>{row.split(':')[0]}:</b>{html.escape(row.split(':', 1)[1])}<br>" for row in headers_vi(t, rng).split("\n")
    )
    return f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><style><!-- p.MsoNormal {{margin:0in}} --></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit"/></xml><![endif]--></head><body lang=VI><div class=WordSection1>{mso(new)}{mso(chr(10) + sign) if sign else ""}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style=\'border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in\'><p class=MsoNormal>{block}<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>{mso(old)}</div></body></html>'


def h_owa(new, sign, t, old, rng):
    block = "<br>".join(
        f"<b>{row.split(':')[0]}:</b>{html.escape(row.split(':', 1)[1])}"
        for row in (headers_vi(t, rng) if rng.random() < 0.6 else headers_en(t, rng)).split("\n")
    )
    signed = f'<div class="elementToProof"><br></div><div id="Signature"><div>{esc(sign)}</div></div>' if sign else ""
    return f'<html><head><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style></head><body dir="ltr">{"".join(f"<div class=elementToProof style=font-size:12pt>{esc(r) or LINE}</div>" for r in new.split(chr(10)))}{signed}<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{block}</font><div>&nbsp;</div></div><div>{esc(old)}</div></body></html>'


def h_outlook_mobile(new, sign, t, old, rng):
    block = "<br>".join(
        f"<b>{row.split(':')[0]}:</b>{html.escape(row.split(':', 1)[1])}" for row in headers_en(t, rng).split("\n")
    )
    return f'<html><body><div dir="auto">{esc(new)}</div><div id="ms-outlook-mobile-body-separator-line" dir="auto"><br></div><div id="ms-outlook-mobile-signature" dir="auto">Tải <a href="https://aka.ms/o0ukef">Outlook cho iOS</a></div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message skipProofing"><hr style="display: inline-block; width: 98%;"><div id="divRplyFwdMsg" style="font-size: 11pt;">{block}</div><br>{esc(old)}</div></body></html>'


def h_iphone(new, sign, t, old, rng):
    return f'<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">{esc(new)}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Đã gửi từ iPhone của tôi</div><div dir="ltr"><br><blockquote type="cite">Vào {when(t)["iphone"]}, {DESK[0]} &lt;{DESK[1]}&gt; đã viết:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">﻿{esc(old)}</div></blockquote></body></html>'


def h_thunderbird(new, sign, t, old, rng):
    signed = f'<div class="moz-signature">-- <br>{esc(sign)}</div>' if sign else ""
    quote = f'<div class="moz-cite-prefix">Vào lúc {when(t)["tb2"]}, {DESK[0]} đã viết:<br></div><blockquote type="cite" cite="mid:x@pcbk.test"><pre class="moz-quote-pre" wrap="">{html.escape(old, quote=False)}</pre></blockquote>'
    body = "".join(f"<p>{esc(part)}</p>" for part in new.split("\n"))
    if rng.random() < 0.4:
        return f"<!DOCTYPE html><html><body>{quote}{body}{signed}</body></html>"
    return f"<!DOCTYPE html><html><body>{body}{quote}{signed}</body></html>"


def h_yahoo(new, sign, t, old, rng):
    return f'<html><body><div class="ydp1yahoo-style-wrap" style="font-size:16px"><div dir="ltr" data-setdir="false">{esc(new)}</div><div><br></div>{f"<div class=ydpsignature>{esc(sign)}</div>" if sign else ""}</div><div id="ydp2yahoo_quoted_123" class="ydp2yahoo_quoted"><div style="font-size:13px">        <div>Vào {when(t)["yahoo"]}, {DESK[0]} &lt;{DESK[1]}&gt; đã viết:</div><div><br></div><div>{esc(old)}</div></div></div></body></html>'


def h_zimbra(new, sign, t, old, rng):
    return f'<html><body><div style="font-family: arial"><div>{esc(new)}</div>{f"<div data-marker=__SIG_POST__>{esc(sign)}</div>" if sign else ""}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>Từ: </b>{DESK[0]}<br><b>Đến: </b>x<br><b>Đã gửi: </b>{when(t)["outlook_vi2"]}<br><b>Chủ đề: </b>{esc(t.subject)}<br></div><div><br></div><div data-marker="__QUOTED_TEXT__">{esc(old)}</div></div></body></html>'


def h_samsung(new, sign, t, old, rng):
    return f'<html><body><div dir="auto">{esc(new)}</div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Được gửi từ điện thoại thông minh Samsung Galaxy.</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- Tin nhắn gốc --------</div><div>Từ: {DESK[0]} &lt;{DESK[1]}&gt; </div><div>Ngày: {t.sent[0]}/11/26  08:30  (GMT+07:00) </div><div>Đến: x &lt;{UNITS[t.unit][1]}&gt; </div><div>Tiêu đề: {esc(t.subject)} </div><div><br></div></div>{esc(old)}</body></html>'


def h_roundcube(new, sign, t, old, rng):
    return f'<html><body style="font-size: 10pt">{"".join(f"<p>{esc(r)}</p>" for r in new.split(chr(10)))}{f"<div id=_rc_sig><pre>-- <br>{esc(sign)}</pre></div>" if sign else ""}<p id="reply-intro">Vào {when(t)["iso"]}, {DESK[0]} đã viết:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div>{esc(old)}</div></blockquote></body></html>'


HTML = [
    h_gmail,
    h_gmail,
    h_outlook,
    h_outlook,
    h_owa,
    h_owa,
    h_outlook_mobile,
    h_iphone,
    h_thunderbird,
    h_yahoo,
    h_zimbra,
    h_samsung,
    h_roundcube,
]


# ---- bytes ------------------------------------------------------------------------------------------------------------

TCVN3_TEXT = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
TCVN3_SIGNS = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§"
TO_TCVN3 = str.maketrans(TCVN3_TEXT, TCVN3_SIGNS)


def to_1258(text: str) -> bytes:
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            base, *rest = unicodedata.normalize("NFD", char)
            tone = [mark for mark in rest if mark in "\u0300\u0301\u0303\u0309\u0323"]
            kept = unicodedata.normalize("NFC", base + "".join(mark for mark in rest if mark not in tone))
            out += (kept + "".join(tone)).encode("cp1258", "replace")
    return out


def part(text: str, rng, subtype: str = "plain", how: str | None = None) -> str:
    """One text part, headers and body, in one of the codings that occur."""
    how = how or rng.choice(
        ["utf8-qp"] * 4 + ["utf8-b64"] * 4 + ["utf8-8bit", "ascii-8bit", "latin1-8bit", "none-8bit", "1258", "nfd"]
    )
    charset, raw = "utf-8", text.encode()
    if how == "1258":
        charset, raw = "windows-1258", to_1258(text)
    elif how == "nfd":
        raw = unicodedata.normalize("NFD", text).encode()
    elif how.endswith("8bit"):
        charset = {"utf8": "utf-8", "ascii": "us-ascii", "latin1": "iso-8859-1", "none": ""}[how.split("-")[0]]
    head = f"Content-Type: text/{subtype}" + (f"; charset={charset}" if charset else "")
    if how == "flowed":
        head += "; format=flowed"
    if how.endswith("8bit"):
        return f"{head}\nContent-Transfer-Encoding: 8bit\n\n{raw.decode('latin-1')}"
    if how == "utf8-b64":
        body = base64.encodebytes(raw).decode()
        return f"{head}\nContent-Transfer-Encoding: base64\n\n{body}"
    return f"{head}\nContent-Transfer-Encoding: quoted-printable\n\n{quopri.encodestring(raw).decode('latin-1')}"


def coded(text: str) -> str:
    return "=?utf-8?b?" + base64.b64encode(text.encode()).decode() + "?=" if not text.isascii() else text


def coded_subject(text: str, rng) -> str:
    if text.isascii():
        return text
    how = rng.choice(["whole", "split", "raw"])
    raw = text.encode()
    if how == "raw":
        return raw.decode("latin-1")
    if how == "whole":
        return coded(text)
    pieces = [raw[i : i + 31] for i in range(0, len(raw), 31)]  # cuts inside letters
    return "\n ".join("=?UTF-8?B?" + base64.b64encode(piece).decode() + "?=" for piece in pieces)


def docx(text: str) -> bytes:
    import docx as writer

    document = writer.Document()
    for row in text.split("\n"):
        document.add_paragraph(row)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def attached(name: str, content: bytes, media: str, rng) -> str:
    quoted = "".join(
        f"%{byte:02X}" if not (chr(byte).isalnum() and byte < 128) and byte not in b".-_" else chr(byte)
        for byte in name.encode()
    )
    way = rng.choice(["2231", "2231-cont", "2047", "raw"])
    if name.isascii():
        parameter = f'filename="{name}"'
    elif way == "2231":
        parameter = f"filename*=UTF-8''{quoted}"
    elif way == "2231-cont":
        half = quoted.index("%", len(quoted) // 2) if "%" in quoted[len(quoted) // 2 :] else len(quoted)
        parameter = f"filename*0*=utf-8''{quoted[:half]};\n filename*1*={quoted[half:]}"
    elif way == "2047":
        parameter = f'filename="{coded(name)}"'
    else:
        parameter = f'filename="{name.encode().decode("latin-1")}"'
    return f"Content-Type: {media}\nContent-Disposition: attachment; {parameter}\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(content).decode()}"


def multipart(kind: str, parts: list[str], rng) -> str:
    mark = f"=_{rng.randrange(16**12):012x}"
    inner = "".join(f"--{mark}\n{one}\n" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n{inner}--{mark}--\n'


def mail(fields: list[str], body: str, rng) -> bytes:
    text = "\n".join([*fields, "MIME-Version: 1.0", body])
    raw = text.encode("latin-1")
    return raw.replace(b"\n", b"\r\n") if rng.random() < 0.6 else raw


# ---- cases ------------------------------------------------------------------------------------------------------------

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
