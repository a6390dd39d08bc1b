"""Letters put together from names, every commune, phone forms, dates and times: what was put in must come out."""

import datetime as dt
import random
import unicodedata

from daemon.reading.places import COMMUNE
from daemon.settings.places import load_places
from tests.reading.request_cases import CONFIG, read, same_name

SURNAMES = ["Nguyễn", "Trần", "Lê", "Hoàng", "Dương", "Lý", "Nông", "Ma", "Triệu", "Hứa", "Lục", "Vi", "Bế", "Chu", "Đàm", "Lường", "Mã", "Sầm", "Bàn", "Lò", "Sùng", "Giàng", "Hà", "Cao", "Tô", "Lăng", "Mông", "Lèng"]  # fmt: skip
MIDDLES = ["Văn", "Thị", "Đức", "Minh", "Thế", "Quốc", "Hồng", "Ngọc", "Xuân", "Hữu", "Đình", "Thu", "A", "Mùi"]
GIVEN = [
    "Anh",
    "Bình",
    "Chiến",
    "Hà",
    "Hải",
    "Hạnh",
    "Hương",
    "Lan",
    "Mai",
    "Nam",
    "Nga",
    "Phong",
    "Sơn",
    "Thủy",
    "Tuấn",
    "Vân",
    "Yến",
    "Páo",
    "Chớ",
    "Pham",
    "Thanh",
    "Kim",
    "Sáng",
    "Chiều",
    "Mới",
]
HAMLETS = ["thôn Nà Mố", "thôn Bản Cám", "tổ 5", "tổ 11B", "bản Khuổi Tăng", "xóm Nà Phai", "khu 2", "tiểu khu 4", "thôn Tân Lập", "thôn Khuổi Tai", "số 12 tổ 3"]  # fmt: skip
ASKS = [
    "xin hỏi ngày mai có cắt điện không?", "mất điện từ sáng, bao giờ có điện lại?", "đề nghị kiểm tra công tơ chạy nhanh.",
    "hỏi phí đóng cắt điện là bao nhiêu.", "báo dây điện bị đứt rơi xuống đường.", "khiếu nại việc cắt điện không báo trước.",
]  # fmt: skip
LETTERS = [
    "Tôi là {name}, {address}. Tôi {ask} ĐT {phone}.", "Ông {name} ({phone}), {address} {ask}", "Nhà tôi ở {address}, {ask} {name} {phone}",
    "Kính gửi Điện lực,\nTôi tên là {name}, trú tại {address}. {phone}: {ask}\nTrân trọng\n{name}", "KH {name} - {address} - {phone}: {ask}",
    "Họ tên: {name}\nSĐT: {phone}\nĐịa chỉ: {address}\nNội dung: {ask}", "Chào công ty, em ở {address}, {ask} Em là {name}, số {phone}.",
    "Khu vực {address} {ask} {name} - {phone}",
]  # fmt: skip
CHANGES = [
    "Xin hoãn cắt điện {hour} {day} vì nhà có đám cưới.", "Đề nghị dời lịch ngừng điện {day} lúc {hour} sang hôm khác.",
    "Chúng tôi nhận thông báo cắt điện từ {hour} đến 17h {day}, đề nghị chuyển sang ngày 30/12.", "xin lùi giờ cắt điện {day} từ {hour} sang 17h30 được không ạ",
    "Lịch cắt điện {hour} {day} trùng lễ, mong điện lực đổi sang buổi tối.", "Đề nghị lùi lịch ngừng cấp điện từ {hour} {day} sang ngày 31/12/2026.",
]  # fmt: skip
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
ZONE = dt.timezone(dt.timedelta(hours=7))


def plain(text):
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in text if not unicodedata.combining(char))


def communes():
    places = [place for place in load_places(CONFIG / "places.toml") if place.unit and place.kind in COMMUNE]
    units = {}
    for place in places:
        units.setdefault((place.kind, place.name), set()).add(place.unit)
    return [place for place in places if len(units[place.kind, place.name]) == 1]


def test_every_commune_with_people_and_phones():
    chance, wrong = random.Random(11), []
    for number, place in enumerate(communes()):
        name = f"{chance.choice(SURNAMES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
        address = f"{chance.choice(HAMLETS)}{chance.choice((', ', ' '))}{place.kind} {place.name}"
        phone = "09" + "".join(chance.choice("0123456789") for _ in range(8))
        written = chance.choice(
            (phone, f"{phone[:4]} {phone[4:7]} {phone[7:]}", f"{phone[:4]}.{phone[4:7]}.{phone[7:]}")
        )
        text = chance.choice(LETTERS).format(name=name, address=address, phone=written, ask=chance.choice(ASKS))
        if number % 3 == 0:
            text, name, address = plain(text), plain(name), plain(address)
        got = read(text, chance.choice(("email", "phone_note", "sms")))
        right = (same_name(name, got.name), same_name(address, got.address), got.unit == place.unit, got.phone == phone)
        if not all(right):
            wrong.append((text, got.name, got.address, got.unit, got.phone))
    assert len(wrong) <= 2, wrong


def days(chance, received):
    ahead = chance.randint(1, 12)
    day = received.date() + dt.timedelta(days=ahead)
    ways = [f"ngày {day:%d/%m/%Y}", f"ngày {day.day}/{day.month}", f"{day:%d/%m}", f"ngày {day.day} tháng {day.month}"]
    ways.append(f"{WEEKDAYS[day.weekday()]} ngày {day.day}/{day.month}")
    ways += {1: ["ngày mai"], 2: ["ngày kia"]}.get(ahead, [])
    if ahead < 7:
        ways.append(f"{WEEKDAYS[day.weekday()]} tới")
    if 7 <= received.weekday() + ahead < 14:
        ways.append(f"{WEEKDAYS[day.weekday()]} tuần sau")
    return day, chance.choice(ways)


def hours(chance):
    hour, minute = chance.choice((5, 6, 7, 8, 10, 13, 14, 16)), chance.choice((0, 0, 15, 30))
    ways = [f"{hour}h{minute:02d}", f"{hour} giờ {minute:02d}", f"{hour}:{minute:02d}", f"{hour}g{minute:02d}"]
    ways += [f"{hour - 12}h{minute:02d} chiều"] if hour > 12 else [f"{hour}h{minute:02d} sáng"]
    return dt.time(hour, minute), chance.choice(ways)


def test_announced_times_in_many_forms():
    chance, wrong = random.Random(3), []
    for number in range(250):
        received = dt.datetime(2026, 11, chance.randint(2, 28), chance.randint(7, 20), 20, tzinfo=ZONE)
        (day, day_words), (clock, hour_words) = days(chance, received), hours(chance)
        text = chance.choice(CHANGES).format(day=day_words, hour=hour_words)
        text = plain(text) if number % 3 == 0 else text
        got = read(text, "sms", received.isoformat())
        if got.category != "outage_time_change" or got.outage_start != dt.datetime.combine(day, clock, ZONE):
            wrong.append((received.date(), text, got.category, got.outage_start))
    assert len(wrong) <= 3, wrong
