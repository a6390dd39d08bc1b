"""The distributions that motcua installs, with every extra for users: what the licence list and the list of parts stand on."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

EXTRAS = ("ocr", "handwriting", "console", "postgres", "graph")
_WORDS = (
    ("AGPL", r"\bAGPL|Affero"),
    ("LGPL", r"\bLGPL|Lesser General Public|Library or Lesser"),
    ("GPL", r"\bGPL|GNU General Public"),
    ("MPL-2.0", r"\bMPL|Mozilla Public"),
    ("Apache-2.0", r"Apache"),
    ("BSD", r"\bBSD"),
    ("MIT", r"\bMIT\b|Expat"),
    ("PSF-2.0", r"\bPSF|Python Software Foundation"),
    ("ISC", r"\bISC\b"),
    ("HPND", r"HPND|Historical Permission"),
    ("Unlicense", r"Unlicense"),
    ("0BSD", r"0BSD"),
    ("ZPL", r"Zope"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One distribution: its licence as it says itself, and the families that this names."""

    name: str
    version: str
    licence: str
    families: tuple[str, ...]
    home: str
    needs: tuple[str, ...]


def parts(extras: tuple[str, ...] = EXTRAS) -> tuple[dict[str, Part], list[str]]:
    """Return every installed distribution that pyproject.toml asks for, by name, and the names of those not installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted_lines = [
        *project["dependencies"],
        *(line for each in extras for line in project["optional-dependencies"][each]),
    ]
    found: dict[str, Part] = {}
    missing: set[str] = set()
    waiting = _required(wanted_lines, ())
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            dist = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            missing.add(name)
            continue
        needed = _required(dist.requires or (), wanted)
        waiting += needed
        found[name] = _part(dist, tuple(sorted({each for each, _ in needed})))
    return dict(sorted(found.items())), sorted(missing)


def _required(lines: Iterable[str], extras: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    from packaging.requirements import Requirement

    made = []
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            made.append((_normal(requirement.name), tuple(sorted(requirement.extras))))
    return made


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _part(dist: metadata.Distribution, needs: tuple[str, ...]) -> Part:
    about = dist.metadata
    expression = about.get("License-Expression") or ""
    classified = [
        line.split("::")[-1].strip() for line in about.get_all("Classifier") or () if line.startswith("License")
    ]
    written = (about.get("License") or "").strip().splitlines()
    licence = (
        expression or " AND ".join(each for each in classified if each != "OSI Approved") or (written or [""])[0][:80]
    )
    home = about.get("Home-page") or next(iter(about.get_all("Project-URL") or ()), "").split(", ")[-1]
    return Part(_normal(about["Name"]), dist.version, licence, families(licence), home, needs)


def families(licence: str) -> tuple[str, ...]:
    """Return the licence families that a text names."""
    found, rest = [], licence
    for family, words in _WORDS:
        if re.search(words, rest, re.IGNORECASE):
            found.append(family)
            rest = re.sub(words, " ", rest, flags=re.IGNORECASE)
    return tuple(found)
