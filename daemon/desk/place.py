"""Places and the units that serve them, as values with dates of validity (facts, section 3)."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A commune, ward, township or former district and the unit asked about it.

    ``kind`` is ``xã``, ``phường``, ``thị trấn``, ``huyện``, ``thành phố`` or ``tỉnh``; ``district`` the former district
    it belongs to, ``unit`` the short name of the unit or None where a person must choose (a commune across old lines).
    ``valid_from`` and ``valid_to`` (inclusive) say when the name was official; customers write it at any time.
    """

    name: str
    kind: str
    unit: str | None
    district: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    became: str | None = None
