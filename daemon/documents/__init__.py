"""Word, Excel and PDF files: rendering, checking, the ledger. Knows no ticket, only named values."""
