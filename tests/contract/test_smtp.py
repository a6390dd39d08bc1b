"""Sending by SMTP: what is known of the mail after each kind of trouble, and that nothing is tried twice."""

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.desk.trouble import Refused, TryLater
from daemon.mailbox.base import Doubt, NoEntry
from daemon.mailbox.login import Login
from daemon.mailbox.secret import Secret
from daemon.mailbox.smtp import Smtp, SmtpKeys
from daemon.mailbox.state import FileState
from tests.contract.houses import Servers
from tests.contract.mails import DESK, lines, mail, ours
from tests.servers.dovecot import PASSWORD
from tests.servers.smtp_script import CLOSE, HANG, SmtpScript

NOON = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
LOGIN = Login(DESK, Secret("s3cr3t-từ-khóa"))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def play() -> Iterator[Callable[..., SmtpScript]]:
    made: list[SmtpScript] = []

    def start(moments: dict[str, str | list[str]], **other: tuple[str, ...]) -> SmtpScript:
        made.append(SmtpScript(moments, **other))
        return made[-1]

    yield start
    for server in made:
        server.close()


def sender(server: SmtpScript, tmp_path: Path, login: Login | None = None, clock: Clock | None = None) -> Smtp:
    keys = SmtpKeys(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", smtp_timeout=0.7)
    return Smtp(keys, DESK, login, FileState(tmp_path / "login.state"), clock or Clock())


@pytest.mark.parametrize(
    ("moments", "trouble", "gone"),
    [
        ({"greet": "421 busy"}, TryLater, 0),
        ({"greet": "554 no"}, TryLater, 0),
        ({"greet": CLOSE}, TryLater, 0),
        ({"greet": HANG}, TryLater, 0),
        ({"EHLO": CLOSE}, TryLater, 0),
        ({"MAIL": "451 later"}, TryLater, 0),
        ({"MAIL": "552 too large"}, Refused, 0),
        ({"MAIL": CLOSE}, TryLater, 0),
        ({"RCPT": "450 greylisted"}, TryLater, 0),
        ({"RCPT": "550 unknown"}, Refused, 0),
        ({"RCPT": ["250 ok", "550 unknown"]}, Refused, 0),
        ({"RCPT": ["250 ok", "450 later"]}, TryLater, 0),
        ({"RCPT": HANG}, TryLater, 0),
        ({"DATA": "451 later"}, TryLater, 0),
        ({"DATA": "554 no"}, Refused, 0),
        ({"DATA": CLOSE}, TryLater, 0),
        ({"body": CLOSE}, TryLater, 0),
        ({".": "451 disk full"}, TryLater, 1),
        ({".": "554 spam"}, Refused, 1),
        ({".": CLOSE}, Doubt, 1),
        ({".": HANG}, Doubt, 1),
        ({".": "nonsense"}, Doubt, 1),
    ],
)
def test_what_is_known_after_trouble(
    play: Callable[..., SmtpScript], tmp_path: Path, moments: dict[str, str], trouble: type[Exception], gone: int
) -> None:
    server = play(moments)
    raw = ours(to="a@nha.example, b@nha.example", attachment=b"x" * (12_000_000 if "body" in moments else 100))
    with pytest.raises(trouble) as caught:
        sender(server, tmp_path)(raw)
    assert type(caught.value) is trouble
    assert "127.0.0.1" in str(caught.value)
    assert server.connections == 1 and len(server.mails) == gone


@pytest.mark.parametrize("moments", [{}, {"QUIT": CLOSE}, {"QUIT": HANG}])
def test_a_taken_mail_is_sent_whatever_the_goodbye(
    play: Callable[..., SmtpScript], tmp_path: Path, moments: dict[str, str]
) -> None:
    server = play(moments)
    sender(server, tmp_path)(ours())
    assert len(server.mails) == 1


def test_the_envelope_names_everyone_and_the_mail_hides_the_blind(
    play: Callable[..., SmtpScript], tmp_path: Path
) -> None:
    server = play({})
    sender(server, tmp_path)(
        ours(to='"Ông, X" <a@nha.example>, b@nha.example', Cc="c@nha.example", Bcc="d@nha.example")
    )
    assert [command.lower() for command in server.commands if command.lower().startswith("rcpt")] == [
        f"rcpt to:<{name}@nha.example>" for name in "abcd"
    ]
    assert any(command.lower().startswith(f"mail from:<{DESK}> size=") for command in server.commands)
    assert b"d@nha.example" not in server.mails[0]


def test_dots_and_bare_line_ends_arrive_as_they_should(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server = play({})
    sender(server, tmp_path)(b"From: x@y.example\nTo: a@b.example\n\n.\n..two\nend")
    assert server.mails == [b"From: x@y.example\r\nTo: a@b.example\r\n\r\n..\r\n...two\r\nend\r\n"]


def test_nobody_to_send_to_is_refused_without_knocking(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server = play({})
    with pytest.raises(Refused, match="người nhận"):
        sender(server, tmp_path)(b"From: x@y.example\r\nTo: undisclosed-recipients:;\r\n\r\n")
    assert server.connections == 0


def test_a_wrong_password_is_tried_once_and_remembered(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server, clock = play({"AUTH": "535 5.7.8 wrong"}), Clock()
    smtp = sender(server, tmp_path, LOGIN, clock)
    for _ in range(5):
        with pytest.raises(NoEntry, match="motcua check --live") as caught:
            smtp(ours())
        assert "s3cr3t" not in str(caught.value)
    assert server.connections == 1
    with pytest.raises(NoEntry):
        sender(server, tmp_path, LOGIN, clock)(ours())
    assert server.connections == 1, "a restart must not knock again"
    kept = (tmp_path / "login.state").read_bytes()
    assert b"s3cr3t" not in kept and base64.b64encode(b"s3cr3t") not in kept


def test_a_changed_password_knocks_at_once(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server = play({"AUTH": ["535 wrong", "235 in"]})
    with pytest.raises(NoEntry):
        sender(server, tmp_path, LOGIN)(ours())
    sender(server, tmp_path, Login(DESK, Secret("another one")))(ours())
    assert len(server.mails) == 1


def test_pauses_grow_until_the_server_agrees(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server, clock = play({"AUTH": "535 wrong"}), Clock()
    smtp = sender(server, tmp_path, LOGIN, clock)
    knocks = []
    for minute in range(0, 24 * 60, 5):
        clock.now = NOON + dt.timedelta(minutes=minute)
        before = server.connections
        with pytest.raises(NoEntry):
            smtp(ours())
        if server.connections > before:
            knocks.append(minute)
    assert knocks == [0, 5, 35, 155, 515]
    server.moments.clear()
    clock.now += dt.timedelta(days=2)
    smtp(ours())
    assert len(server.mails) == 1


def test_a_person_asking_knocks_even_so(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server = play({"AUTH": ["535 wrong", "235 in"]})
    smtp = sender(server, tmp_path, LOGIN)
    with pytest.raises(NoEntry):
        smtp(ours())
    assert smtp.check()[0].well
    smtp(ours())
    assert len(server.mails) == 1


@pytest.mark.parametrize("said", ["454 4.7.0 temporary", CLOSE, HANG])
def test_a_passing_trouble_at_login_is_not_held_against_the_password(
    play: Callable[..., SmtpScript], tmp_path: Path, said: str
) -> None:
    server = play({"AUTH": [said, "235 in"]})
    smtp = sender(server, tmp_path, LOGIN)
    with pytest.raises(TryLater):
        smtp(ours())
    smtp(ours())
    assert len(server.mails) == 1


def test_one_mechanism_is_tried_once(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server = play({"AUTH": "535 wrong"}, extensions=("AUTH CRAM-MD5 LOGIN PLAIN",))
    with pytest.raises(NoEntry):
        sender(server, tmp_path, LOGIN)(ours())
    assert sum(command.startswith("AUTH") for command in server.commands) == 1


@pytest.mark.parametrize("extensions", [("AUTH GSSAPI NTLM",), ("8BITMIME",)])
def test_a_server_without_passwords_is_no_entry(
    play: Callable[..., SmtpScript], tmp_path: Path, extensions: tuple[str, ...]
) -> None:
    server = play({}, extensions=extensions)
    with pytest.raises(NoEntry, match="quản trị"):
        sender(server, tmp_path, LOGIN)(ours())


def test_addresses_beyond_ascii_need_a_server_that_takes_them(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    raw = "From: x@y.example\r\nTo: bà@nhà.example\r\n\r\n".encode()
    with pytest.raises(Refused, match="ASCII"):
        sender(play({}), tmp_path)(raw)
    able = play({}, extensions=("SMTPUTF8", "8BITMIME"))
    sender(able, tmp_path)(raw)
    assert "RCPT TO:<bà@nhà.example>".lower() in [command.lower() for command in able.commands]


def test_a_server_without_starttls_gets_nothing(play: Callable[..., SmtpScript], tmp_path: Path) -> None:
    server = play({})
    keys = SmtpKeys(smtp_host="127.0.0.1", smtp_port=server.port, smtp_timeout=5)
    with pytest.raises(NoEntry, match="STARTTLS"):
        Smtp(keys, DESK, LOGIN, FileState(tmp_path / "state"))(ours())
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


# -- a real server -----------------------------------------------------------------------------------------------------


def real(servers: Servers, tmp_path: Path, password: str = PASSWORD, **other: object) -> Smtp:
    given = {
        "smtp_host": "localhost",
        "smtp_port": servers.postfix.port,
        "smtp_ca_file": servers.postfix.ca_file,
        **other,
    }
    return Smtp(SmtpKeys(**given), DESK, Login(DESK, Secret(password)), FileState(tmp_path / "state"))  # type: ignore[arg-type]


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_postfix_takes_a_mail(servers: Servers, tmp_path: Path, security: str) -> None:
    servers.postfix.forget()
    port = servers.postfix.tls if security == "tls" else servers.postfix.port
    raw = mail(sender=DESK, to="a@nha.example", body=".\nChào\n", attachment=bytes(range(256)))
    real(servers, tmp_path, smtp_security=security, smtp_port=port)(raw)
    (gone,) = servers.postfix.delivered()
    assert lines(gone)[-len(lines(raw)) + 8 :] == lines(raw)[8:]


def test_postfix_refuses(servers: Servers, tmp_path: Path) -> None:
    servers.postfix.forget()
    smtp = real(servers, tmp_path)
    with pytest.raises(Refused, match=r"khong-co@nha\.example"):
        smtp(ours(to="a@nha.example, khong-co@nha.example"))
    with pytest.raises(TryLater, match=r"cham@nha\.example"):
        smtp(ours(to="cham@nha.example, a@nha.example"))
    with pytest.raises(Refused, match="552"):
        smtp(ours(attachment=b"x" * 1_000_000))
    servers.postfix.settle()
    assert servers.postfix.delivered(0) == []
    with pytest.raises(NoEntry, match="đăng nhập"):
        real(servers, tmp_path, "wrong")(ours())


def test_an_unknown_authority_is_no_entry(servers: Servers, tmp_path: Path) -> None:
    with pytest.raises(NoEntry, match="smtp_ca_file"):
        real(servers, tmp_path, smtp_ca_file=None)(ours())
    assert real(servers, tmp_path).check()[0].well


def test_a_token_opens_the_door(servers: Servers, tmp_path: Path) -> None:
    keys = SmtpKeys(smtp_host="localhost", smtp_port=servers.postfix.port, smtp_ca_file=servers.postfix.ca_file)
    good = Smtp(keys, DESK, Login(DESK, token=lambda: f"the-right-token:{DESK}"), FileState(tmp_path / "a"))
    assert good.check()[0].well, good.check()
    bad = Smtp(keys, DESK, Login(DESK, token=lambda: "another"), FileState(tmp_path / "b"))
    assert not bad.check()[0].well
