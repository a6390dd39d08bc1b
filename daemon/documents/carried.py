"""A letter that a person changed, brought up to date: what the template fills in anew goes into the file as the person left it.

Two renderings of one template, as it was and as it is now, tell what changed; only that is put into the edited file.
Knows nothing of tickets, and never undoes a person's words: what finds no place is told.
"""

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from daemon.documents.package import Package, foreign

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAID = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_TEXT = re.compile(r"^word/(document|header\d*|footer\d*)\.xml$")
_PICTURES = (f"{_W}drawing", f"{_W}pict", f"{_W}object")


@dataclass(frozen=True, slots=True)
class Carried:
    """The edited file with what is new in it, and the new paragraphs for which it had no place."""

    data: bytes
    left: tuple[str, ...]


def carried_over(edited: bytes, before: bytes, after: bytes) -> Carried | None:
    """Return ``edited``, made by a person from the rendering ``before``, with what ``after`` says otherwise.

    None where the edited file cannot be read as Word, or where the renderings differ in more than the words of their
    paragraphs and their pictures.
    """
    package = foreign(edited)
    was, now = Package.load(before), Package.load(after)
    if package is None or was.names() != now.names():
        return None
    differing = [name for name in was.names() if was.read(name) != now.read(name)]
    changed, left = _pictures(package, was, now, differing), list[str]()
    for name in filter(_TEXT.match, differing):
        if name not in package:
            return None
        put = _put(package.read(name), was.read(name), now.read(name))
        if put is None:
            return None
        changed[name] = put.data
        left += put.left
    return Carried(package.write(changed), tuple(left))


def _pictures(package: Package, was: Package, now: Package, differing: list[str]) -> dict[str, bytes]:
    """The pictures of the edited file that are still those of the first rendering, such as the QR, as they are now."""
    new = {was.read(name): now.read(name) for name in differing if "/media/" in name}
    return {name: new[data] for name in package.names() if "/media/" in name and (data := package.read(name)) in new}


def _put(edited: bytes, before: bytes, after: bytes) -> Carried | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        tree = etree.fromstring(edited, parser)
    except etree.XMLSyntaxError:
        return None
    was, now = (list(etree.fromstring(data, parser).iter(_W + "p")) for data in (before, after))
    if len(was) != len(now):
        return None
    here = [(paragraph, _said(paragraph)) for paragraph in tree.iter(_W + "p")]
    said = [_said(paragraph) for paragraph in was]
    left = []
    for old, paragraph in zip(said, now, strict=True):
        new = _said(paragraph)
        if new == old or any(text == new for _, text in here):
            continue  # nothing new, or the person wrote it already
        places = [each for each, text in here if text == old]
        if not old.strip() or len(places) != said.count(old) or any(map(_has_picture, (*places, paragraph))):
            left.append(new)
            continue
        for place in places:
            _fill(place, paragraph)
    return Carried(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True), tuple(left))


def _said(paragraph: Any) -> str:
    runs = (each for each in paragraph.iter() if each.getparent().tag != _W + "tabs")
    return "".join((each.text or "") if each.tag == _W + "t" else _SAID.get(each.tag, "") for each in runs)


def _has_picture(paragraph: Any) -> bool:
    return any(paragraph.find(f".//{tag}") is not None for tag in _PICTURES)


def _fill(place: Any, source: Any) -> None:
    """Put the runs of one paragraph in place of those of another, whose own form stays."""
    for child in list(place):
        if child.tag != _W + "pPr":
            place.remove(child)
    place.extend(deepcopy(child) for child in source if child.tag != _W + "pPr")
