"""Word to PDF through LibreOffice in a child process with a profile of its own and a time limit.

Times New Roman is replaced by Tinos, which has its widths and every Vietnamese letter; the fonts LibreOffice would take
by itself lack most of them.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from daemon.desk.trouble import Refused, TryLater

FONT = "Times New Roman"
SUBSTITUTE = "Tinos"
_PROGRAMS = ("soffice", "libreoffice")
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Font/Substitution"><prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs"><node oor:name="_0" oor:op="replace"><prop oor:name="ReplaceFont" oor:op="fuse"><value>{font}</value></prop><prop oor:name="SubstituteFont" oor:op="fuse"><value>{substitute}</value></prop><prop oor:name="OnScreenOnly" oor:op="fuse"><value>false</value></prop><prop oor:name="Always" oor:op="fuse"><value>true</value></prop></node></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """Return LibreOffice's program, or None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def to_pdf(
    paths: Sequence[Path], timeout: float = 120.0, into: Path | None = None, office: str | None = None
) -> list[Path]:
    """Make a PDF of each document, beside it or in the folder ``into``, and return them in order; one start for all.

    ``timeout`` is in seconds for the whole call; ``office`` is LibreOffice's program where it is not on the path. Raises Refused where LibreOffice is missing or refuses a file,
    TryLater where it did not end in time.
    """
    office = program() if office is None else office
    if not office:
        raise Refused(
            "Không lập được PDF: máy này chưa cài LibreOffice. "
            "Hãy cài LibreOffice Writer, hoặc mở tệp Word và chọn Lưu thành PDF."
        )
    if not paths:
        return []
    with tempfile.TemporaryDirectory(prefix="motcua-pdf-") as scratch:
        return _convert(office, paths, timeout, into, Path(scratch))


def _convert(office: str, paths: Sequence[Path], timeout: float, into: Path | None, scratch: Path) -> list[Path]:
    profile, made = scratch / "profile", scratch / "out"
    registry = profile / "user" / "registrymodifications.xcu"
    registry.parent.mkdir(parents=True)
    registry.write_text(_REGISTRY.format(font=FONT, substitute=SUBSTITUTE), encoding="utf-8")
    made.mkdir()
    # Files of the same name may come from several folders: each is worked on under a number.
    copies = [shutil.copyfile(path, scratch / f"{index:05d}{path.suffix}") for index, path in enumerate(paths)]
    _run(_command(office, profile, made, copies), timeout, len(paths))
    return [_place(path, made / f"{copy.stem}.pdf", into) for path, copy in zip(paths, copies, strict=True)]


def _command(office: str, profile: Path, made: Path, files: Sequence[Path]) -> list[str]:
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--convert-to", "pdf:writer_pdf_Export"]
    return [office, f"-env:UserInstallation={profile.as_uri()}", *options, "--outdir", str(made), *map(str, files)]


def _run(command: Sequence[str], timeout: float, count: int) -> None:
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        child.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise TryLater(
            f"Lập PDF quá {timeout:.0f} giây cho {count} tệp nên đã dừng. Chương trình sẽ thử lại; "
            "nếu vẫn chậm, hãy mở tệp Word và chọn Lưu thành PDF."
        ) from error
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End LibreOffice with everything it started: its launcher leaves a second process behind."""
    if child.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.wait()


def _place(source: Path, made: Path, into: Path | None) -> Path:
    if not made.exists() or not made.read_bytes().startswith(b"%PDF-"):
        raise Refused(
            f"Không lập được PDF từ {source.name}: LibreOffice không đọc được tệp. Hãy mở tệp bằng Word để kiểm tra."
        )
    target = (into or source.parent) / f"{source.stem}.pdf"
    return Path(shutil.move(made, target))
