import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk import letter_names, letters
from daemon.desk.office_card import Office
from daemon.desk.procedure import Procedure, RequestType
from daemon.desk.ticket import Category, Channel, Customer, Deadline, Draft, ReplyForm, Ticket, UnitAsked, UnitState
from tests.documents.samples import CARD, NOW, OFFICE, PROCEDURE, at, bare, ticket, values


def shape(value: Any) -> Any:
    """Reduce values to their names: a list to the shape of its first element, a leaf to its type."""
    if isinstance(value, Mapping):
        return {name: shape(child) for name, child in value.items()}
    if isinstance(value, list | tuple):
        return [shape(value[0])] if value else []
    return type(value).__name__


def fits(value: Any, offered: Any) -> bool:
    if isinstance(offered, Mapping):
        return (
            isinstance(value, Mapping) and set(value) == set(offered) and all(fits(value[k], offered[k]) for k in value)
        )
    if isinstance(offered, list | tuple):
        return isinstance(value, list) and all(fits(each, offered[0]) for each in value)
    return isinstance(value, str)


def leaves(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [leaf for child in value.values() for leaf in leaves(child)]
    if isinstance(value, list):
        return [leaf for child in value for leaf in leaves(child)]
    return [value]


KINDS = ("request-b26", "incident-na-ri", "slip", "answer", "call-sheet", "interim", "reminder", "request-lanh-dao")
some_text = st.none() | st.text(max_size=20)
moments = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))
tickets = st.builds(
    Ticket,
    number=st.just("PCBK-2026-000001"),
    procedure=st.just("p"),
    category=st.sampled_from(list(Category)),
    channel=st.sampled_from(list(Channel)),
    received=moments,
    content=st.text(max_size=40),
    subject=some_text,
    customer=st.builds(Customer, some_text, some_text, some_text, some_text, some_text),
    wanted_reply=st.none() | st.sampled_from(list(ReplyForm)),
    outage_start=st.none() | moments,
    asked_window=st.none() | st.tuples(moments, moments),
    danger=st.booleans(),
    units=st.lists(
        st.builds(
            UnitAsked,
            st.sampled_from(["B26", "Na Rì"]),
            st.just("s"),
            st.just(1),
            st.sampled_from(list(UnitState)),
            st.none() | moments,
            st.none() | moments,
            answer=some_text,
        ),
        max_size=3,
    ).map(tuple),
    deadlines=st.lists(
        st.builds(
            Deadline,
            st.sampled_from(["appointment", "tell_customer"]),
            moments,
            st.just("agent"),
            st.just("r"),
            moments,
        ),
        max_size=2,
    ).map(tuple),
    official_number=st.none() | st.sampled_from(["5", "123", "05/PCBK-P9", " 7 "]),
)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(tickets, st.sampled_from(KINDS), st.booleans(), some_text)
def test_exactly_the_offered_names_whatever_the_ticket(of: Ticket, kind: str, known: bool, answer: str | None) -> None:
    made = letters.values(
        of, OFFICE, CARD if known else None, PROCEDURE, NOW, kind=kind, round=2, unit="B26", answer_text=answer
    )
    assert fits(made, letter_names.OFFERED)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_unknown_is_empty_and_never_none(kind: str) -> None:
    made = letters.values(bare(), OFFICE, None, PROCEDURE, NOW, kind=kind, round=1)
    assert fits(made, letter_names.OFFERED)
    assert not [leaf for leaf in leaves(made) if "None" in leaf]
    assert made["customer"]["addressee"] == "Quý khách hàng"
    assert made["due"] == {"unit": "", "customer": "", "customer_date": "", "before_outage": "", "late": ""}


def test_times_are_told_in_the_offices_zone() -> None:
    of = ticket(received=dt.datetime(2026, 10, 5, 1, 20, tzinfo=dt.UTC))
    assert values("slip", of)["ticket"]["received"] == "08h20 ngày 05/10/2026"


@pytest.mark.parametrize(
    ("kind", "unit", "given_number", "said"),
    [
        ("answer", None, None, "      /PCBK-P9"),
        ("answer", None, "5", "05/PCBK-P9"),
        ("answer", None, "123", "123/PCBK-P9"),
        ("answer", None, " 15/PCBK-KD ", "15/PCBK-KD"),
        ("answer", None, "5a", "5a/PCBK-P9"),
        ("request-b26", "B26", "5", "      /PCBK-P9"),
        ("request-lanh-dao", "lanh-dao", "5", "      /BC-P9"),
        ("leader-case", None, None, "      /BC-P9"),
    ],
)
def test_the_number_is_the_clerks(kind: str, unit: str | None, given_number: str | None, said: str) -> None:
    assert values(kind, ticket(official_number=given_number), unit=unit)["doc"]["number"] == said


def test_who_issues_and_signs() -> None:
    answer, case = values("answer"), values("request-lanh-dao")
    assert answer["issuer"] == {"parent": ["TỔNG CÔNG TY", "ĐIỆN LỰC MIỀN BẮC"], "name": ["CÔNG TY ĐIỆN LỰC BẮC KẠN"]}
    assert case["issuer"] == {"parent": ["CÔNG TY ĐIỆN LỰC BẮC KẠN"], "name": ["PHÒNG KINH DOANH"]}
    assert answer["signer"]["lines"] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert case["signer"]["lines"] == ["TRƯỞNG PHÒNG"]
    assert case["to"] == ["Giám đốc Công ty"]


@pytest.mark.parametrize(
    ("kind", "to"),
    [
        ("request-bach-thong", ["Điện lực Bạch Thông"]),
        ("incident-bach-thong", ["Điện lực Bạch Thông"]),
        ("reminder", ["Điện lực Bạch Thông"]),
        ("answer", ["Ông/Bà Hoàng Văn Anh"]),
        ("slip", ["Ông/Bà Hoàng Văn Anh"]),
    ],
)
def test_to_whom(kind: str, to: list[str]) -> None:
    assert values(kind)["to"] == to
    assert values(kind, to=["A", "B"])["to"] == ["A", "B"]


def test_the_lines_of_noi_nhan() -> None:
    assert values("answer")["copies"] == ["- Như trên;", "- Điện lực Bạch Thông (để biết);", "- Lưu: VT, P9."]


def test_the_units_due_time() -> None:
    assert values("request-x")["due"]["unit"] == "17h00 ngày 07/10/2026"
    fresh = ticket(units=(UnitAsked("Bạch Thông", "ask_unit", 1),))
    assert values("request-x", fresh, due=at(2026, 10, 9, 17))["due"]["unit"] == "17h00 ngày 09/10/2026"
    late = ticket(
        units=(UnitAsked("Bạch Thông", "ask_unit", 1, UnitState.REMINDED, at(2026, 10, 1), at(2026, 10, 6, 17)),)
    )
    assert values("reminder", late)["due"]["late"] == "Đã quá hạn trả lời (hạn: 17h00 ngày 06/10/2026)"
    assert values("reminder")["due"]["late"] == ""


def test_the_latest_asking_of_a_unit_counts() -> None:
    rows = (
        UnitAsked("Bạch Thông", "ask_unit", 1, UnitState.ANSWERED, at(2026, 10, 1, 9), at(2026, 10, 3, 17)),
        UnitAsked("Bạch Thông", "ask_unit", 2, UnitState.ASKED, at(2026, 10, 5, 9), at(2026, 10, 7, 17)),
    )
    assert values("reminder", ticket(units=rows))["unit"]["asked"] == "09h00 ngày 05/10/2026"


def test_the_promise_is_the_earlier_of_appointment_and_24_hours_before() -> None:
    def line(name: str, *moment: int) -> Deadline:
        return Deadline(name, at(*moment), "agent", "r", at(2026, 10, 5, 8, 20))

    both = ticket(deadlines=(line("appointment", 2026, 10, 8, 17), line("tell_customer", 2026, 10, 7, 11, 30)))
    assert values("slip", both)["due"]["customer"] == "11h30 ngày 07/10/2026"
    gone = ticket(deadlines=(line("appointment", 2026, 10, 8, 17), line("tell_customer", 2026, 10, 5, 7, 30)))
    assert values("slip", gone)["due"]["customer"] == "17h00 ngày 08/10/2026"
    assert values("slip", gone)["due"]["before_outage"] == "07h30 ngày 08/10/2026"


def test_of_an_incident_the_customer_hears_within_24_hours() -> None:
    lines = [("appointment", (2026, 10, 8, 17)), ("emergency_notice", (2026, 10, 6, 8, 20))]
    dues = tuple(Deadline(name, at(*due), "agent", "r", at(2026, 10, 5, 8, 20)) for name, due in lines)
    assert values("slip", ticket(deadlines=dues))["due"]["customer"] == "08h20 ngày 06/10/2026"


def test_the_answer_is_what_is_given_then_drafted_then_found() -> None:
    assert values("answer", answer_text="Một.\nHai.")["answer"]["paragraphs"] == ["Một.", "Hai."]
    drafted = ticket(draft=Draft("Bản thảo.", 1, ReplyForm.LETTER))
    assert values("answer", drafted, answer_text=None)["answer"]["text"] == "Bản thảo."
    assert values("call-sheet", answer_text=None)["answer"]["text"] == "Có 3 lần ngừng theo kế hoạch."
    assert values("request-lanh-dao", answer_text=None)["answer"]["text"] == ""


@pytest.mark.parametrize(("agreed", "said"), [(True, "có"), (False, "không"), (None, "")])
def test_agreed(agreed: bool | None, said: str) -> None:
    assert values("answer", agreed=agreed)["answer"]["agreed"] == said


def test_a_refusal_that_proposes_another_time_keeps_it() -> None:
    text = "Không đồng ý. Lý do: đã bố trí cắt trạm. Đề nghị dời sang Chủ nhật 13/12/2026, từ 07h30 đến 16h00."
    asked = replace(ticket(), asked_window=(at(2026, 12, 12, 7, 30), at(2026, 12, 12, 16)))
    proposed = (at(2026, 12, 13, 7, 30), at(2026, 12, 13, 16))
    made = values("answer", asked, answer_text=text, agreed=False, new_window=proposed)["answer"]
    assert any("13/12/2026" in each for each in made["paragraphs"])


def test_the_kinds_title_is_the_procedures() -> None:
    kind = RequestType("outage_complaint", "Khiếu nại theo quy trình", ())
    other = Procedure("p", "t", "c", "B26", {"outage_complaint": kind}, {}, {})
    made = letters.values(ticket(), OFFICE, CARD, other, NOW, kind="answer", round=1)
    assert made["ticket"]["title"] == "Khiếu nại theo quy trình"
    assert values("answer")["ticket"]["title"] == "Khiếu nại về ngừng, giảm mức cung cấp điện"


def test_the_qr_names_ticket_kind_and_round() -> None:
    assert letters.qr_text("PCBK-2026-000123", "request-b26", 2) == "PCBK|PCBK-2026-000123|request-b26|2"
    assert letters.qr_text("PCTN-2027-000001", "slip", 1) == "PCTN|PCTN-2027-000001|slip|1"


def test_an_office_of_which_little_is_set() -> None:
    office = Office("Công ty B", "", "Thái Nguyên", "Phòng C")
    made = letters.values(ticket(), office, CARD, PROCEDURE, NOW, kind="answer", round=1)
    assert fits(made, letter_names.OFFERED)
    assert made["issuer"]["parent"] == []
    assert made["office"]["short_name"] == "Công ty B"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (at(2026, 10, 6), at(2026, 10, 7), "ngày 06/10/2026"),
        (at(2026, 10, 6), at(2026, 10, 9), "từ ngày 06/10/2026 đến ngày 08/10/2026"),
        (at(2026, 10, 6, 18), at(2026, 10, 6, 22), "từ 18h00 đến 22h00 ngày 06/10/2026"),
        (at(2026, 10, 6, 14), at(2026, 10, 7), "từ 14h00 đến hết ngày 06/10/2026"),
        (at(2026, 10, 6, 22), at(2026, 10, 7, 5), "từ 22h00 ngày 06/10/2026 đến 05h00 ngày 07/10/2026"),
    ],
)
def test_hours_that_nobody_said_are_not_printed(start: dt.datetime, end: dt.datetime, said: str) -> None:
    asked = replace(ticket(), asked_window=(start, end))
    made = letters.values(asked, OFFICE, CARD, PROCEDURE, NOW, kind="request-na-ri", round=1)
    assert made["ticket"]["wanted_window"] == said


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("Do nhảy ATM, đã cấp điện lại lúc 4h30.", "có"),
        ("Đơn vị đã khôi phục lúc 9h.", "có"),
        ("Khu vực đã có điện trở lại.", "có"),
        ("Ngừng điện từ 7h30, dự kiến cấp điện lại lúc 11h30.", ""),
        ("Không có kế hoạch ngừng điện.", ""),
    ],
)
def test_an_answer_says_whether_there_is_current_again(text: str, restored: str) -> None:
    assert values("answer", answer_text=text)["answer"]["restored"] == restored
