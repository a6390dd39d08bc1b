"""A PostgreSQL server for the tests, where its programs are installed: in a temporary folder, on a socket only."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any


def missing() -> str | None:
    """Return what is missing to run a server here, or None."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    return None if all(program(name) for name in ("initdb", "pg_ctl")) else "PostgreSQL is not installed"


def program(name: str) -> str | None:
    """Return where a program of the server lies: Debian keeps them off the path, one folder a version."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(kept[-1]) if kept else shutil.which(name)


class Server:
    """One server; every test gets a fresh database."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as: dict[str, Any] = {}
        if os.name == "posix" and os.geteuid() == 0:  # the server refuses to run as root
            self._as = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(self._folder, "nobody", "nogroup")
        self._count = 0
        self._run("initdb", "-D", self._folder / "data", "-U", "desk", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off"
        self._run("pg_ctl", "-D", self._folder / "data", "-o", options, "-l", self._folder / "log", "-w", "start")

    def _run(self, *command: object) -> None:
        subprocess.run(
            [program(str(command[0])) or str(command[0]), *(str(part) for part in command[1:])],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self._folder,
            **self._as,
        )

    def fresh(self) -> str:
        """Make an empty database and return its URL."""
        import psycopg

        self._count += 1
        name = f"office{self._count}"
        with psycopg.connect(host=str(self._folder), user="desk", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://desk@/{name}?host={self._folder}"

    def restart(self) -> None:
        """Let the server die and come back: every connection is gone."""
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "restart", "-l", self._folder / "log")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)
