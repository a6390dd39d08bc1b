"""What several commands share: the author, JSON, the office that is opened. Knows no command."""

import getpass
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from daemon.office.parts import Parts


def by_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--by NAME``: the author of the change."""
    return click.option(
        "--by", metavar="NAME", default=user, show_default=False, help="Người làm (mặc định: người dùng máy)."
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")(command)


def user() -> str:
    """Return the operating system's user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "không rõ"


def office(home: Path) -> "Parts":
    """Open the working folder. Raises Refused or TryLater."""
    from daemon.office.parts import open_office

    own_folder(home)
    return open_office(home)


def own_folder(home: Path) -> None:
    """Let only those who may work in the folder pass. Raises Refused with the command as it is to be typed."""
    from daemon.office.ownership import refuse_strangers
    from daemon.office.service import program

    context = click.get_current_context(silent=True)
    words = context.command_path.split()[1:] if context else []
    refuse_strangers(home, shlex.join((program(), "--home", str(home), *words)) + " …")
