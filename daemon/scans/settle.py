"""What was seen on the pages of a file to its documents: votes weighed, letters understood, pages put together."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from daemon.desk.form import DocumentKind, FieldKind, FieldReading, ScannedDocument, Standing, Vote
from daemon.desk.text import fold, squeeze
from daemon.scans import fields
from daemon.scans.raw import SeenLine, SeenPage
from daemon.scans.recognise import ASTER, PADDLE, TESSERACT
from daemon.scans.vote import Rules, decide

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
_EXACT_KINDS = {
    "customer_code": FieldKind.CODE,
    "phone": FieldKind.PHONE,
    "meter": FieldKind.METER,
    "date": FieldKind.DATE,
    "email": FieldKind.EMAIL,
}
_LETTERHEAD = ("cong hoa xa hoi chu nghia viet nam", "kinh gui", "don de nghi", "giay de nghi", "don kien nghi")
_WORDS_WANTED = 8


@dataclass(frozen=True, slots=True)
class Meaning:
    """What settling needs: the rules of the vote, and ``read_text`` from a letter's text to field values.

    ``read_text`` answers for fields of ``LETTER_FIELDS``; a field left out or None is one the text does not tell.
    """

    rules: Rules = field(default_factory=Rules)
    read_text: Callable[[str], Mapping[str, str | None]] = lambda text: {}


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
    readings = [*(decide(cell, meaning.rules, page.sure) for cell in page.cells), *page.boxes]
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


def _form_text(page: SeenPage, readings: Sequence[FieldReading]) -> str:
    values = {r.field: r.value for r in readings}
    return "\n".join(f"{cell.label}: {values[cell.field]}" for cell in page.cells if values[cell.field])


def _begins_letter(page: SeenPage) -> bool:
    head = fold(" ".join(best_text(line) for line in page.lines[:8]))
    return any(fuzz.partial_ratio(mark, head) > 85 for mark in _LETTERHEAD)


def best_text(line: SeenLine) -> str:
    """Return a line's text: Tesseract's where it is sure, else AsterOCR's where that is surer."""
    by = {vote.engine: vote for vote in line.votes}
    tesseract, aster, paddle = by.get(TESSERACT), by.get(ASTER), by.get(PADDLE)
    if tesseract and (tesseract.confidence >= 0.8 or not aster or aster.confidence < tesseract.confidence):
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
    values = meaning.read_text(text)
    lines = [line for page in pages for line in page.lines]
    found = tuple(_letter_field(name, values.get(name), lines, first.picture, meaning.rules) for name in LETTER_FIELDS)
    return ScannedDocument(first.page, DocumentKind.LETTER, found, text, len(pages), notes=first.notes)


def _letter_field(
    name: str, value: str | None, lines: Sequence[SeenLine], picture: str | None, rules: Rules
) -> FieldReading:
    """Return one field of a letter, believed where two engines read its words alike on the lines it stands on."""
    if name in ("category", "wanted_reply"):
        reason = "" if value else "thư không nói rõ"
        standing = Standing.CHECK if reason else Standing.ACCEPTED
        return FieldReading(name, value, standing, 0.7 if value else 0.0, reason, crop=picture)
    if not value:
        required = name in ("name", "address", "content", "phone", "customer_code", "date")
        standing = Standing.CHECK if required else Standing.ACCEPTED
        return FieldReading(name, None, standing, 0.0, "thư không ghi" if required else "", crop=picture)
    votes = _witnesses(name, value, lines, rules)
    confidence = max((vote.confidence for vote in votes), default=0.0)
    reason = "" if len(votes) >= 2 or name == "content" else "chỉ một bộ đọc đọc được như vậy"
    standing = Standing.CHECK if reason else Standing.ACCEPTED
    return FieldReading(name, value, standing, round(confidence, 4), reason, votes, picture)


def _witnesses(name: str, value: str, lines: Sequence[SeenLine], rules: Rules) -> tuple[Vote, ...]:
    """Return one vote for each engine whose lines hold the value."""
    found = []
    for engine in (TESSERACT, ASTER, PADDLE):
        texts = [(vote.text, vote.confidence) for line in lines for vote in line.votes if vote.engine == engine]
        for start in range(len(texts)):
            joined = " ".join(text for text, _ in texts[start : start + 2])
            if holds(name, value, joined, rules):
                found.append(Vote(engine, value, min(sure for _, sure in texts[start : start + 1])))
                break
    return tuple(found)


def holds(name: str, value: str, text: str, rules: Rules) -> bool:
    """Say whether a line of an engine holds a value, by the rules of its kind."""
    if name in ("phone", "meter"):
        wanted = re.sub(r"\D", "", value)
        return wanted in {re.sub(r"\D", "", run) for run in _runs(text)} or wanted in re.sub(r"[\s.\-]", "", text)
    if name == "customer_code":
        flat = squeeze(text).upper().replace(" ", "").replace(".", "")
        return value in flat or any(fields.code(word, rules.code) == value for word in re.findall(r"[\w.]{9,24}", text))
    if name == "date":
        return fields.date(text) == value or value in text
    if name == "email":
        return any(fields.email(word) == value for word in text.split())
    return squeeze(value).lower().strip(" .,") in squeeze(text).lower()


def _runs(text: str) -> list[str]:
    return re.findall(r"\d[\d .\-]{4,}\d", text)
