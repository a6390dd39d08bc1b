"""What the loop and the commands ask of the database, each as one call and each change as one transaction.

The calls stand in a module a subject; here they come together.
"""

from daemon.store.chain import Chain
from daemon.store.effects import Claimed, Effects
from daemon.store.items import Arrival, Item, Items
from daemon.store.notes import Notes
from daemon.store.records import LONGEST_WAIT
from daemon.store.tickets import Tickets

__all__ = ["LONGEST_WAIT", "Arrival", "Claimed", "Item", "Store"]


class Store(Items, Tickets, Effects, Notes, Chain):
    """One office's records."""
