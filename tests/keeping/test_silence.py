"""The program tells nobody outside what it does: libraries that report to their makers are kept from it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.keeping.elsewhere import ROOT

_LOAD = "from daemon.scans import recognise; engines = recognise.load(); print(len(engines.missing))"


def test_the_engines_leave_no_trace_of_reports(tmp_path: Path) -> None:
    """onnxruntime writes a device's name and a queue of reports below the home folder where it may; here it may not."""
    pytest.importorskip("onnxruntime")
    # A library that thinks itself under test keeps quiet for that reason.
    quiet = ("CI", "PYTEST", "GITHUB", "BUILD", "TF_BUILD", "ORT_", "XDG_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(quiet)}
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _LOAD], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
