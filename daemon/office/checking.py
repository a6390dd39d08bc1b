"""``motcua check``: everything that is wrong, at once: configuration, templates, database, tools, and the mailbox if asked."""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from daemon import extras
from daemon.desk import mails
from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.office import fitting, telling
from daemon.office.credentials import held_back
from daemon.office.parts import Parts, open_office
from daemon.settings.calendar import calendar_warnings
from daemon.settings.whole import Settings, load
from daemon.store import diary


@dataclass
class Findings:
    """What was found: errors keep the office from working, warnings should be seen to, good lines reassure."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)


def check_all(home: Path, live: bool) -> Findings:
    """Look at everything and return what was found. Raises TryLater where the mailbox cannot be reached."""
    found = Findings()
    settings = _settings(home, found, live)
    if not (home / "config").is_dir():
        return found
    _templates(home, settings, found)
    _other_files(home, settings, found)
    _folders(home, found)
    _tools(found)
    if settings is None or found.errors:
        return found
    parts = open_office(home, settings=settings)
    try:
        _database(parts, found)
        if live and not held_back(settings):
            _mailbox(parts, found)
    finally:
        parts.close()
    return found


def _settings(home: Path, found: Findings, live: bool) -> Settings | None:
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
    if invented := _invented(settings):
        # An office whose own mailbox is an example as well is a rehearsal: nothing of it can reach the outside.
        rehearsal = _is_example(settings.file.mailbox_address)
        (found.errors if live and not rehearsal else found.warnings).append(
            f"config/units.toml: còn địa chỉ ví dụ (.example), thư sẽ không đến nơi: {', '.join(invented)}. "
            "Ghi địa chỉ thật của các đơn vị này"
        )
    return settings


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
        if mark not in offered
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


def _other_files(home: Path, settings: Settings | None, found: Findings) -> None:
    """Files read only when first needed: look at them now, not at 16:55."""
    from daemon.office.parts import open_mailbox, open_other_way
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
    if settings is not None:
        if held := held_back(settings):
            found.warnings.append(held)
        else:
            readers.append(lambda: open_mailbox(settings).close())
            readers.append(lambda: open_other_way(settings))
    for read in readers:
        try:
            read()
        except TryLater as problem:
            found.warnings += str(problem).splitlines()
        except Trouble as problem:
            found.errors += str(problem).splitlines()


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


def _mailbox(parts: Parts, found: Findings) -> None:
    for finding in parts.mailbox.check():
        (found.good if finding.well else found.errors).append(f"hộp thư: {finding.what}: {finding.say}")
    for finding in parts.other_way.check() if parts.other_way else ():
        (found.good if finding.well else found.errors).append(f"đường gửi báo động: {finding.what}: {finding.say}")


def lines(found: Findings) -> Iterator[str]:
    """Yield what was found for a person, errors last."""
    yield from (f"ĐƯỢC: {line}" for line in found.good)
    yield from (f"LƯU Ý: {line}" for line in found.warnings)
    yield from (f"LỖI: {line}" for line in found.errors)
