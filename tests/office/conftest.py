"""An office at work in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import Desk

START = "2026-10-05 08:20"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The office on a Monday morning."""
    made = Desk(tmp_path / "office", START)
    yield made
    made.close()
