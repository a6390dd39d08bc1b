"""Whose mail it is: addresses of the desk's own people and programs. What a mail from one of them means is not said here."""

from daemon.office.parts import Parts


def our_people(parts: Parts) -> dict[str, str]:
    """Return the addresses of the units and the leaders, with whose they are."""
    addresses = parts.desk.units.addresses(parts.clock.now().date())
    return dict.fromkeys(parts.desk.units.leaders, "lanh-dao") | addresses


def known(parts: Parts) -> frozenset[str]:
    """Return every address from which no customer writes in their own words: units, leaders, gateways, ourselves."""
    file = parts.settings.file
    return frozenset((file.mailbox_address, *(gateway.sender for gateway in file.gateways), *our_people(parts)))
