"""Keeps a database of this version for the tests, before it is tagged: python tools/keep_version.py

Later versions must bring it forward (tests/keeping/test_release.py). Made with the tests' own office, names and all.
"""

import gzip
import shutil
import sys
import tempfile
from pathlib import Path

from daemon import __version__
from daemon.store.copies import copy_to
from tests.keeping.desk import busy_desk

TARGET = Path(__file__).resolve().parent.parent / "tests" / "keeping" / "versions"


def main() -> None:
    """Write tests/keeping/versions/<version>.db.gz."""
    TARGET.mkdir(exist_ok=True)
    path = TARGET / f"{__version__}.db.gz"
    if path.exists() and "--again" not in sys.argv:
        sys.exit(f"{path} is there already: raise the version, or say --again before it is tagged.")
    with tempfile.TemporaryDirectory() as work:
        desk = busy_desk(Path(work) / "home")
        copy_to(desk.parts.database, Path(work) / "copy")
        desk.close()
        with (Path(work) / "copy").open("rb") as source, gzip.GzipFile(path, "wb", mtime=0) as packed:
            shutil.copyfileobj(source, packed)
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
