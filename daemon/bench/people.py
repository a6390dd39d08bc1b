"""Names and numbers of invented customers, as common and as rare as in a Vietnamese province."""

import random

_FAMILY = {"Nguyễn": 30, "Hoàng": 12, "Nông": 11, "Triệu": 8, "Lý": 7, "Hà": 6, "Ma": 6, "Trần": 6, "Lương": 5}
_FAMILY |= {"Đặng": 4, "Bàn": 4, "Phạm": 4, "Lê": 4, "Vũ": 3, "Dương": 3, "Lục": 2, "Sùng": 2, "Hứa": 2, "Đàm": 1}
_MIDDLE_WORDS = "Văn Thị Đức Minh Thanh Ngọc Quang Hữu Xuân Thu Kim Bích Hồng Mạnh Công Tuấn Thế Anh Đình Mai"
_GIVEN_WORDS = (
    "An Anh Ánh Bảo Bình Chi Chiến Chớ Cường Cúc Diệp Dung Dũng Duy Đạt Điệp Đông Đức Giang Hà Hải Hạnh Hằng Hậu Hiền "
    "Hiếu Hoa Hòa Hoàn Huệ Hùng Huy Huyền Hương Khánh Khoa Kiên Lan Lâm Liên Linh Loan Long Luyến Mai Minh My Nam Nga "
    "Ngân Nghĩa Ngọc Nhung Oanh Phong Phúc Phương Quân Quý Quyên Quỳnh Sang Sơn Tâm Tân Thái Thành Thảo Thắng Thêm Thoa "
    "Thơm Thu Thủy Thúy Thương Tiến Toàn Trang Trung Tú Tuấn Tùng Tuyết Uyên Vân Việt Vinh Xuyến Yên Yến"
)
_MIDDLE, _GIVEN = _MIDDLE_WORDS.split(), _GIVEN_WORDS.split()


def a_name(chance: random.Random) -> str:
    """Return a name of three words."""
    family = chance.choices(tuple(_FAMILY), tuple(_FAMILY.values()))[0]
    return f"{family} {chance.choice(_MIDDLE)} {chance.choice(_GIVEN)}"


def a_phone(chance: random.Random) -> str:
    """Return a mobile number."""
    return f"09{chance.randrange(10**8):08d}"
