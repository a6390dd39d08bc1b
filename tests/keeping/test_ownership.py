"""A working folder of the service's user: who else types a command is told so, and root leaves no file behind there."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.office.founding import found
from tests.keeping.elsewhere import ROOT

SERVICE, CLERK = 61_001, 61_002  # users without a name: `sudo -u '#61001'` takes them as well


def _open_to_all(path: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in path.parents)


def _python() -> str:
    """An interpreter that every user may start: this one, or the system's of the same version; empty where there is none."""
    system = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin:/bin") or sys.executable
    known = (sys.executable, system)
    return next((each for each in known if all(map(_open_to_all, (Path(each), Path(each).resolve())))), "")


PYTHON = _python()
PACKAGES = sysconfig.get_path("purelib")
pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.getuid() != 0 or not PYTHON or not all(map(_open_to_all, (ROOT, Path(PACKAGES)))),
    reason="root alone can act for other users, who must be able to read the program",
)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of the service's user, as its umask makes it, where every user may come by."""
    place = Path(tempfile.mkdtemp(prefix="motcua-owner-"))
    place.chmod(0o755)
    list(found(place / "home"))
    _give(place / "home", SERVICE)
    (place / "home").chmod(0o750)
    yield place / "home"
    shutil.rmtree(place)


def _give(folder: Path, user: int) -> None:
    for each in (folder, *folder.rglob("*")):
        os.chown(each, user, user)


def _as(user: int, home: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command as a user, in a folder that everybody may be in."""
    return subprocess.run(
        [PYTHON, "-m", "daemon", "--home", str(home), *words],
        cwd="/",
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{PACKAGES}", "PYTHONDONTWRITEBYTECODE": "1"},
        user=user,
        group=user,
        extra_groups=[],
        umask=0o027,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("words", [("status",), ("check",), ("new", "--channel", "counter"), ("setup",)], ids=" ".join)
@pytest.mark.parametrize("mode", [0o750, 0o755])
def test_a_clerk_is_told_what_to_type(home: Path, words: tuple[str, ...], mode: int) -> None:
    """Whose folder it is, and the command for its user; also where the folder can be read but not written."""
    home.chmod(mode)
    done = _as(CLERK, home, *words, typed="ông Mã hỏi lịch cắt điện")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert f"thuộc người dùng #{SERVICE}" in done.stderr
    assert f"sudo -u '#{SERVICE}' " in done.stderr and f"--home {home} {words[0]}" in done.stderr


@pytest.mark.parametrize("words", [("status",), ("run", "--once"), ("setup",), ("check",)], ids=" ".join)
def test_root_leaves_nothing_behind(home: Path, words: tuple[str, ...]) -> None:
    """A file of root is one that the service cannot write: not one is made."""
    done = _as(0, home, *words)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert (
        f"setpriv --reuid={SERVICE} --regid={SERVICE} --clear-groups -- " in done.stderr
        and f"--home {home} {words[0]}" in done.stderr
    )
    assert {each.stat().st_uid for each in home.rglob("*")} == {SERVICE}


def test_the_service_s_user_works(home: Path) -> None:
    """As the guide says."""
    assert _as(SERVICE, home, "run", "--once").returncode in (0, 3)
    assert _as(SERVICE, home, "status").returncode in (0, 3)
    assert {each.stat().st_uid for each in home.rglob("*")} == {SERVICE}


def test_a_file_that_somebody_else_left_is_named(home: Path) -> None:
    """With what gives it back."""
    assert _as(SERVICE, home, "run", "--once").returncode in (0, 3)
    os.chown(home / "var" / "motcua.db", 0, 0)
    (home / "var" / "motcua.db").chmod(0o644)
    done = _as(SERVICE, home, "status")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert (
        "var/motcua.db thuộc người dùng root" in done.stderr and f"chown -R {SERVICE}:{SERVICE} {home}" in done.stderr
    )


def test_what_root_is_told_to_type_works(home: Path) -> None:
    """In a shell as it stands, for a user without a name and a folder with a blank in its name."""
    blank = home.rename(home.with_name("phòng giao dịch"))
    told = _as(0, blank, "status").stderr
    words = shlex.split(told.partition("Chạy: ")[2].partition(" …")[0])
    begin = words[: words.index("--") + 1]
    assert words[-3:] == ["--home", str(blank), "status"]
    done = subprocess.run([*begin, "id", "-u"], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(SERVICE), done.stderr
    chown = re.search(r"chown -R root: (.+)\)$", told.strip())
    assert chown and shlex.split(chown[1]) == [str(blank)]


def test_a_name_is_given_where_there_is_one(home: Path) -> None:
    """As runuser and sudo take it."""
    from pwd import getpwnam

    _give(home, getpwnam("daemon").pw_uid)
    assert "runuser -u daemon -- " in _as(0, home, "status").stderr
    assert "sudo -u daemon " in _as(CLERK, home, "status").stderr


def test_root_that_worked_here_from_the_start_goes_on(home: Path) -> None:
    """As in a container whose folder came from outside: the records are root's."""
    _give(home, 0)
    assert _as(0, home, "run", "--once").returncode in (0, 3)
    for each in (home, home / "var"):
        os.chown(each, SERVICE, SERVICE)
    assert _as(0, home, "status").returncode in (0, 3)


def test_whoever_may_come_by_but_not_write_the_records_is_told_whose_they_are(home: Path) -> None:
    """A folder that a group may write in, with files as the service's umask makes them."""
    assert _as(SERVICE, home, "run", "--once").returncode in (0, 3)
    for each in (home, *home.rglob("*")):
        os.chown(each, SERVICE, CLERK)
        if each.is_dir():
            each.chmod(0o770)
    done = _as(CLERK, home, "status")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert f"sudo -u '#{SERVICE}' " in done.stderr and "chown" not in done.stderr


def test_elsewhere_no_right_is_a_sentence_too(home: Path) -> None:
    """A backup into a folder of root: no defect is told."""
    place = home.parent / "backups"
    place.mkdir(mode=0o700)
    done = _as(SERVICE, home, "backup", str(place / "a.tar.gz"))
    assert done.returncode in (2, 4) and "Traceback" not in done.stderr and str(place) in done.stderr, done.stderr
