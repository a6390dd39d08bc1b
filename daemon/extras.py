"""The command that adds a missing extra to this very installation; it knows no extra and imports none."""

import sys


def command(*extras: str) -> str:
    """Return the command, as every shell takes it (cmd.exe knows no single quotes): ``… -m pip install "motcua[ocr]"``."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f'{python or "python"} -m pip install "motcua[{",".join(extras)}]"'
