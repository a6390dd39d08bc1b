"""The player: jumps from event to event on the demo's clock, lets people act, and lets the office do all the rest."""

import datetime as dt
import re
import shlex
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from daemon.demo.clock import DemoClock
from daemon.demo.ending import ending
from daemon.demo.outside import Outside, pages_to_type
from daemon.demo.script import Scene, Script, load_script
from daemon.demo.telling import Teller
from daemon.desk import letters
from daemon.desk.ticket import FINISHED, Channel, Ticket
from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.loop import Loop
from daemon.office import actions, founding
from daemon.office.logs import start_log
from daemon.office.parts import Parts, open_office
from daemon.office.reporting import report_on_demand
from daemon.scans.folder import ScanFolder
from daemon.settings.desk import load_desk
from daemon.settings.rows import Faults

AGENT = "Lan"
DROPS = ("drop", "scan", "signed")
CHECKING = dt.timedelta(minutes=2)
FIELDS = ("name", "customer_code", "phone", "address", "email", "unit", "category", "wanted_reply", "content")
GATEWAYS = """
# Hai cổng của bản trình diễn.
[[gateways]]
sender = "sms@cong.example"
channel = "sms"
[gateways.fields]
name = ["Họ tên"]
phone = ["SĐT"]
content = ["Nội dung"]

[[gateways]]
sender = "web@cong.example"
channel = "website"
[gateways.fields]
name = ["Họ và tên"]
phone = ["Điện thoại"]
email = ["Email"]
customer_code = ["Mã khách hàng"]
address = ["Địa chỉ"]
content = ["Nội dung"]
"""


def play_demo(folder: Path, say: Callable[[str], None]) -> None:
    """Make a working folder, play the script in it and say what happened. Raises Refused where the folder is not empty."""
    started = time.monotonic()
    make_home(folder)
    say(
        f"motcua: ba ngày rưỡi làm việc (đến sáng ngày thứ tư) ở một bàn giao dịch, chơi trong khoảng một phút. Thư mục: {folder}"
    )
    start_log(folder)
    faults = Faults()
    zone = load_desk(folder / "config" / "desk.toml", faults).zone
    faults.refuse()
    script = load_script(zone)
    clock = DemoClock(script.begins)
    parts = open_office(folder, clock)
    # Nobody is still copying: the script lays whole files, so the folder need not wait for them to lie still.
    parts.folder = ScanFolder(folder / "inbox", time.monotonic, quiet_seconds=0)
    try:
        player = Player(parts, clock, script, say)
        player.play()
        for line in ending(parts, player.report, time.monotonic() - started):
            say(line)
    finally:
        parts.close()


def make_home(folder: Path) -> None:
    """Make the working folder as ``motcua init`` does, with two gateways. Raises Refused or TryLater."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: đã có và không trống. Xóa đi hoặc chọn thư mục khác: motcua demo --dir THƯ-MỤC-MỚI")
    for _ in founding.found(folder):
        pass
    path = folder / "config" / "desk.toml"
    try:
        path.write_text(path.read_text("utf-8").rstrip() + "\n" + GATEWAYS, "utf-8")
    except OSError as problem:
        raise TryLater(f"Không ghi được {path}: {problem.strerror}. Kiểm tra ổ đĩa và quyền ghi.") from problem


class Player:
    """Plays a script in an open office. ``report`` is where the last report lies."""

    def __init__(self, parts: Parts, clock: DemoClock, script: Script, say: Callable[[str], None]) -> None:
        self.parts, self.clock, self.script = parts, clock, script
        self.loop = Loop(parts)
        self.outside = Outside(parts.home, parts.settings.file.mailbox_address, clock.now)
        self.teller = Teller(parts, say)
        self.numbers: dict[str, str] = {}
        self.report = ""
        self._acts: Mapping[str, Callable[[Scene], None]] = {
            "export": lambda scene: self.outside.export(scene.content),
            "mail": self._mail,
            "drop": lambda scene: self.outside.drop(scene.content),
            "scan": lambda scene: self.outside.drop(scene.content),
            "note": self._note,
            "reply": lambda scene: self.outside.reply(
                sender=scene.content["from"],
                number=self._number(scene),
                **{name: value for name, value in scene.content.items() if name != "from"},
            ),
            "bounce": lambda scene: self.outside.bounce(
                scene.content["of"], scene.content["status"], self._number(scene)
            ),
            "agent": self._agent,
            "send_draft": self._send_draft,
            "signed": self._signed,
            "report": self._report,
        }

    # -- time ------------------------------------------------------------------------------------------------------
    def play(self) -> None:
        """Play from beginning to end."""
        self.work()
        for scene in self.script.scenes:
            self.pass_to(scene)
            self._play(scene)
        self.clock.move_to(self.script.ends)
        self.work()

    def pass_to(self, scene: Scene) -> None:
        """Let time pass until a scene, stopping at every moment at which the office has something to do."""
        while (look := self.parts.store.next_look()) and look < scene.at:
            self.clock.move_to(look)
            self.work()
            if (again := self.parts.store.next_look()) and again <= look:
                break
        self.clock.move_to(scene.at)
        self.work()

    def work(self) -> None:
        """Let the office do all that is due now, and say what it did."""
        self.loop.settle()
        self.teller.tell_news()

    # -- scenes ----------------------------------------------------------------------------------------------------
    def _play(self, scene: Scene) -> None:
        before = sum(self.parts.store.counts().values())
        self._say(f"{scene.who}: {scene.what}")
        try:
            self._acts[scene.act](scene)
        except Trouble as trouble:
            self._say(f"không làm được: {trouble}", by_program=True)
        if scene.act in DROPS:
            self.loop.tick()  # a dropped file is seen now and taken at the second look
        self.work()
        if scene.ticket and scene.ticket not in self.numbers and sum(self.parts.store.counts().values()) > before:
            *_, newest = self.parts.store.tickets()
            self.numbers[scene.ticket] = newest.number
        if scene.act == "scan" and scene.ticket:
            self._with_paper_in_hand(scene)
        elif scene.act == "signed" and self._ticket(scene).state not in FINISHED:
            self._command(self._number(scene), "answered --by letter")
        elif scene.act == "export":
            version = next(each for each in self.parts.lookups.versions() if each.file == scene.content)
            self._say(f"đã nạp {version.title}: {version.rows} dòng", by_program=True)

    def _say(self, text: str, *, by_program: bool = False) -> None:
        self.teller.line(self.clock.now(), text, by_program=by_program)

    def _number(self, scene: Scene) -> str:
        number = self.numbers.get(scene.ticket)
        if number is None:
            raise Refused(f"phiếu của cảnh «{scene.ticket}» chưa mở")
        return number

    def _ticket(self, scene: Scene) -> Ticket:
        ticket = self.parts.store.ticket(self._number(scene))
        assert ticket is not None
        return ticket

    def _mail(self, scene: Scene) -> None:
        mail = scene.content
        self.outside.mail(mail["from"], mail["subject"], mail["text"], mail.get("headers"))

    def _note(self, scene: Scene) -> None:
        note = scene.content
        self._say(f"$ motcua new --channel {note['channel']} < ghi-chu.txt")
        actions.new(self.parts, Channel(note["channel"]), note["text"], AGENT)

    def _send_draft(self, scene: Scene) -> None:
        if not self.outside.send_draft(self._number(scene)):
            raise Refused("không có bản nháp trong Drafts")

    def _signed(self, scene: Scene) -> None:
        ticket = self._ticket(scene)
        round = ticket.draft.round if ticket.draft else 1
        text = letters.qr_text(ticket.number, "answer", round)
        self.outside.signed(scene.content["page"], tuple(scene.content["qr"]), text, "cong-van-da-ky.png")

    def _report(self, scene: Scene) -> None:
        self._say(f"$ motcua report {scene.content}")
        self.report = report_on_demand(self.parts, scene.content, None, None)

    # -- the agent -------------------------------------------------------------------------------------------------
    def _agent(self, scene: Scene) -> None:
        self._command(self._number(scene), scene.content, scene.text)

    def _command(self, number: str, line: str, text: str = "") -> None:
        """Do what an agent does with a command, by the same function that the command calls."""
        verb, *rest = shlex.split(line)
        item = ""
        if verb == "place":
            item = f"m{self.parts.store.items('unplaced')[-1].id} "
        shown = " ".join(shlex.quote(word) if re.search(r"[\s'\"]", word) else word for word in rest)
        self._say(f"$ motcua {verb} {item}{number} {shown}".rstrip() + (" < tra-loi.txt" if text else ""))
        parts = self.parts
        doing: Mapping[str, Callable[[], Any]] = {
            "approve": partial(actions.approve, parts, number, AGENT),
            "answered": partial(actions.answered, parts, number, rest[-1] if rest else "", "", AGENT),
            "ask": partial(actions.ask, parts, number, rest[-1] if rest else "", text, AGENT),
            "number": partial(actions.give_number, parts, number, rest[0] if rest else "", AGENT),
            "set": partial(actions.set_fields, parts, number, tuple(rest), AGENT),
            "place": lambda: actions.place(parts, int(item.strip().lstrip("m")), number, AGENT),
        }
        doing[verb]()

    def _with_paper_in_hand(self, scene: Scene) -> None:
        """Type what no machine could read, or confirm and correct the fields that differ from the paper."""
        if scene.ticket not in self.numbers:
            self._type_paper(scene)
        wrong = list(self._differing(scene))
        if not wrong:
            return
        self.clock.move_to(scene.at + CHECKING)
        self._say("Giao dịch viên: so với tờ giấy, xác nhận các ô cần xem")
        self._command(self._number(scene), shlex.join(["set", *wrong]))
        self.work()

    def _type_paper(self, scene: Scene) -> None:
        self._say("Giao dịch viên: máy này chưa có bộ đọc bản quét, gõ lại nội dung tờ giấy")
        channel = Channel.LETTER if scene.paper.get("letter") else Channel.COUNTER
        text = "\n".join(pages_to_type(scene.paper))
        self.numbers[scene.ticket] = actions.new(self.parts, channel, text, AGENT)
        self.work()

    def _differing(self, scene: Scene) -> Any:
        ticket = self._ticket(scene)
        for name in FIELDS:
            said = scene.paper.get(name) or None
            holder = ticket if hasattr(ticket, name) else ticket.customer
            if name in ticket.check or getattr(holder, name) != said:
                yield f"{name}={said or ''}"
