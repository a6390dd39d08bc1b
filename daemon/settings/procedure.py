"""config/procedures/*.toml as values: every fault with file and line. Whether a procedure makes sense, it says itself."""

import re
from collections.abc import Mapping
from pathlib import Path

from daemon.desk.procedure import (
    DeadlineRule,
    MailText,
    Procedure,
    Reminder,
    RequestType,
    Span,
    Step,
)
from daemon.settings.rows import Faults, Row, read_toml

_MOMENTS = ("received", "asked", "step", "outage_start")
_PARTIES = ("unit", "chief", "leaders", "agent")


def load_procedure(path: Path, faults: Faults) -> Procedure | None:
    """Return the procedure of a file, or None with its faults noted."""
    shown = f"config/procedures/{path.name}"
    table = read_toml(path, faults, shown)
    if table is None:
        return None
    before = len(faults.lines)
    row = Row(shown, table, faults)
    rules = {name: _deadline(name, each) for name, each in _tables(row, "deadlines")}
    procedure = Procedure(
        id=row.text("id"),
        title=row.text("title"),
        chapter=row.text("chapter", ""),
        fallback_unit=row.text("fallback_unit"),
        request_types={name: _request_type(name, each, rules) for name, each in _tables(row, "request_types")},
        steps={name: _step(name, each, rules) for name, each in _tables(row, "steps")},
        mails={name: _mail(each) for name, each in _tables(row, "mails")},
        customer_margin=_span(row, "customer_margin") or Span(240, "office minute"),
        sure_fields=row.texts("sure_fields", ("category", "unit")),
        code=row.text("code", ""),
        issue=row.text("issue", ""),
        date=row.text("date", ""),
        change_notice=_span(row, "change_notice"),
        change_law=row.text("change_law", ""),
    )
    row.done()
    text = path.read_text("utf-8-sig")
    for name, sentence in procedure.faults():
        faults.add(f"{shown}:{line_of(text, name)}", f"{name}: {sentence}")
    faults.lines[before:] = [_with_line(text, shown, line) for line in faults.lines[before:]]
    return procedure if len(faults.lines) == before else None


def line_of(text: str, name: str) -> int:
    """Return the line of a table such as ``steps.draft`` or of a key in it; the first line where it is not found."""
    for part in (name, name.rpartition(".")[0]):
        pattern = re.compile(rf"^\s*(\[{re.escape(part)}\]|{re.escape(part)}\s*=)")
        for number, line in enumerate(text.splitlines(), start=1):
            if part and pattern.match(line):
                return number
    return 1


def _with_line(text: str, shown: str, fault: str) -> str:
    place = fault.removeprefix(f"{shown}: ") if fault.startswith(f"{shown}: ") else ""
    name = place.split(":", 1)[0].split("[")[0]
    return f"{shown}:{line_of(text, name)}: {place}" if place else fault


def _tables(row: Row, key: str) -> list[tuple[str, Row]]:
    group = row.sub(key)
    found = []
    for name in group.table:
        group.asked.add(name)
        found.append((name, group.sub(name)))
    return found


def _span(row: Row, key: str) -> Span | None:
    if key not in row.table:
        row.asked.add(key)
        return None
    try:
        return Span.parse(row.text(key))
    except ValueError as error:
        row.fault(key, str(error))
        return None


def _deadline(name: str, row: Row) -> DeadlineRule:
    within, before = _span(row, "within"), _span(row, "before")
    if (within is None) == (before is None) and not row.faults.lines:
        row.fault("within", "cần đúng một trong hai mục within, before")
    rule = DeadlineRule(
        name=name,
        of=row.one_of("of", _MOMENTS),
        within=within,
        before=before,
        holder=row.text("holder", "agent"),
        title=row.text("title", ""),
        reminders=_reminders(row),
    )
    row.done()
    return rule


def _reminders(row: Row) -> tuple[Reminder, ...]:
    return tuple(row.rows("reminders", _reminder))


def _reminder(row: Row) -> Reminder | None:
    before, after, at = _span(row, "before"), _span(row, "after"), row.flag("at", False)
    if sum((before is not None, after is not None, at)) != 1:
        row.fault("name", "cần đúng một trong ba mục before, at, after")
    when = "before" if before else "after" if after else "at"
    return Reminder(row.text("name"), when, before or after, row.one_of("to", _PARTIES), row.text("mail", "") or None)


def _rules(row: Row, rules: Mapping[str, DeadlineRule]) -> tuple[DeadlineRule, ...]:
    names = row.texts("deadlines", ())
    for name in names:
        if name not in rules:
            row.fault("deadlines", f"không có hạn tên {name!r} trong [deadlines.…]")
    return tuple(rules[name] for name in names if name in rules)


def _request_type(name: str, row: Row, rules: Mapping[str, DeadlineRule]) -> RequestType:
    made = RequestType(
        name=name,
        title=row.text("title"),
        steps=row.texts("steps"),
        deadlines=_rules(row, rules),
        forms=_words(row, "forms"),
        needs=row.texts("needs", ()),
        urgent=row.flag("urgent", False),
    )
    row.done()
    return made


def _words(row: Row, key: str) -> dict[str, str]:
    group = row.sub(key)
    found = {name: group.text(name) for name in group.table}
    group.done()
    return found


def _step(name: str, row: Row, rules: Mapping[str, DeadlineRule]) -> Step:
    made = Step(
        name=name,
        does=row.text("does"),
        unit=row.text("unit", "") or None,
        form=row.text("form", "") or None,
        forms=_words(row, "forms"),
        mail=row.text("mail", "") or None,
        document=row.text("document", "") or None,
        duty_desk=row.flag("duty_desk", False),
        sources=row.texts("sources", ()),
        deadlines=_rules(row, rules),
        reminders=_reminders(row),
        then=_words(row, "then"),
    )
    row.done()
    return made


def _mail(row: Row) -> MailText:
    made = MailText(row.text("subject"), row.text("body"))
    row.done()
    return made
