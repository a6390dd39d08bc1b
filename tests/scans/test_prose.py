"""Letters: paragraphs put together again, and what only their layout tells."""

import pytest

from daemon.desk.form import DocumentKind, Vote
from daemon.scans.letters import in_reading_order
from daemon.scans.prose import is_formula, paragraphs, told
from daemon.scans.raw import SeenLine, SeenPage
from daemon.scans.recognise import ASTER, TESSERACT
from daemon.scans.settle import LETTER_FIELDS, Meaning, Understood, best_text, settle

WIDE = 100  # characters of a full line
TOLD = [
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 30),
    ("Độc lập - Tự do - Hạnh phúc", 34),
    ("ĐƠN KIẾN NGHỊ", 40),
    ("Kính gửi: Phòng Giao dịch khách hàng - Công ty Điện lực Bắc Kạn", 20),
    ("Tên tôi là Hứa Trọng Dũng, hiện đang sử dụng điện tại Khu phố 8, thị trấn Vân Tùng, huyện Ngân", 5),
    ("Sơn, mã KH PA07NS5817459, công tơ số 4769505139.", 0),
    ("Đề nghị hướng dẫn thủ tục lắp điện mặt trời mái nhà và đấu nối với lưới điện hạ thế khu vực nhà", 5),
    ("tôi.", 0),
    ("Kính mong quý đơn vị gọi điện thoại trả lời cho tôi. Điện thoại liên hệ: 0209 3869 733.", 5),
    ("Tôi xin chân thành cảm ơn!", 5),
    ("Bắc Kạn, ngày 08 tháng 04 năm 2025", 60),
    ("NGƯỜI LÀM ĐƠN", 70),
    ("(Ký và ghi rõ họ tên)", 68),
    ("Hứa Trọng Dũng", 70),
]
LABELLED = [
    ("GIẤY ĐỀ NGHỊ", 40),
    ("Kính gửi: Phòng Giao dịch khách hàng - Công ty Điện lực Bắc Kạn", 20),
    ("Người đề nghị: Hà Văn Sỹ", 0),
    ("Số chế tạo công tơ: 2023 879 069", 0),
    ("Lý do: Trường chúng tôi tổ chức thi học kỳ ngày 10/12/2025, đề nghị đổi lịch ngừng cung cấp điện", 0),
    ("sang cuối tuần.", 0),
    ("Hình thức trả lời: email syha75@gmail.com", 0),
    ("Tôi xin chân thành cảm ơn!", 5),
    ("Bắc Kạn, ngày 09 tháng 03 năm 2025", 60),
    ("Hà Văn Sỹ", 70),
]


def lines_of(rows, engines=(TESSERACT, ASTER)):
    made = []
    for row, (text, indent) in enumerate(rows):
        box = (100 + 10 * indent, 100 + 40 * row, 100 + 10 * (indent + len(text)), 130 + 40 * row)
        made.append(SeenLine(box, tuple(Vote(engine, text, 0.95) for engine in engines)))
    return tuple(made)


def parts(rows):
    return paragraphs(lines_of(rows), [text for text, _ in rows])


def test_wrapped_lines_are_joined_and_paragraphs_kept_apart():
    found = parts(TOLD)
    assert found[4].endswith("huyện Ngân Sơn, mã KH PA07NS5817459, công tơ số 4769505139.")
    assert found[5].endswith("khu vực nhà tôi.")
    assert found[6].startswith("Kính mong")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            TOLD,
            {
                "date": "08/04/2025",
                "meter": "4769505139",
                "name": "Hứa Trọng Dũng",
                "content": "Đề nghị hướng dẫn thủ tục lắp điện mặt trời mái nhà và đấu nối với lưới điện hạ thế khu vực nhà tôi.",
            },
        ),
        (
            LABELLED,
            {
                "date": "09/03/2025",
                "meter": "2023879069",
                "name": "Hà Văn Sỹ",
                "content": "Trường chúng tôi tổ chức thi học kỳ ngày 10/12/2025, đề nghị đổi lịch ngừng cung cấp điện sang cuối tuần.",
            },
        ),
        ([("Xin chào", 0)], {"date": None, "meter": None, "name": None, "content": "Xin chào"}),
        ([], {"date": None, "meter": None, "name": None, "content": None}),
    ],
)
def test_what_the_layout_tells(rows, expected):
    assert told(parts(rows)) == expected


MATTER = "Ba ngày nay xóm tôi mất điện, tôi gọi điện thoại không ai trả lời."


@pytest.mark.parametrize(
    "around",
    [
        (("Bắc Kạn, ngày 04 tháng 05 năm 2025", 60), ("Số ĐT: 0867 147 696", 0)),
        (("Tôi tên là: Nông Văn Hải", 0), ("Mã khách hàng: PA07BK1234567", 0), ("Di động: 0867147696", 0)),
    ],
)
@pytest.mark.parametrize(
    "asks",
    [
        "Kính mong quý đơn vị trả lời bằng văn bản. Điện thoại liên hệ: 0976828920.",
        "Rất mong được phản hồi sớm. Xin gọi lại cho tôi theo số điện thoại trên.",
    ],
)
def test_the_matter_is_neither_who_writes_nor_how_to_answer(around, asks):
    for label in ("", "Nội dung: "):
        rows = [*around, (label + MATTER, 0), (asks, 0), ("Xin trân trọng cảm ơn!", 5), ("Nông Văn Hải", 70)]
        assert told(parts(rows))["content"] == MATTER


def test_lines_come_in_the_order_of_reading():
    boxes = [(900, 100, 1200, 140), (100, 104, 500, 138), (100, 195, 200, 230), (100, 150, 1200, 190)]
    order = [box for box, _ in in_reading_order((box, ()) for box in boxes)]
    assert order == [boxes[1], boxes[0], boxes[3], boxes[2]]


@pytest.mark.parametrize(
    ("line", "formula"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
        ("Kính gửi: Phòng Giao dịch khách hàng - Công ty Điện lực Bắc Kạn", True),
        ("Tôi xin chân thành cảm ơn!", True),
        ("(Ký và ghi rõ họ tên)", True),
        ("Kính gửi điện lực, tôi là Nông Văn Hải ở xã Quân Hà", False),
        ("Kính gửi Điện lực, số điện thoại 0912345678", False),
        ("Nông Văn Hải", False),
    ],
)
def test_formulas_are_told_from_lines_that_say_something(line, formula):
    assert is_formula(line) is formula


def test_a_second_page_that_ends_with_the_signer_begins_no_letter():
    second = [("Chúng tôi luôn trả tiền điện đúng hạn và giữ gìn an toàn lưới điện.", 0), ("NGƯỜI ĐỀ NGHỊ", 60)]
    documents = settle([page(LABELLED), page([*second, ("Hà Văn Sỹ", 70)], number=2)], READ)
    assert [document.pages for document in documents] == [2]
    assert len(settle([page(LABELLED), page([("ĐƠN ĐỀ NGHỊ", 40), *second], number=2)], READ)) == 2


def test_a_name_that_the_signature_does_not_bear_out_is_looked_at():
    signed = [*LABELLED[:-1], ("Hà Văn Sý", 70)]
    (document,) = settle([page(signed)], READ)
    assert "name" in document.check
    assert "Hà Văn Sý" in next(one.reason for one in document.readings if one.field == "name")


def page(rows, number=1, **more):
    return SeenPage(number, 2, "letter", lines=lines_of(rows, **more))


READ = Meaning(read_text=lambda text: Understood({"name": "Hà Văn Sỹ", "phone": "0798644199", "category": "other"}))


def test_a_letter_read_alike_by_two_engines_is_accepted():
    (document,) = settle([page(LABELLED)], READ)
    assert document.kind is DocumentKind.LETTER
    assert document.value("meter") == "2023879069" and document.value("date") == "09/03/2025"
    assert not {"name", "meter", "date", "category", "content"} & set(document.check)
    assert {"customer_code", "address"} <= set(document.check)


def test_print_that_tells_of_no_customer_is_all_checked():
    (document,) = settle([page(LABELLED)], Meaning(read_text=lambda text: Understood({"category": "other"})))
    assert document.check == LETTER_FIELDS


def test_a_letter_read_by_one_engine_is_all_checked():
    (document,) = settle([page(LABELLED, engines=(TESSERACT,))], READ)
    assert {"name", "meter", "date"} <= set(document.check)


def test_a_second_page_goes_on_but_a_new_letterhead_begins_a_letter():
    more = [("Ngoài ra tôi đề nghị công ty kiểm tra đường dây sau nhà vì cây đổ vào.", 0)]
    documents = settle([page(TOLD), page(more, 2), page(LABELLED, 3)], READ)
    assert [(d.page, d.pages) for d in documents] == [(1, 2), (3, 1)]
    assert "cây đổ" in documents[0].text


def test_a_page_of_scraps_is_other():
    (document,) = settle([page([("12 x", 0), ("|| ab", 3)])], READ)
    assert document.kind is DocumentKind.OTHER and document.check == LETTER_FIELDS


@pytest.mark.parametrize(
    ("tesseract", "aster", "chosen"),
    [((0.95, "t"), (0.99, "a"), "t"), ((0.81, "t"), (0.91, "a"), "a"), ((0.3, "t"), (0.1, "a"), "t")],
)
def test_the_surer_engine_gives_the_line(tesseract, aster, chosen):
    votes = (Vote(TESSERACT, tesseract[1], tesseract[0]), Vote(ASTER, aster[1], aster[0]))
    assert best_text(SeenLine((0, 0, 9, 9), votes)) == chosen
