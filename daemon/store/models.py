"""The tables. Values and rules live in ``desk``; here is only how they lie in the database.

Times are ISO 8601 text in UTC with microseconds, so that text order is time order on every engine. JSON is text.
Retention classes of the columns with personal data stand in ``docs/decisions/0004-personal-data.md``.
"""

import peewee as pw

TABLES: list[type[pw.Model]] = []


class Base(pw.Model):
    """The common parent; the database is bound when a store is opened."""

    class Meta:
        legacy_table_names = False


def table(model: type[pw.Model]) -> type[pw.Model]:
    """Register a model as a table of the store."""
    TABLES.append(model)
    return model


@table
class Counter(Base):
    """The last number given, one row an office and year: numbers have no gaps."""

    office = pw.TextField()
    year = pw.IntegerField()
    last = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("office", "year"), True),)


@table
class Ticket(Base):
    """One request. ``look_at`` is NULL when nothing is to be decided; ``version`` tells a second writer."""

    office = pw.TextField()
    number = pw.TextField(unique=True)
    procedure = pw.TextField()
    category = pw.TextField()
    channel = pw.TextField()
    state = pw.TextField()
    step = pw.TextField(default="")
    round = pw.IntegerField(default=1)
    received = pw.TextField()
    unit = pw.TextField(null=True)
    wanted_reply = pw.TextField(null=True)
    outage_start = pw.TextField(null=True)
    danger = pw.BooleanField(default=False)
    customer_name = pw.TextField(null=True)
    customer_code = pw.TextField(null=True)
    customer_phone = pw.TextField(null=True)
    customer_address = pw.TextField(null=True)
    customer_email = pw.TextField(null=True)
    subject = pw.TextField(null=True)
    content = pw.TextField(default="")
    reading = pw.TextField(default="{}")
    work = pw.TextField(default="{}")
    official_number = pw.TextField(null=True)
    message_id = pw.TextField(null=True)
    outage_group = pw.TextField(null=True)
    merged_into = pw.TextField(null=True)
    search = pw.TextField(default="")
    handled = pw.IntegerField(default=0)
    last_seq = pw.IntegerField(default=0)
    look_at = pw.TextField(null=True)
    version = pw.IntegerField(default=0)

    class Meta:
        indexes = (
            (("office", "look_at"), False),
            (("office", "state", "received"), False),
            (("office", "customer_code", "received"), False),
            (("office", "customer_phone", "received"), False),
            (("office", "customer_email", "received"), False),
            (("office", "received", "state", "category", "channel", "unit"), False),
        )


@table
class UnitAsked(Base):
    """One unit asked in one round of one step."""

    ticket = pw.ForeignKeyField(Ticket, backref="units", on_delete="CASCADE")
    unit = pw.TextField()
    step = pw.TextField()
    round = pw.IntegerField()
    state = pw.TextField()
    asked = pw.TextField(null=True)
    due = pw.TextField(null=True)
    answered = pw.TextField(null=True)
    details = pw.TextField(default="{}")

    class Meta:
        indexes = ((("ticket", "step", "round", "unit"), True),)


@table
class Deadline(Base):
    """A promise of a ticket: due, who holds it, when met."""

    ticket = pw.ForeignKeyField(Ticket, backref="deadlines", on_delete="CASCADE")
    name = pw.TextField()
    round = pw.IntegerField()
    due = pw.TextField(index=True)
    holder = pw.TextField()
    met = pw.TextField(null=True)
    details = pw.TextField(default="{}")

    class Meta:
        indexes = ((("ticket", "name", "round"), True),)


@table
class Document(Base):
    """A file of a ticket in the outbox."""

    ticket = pw.ForeignKeyField(Ticket, backref="documents", on_delete="CASCADE")
    kind = pw.TextField()
    round = pw.IntegerField()
    name = pw.TextField()
    digest = pw.TextField()
    at = pw.TextField()

    class Meta:
        indexes = ((("ticket", "kind", "round", "name"), True),)


@table
class Event(Base):
    """What happened, append-only. ``chain`` hashes the predecessor's chain and ``digest``; ``content`` may be erased."""

    ticket = pw.ForeignKeyField(Ticket, backref="events", on_delete="RESTRICT")
    seq = pw.IntegerField()
    kind = pw.TextField()
    at = pw.TextField()
    author_kind = pw.TextField()
    author = pw.TextField()
    cause = pw.TextField(default="")
    content = pw.TextField(null=True)
    digest = pw.TextField()
    chain = pw.TextField()

    class Meta:
        indexes = ((("ticket", "seq"), True),)


@table
class Item(Base):
    """Something that came in: a mail, a file, a note. Its bytes lie in the originals under ``digest``."""

    office = pw.TextField()
    identity = pw.TextField(unique=True)
    source = pw.TextField()
    name = pw.TextField(default="")
    digest = pw.TextField()
    size = pw.IntegerField()
    received = pw.TextField()
    state = pw.TextField()
    ticket = pw.ForeignKeyField(Ticket, null=True, on_delete="RESTRICT")
    reason = pw.TextField(default="")
    sender = pw.TextField(default="")
    subject = pw.TextField(default="")
    details = pw.TextField(default="{}")
    attempts = pw.IntegerField(default=0)
    retry_at = pw.DoubleField(default=0)

    class Meta:
        indexes = ((("office", "state", "id"), False), (("ticket",), False))


@table
class MailId(Base):
    """Every Message-ID that leads to a ticket: those we issued and those customers wrote with."""

    office = pw.TextField()
    message_id = pw.TextField()
    ticket = pw.ForeignKeyField(Ticket, on_delete="CASCADE")
    ours = pw.BooleanField()

    class Meta:
        indexes = ((("office", "message_id"), True),)


@table
class Effect(Base):
    """Something wanted, done at most once by its key, unique in its office. Leases and retries run in the database's real time."""

    office = pw.TextField()
    ticket = pw.ForeignKeyField(Ticket, null=True, backref="effects", on_delete="RESTRICT")
    key = pw.TextField()
    kind = pw.TextField()
    payload = pw.TextField()
    after = pw.TextField(null=True)
    state = pw.TextField(default="wanted")
    message_id = pw.TextField(null=True, index=True)
    attempts = pw.IntegerField(default=0)
    dropped = pw.IntegerField(default=0)
    tried = pw.BooleanField(default=False)
    lease = pw.DoubleField(default=0)
    retry_at = pw.DoubleField(default=0)
    reason = pw.TextField(default="")

    class Meta:
        indexes = ((("office", "key"), True), (("office", "state", "retry_at"), False), (("ticket", "state"), False))


@table
class Note(Base):
    """Small things the loop must remember over a restart: last runs, digests of settings, cursors, alarms."""

    office = pw.TextField()
    name = pw.TextField()
    value = pw.TextField()

    class Meta:
        indexes = ((("office", "name"), True),)


@table
class User(Base):
    """Someone who may sign in to the console. ``password`` is an Argon2 hash; ``away`` says why they are absent."""

    office = pw.TextField()
    name = pw.TextField()
    title = pw.TextField()
    role = pw.TextField()
    password = pw.TextField()
    active = pw.BooleanField(default=True)
    away = pw.TextField(default="")
    failed = pw.IntegerField(default=0)
    locked_until = pw.DoubleField(default=0)
    made = pw.TextField()

    class Meta:
        indexes = ((("office", "name"), True), (("office", "title"), True))


@table
class Session(Base):
    """One signed-in browser. Only a hash of its secret is kept; times are the database's real time in seconds."""

    token = pw.TextField(unique=True)
    user = pw.ForeignKeyField(User, on_delete="CASCADE")
    csrf = pw.TextField()
    made = pw.DoubleField()
    seen = pw.DoubleField()
    address = pw.TextField(default="")


@table
class Care(Base):
    """Which agent looks after a ticket now; how it came about stands in the ticket's events."""

    ticket = pw.ForeignKeyField(Ticket, unique=True, on_delete="CASCADE")
    user = pw.ForeignKeyField(User, on_delete="CASCADE")
    since = pw.TextField()


@table
class OfficeEvent(Base):
    """What people did that belongs to no ticket: users, settings, templates. Chained like the events of a ticket."""

    office = pw.TextField()
    seq = pw.IntegerField()
    kind = pw.TextField()
    at = pw.TextField()
    author_kind = pw.TextField()
    author = pw.TextField()
    cause = pw.TextField(default="")
    content = pw.TextField(null=True)
    digest = pw.TextField()
    chain = pw.TextField()

    class Meta:
        indexes = ((("office", "seq"), True),)
