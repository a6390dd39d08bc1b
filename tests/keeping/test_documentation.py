"""The documentation says all there is, and nothing that is not: commands, options, keys, verbs, links, blocks."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from daemon.cli import cli
from daemon.desk.history import DOCUMENTS
from daemon.desk.procedure import VERBS
from daemon.mailbox import imap, table
from daemon.office import setup
from daemon.office.actions import CHOICES, FIELDS
from daemon.office.founding import found
from tests.keeping.desk import Kept
from tests.keeping.keys import keys_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GUIDE = ROOT / "docs" / "huong-dan"


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def options(command: click.Command) -> set[str]:
    """Return the long options of a command."""
    return {name for each in command.params for name in each.opts if name.startswith("--")} | {"--help"}


@pytest.mark.parametrize("words", [words for words, _ in commands()], ids=" ".join)
def test_every_command_is_documented(words: tuple[str, ...]) -> None:
    """With each of its options."""
    page = (GUIDE / "lenh.md").read_text("utf-8")
    assert re.search(rf"`[^`\n]*\b{' '.join(words)}\b", page), (
        f"motcua {' '.join(words)} is not in docs/huong-dan/lenh.md"
    )
    command = dict(commands())[words]
    hidden = {name for each in command.params if getattr(each, "hidden", False) for name in each.opts}
    missing = [name for name in options(command) - {"--help", "--by"} - hidden if name not in page]
    assert not missing, f"motcua {' '.join(words)}: {missing} not in docs/huong-dan/lenh.md"


def test_every_key_is_documented(tmp_path: Path) -> None:
    """Each file's keys, as the program itself names them, stand in that file's part of the page."""
    page = (GUIDE / "cau-hinh.md").read_text("utf-8")
    parts = {re.split(r"[/ ]", part.split("\n", 1)[0])[0]: part for part in page.split("\n## ")[1:]}
    found = keys_of(ROOT, tmp_path)
    assert {"desk.toml", "units.toml", "procedures", "calendar", "lookups.toml", "tariffs.toml"} <= set(found)
    assert sum(map(len, found.values())) > 120
    missing = {
        name: lost
        for name, keys in found.items()
        if (lost := sorted(key for key in keys if f"`{key}`" not in parts.get(name, "")))
    }
    assert not missing, f"not in docs/huong-dan/cau-hinh.md: {missing}"


def test_what_is_typed_works_on_a_bare_machine() -> None:
    """A bare Debian has no sudo: the blocks of the guide do without; the words beside them name it for those who have it."""
    typed = [each.text for page in PAGES for each in blocks(page) if "sudo " in each.text]
    assert not typed, typed
    guide = (GUIDE / "cong-nghe-thong-tin.md").read_text("utf-8")
    set_up = guide.partition("## Thiết lập lần đầu")[2]
    assert -1 < set_up.find("install -m 600 -o motcua ") < set_up.find("hỏi từng câu"), (
        "the password before the questions"
    )
    assert "motcua demo" in (ROOT / "README.md").read_text("utf-8").partition("## Use it")[0]


def test_every_verb_is_documented() -> None:
    """The closed list of the contract."""
    page = (GUIDE / "cau-hinh.md").read_text("utf-8")
    assert not [verb for verb in VERBS if f"`{verb}`" not in page]


def test_every_field_of_set_is_documented() -> None:
    """With each value that it may have, in the table and in the command's own help; and no other."""
    part = (GUIDE / "lenh.md").read_text("utf-8").partition("## Trường của")[2]
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \|(.*)$", part))
    assert set(rows) == set(FIELDS)
    told = CliRunner().invoke(cli, ["set", "--help"], prog_name="motcua").output
    for name in FIELDS:
        assert re.search(rf"\b{name}\b", told), name
    for name, values in CHOICES.items():
        assert not [each for each in values if f"`{each}`" not in rows[name] or each not in told], name


def test_every_kind_of_file_has_a_name_in_the_guide() -> None:
    """What stands in the names of the files of outbox/."""
    page = (GUIDE / "giao-dich-vien.md").read_text("utf-8")
    assert not [kind for kind in DOCUMENTS if f"`-{kind}-`" not in page]


# -- the file of answers -----------------------------------------------------------------------------------------------
@pytest.fixture
def answers() -> str:
    """The sample of the guide with every line in force."""
    page = GUIDE / "cong-nghe-thong-tin.md"
    (sample,) = [each.text for each in blocks(page) if "[mailbox.imap]" in each.text]
    return re.sub(r"(?m)^# (\[|\w+ = )", r"\1", sample)


def test_the_answers_have_every_key(answers: str, tmp_path: Path) -> None:
    """Of the file itself, of a unit, of the mailbox's own table, of the tables of desk.toml."""
    given = tomllib.loads(answers)
    assert set(given) == set(setup.ANSWERS)
    assert set(given["units"][-1]) == {"id", *setup.UNIT, *setup.AREA}
    keys = {each.name for each in fields(imap.Config)}
    assert (
        set(given["mailbox"]["imap"]) == keys and table.values(imap.Config, given["mailbox"]["imap"], tmp_path)[1] == []
    )
    own = {f"{name}_table" for name in given} | {"gateways", "fields", "maildir", "ews", "graph", "lines"}
    written = {key for name in (*setup.TABLES, "reports") for key in _keys(given[name])} | own
    known = keys_of(ROOT, tmp_path)["desk.toml"]
    lost = known - written - {*given, "sender", "channel", "content", "subject", "cong-ty", "tong-cong-ty"}
    assert not lost, f"keys of desk.toml that the sample of answers lacks: {lost}"


def _keys(values: object) -> Iterator[str]:
    for key, value in values.items() if isinstance(values, dict) else ():
        yield key
        yield from _keys(value)


def test_the_answers_are_accepted(answers: str, tmp_path: Path) -> None:
    """As they stand, with every key in force but those that exclude another one or need a file."""
    list(found(tmp_path / "home"))
    text = re.sub(r'"/etc/motcua/([\w.-]+)"', rf'"{tmp_path}/\1"', answers)
    text = re.sub(r"(?m)^(smtp_password_env|password_env|metrics_token_env|oauth_\w+|auth) = .*\n", "", text)
    for name in ("mailbox-password", "smtp-password", "ca.pem", "console.pem", "console.key", "metrics-token"):
        (tmp_path / name).write_text("geheim-x\n", "utf-8")
        (tmp_path / name).chmod(0o600)
    text = text.replace('url = "postgresql://motcua@may-chu/motcua"', 'url = "sqlite:///var/motcua.db"')
    (tmp_path / "tra-loi.toml").write_text(text, "utf-8")
    told = list(setup.apply(tmp_path / "home", setup.from_file(tmp_path / "tra-loi.toml")))
    assert any("Đã bỏ các đơn vị" in line for line in told)
    assert {
        unit["id"] for unit in tomllib.loads((tmp_path / "home/config/units.toml").read_text("utf-8"))["units"]
    } == {
        "B26",
        "Ba Bể",
    }


def code(page: Path) -> Iterator[str]:
    """Yield the lines of shell blocks and the pieces of code inside sentences and tables."""
    text = page.read_text("utf-8")
    for block in re.findall(r"```sh[^\n]*\n(.*?)```", text, re.DOTALL):
        yield from block.splitlines()
    for piece in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        yield piece.replace("\\|", "|")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_is_written_can_be_typed(page: Path) -> None:
    """Each `motcua …` names a command that is there, with options that it has."""
    known = dict(commands())
    for line in code(page):
        for words in re.findall(r"(?:^|[ /])motcua ((?:--home \S+ )?[a-z][^&|·#<]*)", line):
            told = re.sub(r"^--home \S+ ", "", words).split()
            found = next((each for each in known if tuple(told[: len(each)]) == each), None)
            group = isinstance(cli.commands.get(told[0]), click.Group)
            assert found or (group and len(told) == 1) or told[0] in ("…", "LỆNH"), f"{page.name}: motcua {words}"
            if found:
                given = {
                    re.split(r"[=\]]", word.strip("[]`'\","))[0] for word in told if word.strip("[").startswith("--")
                }
                assert given <= options(known[found]), f"{page.name}: motcua {words}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Files and pictures of the repository; a heading of a page is there."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        path = (page.parent / file) if file else page
        assert path.exists(), f"{page.name}: {target}"
        if heading:
            titles = re.findall(r"(?m)^#+ (.+)$", path.read_text("utf-8"))
            assert heading in [title.lower().replace(" ", "-") for title in titles], target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_blocks_are_what_they_say(page: Path) -> None:
    """TOML is TOML, Python compiles."""
    text = page.read_text("utf-8")
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        tomllib.loads(block)
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        compile(block, page.name, "exec")


@dataclass(frozen=True)
class Block:
    """A fenced piece of a page: its language, its text without indentation, why it is not run (empty: it is)."""

    language: str
    text: str
    spared: str


FENCE = re.compile(
    r"(?ms)(?:^ *<!-- not run: (?P<why>[^\n]*?) -->\n)?^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<text>.*?)^ *```$"
)


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [
        Block(found["language"], textwrap.dedent(found["text"]), found["why"] or "")
        for found in FENCE.finditer(page.read_text("utf-8"))
    ]


def test_every_block_says_what_it_is() -> None:
    """A language that is known here; whoever is not run says why in a sentence."""
    for page in PAGES:
        for block in blocks(page):
            assert block.language in ("sh", "toml", "python", "powershell", "text"), f"{page.name}: {block.language}"
            assert not block.spared or len(block.spared.split()) > 4, f"{page.name}: {block.spared}"


SHIM = """#!/bin/sh
# The command as it stands in the pages: the daemon itself does one round; 3 (something waits for a person) is no failure.
for last in "$@"; do :; done
[ "$last" = run ] && set -- "$@" --once
PYTHONPATH={root} {python} -m daemon "$@" || [ $? = 3 ]
"""


@pytest.fixture
def machine(tmp_path: Path, pattern: Kept) -> Path:
    """A folder that stands for a machine: the command, an office that is at work, places for backups and keys."""
    for name in (".venv/bin", "srv", "mnt/saoluu", "etc/motcua"):
        (tmp_path / name).mkdir(parents=True)
    shim = tmp_path / ".venv" / "bin" / "motcua"
    shim.write_text(SHIM.format(root=ROOT, python=sys.executable), "utf-8")
    shim.chmod(0o755)
    shutil.copytree(pattern.home, tmp_path / "demo")
    return tmp_path


RUN = [page for page in PAGES if any(each.language in ("sh", "python") and not each.spared for each in blocks(page))]


@pytest.mark.skipif(shutil.which("bash") is None, reason="the pages' shell is bash")
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_pages_commands_run(page: Path, machine: Path) -> None:
    """Every shell and Python block that is not spared, as it stands, one after another; absolute paths lie in the folder."""
    if page.name != "README.md":  # which makes it itself
        shutil.copytree(machine / "demo", machine / "srv" / "gdkh")
    binary = machine / ".venv" / "bin"
    environment = {**os.environ, "PATH": f"{binary}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    for block in blocks(page):
        if block.spared or block.language not in ("sh", "python"):
            continue
        text = re.sub(r"(?<![\w.])/(srv|mnt|etc/motcua)\b", rf"{machine}/\1", block.text)
        command = ["bash", "-euo", "pipefail", "-c", text] if block.language == "sh" else [sys.executable, "-c", text]
        done = subprocess.run(command, cwd=machine, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"


def test_what_is_spared_is_little() -> None:
    """Only what needs root, a service manager or the network, or does not end."""
    spared = {each.spared for page in PAGES for each in blocks(page) if each.spared}
    assert all(
        re.search(
            r"root|systemd|network|system packages|these very tests|served until|not on this machine|need a person|a test of its own",
            why,
        )
        for why in spared
    )
    assert len(RUN) >= 3
