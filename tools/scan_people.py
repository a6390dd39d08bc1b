"""Invented people and what they ask for, to fill forms and letters with. Nothing in it is real.

Used by make_scan_set.py only.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from daemon.desk.place import Place
from daemon.desk.text import fold

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Nông",
    "Hoàng",
    "Triệu",
    "Bế",
    "Lường",
    "Hứa",
    "Đàm",
    "Ma",
    "Lục",
    "Cao",
    "Mạch",
    "Vi",
    "Hà",
    "Đinh",
    "Chu",
    "Phùng",
    "Ngọc",
    "Bàn",
    "Đồng",
    "La",
    "Quan",
    "Tô",
    "Sầm",
    "Lương",
]
MIDDLE = [
    "Văn",
    "Thị",
    "Đức",
    "Hữu",
    "Ngọc",
    "Thanh",
    "Quang",
    "Minh",
    "Xuân",
    "Trọng",
    "Công",
    "Đình",
    "Quốc",
    "Bích",
    "Hồng",
    "Phương",
    "Thúy",
    "Kim",
    "Mạnh",
    "Tiến",
    "Duy",
    "Khánh",
]
GIVEN = [
    "Hùng",
    "Dũng",
    "Sơn",
    "Hải",
    "Lan",
    "Hương",
    "Huệ",
    "Thảo",
    "Ngần",
    "Nhàn",
    "Loan",
    "Oanh",
    "Vượng",
    "Nghiệp",
    "Chiến",
    "Hiếu",
    "Sỹ",
    "Thắng",
    "Cường",
    "Tuyết",
    "Mai",
    "Hạnh",
    "Thủy",
    "Yến",
    "Nguyệt",
    "Đạt",
    "Lực",
    "Bằng",
    "Huyền",
    "Quỳnh",
    "Trường",
    "Giang",
    "Phượng",
    "Diệp",
    "Khuê",
    "Tưởng",
    "Thụy",
    "Ước",
    "Lễ",
    "Bảo",
    "Nghĩa",
    "Hoè",
    "Ngoan",
    "Thương",
    "Vĩnh",
    "Tỵ",
    "Xuyến",
]
HAMLETS = [
    "Lủng Chuống",
    "Khuổi Tăng",
    "Nà Cáy",
    "Đồng Luông",
    "Chi Quảng",
    "Vằng Quan",
    "Nà Lẹng",
    "Bản Mới",
    "Khuổi Slưn",
    "Nà Pài",
    "Cốc Lùng",
    "Pác Nghiên",
    "Phiêng An",
    "Nặm Cắm",
    "Khau Bang",
    "Lủng Nhá",
    "Bó Lịn",
    "Nà Đinh",
    "Tân Lập",
    "Phố Mới",
    "Còi Mò",
    "Thôm Mò",
    "Bản Đồn",
    "Nà Tấu",
    "Slam Vè",
    "Pù Lùng",
]
WANTS = {
    "outage_info": (
        "Báo giúp lịch ngừng cấp điện của trạm {place} trong tuần này để xưởng may chúng tôi xếp ca làm.",
        "Điện chập chờn rồi mất hẳn từ {n} giờ sáng, hàng xóm vẫn có. Xin hỏi bao giờ khắc phục xong?",
        "Xin hỏi khu vực {place} ngày {day} có lịch cắt điện không, mấy giờ có điện trở lại?",
        "Từ tối hôm qua cả xóm tôi mất điện, đề nghị cho biết nguyên nhân và khi nào có điện.",
        "Đề nghị thông báo kế hoạch cắt điện tháng tới để gia đình tôi sắp xếp việc xay xát.",
    ),
    "reconnection_cost": (
        "Ki ốt của tôi tạm nghỉ bán đến hết ngày {day}, xin cho biết mức thu khi ngừng và khi đóng điện lại.",
        "Nhà tôi đi vắng {n} tháng, muốn tạm ngừng cấp điện, xin hỏi chi phí ngừng và cấp điện trở lại.",
        "Cho tôi hỏi phí đóng điện trở lại sau khi bị tạm ngừng là bao nhiêu, nộp ở đâu?",
    ),
    "incident_report": (
        "Hộp công tơ ở đầu dãy số {n} bốc khói, có mùi khét. Đề nghị điện lực cử thợ đến kiểm tra ngay.",
        "Dây điện sau nhà bị đứt rơi xuống ruộng lúa từ chiều qua, trâu bò hay qua lại, xin xử lý sớm.",
        "Cột điện số {n} đầu ngõ bị nghiêng, dây võng xuống sát mái nhà, rất nguy hiểm khi mưa gió.",
        "Cành cây gãy đè lên đường dây gần trường tiểu học, có tia lửa điện. Mong cử người đến xử lý gấp.",
    ),
    "outage_complaint": (
        "Cắt điện quá {n} giờ so với thông báo, ao cá nhà tôi thiếu ô xy chết nhiều. Yêu cầu trả lời rõ trách nhiệm.",
        "Ngày {day} điện lực cắt điện không báo trước, hỏng {n} tủ cấp đông của cửa hàng. Đề nghị giải trình và bồi thường.",
        "Trong tháng vừa qua khu tôi mất điện {n} lần, gọi tổng đài không ai trả lời. Tôi rất bức xúc.",
    ),
    "outage_time_change": (
        "Thôn tổ chức đại hội ngày {day}, kính đề nghị chuyển việc cắt điện sang hôm khác.",
        "Gia đình tôi có đám cưới ngày {day}, đề nghị lùi lịch ngừng cấp điện sang tuần sau.",
        "Xưởng xẻ gỗ có đơn hàng gấp, xin chuyển giờ cắt điện ngày {day} từ buổi sáng sang buổi chiều.",
    ),
    "other": (
        "Xin được chuyển vị trí công tơ từ cột số {n} vào tường nhà vì đang xây lại.",
        "Đề nghị thay công tơ vì công tơ chạy nhanh bất thường, hóa đơn tháng này tăng gấp {n} lần.",
        "Xin hướng dẫn thủ tục sang tên hợp đồng mua bán điện cho con trai tôi.",
        "Nhà tôi muốn lắp thêm điện ba pha để chạy máy nghiền, cần những giấy tờ gì?",
    ),
}
CODES = {
    "TP Bắc Kạn": "BK",
    "Bạch Thông": "BT",
    "Chợ Đồn": "CD",
    "Chợ Mới": "CM",
    "Ba Bể": "BB",
    "Na Rì": "NR",
    "Ngân Sơn": "NS",
    "Pác Nặm": "PN",
}
HOSTS = ("gmail.com", "gmail.com", "yahoo.com.vn", "outlook.com")


def invented(luck: Random, communes: Sequence[Place]) -> dict[str, Any]:
    """Return the fields of an invented request; ``communes`` are those that people may live in."""
    middle = f"{luck.choice(MIDDLE)} {luck.choice(MIDDLE)}" if luck.random() < 0.2 else luck.choice(MIDDLE)
    name = f"{luck.choice(FAMILY)} {middle} {luck.choice(GIVEN)}"
    number, written = _phone(luck)
    place = luck.choice(communes)
    want = luck.choice(list(WANTS))
    mail = f"{fold(name.split()[-1])}{fold(name.split()[0])}{luck.randint(60, 99)}@{luck.choice(HOSTS)}"
    return {
        "name": name,
        "customer_code": f"PA07{CODES[str(place.unit)]}{luck.randrange(10**7):07d}",
        "phone": number,
        "phone_written": written,
        "address": _address(luck, place),
        "meter": str(luck.randrange(10**7, 10**8) if luck.random() < 0.3 else luck.randrange(10**9, 10**10)),
        "email": mail if luck.random() < 0.35 else "",
        "date": f"{luck.randint(1, 28):02d}/{luck.randint(1, 12):02d}/{luck.choice((2025, 2026))}",
        "category": want,
        "content": luck.choice(WANTS[want]).format(
            place=place.name, day=f"{luck.randint(1, 28):02d}/{luck.randint(1, 12):02d}/2026", n=luck.randint(2, 9)
        ),
        "wanted_reply": luck.choice(("letter", "phone", "email")),
    }


def _digits(luck: Random, count: int) -> str:
    return "".join(luck.choice("0123456789") for _ in range(count))


def _phone(luck: Random) -> tuple[str, str]:
    """Return a number, and how its owner writes it."""
    if luck.random() < 0.1:
        number = f"0209{_digits(luck, 7)}"
        return number, f"0209 {number[4:8]} {number[8:]}"
    head = luck.choice(
        ("03" + luck.choice("23456789"), "08" + luck.choice("123456789"), "079", "09" + _digits(luck, 1))
    )
    number = head + _digits(luck, 7)
    gap = luck.choice(("", "", " ", ".", " "))
    return number, gap.join((number[:4], number[4:7], number[7:]))


def _address(luck: Random, place: Place) -> str:
    spots = (
        f"Thôn {luck.choice(HAMLETS)}",
        f"Tổ {luck.randint(1, 15)}",
        f"Khu phố {luck.randint(1, 9)}",
        f"Số nhà {luck.randint(1, 190)}",
        f"Xóm {luck.choice(HAMLETS)}",
        f"Tổ nhân dân {luck.choice(('Phố A', 'Phố B', 'Nà Hái', 'Bản Ruồm'))}",
        luck.choice(("Phố Chính", "Tiểu khu 4", "Tiểu khu 11", "Khu chợ")),
    )
    district = place.district or place.unit or ""
    tail = "thành phố Bắc Kạn" if district.startswith("TP") else f"huyện {district}"
    return f"{luck.choice(spots)}, {place.kind} {place.name}, {tail}"
