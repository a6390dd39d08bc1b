"""The readers of a working folder, else of the configuration that the package ships: a dry run works anywhere."""

from dataclasses import dataclass
from pathlib import Path

from daemon.desk.place import Place
from daemon.office.founding import shipped
from daemon.reading.places import Gazetteer
from daemon.reading.request import RequestReader
from daemon.settings.desk import load_desk
from daemon.settings.places import load_places
from daemon.settings.reading import load_reading
from daemon.settings.rows import Faults


@dataclass(frozen=True)
class Readers:
    """What a dry run reads with; ``config`` is where it came from."""

    config: Path
    code_pattern: str
    places: tuple[Place, ...]
    gazetteer: Gazetteer
    requests: RequestReader


def readers_of(home: Path) -> Readers:
    """Return the readers of a working folder. Raises Refused with every error of its configuration."""
    config = home / "config" if (home / "config").is_dir() else shipped("config")
    faults = Faults()
    pattern = load_desk(config / "desk.toml", faults).code_pattern
    faults.refuse()
    places = load_places(config / "places.toml")
    gazetteer = Gazetteer(places)
    reader = RequestReader(gazetteer, load_reading(config / "reading.toml"), pattern)
    return Readers(config, pattern, places, gazetteer, reader)
