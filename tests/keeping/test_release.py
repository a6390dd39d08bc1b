"""What a release is made of: licences, the list of parts, one version, and databases of every version that came before."""

import gzip
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from daemon import __version__
from daemon.office.parts import open_office
from tests.support.office import make_home
from tools.licences import PAGE, faults
from tools.parts import EXTRAS, Part, families, parts
from tools.sbom import sbom

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.db.gz"))


def test_no_licence_that_may_not_be_there() -> None:
    """No GPL on the import path; every licence is known; each distribution stands on the page."""
    found, _ = parts()
    assert len(found) > 30
    assert faults(found) == []
    page = PAGE.read_text("utf-8")
    assert [name for name in found if f"| {name} |" not in page] == [], "python tools/licences.py --write"


@pytest.mark.parametrize(
    ("licence", "wanted"),
    [
        ("GPL-3.0-or-later", ("GPL",)),
        ("GNU General Public License v2 (GPLv2)", ("GPL",)),
        ("LGPL-3.0-only", ("LGPL",)),
        ("GNU Lesser General Public License v3", ("LGPL",)),
        ("GNU Affero General Public License v3", ("AGPL",)),
        ("MIT License", ("MIT",)),
        ("BSD-3-Clause AND MIT", ("BSD", "MIT")),
        ("", ()),
    ],
)
def test_families(licence: str, wanted: tuple[str, ...]) -> None:
    """LGPL is not taken for GPL, nor the other way round."""
    assert families(licence) == wanted


def test_a_refused_or_unknown_licence_is_named() -> None:
    """And a choice between GPL and another one is a choice."""
    made = {
        name: Part(name, "1", licence, families(licence), "", ())
        for name, licence in (("a", "GPL-3.0"), ("b", "MIT OR GPL-2.0"), ("c", "my own"))
    }
    assert [line.split(":")[0] for line in faults(made)] == ["a", "c"]


def test_the_list_of_parts() -> None:
    """Every reference leads to a part, twice the same bytes, our version in it."""
    found, _ = parts()
    made = sbom(found)
    refs = {each["bom-ref"] for each in made["components"]} | {made["metadata"]["component"]["bom-ref"]}
    assert all(each["ref"] in refs and set(each["dependsOn"]) <= refs for each in made["dependencies"])
    assert made["metadata"]["component"]["version"] == __version__
    assert json.dumps(made) == json.dumps(sbom(parts()[0]))


def test_what_the_tests_run_with_is_pinned() -> None:
    """Each line pins one version, and everything that the extras and the tests bring along has such a line."""
    lines = [line for line in (ROOT / "tools" / "constraints.txt").read_text("utf-8").splitlines() if line.strip()]
    pinned = dict(line.lower().split("==") for line in lines if not line.startswith("#"))
    assert all(re.fullmatch(r"\d[\w.+!-]*", version) for version in pinned.values()), pinned
    found, _ = parts((*EXTRAS, "dev"))
    names = {re.sub(r"[-_.]+", "-", name): version for name, version in pinned.items()}
    assert {name: part.version for name, part in found.items() if names.get(name) != part.version} == {}


def test_one_version() -> None:
    """It stands in one place; the change log and the guide speak of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    told = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert told[0] in (__version__, "Unreleased")
    guide = (ROOT / "docs/huong-dan/cong-nghe-thong-tin.md").read_text("utf-8")
    assert set(re.findall(r"motcua-(\d+\.\d+\.\d+)-py3", guide)) == {__version__}


@pytest.mark.parametrize("kept", VERSIONS, ids=lambda path: path.name.removesuffix(".db.gz"))
def test_a_database_of_an_earlier_version_is_brought_forward(kept: Path, tmp_path: Path) -> None:
    """It opens, its chain is whole, its tickets are read and found by their words, and work goes on."""
    from daemon.loop import Loop

    home = make_home(tmp_path / "home")
    with gzip.open(kept) as packed, (home / "var" / "motcua.db").open("wb") as out:
        shutil.copyfileobj(packed, out)
    parts_ = open_office(home)
    try:
        tickets = list(parts_.store.tickets())
        assert [ticket.number for ticket in tickets][:2] == ["PCBK-2026-000001", "PCBK-2026-000002"]
        assert all(parts_.store.events(ticket.number) for ticket in tickets)
        assert parts_.store.broken_chains() == []
        assert [ticket.number for ticket in parts_.store.tickets(words="ga ap")] == ["PCBK-2026-000001"]
        Loop(parts_).tick()
        assert parts_.store.broken_chains() == []
    finally:
        parts_.close()
