"""A customer's recent tickets are found by code, phone and address, however many tickets are open."""


def up(migrator, db):
    db.execute_sql('DROP INDEX "ticket_office_customer_code_state"')
    for column in ("customer_code", "customer_phone", "customer_email"):
        db.execute_sql(f'CREATE INDEX "ticket_office_{column}_received" ON "ticket" ("office", "{column}", "received")')


def down(migrator, db):
    for column in ("customer_code", "customer_phone", "customer_email"):
        db.execute_sql(f'DROP INDEX "ticket_office_{column}_received"')
    db.execute_sql('CREATE INDEX "ticket_office_customer_code_state" ON "ticket" ("office", "customer_code", "state")')
