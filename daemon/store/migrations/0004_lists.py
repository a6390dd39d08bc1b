"""What lists of 100,000 tickets need: an index that holds the filters of the ledger, and words found inside a text.

The word index is SQLite's own (FTS5 by three signs, from 3.34); elsewhere, or where it is missing, texts are searched row by
row. Triggers keep it equal to the tickets, so that whoever erases a text erases it there as well.
"""
from peewee import SqliteDatabase


def up(migrator, db):
    db.execute_sql('CREATE INDEX "ticket_ledger" ON "ticket" ("office", "received", "state", "category", "channel", "unit")')
    if not isinstance(db, SqliteDatabase) or db.server_version < (3, 34):
        return
    db.execute_sql("CREATE VIRTUAL TABLE ticket_words USING fts5 (search, content = 'ticket', content_rowid = 'id', tokenize = 'trigram', columnsize = 0)")
    db.execute_sql('INSERT INTO ticket_words (rowid, search) SELECT id, search FROM ticket')
    db.execute_sql('CREATE TRIGGER ticket_words_new AFTER INSERT ON ticket BEGIN INSERT INTO ticket_words (rowid, search) VALUES (new.id, new.search); END')
    db.execute_sql("CREATE TRIGGER ticket_words_gone AFTER DELETE ON ticket BEGIN INSERT INTO ticket_words (ticket_words, rowid, search) VALUES ('delete', old.id, old.search); END")
    db.execute_sql("CREATE TRIGGER ticket_words_other AFTER UPDATE OF search ON ticket WHEN old.search <> new.search BEGIN INSERT INTO ticket_words (ticket_words, rowid, search) VALUES ('delete', old.id, old.search); INSERT INTO ticket_words (rowid, search) VALUES (new.id, new.search); END")


def down(migrator, db):
    if isinstance(db, SqliteDatabase):
        for name in ('ticket_words_new', 'ticket_words_gone', 'ticket_words_other'):
            db.execute_sql('DROP TRIGGER IF EXISTS ' + name)
        db.execute_sql('DROP TABLE IF EXISTS ticket_words')
    db.execute_sql('DROP INDEX "ticket_ledger"')
