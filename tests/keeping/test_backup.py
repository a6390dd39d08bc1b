"""A backup while the office works, put back into an empty folder: everything is compared."""

import hashlib
import json
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.trouble import Refused
from daemon.loop import Loop
from daemon.office.backup import backup, restore
from daemon.office.parts import open_office
from daemon.store import copies
from daemon.store.models import TABLES
from tests.keeping.desk import Kept
from tests.support.office import make_home

NOT_KEPT = ("var/log", "var/health.json")


def rows_of(path: Path) -> dict[str, list[Any]]:
    """Every row of every table of a database file."""
    with closing(sqlite3.connect(path)) as connection:
        names = [model._meta.table_name for model in TABLES]
        return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY id').fetchall() for name in names}


def files_of(home: Path) -> dict[str, str]:
    """Every file of a working folder but the databases and what is left out, with its digest."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and ".db" not in path.name and not path.relative_to(home).as_posix().startswith(NOT_KEPT)
    }


def test_everything_comes_back(desk: Kept, tmp_path: Path) -> None:
    """Files byte for byte, every row of every table, the chain of events, the words that are searched."""
    manifest = backup(desk.parts, tmp_path / "backup.tar.gz")
    told = list(restore(tmp_path / "backup.tar.gz", tmp_path / "again"))
    assert files_of(desk.home) == files_of(tmp_path / "again")
    before, after = rows_of(desk.home / "var/motcua.db"), rows_of(tmp_path / "again/var/motcua.db")
    last = [row for row in before["note"] if row[2] in ("backup:last", "diary:last")]
    assert len(last) == 2, "the backup is noted, and stands in the diary, after it was taken"
    before["note"] = [row for row in before["note"] if row not in last]
    assert before["office_event"].pop()[3] == "backup_made"
    assert before == after
    assert before["ticket"] and before["event"] and before["effect"] and before["item"]
    assert manifest["sha256"] == hashlib.sha256((tmp_path / "backup.tar.gz").read_bytes()).hexdigest()
    assert any("check" in line for line in told)


def test_the_restored_office_works_on(desk: Kept, tmp_path: Path) -> None:
    """It opens, its chain is whole, words find tickets, and the next number follows."""
    numbers = [ticket.number for ticket in desk.parts.store.tickets()]
    backup(desk.parts, tmp_path / "backup.tar.gz")
    list(restore(tmp_path / "backup.tar.gz", tmp_path / "again"))
    parts = open_office(tmp_path / "again", desk.clock)
    assert [ticket.number for ticket in parts.store.tickets()] == numbers
    assert parts.store.broken_chains() == []
    assert [ticket.number for ticket in parts.store.tickets(words="ga ap")] == numbers[:1]
    for item in parts.store.items("sorted", "unplaced", "set_aside"):
        assert hashlib.sha256(parts.store.originals.read(item.digest)).hexdigest() == item.digest
    Loop(parts).settle()
    parts.close()


def test_a_backup_while_the_office_works(tmp_path: Path) -> None:
    """A running daemon takes in mail all the time: each copy is of one instant, and what it names is there."""
    home = make_home(tmp_path / "home")
    open_office(home).close()
    for part in ("tmp", "new", "cur"):
        (home / "var/mailbox" / part).mkdir(parents=True, exist_ok=True)
    daemon = subprocess.Popen([sys.executable, "-m", "daemon", "--home", str(home), "run"], stdout=subprocess.PIPE)
    try:
        assert daemon.stdout is not None and daemon.stdout.readline()
        parts = open_office(home)
        for number in range(3):
            for count in range(8):
                deliver(home, f"{number}-{count}")
            backup(parts, tmp_path / f"{number}.tar.gz")
        parts.close()
    finally:
        daemon.terminate()
        assert daemon.wait(60) == 0
        assert daemon.stdout is not None
        daemon.stdout.close()
    for number in range(3):
        list(restore(tmp_path / f"{number}.tar.gz", tmp_path / str(number)))
        parts = open_office(tmp_path / str(number))
        assert parts.store.broken_chains() == []
        for item in parts.store.items("sorted", "unsorted", "unplaced", "set_aside"):
            assert parts.store.originals.path(item.digest).is_file()
        parts.close()


def deliver(home: Path, name: str) -> None:
    """A customer's mail arrives."""
    raw = f"From: k{name}@khach.example\nMessage-ID: <r{name}@k.example>\nSubject: Mất điện\n\nXin hỏi {name}"
    (home / "var/mailbox/tmp" / name).write_bytes(raw.encode())
    (home / "var/mailbox/tmp" / name).rename(home / "var/mailbox/new" / name)


def test_a_mail_that_waited_is_looked_for_before_it_is_sent(desk: Kept, tmp_path: Path) -> None:
    """What was about to be sent may have gone out since: the restored office doubts it."""
    with closing(sqlite3.connect(desk.home / "var/motcua.db")) as connection, connection:
        connection.execute("UPDATE effect SET state = 'wanted', tried = 0, attempts = 0 WHERE kind = 'send_mail'")
    backup(desk.parts, tmp_path / "backup.tar.gz")
    told = list(restore(tmp_path / "backup.tar.gz", tmp_path / "again"))
    assert any("thư đang chờ gửi" in line for line in told)
    sent = len(list((desk.home / "var/mailbox/.Sent").rglob("*.*")))
    parts = open_office(tmp_path / "again", desk.clock)
    Loop(parts).settle()
    parts.close()
    assert sent == len(list((tmp_path / "again/var/mailbox/.Sent").rglob("*.*"))), "nothing went out twice"


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign", "no manifest", "swapped"])
def test_a_damaged_backup_is_refused(desk: Kept, tmp_path: Path, damage: str) -> None:
    """With words, and without leaving anything behind."""
    file = tmp_path / "backup.tar.gz"
    backup(desk.parts, file)
    data = bytearray(file.read_bytes())
    if damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "flipped":
        data[len(data) // 2] ^= 0xFF
    elif damage == "empty":
        data.clear()
    elif damage == "foreign":
        data[:] = b"PK\x03\x04 something else"
    else:
        data[:] = rewritten(file, damage)
    file.write_bytes(data)
    with pytest.raises(Refused, match=r"bản sao lưu|không khớp"):
        list(restore(file, tmp_path / "again"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar.gz", "home"]


def rewritten(file: Path, damage: str) -> bytes:
    """The archive packed anew without its manifest, or with one file's bytes changed."""
    made = file.with_suffix(".new")
    with tarfile.open(file) as old, tarfile.open(made, "w:gz") as new:
        for info in old:
            source = old.extractfile(info)
            assert source is not None
            if info.name == "MANIFEST.json" and damage == "no manifest":
                continue
            if info.name == "config/units.toml":
                info.name = "config/calendar.toml"
            new.addfile(info, source)
    data = made.read_bytes()
    made.unlink()
    return data


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "C:/out.txt"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """A made-up archive cannot write elsewhere."""
    file = tmp_path / "evil.tar.gz"
    (tmp_path / "x").write_text("x")
    with tarfile.open(file, "w:gz") as tar:
        tar.add(tmp_path / "x", arcname=name)
        for info in tar.getmembers():
            info.name = name
    with pytest.raises(Refused):
        list(restore(file, tmp_path / "in" / "again"))
    assert not (tmp_path / "out.txt").exists() and not (tmp_path / "in" / "out.txt").exists()


def test_where_a_backup_may_not_lie(desk: Kept, tmp_path: Path) -> None:
    """Not over a file, not where staff or the daemon work; and not into a folder with something in it."""
    backup(desk.parts, tmp_path / "backup.tar.gz")
    for place in (tmp_path / "backup.tar.gz", desk.home / "inbox" / "b.tar.gz", desk.home / "var" / "b.tar.gz"):
        with pytest.raises(Refused):
            backup(desk.parts, place)
    with pytest.raises(Refused, match="không trống"):
        list(restore(tmp_path / "backup.tar.gz", desk.home))


def test_a_backup_of_a_newer_version(desk: Kept, tmp_path: Path) -> None:
    """Refused with words: this version cannot read that database."""
    with closing(sqlite3.connect(desk.home / "var/motcua.db")) as connection, connection:
        table = next(
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "migration" in name
        )
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
        last = dict(zip(columns, connection.execute(f'SELECT * FROM "{table}"').fetchall()[-1], strict=True))
        last |= {"name": "9999_from_the_future"}
        last.pop("id", None)
        marks = ", ".join("?" for _ in last)
        connection.execute(f'INSERT INTO "{table}" ({", ".join(last)}) VALUES ({marks})', tuple(last.values()))
    backup(desk.parts, tmp_path / "backup.tar.gz")
    with pytest.raises(Refused, match="phiên bản motcua mới hơn"):
        list(restore(tmp_path / "backup.tar.gz", tmp_path / "again"))
    assert not (tmp_path / "again").exists()


def test_the_manifest_tells_what_it_is(desk: Kept, tmp_path: Path) -> None:
    """Version, office, time: readable with tar alone."""
    backup(desk.parts, tmp_path / "backup.tar.gz")
    with tarfile.open(tmp_path / "backup.tar.gz") as tar:
        assert tar.getnames()[-1] == "MANIFEST.json"
        source = tar.extractfile("MANIFEST.json")
        assert source is not None
        told = json.loads(source.read())
    assert told["office"] == desk.parts.settings.file.office.name and told["version"]
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o077 == 0, "personal data: for its owner only"


def test_nothing_deleted_is_in_a_copy(desk: Kept, tmp_path: Path) -> None:
    """Free pages of the database, where deleted words still stand, do not go into the backup."""
    with closing(sqlite3.connect(desk.home / "var/motcua.db")) as connection, connection:
        connection.execute("CREATE TABLE scratch (words TEXT)")
        connection.executemany("INSERT INTO scratch VALUES (?)", [("BI-MAT-DA-XOA" * 50,)] * 50)
    with closing(sqlite3.connect(desk.home / "var/motcua.db")) as connection, connection:
        connection.execute("DROP TABLE scratch")
    copies.copy_to(desk.parts.database, tmp_path / "copy")
    assert b"BI-MAT-DA-XOA" not in (tmp_path / "copy").read_bytes()
