"""Pages of documents and scans as pictures, made in a child process with limits and kept under ``var/preview``.

Word documents go through LibreOffice first; where it is missing, their text is shown. What a customer sent may be damaged
or meant to do damage: nothing of it is opened in the console's own process. What was drawn is kept for a week: it shows
people's papers, and can be drawn again.
"""

import contextlib
import hashlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from daemon.desk.message import Attachment
from daemon.desk.trouble import Refused, TryLater
from daemon.documents import pdf
from daemon.mailbox.message import parse
from daemon.reading.reply import read_reply
from daemon.store.originals import make_private

SECONDS = 30.0
WIDTH = 1100
MOST_PAGES = 40
KEPT_SECONDS = 7 * 86_400.0
_ONE_AT_A_TIME = threading.Lock()  # two cores and an old machine: previews queue


def pages_of(home: Path, path: Path) -> tuple[int, str]:
    """Return how many pages can be shown as pictures, and a text to show where there are none."""
    source = _printable(home, path)
    if source is None:
        return 0, _text(path)
    folder = _folder(home, source)
    count = folder / "pages"
    if not count.exists():
        done = _child("count", source, folder, 0)
        count.write_text(done.strip() or "0", "ascii")
    found = min(int(count.read_text("ascii") or 0), MOST_PAGES)
    return found, "" if found else _text(path)


def picture(home: Path, path: Path, page: int) -> Path | None:
    """Return the picture of a page, counted from 1, or None where there is none."""
    source = _printable(home, path)
    if source is None or not 1 <= page <= MOST_PAGES:
        return None
    folder = _folder(home, source)
    made = folder / f"{page}.png"
    if not made.exists():
        _child("draw", source, folder, page)
    return made if made.exists() else None


def _folder(home: Path, source: Path) -> Path:
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    folder = home / "var" / "preview" / digest[:32]
    if not folder.exists():
        forget(home)
        make_private(folder)
    return folder


def forget(home: Path) -> None:
    """Remove the pictures that were drawn more than a week ago."""
    oldest = time.time() - KEPT_SECONDS
    for each in (home / "var" / "preview").glob("*"):
        with contextlib.suppress(OSError):
            if each.stat().st_mtime < oldest:
                shutil.rmtree(each) if each.is_dir() else each.unlink()


def _printable(home: Path, path: Path) -> Path | None:
    """The file itself, or the PDF of a Word document; None where no picture can be made."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK") and path.suffix.lower() == ".docx":
        return _as_pdf(home, path)
    pictures = (b"%PDF-", b"\x89PNG", b"\xff\xd8", b"II*\x00", b"MM\x00*")
    return path if head.startswith(pictures) else None


def _as_pdf(home: Path, path: Path) -> Path | None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    made = home / "var" / "preview" / f"{digest[:32]}.pdf"
    if made.exists():
        return made
    if pdf.program() is None:
        return None
    make_private(made.parent)
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="motcua-xem-") as scratch:
        copy = Path(scratch) / "xem.docx"
        shutil.copyfile(path, copy)
        try:
            [written] = pdf.to_pdf([copy], 60)
        except (Refused, TryLater):
            return None
        shutil.move(written, made)
    return made


def _text(path: Path) -> str:
    from daemon.reading.opener import Opener

    if path.suffix.lower() == ".txt":
        return path.read_text("utf-8", errors="replace")[:40_000]
    if path.suffix.lower() == ".eml":
        return _mail(path)[:40_000]
    with Opener() as opener:
        return (opener.text(Attachment(path.name, "", path.read_bytes())) or "")[:40_000]


def _mail(path: Path) -> str:
    """A mail as people read it: who, when, what about, and its text."""
    mail = parse(path.read_bytes())
    names = ", ".join(each.name for each in mail.attachments if not each.inline)
    lines = [f"Từ: {mail.from_address or '–'}", f"Tiêu đề: {mail.subject or '–'}"]
    lines += [f"Kèm theo: {names}"] if names else []
    reply = read_reply(mail, None)
    return "\n".join([*lines, "", reply.text or mail.text or "(không có nội dung đọc được)", reply.quoted])


def _child(what: str, source: Path, folder: Path, page: int) -> str:
    command = [sys.executable, "-m", "daemon.console.draw", what, str(source), str(folder), str(page), str(WIDTH)]
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            return ""
    return done.stdout if done.returncode == 0 else ""
