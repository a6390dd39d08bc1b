"""How pages are made of templates: the words and filters they share, the menu, addresses of files that never change."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from daemon.console import words
from daemon.desk import wording
from daemon.desk.holder import AGENT
from daemon.desk.ticket import Category, Channel, ReplyForm, State
from daemon.office.people import ROLES

if TYPE_CHECKING:
    from daemon.console.visit import Visit

HERE = Path(__file__).parent
# State → tone of its mark; the word itself always stands beside it.
TONES: Mapping[str, str] = {
    "new": "calm", "to_check": "do", "looking_up": "calm", "waiting_unit": "wait", "to_approve": "do", "released": "do",
    "answered": "done", "closed": "done", "set_aside": "off", "cancelled": "off", "merged": "off",
}  # fmt: skip
SHORT_KINDS: Mapping[str, str] = {
    "outage_info": "Hỏi lịch, mất điện",
    "reconnection_cost": "Chi phí đóng cắt",
    "incident_report": "Báo sự cố",
    "outage_complaint": "Khiếu nại",
    "outage_time_change": "Đổi giờ ngừng điện",
    "other": "Đề nghị khác",
    "not_a_request": "Không phải yêu cầu",
}
SHORT_CHANNELS: Mapping[str, str] = {
    "counter": "Tại quầy",
    "phone_note": "Điện thoại",
    "sms": "SMS",
    "website": "Trang web",
    "letter": "Văn bản",
    "email": "Thư điện tử",
}
RELEASES: Mapping[str, str] = {
    "email": "Duyệt và gửi thư",
    "letter": "Duyệt để in, trình ký",
    "phone": "Duyệt để gọi",
}
SHORT_STATES: Mapping[str, str] = {
    "new": "Mới nhận",
    "to_check": "Chờ kiểm tra",
    "looking_up": "Đang tra cứu",
    "waiting_unit": "Chờ đơn vị",
    "to_approve": "Chờ duyệt",
    "released": "Đang trả lời",
    "answered": "Đã trả lời",
    "closed": "Đã xong",
    "set_aside": "Để riêng",
    "cancelled": "Đã hủy",
    "merged": "Đã gộp",
}


class Look:
    """The templates of the console."""

    def __init__(self) -> None:
        self._env = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters |= {
            "time": lambda at: wording.time_of(at) if at else "",
            "asked": lambda window: wording.asked_window(*window),
            "clock": lambda at: wording.clock(at) if at else "",
            "date": lambda at: f"{at:%d/%m/%Y}" if at else "",
            "short": lambda at: f"{at:%H:%M %d/%m}" if at else "",
            "kind": lambda value: wording.CATEGORIES[Category(value)],
            "kind_short": lambda value: SHORT_KINDS.get(str(value), str(value)),
            "channel": lambda value: wording.CHANNELS[Channel(value)],
            "channel_short": lambda value: SHORT_CHANNELS.get(str(value), str(value)),
            "state": lambda value: wording.STATES[State(value)],
            "state_short": lambda value: SHORT_STATES.get(str(value), str(value)),
            "tone": lambda value: TONES.get(str(value), "calm"),
            "form": lambda value: wording.REPLY_FORMS[ReplyForm(value)] if value else "",
            "unit_state": lambda value: wording.UNIT_STATES[value],
            "field": words.field_name,
            "document": words.document_name,
            "holder": lambda value: AGENT if value == "agent" else value,
            "event": words.event_text,
            "body": words.event_body,
            "plain": words.without_commands,
            "value": words.value_text,
            "amount": wording.amount,
            "number": wording.number,
            "span": lambda minutes: wording.span_of_minutes(minutes) if minutes is not None else "–",
            "lines": _lines,
            "after": lambda text, name: str(text).removeprefix(f"{name}: "),
            "query": urlencode,
        }
        self._env.globals |= {
            "static": static_address,
            "words": words,
            "ROLES": ROLES,
            "KINDS": {str(each): text for each, text in wording.CATEGORIES.items()},
            "KINDS_SHORT": SHORT_KINDS,
            "CHANNELS": {str(each): text for each, text in wording.CHANNELS.items()},
            "RELEASES": RELEASES,
            "FORMS": {str(each): text for each, text in wording.REPLY_FORMS.items()},
            "STATES_SHORT": SHORT_STATES,
        }

    def render(self, visit: "Visit", template: str, values: Mapping[str, Any]) -> str:
        """Return a page for somebody who is signed in."""
        parts = visit.parts
        now = parts.clock.now()
        shared = {
            "me": visit.user,
            "may": visit.may,
            "csrf": visit.session.csrf,
            "now": now,
            "here": visit.request.url.path,
            "said": visit.console.said(visit.session.id),
            "fault": visit.console.desk.fault,
            "office": parts.settings.file.office,
            "units": {each: parts.desk.units.card(each, now.date()).name for each in parts.desk.units.by_id},
            "left": lambda due: words.left(due, now),
            "due": lambda due: words.due_text(due, now),
            "late": lambda due: due is not None and due < now,
        }
        return self._env.get_template(template).render(shared | dict(values))

    def bare(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a page for somebody who is not signed in."""
        shared: dict[str, Any] = {
            "me": None,
            "csrf": "",
            "said": [],
            "fault": "",
            "here": "",
            "now": dt.datetime.now(dt.UTC),
        }
        return self._env.get_template(template).render(shared | dict(values))


def _lines(text: str) -> Markup:
    """Return a text with its line ends kept."""
    return Markup("<br>").join(escape(line) for line in str(text).splitlines())


_ADDRESSES: dict[str, str] = {}


def static_address(name: str) -> str:
    """Return the address of a file that browsers may keep for ever: another content is another address."""
    if name not in _ADDRESSES:
        digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
        _ADDRESSES[name] = f"/static/{name}?{digest}"
    return _ADDRESSES[name]
