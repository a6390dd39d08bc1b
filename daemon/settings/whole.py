"""All of config/ read together: one value for the office, or one Refused that names every error at once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from daemon.desk.calendar import Calendar
from daemon.desk.desk import Desk
from daemon.desk.place import Place
from daemon.desk.procedure import Procedure
from daemon.desk.trouble import Refused
from daemon.settings.calendar import load_calendar
from daemon.settings.desk import DeskFile, load_desk
from daemon.settings.places import load_places
from daemon.settings.procedure import load_procedure
from daemon.settings.rows import Faults
from daemon.settings.units import load_units

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the office's configuration says."""

    home: Path
    file: DeskFile
    desk: Desk
    places: tuple[Place, ...]
    procedures: tuple[Procedure, ...]


class Ways(Protocol):
    """The part of the settings that the ways in and out need: what config/desk.toml says, and where."""

    @property
    def home(self) -> Path:
        """The working folder."""

    @property
    def file(self) -> DeskFile:
        """What config/desk.toml says."""


@dataclass(frozen=True, slots=True)
class DeskAlone:
    """config/desk.toml by itself, where another file keeps the whole from being read."""

    home: Path
    file: DeskFile


def load_alone(home: Path) -> DeskAlone | None:
    """Return what config/desk.toml says by itself, None where it is itself at fault."""
    faults = Faults()
    file = load_desk(home / "config" / "desk.toml", faults)
    return None if faults.lines else DeskAlone(home, file)


def no_home(home: Path) -> str:
    """Return what to say of a folder that holds no office: most often the command was typed in another folder."""
    return (
        f"{home}: không phải thư mục làm việc (thiếu config/). Chỉ đúng thư mục của phòng: motcua --home THƯ-MỤC …, "
        f"hoặc đặt biến MOTCUA_HOME. Chưa có thư mục thì tạo bằng: motcua --home {home} setup"
    )


def load(home: Path, today: dt.date) -> Settings:
    """Read config/ of a working folder. Raises Refused with every error, one a line, each with its file."""
    config = home / "config"
    if not config.is_dir():
        raise Refused(no_home(home))
    faults = Faults()
    file = load_desk(config / "desk.toml", faults)
    units = load_units(config / "units.toml", faults)
    procedures = [
        each for path in sorted((config / "procedures").glob("*.toml")) if (each := load_procedure(path, faults))
    ]
    if not procedures and not faults.lines:
        faults.add("config/procedures", "chưa có quy trình nào")
    calendar = _or_note(
        faults, lambda: load_calendar(config / "calendar", today, file.hours, file.workweek, file.zone), Calendar()
    )
    nowhere: tuple[Place, ...] = ()
    places = _or_note(faults, lambda: load_places(config / "places.toml"), nowhere)
    for procedure in procedures if units.by_id else ():  # without units that fault is told already
        _cross_check(procedure, frozenset(units.by_id), faults)
    faults.refuse()
    desk = Desk(procedures[0], calendar, units, file.office, file.outgoing, file.agents)
    return Settings(home, file, desk, places, tuple(procedures))


def _or_note(faults: Faults, read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Refused as problem:
        faults.lines += str(problem).splitlines()
        return otherwise


def _cross_check(procedure: Procedure, units: frozenset[str], faults: Faults) -> None:
    """What one file says of another: units named by a procedure must be in units.toml."""
    named = {step.unit for step in procedure.steps.values() if step.unit} | {procedure.fallback_unit}
    for unit in sorted(named - units):
        faults.add(
            f"config/procedures ({procedure.id})",
            f"đơn vị {unit!r} không có trong config/units.toml, mà quy trình hỏi đơn vị này: thêm [[units]] của nó",
        )
