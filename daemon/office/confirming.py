"""What the customer list confirms of a doubtful reading: the customer is found, and what was read comes near to theirs.

Only fields that would be asked about are touched; what was read surely, or says something else than the list, stays.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rapidfuzz.distance import Levenshtein

from daemon.desk import wording
from daemon.desk.question import CustomerRow
from daemon.desk.text import fold
from daemon.desk.ticket import Customer

# How near a doubtful name or address must come to the list's, tone marks and blanks aside.
_NEAR = {"name": 0.8, "address": 0.85}


def confirmed(values: Mapping[str, Any], row: CustomerRow, words: str) -> dict[str, Any]:
    """Return a ticket's values with the doubts settled that the customer's row settles; ``words`` says where it is from."""
    customer: Customer = values["customer"]
    doubtful = set(values["check"])
    found: dict[str, str] = {}
    if "customer_code" in doubtful and customer.customer_code == row.code:
        found["customer_code"] = row.code
    if "phone" in doubtful and customer.phone in row.phones:
        found["phone"] = str(customer.phone)
    for name, listed in (("name", row.name), ("address", row.address)):
        read = getattr(customer, name)
        if name in doubtful and read and listed and _alike(read, listed) >= _NEAR[name]:
            found[name] = listed
    return _with(values, found, words) if found else dict(values)


def _alike(one: str, other: str) -> float:
    return float(Levenshtein.normalized_similarity(_bare(one), _bare(other)))


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _with(values: Mapping[str, Any], found: Mapping[str, str], words: str) -> dict[str, Any]:
    reasons = dict(values["reasons"])
    for name in found:
        reasons[name] = (*reasons.get(name, ()), words)
    asked = tuple(f"{wording.field(name).capitalize()}: " for name in found)
    return {
        **values,
        "customer": replace(values["customer"], **found),
        "reasons": reasons,
        "check": tuple(name for name in values["check"] if name not in found),
        "questions": tuple(line for line in values.get("questions", ()) if not line.startswith(asked)),
    }
