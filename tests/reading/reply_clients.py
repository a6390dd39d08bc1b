"""How mail clients quote: one function a client, plain text or HTML (facts on mail as it arrives)."""

import datetime as dt
import html
import textwrap

from tests.reading.reply_tickets import DESK, UNITS, Ticket

LINE = "<br>"
WEEK_VI = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]
WEEK_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def when(t: Ticket) -> dict:
    day, hour, minute, month = t.sent

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
