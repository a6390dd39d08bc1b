"""Customer codes, phone numbers, names and addresses in requests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.fields import CodePattern, find_mails
from tests.reading.request_cases import read

PATTERN = CodePattern(r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mã PA26BK0000106, Hà Thanh Sơn", "PA26BK0000106"),
        ("ma pa26bk0000106", "PA26BK0000106"),
        ("PA26 BK 0000 106", "PA26BK0000106"),
        ("PA.26.BK.0000106", "PA26BK0000106"),
        ("PA26-BK-0000106.", "PA26BK0000106"),
        ("mã KH:PA26NR0002231", "PA26NR0002231"),
        ("PA26CMOO11234", "PA26CM0011234"),
        ("PA26BKO00O1O6", "PA26BK0000106"),
        ("PA26BK00001l6 0912000111", "PA26BK0000116"),
        ("PA26BK0000106 0912 000 116", "PA26BK0000106"),
        ("(PA26BK0000104), tổ 5", "PA26BK0000104"),
    ],
)
def test_a_code_is_found_and_mended(text, code):
    assert [piece.value for piece in PATTERN.find(text)] == [code]


@pytest.mark.parametrize(
    "text", ["PA26BK000010", "PA26BK00001067", "XPA26BK0000106", "Phòng giao dịch 26", "PA 2026", ""]
)
def test_what_is_no_code_is_not_made_one(text):
    assert not [piece for piece in PATTERN.find(text) if piece.value]


def test_a_broken_code_is_asked_about():
    reading = read("Cho hỏi nợ tiền điện mã PA26BK000010 là bao nhiêu?")
    assert reading.customer_code is None
    assert "customer_code" in reading.check


def test_two_codes_are_asked_about():
    reading = read("Kiểm tra công tơ mã PA26BK0000101 và PA26BK0000102 giúp tôi.")
    assert "customer_code" in reading.check


def test_another_office_has_another_pattern():
    assert [piece.value for piece in CodePattern(r"PE\d{11}").find("mã PE 12345678901")] == ["PE12345678901"]
    with pytest.raises(ValueError, match="mẫu"):
        CodePattern(r"(PA|PB)\d+")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("ĐT 0912 000 109.", "0912000109"),
        ("sdt: 0912.000.109", "0912000109"),
        ("0912-000-109", "0912000109"),
        ("+84 912 000 109", "0912000109"),
        ("84912000109", "0912000109"),
        ("(+84)912000109", "0912000109"),
        ("(0209) 3812 345", "02093812345"),
        ("0209 3812 345", "02093812345"),
        ("0281 3812345", "02093812345"),
        ("01684 123 456", "0384123456"),
        ("0169.412.3456", "0394123456"),
        ("O912 OOO 1O9", "0912000109"),
        ("gọi 19006769 không được, số tôi 0912000109", "0912000109"),
        ("tổng đài 1900 6769", None),
        ("PA26BK0000106", None),
        ("tiền điện 1.250.000 đồng", None),
        ("MST 4700123456", None),
        ("ngày 08/10/2026 lúc 7h30", None),
        ("số tài khoản 0123456789012345", None),
        ("không có", None),
    ],
)
def test_the_customers_phone(text, phone):
    assert read("Nhà tôi mất điện. " + text).phone == phone


@pytest.mark.parametrize(
    ("text", "asked"), [("Gọi tôi 0966555444, Dũng", False), ("Tôi đã gọi tới 0966555444, không ai nghe", True)]
)
def test_a_number_to_call_back_is_not_asked_about(text: str, asked: bool) -> None:
    assert ("phone" in read("Dây điện đứt ở xã Yên Cư. " + text).check) is asked


def test_two_phones_are_asked_about():
    reading = read("Nhà tôi mất điện, gọi 0912000109 hoặc 0987654321.")
    assert "phone" in reading.check


def test_the_sender_of_a_text_message_is_its_phone():
    assert read("xa Yen Cu mat dien bao gio co", channel="sms", sender="+84912000109").phone == "0912000109"


def test_mail_addresses():
    assert find_mails("gửi vào a.b@example.com, hoặc A.B@example.vn.") == ("a.b@example.com", "A.B@example.vn")


@pytest.mark.parametrize(
    ("text", "channel", "name"),
    [
        ("Tôi là Bùi Đức Anh, thôn Nà Mố, xã Yên Cư. Nhà tôi mất điện.", "email", "Bùi Đức Anh"),
        ("Tên tôi là: Hoàng A Páo\nTrú tại: xã Bằng Thành", "letter", "Hoàng A Páo"),
        ("toi la nguyen van nam o xa yen cu, nha mat dien", "sms", "nguyen van nam"),
        ("E tên Lý Thị Mai ở xã Cao Kỳ, mất điện rồi ạ", "sms", "Lý Thị Mai"),
        ("Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 phàn nàn mất điện", "phone_note", "Sùng A Chớ"),
        ("Khách hàng Triệu Mùi Pham ở xã Vũ Muộn hỏi lịch cắt điện", "phone_note", "Triệu Mùi Pham"),
        ("Họ và tên: Dương Văn Khải\nSĐT: 0988404505\nNội dung: mất điện", "website", "Dương Văn Khải"),
        ("Nhà tôi mất điện, nhờ thợ đến kiểm tra. Vi Thị Lan 0912 000 108", "website", "Vi Thị Lan"),
        ("Đề nghị xử lý cột nghiêng.\nNgười viết đơn\n(đã ký)\nNguyễn Thị Lành", "letter", "Nguyễn Thị Lành"),
        ("UBND xã Văn Lang đề nghị lùi lịch ngừng cấp điện.", "letter", "UBND xã Văn Lang"),
        ("Công ty TNHH May Hoa Sen (phường Xuất Hóa) đề nghị hoãn cắt điện.", "email", "Công ty TNHH May Hoa Sen"),
        (
            "Tổ dân phố 6 phường Huyền Tụng kiến nghị xử lý cột điện nghiêng.",
            "letter",
            "Tổ dân phố 6 phường Huyền Tụng",
        ),
        ("Kính gửi Công ty Điện lực Bắc Kạn. Bao giờ có điện?", "email", None),
        ("Sáng mai xã An Thắng có cắt điện không ạ?", "sms", None),
        ("Kính gửi ông Giám đốc Điện lực Ba Bể, xã tôi mất điện.", "letter", None),
        ("Mat dien roi, bao gio co lai? xa Quang Chu", "sms", None),
        ("Anh thợ mộc Hà Văn Tuyền ở xã Yên Cư hỏi lịch cắt điện mai", "phone_note", "Hà Văn Tuyền"),
        ("Bà chủ nhà nghỉ Lường Thị Hoa, xã Nam Mẫu báo mất điện", "phone_note", "Lường Thị Hoa"),
        ("Chị kế toán trường Nông Thị Mến hỏi hóa đơn tháng 10", "phone_note", "Nông Thị Mến"),
        ("Ông phó bản Giàng A Chu, xã Cổ Linh báo dây võng", "phone_note", "Giàng A Chu"),
        ("Cô giáo viên mầm non Bế Thị Lụa xin hoãn cắt điện 8h ngày 9/11", "phone_note", "Bế Thị Lụa"),
        ("Giáo viên Ma Thị Nga, xã Mai Lạp phàn nàn cắt điện", "phone_note", "Ma Thị Nga"),
        ("Trưởng bản Sùng A Páo xã Cổ Linh báo cột nghiêng", "phone_note", "Sùng A Páo"),
        ("Anh em thợ điện lực ra sửa nhanh quá", "phone_note", None),
        ("Bà con thôn Bản Chang hỏi bao giờ có điện", "phone_note", None),
        ("Một cô giáo gọi hỏi lịch cắt điện xã Yên Cư", "phone_note", None),
        ("Anh ở xóm Nà Phai gọi hỏi lịch", "phone_note", None),
        ("Tôi, Hoàng Văn Bính, thôn 2, xã Quân Hà, khiếu nại cắt điện quá giờ", "letter", "Hoàng Văn Bính"),
        ("Tôi: Hoàng Văn Sỹ, thôn Bản Mới, xã Quảng Bạch, khiếu nại cắt điện", "letter", "Hoàng Văn Sỹ"),
        ("Chúng tôi: các hộ thôn Nà Mố, đề nghị cho biết lịch cắt điện", "letter", None),
        ("Em - Lục Thị Hiền, tổ 5 phường Sông Cầu - xin hỏi lịch cắt điện", "email", "Lục Thị Hiền"),
        ("Chúng tôi, các hộ thôn Nà Mố, đề nghị cho biết lịch cắt điện", "letter", None),
        ("Tôi, người dân xã Cao Kỳ, mất điện từ sáng", "email", None),
        ("Mất điện rồi. Cảm ơn em, Hà Nội không mất", "email", None),
        ("MẤT ĐIỆN CẢ XÓM!!! xã Cao Kỳ", "website", None),
        ("NỔ TRẠM BIẾN ÁP thôn Nà Mố, xã Yên Cư, lửa to lắm", "website", None),
        ("CÂY ĐỔ ĐÈ DÂY ở xã Yên Cư, cho người đến ngay", "sms", None),
        ("NGUYỄN VĂN BA, xã Cao Kỳ hỏi bao giờ có điện lại cho xóm", "email", "NGUYỄN VĂN BA"),
        ("Cắt điện không báo. Nguyễn thị Hòa, xã Bình Trung", "email", "Nguyễn thị Hòa"),
        ("Nhờ kiểm tra công tơ giúp. Trần văn Kiên 0912000123", "email", "Trần văn Kiên"),
        ("Tôi là Lò thị Phượng ở xã Nghiên Loan hỏi lịch cắt điện", "email", "Lò thị Phượng"),
        ("Nông trường chè Như Cố, xã Như Cố hỏi lịch cắt điện", "phone_note", "Nông trường chè Như Cố"),
        (
            "Ban đại diện cha mẹ học sinh Trường THCS Nà Phặc đề nghị hoãn cắt điện 8h ngày 9/11",
            "letter",
            "Ban đại diện cha mẹ học sinh Trường THCS Nà Phặc",
        ),
        (
            "Kính gửi Công ty. Trung tâm Giáo dục nghề nghiệp huyện Na Rì đề nghị cho biết lịch cắt điện",
            "letter",
            "Trung tâm Giáo dục nghề nghiệp huyện Na Rì",
        ),
        (
            "Trung tâm Văn hóa thể thao và truyền thông - xã Phủ Thông\nĐề nghị lùi lịch cắt điện 8h ngày 9/11",
            "letter",
            "Trung tâm Văn hóa thể thao và truyền thông",
        ),
        ("Ban công tác Mặt trận thôn Nà Mố phản ánh cột điện nghiêng", "letter", "Ban công tác Mặt trận thôn Nà Mố"),
        ("Trạm Khuyến nông huyện (xã Vũ Muộn) hỏi phí đóng cắt điện", "email", "Trạm Khuyến nông huyện"),
        ("Hội người cao tuổi xã Dương Phong xin lùi lịch 7h ngày 9/11", "letter", "Hội người cao tuổi xã Dương Phong"),
        ("Dây điện vào chợ bị chảy nhựa, ki-ốt số 3, chợ xã Yên Thịnh", "website", None),
        ("Cột nghiêng ở sau trạm y tế xã Mỹ Phương", "website", None),
        ("Cây xăng Hải Hà (xã Cẩm Giàng) xin đổi giờ cắt điện 9h ngày 9/11", "email", "Cây xăng Hải Hà"),
        ("Người báo: Nông Văn Sơn, xã Kim Lư, dây tụt", "phone_note", "Nông Văn Sơn"),
    ],
)
def test_the_name(text, channel, name):
    assert read(text, channel).name == name


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Tôi ở tổ 2 thị trấn Bằng Lũng, mất điện", "tổ 2 thị trấn Bằng Lũng"),
        ("nha em o xa Quang Chu mat dien", "xa Quang Chu"),
        ("phố Mới, xã Nà Phặc, tỉnh Thái Nguyên có cắt điện không", "phố Mới, xã Nà Phặc, tỉnh Thái Nguyên"),
        ("Số nhà 88 tổ 7 phường Sông Cầu mất điện", "Số nhà 88 tổ 7 phường Sông Cầu"),
        ("ngõ 12 đường Trường Chinh, phường Đức Xuân mất điện", "ngõ 12 đường Trường Chinh, phường Đức Xuân"),
        (
            "Địa chỉ: thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể\nNội dung: mất điện",
            "thôn Pác Ngòi, xã Nam Mẫu, huyện Ba Bể",
        ),
        ("thôn Bản Chang xã Đức Vân mất điện", "thôn Bản Chang xã Đức Vân"),
        ("UBND xã Văn Lang (xã Văn Lang, tỉnh Thái Nguyên) hỏi lịch cắt điện", "xã Văn Lang, tỉnh Thái Nguyên"),
        ("Kính gửi Điện lực Ba Bể, bao giờ có điện?", None),
        ("Trường Tiểu học Cổ Linh hỏi lịch cắt điện", None),
        ("Cây đổ ở đoạn cua Khuổi Mản, xã Mỹ Thanh, dây oằn xuống", "đoạn cua Khuổi Mản, xã Mỹ Thanh"),
        ("day vong o dau cau Pac Co xa Boc Bo", "dau cau Pac Co xa Boc Bo"),
        ("su vo tren cot nga tu Na Hin xa Nong Ha", "nga tu Na Hin xa Nong Ha"),
        (
            "Nhà máy ở lô B4 KCN Thanh Bình, xã Thanh Thịnh xin lùi giờ cắt 8h ngày 9/11",
            "lô B4 KCN Thanh Bình, xã Thanh Thịnh",
        ),
        ("Cột nghiêng ở ngã ba Nà Ngần, xã Cao Kỳ", "ngã ba Nà Ngần, xã Cao Kỳ"),
        ("Mất điện ở chân dốc Tiểu Viên, phường Đức Xuân", "chân dốc Tiểu Viên, phường Đức Xuân"),
        ("Hiệu phó trường bán trú xã Cao Tân hỏi lịch cắt điện", "xã Cao Tân"),
        ("Chị phó chủ tịch xã Yên Cư hỏi lịch cắt điện", "xã Yên Cư"),
        ("Xe bán hàng rong xã Cao Kỳ làm đứt dây", "xã Cao Kỳ"),
        ("Đôi bên đợi mãi xã Cao Kỳ chưa có điện", "xã Cao Kỳ"),
        ("Yêu cầu kiểm tra công tơ xã Cao Kỳ", "xã Cao Kỳ"),
        ("cho em hoi xa Cao Ky bao gio co dien", "xa Cao Ky"),
        ("bao gio co dien cho thon Khuoi Mang xa An Thang", "thon Khuoi Mang xa An Thang"),
        ("cat dien cho ban Na Lan xa Co Linh luc may gio", "ban Na Lan xa Co Linh"),
        ("Dien Dong Lac mat tu sang", "Dong Lac"),
        ("mat dien tu chieu. Con Minh Na Ri", "Con Minh Na Ri"),
        ("Van Lang Na Ri bao gio co dien", "Van Lang Na Ri"),
        ("Nhà em ở Như Cố Chợ Mới mất điện", "Như Cố Chợ Mới"),
        ("Anh Hoàng Văn Thụ hỏi lịch cắt điện", None),
        ("Điện lực Bạch Thông ơi bao giờ có điện", None),
        ("Cột đổ sau trạm y tế xã Mỹ Phương", "xã Mỹ Phương"),
        ("ngõ 26 tổ 14 phường Đức Xuân mất điện", "ngõ 26 tổ 14 phường Đức Xuân"),
        ("Dốc Đứng, xã Cao Kỳ có cây đổ vào dây", "Dốc Đứng, xã Cao Kỳ"),
        ("Trạm ở chân cầu Bắc Kạn phường Sông Cầu kêu to", "chân cầu Bắc Kạn phường Sông Cầu"),
    ],
)
def test_the_address(text, address):
    assert read(text).address == address


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Hỏi hôm ấy có lịch cắt không, nhờ trả lời điện thoại 0334651220", "phone"),
        ("Cho hỏi mai có điện không, xin trả lời qua số 0912000123", "phone"),
        ("Không biết bao giờ có điện, báo giúp vào máy 0912000123", "phone"),
        ("Tôi không rành thư từ, cứ gọi điện cho tôi nhé 0912000123", "phone"),
        ("có gì alo em theo số này 0912000123", "phone"),
        ("Gọi điện ba lần đều trả lời đang trên đường. Đề nghị xem lại quy trình", None),
        ("Tôi gọi điện hỏi thì được trả lời qua loa, rất bức xúc", None),
        ("Gọi lại nhiều lần tổng đài không ai trả lời", None),
        ("Trực điện lực hẹn gọi lại mà không thấy gọi, mất điện cả đêm", None),
        ("Đã gọi hai cuộc, trả lời là chờ", None),
        ("Làm sao để nhận tin nhắn thông báo cắt điện vào số điện thoại mới 0912000123", None),
        ("Đăng ký nhận lịch cắt điện qua số 0912000123 thì làm thế nào", None),
        ("Xin đổi số điện thoại nhận thông báo sang 0912000123", None),
        ("Đề nghị có công văn cho biết thời gian khôi phục điện", "letter"),
        ("Đề nghị có văn bản nêu rõ nguyên nhân", "letter"),
        ("Mong quý công ty ra văn bản giải thích việc cắt điện", "letter"),
        ("Công văn trả lời lần trước chưa rõ, đề nghị trả lời lại bằng văn bản", "letter"),
        ("Tổng đài hẹn gọi lại mà không gọi, lần này nhờ gọi cho tôi số 0912000123 nhé", "phone"),
        ("Cần văn bản xác nhận nguyên nhân mất điện để làm bảo hiểm", "letter"),
        ("Đề nghị có văn bản phúc đáp", "letter"),
        ("Tôi đã đọc thư trả lời ngày 10/11 và không đồng ý, yêu cầu trả lời lại", None),
        ("Đã nhận công văn trả lời của quý công ty nhưng chưa thỏa đáng", None),
        ("Theo văn bản trả lời số 15, công ty hứa khắc phục mà chưa làm", None),
        ("Tôi xem giấy báo cắt điện thấy ghi sai ngày", None),
        ("Không cần văn bản đâu, gọi cho tôi là được 0912000123", "phone"),
        ("Trả lời tôi bằng email này", "email"),
        ("Gửi kết quả vào hòm thư điện tử của trường", "email"),
        ("Tôi không dùng email, gửi giấy về nhà giúp", "letter"),
        ("Mail trước tôi gửi chưa thấy trả lời", None),
        ("Email của các anh báo cắt 8h, xin lùi sang 14h", None),
        ("Phản hồi lại cho tôi qua mail: a@b.vn", "email"),
        ("Số điện thoại của tôi 0912000123", None),
        ("Liên hệ số 0912000123 để được dẫn đường vào chỗ cột đổ", None),
        ("Khách nhờ điện lại khi có lịch, 0912000123", "phone"),
        ("Bà muốn có người gọi giải thích, 0912000123", "phone"),
        ("Chị xin công ty trả lời bằng giấy có dấu đỏ", "letter"),
        ("Ông Chớ phàn nàn tháng này mất điện 8 lần, hẹn gọi điện trả lời ông", "phone"),
        ("Kính mong nhận được công văn phúc đáp", "letter"),
    ],
)
def test_the_wanted_form_of_reply(text, form):
    assert read(text).wanted_reply == form


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(alphabet="PA26BK0O1l5 .-xX", max_size=80))
def test_a_code_always_has_the_form_of_the_pattern(text):
    for piece in PATTERN.find(text):
        assert piece.value == "" or (len(piece.value) == 13 and piece.value[:1] == "P" and piece.value[6:].isdigit())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Cạnh trường tiểu học xã Vân Tùng, huyện Ngân Sơn có dây điện đứt", "xã Vân Tùng, huyện Ngân Sơn"),
        ("Gần chợ xã Vân Tùng, huyện Ngân Sơn có cột điện đổ", "xã Vân Tùng, huyện Ngân Sơn"),
        ("Cạnh trường tiểu học xã Vân Tùng có dây điện đứt", "xã Vân Tùng"),
    ],
)
def test_where_a_danger_is_keeps_the_commune_of_a_landmark(text: str, address: str) -> None:
    assert read(text).address == address


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nhà em ở tổ 4 phường Sông Cầu mất điện từ trưa, bao giờ có lại ạ? Lan Anh, đt 0912 345 678", "Lan Anh"),
        ("Mất điện cả xã Cẩm Giàng rồi. Bao giờ có? Minh Tuấn - 0912 345 678", "Minh Tuấn"),
        ("Mai xã Nam Mẫu có cắt điện không ạ?\nThu Hà 0912345678", "Thu Hà"),
        ("Mất điện cả xã Cẩm Giàng rồi. Gọi Ngay 0912 345 678", None),
        ("Mất điện ở Cẩm Giàng. Xin Cảm Ơn! 0912 345 678", None),
        ("Cắt điện ở xã Vi Hương không? Nà Pái 0912 345 678", None),
        ("Mất điện. Số Máy 0912 345 678, xã Cẩm Giàng", None),
    ],
)
def test_given_names_alone_before_the_phone_number_are_the_customers(text: str, name: str | None) -> None:
    assert read(text, "sms").name == name
