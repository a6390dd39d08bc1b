"""The demo, played once by the command: everything it promises happened, and the folder it leaves goes on working."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest

from daemon.demo.clock import DemoClock
from daemon.demo.player import Player, make_home
from daemon.demo.script import DATA, load_script
from daemon.desk.message import Message
from daemon.desk.ticket import Category, Channel, Event, State, Ticket, UnitState
from daemon.desk.trouble import Refused
from daemon.documents.check import check_document
from daemon.mailbox.message import parse
from daemon.office.parts import Parts, open_office
from daemon.scans.child import ReadingChild
from daemon.scans.folder import ScanFolder
from daemon.settings.forms import load_forms

ZONE = dt.timezone(dt.timedelta(hours=7))
TYPED_AGAIN = "gõ lại nội dung tờ giấy"


def motcua(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Call the command in a process of its own."""
    command = [sys.executable, "-m", "daemon", *words]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Played:
    """The demo after its end: what was printed, the folder, the open office."""

    text: str
    home: Path
    parts: Parts

    def ticket(self, name: str) -> Ticket:
        """Return the ticket of the only customer whose name has these words."""
        (found,) = [each for each in self.parts.store.tickets() if name in (each.customer.name or "")]
        return found

    def events(self, name: str) -> list[Event]:
        """Return what happened to a customer's ticket."""
        return self.parts.store.events(self.ticket(name).number)

    def kinds(self, name: str) -> set[str]:
        """Return the kinds of what happened."""
        return {event.kind for event in self.events(name)}

    def files(self, name: str) -> set[str]:
        """Return the names of the ticket's files without its number."""
        number = self.ticket(name).number
        return {path.name.removeprefix(f"{number}-") for path in (self.home / "outbox" / number).iterdir()}

    def mails(self, folder: str) -> list[Message]:
        """Return the mails of a folder of the Maildir, oldest first by their own date: file names keep no order."""
        found = [parse(path.read_bytes()) for path in (self.home / "var/mailbox" / folder / "cur").iterdir()]
        return sorted(found, key=lambda mail: mail.date or dt.datetime.max.replace(tzinfo=ZONE))

    def sent(self, name: str, address: str) -> list[Message]:
        """Return what went to an address about a customer's ticket."""
        number = self.ticket(name).number
        return [each for each in self.mails(".Sent") if address in each.to and f"[{number}]" in each.subject]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("play")
    done = motcua("demo", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr
    parts = open_office(folder / "demo", DemoClock(dt.datetime(2026, 10, 8, 9, 35, tzinfo=ZONE)))
    yield Played(done.stdout, folder / "demo", parts)
    parts.close()


# -- what was promised -------------------------------------------------------------------------------------------------
def test_nothing_went_another_way_than_the_script_says(played: Played) -> None:
    assert "không làm được" not in played.text


def test_requests_of_every_kind_came_over_every_channel(played: Played) -> None:
    tickets = list(played.parts.store.tickets())
    assert len(tickets) >= 12
    assert {each.category for each in tickets} == set(Category)
    assert {each.channel for each in tickets} == set(Channel)


def test_a_published_plan_answered_at_once(played: Played) -> None:
    minh = played.ticket("Nguyễn Văn Minh")
    assert minh.state is State.CLOSED and not minh.units
    (answer,) = played.sent("Nguyễn Văn Minh", "minh.nguyen@khach.example")
    assert "11h30" in str(answer.text) and [each.name for each in answer.attachments] == [
        f"{minh.number}-answer-1.docx"
    ]


def test_a_late_unit_was_reminded_then_its_chief_and_the_leaders_told(played: Played) -> None:
    (row,) = played.ticket("Sùng A Chớ").units
    assert row.state is UnitState.REMINDED and row.due == dt.datetime(2026, 10, 7, 17, tzinfo=ZONE)
    told = [(event.kind, event.content["to"]) for event in played.events("Sùng A Chớ") if "to" in event.content]
    assert [each for each in told if each[0] in ("reminded", "escalated")] == [
        ("reminded", "unit"),
        ("reminded", "unit"),
        ("escalated", "chief"),
        ("escalated", "leaders"),
    ]
    assert len(played.sent("Sùng A Chớ", "dlpacnam@pcbk.example")) == 3


def test_an_absence_note_was_no_answer(played: Played) -> None:
    kinds = [event.content["kind"] for event in played.events("Sùng A Chớ") if event.kind == "reply"]
    assert kinds == ["auto_reply"]


def test_a_bounced_request_went_to_the_next_address(played: Played) -> None:
    assert "next_address" in played.kinds("Hoàng Thị Sao")
    assert len(played.sent("Hoàng Thị Sao", "dlbabe.kd@pcbk.example")) == 1
    assert {"original-1.eml", "reply-1.eml", "reply-2.eml"} <= played.files("Hoàng Thị Sao")


def test_a_question_back_was_answered_by_the_agent(played: Played) -> None:
    kinds = [event.content["kind"] for event in played.events("Đinh Quang Vinh") if event.kind == "reply"]
    assert kinds == ["question", "answer"]
    assert any("trạm Nà Tu" in str(mail.text) for mail in played.sent("Đinh Quang Vinh", "dlbachthong@pcbk.example"))


def test_a_partial_answer_and_its_rest_stand_in_the_answer(played: Played) -> None:
    kinds = [event.content["kind"] for event in played.events("Lương Thị Nga") if event.kind == "reply"]
    assert kinds == ["partial", "answer"]
    answer = played.sent("Lương Thị Nga", "nga.luong@khach.example")[-1]
    assert "sơ đồ đấu dây" in str(answer.text) and "sai số" in str(answer.text)


def test_an_unreadable_scan_and_a_blank_form_came_back_with_a_reason(played: Played) -> None:
    names = {path.name for path in (played.home / "inbox/can-xem").iterdir()}
    assert names >= {"phieu-trang.jpg", "phieu-trang.jpg.txt", "anh-cot-dien.jpg", "anh-cot-dien.jpg.txt"}


def test_dispatch_agreed_to_a_change_of_time_after_reminders(played: Played) -> None:
    hoasen = played.ticket("Hoa Sen")
    assert hoasen.state is State.CLOSED
    assert {"reminded", "escalated", "unit_answered"} <= played.kinds("Hoa Sen")
    assert "12/10/2026" in str(played.sent("Hoa Sen", "vp@hoasen.example")[-1].text)


def test_a_danger_at_night_went_to_the_duty_desk_within_its_minute(played: Played) -> None:
    dung = played.ticket("Nông Văn Dũng")
    assert dung.danger and "call_duty_desk" in played.kinds("Nông Văn Dũng")
    first = played.sent("Nông Văn Dũng", "dlnganson.truc@pcbk.example")[0]
    assert first.date == dt.datetime(2026, 10, 5, 21, 40, tzinfo=ZONE)


def test_advertising_was_left_out_and_never_answered(played: Played) -> None:
    (spam,) = [each for each in played.parts.store.tickets() if each.category is Category.NOT_A_REQUEST]
    assert spam.state is State.SET_ASIDE
    assert not [mail for mail in played.mails(".Sent") if "tin@quangcao.example" in mail.to]


def test_an_unplaced_mail_was_placed_by_the_agent(played: Played) -> None:
    (reply,) = [event for event in played.events("Triệu Mùi Xuyến") if event.kind == "reply"]
    assert reply.author.name == "Lan" and played.ticket("Triệu Mùi Xuyến").state is State.CLOSED
    assert not played.parts.store.items("unplaced")


def test_fields_in_check_were_confirmed_by_the_agent(played: Played) -> None:
    assert {"to_check", "fields_set"} <= played.kinds("Triệu Mùi Xuyến")
    assert not played.ticket("Triệu Mùi Xuyến").check


def test_answers_were_released_by_command_and_from_drafts(played: Played) -> None:
    assert "approved" in played.kinds("Nguyễn Văn Minh")
    assert "draft_sent" in played.kinds("Phạm Thu Trang")
    assert [each.subject.split("]")[0] for each in played.mails(".Drafts")] != []


def test_a_numbered_letter_is_complete_when_its_signed_scan_is_back(played: Played) -> None:
    sy = played.ticket("Hoàng Văn Sỹ")
    assert sy.official_number == "412" and sy.state is State.CLOSED
    if TYPED_AGAIN not in played.text:
        assert "scan_returned" in played.kinds("Hoàng Văn Sỹ")
        assert {"answer-2.docx", "answer-signed-2.png"} <= played.files("Hoàng Văn Sỹ")


def test_a_phone_answer_has_its_call_sheet(played: Played) -> None:
    (said,) = [event for event in played.events("Vi Thị Thủy") if event.kind == "answered"]
    assert said.content["by"] == "phone"
    assert {"answer-1.docx", "call-sheet-1.docx"} <= played.files("Vi Thị Thủy")


def test_no_answer_left_without_release(played: Played) -> None:
    released = {"approved", "draft_sent", "answered", "scan_returned"}
    for ticket in played.parts.store.tickets():
        kinds = {event.kind for event in played.parts.store.events(ticket.number)}
        assert "told" not in kinds or kinds & released, ticket.number


# -- what lies there ---------------------------------------------------------------------------------------------------
def test_every_document_is_sound(played: Played) -> None:
    files = sorted((played.home / "outbox").rglob("*.docx"))
    faults = [fault for path in files for fault in check_document(path, path.name)]
    assert len(files) > 30 and not faults


def test_the_ledger_holds_every_request(played: Played) -> None:
    book = openpyxl.load_workbook(played.home / "outbox/so-theo-doi-2026.xlsx")
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    book.close()
    numbers = {each.number for each in played.parts.store.tickets() if each.category is not Category.NOT_A_REQUEST}
    assert numbers <= cells


def test_the_end_names_what_is_there_and_who_was_late(played: Played) -> None:
    end = played.text[played.text.index("== Ba ngày rưỡi làm việc") :]
    paths = re.findall(rf"{re.escape(str(played.home))}\S*", end)
    assert len(paths) == 4 and all(Path(path).exists() for path in paths)
    assert "Điện lực Pác Nặm, hạn 17h00 ngày 07/10/2026, chưa trả lời" in end
    assert all(
        word in end for word in ("approve PCBK-", "answered PCBK-", "ask PCBK-", "inbox/can-xem/phieu-trang.jpg")
    )


def test_the_shipped_data_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 4_000_000


# -- it goes on --------------------------------------------------------------------------------------------------------
def test_the_folder_goes_on_working(played: Played) -> None:
    here, number = played.home.parent, played.ticket("Chu Thị Hạnh").number
    assert motcua("--home", "demo", "check", folder=here).returncode == 0
    assert number in motcua("--home", "demo", "tickets", "--review", folder=here).stdout
    assert motcua("--home", "demo", "approve", number, folder=here).returncode == 0
    first = motcua("--home", "demo", "run", "--once", folder=here)
    assert first.returncode in (0, 3), first.stderr
    count = len(played.mails(".Sent"))
    again = motcua("--home", "demo", "run", "--once", folder=here)
    assert again.returncode == first.returncode
    assert len(played.mails(".Sent")) == count, "what rang once must not ring again"
    assert "Đã kết thúc" in motcua("--home", "demo", "show", number, folder=here).stdout


def test_a_folder_with_something_in_it_is_refused(played: Played) -> None:
    again = motcua("demo", folder=played.home.parent)
    assert again.returncode == 2 and "không trống" in again.stderr
    with pytest.raises(Refused, match="không trống"):
        make_home(played.home / "config" / "desk.toml")


# -- without reading engines -------------------------------------------------------------------------------------------
def test_papers_are_typed_where_no_scan_can_be_read(tmp_path: Path) -> None:
    make_home(tmp_path)
    script = load_script(ZONE)
    scans = [scene for scene in script.scenes if scene.ticket == "nga"][:1]
    clock = DemoClock(script.begins)
    parts = open_office(tmp_path, clock)
    parts.folder = ScanFolder(tmp_path / "inbox", lambda: 0.0, quiet_seconds=0)
    refusing = (sys.executable, "-c", 'input(); print(\'{"refused": "Thiếu thành phần đọc bản quét"}\', flush=True)')
    parts.reading_child = ReadingChild(load_forms(tmp_path / "config" / "forms"), command=refusing)
    said: list[str] = []
    try:
        Player(parts, clock, replace(script, scenes=tuple(scans), ends=scans[0].at), said.append).play()
        (ticket,) = parts.store.tickets()
    finally:
        parts.close()
    assert any(TYPED_AGAIN in line for line in said)
    assert ticket.customer.name == "Lương Thị Nga" and ticket.unit == "Na Rì" and ticket.state is State.WAITING_UNIT
