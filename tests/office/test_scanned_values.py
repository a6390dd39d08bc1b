"""What of a scanned paper stands on its ticket: every word, and the meter's number that no field holds."""

import pytest

from daemon.desk.form import DocumentKind, FieldReading, ScannedDocument, Standing
from daemon.office.scanning import Request, ticket_values
from daemon.store.store import Item
from tests.support.office import Desk

METER = "4047289009"


@pytest.mark.parametrize(
    ("words", "meter", "content"),
    [
        ("Điện yếu, đề nghị kiểm tra.", METER, f"Điện yếu, đề nghị kiểm tra.\nSố công tơ: {METER}"),
        ("Điện yếu, đề nghị kiểm tra.", None, "Điện yếu, đề nghị kiểm tra."),
        ("Công tơ số 4047 289-009 chạy nhanh.", METER, "Công tơ số 4047 289-009 chạy nhanh."),
        ("", METER, ""),
    ],
)
def test_the_meter_stays_with_the_words(desk: Desk, words: str, meter: str | None, content: str) -> None:
    desk.note("counter", "Tôi là Hoàng Văn Sơn, xã Quảng Bạch, 0912345678. Đề nghị kiểm tra công tơ.")
    item: Item = desk.parts.store.items_of(desk.ticket().number)[0]
    read = {"name": "Hoàng Văn Sơn", "meter": meter, "content": words or None}
    readings = tuple(FieldReading(name, value, Standing.ACCEPTED, 0.99) for name, value in read.items())
    request = Request(ScannedDocument(1, DocumentKind.FORM, readings))
    assert ticket_values(desk.parts, item, request)["content"] == content
