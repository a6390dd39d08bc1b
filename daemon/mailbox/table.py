"""A table of the configuration file into a frozen dataclass, every error at once. Knows no back end."""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

T = TypeVar("T")
_WORDS = {
    str: "một chuỗi chữ",
    int: "một số nguyên",
    float: "một số",
    bool: "true hoặc false",
    Path: "một đường dẫn",
    dt.date: "một ngày như 2026-11-01",
}


def values(config: type[Any], table: Mapping[str, object], home: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of dataclass ``config`` that ``table`` gives, and Vietnamese sentences for what is wrong.

    A ``Path`` is taken relative to ``home``; a ``Literal`` lists its choices; unknown and missing keys are errors.
    """
    hints = typing.get_type_hints(config)
    known = {field.name: field for field in dataclasses.fields(config)}
    errors = [f"{key}: khóa lạ; các khóa được dùng: {', '.join(known)}." for key in table if key not in known]
    taken: dict[str, Any] = {}
    for name, field in known.items():
        if name not in table:
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                errors.append(f"{name}: còn thiếu; hãy ghi {_expected(hints[name])}.")
            continue
        try:
            empty = table[name] == "" == field.default
            taken[name] = "" if empty else _value(hints[name], table[name], home)
        except ValueError:
            errors.append(f"{name}: giá trị {table[name]!r} không hợp lệ; cần {_expected(hints[name])}.")
    return taken, errors


def build(config: type[T], table: Mapping[str, object], home: Path) -> T:
    """Return ``config`` made of ``table``. Raises ValueError whose only argument is the list of all sentences.

    A dataclass may have a method ``faults()`` that returns further sentences once every single value is well.
    """
    taken, errors = values(config, table, home)
    if not errors:
        made = config(**taken)
        errors = list(made.faults()) if hasattr(made, "faults") else []
        if not errors:
            return made
    raise ValueError(errors)


def _kinds(hint: Any) -> tuple[Any, ...]:
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return tuple(kind for kind in typing.get_args(hint) if kind is not type(None)) if union else (hint,)


def _expected(hint: Any) -> str:
    kind = _kinds(hint)[0]
    if typing.get_origin(kind) is Literal:
        return "một trong: " + ", ".join(f'"{choice}"' for choice in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return "một danh sách chuỗi chữ"
    return _WORDS.get(kind, "một giá trị khác")


def _value(hint: Any, given: object, home: Path) -> Any:
    kind = _kinds(hint)[0]
    if typing.get_origin(kind) is Literal:
        return _one_of(typing.get_args(kind), given)
    if typing.get_origin(kind) is tuple:
        if isinstance(given, list | tuple) and all(isinstance(item, str) and item for item in given):
            return tuple(given)
    elif kind is Path:
        if isinstance(given, str) and given:
            return home / Path(given).expanduser()
    elif kind is float and isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    elif type(given) is kind and given != "":
        return given
    raise ValueError(given)


def _one_of(choices: tuple[Any, ...], given: object) -> object:
    if given not in choices:
        raise ValueError(given)
    return given
