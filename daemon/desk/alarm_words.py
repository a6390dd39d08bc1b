"""How an alarm is told to people: its title, the note in inbox/, the mails to the administrator. Rings nothing itself."""

import datetime as dt
from collections.abc import Mapping

from daemon.desk import effects, wording

TITLES: Mapping[str, str] = {
    "mailbox": "Hộp thư",
    "mailbox-soon": "Hộp thư sắp không vào được",
    "inbox": "Thư mục bản quét inbox",
    "exports": "Bản xuất dữ liệu trong inbox/du-lieu",
    "settings": "Cấu hình",
    "ledger": "Sổ theo dõi",
    "drafts": "Dự thảo",
    "reports": "Báo cáo",
    "calendar": "Lịch làm việc",
    "disk": "Ổ đĩa",
    "queue": "Hàng chờ",
    "console": "Trang web của phòng",
}
_EFFECTS: Mapping[str, str] = {
    effects.LOOK_UP: "tra cứu",
    effects.WRITE_DOCUMENT: "soạn văn bản",
    effects.FILE_ORIGINAL: "lưu bản gốc",
    effects.SEND_MAIL: "gửi thư",
    effects.SAVE_DRAFT: "đặt dự thảo vào hộp thư",
    effects.REMOVE_DRAFT: "rút dự thảo khỏi hộp thư",
    effects.READ_SCAN: "đọc bản quét",
    effects.WRITE_REPORT: "báo cáo định kỳ",
    effects.TELL_GROUP: "báo các phiếu cùng sự cố",
    effects.TELL_ADMINISTRATOR: "thư báo động cho quản trị",
}


def title(name: str) -> str:
    """Return what an alarm is about: ``effect-send_mail`` is a kind of work that keeps failing."""
    kind, _, rest = name.partition("-")
    if kind == "effect":
        return f"Việc không làm được: {_EFFECTS.get(rest, rest)}"
    if kind == "folder":
        return f"Thư mục {rest}"
    return TITLES.get(name, name)


def note(name: str, since: dt.datetime, say: str) -> str:
    """Return the text of the note that lies in inbox/ while the alarm rings."""
    return f"{title(name)}\nTừ {wording.time_of(since)}: {say}\n\nTệp này tự mất khi hết sự cố.\n"


def mail(name: str, since: dt.datetime, say: str, office: str, home: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells the administrator of an alarm."""
    return f"[motcua] Cần xem: {title(name)} - {office}", "\n".join(
        (
            f"Chương trình motcua của {office} báo: {title(name)}.",
            "",
            f"Từ {wording.time_of(since)}: {say}",
            "",
            "Những việc khác vẫn chạy; việc đang vướng được giữ lại và tự làm tiếp khi hết sự cố.",
            f"Xem tình hình: motcua --home {home} status",
            "Thư này gửi một lần. Khi hết sự cố sẽ có một thư nữa.",
        )
    )


def over(name: str, since: dt.datetime, until: dt.datetime, office: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells that it works again."""
    return f"[motcua] Đã hết: {title(name)} - {office}", "\n".join(
        (
            f"Chương trình motcua của {office} báo: {title(name)} đã hoạt động lại.",
            "",
            f"Sự cố từ {wording.time_of(since)} đến {wording.time_of(until)}.",
        )
    )
