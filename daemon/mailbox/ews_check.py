"""``check --live`` for Exchange: what an administrator wants to see of folders and rights, in plain words."""

import time
from collections.abc import Callable
from typing import Any

from exchangelib.properties import ItemId

from daemon.desk.trouble import Trouble
from daemon.mailbox.base import Finding
from daemon.mailbox.clock import clock_finding, utc_now
from daemon.mailbox.ews_link import Link, aware

_RIGHTS = {"read": "đọc", "create_contents": "ghi", "modify": "sửa", "delete": "xóa, chuyển"}
_NEEDED = {"inbox": ("read", "delete"), "sent": ("read", "create_contents"), "drafts": tuple(_RIGHTS)}


def entry(link: Link, endpoint: str, taken_folder: Callable[[Any], Any]) -> list[Finding]:
    """Log in even while a refusal is remembered; show the server's version, the folders and the rights on each."""
    what = f"Hộp thư Exchange {endpoint}"
    link.close()
    try:
        with link.talk(knock=True) as account:
            folders = {name: getattr(account, name) for name in _NEEDED}
            shown = ", ".join(f"{folder.name} {folder.total_count or 0} thư" for folder in folders.values())
            version, taken = account.protocol.version, taken_folder(account).name
            rights = [_rights(folder, _NEEDED[name]) for name, folder in folders.items()]
    except Trouble as trouble:
        return [Finding(what, False, str(trouble))]
    say = f"Đăng nhập được ({version.fullname or version}); các thư mục: {shown}; thư đã tiếp nhận vào: {taken}."
    return [Finding(what, True, say), *rights]


def _rights(folder: Any, needed: tuple[str, ...]) -> Finding:
    what, given = f"Quyền trên {folder.name}", folder.effective_rights
    if given is None:
        return Finding(what, True, "Máy chủ không cho biết; việc ghi thử bản nháp sẽ cho thấy.")
    named = ", ".join(word for name, word in _RIGHTS.items() if getattr(given, name)) or "không có quyền nào"
    lacking = ", ".join(_RIGHTS[name] for name in needed if not getattr(given, name))
    if lacking:
        return Finding(
            what, False, f"Có: {named}. Thiếu: {lacking}; quản trị Exchange hãy cấp quyền đầy đủ (Full Access)."
        )
    return Finding(what, True, f"Có: {named}.")


def draft(link: Link, save_draft: Callable[[bytes], str], item_of: Callable[..., Any]) -> Finding:
    """Write a draft and delete it; compare the clocks by the time the server gave it."""
    before = utc_now()
    raw = b"Subject: motcua\r\nMessage-ID: <check.%d@motcua.invalid>\r\n\r\n" % time.time_ns()
    try:
        key = save_draft(raw)
        with link.talk() as account:
            item = item_of(account, key, ("datetime_created",))
            account.bulk_delete(ids=[ItemId(id=key)])
    except Trouble as trouble:
        return Finding("Bản nháp", False, str(trouble))
    return clock_finding("Bản nháp", None if isinstance(item, Exception) else aware(item.datetime_created), before)
