"""Faults of a template's tags, each with the table cell or paragraph where it stands."""

from collections.abc import Mapping
from typing import Any

from daemon.documents.package import Package


def tag_faults(package: Package, values: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    return []
