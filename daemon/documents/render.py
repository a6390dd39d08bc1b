"""From a template and values to a finished Word document. Decides nothing about what the letter says.

A template is compiled once (docxtpl prepares it, Jinja compiles it) and every document then costs a fraction of a
millisecond to a few; what the compiled path does not support (tags in footnotes or properties, docxtpl's objects) goes
through docxtpl itself. Both paths end in the same checks: strict XML, every printed value found again in the text.
"""

import contextlib
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError
from lxml import etree

from daemon.desk.trouble import Refused, TryLater
from daemon.documents import qr as qr_code
from daemon.documents.chart import Chart, chart_parts
from daemon.documents.engine import COMPILED, PRINTED, Engine, NotPlain, engine
from daemon.documents.package import Package
from daemon.documents.proof import demand, parse_strict
from daemon.documents.slots import ChartSlot, chart_slots, qr_pictures
from daemon.documents.tags import tag_faults
from daemon.documents.unbroken import number_of, unbroken

LIMIT = 32_000_000  # characters of one part: about 15,000 rows of a table
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PARAGRAPH = re.compile(r"<w:p([ >])")
_ALIVE = re.compile(r"[{\n\t]")  # a head or foot without any of these comes out as it went in
_LISTING = re.compile(r"[\n\t]")
_OTHER_TAGS = re.compile(r"(docProps/core|footnotes|endnotes)\.xml$")
_TEXT_PARTS = re.compile(r"^word/(document|header\d*|footer\d*|footnotes)\.xml$")
_DECLARATION = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


@dataclass(frozen=True, slots=True)
class _Part:
    """A compiled part: its name in the zip, its Jinja template, and for the body what stands around it."""

    name: str
    template: Template
    before: bytes = _DECLARATION
    after: bytes = b""
    body: bool = False


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A template ready for use. ``parts`` is None where only docxtpl itself can render it."""

    digest: str
    source: bytes
    package: Package
    parts: tuple[_Part, ...] | None
    pictures: frozenset[str]
    charts: Mapping[str, ChartSlot]


class Renderer:
    """Renders the templates of one folder; compiled templates are kept until their file changes."""

    def __init__(self, templates: Path) -> None:
        self.templates = templates
        self._engine: Engine = engine()
        self._compiled: dict[str, tuple[tuple[int, int], _Compiled]] = {}

    def render(
        self,
        template_name: str,
        values: Mapping[str, Any],
        qr: str | None = None,
        charts: Mapping[str, Chart] | None = None,
    ) -> bytes:
        """Return the finished .docx: the same input gives the same bytes.

        ``qr`` is put into the picture whose alternative text is ``QR``, ``charts`` into the charts whose alternative
        text is ``chart:<name>``. Raises Refused with the template's name and the table cell or paragraph where the
        template is broken or missing, asks for what is not offered, or a printed value did not reach the document.
        """
        compiled = self._of(template_name)
        if qr is not None and not compiled.pictures:
            raise Refused(
                f"Mẫu {template_name}: thiếu chỗ đặt mã QR. Hãy chèn một ảnh PNG và đặt chữ thay thế (Alt Text) là QR."
            )
        try:
            package, changed = self._rendered(template_name, compiled, values)
        except (TemplateError, RecursionError) as error:
            why = _faults(template_name, compiled.package, values)
            raise Refused(why or f"Mẫu {template_name}: {error}. Hãy chạy motcua check.") from error
        picture = qr_code.png(qr) if qr is not None else qr_code.blank()
        changed.update(dict.fromkeys(compiled.pictures, picture))
        changed.update(_chart_bytes(template_name, compiled, charts or {}))
        return package.write(changed)

    def _rendered(self, name: str, compiled: _Compiled, values: Mapping[str, Any]) -> tuple[Package, dict[str, bytes]]:
        if compiled.parts is not None:
            with contextlib.suppress(NotPlain):
                return compiled.package, {part.name: _render_part(name, part, values) for part in compiled.parts}
        return render_plain(name, compiled.source, values, self._engine), {}

    def _of(self, name: str) -> _Compiled:
        path = self.templates / name
        known = self._compiled.get(name)
        try:
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            if known and known[0] == stamp:
                return known[1]
            source = path.read_bytes()
        except FileNotFoundError as error:
            raise Refused(f"Mẫu {name}: không có trong thư mục {self.templates}. Hãy đặt lại tệp mẫu.") from error
        except OSError as error:
            raise TryLater(
                f"Mẫu {name}: chưa đọc được ({error.strerror}). Hãy đóng tệp nếu đang mở; chương trình sẽ thử lại."
            ) from error
        digest = hashlib.sha256(source).hexdigest()
        compiled = known[1] if known and known[1].digest == digest else self._compile(name, source, digest)
        self._compiled[name] = (stamp, compiled)
        return compiled

    def _compile(self, name: str, source: bytes, digest: str) -> _Compiled:
        try:
            package = Package.load(source)
            tpl = DocxTemplate(io.BytesIO(source))
            tpl.render_init()
        except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
            raise Refused(f"Mẫu {name}: không phải tệp Word (.docx) đọc được. Hãy lưu lại bằng Word.") from error
        try:
            parts = tuple(self._parts(tpl, package)) if _supported(package) else None
        except TemplateError as error:
            raise Refused(_faults(name, package, None) or f"Mẫu {name}: {error}") from error
        return _Compiled(digest, source, package, parts, qr_pictures(package), chart_slots(package))

    def _parts(self, tpl: DocxTemplate, package: Package) -> Iterator[_Part]:
        before, after = _around_body(tpl.docx._element)
        yield _Part(package.document(), self._template(tpl.patch_xml(tpl.get_xml())), before, after, body=True)
        for uri in (tpl.HEADER_URI, tpl.FOOTER_URI):
            for _, part in tpl.get_headers_footers(uri):
                xml = tpl.get_part_xml(part)
                if _ALIVE.search(xml):
                    yield _Part(str(part.partname).lstrip("/"), self._template(tpl.patch_xml(xml)))

    def _template(self, xml: str) -> Template:
        return self._engine.from_string(_PARAGRAPH.sub(r"\n<w:p\1", xml))


def render_plain(name: str, source: bytes, values: Mapping[str, Any], environment: Engine) -> Package:
    """Render through docxtpl itself, with the same checks. Raises TemplateError, Refused."""
    printed: list[str] = []
    tpl = DocxTemplate(io.BytesIO(source))
    tpl.render({**values, PRINTED: printed}, environment, autoescape=True)
    stream = io.BytesIO()
    tpl.save(stream)
    package = Package.load(stream.getvalue())
    whole = etree.Element("all")
    whole.extend(parse_strict(name, package.read(part)) for part in package.names() if _TEXT_PARTS.match(part))
    demand(name, whole, printed)
    return package


def _render_part(name: str, part: _Part, values: Mapping[str, Any]) -> bytes:
    printed: list[str] = []
    xml = _finished(name, part.template, {**values, PRINTED: printed, COMPILED: True})
    tree = parse_strict(name, xml)
    if not part.body:
        demand(name, tree, printed)
        return part.before + xml.encode()  # nothing in it is changed: it need not be written out again
    if _uneven(tree):
        tree = DocxTemplate.fix_tables(None, xml)
    for number, drawing in enumerate(tree.iter(_DOC_PR), start=1001):
        drawing.set("id", str(number))
    demand(name, tree, printed)
    whole: bytes = etree.tostring(tree, encoding="utf-8", xml_declaration=False)
    return part.before + whole + part.after


def _finished(name: str, template: Template, values: dict[str, Any]) -> str:
    """Render one part as docxtpl does, counting characters on the way."""
    pieces, size = [], 0
    for piece in template.root_render_func(template.new_context(values)):
        size += len(piece)
        if size > LIMIT:
            raise Refused(f"Mẫu {name}: văn bản quá dài. Hãy xem lại vòng lặp trong mẫu hoặc chia nhỏ dữ liệu.")
        pieces.append(piece)
    xml = "".join(pieces).replace("\n<w:p ", "<w:p ").replace("\n<w:p>", "<w:p>")
    if "_{" in xml or "_}" in xml or "_%" in xml:
        for tag, brace in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
            xml = xml.replace(tag, brace)
    if _LISTING.search(xml):
        xml = DocxTemplate.resolve_listing(None, xml)
    return unbroken(xml, number_of(values))


def _uneven(tree: Any) -> bool:
    """Say whether docxtpl would mend the columns of a table."""
    for table in tree.iter(W + "tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        rows = [row.findall(W + "tc") for row in table.iter(W + "tr")]
        longest = max(map(len, rows), default=0)
        if longest > columns:
            return True
        if longest < columns and max((sum(map(_width, cells)) for cells in rows), default=0) < columns:
            return True
    return False


def _width(cell: Any) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else int(span.get(W + "val"))


def _around_body(root: Any) -> tuple[bytes, bytes]:
    """Return the main part's bytes before and after its body."""
    shell = etree.fromstring(etree.tostring(root))
    body = shell.find(W + "body")
    body.clear()
    before, after = etree.tostring(shell, encoding="unicode").split("<w:body/>")
    return _DECLARATION + before.encode(), after.encode()


def _supported(package: Package) -> bool:
    """Say whether the compiled path gives what docxtpl gives: no tags in properties or footnotes."""
    others = [name for name in package.names() if _OTHER_TAGS.search(name)]
    return not any(re.search(rb"\{[{%#]", package.read(name)) for name in others)


def _faults(name: str, package: Package, values: Mapping[str, Any] | None) -> str:
    faults = tag_faults(name, package, values)
    lines = "; ".join(f"{fault.place}: {fault.found} (cần: {fault.wanted})" for fault in faults[:5])
    return f"Mẫu {name} bị lỗi. {lines}. Hãy sửa mẫu trong Word." if lines else ""


def _chart_bytes(name: str, compiled: _Compiled, charts: Mapping[str, Chart]) -> dict[str, bytes]:
    changed: dict[str, bytes] = {}
    for key, slot in compiled.charts.items():
        if key not in charts:
            raise Refused(f"Mẫu {name}: không có số liệu cho biểu đồ {key}. Hãy bỏ biểu đồ này khỏi mẫu.")
        drawing, workbook = chart_parts(charts[key], slot.link)
        changed[slot.part] = drawing
        if slot.workbook:
            changed[slot.workbook] = workbook
    return changed
