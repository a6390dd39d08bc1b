"""``motcua read``: what the program understands, one JSON object a case, nothing changed and no database needed.

Each module composes rooms for one kind of case; the rooms themselves know nothing of each other.
"""
