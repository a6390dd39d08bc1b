"""The last words of the demo: counts, who was late, what waits for a person with the exact commands, and where things lie."""

import datetime as dt
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from daemon.desk import wording
from daemon.desk.ticket import FINISHED, ReplyForm, State, Ticket, UnitAsked
from daemon.office.parts import Parts


def ending(parts: Parts, report: str, seconds: float) -> Iterator[str]:
    """Yield what is to be said at the end; ``report`` is the report's path, ``seconds`` the real time played."""
    tickets = list(parts.store.tickets())
    yield ""
    yield f"== Ba ngày rưỡi làm việc, {seconds:.0f} giây: {len(tickets)} phiếu =="
    yield from _counts(tickets)
    yield from _late(parts, tickets)
    yield from _waiting(parts, tickets)
    yield from _places(parts, tickets, report)


def command(home: Path) -> str:
    """Return how the program is called for this folder, from where the user stands."""
    return f"{_program()} --home {shlex.quote(_from_here(home))}"


def _program() -> str:
    """The command itself where it is on the path, else by the way it was called just now."""
    if shutil.which("motcua"):
        return "motcua"
    called = Path(sys.argv[0])
    return _from_here(called.absolute()) if called.name == "motcua" else f"{sys.executable} -m daemon"


def _from_here(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _counts(tickets: list[Ticket]) -> Iterator[str]:
    for title, values in (
        ("Theo loại", Counter(wording.CATEGORIES[ticket.category] for ticket in tickets)),
        ("Theo kênh", Counter(wording.CHANNELS[ticket.channel] for ticket in tickets)),
        ("Theo tình trạng", Counter(wording.STATES[ticket.state] for ticket in tickets)),
    ):
        yield f"{title}: " + "; ".join(f"{name}: {count}" for name, count in values.most_common())


def _late(parts: Parts, tickets: list[Ticket]) -> Iterator[str]:
    rows = [(ticket, row) for ticket in tickets for row in ticket.units if _is_late(row, parts.clock.now())]
    yield "" if rows else "Không đơn vị nào trả lời muộn."
    if rows:
        yield "Đơn vị trả lời muộn:"
    for ticket, row in rows:
        name = parts.desk.units.card(row.unit, parts.clock.now().date()).name
        assert row.due is not None
        said = f"trả lời {wording.time_of(row.answered)}" if row.answered else "chưa trả lời, lãnh đạo đã được báo"
        yield f"  {ticket.number}: {name}, hạn {wording.time_of(row.due)}, {said}"


def _is_late(row: UnitAsked, now: dt.datetime) -> bool:
    return row.due is not None and (row.answered or now) > row.due and (row.open or row.answered is not None)


def _waiting(parts: Parts, tickets: list[Ticket]) -> Iterator[str]:
    yield ""
    yield "Đang chờ người (chép lệnh chạy thử được ngay):"
    motcua = command(parts.home)
    for ticket in tickets:
        yield from (f"  {line}" for line in _wants(ticket, motcua))
    for item in parts.store.items("unplaced"):
        yield f"  thư chưa xếp «{item.subject}»: {motcua} place m{item.id} SỐ-PHIẾU"
    for note in sorted((parts.home / "inbox" / "can-xem").glob("*.txt")):
        yield f"  inbox/can-xem/{note.stem}: lý do ở tệp {note.name} bên cạnh"


def _wants(ticket: Ticket, motcua: str) -> Iterator[str]:
    who = ticket.customer.name or "chưa rõ tên"
    if ticket.state in FINISHED:
        return
    if ticket.state is State.TO_APPROVE:
        yield f"{ticket.number} ({who}): duyệt dự thảo: {motcua} approve {ticket.number}"
    elif ticket.state is State.TO_CHECK:
        yield f"{ticket.number} ({who}): xem {', '.join(ticket.check)}: {motcua} set {ticket.number}"
    elif ticket.state is State.RELEASED and ticket.draft:
        form = "phone" if ticket.draft.form is ReplyForm.PHONE else "letter"
        first = "gọi khách hàng" if form == "phone" else "trình ký, gửi, rồi thả bản quét đã ký vào inbox/ hoặc"
        yield f"{ticket.number} ({who}): {first}: {motcua} answered {ticket.number} --by {form}"
    for row in ticket.units:
        if row.question and row.open:
            yield f"{ticket.number} ({who}): {row.unit} hỏi «{row.question}»: echo 'Lời đáp của phòng' | {motcua} ask {ticket.number} --unit '{row.unit}'"


def _places(parts: Parts, tickets: list[Ticket], report: str) -> Iterator[str]:
    letters = sorted(parts.outbox.glob("*/*.docx"))
    ledgers = sorted(parts.outbox.glob("so-theo-doi-*.xlsx"))
    yield ""
    yield "Xem bằng Word, Excel và chương trình thư:"
    yield f"  {len(letters)} tệp Word, mỗi phiếu một thư mục: {parts.outbox}"
    yield from (f"  Sổ theo dõi: {path}" for path in ledgers)
    yield f"  Báo cáo tuần: {report}"
    yield f"  Hộp thư (Maildir, có .Sent và .Drafts): {parts.home / 'var' / 'mailbox'}"
    motcua = command(parts.home)
    yield f"Xem tiếp: {motcua} tickets · {motcua} show {tickets[0].number} · {motcua} explain {tickets[0].number} · {motcua} run --once"
    now = parts.clock.now()
    yield (
        f"Đồng hồ của bản trình diễn dừng ở {wording.time_of(now)}. Các lệnh trên dùng giờ thật: tickets và show sẽ ghi QUÁ HẠN "
        "ở hạn còn mở, run nhắc mỗi hạn ấy một lần. Đó không phải lỗi."
    )
