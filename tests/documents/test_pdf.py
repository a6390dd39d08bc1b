"""PDF through LibreOffice. Without it the tests of its work are skipped, unless MOTCUA_REQUIRE_SOFFICE=1 demands it."""

import os
import sys
from pathlib import Path

import pypdfium2
import pytest

from daemon.desk.trouble import Refused, TryLater
from daemon.documents import pdf
from daemon.documents.render import Renderer
from tests.documents.samples import LETTER_TEMPLATES, TEMPLATES, values

needs_office = pytest.mark.skipif(pdf.program() is None, reason="LibreOffice is not installed")


def test_libreoffice_is_there_where_it_must_be() -> None:
    assert pdf.program() is not None or os.environ.get("MOTCUA_REQUIRE_SOFFICE") != "1"


def text_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


@needs_office
def test_every_template_becomes_a_pdf_with_all_its_letters(tmp_path: Path) -> None:
    renderer, paths = Renderer(TEMPLATES), []
    for name in LETTER_TEMPLATES:
        path = tmp_path / name
        path.write_bytes(renderer.render(name, values(Path(name).stem), "PCBK|PCBK-2026-000123|x|1"))
        paths.append(path)
    made = pdf.to_pdf(paths, timeout=180)
    assert [path.name for path in made] == [Path(name).with_suffix(".pdf").name for name in LETTER_TEMPLATES]
    for path in made:
        pages = text_of(path)
        assert 1 <= len(pages) <= 2, path.name
        assert "PCBK-2026-000123" in "".join(pages)
        assert "Hoàng Văn Anh" in " ".join(" ".join(pages).split()), path.name
    slip = text_of(tmp_path / "appointment-slip.pdf")
    assert len(slip) == 1
    assert slip[0].count("PHIẾU HẸN") == 2
    for name in (each for each in LETTER_TEMPLATES if each.startswith("request-")):
        (page,) = text_of(tmp_path / Path(name).with_suffix(".pdf").name)
        asking, unit = page.split("PHẦN TRẢ LỜI CỦA ĐƠN VỊ")
        assert "NGƯỜI ĐỀ NGHỊ" in asking and "Nguyễn Thị Lan" in asking, name
        assert unit.count("(Ký, ghi rõ họ tên)") == 1, f"{name}: only the unit signs in its part"


@needs_office
def test_vietnamese_letters_come_from_one_font(tmp_path: Path) -> None:
    path = tmp_path / "thu.docx"
    letters = "CÔNG TY ĐIỆN LỰC Ệ Ự ơ ư ạ ả ấ ầ ẩ ẫ ậ ắ ằ ẳ ẵ ặ ẹ ẻ ẽ ế ề ể ễ ệ ỉ ị ọ ỏ ố ồ ổ ỗ ộ ớ ờ ở ỡ ợ ụ ủ ứ ừ ử ữ ự ỳ ỵ ỷ ỹ"
    path.write_bytes(Renderer(TEMPLATES).render("answer-other.docx", values("answer", answer_text=letters)))
    (made,) = pdf.to_pdf([path])
    assert letters in " ".join(text_of(made)[0].split())


@needs_office
def test_the_page_number_stands_above_from_page_two_on(tmp_path: Path) -> None:
    path = tmp_path / "dai.docx"
    long = "\n".join("Nội dung trả lời rất dài, kéo sang trang sau. " * 5 for _ in range(25))
    path.write_bytes(Renderer(TEMPLATES).render("answer-other.docx", values("answer", answer_text=long)))
    (made,) = pdf.to_pdf([path])
    with pypdfium2.PdfDocument(made) as document:
        heads = [
            page.get_textpage().get_text_bounded(bottom=page.get_height() - 20 / 25.4 * 72).strip() for page in document
        ]
        middle = document[1].get_textpage().get_charbox(0)
    assert len(heads) >= 3
    assert heads == ["", *(str(number) for number in range(2, len(heads) + 1))]
    text_middle = 72 / 25.4 * (30 + 165 / 2)
    assert abs((middle[0] + middle[2]) / 2 - text_middle) < 3


@needs_office
@pytest.mark.parametrize("name", ["answer-other.docx", "request-unit.docx", "appointment-slip.docx"])
def test_the_qr_is_read_from_a_scanned_page(tmp_path: Path, name: str) -> None:
    """At 200 dpi in grey, the floor the decree sets for digitised paper."""
    zxingcpp = pytest.importorskip("zxingcpp", reason="the reader of the extra [ocr]")
    path = tmp_path / name
    mark = "PCBK|PCBK-2026-000123|request-bach-thong|12"
    path.write_bytes(Renderer(TEMPLATES).render(name, values(Path(name).stem), mark))
    (made,) = pdf.to_pdf([path])
    with pypdfium2.PdfDocument(made) as document:
        for page in document:
            found = zxingcpp.read_barcodes(page.render(scale=200 / 72, grayscale=True).to_pil())
            assert {code.text for code in found} == {mark}
            assert len(found) == (2 if name.startswith("appointment") else 1)


@needs_office
def test_files_of_one_name_do_not_meet_and_into_takes_them(tmp_path: Path) -> None:
    source = Renderer(TEMPLATES).render("answer-other.docx", values("answer"))
    paths = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "thu có dấu.docx")
        paths[-1].write_bytes(source)
    assert pdf.to_pdf(paths) == [path.with_suffix(".pdf") for path in paths]
    assert all(path.with_suffix(".pdf").exists() for path in paths)
    (tmp_path / "c").mkdir()
    assert pdf.to_pdf(paths[:1], into=tmp_path / "c") == [tmp_path / "c" / "thu có dấu.pdf"]


@needs_office
def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(b"PK\x03\x04 nothing at all")
    with pytest.raises(Refused, match=r"x\.docx"):
        pdf.to_pdf([path])


def _fake(tmp_path: Path, script: str) -> str:
    path = tmp_path / "soffice"
    path.write_text(f"#!{sys.executable}\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    office = _fake(tmp_path, "import time; time.sleep(60)")
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(TryLater, match="đã dừng"):
        pdf.to_pdf([tmp_path / "a.docx"], timeout=0.3, office=office)


def test_without_libreoffice_the_reason_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="chưa cài LibreOffice"):
        pdf.to_pdf([tmp_path / "a.docx"], office="")


def test_nothing_to_do() -> None:
    assert pdf.to_pdf([], office="/bin/true") == []
