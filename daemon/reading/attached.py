"""Text of attached answers: Word, PDF, plain text. Runs in a child process with limits; ``opener`` is the parent's end.

Word and PDF readers work on what a stranger sent: a crash, a hang or a hunger for memory there is that file's own.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypdfium2
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from lxml import etree

from daemon.bounded import Wishes, allow_cpu, limit, private_output
from daemon.desk.decode import mend, mended
from daemon.desk.message import Attachment
from daemon.desk.text import clean
from daemon.reading.opener import MOST_BYTES, MOST_TEXT

MOST_UNPACKED = 40_000_000
MOST_PAGES = 30


def from_attachment(attachment: Attachment) -> str | None:
    """Return the text of a .docx, .pdf or .txt, or None where it is another kind, too big, broken or only a picture."""
    content = attachment.content
    if attachment.inline or not content or len(content) > MOST_BYTES:
        return None
    name = attachment.name.lower()
    if content.startswith(b"PK") and (name.endswith((".docx", ".docm")) or "wordprocessingml" in attachment.media_type):
        return _docx(content)
    if content[:1024].lstrip().startswith(b"%PDF"):
        return _pdf(content)
    if name.endswith(".txt") or attachment.media_type == "text/plain":
        return mended(content).strip()[:MOST_TEXT] or None
    return None


def _docx(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(item.file_size for item in package.infolist()) > MOST_UNPACKED:
                return None
        document = docx.Document(io.BytesIO(content))
        rows = list(_blocks(document))
    except (
        zipfile.BadZipFile,
        zlib.error,
        PackageNotFoundError,
        KeyError,
        ValueError,
        OSError,
        etree.LxmlError,
        AttributeError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        struct.error,
    ):
        return None
    return clean(mend("\n".join(row for row in rows if row.strip())))[:MOST_TEXT] or None


def _blocks(container: object) -> Iterator[str]:
    """Paragraphs and table cells in the order of the page, one cell a line, a merged cell once."""
    for block in container.iter_inner_content():  # type: ignore[attr-defined]
        if not isinstance(block, Table):
            yield block.text
            continue
        for row in block.rows:
            seen: list[object] = []
            for cell in row.cells:
                if not any(cell._tc is other for other in seen):
                    seen.append(cell._tc)
                    yield from _blocks(cell)


def _pdf(content: bytes) -> str | None:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        pages = [_page(document, number) for number in range(min(len(document), MOST_PAGES))]
    finally:
        document.close()
    return clean(mend("\n".join(page for page in pages if page.strip()))).strip()[:MOST_TEXT] or None


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        words = page.get_textpage()
        return str(words.get_text_bounded())
    except pypdfium2.PdfiumError:
        return ""


def main() -> None:
    """Answer the parent's wishes, a file each, until it is gone or silent. Writes no file."""
    out = private_output()
    wishes = Wishes(60.0)
    start = json.loads(wishes.next() or b"null")
    if start is None:
        return
    limit(start["memory_mb"], file_bytes=0)
    wishes.idle_seconds = start["idle_seconds"]
    for line in wishes:
        allow_cpu(start["cpu_seconds"])
        out.write(json.dumps({"text": _wished(json.loads(line))}).encode() + b"\n")


def _wished(wish: dict[str, Any]) -> str | None:
    try:
        content = Path(wish["path"]).read_bytes()
        return from_attachment(Attachment(wish["name"], wish["media_type"], content))
    except Exception:  # noqa: BLE001 - whatever a file does to a library is a fact about that file
        return None


if __name__ == "__main__":
    main()
