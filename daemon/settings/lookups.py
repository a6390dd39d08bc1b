"""``config/lookups.toml`` to the mappings of exports: every fault at once. Reads no export."""

import datetime as dt
from pathlib import Path

from daemon.desk.sources import FIELDS, KEYS, ExportSource, LookupMappings
from daemon.settings.rows import Faults, Row, read_toml

SHOWN = "config/lookups.toml"


def load_mappings(path: Path) -> LookupMappings:
    """Return the mappings of a file; none where the file does not exist. Raises Refused with every fault."""
    if not path.exists():
        return LookupMappings()
    faults = Faults()
    content = read_toml(path, faults, SHOWN)
    faults.refuse()
    row = Row(SHOWN, content or {}, faults)
    mappings = LookupMappings(
        sources=tuple(row.rows("sources", _source)),
        units=_units(row.sub("units")),
        open_end=dt.timedelta(hours=row.number("open_end_hours", 12)),
        max_bad_share=_percent(row, "max_bad_percent"),
        max_shrink=_percent(row, "max_shrink_percent"),
        max_megabytes=row.number("max_megabytes", 200),
    )
    row.done()
    ids = [source.id for source in mappings.sources]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        row.fault("sources", f"nguồn {twice!r} được khai hai lần")
    faults.refuse()
    return mappings


def _source(row: Row) -> ExportSource:
    kind = row.one_of("kind", tuple(FIELDS))
    covers = row.number("covers_days", 0)
    source = ExportSource(
        id=row.text("id"),
        kind=kind,
        title=row.text("title"),
        columns=_columns(row.sub("columns"), kind),
        files=row.texts("files", ()),
        max_age=dt.timedelta(hours=row.number("max_age_hours", 36)),
        covers=dt.timedelta(days=covers) if covers else None,
        keep_past=dt.timedelta(days=row.number("keep_past_days", 0)),
        skip=row.texts("skip", ()),
    )
    return source


def _columns(row: Row, kind: str) -> dict[str, tuple[str, ...]]:
    columns = {name: row.texts(name, ()) for name in FIELDS.get(kind, ())}
    if kind in FIELDS:
        row.done()
        if not any(columns[name] for name in KEYS[kind]):
            row.fault(KEYS[kind][0], f"thiếu: cần tên cột cho {' hoặc '.join(KEYS[kind])}")
    for name, headings in columns.items():
        if name in row.table and not headings:
            row.fault(name, "cần ít nhất một tên cột")
    return {name: headings for name, headings in columns.items() if headings}


def _units(row: Row) -> dict[str, tuple[str, ...]]:
    return {name: row.texts(name) for name in row.table}


def _percent(row: Row, key: str) -> float:
    value = row.number(key, 50)
    if not 0 <= value <= 100:
        row.fault(key, f"{value} không hợp lệ, cần từ 0 đến 100")
    return value / 100
