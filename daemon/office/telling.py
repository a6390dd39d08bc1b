"""Telling the administrator by mail what is wrong with the machine: once when it begins, once when it is over.

Which alarms ring is ``watching``'s business. The mails are effects like any other: wanted once, sent at most once, seen in
``motcua status`` while they wait. An alarm that ends before its mail went out takes the mail back.
"""

import datetime as dt
import secrets
from typing import Any

from daemon.desk import alarm_words
from daemon.desk.effects import TELL_ADMINISTRATOR, Effect
from daemon.desk.trouble import NeedsPerson, TryLater
from daemon.mailbox.base import Where
from daemon.mailbox.compose import compose
from daemon.office.parts import Parts
from daemon.points import passing
from daemon.settings.alarm import AlarmTable
from daemon.store.store import Claimed

_WANTED, _TOLD = "alarm-mail:", "alarm-told:"
_OWN = f"effect-{TELL_ADMINISTRATOR}"


def begun(parts: Parts, name: str, since: str, say: str) -> None:
    """Want the mail that tells of an alarm, once; none where nobody is configured or no way leads out."""
    if not parts.settings.file.alarm.administrator or name == _OWN or parts.store.note(_WANTED + name) == since:
        return
    if name == "mailbox" and parts.other_way is None:
        return
    with parts.database.write():
        _want(parts, _key(name, since), {"alarm": name, "since": since, "say": say})
        parts.store.keep_note(_WANTED + name, since)


def over(parts: Parts, ringing: dict[str, str]) -> None:
    """Want the mail that tells the end of each alarm told of that no longer rings; ``ringing`` is name → since."""
    for note, since in parts.store.notes(_WANTED).items():
        name = note.removeprefix(_WANTED)
        if not since or ringing.get(name) == since:
            continue
        until = parts.clock.now().isoformat()
        with parts.database.write():
            _want(parts, f"{_key(name, since)}/over", {"alarm": name, "since": since, "until": until})
            parts.store.keep_note(note, "")


def no_way_out(alarm: AlarmTable) -> str | None:
    """Say that the administrator cannot hear of a mailbox in trouble, where the mailbox is the only way to them."""
    if not alarm.administrator or alarm.smtp:
        return None
    return (
        "khi chính hộp thư hỏng, thư báo động không đi được đến quản trị vì chưa khai báo [alarm.smtp]; "
        "hãy khai báo một máy chủ gửi thư khác, hoặc gọi quản trị khi thấy cảnh báo"
    )


def _key(name: str, since: str) -> str:
    return f"alarm/{name}/{since}"


def _want(parts: Parts, key: str, payload: dict[str, Any]) -> None:
    message_id = f"<alarm.{secrets.token_hex(8)}@{parts.settings.file.domain}>"
    parts.store.want(Effect(key, TELL_ADMINISTRATOR, payload), message_id)


# -- carrying out ------------------------------------------------------------------------------------------------------
def tell(parts: Parts, effect: Claimed) -> None:
    """Send one of the two mails. Raises TryLater, Refused or NeedsPerson."""
    name, since = effect.payload["alarm"], effect.payload["since"]
    if "until" in effect.payload:
        if _to_be_told_over(parts, name, since):
            _send(parts, effect)
        return
    if _went_out(parts, effect) or (parts.store.note(f"alarm:{name}:since") == since and _send(parts, effect)):
        parts.store.keep_note(_TOLD + name, since)


def _to_be_told_over(parts: Parts, name: str, since: str) -> bool:
    state = parts.store.effect_state(_key(name, since))
    if state in ("wanted", "claimed"):
        raise TryLater("Chờ thư báo sự cố đi trước.")
    return state == "done" and parts.store.note(_TOLD + name) == since


def _went_out(parts: Parts, effect: Claimed) -> bool:
    """Say whether an earlier attempt worked; by the other way nobody can be asked."""
    if not effect.tried:
        return False
    if parts.other_way is not None:
        raise NeedsPerson(f"Không rõ thư báo động đã gửi hay chưa. Nếu quản trị chưa nhận: motcua retry {effect.id}")
    if any(found.where is Where.SENT for found in parts.mailbox.find(effect.message_id or "")):
        return True
    if parts.mailbox.sent_is_proof:
        return False
    if effect.attempts < 4:
        raise TryLater("Chưa rõ thư báo động đã đi hay chưa, sẽ xem lại trong thư đã gửi.")
    raise NeedsPerson(f"Không rõ thư báo động đã gửi hay chưa: xem thư đã gửi. Nếu chưa: motcua retry {effect.id}")


def _send(parts: Parts, effect: Claimed) -> bool:
    raw = _compose(parts, effect)
    parts.store.about_to(effect)
    try:
        passing("send.before")
        (parts.other_way or parts.mailbox.send)(raw)
        passing("send.after")
    except NeedsPerson as doubt:
        raise TryLater(str(doubt)) from doubt
    except TryLater:
        parts.store.not_tried(effect)
        raise
    return True


def _compose(parts: Parts, effect: Claimed) -> bytes:
    file, payload = parts.settings.file, effect.payload
    office, since = file.office.short_name or file.office.name, dt.datetime.fromisoformat(payload["since"])
    if "until" in payload:
        until = dt.datetime.fromisoformat(payload["until"])
        subject, body = alarm_words.over(payload["alarm"], since, until, office)
    else:
        subject, body = alarm_words.mail(payload["alarm"], since, payload["say"], office, str(parts.home))
    return compose(
        sender=(file.office.desk, file.mailbox_address),
        to=file.alarm.administrator,
        subject=subject,
        body=body,
        date=parts.clock.now(),
        message_id=effect.message_id or "",
        urgent="until" not in payload,
        reply_line=False,
    )
