"""What a unit newly wrote in a mail, apart from what it answers to. Pure; bounded by the lines looked at.

The surest cut is our own request, since we sent it; then the client's containers and marks; then the shapes of
``history``. Nothing is thrown away: the rest is returned as ``quoted``.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from daemon.desk.message import Attachment, Message
from daemon.reading import history, html, signature
from daemon.reading.history import Ours
from daemon.reading.lines import Line, flat, marked, plain, unmarked
from daemon.reading.signoff import is_closing, is_sign

Posting = Literal["top", "bottom", "inline"]


@dataclass(frozen=True, slots=True)
class Reply:
    """The new text of a mail: greeting kept, closing and signature gone; ``quoted`` is the mail answered to.

    ``attachments`` are the real ones. ``bounded`` says that a boundary between old and new was seen, ``confidence``
    (0 to 1) how sure the text is complete and free of history.
    """

    text: str
    quoted: str
    posting: Posting | None
    attachments: tuple[Attachment, ...]
    bounded: bool = False
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class _Cut:
    new: tuple[Line, ...]
    quoted: tuple[Line, ...]
    posting: Posting | None
    bounded: bool
    leaks: bool

    @property
    def text(self) -> str:
        return _text(self.new)


_VALUE = re.compile(r"^[=≥]?\s?[\d.,]+\s?(\D{0,12})")
_INTRODUCES = re.compile(r"(da viet|viet|wrote|writes|da ghi|---) ?:?[-* ]*$")
_POINTS_BELOW = re.compile(
    r"(ben duoi|duoi day|phia duoi|trong thu|ngay duoi|tung y|tung muc|inline|below|chu do|mau do|mau xanh|chu xanh|chu nghieng|in dam|noi dung goc)"
)


def read_reply(message: Message, sent_text: str | None) -> Reply:
    """Return what is new in a mail; ``sent_text`` is the body of our request, None where it is not known."""
    ours = Ours(sent_text, message.from_name)
    cuts = []
    if message.html:
        cuts.append(_cut(html.lines(message.html), ours))
    if message.text:
        cuts.append(_cut(plain(message.text), ours))
    best = _best(cuts)
    return Reply(
        best.text,
        _text(best.quoted),
        best.posting,
        tuple(item for item in message.attachments if not item.inline),
        best.bounded,
        _confidence(best, cuts),
    )


def _best(cuts: list[_Cut]) -> _Cut:
    """HTML first unless it lost the text, let history through, or saw no boundary where the plain body did."""
    if not cuts:
        return _Cut((), (), None, False, False)
    return max(cuts, key=lambda cut: (not cut.leaks, bool(cut.new), cut.bounded))


def _confidence(best: _Cut, cuts: list[_Cut]) -> float:
    if not best.new or best.leaks:
        return 0.4
    if best.posting == "inline":
        return 0.7
    agreed = all(cut is best or flat(cut.text) == flat(best.text) for cut in cuts)
    return 0.95 if agreed else 0.8


def _text(lines: Sequence[Line]) -> str:
    out: list[str] = []
    for line in lines:
        if line.text or (out and out[-1]):
            out.append(line.text)
    return "\n".join(out).strip()


def _cut(lines: list[Line], ours: Ours) -> _Cut:
    """Part one body into new and old."""
    lines = _own_marks([marked(line) for line in lines], ours)
    begin = history.start(lines, ours)
    top = signature.strip(_without_lead(lines[:begin]))
    if begin == len(lines):
        return _Cut(tuple(top), (), "top" if top else None, False, _leaks(top, ours))
    below, inline = _below(lines, begin, ours)
    if not top and not below and any(line.history for line in lines):
        # Some clients put the answer between quotations into the container of the quotation.
        below, inline = _below([dataclasses.replace(line, history=False) for line in lines], begin, ours)
    if top and below and not _adds(top, below, lines, begin):
        below = []
    new = [*top, *([Line("")] if top and below else []), *below]
    posting: Posting | None = "inline" if below and (inline or top) else "bottom" if below else "top" if top else None
    return _Cut(tuple(new), tuple(lines[begin:]), posting, True, _leaks(new, ours))


def _leaks(new: Sequence[Line], ours: Ours) -> bool:
    return sum(ours.holds(line.text, 30) for line in new) >= 2


def _adds(top: Sequence[Line], below: Sequence[Line], lines: Sequence[Line], begin: int) -> bool:
    """With text on top, text below counts between quoted lines, or where the top points to it."""
    if any(_POINTS_BELOW.search(flat(line.text)) for line in top):
        return True
    return bool(lines[begin].depth or any(line.depth for line in lines[begin : begin + 6])) and len(below) > 0


def _without_lead(lines: list[Line]) -> list[Line]:
    """Take off rules that belong to the history below."""
    return signature.trim(lines)


def _own_marks(lines: list[Line], ours: Ours) -> list[Line]:
    """Give lines their ``>`` back that are no quotation: measured values, or ``>`` used as a bullet."""
    result = list(lines)
    start = 0
    while start < len(lines):
        if not (lines[start].depth and lines[start].raw):
            start += 1
            continue
        end = start
        while end < len(lines) and lines[end].depth and lines[end].raw:
            end += 1
        if _is_own(lines, start, end, ours):
            result[start:end] = [unmarked(line) for line in lines[start:end]]
        start = end
    return result


def _is_own(lines: list[Line], start: int, end: int, ours: Ours) -> bool:
    run = [line for line in lines[start:end] if line.text]
    if not run or any(ours.holds(line.text, 8) or line.depth > 1 or history.is_marker(line) for line in run):
        return False
    above = [line for line in lines[max(0, start - 3) : start] if line.text]
    if above and _INTRODUCES.search(flat(above[-1].text)) and (not ours.key or re.search(r"[@\d]", above[-1].text)):
        return False
    if all(_VALUE.match(line.text) for line in run):
        return True
    return bool(ours.key) and len(run) <= 5 and not _looks_like_mail(run)


def _looks_like_mail(run: list[Line]) -> bool:
    """A quotation of somebody's mail: greeting, header fields, or wrapped prose."""
    first = flat(run[0].text)
    return (
        first.startswith(("kinh gui", "dear", "from:", "tu:", "chao", "on ", "vao "))
        or any(len(line.text) > 66 for line in run)
        or any(history.header_block(run, number) for number in range(len(run)))
    )


def _below(lines: list[Line], begin: int, ours: Ours) -> tuple[list[Line], bool]:
    """Return what is new among and after the quoted lines, and whether more quotation follows it."""
    marked_quotes = any(line.depth for line in lines[begin:])
    segments = _between_marks(lines, begin, ours) if marked_quotes else _between_ours(lines, begin, ours)
    kept = [(number, signature.strip(segment)) for number, segment in segments if not signature.is_footer(segment)]
    kept = [(number, segment) for number, segment in kept if segment and not _only_signature(segment)]
    if not kept:
        return [], False
    last = kept[-1][0]
    inline = (
        any((line.depth or ours.holds(line.text)) and line.text for line in lines[last + len(kept[-1][1]) + 1 :])
        or len(kept) > 1
    )
    new: list[Line] = []
    for _number, segment in kept:
        new.extend(segment)
    return new, inline


def _only_signature(segment: Sequence[Line]) -> bool:
    """Left over under the quotation: a name, a unit, a closing word, never an answer."""
    return all(not line.text or is_closing(line.text) or is_sign(line.text) for line in segment)


def _between_marks(lines: list[Line], begin: int, ours: Ours) -> list[tuple[int, list[Line]]]:
    """Unquoted runs between quoted ones, up to where an older mail without marks begins."""
    segments: list[tuple[int, list[Line]]] = []
    current: list[Line] = []
    index = begin
    while index < len(lines):
        line = lines[index]
        if line.depth or line.history or _is_remnant(lines, index, ours):
            if line.text and current:
                segments.append((index - len(current), current))
                current = []
            index += 1
            continue
        skipped = history.attribution(lines, index, ours) if line.text else 0
        if line.text and not skipped and index > begin and _older(lines, index):
            break
        if skipped or (line.text and (history.is_marker(line) or history.is_separator(lines, index))):
            index += max(1, skipped)
            while not skipped and index < len(lines) and history.is_field(lines[index]):
                index += 1  # right below a separator a header of one line is no block, but no answer either
            continue
        block = history.header_block(lines, index) if line.text else 0
        if block:
            index += block
            continue
        current.append(line)
        index += 1
    if current:
        segments.append((len(lines) - len(current), current))
    return segments


def _older(lines: list[Line], index: int) -> bool:
    return history.header_block(lines, index) > 0 or history.is_separator(lines, index)


def _is_remnant(lines: list[Line], index: int, ours: Ours) -> bool:
    """The rest of a quoted line that a client wrapped and left without its mark, or our text without marks."""
    line = lines[index]
    if not line.text:
        return False
    if ours.holds(line.text):
        return True
    before = lines[index - 1] if index else None
    if before is None or not before.depth or len(before.raw) < 58:
        return False
    after = lines[index + 1] if index + 1 < len(lines) else None
    between = after is not None and after.depth > 0 and len(line.text) < 40 and line.text[0].islower()
    return between or ours.holds(line.text, 4)


def _between_ours(lines: list[Line], begin: int, ours: Ours) -> list[tuple[int, list[Line]]]:
    """Without marks: what stands among the lines of our own request and is none of them. Nothing where it is unknown."""
    first = _after_headers(lines, begin, ours)
    end = first
    while end < len(lines) and not (lines[end].text and _starts_older(lines, end, ours)):
        end += 1
    region = lines[first:end]
    if ours.share(region) < 0.5:
        return []
    last = max(number for number, line in enumerate(region) if ours.holds(line.text, 6))
    segments: list[tuple[int, list[Line]]] = []
    current: list[Line] = []
    for number, line in enumerate(region):
        mine = bool(line.text) and not ours.holds(line.text, 3) and not history.is_marker(line)
        if mine or (not line.text and current):
            current.append(line)
        elif current:
            segments.append((first + number - len(current), current))
            current = []
    if current and number > last:
        segments.append((end - len(current), current))
    return segments


def _after_headers(lines: list[Line], begin: int, ours: Ours) -> int:
    """The first line of the quoted body."""
    index = begin
    while index < len(lines):
        line = lines[index]
        if line.text and ours.holds(line.text, 8) and not history.header_block(lines, index):
            return index
        taken = max(history.header_block(lines, index), history.attribution(lines, index, ours)) if line.text else 0
        index += max(1, taken)
        if taken:
            return index
    return index


def _starts_older(lines: list[Line], index: int, ours: Ours) -> bool:
    return (
        history.header_block(lines, index) > 0
        or history.is_separator(lines, index)
        or history.attribution(lines, index, ours) > 0
    )
