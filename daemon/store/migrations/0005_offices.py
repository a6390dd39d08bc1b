"""Several offices in one database: an effect's key and a Message-ID are one office's own."""


def up(migrator, db):
    db.execute_sql('DROP INDEX "effect_key"')
    db.execute_sql('CREATE UNIQUE INDEX "effect_office_key" ON "effect" ("office", "key")')
    db.execute_sql('CREATE INDEX "effect_message_id" ON "effect" ("message_id")')
    db.execute_sql('ALTER TABLE "mail_id" ADD COLUMN "office" TEXT NOT NULL DEFAULT \'\'')
    db.execute_sql('UPDATE "mail_id" SET "office" = (SELECT "office" FROM "ticket" WHERE "ticket"."id" = "mail_id"."ticket_id")')
    db.execute_sql('DROP INDEX "mailid_message_id"')
    db.execute_sql('CREATE UNIQUE INDEX "mailid_office_message_id" ON "mail_id" ("office", "message_id")')


def down(migrator, db):
    db.execute_sql('DROP INDEX "mailid_office_message_id"')
    db.execute_sql('ALTER TABLE "mail_id" DROP COLUMN "office"')
    db.execute_sql('CREATE UNIQUE INDEX "mailid_message_id" ON "mail_id" ("message_id")')
    db.execute_sql('DROP INDEX "effect_message_id"')
    db.execute_sql('DROP INDEX "effect_office_key"')
    db.execute_sql('CREATE UNIQUE INDEX "effect_key" ON "effect" ("key")')
