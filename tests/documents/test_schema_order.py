"""Word refuses files whose elements stand in another order than the schema's (ECMA-376, part 1, wml.xsd); LibreOffice does not."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from daemon.documents.package import Package
from daemon.documents.render import Renderer
from tests.documents.samples import LETTER_TEMPLATES, TEMPLATES, values

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tcBorders": "top start left bottom end right insideH insideV tl2br tr2bl",
    "tblBorders": "top start left bottom end right insideH insideV",
}


def faults(package: Package) -> Iterator[str]:
    for name in package.names():
        if not re.match(r"word/(document|header\d*|footer\d*|styles)\.xml$", name):
            continue
        root = etree.fromstring(package.read(name))
        for tag, order in ORDER.items():
            for node in root.iter(W + tag):
                yield from _out_of_order(f"{name}: {tag}", node, order.split())
        for cell in root.iter(W + "tc"):
            if cell[-1].tag != W + "p":
                yield f"{name}: a cell does not end with a paragraph"
        for story in (root, *root.iter(W + "tc", W + "body")):
            if any(one.tag == W + "tbl" and two.tag == W + "tbl" for one, two in itertools.pairwise(story)):
                yield f"{name}: two tables touch"


def _out_of_order(where: str, node: Any, order: list[str]) -> Iterator[str]:
    names = [child.tag.removeprefix(W) for child in node if isinstance(child.tag, str)]
    known = [order.index(name) for name in names if name in order]
    if known != sorted(known):
        yield f"{where}: {' '.join(names)}"
    once = [name for name in names if name not in ("headerReference", "footerReference")]
    if len(once) != len(set(once)):
        yield f"{where}: twice: {' '.join(names)}"


@pytest.mark.parametrize("name", [*LETTER_TEMPLATES, "report.docx", "phieu-tiep-nhan.docx"])
def test_templates_keep_the_schemas_order(name: str) -> None:
    assert list(faults(Package.load(TEMPLATES / name))) == []


@pytest.mark.parametrize("name", LETTER_TEMPLATES)
def test_finished_documents_keep_the_schemas_order(name: str) -> None:
    assert list(faults(Package.load(Renderer(TEMPLATES).render(name, values(Path(name).stem))))) == []
