"""What was seen on the pages of a file to its documents: votes weighed, letters understood, pages put together."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from daemon.desk.form import DocumentKind, FieldKind, FieldReading, ScannedDocument, Standing, Vote
from daemon.desk.text import fold
from daemon.scans import likely
from daemon.scans.engines import ASTER, PADDLE, TESSERACT
from daemon.scans.prose import paragraphs, told
from daemon.scans.raw import SeenLine, SeenPage
from daemon.scans.vote import EXACT, Rules, decide, settle_votes

LETTER_FIELDS = (
    "name",
    "customer_code",
    "phone",
    "address",
    "meter",
    "email",
    "date",
    "category",
    "content",
    "wanted_reply",
)
_CHOICES = ("category", "wanted_reply")
_REQUIRED = ("name", "customer_code", "phone", "address", "date", "content", "category")
_KINDS = {
    "name": FieldKind.NAME,
    "address": FieldKind.ADDRESS,
    "content": FieldKind.TEXT,
    "customer_code": FieldKind.CODE,
    "phone": FieldKind.PHONE,
    "meter": FieldKind.METER,
    "date": FieldKind.DATE,
    "email": FieldKind.EMAIL,
}
_NATION = "cong hoa xa hoi chu nghia viet nam"
_TITLES = ("kinh gui", "don de nghi", "giay de nghi", "don kien nghi", "don phan anh", "don khieu nai", "don trinh bay")
_WORDS_WANTED = 8


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text says: values by field name, and the fields of which its reader itself is unsure."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    check: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What settling needs: the rules of the vote, and ``read_text``, which tells what a letter's text says.

    ``read_text`` is asked for ``name``, ``customer_code``, ``phone``, ``address``, ``email``, ``category`` and
    ``wanted_reply``; the date at the foot, the meter and the matter are found here. It is called once per engine.
    """

    rules: Rules = field(default_factory=Rules)
    read_text: Callable[[str], Understood] = lambda text: Understood()


def settle(pages: Iterable[SeenPage], meaning: Meaning | None = None) -> tuple[ScannedDocument, ...]:
    """Return the documents of a file in page order.

    A form is a document of its own, so is a letter; a page of writing without a letterhead after a letter goes on with
    it. Pages of one returned paper are one document. Empty pages (backs of sheets) belong to nothing.
    """
    meaning = meaning or Meaning()
    documents: list[ScannedDocument] = []
    pending: list[SeenPage] = []
    for page in pages:
        if page.kind == "letter" and pending and not _begins_letter(page):
            pending.append(page)
            continue
        documents += _flush(pending, meaning)
        if page.kind == "letter":
            pending.append(page)
        elif page.kind == "form":
            documents.append(_form(page, meaning))
        elif page.kind == "returned":
            _put_returned(documents, page)
    documents += _flush(pending, meaning)
    return tuple(documents)


def _flush(pending: list[SeenPage], meaning: Meaning) -> list[ScannedDocument]:
    pages = pending.copy()
    pending.clear()
    return [_letter(pages, meaning)] if pages else []


def _put_returned(documents: list[ScannedDocument], page: SeenPage) -> None:
    last = documents[-1] if documents else None
    if last and (last.ticket, last.paper, last.round) == (page.ticket, page.paper, page.round):
        documents[-1] = replace(last, pages=last.pages + 1)
        return
    documents.append(
        ScannedDocument(page.page, DocumentKind.RETURNED, ticket=page.ticket, paper=page.paper, round=page.round)
    )


def _form(page: SeenPage, meaning: Meaning) -> ScannedDocument:
    readings = [*_cells(page, meaning.rules), *page.boxes]
    notes = list(page.notes)
    if all(cell.ink == "empty" for cell in page.cells) and all(r.value is None for r in page.boxes):
        readings = [replace(r, standing=Standing.CHECK, confidence=0.0, reason="phiếu trắng") for r in readings]
        notes.append("Phiếu chưa được điền.")
    return ScannedDocument(
        page.page,
        DocumentKind.FORM,
        tuple(readings),
        _form_text(page, readings),
        form_id=page.form_id,
        form_version=page.form_version,
        form_no=page.form_no,
        notes=tuple(notes),
    )


def _cells(page: SeenPage, rules: Rules) -> list[FieldReading]:
    """Return the readings of a form's cells; where the pen is hardly seen in one, an empty one may hold writing too."""
    readings = [decide(cell, rules, page.sure) for cell in page.cells]
    if not any(cell.ink == "doubt" for cell in page.cells):
        return readings
    return [
        replace(reading, standing=Standing.CHECK, reason=reading.reason or "nét trên phiếu rất mờ, ô này có thể có chữ")
        if cell.ink == "empty"
        else reading
        for cell, reading in zip(page.cells, readings, strict=True)
    ]


def _form_text(page: SeenPage, readings: Sequence[FieldReading]) -> str:
    values = {r.field: r.value for r in readings}
    return "\n".join(f"{cell.label}: {values[cell.field]}" for cell in page.cells if values[cell.field])


def _begins_letter(page: SeenPage) -> bool:
    lines = [fold(best_text(line)) for line in page.lines[:8]]
    # A title stands at the beginning of its line; "người đề nghị" at the letter's foot is none.
    titled = any(fuzz.ratio(title, line[: len(title)]) > 85 for title in _TITLES for line in lines)
    return titled or fuzz.partial_ratio(_NATION, " ".join(lines)) > 85


def best_text(line: SeenLine) -> str:
    """Return a line's text: Tesseract's where it is sure, else AsterOCR's where that is surer."""
    by = {vote.engine: vote for vote in line.votes}
    tesseract, aster, paddle = by.get(TESSERACT), by.get(ASTER), by.get(PADDLE)
    # Tesseract tells the mean of its words, AsterOCR its least certain letter: the latter's figure means more.
    if tesseract and (tesseract.confidence >= 0.9 or not aster or aster.confidence < tesseract.confidence - 0.1):
        return tesseract.text
    best = aster or tesseract or paddle
    return best.text if best else ""


def letter_text(pages: Sequence[SeenPage]) -> str:
    """Return the text of a letter, one line a line."""
    return "\n".join(best_text(line) for page in pages for line in page.lines)


def _letter(pages: Sequence[SeenPage], meaning: Meaning) -> ScannedDocument:
    text = letter_text(pages)
    first = pages[0]
    words = re.findall(r"[^\W\d_]{2,}", text)
    if len(words) < _WORDS_WANTED:
        readings = [FieldReading(f, None, Standing.CHECK, 0.0, "trang không có chữ đọc được") for f in LETTER_FIELDS]
        return ScannedDocument(first.page, DocumentKind.OTHER, tuple(readings), text, len(pages), notes=first.notes)
    lines = [line for page in pages for line in page.lines]
    versions = _versions(lines, meaning)
    found = tuple(_letter_field(name, versions, first.picture, meaning.rules) for name in LETTER_FIELDS)
    if sum(r.value is not None for r in found if r.field in ("name", "customer_code", "phone", "address")) < 2:
        # A sign, a leaflet, a bill: print that tells of no customer is nobody's request until a person says so.
        found = tuple(
            r if r.reason else replace(r, standing=Standing.CHECK, reason="trang không giống đơn thư") for r in found
        )
    return ScannedDocument(first.page, DocumentKind.LETTER, found, text, len(pages), notes=first.notes)


@dataclass(frozen=True, slots=True)
class _Version:
    """A letter as one engine read it: its values, and how sure the engine was on the whole."""

    engine: str
    values: Mapping[str, str | None]
    check: frozenset[str]
    confidence: float
    signed: str | None = None


def _versions(lines: Sequence[SeenLine], meaning: Meaning) -> tuple[_Version, ...]:
    """Return the letter in its best reading (engine ``best``), then as each engine alone read it."""
    found = [_version("best", lines, [best_text(line) for line in lines], meaning)]
    for engine in (TESSERACT, ASTER, PADDLE):
        if not any(vote.engine == engine for line in lines for vote in line.votes):
            continue
        texts = []
        for line in lines:
            mine = next((vote.text for vote in line.votes if vote.engine == engine), None)
            # No engine is asked for formulas, PP-OCRv6 for a few lines only; the others are needed to make sense of them.
            texts.append(mine if mine is not None else best_text(line))
        found.append(_version(engine, lines, texts, meaning))
    return tuple(found)


def _version(engine: str, lines: Sequence[SeenLine], texts: Sequence[str], meaning: Meaning) -> _Version:
    written = paragraphs(lines, texts)
    understood = meaning.read_text("\n".join(written))
    shape = told(written)
    values = {name: understood.values.get(name) or shape.get(name) for name in LETTER_FIELDS}
    if values["name"] and values["name"] in written and values["name"].isupper() and shape["name"]:
        # A misread title such as GIẦY ĐỂ NGHỊ stands alone on its line; the signature tells better.
        values["name"] = shape["name"]
    sure = [vote.confidence for line in lines for vote in line.votes if vote.engine == engine]
    return _Version(engine, values, understood.check, sum(sure) / len(sure) if sure else 0.0, shape["name"])


def _named(value: str, reason: str, versions: Sequence[_Version]) -> tuple[str, str]:
    """Return the writer's name and the reason to look at it: the name stands twice in a letter."""
    paddle = next((v.values["name"] for v in versions if v.engine == PADDLE), None)
    signed = versions[0].signed
    if not reason and not likely.known_name(value):
        reason = "có tiếng ít gặp trong tên người"
    if not reason and signed and signed != value and fuzz.ratio(fold(signed), fold(value)) > 60:
        reason = f"dưới chữ ký đọc là {signed}"
    return (likely.name(value, paddle or "") if reason else value), reason


def _letter_field(name: str, versions: Sequence[_Version], picture: str | None, rules: Rules) -> FieldReading:
    """Return one field of a letter, believed where two engines' own texts give the same value."""
    best = versions[0]
    votes = tuple(
        Vote(v.engine, str(v.values[name]), v.confidence)
        for v in versions[1:]
        if v.values[name] and not (v.engine == PADDLE and _KINDS.get(name) not in EXACT)
    )
    if name in _CHOICES:
        value, reason = best.values[name], "" if best.values[name] else "thư không nói rõ"
        if value and (name in best.check or any(vote.text != value for vote in votes if vote.engine == TESSERACT)):
            reason = "chưa chắc, hãy đọc lại thư"
    else:
        value, reason = settle_votes(_KINDS[name], best.values[name], votes, rules)
        if name == "name" and value:
            value, reason = _named(value, reason, versions)
    if value is None and not reason and name in _REQUIRED:
        reason = "thư không ghi"
    standing = Standing.CHECK if reason else Standing.ACCEPTED
    confidence = 0.0 if value is None else 0.6 if reason else 0.95
    return FieldReading(name, value, standing, confidence, reason, votes, picture)
