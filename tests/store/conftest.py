"""One store for each engine: SQLite always, PostgreSQL where it is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.store.database import Database
from daemon.store.originals import Originals
from daemon.store.store import Store
from tests.support.office import ZONE


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return "sqlite:///var/motcua.db"
    fresh: str = request.getfixturevalue("server").fresh()
    return fresh


def open_store(url: str, home: Path, office: str = "PCBK") -> Store:
    """Open a store as the office does."""
    database = Database(url, home)
    database.migrate()
    return Store(database, Originals(home / "var" / "originals"), office, ZONE)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = open_store(url, tmp_path)
    yield made
    made.database.close()
