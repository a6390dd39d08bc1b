"""Places in requests and the unit they point to, on the shipped gazetteer; the gazetteer file's own errors."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.text import fold
from daemon.desk.trouble import Refused
from daemon.reading.places import COMMUNE, Gazetteer, valid_on
from daemon.settings.places import load_places

SHIPPED = Path(__file__).parents[2] / "config" / "places.toml"
PLACES = load_places(SHIPPED)
GAZETTEER = Gazetteer(PLACES)


def unit(text):
    return GAZETTEER.unit_of(GAZETTEER.find(text)).unit


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("thôn Nà Mố, xã Yên Cư", "Chợ Mới"),
        ("thon Na Mo xa Yen Cu", "Chợ Mới"),
        ("x.Cao Thượng, h.Ba Bể", "Ba Bể"),
        ("P. Đức Xuân - TP Bắc Kạn", "TP Bắc Kạn"),
        ("tổ 4 p.Sông Cầu", "TP Bắc Kạn"),
        ("tt Bằng Lũng", "Chợ Đồn"),
        ("TT. Nà Phặc", "Ngân Sơn"),
        ("thị trấn Chợ Mới", "Chợ Mới"),
        ("thị xã Bắc Kạn", "TP Bắc Kạn"),
        ("thành phố Bắc Cạn", "TP Bắc Kạn"),
        ("phường Bắc Kạn, tỉnh Thái Nguyên", "TP Bắc Kạn"),
        ("xã Chợ Đồn, tỉnh Thái Nguyên", "Chợ Đồn"),
        ("xã Bằng Phúc, huyện Chợ Đồn", "Chợ Đồn"),
        ("xã Hoà Mục", "Chợ Mới"),
        ("xã Đồng Xá, Na Rì", "Na Rì"),
        ("xã Sỹ Bình", "Bạch Thông"),
        ("huyện Na Rỳ", "Na Rì"),
        ("ở Pác Nặm", "Pác Nặm"),
        ("dân Đức Vân rất bức xúc", "Ngân Sơn"),
        ("xã Quag Chu mất điện", "Chợ Mới"),
        ("xã Nghiên Lona", "Pác Nặm"),
        ("xã Thuợng Giáo", "Ba Bể"),
        ("Trường Mầm non Sông Cầu", "TP Bắc Kạn"),
        ("Kính gửi Điện lực Bạch Thông", "Bạch Thông"),
        ("Kính gửi Điện lực Ba Bể. Tôi ở xã Yên Mỹ", "Chợ Đồn"),
        ("UBND xã Hữu Thác", "Na Rì"),
        ("xã Lãng Ngâm cũ", "Ngân Sơn"),
        ("xã Quân Bình (nay là xã Cẩm Giàng)", "Bạch Thông"),
        ("xã Đồng Phúc, huyện Ba Bể", "Ba Bể"),
        # no unit
        ("Công ty Điện lực Bắc Kạn", None),
        ("tỉnh Bắc Kạn", None),
        ("Bắc Kạn", None),
        ("xã Văn Lăng, huyện Đồng Hỷ", None),
        ("xã Yên Trạch, Phú Lương", None),
        ("xã Yên Cư và xã Bộc Bố", None),
        ("Tôi là Nguyễn Văn Minh", None),
        ("chị Hoàng Thị Thanh Mai", None),
        ("anh Chu Hương", None),
        ("đường Trần Phú", None),
        ("chúng tôi cần sự công bằng", None),
        ("chung toi can cong bang", None),
        ("đề nghị phục vụ văn minh hơn", None),
        ("bà Lý Thị Mai Lạp Xưởng", None),
        ("mong cuoc song yen binh", None),
        ("", None),
    ],
)
def test_the_unit_of_a_text(text, wanted):
    assert unit(text) == wanted


@pytest.mark.parametrize(
    "text", ["xã Phong Quang", "xã Đồng Phúc", "xã Bạch Thông", "xã Bằng Phúc, huyện Ba Bể", "xã Yên Cư, xã Bộc Bố"]
)
def test_a_place_across_units_is_asked_about(text):
    guess = GAZETTEER.unit_of(GAZETTEER.find(text))
    assert guess.questions
    assert guess.confidence <= 0.5


@pytest.mark.parametrize(
    "place", sorted({(p.kind, p.name, p.unit) for p in PLACES if p.unit and p.kind in COMMUNE}), ids=str
)
def test_every_commune_is_found_in_every_spelling(place):
    kind, name, wanted = place
    shared = {p.unit for p in PLACES if fold(p.name) == fold(name) and p.kind == kind}
    for text in (f"thôn 3, {kind} {name}", fold(f"thôn 3 {kind} {name}"), f"tôi ở {kind} {name.upper()}."):
        found = GAZETTEER.unit_of(GAZETTEER.find(text))
        assert found.unit == wanted or len(shared) > 1, text


def test_the_new_communes_are_thirty_seven_and_the_old_ones_a_hundred_and_eight():
    names = {row["name"] for row in tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["places"]}  # no other spellings
    communes = [place for place in PLACES if place.unit and place.kind in COMMUNE and place.name in names]
    new = {place.name for place in communes if place.valid_from == dt.date(2025, 7, 1)}
    last = dt.date(2025, 6, 30)
    old = {place.name for place in communes if valid_on(place, last) and place.valid_to == last}
    assert (len(new), len(old)) == (37, 108)


def test_snap_corrects_the_names_of_an_address():
    snapped = GAZETTEER.snap("thôn Nà Mố, xa Yên Cu, huyện Chợ Mới")
    assert snapped.address == "thôn Nà Mố, xa Yên Cư, huyện Chợ Mới"
    assert snapped.unit == "Chợ Mới"
    assert GAZETTEER.snap("xã Nghiên Lona").address == "xã Nghiên Loan"
    assert GAZETTEER.snap("12 đường Láng, Hà Nội").unit is None


def test_every_error_of_the_file_is_told_at_once(tmp_path):
    path = tmp_path / "places.toml"
    path.write_text(
        'extra = 1\nplaces = [\n{ name = "A", kind = "xã", color = "red" },\n{ kind = "xã" },\n'
        '{ name = "B", kind = "village", also = "C" },\n{ name = "D", kind = "xã", from = 2025-07-01, to = 2020-01-01 },\n]\n',
        encoding="utf-8",
    )
    with pytest.raises(Refused) as told:
        load_places(path)
    for part in ("«extra»", "«color»", "thiếu «name»", "«kind» lạ", "«also»", "«from» sau «to»", "places[4]"):
        assert part in str(told.value)
    path.write_text("places = [", encoding="utf-8")
    with pytest.raises(Refused, match="không đọc được"):
        load_places(path)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_hits_lie_within_any_text(text):
    for hit in GAZETTEER.find(text):
        assert 0 <= hit.start < hit.end
        assert hit.places
    GAZETTEER.snap(text)


@pytest.mark.parametrize(
    "text", ["ở Phủ Thông, Bạch Thông gọi", "Nhà ở Cẩm Giàng, Bạch Thông", "xã Dương Phong, Bạch Thông"]
)
def test_a_name_of_two_areas_is_the_one_of_the_place_beside_it(text: str) -> None:
    guess = GAZETTEER.unit_of(GAZETTEER.find(text))
    assert (guess.unit, guess.questions) == ("Bạch Thông", ())


@pytest.mark.parametrize("text", ["xã Bạch Thông", "xã Bạch Thông và xã Phủ Thông"])
def test_a_commune_of_two_areas_is_asked_for(text: str) -> None:
    assert GAZETTEER.unit_of(GAZETTEER.find(text)).questions
