"""Exchange Online: every fault that we know of Graph and its login, and the state the back end must show afterwards."""

import datetime as dt
import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.desk.trouble import Refused, TryLater
from daemon.loop import Loop
from daemon.mailbox import envelope
from daemon.mailbox.base import Doubt, Incoming, Mailbox, NoEntry, Where
from daemon.mailbox.graph_items import MOST_MIME, split
from daemon.mailbox.graph_login import load_msal
from daemon.office.parts import open_office
from daemon.office.watching import Alarms
from tests.contract.houses import GraphHouse
from tests.contract.mails import DESK, mail, ours
from tests.contract.offices import settle_in
from tests.contract.test_nothing_is_lost import ACTS, Desk, play
from tests.contract.test_office import QUESTION
from tests.servers import graph

NOON = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
DRAFT_ID = "<PCBK-2026-000001.draft.1.x@dienluc.example>"
TOKEN = "[PCBK-2026-000001]"


@pytest.fixture
def online(tmp_path: Path) -> Iterator[GraphHouse]:
    made = GraphHouse(tmp_path)
    yield made
    made.close()


@pytest.fixture
def mailbox(online: GraphHouse) -> Mailbox:
    return online.open()


def ids(mails: list[Incoming]) -> list[str | None]:
    return [envelope.message_id(incoming.raw) for incoming in mails]


def asked(online: GraphHouse, operation: str) -> int:
    return online.server.requests.count(operation)


def everything(box: Mailbox) -> list[Callable[[], object]]:
    """Return every kind of work, each of which needs the service."""
    return [
        lambda: list(box.fetch()),
        lambda: box.send(ours()),
        lambda: box.find(DRAFT_ID),
        box.changed,
        lambda: box.save_draft(ours()),
        lambda: box.file_away("AAMk1="),
    ]


# -- login -------------------------------------------------------------------------------------------------------------


def test_one_token_serves_all_work_and_the_next_process(online: GraphHouse, mailbox: Mailbox, tmp_path: Path) -> None:
    list(mailbox.fetch())
    mailbox.send(ours())
    list(online.open().fetch())
    assert asked(online, "token") == 1
    cache = tmp_path / "var" / "graph-token.cache"
    assert cache.stat().st_mode & 0o777 == 0o600


def test_a_cache_that_others_could_read_is_not_used(online: GraphHouse, mailbox: Mailbox, tmp_path: Path) -> None:
    list(mailbox.fetch())
    cache = tmp_path / "var" / "graph-token.cache"
    cache.chmod(0o644)
    list(online.open().fetch())
    assert asked(online, "token") == 2 and cache.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", b'{"AccessToken": 3}'])
def test_a_damaged_cache_costs_one_request(online: GraphHouse, tmp_path: Path, damage: bytes) -> None:
    cache = tmp_path / "var" / "graph-token.cache"
    cache.parent.mkdir()
    cache.write_bytes(damage)
    cache.chmod(0o600)
    assert list(online.open().fetch()) == []


def test_a_token_about_to_expire_is_renewed_before_it_does(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.token_seconds = 120
    list(mailbox.fetch())
    online.server.token_seconds = 3600
    list(mailbox.fetch())
    mailbox.changed()
    assert asked(online, "token") == 2


def test_an_expired_token_is_replaced_without_trouble(online: GraphHouse, mailbox: Mailbox) -> None:
    online.arrive(mail())
    list(mailbox.fetch())
    online.server.tokens.clear()
    assert len(list(mailbox.fetch())) == 1
    assert asked(online, "token") == 2


def test_a_token_expired_at_the_moment_of_sending_is_no_doubt(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.play("send", graph.refused(401, "InvalidAuthenticationToken"))
    with pytest.raises(TryLater) as caught:
        mailbox.send(ours())
    assert not isinstance(caught.value, NoEntry)
    assert online.delivered() == [] and asked(online, "send") == 1
    assert mailbox.send(ours()) is None
    assert len(online.delivered()) == 1 and online.drafts() == []


def test_a_service_that_has_no_token_is_no_entry_and_left_alone(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.play("*", graph.refused(401, "InvalidAuthenticationToken"), times=2)
    for work in everything(mailbox):
        with pytest.raises(NoEntry):
            work()
    assert asked(online, "delta") == 2 and asked(online, "token") == 2


def test_a_wrong_secret_knocks_once_for_all_work_and_all_restarts(online: GraphHouse) -> None:
    online.secret.write_text("bí mật sai", encoding="utf-8")
    for _ in range(2):
        mailbox = online.open()
        for work in everything(mailbox):
            with pytest.raises(NoEntry, match="motcua check --live") as caught:
                work()
            assert "bí mật sai" not in str(caught.value) and "AADSTS7000215" in str(caught.value)
    assert asked(online, "token") == 1


def test_a_corrected_secret_works_at_once(online: GraphHouse, mailbox: Mailbox) -> None:
    online.secret.write_text("sai", encoding="utf-8")
    mailbox = online.open()
    with pytest.raises(NoEntry):
        list(mailbox.fetch())
    online.secret.write_text(graph.SECRET, encoding="utf-8")
    assert list(mailbox.fetch()) == [], "the program goes on running meanwhile"


def test_an_expired_secret_is_told_as_such(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.options["refusal"] = "AADSTS7000222"
    online.server.secret = "another"
    with pytest.raises(NoEntry, match="đã hết hạn"):
        list(mailbox.fetch())


def test_a_secret_file_that_vanished_is_told(online: GraphHouse, mailbox: Mailbox) -> None:
    online.secret.unlink()
    with pytest.raises(NoEntry, match="client_secret_file"):
        list(mailbox.fetch())


def test_an_unknown_tenant_is_no_entry(online: GraphHouse) -> None:
    with pytest.raises(NoEntry, match="xem lại tenant"):
        list(online.open(tenant="khong-co.example").fetch())


@pytest.mark.parametrize("operation", ["discovery", "token"])
@pytest.mark.parametrize(
    "fault",
    [graph.refused(503), graph.reset_before, graph.html, graph.late(2.0), graph.refused(429), graph.refused(302)],
    ids=["503", "reset", "html", "late", "429", "302"],
)
def test_trouble_of_the_login_server_is_not_held_against_the_secret(
    online: GraphHouse, operation: str, fault: graph.Fault
) -> None:
    mailbox = online.open(timeout=0.7)
    online.server.play(operation, fault)
    with pytest.raises(TryLater) as caught:
        list(mailbox.fetch())
    assert not isinstance(caught.value, NoEntry)
    assert list(mailbox.fetch()) == []


def make_certificate(folder: Path, days: int = 365) -> tuple[Path, object]:
    """Return a PEM file of a key and its certificate, and the certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "motcua")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOON - dt.timedelta(days=900))
        .not_valid_after(NOON + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    path = folder / "motcua.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    path.chmod(0o600)
    return path, made


def test_a_certificate_opens_the_door(online: GraphHouse, tmp_path: Path) -> None:
    path, online.server.certificate = make_certificate(tmp_path)
    mailbox = online.open(auth="certificate", client_secret_file=None, certificate_file=str(path))
    online.arrive(mail())
    assert len(list(mailbox.fetch())) == 1


def test_a_certificate_that_is_not_registered_is_no_entry(online: GraphHouse, tmp_path: Path) -> None:
    path, _ = make_certificate(tmp_path)
    mailbox = online.open(auth="certificate", client_secret_file=None, certificate_file=str(path))
    with pytest.raises(NoEntry, match="chứng chỉ chưa được khai báo"):
        list(mailbox.fetch())


def test_a_person_signs_in_with_a_code_and_only_at_check(online: GraphHouse) -> None:
    told: list[str] = []
    table: dict[str, Any] = {"auth": "device", "client_secret_file": None}
    mailbox = online.open(options={"tell": told.append}, **table)
    for work in everything(mailbox):
        with pytest.raises(NoEntry, match="motcua check --live"):
            work()
    assert told == [] and asked(online, "devicecode") == 0
    assert all(finding.well for finding in mailbox.check())
    assert len(told) == 1 and "ABCD1234" in told[0] and "https://login.example/device" in told[0]
    online.arrive(mail())
    assert len(list(online.open(**table).fetch())) == 1, "the next process needs nobody"
    assert all(finding.well for finding in online.open(options={"tell": told.append}, **table).check())
    assert len(told) == 1


def test_a_sign_in_that_ran_out_is_done_again_at_check(online: GraphHouse, tmp_path: Path) -> None:
    told: list[str] = []
    table: dict[str, Any] = {"auth": "device", "client_secret_file": None}
    mailbox = online.open(options={"tell": told.append}, **table)
    mailbox.check()
    online.server.options["signed out"] = True
    online.server.tokens.clear()
    mailbox = online.open(options={"tell": told.append}, **table)
    with pytest.raises(NoEntry, match="AADSTS700082"):
        list(mailbox.fetch())
    assert len(told) == 1
    assert all(finding.well for finding in mailbox.check())
    assert len(told) == 2 and list(mailbox.fetch()) == []


@pytest.mark.parametrize("code", ["ErrorAccessDenied", "Authorization_RequestDenied"])
def test_missing_rights_are_told(online: GraphHouse, mailbox: Mailbox, code: str) -> None:
    online.server.options["denied"] = code
    with pytest.raises(NoEntry, match=r"Mail\.ReadWrite"):
        list(mailbox.fetch())
    assert not mailbox.check()[0].well


def test_nothing_secret_in_any_log(online: GraphHouse, mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    online.server.play("delta", graph.refused(504))
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    mailbox.send(ours(body="lời riêng\n"))
    for secret in (graph.SECRET, "Bearer", "eyJ", "lời riêng"):
        assert secret not in caplog.text


# -- throttling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [graph.throttled(30), graph.throttled(30, status=503), graph.throttled()],
    ids=["429", "503", "429 without a word"],
)
def test_a_service_that_asks_for_a_pause_gets_it(online: GraphHouse, mailbox: Mailbox, fault: graph.Fault) -> None:
    online.server.play("delta", fault)
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    before = len(online.server.requests)
    for work in everything(mailbox):
        with pytest.raises(TryLater, match=r"(29|30) giây"):
            work()
    assert len(online.server.requests) == before and online.delivered() == []


def test_a_pause_given_as_a_date_is_kept(online: GraphHouse, mailbox: Mailbox) -> None:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90)
    online.server.play("delta", graph.refused(429, "X", Retry_After=f"{until:%a, %d %b %Y %H:%M:%S GMT}"))
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    with pytest.raises(TryLater, match=r"(8\d|90) giây"):
        mailbox.changed()


def test_a_pause_that_is_over_is_over(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.play("delta", graph.throttled(0))
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    assert list(mailbox.fetch()) == []


# -- reading -----------------------------------------------------------------------------------------------------------

TROUBLED: dict[str, graph.Fault] = {
    "503": graph.refused(503),
    "503 with Retry-After": graph.throttled(30, status=503),
    "429": graph.throttled(30),
    "504": graph.refused(504),
    "500": graph.refused(500),
    "302": graph.refused(302, Location="https://elsewhere.example/login"),
    "reset before": graph.reset_before,
    "reset after": graph.reset_after,
    "cut in the middle": graph.cut_in_the_middle,
    "late": graph.late(2.0),
}


@pytest.mark.parametrize("operation", ["delta", "get", "value", "folder"])
@pytest.mark.parametrize("name", sorted(TROUBLED))
def test_trouble_while_reading_loses_nothing(online: GraphHouse, name: str, operation: str) -> None:
    mailbox = online.open(timeout=0.7)
    for number in range(3):
        online.arrive(mail(f"<m{number}@x>"))
    online.server.play(operation, TROUBLED[name])
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    after = online.open()  # a restart, or the pause the service asked for is over
    assert ids(list(after.fetch())) == ["m0@x", "m1@x", "m2@x"]


@pytest.mark.parametrize("operation", ["delta", "get", "folder"])
def test_a_proxys_page_is_no_answer(online: GraphHouse, mailbox: Mailbox, operation: str) -> None:
    online.arrive(mail())
    online.server.play(operation, graph.html)
    with pytest.raises(TryLater, match="base_url"):
        list(mailbox.fetch())
    assert len(list(mailbox.fetch())) == 1


@pytest.mark.parametrize("first", [True, False])
def test_lost_delta_links_mean_a_full_look(online: GraphHouse, mailbox: Mailbox, first: bool) -> None:
    online.arrive(mail("<one@x>"))
    online.arrive(mail("<two@x>"))
    one, _two = mailbox.fetch()
    mailbox.file_away(one.key)
    mailbox.changed()
    mailbox.changed()
    online.server.lose_links()
    online.arrive(mail("<three@x>"))
    box = mailbox if first else online.open()
    assert ids(list(box.fetch())) == ["two@x", "three@x"]
    assert box.changed(), "what happened meanwhile is not known"
    assert not box.changed()


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_link_refused_in_any_way_is_a_lost_one(online: GraphHouse, mailbox: Mailbox, status: int) -> None:
    online.arrive(mail("<one@x>"))
    list(mailbox.fetch())
    online.arrive(mail("<two@x>"))
    online.server.play("delta", graph.refused(status, "resyncRequired"))
    assert ids(list(mailbox.fetch())) == ["one@x", "two@x"]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"version": 1}', b"\xff"])
def test_a_lost_memory_means_a_full_look(online: GraphHouse, mailbox: Mailbox, tmp_path: Path, damage: bytes) -> None:
    online.arrive(mail("<one@x>"))
    list(mailbox.fetch())
    (tmp_path / "var" / "graph-sync.state").write_bytes(damage)
    assert ids(list(online.open().fetch())) == ["one@x"]


def test_a_kept_link_to_elsewhere_never_gets_our_token(online: GraphHouse, mailbox: Mailbox, tmp_path: Path) -> None:
    list(mailbox.fetch())
    state = tmp_path / "var" / "graph-sync.state"
    elsewhere = GraphHouse(tmp_path / "var")
    try:
        state.write_text(
            state.read_text().replace(f'"inbox": "{online.server.url}', f'"inbox": "{elsewhere.server.url}')
        )
        assert elsewhere.server.url in state.read_text()
        online.arrive(mail("<one@x>"))
        assert ids(list(online.open().fetch())) == ["one@x"]
        assert elsewhere.server.requests == []
    finally:
        elsewhere.close()


def test_a_mail_that_delta_forgot_comes_with_the_daily_full_look(online: GraphHouse) -> None:
    clock = [NOON]
    mailbox = online.open(options={"clock": lambda: clock[0]})
    list(mailbox.fetch())
    online.arrive(mail("<forgotten@x>"))
    online.store.journal.clear()
    assert list(mailbox.fetch()) == []
    clock[0] += dt.timedelta(hours=25)
    assert ids(list(mailbox.fetch())) == ["forgotten@x"]


def test_pages_and_order(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.options |= {"page": 2, "unordered": True}
    for number in range(7):
        online.store.add("inbox", mail(f"<m{number}@x>")).received = NOON + dt.timedelta(minutes=number)
    assert ids(list(mailbox.fetch())) == [f"m{number}@x" for number in range(7)]
    assert asked(online, "delta") == 4


def test_a_long_round_goes_on_with_the_next_look_and_the_next_process(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.options["page"] = 1
    for number in range(50):
        online.store.add("inbox", b"Message-ID: <m%d@x>\r\n\r\n" % number)
        online.store.add("sentitems", b"Message-ID: <s%d@x>\r\n\r\n" % number)
    first = ids(list(mailbox.fetch(lambda _: False)))
    assert len(first) == 20 and asked(online, "delta") == 20
    assert len(list(mailbox.fetch(lambda _: False))) == 40
    assert len(list(online.open().fetch())) == 50
    assert [mailbox.changed() for _ in range(4)] == [True, True, True, False]


def test_a_mail_gone_between_delta_and_reading_is_passed_over(online: GraphHouse, mailbox: Mailbox) -> None:
    online.arrive(mail("<one@x>"))
    online.arrive(mail("<two@x>"))
    first = next(iter(online.store.folders["inbox"].items.values()))
    online.server.play("value", graph.before(lambda: online.store.remove(first)))
    assert ids(list(mailbox.fetch())) == ["two@x"]


def test_a_mail_that_staff_put_elsewhere_stays_there(online: GraphHouse, mailbox: Mailbox) -> None:
    """Ids are immutable: they are still good when a person has moved the mail."""
    online.arrive(mail("<one@x>"))
    online.arrive(mail("<two@x>"))
    one, two = mailbox.fetch()
    mine = online.store.create_folder("msgfolderroot", "Việc của tôi")
    for key in (one.key, two.key):
        online.store.move(online.store.item(key), mine.id)  # type: ignore[arg-type]
    mailbox.file_away(one.key)
    assert len(mine.items) == 2 and online.taken() == []
    assert list(mailbox.fetch()) == []


def test_a_mail_the_service_cannot_give_keeps_back_no_other(online: GraphHouse, mailbox: Mailbox) -> None:
    online.arrive(mail("<one@x>"))
    online.arrive(mail("<two@x>"))
    for status, code in ((400, "ErrorInvalidRequest"), (500, "ErrorMimeContentConversionFailed")):
        online.server.play("value", graph.refused(status, code))
        seen = []
        with pytest.raises(TryLater, match="1 thư"):
            for incoming in mailbox.fetch():
                seen.append(incoming)
        assert ids(seen) == ["two@x"]


def test_a_mail_of_thirty_megabytes_is_never_carried_over(online: GraphHouse) -> None:
    mailbox = online.open(max_bytes=10_000_000)
    online.arrive(b"Message-ID: <big@x>\r\nSubject: =?utf-8?b?TOG7m24=?=\r\n\r\n" + b"x" * 30_000_000)
    (incoming,) = mailbox.fetch()
    assert incoming.oversized and incoming.size > 30_000_000
    assert envelope.subject(incoming.raw) == "Lớn" and len(incoming.raw) < 1000
    assert asked(online, "value") == 0


@pytest.mark.parametrize("fault", [graph.reset_after, graph.cut_in_the_middle, graph.refused_though_done(504)])
def test_a_move_whose_answer_is_lost_happens_once(online: GraphHouse, mailbox: Mailbox, fault: graph.Fault) -> None:
    online.arrive(mail())
    (incoming,) = mailbox.fetch()
    online.server.play("move", fault)
    with pytest.raises(TryLater):
        mailbox.file_away(incoming.key)
    mailbox.file_away(incoming.key)
    assert len(online.taken()) == 1 and list(mailbox.fetch()) == []


FAULTS = [
    ("delta", graph.reset_after),
    ("get", graph.refused(504)),
    ("move", graph.reset_after),
    ("move", graph.reset_before),
    ("value", graph.refused(404, "ErrorItemNotFound")),
    ("delta", graph.cut_in_the_middle),
    ("delta", graph.refused(410, "SyncStateNotFound")),
    ("*", graph.html),
    ("*", graph.refused(401, "InvalidAuthenticationToken")),
    ("move", graph.refused_though_done(500)),
]


@settings(derandomize=True, max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS, shift=st.integers(0, len(FAULTS) - 1))
def test_nothing_is_lost(acts: list[str], shift: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        house = GraphHouse(Path(home))

        def trouble(number: int) -> None:
            house.server.play(*FAULTS[(number + shift) % len(FAULTS)])

        play(Desk(house, trouble, house.open), acts, house.server.faults.clear)
        house.close()


# -- sending -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fault", "trouble", "gone"),
    [
        ("503", graph.refused(503), Doubt, 0),
        ("503 with Retry-After", graph.throttled(30, status=503), TryLater, 0),
        ("429", graph.throttled(30), TryLater, 0),
        ("500", graph.refused(500), Doubt, 0),
        ("504", graph.refused(504), Doubt, 0),
        ("302", graph.refused(302, Location="https://elsewhere.example/"), Doubt, 0),
        ("html", graph.html, Doubt, 0),
        ("reset before", graph.reset_before, Doubt, 0),
        ("carried out after we gave up", graph.carried_out_later(1.2), Doubt, 1),
        ("reset after", graph.reset_after, None, 1),
        ("late", graph.late(2.0), None, 1),
        ("cut", graph.cut_in_the_middle, None, 1),
        ("500 though sent", graph.refused_though_done(500), None, 1),
        ("504 though sent", graph.refused_though_done(504), None, 1),
        ("404 though sent", graph.refused_though_done(404, "ErrorItemNotFound"), None, 1),
        ("no recipients", graph.refused(400, "ErrorInvalidRecipients"), Refused, 0),
        ("too large", graph.refused(413, "ErrorMessageSizeExceeded"), Refused, 0),
        ("not allowed to send as", graph.refused(403, "ErrorSendAsDenied"), Refused, 0),
        ("no rights", graph.refused(403, "ErrorAccessDenied"), NoEntry, 0),
        ("conflict", graph.refused(409, "ErrorIrresolvableConflict"), TryLater, 0),
    ],
)
def test_what_is_known_after_trouble_while_sending(
    online: GraphHouse, name: str, fault: graph.Fault, trouble: type[Exception] | None, gone: int
) -> None:
    mailbox = online.open(timeout=0.7)
    online.server.play("send", fault, times=5)
    if trouble is None:  # the id proves that it went out
        assert mailbox.send(ours()) is None
    else:
        with pytest.raises(trouble) as caught:
            mailbox.send(ours())
        assert trouble is not TryLater or not isinstance(caught.value, NoEntry)
    assert asked(online, "send") == 1, "nothing below the desk may send twice"
    if name.startswith("carried out"):
        for _ in range(100):
            mailbox.wait(0.05)
            if online.delivered():
                break
    assert len(online.delivered()) == gone
    found = online.open().find(DRAFT_ID, TOKEN)
    assert [one.where for one in found] == [Where.SENT] * gone


@pytest.mark.parametrize("operation", ["list", "create", "mark"])
@pytest.mark.parametrize("name", sorted({*TROUBLED} - {"reset after", "late", "cut in the middle"}))
def test_trouble_before_the_sending_is_no_doubt_and_leaves_nothing(
    online: GraphHouse, operation: str, name: str
) -> None:
    online.server.play(operation, TROUBLED[name])
    with pytest.raises(TryLater) as caught:
        online.open(timeout=0.7).send(ours())
    assert not isinstance(caught.value, Doubt)
    assert asked(online, "send") == 0
    mailbox = online.open()
    assert mailbox.find(DRAFT_ID, None) == ()
    assert mailbox.send(ours()) is None
    assert len(online.delivered()) == 1 and online.drafts() == []


@pytest.mark.parametrize("operation", ["create", "mark"])
@pytest.mark.parametrize("fault", [graph.reset_after, graph.cut_in_the_middle, graph.late(2.0)], ids=["r", "c", "l"])
def test_what_a_lost_answer_left_in_drafts_is_taken_away_by_the_next_attempt(
    online: GraphHouse, operation: str, fault: graph.Fault
) -> None:
    mailbox = online.open(timeout=0.7)
    online.server.play(operation, fault)
    with pytest.raises(TryLater):
        mailbox.send(ours())
    assert len(online.drafts()) == 1 and mailbox.find(DRAFT_ID) == ()
    assert mailbox.send(ours()) is None
    assert len(online.delivered()) == 1 and online.drafts() == []


def test_a_mail_refused_leaves_no_draft(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.options["refuse"] = "khong-co@nha.example"
    with pytest.raises(Refused, match="ErrorInvalidRecipients"):
        mailbox.send(ours(to="khong-co@nha.example"))
    assert online.delivered() == online.drafts() == online.sent() == []


def test_a_draft_that_a_person_sent_meanwhile_is_not_sent_again(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.play("send", graph.reset_before)
    with pytest.raises(Doubt):
        mailbox.send(ours())
    (left,) = online.store.folders["drafts"].items.values()
    online.store.move(left, "sentitems")
    assert mailbox.send(ours()) is None
    assert online.delivered() == [] and len(online.sent()) == 1


def test_no_connection_at_the_moment_of_sending_is_no_doubt(online: GraphHouse) -> None:
    with pytest.raises(TryLater) as caught:
        online.open(base_url="http://localhost:1/v1.0").send(ours())
    assert not isinstance(caught.value, Doubt)


def test_trouble_while_looking_at_the_copy_is_a_warning_only(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.play("value", graph.refused(504))
    warning = mailbox.send(ours())
    assert warning is not None and "chưa xem lại được" in warning
    assert len(online.delivered()) == 1 and len(online.sent()) == 1


def test_a_message_id_that_exchange_replaces_is_still_ours(online: GraphHouse, mailbox: Mailbox) -> None:
    replaced = b"Message-ID: <AS8PR01@eurprd01.prod.exchangelabs.com>"
    own = b"Message-ID: " + DRAFT_ID.encode()
    online.server.options["copy"] = lambda raw: raw.replace(own, replaced)
    assert mailbox.send(ours()) is None
    assert mailbox.send(ours()) is None, "the mark says that it went out"
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.exact and len(online.delivered()) == 1


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("send", graph.reset_after),
        ("send", graph.refused_though_done(500)),
        ("send", graph.refused(401, "InvalidAuthenticationToken")),
        ("send", graph.throttled(1)),
        ("send", graph.reset_before),
        ("create", graph.reset_after),
        ("mark", graph.cut_in_the_middle),
    ],
    ids=["answer lost", "sent although failed", "token", "throttled", "doubt", "draft lost", "mark lost"],
)
def test_the_office_neither_doubles_a_request_nor_gives_it_up(
    online: GraphHouse, tmp_path: Path, operation: str, fault: graph.Fault
) -> None:
    parts = open_office(settle_in(tmp_path / "office", online))
    try:
        online.arrive(mail("<q1@nha.example>", "Báo mất điện", QUESTION))
        online.server.play(operation, fault)
        loop = Loop(parts)
        loop.settle()
        loop.settle()
        (ticket,) = parts.store.tickets()
        gone = [envelope.message_id(raw) for raw in online.delivered()]
        assert len(set(gone)) == len(gone)
        assert not any(event.kind == "mail_refused" for event in parts.store.events(ticket.number))
    finally:
        parts.close()


# -- large mails -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1_000_000, 1_600_000, 3_100_000, 7_000_000])
@pytest.mark.parametrize("work", ["send", "save_draft"])
def test_large_files_arrive_whole(online: GraphHouse, mailbox: Mailbox, size: int, work: str) -> None:
    content = bytes(range(256)) * (size // 256)
    raw = ours(attachment=content, In_Reply_To="<a1@nha.example>", Auto_Submitted="auto-generated")
    getattr(mailbox, work)(raw)
    (seen,) = online.delivered() if work == "send" else online.drafts()
    assert envelope.message_id(seen) == DRAFT_ID.strip("<>")
    assert envelope.field(seen, "in-reply-to") == "<a1@nha.example>"
    assert envelope.field(seen, "auto-submitted") == "auto-generated"
    assert envelope.subject(seen) == envelope.subject(raw)
    from daemon.mailbox.exchange_mime import missing_in_copy

    assert missing_in_copy(raw, seen) == []
    assert asked(online, "upload") == {3_100_000: 1, 7_000_000: 3}.get(size, 0)
    assert asked(online, "attach") == (1 if size == 1_600_000 else 0)


@pytest.mark.parametrize("operation", ["session", "upload", "mark"])
@pytest.mark.parametrize("fault", [graph.refused(500), graph.reset_after, graph.throttled(0), graph.reset_before])
def test_an_upload_broken_off_never_passes_for_a_draft(
    online: GraphHouse, mailbox: Mailbox, operation: str, fault: graph.Fault
) -> None:
    raw = ours(attachment=b"x" * 3_500_000)
    online.server.play(operation, fault)
    with pytest.raises(TryLater):
        mailbox.save_draft(raw)
    if (operation, fault) != ("mark", graph.reset_after):
        assert mailbox.find(DRAFT_ID, None) == ()
        mailbox.save_draft(raw)
    assert len(online.drafts()) == 1
    (found,) = mailbox.find(DRAFT_ID)
    assert found.where is Where.DRAFTS and len(found.raw) > 3_500_000


def test_a_mail_that_no_request_can_carry_is_refused(online: GraphHouse, mailbox: Mailbox) -> None:
    with pytest.raises(Refused, match="quá lớn"):
        mailbox.send(ours(body="chữ " * 600_000, attachment=None))
    with pytest.raises(Refused, match="quá lớn"):
        split(ours(attachment=b"x" * 4_000_000), most_files=3_999_999)
    assert online.server.requests.count("create") == 0


def test_a_small_mail_stays_as_it_is() -> None:
    raw = ours(attachment=b"x" * 500_000)
    assert split(raw) == (raw, [])
    slim, (file,) = split(ours(attachment=b"y" * MOST_MIME))
    assert len(slim) < 5_000 and file.name == "PCBK-2026-000001.docx" and file.content == b"y" * MOST_MIME


@pytest.mark.parametrize("operation", ["attach", "mark"])
def test_a_draft_refused_half_way_leaves_nothing(online: GraphHouse, mailbox: Mailbox, operation: str) -> None:
    online.server.play(operation, graph.refused(400, "ErrorMessageSizeExceeded"))
    with pytest.raises(Refused):
        mailbox.save_draft(ours(attachment=b"x" * 1_600_000))
    assert online.drafts() == []


# -- drafts and finding ------------------------------------------------------------------------------------------------


def test_a_mark_is_compared_letter_by_letter(online: GraphHouse, mailbox: Mailbox) -> None:
    """The service compares without regard to case and within the value."""
    mailbox.save_draft(ours(DRAFT_ID.replace(".x@", ".X@")))
    mailbox.save_draft(ours(DRAFT_ID.replace("<", "<A")))
    assert mailbox.find(DRAFT_ID) == ()


def test_a_draft_that_was_sent_is_not_deleted_by_its_key(online: GraphHouse, mailbox: Mailbox) -> None:
    key = mailbox.save_draft(ours())
    online.store.move(online.store.folders["drafts"].items[key], "sentitems")
    mailbox.remove_draft(key)
    assert len(online.sent()) == 1


def test_a_quote_in_a_message_id_breaks_no_question(online: GraphHouse, mailbox: Mailbox) -> None:
    odd = "<o'brien'eq'1@x>"
    mailbox.save_draft(ours(odd))
    assert len(mailbox.find(odd)) == 1 and mailbox.find("<o'b@x>", "[it's]") == ()


def test_changes_are_told_once(online: GraphHouse, mailbox: Mailbox) -> None:
    assert mailbox.changed()
    assert not mailbox.changed()
    online.store.add("sentitems", ours())
    assert mailbox.changed()
    assert not mailbox.changed()
    online.server.play("list", graph.refused(504))
    with pytest.raises(TryLater):
        mailbox.find(DRAFT_ID)
    assert mailbox.changed(), "the look that it was to lead to failed"
    assert online.open().changed(), "what a former process had begun is not known"


def test_more_mails_of_a_ticket_than_a_page(online: GraphHouse, mailbox: Mailbox) -> None:
    for number in range(23):
        online.store.add("sentitems", ours(f"<other{number}@x>"))
    assert len(mailbox.find(DRAFT_ID, TOKEN)) == 23


# -- check -------------------------------------------------------------------------------------------------------------


def said(mailbox: Mailbox, what: str) -> tuple[bool, str]:
    return next((finding.well, finding.say) for finding in mailbox.check() if what in finding.what)


def test_check_shows_folders_rights_and_clocks(online: GraphHouse, mailbox: Mailbox) -> None:
    online.arrive(mail())
    findings = mailbox.check()
    text = "\n".join(finding.say for finding in findings)
    assert all(finding.well for finding in findings), findings
    for words in ("Hộp thư đến 1 thư", "Đã tiếp nhận", "Mail.ReadWrite, Mail.Send", "expires", "đồng hồ"):
        assert words in text


def test_a_person_asking_knocks_even_so(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.secret = "another for a while"
    with pytest.raises(NoEntry):
        list(mailbox.fetch())
    online.server.secret = graph.SECRET
    assert all(finding.well for finding in mailbox.check())
    assert list(mailbox.fetch()) == []


@pytest.mark.parametrize(
    ("days", "well", "words"), [(400, True, "còn 400 ngày"), (30, False, "còn 30 ngày"), (-1, False, "Đã hết hạn")]
)
@pytest.mark.parametrize("auth", ["secret", "certificate"])
def test_the_end_of_the_proof_is_told_in_time(
    online: GraphHouse, tmp_path: Path, auth: str, days: int, well: bool, words: str
) -> None:
    proof: dict[str, Any] = {"expires": (NOON + dt.timedelta(days=days)).date()}
    if auth == "certificate":
        path, online.server.certificate = make_certificate(tmp_path, days)
        proof = {"client_secret_file": None, "certificate_file": str(path)}
    mailbox = online.open(options={"clock": lambda: NOON}, auth=auth, **proof)
    found = said(mailbox, "của ứng dụng")
    assert found[0] is well and words in found[1]
    assert [words in line for line in mailbox.warnings()] == [True] * (not well)


def test_staff_are_told_in_the_inbox_folder_while_there_is_time(online: GraphHouse, tmp_path: Path) -> None:
    home = settle_in(tmp_path / "office", online)
    path = home / "config" / "desk.toml"
    soon = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)
    text = path.read_text("utf-8").replace("[mailbox.graph]", f"[mailbox.graph]\nexpires = {soon}")
    path.write_text(text, "utf-8")
    parts = open_office(home)
    try:
        Alarms(parts).look()
        (note,) = (home / "inbox").glob("*mailbox-soon*")
        assert f"Hết hạn ngày {soon:%d/%m/%Y}" in note.read_text("utf-8")
    finally:
        parts.close()
    path.write_text(text.replace(str(soon), str(soon + dt.timedelta(days=700))), "utf-8")
    parts = open_office(home)
    try:
        Alarms(parts).look()
        assert not note.exists()
    finally:
        parts.close()


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (["Mail.ReadWrite"], "Không thấy Mail.Send"),
        (["Mail.ReadWrite", "Mail.Send", "Directory.ReadWrite.All"], "Thừa so với nhu cầu: Directory"),
        ([], "được cấp trong Exchange"),
    ],
)
def test_rights_are_shown(online: GraphHouse, mailbox: Mailbox, roles: list[str], words: str) -> None:
    online.server.options["roles"] = roles
    assert words in said(mailbox, "Quyền")[1]


@pytest.mark.parametrize("limited", [True, False])
def test_another_mailbox_must_stay_shut(online: GraphHouse, limited: bool) -> None:
    online.server.options["limited"] = limited
    mailbox = online.open(other_mailbox="giamdoc@dienluc.example")
    assert said(mailbox, "giamdoc@dienluc.example")[0] is limited


def test_clocks_that_differ_are_told(online: GraphHouse, mailbox: Mailbox) -> None:
    online.server.play("mark", graph.refused(500))
    well, say = said(mailbox, "Bản nháp")
    assert not well and "500" in say
    assert said(mailbox, "Bản nháp")[0]


# -- configuration -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"tenent": "x"}, "tenent"),
        ({"tenant": None}, "tenant"),
        ({"tenant": "a/b"}, "tenant"),
        ({"client_id": None}, "client_id"),
        ({"auth": "password"}, "auth"),
        ({"client_secret_file": None}, "client_secret_env"),
        ({"client_secret_file": "none"}, "client_secret_file"),
        ({"auth": "certificate"}, "certificate_file"),
        ({"auth": "certificate", "certificate_file": "client-secret"}, "certificate_file"),
        ({"base_url": "http://graph.example/v1.0"}, "base_url"),
        ({"base_url": "http://localhost.evil.example/v1.0"}, "base_url"),
        ({"base_url": "graph.microsoft.com"}, "base_url"),
        ({"base_url": "https://graph.example/v1.0?x=1"}, "base_url"),
        ({"authority": "http://login.example"}, "authority"),
        ({"authority": "https://me:pass@login.example"}, "authority"),
        ({"expires": "soon"}, "expires"),
        ({"warn_days": -1}, "warn_days"),
        ({"timeout": 0}, "timeout"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"ca_file": "none.pem"}, "ca_file"),
    ],
)
def test_wrong_tables_are_told_by_key(online: GraphHouse, given: dict[str, Any], key: str) -> None:
    with pytest.raises(ValueError) as caught:
        online.open(**given)
    assert any(key in sentence for sentence in caught.value.args[0]), caught.value.args
    online.open()


def test_a_certificate_that_others_can_read_is_refused(online: GraphHouse, tmp_path: Path) -> None:
    path, _ = make_certificate(tmp_path)
    path.chmod(0o640)
    with pytest.raises(ValueError) as caught:
        online.open(auth="certificate", client_secret_file=None, certificate_file=str(path))
    assert "chmod 600" in str(caught.value)


def test_an_address_is_needed(online: GraphHouse, tmp_path: Path) -> None:
    from daemon.mailbox.graph import open_graph

    with pytest.raises(ValueError, match="address"):
        open_graph(online.table(), tmp_path, "")
    assert DESK


def test_a_missing_package_is_said_in_one_sentence_with_the_command() -> None:
    code = "import sys; sys.modules['msal'] = None\nfrom daemon.mailbox.graph_login import load_msal\nload_msal()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "motcua[graph]"' in done.stderr.splitlines()[-1]
    assert load_msal().__name__ == "msal"


def test_reading_the_settings_loads_neither_package() -> None:
    code = "import sys, daemon.mailbox.graph_config, daemon.office.parts; print([m for m in ('msal', 'requests') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
