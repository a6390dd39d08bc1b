"""Whole words of a ticket's texts, indexed on both engines. Triggers keep SQLite's table equal to the tickets, so that
whoever erases a text erases it there as well; PostgreSQL does so by itself."""
from peewee import SqliteDatabase

INSERT = 'INSERT INTO ticket_words (rowid, search) VALUES (new.id, new.search);'
DELETE = "INSERT INTO ticket_words (ticket_words, rowid, search) VALUES ('delete', old.id, old.search);"


def up(migrator, db):
    if not isinstance(db, SqliteDatabase):
        db.execute_sql("CREATE INDEX ticket_words ON ticket USING gin (to_tsvector('simple', search))")
        return
    _drop(db)
    db.execute_sql("CREATE VIRTUAL TABLE ticket_words USING fts5 (search, content = 'ticket', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0', detail = none, columnsize = 0)")
    db.execute_sql("INSERT INTO ticket_words (ticket_words) VALUES ('rebuild')")
    db.execute_sql(f'CREATE TRIGGER ticket_words_new AFTER INSERT ON ticket BEGIN {INSERT} END')
    db.execute_sql(f'CREATE TRIGGER ticket_words_gone AFTER DELETE ON ticket BEGIN {DELETE} END')
    db.execute_sql(f'CREATE TRIGGER ticket_words_other AFTER UPDATE OF search ON ticket WHEN old.search <> new.search BEGIN {DELETE} {INSERT} END')


def _drop(db):
    for name in ('ticket_words_new', 'ticket_words_gone', 'ticket_words_other'):
        db.execute_sql(f'DROP TRIGGER IF EXISTS {name}')
    db.execute_sql('DROP TABLE IF EXISTS ticket_words')


def down(migrator, db):
    if isinstance(db, SqliteDatabase):
        _drop(db)
    else:
        db.execute_sql('DROP INDEX ticket_words')
