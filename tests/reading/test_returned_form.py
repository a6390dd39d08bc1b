"""Our own request form that a unit filled in and mailed back: its part is the answer, blank lines are none."""

import io
from pathlib import Path

import docx
import pytest

from daemon.desk.message import Attachment
from daemon.reading.attached import from_attachment
from daemon.reading.enclosed import joined
from daemon.reading.returned_form import unit_part

TEMPLATES = Path(__file__).parents[2] / "templates"
HEAD, FOOT = "Kính gửi: Điện lực\nPHẦN TRẢ LỜI CỦA ĐƠN VỊ\n", "\nNgày 24 tháng 11 năm 2026\nĐẠI DIỆN ĐƠN VỊ"
AGREED = "Đồng ý. Thời gian ngừng điện mới: từ 07h30 đến 11h30 ngày 13/12/2026"
CHOICES = (
    "☐ Đồng ý. Thời gian ngừng điện mới: từ ......h...... đến ......h...... ngày ....../....../20......\n"
    "☐ Không đồng ý. Lý do: \t.\nĐường dây, trạm biến áp: \t.\n"
    "Khách hàng khác cùng bị ảnh hưởng:   ☐ không có      ☐ có, chưa được báo lịch mới\n"
    "☐ có, đã được báo lịch mới trước ít nhất 05 ngày\n\t."
)


@pytest.mark.parametrize(
    ("part", "written"),
    [
        ("\t.\n\t.\n..........", ""),
        (CHOICES, ""),
        (
            "Điện yếu do dây nhỏ, đã thay dây......\nXong lúc 10h.\n\t.",
            "Điện yếu do dây nhỏ, đã thay dây\nXong lúc 10h.",
        ),
        ("1. Đã xử lý:\n- thay sứ", "1. Đã xử lý:\n- thay sứ"),
        (f"☒ {AGREED}\n☐ Không đồng ý. Lý do: \t.", AGREED),
        (f"[x] {AGREED}\n[ ] Không đồng ý. Lý do: \t.", AGREED),
        (f"☐ {AGREED}\n☐ Không đồng ý. Lý do: \t.", AGREED),
        ("☐ Đồng ý. Từ ......h......\nx Không đồng ý. Lý do: thiếu nhân lực", "Không đồng ý. Lý do: thiếu nhân lực"),
        (
            "Ngày 05 tháng 10 năm 2026 đội đã thay cầu chì.\nNgười trả lời khách hàng đã gọi điện.",
            "Ngày 05 tháng 10 năm 2026 đội đã thay cầu chì.\nNgười trả lời khách hàng đã gọi điện.",
        ),
        ("Đã thay sứ.\nNgày 5 tháng 10 năm 2026 ĐẠI DIỆN ĐƠN VỊ\nMa Văn Ba", "Đã thay sứ."),
        ("Đã thay sứ.\nNgười trả lời: Ma Văn Ba", "Đã thay sứ."),
        ("Ảnh hưởng:   ☑ không có      ☐ có, đã báo", "Ảnh hưởng: không có"),
    ],
)
def test_what_the_unit_wrote(part: str, written: str) -> None:
    assert unit_part(HEAD + part + FOOT) == written


def test_another_text_is_no_such_form() -> None:
    assert unit_part("Đã sửa xong lúc 10h.") is None


@pytest.mark.parametrize(
    "name", ["request-unit", "request-dispatch", "request-time-change", "request-other", "reminder"]
)
def test_every_shipped_form_comes_back_blank_and_filled(name: str) -> None:
    document = docx.Document(str(TEMPLATES / f"{name}.docx"))
    assert joined("", [("phieu.docx", _text(document))]) == ""
    last = [paragraph for paragraph in _paragraphs(document) if set(paragraph.text) <= {"\t", "."} and paragraph.text][
        -1
    ]
    last.text = "Đã thay dây, điện áp 220 V."
    assert (
        joined("Đơn vị gửi phiếu trả lời kèm theo.", [("phieu.docx", _text(document))]) == "Đã thay dây, điện áp 220 V."
    )


def _paragraphs(container):
    yield from container.paragraphs
    for table in container.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from _paragraphs(cell)


def _text(document) -> str:
    out = io.BytesIO()
    document.save(out)
    text = from_attachment(Attachment("phieu.docx", "", out.getvalue()))
    assert text
    return text
