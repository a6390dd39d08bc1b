"""Written for Windows without having one here: no POSIX-only name on the way, file names that NTFS takes, text in UTF-8."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.keeping.desk import Kept
from tests.keeping.elsewhere import ROOT

MODULES = frozenset(
    [
        "crypt",
        "fcntl",
        "grp",
        "nis",
        "ossaudiodev",
        "posix",
        "pty",
        "pwd",
        "resource",
        "spwd",
        "syslog",
        "termios",
        "tty",
    ]
)
# Attributes that Python on Windows does not have (its library reference: "Availability: Unix").
NAMES = {
    "os": frozenset(
        [
            "O_CLOEXEC",
            "O_DIRECTORY",
            "O_DSYNC",
            "O_NOFOLLOW",
            "O_NONBLOCK",
            "O_SYNC",
            "WIFEXITED",
            "WNOHANG",
            "chown",
            "chroot",
            "fchmod",
            "fchown",
            "fdatasync",
            "fork",
            "forkpty",
            "getegid",
            "geteuid",
            "getgid",
            "getgroups",
            "getloadavg",
            "getpgid",
            "getsid",
            "getuid",
            "initgroups",
            "killpg",
            "lchown",
            "lockf",
            "mkfifo",
            "mknod",
            "nice",
            "openpty",
            "posix_fadvise",
            "posix_fallocate",
            "posix_spawn",
            "pread",
            "pwrite",
            "sched_getaffinity",
            "sched_setaffinity",
            "sched_yield",
            "sendfile",
            "setgid",
            "setpgid",
            "setpriority",
            "setsid",
            "setuid",
            "statvfs",
            "fstatvfs",
            "sync",
            "sysconf",
            "ttyname",
            "uname",
            "wait",
            "wait3",
            "wait4",
            "waitid",
        ]
    ),
    "signal": frozenset(
        [
            "SIGALRM",
            "SIGCHLD",
            "SIGCONT",
            "SIGHUP",
            "SIGKILL",
            "SIGPIPE",
            "SIGQUIT",
            "SIGSTOP",
            "SIGTSTP",
            "SIGUSR1",
            "SIGUSR2",
            "alarm",
            "pause",
            "pthread_kill",
            "pthread_sigmask",
            "setitimer",
            "sigpending",
            "sigtimedwait",
            "sigwait",
        ]
    ),
    "socket": frozenset(
        ["AF_UNIX", "CMSG_LEN", "SCM_RIGHTS", "SOCK_CLOEXEC", "SO_REUSEPORT", "recv_fds", "send_fds", "socketpair"]
    ),
    "select": frozenset(["epoll", "kqueue", "poll", "select"]),  # select waits for sockets alone
    "time": frozenset(["CLOCK_BOOTTIME", "clock_gettime", "clock_settime", "tzset"]),
}
GUARD = re.compile(r"os\.name|sys\.platform|hasattr|getattr|ImportError")
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


def unguarded(source: str) -> Iterator[str]:
    """Yield what there is on POSIX only and no condition, ``try`` or ``suppress`` around it speaks of."""
    tree = ast.parse(source)
    for node, around in _with_parents(tree, ()):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        found = [name for name in names if name.partition(".")[0] in MODULES]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [f"{node.value.id}.{node.attr}"] * (node.attr in NAMES.get(node.value.id, ()))
        for name in found:
            if not any(GUARD.search(each) for each in around):
                yield f"{node.lineno}: {name}"


def _with_parents(node: ast.AST, around: tuple[str, ...]) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    yield node, around
    words = _condition(node)
    for child in ast.iter_child_nodes(node):
        yield from _with_parents(child, (*around, words) if words else around)


def _condition(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.IfExp):
        return ast.unparse(node.test)
    if isinstance(node, ast.BoolOp):
        return ast.unparse(node.values[0])
    if isinstance(node, ast.Try):
        return " ".join(ast.unparse(each.type) for each in node.handlers if each.type)
    if isinstance(node, ast.With):
        return " ".join(ast.unparse(each.context_expr) for each in node.items)
    return ""


def test_no_name_of_posix_alone() -> None:
    """In all of the program; `bench scans` alone measures children as only POSIX can, and says so."""
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in sorted((ROOT / "daemon").rglob("*.py"))
        for line in unguarded(path.read_text("utf-8"))
    }
    assert {line for line in found if not line.startswith("daemon/bench/")} == set()


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import fcntl", 1),
        ("def f():\n    import resource", 1),
        ("import os\nos.killpg(1, 2)", 1),
        ("if hasattr(os, 'killpg'):\n    os.killpg(1, 2)", 0),
        ("try:\n    import resource\nexcept ImportError:\n    resource = None", 0),
        ("a = os.name == 'posix' and select.select([], [], [])", 0),
        ("from pwd import getpwnam", 1),
        ("signal.SIGTERM", 0),
    ],
)
def test_the_rule_itself(source: str, count: int) -> None:
    """What it finds, and what it lets be."""
    assert len(list(unguarded(source))) == count


_IMPORT_ALL = """
import builtins, importlib, pkgutil, sys

MISSING = set(sys.argv[1].split(","))
real = builtins.__import__

def without(name, names=None, *rest, **more):
    if name.partition(".")[0] in MISSING and str((names or {}).get("__name__", "")).startswith("daemon"):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return real(name, names, *rest, **more)

builtins.__import__ = without
import daemon
for found in pkgutil.walk_packages(daemon.__path__, "daemon."):
    if not found.name.endswith("__main__") and ".migrations." not in found.name:
        importlib.import_module(found.name)
print(len([name for name in sys.modules if name.startswith("daemon.")]))
"""


def test_every_module_is_imported_without_them() -> None:
    """The whole program, in a process where our own modules find none of the POSIX-only ones."""
    command = [sys.executable, "-c", _IMPORT_ALL, ",".join(sorted(MODULES))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 150


def faults(name: str) -> bool:
    """Say whether Windows would refuse, cut or misread a file name."""
    return (
        bool(re.search(r'[<>:"/\\|?*\x00-\x1f]', name)) or name[-1:] in (" ", ".") or RESERVED.match(name) is not None
    )


@pytest.mark.parametrize("name", ["con", "NUL.txt", "com1.docx", "a:b", "a.", "b ", "x?y", "lpt¹.log"])
def test_names_that_windows_does_not_take(name: str) -> None:
    """As the rule knows them."""
    assert faults(name)
    assert not faults(f"a-{name.strip('. ')}".replace(":", "").replace("?", ""))


def test_every_name_that_the_program_gives(desk: Kept) -> None:
    """Below the working folder: documents, originals, crops, notes, state; the Maildir's flags have their own test."""
    names = [path.relative_to(desk.home) for path in desk.home.rglob("*")]
    assert len(names) > 60
    mailbox = desk.home / "var" / "mailbox"
    wrong = [
        str(path)
        for path in names
        if any(faults(part) for part in path.parts) and not (desk.home / path).is_relative_to(mailbox)
    ]
    assert wrong == []
    lower = [str(path).lower() for path in names]
    assert len(lower) == len(set(lower)), "two names that differ in case alone are one file there"


def test_files_say_their_encoding() -> None:
    """Windows' default is not UTF-8: whoever opens text says so."""
    quiet = []
    for path in sorted((ROOT / "daemon").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = {each.arg for each in node.keywords}
                bare = {"read_text": 0, "write_text": 1}.get(node.func.attr)
                if bare is not None and len(node.args) <= bare and "encoding" not in given:
                    quiet.append(f"{path.name}:{node.lineno}")
    assert quiet == []
