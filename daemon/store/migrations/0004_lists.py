"""What lists of 100,000 tickets need: an index that holds the filters of the ledger."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "ticket_ledger" ON "ticket" ("office", "received", "state", "category", "channel", "unit")')


def down(migrator, db):
    db.execute_sql('DROP INDEX "ticket_ledger"')
