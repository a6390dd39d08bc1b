"""config/retention.toml as values: how long personal data of each class may stay, and how long it must."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from daemon.desk.ticket import Category
from daemon.settings.rows import Faults, Row, read_toml

SHOWN = "config/retention.toml"
FILES = {"crops_days": "var/crops", "exports_days": "inbox/du-lieu/da-nap", "set_aside_days": "inbox/can-xem"}


@dataclass(frozen=True, slots=True)
class Term:
    """A class of tickets: months until their data goes by itself (0: never), and months that it must stay (0: none)."""

    erase_after_months: int = 0
    keep_months: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """The terms of tickets by kind, and of files in days by folder (0: never)."""

    default: Term = Term()
    kinds: Mapping[str, Term] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)

    def term(self, category: str) -> Term:
        """Return the term of a kind of request."""
        return self.kinds.get(category, self.default)


def load_retention(path: Path) -> Retention:
    """Read the file; without one nothing goes by time and nothing must stay. Raises Refused with every error."""
    if not path.exists():
        return Retention()
    faults = Faults()
    row = Row(SHOWN, read_toml(path, faults, SHOWN) or {}, faults)
    kinds = _terms(row.sub("tickets"))
    files = row.sub("files")
    days = {folder: files.number(name, 0) for name, folder in FILES.items()}
    files.done()
    row.done()
    faults.refuse()
    return Retention(kinds.pop("default", Term()), kinds, days)


def _terms(group: Row) -> dict[str, Term]:
    known = ("default", *(str(each) for each in Category))
    made = {}
    for name in group.table:
        group.asked.add(name)
        if name not in known:
            group.fault(name, f"không có loại này; các loại: {', '.join(known)}")
            continue
        made[name] = _term(group.sub(name))
    return made


def _term(row: Row) -> Term:
    term = Term(row.number("erase_after_months", 0), row.number("keep_months", 0), row.text("why", ""))
    if term.erase_after_months < 0 or term.keep_months < 0:
        row.fault("erase_after_months", "số tháng không được âm")
    if 0 < term.erase_after_months < term.keep_months:
        row.fault("erase_after_months", "ngắn hơn keep_months: phải giữ lâu hơn thời hạn xóa")
    if term.keep_months and not term.why:
        row.fault("why", "cần ghi căn cứ khi keep_months lớn hơn 0")
    row.done()
    return term
