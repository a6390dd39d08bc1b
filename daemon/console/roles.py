"""Who may see and do what in the console."""

from collections.abc import Mapping
from types import MappingProxyType

from daemon.office.parts import Parts
from daemon.store.users import User

_AGENTS = frozenset({"agent", "chief", "administrator"})
MAY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "see": frozenset({"agent", "chief", "leader", "administrator"}),
        "work": _AGENTS,
        "hand_over": frozenset({"chief", "administrator"}),
        "figures": frozenset({"agent", "chief", "leader", "administrator"}),
        "settings": frozenset({"chief", "administrator"}),
        "files": frozenset({"administrator"}),
        "users": frozenset({"administrator"}),
    }
)


def may(user: User, what: str, parts: Parts) -> bool:
    """Say whether a user may do something; who may release answers is the office's own choice."""
    if what == "release":
        return user.role in parts.settings.file.console.release
    return user.role in MAY[what]
