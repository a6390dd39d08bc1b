"""A ticket's number never stands on two lines, and is still read as it was."""

import io
import re
from pathlib import Path

import docx
import pytest

from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.documents.render import Renderer
from daemon.documents.unbroken import number_of, unbroken
from tests.documents.samples import LETTER_TEMPLATES, TEMPLATES, values

NUMBER = "PCBK-2026-000123"
HYPHEN = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
_OF_TEXT = re.compile(r"word/(document|footer\d*|header\d*)\.xml$")
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
HELD = NUMBER.replace("-", HYPHEN)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<w:t>{NUMBER}</w:t>", f'<w:t xml:space="preserve">{HELD}</w:t>'),
        (f'<w:t xml:space="preserve">mã {NUMBER} </w:t>', f'<w:t xml:space="preserve">mã {HELD} </w:t>'),
        (f"<w:t>{NUMBER}, {NUMBER}</w:t>", f'<w:t xml:space="preserve">{HELD}, {HELD}</w:t>'),
        (
            f"<w:tab/><w:t>ngày 05-10</w:t><w:t>{NUMBER}</w:t>",
            f'<w:tab/><w:t>ngày 05-10</w:t><w:t xml:space="preserve">{HELD}</w:t>',
        ),
        (f'<w:docPr descr="{NUMBER}"/><w:instrText>{NUMBER}</w:instrText>', None),
        ("<w:t>PCBK-2026-000124</w:t>", None),
    ],
)
def test_only_the_number_in_the_text_is_held(before: str, after: str | None) -> None:
    assert unbroken(before, NUMBER) == (before if after is None else after)


@pytest.mark.parametrize(
    ("given", "number"),
    [({"ticket": {"number": NUMBER}}, NUMBER), ({"ticket": {"number": "12"}}, ""), ({"ticket": "x"}, ""), ({}, "")],
)
def test_the_number_is_that_of_the_ticket(given: dict[str, object], number: str) -> None:
    assert number_of(given) == number


@pytest.mark.parametrize("name", LETTER_TEMPLATES)
def test_every_paper_holds_its_number_and_is_read_as_before(name: str) -> None:
    made = Renderer(TEMPLATES).render(name, values(name.removesuffix(".docx")))
    package = Package.load(made)
    parts = [package.read(part).decode() for part in package.names() if _OF_TEXT.match(part)]
    assert not any(NUMBER in text for part in parts for text in _TEXT.findall(part))
    assert NUMBER in "\n".join(spot.text for spot in spots(package))


def test_what_is_read_with_the_library_is_the_number(tmp_path: Path) -> None:
    template = docx.Document()
    template.add_paragraph("Mã tiếp nhận: {{ ticket.number }}.")
    template.save(str(tmp_path / "t.docx"))
    made = Renderer(tmp_path).render("t.docx", {"ticket": {"number": NUMBER}})
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == f"Mã tiếp nhận: {NUMBER}."
