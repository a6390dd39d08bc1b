"""Whom the office believes: look-alikes, forged names, strangers on foreign tickets, numbers that somebody quotes; secrets and files."""

import json
import logging
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from daemon.office import listing, logs
from daemon.office.keeping import keep_ledger
from tests.support.office import ROOT, Desk, make_home

UNIT = "dlnari@pcbk.example"
ANSWER = "Đơn vị đã kiểm tra: công tơ hoạt động bình thường. Đã giải thích cho khách hàng."


def write(desk: Desk, name: str = "Nga", code: int = 115, more: str = "") -> str:
    """Let a customer write and be asked about; return the ticket's number."""
    text = (
        f"Tôi là Lương Thị {name}, xã Sơn Thành, mã khách hàng PA26NR0000{code}. "
        f"Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 {code}\n{more}"
    )
    desk.mail(f"Lương Thị {name} <{name.lower()}@khach.example>", "Công tơ", text)
    desk.work()
    return desk.ticket().number


# -- who writes --------------------------------------------------------------------------------------------------------
FORGED = {
    "a look-alike domain": "dlnari@pcbk-example.com",
    "a domain that only begins like ours": "dlnari@pcbk.example.ke-gian.com",
    "a domain below ours": "dlnari@mail.pcbk.example",
    "a letter of another script": "dlnari@р\u0441bk.example",
    "the unit's address as the name": f'"{UNIT}" <ke@gian.example>',
    "the unit's name and address as the name": f"Điện lực Na Rì ({UNIT}) <ke@gian.example>",
    "two senders": f"{UNIT}, ke@gian.example",
    "a comment": f"ke@gian.example ({UNIT})",
    "an encoded name": "=?utf-8?q?dlnari=40pcbk=2Eexample?= <ke@gian.example>",
    "a route": f"<@ke-gian.example:{UNIT}.gian.example>",
}


@pytest.mark.parametrize("sender", FORGED.values(), ids=FORGED)
def test_a_forged_answer_moves_no_ticket_and_is_shown_to_a_person(desk: Desk, sender: str) -> None:
    number = write(desk)
    desk.new_sent()
    asked = desk._last_sent_to(UNIT)
    head = f"From: {sender}\nTo: gdkh@pcbk.example\nSubject: Re: {asked.subject}\nMessage-ID: <gia@gian.example>\n"
    head += (
        f"In-Reply-To: {asked.message_id}\nReferences: {asked.message_id}\nContent-Type: text/plain; charset=utf-8\n"
    )
    desk.deliver(f"{head}\n{ANSWER}\n".encode())
    desk.work()
    ticket = desk.ticket(number)
    assert ticket.state == "waiting_unit" and ticket.draft is None
    assert [mail.to for mail in desk.new_sent()] == [], "nobody is told anything by it"
    (item,) = [each for each in desk.parts.store.items("sorted", "unplaced") if "gia@gian" in each.identity]
    assert item.state == "unplaced" or ticket.check, "a person sees it"


def test_the_unit_itself_is_believed(desk: Desk) -> None:
    number = write(desk)
    desk.reply(UNIT, ANSWER)
    desk.work()
    assert desk.ticket(number).state == "to_approve"


def test_a_new_thread_that_names_its_ticket_in_the_text_is_shown_with_the_command(desk: Desk) -> None:
    number = write(desk)
    desk.mail(UNIT, "Trả lời khách hàng", f"Phiếu {number}: điện yếu do quá tải, đã san tải xong.")
    desk.work()
    assert desk.ticket(number).state == "waiting_unit", "nobody guesses"
    (row,) = listing.items(desk.parts, "unplaced")
    assert number in row["reason"] and row["retry"] == f"motcua place {row['id']} {number}"


def test_a_number_that_is_only_quoted_is_not_shown(desk: Desk) -> None:
    number = write(desk)
    desk.mail(UNIT, "Trả lời khách hàng", f"Đã san tải xong.\n\n> Phiếu {number}: đề nghị kiểm tra.\n> Xin cảm ơn.")
    desk.work()
    (row,) = listing.items(desk.parts, "unplaced")
    assert number not in row["reason"] and "SỐ-PHIẾU" in row["retry"]


# -- whose ticket ------------------------------------------------------------------------------------------------------
def test_a_customer_who_quotes_another_s_number_learns_and_moves_nothing(desk: Desk) -> None:
    first = write(desk)
    before = desk.ticket(first)
    desk.new_sent()
    desk.mail(
        "Kẻ Tò Mò <to-mo@khach.example>",
        f"Hỏi phiếu [{first}]",
        f"Phiếu {first} của tôi đến đâu rồi? Xin đọc lại tên, địa chỉ và số điện thoại trong phiếu. 0987 654 321",
    )
    desk.work()
    after = desk.ticket(first)
    assert (after.state, after.customer, after.content, after.draft) == (
        *(before.state, before.customer, before.content),
        before.draft,
    )
    for mail in desk.new_sent():
        if "to-mo@khach.example" in mail.to:
            words = f"{mail.subject}\n{mail.text}"
            assert not any(secret in words for secret in ("Lương", "Sơn Thành", "0912", "PA26NR0000115"))


def test_a_unit_that_answers_another_unit_s_ticket_is_shown_to_a_person(desk: Desk) -> None:
    number = write(desk)
    asked = desk._last_sent_to(UNIT)
    other = next(
        address
        for address, unit in desk.parts.desk.units.addresses(desk.clock.now().date()).items()
        if unit != desk.ticket(number).unit
    )
    desk.new_sent()
    desk.mail(other, f"Re: {asked.subject}", ANSWER, **{"In-Reply-To": asked.message_id})
    desk.work()
    ticket = desk.ticket(number)
    assert ticket.state != "answered"
    assert not [mail for mail in desk.new_sent() if "nga@khach.example" in mail.to], "the customer hears nothing of it"


# -- customer words are only words -------------------------------------------------------------------------------------
WILD = "=HYPERLINK(1) @SUM(A1) +cmd {{ 7*7 }} {% for x in y %} <script>alert(1)</script> ../../x %0d%0aBcc: ke@gian.example"


def test_words_become_no_formula_template_header_path_or_page(desk: Desk) -> None:
    number = write(desk, more=WILD)
    desk.reply(UNIT, ANSWER + " " + WILD)
    desk.work()
    keep_ledger(desk.parts)
    (book,) = (desk.home / "outbox").glob("so-theo-doi-*.xlsx")
    for sheet in openpyxl.load_workbook(book).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or not any(
                    mark in str(cell.value) for mark in ("HYPERLINK", "SUM(A1", "cmd")
                )
    for path in (desk.home / "outbox" / number).glob("*.docx"):
        with zipfile.ZipFile(path) as package:
            text = package.read("word/document.xml").decode()
            assert "<script>" not in text
            assert not [name for name in package.namelist() if ".." in name or name.startswith("/")]
    for mail in [*desk.new_sent(), *desk.drafts()]:
        assert mail.header("bcc") is None and "gian" not in " ".join((*mail.to, *mail.cc))
        assert mail.html is None or "<script>" not in mail.html
    assert all(path.resolve().is_relative_to(desk.home.resolve()) for path in desk.home.rglob("*"))


# -- secrets and files -------------------------------------------------------------------------------------------------
SECRET = "b\u00ed-m\u1eadt-R4t-Kh0-Doan"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the command lines of all processes in /proc")
def test_a_password_is_in_no_log_error_document_or_command_line(tmp_path: Path) -> None:
    """An office whose server refuses it says so everywhere it can; the password it used is nowhere."""
    home = make_home(tmp_path / "office")
    (home / "config" / "secret").write_text(SECRET, "utf-8")
    (home / "config" / "secret").chmod(0o600)
    desk = home / "config" / "desk.toml"
    table = '[mailbox.imap]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nuser = "gdkh"\n'
    table += 'password_file = "config/secret"\nsmtp_host = "127.0.0.1"\nsmtp_port = 9\nsmtp_security = "none"\n'
    text = desk.read_text("utf-8").replace('kind = "maildir" ', 'kind = "imap" ')
    desk.write_text(text.replace("[mailbox.maildir]", f"{table}\n[mailbox.maildir]"), "utf-8")
    seen: list[bytes] = []
    for command in (("run", "--once"), ("status",), ("check", "--live")):
        with subprocess.Popen(
            [sys.executable, "-m", "daemon", "--home", str(home), *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            seen.append(Path(f"/proc/{process.pid}/cmdline").read_bytes())
            seen.append(process.communicate()[0])
            assert process.returncode in (0, 2, 3, 4), seen[-1].decode()
    files = [path for path in home.rglob("*") if path.is_file() and path.name != "secret"]
    seen += [path.read_bytes() for path in files]
    assert any(path.suffix == ".log" for path in files)
    for data in seen:
        assert SECRET.encode() not in data
        assert json.dumps(SECRET).strip('"').encode() not in data


def test_the_log_masks_customers(tmp_path: Path) -> None:
    logger = logging.getLogger("motcua-test")
    record = logger.makeRecord(
        "x", logging.INFO, "f", 1, "gọi %s, thư %s", ("0912345678", "nga.luong@khach.example"), None
    )
    line = logs.JsonLines().format(record)
    assert "0912345678" not in line and "nga.luong" not in line


SHARED = {"inbox", "outbox"}  # staff work there: on purpose readable by the office's group


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_files_are_private_unless_shared_on_purpose(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        desk = Desk(tmp_path / "office", "2026-10-05 08:20")
        try:
            (desk.home / "var").chmod(0o700)
            logs.start_log(desk.home)
            write(desk)
            desk.reply(UNIT, ANSWER)
            desk.work()
        finally:
            desk.close()
            _end_log(desk.home)
    finally:
        os.umask(before)
    for path in (desk.home / "var").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        if "mailbox" in path.relative_to(desk.home).parts and (path.is_dir() or ".test" in path.name):
            continue  # laid there by the test, as a mail server does
        assert mode & 0o077 == 0, f"{path.relative_to(desk.home)} {mode:o}"
    for path in (desk.home / "outbox").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o007 == (0 if path.is_file() else mode & 0o005), f"{path.name} {mode:o}"


def _end_log(home: Path) -> None:
    root = logging.getLogger()
    for handler in list(root.handlers):
        if str(home) in str(getattr(handler, "baseFilename", "")):
            root.removeHandler(handler)
            handler.close()
