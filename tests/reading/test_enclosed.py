"""Of a letter that comes as a file, only what it says reaches the answer; its frame and the covering words do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.enclosed import core, is_annex, joined, only_announces

SHORT = """CÔNG TY ĐIỆN LỰC BẮC KẠN
ĐIỆN LỰC BẠCH THÔNG
Kính gửi: Phòng Giao dịch khách hàng
Điện lực đã kiểm tra hiện trường ngày 23/11/2026, điện áp cuối nguồn 195 V do dây dẫn nhỏ.
Điện lực sẽ thay dây trước 15/12/2026.
Trân trọng./.
GIÁM ĐỐC
Hoàng Văn Bắc"""
WHOLE = """CÔNG TY ĐIỆN LỰC BẮC KẠN
ĐIỆN LỰC BA BỂ
Số: 123/ĐLBB-KD
V/v trả lời khách hàng Nông Văn Tài
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Ba Bể, ngày 24 tháng 11 năm 2026
Kính gửi:
- Phòng Giao dịch khách hàng;
- Phòng Kinh doanh.
Căn cứ Quy trình QT821-02/P9;
Phúc đáp phiếu số PCBK-2026-000007 của Phòng Giao dịch khách hàng, Điện lực Ba Bể xin trả lời như sau:
1. Nguyên nhân: sét đánh vỡ sứ cột 45.
2. Đã thay sứ, cấp điện lại lúc 14h30 ngày 23/11/2026.
Vậy Điện lực Ba Bể báo cáo để Quý Phòng biết và trả lời khách hàng./.
Nơi nhận:
- Như trên;
- Lưu: VT, KD.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(Đã ký)
Triệu Văn Thắng"""
PRINTED = """CÔNG TY ĐIỆN LỰC BẮC KẠN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TRUNG TÂM ĐIỀU ĐỘ B26 Độc lập - Tự do - Hạnh phúc
Số: /B26 Bắc Kạn, ngày 24 tháng 11 năm 2026
V/v lịch ngừng điện
Kính gửi: Phòng Giao dịch khách hàng
Trả lời phiếu PCBK-2026-000011, B26 thông báo như sau:
Không đồng ý chuyển lịch ngừng điện ngày 05/12/2026 của đường dây 35 kV vì đã
thống nhất với đơn vị thi công và các khách hàng lớn, nhân lực không bố trí
được ngày khác.
Đề nghị phòng báo khách trước 17h ngày 25/11.
Trân trọng.
NGƯỜI LẬP TRƯỞNG CA
Hà Văn Sỹ Lục Văn Tám"""
MINUTES = "BIÊN BẢN KIỂM TRA\nHôm nay, ngày 23/11/2026, chúng tôi gồm: ông Ma Văn Ba, bà Hà Thị Lý."


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        (
            SHORT,
            "Điện lực đã kiểm tra hiện trường ngày 23/11/2026, điện áp cuối nguồn 195 V do dây dẫn nhỏ.\n"
            "Điện lực sẽ thay dây trước 15/12/2026.",
        ),
        (
            WHOLE,
            "1. Nguyên nhân: sét đánh vỡ sứ cột 45.\n2. Đã thay sứ, cấp điện lại lúc 14h30 ngày 23/11/2026.",
        ),
        (
            PRINTED,
            "Không đồng ý chuyển lịch ngừng điện ngày 05/12/2026 của đường dây 35 kV vì đã thống nhất với đơn vị thi công "
            "và các khách hàng lớn, nhân lực không bố trí được ngày khác.\nĐề nghị phòng báo khách trước 17h ngày 25/11.",
        ),
        ("B26 đồng ý chuyển lịch sang 07h30 - 11h30 ngày 31/10/2026.",) * 2,
        ("Đã thay công tơ.\nKhách hàng không phải trả tiền.",) * 2,
        ("Kính gửi: Phòng Giao dịch khách hàng\nTrân trọng./.",) * 2,
    ],
    ids=["short", "whole", "printed", "one line", "no frame", "empty"],
)
def test_the_frame_of_a_letter_goes(letter: str, said: str) -> None:
    assert core(letter) == said


@pytest.mark.parametrize(
    "sentence",
    [
        "B26 gửi văn bản trả lời kèm theo.",
        "Điện lực Bạch Thông gửi văn bản trả lời (file đính kèm).",
        "Nội dung trả lời phiếu PCBK-2026-000007 tại văn bản đính kèm.",
        "Xem file.",
        "Em gửi chị file trả lời ạ",
        "Phòng Điều độ gửi lại phiếu đã điền.",
        "Em đã điền vào phiếu rồi, chị xem giúp em.",
        "Đơn vị gửi lại kết quả.",
    ],
)
def test_covering_words_announce_only(sentence: str) -> None:
    assert only_announces(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Đã sửa xong lúc 10h, biên bản kèm theo.",
        "Đồng ý chuyển lịch, chi tiết tại văn bản kèm theo.",
        "Nguyên nhân do sét, đã thay sứ.",
        "Không bố trí được nhân lực, xem văn bản kèm theo.",
        "Đường dây bị sét đánh hỏng sứ, chi tiết xem file kèm theo.",
        "Máy cháy, ảnh gửi kèm.",
        "Mất pha, gửi kèm ảnh.",
        "Cắt điện, ảnh kèm theo.",
        "ĐƯỜNG DÂY ĐỨT, ẢNH KÈM THEO.",
        "Khách hàng sai, chi tiết kèm theo.",
        "Đề nghị hẹn khách hàng tuần sau, biên bản kèm theo.",
        "Chiều nay có điện, gửi kèm phiếu.",
        "Đơn vị gửi kết quả: do sét.",
        "Phiếu đã điền, không đồng ý.",
    ],
)
def test_what_tells_something_stays(sentence: str) -> None:
    assert not only_announces(sentence)


FRAME = "ĐIỆN LỰC CHỢ MỚI\nSố: 12/ĐLCM\nKính gửi: Phòng Kinh doanh\n"


@pytest.mark.parametrize(
    "body",
    [
        "Phòng đã kiểm tra, công tơ của khách hàng bị hỏng do sét.\nĐã thay công tơ.",
        "Điện lực đã kiểm tra.\nĐề nghị phòng báo khách hàng sẽ cấp điện lại trong chiều nay.",
        "Đã kiểm tra tại nhà.\nĐề nghị Phòng trả lời khách hàng. Công tơ chạy đúng, khách hàng không phải nộp thêm tiền.",
        "Đã kiểm tra.\nĐề nghị phòng thông báo cho khách hàng tự sửa dây sau công tơ.",
        "Căn cứ biên bản kiểm tra, công tơ bị cháy do quá tải;\nKhách hàng không phải bồi thường.",
        "Về việc khách hàng phản ánh mất điện: do cháy cầu chì, đã thay.\nĐã cấp điện.",
        "Tại hiện trường:\nLưu: số công tơ đã thay\nKhách hàng đồng ý.",
    ],
)
def test_a_line_that_tells_something_is_no_frame(body: str) -> None:
    assert core(FRAME + body) == body


def test_a_note_below_the_closing_words_stays() -> None:
    said = core(FRAME + "Sự cố đã khắc phục xong.\nTrân trọng./.\nGhi chú: khách hàng cần tự sửa dây sau công tơ.")
    assert said == "Sự cố đã khắc phục xong.\nGhi chú: khách hàng cần tự sửa dây sau công tơ."


def test_the_letter_is_the_answer_of_a_covering_mail() -> None:
    assert joined("Kính gửi phòng GDKH,\nĐL gửi văn bản trả lời (file đính kèm).", [("tra-loi.docx", SHORT)]) == core(
        SHORT
    )


def test_minutes_beside_an_answer_stay_in_their_file() -> None:
    told = "Đã sửa xong lúc 10h, biên bản kèm theo."
    assert joined(told, [("bien_ban_hien_truong.docx", MINUTES)]) == told
    assert is_annex("scan.pdf", MINUTES)
    assert not is_annex("scan.pdf", WHOLE)


def test_minutes_alone_are_what_there_is() -> None:
    assert joined("Xem file kèm.", [("bien-ban.docx", MINUTES)]) == MINUTES


@pytest.mark.parametrize("mail", ["", "Xem file.", "Kính gửi phòng,\nĐơn vị gửi văn bản trả lời kèm theo."])
def test_an_answer_that_is_a_scan_is_named(mail: str) -> None:
    assert joined(mail, [("tra loi.pdf", None)]) == "Nội dung trả lời ở tệp kèm theo: tra loi.pdf."


def test_a_scan_beside_an_answer_adds_nothing() -> None:
    assert joined("Đã sửa xong lúc 10h.", [("anh.jpg", None)]) == "Đã sửa xong lúc 10h."


def test_without_a_file_that_can_be_read_the_mail_stays() -> None:
    assert joined("B26 gửi văn bản trả lời kèm theo.", []) == "B26 gửi văn bản trả lời kèm theo."


@given(
    st.lists(
        st.sampled_from([*SHORT.splitlines(), *WHOLE.splitlines(), *PRINTED.splitlines(), "", "đã xong"]), max_size=25
    )
)
@settings(max_examples=200, derandomize=True)
def test_a_letter_never_comes_out_empty_or_with_new_words(lines: list[str]) -> None:
    letter = "\n".join(lines)
    said = core(letter)
    assert bool(said) == bool(letter.strip())
    assert _bare_words(said) <= _bare_words(letter)


def _bare_words(text: str) -> set[str]:
    return {word.strip("./") for word in text.split()}
