"""Files to pages: what is read, what is refused, and what the refusal says."""

import io
import zipfile

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from daemon.desk.trouble import Refused
from daemon.scans.pages import Limits, open_pages
from tests.scans.paper import grey, saved


def picture(width=600, height=800):
    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((50, 60, 200, 90), fill=0)
    draw.rectangle((50, 300, 500, 320), fill=90)
    return page


def put(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def pages(path, **limits):
    return list(open_pages(path, Limits(**limits)))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "WEBP", "JPEG"])
def test_every_kind_of_picture_is_read_whatever_its_name(tmp_path, kind):
    path = put(tmp_path, "scan.pdf", saved(picture(), kind))
    (page,) = pages(path)
    assert page.image.shape == (800, 600)
    assert abs(page.image.astype(int) - grey(picture()).astype(int)).mean() < 4


def test_a_phones_turn_is_undone(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = put(tmp_path, "a.jpg", saved(picture().rotate(90, expand=True), "JPEG", exif=exif, quality=95))
    assert pages(path)[0].image.shape == (800, 600)


def test_every_frame_of_a_tiff_is_a_page(tmp_path):
    frames = [picture().point(lambda v, k=k: max(0, v - k)) for k in (0, 20, 40)]
    path = put(tmp_path, "a.tif", saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    found = pages(path)
    assert [(p.number, p.count) for p in found] == [(1, 3), (2, 3), (3, 3)]
    assert [int(p.image.max()) for p in found] == [255, 235, 215]


@pytest.mark.parametrize(("dpi", "shape"), [((204, 98), (1665, 600)), ((200, 200), (800, 600)), ((1, 1), (800, 600))])
def test_a_coarse_fax_gets_its_height_back(tmp_path, dpi, shape):
    path = put(tmp_path, "a.tif", saved(picture().convert("1"), "TIFF", dpi=dpi))
    assert pages(path)[0].image.shape == shape


def test_a_coarse_fax_in_a_pdf_gets_its_height_back(tmp_path):
    path = put(tmp_path, "a.pdf", saved(picture(1728, 1146), "PDF", resolution=204))
    document = pdfium.PdfDocument(str(path))
    document[0].set_mediabox(0, 0, 610, 842)
    (held,) = document[0].get_objects()
    held.set_matrix(pdfium.PdfMatrix(610, 0, 0, 842, 0, 0))
    document[0].gen_content()
    document.save(str(tmp_path / "b.pdf"))
    (page,) = pages(tmp_path / "b.pdf")
    assert abs(page.image.shape[0] / page.image.shape[1] - 842 / 610) < 0.01


def test_transparent_paper_is_white(tmp_path):
    path = put(tmp_path, "a.png", saved(Image.new("RGBA", (500, 500), (0, 0, 0, 0))))
    assert int(pages(path)[0].image.min()) == 255


@pytest.mark.parametrize("mode", ["1", "P", "I;16", "CMYK"])
def test_odd_colour_modes_are_read(tmp_path, mode):
    sixteen = Image.fromarray(grey(picture()).astype(np.uint16) * 257)
    page = sixteen if mode == "I;16" else picture().convert("RGB").convert(mode)
    (found,) = pages(put(tmp_path, "a.tif", saved(page, "TIFF")))
    assert abs(found.image.astype(int) - grey(picture()).astype(int)).mean() < 8


def pdf_of(*images, rotate=0):
    document = pdfium.PdfDocument.new()
    for image in images:
        page = document.new_page(595, 842)
        thing = pdfium.PdfImage.new(document)
        thing.set_bitmap(pdfium.PdfBitmap.from_pil(image))
        thing.set_matrix(pdfium.PdfMatrix().scale(595, 842))
        page.insert_obj(thing)
        page.set_rotation(rotate)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_scan_inside_a_pdf_is_taken_without_resampling(tmp_path):
    image = picture(1000, 1415)
    (page,) = pages(put(tmp_path, "a.pdf", pdf_of(image)))
    assert page.image.shape == (1415, 1000)
    assert (page.image == grey(image)).all()


def test_a_turned_pdf_page_comes_as_it_is_shown(tmp_path):
    image = picture(1000, 1415)
    (page,) = pages(put(tmp_path, "a.pdf", pdf_of(image, rotate=90)))
    assert page.image.shape == (1000, 1415)
    assert (page.image == np.rot90(grey(image), -1)).all()


def test_a_pdf_with_more_than_a_picture_is_rendered(tmp_path):
    document = pdfium.PdfDocument(pdf_of(picture(1000, 1415)))
    page = document[0]
    extra = pdfium.PdfImage.new(document)
    extra.set_bitmap(pdfium.PdfBitmap.from_pil(Image.new("L", (50, 50), 0)))
    extra.set_matrix(pdfium.PdfMatrix().scale(100, 100))
    page.insert_obj(extra)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    (found,) = pages(put(tmp_path, "a.pdf", out.getvalue()))
    assert abs(found.image.shape[0] - 842 / 72 * 300) < 2
    assert int(found.image[-100, 100]) == 0


def test_a_giant_page_is_made_smaller_not_refused(tmp_path):
    path = put(tmp_path, "a.png", saved(picture(3000, 4000)))
    (page,) = pages(path, page_pixels=1_000_000)
    assert page.image.size <= 1_000_000


def docx():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def locked_pdf():
    # The smallest thing that pdfium takes for a document with a password it does not have.
    encrypt = b"<</Filter/Standard/V 1/R 2/O<" + b"28" * 32 + b">/U<" + b"31" * 32 + b">/P -44>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", encrypt]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(data)
    data += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    ids = b"<" + b"41" * 16 + b">"
    return data + b"trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID[" + ids + ids + b"]>>\nstartxref\n%d\n%%%%EOF" % start


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"", "0 byte"),
        ("a.pdf", docx(), "Word"),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        ("a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Office đời cũ"),
        ("a.pdf", b"\0" * 4000, "đứt giữa chừng"),
        ("a.pdf", b"Xin chao", "không nhận ra loại tệp"),
        ("a.pdf", b"<!DOCTYPE html><p>", "trang web"),
        ("a.pdf", b"PK\x03\x04broken", "tệp nén"),
        ("a.pdf", b"%PDF-1.4\nnothing here", "hỏng hoặc bị cụt"),
        ("a.pdf", locked_pdf(), "mật khẩu"),
        ("a.jpg", saved(picture(), "JPEG")[:900], "cụt"),
        ("a.png", saved(picture())[:700], "cụt"),
        ("a.png", b"\x89PNG\r\n\x1a\nrubbish", "hỏng"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(tmp_path, name, data, said):
    with pytest.raises(Refused) as refusal:
        pages(put(tmp_path, name, data))
    assert said in str(refusal.value) and str(refusal.value).startswith(name)


def test_too_many_pages_too_large_a_picture_too_many_bytes(tmp_path):
    frames = [picture(20, 20)] * 3
    tif = put(tmp_path, "a.tif", saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    with pytest.raises(Refused, match="3 trang"):
        pages(tif, pages=2)
    with pytest.raises(Refused, match="4 trang"):
        pages(put(tmp_path, "a.pdf", pdf_of(*[picture(50, 50)] * 4)), pages=3)
    with pytest.raises(Refused, match="quá lớn"):
        pages(tif, picture_pixels=100)
    with pytest.raises(Refused, match="quá lớn"):
        pages(tif, file_bytes=10)
