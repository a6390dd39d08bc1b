"""What a customer wrote in a mail: greeting, text and signature, without the mail answered to.

The signature stays, since name, phone and customer code often stand only there. Units' answers are ``reply``'s work.
"""

import re
from collections.abc import Sequence

from daemon.desk.message import Message
from daemon.reading import history, html
from daemon.reading.history import Ours
from daemon.reading.lines import Line, flat, marked, plain

_FORWARDED = re.compile(r"^\W*(?:fwd?|wg|chuyen tiep|tr)\s*:")
_SENDER = re.compile(r"^[*_ ]{0,4}(?:tu|from|nguoi gui)[*_ ]{0,4}:.*@")
_NOBODY = Ours(None)
_LEAD = 25
"""Words above a forwarded mail that may be a colleague's note; what is forwarded is the request then."""


def own_words(text: str, subject: str | None = None) -> str:
    """Return a plain body above the mail answered to; all of it where nothing stands above, or where it is passed on."""
    lines = plain(text)
    begin = _begin(lines, subject)
    return text if begin == len(lines) else _joined(lines[:begin]) or text


def own_words_of(message: Message) -> str:
    """Return the words of a mail's sender with the signature, from the plain body or else the HTML body."""
    if message.text:
        return own_words(message.text, message.subject)
    lines = [marked(line) for line in html.lines(message.html)] if message.html else []
    return _joined(lines[: _begin(lines, message.subject)]) or _joined(lines)


def _begin(lines: Sequence[Line], subject: str | None) -> int:
    """Return the index of the first line of the mail answered to, ``len(lines)`` where all is the sender's own."""
    begin = next((n for n in range(len(lines)) if history.begins(lines, n, _NOBODY) or _opens(lines, n)), len(lines))
    passed_on = _FORWARDED.match(flat(subject or "")) is not None
    return len(lines) if passed_on and len(_joined(lines[:begin]).split()) < _LEAD else begin


def _opens(lines: Sequence[Line], index: int) -> bool:
    """A drawn rule above a sender with an address begins the mail answered to, however short its head is."""
    if not lines[index].text or not history.is_rule(lines[index]):
        return False
    following = next((line.text for line in lines[index + 1 : index + 4] if line.text), "")
    return _SENDER.match(flat(following)) is not None


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines).strip()
