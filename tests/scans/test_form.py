"""Registration, boxes, cells and the whole way of a form, on pages drawn from the shipped blank."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.desk.form import Box, DocumentKind, Rect, Standing
from daemon.scans import boxes, cells, recognise, register
from daemon.scans.look import Sight, look, look_at
from daemon.scans.pages import Page
from daemon.scans.picture import whitened
from daemon.scans.read import read_file
from daemon.scans.settle import settle
from tests.scans.paper import FILLED, LAYOUT, MM, blank, code, filled, grey, saved, tilted

NONE = recognise.Engines({})
SIGHT = Sight((LAYOUT,), NONE)


@pytest.fixture(scope="module")
def engines():
    return recognise.load()


def corners_missed(pose, true):
    """Return by how many mm the pose misses the corners of cells and boxes, at worst."""
    points = np.array([c for part in (*LAYOUT.cells, *LAYOUT.boxes) for c in part.rect.corners])
    return float(np.abs(register.project(pose.matrix, points) - true(points)).max() / MM)


def straight(points):
    return points * MM


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_form_is_found_whatever_way_it_lies(turn):
    page = np.ascontiguousarray(np.rot90(grey(filled()), turn // 90))
    pose = register.form_of(page, register.codes(page), [LAYOUT])
    assert pose and pose.sure and pose.number == "123456" and pose.how == "qr+squares"
    upright = register.upright(page, pose)
    again = register.form_of(upright, register.codes(upright), [LAYOUT])
    assert again and corners_missed(again, lambda p: p * register.PX_PER_MM) * MM / register.PX_PER_MM < 0.4


@pytest.mark.parametrize("angle", [-3, 1.3, 7])
def test_a_skewed_form_is_registered_within_half_a_millimetre(angle):
    page = grey(tilted(filled(), angle))
    pose = register.form_of(page, register.codes(page), [LAYOUT])
    middle = np.array([1654 / 2, 2339 / 2])
    turn = np.deg2rad(-angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    assert pose and corners_missed(pose, lambda p: (p * MM - middle) @ matrix.T + middle) < 0.5


def test_a_form_without_a_readable_code_is_known_by_its_look():
    page = filled()
    ImageDraw.Draw(page).rectangle([v * MM for v in (167, 15, 193, 41)], fill=255)
    image = grey(page)
    pose = register.form_of(image, register.codes(image), [LAYOUT])
    assert pose and pose.how.startswith("look") and pose.number is None
    assert corners_missed(pose, straight) < 0.6


def test_a_form_that_lost_its_squares_is_still_read_by_its_look():
    page = filled()
    for rect in LAYOUT.squares[2:]:
        ImageDraw.Draw(page).rectangle(
            [v * MM for v in (rect.left - 1, rect.top - 1, rect.right + 1, rect.bottom + 1)], fill=255
        )
    image = grey(page)
    pose = register.form_of(image, register.codes(image), [LAYOUT])
    assert pose and pose.number == "123456" and corners_missed(pose, straight) < 0.8


def test_no_form_is_seen_in_a_letter_or_a_photo():
    letter = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(letter)
    for row in range(20):
        draw.text((200, 200 + 50 * row), "Kinh gui cong ty dien luc, toi de nghi thay cong to " + str(row) * 9, fill=0)
    for page in (grey(letter), np.random.default_rng(1).integers(0, 255, (900, 700)).astype(np.uint8)):
        assert register.form_of(page, register.codes(page), [LAYOUT]) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("PCBK|PCBK-2026-000123|answer|2", ("PCBK-2026-000123", "answer", 2)),
        ("PCVH|PCVH-2026-000123|answer|2", ("PCVH-2026-000123", "answer", 2)),
        ("PCBK|PCBK-2026-000123|answer", None),
        ("PCBK|PCBK-2026-000123|answer|x", None),
        ("https://example.vn", None),
    ],
)
def test_our_own_papers_are_known_by_their_code(text, meant):
    paper = register.paper_of([register.Code(text, np.zeros((4, 2)))])
    assert (paper and (paper.ticket, paper.kind, paper.round)) == meant


def test_a_signed_paper_comes_back_as_one_document_of_its_pages():
    sheet = Image.new("L", (1654, 2339), 255)
    sheet.paste(code("PCBK|PCBK-2026-000123|answer|1", 18), (100, 2100))
    ImageDraw.Draw(sheet).rectangle((200, 300, 900, 320), fill=0)
    pages = [look_at(Page(n, 2, grey(sheet)), SIGHT) for n in (1, 2)]
    (document,) = settle(pages)
    assert document.kind is DocumentKind.RETURNED and document.pages == 2
    assert (document.ticket, document.paper, document.round) == ("PCBK-2026-000123", "answer", 1)


BOX_SETS = [(), ("other",), ("outage_info", "other"), ("letter",), ("phone", "email"), ("incident_report", "phone")]


@pytest.mark.parametrize("marks", BOX_SETS)
def test_boxes(marks):
    page = whitened(register.upright(*_registered(filled({}, marks))))
    for field in ("category", "wanted_reply"):
        chosen = [box.value for box in LAYOUT.boxes if box.field == field and box.value in marks]
        reading = next(r for r in boxes.read_boxes(page, LAYOUT.boxes, True) if r.field == field)
        if len(chosen) == 1:
            assert (reading.value, reading.standing) == (chosen[0], Standing.ACCEPTED)
        else:
            assert (reading.value, reading.standing) == (None, Standing.CHECK) and reading.reason


def _registered(page):
    image = grey(page)
    return image, register.form_of(image, register.codes(image), [LAYOUT])


@pytest.mark.parametrize("shares", list(itertools.product((0.0, 0.04, 0.2), repeat=3)))
def test_only_one_clear_mark_beside_clearly_empty_boxes_is_accepted(shares):
    rect = Rect(0, 0, 1, 1)
    reading = boxes.decide("f", {Box("f", str(n), rect): share for n, share in enumerate(shares)})
    clear = sorted(shares) == [0.0, 0.0, 0.2]
    assert (reading.standing is Standing.ACCEPTED) is clear
    assert not clear or reading.value == str(shares.index(0.2))
    assert reading.value is None or shares[int(reading.value)] == 0.2


@pytest.mark.parametrize("also_crossed", [(), ("other",)])
def test_a_ring_around_a_box_is_proposed_never_accepted(also_crossed):
    sheet = filled({}, also_crossed)
    rect = next(box.rect for box in LAYOUT.boxes if box.value == "incident_report")
    ring = (rect.left - 2.5, rect.top - 1.2, rect.right + 2.5, rect.bottom + 1.2)
    ImageDraw.Draw(sheet).ellipse([v * MM for v in ring], outline=40, width=3)
    page = whitened(register.upright(*_registered(sheet)))
    reading = next(r for r in boxes.read_boxes(page, LAYOUT.boxes, True) if r.field == "category")
    assert reading.value == (also_crossed[0] if also_crossed else "incident_report")
    assert reading.standing is Standing.CHECK and reading.reason


def test_cells_tell_empty_from_written_and_split_lines():
    values = {"name": "LE VAN HAI", "content": "De nghi thay cong to dien\nva kiem tra duong day"}
    page = whitened(register.upright(*_registered(filled(values))))
    found = {cell.field: cells.cut(page, cell.rect) for cell in LAYOUT.cells}
    assert found["name"].ink is cells.Ink.WRITTEN and len(found["name"].lines) == 1
    assert found["email"].ink is cells.Ink.EMPTY and not found["email"].lines
    assert len(found["content"].lines) == 2
    assert all(line.shape[1] <= cells.WIDEST * line.shape[0] + 1 for cut in found.values() for line in cut.lines)


@pytest.mark.parametrize(("shade", "ink"), [(60, "written"), (170, "written"), (205, "written"), (228, "doubt")])
def test_a_faint_pen_is_seen(shade, ink):
    sheet = filled({})
    rect = LAYOUT.cells[0].rect
    place = ((rect.left + 3) * MM, (rect.top + 1.5) * MM)
    ImageDraw.Draw(sheet).text(place, "Nong Van Hai", font=ImageFont.load_default(34), fill=shade)
    seen = look_at(Page(1, 1, grey(sheet)), Sight((LAYOUT,), recognise.Engines({})))
    assert seen.cells[0].ink == ink and all(cell.ink == "empty" for cell in seen.cells[1:])
    (document,) = settle([seen])
    # Where one cell is hardly seen, the empty ones are no longer believed to be empty.
    assert ("email" in document.check) is (ink == "doubt")


@pytest.mark.parametrize("shade", [40, 235])
def test_a_shade_or_a_crease_is_no_writing(shade):
    sheet = filled({})
    rect = LAYOUT.cells[4].rect
    draw = ImageDraw.Draw(sheet)
    draw.ellipse([v * MM for v in (rect.left, rect.top - 30, rect.left + 60, rect.top + 30)], outline=235, width=40)
    draw.line([v * MM for v in (0, rect.top + 5, 210, rect.top + 5)], fill=shade, width=2)
    seen = look_at(Page(1, 1, grey(sheet)), Sight((LAYOUT,), recognise.Engines({})))
    assert all(cell.ink != "written" for cell in seen.cells)


def test_a_form_is_read_and_its_crops_are_kept(tmp_path, engines):
    path, crops = tmp_path / "a.png", tmp_path / "crops"
    crops.mkdir()
    path.write_bytes(saved(filled()))
    (document,) = read_file(path, Sight((LAYOUT,), engines, crops))
    assert (document.kind, document.form_no) == (DocumentKind.FORM, "123456")
    assert document.value("category") == "incident_report" and document.value("wanted_reply") == "phone"
    assert document.value("customer_code") == FILLED["customer_code"]
    assert document.value("phone") == "0362756132"
    assert document.value("date") == FILLED["date"]
    assert document.value("email") is None and "email" not in document.check
    for reading in document.readings:
        assert reading.crop is None or (crops / reading.crop).stat().st_size > 100
        assert reading.standing is Standing.ACCEPTED or reading.reason


def test_without_engines_boxes_and_crops_still_make_a_document_to_check():
    document = settle([look_at(Page(1, 1, grey(filled())), SIGHT)])[0]
    assert document.kind is DocumentKind.FORM and document.value("category") == "incident_report"
    written = {cell.field for cell in LAYOUT.cells if cell.field in FILLED}
    assert written <= set(document.check)
    assert all(document.value(field) is None for field in written)


def test_a_blank_form_is_one_document_of_nulls_all_to_check():
    (document,) = settle([look_at(Page(1, 1, grey(blank())), SIGHT)])
    assert document.kind is DocumentKind.FORM
    assert set(document.check) == set(LAYOUT.fields)
    assert set(document.values.values()) == {None}


def test_two_forms_in_one_file_are_two_documents_and_empty_backs_none(tmp_path):
    path = tmp_path / "a.tif"
    back = Image.new("L", (1654, 2339), 250)
    path.write_bytes(saved(filled(), "TIFF", save_all=True, append_images=[back, filled({}, ("other",)), back]))
    documents = settle(look(path, SIGHT))
    assert [(d.page, d.kind, d.value("category")) for d in documents] == [
        (1, DocumentKind.FORM, "incident_report"),
        (3, DocumentKind.FORM, "other"),
    ]


def test_a_photo_of_no_paper_is_other_with_everything_to_check(engines):
    sky = np.tile(np.linspace(230, 90, 1200, dtype=np.uint8)[:, None], (1, 900))
    sky = np.ascontiguousarray(sky)
    sky[500:520, 100:800] = 30
    (document,) = settle([look_at(Page(1, 1, sky), Sight((LAYOUT,), engines))])
    assert document.kind is DocumentKind.OTHER
    assert set(document.check) == set(document.values) and set(document.values.values()) == {None}
