"""A new request at the counter or on the phone: a form for quick hands, with what the look-ups know beside it."""

import json

from starlette.responses import Response

from daemon.console.visit import Visit
from daemon.desk.ticket import Channel
from daemon.desk.trouble import Refused
from daemon.office import counter, handling, people

CHANNELS = ("counter", "phone_note", "letter", "sms", "website")


def show(visit: Visit) -> Response:
    """Show the empty form."""
    channel = visit.arg("kenh", "counter")
    return visit.show(
        "moi.html", title="Nhập yêu cầu", channel=channel if channel in CHANNELS else "counter", channels=CHANNELS
    )


def create(visit: Visit) -> Response:
    """Open the ticket; where the answer was told at once, that stands on it as well."""
    parts, form = visit.parts, visit.form
    channel = form.get("channel", "")
    if channel not in CHANNELS:
        raise Refused("Chọn kênh tiếp nhận.")
    told = form.get("viec") == "tra-loi-ngay"
    answer = form.get("answer", "").strip()
    if told and not answer:
        raise Refused("Chưa có câu trả lời để ghi: gõ câu đã trả lời khách hàng.")
    if told:
        visit.need("release")
    with visit.console.desk.lookups_lock, parts.database.write():
        number = counter.open_typed(parts, Channel(channel), form, form.get("content", ""), visit.by)
        if visit.user.role in ("agent", "chief"):
            people.take(parts, number, visit.user, visit.by)
        if told:
            where = "Trả lời trực tiếp tại quầy" if channel == "counter" else "Trả lời ngay trong cuộc gọi"
            handling.answered_at_once(parts, number, answer, form.get("source") or "phone", where, visit.by)
    if told:
        return visit.go(f"/phieu/{number}", f"Đã mở {number} và ghi khách hàng được trả lời ngay.")
    if form.get("viec") == "in":
        return visit.go(f"/phieu/{number}/phieu-hen")
    return visit.go(f"/phieu/{number}", f"Đã mở phiếu {number}.")


def hints(visit: Visit) -> Response:
    """Return what is known of the request that is being typed, as a piece of the page."""
    form = visit.form
    text = form.get("content", "").strip()
    if not text and not any(form.get(name, "").strip() for name in ("customer_code", "phone", "address")):
        return visit.show("goi-y.html", hints=None, customer=None)
    channel = form.get("channel", "counter")
    with visit.console.desk.lookups_lock:
        found = counter.hints(visit.parts, Channel(channel if channel in CHANNELS else "counter"), form, text)
    customer = found.customer
    known = (
        {
            "name": customer.name,
            "customer_code": customer.code,
            "phone": customer.phones[0] if customer.phones else "",
            "address": customer.address,
        }
        if customer
        else {}
    )
    return visit.show("goi-y.html", hints=found, customer=json.dumps(known, ensure_ascii=False) if known else None)
