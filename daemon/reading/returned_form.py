"""Our own request form that a unit filled in as a Word file and sent back: what stands in the unit's part of it.

Knows the part by its heading and the lines that end it; what is printed there and left blank is no answer. A form that
was filled in by hand and scanned is a picture: it is read nowhere here.
"""

import re

from daemon.reading.lines import flat

_PART = re.compile(r"^phan tra loi cua (don vi|phong|ca nhan|dien luc)\b")
_END = re.compile(
    r"^(ngay[ .…\d]{1,14}thang[ .…\d]{1,14}nam[ .…\d]{0,10}|dai dien don vi|phong dieu do|nguoi tra loi|\(?ky, ghi ro ho ten\)?)"
    r"(?P<rest>.*)$"
)
_BLANK = re.compile(r"[.…_]{3,}|\t+\s*\.?")
_TICKED = "☒☑✓✔✗✘🗹■◼⬛☓"
_EMPTY = "☐□▢◻⬜"
_TYPED = re.compile(r"^\s*(?:\[\s*[xXvV✓]\s*\]|\(\s*[xXvV✓]\s*\)|[xXvV✓](?=\s))\s*")
_TYPED_EMPTY = re.compile(r"^\s*(?:\[\s*\]|\(\s*\))\s*")
_ANSWERED = re.compile(r":\s*\S{2}")
_BOX = re.compile(rf"[{_TICKED}{_EMPTY}]")


def unit_part(text: str) -> str | None:
    """Return what a unit wrote into the form, a line each, empty where it is blank; None where the text is no such form."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if _PART.match(flat(line))), None)
    if start is None:
        return None
    written = []
    for line in lines[start + 1 :]:
        if _is_end(line):
            break
        if words := _written(line):
            written.append(words)
    return "\n".join(written)


def _is_end(line: str) -> bool:
    """Say whether date or signature begin; a line that goes on in words (``Ngày 5 … đã thay sứ``) was written by the unit."""
    found = _END.match(flat(line))
    if found is None:
        return False
    rest = found["rest"].strip()
    return not rest or rest[0] in "(:" or " ".join(line.split()[-len(rest.split()) :]).isupper()


def _written(line: str) -> str:
    """What was written on one printed line: its ticked choices, or the words in place of its dots."""
    if typed := _TYPED.match(line):
        return _filled(line[typed.end() :], ticked=True)
    if empty := _TYPED_EMPTY.match(line):
        return _filled(line[empty.end() :], ticked=False)
    boxes = list(_BOX.finditer(line))
    if not boxes:
        return _filled(line, ticked=False)
    label = line[: boxes[0].start()].strip()
    ends = [*(box.start() for box in boxes[1:]), len(line)]
    choices = [_choice(line[box.end() : end], box[0] in _TICKED) for box, end in zip(boxes, ends, strict=True)]
    chosen = "; ".join(choice for choice in choices if choice)
    return f"{label} {chosen}".strip() if chosen else ""


def _choice(text: str, ticked: bool) -> str:
    """A choice counts when it is ticked, or when all its blanks were filled in though nobody ticked it."""
    by_hand = not _BLANK.search(text) and _ANSWERED.search(text)
    return _filled(text, ticked) if ticked or by_hand else ""


def _filled(text: str, ticked: bool) -> str:
    """The text without the dots that are left; empty where only what was printed is left, unless it was ticked."""
    if not _BLANK.search(text):
        return text.strip()
    bare = " ".join(_BLANK.sub(" ", text).split())
    return "" if not ticked and (bare.endswith(":") or not bare.strip(" .:;/h20")) else bare
