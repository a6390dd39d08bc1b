"""Makes the pictures of docs/huong-dan: plays the demo, then photographs Word files that the program itself wrote.

    python tools/make_guide_pictures.py            (needs LibreOffice and pdftoppm, the extras for scans, about two minutes)

The first page of each, as Word prints it, in docs/huong-dan/hinh/.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from daemon.demo.player import play_demo
from daemon.documents.pdf import program

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "huong-dan" / "hinh"
PICTURES = {
    "phieu-yeu-cau": "PCBK-2026-000003/*-request-*.docx",
    "phieu-hen": "PCBK-2026-000002/*-slip-*.docx",
    "tra-loi": "PCBK-2026-000003/*-answer-*.docx",
    "bao-cao": "bao-cao/*.docx",
}
DOTS = 84  # an inch: enough to read it on a screen


def main() -> None:
    """Play, photograph, keep."""
    soffice = program()
    if soffice is None:
        sys.exit("LibreOffice is needed.")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        home = Path(work) / "demo"
        play_demo(home, lambda _line: None)
        for name, pattern in PICTURES.items():
            found = sorted((home / "outbox").glob(pattern))
            if not found:
                sys.exit(f"nothing fits {pattern}: {sorted(path.name for path in (home / 'outbox').rglob('*.docx'))}")
            photograph(str(soffice), found[0], Path(work), TARGET / name)
            print(TARGET / f"{name}.png")


def photograph(soffice: str, document: Path, work: Path, target: Path) -> None:
    """Print the first page into a PNG."""
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(document)]
    subprocess.run(command, check=True, capture_output=True)
    pdf = work / f"{document.stem}.pdf"
    picture = ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", "-gray", str(pdf), str(target)]
    subprocess.run(picture, check=True)
    made = target.with_suffix(".png")
    with Image.open(made) as drawn:
        few = drawn.convert("L").quantize(16)  # greys: a quarter of the bytes, nothing that an eye misses
    few.save(made, optimize=True)


if __name__ == "__main__":
    main()
