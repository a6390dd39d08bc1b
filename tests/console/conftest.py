"""A desk with a morning's work on it, five people, and the console over it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("argon2")

from argon2 import PasswordHasher

from daemon.console.app import make_app
from daemon.store.users import User
from tests.console.hands import PASSWORD, Browser, add_user, signed_in
from tests.support.office import Desk

PEOPLE = {
    "lan": ("Nguyễn Thị Lan", "agent"),
    "hung": ("Trần Văn Hùng", "agent"),
    "thu": ("Hoàng Thị Thu", "chief"),
    "duc": ("Nông Văn Đức", "leader"),
    "quantri": ("Quản trị", "administrator"),
}
HASH = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
START = "2026-11-23 08:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An office at eight in the morning."""
    made = Desk(tmp_path / "home", START)
    yield made
    made.close()


@pytest.fixture
def users(desk: Desk) -> dict[str, User]:
    """Five people, one of each role and a second agent."""
    return {name: add_user(desk, name, title, role, HASH) for name, (title, role) in PEOPLE.items()}


@pytest.fixture
def app(desk: Desk) -> Iterator[Any]:
    """The console over the office."""
    made = make_app(desk.home, desk.clock, desk.parts)
    yield made
    made.state.console.figures.close()


@pytest.fixture
def lan(desk: Desk, app: Any, users: dict[str, User]) -> Browser:
    """An agent."""
    return signed_in(desk, app, users["lan"])


@pytest.fixture
def hung(desk: Desk, app: Any, users: dict[str, User]) -> Browser:
    """Another agent."""
    return signed_in(desk, app, users["hung"])


@pytest.fixture
def thu(desk: Desk, app: Any, users: dict[str, User]) -> Browser:
    """The chief."""
    return signed_in(desk, app, users["thu"])


@pytest.fixture
def admin(desk: Desk, app: Any, users: dict[str, User]) -> Browser:
    """The administrator."""
    return signed_in(desk, app, users["quantri"])
