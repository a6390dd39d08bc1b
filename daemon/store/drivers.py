"""The driver of a database server is loaded when such a database is opened.

peewee loads at once every driver that it finds installed, and psycopg alone takes 15 MB, which an office on SQLite never
uses. So peewee is imported here first, with the drivers out of its sight. Knows no table and no address.
"""

import sys

# What peewee 4 tries to import; one that is loaded already costs nothing more.
_DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg", "pymysql", "MySQLdb")


def _import_without_drivers() -> None:
    hidden = [name for name in _DRIVERS if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # the import system's own sign for "there is none"
    try:
        import playhouse.migrations  # noqa: F401 - peewee and all of its own that would ask for a driver again
    finally:
        for name in hidden:
            del sys.modules[name]


_import_without_drivers()


def load_psycopg() -> None:
    """Give peewee the driver of PostgreSQL, as its own import would have. Raises ImportError where it is not installed."""
    import peewee
    import psycopg
    from psycopg.pq import TransactionStatus
    from psycopg.types.json import Json, Jsonb

    theirs = {"psycopg": psycopg, "TransactionStatus": TransactionStatus, "Json_pg3": Json, "Jsonb_pg3": Jsonb}
    for name, value in theirs.items():
        setattr(peewee, name, value)
    adapter = peewee.Psycopg3Adapter
    adapter.txn_idle, adapter.txn_inerror = TransactionStatus.IDLE, TransactionStatus.INERROR
    adapter.txn_unknown = TransactionStatus.UNKNOWN
