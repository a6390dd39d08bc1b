"""Running the command as a person does: arguments and standard input in, exit code and what is printed out."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.cli import main
from tests.support.office import ROOT


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


def motcua(home: Path | None, *args: str, text: str = "") -> Said:
    """Run a command within this process."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    place = ["--home", str(home)] if home else []
    code: Any = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main([*place, *args])
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdin = before
    return Said(int(code or 0), out.getvalue(), err.getvalue())


def start(home: Path, *args: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "daemon", "--home", str(home), *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


def process(home: Path, *args: str, **environment: str) -> Said:
    """Run a command as a process of its own to its end."""
    with start(home, *args, **environment) as running:
        out, err = running.communicate(timeout=120)
    return Said(running.returncode, out, err)
