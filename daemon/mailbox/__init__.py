"""The shared mailbox: raw RFC 822 bytes in and out. Knows nothing of tickets, the database or Word."""
