"""The mail that carries a letter says what the letter says, also where a person changed it in Word."""

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from daemon.documents.letter_text import letter_text
from daemon.documents.render import Renderer
from tests.documents.samples import values

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LETTERS = sorted(path.name for path in TEMPLATES.glob("*.docx") if path.name.startswith(("answer", "interim")))


def rendered(template: str = "answer-other.docx") -> bytes:
    return Renderer(TEMPLATES).render(template, values("answer"), "PCBK|PCBK-2026-000123|answer|1")


def saved(document: "docx.document.Document") -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("template", LETTERS)
def test_it_begins_at_the_greeting_and_ends_at_the_last_sentence(template: str) -> None:
    text = letter_text(rendered(template)) or ""
    lines = text.splitlines()
    assert lines[0].startswith("Kính gửi:")
    assert lines[-1].endswith(".")
    assert not lines[-1].endswith("./.")
    for stranger in ("CỘNG HÒA", "Nơi nhận", "Như trên", "V/v", "Số:", "Xin nêu mã này khi liên hệ"):
        assert stranger not in text
    assert "vui lòng liên hệ" in text


def test_what_a_person_changed_is_what_it_says() -> None:
    document = docx.Document(io.BytesIO(rendered()))
    target = next(each for each in document.paragraphs if "vui lòng liên hệ" in each.text)
    target.insert_paragraph_before("Điện lực xin lỗi\tquý khách.")
    target.runs[0].text = "Xin gọi 19006769."
    for run in target.runs[1:]:
        run.text = ""
    text = letter_text(saved(document)) or ""
    assert "\n\nĐiện lực xin lỗi quý khách.\n\nXin gọi 19006769.\n\n" in text


def test_words_struck_out_and_hidden_are_not_said_and_words_put_in_are() -> None:
    document = docx.Document(io.BytesIO(rendered()))
    target = next(each for each in document.paragraphs if "vui lòng liên hệ" in each.text)
    for run in target.runs:
        run.text = ""
    for piece in (
        "<w:r {0}><w:t>Còn lại.</w:t></w:r>",
        "<w:del {0}><w:r><w:delText>Đã xóa.</w:delText></w:r></w:del>",
        "<w:moveFrom {0}><w:r><w:t>Đã chuyển.</w:t></w:r></w:moveFrom>",
        "<w:ins {0}><w:r><w:t xml:space='preserve'> Đã thêm.</w:t></w:r></w:ins>",
        "<w:r {0}><w:rPr><w:vanish/></w:rPr><w:t>Ẩn.</w:t></w:r>",
    ):
        target._p.append(parse_xml(piece.format(nsdecls("w"))))
    text = letter_text(saved(document)) or ""
    assert "\n\nCòn lại. Đã thêm.\n\n" in text


def test_a_table_inside_the_letter_is_said_row_by_row() -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "CÔNG TY"
    document.add_paragraph("Kính gửi: Bà Lan")
    table = document.add_table(2, 2)
    for number, word in enumerate(("Cấp", "Mức", "0,38 kV", "98.000")):
        table.cell(number // 2, number % 2).text = word
    document.add_paragraph("Trân trọng./.")
    document.add_table(1, 1).cell(0, 0).text = "Nơi nhận:"
    assert letter_text(saved(document)) == "Kính gửi: Bà Lan\n\n- Cấp | Mức\n- 0,38 kV | 98.000\n\nTrân trọng."


def test_a_letter_laid_out_in_a_table_or_without_a_greeting_is_read_too() -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "Kính gửi: Bà Lan\nĐã có điện."
    assert letter_text(saved(document)) == "Kính gửi: Bà Lan\nĐã có điện."
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "CÔNG TY"
    document.add_paragraph("Đã có điện./.")
    assert letter_text(saved(document)) == "Đã có điện."


@pytest.mark.parametrize("data", [b"", b"PK", b"\xd0\xcf\x11\xe0 old Word", saved(docx.Document())], ids=range(4))
def test_what_cannot_be_read_is_told(data: bytes) -> None:
    assert letter_text(data) is None
