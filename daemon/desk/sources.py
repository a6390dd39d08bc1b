"""How exports are understood, as data (``config/lookups.toml``): which columns mean what, and how fresh is fresh."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_OUTAGE_FIELDS = (
    *("start", "end", "span", "date", "end_date", "area", "reason", "unit", "unit_code"),
    *("substation", "substation_code", "feeder", "status"),
)
_CUSTOMER_FIELDS = (
    *("code", "name", "address", "phone", "unit", "unit_code", "substation", "substation_code", "feeder", "meter"),
)
# The fields each kind of export may have.
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"outages": _OUTAGE_FIELDS, "worklog": _OUTAGE_FIELDS, "customers": _CUSTOMER_FIELDS}
)
# One of these must be there, or a row means nothing. ``span`` is a start and an end in one cell.
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"outages": ("start", "span"), "worklog": ("start", "span"), "customers": ("code",)}
)


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One kind of export file.

    ``columns`` maps a field to the headings it may stand under; ``files`` are patterns of folded file names, only used
    where headings fit several sources. ``max_age`` is how old the export may be for a statement about the future,
    ``covers`` how far it reaches from its date where it does not say so itself, ``keep_past`` how long rows before the
    new export's first day are kept, ``skip`` words of the status column that mean a row does not hold.
    """

    id: str
    kind: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    files: tuple[str, ...] = ()
    max_age: dt.timedelta = dt.timedelta(hours=36)
    covers: dt.timedelta | None = None
    keep_past: dt.timedelta = dt.timedelta(0)
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookupMappings:
    """All sources, the other names and codes of each unit, and how long a row without an end is taken to last."""

    sources: tuple[ExportSource, ...] = ()
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_end: dt.timedelta = dt.timedelta(hours=12)
    max_bad_share: float = 0.5
    max_shrink: float = 0.5
    max_megabytes: int = 200

    def source(self, name: str) -> ExportSource | None:
        """Return a source by its id, or None."""
        return next((source for source in self.sources if source.id == name), None)
