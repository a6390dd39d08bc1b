"""A ticket's number in one piece: Word breaks a line at a hyphen, and half a number is not found again.

Changes nothing else: what a person copies out of Word, or a program reads, is still a number with hyphens.
"""

import re
from collections.abc import Mapping
from typing import Any

_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)</w:t>")
_HYPHEN = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'


def number_of(values: Mapping[str, Any]) -> str:
    """Return the ticket's number among a document's values, the empty text where it has none."""
    ticket = values.get("ticket")
    number = ticket.get("number") if isinstance(ticket, Mapping) else None
    return number if isinstance(number, str) and "-" in number else ""


def unbroken(xml: str, number: str) -> str:
    """Return a part's XML in which the number's hyphens are those at which Word does not break a line."""
    if not number or number not in xml:
        return xml
    whole = number.replace("-", _HYPHEN)

    def held(match: re.Match[str]) -> str:
        opening, text = match.groups()
        if number not in text:
            return match[0]
        # Without this mark Word drops the blank that a piece begins or ends with.
        kept = opening if "xml:space" in opening else opening[:-1] + ' xml:space="preserve">'
        return f"{kept}{text.replace(number, whole)}</w:t>"

    return _TEXT.sub(held, xml)
