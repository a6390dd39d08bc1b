"""MIME bytes to a tree of parts. Bounded by construction: depth, parts, header size; every step is one linear scan.

The standard library's parser tests every open boundary on every line and recurses for each nested part, so a made-up
mail of a megabyte can hold it for minutes; hence this one. It never raises: what is broken is named in ``defects``.
"""

import base64
import binascii
import functools
import re
import string
import urllib.parse
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from daemon.desk.decode import codec_of, mend, text_of

MAX_DEPTH = 12
MAX_PARTS = 400
MAX_HEADER_BYTES = 256 * 1024
MAX_FIELDS = 1500
MAX_VALUE = 64 * 1024

# Up to three carriage returns: broken gateways double them, and an open-ended run would be quadratic.
_LINE_END = re.compile(rb"\r{0,3}\n|\r")
_FIELD_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
_BOUNDARY_REST = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
_LINE_BREAK = re.compile(rb"[\r\n]")
_WORD_GAP = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)[ \t\r\n]+(?==\?)")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_QP_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
_PARAM_NAME = re.compile(r"^([^\s=*;\"]{1,60})(?:\*(\d{1,3}))?(\*)?$")


@dataclass(slots=True)
class Part:
    """One MIME part: its fields, lower-case media type, parameters, raw (still transfer-encoded) body, children.

    ``fields`` holds (lower-case name, text with encoded words still coded): an address list must be split before its
    names are decoded, or a coded name could pass itself off as an address.
    """

    fields: list[tuple[str, str]]
    media_type: str
    params: dict[str, str]
    disposition: str
    name: str | None
    body: bytes = field(repr=False, default=b"")
    children: list["Part"] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """Return the first decoded value of a lower-case field name."""
        value = self.coded(name)
        return None if value is None else decoded(value)

    def coded(self, name: str) -> str | None:
        """Return the first value of a lower-case field name as written."""
        return next((value for key, value in self.fields if key == name), None)

    def content(self) -> bytes:
        """Return the body without its transfer encoding; what is broken is decoded as far as it goes."""
        return self.decoder()(self.body)

    def decoder(self) -> Callable[[bytes], bytes]:
        """Return what undoes the part's Content-Transfer-Encoding; an unknown one leaves the bytes as they are."""
        name = (self.get("content-transfer-encoding") or "").split(";")[0].strip().lower()
        return _DECODERS.get(name, bytes)

    def text(self) -> str:
        """Return the body as text by the label of the part."""
        return text_of(self.content(), self.params.get("charset"))

    @property
    def maintype(self) -> str:
        return self.media_type.partition("/")[0]


class Reader:
    """Reads one mail; keeps the counts that bound it and the defects it met."""

    def __init__(self) -> None:
        self.parts = 0
        self.defects: list[str] = []

    def read(self, raw: bytes, depth: int = 0, default: str = "text/plain") -> Part:
        """Return the part that starts at the first byte of ``raw``, its header fields first."""
        self.parts += 1
        fields, body = self._header(raw)
        part = _part(fields, default)
        part.body = body
        if part.maintype == "multipart":
            self._divide(part, depth)
        return part

    def note(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)

    @staticmethod
    def head(raw: bytes, wanted: Container[str]) -> Part:
        """Return the outermost part with its wanted fields alone; body and inner parts are not looked at."""
        return Part(header_fields(raw, wanted)[0], "text/plain", {}, "", None)

    def _header(self, raw: bytes) -> tuple[list[tuple[str, str]], bytes]:
        fields, position, whole = header_fields(raw)
        if not whole:
            self.note("phần đầu thư quá dài, chỉ đọc một phần")
        return fields, raw[position:]

    def _divide(self, part: Part, depth: int) -> None:
        boundary = part.params.get("boundary", "").rstrip()
        pieces = _pieces(part.body, boundary, MAX_PARTS - self.parts) if boundary else []
        if depth >= MAX_DEPTH:
            self.note("thư lồng quá nhiều lớp, phần trong cùng không đọc")
            return
        if not pieces:
            self.note("thư nhiều phần nhưng thiếu ranh giới")
            part.children = [_part([], "text/plain")]
            part.children[0].body = part.body
            return
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        for piece in pieces:
            if self.parts >= MAX_PARTS:
                self.note("thư có quá nhiều phần, các phần sau không đọc")
                return
            part.children.append(self.read(piece, depth + 1, default))


def header_fields(raw: bytes, wanted: Container[str] | None = None) -> tuple[list[tuple[str, str]], int, bool]:
    """Return (fields in order as ``Part.fields``, where the body starts, whether the whole header was read).

    Of the fields only those of the ``wanted`` lower-case names, where such are given.
    """
    found, position, whole = _fields(raw)
    return [(name, _value(value)) for name, value in found if wanted is None or name in wanted], position, whole


def _fields(raw: bytes) -> tuple[list[tuple[str, bytes]], int, bool]:
    fields: list[tuple[str, bytes]] = []
    lines: list[bytes] = []
    position, limit = 0, min(len(raw), MAX_HEADER_BYTES)
    while position < limit:
        found = _LINE_END.search(raw, position, len(raw))
        end, after = (found.start(), found.end()) if found else (len(raw), len(raw))
        line = raw[position:end]
        if not line.strip() and line[:1] not in (b" ", b"\t"):
            _add(fields, lines)
            return fields, after, True
        if line[:1] in (b" ", b"\t"):
            lines.append(line)
        elif _is_field(line) or (position == 0 and line.startswith((b"From ", b">From "))):
            _add(fields, lines)
            lines = [line]
        elif fields or lines:
            # No colon: the blank line was forgotten and the body begins here.
            _add(fields, lines)
            return fields, position, True
        else:
            return fields, position, True
        position = after
    _add(fields, lines)
    return fields, position, position >= len(raw)


def _is_field(line: bytes) -> bool:
    return _FIELD_NAME.match(line, 0, 200) is not None


def _add(fields: list[tuple[str, bytes]], lines: list[bytes]) -> None:
    if not lines or len(fields) >= MAX_FIELDS:
        return
    name, colon, value = b"".join(lines)[:MAX_VALUE].partition(b":")
    if colon and not name.startswith(b"From "):
        fields.append((name.decode("latin-1").strip().lower(), value))


def _value(value: bytes) -> str:
    return text_of(value).replace("\n", " ").replace("\t", " ").strip()


@functools.lru_cache(maxsize=32)  # the subject is asked for three times, and many fields are those of the mail before
def decoded(value: str) -> str:
    """Return a field value with its encoded words (RFC 2047) decoded, on one line, old Vietnamese codes mended."""
    return mend(decode_words(value)).replace("\n", " ").strip()


def decode_words(text: str) -> str:
    """Decode the encoded words in a text; neighbours of one charset are joined as bytes, a syllable may be split."""
    if "=?" not in text:
        return text
    text = _WORD_GAP.sub(r"\1", text)
    out: list[str] = []
    run: list[bytes] = []
    charset, position = "", 0
    for word in _WORD.finditer(text):
        label = word[1].partition("*")[0].lower()
        if run and (word.start() != position or label != charset):
            out.append(text_of(b"".join(run), charset))
            run = []
        out.append(text[position : word.start()])
        charset, position = label, word.end()
        run.append(_word_bytes(word[2], word[3]))
    if run:
        out.append(text_of(b"".join(run), charset))
    return "".join(out) + text[position:]


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "bB":
        return from_base64(raw)
    return _QP_HEX.sub(lambda found: bytes([int(found[1], 16)]), raw.replace(b"_", b" "))


def from_base64(raw: bytes) -> bytes:
    """Decode base64 whatever stands between its letters; a broken last group is dropped."""
    letters = raw.translate(None, _NOT_BASE64)
    letters += b"A" if len(letters) % 4 == 1 else b""
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _uudecode(body: bytes) -> bytes:
    out: list[bytes] = []
    started = False
    for line in body.splitlines():
        if not started:
            started = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                continue
    return b"".join(out)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "quoted-printable": binascii.a2b_qp,
    "base64": from_base64,
    **dict.fromkeys(("x-uuencode", "uuencode", "x-uue", "uue"), _uudecode),
}


def _pieces(body: bytes, boundary: str, most: int) -> list[bytes]:
    """Cut a multipart body at its boundary lines; text before the first and after the closing one is dropped."""
    pieces: list[bytes] = []
    start = None
    for at, rest in _boundaries(body, b"--" + boundary.encode("utf-8", "replace")):
        if start is not None:
            pieces.append(body[start : _end(body, start, at)])
        if rest[1] or len(pieces) > most:
            return pieces
        start = rest.end()
    if start is not None:
        pieces.append(body[start:])
    return pieces


def _boundaries(body: bytes, mark: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Yield where each boundary line begins, and what stands behind its mark.

    No expression of the boundary itself: to make one costs more than to read the mail. Where the mark is found and is no
    boundary, the search goes on with the next line, so that it stays one scan however often the mark stands there.
    """
    at = body.find(mark)
    while at >= 0:
        begins = at == 0 or body[at - 1] in b"\r\n"
        rest = _BOUNDARY_REST.match(body, at + len(mark)) if begins else None
        if rest:
            yield at, rest
        after = rest or _LINE_BREAK.search(body, at)
        at = body.find(mark, after.end()) if after else -1


def _end(body: bytes, start: int, boundary: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if body.endswith(b"\r\n", start, boundary):
        return boundary - 2
    return boundary - 1 if body.endswith((b"\n", b"\r"), start, boundary) else boundary


def _part(fields: list[tuple[str, str]], default: str) -> Part:
    known: dict[str, str] = {}
    for key, value in fields:
        known.setdefault(key, value)
    media, params = value_and_params(known.get("content-type", default))
    if not re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,120}", media):
        media = "text/plain" if media in ("", "text") else "application/octet-stream"
    disposition, extra = value_and_params(known.get("content-disposition", ""))
    name = extra.get("filename") or params.get("name")
    return Part(fields, media, params, disposition, name)


def value_and_params(value: str) -> tuple[str, dict[str, str]]:
    """Split ``text/plain; charset="x"; name*0*=…`` into its lower-case value and decoded parameters (RFC 2231)."""
    tokens = _tokens(value[:MAX_VALUE])
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for token in tokens[1:200]:
        key, equals, text = token.partition("=")
        shape = _PARAM_NAME.match(key.strip().lower())
        if not equals or not shape:
            continue
        if shape[2] is None and shape[3] is None:
            plain.setdefault(shape[1], decode_words(_unquote(text)))
        else:
            pieces.setdefault(shape[1], {})[int(shape[2] or 0)] = (_unquote(text), bool(shape[3]))
    for key, numbered in pieces.items():
        plain[key] = _continued(numbered)
    return tokens[0].strip().lower(), plain


def _tokens(value: str) -> list[str]:
    """Split at semicolons outside quotes; an unclosed quote runs to the end."""
    tokens, start, quoted, position = [], 0, False, 0
    while position < len(value):
        char = value[position]
        if quoted and char == "\\":
            position += 1
        elif char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            tokens.append(value[start:position])
            start = position + 1
        position += 1
    tokens.append(value[start:])
    return tokens


def _unquote(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        # Outlook writes Windows paths unescaped; only an escaped quote or backslash is an escape.
        text = text.replace('\\"', '"').replace("\\\\", "\\")
    return text


def _continued(numbered: dict[int, tuple[str, bool]]) -> str:
    """Join RFC 2231 continuations; the charset stands before the first, percent codes only where marked."""
    ordered = [numbered[key] for key in sorted(numbered)]
    charset = ""
    if ordered[0][1] and ordered[0][0].count("'") >= 2:
        charset, _language, rest = ordered[0][0].split("'", 2)
        ordered[0] = (rest, True)
    raw = b"".join(
        urllib.parse.unquote_to_bytes(text) if coded else text.encode("utf-8", "replace") for text, coded in ordered
    )
    return decode_words(text_of(raw, charset if codec_of(charset) else None))
