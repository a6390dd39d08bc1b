"""The domain of the customer desk. Standard library only: no mail server, file, Word, SQL or clock is known here."""
