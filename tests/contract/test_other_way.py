"""A mailbox that lets nobody in is told to the administrator through a real server of its own, once, and once when over."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.desk.trouble import Refused
from daemon.loop import Loop
from daemon.mailbox import envelope
from daemon.office import watching
from daemon.office.checking import check_all
from daemon.office.parts import Parts, open_office, open_other_way
from daemon.office.showing import status
from daemon.settings.whole import load
from daemon.store import models
from tests.contract.houses import EwsHouse, Servers
from tests.contract.mails import DESK
from tests.contract.offices import settle_in
from tests.servers.dovecot import PASSWORD

IT = "it@nha.example"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[EwsHouse]:
    made = EwsHouse(tmp_path)
    yield made
    made.close()


def settle(folder: Path, house: EwsHouse, table: str) -> Path:
    """Found an office that has an administrator and this table of another way out."""
    home = settle_in(folder, house, streaming=False)
    path = home / "config" / "desk.toml"
    text = path.read_text("utf-8").replace("administrator = []", f'administrator = ["{IT}"]')
    path.write_text(text.replace("[outgoing]", f"{table}\n[outgoing]"), "utf-8")
    return home


def through(servers: Servers, folder: Path, password: str = PASSWORD) -> str:
    """Return the table for Postfix with STARTTLS and a login."""
    secret = folder / "alarm-password"
    secret.write_text(password, "utf-8")
    secret.chmod(0o600)
    return (
        f'[alarm.smtp]\nsmtp_host = "localhost"\nsmtp_port = {servers.postfix.port}\nsmtp_user = "{DESK}"\n'
        f'smtp_password_file = "{secret}"\nsmtp_ca_file = "{servers.postfix.ca_file}"\n'
    )


def minutes(parts: Parts, times: int = 3) -> None:
    """Let the daemon work for some minutes: every pause is over each time."""
    loop = Loop(parts)
    for _ in range(times):
        models.Effect.update(retry_at=0).execute()
        loop.settle()
        loop.alarms.look()
        loop.carry_out()


def test_told_once_when_it_begins_and_once_when_it_is_over(
    exchange: EwsHouse, servers: Servers, tmp_path: Path
) -> None:
    servers.postfix.forget()
    home = settle(tmp_path / "office", exchange, through(servers, tmp_path))
    parts = open_office(home)
    try:
        minutes(parts, 1)
        exchange.server.locked = True
        minutes(parts)
        (raw,) = servers.postfix.delivered()
        assert envelope.addresses(raw, "to") == (IT,) and "Hộp thư" in envelope.subject(raw)
        assert status(parts)["waiting_effects"] == 0
        exchange.server.locked = False
        parts.mailbox.check()
        minutes(parts)
        assert len(servers.postfix.delivered(2)) == 2 and exchange.delivered() == []
    finally:
        parts.close()
    found = check_all(home, live=True)
    assert any(line.startswith("đường gửi báo động") for line in found.good) and not found.errors


def test_another_way_that_is_shut_too_is_no_storm(exchange: EwsHouse, servers: Servers, tmp_path: Path) -> None:
    servers.postfix.forget()
    parts = open_office(settle(tmp_path / "office", exchange, through(servers, tmp_path, "sai")))
    try:
        exchange.server.locked = True
        minutes(parts, 6)
        servers.postfix.settle()
        assert servers.postfix.delivered(0) == [] and exchange.delivered() == []
        assert "mailbox" in {name for name, _, _ in watching.current(parts)}
        assert models.Effect.select().where(models.Effect.kind == "tell_administrator").count() == 1
    finally:
        parts.close()


def test_without_another_way_it_is_said_where_people_look(exchange: EwsHouse, tmp_path: Path) -> None:
    home = settle(tmp_path / "office", exchange, "")
    assert any("[alarm.smtp]" in line for line in check_all(home, live=False).warnings)
    parts = open_office(home)
    try:
        minutes(parts, 1)
        assert not any("[alarm.smtp]" in line for line in status(parts)["warnings"])
        exchange.server.locked = True
        minutes(parts, 2)
        assert any("[alarm.smtp]" in line for line in status(parts)["warnings"])
        assert models.Effect.select().count() == 0
    finally:
        parts.close()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[alarm.smtp]\nsmtp_port = 25\n", "alarm.smtp.smtp_host"),
        ('[alarm.smtp]\nsmtp_host = "mx.example"\nsmtp_security = "none"\n', "alarm.smtp.smtp_security"),
        ('[alarm.smtp]\nsmtp_host = "mx.example"\nhost = "x"\n', "alarm.smtp.host"),
        ('[alarm.smtp]\nsmtp_host = "mx.example"\nsmtp_user = "u"\n', "alarm.smtp.smtp_user"),
    ],
)
def test_a_wrong_table_is_told_by_its_key(exchange: EwsHouse, tmp_path: Path, table: str, key: str) -> None:
    settings = load(settle(tmp_path / "office", exchange, table), dt.date(2026, 11, 23))
    with pytest.raises(Refused, match=key.replace(".", r"\.")):
        open_other_way(settings)
