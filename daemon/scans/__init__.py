"""The scan folder: stable files, upright pages, the fields and boxes of known forms. Knows no ticket and no database."""
