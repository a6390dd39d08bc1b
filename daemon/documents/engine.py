"""The Jinja environment of the templates: sandboxed, strict, escaping, with a closed list of filters.

A template may print values, test them, go through lists and filter text. It may not call anything, reach into Python, or
grow text without bound.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from daemon.desk.text import clean

PRINTED = "_printed"  # the list that takes what is printed, in its order
COMPILED = "_compiled"  # stands in the context of the compiled path
_PLAIN = (str, int, float, type(None), Undefined)
_KEPT = ("upper", "lower", "capitalize", "join", "length", "count", "first", "last", "trim", "default", "d")
_KEPT_TESTS = ("defined", "undefined", "none", "string", "equalto", "eq", "==", "ne", "!=", "in", "true", "false")
# What docxtpl would take for an escaped tag, for a new paragraph or a page break, must stand as the customer wrote it.
_ODD = re.compile("[^\t\n -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2044]")  # all that clean() might touch, and more
_BREAKS = str.maketrans({"\a": None, "\f": "\n", "\v": "\n"})


class Growth(SecurityError):
    """An expression that would make very long text."""


class Engine(SandboxedEnvironment):
    """The environment: no calls, no text arithmetic that grows, unknown names are errors."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_callable(self, obj: Any) -> bool:
        """Refuse every call: a template prints, it does not work."""
        return False

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse methods and everything private."""
        return not attr.startswith("_") and not callable(value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Allow arithmetic on numbers only, and no powers."""
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise Growth(f"phép tính {operator} không được dùng trong mẫu")
        return super().call_binop(context, operator, left, right)


def cleaned(value: Any) -> str:
    """Return a value as text that XML can hold and that means nothing to Word or docxtpl."""
    text = str(value)
    if text.isascii() and text.isprintable():
        return text
    if not _ODD.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    return clean(text.translate(_BREAKS))


class NotPlain(Exception):
    """A value that only docxtpl itself can put into a document: a picture, rich text, a part of another document."""


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    if not isinstance(value, _PLAIN):
        if context.get(COMPILED):
            raise NotPlain(type(value).__name__)
        return value
    text = cleaned(value)
    printed = context.parent.get(PRINTED)  # where the values lie that a template is rendered with
    if printed is not None and text:
        printed.append(text)
    if "_" not in text:
        # Jinja escapes what comes back, unless the template switched that off: then it is done here.
        return text if context.eval_ctx.autoescape else escape(text)
    return Markup(str(escape(text)).replace("{_", "&#123;_").replace("_}", "_&#125;"))


def dots(value: Any, width: int = 40) -> str:
    """Filter: the value, or a dotted line to write on where it is empty."""
    text = str(value)
    return text if text.strip() else "." * max(3, min(int(width), 160))


def prefixed(value: Any, before: str) -> str:
    """Filter: the value with something before it, or nothing where it is empty."""
    text = str(value)
    return f"{before}{text}" if text.strip() else ""


def lowerfirst(value: Any) -> str:
    """Filter: the value with a small first letter, to stand inside a sentence; abbreviations keep theirs."""
    text = str(value)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _joined(values: Iterable[Any], between: str = ", ") -> str:
    return between.join(str(value) for value in values if str(value))


def engine() -> Engine:
    """Return a new environment with the closed lists of filters and tests and no globals."""
    made = Engine(autoescape=True, undefined=StrictUndefined, finalize=_finalize, keep_trailing_newline=True)
    made.filters = {name: FILTERS[name] for name in _KEPT}
    own: dict[str, Callable[..., Any]] = {"dots": dots, "prefixed": prefixed, "lowerfirst": lowerfirst, "join": _joined}
    made.filters.update(own)
    made.tests = {name: made.tests[name] for name in _KEPT_TESTS}
    made.globals = {}
    return made
