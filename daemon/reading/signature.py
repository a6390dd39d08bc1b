"""The end of what a person wrote: closing words, signature, "sent from my phone", disclaimers. Line by line.

Nothing is taken off that reads like a sentence about the matter; when in doubt the line stays.
"""

import re
from collections.abc import Sequence

from daemon.reading import signoff
from daemon.reading.history import is_rule
from daemon.reading.lines import Line, flat
from daemon.reading.signoff import (
    is_closing,
    is_disclaimer,
    is_given_name,
    is_lone_name,
    is_name,
    is_phone_line,
    is_sign,
    is_strong,
    is_weak,
)

_MOST_AFTER = 16
_LEAST_SENTENCE = 4  # words: a shorter line before a lone name may be one of a list
_MOST_BELOW = 40  # lines below a closing that are looked at: signature, disclaimer, postscript


def strip(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without banner, closing, signature, phone line and disclaimer; blank ends are trimmed."""
    kept = trim(_without_banner(list(lines)))
    kept = _without_containers(kept)
    kept = _cut(kept, _disclaimer_at(kept))
    kept = _cut(kept, _delimiter_at(kept))
    kept, afterword = _without_closing(kept)
    kept = _without_phone_lines(kept)
    kept = _without_tail(kept)
    return trim(_without_inline_closing(kept) + afterword)


def trim(lines: list[Line]) -> list[Line]:
    """Return the lines without blank lines and rules at both ends."""
    first, last = 0, len(lines)
    while first < last and _is_nothing(lines[first]):
        first += 1
    while last > first and _is_nothing(lines[last - 1]):
        last -= 1
    return lines[first:last]


def _is_nothing(line: Line) -> bool:
    return not line.text or is_rule(line) or line.text.strip() in ("--", "-", "—", "–", "*", "---", "...")


def _cut(lines: list[Line], at: int | None) -> list[Line]:
    return lines if at is None else trim(lines[:at])


def _without_banner(lines: list[Line]) -> list[Line]:
    """Drop the warning that a mail gateway puts on top of mail from outside."""
    first = next((number for number, line in enumerate(lines) if line.text), None)
    if first is None or not signoff.BANNER.match(flat(lines[first].text)):
        return lines
    rest = lines[first + 1 :]
    while rest and rest[0].text and signoff.BANNER_MORE.search(flat(rest[0].text)):
        rest = rest[1:]
    return rest


def _without_containers(lines: list[Line]) -> list[Line]:
    """Drop what the client itself marked as signature, unless the answer was typed into it."""
    rest = [line for line in lines if not line.signature]
    return trim(rest) if any(line.text for line in rest) else lines


def _disclaimer_at(lines: list[Line]) -> int | None:
    """The first line of a disclaimer below other text."""
    return next(
        (number for number, line in enumerate(lines) if number and line.text and is_disclaimer(line.text)), None
    )


def _delimiter_at(lines: list[Line]) -> int | None:
    """``-- `` alone on its line, or a drawn rule or "Nơi nhận:" with no more than a signature below."""
    left = _count(lines)
    for number, line in enumerate(lines):
        left -= bool(line.text)
        if not number or left > _MOST_AFTER:
            continue
        if re.fullmatch(r"(--|—|–|__|- -)\s?", line.text.strip()):
            return number
        if _opens_signature(line) and _is_sure_signature(lines[number + 1 :]):
            return number
    return None


def _opens_signature(line: Line) -> bool:
    drawn = is_rule(line) or re.fullmatch(r"[*=~_#-]{3,}", line.text.replace(" ", ""))
    return bool(drawn) or flat(line.text[:40]).startswith("noi nhan:")


def _is_sure_signature(below: Sequence[Line]) -> bool:
    """Every line is of a signature or a list's footer, one of them surely; measurements under a rule are not."""
    texts = [line.text for line in below if line.text and not is_rule(line)]
    sure = [
        text
        for text in texts
        if is_strong(text) or is_closing(text) or is_name(text) or is_disclaimer(text) or _is_list(text)
    ]
    return bool(sure) and all(text in sure or is_sign(text) or text.startswith("- ") for text in texts)


def _is_list(text: str) -> bool:
    return "mailing list" in text.lower() or bool(re.match(r"https?://\S+$", text))


def _count(lines: Sequence[Line]) -> int:
    return sum(bool(line.text) for line in lines)


def _without_closing(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Cut at the first closing line that has only a signature below; a postscript below it is kept."""
    seen_text = False
    left = _count(lines)
    for number, line in enumerate(lines):
        if not line.text:
            continue
        left -= 1
        if seen_text and left <= _MOST_BELOW and is_closing(line.text):
            below = lines[number + 1 :]
            after = next((n for n, one in enumerate(below) if signoff.AFTERWORD.match(flat(one.text[:40]))), len(below))
            if _is_signature(below[:after]):
                return trim(lines[:number]), below[after:]
        seen_text = True
    return lines, []


def _is_signature(below: Sequence[Line]) -> bool:
    """Short lines that are no sentences about the matter."""
    texts = [line.text for line in below if line.text and not is_rule(line)]
    if len(texts) > _MOST_AFTER:
        return False
    return not any(_is_content(text) for text in texts)


def _is_content(text: str) -> bool:
    """A line that says something: a long one, or one with a verb that is neither name, unit, title, address nor number."""
    if is_strong(text) or is_weak(text) or is_closing(text) or is_phone_line(text) or is_name(text, loose=True):
        return False
    words = text.lower().split()
    verbs = sum(word.strip(",.;:!?()") in signoff.VERB for word in words)
    if len(words) <= 4:
        return verbs > 1
    return verbs >= 2 or (verbs and signoff.SENTENCE_END.search(text) is not None) or len(words) > 16


def _without_phone_lines(lines: list[Line]) -> list[Line]:
    return trim([line for number, line in enumerate(lines) if not (number and is_phone_line(line.text))])


def _without_tail(lines: list[Line]) -> list[Line]:
    """Drop a block of names, units and numbers at the end that no closing word announces."""
    end = len(lines)
    strong = False
    while end > 1:
        line = lines[end - 1]
        if line.text and not is_rule(line):
            mine = is_strong(line.text) or (is_name(line.text) and not line.cell) or _is_signed_alone(lines, end - 1)
            if line.cell or not (mine or is_weak(line.text)):
                break
            strong = strong or mine
        end -= 1
    if end == len(lines) or not strong:
        return lines
    return lines if _continues(lines[:end]) else trim(lines[:end])


def _is_signed_alone(lines: list[Line], number: int) -> bool:
    """A given name or initials on the last line, after a whole sentence; two words only below a blank line."""
    if number + 1 < len(lines) or not number:
        return False
    before = next((line.text for line in reversed(lines[:number]) if line.text), "")
    if signoff.SENTENCE_END.search(before) is None:
        return False
    if not lines[number - 1].text:
        return number >= 2 and is_given_name(lines[number].text)
    return len(before.split()) >= _LEAST_SENTENCE and is_lone_name(lines[number].text)


def _continues(kept: list[Line]) -> bool:
    """A list that a colon or comma announces goes on below; it is no signature."""
    last = next((line.text for line in reversed(kept) if line.text), "")
    return (
        not last
        or last.rstrip().endswith((":", ",", ";"))
        or bool(re.match(r"^[-+*•]\s", last) and not signoff.SENTENCE_END.search(last))
    )


def _without_inline_closing(lines: list[Line]) -> list[Line]:
    if not lines:
        return lines
    found = signoff.INLINE_CLOSING.match(lines[-1].text)
    if not found:
        return lines
    last = lines[-1]
    return [*lines[:-1], Line(found["keep"], last.depth, last.history, last.signature, last.cell)]


def is_footer(lines: Sequence[Line]) -> bool:
    """Say whether lines under a quotation are only a rule and a signature or a list's footer below it."""
    first = next((number for number, line in enumerate(lines) if line.text or line.rule), None)
    return first is not None and _opens_signature(lines[first]) and _is_sure_signature(lines[first + 1 :])
