"""The command on a machine that lacks some packages: processes, and their children, in which these are not to be found."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Read by every Python at its start (site), also by the processes that the command starts.
_CUSTOM = """
import os, sys

class Without:
    def __init__(self, inner):
        self.inner = inner

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in GONE else self.inner.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self.inner, name)

GONE = set(os.environ["TEST_GONE"].split(","))
sys.meta_path[:] = [Without(each) for each in sys.meta_path]
for name in [name for name in sys.modules if name.partition(".")[0] in GONE]:
    del sys.modules[name]
"""


def surroundings(folder: Path, gone: tuple[str, ...]) -> dict[str, str]:
    """Return an environment in which some top-level packages are not installed; ``folder`` is for what that needs."""
    (folder / "sitecustomize.py").write_text(_CUSTOM, "utf-8")
    path = os.pathsep.join((str(folder), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "TEST_GONE": ",".join(gone)}


def motcua(folder: Path, gone: tuple[str, ...], *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end where some packages are not installed."""
    return subprocess.run(
        [sys.executable, "-m", "daemon", *words],
        cwd=folder,
        env=surroundings(folder, gone),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
