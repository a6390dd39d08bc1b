"""The only place that knows the database."""

from daemon.store import drivers  # noqa: F401 - before any module of this room imports peewee
