"""The office's own page: calendar, units, costs, what may go out by itself, templates, files, and the diary of changes."""

import calendar as months
import datetime as dt
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from daemon.console.visit import NotFound, Visit
from daemon.desk.trouble import Refused
from daemon.office import editing
from daemon.settings.calendar import calendar_warnings, missing_from
from daemon.settings.tariffs import load_tariffs
from daemon.store import diary as office_diary

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SWITCHES = {
    "requests": ("Phiếu gửi đơn vị", "Tự gửi khi các trường chắc chắn; sự cố luôn gửi ngay."),
    "slips": ("Phiếu hẹn", "Gửi phiếu hẹn cho khách hàng có thư điện tử."),
    "reminders": ("Lời nhắc", "Nhắc đơn vị, trưởng đơn vị và lãnh đạo theo quy trình."),
    "receipts": ("Báo đã nhận", "Báo cho người gửi là đã nhận được thư."),
    "reports": ("Báo cáo định kỳ", "Gửi báo cáo cho các cấp lãnh đạo đúng kỳ."),
}


def show(visit: Visit) -> Response:
    """Show what there is to look after."""
    parts = visit.parts
    today = parts.clock.now().date()
    return visit.show(
        "phong.html",
        title="Phòng",
        warnings=[*calendar_warnings(parts.desk.calendar, today), *parts.lookups.warnings()],
        year=today.year,
        recent=office_diary.read(parts.store, 12),
    )


# -- the calendar ------------------------------------------------------------------------------------------------------
def calendar(visit: Visit) -> Response:
    """Show a year as a calendar to click."""
    parts, year = visit.parts, int(visit.path("year"))
    if not 2000 <= year <= 2100:
        raise NotFound
    known = f"calendar/{year}.toml" in editing.editable(parts)
    try:
        chosen = dt.date.fromisoformat(visit.arg("ngay"))
    except ValueError:
        chosen = None
    return visit.show(
        "phong-lich.html",
        title=f"Lịch làm việc {year}",
        year=year,
        known=known,
        seen=editing.read(parts, f"calendar/{year}.toml")[1] if known else "",
        confirmed=parts.desk.calendar.confirmed(year),
        months=[_month(visit, year, month) for month in range(1, 13)],
        chosen=chosen,
        day=parts.desk.calendar.days.get(chosen) if chosen else None,
        doubtful=missing_from(parts.desk.calendar, year),
    )


def _month(visit: Visit, year: int, month: int) -> dict[str, Any]:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return {"month": month, "weeks": [[_day(visit, day, month) for day in week] for week in weeks]}


def _day(visit: Visit, day: dt.date, month: int) -> dict[str, Any] | None:
    if day.month != month:
        return None
    known = visit.parts.desk.calendar
    row = known.days.get(day)
    works = known.is_working_day(day)
    kind = "nua" if row and row.kind == "half" else "lam" if works else "nghi"
    said = {"nua": "nửa ngày", "lam": "làm việc", "nghi": "nghỉ"}[kind]
    sure = row is None or row.confirmed
    words = f"{day.day} tháng {day.month}: {said}{f', {row.reason}' if row and row.reason else ''}{'' if sure else ', chưa xác nhận'}"
    return {"day": day, "kind": kind, "special": row is not None, "sure": sure, "words": words}


def change_day(visit: Visit) -> Response:
    """Change a day, confirm the year, or begin a new year."""
    year, form = int(visit.path("year")), visit.form
    what, seen = form.get("viec", ""), form.get("tep", "")
    to = f"/phong/lich/{year}"
    if what == "lap":
        editing.add_year(visit.parts, year, visit.by)
        return visit.go(to, f"Đã lập lịch nháp năm {year}: kiểm tra từng ngày rồi xác nhận.")
    if what == "xac-nhan":
        editing.confirm_year(visit.parts, year, seen, visit.by)
        return visit.go(to, f"Đã xác nhận lịch năm {year}.")
    try:
        day = dt.date.fromisoformat(form.get("ngay", ""))
    except ValueError:
        raise Refused("Chọn một ngày trong lịch.") from None
    if day.year != year:
        raise Refused("Ngày không thuộc năm đang xem.")
    confirmed = not form.get("chua-chac")
    editing.set_day(visit.parts, day, form.get("loai", ""), form.get("ly-do", ""), confirmed, seen, visit.by)
    return visit.go(f"{to}#thang-{day.month}", f"Đã ghi ngày {day:%d/%m/%Y}. Hạn của phiếu đang mở được tính lại.")


# -- units -------------------------------------------------------------------------------------------------------------
def units(visit: Visit) -> Response:
    """Show the units with their cards."""
    today = visit.parts.clock.now().date()
    return visit.show(
        "phong-don-vi.html",
        title="Đơn vị",
        cards=[(unit, unit.cards[-1]) for unit in visit.parts.desk.units.by_id.values()],
        seen=editing.read(visit.parts, "units.toml")[1],
        today=today,
    )


def change_unit(visit: Visit) -> Response:
    """Change a unit's card, or begin a new one."""
    form = visit.form
    unit = form.get("don-vi", "")
    editing.set_unit(visit.parts, unit, form, _date(form.get("tu-ngay", "")), form.get("tep", ""), visit.by)
    return visit.go("/phong/don-vi", f"Đã ghi {unit}.")


def _date(text: str) -> dt.date | None:
    if not text.strip():
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise Refused(f"{text!r} không phải ngày, cần dạng 05/10/2026.")


# -- costs -------------------------------------------------------------------------------------------------------------
def tariffs(visit: Visit) -> Response:
    """Show the tables of costs."""
    known = load_tariffs(visit.parts.home / "config" / "tariffs.toml")
    return visit.show(
        "phong-bieu-gia.html",
        title="Biểu chi phí",
        tables=known.tables,
        seen=editing.read(visit.parts, "tariffs.toml")[1],
    )


def change_tariff(visit: Visit) -> Response:
    """Change a table of costs."""
    form = visit.form
    bases = {}
    for name, value in form.items():
        if name.startswith("muc-"):
            plain = value.replace(".", "").replace(" ", "").strip()
            if not plain.isdigit():
                raise Refused(f"{value!r} không phải số đồng.")
            bases[name.removeprefix("muc-")] = int(plain)
    checked = _date(form.get("doi-chieu", ""))
    if checked is None:
        raise Refused("Ghi ngày đối chiếu với nguồn.")
    number = form.get("bieu", "")
    index = int(number) if number.isdigit() else -1
    last = _date(form.get("het-ngay", ""))
    editing.set_tariff(
        visit.parts, index, bases, checked, bool(form.get("xac-nhan")), last, form.get("tep", ""), visit.by
    )
    return visit.go("/phong/bieu-gia", "Đã ghi biểu chi phí.")


# -- switches ----------------------------------------------------------------------------------------------------------
def switches(visit: Visit) -> Response:
    """Show what may go out by itself."""
    return visit.show(
        "phong-cong-tac.html",
        title="Thư tự gửi",
        switches=[(name, *SWITCHES[name], getattr(visit.parts.desk.outgoing, name)) for name in editing.SWITCHES],
        seen=editing.read(visit.parts, "desk.toml")[1],
    )


def change_switches(visit: Visit) -> Response:
    """Change what may go out by itself."""
    on = {name: bool(visit.form.get(name)) for name in editing.SWITCHES}
    editing.set_switches(visit.parts, on, visit.form.get("tep", ""), visit.by)
    return visit.go("/phong/cong-tac", "Đã ghi.")


# -- templates ---------------------------------------------------------------------------------------------------------
def templates(visit: Visit) -> Response:
    """Show the templates."""
    return visit.show(
        "phong-mau.html", title="Mẫu văn bản", names=editing.template_names(visit.parts), checked=None, faults=()
    )


def template(visit: Visit) -> Response:
    """Check a template, give it out, or print it on trial."""
    name = visit.path("name")
    if name not in editing.template_names(visit.parts):
        raise NotFound
    wanted = visit.arg("viec")
    if wanted in ("tai", "in-thu"):
        data = (
            editing.trial(visit.parts, name)
            if wanted == "in-thu"
            else (visit.parts.home / "templates" / name).read_bytes()
        )
        shown = f"in-thu-{name}" if wanted == "in-thu" else name
        return Response(data, media_type=WORD, headers={"Content-Disposition": f'attachment; filename="{shown}"'})
    faults = editing.template_faults(visit.parts, name)
    names = editing.template_names(visit.parts)
    return visit.show("phong-mau.html", title="Mẫu văn bản", names=names, checked=name, faults=faults)


def change_template(visit: Visit) -> Response:
    """Put a new file in a template's place."""
    name = visit.path("name")
    if "tep-mau" not in visit.files:
        raise Refused("Chọn tệp Word của mẫu.")
    editing.set_template(visit.parts, name, visit.files["tep-mau"][1], visit.by)
    return visit.go("/phong/mau", f"Đã thay mẫu {name}.")


# -- files and the diary -----------------------------------------------------------------------------------------------
def file(visit: Visit) -> Response:
    """Show a file of config/ for changing."""
    names = editing.editable(visit.parts)
    name = visit.arg("ten")
    text, seen = editing.read(visit.parts, name) if name else ("", "")
    return visit.show("phong-tep.html", title="Tệp cấu hình", names=names, name=name, text=text, seen=seen)


def change_file(visit: Visit) -> Response:
    """Write a file of config/ once the whole configuration is right with it."""
    form = visit.form
    name = form.get("ten", "")
    editing.write(visit.parts, name, form.get("tep", ""), form.get("noi-dung", ""), visit.by, "sửa tệp")
    return visit.go(f"/phong/tep?ten={name}", f"Đã ghi config/{name}.")


def diary(visit: Visit) -> Response:
    """Show who changed what."""
    return visit.show("phong-nhat-ky.html", title="Nhật ký", entries=list(_entries(visit)))


def _entries(visit: Visit) -> Iterator[Any]:
    yield from office_diary.read(visit.parts.store, 300)
