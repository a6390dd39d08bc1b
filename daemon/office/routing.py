"""Which unit is asked (P8): by the customer list, else by substation or feeder, else by the place read, else by a person.

What the customer list and the words of the request say against each other is never settled here: a person is asked. The
list fills in what the customer left out and never overwrites what they wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from daemon.desk import wording
from daemon.desk.question import CustomerRow
from daemon.desk.text import fold
from daemon.desk.ticket import Category, Customer
from daemon.office import confirming
from daemon.office.parts import Parts

# How the reader of requests asks where no place is named; with a unit from the list there is nothing to ask.
NO_PLACE = "Không thấy địa danh: hỏi khách ở đâu."
BY_CODE, BY_PHONE, BY_GRID = 0.95, 0.8, 0.85
FILLED = 0.9
# A place no surer than this is only the name of an office or a hamlet; the reader of requests draws the same line.
ONLY_AN_OFFICE = 0.65


@dataclass(frozen=True, slots=True)
class Listed:
    """The customer as the list has them, and how they were found, in words."""

    row: CustomerRow
    by_code: bool
    words: str


@dataclass(frozen=True, slots=True)
class Source:
    """A unit that something other than the place names, how sure, and why."""

    unit: str
    confidence: float
    words: str


def route(parts: Parts, values: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return a new ticket's values with unit and customer settled as far as list, grid and place agree."""
    routed = dict(values)
    category = Category(values["category"])
    if category is Category.NOT_A_REQUEST:
        return routed
    listed = _listed(parts, routed)
    if listed and listed.by_code:
        routed = _filled(confirming.confirmed(routed, listed.row, listed.words), listed)
    if category is Category.OUTAGE_TIME_CHANGE:
        return routed
    said = "\n".join(filter(None, (values.get("subject"), text)))
    source = _source(parts, listed, said)
    # The place is read from the customer's own words; an address that the list filled in would only repeat the list.
    here = "\n".join(filter(None, (said, values["customer"].address)))
    return _settled(parts, routed, source, here) if source else routed


# -- the customer ------------------------------------------------------------------------------------------------------
def _listed(parts: Parts, values: dict[str, Any]) -> Listed | None:
    """Find the customer by code, else by a phone that is only theirs; a doubtful code counts only with name or phone."""
    customer: Customer = values["customer"]
    code, phone = customer.customer_code, customer.phone
    by_phone = parts.lookups.customer(phone=phone) if phone and "phone" not in values["check"] else None
    if code:
        row = parts.lookups.customer(code=code)
        if row is None:
            _ask_code(values, code, by_phone)
            return None
        if "customer_code" in values["check"] and not _same_person(row, customer):
            return None
        return Listed(row, True, f"{_list(row)}: mã {row.code}")
    return Listed(by_phone, False, f"{_list(by_phone)}: số {phone} là của mã {by_phone.code}") if by_phone else None


def _list(row: CustomerRow) -> str:
    return f"Danh sách khách hàng cập nhật {wording.short_date(row.as_of.date())}"


def _same_person(row: CustomerRow, customer: Customer) -> bool:
    return (customer.phone or "") in row.phones or (bool(customer.name) and fold(customer.name or "") == fold(row.name))


def _ask_code(values: dict[str, Any], code: str, by_phone: CustomerRow | None) -> None:
    """A code that the list does not know, while the phone is another customer's: one of them may be misread."""
    if by_phone is not None:
        question = f"Mã {code} không có trong danh sách khách hàng; số điện thoại là của {by_phone.name}, mã {by_phone.code}: mã nào đúng?"
        _ask(values, "customer_code", question)


def _filled(values: dict[str, Any], listed: Listed) -> dict[str, Any]:
    """Return the values with name, address and phone from the list where the customer gave none."""
    customer: Customer = values["customer"]
    known = {"name": listed.row.name, "address": listed.row.address, "phone": next(iter(listed.row.phones), "")}
    fresh = {name: value for name, value in known.items() if value and not getattr(customer, name)}
    if not fresh:
        return values
    reasons, confidence = dict(values["reasons"]), dict(values["confidence"])
    for name in fresh:
        reasons[name] = (*reasons.get(name, ()), listed.words)
        confidence[name] = FILLED
    return {
        **values,
        "customer": replace(customer, **fresh),
        "reasons": reasons,
        "confidence": confidence,
        "check": tuple(name for name in values["check"] if name not in fresh),
    }


# -- the unit ----------------------------------------------------------------------------------------------------------
def _source(parts: Parts, listed: Listed | None, text: str) -> Source | None:
    """The unit by the customer's row, else by their substation or feeder, else by one that the text names."""
    if listed:
        row = listed.row
        sure = BY_CODE if listed.by_code else BY_PHONE
        if row.unit:
            return Source(row.unit, sure, f"{listed.words} thuộc {row.unit}")
        unit = parts.lookups.unit_of_grid(row.substation, row.feeder)
        if unit:
            where = f"trạm {row.substation}" if row.substation else f"lộ {row.feeder}"
            return Source(unit, min(sure, BY_GRID), f"{listed.words}, {where} thuộc {unit}")
    named = parts.lookups.mentioned(text)
    units = {each.unit for each in named}
    if len(units) != 1:
        return None
    return Source(named[0].unit, BY_GRID, f"Khách nêu {named[0].words}, thuộc {named[0].unit}")


def _settled(parts: Parts, values: dict[str, Any], source: Source, here: str) -> dict[str, Any]:
    """Return the values with the unit where all agree or only the source speaks; else a person is asked."""
    hits = parts.gazetteer.find(here)
    placed = parts.gazetteer.unit_of(hits)
    read = values["unit"]
    named = {place.unit for hit in hits if hit.role == "place" for place in hit.places if place.unit}
    apart = placed.unit is not None and placed.confidence > ONLY_AN_OFFICE if read else bool(named)
    if read != source.unit and apart and (read or source.unit not in named):
        return _contradicted(values, source, placed.reasons)
    # What the reader asked about the place is answered; a code whose letters name another unit is still to be looked at.
    code = values["customer"].customer_code
    open_code = any(code in each and "mã khách hàng" in each for each in values["questions"]) if code else False
    sure = max(source.confidence, values["confidence"].get("unit", 0.0) if read == source.unit else 0.0)
    return {
        **values,
        "unit": source.unit,
        "confidence": {**values["confidence"], "unit": sure},
        "reasons": _with(values["reasons"], source.words),
        "questions": tuple(one for one in values["questions"] if one != NO_PLACE and one not in placed.questions),
        "check": values["check"] if open_code else tuple(name for name in values["check"] if name != "unit"),
    }


def _contradicted(values: dict[str, Any], source: Source, places: tuple[str, ...]) -> dict[str, Any]:
    read = values["unit"] or "đơn vị khác"
    where = f" ({', '.join(places)})" if places else ""
    asked = dict(values)
    _ask(asked, "unit", f"{source.words}; nhưng nơi khách nêu{where} thuộc {read}: đơn vị nào phụ trách?")
    asked["confidence"] = {**values["confidence"], "unit": min(values["confidence"].get("unit", 0.5), 0.5)}
    asked["reasons"] = _with(values["reasons"], source.words)
    return asked


def _with(reasons: Mapping[str, tuple[str, ...]], words: str) -> dict[str, tuple[str, ...]]:
    return {**reasons, "unit": (*reasons.get("unit", ()), words)}


def _ask(values: dict[str, Any], field: str, question: str) -> None:
    if field not in values["check"]:
        values["check"] = (*values["check"], field)
    values["questions"] = (*values["questions"], question)
