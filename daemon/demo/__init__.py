"""``motcua demo``: three and a half working days of a desk in about a minute, on a clock of its own, through the very same loop.

``data/script.toml`` tells what customers, units, the mail server and the agents do and when; everything else is done by
the office as it is shipped: its Maildir, database, templates, reading child. Nothing here knows a rule of the procedure.
"""
