"""Ticket and new text of a mail together: each needs the other. The caller tells what is known and what was sent."""

from collections.abc import Callable

from daemon.desk import matching
from daemon.desk.message import Message
from daemon.reading.reply import Reply, read_reply

Sent = Callable[[tuple[str, ...]], str | None]


def place(
    message: Message,
    known: matching.Known,
    sent: Sent,
    *,
    number_pattern: str = matching.NUMBER,
    code_pattern: str = matching.CODE,
) -> tuple[matching.Match, Reply]:
    """Return the ticket of a mail and its new text.

    ``sent`` gives the texts that we sent about tickets (requests and reminders, joined), None where there is none. A
    customer code counts only if it still stands in the new text once our own request is taken out of it.
    """
    match = matching.find(message, known, number_pattern=number_pattern, code_pattern=code_pattern)
    if match.number or match.candidates:
        return match, read_reply(message, sent((match.number,) if match.number else match.candidates))
    first = read_reply(message, None)
    match = matching.find(message, known, first.text, number_pattern=number_pattern, code_pattern=code_pattern)
    if not (match.number or match.candidates):
        return match, first
    reply = read_reply(message, sent((match.number,) if match.number else match.candidates))
    return matching.find(message, known, reply.text, number_pattern=number_pattern, code_pattern=code_pattern), reply
