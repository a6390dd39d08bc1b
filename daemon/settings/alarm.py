"""The ``[alarm]`` table of desk.toml: who looks after the machine and hears by mail when something is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daemon.settings.rows import Row

_ADDRESS = re.compile(r"[!-?A-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AlarmTable:
    """To whom alarms go. ``smtp`` is the table of a way out beside the mailbox; whoever opens it checks its keys."""

    administrator: tuple[str, ...] = ()
    smtp: Mapping[str, Any] = field(default_factory=dict)


def alarm_table(row: Row) -> AlarmTable:
    """Return what the table says; ``administrator`` is one address or a list of them."""
    smtp = row.table.get("smtp", {})
    row.asked.add("smtp")
    if not isinstance(smtp, dict):
        row.fault("smtp", "cần một bảng [alarm.smtp]")
        smtp = {}
    made = AlarmTable(_addresses(row), smtp)
    row.done()
    return made


def _addresses(row: Row) -> tuple[str, ...]:
    one = isinstance(row.table.get("administrator"), str)
    given = (row.text("administrator"),) if one else row.texts("administrator", ())
    for address in given:
        if address and not _ADDRESS.fullmatch(address):
            row.fault("administrator", f"{address!r} không phải địa chỉ thư, cần dạng it@congty.vn")
    return tuple(dict.fromkeys(address.lower() for address in given if address))
