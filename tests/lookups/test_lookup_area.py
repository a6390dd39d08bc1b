"""Area texts and addresses taken apart, and whether a row meets a customer's place."""

import datetime as dt

import pytest

from daemon.desk.place import Place
from daemon.lookups.area import Gazetteer, Meets, meets, read_area, spot_of

MERGED = dt.date(2025, 7, 1)
GAZETTEER = Gazetteer(
    (
        Place("Bạch Thông", "huyện", "Bạch Thông"),
        Place("Ba Bể", "huyện", "Ba Bể"),
        Place("Bắc Kạn", "thành phố", "TP Bắc Kạn"),
        Place("Quân Hà", "xã", "Bạch Thông", became="xã Cẩm Giàng"),
        Place("Nguyên Phúc", "xã", "Bạch Thông", became="xã Cẩm Giàng"),
        Place("Cẩm Giàng", "xã", "Bạch Thông", became="xã Cẩm Giàng"),
        Place("Cẩm Giàng", "xã", "Bạch Thông", valid_from=MERGED),
        Place("Ba Bể", "xã", "Ba Bể", valid_from=MERGED),
    )
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("thôn Nà Lẹng, Bản Chang xã Quân Hà; một phần xã Nguyên Phúc", [("quan ha", "thon:chang thon:na leng", False), ("nguyen phuc", "", True)]),
        ("TP Bắc Kạn: tổ 3, 4, 5 phường Đức Xuân", [("duc xuan", "to:3 to:4 to:5", False)]),
        ("Các xã: Quân Hà, Nguyên Phúc và Sĩ Bình, huyện Bạch Thông", [("quan ha", "", False), ("nguyen phuc", "", False), ("si binh", "", False)]),
        ("xã Địa Linh (thôn Nà Đúc, thôn Pác Nghiên), xã Yến Dương", [("dia linh", "thon:na duc thon:pac nghien", False), ("yen duong", "", False)]),
        ("thon 2 xa Quan Ha", [("quan ha", "thon:2", False)]),
        ("Một phần tổ 2 thị trấn Bằng Lũng", [("bang lung", "to:2", True)]),
        ("P. Đức Xuân - tổ 1 - 3", [("duc xuan", "to:1 to:2 to:3", False)]),
        ("tổ 3 đến tổ 5 phường Sông Cầu", [("song cau", "to:3 to:4 to:5", False)]),
        ("xã Bản Thi, thôn Nà Bản xã Quân Hà", [("ban thi", "", False), ("quan ha", "thon:na ban", False)]),
        ("x. Cẩm Giàng, x. Vĩnh Thông. Xã Phủ Thông", [("cam giang", "", False), ("vinh thong", "", False), ("phu thong", "", False)]),
        ("tổ 02 phường Xuất Hóa, TP. Bắc Kạn", [("xuat hoa", "to:2", False)]),
        ("xã Quân Hà, thôn 1, thôn 2", [("quan ha", "thon:1 thon:2", False)]),
        ("Một phần các xã Quân Hà, Sĩ Bình", [("quan ha", "", True), ("si binh", "", True)]),
        ("Khách hàng các thôn 1, 2 xã Thanh Mai và một phần xã Thanh Vận", [("thanh mai", "thon:1 thon:2", False), ("thanh van", "", True)]),
        ("xã Quân Hà\nxã Sĩ Bình", [("quan ha", "", False), ("si binh", "", False)]),
        ("phố Mới, xã Nà Phặc, tỉnh Thái Nguyên", [("na phac", "pho:moi", False)]),
        ("Toàn bộ huyện Ba Bể", [("huyện ba be", "", False)]),
        ("TBA Nà Lẹng", []),
        ("", []),
    ],
)  # fmt: skip
def test_areas_are_taken_apart(text, parts):
    found = [
        (p.commune or f"huyện {p.district}", " ".join(sorted(p.hamlets)), p.partial) for p in read_area(text).parts
    ]
    assert found == parts


@pytest.mark.parametrize(
    ("address", "area", "expected"),
    [
        ("thôn 2, xã Quân Hà", "xã Quân Hà", Meets.YES),
        ("thon 2, xa quan ha", "Xã Quân Hà, huyện Bạch Thông", Meets.YES),
        ("xã Quân Hà", "thôn 1, thôn 2 xã Quân Hà", Meets.YES),
        ("thôn 2, xã Quân Hà", "thôn 1, thôn 02 xã Quân Hà", Meets.YES),
        ("thôn 5, xã Quân Hà", "thôn 1, thôn 2 xã Quân Hà", Meets.NEAR),
        ("tổ 2, xã Quân Hà", "thôn 1, thôn 2 xã Quân Hà", Meets.MAYBE),
        ("thôn Nà Lẹng, xã Quân Hà", "một phần xã Quân Hà", Meets.MAYBE),
        ("xã Quân Hà", "một phần xã Quân Hà", Meets.YES),
        ("tổ 2 phường Đức Xuân", "một phần tổ 2 phường Đức Xuân", Meets.MAYBE),
        # the row uses the new name of the commune, the customer the old one, and the other way round
        ("thôn 2, xã Quân Hà", "xã Cẩm Giàng", Meets.YES),
        ("thôn Nà Lẹng, xã Quân Hà", "thôn Nà Lẹng xã Cẩm Giàng", Meets.YES),
        ("thôn Nà Lẹng, xã Quân Hà", "thôn Nà Ngăm xã Cẩm Giàng", Meets.MAYBE),
        ("xã Cẩm Giàng", "xã Quân Hà", Meets.YES),
        ("thôn Nà Lẹng xã Cẩm Giàng", "xã Quân Hà", Meets.MAYBE),
        ("thôn Nà Lẹng xã Cẩm Giàng", "thôn Nà Lẹng, xã Quân Hà", Meets.YES),
        # a district is not the commune of the same name
        ("xã Bạch Thông", "xã Sĩ Bình, huyện Bạch Thông", Meets.NO),
        ("xã Ba Bể", "thôn Nà Đúc xã Địa Linh, Ba Bể", Meets.MAYBE),
        ("xã Quân Hà", "toàn bộ huyện Bạch Thông", Meets.YES),
        ("xã Quân Hà", "huyện Ba Bể", Meets.NO),
        # mentions that are not enough for a yes and too much for a no
        ("xã Quân Hà", "TBA Quân Hà 3", Meets.MAYBE),
        ("xã Quân Hà", "khu vực chợ Phủ Thông", Meets.MAYBE),
        ("xã Quân Hà", "thôn Quân Hà xã Sĩ Bình", Meets.MAYBE),
        ("xã Quân Hà", "", Meets.MAYBE),
        ("xã Quân Hà", "xã Sĩ Bình, xã Vũ Muộn", Meets.NO),
        # other spellings and short forms of one name
        ("xã Sỹ Bình", "xã Sĩ Bình", Meets.YES),
        ("phường Minh Khai", "phường Nguyễn Thị Minh Khai", Meets.MAYBE),
        ("phường Nguyễn Thị Minh Khai", "phường Minh Khai", Meets.MAYBE),
        # a commune without its kind is known by name
        ("Nà Tu, Quân Hà", "xã Quân Hà", Meets.YES),
    ],
)
def test_a_row_meets_a_place(address, area, expected):
    spot = spot_of(address, (), "Bạch Thông", GAZETTEER)
    assert meets(spot, read_area(area)) is expected


def test_places_the_reading_recognised_count_before_the_address():
    spot = spot_of("nhà tôi ở thôn 2", ("quan ha",), "Bạch Thông", GAZETTEER)
    assert spot.communes == {"quan ha"} and spot.hamlets == {"thon:2"} and spot.wider == {"cam giang"}
    # a district alone is no commune
    assert not spot_of("huyện Ba Bể", ("ba be",), "Ba Bể", GAZETTEER).communes
