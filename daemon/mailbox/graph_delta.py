"""Rounds of Graph's delta query over one folder. A link that is lost means a full round, in which nothing is lost.

A round may be long (a Sent folder of years): a call follows a bounded number of pages and the caller keeps the link of
the page that is next, so that neither the loop waits nor a restart begins anew.
"""

from dataclasses import dataclass, field
from typing import Any

from daemon.mailbox.graph_link import Answered, Link, Lost

_PAGES_A_CALL = 20
_PAGE = "odata.maxpagesize=500"
_LOST = (400, 404, 410)  # 410 is what is documented; links of another time and shape have met the others


@dataclass(slots=True)
class Round:
    """What a call told: the items in order (those with ``@removed`` have left), the link to go on with.

    ``anew`` is true where the round began without a link, so that what is not told is not there; ``done`` is false
    where more pages wait behind the link.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    link: str = ""
    anew: bool = False
    done: bool = False

    @property
    def news(self) -> bool:
        """Whether anything changed, or cannot be told yet."""
        return bool(self.items) or self.anew or not self.done


def changes(link: Link, folder: str, select: str, kept: str | None) -> Round:
    """Return what changed in ``folder`` (a well-known name) since the link ``kept``, everything without one."""
    if kept:
        try:
            return _follow(link, kept, anew=False)
        except Answered as error:
            if error.status not in _LOST and error.code not in ("SyncStateNotFound", "resyncRequired"):
                raise
    return _follow(link, f"/mailFolders/{folder}/messages/delta?$select={select}", anew=True)


def _follow(link: Link, path: str, *, anew: bool) -> Round:
    found = Round(link=path, anew=anew)
    for _ in range(_PAGES_A_CALL):
        page = link.page(found.link, _PAGE)
        listed = page.get("value")
        following, end = page.get("@odata.nextLink"), page.get("@odata.deltaLink")
        if not isinstance(listed, list) or not (following or end):
            raise Lost("Microsoft Graph trả lời thiếu liên kết đồng bộ; sẽ tự thử lại.", True)
        found.items += [each for each in listed if isinstance(each, dict) and each.get("id")]
        found.link = str(end or following)
        if end:
            found.done = True
            break
    return found
