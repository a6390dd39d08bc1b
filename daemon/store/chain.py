"""Whether the records are whole: the chain of each ticket's events, and the numbers without gaps."""

from collections.abc import Iterator

import peewee as pw

from daemon.store import models, rows
from daemon.store.records import Records


class Chain(Records):
    """The proof that nothing was changed, removed or reordered."""

    def broken_chains(self) -> list[str]:
        """Return where the chain of events does not hold: a changed, removed or reordered row is found (number and seq)."""
        broken: list[str] = []
        before, number, seq = "", None, 0
        query = (
            models.Event.select(models.Event, models.Ticket)
            .join(models.Ticket)
            .where(models.Ticket.office == self.office)
        )
        for row in query.order_by(models.Event.ticket, models.Event.seq):
            if row.ticket.number != number:
                number, before, seq = row.ticket.number, row.ticket.number, 0
            seq += 1
            whole = row.content is None or rows.digest_of(row.content) == row.digest
            if row.seq != seq or not whole or rows.link(before, row.__data__) != row.chain:
                broken.append(f"{number}: sự kiện thứ {row.seq}")
            before, seq = row.chain, row.seq
        last = models.Event.select(pw.fn.MAX(models.Event.seq)).where(models.Event.ticket == models.Ticket.id)
        short = models.Ticket.select().where(
            models.Ticket.office == self.office, pw.fn.COALESCE(last, 0) != models.Ticket.last_seq
        )
        broken += [f"{row.number}: thiếu sự kiện cuối" for row in short]
        return broken + [f"{number}: thiếu phiếu" for number in self._missing_numbers()]

    def _missing_numbers(self) -> Iterator[str]:
        """Yield the numbers that were given and have no ticket: numbers are without gaps."""
        for counter in models.Counter.select().where(models.Counter.office == self.office):
            stem = f"{self.office}-{counter.year}-"
            given = models.Ticket.select(models.Ticket.number).where(models.Ticket.number.startswith(stem))
            there = {row.number for row in given}
            if len(there) != counter.last:
                yield from (name for n in range(1, counter.last + 1) if (name := f"{stem}{n:06d}") not in there)
