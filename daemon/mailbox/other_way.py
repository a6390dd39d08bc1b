"""A way out beside the shared mailbox, for alarms only: an SMTP server of its own. Reads nothing, keeps no copy."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.mailbox.clock import utc_now
from daemon.mailbox.smtp import Smtp, SmtpKeys, deliverer
from daemon.mailbox.state import FileState
from daemon.mailbox.table import build


@dataclass(frozen=True, kw_only=True)
class Config(SmtpKeys):
    """The table ``[alarm.smtp]``: the ``smtp_…`` keys."""

    def faults(self) -> list[str]:
        """Say what is wrong between the values."""
        return [
            *([] if self.smtp_host else ["smtp_host: còn thiếu; hãy ghi tên máy chủ gửi thư."]),
            *self.smtp_faults(),
        ]


def open_other_way(
    table: Mapping[str, Any], home: Path, address: str, clock: Callable[[], dt.datetime] = utc_now
) -> Smtp | None:
    """Return what sends an alarm's mail, None for an empty table. Raises ValueError with all faults of the table."""
    if not table:
        return None
    return deliverer(build(Config, table, home), address, FileState(home / "var" / "alarm-smtp-login.state"), clock)
