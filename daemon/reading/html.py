"""HTML of mails to marked lines, one table cell a line. One pass over the tags, no tree: nothing nested or broken hurts.

HTML5 parsers are quadratic in nesting and misnesting (200,000 nested ``div`` of one megabyte kept one busy for a
minute), so the tags are read in order and only containers that mean something are remembered. The containers known here
are those in which mail clients put quotations, the mail answered to, and signatures (facts, section 6).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from daemon.desk.decode import mend
from daemon.reading.lines import MOST_LINES, Line, tidy

_BLOCKS_LIST = (
    "p div br hr tr td th li ul ol dl dt dd table tbody thead tfoot caption blockquote h1 h2 h3 h4 h5 h6 pre section article "
    "header footer center address form fieldset body main aside nav figure"
)
_BLOCKS = frozenset(_BLOCKS_LIST.split())
_SKIPPED = frozenset(("style", "script", "title", "xml", "noscript", "template", "svg", "object", "select"))
_VOID = frozenset(("br", "hr", "img", "meta", "link", "input", "col", "base", "wbr", "area", "source", "o:p"))
_SPACE = re.compile(r"[ \t\n\r\f]+")
_TAG_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,40}")
_ATTRIBUTE = re.compile(r"([^\s=>\"'/]{1,60})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))")
_PRE_STYLE = re.compile(r"white-space:\s{0,9}(pre|pre-wrap|pre-line|break-spaces)\b")
_HIDDEN_STYLE = re.compile(
    r"display:\s{0,9}none|mso-hide:\s{0,9}all|visibility:\s{0,9}hidden|font-size:\s{0,9}0(px|pt)?\s{0,9}(;|$|!)"
)
_OUTLOOK_RULE = re.compile(
    r"border-top:\s{0,9}(solid\s{1,9}#?(e1e1e1|b5c4df)|#?(e1e1e1|b5c4df)\b[^;]{0,20}solid)", re.I
)

_HISTORY_ID = re.compile(
    r"^(x_)*(divrplyfwdmsg|appendonsend|mail-editor-reference-message-container|olk_src_body_section|reply-intro|"
    r"replyintro|zm_original|isforwardcontent|origin_mail|qt|zwchr|ymail_android_signature_)$|^(x_)*yahoo_quoted"
)
_HISTORY_CLASS_LIST = (
    "gmail_quote gmail_quote_container gmail_extra gmail_attr moz-cite-prefix moz-forward-container yahoo_quoted "
    "outlookmessageheader zmail_extra protonmail_quote tutanota_quote moz-email-headers-table wordsection1-history "
    "ms-outlook-mobile-reference-message skipproofing-ref mail_quote quoted_message mailcontent_quote "
    "zmail_extra_hr cite-prefix replyheader airmail_on bloop_original_html front-blockquote"
)
_HISTORY_CLASS = frozenset(_HISTORY_CLASS_LIST.split())
_HISTORY_MARKER = frozenset(("__headers__", "__quoted_text__", "__divider__"))
_SIGNATURE_ID = re.compile(
    r"^(x_)*(signature|mail-signature|ms-outlook-mobile-signature|applemailsignature|applelineintroducesignature|"
    r"composer_signature|_rc_sig|ymail_android_signature|ymail_ios_signature|zmail_signature|gmail_signature|"
    r"ms-outlook-mobile-body-separator-line)"
)
_SIGNATURE_CLASS_LIST = (
    "gmail_signature gmail_signature_prefix moz-signature moz-txt-sig applemailsignature yahoo-signature "
    "yahoo_signature ms-outlook-mobile-signature protonmail_signature_block zmail_signature elementtoproof-signature "
    "samsung_signature"
)
_SIGNATURE_CLASS = frozenset(_SIGNATURE_CLASS_LIST.split())


@dataclass(slots=True)
class _Box:
    """An open container that matters: its tag, the count of that tag when it opened, and what it means."""

    tag: str
    level: int
    quote: bool = False
    history: bool = False
    signature: bool = False
    hidden: bool = False
    pre: bool = False


@dataclass(slots=True)
class _State:
    out: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    boxes: list[_Box] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    rest_is_history: bool = False
    line_marks: tuple[int, bool, bool, bool] = (0, False, False, False)


def lines(source: str) -> list[Line]:
    """Return the body's lines; hidden text, styles and comments are left out. At most 6,000 lines."""
    state = _State()
    for kind, name, value in _tokens(source):
        if len(state.out) >= MOST_LINES:
            break
        if kind == "text":
            _text(state, value)
        elif kind == "open":
            _open(state, name, value)
        else:
            _close(state, name)
    _break(state)
    return _joined_marks(state.out)


def text(source: str) -> str:
    """Return the visible text of an HTML body, one block or table cell a line."""
    return "\n".join(line.text for line in lines(source))


def _tokens(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield ("text", "", text), ("open", tag, attributes) and ("close", tag, "") in order."""
    position = 0
    unclosed: set[str] = set()
    while position < len(source):
        start = source.find("<", position)
        if start < 0:
            yield "text", "", source[position:]
            return
        if start > position:
            yield "text", "", source[position:start]
        found = _TAG_NAME.match(source, start + 1 + source.startswith("/", start + 1))
        if found:
            end = _tag_end(source, found.end())
            name = found[0].lower()
            closing = source[start + 1] == "/"
            position = end + 1
            if name in _SKIPPED:
                if not closing and source[end - 1 : end] != "/":
                    position = _after_skipped(source, name, position, unclosed)
                continue
            yield "close" if closing else "open", name, "" if closing else source[found.end() : end]
        elif source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            position = len(source) if end < 0 else end + 3
        elif source.startswith(("<!", "<?"), start):
            end = source.find(">", start)
            position = len(source) if end < 0 else end + 1
        else:
            yield "text", "", "<"
            position = start + 1


def _tag_end(source: str, position: int) -> int:
    """The ``>`` that ends a tag, quoted values skipped; a broken tag ends at the end of the source at the latest."""
    while position < len(source):
        char = source[position]
        if char == ">":
            return position
        if char in "\"'" and source[position - 1] in "= ":
            closed = source.find(char, position + 1)
            if closed < 0:
                plain = source.find(">", position)
                return plain if plain >= 0 else len(source)
            position = closed
        position += 1
    return len(source)


def _after_skipped(source: str, name: str, position: int, unclosed: set[str]) -> int:
    """Where text goes on after an element that is not shown; an end tag that never comes is looked for only once."""
    if name in unclosed:
        return position
    found = re.compile(f"</{re.escape(name)}", re.I).search(source, position)
    if found is None:
        unclosed.add(name)
        return len(source) if name in ("style", "script") else position
    end = source.find(">", found.start())
    return len(source) if end < 0 else end + 1


def _attributes(raw: str) -> dict[str, str]:
    if "=" not in raw:
        return {}
    found = _ATTRIBUTE.finditer(raw[:6000])
    return {item[1].lower(): html.unescape(item[2] or item[3] or item[4] or "").lower() for item in found}


def _open(state: _State, name: str, raw: str) -> None:
    if name in _BLOCKS:
        if name == "p" and state.levels.get("p"):
            _close(state, "p")
        _break(state, explicit=name == "br")
    attributes = _attributes(raw)
    if name == "hr":
        _rule(state, attributes)
    if name in _VOID or raw.endswith("/"):
        _mark_rest(state, attributes)
        return
    state.levels[name] = state.levels.get(name, 0) + 1
    box = _box(name, state.levels[name], attributes)
    if box is not None:
        state.boxes.append(box)
        for key in ("quote", "history", "signature", "hidden", "pre"):
            state.counts[key] = state.counts.get(key, 0) + getattr(box, key)
    _mark_rest(state, attributes)


def _box(name: str, level: int, attributes: dict[str, str]) -> _Box | None:
    """Tell a container that matters by its tag, class, id and style; None for all others."""
    if not attributes and name not in ("blockquote", "pre"):
        return None
    style, own_id = attributes.get("style", ""), attributes.get("id", "")
    classes = {item.removeprefix("x_").removeprefix("x_") for item in attributes.get("class", "").split()}
    marker = attributes.get("data-marker", "")
    box = _Box(name, level)
    box.quote = name == "blockquote" and _is_quotation(classes, attributes)
    box.history = bool(classes & _HISTORY_CLASS) or bool(_HISTORY_ID.match(own_id)) or marker in _HISTORY_MARKER
    box.signature = (
        bool(classes & _SIGNATURE_CLASS)
        or bool(_SIGNATURE_ID.match(own_id))
        or attributes.get("data-smartmail") == "gmail_signature"
        or marker in ("__sig_pre__", "__sig_post__")
    )
    box.hidden = bool(_HIDDEN_STYLE.search(style)) or "hidden" in attributes
    box.pre = name == "pre" or bool(_PRE_STYLE.search(style))
    return box if box.quote or box.history or box.signature or box.hidden or box.pre else None


def _is_quotation(classes: set[str], attributes: dict[str, str]) -> bool:
    """A quotation of a mail: typed ``cite``, of a client's class, or with a border at its left."""
    style = attributes.get("style", "")
    return (
        attributes.get("type") == "cite"
        or any("quote" in item or "cite" in item for item in classes)
        or "border-left" in style
        or "cite" in attributes
        or not ({"webkit-indent-blockquote"} & classes or "border:none" in style or "border: none" in style)
    )


def _mark_rest(state: _State, attributes: dict[str, str]) -> None:
    """Some clients mark only the beginning of the mail answered to; all that follows it is history."""
    own_id = attributes.get("id", "")
    if not own_id and "style" not in attributes and "data-marker" not in attributes:
        return
    begins = re.match(
        r"(x_)*(divrplyfwdmsg|appendonsend|zwchr|mail-editor-reference-message-container|reply-intro)$", own_id
    )
    if begins or attributes.get("data-marker") == "__divider__" or _OUTLOOK_RULE.search(attributes.get("style", "")):
        state.rest_is_history = True


def _close(state: _State, name: str) -> None:
    if name in _BLOCKS:
        _break(state)
    level = state.levels.get(name, 0)
    if not level:
        return
    state.levels[name] = level - 1
    while state.boxes and any(box.tag == name and box.level >= level for box in state.boxes[-1:]):
        _pop(state)
    if name in ("blockquote", "table", "body") and any(
        box.tag == name and box.level >= level for box in state.boxes[-40:]
    ):
        while not (state.boxes[-1].tag == name and state.boxes[-1].level >= level):
            _pop(state)
        _pop(state)


def _pop(state: _State) -> None:
    box = state.boxes.pop()
    for key in ("quote", "history", "signature", "hidden", "pre"):
        state.counts[key] -= getattr(box, key)


def _text(state: _State, raw: str) -> None:
    if state.counts.get("hidden"):
        return
    value = html.unescape(raw)
    if state.counts.get("pre"):
        first, *others = value.split("\n", MOST_LINES)[:MOST_LINES]
        _words(state, first)
        for other in others:
            _break(state, explicit=True)
            _words(state, other)
    else:
        _words(state, _SPACE.sub(" ", value))


def _words(state: _State, words: str) -> None:
    if not words:
        return
    marks = _marks(state)
    if state.words and marks[:3] != state.line_marks[:3] and any(word.strip() for word in state.words):
        _break(state)
    state.line_marks = marks
    state.words.append(words)


def _marks(state: _State) -> tuple[int, bool, bool, bool]:
    history = state.rest_is_history or bool(state.counts.get("history"))
    cell = bool(state.levels.get("td") or state.levels.get("th"))
    return state.counts.get("quote", 0), history, bool(state.counts.get("signature")), cell


def _break(state: _State, *, explicit: bool = False) -> None:
    """End the line in hand. A ``br`` or a block with nothing but a blank gives an empty line."""
    if not state.words and not explicit:
        return
    joined = "".join(state.words)
    content = tidy(_SPACE.sub(" ", joined) if not state.counts.get("pre") else joined).strip()
    depth, history, signature, cell = state.line_marks if state.words else _marks(state)
    state.words = []
    if content or explicit or "\xa0" in joined:
        state.out.append(Line(content, depth, history, signature, cell))


def _rule(state: _State, attributes: dict[str, str]) -> None:
    _mark_rest(state, attributes)
    depth, history, signature, cell = _marks(state)
    state.out.append(Line("", depth, history, signature, cell, rule=True))


def _joined_marks(found: list[Line]) -> list[Line]:
    """Mend old Vietnamese codes, which entities hide until now, over the whole text at once."""
    joined = "\n".join(line.text for line in found)
    mended = mend(joined)
    if mended == joined:
        return found
    texts = mended.split("\n")
    if len(texts) != len(found):
        return found
    return [
        Line(content, line.depth, line.history, line.signature, line.cell, line.rule)
        for line, content in zip(found, texts, strict=True)
    ]
