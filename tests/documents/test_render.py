import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate, RichText
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from daemon.desk.ticket import Customer
from daemon.desk.trouble import Refused, TryLater
from daemon.documents import render
from daemon.documents.engine import PRINTED, cleaned, engine
from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.documents.proof import demand, parse_strict
from daemon.documents.render import Renderer
from tests.documents.samples import LETTER_TEMPLATES, TEMPLATES, bare, ticket, values

RENDERER = Renderer(TEMPLATES)
TEXT_PARTS = ("word/document.xml", "word/header", "word/footer")


def text(document: bytes) -> str:
    return "\n".join(spot.text for spot in spots(Package.load(document)))


def breakable(xml: bytes) -> bytes:
    """Return a part with ordinary hyphens, as docxtpl leaves them."""
    return re.sub(rb"</w:t><w:noBreakHyphen/><w:t[^>]*>", b"-", xml)


def canonical(document: bytes) -> dict[str, bytes]:
    package = Package.load(document)
    return {
        name: etree.tostring(etree.fromstring(breakable(package.read(name))), method="c14n")
        for name in package.names()
        if name.startswith(TEXT_PARTS) and name.endswith(".xml")
    }


def by_docxtpl(name: str, given_values: dict[str, Any]) -> bytes:
    tpl = DocxTemplate(TEMPLATES / name)
    tpl.render({**given_values, PRINTED: []}, engine(), autoescape=True)
    stream = io.BytesIO()
    tpl.save(stream)
    return stream.getvalue()


def made(tmp_path: Path, *paragraphs: str) -> Renderer:
    document = docx.Document()
    for line in paragraphs:
        document.add_paragraph(line)
    document.save(str(tmp_path / "t.docx"))
    return Renderer(tmp_path)


WILD = [
    "<Minh Anh> & Cty TNHH “A”",
    "{{ 7*7 }} {% for x in y %} {# z #} }} %}",
    "{_{ }_} {_% %_}",
    "chuông \a trang \f dọc \v không \x00 hết",
    "đ\ud800ôi",
    "😀 🏭 tiê\u0301ng Việt",
    "dòng 1\ndòng 2\tcột",
    "</w:t></w:r></w:p>",
    "&lt;b&gt; &#65; &amp;",
    "x" * 5000,
]


@pytest.mark.parametrize("wild", WILD)
def test_customer_text_stands_literally(wild: str) -> None:
    customer = ticket(content=wild, customer=Customer(name=wild, address=wild))
    document = RENDERER.render("request-unit.docx", values("request", customer), "PCBK|x|request|1")
    wanted = "".join(cleaned(wild).split())
    assert wanted in "".join(text(document).split())


def test_template_marks_in_data_are_kept_letter_for_letter() -> None:
    document = RENDERER.render(
        "answer-other.docx", values("answer", answer_text="Giữ {_{ và {{ x }} và {% y %}."), None
    )
    assert "Giữ {_{ và {{ x }} và {% y %}." in text(document)


lines = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)


@pytest.mark.parametrize("name", LETTER_TEMPLATES)
def test_equal_to_docxtpl_with_full_and_bare_values(name: str) -> None:
    for given_values in (
        values(Path(name).stem),
        values(Path(name).stem, bare(), answer_text="", costs=(), measures=()),
    ):
        assert canonical(RENDERER.render(name, given_values)) == canonical(by_docxtpl(name, given_values))


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.sampled_from(LETTER_TEMPLATES), lines, lines, st.lists(lines, max_size=3), st.lists(lines, max_size=3))
def test_equal_to_docxtpl_on_random_values(name: str, who: str, where: str, asked: list[str], said: list[str]) -> None:
    customer = Customer(name=who, address=where, phone=who)
    of = ticket(content="\n".join(asked), customer=customer)
    given_values = values(Path(name).stem, of, answer_text="\n".join(said), measures=said, attachments=asked)
    assert canonical(RENDERER.render(name, given_values)) == canonical(by_docxtpl(name, given_values))


def test_same_input_same_bytes_also_from_another_renderer() -> None:
    first = RENDERER.render("answer-cost.docx", values("answer"), "PCBK|a|answer|1")
    assert first == Renderer(TEMPLATES).render("answer-cost.docx", values("answer"), "PCBK|a|answer|1")


def test_a_changed_template_is_compiled_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    renderer = made(tmp_path, "Xin chào {{ name }}")
    assert "Xin chào An" in text(renderer.render("t.docx", {"name": "An"}))
    before = renderer._compiled["t.docx"][1]
    (tmp_path / "t.docx").touch()
    renderer.render("t.docx", {"name": "An"})
    assert renderer._compiled["t.docx"][1] is before
    made(tmp_path, "Kính chào {{ name }}, lần nữa")
    assert "Kính chào An" in text(renderer.render("t.docx", {"name": "An"}))


def test_tags_in_properties_go_through_docxtpl_and_are_checked_too(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Thư gửi {{ name }}"
    document.add_paragraph("Xin chào {{ name }}")
    document.save(str(tmp_path / "t.docx"))
    first, second = (Renderer(tmp_path).render("t.docx", {"name": "<An> & {{ b }} Bình"}) for _ in range(2))
    assert "Xin chào <An> & {{ b }} Bình" in text(first)
    assert "Bình" in docx.Document(io.BytesIO(first)).core_properties.title
    assert first == second


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ customer.nam }}", "thân văn bản, đoạn 1: tên không có: customer.nam"),
        ("{{ customer.name", "mở mà không đóng"),
        ("{% if customer.name %}x", "không được đóng"),
        ("{{ customer.name|foo }}", "thẻ viết sai"),
        ("{{ customer.na\u200bme }}", "ký tự ẩn"),
        ("{{ customer.name – 1 }}", "dấu gạch dài"),
    ],
)
def test_a_broken_template_is_refused_with_name_and_place(tmp_path: Path, line: str, said: str) -> None:
    renderer = made(tmp_path, line)
    with pytest.raises(Refused, match=r"Mẫu t\.docx") as refused:
        renderer.render("t.docx", {"customer": {"name": "An"}})
    assert said in str(refused.value)
    assert "đoạn 1" in str(refused.value)


def test_a_fault_in_a_table_is_told_by_its_cell(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(2, 3).cell(1, 2).text = "{{ who }}"
    document.save(str(tmp_path / "t.docx"))
    with pytest.raises(Refused, match="bảng 1, hàng 2, ô 3, đoạn 1"):
        Renderer(tmp_path).render("t.docx", {"name": "An"})


def test_missing_and_unreadable_templates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"khong-co\.docx"):
        Renderer(tmp_path).render("khong-co.docx", {})
    (tmp_path / "thu-muc.docx").mkdir()
    with pytest.raises(TryLater, match="chưa đọc được"):
        Renderer(tmp_path).render("thu-muc.docx", {})
    (tmp_path / "hong.docx").write_bytes(b"PK not a zip")
    with pytest.raises(Refused, match="không phải tệp Word"):
        Renderer(tmp_path).render("hong.docx", {})


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__ }}",
        "{{ name.format(1) }}",
        "{{ name * 100000000 }}",
        "{{ name % name }}",
        "{{ 2 ** 100000 }}",
        "{{ range(1000000000) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ name|center(100000000) }}",
    ],
)
def test_a_template_can_only_print(tmp_path: Path, line: str) -> None:
    with pytest.raises(Refused):
        made(tmp_path, line).render("t.docx", {"name": "An"})


def test_endless_output_is_stopped(tmp_path: Path) -> None:
    lines = "".join("{% for a in rows %}" for _ in range(4)) + "{{ text }}" + "{% endfor %}" * 4
    with pytest.raises(Refused, match="quá dài"):
        made(tmp_path, lines).render("t.docx", {"rows": ["x"] * 100, "text": "y" * 10_000})
    assert render.LIMIT == 32_000_000


def test_a_value_that_does_not_reach_the_document_is_refused(tmp_path: Path) -> None:
    """A row tag takes its whole row away: a value printed beside it is lost, and the clerk must hear of it."""
    document = docx.Document()
    document.add_paragraph("{%p if name %}")
    document.add_paragraph("Kính gửi {{ name }}")
    document.add_paragraph("{%p endif %}")
    document.save(str(tmp_path / "t.docx"))
    assert "Kính gửi An" in text(Renderer(tmp_path).render("t.docx", {"name": "An"}))
    tree = parse_strict("t.docx", '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>')
    with pytest.raises(Refused, match="Nguyễn"):
        demand("t.docx", tree, ["Nguyễn Văn A"])


def test_broken_xml_is_refused_not_mended() -> None:
    with pytest.raises(Refused, match="XML"):
        parse_strict("t.docx", "<a><b></a>")


def test_a_document_without_place_for_the_qr_is_refused_when_one_is_wanted(tmp_path: Path) -> None:
    renderer = made(tmp_path, "{{ name }}")
    renderer.render("t.docx", {"name": "An"})
    with pytest.raises(Refused, match="QR"):
        renderer.render("t.docx", {"name": "An"}, "PCBK|x|y|1")


def test_the_qr_is_in_every_foot_and_another_one_each_time() -> None:
    one = Package.load(RENDERER.render("answer-other.docx", values("answer"), "PCBK|PCBK-2026-000001|answer|1"))
    two = Package.load(RENDERER.render("answer-other.docx", values("answer"), "PCBK|PCBK-2026-000002|answer|1"))
    pictures = [name for name in one.names() if name.startswith("word/media/")]
    assert pictures
    assert all(one.read(name) != two.read(name) for name in pictures)
    assert not any(name.startswith("word/media/") for name in one.names() if name not in pictures)


def test_the_file_is_a_zip_word_and_python_read() -> None:
    document = RENDERER.render("answer-cost.docx", values("answer"), "PCBK|a|answer|1")
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
    table = docx.Document(io.BytesIO(document)).tables[1]
    assert [cell.text for cell in table.rows[1].cells][-1] == "98.000"


def test_docxtpls_own_objects_go_through_docxtpl(tmp_path: Path) -> None:
    renderer = made(tmp_path, "Gửi {{r rich }} và {{ name }}")
    rich = RichText("đậm", bold=True)
    document = renderer.render("t.docx", {"rich": rich, "name": "<An> {_{"})
    assert "Gửi đậm và <An> {_{" in text(document)
    assert any(run.bold for run in docx.Document(io.BytesIO(document)).paragraphs[0].runs)


def test_threads_share_a_renderer() -> None:
    renderer = Renderer(TEMPLATES)

    def make(number: int) -> bytes:
        return renderer.render(
            "answer-cost.docx", values("answer", ticket(number=f"PCBK-2026-{number:06d}")), f"PCBK|{number}"
        )

    one_by_one = [make(number) for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make, range(12))) == one_by_one


@pytest.mark.parametrize("tag", ["{{ x }}", "{% autoescape false %}{{ x }}{% endautoescape %}"])
@pytest.mark.parametrize("value", ["<w:p/>", "a & b", "_<b>_"])
def test_no_template_can_print_a_value_unescaped(tag: str, value: str) -> None:
    printed: list[str] = []
    text = engine().from_string(tag).render({"x": value, PRINTED: printed})
    assert text == value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") and printed == [value]
