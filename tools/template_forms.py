"""Process forms: they carry the ISO block of the procedure and need no national heading."""

from collections.abc import Sequence
from typing import Any

from docx.shared import Mm

from tools.template_parts import (
    CENTER,
    JUSTIFY,
    RED,
    body,
    box,
    clear,
    cut_line,
    dotted,
    field,
    fields_table,
    fill,
    gap,
    middle,
    new_document,
    no_margins,
    para,
    picture,
    qr_footer,
    row_height,
    shrink,
    table,
    tag,
    whole,
)


def iso_block(where: Any, title: Sequence[str], *, width: float = 170, pages: bool = True) -> None:
    """Add the procedure's head: issuer and logo place, title, number, issue, date and page."""
    made = table(where, (40, width - 40 - 48, 48), borders=True)
    left, centre, right = made.rows[0].cells
    fill(
        left,
        [
            ("{{ office.parent_short }}", {"size": 11, "align": CENTER}),
            ("{{ office.short_name|upper }}", {"size": 12, "bold": True, "align": CENTER}),
        ],
    )
    fill(centre, [(line, {"size": 13, "bold": True, "align": CENTER}) for line in title])
    fill(
        right,
        [
            ("Mã số: {{ form.code|dots(14) }}", {"size": 11}),
            ("Lần ban hành: {{ form.issue|dots(6) }}", {"size": 11}),
            ("Ngày: {{ form.date|dots(14) }}", {"size": 11}),
        ],
    )
    if pages:
        page = para(right, "Trang: ", size=11)
        field(page, "PAGE", 11)
        page.add_run("/").font.size = page.runs[0].font.size
        field(page, "NUMPAGES", 11)
    for cell in (left, centre, right):
        middle(cell)
    row_height(made.rows[0], 20)


def form(title: Sequence[str], name: str) -> Any:
    """Return a document whose every page carries the ISO block above and the QR below."""
    doc = new_document(name, top=20, bottom=20, left=25, right=15)
    section = doc.sections[0]
    section.header_distance = Mm(8)
    head = clear(section.header)
    iso_block(head, title)
    para(head, "", size=6)
    qr_footer(
        section.footer,
        [
            ("Mã tiếp nhận: **{{ ticket.number }}** – lần {{ doc.round }}", {"size": 11}),
            ("Bản có chữ ký: quét lại nguyên trang, giữ rõ mã vuông bên phải.", {"size": 10, "italic": True}),
        ],
        width=170,
    )
    return doc


def customer_rows() -> list[tuple[str, Any, str]]:
    """Return the rows that say who asks, and what."""
    return [
        ("Khách hàng", "**{{ customer.name|dots }}**", ""),
        ("Mã KH; điện thoại", "{{ customer.code|dots(30) }};  điện thoại: {{ customer.phone|dots(24) }}", ""),
        ("Địa chỉ sử dụng điện", "{{ customer.address|dots }}", ""),
    ]


def receipt_rows() -> list[tuple[str, Any, str]]:
    """Return the rows that say when and how the request came, and its content."""
    return [
        ("Tiếp nhận", "{{ ticket.received }}; {{ ticket.channel|lowerfirst }}", ""),
        ("Loại yêu cầu", "{{ ticket.title }}", ""),
        ("Thời gian ngừng điện đã thông báo", "Bắt đầu: {{ ticket.outage_start }}", "ticket.outage_start"),
        ("Thời gian khách hàng nêu", "{{ ticket.wanted_window }}", "ticket.wanted_window"),
        ("Nội dung yêu cầu", content(), ""),
        besides_row(),
    ]


def besides_row() -> tuple[str, Any, str]:
    """Return the row that names what the customer asks besides the form's matter."""
    small = {"size": 12.5, "before": 2, "after": 2, "align": JUSTIFY}
    lines = [("{%p for line in ticket.besides %}", small), ("- {{ line }}", small), ("{%p endfor %}", small)]
    return ("Khách hàng còn nêu (đề nghị trả lời cả phần thuộc đơn vị)", lines, "ticket.besides")


def content() -> list[Any]:
    """Return the paragraphs that print the request as it was written."""
    small = {"size": 12.5, "before": 2, "after": 2, "align": JUSTIFY}
    return [
        ("{%p for line in ticket.paragraphs %}", small),
        ("{{ line }}", small),
        ("{%p endfor %}", small),
    ]


def to_line(doc: Any) -> None:
    """Add "Kính gửi" in large type, one or several addressees."""
    tag(doc, "if to|length < 2")
    para(doc, "Kính gửi: **{{ to|join|dots(50) }}**", size=14, align=CENTER, before=4, after=4)
    tag(doc, "else")
    para(doc, "Kính gửi:", size=14, indent=35, before=4)
    tag(doc, "for line in to")
    para(doc, "- **{{ line }}**{% if loop.last %}.{% else %};{% endif %}", size=14, indent=55)
    tag(doc, "endfor")
    tag(doc, "endif")


def asked_by(doc: Any) -> None:
    """Add how the unit answers so that the answer finds its ticket, and beside it who asks: ours ends here."""
    gap(doc, 4)
    made = table(doc, (92, 78), borders=False)
    no_margins(made)
    small = {"size": 12, "align": CENTER}
    fill(
        made.cell(0, 0),
        [
            (
                "Cách trả lời: trả lời ngay trên thư này, giữ nguyên mã **[{{ ticket.number }}]** ở tiêu đề; hoặc ghi vào "
                "phần dưới, ký và gửi bản quét. Khi phải hỏi lại hoặc cần thêm thời gian, xin báo ngay"
                "{{ office.phone|prefixed(' theo số ') }}.",
                {"size": 12.5, "align": JUSTIFY, "before": 2, "line": 1.1},
            )
        ],
    )
    fill(
        made.cell(0, 1),
        [
            ("{{ today.place_date }}", {**small, "italic": True}),
            ("NGƯỜI ĐỀ NGHỊ", {**small, "bold": True}),
            ("(Ký, ghi rõ họ tên)", {**small, "size": 11, "italic": True, "after": 26}),
            ("{{ agent }}", {**small, "bold": True}),
        ],
    )
    whole(made)
    gap(doc, 4)


def answer_box(doc: Any, who: str, lines: int, extra: Sequence[str] = ()) -> None:
    """Add the part in which the unit may answer by hand and signs, all on one page."""
    made = table(doc, (170,), borders=True)
    cell = made.cell(0, 0)
    para(cell, "PHẦN TRẢ LỜI CỦA ĐƠN VỊ", bold=True, size=12, align=CENTER, before=2, after=2)
    for line in extra:
        if line.endswith(":"):
            dotted(cell, line + " ", size=12, before=3)
        else:
            para(cell, line, size=12, before=3)
    for _ in range(lines):
        dotted(cell, size=12, before=4)
    gap(cell, 4)
    signature(cell, who, 164)
    shrink(para(cell, ""))
    cell._tc.remove(cell.paragraphs[0]._p)
    whole(made)


def signature(where: Any, who: str, width: float = 170) -> None:
    """Add a place to sign on the right, to be dated by hand."""
    made = table(where, (width / 2, width / 2), borders=False)
    small = {"size": 12, "align": CENTER}
    fill(
        made.cell(0, 1),
        [
            ("Ngày ...... tháng ...... năm 20......", {**small, "italic": True}),
            (who, {**small, "bold": True}),
            ("(Ký, ghi rõ họ tên)", {**small, "size": 11, "italic": True, "after": 34}),
        ],
    )
    whole(made)


def due_line(doc: Any, verb: str) -> None:
    """Say until when the answer is wanted."""
    tag(doc, "if due.unit")
    body(
        doc,
        f"{verb} trước **{{{{ due.unit }}}}**.{{% if due.customer %}} Khách hàng đã được hẹn trả lời chậm nhất {{{{ due.customer }}}}.{{% endif %}}",
        first=0,
    )
    tag(doc, "else")
    body(
        doc,
        f"{verb} ngay khi có kết quả, trong thời hạn của quy trình.{{% if due.customer %}} Khách hàng đã được hẹn trả lời chậm nhất {{{{ due.customer }}}}.{{% endif %}}",
        first=0,
    )
    tag(doc, "endif")


def wanted(doc: Any, by_category: dict[str, Sequence[str]], otherwise: Sequence[str]) -> None:
    """Add the list of what is to be answered, by the kind of request."""
    branches = (
        [(f"if ticket.category == '{next(iter(by_category))}'", by_category[next(iter(by_category))])]
        if by_category
        else []
    )
    branches += [(f"elif ticket.category == '{name}'", lines) for name, lines in list(by_category.items())[1:]]
    for test, lines in branches:
        tag(doc, test)
        _points(doc, lines)
    if branches:
        tag(doc, "else")
    _points(doc, otherwise)
    if branches:
        tag(doc, "endif")


def _points(doc: Any, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines, start=1):
        para(doc, f"{number}. {line}", indent=6, before=2, align=JUSTIFY)


ASK_UNIT: dict[str, Sequence[str]] = {
    "outage_info": (
        "Lịch ngừng, giảm cung cấp điện tại địa chỉ trên (ngày, giờ bắt đầu, giờ dự kiến cấp điện trở lại) và phạm vi ảnh hưởng.",
        "Nguyên nhân ngừng, giảm cung cấp điện; đơn vị thi công, xử lý.",
        "Việc thông báo đến khách hàng: hình thức, thời điểm.",
    ),
    "reconnection_cost": (
        "Trường hợp phải ngừng và cấp điện trở lại; cấp điện áp, khoảng cách, đối tượng áp dụng mức chi phí.",
        "Mức chi phí phải nộp, căn cứ áp dụng.",
        "Thời gian cấp điện trở lại sau khi khách hàng nộp đủ chi phí.",
    ),
    "incident_report": (
        "Tình trạng tại hiện trường; thiết bị, vị trí, mức độ nguy hiểm.",
        "Biện pháp đã thực hiện; thời gian khắc phục xong hoặc dự kiến.",
        "Nguyên nhân và biện pháp phòng ngừa.",
    ),
    "outage_complaint": (
        "Diễn biến từng lần ngừng, giảm cung cấp điện mà khách hàng nêu: thời điểm, thời lượng, nguyên nhân.",
        "Việc thực hiện quy định thông báo trước cho khách hàng; phần đúng, phần chưa đúng trong nội dung khiếu nại.",
        "Biện pháp khắc phục, thời hạn hoàn thành và biện pháp để không lặp lại.",
    ),
}  # fmt: skip

ASK_OTHER = (
    "Kết quả kiểm tra, xác minh nội dung khách hàng nêu.",
    "Biện pháp và thời gian giải quyết; căn cứ thực hiện.",
    "Nội dung đề nghị trả lời khách hàng.",
)


def request_unit() -> Any:
    """A request for information to a district power unit."""
    doc = form(["PHIẾU ĐỀ NGHỊ", "CUNG CẤP THÔNG TIN"], "Phiếu đề nghị Điện lực cung cấp thông tin")
    to_line(doc)
    body(doc, "{{ office.desk }} – {{ office.name }} đã tiếp nhận yêu cầu của khách hàng như sau:", first=0)
    gap(doc, 4)
    fields_table(doc, customer_rows() + receipt_rows())
    body(doc, "Đề nghị đơn vị khẩn trương tìm hiểu, xác minh và trả lời các nội dung:", first=0)
    wanted(doc, ASK_UNIT, ASK_OTHER)
    due_line(doc, "Kết quả xin gửi về {{ office.desk }}")
    asked_by(doc)
    answer_box(doc, "ĐẠI DIỆN ĐƠN VỊ", 3)
    return doc


def request_dispatch() -> Any:
    """A request for information to the dispatch room."""
    doc = form(["PHIẾU ĐỀ NGHỊ", "CUNG CẤP THÔNG TIN ĐIỀU ĐỘ"], "Phiếu đề nghị phòng Điều độ cung cấp thông tin")
    to_line(doc)
    body(doc, "{{ office.desk }} – {{ office.name }} đã tiếp nhận yêu cầu của khách hàng như sau:", first=0)
    gap(doc, 4)
    fields_table(doc, customer_rows() + receipt_rows())
    body(doc, "Đề nghị phòng Điều độ cho biết:", first=0)
    _points(
        doc,
        (
            "Đường dây, trạm biến áp cấp điện cho khách hàng; phần tử đang hoặc sẽ ngừng, giảm cung cấp điện.",
            "Thời điểm bắt đầu, thời điểm dự kiến cấp điện trở lại (ghi rõ nếu chưa xác định được).",
            "Nguyên nhân: theo kế hoạch, sự cố, thiếu nguồn, yêu cầu của cơ quan có thẩm quyền hoặc nguyên nhân khác.",
            "Đơn vị đang xử lý và tình hình xử lý.",
        ),
    )
    due_line(doc, "Kết quả xin gửi về {{ office.desk }}")
    asked_by(doc)
    answer_box(doc, "PHÒNG ĐIỀU ĐỘ", 3)
    return doc


def request_other() -> Any:
    """A request for information to another part of the company."""
    doc = form(["PHIẾU ĐỀ NGHỊ", "PHỐI HỢP GIẢI QUYẾT"], "Phiếu đề nghị phối hợp giải quyết yêu cầu của khách hàng")
    to_line(doc)
    body(doc, "{{ office.desk }} – {{ office.name }} đã tiếp nhận yêu cầu của khách hàng như sau:", first=0)
    gap(doc, 4)
    fields_table(doc, customer_rows() + receipt_rows())
    tag(doc, "if found.text")
    body(
        doc,
        "Kết quả tra cứu ban đầu{{ found.source|prefixed(' – nguồn: ') }}{{ found.as_of|prefixed(', số liệu lúc ') }}: {{ found.text }}",
        first=0,
    )
    tag(doc, "endif")
    body(doc, "Nội dung trên thuộc phạm vi phụ trách của đơn vị. Đề nghị xem xét và cho biết:", first=0)
    _points(doc, ASK_OTHER)
    due_line(doc, "Kết quả xin gửi về {{ office.desk }}")
    asked_by(doc)
    answer_box(doc, "ĐẠI DIỆN ĐƠN VỊ", 3)
    return doc


def urgent_mark(doc: Any, lines: Sequence[str]) -> None:
    """Add the red box that marks what cannot wait."""
    made = table(doc, (150,), borders=False)
    cell = made.cell(0, 0)
    box(cell)
    fill(
        cell,
        [(line, {"size": 14, "bold": True, "align": CENTER, "color": RED, "before": 3, "after": 3}) for line in lines],
    )


def request_time_change() -> Any:
    """The urgent request to dispatch: may the outage be moved?"""
    doc = form(
        ["PHIẾU ĐỀ NGHỊ THAY ĐỔI", "THỜI GIAN NGỪNG, GIẢM", "CUNG CẤP ĐIỆN"],
        "Phiếu đề nghị thay đổi thời gian ngừng điện",
    )
    urgent_mark(doc, ["TRẢ LỜI NGAY{{ due.unit|prefixed(' – CHẬM NHẤT ')|upper }}"])
    to_line(doc)
    body(
        doc,
        "{% if due.before_outage %}Theo quy trình, khách hàng phải được báo kết quả chậm nhất **{{ due.before_outage }}** "
        "(24 giờ trước khi ngừng điện). {% endif %}Đề nghị xem xét và trả lời ngay cho {{ office.desk }}"
        "{% if office.phone %}, điện thoại {{ office.phone }}{% endif %}.",
        first=0,
    )
    gap(doc, 4)
    rows = [
        *customer_rows(),
        ("Tiếp nhận", "{{ ticket.received }}; {{ ticket.channel|lowerfirst }}", ""),
        ("Thời gian ngừng điện đã thông báo", "Bắt đầu: **{{ ticket.outage_start|dots }}**", ""),
        ("Thời gian khách hàng đề nghị", "**{{ ticket.wanted_window|dots }}**", ""),
        ("Lý do, nội dung đề nghị", content(), ""),
        besides_row(),
    ]
    fields_table(doc, rows)
    asked_by(doc)
    answer_box(
        doc,
        "PHÒNG ĐIỀU ĐỘ",
        1,
        (
            "☐ Đồng ý. Thời gian ngừng điện mới: từ ......h...... đến ......h...... ngày ....../....../20......",
            "☐ Không đồng ý. Lý do:",
            "Đường dây, trạm biến áp:",
            "Khách hàng khác cùng bị ảnh hưởng:   ☐ không có      ☐ có, chưa được báo lịch mới",
            "☐ có, đã được báo lịch mới trước ít nhất 05 ngày",
        ),
    )
    return doc


def incident_duty() -> Any:
    """The urgent sheet for the duty desk: an incident or a danger."""
    doc = form(["PHIẾU BÁO SỰ CỐ,", "NGUY CƠ ĐE DỌA SỰ CỐ"], "Phiếu báo sự cố cho bộ phận trực vận hành")
    urgent_mark(
        doc,
        [
            "SỰ CỐ ĐIỆN – XỬ LÝ NGAY",
            "{% if ticket.danger %}{{ ticket.danger|upper }}{% else %}GỌI ĐIỆN TRƯỚC, PHIẾU NÀY ĐỂ GHI NHẬN{% endif %}",
        ],
    )
    para(doc, "Kính gửi: **Bộ phận trực vận hành – {{ to|join|dots(40) }}**", size=14, align=CENTER, before=6)
    para(doc, "Điện thoại trực: **{{ unit.duty_phone|dots(30) }}**", size=14, align=CENTER, before=2, after=4)
    rows = [
        ("Nơi xảy ra", "**{{ customer.address|dots }}**", ""),
        ("Người báo", "**{{ customer.name|dots(30) }}** – điện thoại: **{{ customer.phone|dots(24) }}**", ""),
        ("Mã khách hàng", "{{ customer.code|dots }}", ""),
        ("Báo lúc", "{{ ticket.received }}; {{ ticket.channel|lowerfirst }}", ""),
        ("Hiện tượng", content(), ""),
        besides_row(),
    ]
    fields_table(doc, rows)
    body(doc, "Đề nghị đơn vị:", first=0, bold=True)
    _points(
        doc,
        (
            "Cử người đến hiện trường ngay; cô lập, cảnh báo và giữ khoảng cách an toàn cho người dân.",
            "Liên hệ người báo để xác định đúng vị trí.",
            "Báo lại {{ office.desk }}{% if office.phone %} (điện thoại {{ office.phone }}){% endif %}: giờ đến hiện trường, tình trạng, thời gian dự kiến cấp điện trở lại.",
        ),
    )
    tag(doc, "if due.unit")
    body(
        doc,
        "Thông tin đầu tiên xin báo trước **{{ due.unit }}**; trả lời thư này và giữ nguyên mã **[{{ ticket.number }}]** ở tiêu đề.",
        first=0,
    )
    tag(doc, "else")
    body(doc, "Trả lời thư này và giữ nguyên mã **[{{ ticket.number }}]** ở tiêu đề.", first=0)
    tag(doc, "endif")
    gap(doc, 6)
    made = table(doc, (170,), borders=True)
    cell = made.cell(0, 0)
    para(cell, "GHI NHẬN CUỘC GỌI CHO TRỰC VẬN HÀNH", bold=True, size=12, align=CENTER, before=2, after=2)
    dotted(cell, "Gọi lúc ......h...... ngày ....../....../20......     Người gọi: ", size=12, before=3)
    dotted(cell, "Người nhận: \t   Số máy: \t", stops=(95,), size=12, before=4)
    para(
        cell,
        "Giờ đến hiện trường: ......h......      Giờ cấp điện trở lại: ......h...... ngày ....../....../20......",
        size=12,
        before=4,
    )
    dotted(cell, "Kết quả: ", size=12, before=4)
    dotted(cell, size=12, before=4, after=4)
    cell._tc.remove(cell.paragraphs[0]._p)
    whole(made)
    return doc


def reminder() -> Any:
    """A reminder to a unit that still owes its answer."""
    doc = form(["PHIẾU NHẮC", "TRẢ LỜI YÊU CẦU", "CỦA KHÁCH HÀNG"], "Phiếu nhắc đơn vị trả lời")
    to_line(doc)
    tag(doc, "if due.late")
    made = table(doc, (150,), borders=False)
    box(made.cell(0, 0))
    fill(
        made.cell(0, 0),
        [("{{ due.late }}", {"size": 13, "bold": True, "align": CENTER, "color": RED, "before": 3, "after": 3})],
    )
    tag(doc, "endif")
    body(
        doc,
        "{% if unit.asked %}Lúc {{ unit.asked }}, {% endif %}{{ office.desk }} đã gửi đơn vị phiếu đề nghị về yêu cầu của khách hàng dưới đây"
        "{% if due.unit %}, hạn trả lời {{ due.unit }}{% endif %}. Đến {{ today.time }}, chúng tôi chưa nhận được trả lời đầy đủ"
        "{% if reminder.count %} (nhắc lần {{ reminder.count }}){% endif %}.",
        first=0,
    )
    gap(doc, 4)
    fields_table(doc, customer_rows() + receipt_rows()[:2] + [("Nội dung yêu cầu", content(), "")])
    body(
        doc,
        "{% if due.customer %}Khách hàng đã được hẹn trả lời chậm nhất **{{ due.customer }}**. {% endif %}"
        "Đề nghị đơn vị trả lời ngay; nếu chưa có kết quả cuối cùng, xin cho biết tình hình và thời điểm có kết quả "
        "để chúng tôi báo lại khách hàng.",
        first=0,
    )
    asked_by(doc)
    answer_box(doc, "ĐẠI DIỆN ĐƠN VỊ", 3)
    return doc


def _slip_half(doc: Any, copy: str) -> None:
    """Add one half: what was promised, and who gives it. By mail nobody signs, and there is no other half."""
    iso_block(doc, ["PHIẾU HẸN", "TRẢ LỜI KHÁCH HÀNG"], width=180, pages=True)
    para(
        doc,
        "Mã tiếp nhận: **{{ ticket.number }}**{% if not doc.mailed %}          __" + copy + "__{% endif %}",
        size=13,
        align=CENTER,
        before=8,
        after=6,
    )
    fields_table(
        doc,
        [
            ("Khách hàng", "**{{ customer.name|dots(50) }}**{{ customer.code|prefixed(' – mã KH: ') }}", ""),
            ("Địa chỉ", "{{ customer.address|dots(70) }}{{ customer.phone|prefixed(' – ĐT: ') }}", ""),
            ("Nội dung", "{{ ticket.title }}", ""),
            ("Tiếp nhận", "{{ ticket.received }}; {{ ticket.channel|lowerfirst }}", ""),
            ("Hẹn trả lời", "**Chậm nhất {{ due.customer|dots(40) }}**", ""),
            ("Hình thức trả lời", "{{ ticket.reply_form|dots(40) }}", ""),
        ],
        (38, 142),
        space=3,
    )
    gap(doc, 6)
    signs = table(doc, (62, 82, 36), borders=False)
    small = {"size": 12, "align": CENTER}
    fill(
        signs.cell(0, 0),
        [
            ("{%p if not doc.mailed %}", small),
            ("KHÁCH HÀNG", {**small, "bold": True}),
            ("(Ký, ghi rõ họ tên)", {**small, "size": 11, "italic": True}),
            ("{%p endif %}", small),
            ("", small),
        ],
    )
    fill(
        signs.cell(0, 1),
        [
            ("{{ today.place_date }}", {**small, "italic": True}),
            ("{%p if doc.mailed %}", small),
            ("{{ office.desk|upper }}", {**small, "bold": True}),
            ("(Phiếu gửi qua thư điện tử)", {**small, "size": 11, "italic": True, "after": 16}),
            ("{%p else %}", small),
            ("GIAO DỊCH VIÊN", {**small, "bold": True}),
            ("(Ký, ghi rõ họ tên)", {**small, "size": 11, "italic": True, "after": 38}),
            ("{{ agent }}", {**small, "bold": True}),
            ("{%p endif %}", small),
        ],
    )
    picture(signs.cell(0, 2), size=22)
    para(
        doc,
        "Khi cần hỏi, xin nêu mã tiếp nhận{{ office.phone|prefixed('; điện thoại ') }}{{ office.hotline|prefixed('; tổng đài ') }}.",
        size=11,
        italic=True,
        align=CENTER,
        before=8,
    )


def appointment_slip() -> Any:
    """The appointment slip, twice on a page: one half for the customer, one for the desk; by mail the first alone.

    Each half is a row of at least half a page, so that long names and addresses do not push the other one away.
    """
    doc = new_document("Phiếu hẹn trả lời khách hàng", top=6, bottom=6, left=15, right=15)
    doc.sections[0].header_distance = doc.sections[0].footer_distance = Mm(3)
    halves = table(doc, (180,), borders=False, rows=4)
    no_margins(halves)
    first, test, second, end = halves.rows
    for row, copy in zip((first, second), ("Liên 1: giao khách hàng", "Liên 2: lưu tại phòng giao dịch"), strict=True):
        row_height(row, 141)
        cell = row.cells[0]
        para(cell, "", size=8)
        _slip_half(cell, copy)
        cell._tc.remove(cell.paragraphs[0]._p)
    cut_line(second.cells[0])
    for row, text in ((test, "if not doc.mailed"), (end, "endif")):
        row.cells[0].paragraphs[0].add_run("{%tr " + text + " %}")
    whole(halves)
    shrink(para(doc, ""))
    return doc


def call_sheet() -> Any:
    """What the agent reads out on the phone, and the record of the call."""
    doc = form(["PHIẾU TRẢ LỜI", "KHÁCH HÀNG QUA ĐIỆN THOẠI"], "Phiếu gọi điện trả lời khách hàng")
    para(doc, "Số máy cần gọi: **{{ customer.phone|dots(30) }}**", size=16, align=CENTER, before=4, after=6)
    fields_table(
        doc,
        [
            ("Khách hàng", "**{{ customer.name|dots }}**{{ customer.code|prefixed(' – mã KH: ') }}", ""),
            ("Địa chỉ", "{{ customer.address|dots }}", ""),
            ("Tiếp nhận", "{{ ticket.received }}; {{ ticket.channel|lowerfirst }}", ""),
            ("Loại yêu cầu", "{{ ticket.title }}", ""),
            ("Nội dung yêu cầu", content(), ""),
            ("Phải trả lời trước", "**{{ due.customer }}**", "due.customer"),
        ],
    )
    para(doc, "Nội dung trả lời", bold=True, before=8, after=2)
    body(
        doc,
        "“Xin chào {{ customer.called }}{{ customer.name|prefixed(' ') }}. Tôi gọi từ {{ office.desk }}, {{ office.name }}, về yêu cầu {{ customer.called }} gửi ngày {{ ticket.received_date }}.”",
        first=0,
        italic=True,
    )
    tag(doc, "for line in answer.paragraphs")
    body(doc, "{{ line }}", first=0)
    tag(doc, "endfor")
    body(
        doc,
        "“{{ customer.called }} có cần hỏi thêm điều gì không? Mã tiếp nhận của yêu cầu này là {{ ticket.number }}. Xin cảm ơn {{ customer.called }}.”",
        first=0,
        italic=True,
    )
    para(doc, "Ghi nhận cuộc gọi", bold=True, before=10, after=2)
    made = table(doc, (16, 52, 62, 40), borders=True, rows=4)
    for cell, text in zip(
        made.rows[0].cells, ("Lần", "Giờ, ngày gọi", "Kết quả (gặp, không nghe máy, sai số…)", "Người gọi"), strict=True
    ):
        fill(cell, [(text, {"size": 11, "bold": True, "align": CENTER})])
        middle(cell)
    for number in range(1, 4):
        fill(made.cell(number, 0), [(str(number), {"size": 12, "align": CENTER})])
        row_height(made.rows[number], 8)
    whole(made)
    dotted(doc, "Ý kiến của khách hàng: ", width=169, before=8)
    dotted(doc, width=169, before=4)
    gap(doc, 6)
    signature(doc, "NGƯỜI TRẢ LỜI")
    return doc
