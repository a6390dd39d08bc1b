"""The demo's script as values: who does what and when. Reads data/script.toml and refuses what it does not know."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
ACTS = ("export", "mail", "drop", "scan", "note", "reply", "bounce", "agent", "send_draft", "signed", "report")
_BESIDES = frozenset({"at", "who", "what", "ticket", "paper", "text"})


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that somebody outside the program does.

    ``act`` is one of ``ACTS`` and ``content`` what the script says of it. ``ticket`` is the script's own name for a
    ticket, empty where there is none; ``paper`` what stands on a scanned paper; ``text`` what an agent types.
    """

    at: dt.datetime
    who: str
    what: str
    act: str
    content: Any
    ticket: str = ""
    paper: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """The whole play: when it begins and ends, and the scenes in order of time."""

    begins: dt.datetime
    ends: dt.datetime
    scenes: tuple[Scene, ...]


def load_script(zone: dt.tzinfo, path: Path = DATA / "script.toml") -> Script:
    """Return the script with its times in the office's zone. Raises ValueError where a scene is not what it should be."""
    table = tomllib.loads(path.read_text("utf-8"))
    scenes = tuple(_scene(row, zone) for row in table["scenes"])
    if list(scenes) != sorted(scenes, key=lambda scene: scene.at):
        raise ValueError("the scenes are not in order of time")
    return Script(_time(table["begins"], zone), _time(table["ends"], zone), scenes)


def _scene(row: Mapping[str, Any], zone: dt.tzinfo) -> Scene:
    acts = [name for name in row if name in ACTS]
    strange = set(row) - set(ACTS) - _BESIDES
    if len(acts) != 1 or strange:
        raise ValueError(f"{row.get('at')}: one act wanted, found {acts}; unknown: {sorted(strange)}")
    (act,) = acts
    more = {name: row[name] for name in ("ticket", "paper", "text") if name in row}
    return Scene(_time(row["at"], zone), row["who"], row["what"], act, row[act], **more)


def _time(text: str, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)
