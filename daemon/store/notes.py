"""Small things that are remembered over a restart, by name."""

import datetime as dt
import hashlib

from daemon.store import models
from daemon.store.records import Records


class Notes(Records):
    """The remembered values of one office."""

    def note(self, name: str) -> str | None:
        """Return a small remembered value, or None."""
        return (
            models.Note.select(models.Note.value)
            .where(models.Note.office == self.office, models.Note.name == name)
            .scalar()
        )

    def notes(self, prefix: str) -> dict[str, str]:
        """Return all remembered values whose names begin with a prefix."""
        query = models.Note.select().where(models.Note.office == self.office, models.Note.name.startswith(prefix))
        return {row.name: row.value for row in query}

    def first_today(self, address: str, day: dt.date, key: str) -> bool:
        """Say whether an effect may be the one automatic mail of a day to an address, and take that place for it.

        Only a hash of the address is remembered. The same effect asks again as often as it is tried.
        """
        name = f"mailed:{hashlib.sha256(address.lower().encode()).hexdigest()}"
        with self.database.write():
            taken, _, holder = (self.note(name) or "").partition("|")
            if taken == day.isoformat() and holder != key:
                return False
            self.keep_note(name, f"{day.isoformat()}|{key}")
        return True

    def keep_note(self, name: str, value: str) -> None:
        """Remember a small value."""
        with self.database.write():
            models.Note.insert(office=self.office, name=name, value=value).on_conflict(
                conflict_target=[models.Note.office, models.Note.name], update={models.Note.value: value}
            ).execute()
