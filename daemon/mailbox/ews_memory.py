"""What the Exchange back end remembers between runs: how far it has seen the folders, and what still lies in the inbox.

The sync state and the ids that it stands for are saved together: whatever happens between two saves, either a change is
told again or the id is still on the list. Losing all of it means one full look, in which nothing is lost or doubled.
"""

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from daemon.mailbox.base import StateKeeper

_log = logging.getLogger(__name__)
_VERSION = 1


@dataclass(slots=True)
class Lying:
    """An item in the inbox: when the server received it (aware, None unknown), its size in bytes, its place in line."""

    received: dt.datetime | None
    size: int
    place: int

    @property
    def order(self) -> tuple[float, int]:
        """Oldest first; without a time, as the server told of it."""
        return (self.received.timestamp() if self.received else 0.0, self.place)


@dataclass(slots=True)
class Memory:
    """Sync states by folder (``inbox``, ``sent``, ``drafts``) and the inbox's items by id."""

    states: dict[str, str] = field(default_factory=dict)
    lying: dict[str, Lying] = field(default_factory=dict)
    place: int = 0

    def add(self, identifier: str, received: dt.datetime | None, size: int) -> None:
        """Note an item of the inbox; one already known keeps its place."""
        known = self.lying.get(identifier)
        if known is None:
            self.place += 1
            self.lying[identifier] = Lying(received, size, self.place)
        elif size:
            known.size = size

    def waiting(self, since: dt.date | None, zone: dt.tzinfo | None) -> Iterator[tuple[str, Lying]]:
        """Yield what lies in the inbox, oldest first, and still lies there when its turn comes.

        What was received before the day ``since`` began in ``zone`` is left alone.
        """
        begin = dt.datetime.combine(since, dt.time(), tzinfo=zone) if since else None
        for _, identifier in sorted((lying.order, identifier) for identifier, lying in self.lying.items()):
            lying = self.lying.get(identifier)
            if lying is not None and not (begin and lying.received and lying.received < begin):
                yield identifier, lying


def load(keeper: StateKeeper, owner: str) -> Memory:
    """Return what was kept for ``owner`` (endpoint and mailbox), an empty memory where nothing fits."""
    try:
        kept = json.loads(keeper.load() or b"null")
        if kept is None or kept["version"] != _VERSION or kept["owner"] != owner:
            return Memory()
        memory = Memory({str(name): str(state) for name, state in kept["states"].items()}, {}, int(kept["place"]))
        for identifier, (received, size, place) in kept["lying"].items():
            at = dt.datetime.fromtimestamp(received, dt.UTC) if received is not None else None
            memory.lying[str(identifier)] = Lying(at, int(size), int(place))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Memory()
    return memory


def save(keeper: StateKeeper, owner: str, memory: Memory) -> None:
    """Keep the memory for ``owner``; where the disk refuses, go on without: the next look is a full one."""
    lying = {
        identifier: (item.received.timestamp() if item.received else None, item.size, item.place)
        for identifier, item in memory.lying.items()
    }
    kept = {"version": _VERSION, "owner": owner, "states": memory.states, "place": memory.place, "lying": lying}
    try:
        keeper.save(json.dumps(kept).encode())
    except OSError as error:
        _log.warning("the sync state was not kept: %s", error)
