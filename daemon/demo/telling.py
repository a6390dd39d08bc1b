"""What happened, one Vietnamese line a thing, with desk time: read from the office's own records after every round."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from daemon.desk import wording
from daemon.desk.ticket import Event, Ticket
from daemon.office.parts import Parts

DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
WIDEST = 190
REPLIES: Mapping[str, str] = {
    "answer": "trả lời",
    "partial": "trả lời một phần, tiếp tục chờ",
    "question": "hỏi lại, hạn vẫn chạy",
    "auto_reply": "thư tự động, không tính là trả lời",
    "bounce": "thư bị trả lại",
    "forward": "chuyển tiếp cho nơi khác",
    "unrelated": "không liên quan",
}
PARTIES: Mapping[str, str] = {"chief": "trưởng đơn vị", "leaders": "lãnh đạo", "agent": "giao dịch viên"}


class Teller:
    """Tells each thing once. ``say`` gets a line."""

    def __init__(self, parts: Parts, say: Callable[[str], None]) -> None:
        self._parts, self._say = parts, say
        self._told: dict[str, int] = {}
        self._items: set[int] = set()
        self._day: dt.date | None = None
        self._last_change = 0

    def line(self, at: dt.datetime, text: str, *, by_program: bool = False) -> None:
        """Say one line; a new day begins with its name."""
        if at.date() != self._day:
            self._day = at.date()
            self._say(f"\n== {DAYS[at.weekday()]} {wording.short_date(at.date())} ==")
        words = " ".join(text.split())
        shown = words if len(words) <= WIDEST else f"{words[:WIDEST].rstrip()}…"
        self._say(f"{at:%H:%M}  {'   → ' if by_program else ''}{shown}")

    def tell_news(self) -> None:
        """Say everything that was recorded since the last call."""
        if (last := self._parts.store.last_change()) != self._last_change:
            self._last_change = last
            self._tell_tickets()
        self._tell_items()

    def _tell_tickets(self) -> None:
        fresh = []
        for ticket in self._parts.store.tickets():
            told = self._told.get(ticket.number, 0)
            events = [event for event in self._parts.store.events(ticket.number) if event.seq > told]
            if events:
                self._told[ticket.number] = events[-1].seq
                fresh += [(event.at, ticket.number, event.seq, ticket, event) for event in events]
        for at, number, _, ticket, event in sorted(fresh, key=lambda each: each[:3]):
            for text in self._words(ticket, event):
                self.line(at, f"{number}: {text}", by_program=True)

    def _tell_items(self) -> None:
        for item in self._parts.store.items("unplaced", "set_aside"):
            if item.id not in self._items:
                self._items.add(item.id)
                where = "inbox/can-xem: " if item.source == "scan" else "chưa xếp được: "
                self.line(self._parts.clock.now(), f"{where}{item.reason or item.name}", by_program=True)

    def _unit(self, unit: object) -> str:
        units = self._parts.desk.units
        name = str(unit or "")
        return units.card(name, self._parts.clock.now().date()).name if name in units.by_id else name

    def _words(self, ticket: Ticket, event: Event) -> Iterator[str]:
        content = event.content
        if event.kind == "received":
            who = ticket.customer.name or "chưa rõ tên"
            yield f"mở phiếu ({wording.CHANNELS[ticket.channel]}), {wording.CATEGORIES[ticket.category]}, {who}"
        elif event.kind == "reply":
            yield f"thư của {self._unit(content.get('unit')) or content.get('from')}: {REPLIES.get(content['kind'], content['kind'])}"
        elif event.kind == "mail_sent":
            yield from self._mail(content)
        elif event.kind in ("reminded", "escalated"):
            party = PARTIES.get(content["to"]) or self._unit(content.get("unit"))
            due = wording.time_of(dt.datetime.fromisoformat(str(content["due"])).astimezone(event.at.tzinfo))
            about = (
                f", {self._unit(content['unit'])} chưa trả lời"
                if content.get("unit") and party in PARTIES.values()
                else ""
            )
            yield f"{'báo cáo' if event.kind == 'escalated' else 'nhắc'} {party}{about}, hạn {due}"
        elif event.kind == "drafted":
            form = wording.REPLY_FORMS[ticket.draft.form].lower() if ticket.draft else ""
            yield f"đã soạn dự thảo trả lời {form}, chờ duyệt (outbox và Drafts)"
        elif event.kind in _PLAIN:
            yield _PLAIN[event.kind]
        elif event.kind in _WITH_CAUSE:
            yield f"{_WITH_CAUSE[event.kind]}{event.cause}"
        elif event.kind == "found" and event.author.kind == "program":
            yield f"tra cứu được ngay: {content['text']}"

    def _mail(self, content: Mapping[str, object]) -> Iterator[str]:
        purpose = content.get("purpose")
        if purpose == "slip":
            yield "gửi khách hàng phiếu hẹn hoặc báo đã nhận"
        elif purpose == "request":
            yield f"gửi phiếu yêu cầu {self._unit(content.get('unit'))}"
        elif purpose == "to_unit":
            yield f"gửi lời đáp cho {self._unit(content.get('unit'))}"
        elif purpose == "answer":
            yield "gửi câu trả lời cho khách hàng qua thư điện tử"


_PLAIN: Mapping[str, str] = {
    "draft_sent": "nhận ra bản nháp đã được gửi từ Drafts",
    "told": "khách hàng đã được trả lời",
    "closed": "kết thúc, vào sổ theo dõi",
    "scan_returned": "nhận ra bản ký nhờ mã QR, lưu vào phiếu",
}
_WITH_CAUSE: Mapping[str, str] = {
    "to_check": "",
    "left_out": "để riêng, không trả lời: ",
    "call_duty_desk": "",
    "next_address": "",
    "needs_person": "cần người xem: ",
    "released": "đã duyệt. ",
    "look_up_note": "tra cứu chưa đủ chắc: ",
    "effect_set_aside": "để riêng một việc: ",
}
