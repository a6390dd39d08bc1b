"""The layout of administrative documents: Decree 30/2020/NĐ-CP, Appendix I, as rules over a document's real look.

Works on templates and on finished documents. What a template prints by a tag is checked for its look, and for its words
only once it is finished. Process forms (ISO block instead of the national heading) follow ``form_faults``.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from daemon.documents.fault import Fault
from daemon.documents.look import Looks, ParagraphLook, RunLook
from daemon.documents.package import Package
from daemon.documents.places import Spot, spots

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FONT = "Times New Roman"
NATION = re.compile(r"^CỘNG H(ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM$")
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NUMBER = re.compile(r"^Số:\s*(\d{2,})?\s*/[A-ZĐ0-9]+(-[A-ZĐ0-9]+)*$")
PLACE_DATE = re.compile(r"^\S.*, ngày (0[1-9]|[12]\d|3[01]) tháng (0[12]|[3-9]|1[0-2]) năm \d{4}$")
_TYPES = re.compile(r"^(BÁO CÁO|TỜ TRÌNH|THÔNG BÁO|QUYẾT ĐỊNH|GIẤY MỜI|BIÊN BẢN|KẾ HOẠCH|CÔNG ĐIỆN)$")
_RANK = re.compile(r"^(TM|Q|KT|TL|TUQ)\. |\b(GIÁM ĐỐC|TRƯỞNG)\b")
_AUTHORITY = re.compile(r"^(TM|Q|KT|TL|TUQ)\. ")
_URGENT = re.compile(r"^(HỎA TỐC|THƯỢNG KHẨN|KHẨN)$")
_RED = frozenset({"ff0000", "c00000"})
_BLACK = frozenset({"auto", "000000"})
_SLACK = 0.3  # mm: what rounding to twips may do
_LONG = 60  # characters from which a paragraph is taken for running text

PAGE = (
    ("khổ giấy, chiều rộng", "pgSz", "w", 210, 210),
    ("khổ giấy, chiều cao", "pgSz", "h", 297, 297),
    ("lề trên", "pgMar", "top", 20, 25),
    ("lề dưới", "pgMar", "bottom", 20, 25),
    ("lề trái", "pgMar", "left", 30, 35),
    ("lề phải", "pgMar", "right", 15, 20),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its look: the runs that print something, and the paragraph itself."""

    spot: Spot
    runs: tuple[RunLook, ...]
    look: ParagraphLook

    @property
    def text(self) -> str:
        return self.spot.text.strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """How a component must look: sizes in points from–to, bold, italic, alignment. None: not asked."""

    name: str
    low: float
    high: float
    bold: bool | None = None
    italic: bool | None = None
    align: str | None = None

    def faults(self, file: str, line: Line) -> Iterator[Fault]:
        """Yield what differs, each difference once however many runs show it."""
        found = dict.fromkeys(pair for run in line.runs for pair in self._differences(run))
        if self.align and line.look.align != self.align:
            found[f"căn {line.look.align}", {"center": "căn giữa", "both": "căn đều hai bên"}[self.align]] = None
        for said, wanted in found:
            yield self._fault(file, line, said, wanted)

    def _differences(self, run: RunLook) -> Iterator[tuple[str, str]]:
        if not self.low <= run.size <= self.high:
            yield f"cỡ chữ {run.size:g}", f"cỡ {self.low:g}–{self.high:g}"
        if self.bold is not None and run.bold is not self.bold:
            yield "chữ đậm" if run.bold else "chữ không đậm", "đậm" if self.bold else "không đậm"
        if self.italic is not None and run.italic is not self.italic:
            yield "chữ nghiêng" if run.italic else "chữ đứng", "nghiêng" if self.italic else "đứng"

    def _fault(self, file: str, line: Line, found: str, wanted: str) -> Fault:
        return Fault(file, line.spot.place, f"{self.name} “{line.text[:40]}”: {found}", wanted)


NATION_RULE = Rule("Quốc hiệu", 12, 13, True, False, "center")
MOTTO_RULE = Rule("Tiêu ngữ", 13, 14, True, False, "center")
PARENT_RULE = Rule("cơ quan chủ quản", 12, 13, False, False, "center")
ISSUER_RULE = Rule("cơ quan ban hành", 12, 13, True, False, "center")
NUMBER_RULE = Rule("số, ký hiệu", 13, 13, False, False, "center")
DATE_RULE = Rule("địa danh, thời gian", 13, 14, False, True, "center")
ABOUT_RULE = Rule("trích yếu công văn", 12, 13, False, False, "center")
TYPE_RULE = Rule("tên loại", 13, 14, True, False, "center")
TO_RULE = Rule("Kính gửi", 13, 14, None, False)
BODY_RULE = Rule("nội dung", 13, 14, None, None, "both")
SIGNER_RULE = Rule("quyền hạn, chức vụ", 13, 14, True, False, "center")
COPIES_RULE = Rule("Nơi nhận", 12, 12, True, True)
COPY_RULE = Rule("dòng Nơi nhận", 11, 11, False, False)


def is_official(package: Package) -> bool:
    """Say whether a document falls under the decree: it bears the national heading and is issued by the office.

    A customer's own letter or form may bear the heading too; it has neither number nor copies nor subject.
    """
    texts = [spot.text.strip() for spot in spots(package)]
    issued = any(text.startswith(("Số:", "Nơi nhận", "V/v")) or _TYPES.match(text) for text in texts)
    return issued and has_heading(package)


def has_heading(package: Package) -> bool:
    """Say whether a document bears the national heading."""
    return any(NATION.match(spot.text.strip()) for spot in spots(package))


def lines_of(package: Package) -> list[Line]:
    """Return the document's paragraphs with their looks."""
    looks = Looks(package)
    return [
        Line(
            spot,
            tuple(looks.run(run) for run in spot.paragraph.iter(W + "r") if _prints(run)),
            looks.paragraph(spot.paragraph),
        )
        for spot in spots(package)
    ]


def _prints(run: Any) -> bool:
    """Say whether a run prints letters or a field: signs like ☐ come from a font of Word's own choice."""
    text = "".join(node.text or "" for node in run.findall(W + "t"))
    return any(char.isalnum() for char in text) or run.find(W + "instrText") is not None


def official_faults(file: str, package: Package) -> list[Fault]:
    """Return every departure from the decree of a document with the national heading."""
    lines = lines_of(package)
    body = [line for line in lines if line.spot.part == package.document()]
    found = [*page_faults(file, package, PAGE), *_font_faults(file, lines), *_page_number(file, package, lines)]
    for check in (_heading, _number, _about, _addressees, _running_text, _copies, _signer):
        found += check(file, body)
    return found


def page_faults(file: str, package: Package, limits: tuple[tuple[str, str, str, float, float], ...]) -> Iterator[Fault]:
    """Yield paper and margins outside the limits (mm), section by section."""
    root = etree.fromstring(package.read(package.document()))
    for number, section in enumerate(root.iter(W + "sectPr"), start=1):
        for name, tag, attribute, low, high in limits:
            node = section.find(W + tag)
            value = float(node.get(W + attribute, "0")) * 25.4 / 1440 if node is not None else 0.0
            if not low - _SLACK <= value <= high + _SLACK:
                wanted = f"{low:g} mm" if low == high else f"{low:g}–{high:g} mm"
                yield Fault(file, f"phần {number}", f"{name} {value:.0f} mm", wanted)


def _font_faults(file: str, lines: list[Line]) -> Iterator[Fault]:
    for line in lines:
        for run in line.runs:
            if run.font != FONT:
                yield Fault(file, line.spot.place, f"phông {run.font}: “{line.text[:40]}”", FONT)
                break
        for run in line.runs:
            if run.color not in _BLACK and not (run.color in _RED and _URGENT.match(line.text)):
                yield Fault(file, line.spot.place, f"màu chữ {run.color}: “{line.text[:40]}”", "chữ màu đen")
                break


def _page_number(file: str, package: Package, lines: list[Line]) -> Iterator[Fault]:
    root = etree.fromstring(package.read(package.document()))
    section = list(root.iter(W + "sectPr"))[-1]
    targets = package.targets(package.document())
    heads = {
        node.get(W + "type", "default"): targets.get(node.get(_RID, ""), "")
        for node in section.findall(W + "headerReference")
    }
    if section.find(W + "titlePg") is None:
        yield Fault(
            file, "phần 1", "trang đầu không khác các trang sau", "ẩn số trang ở trang 1 (Different First Page)"
        )
    numbered = [line for line in lines if line.spot.part == heads.get("default", "") and _has_page(line)]
    if not numbered:
        yield Fault(file, "đầu trang", "không có số trang", "số trang giữa lề trên, từ trang 2")
    for line in numbered:
        yield from Rule("số trang", 13, 14, None, False, "center").faults(file, line)
    if any(line.spot.part == heads.get("first", "-") and _has_page(line) for line in lines):
        yield Fault(file, "đầu trang của trang 1", "có số trang", "không hiển thị số trang thứ nhất")


_RID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _has_page(line: Line) -> bool:
    paragraph = line.spot.paragraph
    codes = [node.text or "" for node in paragraph.iter(W + "instrText")]
    codes += [node.get(W + "instr", "") for node in paragraph.iter(W + "fldSimple")]
    return any(re.match(r"\s*PAGE\b", code) for code in codes)


def _heading(file: str, body: list[Line]) -> Iterator[Fault]:
    at = next(index for index, line in enumerate(body) if NATION.match(line.text))
    yield from NATION_RULE.faults(file, body[at])
    motto = body[at + 1] if at + 1 < len(body) else None
    if motto is None or motto.text != MOTTO:
        said = motto.text[:40] if motto else ""
        yield Fault(file, body[at].spot.place, f"dưới Quốc hiệu là “{said}”", MOTTO)
        return
    yield from MOTTO_RULE.faults(file, motto)
    if not _line_below(body, at + 1):
        yield Fault(file, motto.spot.place, "không có đường kẻ dưới Tiêu ngữ", "đường kẻ liền, dài bằng dòng chữ")
    yield from _issuer(file, body, at)


def _issuer(file: str, body: list[Line], nation: int) -> Iterator[Fault]:
    """The issuer stands in the cell left of the national name: parent in regular type, then the issuer in bold."""
    row = body[nation].spot.row
    left = [
        index
        for index, line in enumerate(body)
        if row is not None and line.spot.row is row and index < nation and _shown(line)
    ]
    if not left:
        yield Fault(
            file,
            body[nation].spot.place,
            "không có tên cơ quan ban hành bên trái",
            "cơ quan chủ quản, cơ quan ban hành",
        )
        return
    bold = [index for index in left if body[index].runs and body[index].runs[0].bold]
    if not bold:
        yield Fault(file, body[left[-1]].spot.place, "cơ quan ban hành: chữ không đậm", "tên cơ quan ban hành đậm")
    for index in left:
        yield from (ISSUER_RULE if index in bold else PARENT_RULE).faults(file, body[index])
    if bold and not any(_line_below(body, index) or _tag_below(body, index) for index in bold):
        yield Fault(
            file, body[bold[-1]].spot.place, "không có đường kẻ dưới cơ quan ban hành", "đường kẻ bằng 1/3–1/2 dòng chữ"
        )


def _shown(line: Line) -> bool:
    """Say whether a line prints something: not empty, and more than a tag that leaves no trace."""
    return bool(line.text) and not re.fullmatch(r"\{%.*%\}", line.text)


def _line_below(body: list[Line], index: int) -> bool:
    """Say whether a line is drawn under a paragraph: its own lower border, a bordered paragraph or a drawing next."""
    return any(_ruled(line) for line in body[index : index + 2])


def _tag_below(body: list[Line], index: int) -> bool:
    following = [line for line in body[index + 1 : index + 4] if not re.fullmatch(r"\{%.*%\}", line.text)]
    return bool(following) and _ruled(following[0])


def _ruled(line: Line) -> bool:
    paragraph = line.spot.paragraph
    border = paragraph.find(f"{W}pPr/{W}pBdr/{W}bottom")
    if border is not None and border.get(W + "val") not in (None, "nil", "none"):
        return True
    return any(node.tag in (W + "drawing", W + "pict") for node in paragraph.iter())


def _number(file: str, body: list[Line]) -> Iterator[Fault]:
    numbers = [line for line in body if line.text.startswith("Số:")]
    if not numbers and not _went_by_mail(body):
        yield Fault(file, "thân văn bản", "không có dòng “Số:”", "Số: …/ký hiệu")
    for line in numbers[:1]:
        yield from NUMBER_RULE.faults(file, line)
        if "{{" not in line.text and not NUMBER.match(line.text):
            yield Fault(
                file,
                line.spot.place,
                f"“{line.text}”",
                "Số: 05/PCBK-P9 (số dưới 10 có số 0, không khoảng trắng trong ký hiệu)",
            )
    dates = [line for line in body if "place_date" in line.text or re.search(r", ngày .* tháng .* năm ", line.text)]
    heads = [line for line in dates if line.look.align == "center" or (line.runs and line.runs[0].italic)]
    if not heads:
        yield Fault(file, "thân văn bản", "không có địa danh, ngày tháng", "Thái Nguyên, ngày 05 tháng 10 năm 2026")
    for line in heads[:1]:
        yield from DATE_RULE.faults(file, line)
        if "{{" not in line.text and not PLACE_DATE.match(line.text):
            yield Fault(file, line.spot.place, f"“{line.text}”", "số 0 trước ngày dưới 10 và trước tháng 1, 2")


def _went_by_mail(body: list[Line]) -> bool:
    """Say whether a finished letter may be without its number: mailed in the desk's name, signed by no leader."""
    template = any("{{" in line.text or "{%" in line.text for line in body)
    right = _beside_copies(body)
    return not template and bool(right) and not any(_RANK.search(line.text) for line in right)


def _about(file: str, body: list[Line]) -> Iterator[Fault]:
    about = [line for line in body if line.text.startswith("V/v")]
    types = [line for line in body if _TYPES.match(line.text)]
    if bool(about) == bool(types):
        found = "có cả V/v và tên loại" if about else "không có V/v cũng không có tên loại"
        yield Fault(file, "thân văn bản", found, "công văn có V/v; văn bản khác có tên loại")
    for line in about[:1]:
        yield from ABOUT_RULE.faults(file, line)
    for line in types[:1]:
        yield from TYPE_RULE.faults(file, line)


def _addressees(file: str, body: list[Line]) -> Iterator[Fault]:
    heads = [line for line in body if line.spot.cell is None and line.text.startswith("Kính gửi")]
    for line in heads:
        yield from TO_RULE.faults(file, line)
        if not line.text.startswith("Kính gửi:"):
            yield Fault(file, line.spot.place, f"“{line.text[:40]}”", "Kính gửi: (có dấu hai chấm)")


def _running_text(file: str, body: list[Line]) -> Iterator[Fault]:
    """Check the paragraphs of the body: those outside tables that run on, and the mark that ends it."""
    subject = _subjects(body)
    text = [
        line
        for line in body
        if line.spot.cell is None and len(line.text) > _LONG and not re.match(r"\{%", line.text) and line not in subject
    ]
    for line in text:
        yield from BODY_RULE.faults(file, line)
        yield from _paragraph_faults(file, line)
    if not any(line.text.endswith("./.") for line in body):
        yield Fault(file, "thân văn bản", "nội dung không kết thúc bằng “./.”", "./. ở cuối nội dung")


def _subjects(body: list[Line]) -> list[Line]:
    """The subject below the type of a document: bold and centred however long it is, no running text."""
    below = [after for line, after in itertools.pairwise(body) if _TYPES.match(line.text)]
    return [line for line in below if line.look.align == "center" and line.runs and line.runs[0].bold]


def _paragraph_faults(file: str, line: Line) -> Iterator[Fault]:
    look = line.look
    said = f"“{line.text[:40]}”"
    if not any(abs(look.first - wanted) <= _SLACK for wanted in (10, 12.7)):
        yield Fault(file, line.spot.place, f"thụt đầu dòng {look.first:.1f} mm: {said}", "1 cm hoặc 1,27 cm")
    if look.before + look.after < 6:
        yield Fault(file, line.spot.place, f"cách đoạn {look.before + look.after:g} pt: {said}", "ít nhất 6 pt")
    if look.line is not None and not 0.99 <= look.line <= 1.51:
        yield Fault(file, line.spot.place, f"cách dòng {look.line:g}: {said}", "từ đơn đến 1,5 dòng")


def _copies(file: str, body: list[Line]) -> Iterator[Fault]:
    at = next((index for index, line in enumerate(body) if line.text.startswith("Nơi nhận")), None)
    if at is None:
        yield Fault(file, "thân văn bản", "không có “Nơi nhận:”", "Nơi nhận: và các dòng gạch đầu dòng")
        return
    yield from COPIES_RULE.faults(file, body[at])
    listed = [line for line in body[at + 1 :] if line.spot.cell is body[at].spot.cell and _shown(line)]
    for line in listed:
        yield from COPY_RULE.faults(file, line)
    if listed and "{{" not in listed[-1].text and not re.match(r"- Lưu: .*\.$", listed[-1].text):
        yield Fault(file, listed[-1].spot.place, f"dòng cuối Nơi nhận là “{listed[-1].text[:40]}”", "- Lưu: VT, P9.")


def _signer(file: str, body: list[Line]) -> Iterator[Fault]:
    """Check the authority lines beside "Nơi nhận"."""
    copies = _copies_head(body)
    if copies is None or copies.spot.row is None:
        return
    right = _beside_copies(body)
    if not right:
        yield Fault(file, copies.spot.place, "không có phần ký bên phải Nơi nhận", "quyền hạn, chức vụ, họ tên")
    for line in right:
        yield from SIGNER_RULE.faults(file, line)


def _copies_head(body: list[Line]) -> Line | None:
    return next((line for line in body if line.text.startswith("Nơi nhận")), None)


def _beside_copies(body: list[Line]) -> list[Line]:
    """The lines on the right of "Nơi nhận": who signs."""
    copies = _copies_head(body)
    if copies is None or copies.spot.row is None:
        return []
    row, cell = copies.spot.row, copies.spot.cell
    return [line for line in body if line.spot.row is row and line.spot.cell is not cell and _shown(line)]


FORM_PAGE = (
    ("khổ giấy, chiều rộng", "pgSz", "w", 210, 210),
    ("khổ giấy, chiều cao", "pgSz", "h", 297, 297),
)
FORM_BLOCK: tuple[tuple[str, Callable[[Line], bool]], ...] = (
    ("Mã số:", lambda line: line.text.startswith("Mã số:")),
    ("Lần ban hành:", lambda line: line.text.startswith("Lần ban hành:")),
    ("Ngày:", lambda line: line.text.startswith("Ngày:")),
    ("Trang: x/y (trường PAGE)", lambda line: line.text.startswith("Trang:") and _has_page(line)),
)


def form_faults(file: str, package: Package) -> list[Fault]:
    """Return what a process form lacks: A4, the font, the procedure's ISO block with page fields."""
    lines = lines_of(package)
    found = [*page_faults(file, package, FORM_PAGE)]
    for line in lines:
        if any(run.font != FONT for run in line.runs):
            found.append(Fault(file, line.spot.place, f"phông khác: “{line.text[:40]}”", FONT))
    for name, is_it in FORM_BLOCK:
        if not any(is_it(line) for line in lines):
            found.append(
                Fault(
                    file,
                    "đầu trang",
                    f"khung quy trình thiếu “{name}”",
                    "logo, tên phiếu, Mã số, Lần ban hành, Ngày, Trang x/y",
                )
            )
    return found
