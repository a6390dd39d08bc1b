"""Text to meaning: the kind of a request, its fields, dates and places, a reply without its history. Pure functions."""
