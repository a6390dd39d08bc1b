"""Every back end runs through the one suite; add a house and it is tested."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.mailbox.base import Mailbox
from tests.contract.houses import HOUSES, House, ImapHouse, Servers

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"  # the servers of these tests are here


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The real servers of this run."""
    made = Servers()
    yield made
    made.close()


@pytest.fixture(params=sorted(HOUSES))
def house(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[House]:
    """A fresh, empty mailbox of each registered back end."""
    made = HOUSES[request.param](tmp_path, servers)
    yield made
    made.close()


@pytest.fixture
def mailbox(house: House) -> Mailbox:
    """The back end under test, opened on its house."""
    return house.open()


@pytest.fixture
def imap(tmp_path: Path, servers: Servers) -> Iterator[ImapHouse]:
    """A fresh account of the IMAP server."""
    made = ImapHouse(tmp_path, servers)
    yield made
    made.close()
