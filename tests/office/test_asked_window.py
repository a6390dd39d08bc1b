"""A span of time that no outage can have is left to a person, whichever way the request came."""

import pytest

from daemon.desk.form import DocumentKind, ScannedDocument
from daemon.office import showing
from daemon.office.scanning import Request, ticket_values
from daemon.store.store import Item
from tests.support.office import Desk

ASKS = (
    "Tôi là Hoàng Văn Sơn, xã Quảng Bạch, huyện Chợ Đồn, 0912345678. "
    "Xã tôi mất điện từ ngày 5/3/2025 đến ngày 5/10/2026, đề nghị cho biết nguyên nhân và khi nào có điện lại."
)


@pytest.mark.parametrize("way", ["mail", "note"])
def test_a_mail_or_a_note(desk: Desk, way: str) -> None:
    if way == "mail":
        desk.mail("Sơn <son@khach.example>", "Mất điện", ASKS)
    else:
        desk.note("phone_note", ASKS)
    desk.work()
    ticket = desk.ticket()
    assert "asked_window" in ticket.check and ticket.asked_window is None
    page = "\n".join(showing.facts(desk.parts, ticket))
    assert "cần xem: thời gian khách hỏi" in page and "từ ngày 05/03/2025 đến ngày 05/10/2026" in page
    assert "Khách hỏi về" not in page


def test_a_scan(desk: Desk) -> None:
    desk.note("phone_note", ASKS)
    desk.work()
    item: Item = desk.parts.store.items_of(desk.ticket().number)[0]
    request = Request(ScannedDocument(1, DocumentKind.LETTER, text=ASKS))
    values = ticket_values(desk.parts, item, request)
    assert "asked_window" in values["check"] and values["asked_window"] is None
    assert any("từ ngày 05/03/2025 đến ngày 05/10/2026" in each for each in values["questions"])
