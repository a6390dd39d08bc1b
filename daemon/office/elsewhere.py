"""Which places, customer codes and names in exports lead to which unit, where the units are others than the shipped ones.

Changes config/places.toml, config/reading.toml ([codes], [phones]) and config/lookups.toml ([units]) line by line: comments
and everything that people wrote there stay. Knows texts only.
"""

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from daemon.desk.text import nfc, squeeze
from daemon.desk.trouble import Refused
from daemon.settings.edit import toml
from daemon.settings.places import KINDS

AREA = ("code", "places", "also")
Row = Mapping[str, Any]


def check_area(unit: Mapping[str, Any]) -> None:
    """Look at the keys of one unit's answers. Raises Refused."""
    name, code = unit.get("id"), unit.get("code", "")
    if not isinstance(code, str) or (code and not re.fullmatch(r"[A-Z0-9]{2}", code)):
        raise Refused(
            f"units: {name}: code: {code!r} không hợp lệ, cần hai ký tự của đơn vị trong mã khách hàng, ví dụ BB."
        )
    for key in ("places", "also"):
        if not isinstance(value := unit.get(key, []), list) or not all(
            isinstance(each, str) and each for each in value
        ):
            raise Refused(f'units: {name}: {key}: cần một danh sách tên, ví dụ ["xã Đức Xuân"].')
    for place in unit.get("places", ()):
        kind_and_name(place)


def kind_and_name(place: str) -> tuple[str, str]:
    """Return kind and name of a place as people write it (``xã Bằng Lãng``). Raises Refused where the kind is missing."""
    text = squeeze(nfc(place))
    for kind in KINDS:
        if text.lower().startswith(f"{kind} ") and (name := text[len(kind) + 1 :].strip()):
            return kind, name
    raise Refused(f"địa danh {place!r}: ghi loại đứng trước tên ({', '.join(KINDS)}), ví dụ: xã Đức Xuân")


# -- places ------------------------------------------------------------------------------------------------------------
def with_places(text: str, gone: Collection[str], units: Iterable[Row]) -> str:
    """Return config/places.toml without the places of units that are gone, with those that the answers give to a unit.

    Where none of the places before leads to a unit that stays, the list is another province's: nothing of it stays.
    """
    before = list(tomllib.loads(text).get("places", ()))
    wanted = [
        {"name": name, "kind": kind, "unit": str(unit["id"])}
        for unit in units
        for kind, name in map(kind_and_name, unit.get("places", ()))
    ]
    held = {(row["kind"], row["name"], row.get("unit")) for row in before if row.get("unit") not in gone}
    new = [row for row in wanted if (row["kind"], row["name"], row["unit"]) not in held]
    if not new and not any(row.get("unit") in gone for row in before):
        return text
    _refuse_held(new, [row for row in before if row.get("unit") not in gone])
    mine = {(row["kind"], row["name"]) for row in new}
    another = bool(new) and not any(row.get("unit") and row["unit"] not in gone for row in before)

    def leaves(row: Row) -> bool:
        """A place of a unit that is gone, or the same place told to be outside of the area."""
        return (
            another
            or row.get("unit") in gone
            or (not row.get("unit") and "to" not in row and (row["kind"], row["name"]) in mine)
        )

    lines = text.splitlines()
    kept = [line for line in lines if not ((row := _row(line)) and leaves(row))]
    if another:
        kept = [line for line in kept if not line.startswith("  #")]  # headings of what was taken away
    end = next((at for at in range(len(kept) - 1, -1, -1) if kept[at].strip() == "]"), None)
    if end is None:
        raise Refused(
            "config/places.toml: không sửa tự động được. Hãy sửa tay: mỗi địa danh một dòng, «]» một dòng riêng."
        )
    kept[end:end] = [f"  {toml(row)}," for row in new]
    return _verified(
        "\n".join(kept) + "\n", "places", [*(row for row in before if not leaves(row)), *new], "places.toml"
    )


def _refuse_held(new: Sequence[Row], stays: Iterable[Row]) -> None:
    """A place given to one unit while another one has it would leave every request from there to a person. Raises Refused."""
    holders = {(row["kind"], row["name"]): row["unit"] for row in stays if row.get("unit") and "to" not in row}
    wrong = []
    for row in new:
        holder = holders.setdefault((row["kind"], row["name"]), row["unit"])
        if holder != row["unit"]:
            wrong.append(
                f"{row['unit']}: {row['kind']} {row['name']} đang thuộc {holder}. Bỏ nơi này ở một trong hai đơn vị (của {holder}: "
                f"dòng ấy trong config/places.toml); nếu cả hai cùng phụ trách thì ghi thêm dòng vào config/places.toml bằng tay."
            )
    if wrong:
        raise Refused("\n".join(wrong))


def _row(line: str) -> Row | None:
    """The place on a line, None where there is none."""
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = tomllib.loads(f"x = {line.strip().rstrip(',')}")["x"]
    except tomllib.TOMLDecodeError:
        return None
    return found if isinstance(found, dict) and {"name", "kind"} <= set(found) else None


# -- codes and names ---------------------------------------------------------------------------------------------------
def with_codes(text: str, gone: Collection[str], units: Iterable[Row], phones: Iterable[str]) -> str:
    """Return config/reading.toml with the units' codes, and the office's telephones among those that are no customer's."""
    before = tomllib.loads(text)
    codes = {key: unit for key, unit in before.get("codes", {}).items() if unit not in gone}
    codes |= {str(unit["code"]): str(unit["id"]) for unit in units if unit.get("code")}
    text = _with_table(text, "codes", before.get("codes", {}), codes, "reading.toml")
    own = list(before.get("phones", {}).get("own", ()))
    numbers = [digits for each in phones if len(digits := re.sub(r"\D", "", each)) >= 8 and digits not in own]
    if numbers and "phones" in before:
        all_phones = before["phones"]
        after = {**all_phones, "own": [*own, *numbers]}
        text = _with_table(text, "phones", all_phones, after, "reading.toml")
    return text


def with_names(text: str, gone: Collection[str], units: Sequence[Row]) -> str:
    """Return config/lookups.toml with what exports call the units: a new one by its printed name at least."""
    before = tomllib.loads(text).get("units", {})
    names = {unit: others for unit, others in before.items() if unit not in gone}
    for unit in units:
        name, also = str(unit["id"]), list(unit.get("also", ()))
        had = list(names.get(name, ()))
        names[name] = [*had, *(each for each in also if each not in had)] or [str(unit.get("name") or name)]
    return _with_table(text, "units", before, names, "lookups.toml")


def _with_table(text: str, table: str, before: Row, after: Row, file: str) -> str:
    """Return the text with the entries of a table removed, changed or added; verified. Raises Refused."""
    if before == after:
        return text
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if re.match(rf"\[{table}\]", line)), None)
    if start is None:
        lines += ["", f"[{table}]"]
        start = len(lines) - 1
    end = next((at for at in range(start + 1, len(lines)) if lines[at].startswith("[")), len(lines))
    changed = [key for key in after if after[key] != before.get(key)]
    entries = _entries(lines[start + 1 : end])
    body = [
        line for entry in entries if not _of(entry, lambda key: key not in after or key in changed) for line in entry
    ]
    while body and not body[-1].strip():
        body.pop()
    body += [f"{_key(key)} = {toml(after[key])}" for key in changed]
    made = "\n".join([*lines[: start + 1], *body, *([""] if end < len(lines) else []), *lines[end:]]) + "\n"
    return _verified(made, table, after, file)


def _entries(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines entry by entry: a list may stand on several, as people write long ones."""
    entry: list[str] = []
    for line in lines:
        entry.append(line)
        if _parsed(entry) is not None:
            yield entry
            entry = []
    yield entry


def _parsed(entry: Sequence[str]) -> Row | None:
    try:
        return tomllib.loads("\n".join(entry))
    except tomllib.TOMLDecodeError:
        return None


def _of(entry: Sequence[str], chosen: Callable[[str], bool]) -> bool:
    """Whether an entry sets a key that was chosen."""
    keys = list(_parsed(entry) or ())
    return len(keys) == 1 and chosen(keys[0])


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _verified(text: str, table: str, wanted: object, file: str) -> str:
    try:
        if tomllib.loads(text).get(table) == wanted:
            return text
    except tomllib.TOMLDecodeError:
        pass
    raise Refused(f"config/{file}: [{table}]: không sửa tự động được. Hãy sửa tay rồi chạy lại.")
