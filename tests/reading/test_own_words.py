"""What a customer wrote in a mail, with the signature and without the mail answered to."""

from email.message import EmailMessage

import pytest

from daemon.mailbox.message import parse
from daemon.reading.own_words import own_words, own_words_of
from tests.reading.request_cases import read

ASKED = "Xin lùi lịch cắt điện 7h30 ngày 10/11 sang chiều.\n\nTrân trọng,\nPhan Huy Tưởng\n0912 345 678"
NOTICE = "Kính gửi quý khách, khu vực của quý khách sẽ ngừng cấp điện ngày 15/12 từ 6h00."


@pytest.mark.parametrize(
    "below",
    [
        "________________________________\nTừ: CSKH <cskh@pcbk.test>\nChủ đề: Thông báo\n",
        "-----Original Message-----\nFrom: CSKH <cskh@pcbk.test>\nSent: Monday\nTo: A\nSubject: Thông báo\n",
        "Vào Th 3, 10 thg 11, 2026 lúc 09:12 CSKH <cskh@pcbk.test> đã viết:\n> ",
        "On Tue, Nov 3, 2026 at 9:12 AM CSKH <cskh@pcbk.test> wrote:\n\n> ",
    ],
)
def test_the_mail_answered_to_is_gone_and_the_signature_stays(below):
    text = own_words(f"{ASKED}\n\n{below}{NOTICE}", "RE: Thông báo")
    assert text == ASKED
    reading = read(f"{ASKED}\n\n{below}{NOTICE}", subject="RE: Thông báo tạm ngừng cấp điện")
    assert (reading.name, reading.phone) == ("Phan Huy Tưởng", "0912345678")
    assert reading.outage_start is not None
    assert reading.outage_start.isoformat() == "2026-11-10T07:30:00+07:00"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "Chuyển P9 xử lý.\n-----Original Message-----\nFrom: A <a@b.vn>\nSent: x\nTo: y\nSubject: z\nMất điện",
            "Fwd: x",
        ),
        ("-----Original Message-----\nFrom: A <a@b.vn>\nSent: x\nTo: y\nSubject: z\nMất điện", "RE: x"),
        ("Xin đổi lịch\nTừ: 07h30\nĐến: 11h30 ngày 10/11", None),
        ("_______\nTừ: sáng đến tối mất điện", None),
        ("Mất điện\n=====\nNguyễn Văn A, từ: Cao Kỳ", None),
    ],
)
def test_what_is_the_senders_own_or_passed_on_stays_whole(text, subject):
    assert own_words(text, subject) == text


def test_a_mail_of_html_alone():
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.com", "RE: Thông báo"
    mail.set_content(
        "<div>Nhà tôi mất điện, xã Cao Kỳ.</div><div>Hà Thị Lan 0912345678</div>"
        '<div class="gmail_quote"><div>Vào Th 3 CSKH đã viết:</div><blockquote>Ngừng cấp điện</blockquote></div>',
        subtype="html",
    )
    words = own_words_of(parse(bytes(mail)))
    assert "0912345678" in words
    assert "Ngừng" not in words


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa"),
        ('"Lường Văn Tươi"', "Lường Văn Tươi"),
        ("Công ty TNHH May Hoa Sen", "Công ty TNHH May Hoa Sen"),
        ("CSKH", None),
        ("hoa.nguyen", None),
        ("Hòa", None),
        ("Phòng Giao dịch Điện lực", None),
        ("", None),
    ],
)
def test_the_senders_name_stands_in_where_the_text_names_nobody(sender, name):
    assert read("Mai xã Cao Kỳ có cắt điện không ạ?", sender_name=sender, sender="x@example.com").name == name


def test_the_text_goes_before_the_senders_name():
    assert read("Em là Hà Thị Lan, xã Cao Kỳ mất điện.", sender_name="Nguyễn Văn Ba").name == "Hà Thị Lan"
