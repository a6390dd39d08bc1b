# Generated from a schema diff on 2026-11-23 10:59.
from peewee import *

def up(migrator, db):
    class Counter(Model):
        office = TextField()
        year = IntegerField()
        last = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'counter'
            indexes = ((('office', 'year'), True),)
    db.create_tables([Counter])

    class Ticket(Model):
        office = TextField()
        number = TextField(unique=True)
        procedure = TextField()
        category = TextField()
        channel = TextField()
        state = TextField()
        step = TextField(default='')
        round = IntegerField(default=1)
        received = TextField()
        unit = TextField(null=True)
        wanted_reply = TextField(null=True)
        outage_start = TextField(null=True)
        danger = BooleanField(default=False)
        customer_name = TextField(null=True)
        customer_code = TextField(null=True)
        customer_phone = TextField(null=True)
        customer_address = TextField(null=True)
        customer_email = TextField(null=True)
        subject = TextField(null=True)
        content = TextField(default='')
        reading = TextField(default='{}')
        work = TextField(default='{}')
        official_number = TextField(null=True)
        message_id = TextField(null=True)
        outage_group = TextField(null=True)
        merged_into = TextField(null=True)
        search = TextField(default='')
        handled = IntegerField(default=0)
        last_seq = IntegerField(default=0)
        look_at = TextField(null=True)
        version = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'ticket'
            indexes = ((('office', 'look_at'), False), (('office', 'state', 'received'), False), (('office', 'customer_code', 'state'), False))
    db.create_tables([Ticket])

    class Deadline(Model):
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        name = TextField()
        round = IntegerField()
        due = TextField(index=True)
        holder = TextField()
        met = TextField(null=True)
        details = TextField(default='{}')
        class Meta:
            database = db
            table_name = 'deadline'
            indexes = ((('ticket', 'name', 'round'), True),)
    db.create_tables([Deadline])

    class Document(Model):
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        kind = TextField()
        round = IntegerField()
        name = TextField()
        digest = TextField()
        at = TextField()
        class Meta:
            database = db
            table_name = 'document'
            indexes = ((('ticket', 'kind', 'round', 'name'), True),)
    db.create_tables([Document])

    class Effect(Model):
        office = TextField()
        ticket = ForeignKeyField(Ticket, null=True, on_delete='RESTRICT')
        key = TextField(unique=True)
        kind = TextField()
        payload = TextField()
        after = TextField(null=True)
        state = TextField(default='wanted')
        message_id = TextField(null=True)
        attempts = IntegerField(default=0)
        tried = BooleanField(default=False)
        lease = DoubleField(default=0)
        retry_at = DoubleField(default=0)
        reason = TextField(default='')
        class Meta:
            database = db
            table_name = 'effect'
            indexes = ((('office', 'state', 'retry_at'), False), (('ticket', 'state'), False))
    db.create_tables([Effect])

    class Event(Model):
        ticket = ForeignKeyField(Ticket, on_delete='RESTRICT')
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
            table_name = 'event'
            indexes = ((('ticket', 'seq'), True),)
    db.create_tables([Event])

    class Item(Model):
        office = TextField()
        identity = TextField(unique=True)
        source = TextField()
        name = TextField(default='')
        digest = TextField()
        size = IntegerField()
        received = TextField()
        state = TextField()
        ticket = ForeignKeyField(Ticket, null=True, on_delete='RESTRICT')
        reason = TextField(default='')
        sender = TextField(default='')
        subject = TextField(default='')
        details = TextField(default='{}')
        attempts = IntegerField(default=0)
        retry_at = DoubleField(default=0)
        class Meta:
            database = db
            table_name = 'item'
            indexes = ((('office', 'state', 'id'), False), (('ticket',), False))
    db.create_tables([Item])

    class MailId(Model):
        message_id = TextField(unique=True)
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        ours = BooleanField()
        class Meta:
            database = db
            table_name = 'mail_id'
    db.create_tables([MailId])

    class Note(Model):
        office = TextField()
        name = TextField()
        value = TextField()
        class Meta:
            database = db
            table_name = 'note'
            indexes = ((('office', 'name'), True),)
    db.create_tables([Note])

    class UnitAsked(Model):
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        unit = TextField()
        step = TextField()
        round = IntegerField()
        state = TextField()
        asked = TextField(null=True)
        due = TextField(null=True)
        answered = TextField(null=True)
        details = TextField(default='{}')
        class Meta:
            database = db
            table_name = 'unit_asked'
            indexes = ((('ticket', 'step', 'round', 'unit'), True),)
    db.create_tables([UnitAsked])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('unit_asked'))
    migrator.migrate(migrator.drop_table('note'))
    migrator.migrate(migrator.drop_table('mail_id'))
    migrator.migrate(migrator.drop_table('item'))
    migrator.migrate(migrator.drop_table('event'))
    migrator.migrate(migrator.drop_table('effect'))
    migrator.migrate(migrator.drop_table('document'))
    migrator.migrate(migrator.drop_table('deadline'))
    migrator.migrate(migrator.drop_table('ticket'))
    migrator.migrate(migrator.drop_table('counter'))
