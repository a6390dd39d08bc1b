"""Where the mail answered to begins: header blocks, separators, attribution lines, our own text. Line by line.

The shapes are those of facts, section 6. A writer's own ``Từ: 07h30`` / ``Đến: 11h30`` or ``đã viết phiếu công tác``
must not look like them: a block needs several fields, an attribution an address, a client's date, or quoted text below.
"""

import re
from collections.abc import Sequence

from daemon.reading.lines import Line, flat, letters

MARKER = "xin tra loi phia tren dong nay"

_FIELDS = {
    "from": "tu|from|nguoi gui|gui boi|gui tu",
    "sent": "da gui|sent|date|ngay|ngay gui|gui luc|thoi gian|gui|thoi gian gui|da gui luc|luc|sent at|sent on",
    "to": "toi|den|to|nguoi nhan|gui toi|gui den",
    "subject": "chu de|tieu de|subject|re|sub",
    "other": "cc|bcc|dong gui|ban sao|dong kinh gui|importance|muc do quan trong|quan trong|attachments?|tep dinh kem|"
    "dinh kem|reply-to|tra loi toi|priority|uu tien|sensitivity|nguoi nhan cc",
}
_FIELD = re.compile(
    r"^[*_ ]{0,4}(?:"
    + "|".join(f"(?P<{key}>{names})" for key, names in _FIELDS.items())
    + r")[*_ ]{0,4}:(?P<value>.*)$"
)
_SEPARATOR = re.compile(
    r"^[-_=*~–— ]{2,60}(original message|thu goc|tin nhan goc|tin goc|noi dung goc|email goc|thu ban dau|original appointment|"
    r"cuoc hen goc|forwarded message|thu da chuyen tiep|thu da duoc chuyen tiep|thu chuyen tiep|tin nhan chuyen tiep|"
    r"tin nhan da chuyen tiep|tin nhan da duoc chuyen tiep|email chuyen tiep|reply message|"
    r"(forwarded|chuyen tiep) (by|boi) .{1,80}) ?[-_=*~–— ]{2,60}$"
)
_BEGINS = re.compile(
    r"^(begin forwarded message|bat dau (thu|tin nhan|email) (da |duoc |da duoc )?chuyen tiep|"
    r"(thu|tin nhan) (da |duoc |da duoc )?chuyen tiep) ?:$"
)
_LINE_RULE = re.compile(r"^[_\-=*–—~]{5,200}$")
_WROTE = re.compile(r"(da viet|viet|wrote|writes|da tra loi|da ghi) ?:? ?[-*]{0,8}$")
_WROTE_SURE = re.compile(r"(da viet|wrote|writes) ?: ?$")
_DASHED = re.compile(r"^-{2,10} ?(vao|on|luc) .{5,400}(da viet|wrote) ?:? ?-{2,10}$")
_YEAR = re.compile(r"(?<!\d)(20\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
_OPENS = re.compile(
    r"^[*\"' ]{0,3}(vao|on|luc|ngay|thu|th [2-7]|chu nhat|cn|mon|tue|wed|thu|fri|sat|sun|t[2-7]|\d{1,4}[/. -])"
)
_OPENER = re.compile(r"^(vao|on|luc) ")
_GREETS = re.compile(r"[\W_]*k")  # how "Kính gửi" begins, whatever stands before it
_MOST_JOINED = 5
_MOST_FIELD_LINES = 16


class Ours:
    """The text of our own request, to recognise its lines wherever they stand, wrapped or marked."""

    def __init__(self, sent: str | None, sender: str | None = None) -> None:
        self.key = letters((sent or "")[:60_000])
        first = next((line for line in (sent or "").split("\n") if line.strip() and MARKER not in flat(line)), "")
        self.first = letters(first)
        # Nobody addresses oneself: such a greeting begins our request or a reminder of ours.
        greeted = {letters(line) for line in (sent or "").split("\n") if flat(line[:20]).startswith("kinh gui")}
        self.greetings = {one for one in greeted if len(one) > 8} | (
            {"kinhgui" + letters(sender)} if sender and len(sender) > 5 else set()
        )

    def holds(self, text: str, least: int = 12) -> bool:
        """Say whether a line stands in our request; lines of fewer than ``least`` letters never do."""
        if not self.key or len(text) > 4000:
            return False
        key = letters(text)
        return len(key) >= least and key in self.key

    def share(self, lines: Sequence[Line]) -> float:
        """Return how much of our request the lines hold, 0 to 1."""
        found = sum(len(letters(line.text)) for line in lines if self.holds(line.text, 6))
        return min(1.0, found / len(self.key)) if self.key else 0.0


def start(lines: Sequence[Line], ours: Ours) -> int:
    """Return the index of the first line that is history, or the number of lines."""
    return next((index for index in range(len(lines)) if begins(lines, index, ours)), len(lines))


def begins(lines: Sequence[Line], index: int, ours: Ours) -> bool:
    """Say whether history begins with this line."""
    line = lines[index]
    if line.history or line.depth:
        return True
    if not line.text:
        return False
    return (
        is_marker(line)
        or is_separator(lines, index)
        or header_block(lines, index) > 0
        or attribution(lines, index, ours) > 0
        or _our_run(lines, index, ours)
    )


def is_field(line: Line) -> bool:
    """Say whether the line alone could stand in the header block of a quoted mail."""
    return _kind(line) in ("from", "subject", "sent", "to")


def is_marker(line: Line) -> bool:
    """Say whether the line is our "reply above this line"."""
    return len(line.text) < 200 and MARKER in flat(line.text)


def is_separator(lines: Sequence[Line], index: int) -> bool:
    """Say whether the line separates the mail answered to; bare rules count only above a header block."""
    text = flat(lines[index].text) if len(lines[index].text) < 200 else ""
    if _SEPARATOR.match(text) or _BEGINS.match(text):
        return True
    if not (_LINE_RULE.match(text) or lines[index].rule):
        return False
    after = next((number for number in range(index + 1, min(index + 4, len(lines))) if lines[number].text), None)
    return after is not None and header_block(lines, after) > 0


def is_rule(line: Line) -> bool:
    """Say whether a line is only a drawn rule."""
    return line.rule or bool(_LINE_RULE.match(line.text.replace(" ", "")))


def header_block(lines: Sequence[Line], index: int) -> int:
    """Return how many lines a quoted header block of a mail takes from here on, 0 where there is none."""
    if not is_field(lines[index]):
        return 0
    seen: dict[str, str] = {}
    last, loose = index, 0
    for number in range(index, min(index + _MOST_FIELD_LINES, len(lines))):
        kind = _kind(lines[number])
        if kind:
            if kind != "other" and kind in seen:
                break
            seen.setdefault(kind, lines[number].text)
            last, loose = number, 0
        else:
            # A field may wrap; one blank may stand between fields, but nothing goes on after loose text and a blank.
            loose += 1
            if loose > 2 or (not lines[number].text and (loose > 1 or "subject" in seen)):
                break
    return last - index + 1 if _is_mail_header(seen) else 0


def _is_mail_header(seen: dict[str, str]) -> bool:
    if "from" not in seen:
        return False
    if "subject" in seen:
        return "sent" in seen or "to" in seen
    return "@" in seen["from"] and "sent" in seen and "to" in seen


def _kind(line: Line) -> str | None:
    if not line.text or ":" not in line.text[:40]:
        return None
    found = _FIELD.match(flat(line.text[:60]))
    return found.lastgroup if found and found.lastgroup != "value" else _named(found)


def _named(found: re.Match[str] | None) -> str | None:
    return next((key for key in _FIELDS if found[key] is not None), None) if found else None


def attribution(lines: Sequence[Line], index: int, ours: Ours) -> int:
    """Return how many lines a "… đã viết:" line takes from here on (it wraps anywhere), 0 where there is none."""
    if len(lines[index].text) > 500 or not _may_open(lines[index].text):
        return 0
    joined: list[str] = []
    for number in range(index, min(index + _MOST_JOINED, len(lines))):
        line = lines[number]
        if not line.text or line.depth != lines[index].depth or len(line.text) > 500:
            return 0
        joined.append(flat(line.text))
        whole = " ".join(joined)
        if _DASHED.match(whole):
            return number - index + 1
        if _WROTE.search(whole):
            found = _is_attribution(whole, lines, number, ours) and not _begins_later(joined)
            return len(joined) if found else 0
    return 0


def _begins_later(joined: Sequence[str]) -> bool:
    """The attribution proper begins on a later line: what stands above it is the writer's own."""
    later = (" ".join(joined[number:]) for number in range(1, len(joined)))
    return any(_OPENER.match(rest) and _YEAR.search(rest) for rest in later)


def _may_open(text: str) -> bool:
    return (
        "@" in text or bool(_OPENS.match(flat(text[:40]))) or text.rstrip(" *").endswith(":") or text.startswith("--")
    )


def _is_attribution(joined: str, lines: Sequence[Line], last: int, ours: Ours) -> bool:
    """An address and a date, or a client's date, or quoted text of a mail right below it."""
    dated = bool(_YEAR.search(joined) or " thg " in joined or " thang " in joined)
    timed = bool(_CLOCK.search(joined))
    if "@" in joined and (dated or timed):
        return True
    if not _WROTE_SURE.search(joined):
        return False
    below = next((line for line in lines[last + 1 : last + 5] if line.text), None)
    if below is None:
        return dated and timed
    if below.history or ours.holds(below.text) or is_marker(below):
        return True
    if below.depth > lines[last].depth:
        return dated or timed or not ours.key
    return dated and timed and not ours.key and bool(_OPENS.match(joined))


def _our_run(lines: Sequence[Line], index: int, ours: Ours) -> bool:
    """Our request quoted without any mark: its first line and two more, or half of it in a row."""
    greets = index and ours.greetings and _GREETS.match(flat(lines[index].text))
    if greets and letters(lines[index].text[:300]) in ours.greetings:
        return True
    if not ours.holds(lines[index].text):
        return False
    run = []
    for line in lines[index : index + 60]:
        if line.text and not ours.holds(line.text, 4):
            break
        if line.text:
            run.append(line)
    begins_it = bool(ours.first) and letters(run[0].text).startswith(ours.first[:40])
    return (begins_it and len(run) >= 3) or (len(run) >= 3 and ours.share(run) >= 0.5)
