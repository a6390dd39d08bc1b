"""How the units and rooms of the office are called before a customer, by their printed names, never by their codes; and how he himself is.

Only codes (``B26``, ``P9``) and ``ĐL`` before a unit's short name are put into words, and only where they surely mean the
unit: a line, a substation or a letter's number may be called alike.
"""

import re
from collections.abc import Mapping

from daemon.desk.text import nfc
from daemon.desk.wording import is_body

_CODE = re.compile(r"[A-ZĐ]{1,3}\d{1,3}")
_THINGS = r"lộ|trạm|tba|mba|máy|cột|vị trí|vt|mc|dcl|recloser|rec|lbs|re|tuyến|xt|đz|đdk|đường dây|nhánh|rẽ|công tơ|số|nhà|tủ|khu|lô|phòng số|xóm|tổ"
_NOT_BEFORE = re.compile(rf"(?:[\w./-]|\b(?:{_THINGS})\s)$", re.IGNORECASE)
_NOT_AFTER = re.compile(r"[\w-]|[./]\w")
_FULL_NAME = 2  # words
_NEAR = 40  # characters before a code that tell what it is the code of


def printed(unit: str, name: str) -> str:
    """Return a unit's printed name without its own code: ``Phòng Điều độ`` of ``Phòng Điều độ (B26)``."""
    if not _CODE.fullmatch(unit):
        return name
    return " ".join(re.sub(rf"\(?\b{re.escape(unit)}\b\)?", " ", name).split()).strip(" -–,") or name


def for_customer(text: str, names: Mapping[str, str]) -> str:
    """Return a text with the codes of ``names`` (printed names by id) put into words, the rest as it stands."""
    for unit, name in names.items():
        shown = printed(unit, name)
        if _CODE.fullmatch(unit) and not re.search(rf"\b{re.escape(unit)}\b", shown):
            text = _without_code(text, unit, shown)
        elif not _CODE.fullmatch(unit):
            text = re.sub(rf"\b(?:ĐL|Đl|đl)\s+{re.escape(unit)}(?!\w)", shown, text)
    return text


def addressed(text: str, name: str | None, called: str) -> str:
    """Return a text that speaks of the customer by his ``name`` so that it speaks to him, as he is ``called``.

    A name of one word stays, and one that goes on with another: it may be a place's or another person's. An
    organisation's is its own only where it is called the customer: a substation may bear it too.
    """
    words = nfc(name or "").split()
    if len(words) < _FULL_NAME:
        return text
    customer = "quý khách hàng|khách hàng|quý khách|khách|kh"
    title = rf"(?:(?:{customer})\s+)" if is_body(name or "") else rf"(?:(?:{customer}|ông/bà|ông|bà|anh|chị)\s+){{0,2}}"
    said = r"\s+".join(map(re.escape, words))

    def spoken(match: re.Match[str]) -> str:
        goes_on = re.match(r"\s+(\w)", match.string[match.end() : match.end() + _NEAR])
        return match[0] if goes_on and goes_on[1].isupper() else called

    return re.sub(rf"\b{title}{said}(?!\w)", spoken, nfc(text), flags=re.IGNORECASE)


def _without_code(text: str, unit: str, name: str) -> str:
    """Put the name in place of the code, or leave the code out where the name, or its last words, stand before it."""
    words = name.split()
    said = "|".join(re.escape(" ".join(words[at:])) for at in range(len(words)))  # Phòng Điều độ, Điều độ, độ
    tail = re.compile(
        rf"(?P<before>\b(?:{said})\s+)?(?P<room>\bphòng\s+)?(?P<code>\(\s*{unit}\s*\)|{unit})", re.IGNORECASE
    )

    def shown(match: re.Match[str]) -> str:
        before, after = _near(text, match.start("code")), text[match.end() : match.end() + 2]
        bare = not match["code"].startswith("(")
        if bare and (_NOT_BEFORE.search(before) or _NOT_AFTER.match(after)):
            return match[0]
        if match["before"] and not match["room"]:
            return match["before"].rstrip()
        if not bare and not match["room"]:
            return f"{match['before'] or ''}({name})"
        first = _starts(_near(text, match.start())) or match[0][:1] == "P"
        put = name if first or not match["room"] else name[:1].lower() + name[1:]
        return (match["before"] or "") + put

    return tail.sub(shown, text)


def _near(text: str, at: int) -> str:
    return text[max(0, at - _NEAR) : at]


def _starts(before: str) -> bool:
    """Say whether a sentence begins behind a text."""
    return not before.strip() or before.rstrip()[-1] in ".!?;:\n" or before.endswith("\n")
