"""Users of the console, their sessions, who looks after which ticket, and what is done outside of tickets."""
from peewee import *


def up(migrator, db):
    class Ticket(Model):
        class Meta:
            database = db
            table_name = 'ticket'

    class User(Model):
        office = TextField()
        name = TextField()
        title = TextField()
        role = TextField()
        password = TextField()
        active = BooleanField(default=True)
        away = TextField(default='')
        failed = IntegerField(default=0)
        locked_until = DoubleField(default=0)
        made = TextField()
        class Meta:
            database = db
            table_name = 'user'
            indexes = ((('office', 'name'), True), (('office', 'title'), True))
    db.create_tables([User])

    class Session(Model):
        token = TextField(unique=True)
        user = ForeignKeyField(User, on_delete='CASCADE')
        csrf = TextField()
        made = DoubleField()
        seen = DoubleField()
        address = TextField(default='')
        class Meta:
            database = db
            table_name = 'session'
    db.create_tables([Session])

    class Care(Model):
        ticket = ForeignKeyField(Ticket, unique=True, on_delete='CASCADE')
        user = ForeignKeyField(User, on_delete='CASCADE')
        since = TextField()
        class Meta:
            database = db
            table_name = 'care'
    db.create_tables([Care])

    class OfficeEvent(Model):
        office = TextField()
        seq = IntegerField()
        kind = TextField()
        at = TextField()
        author_kind = TextField()
        author = TextField()
        cause = TextField(default='')
        content = TextField(null=True)
        digest = TextField()
        chain = TextField()
        class Meta:
            database = db
            table_name = 'office_event'
            indexes = ((('office', 'seq'), True),)
    db.create_tables([OfficeEvent])


def down(migrator, db):
    for name in ('office_event', 'care', 'session', 'user'):
        migrator.migrate(migrator.drop_table(name))
