"""What happened to a ticket in sentences of staff: no rule, state, field or time as the program writes it."""

import datetime as dt
from typing import Any

import pytest

from daemon.desk import history
from daemon.desk.calendar import VIETNAM
from daemon.desk.ticket import Author, Event

AT = dt.datetime(2026, 10, 5, 8, 20, tzinfo=VIETNAM)


def event(kind: str, cause: str = "", /, **content: Any) -> Event:
    return Event(kind, AT, Author("program", "motcua"), content, cause)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("within 10 office minutes", "trong 10 phút làm việc"),
        ("within 1 office minute", "trong 1 phút làm việc"),
        ("within 240 office minutes", "trong 4 giờ làm việc"),
        ("within 3 working days", "trong 3 ngày làm việc"),
        ("within 1440 minutes", "trong 24 giờ"),
        ("within 15 minutes", "trong 15 phút"),
        ("before 1440 minutes", "trước 24 giờ"),
        ("chỉ một lần", "chỉ một lần"),
        ("", ""),
    ],
)
def test_rules(rule: str, said: str) -> None:
    assert history.rule_text(rule) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Tra cứu", "Hạn tra cứu"),
        ("Hạn luật định của khiếu nại", "Hạn luật định của khiếu nại"),
        ("hạn luật định", "Hạn luật định"),
        ("Báo B26", "Hạn báo B26"),
        ("Hạnh kiểm", "Hạn hạnh kiểm"),
    ],
)
def test_titles_say_the_word_once(title: str, said: str) -> None:
    assert history.deadline_title(title) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            event("deadline_set", "Tra cứu: within 10 office minutes", name="look_up", due="2026-10-05T01:30:00+00:00"),
            "Đặt hạn tra cứu: trong 10 phút làm việc, đến 08h30 ngày 05/10/2026",
        ),
        (
            event("deadline_set", "Hạn luật định: within 7 working days", due=AT),
            "Đặt hạn luật định: trong 7 ngày làm việc, đến 08h20 ngày 05/10/2026",
        ),
        (event("deadline_set", "", due="2026-10-05T08:30:00+07:00"), "Đặt hạn 08h30 ngày 05/10/2026"),
        (
            event("extended", "khách đồng ý", until="2026-10-12T17:00:00+07:00", why="khách đồng ý"),
            "Gia hạn đến 17h00 ngày 12/10/2026: khách đồng ý",
        ),
        (
            event("deadline_moved", "Lịch làm việc thay đổi", due="2026-10-12T10:00:00+00:00"),
            "Hạn được tính lại thành 17h00 ngày 12/10/2026: Lịch làm việc thay đổi",
        ),
        (
            event("fields_set", fields={"category": "other", "phone": "0912000113", "email": None}),
            "Ghi loại yêu cầu: Đề nghị khác về dịch vụ cung ứng điện; điện thoại: 0912000113; thư điện tử: để trống",
        ),
        (event("fields_set", fields={}, all=True), "Xác nhận thông tin đã đọc"),
        (event("mail_sent", purpose="request", unit="Ba Bể", to=["a@b.vn"]), "Đã gửi phiếu yêu cầu tới Ba Bể"),
        (event("mail_sent", purpose="answer", to=["lan@khach.vn"]), "Đã gửi câu trả lời tới lan@khach.vn"),
        (event("mail_sent", purpose="request", unit="lanh-dao"), "Đã gửi phiếu yêu cầu tới Lãnh đạo Công ty"),
        (event("document_written", kind="request-ba-be"), "Đã lập phiếu gửi đơn vị"),
        (event("no_announced_outage"), "Không thấy lịch ngừng điện đã công bố"),
        (event("expired", "Hết hạn mà chưa có trả lời", unit="Ba Bể"), "Ba Bể hết hạn: Hết hạn mà chưa có trả lời"),
        (event("found", erased=True), "Nội dung đã được xóa theo yêu cầu bảo vệ dữ liệu cá nhân."),
    ],
)
def test_sentences(given: Event, said: str) -> None:
    assert history.event_text(given) == said


def test_commands_stand_where_they_can_be_typed() -> None:
    asked = event("needs_person", "Dự thảo bị sửa hai nơi. Dùng bản outbox: motcua set X draft=outbox")
    assert "motcua" not in history.event_text(asked)
    assert "motcua set X draft=outbox" in history.event_text(asked, commands=True)


def test_a_line_holds_the_beginning_of_what_was_said() -> None:
    assert (
        history.event_line(event("found", source="oms", text="Do sét\nđánh.")) == "Kết quả tra cứu (OMS): Do sét đánh."
    )
    long = history.event_line(event("remark", text="chữ " * 500))
    assert long.endswith("…") and len(long) < 200
    assert history.event_line(event("received", channel="phone_note", text="dài")) == "Tiếp nhận: điện thoại"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"to": "chief", "unit": "Pác Nặm"}, "Báo trưởng đơn vị Pác Nặm vì quá hạn"),
        ({"to": "leaders", "unit": "Pác Nặm"}, "Báo cáo lãnh đạo vì quá hạn ở Pác Nặm"),
        ({"to": "leaders"}, "Báo cáo lãnh đạo vì quá hạn"),
    ],
)
def test_whom_a_late_unit_is_told_to(content: dict[str, str], said: str) -> None:
    assert history.event_line(event("escalated", **content)) == said


def test_a_reminder_names_the_address_it_went_to() -> None:
    sent = {"unit": "Pác Nặm", "to": ["truong.pacnam@x.example"]}
    assert (
        history.event_line(event("mail_sent", purpose="reminder", **sent))
        == "Đã gửi lời nhắc tới truong.pacnam@x.example"
    )
    assert "Pác Nặm" in history.event_line(event("mail_sent", purpose="request", **sent))


def test_an_abbreviation_keeps_its_letters() -> None:
    assert history.event_line(event("received", channel="sms")) == "Tiếp nhận: tin nhắn SMS"
