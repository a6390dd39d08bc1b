"""Real time for the mailbox: lockouts and comparisons of clocks run by it, whatever the desk's clock says."""

import datetime as dt

from daemon.mailbox.base import Finding


def utc_now() -> dt.datetime:
    """Return the aware time of this machine."""
    return dt.datetime.now(dt.UTC)


def clock_finding(what: str, server: dt.datetime | None, ours: dt.datetime) -> Finding:
    """Say that a draft could be written and removed, and how far the server's clock is from ours."""
    apart = abs((server - ours).total_seconds()) if server else 0.0
    if apart > 120:
        say = f"Ghi và xóa được bản nháp, nhưng đồng hồ máy chủ lệch {apart:.0f} giây so với máy này; hãy chỉnh giờ."
        return Finding(what, False, say)
    return Finding(what, True, f"Ghi và xóa được; đồng hồ hai máy lệch {apart:.0f} giây.")
