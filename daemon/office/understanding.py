"""What a mail says as a new request, before anything is known of tickets: its words and their reading.

Looks at nothing but the mail, so that it can be done for many mails ahead (``ahead``).
"""

import datetime as dt
from dataclasses import dataclass

from daemon.desk.message import Message
from daemon.reading.own_words import own_words_of
from daemon.reading.reply import read_reply
from daemon.reading.request import RequestReader, RequestReading


@dataclass(frozen=True, slots=True)
class Understood:
    """A customer's words without what they answer to and without the signature, and what was read in the mail."""

    text: str
    reading: RequestReading


def understand(message: Message, received: dt.datetime, reader: RequestReader) -> Understood:
    """Return a mail read as a request that was received at a time."""
    text, own = read_reply(message, None).text or message.text or "", own_words_of(message)
    reading = reader.read(
        channel="email",
        received=received,
        subject=message.subject,
        text=own or text,
        sender=message.from_address,
        sender_name=message.from_name,
        answers=not own,
    )
    return Understood(text, reading)
