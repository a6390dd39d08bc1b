"""What a letter asks besides its kind: letters of several matters, and that letters of one matter have none."""

import pytest

from daemon.desk.ticket import Category
from tests.reading.request_cases import cases, read

INFO, COST, INCIDENT = "outage_info", "reconnection_cost", "incident_report"
COMPLAINT, CHANGE, OTHER = "outage_complaint", "outage_time_change", "other"

LETTERS = [
    (
        "Nhà tôi ở tổ 5 phường Đức Xuân. Cho tôi hỏi lịch cắt điện tuần tới. Ngoài ra cho hỏi phí đóng điện lại sau khi bị "
        "cắt do nợ tiền điện là bao nhiêu?",
        COST,
        {INFO},
    ),
    (
        "Tháng này nhà tôi mất điện 6 lần không báo trước, tôi rất bức xúc. Tôi khiếu nại, đề nghị Điện lực giải trình. Đồng thời xin hỏi thủ tục lắp thêm "
        "công tơ 3 pha cho xưởng mộc cần giấy tờ gì?",
        COMPLAINT,
        {OTHER},
    ),
    (
        "Hiện tại thôn tôi mất điện từ 6h sáng, bao giờ có lại? Hóa đơn tháng 10 của nhà tôi cũng tăng gấp đôi, đề nghị kiểm "
        "tra lại công tơ.",
        OTHER,
        {INFO},
    ),
    ("Cho hoi mai co cat dien khong? Voi lai tien dien thang nay sao cao the, kiem tra cong to giup.", OTHER, {INFO}),
    # hours count for the second matter: it is the ticket's kind
    (
        "Ngày 30/11 nhà tôi có đám cưới, theo thông báo sẽ cắt điện 7h đến 16h, xin Điện lực dời sang ngày khác. Nhân tiện cho "
        "tôi hỏi chi phí ngừng và cấp điện trở lại theo yêu cầu là bao nhiêu?",
        CHANGE,
        {COST},
    ),
    (
        "1. Xin hỏi ngày 27/11 thôn tôi có bị cắt điện không, mấy giờ có lại?\n2. Tôi muốn tạm ngừng điện ở xưởng hai tháng, chi "
        "phí đóng cắt lại là bao nhiêu?\n3. Cột điện trước nhà tôi bị nghiêng, đề nghị cho người kiểm tra.",
        INCIDENT,
        {INFO, COST},
    ),
    (
        "Tôi sửa nhà cần cắt điện 1 ngày, xin hỏi phí cắt và đóng lại bao nhiêu? Cây tre sau nhà tôi đang ngả vào đường dây, "
        "nhờ các anh cho người chặt giúp.",
        INCIDENT,
        {COST},
    ),
]


@pytest.mark.parametrize(("text", "kind", "rest"), LETTERS)
def test_a_letter_of_several_matters_has_one_kind_and_the_rest_beside_it(text: str, kind: str, rest: set[str]) -> None:
    reading = read(text)
    assert (reading.category, {str(one.category) for one in reading.besides}) == (kind, rest)
    for one in reading.besides:
        assert one.sentence.rstrip("…") in " ".join(text.split()), "the customer's own words"


def test_the_sentence_stands_without_its_number() -> None:
    reading = read(LETTERS[5][0])
    assert reading.besides[1].category is Category.OUTAGE_INFO
    assert reading.besides[1].sentence == "Xin hỏi ngày 27/11 thôn tôi có bị cắt điện không, mấy giờ có lại"


@pytest.mark.parametrize(
    "text",
    [
        "Nhà tôi mất điện từ sáng, đề nghị kiểm tra. Xin cho biết nguyên nhân và bao giờ có lại?",
        "Cột điện đầu thôn bị nghiêng, rất nguy hiểm. Đề nghị cho người đến xử lý. Bao giờ thì xong?",
        "Quảng cáo máy phát điện giá rẻ. Quý khách cần báo giá xin gọi. Có giao hàng không? Có!",
        "",
    ],
)
def test_a_letter_of_one_matter_asks_nothing_besides(text: str) -> None:
    assert read(text).besides == ()


def test_written_letters_of_one_matter_are_hardly_ever_taken_for_several() -> None:
    some = [*cases("dev.jsonl"), *cases("held_out.jsonl")]
    wrong = [
        case["id"] for case in some if read(case["text"], case["channel"], case["received"], case["subject"]).besides
    ]
    assert len(wrong) <= len(some) // 100, wrong


def test_a_long_letter_of_nothing_but_questions_is_read() -> None:
    text = "Bao giờ có điện lại? Phí đóng điện lại bao nhiêu tiền? Đề nghị dựng lại cột bị đổ. " * 300
    assert 1 <= len(read(text).besides) <= 3
