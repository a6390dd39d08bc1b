"""Small things that are remembered over a restart, by name."""

import datetime as dt
import hashlib
from typing import Any

from daemon.store import models
from daemon.store.database import Database
from daemon.store.records import Records
from daemon.store.statement import Statement, slot


def _note(_: Database) -> Any:
    row: Any = models.Note
    return row.select(row.value).where(row.office == slot("office"), row.name == slot("name"))


_NOTE = Statement(_note)


class Notes(Records):
    """The remembered values of one office."""

    def note(self, name: str) -> str | None:
        """Return a small remembered value, or None."""
        value: str | None = _NOTE.value(self.database, office=self.office, name=name)
        return value

    def notes(self, prefix: str) -> dict[str, str]:
        """Return all remembered values whose names begin with a prefix."""
        query = models.Note.select().where(models.Note.office == self.office, models.Note.name.startswith(prefix))
        return {row.name: row.value for row in query}

    def first_today(self, address: str, day: dt.date, key: str) -> bool:
        """Say whether an effect may be the one automatic mail of a day to an address, and take that place for it.

        Only a hash of the address is remembered. The same effect asks again as often as it is tried.
        """
        name = f"mailed:{hashlib.sha256(address.lower().encode()).hexdigest()}"
        row = models.Note
        mine = (row.office == self.office) & (row.name == name)
        with self.database.write():
            row.insert(office=self.office, name=name, value="").on_conflict_ignore().execute()
            taken, _, holder = self.database.locked(row.select().where(mine)).get().value.partition("|")
            if taken == day.isoformat() and holder != key:
                return False
            row.update(value=f"{day.isoformat()}|{key}").where(mine).execute()
        return True

    def drop_note(self, name: str) -> None:
        """Forget a small value."""
        mine = (models.Note.office == self.office) & (models.Note.name == name)
        with self.database.write():
            models.Note.delete().where(mine).execute()

    def keep_note(self, name: str, value: str) -> None:
        """Remember a small value."""
        with self.database.write():
            models.Note.insert(office=self.office, name=name, value=value).on_conflict(
                conflict_target=[models.Note.office, models.Note.name], update={models.Note.value: value}
            ).execute()
