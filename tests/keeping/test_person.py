"""A person's rights: found, handed out, erased everywhere, held; and what goes by time."""

import datetime as dt
import io
import os
import sqlite3
import zipfile
from contextlib import closing
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from daemon.desk.decide import decide
from daemon.desk.text import fold
from daemon.desk.trouble import Refused
from daemon.loop import Loop
from daemon.mailbox.message import parse
from daemon.office import actions, handing_out, listing, person, retention, showing
from daemon.store import diary, privacy
from tests.keeping.desk import MAI, MAIL, PHONE, WORDS, Kept

FIRST = "PCBK-2026-000001"
OPEN = "PCBK-2026-000002"


@pytest.fixture
def closed(desk: Kept) -> Kept:
    """The office with the first customer's ticket closed, decided to its end."""
    actions.set_fields(desk.parts, FIRST, ("category=other",), "Lan")
    Loop(desk.parts).settle()
    actions.finish(desk.parts, FIRST, "closed_by", "", "Lan")
    Loop(desk.parts).settle()
    return desk


def all_bytes(home: Path) -> dict[str, bytes]:
    """Every file of the folder, those inside of Word and Excel files as well, mails also as they read decoded."""
    found: dict[str, bytes] = {}
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[name := path.relative_to(home).as_posix()] = data
            if name.startswith(("var/mailbox/", "var/originals/")) and not data.startswith(
                (b"PK", b"\x89PNG", b"%PDF")
            ):
                found[f"{name} (decoded)"] = repr(parse(data)).encode()
            if data.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(data)) as packed:
                    found |= {f"{path.name}:{name}": packed.read(name) for name in packed.namelist()}
    return found


def places(home: Path, *texts: str) -> list[str]:
    """Return where one of some texts still stands, as written or folded."""
    wanted = [text.encode() for text in (*texts, *(fold(text) for text in texts))]
    return sorted(name for name, data in all_bytes(home).items() if any(each in data for each in wanted))


def test_a_person_is_found_by_what_is_theirs_alone(desk: Kept) -> None:
    """Phone however written, mail address, number; a name is refused with what to do instead."""
    for words in ((PHONE,), ("+84 912 345 678",), ("0912.345.678",), (MAIL.upper(),), (FIRST.lower(),)):
        assert person.find(desk.parts, words, "Lan").own == (FIRST,)
    with pytest.raises(Refused, match="--text"):
        person.find(desk.parts, (MAI,), "Lan")
    assert person.find(desk.parts, ("0999999999",), "Lan").own == ()


def test_looking_is_noted_without_the_data(desk: Kept) -> None:
    """Who looked for whom, by the tickets found: the diary itself holds no personal data."""
    person.find(desk.parts, (PHONE,), "Lan")
    person.scan_read(desk.parts, FIRST, "PCBK-2026-000001-scan-1.pdf", "Hoa")
    read, found = diary.read(desk.parts.store)[:2]
    assert (found.kind, found.author.name, dict(found.content)) == ("person_found", "Lan", {"tickets": [FIRST]})
    assert (read.kind, read.author.name) == ("scan_read", "Hoa")
    assert diary.broken(desk.parts.store) == []


def test_everything_of_a_person_in_one_file(desk: Kept, tmp_path: Path) -> None:
    """Words, events, the raw mail, the documents; nothing of other customers."""
    out = tmp_path / "may.html"
    assert handing_out.export(desk.parts, (PHONE,), out, "Lan") == 1
    page = out.read_text("utf-8")
    for wanted in (MAI, PHONE, WORDS, FIRST, ".eml", ".docx", "base64,", "Diễn biến"):
        assert wanted in page, wanted
    assert "Triệu Văn Páo" not in page and OPEN not in page
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(Refused, match="không ghi đè"):
        handing_out.export(desk.parts, (PHONE,), out, "Lan")


def test_planning_changes_nothing(closed: Kept) -> None:
    """The dry run."""
    before = all_bytes(closed.home)
    plan, _ = person.plan(closed.parts, (PHONE,))
    assert plan.tickets == [FIRST] and plan.files and not plan.stays
    assert {
        name: data for name, data in all_bytes(closed.home).items() if "-wal" not in name and "-shm" not in name
    } == {name: data for name, data in before.items() if "-wal" not in name and "-shm" not in name}


def test_what_goes_is_counted_file_by_file_and_not_shown_afterwards(closed: Kept) -> None:
    plan, _ = person.plan(closed.parts, (PHONE,))
    (folder,) = [path for path in plan.files if path == closed.parts.outbox / FIRST]
    (folder / "ban-sao").mkdir()
    (folder / "ban-sao" / "thu.docx").write_bytes(b"PK")
    before = {path for path in closed.home.rglob("*") if path.is_file()}
    (said,) = [line for line in person.plan_lines(plan) if " tệp (" in line]
    shown = showing.as_json(closed.parts, listing.one(closed.parts, FIRST))
    assert shown["documents"]
    person.erase(closed.parts, plan, "yêu cầu ngày 05/10/2026", "Lan")
    gone = [path for path in before if not path.exists() and "motcua.db" not in path.name]
    assert said.startswith(f"Xóa {len(gone)} tệp (")
    ticket = listing.one(closed.parts, FIRST)
    assert not showing.as_json(closed.parts, ticket)["documents"]
    assert not any("Tệp:" in line for line in showing.page(closed.parts, ticket))


def test_erased_everywhere(closed: Kept) -> None:
    """No byte of name, phone, address or words stands in any file; the chain, the numbers and the others stay."""
    texts = (MAI, PHONE, MAIL, WORDS)
    assert len(places(closed.home, *texts)) > 5, "the proof would prove nothing"
    events = len(closed.parts.store.events(FIRST))
    other = closed.parts.store.ticket(OPEN)
    plan, someone = person.plan(closed.parts, (PHONE, MAIL))
    drawn = closed.home / "var" / "preview" / "0a" / "1.png"
    drawn.parent.mkdir(parents=True)
    drawn.write_bytes(f"{PHONE} {MAI}".encode())
    person.erase(closed.parts, plan, "yêu cầu ngày 05/10/2026", "Lan", someone.email)
    closed.parts.close()
    assert places(closed.home, *texts) == []
    assert places(closed.home, "Triệu Văn Páo") != []
    closed.parts.database.engine.connect(reuse_if_open=True)
    store = closed.parts.store
    assert store.broken_chains() == []
    assert len(store.events(FIRST)) == events + 1
    assert store.events(FIRST)[-1].kind == "person_erased"
    assert store.ticket(OPEN) == other
    erased = store.ticket(FIRST)
    assert erased is not None and erased.content == privacy.ERASED and erased.customer.name is None
    assert list(store.tickets(words="ga ap")) == []


def test_a_decision_made_before_the_erasing_does_not_bring_it_back(closed: Kept) -> None:
    """The daemon has read a ticket and decides; meanwhile a command erases it."""
    store, now = closed.parts.store, closed.clock.now()
    read = store.ticket(FIRST)
    assert read is not None and not read.news
    plan, _ = person.plan(closed.parts, (PHONE,))
    person.erase(closed.parts, plan, "yêu cầu", "Lan")
    assert not store.apply(read, decide(read, closed.parts.desk, now), lambda _: None)
    erased = store.ticket(FIRST)
    assert erased is not None and erased.content == privacy.ERASED and erased.customer.phone is None


def write_again(desk: Kept) -> None:
    """The customer writes to the open ticket: the program repeats the words where it asks an agent to look."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{MAI} <{MAIL}>", "gdkh@pcbk.example", f"Re: [{FIRST}] Hỏi thêm"
    mail["Date"], mail["Message-ID"] = format_datetime(desk.clock.now()), "<them@khach.example>"
    mail.set_content(f"Tôi xin nói thêm: {WORDS}, gọi tôi theo số {PHONE}.")
    (desk.home / "var" / "mailbox" / "new" / "9.them").write_bytes(mail.as_bytes())
    Loop(desk.parts).settle()


def test_what_the_program_repeated_goes_as_well(desk: Kept) -> None:
    """The causes of its own events are erased with their contents; those that staff typed stay, and that is told."""
    write_again(desk)
    assert any(WORDS[:20] in event.cause for event in desk.parts.store.events(FIRST))
    actions.finish(desk.parts, FIRST, "cancelled", "khách hàng thôi yêu cầu", "Lan")
    Loop(desk.parts).settle()
    desk.clock.set("2046-01-04 08:00")
    plan, someone = person.plan(desk.parts, (FIRST, MAIL))
    person.erase(desk.parts, plan, "yêu cầu", "Lan", someone.email)
    assert desk.parts.store.broken_chains() == []
    causes = {event.cause for event in desk.parts.store.events(FIRST)}
    assert causes == {"", "khách hàng thôi yêu cầu", "yêu cầu"}
    assert any("lý do nhân viên đã gõ" in line for line in plan.told)
    desk.parts.close()
    assert places(desk.home, MAI, PHONE, MAIL, WORDS) == []


def test_a_loose_mail_goes_with_its_copy(desk: Kept) -> None:
    """It lies on no ticket: it is known by its writer; the embedded mailbox's copy by its Message-ID."""
    mail = (
        b"From: quang-cao@khach.example\nMessage-ID: <loose@x>\nSubject: gui rieng\nPrecedence: bulk\n\nKhong ai can.\n"
    )
    (desk.home / "var" / "mailbox" / "new" / "9.loose").write_bytes(mail)
    Loop(desk.parts).settle()
    plan, someone = person.plan(desk.parts, ("quang-cao@khach.example",))
    assert (plan.tickets, len(plan.items), len(plan.files)) == ([], 1, 2)
    person.erase(desk.parts, plan, "yêu cầu", "Lan", someone.email)
    desk.parts.close()
    assert places(desk.home, "quang-cao@khach.example", "gui rieng", "Khong ai can") == []


def test_what_cannot_go_alone_is_told(closed: Kept) -> None:
    """A report that names the ticket, an original shared with another one, another ticket that speaks of the person."""
    report = closed.parts.outbox / "bao-cao" / "BC-cu.docx"
    report.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(report, "w") as packed:
        packed.writestr("word/document.xml", f"<w:p><w:t>{FIRST[:6]}</w:t><w:t>{FIRST[6:]}</w:t></w:p>")
    (report.parent / "hong.docx").write_bytes(b"PK no")
    engine = closed.parts.database.engine
    engine.execute_sql(
        "UPDATE item SET digest = (SELECT digest FROM item WHERE ticket_id = 1 LIMIT 1) WHERE ticket_id = 2"
    )
    engine.execute_sql("UPDATE ticket SET content = content || ' 0912345678' WHERE id = 2")
    plan, _ = person.plan(closed.parts, (FIRST,))
    told = "\n".join(plan.told)
    assert f"outbox/bao-cao/BC-cu.docx: báo cáo có nêu {FIRST}" in told
    assert "có cả dữ liệu của phiếu khác" in told
    assert f"{OPEN}: phiếu của người khác có nhắc đến" in told


def test_erasing_twice_and_working_on(closed: Kept) -> None:
    """The second time there is nothing to do; lists, ledger, explanation and the loop cope with an erased ticket."""
    from daemon.office import keeping, showing

    plan, _ = person.plan(closed.parts, (PHONE,))
    person.erase(closed.parts, plan, "yêu cầu", "Lan")
    again, _ = person.plan(closed.parts, (PHONE, FIRST))
    assert again.tickets == [] and not again.files
    ticket = closed.parts.store.ticket(FIRST)
    assert ticket is not None
    assert any(privacy.ERASED in line for line in showing.page(closed.parts, ticket))
    showing.as_json(closed.parts, ticket)
    list(showing.explain(closed.parts, ticket))
    assert keeping.rows(closed.parts, 2026)
    Loop(closed.parts).settle()
    assert closed.parts.store.broken_chains() == []


def test_an_open_ticket_stays_and_says_why(desk: Kept) -> None:
    """So does one that is held, and a complaint as long as the archive wants it."""
    plan, _ = person.plan(desk.parts, (FIRST,))
    assert plan.tickets == [] and "đang xử lý" in plan.stays[FIRST]


def test_a_held_ticket_stays(closed: Kept) -> None:
    """Until it is let go; both stand in the diary with their reasons."""
    person.hold(closed.parts, FIRST, "tranh chấp tại tòa", "Hoa")
    plan, _ = person.plan(closed.parts, (PHONE,))
    assert plan.tickets == [] and "tranh chấp tại tòa" in plan.stays[FIRST]
    person.let_go(closed.parts, FIRST, "đã xét xử", "Hoa")
    assert person.plan(closed.parts, (PHONE,))[0].tickets == [FIRST]
    with pytest.raises(Refused):
        person.let_go(closed.parts, FIRST, "x", "Hoa")
    assert [(event.kind, event.cause) for event in diary.read(closed.parts.store)[:2]] == [
        ("hold_ended", "đã xét xử"),
        ("hold_set", "tranh chấp tại tòa"),
    ]


def test_a_complaint_stays_as_long_as_the_archive_wants_it(closed: Kept) -> None:
    """The basis and the day are told; after that day it goes."""
    with closed.parts.database.write():
        closed.parts.database.engine.execute_sql("UPDATE ticket SET category = 'outage_complaint' WHERE id = 1")
    plan, _ = person.plan(closed.parts, (PHONE,))
    assert "hồ sơ khiếu nại" in plan.stays[FIRST] and "2041" in plan.stays[FIRST]
    closed.clock.set("2041-11-01 08:00")
    assert person.plan(closed.parts, (PHONE,))[0].tickets == [FIRST]


def test_erasing_needs_a_reason(closed: Kept) -> None:
    """Nothing goes without one."""
    plan, _ = person.plan(closed.parts, (PHONE,))
    with pytest.raises(Refused, match="--why"):
        person.erase(closed.parts, plan, " ", "Lan")
    assert places(closed.home, MAI)


def test_terms_are_the_offices(closed: Kept) -> None:
    """A year after its end a ticket of a kind with that term goes; crops go by the age of the file; others stay."""
    path = closed.home / "config" / "retention.toml"
    path.write_text(path.read_text("utf-8").replace("erase_after_months = 0", "erase_after_months = 12", 1), "utf-8")
    crops = closed.home / "var" / "crops" / "999"
    crops.mkdir(parents=True)
    for name, days in (("old.png", 91), ("new.png", 1)):
        (crops / name).write_bytes(b"x")
        at = (closed.clock.now() + dt.timedelta(days=365 - days)).timestamp()
        os.utime(crops / name, (at, at))
    closed.clock.at += dt.timedelta(days=300)
    assert retention.due(closed.parts).tickets == []
    closed.clock.at += dt.timedelta(days=66)
    plan = retention.due(closed.parts)
    assert FIRST in plan.tickets and OPEN not in plan.tickets
    assert crops / "old.png" in plan.files and crops / "new.png" not in plan.files
    person.erase(closed.parts, plan, "hết thời hạn", "motcua")
    assert (crops / "new.png").exists() and not (crops / "old.png").exists()
    assert retention.due(closed.parts).tickets == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tickets.defautl]\n", "không có loại này"),
        ("[tickets.default]\nerase_after_months = 12\nkeep_months = 24\nwhy = 'x'\n", "ngắn hơn keep_months"),
        ("[tickets.default]\nkeep_months = 24\n", "căn cứ"),
        ("[files]\ncrop_days = 3\n", "mục lạ"),
        ("[tickets.default]\nerase_after_months = 'x'\n", "số nguyên"),
    ],
)
def test_a_wrong_table_is_refused(desk: Kept, text: str, said: str) -> None:
    """With file and key."""
    (desk.home / "config" / "retention.toml").write_text(text, "utf-8")
    with pytest.raises(Refused, match=said):
        retention.due(desk.parts)


@pytest.mark.parametrize(
    ("start", "months", "wanted"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-15", -12, "2025-05-15"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_months(start: str, months: int, wanted: str) -> None:
    """Months by the calendar, the last day of a shorter one."""
    assert person.months_after(dt.datetime.fromisoformat(start), months).date().isoformat() == wanted


def test_a_digest_that_stays_cannot_be_tried_out(closed: Kept) -> None:
    """Each event's content is salted, and an outside writer's address stands in the content alone."""
    with closing(sqlite3.connect(closed.home / "var/motcua.db")) as connection:
        told = connection.execute("SELECT content, author FROM event WHERE content IS NOT NULL").fetchall()
    assert all('"salt"' in content for content, _ in told)
    assert not any("@khach.example" in author for _, author in told)
