"""A form printed by somebody else, learnt from a picture of its blank and a file that says where its cells lie."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.desk.form import DocumentKind, Standing
from daemon.desk.trouble import Refused
from daemon.scans import recognise, register
from daemon.scans.look import Sight, look_at
from daemon.scans.pages import Page
from daemon.scans.settle import settle
from daemon.settings.forms import load_forms
from tests.scans.paper import LAYOUT, grey

MM = 200 / 25.4
FILE = """
id = "PHIEU-BAO-SU-CO"
version = "2019"
title = "PHIẾU BÁO SỰ CỐ"
page = [210, 297]
blank = "phieu-bao-su-co.png"

[[cells]]
field = "name"
kind = "name"
rect = [60, 50, 190, 60]
required = true

[[cells]]
field = "phone"
kind = "phone"
rect = [60, 60, 190, 70]

[[boxes]]
field = "category"
value = "incident_report"
rect = [20, 90, 25, 95]

[[boxes]]
field = "category"
value = "other"
rect = [20, 100, 25, 105]
"""
LABELS = {50: "Ten khach hang", 60: "So dien thoai", 90: "Bao su co luoi dien", 100: "Viec khac can bao"}


def sheet():
    """Return the other office's blank: no QR code, no corner squares, only print and ruled lines."""
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    draw.text((60 * MM, 25 * MM), "PHIEU BAO SU CO - DOI QUAN LY DIEN SO 4", font=ImageFont.load_default(5 * 8), fill=0)
    for row, label in LABELS.items():
        draw.text((28 * MM, (row + 1) * MM), label, font=ImageFont.load_default(4 * 8), fill=0)
    for top in (50, 60):
        draw.rectangle([v * MM for v in (60, top, 190, top + 10)], outline=0, width=2)
    for top in (90, 100):
        draw.rectangle([v * MM for v in (20, top, 25, top + 5)], outline=0, width=2)
    for row, words in enumerate(
        ("Nguoi bao tin ky ten", "Truc ban nhan tin luc", "Da bao cho doi sua chua", "Ghi chu")
    ):
        draw.text(
            (30 * MM, (130 + 25 * row) * MM),
            f"{words} ........................",
            font=ImageFont.load_default(4 * 8),
            fill=0,
        )
    return page


@pytest.fixture
def layout(tmp_path):
    sheet().save(tmp_path / "phieu-bao-su-co.png")
    (tmp_path / "phieu-bao-su-co.toml").write_text(FILE, "utf-8")
    return load_forms(tmp_path)[0]


def filled():
    page = sheet()
    draw = ImageDraw.Draw(page)
    draw.text((65 * MM, 52 * MM), "LE VAN HAI", font=ImageFont.load_default(5 * 8), fill=30)
    draw.text((65 * MM, 62 * MM), "0362 756 132", font=ImageFont.load_default(5 * 8), fill=30)
    for line in ((20.5, 90.5, 24.5, 94.5), (20.5, 94.5, 24.5, 90.5)):
        draw.line([v * MM for v in line], fill=30, width=4)
    return page


@pytest.mark.parametrize("turn", [0, 2.0, 180])
def test_it_is_known_and_read_whatever_way_it_lies(layout, turn):
    page = filled().rotate(turn, Image.Resampling.BICUBIC, fillcolor=255)
    sight = Sight((LAYOUT, layout), recognise.Engines({}))
    (document,) = settle([look_at(Page(1, 1, grey(page)), sight)])
    assert (document.kind, document.form_id, document.form_no) == (DocumentKind.FORM, "PHIEU-BAO-SU-CO", None)
    reading = {one.field: one for one in document.readings}
    assert (reading["category"].value, reading["category"].standing) == ("incident_report", Standing.ACCEPTED)
    assert {"name", "phone"} <= set(document.check)


def test_its_cells_are_read(layout):
    engines = recognise.load()
    if not engines.by_name:
        pytest.skip("no reading engine is installed")
    (document,) = settle([look_at(Page(1, 1, grey(filled())), Sight((LAYOUT, layout), engines))])
    assert (document.value("phone"), document.value("name")) == ("0362756132", "LE VAN HAI")


def test_the_offices_own_form_is_not_taken_for_it(layout):
    blank = np.asarray(Image.open(str(LAYOUT.blank)).convert("L").resize((1654, 2339)), np.uint8)
    pose = register.form_of(blank, [], (layout, LAYOUT))
    assert pose and pose.layout.id == LAYOUT.id


def test_without_code_and_squares_the_blank_is_needed(tmp_path):
    (tmp_path / "a.toml").write_text(FILE.replace('blank = "phieu-bao-su-co.png"\n', ""), "utf-8")
    with pytest.raises(Refused, match="phải có ảnh tờ trắng"):
        load_forms(tmp_path)
