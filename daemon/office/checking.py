"""``motcua check``: everything that is wrong, at once: configuration, templates, database, tools, and the mailbox if asked."""

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from daemon import extras
from daemon.desk import mails
from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.office import fitting, telling
from daemon.office.credentials import held_back
from daemon.office.parts import Parts, open_mailbox, open_office, open_other_way
from daemon.settings.calendar import calendar_warnings
from daemon.settings.whole import Settings, Ways, load, load_alone
from daemon.store import diary

if TYPE_CHECKING:
    from daemon.mailbox.base import Mailbox
    from daemon.mailbox.smtp import Smtp

T = TypeVar("T")


@dataclass
class Findings:
    """What was found: errors keep the office from working, warnings should be seen to, good lines reassure."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)


def check_all(home: Path, live: bool) -> Findings:
    """Look at everything and return what was found; the mailbox is tried whatever else is wrong. Raises TryLater (database)."""
    found = Findings()
    settings = _settings(home, found)
    if not (home / "config").is_dir():
        return found
    _templates(home, settings, found)
    _other_files(home, found, settings)
    _folders(home, found)
    _tools(found)
    if settings is None:
        _mailbox_alone(home, live, found)
        return found
    with contextlib.closing(_Ways(settings, live, found)) as ways:
        sound = not found.errors
        _examples(settings, live, found)
        if live:
            ways.check(found)
    if sound:
        parts = open_office(home, settings=settings)
        try:
            _database(parts, found)
        finally:
            parts.close()
    return found


def _mailbox_alone(home: Path, live: bool, found: Findings) -> None:
    """Try the mailbox by what config/desk.toml says, whatever keeps the other files from being read."""
    if alone := load_alone(home):
        with contextlib.closing(_Ways(alone, live, found)) as ways:
            if live:
                ways.check(found)


def _settings(home: Path, found: Findings) -> Settings | None:
    try:
        settings = load(home, dt.datetime.now(dt.UTC).date())
    except Refused as problem:
        found.errors += str(problem).splitlines()
        return None
    found.good.append(
        f"cấu hình: {settings.file.office.name}, {len(settings.desk.units.by_id)} đơn vị, {len(settings.places)} địa danh"
    )
    found.warnings += calendar_warnings(settings.desk.calendar, dt.datetime.now(settings.file.zone).date())
    found.errors += _mail_marks(settings)
    if not settings.file.alarm.administrator:
        found.warnings.append(
            "config/desk.toml: chưa ghi alarm.administrator, máy hỏng thì chỉ báo trong inbox/ và status"
        )
    if why := telling.no_way_out(settings.file.alarm):
        found.warnings.append(f"config/desk.toml: {why}")
    found.warnings += fitting.left_of_example(settings)
    if strange := sorted({each.unit for each in settings.places if each.unit} - {*settings.desk.units.by_id}):
        found.warnings.append(
            f"config/places.toml: địa danh ghi đơn vị không có trong config/units.toml: {', '.join(strange)}. Yêu cầu ở đó sẽ "
            f"gửi {settings.desk.procedure.fallback_unit}; thêm đơn vị, hoặc sửa unit của các địa danh ấy"
        )
    return settings


def _examples(settings: Settings, live: bool, found: Findings) -> None:
    """Addresses that nobody has: mails to the units are lost, the mailbox itself may work well."""
    if invented := _invented(settings):
        # An office whose own mailbox is an example as well is a rehearsal: nothing of it can reach the outside.
        rehearsal = _is_example(settings.file.mailbox_address)
        (found.errors if live and not rehearsal else found.warnings).append(
            f"config/units.toml: còn địa chỉ ví dụ (.example), thư sẽ không đến nơi: {', '.join(invented)}. "
            "Ghi địa chỉ thật của các đơn vị này"
        )


def _is_example(address: str) -> bool:
    return address.endswith(".example")


def _invented(settings: Settings) -> list[str]:
    """The units, and the leaders, that mails go to at addresses of the shipped examples (RFC 2606: nobody has them)."""
    units = settings.desk.units
    names = [
        unit.id
        for unit in units.by_id.values()
        for card in unit.cards
        if any(map(_is_example, (*card.addresses, card.chief_address or "", card.duty_address or "")))
    ]
    return list(dict.fromkeys([*names, *(["leaders"] if any(map(_is_example, units.leaders)) else [])]))


def _mail_marks(settings: Settings) -> list[str]:
    """Marks of mail texts that nothing fills in."""
    offered = {*mails.OFFERED, "period", "sentences"}
    return [
        f"config/procedures ({procedure.id}): mails.{name}: không có giá trị {{{mark}}}"
        for procedure in settings.procedures
        for name, text in procedure.mails.items()
        for mark in mails.marks(f"{text.subject}\n{text.body}")
        if mark not in offered or (mark == "letter" and name != "answer")
    ]


def _templates(home: Path, settings: Settings | None, found: Findings) -> None:
    from daemon.documents.check import check_templates

    folder = home / "templates"
    faults = check_templates(folder)
    found.errors += [f"templates/{fault.file}: {fault.place}: {fault.found}; cần {fault.wanted}" for fault in faults]
    for procedure in settings.procedures if settings else ():
        for template, place in procedure.templates().items():
            if not (folder / template).is_file():
                found.errors.append(f"config/procedures ({procedure.id}): {place}: không có mẫu templates/{template}")
    if not faults:
        found.good.append(f"mẫu văn bản: {len(list(folder.glob('*.docx')))} tệp")


def _other_files(home: Path, found: Findings, settings: Settings | None) -> None:
    """Files read only when first needed: look at them now, not at 16:55."""
    from daemon.settings.forms import load_forms
    from daemon.settings.lookups import load_mappings
    from daemon.settings.reading import load_reading
    from daemon.settings.reply_words import load_reply_words
    from daemon.settings.retention import load_retention
    from daemon.settings.tariffs import load_tariffs

    config = home / "config"
    readers: list[Callable[[], object]] = [
        lambda: _codes(load_reading(config / "reading.toml").code_units.values(), settings, found),
        lambda: load_reply_words(config / "reply-words.toml"),
        lambda: _names_in_exports(load_mappings(config / "lookups.toml").units, settings, found),
        lambda: load_tariffs(config / "tariffs.toml"),
        lambda: load_forms(config / "forms"),
        lambda: load_retention(config / "retention.toml"),
    ]
    for read in readers:
        _told(read, found)


def _told(read: Callable[[], T], found: Findings, *, hard: bool = False) -> T | None:
    """Return what was read, None where it could not be; then that is among the findings, a passing trouble as well if ``hard``."""
    try:
        return read()
    except Trouble as problem:
        mild = isinstance(problem, TryLater) and not hard
        (found.warnings if mild else found.errors).extend(str(problem).splitlines())
    return None


class _Ways:
    """The mailbox and the way out for alarms, as far as their tables can be read; connects with ``check`` only."""

    def __init__(self, settings: Ways, live: bool, found: Findings) -> None:
        self._mailbox: Mailbox | None = None
        self._other: Smtp | None = None
        if held := held_back(settings):
            found.warnings.append(held)
            return
        self._mailbox = _told(lambda: open_mailbox(settings), found, hard=live)
        self._other = _told(lambda: open_other_way(settings), found, hard=live)

    def check(self, found: Findings) -> None:
        """Connect; a server that cannot be reached is one of the findings, so that all others are told beside it."""
        for title, way in (("hộp thư", self._mailbox), ("đường gửi báo động", self._other)):
            for finding in (_told(way.check, found, hard=True) or ()) if way else ():
                (found.good if finding.well else found.errors).append(f"{title}: {finding.what}: {finding.say}")

    def close(self) -> None:
        """Let go of the mailbox."""
        if self._mailbox:
            self._mailbox.close()


def _codes(units: Collection[str], settings: Settings | None, found: Findings) -> None:
    _units_named("reading.toml: [codes] dẫn mã khách hàng", units, settings, found)
    if settings is not None:
        found.warnings += fitting.units_nobody_leads_to(settings, units)


def _names_in_exports(units: Collection[str], settings: Settings | None, found: Findings) -> None:
    _units_named("lookups.toml: [units] dẫn tên trong bản xuất", units, settings, found)
    if settings is not None:
        found.warnings += fitting.names_missing_in_exports(settings, units)


def _units_named(where: str, units: Iterable[str], settings: Settings | None, found: Findings) -> None:
    """Warn of the units that a file leads to and this office does not have."""
    if settings is not None and (strange := sorted(set(units) - {*settings.desk.units.by_id})):
        found.warnings.append(
            f"config/{where} tới đơn vị không có trong config/units.toml: {', '.join(strange)}. Sửa bảng ấy theo đơn vị của bạn"
        )


def _folders(home: Path, found: Findings) -> None:
    for name in ("inbox", "outbox", "var"):
        folder = home / name
        if not folder.is_dir():
            found.warnings.append(f"chưa có thư mục {name}/, sẽ được tạo khi chạy")
        elif not os.access(folder, os.W_OK):
            found.errors.append(f"thư mục {name}/ không cho ghi: sửa quyền cho người dùng chạy motcua")
    place = next((each for each in (home / "var", home) if each.exists()), Path())
    free = shutil.disk_usage(place).free
    if free < 1_000_000_000:
        found.warnings.append(f"ổ đĩa chỉ còn {free // 1_000_000} MB trống")


def _tools(found: Findings) -> None:
    from daemon.documents.pdf import program

    if program() is None:
        found.warnings.append(
            "không có LibreOffice: vẫn làm việc được, chỉ không xuất PDF (apt install libreoffice-writer-nogui)"
        )
    found.warnings += _missing_engines()


def _missing_engines() -> tuple[str, ...]:
    try:
        from daemon.scans.recognise import load
    except ImportError as missing:
        return (
            f"chưa đọc được bản quét: thiếu {missing.name}; cài bằng: {extras.command('ocr', 'handwriting')}. "
            "Tờ quét sẽ vào inbox/can-xem để nhập tay",
        )
    return tuple(load().missing)


def _database(parts: Parts, found: Findings) -> None:
    broken = [
        *parts.store.broken_chains(),
        *(f"nhật ký của phòng, dòng {seq}" for seq in diary.broken(parts.store)),
    ]
    found.errors += [f"nhật ký sự kiện bị sửa hoặc mất: {each}" for each in broken]
    steps = parts.desk.procedure.steps
    for ticket in parts.store.unfinished():
        if ticket.step and ticket.step not in steps:
            found.errors.append(f"phiếu {ticket.number}: bước đang làm không còn trong quy trình")
        if ticket.unit and ticket.unit not in parts.desk.units.by_id:
            found.errors.append(
                f"phiếu {ticket.number}: đơn vị {ticket.unit} không còn trong config/units.toml. Ghi lại đơn vị ấy (thẻ có ngày to), "
                f"hoặc chuyển phiếu: motcua set {ticket.number} unit=…"
            )
    found.warnings += parts.lookups.warnings()
    if not broken:
        found.good.append(f"cơ sở dữ liệu: {sum(parts.store.counts().values())} phiếu, nhật ký nguyên vẹn")


def lines(found: Findings) -> Iterator[str]:
    """Yield what was found for a person, errors last."""
    yield from (f"ĐƯỢC: {line}" for line in found.good)
    yield from (f"LƯU Ý: {line}" for line in found.warnings)
    yield from (f"LỖI: {line}" for line in found.errors)
