"""What a decision stands on: the procedure, the calendar, the units, the office's card and its switches. Values only."""

from dataclasses import dataclass

from daemon.desk.calendar import Calendar
from daemon.desk.office_card import Office
from daemon.desk.procedure import Procedure
from daemon.desk.unit import Units


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What may go out by itself (contract, "Who may do what"); answers never do."""

    requests: bool = True
    slips: bool = True
    reminders: bool = True
    receipts: bool = True
    reports: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """One office's rules as ``decide`` needs them. ``agents`` are addresses for reminders to the agents themselves."""

    procedure: Procedure
    calendar: Calendar
    units: Units
    office: Office
    outgoing: Outgoing = Outgoing()
    agents: tuple[str, ...] = ()
