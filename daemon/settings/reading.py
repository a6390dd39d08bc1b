"""config/reading.toml as values. Reads and judges the file; applying the rules is the reading's work."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from daemon.desk.rules import CATEGORIES, FORMS, Cue, KindRules, NameRules, PhoneRules, ReadingRules
from daemon.desk.trouble import Refused

_FIELDS = ("category", "unit", "name", "customer_code", "phone", "address", "outage_start", "wanted_reply")
_WHERE = ("any", "subject", "text", "email", "sms", "website", "phone_note", "letter", "counter")
_GAPS = (".", "..", "...")
_TABLES: Mapping[str, tuple[str, ...]] = {
    "codes": (),
    "phones": ("own", "old_prefixes"),
    "ask_below": _FIELDS,
    "short_forms": (),
    "kind": ("asking", "subject", "sure", "asks", "start", "cues", "cue_share", "words"),
    "reply": ("cues",),
    "danger": ("cues",),
    "answerable": ("cues",),
    "names": ("surnames", "titles", "organisations", "ends"),
}


class _Errors:
    """Every error of the file, each with its place, so that one look is enough to mend it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []

    def add(self, where: str, what: str) -> None:
        self.found.append(f"{self.file}: {where}: {what}")


def load_reading(path: Path) -> ReadingRules:
    """Return the reading rules of a TOML file.

    Raises ``Refused`` with every error of the file, each with its key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path.name}: không đọc được ({error}). Hãy sửa tệp rồi chạy lại.") from error
    errors = _Errors(path.name)
    _check_keys(table, errors)
    rules = _rules(table, path, errors)
    if errors.found:
        raise Refused("\n".join(errors.found) + "\nHãy sửa các dòng trên rồi chạy lại.")
    return rules


def _check_keys(table: Mapping[str, Any], errors: _Errors) -> None:
    for name, value in table.items():
        if name == "published_days":
            continue
        if name not in _TABLES:
            errors.add(name, "khóa lạ")
        elif not isinstance(value, dict):
            errors.add(name, "phải là một bảng")
        elif _TABLES[name]:
            for key in value:
                if key not in _TABLES[name]:
                    errors.add(f"{name}.{key}", "khóa lạ")


def _rules(table: Mapping[str, Any], path: Path, errors: _Errors) -> ReadingRules:
    days = table.get("published_days", 10)
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        errors.add("published_days", "phải là số ngày nguyên dương")
        days = 10
    tables = {name: table[name] if isinstance(table.get(name), dict) else {} for name in _TABLES}
    names, phones = tables["names"], tables["phones"]
    return ReadingRules(
        short_forms=_texts(tables["short_forms"], "short_forms", errors),
        kind=_kind(tables["kind"], path, errors),
        reply=_cues(tables["reply"].get("cues", []), "reply", FORMS, errors),
        danger=_cues(tables["danger"].get("cues", []), "danger", ("danger",), errors),
        answerable=_cues(tables["answerable"].get("cues", []), "answerable", CATEGORIES, errors),
        names=NameRules(
            surnames=_words(names.get("surnames", []), "names.surnames", errors),
            titles=_words(names.get("titles", []), "names.titles", errors),
            organisations=_words(names.get("organisations", []), "names.organisations", errors),
            ends=_words(names.get("ends", []), "names.ends", errors),
        ),
        phones=PhoneRules(
            own=_words(phones.get("own", []), "phones.own", errors),
            old_prefixes=_texts(phones.get("old_prefixes", {}), "phones.old_prefixes", errors),
        ),
        code_units=_texts(tables["codes"], "codes", errors),
        published_days=days,
        ask_below=_numbers(tables["ask_below"], "ask_below", errors),
    )


def _kind(table: Mapping[str, Any], path: Path, errors: _Errors) -> KindRules:
    numbers = {}
    for name, usual in (("asking", 1.4), ("subject", 1.3), ("sure", 2.5), ("cue_share", 1.0)):
        value = table.get(name, usual)
        if not _is_number(value) or value <= 0:
            errors.add(f"kind.{name}", "phải là số dương")
            value = usual
        numbers[name] = float(value)
    start = _numbers(table.get("start", {}), "kind.start", errors)
    for name in start:
        if name not in CATEGORIES:
            errors.add(f"kind.start.{name}", "loại yêu cầu lạ")
    return KindRules(
        start=start,
        asks=_phrases(table.get("asks", []), "kind.asks", errors),
        cues=_cues(table.get("cues", []), "kind", CATEGORIES, errors),
        words=_word_weights(table.get("words"), path, errors),
        **numbers,
    )


def _word_weights(name: object, path: Path, errors: _Errors) -> dict[str, tuple[float, ...]]:
    """Read the trained weights from the file that ``kind.words`` names, beside the rules."""
    if name is None:
        return {}
    if not isinstance(name, str) or Path(name).name != name:
        errors.add("kind.words", "phải là tên một tệp cùng thư mục")
        return {}
    try:
        text = (path.parent / name).read_text(encoding="utf-8-sig")
        # Earlier versions wrote TOML, which takes twenty times as long to read.
        table = tomllib.loads(text) if name.endswith(".toml") else json.loads(text)
    except (OSError, ValueError) as error:
        errors.add("kind.words", f"không đọc được {name} ({error})")
        return {}
    if (
        not isinstance(table, dict)
        or tuple(table.get("categories", ())) != CATEGORIES
        or not isinstance(table.get("words"), dict)
    ):
        errors.add(name, f"cần có categories = {list(CATEGORIES)} và words")
        return {}
    weights = {word: tuple(row) for word, row in table["words"].items() if isinstance(row, list)}
    wrong = [word for word, row in weights.items() if len(row) != len(CATEGORIES) or not all(map(_is_number, row))]
    if wrong or len(weights) != len(table["words"]):
        errors.add(name, f"mỗi từ cần {len(CATEGORIES)} số (xem {', '.join(wrong[:3])})")
        return {}
    return weights


def _cues(rows: object, where: str, known: Sequence[str], errors: _Errors) -> tuple[Cue, ...]:
    if not isinstance(rows, list):
        errors.add(f"{where}.cues", "phải là các bảng [[…]]")
        return ()
    cues = []
    for number, row in enumerate(rows, start=1):
        place = f"{where}.cues[{number}]"
        if not isinstance(row, dict):
            errors.add(place, "phải là một bảng")
            continue
        for key in row:
            if key not in ("name", "weights", "phrases", "where", "narrates", "unless"):
                errors.add(f"{place}.{key}", "khóa lạ")
        weights = _numbers(row.get("weights", {}), f"{place}.weights", errors)
        for name in weights:
            if name not in known:
                errors.add(f"{place}.weights.{name}", f"phải là một trong {', '.join(known)}")
        if row.get("where", "any") not in _WHERE:
            errors.add(f"{place}.where", f"phải là một trong {', '.join(_WHERE)}")
        phrases = _phrases(row.get("phrases", []), f"{place}.phrases", errors)
        if not weights or not phrases or not row.get("name"):
            errors.add(place, "cần có name, weights và phrases")
        unless = _phrases(row.get("unless", []), f"{place}.unless", errors)
        where_to_look, narrates = row.get("where", "any"), bool(row.get("narrates", False))
        cues.append(Cue(str(row.get("name")), weights, phrases, where_to_look, narrates, unless))
    return tuple(cues)


def _phrases(rows: object, where: str, errors: _Errors) -> tuple[str, ...]:
    phrases = _words(rows, where, errors)
    for phrase in phrases:
        pieces = [piece for piece in phrase.split() if not piece.startswith("!")] or [".."]
        if phrase.split()[-1].startswith("!") or pieces[0] in _GAPS or pieces[-1] in _GAPS or pieces[0].endswith("?"):
            errors.add(
                where,
                f"cụm từ «{phrase}» không được bắt đầu hay kết thúc bằng khoảng cách, hay bắt đầu bằng từ tùy chọn",
            )
    return phrases


def _words(rows: object, where: str, errors: _Errors) -> tuple[str, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, str) and row.strip() for row in rows):
        errors.add(where, "phải là danh sách chữ, không có mục trống")
        return ()
    return tuple(rows)


def _texts(table: object, where: str, errors: _Errors) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) and value for value in table.values()):
        errors.add(where, "mỗi khóa phải có một giá trị chữ")
        return {}
    return dict(table)


def _numbers(table: object, where: str, errors: _Errors) -> dict[str, float]:
    if not isinstance(table, dict) or not all(_is_number(value) for value in table.values()):
        errors.add(where, "mỗi khóa phải có một số")
        return {}
    return {name: float(value) for name, value in table.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
