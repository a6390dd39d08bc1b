"""One busy office is made once; every test gets a copy of its folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.office.parts import open_office
from tests.keeping.desk import Kept, busy_desk
from tests.support.office import FakeClock


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The busy office, closed."""
    made = busy_desk(tmp_path_factory.mktemp("pattern") / "home")
    made.close()
    return Kept(made.home, made.clock, made.parts)


@pytest.fixture
def desk(pattern: Kept, tmp_path: Path) -> Iterator[Kept]:
    """A copy of the busy office, open."""
    home = tmp_path / "home"
    shutil.copytree(pattern.home, home)
    clock = FakeClock(pattern.clock.now())
    kept = Kept(home, clock, open_office(home, clock))
    yield kept
    kept.parts.close()
