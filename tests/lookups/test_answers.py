"""What the look-ups answer, and above all what they do not: only sure answers, each with its source and date."""

import csv
import datetime as dt
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.desk.place import Place
from daemon.desk.question import Question
from daemon.desk.ticket import Category
from daemon.lookups.lookups import Lookups
from daemon.settings.lookups import load_mappings
from daemon.settings.tariffs import load_tariffs

ZONE = dt.timezone(dt.timedelta(hours=7))
CONFIG = Path(__file__).parents[2] / "config"
MAPPINGS = load_mappings(CONFIG / "lookups.toml")
TARIFFS = load_tariffs(CONFIG / "tariffs.toml")
PLACES = (
    Place("Bạch Thông", "huyện", "Bạch Thông"),
    Place("Quân Hà", "xã", "Bạch Thông", became="xã Cẩm Giàng"),
    Place("Cẩm Giàng", "xã", "Bạch Thông"),
    Place("Đức Xuân", "phường", "TP Bắc Kạn"),
)
HEADING = ["Tên điện lực", "Mã trạm", "Khu vực", "Thời gian bắt đầu", "Thời gian kết thúc", "Lý do"]
PLAN = [
    ["Bạch Thông", "", "thôn 1, thôn 2 xã Quân Hà", "07:30 08/10/2026", "11:30 08/10/2026", "Bảo dưỡng TBA"],
    ["Bạch Thông", "", "một phần xã Sĩ Bình", "07:30 08/10/2026", "11:30 08/10/2026", "Phát quang"],
    ["TP Bắc Kạn", "", "tổ 3 phường Đức Xuân", "13:00 09/10/2026", "đến khi xong", ""],
    ["Chợ Đồn", "CD07, CD08", "xã Đại Sảo", "06:00 10/10/2026", "18:00 10/10/2026", "Thay dây"],
    ["Pác Nặm", "", "TBA Cổ Linh 2", "06:00 11/10/2026", "18:00 11/10/2026", "Thay dây"],
]
WORKLOG = ["Đơn vị công tác", "Khu vực", "Giờ bắt đầu công tác", "Giờ kết thúc công tác", "Nội dung công tác"]
CUSTOMERS = ["Mã KH", "Tên KH", "Địa chỉ", "Điện thoại", "Mã đơn vị", "Mã trạm"]


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


NOW = at("2026-10-06T09:00")


def day(text):
    return at(text), at(text) + dt.timedelta(days=1)


class Office:
    """A working folder with exports, and the look-ups at a certain time."""

    def __init__(self, home):
        self.now = NOW
        self.lookups = Lookups(home, MAPPINGS, TARIFFS, lambda: self.now, PLACES, settle=0)
        self.lookups.inbox.mkdir(parents=True)

    def export(self, name, *rows, made=NOW - dt.timedelta(hours=2), covers="Từ ngày 06/10/2026 đến ngày 12/10/2026"):
        path = self.lookups.inbox / name
        with path.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text, delimiter=";").writerows([[covers], *rows])
        os.utime(path, (made.timestamp(), made.timestamp()))
        [report] = self.lookups.take_exports()
        assert report.taken, report.message


@pytest.fixture
def office(tmp_path):
    found = Office(tmp_path)
    yield found
    found.lookups.close()


@pytest.fixture
def planned(office):
    office.export("oms.csv", HEADING, *PLAN)
    return office


def ask(**changes):
    question = Question(
        Category.OUTAGE_INFO,
        NOW,
        "Xin hỏi ngày 08/10 khu vực tôi có kế hoạch ngừng cấp điện không?",
        address="thôn 2, xã Quân Hà",
        unit="Bạch Thông",
        window=day("2026-10-08"),
    )
    return replace(question, **changes)


def notes(office, **changes):
    looked = office.lookups.look(ask(**changes))
    assert looked.answer is None, looked.answer
    return " ".join(looked.notes)


def test_a_planned_outage_is_the_answer(planned):
    found = planned.lookups.answer(ask())
    assert found.text == (
        "Theo Lịch ngừng, giảm cung cấp điện (OMS), cập nhật lúc 07h00 ngày 06/10/2026: khu vực thôn 1, thôn 2 xã Quân Hà "
        "có kế hoạch ngừng, giảm cung cấp điện từ 07h30 đến 11h30 ngày 08/10/2026 (thứ Năm). Lý do: Bảo dưỡng TBA. "
        "Dự kiến cấp điện trở lại lúc 11h30 ngày 08/10/2026."
    )
    assert found.sure and not found.stale and found.as_of == at("2026-10-06T07:00")
    assert [outage.reason for outage in found.outages] == ["Bảo dưỡng TBA"]
    assert found.source == "Lịch ngừng, giảm cung cấp điện (OMS), cập nhật lúc 07h00 ngày 06/10/2026"


def test_an_end_that_is_not_known_is_said(planned):
    found = planned.lookups.answer(ask(address="tổ 3 phường Đức Xuân", unit="TP Bắc Kạn", window=day("2026-10-09")))
    assert "từ 13h00 ngày 09/10/2026, chưa có giờ kết thúc dự kiến (lịch ghi: đến khi xong)" in found.text
    assert "Lịch không ghi lý do" in found.text


def test_the_new_name_of_the_commune_finds_the_old_one(planned):
    assert planned.lookups.answer(ask(address="thôn 2 xã Cẩm Giàng")).outages[0].area == "thôn 1, thôn 2 xã Quân Hà"


def test_no_plan_is_an_answer_only_for_a_known_place_in_a_covered_time(planned):
    found = planned.lookups.answer(ask(address="xã Vũ Muộn"))
    assert "ngày 08/10/2026 (thứ Năm) không có kế hoạch ngừng, giảm cung cấp điện tại xã Vũ Muộn" in found.text
    assert "sự cố không nằm trong kế hoạch" in found.text and not found.outages
    assert "không kết luận được" in notes(planned, address="xã Vũ Muộn", unit=None)
    assert "chỉ có lịch đến hết ngày 12/10/2026" in notes(planned, address="xã Vũ Muộn", window=day("2026-10-13"))
    assert "Chưa rõ địa điểm" in notes(planned, address=None, unit=None)
    assert "khoảng thời gian nào" in notes(planned, window=None)


def hours(first, last):
    return at(f"2026-10-08T{first}"), at(f"2026-10-08T{last}")


def test_hours_that_are_asked_about_must_meet_the_plan(planned):
    assert planned.lookups.answer(ask(window=hours("11:00", "13:00"))).outages[0].reason == "Bảo dưỡng TBA"
    found = planned.lookups.answer(ask(window=hours("18:00", "22:00")))
    assert "từ 18h00 đến 22h00 ngày 08/10/2026 (thứ Năm) không có kế hoạch ngừng" in found.text
    assert "Ngoài giờ đó, kế hoạch cùng ngày có: khu vực thôn 1, thôn 2 xã Quân Hà từ 07h30 đến 11h30" in found.text
    assert [outage.reason for outage in found.outages] == ["Bảo dưỡng TBA"]
    edge = planned.lookups.answer(ask(window=hours("11:30", "13:00")))
    assert "không có kế hoạch" in edge.text, "what ends as the hours begin is outside of them"


def test_hours_without_any_plan_on_their_day(planned):
    free = at("2026-10-10T14:00"), at("2026-10-11T00:00")
    found = planned.lookups.answer(ask(address="xã Vũ Muộn", window=free))
    assert "từ 14h00 đến hết ngày 10/10/2026 (thứ Bảy) không có kế hoạch" in found.text
    assert "Ngoài giờ đó" not in found.text


def test_where_only_the_unit_is_known_any_of_its_rows_may_be_meant(planned):
    said = notes(planned, address="gần chợ")
    assert "Quân Hà" in said and "Sĩ Bình" in said
    found = planned.lookups.answer(ask(address=None, window=day("2026-10-09")))
    assert "không có kế hoạch ngừng, giảm cung cấp điện tại địa bàn Bạch Thông" in found.text


def test_rows_of_one_outage_are_told_as_one(office):
    rows = [
        [f"xã Quân Hà ({place})", "07:30 08/10/2026", "11:30 08/10/2026", "Thay dây"] for place in ("thôn 1", "thôn 2")
    ]
    later = ["xã Quân Hà", "14:00 08/10/2026", "15:00 08/10/2026", "Đo đạc"]
    office.export("oms.csv", ["Khu vực", "Thời gian bắt đầu", "Thời gian kết thúc", "Lý do"], *rows, rows[0], later)
    text = office.lookups.answer(ask(address="xã Quân Hà")).text
    assert "có 2 lần kế hoạch" in text
    assert (
        "(1) khu vực xã Quân Hà (thôn 1); xã Quân Hà (thôn 2) từ 07h30" in text
        and "(2) khu vực xã Quân Hà từ 14h00" in text
    )


def test_another_hamlet_of_the_commune_is_told_as_it_stands(planned):
    found = planned.lookups.answer(ask(address="thôn 5, xã Quân Hà"))
    assert "chỉ gồm khu vực thôn 1, thôn 2 xã Quân Hà từ 07h30" in found.text
    assert "Kế hoạch không ghi thôn 5, xã Quân Hà" in found.text


def test_what_cannot_be_told_is_left_to_the_agent(planned):
    said = notes(planned, address="thôn Nà Cà, xã Sĩ Bình")
    assert "Có thể liên quan" in said and "một phần xã Sĩ Bình" in said
    said = notes(planned, address="xã Cổ Linh", unit="Pác Nặm", window=day("2026-10-11"))
    assert "TBA Cổ Linh 2" in said
    # a row that can only be placed by its substation speaks against a no for the whole unit
    assert "TBA Cổ Linh 2" in notes(planned, address="xã Bộc Bố", unit="Pác Nặm", window=day("2026-10-11"))


def test_a_unit_that_contradicts_the_place_is_left_to_the_agent(planned):
    assert "Quân Hà" in notes(planned, unit="Na Rì")
    assert planned.lookups.answer(ask(unit=None))


def test_a_stale_export_says_nothing_about_the_future(planned):
    planned.now = NOW + dt.timedelta(hours=40)
    said = notes(planned)
    assert "đã cũ (42 giờ" in said and "Bản cũ ghi" in said and "Bảo dưỡng TBA" in said
    assert "đã cũ" in notes(planned, address="xã Vũ Muộn")
    assert any("đã cũ" in line for line in planned.lookups.warnings())


def test_a_long_time_needs_a_plan_for_all_of_it(planned):
    quarter = (at("2026-10-06T00:00"), at("2027-01-01T00:00"))
    assert "chưa đủ cho cả khoảng thời gian" in notes(planned, window=quarter)
    week = (at("2026-10-06T00:00"), at("2026-10-13T00:00"))
    assert planned.lookups.answer(ask(window=week)).outages


def test_bad_rows_forbid_a_no(office):
    office.export("oms.csv", HEADING, *PLAN, ["Bạch Thông", "", "xã X", "chưa rõ", "", ""])
    assert "1 dòng hỏng" in notes(office, address="xã Vũ Muộn")
    assert office.lookups.answer(ask()).outages


def test_without_exports_nothing_is_answered(office):
    assert "Chưa có bản xuất" in notes(office)
    assert any("Chưa có bản xuất «Lịch ngừng" in line for line in office.lookups.warnings())


NOW_TEXT = "Nhà tôi đang mất điện từ 8h sáng, bao giờ có điện lại?"


def test_power_that_is_off_now_is_only_answered_by_a_row_of_that_time(planned):
    during = at("2026-10-08T09:00")
    planned.now = during
    planned.export("oms.csv", HEADING, *PLAN, made=during - dt.timedelta(hours=1))
    asked = ask(at=during, text=NOW_TEXT, window=None)
    assert "Dự kiến cấp điện trở lại lúc 11h30" in planned.lookups.answer(asked).text
    assert "cần hỏi đơn vị" in notes(planned, at=during, text=NOW_TEXT, window=None, address="xã Vũ Muộn")
    later = at("2026-10-08T12:00")
    assert "cần hỏi đơn vị" in notes(planned, at=later, text=NOW_TEXT, window=None)


def test_why_it_was_off_yesterday(planned):
    after = at("2026-10-09T10:00")
    planned.now = after
    text = "Vì sao hôm qua mất điện?"
    found = planned.lookups.answer(ask(at=after, text=text))
    assert "Lý do: Bảo dưỡng TBA" in found.text and found.stale and "có thể đã thay đổi" in found.text
    assert "cần hỏi đơn vị" in notes(planned, at=after, text=text, address="xã Vũ Muộn")
    planned.export(
        "nhat trinh.csv",
        WORKLOG,
        ["Bạch Thông", "xã Vũ Muộn", "14:00 08/10/2026", "16:30 08/10/2026", "Xử lý sứ vỡ"],
        made=after,
    )
    found = planned.lookups.answer(ask(at=after, text=text, address="xã Vũ Muộn"))
    assert (
        "Nhật trình công tác" in found.text and "công tác trên lưới điện" in found.text and "Xử lý sứ vỡ" in found.text
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vì sao hôm nay mất điện?", True),
        ("Hỏi nguyên nhân mất điện sáng nay từ 8h đến 11h", True),
        ("Vì sao sáng nay mất điện?", True),
        ("hoi nguyen nhan mat dien luc 8h30", True),
        ("14h30 ông Tư hỏi nguyên nhân mất điện trưa nay từ 12h đến 13h.", False),
        ("Vì sao chiều nay mất điện?", False),
        ("Vì sao lúc 13h mất điện?", False),
        ("Mất điện từ sáng nay, vẫn chưa có điện, vì sao?", False),
        ("đang mất điện, bao giờ có lại?", False),
    ],
)
def test_a_row_of_other_hours_does_not_explain_an_outage(planned, text, found):
    afternoon = at("2026-10-08T14:30")
    planned.now = afternoon
    looked = planned.lookups.look(ask(at=afternoon, text=text))
    assert bool(looked.answer) is found
    if not found:
        assert "Cùng ngày nhưng khác giờ" in looked.notes[1] and "Bảo dưỡng TBA" in looked.notes[1]


def test_today_is_not_answered_with_no_where_the_customer_sits_in_the_dark(planned):
    today = day("2026-10-06")
    assert planned.lookups.answer(ask(address="xã Vũ Muộn", window=today, text="Hôm nay có cắt điện không?"))
    assert "cần hỏi đơn vị" in notes(planned, address="xã Vũ Muộn", window=today, text="Hôm nay sao mất điện?")


def test_sources_that_differ_are_left_to_the_agent(planned):
    heading = ["Điện lực", "Khu vực", "Thời gian bắt đầu mất điện", "Thời gian có điện trở lại", "Lý do"]
    planned.export("cskh.csv", heading, ["Bạch Thông", "xã Quân Hà", "09:00 08/10/2026", "11:30 08/10/2026", ""])
    assert "không khớp nhau" in notes(planned)
    planned.export("cskh.csv", heading, ["Bạch Thông", "xã Quân Hà", "07:30 08/10/2026", "11:30 08/10/2026", ""])
    assert planned.lookups.answer(ask()).source.startswith("Lịch ngừng, giảm cung cấp điện (OMS)")


@pytest.fixture
def supplied(planned):
    planned.export(
        "cmis.csv",
        CUSTOMERS,
        ["PA26CD0000001", "Vi Thị Lan", "thôn Phiêng, xã Đại Sảo", "0912000001", "PA26CD", "CD07"],
        ["PA26CD0000002", "Hà Văn Ba", "thôn Nà Ngà, xã Đại Sảo", "0912000002", "PA26CD", "CD99"],
        ["PA26CD0000003", "Hà Văn Tư", "xã Nghĩa Tá", "0912000003", "PA26CD", "CD08"],
    )
    return planned


def ask_code(code, **changes):
    return ask(address=None, unit=None, customer_code=code, window=day("2026-10-10"), **changes)


def test_the_substation_of_the_customer_decides(supplied):
    assert supplied.lookups.answer(ask_code("PA26CD0000001")).outages
    # registered elsewhere but fed by a substation of the plan
    assert supplied.lookups.answer(ask_code("PA26CD0000003")).outages
    looked = supplied.lookups.look(ask_code("PA26CD0000002"))
    assert looked.answer is None and "Có thể liên quan" in looked.notes[0]


def test_an_address_that_speaks_against_the_registered_one_leaves_the_substation_out(supplied):
    looked = supplied.lookups.look(replace(ask_code("PA26CD0000001"), address="xã Yên Thịnh", unit="Chợ Đồn"))
    assert "không có kế hoạch" in looked.answer.text


def test_an_unknown_code_is_noted(supplied):
    looked = supplied.lookups.look(ask(customer_code="PA26BT9999999"))
    assert looked.answer and "không có trong danh sách khách hàng" in looked.notes[-1]


def test_outages_of_a_place(supplied):
    window = day("2026-10-10")
    [row] = supplied.lookups.outages(*window, customer_code="PA26CD0000001")
    assert row.substations == ("CD07", "CD08")
    assert supplied.lookups.outages(*window, substation="cd08") == (row,)
    assert supplied.lookups.outages(*window, places=["dai sao"], unit="Chợ Đồn") == (row,)
    assert supplied.lookups.outages(*window, address="xã Đại Sảo") == (row,)
    assert supplied.lookups.outages(*window, address="xã Yên Thịnh") == ()
    assert supplied.lookups.outages(*window) == ()


def cost(text="", **changes):
    return Question(Category.RECONNECTION_COST, NOW, text, **changes)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Nhà tôi bị ngừng cấp điện do chậm thanh toán, chi phí cấp điện trở lại là bao nhiêu?", "98.000 đồng"),
        ("nha toi sua nha can cat dien 2 ngay, mat bao nhieu tien", "98.000 đồng"),
        ("Hộ gia đình tôi dùng điện sinh hoạt 220V", "98.000 đồng"),
    ],
)
def test_a_household_is_told_its_amount(office, text, amount):
    found = office.lookups.answer(cost(text))
    assert amount in found.text and "112.700" not in found.text
    assert found.source == "Thông tư 23/2020/TT-BCT, đối chiếu ngày 23/11/2026"
    assert any("chưa được phòng xác nhận" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Nhà tôi bị ngừng cấp điện do chậm thanh toán, chi phí cấp điện trở lại là bao nhiêu?", "theo mức sinh hoạt"),
        ("nha toi sua nha can cat dien 2 ngay, mat bao nhieu tien", "theo mức sinh hoạt"),
        ("Cho hoi phi dong dien lai sau khi bi cat vi no tien la bao nhieu?", "cả mức sinh hoạt và mức"),
        ("Chi phí cấp điện sinh hoạt trở lại cho nhà tôi là bao nhiêu?", None),
        ("ho gia dinh toi hoi phi dong dien lai", None),
    ],
)
def test_a_use_that_nobody_said_is_marked_for_who_releases(office, text, marked):
    assumed = office.lookups.answer(cost(text)).assumed
    assert [marked in each for each in assumed] == ([True] if marked else [])
    assert office.lookups.answer(cost(text, household=True)).assumed == ()


def test_a_business_needs_its_voltage_and_distance(office):
    text = "Cơ sở sản xuất chè muốn tạm ngừng điện 3 pha hai tháng, hỏi mức phí"
    looked = office.lookups.look(cost(text))
    assert looked.answer is None
    assert "Chưa biết cấp điện áp đang sử dụng và khoảng cách" in looked.notes[0]
    assert "128.478 đồng" in looked.notes[-1]
    found = office.lookups.answer(cost(text, km=Decimal(8), kv=Decimal("0.4")))
    assert "128.478 đồng" in found.text
    assert "302.841 đồng" in office.lookups.answer(cost("Công ty dùng điện 22kV", km=Decimal(8))).text
    assert "302.841 đồng" in office.lookups.answer(cost("Xưởng dùng trung thế", km=Decimal(8))).text


def test_an_unknown_use_is_told_both(office):
    found = office.lookups.answer(cost("Cho hoi phi dong dien lai sau khi bi cat vi no tien la bao nhieu?"))
    assert "98.000 đồng" in found.text and "662.745 đồng" in found.text
    assert any("mục đích sử dụng điện" in note for note in found.notes)


def test_no_tariff_for_the_day(office):
    office.lookups.tariffs = replace(TARIFFS, tables=())
    looked = office.lookups.look(cost("nhà tôi"))
    assert looked.answer is None and "Không có biểu chi phí" in looked.notes[0]


def test_other_kinds_are_not_looked_up(office):
    looked = office.lookups.look(Question(Category.OUTAGE_COMPLAINT, NOW, "một tháng mất điện 8 lần"))
    assert looked.answer is None and looked.notes
