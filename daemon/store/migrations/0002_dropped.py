"""How many attempts at an effect ended with the death of their process."""
from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column('effect', 'dropped', IntegerField(default=0)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('effect', 'dropped'))
