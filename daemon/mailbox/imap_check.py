"""``check --live`` for IMAP: the folders, the rights on each where the server tells them, a draft, the clocks."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from daemon.desk.trouble import Trouble
from daemon.mailbox.base import Finding
from daemon.mailbox.clock import clock_finding, utc_now
from daemon.mailbox.imap_answers import aware
from daemon.mailbox.imap_link import Link

_RIGHTS = {"r": "đọc", "i": "ghi", "t": "đánh dấu xóa", "e": "xóa hẳn"}  # RFC 4314; the older d is t and e
_NEEDED = {"inbox": "rte", "sent": "ri", "drafts": "rite", "taken": "i"}


def entry(link: Link, host: str, inbox: str, folder: Callable[[Any, str], str]) -> list[Finding]:
    """Log in even while a refusal is remembered; name the folders and, where the server knows ACL, the rights."""
    what = f"Hộp thư IMAP {host}"
    link.close()
    try:
        with link.talk(knock=True) as client:
            count = client.select_folder(inbox, readonly=True).get(b"EXISTS", 0)
            link.unselect()
            names = {"inbox": inbox, **{kind: folder(client, kind) for kind in ("sent", "drafts", "taken")}}
            rights = list(_rights(client, names))
    except Trouble as trouble:
        return [Finding(what, False, str(trouble))]
    say = (
        f"Đăng nhập được; hộp đến có {count} thư; thư đã gửi: {names['sent']}; bản nháp: {names['drafts']}; "
        f"đã tiếp nhận: {names['taken']}."
    )
    return [Finding(what, True, say), *rights]


def _rights(client: Any, names: dict[str, str]) -> Iterator[Finding]:
    if not client.has_capability("ACL"):
        return
    for kind, name in names.items():
        answer = bytes(client._command_and_check("myrights", client._normalise_folder(name))[0])
        given = answer.rpartition(b" ")[2].decode("ascii", "replace")
        given += "te" if "d" in given else ""
        lacking = ", ".join(_RIGHTS[right] for right in _NEEDED[kind] if right not in given)
        if lacking:
            yield Finding(f"Quyền trên {name}", False, f"Thiếu: {lacking}; quản trị máy chủ thư hãy cấp thêm.")
        else:
            named = ", ".join(word for right, word in _RIGHTS.items() if right in given)
            yield Finding(f"Quyền trên {name}", True, f"Có: {named}.")


def draft(
    link: Link, save: Callable[[bytes], str], remove: Callable[[str], None], uid_of: Callable[[Any, str], int | None]
) -> Finding:
    """Write a draft and delete it; compare the clocks by the time the server gave it."""
    before = utc_now()
    try:
        key = save(b"Subject: motcua\r\nMessage-ID: <check.%d@motcua.invalid>\r\n\r\n" % time.time_ns())
        with link.talk() as client:
            uid = uid_of(client, key)
            answer = client.fetch([uid], [b"INTERNALDATE"]).get(uid, {}) if uid else {}
        remove(key)
    except Trouble as trouble:
        return Finding("Bản nháp", False, str(trouble))
    return clock_finding("Bản nháp", aware(answer.get(b"INTERNALDATE")), before)
