"""The three kinds of trouble. Each message names the thing, the reason and the next action, in Vietnamese."""


class Trouble(Exception):
    """Something did not work, and the message says what, why and what to do next."""


class TryLater(Trouble):
    """The outside is not ready; the same thing may work later without anybody's doing."""


class Refused(Trouble):
    """It will never work as it stands; trying again is useless."""


class NeedsPerson(Trouble):
    """Only a person can tell how to go on, for example whether a mail in doubt was really sent."""
