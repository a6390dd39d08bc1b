"""Proof that a document says what it was given: strict XML, and every printed value found again in its text."""

from typing import Any

from lxml import etree

from daemon.desk.trouble import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HYPHEN = W + "noBreakHyphen"
_SHOWN = 60
_STRICT = etree.XMLParser(recover=False, resolve_entities=False, huge_tree=True)


def parse_strict(name: str, xml: str | bytes) -> Any:
    """Parse a finished part without forgiving anything. Raises Refused."""
    try:
        return etree.fromstring(xml if isinstance(xml, bytes) else xml.encode(), _STRICT)
    except etree.XMLSyntaxError as error:
        raise Refused(
            f"Mẫu {name}: văn bản lập ra không phải XML hợp lệ ({error.msg}). Hãy kiểm tra mẫu bằng motcua check."
        ) from error


def text_of(tree: Any) -> str:
    """Return all text of a part without white space."""
    nodes = tree.iter(W + "t", _HYPHEN)
    return "".join("".join("-" if node.tag == _HYPHEN else node.text or "" for node in nodes).split())


def demand(name: str, tree: Any, printed: list[str]) -> None:
    """Demand that every printed value stands in the text, white space aside. Raises Refused naming the lost one.

    Values are looked for in their order, so the cost is that of one reading of the text.
    """
    text = text_of(tree)
    at = 0
    for value in printed:
        wanted = "".join(value.split())
        found = text.find(wanted, at)
        if found < 0:
            found = text.find(wanted)
        if found < 0 and not _in_attribute(tree, wanted):
            raise Refused(
                f"Mẫu {name}: nội dung “{value[:_SHOWN]}” không có trong văn bản lập ra. Hãy kiểm tra chỗ in giá trị này."
            )
        at = max(at, found)


def _in_attribute(tree: Any, wanted: str) -> bool:
    return any(wanted == value for node in tree.iter() for value in node.attrib.values())
