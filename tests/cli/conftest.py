"""A working folder made by ``motcua init``."""

from pathlib import Path

import pytest

from tests.cli.hands import motcua


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh working folder."""
    said = motcua(None, "init", str(tmp_path / "office"))
    assert said.code == 0, said.err
    return tmp_path / "office"
