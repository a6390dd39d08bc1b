"""Lists the licences of everything that motcua installs and says what may not be there.

    python tools/licences.py            prints the table (docs/third-party.md is made of it: --write)

GPL and AGPL may not stand on the import path of an MIT program; LGPL may, since Python loads it as a library of its own.
"""

import sys
from pathlib import Path

from tools.parts import Part, parts

PAGE = Path(__file__).resolve().parent.parent / "docs" / "third-party.md"
REFUSED = {"GPL", "AGPL"}
# Distributions whose own words name no family; each was looked up in its licence file.
LOOKED_UP = {"imapclient": "BSD", "peewee": "MIT"}
_HEAD = """# Third-party software

What `pip install motcua[ocr,handwriting,console,postgres,graph]` brings along, with the licence that each names itself.
Made by `python tools/licences.py --write`; versions are those of `tools/constraints.txt`.

| distribution | licence |
| --- | --- |
"""


def faults(found: dict[str, Part]) -> list[str]:
    """Return what may not stay: a refused licence, or none that can be recognised."""
    wrong = []
    for name, part in found.items():
        families = set(part.families) or ({LOOKED_UP[name]} if name in LOOKED_UP else set())
        alternatives = " OR " in part.licence.upper() and families - REFUSED
        if families & REFUSED and not alternatives:
            wrong.append(f"{name}: {part.licence}")
        if not families:
            wrong.append(f"{name}: no licence that is known here: {part.licence!r}")
    return wrong


def page(found: dict[str, Part]) -> str:
    """Return the table."""
    rows = (f"| {name} | {part.licence or LOOKED_UP.get(name, '')} |\n" for name, part in found.items())
    return _HEAD + "".join(rows)


def main() -> int:
    """Print or write the table; return 1 where something may not be there."""
    found, missing = parts()
    if "--write" in sys.argv:
        PAGE.write_text(page(found), "utf-8")
    else:
        print(page(found), end="")
    wrong = faults(found) + [f"{name}: not installed here, not checked" for name in missing]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
