"""What every test shares: in the full check a server or package that is not there is a failure, not a silent skip."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.servers import postgres

_ABSENT = ("not installed", "could not import", "no postgresql", "chưa cài", "thiếu")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Turn a skip for something absent into a failure where everything is required (``tools/check``)."""
    report = yield
    if report.skipped and os.environ.get("MOTCUA_REQUIRE_SERVERS") == "1":
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
        if any(word in reason.lower() for word in _ABSENT):
            report.outcome = "failed"
            report.longrepr = f"needed for the full check: {reason}"
    return report


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """The PostgreSQL server of this run."""
    if why := postgres.missing():
        pytest.skip(why)
    made = postgres.Server()
    yield made
    made.close()
