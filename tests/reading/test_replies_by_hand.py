"""Replies written by hand, one trap each: what is new in them, exactly up to white space."""

import base64
from typing import NamedTuple

import pytest

from daemon.mailbox.message import parse
from daemon.reading.reply import read_reply


class Hand(NamedTuple):
    name: str
    body: str
    want: str
    html: bool
    sent: str | None


CASES: list[Hand] = []


SENT = """Kính gửi: Điện lực Chợ Mới

Phòng GDKH tiếp nhận yêu cầu của khách hàng, đề nghị đơn vị xác minh và trả lời:
- Khách hàng: Lý Thị Pà (mã KH PA26CM0000555)
- Địa chỉ: thôn Nà Giáo, xã Yên Hân
- Nội dung: Mất điện từ chiều 06/10, hỏi nguyên nhân và bồi thường
Đề nghị gửi kết quả về Phòng GDKH trước 17h00 ngày 08/10/2026 (giữ nguyên mã phiếu trong tiêu đề).

Phòng Giao dịch khách hàng
Công ty Điện lực Bắc Kạn - ĐT 0209 3000 111"""
Q = "\n".join("> " + row if row else ">" for row in SENT.split("\n"))
HB = "Từ: Phòng GDKH - PC Bắc Kạn <gdkh@pcbk.test>\nĐã gửi: Thứ Ba, 6 Tháng Mười 2026 6:10 CH\nTới: dlchomoi@pcbk.test\nChủ đề: [PCBK-2026-000002] Đề nghị xác minh\n\n"
L = SENT.split("\n")


def t(name: str, body: str, want: str, html: bool = False, sent: str | None = SENT) -> None:
    CASES.append(Hand(name, body, want, html, sent))


# inline in Outlook, unquoted
t(
    "outlook inline",
    HB + "\n".join(L[:6]) + "\nTrả lời: do cây đổ đè dây, đã xử lý lúc 21h, không bồi thường.\n" + "\n".join(L[6:]),
    "Trả lời: do cây đổ đè dây, đã xử lý lúc 21h, không bồi thường.",
)
t(
    "outlook inline lead",
    "Kính gửi phòng, đơn vị trả lời ngay dưới từng ý ạ.\n\n"
    + HB
    + "\n".join(L[:6])
    + "\n=> Do cây đổ, đã xử lý lúc 21h.\n"
    + "\n".join(L[6:]),
    "Kính gửi phòng, đơn vị trả lời ngay dưới từng ý ạ.\n=> Do cây đổ, đã xử lý lúc 21h.",
)
t(
    "gt inline two",
    "Vào Th 3, 6 thg 10, 2026 vào lúc 18:10 Phòng GDKH <gdkh@pcbk.test> đã viết:\n"
    + "\n".join(["> " + x for x in L[:4]])
    + "\n\nĐúng khách của đơn vị.\n\n"
    + "\n".join("> " + x for x in L[4:6])
    + "\n\nDo đứt chì, 19h có điện.\n\n"
    + "\n".join("> " + x for x in L[6:])
    + "\n\nTrân trọng\nĐL Chợ Mới",
    "Đúng khách của đơn vị.\nDo đứt chì, 19h có điện.",
)
t(
    "outlook bottom",
    HB + SENT + "\n\nĐơn vị trả lời: mất điện do sự cố lộ 372, không thuộc diện bồi thường.\n\nTrân trọng",
    "Đơn vị trả lời: mất điện do sự cố lộ 372, không thuộc diện bồi thường.",
)
t(
    "tb top sig below",
    "Do sét đánh.\n\nOn 06/10/2026 18:10, Phòng GDKH wrote:\n" + Q + "\n\n-- \nĐL Chợ Mới\nĐT 0209 123 456",
    "Do sét đánh.",
)
t(
    "restates",
    "Kính gửi phòng,\n- Khách hàng: Lý Thị Pà (mã KH PA26CM0000555)\n- Nội dung: không có lịch ngừng ngày 08/10, khách mất điện do đứt dây sau công tơ.\n\n"
    + HB
    + SENT,
    "Kính gửi phòng,\n- Khách hàng: Lý Thị Pà (mã KH PA26CM0000555)\n- Nội dung: không có lịch ngừng ngày 08/10, khách mất điện do đứt dây sau công tơ.",
)
t(
    "own tu den",
    "Đơn vị trả lời lịch ngừng:\nTừ: 07h30 ngày 12/10\nĐến: 11h30 ngày 12/10\nNgày: thứ Hai\nLý do: thay cột.\n\n"
    + HB
    + SENT,
    "Đơn vị trả lời lịch ngừng:\nTừ: 07h30 ngày 12/10\nĐến: 11h30 ngày 12/10\nNgày: thứ Hai\nLý do: thay cột.",
)
t(
    "own da viet",
    'Vào lúc 9h ngày 05/10/2026 ông Hoàng đã viết:\n"cắt điện 30 phút" trong sổ trực.\n\n' + HB + SENT,
    'Vào lúc 9h ngày 05/10/2026 ông Hoàng đã viết:\n"cắt điện 30 phút" trong sổ trực.',
)
t(
    "own da viet 2",
    "Khách hàng đã viết:\n> tôi rất hài lòng\nĐơn vị đã gọi cảm ơn khách.\n\nVào lúc 18:10 06/10/2026, Phòng GDKH đã viết:\n"
    + Q,
    "Khách hàng đã viết:\n> tôi rất hài lòng\nĐơn vị đã gọi cảm ơn khách.",
)
t(
    "values",
    "Điện áp đo:\n>220V pha A\n>=215V pha B\n< 200V pha C\n\nOn 06/10/2026 18:10, Phòng GDKH wrote:\n" + Q,
    "Điện áp đo:\n>220V pha A\n>=215V pha B\n< 200V pha C",
)
t(
    "dash bullets",
    "Kết quả:\n-- cột 12: tốt\n-- cột 13: nứt\n\nKính báo\nTổ trực",
    "Kết quả:\n-- cột 12: tốt\n-- cột 13: nứt",
)
t(
    "thanks first",
    "Cảm ơn phòng đã thông tin.\nSự cố do đứt lèo, xử lý xong 20h.\nTrân trọng.",
    "Cảm ơn phòng đã thông tin.\nSự cố do đứt lèo, xử lý xong 20h.",
)
t(
    "closing then ps",
    "Đã xong lúc 9h.\n\nTrân trọng\nNguyễn Văn A\n\nP/S: khách đổi số điện thoại 0912 345 678.",
    "Đã xong lúc 9h.\n\nP/S: khách đổi số điện thoại 0912 345 678.",
)
t(
    "tran trong de nghi",
    "Trân trọng đề nghị phòng thông báo cho khách hàng: 18h có điện.\n\nTrân trọng!",
    "Trân trọng đề nghị phòng thông báo cho khách hàng: 18h có điện.",
)
t(
    "list of units",
    "Đơn vị phối hợp xử lý gồm:\nĐiện lực Chợ Mới\nĐiện lực Na Rì",
    "Đơn vị phối hợp xử lý gồm:\nĐiện lực Chợ Mới\nĐiện lực Na Rì",
)
t(
    "names list",
    "Khách hàng mất điện:\n- Nguyễn Văn A\n- Hoàng Thị B\nĐã đóng điện lại 8h.",
    "Khách hàng mất điện:\n- Nguyễn Văn A\n- Hoàng Thị B\nĐã đóng điện lại 8h.",
)
t("phone answer", "Số điện thoại trực ban: 0209 3851 222", "Số điện thoại trực ban: 0209 3851 222")
t(
    "phone answer2",
    "Gửi phòng số của tổ trưởng:\nNguyễn Văn Hải 0912 345 678",
    "Gửi phòng số của tổ trưởng:\nNguyễn Văn Hải 0912 345 678",
)
t(
    "html table",
    "<html><body><p>Kết quả đo:</p><table border=1><tr><th>Giờ</th><th>Điện áp</th></tr><tr><td>8h</td><td>221 V</td></tr><tr><td>19h</td><td>189 V</td></tr></table><p>Trân trọng</p><p>ĐL Chợ Mới</p></body></html>",
    "Kết quả đo:\nGiờ\nĐiện áp\n8h\n221 V\n19h\n189 V",
    True,
)
t(
    "html table end",
    "<html><body><p>Danh sách:</p><table><tr><td>Trạm</td><td>Đơn vị</td></tr><tr><td>Nà Phặc 2</td><td>Điện lực Ngân Sơn</td></tr></table></body></html>",
    "Danh sách:\nTrạm\nĐơn vị\nNà Phặc 2\nĐiện lực Ngân Sơn",
    True,
)
t(
    "html list",
    "<div>Nguyên nhân:</div><ul><li>Cây đổ</li><li>Sét đánh</li></ul><div>Đã xử lý.</div>",
    "Nguyên nhân:\nCây đổ\nSét đánh\nĐã xử lý.",
    True,
)
t(
    "html hidden",
    '<div style="display:none">preheader rác</div><div>Đã xử lý xong.</div><img src="cid:x"><script>alert(1)</script>',
    "Đã xử lý xong.",
    True,
)
t(
    "html inline owa",
    '<div>Em trả lời bên dưới, chữ đỏ ạ:</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Phòng GDKH &lt;gdkh@pcbk.test&gt;<br><b>Sent:</b> x<br><b>To:</b> y<br><b>Subject:</b> z</div><div>'
    + "<br>".join(L[:6])
    + '<br><span style="color:red">Do cây đổ, có điện 21h.</span><br>'
    + "<br>".join(L[6:])
    + "</div>",
    "Em trả lời bên dưới, chữ đỏ ạ:\nDo cây đổ, có điện 21h.",
    True,
)
t(
    "html gmail inline",
    '<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">Vào Th 3, 6 thg 10, 2026 vào lúc 18:10 Phòng GDKH &lt;gdkh@pcbk.test&gt; đã viết:<br></div><blockquote class="gmail_quote">'
    + "<br>".join(L[:6])
    + '</blockquote><div>Do cây đổ, 21h có điện.</div><blockquote class="gmail_quote">'
    + "<br>".join(L[6:])
    + "</blockquote></div></div>",
    "Do cây đổ, 21h có điện.",
    True,
)
t("marker", "Đã xử lý.\n\n— Xin trả lời phía trên dòng này —\n\n" + SENT, "Đã xử lý.")
t("marker quoted attr", "Đã xử lý.\n\nPhòng GDKH đã viết:\n> — Xin trả lời phía trên dòng này —\n>\n" + Q, "Đã xử lý.")
t("ext banner", "[EXTERNAL] Email này được gửi từ bên ngoài. Không nhấp vào liên kết lạ.\n\nĐã xong.", "Đã xong.")
t(
    "caution",
    "CẢNH BÁO: Thư này đến từ bên ngoài công ty.\nKhông mở tệp đính kèm nếu không tin cậy người gửi.\n\nĐã xong lúc 9h.",
    "Đã xong lúc 9h.",
)
t(
    "footer list",
    "Đã xong.\n\nOn 06/10/2026 18:10, Phòng GDKH wrote:\n"
    + Q
    + "\n_______________________________________________\nDieudo mailing list\nDieudo@pcbk.test",
    "Đã xong.",
)
t(
    "double header",
    "Đã xong.\n\nFrom: Phòng GDKH - PC Bắc Kạn <gdkh@pcbk.test>\nDate: Tuesday, 6 October 2026 at 18:10\nTo: Dl Cho Moi <dlchomoi@pcbk.test>\nSubject: Re: [PCBK-2026-000002] Đề nghị\n\nNhắc lần 2.\n\nFrom: x <y@z>\nSent: a\nTo: b\nSubject: c\n\n"
    + SENT,
    "Đã xong.",
)
t(
    "zalo chat",
    "Anh em nhắn Zalo:\n[14:02, 10/12/2026] Tuấn: đã đóng điện\n[14:05, 10/12/2026] Hà: ok\nTrân trọng",
    "Anh em nhắn Zalo:\n[14:02, 10/12/2026] Tuấn: đã đóng điện\n[14:05, 10/12/2026] Hà: ok",
)
t("closing w addressee", "Đã xong.\n\nTrân trọng cảm ơn quý phòng!\nĐLCM", "Đã xong.")
t("closing name inline", "Đã xong lúc 8h.\nTrân trọng, Hoàng Văn Nam", "Đã xong lúc 8h.")
t(
    "stars sig",
    "Đã xong.\n\n***\nĐiện lực Chợ Mới - PC Bắc Kạn\nTổ 3, thị trấn Đồng Tâm, huyện Chợ Mới, tỉnh Bắc Kạn\nHotline: 19006769",
    "Đã xong.",
)
t("sent from", "Đã xong.\nĐược gửi từ Mobifone", "Đã xong.")
t(
    "gui tu 8h",
    "Gửi từ 8h đến 10h điện thoại viên đã gọi 3 lần, khách không nghe máy.",
    "Gửi từ 8h đến 10h điện thoại viên đã gọi 3 lần, khách không nghe máy.",
)
t(
    "gt no space wrap",
    "Đã xong.\n\nVào 06/10/2026 18:10, Phòng GDKH - PC Bắc Kạn đã viết:\n>Kính gửi: Điện lực Chợ Mới\n>Phòng GDKH tiếp nhận yêu cầu của khách hàng, đề nghị đơn vị xác minh và trả\nlời:\n>- Khách hàng: Lý Thị Pà",
    "Đã xong.",
)
t(
    "bottom wrap remnant",
    "Vào 06/10/2026 18:10, Phòng GDKH - PC Bắc Kạn <gdkh@pcbk.test> đã viết:\n> Kính gửi: Điện lực Chợ Mới\n> Phòng GDKH tiếp nhận yêu cầu của khách hàng, đề nghị đơn vị xác minh và\ntrả lời:\n> - Khách hàng: Lý Thị Pà\n\nĐã xong lúc 9h.",
    "Đã xong lúc 9h.",
)
t("greeting only top", "Kính gửi phòng,\n\n" + HB + SENT, "Kính gửi phòng,")
t(
    "kt sig",
    "Nội dung khách phản ánh đã xử lý.\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n(Đã ký)\nNông Văn Thành",
    "Nội dung khách phản ánh đã xử lý.",
)
t(
    "noi nhan",
    "Kết quả: đã thay công tơ.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nĐỘI TRƯỞNG\nHà Văn Tú",
    "Kết quả: đã thay công tơ.",
)
t(
    "yahoo no gt",
    "Đã xong 9h.\n\n    Vào Thứ Ba, 6 tháng 10, 2026 lúc 18:10:00 GMT+7, Phòng GDKH - PC Bắc Kạn đã viết:  \n \n "
    + SENT,
    "Đã xong 9h.",
)
t("gmail no name", "Xong.\n\nVào Th 3, 6 thg 10, 2026 vào lúc 18:10 <gdkh@pcbk.test> đã viết:\n\n" + Q, "Xong.")
t(
    "attr English date vi verb",
    "Xong.\n\nOn Tue, 6 Oct 2026, 18:10 Phòng GDKH - PC Bắc Kạn, <gdkh@pcbk.test> wrote:\n\n" + Q,
    "Xong.",
)
t("unknown sent", "Xong.\n\nVào lúc 18:10 06/10/2026, Phòng GDKH đã viết:\n" + Q, "Xong.", False, None)
t(
    "unknown sent tb bottom",
    "Vào lúc 18:10 06/10/2026, Phòng GDKH đã viết:\n" + Q + "\nXong lúc 9h.",
    "Xong lúc 9h.",
    False,
    None,
)


DONE = "Do đứt lèo lộ 372, đã nối xong lúc 21h."
SIGNS = [
    "Trân trọng kính chào!",
    "Xin trân trọng cám ơn!",
    "Chân thành cảm ơn",
    "Chúc phòng một ngày tốt lành!",
    "Trân trọng cảm ơn phòng đã phối hợp.",
    "Người báo: Tú",
    "Trực ca: Nguyễn Văn B",
    "TM. ĐƠN VỊ\nĐội trưởng",
    "Thay mặt đơn vị\nHoàng Tú",
    "Many thanks,",
    "Cám ơn",
    "Tks & Brgs",
    "Thân,\nTú",
    "Em cảm ơn ạ.",
    "Em xin cảm ơn.",
    "Đơn vị xin cảm ơn!",
    "Sent via BlackBerry",
    "Sent from Outlook for Android",
    "Đã gửi từ Yahoo Mail trên Android",
    "Gửi từ Thư cho Windows",
    "Đã gửi từ điện thoại OPPO của tôi",
    "Trân trọng ./.",
    "Tr.trọng",
    "Trân trọng,\n\n[cid:image001.png@01DA]\nĐiện lực Chợ Mới\nĐ/c: Tổ 3, TT Đồng Tâm\nT: 0209 386 1234 | F: 0209 386 1235\nE: dlchomoi@pcbk.test",
    "--\nThanks,\nHà",
    "Kính gửi!\nTổ trực",
    "Trân trọng!\nPhòng KHKT - Điện lực Chợ Mới.",
    "Best Regards!\n---------------------------\nNGUYEN VAN NAM (Mr.)\nKy su van hanh\nChoMoi Power",
    "KT. ĐỘI TRƯỞNG\nĐỘI PHÓ\n\n\nNguyễn Hữu Thọ",
    "Nguyễn Hữu Thọ - Trực chính",
    "Hữu Thọ",
    "ĐLCM",
    "TTĐĐ B26",
    "Ban lãnh đạo Điện lực Chợ Mới kính báo!",
    "Mobile: 0912 345 678",
    "Trân trọng\nĐiện lực Chợ Mới\n\nEmail này đã được quét virus bởi Kaspersky.",
    "This email and any files transmitted with it are confidential.",
    "Trân trọng cảm ơn sự hợp tác của quý phòng!",
    "Rất mong nhận được sự phối hợp của phòng.\nTrân trọng!",
]
for sign in SIGNS:
    keep = DONE + ("\nRất mong nhận được sự phối hợp của phòng." if sign.startswith("Rất") else "")
    t("sig:" + sign[:30].replace("\n", "/"), DONE + "\n\n" + sign + "\n\n" + HB + SENT, keep)
t(
    "thread3",
    "Gửi lại kết quả: đã xong ngày 05/10.\n\nTrân trọng\nĐLCM\n\n"
    + HB
    + "Đề nghị đơn vị trả lời gấp.\n\nFrom: Điện lực Chợ Mới\nSent: Tuesday, October 6, 2026 8:00 AM\nTo: Phòng GDKH\nSubject: RE: [PCBK-2026-000002]\n\nĐang kiểm tra.\n\n"
    + HB
    + SENT,
    "Gửi lại kết quả: đã xong ngày 05/10.",
)
t(
    "bottom double",
    "Vào lúc 18:10 06/10/2026, Phòng GDKH đã viết:\n> Nhắc lần 2\n>\n> Vào lúc 08:10 05/10/2026, Phòng GDKH đã viết:\n>> "
    + SENT.replace("\n", "\n>> ")
    + "\n>\n\nĐã gửi ở thư trước: "
    + DONE
    + "\nTrân trọng",
    "Đã gửi ở thư trước: " + DONE,
)
t(
    "greet + inline",
    "Chào phòng, em trả lời trong thư:\n\nVào lúc 18:10 06/10/2026, Phòng GDKH đã viết:\n"
    + "\n".join("> " + x for x in L[:6])
    + "\n"
    + DONE
    + "\n"
    + "\n".join("> " + x for x in L[6:]),
    "Chào phòng, em trả lời trong thư:\n" + DONE,
)
t(
    "multi para",
    "Kính gửi phòng GDKH,\n\nĐiện lực Chợ Mới trả lời như sau:\n\n1. Nguyên nhân: đứt lèo.\n\n2. Thời gian: 18h-21h.\n\nĐơn vị xin lỗi khách hàng.\n\nTrân trọng cảm ơn./.\n\nĐIỆN LỰC CHỢ MỚI",
    "Kính gửi phòng GDKH,\n\nĐiện lực Chợ Mới trả lời như sau:\n\n1. Nguyên nhân: đứt lèo.\n\n2. Thời gian: 18h-21h.\n\nĐơn vị xin lỗi khách hàng.",
)
t(
    "email in text",
    'Khách gửi đơn đến dlchomoi@pcbk.test lúc 9h ngày 05/10/2026, đơn vị đã viết: "đã tiếp nhận".\nKết quả: đã xong.',
    'Khách gửi đơn đến dlchomoi@pcbk.test lúc 9h ngày 05/10/2026, đơn vị đã viết: "đã tiếp nhận".\nKết quả: đã xong.',
)
t(
    "from to subject own",
    "Thông tin thư khách:\nTừ: khach@gmail.test\nTiêu đề: hỏi lịch\nĐơn vị đã trả lời khách.",
    "Thông tin thư khách:\nTừ: khach@gmail.test\nTiêu đề: hỏi lịch\nĐơn vị đã trả lời khách.",
)
t(
    "dashes",
    "Kết quả:\n--------------------\nPha A: 220V\nPha B: 218V\n--------------------\nĐạt yêu cầu.",
    "Kết quả:\n--------------------\nPha A: 220V\nPha B: 218V\n--------------------\nĐạt yêu cầu.",
)
t("underscore form", "Lý do: ______\nĐã điền: thay cột.", "Lý do: ______\nĐã điền: thay cột.")
t(
    "html outlook sig table",
    "<div class=WordSection1><p class=MsoNormal>"
    + DONE
    + '</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal><i>Trân trọng,</i></p><table><tr><td><img src="cid:image001.png@01"></td><td><p><b>Hoàng Văn Tú</b></p><p>Phó Đội trưởng</p><p>ĐT: 0912 345 678</p></td></tr></table><p style="font-size:8pt">Thông tin trong thư điện tử này là bảo mật, chỉ dành cho người nhận.</p><div style="border:none;border-top:solid #B5C4DF 1.0pt"><p><b>From:</b> Phòng GDKH<br><b>Sent:</b> x<br><b>To:</b> y<br><b>Subject:</b> z</p></div>'
    + SENT.replace("\n", "<br>")
    + "</div>",
    DONE,
    True,
)
t(
    "html font gray",
    "<p>Kính gửi phòng,</p><p>" + DONE + "</p><p>Trân trọng!</p><p>--</p><p>ĐLCM</p>",
    "Kính gửi phòng,\n" + DONE,
    True,
)
t(
    "html nested table sig",
    "<table><tr><td>STT</td><td>Nội dung</td></tr><tr><td>1</td><td>"
    + DONE
    + "</td></tr></table><br><table><tr><td>Trân trọng</td></tr><tr><td>ĐLCM</td></tr></table>",
    "STT\nNội dung\n1\n" + DONE,
    True,
)
t("html br inside", "<div>" + DONE.replace(", ", ",<br>") + "</div><div>Trân trọng</div>", DONE, True)
t("html word wrap", "<p class=MsoNormal>Do đứt lèo\nlộ 372,\n đã nối xong lúc 21h.</p>", DONE, True)
t("html span split", "<p>Do đ<span>ứt</span> <b>lèo</b> lộ 372, đã nối xong lúc 21h<span>.</span></p>", DONE, True)
t("html strike list", "<ol><li>Cắt 8h</li><li>Đóng 10h</li></ol>", "Cắt 8h\nĐóng 10h", True)
t(
    "html quote own",
    "<p>Khách viết:</p><blockquote style='margin-left:40px;border:none;padding:0'>mất điện 3 ngày</blockquote><p>Đã xử lý.</p>",
    "Khách viết:\nmất điện 3 ngày\nĐã xử lý.",
    True,
)
t(
    "vi weekday gmail wrap",
    "Xong 9h.\n\nVào CN, 11 thg 10, 2026 vào lúc 18:10 Phòng GDKH - PC\nBắc Kạn <gdkh@pcbk.test>\nđã viết:\n\n" + Q,
    "Xong 9h.",
)
t(
    "mobile gmail en",
    "Xong 9h.\n\nOn Tue, 6 Oct 2026 at 6:10 PM, Phòng GDKH - PC Bắc Kạn <\ngdkh@pcbk.test> wrote:\n\n" + Q,
    "Xong 9h.",
)
t(
    "outlook mac",
    "Xong 9h.\n\nFrom: Phòng GDKH - PC Bắc Kạn <gdkh@pcbk.test>\nDate: Tuesday, 6 October 2026 at 18:10\nTo: DL <dlchomoi@pcbk.test>\nSubject: [PCBK-2026-000002] Đề nghị xác minh, trả lời khách hàng Lý Thị Pà\nvà gia đình\n"
    + SENT,
    "Xong 9h.",
)
t("zalo mail", "Xong 9h.\n\nOn 06/10/2026, at 18:10, Phòng GDKH wrote:\n\n" + SENT, "Xong 9h.")
t("ours no attr with gt", "Xong 9h.\n\n" + Q, "Xong 9h.")
t(
    "ours after star",
    "Xong 9h.\n\n*Từ:* Phòng GDKH <gdkh@pcbk.test>\n*Đã gửi:* Thứ Ba, 6 Tháng Mười 2026 6:10 CH\n*Tới:* DL\n*Chủ đề:* [PCBK]\n\n"
    + SENT,
    "Xong 9h.",
)

MADE = "Đã thay dây dẫn đoạn cột 5-7, đóng điện 16h20."
t(
    "new outlook web vi",
    '<div class="elementToProof" id="divtagdefaultwrapper">'
    + MADE
    + '</div><div id="appendonsend"></div><div style="font-family:Calibri"><br></div><hr><div dir="ltr" id="divRplyFwdMsg"><span><b>Từ:</b>&nbsp;Phòng GDKH &lt;gdkh@pcbk.test&gt;<br><b>Đã gửi:</b>&nbsp;x<br><b>Đến:</b>&nbsp;y<br><b>Chủ đề:</b>&nbsp;z</span></div>'
    + SENT.replace("\n", "<br>"),
    MADE,
    True,
)
t(
    "proton",
    "<div>"
    + MADE
    + '</div><div class="protonmail_quote">Vào T3, 6 thg 10, Phòng GDKH &lt;gdkh@pcbk.test&gt; đã viết:<br><blockquote class="protonmail_quote" type="cite">'
    + SENT.replace("\n", "<br>")
    + "</blockquote></div>",
    MADE,
    True,
)
t(
    "lotus",
    "<p>"
    + MADE
    + '</p><p>Hoàng Tú</p><br><font size=1 color=#5f5f5f>From: </font><font size=1>"Phòng GDKH" &lt;gdkh@pcbk.test&gt;</font><br><font size=1>To: </font><font size=1>dl</font><br><font size=1>Date: </font><font size=1>06/10/2026</font><br><font size=1>Subject: </font><font size=1>x</font><hr>'
    + SENT.replace("\n", "<br>"),
    MADE,
    True,
)
t(
    "gmail signature prefix",
    '<div dir="ltr">'
    + MADE
    + '<br><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">ĐLCM<br>0209</div></div>',
    MADE,
    True,
)
t(
    "gmail forwarded in reply",
    '<div dir="ltr">'
    + MADE
    + '<br><br><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>Từ: X</div>abc<br></div></div>',
    MADE,
    True,
)
t("table in outlook quote", MADE + "\n\n| Từ: | Phòng |\n\n" + HB + SENT, MADE + "\n\n| Từ: | Phòng |")
t(
    "answer numbered with old question",
    "1) Nguyên nhân? -> Do sét.\n2) Bồi thường? -> Không.",
    "1) Nguyên nhân? -> Do sét.\n2) Bồi thường? -> Không.",
)
t(
    "only attachment note",
    "Gửi phòng văn bản trả lời.\n\n\n<Tra loi.docx>",
    "Gửi phòng văn bản trả lời.\n\n\n<Tra loi.docx>",
)
t("nbsp heavy", "\u00a0\u00a0" + MADE + "\u00a0\n\u00a0\nTrân\u00a0trọng\u00a0!\n", MADE)
t("caps closing", MADE + "\nTRÂN TRỌNG!\nĐIỆN LỰC CHỢ MỚI", MADE)
t("no diac closing", MADE + "\nTran trong./.\nDL Cho Moi", MADE)
t("kinh bao inline", MADE + " Kính báo!", MADE)
t("trailing rule", MADE + "\n____________________\n", MADE)
t("eq rule sign", MADE + "\n\n==========\nTrực ban ĐL Chợ Mới\nĐT: 0209 386 1234", MADE)
t(
    "multi closings",
    MADE + "\n\nXin cảm ơn!\n\nTrân trọng,\nNông Thị Hoa\nNhân viên phòng KD\n\nĐã gửi từ iPhone của tôi",
    MADE,
)
t(
    "sent block cited in middle",
    "Kính gửi phòng,\nVề phiếu [PCBK-2026-000002]:\n" + MADE + "\n\nPhòng Giao dịch khách hàng lưu ý báo khách.",
    "Kính gửi phòng,\nVề phiếu [PCBK-2026-000002]:\n" + MADE + "\n\nPhòng Giao dịch khách hàng lưu ý báo khách.",
)
t(
    "names in answer end",
    "Tổ công tác gồm 2 người: Hà Văn Tú và Lý Thị Hoa.",
    "Tổ công tác gồm 2 người: Hà Văn Tú và Lý Thị Hoa.",
)
t("person answer line", "Người đến kiểm tra:\nHà Văn Tú", "Người đến kiểm tra:\nHà Văn Tú")
t(
    "unit as answer",
    "Khu vực này do đơn vị sau quản lý:\nĐiện lực Na Rì",
    "Khu vực này do đơn vị sau quản lý:\nĐiện lực Na Rì",
)
t("one word", "Không.", "Không.")
t("one unit only", "Điện lực Na Rì", "Điện lực Na Rì")
t(
    "date list",
    "Các lần cắt:\n02/10: 2h\n09/10: 1h30\n17/10: 45 phút",
    "Các lần cắt:\n02/10: 2h\n09/10: 1h30\n17/10: 45 phút",
)
t("email asked", "Địa chỉ thư của nhà thầu:\nxaylap3@gmail.test", "Địa chỉ thư của nhà thầu:\nxaylap3@gmail.test")
t("ghi chu", MADE + "\nGhi chú: khách đi vắng.\n\nKính báo", MADE + "\nGhi chú: khách đi vắng.")
t("luu y", MADE + "\nLưu ý: thư này thay thư trước.", MADE + "\nLưu ý: thư này thay thư trước.")
t("thay email", MADE + "\nEmail này thay cho email gửi sáng nay.", MADE + "\nEmail này thay cho email gửi sáng nay.")
t("gt answer all", "> " + MADE + "\n\nOn 06/10/2026 18:10, Phòng GDKH wrote:\n" + Q.replace("> ", ">> "), "> " + MADE)
t(
    "quoted from another unit",
    "Trả lời như B26:\n\nTừ: B26 <b26@pcbk.test>\nĐã gửi: Thứ Ba, 6 Tháng Mười 2026 9:00 SA\nTới: DL\nChủ đề: x\n\nĐồng ý.",
    "Trả lời như B26:",
)

FROM = base64.b64encode("Điện lực Chợ Mới".encode()).decode()


# a name alone at the end, with nothing but a whole sentence above it
for lone in ("Hương", "Em Hương", "Hương - ĐL Ba Bể"):
    t(
        f"lone name {lone}",
        f"Đã khắc phục xong, điện có lại lúc 14h30.\n{lone}",
        "Đã khắc phục xong, điện có lại lúc 14h30.",
    )
t("places in a list", "Đã cấp điện lại cho các bản.\nKhuổi Cuồng", "Đã cấp điện lại cho các bản.\nKhuổi Cuồng")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_new_text_is_exact(case: Hand) -> None:
    kind = "html" if case.html else "plain"
    head = f"From: =?utf-8?b?{FROM}?= <a@b.c>\nContent-Type: text/{kind}; charset=utf-8\n\n"
    reply = read_reply(parse((head + case.body).encode()), case.sent)
    assert " ".join(reply.text.split()) == " ".join(case.want.split())
