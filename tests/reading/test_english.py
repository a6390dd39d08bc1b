"""Letters in English, of foreigners and of organisations, are requests; adverts in English are not."""

import pytest

from tests.reading.request_cases import read


@pytest.mark.parametrize(
    ("text", "kind", "danger"),
    [
        (
            "We have had no electricity since 3 pm in Bach Thong town. Could you send somebody?",
            "incident_report",
            False,
        ),
        ("Hello, the power went out at our guest house in Ba Be an hour ago. Maria", "incident_report", False),
        ("An electric wire has fallen on the road near our house in Cho Don, it is sparking.", "incident_report", True),
        ("Please help, the transformer behind the school is burning!", "incident_report", True),
        ("Will there be a power cut in Na Ri on Sunday? Regards, Peter", "outage_info", False),
        ("Please send us the schedule: when will the power be back in Cho Moi?", "outage_info", False),
        ("I want to complain about the repeated power outages this month.", "outage_complaint", False),
        ("We kindly ask you to postpone the power cut of 28 November to Sunday.", "outage_time_change", False),
        ("How much do we pay to reconnect our house?", "reconnection_cost", False),
    ],
)
def test_what_an_english_letter_wants(text: str, kind: str, danger: bool) -> None:
    reading = read(text)
    assert (reading.category, reading.danger) == (kind, danger)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir, we are a leading supplier of electricity meters and offer a 20% discount. Visit our website. Jack",
        "We offer transformers and power cables. Never without power again! Our products are certified.",
        "Webinar: how to prevent power outages. Click to unsubscribe.",
        "Dear customer, your invoice is attached. Thank you for your payment.",
    ],
)
def test_an_english_advert_is_no_request(text: str) -> None:
    assert read(text).category == "not_a_request"


def test_an_e_mail_is_no_paper_letter() -> None:
    assert read("Cho hỏi lịch cắt điện. Rất mong được trả lời sớm bằng thư điện tử.").wanted_reply == "email"
    assert read("Cho hỏi lịch cắt điện. Đề nghị trả lời bằng văn bản.\nThư điện tử: a@b.vn").wanted_reply == "letter"


def test_a_transformer_is_no_hamlet() -> None:
    address = read("tram bien ap dau cho Cho Moi (thi tran Dong Tam) no to, mat dien").address
    assert address is not None
    assert "ap dau" not in address
