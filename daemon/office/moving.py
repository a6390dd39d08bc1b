"""``motcua migrate-to URL``: the office's records into another database. The old one stays as it was."""

from collections.abc import Iterator

from daemon.desk.trouble import Refused
from daemon.office.parts import Parts
from daemon.store.database import Database
from daemon.store.moving import move
from daemon.store.store import Store


def migrate_to(parts: Parts, url: str) -> Iterator[str]:
    """Copy everything, compare counts, digests and the chain of events, and yield what was done, line by line.

    The models speak to the new database afterwards. Raises Refused where something does not agree: nothing was written.
    """
    if url == parts.settings.file.database_url:
        raise Refused("Đây chính là cơ sở dữ liệu đang dùng ([database] url trong config/desk.toml).")
    target = Database(url, parts.home)
    target.migrate()
    moved = move(parts.database, target, parts.store.office)
    for each in moved:
        yield f"{each.table}: {each.rows} dòng, {each.digest[:16]}… khớp"
    broken = Store(target, parts.store.originals, parts.store.office, parts.store.zone).broken_chains()
    target.close()
    if broken:
        raise Refused(f"Chuỗi sự kiện không nguyên vẹn, kiểm tra cơ sở dữ liệu cũ: {'; '.join(broken[:3])}")
    yield f"Đã chuyển {sum(each.rows for each in moved)} dòng; chuỗi sự kiện nguyên vẹn."
    yield "Bước cuối: dừng motcua, ghi url mới vào [database] trong config/desk.toml rồi chạy: motcua check"
