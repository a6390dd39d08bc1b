"""Writes the list of parts (CycloneDX 1.5, JSON) of what is installed for users: python tools/sbom.py > motcua.cdx.json

The same installation gives the same bytes: no time, no random number.
"""

import json
import sys
from typing import Any

from daemon import __version__
from tools.parts import Part, parts


def sbom(found: dict[str, Part]) -> dict[str, Any]:
    """Return the document."""
    own = f"pkg:pypi/motcua@{__version__}"
    needed = {each for part in found.values() for each in part.needs}
    roots = [name for name in found if name not in needed]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "motcua", "version": __version__, "bom-ref": own}},
        "components": [_component(part) for part in found.values()],
        "dependencies": [
            {"ref": own, "dependsOn": [_ref(found[name]) for name in roots]},
            *({"ref": _ref(part), "dependsOn": _known(part.needs, found)} for part in found.values()),
        ],
    }


def _known(names: tuple[str, ...], found: dict[str, Part]) -> list[str]:
    return [_ref(found[name]) for name in names if name in found]


def _ref(part: Part) -> str:
    return f"pkg:pypi/{part.name}@{part.version}"


def _component(part: Part) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "library", "name": part.name, "version": part.version}
    made |= {"bom-ref": _ref(part), "purl": _ref(part)}
    if part.licence:
        made["licenses"] = [{"license": {"name": part.licence}}]
    if part.home.startswith("https://"):
        made["externalReferences"] = [{"type": "website", "url": part.home}]
    return made


if __name__ == "__main__":
    json.dump(sbom(parts()[0]), sys.stdout, ensure_ascii=False, indent=1)
    print()
