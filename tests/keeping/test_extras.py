"""Without an extra: the office works on, and what is missing is said in one sentence with the command that brings it."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon import extras
from daemon.office.founding import found
from tests.keeping.elsewhere import ROOT, motcua, surroundings

# What each extra's distributions are imported as, with what only they bring along (jinja2 belongs to docxtpl as well).
EXTRAS = {
    "ocr": ("numpy", "onnxruntime", "cv2", "rapidocr", "tesserocr", "zxingcpp", "shapely", "pyclipper"),
    "handwriting": ("asterocr",),
    "console": ("argon2", "multipart", "python_multipart", "starlette", "tomlkit", "uvicorn"),
    "graph": ("msal",),
    "postgres": ("psycopg", "psycopg2", "psycopg_binary", "psycopg_c"),
}
ALL = tuple(name for names in EXTRAS.values() for name in names)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh working folder."""
    list(found(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder to run commands in."""
    (tmp_path / "bare").mkdir()
    return tmp_path / "bare"


def changed(home: Path, old: str, new: str) -> None:
    """Change config/desk.toml."""
    path = home / "config" / "desk.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_extra_is_here() -> None:
    """The table above follows pyproject.toml."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(EXTRAS) == set(told) - {"all", "dev"}


def test_the_base_alone_works(home: Path, bare: Path) -> None:
    """Nothing of any extra: a request is written down, asked about, listed and kept; a scan waits with its reason."""
    note = "Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 phàn nàn một tháng mất điện 8 lần, hẹn gọi điện trả lời ông."
    shutil.copyfile(ROOT / "config" / "forms" / "pcbk-tnyc-v1.png", home / "inbox" / "quet.png")
    os.utime(home / "inbox" / "quet.png", (1_700_000_000, 1_700_000_000))
    opened = motcua(bare, ALL, "--home", str(home), "new", "--channel", "phone_note", typed=note)
    assert opened.returncode == 0, opened.stderr
    worked = motcua(bare, ALL, "--home", str(home), "run", "--once")
    assert worked.returncode in (0, 3), worked.stderr
    assert list((home / "outbox" / opened.stdout.strip()).glob("*.docx"))
    told = (home / "inbox" / "can-xem" / "quet.png.txt").read_text("utf-8-sig")
    assert extras.command("ocr", "handwriting") in told
    seen = motcua(bare, ALL, "--home", str(home), "check")
    assert seen.returncode == 0 and extras.command("ocr", "handwriting") in seen.stdout


def test_engines_that_are_missing(home: Path, bare: Path) -> None:
    """`check` says which, what brings each, and what staff must do themselves until then."""
    seen = motcua(bare, ("asterocr", "rapidocr", "tesserocr"), "--home", str(home), "check")
    assert seen.returncode == 0
    lines = [line for line in seen.stdout.splitlines() if "pip install" in line]
    assert all(line.startswith("LƯU Ý") and "phải" in line for line in lines)
    told = sorted(line.rpartition("bằng: ")[2] for line in lines)
    assert told == [extras.command("handwriting"), extras.command("ocr"), extras.command("ocr")]


def test_reading_scans_needs_the_scan_extra(bare: Path) -> None:
    """The dry run as well."""
    done = motcua(bare, ALL, "read", "scans", str(ROOT / "config" / "forms" / "pcbk-tnyc-v1.png"))
    assert extras.command("ocr", "handwriting") in (done.stdout + done.stderr).replace('\\"', '"')


@pytest.mark.parametrize("words", [("console",), ("user", "add", "lan")], ids=" ".join)
def test_the_console_that_is_missing(home: Path, bare: Path, words: tuple[str, ...]) -> None:
    """One sentence, exit code 2."""
    done = motcua(bare, EXTRAS["console"], "--home", str(home), *words, typed="một mật khẩu dài\n")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert extras.command("console") in done.stderr


@pytest.fixture
def running(home: Path, bare: Path) -> Iterator["subprocess.Popen[str]"]:
    """`run --console` without the console's packages."""
    command = [sys.executable, "-m", "daemon", "--home", str(home), "run", "--console"]
    environment = surroundings(bare, EXTRAS["console"])
    with subprocess.Popen(
        command, cwd=bare, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        yield process
        process.kill()


def said_of_console(home: Path) -> dict[str, Any]:
    """The health file, once it tells something of the page; empty where it never does."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            told: dict[str, Any] = json.loads((home / "var" / "health.json").read_text("utf-8"))
            if told["console"]:
                return told
        time.sleep(0.1)
    return {}


def test_the_desk_works_on_without_its_page(running: "subprocess.Popen[str]", home: Path, bare: Path) -> None:
    """What is missing is said where it was started, in status and in the health file; mails wait for no web page."""
    assert running.stderr is not None
    assert extras.command("console") in running.stderr.readline()
    told = said_of_console(home)
    assert told and extras.command("console") in told["console"] and "--console" in told["console"], told
    assert [each for each in told["problems"] if extras.command("console") in each], told["problems"]
    seen = motcua(bare, EXTRAS["console"], "--home", str(home), "status")
    assert (seen.returncode, seen.stdout.count(extras.command("console"))) == (3, 1), seen.stdout
    assert running.poll() is None
    running.terminate()
    assert running.wait(60) == 0


def test_postgres_that_is_missing(home: Path, bare: Path) -> None:
    """One sentence; no password in it."""
    changed(home, "sqlite:///var/motcua.db", "postgresql://motcua:geheim@db.example/motcua")
    done = motcua(bare, EXTRAS["postgres"], "--home", str(home), "tickets")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert extras.command("postgres") in done.stderr and "geheim" not in done.stderr


@pytest.mark.parametrize(
    "table",
    [
        'kind = "graph"\n[mailbox.graph]\ntenant = "a.example"\nclient_id = "1"\nauth = "device"\n',
        'kind = "imap"\n[mailbox.imap]\nhost = "a.example"\nuser = "a@a.example"\nauth = "oauth2"\noauth_tenant = "a"\n'
        'oauth_client_id = "1"\noauth_client_secret_env = "SECRET"\nsmtp_host = "a.example"\n',
    ],
    ids=["graph", "imap"],
)
def test_graph_that_is_missing(home: Path, bare: Path, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exchange Online, and its login for IMAP."""
    monkeypatch.setenv("SECRET", "x")
    kind, _, keys = table.partition("\n")
    changed(home, 'kind = "maildir"', kind)
    changed(home, '[mailbox.maildir]\npath = "var/mailbox"\n', keys)
    done = motcua(bare, EXTRAS["graph"], "--home", str(home), "run", "--once")
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1), done.stderr
    assert done.stderr.startswith("config/desk.toml: mailbox.") and extras.command("graph") in done.stderr


def test_the_command_can_be_typed() -> None:
    """It names this interpreter's pip; Windows' shell knows double quotes only."""
    assert extras.command("ocr", "console").endswith(' -m pip install "motcua[ocr,console]"')
    assert extras.command("ocr").startswith(f"{sys.executable} ")
