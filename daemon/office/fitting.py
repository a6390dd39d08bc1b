"""Whether the files of config/ fit together where the office is another one than the shipped example. Reads no file itself
but the shipped desk.toml.
"""

import tomllib
from collections.abc import Collection, Iterator

from daemon.office.founding import shipped
from daemon.settings.whole import Settings

# What only the example company is called; whoever has another name has another one of these.
_OWN = ("short_name", "place", "prefix", "sign_code", "phone")


def left_of_example(settings: Settings) -> Iterator[str]:
    """Say what in [office] is still the example company's although the name is another one."""
    example = tomllib.loads((shipped("config") / "desk.toml").read_text("utf-8-sig"))["office"]
    office, file = settings.file.office, settings.file
    now = {
        "short_name": office.short_name,
        "place": office.place,
        "prefix": file.prefix,
        "sign_code": office.sign_code,
        "phone": office.phone,
    }
    if office.name == example["name"]:
        return
    if left := [f'{key} = "{now[key]}"' for key in _OWN if now[key] and now[key] == example.get(key)]:
        yield f"config/desk.toml: [office] còn của {example['name']}: {', '.join(left)}. Ghi của công ty bạn"


def units_nobody_leads_to(settings: Settings, by_code: Collection[str]) -> Iterator[str]:
    """Say which units neither a place nor a customer code leads to: a person would have to choose them each time."""
    asked = {step.unit for each in settings.procedures for step in each.steps.values()}
    asked |= {each.fallback_unit for each in settings.procedures}
    led = {*by_code, *(place.unit for place in settings.places)} | asked
    if lost := [name for name in settings.desk.units.by_id if name not in led]:
        yield (
            f"config/places.toml, reading.toml [codes]: chưa có địa danh hay mã khách hàng nào dẫn tới {', '.join(lost)}: "
            "yêu cầu ở đó phải có người chọn đơn vị. Thêm xã, phường của đơn vị (motcua setup hỏi mục này)"
        )


def names_missing_in_exports(settings: Settings, named: Collection[str]) -> Iterator[str]:
    """Say which units the exports may name and nothing says how."""
    if lost := [name for name in settings.desk.units.by_id if name not in named]:
        yield f"config/lookups.toml: [units] chưa có {', '.join(lost)}: bản xuất ghi đơn vị này sẽ không được hiểu"
