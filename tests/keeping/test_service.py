"""``service install``: what does not fit is told, nothing of somebody's is overwritten, each step that remains is printed."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from daemon import extras
from daemon.desk.trouble import Refused
from daemon.office import service
from daemon.office.checking import check_all
from daemon.office.credentials import lines_of_unit, unread
from daemon.office.founding import found
from daemon.settings.whole import load
from tests.keeping.elsewhere import motcua

MAILBOX = "motcua.mailbox"
RUN = f"/run/credentials/motcua.service/{MAILBOX}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh working folder."""
    list(found(tmp_path / "home"))
    return tmp_path / "home"


def with_imap(home: Path, secret: str) -> None:
    """Let the office read its mails by IMAP with a secret."""
    path = home / "config" / "desk.toml"
    text = path.read_text("utf-8").replace('kind = "maildir"', 'kind = "imap"')
    table = f'[mailbox.imap]\nhost = "m.example"\nuser = "u"\nsmtp_host = "m.example"\n{secret}\n'
    path.write_text(text.replace('[mailbox.maildir]\npath = "var/mailbox"\n', table), "utf-8")


def install(home: Path, *credentials: str, replace: bool = False, console: bool = False, user: str = "motcua") -> str:
    """Install into a folder beside; return what was told."""
    folder = home.parent / "system"
    folder.mkdir(exist_ok=True)
    return "\n".join(service.install(home, user, folder, console=console, credentials=credentials, replace=replace))


def notes(told: str) -> list[str]:
    """The lines on what does not fit."""
    return [line for line in told.splitlines() if line.startswith("LƯU Ý")]


def test_what_fits_is_not_remarked(home: Path) -> None:
    """The credential is read, and where it is put is said."""
    with_imap(home, f'password_file = "{RUN}"')
    told = install(home, MAILBOX)
    assert notes(told) == []
    for words in (
        "/etc/credstore/motcua.mailbox",
        "systemd-creds encrypt --name=motcua.mailbox",
        "runuser -u motcua -- ",
        "sudo -u motcua ",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("secret", "credentials", "said"),
    [
        ('password_file = "/etc/motcua/pw"', (MAILBOX,), f'không mục nào.* password_file = "{RUN}"'),
        (f'password_file = "{RUN}"', (), f"--credential {MAILBOX}"),
        (f'password_file = "{RUN}"', ("motcua.mail",), f"--credential {MAILBOX}"),
        (f'password_file = "/run/credentials/gdkh.service/{MAILBOX}"', (MAILBOX,), f'ghi password_file = "{RUN}"'),
        ('password_file = "/home/lan/pw"', (), "dịch vụ không thấy /home/lan/pw"),
        ('password_env = "MOTCUA_P"', (), "password_env: dịch vụ không có biến"),
    ],
)
def test_a_password_that_the_service_would_not_find(
    home: Path, secret: str, credentials: tuple[str, ...], said: str
) -> None:
    """A credential that nothing reads, a file that names another one, a variable of somebody's shell."""
    with_imap(home, secret)
    told = install(home, *credentials)
    assert [line for line in notes(told) if re.search(said, line)], told


def test_a_folder_among_people_s_own_is_seen(home: Path) -> None:
    """Then the unit hides none of them, and the password lies in the folder itself."""
    with_imap(home, 'password_file = "secrets/pw"')
    settings = dataclasses.replace(load(home, dt.date.today()), home=Path("/home/gdkh/motcua"))
    assert list(unread(settings, (), "motcua.service", "gdkh")) == []
    assert "ProtectHome=no" in service.unit(settings.home, "/opt/motcua", "gdkh")


def test_a_password_that_the_service_may_not_read(home: Path, tmp_path: Path) -> None:
    """A file of its own is whose it is; one of this very user is read by a service of this user."""
    secret = tmp_path / "password"
    secret.write_text("geheim\n", "utf-8")
    secret.chmod(0o600)
    with_imap(home, f'password_file = "{secret}"')
    me = secret.owner()
    (said,) = notes(install(home, user="gdkh"))
    assert f"của người dùng {me}" in said and f"chown gdkh: {secret}" in said
    assert notes(install(home, user=me, replace=True)) == []


def test_a_unit_of_somebody_s_is_not_overwritten(home: Path) -> None:
    """The same again writes nothing; another one is refused with what differs, and replaced only when that is said."""
    install(home)
    unit = home.parent / "system" / service.NAME
    assert "không ghi gì" in install(home).splitlines()[0]
    before = unit.read_text("utf-8")
    with pytest.raises(Refused) as refused:
        install(home, user="gdkh")
    assert "--replace" in str(refused.value) and "-User=motcua\n+User=gdkh" in str(refused.value)
    assert unit.read_text("utf-8") == before
    assert "motcua.service.truoc-1" in install(home, user="gdkh", replace=True)
    assert "User=gdkh" in unit.read_text("utf-8")
    assert unit.with_name("motcua.service.truoc-1").read_text("utf-8") == before


def test_a_configuration_that_would_stop_it_is_told(home: Path) -> None:
    """The unit is written all the same."""
    path = home / "config" / "desk.toml"
    path.write_text(path.read_text("utf-8").replace('prefix = "PCBK"', 'prefix = "pc bk"'), "utf-8")
    (said,) = notes(install(home))
    assert "prefix" in said and "check" in said


def test_a_page_that_cannot_be_served_is_told(home: Path, tmp_path: Path) -> None:
    """When the service is installed, not when somebody looks for the page."""
    bare = tmp_path / "bare"
    bare.mkdir()
    words = ("--home", str(home), "service", "install", "--console", "--dir", str(bare))
    done = motcua(bare, ("uvicorn", "starlette"), *words)
    assert done.returncode == 0 and extras.command("console") in done.stdout, done.stdout + done.stderr
    assert notes(install(home, console=True)) == []


@pytest.mark.parametrize("name", ["", "a:b", "../x", "mật", "a b"])
def test_names_that_systemd_would_read_otherwise(name: str) -> None:
    """Are refused."""
    with pytest.raises(Refused, match="--credential"):
        lines_of_unit([name])


def test_what_only_the_service_can_read_is_no_fault(home: Path) -> None:
    """`check` in a shell says that the mailbox was not tried; all else is looked at."""
    with_imap(home, f'password_file = "{RUN}"')
    seen = check_all(home, live=True)
    assert [line for line in seen.warnings if "chỉ dịch vụ đọc được" in line], seen
    assert not [line for line in seen.errors if "units.toml" not in line], seen.errors
