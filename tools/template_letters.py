"""Official letters and the report on a single case: layout of Decree 30/2020/NĐ-CP, Appendix I."""

from collections.abc import Callable, Sequence
from typing import Any

from tools.template_parts import (
    CENTER,
    JUSTIFY,
    RIGHT,
    body,
    clear,
    dotted,
    field,
    fields_table,
    fill,
    gap,
    middle,
    new_document,
    no_margins,
    para,
    qr_footer,
    rule,
    shade,
    table,
    tag,
    whole,
)

WIDTH = 165
ADDRESS = (
    "{{ office.name }}{{ office.address|prefixed(' – địa chỉ: ') }}{{ office.phone|prefixed('; điện thoại: ') }}"
    "{{ office.email|prefixed('; thư điện tử: ') }}"
)
CASE = "Mã tiếp nhận: {{ ticket.number }}. Xin nêu mã này khi liên hệ."


def official(name: str, case: str = CASE) -> Any:
    """Return a document with Decree 30's page, page number above from page 2 on, address and QR below."""
    doc = new_document(name, top=20, bottom=20, left=30, right=15)
    section = doc.sections[0]
    section.different_first_page_header_footer = True
    para(clear(section.first_page_header), "", size=13)
    page = para(clear(section.header), "", size=13, align=CENTER)
    field(page, "PAGE", 13)
    qr_footer(
        section.first_page_footer,
        [(ADDRESS, {"size": 11, "before": 2}), (case, {"size": 11})],
        width=WIDTH,
        line_above=True,
    )
    qr_footer(section.footer, [(case, {"size": 11})], width=WIDTH)
    return doc


def national_head(doc: Any, about: str | None) -> None:
    """Add cells 1 to 5b: issuer and number on the left, national name, place and date on the right."""
    made = table(doc, (72, 93), borders=False, rows=2)
    no_margins(made)
    left, right = made.rows[0].cells
    fill(
        left,
        [
            ("{%p for line in issuer.parent %}", {"size": 12}),
            ("{{ line }}", {"size": 12, "align": CENTER}),
            ("{%p endfor %}", {"size": 12}),
            ("{%p for line in issuer.name %}", {"size": 12}),
            ("{{ line }}", {"size": 12, "bold": True, "align": CENTER}),
            ("{%p endfor %}", {"size": 12}),
        ],
    )
    rule(left, 24, 24)
    fill(
        right,
        [
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {"size": 12, "bold": True, "align": CENTER}),
            ("Độc lập - Tự do - Hạnh phúc", {"size": 13, "bold": True, "align": CENTER}),
        ],
    )
    rule(right, 18.5, 18.5)
    left, right = made.rows[1].cells
    lines: list[Any] = [
        ("{%p if doc.number %}", {"size": 13}),
        ("Số: {{ doc.number }}", {"size": 13, "align": CENTER, "before": 6}),
        ("{%p endif %}", {"size": 13}),
    ]
    if about:
        lines.append((about, {"size": 12, "align": CENTER, "before": 6}))
    fill(left, lines)
    fill(right, [("{{ today.place_date }}", {"size": 13, "italic": True, "align": CENTER, "before": 6})])


def to_lines(doc: Any) -> None:
    """Add "Kính gửi": one addressee on the line, several below it with dashes."""
    tag(doc, "if to|length < 2")
    para(doc, "Kính gửi: {{ to|join|dots(60) }}", size=14, align=CENTER, before=14, after=8)
    tag(doc, "else")
    para(doc, "Kính gửi:", size=14, indent=30, before=14)
    tag(doc, "for line in to")
    para(doc, "- {{ line }}{% if loop.last %}.{% else %};{% endif %}", size=14, indent=49)
    tag(doc, "endfor")
    para(doc, "", size=6)
    tag(doc, "endif")


def text(doc: Any, line: str, **more: Any) -> Any:
    """Add a paragraph of the letter's body in 14 pt."""
    return body(doc, line, **{"size": 14, **more})


def each(doc: Any, names: str, line: str = "{{ line }}") -> None:
    """Add a paragraph for each of a list."""
    tag(doc, f"for line in {names}")
    text(doc, line)
    tag(doc, "endfor")


def signature(doc: Any) -> None:
    """Add "Nơi nhận" on the left and authority, position and name on the right."""
    gap(doc, 8)
    made = table(doc, (80, 85), borders=False)
    fill(
        made.cell(0, 0),
        [
            ("Nơi nhận:", {"size": 12, "bold": True, "italic": True}),
            ("{%p for line in copies %}", {"size": 11}),
            ("{{ line }}", {"size": 11}),
            ("{%p endfor %}", {"size": 11}),
        ],
    )
    fill(
        made.cell(0, 1),
        [
            ("{%p for line in signer.lines %}", {"size": 14}),
            ("{{ line }}", {"size": 14, "bold": True, "align": CENTER, "keep": True}),
            ("{%p endfor %}", {"size": 14}),
            ("", {"size": 14, "keep": True, "after": 52}),
            ("{{ signer.name }}", {"size": 14, "bold": True, "align": CENTER}),
        ],
    )
    whole(made)


RECEIVED = (
    "Ngày {{ ticket.received_date }}, {{ office.name }} nhận được yêu cầu của {{ customer.called }}"
    "{% if customer.code or customer.address %} ({{ customer.code|prefixed('mã khách hàng ') }}"
    "{% if customer.code and customer.address %}; {% endif %}{{ customer.address|prefixed('địa chỉ: ') }}){% endif %}"
)
CONTACT = (
    "Nếu cần thêm thông tin, {{ customer.called }} vui lòng liên hệ {{ office.desk }}"
    "{{ office.phone|prefixed(', điện thoại ') }}{{ office.hotline|prefixed(', tổng đài ') }}"
    " và nêu mã tiếp nhận {{ ticket.number }}."
)


def answer(name: str, about: str, middle_part: Callable[[Any], None], *, opening: str, closing: str) -> Any:
    """Return an answer to a customer: head, opening, the given middle, contact and thanks, signature."""
    doc = official(name)
    national_head(doc, about)
    to_lines(doc)
    text(doc, opening)
    middle_part(doc)
    text(doc, CONTACT)
    text(doc, closing + "./.", keep=True)
    signature(doc)
    return doc


def answer_outage_info() -> Any:
    """Answer on the outage plan, time of restoration, cause."""

    def middle_part(doc: Any) -> None:
        each(doc, "answer.paragraphs")
        tag(doc, "if not answer.restored")
        text(
            doc,
            "Thời gian nêu trên có thể thay đổi do thời tiết hoặc yêu cầu bảo đảm an toàn khi thi công; nếu thay đổi, "
            "{{ office.name }} sẽ thông báo lại. Trong thời gian ngừng điện, để bảo đảm an toàn, đề nghị {{ customer.called }} coi như "
            "lưới điện luôn có điện.",
        )
        tag(doc, "endif")

    return answer(
        "Trả lời thông tin ngừng, giảm cung cấp điện",
        "V/v trả lời thông tin ngừng, giảm cung cấp điện",
        middle_part,
        opening=RECEIVED
        + " về tình hình ngừng, giảm cung cấp điện. Sau khi kiểm tra, {{ office.name }} xin trả lời như sau:",
        closing="Rất mong {{ customer.called }} thông cảm về những bất tiện do việc ngừng, giảm cung cấp điện gây ra. Trân trọng",
    )


def answer_cost() -> Any:
    """Answer on the cost of disconnection and reconnection, with its table."""

    def middle_part(doc: Any) -> None:
        each(doc, "answer.paragraphs")
        tag(doc, "if costs")
        text(
            doc,
            "Mức chi phí ngừng và cấp điện trở lại (đồng/lần, chưa bao gồm thuế giá trị gia tăng):",
            keep=True,
            after=4,
        )
        cost_table(doc)
        tag(doc, "endif")
        tag(doc, "if cost_basis")
        text(doc, "Căn cứ áp dụng: {{ cost_basis }}.", before=8)
        tag(doc, "endif")
        text(
            doc,
            "Sau khi {{ customer.called }} nộp đủ chi phí và hết lý do ngừng cấp điện, {{ office.name }} sẽ cấp điện trở lại theo quy định.",
        )

    return answer(
        "Trả lời về chi phí ngừng và cấp điện trở lại",
        "V/v trả lời về chi phí ngừng và cấp điện trở lại",
        middle_part,
        opening=RECEIVED + " về chi phí ngừng và cấp điện trở lại. {{ office.name }} xin trả lời như sau:",
        closing="Trân trọng cảm ơn {{ customer.called }}",
    )


def cost_table(doc: Any) -> None:
    """Add the table of costs: one row for each line given."""
    widths = (14, 42, 40, 34, 35)
    made = table(doc, widths, borders=True, rows=4)
    heads = ("STT", "Đối tượng", "Cấp điện áp", "Khoảng cách", "Mức chi phí (đồng/lần)")
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        fill(cell, [(head, {"size": 12, "bold": True, "align": CENTER, "before": 2, "after": 2})])
        shade(cell)
        middle(cell)
    made.cell(1, 0).paragraphs[0].add_run("{%tr for line in costs %}")
    cells = (
        "{{ loop.index }}",
        "{{ line.customer }}",
        "{{ line.voltage }}",
        "{{ line.distance }}",
        "{{ line.amount }}",
    )
    places = (CENTER, None, CENTER, CENTER, RIGHT)
    for cell, value, place in zip(made.rows[2].cells, cells, places, strict=True):
        fill(cell, [(value, {"size": 12, "before": 2, "after": 2, **({"align": place} if place is not None else {})})])
    made.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")


def answer_incident() -> Any:
    """Answer to a notice of an incident or danger."""

    def middle_part(doc: Any) -> None:
        each(doc, "answer.paragraphs")
        text(
            doc,
            "Để bảo đảm an toàn, đề nghị {{ customer.called }} không đến gần dây điện đứt, võng, thiết bị điện hư hỏng và gọi ngay"
            "{{ office.hotline|prefixed(' tổng đài ') }}{% if office.hotline and office.phone %} hoặc{% endif %}"
            "{{ office.phone|prefixed(' số ') }} khi phát hiện hiện tượng bất thường.",
        )

    return answer(
        "Trả lời về sự cố, nguy cơ đe dọa sự cố",
        "V/v trả lời thông tin về sự cố, nguy cơ đe dọa sự cố lưới điện",
        middle_part,
        opening=RECEIVED
        + " thông báo về sự cố, nguy cơ đe dọa sự cố lưới điện. {{ office.name }} xin trả lời như sau:",
        closing="{{ office.name }} trân trọng cảm ơn {{ customer.called }} đã kịp thời thông báo, góp phần bảo đảm an toàn cho cộng đồng",
    )


def answer_complaint() -> Any:
    """Answer to a complaint: apology, findings, measures."""

    def middle_part(doc: Any) -> None:
        text(
            doc,
            "Trước hết, {{ office.name }} chân thành xin lỗi {{ customer.called }} vì những bất tiện trong sinh hoạt và sản xuất do việc "
            "ngừng, giảm mức cung cấp điện gây ra.",
        )
        text(doc, "Về nội dung {{ customer.called }} phản ánh, kết quả kiểm tra như sau:")
        each(doc, "answer.paragraphs")
        tag(doc, "if answer.measures")
        text(doc, "{{ office.name }} đã và sẽ thực hiện các biện pháp sau:", keep=True)
        each(doc, "answer.measures", "- {{ line }}")
        tag(doc, "endif")
        text(
            doc,
            "Nếu chưa đồng ý với nội dung trả lời, {{ customer.called }} có thể gửi ý kiến để {{ office.name }} tiếp tục xem xét, hoặc đề nghị "
            "cơ quan quản lý nhà nước có thẩm quyền giải quyết theo quy định của pháp luật.",
        )

    return answer(
        "Trả lời khiếu nại về ngừng, giảm mức cung cấp điện",
        "V/v trả lời khiếu nại về ngừng, giảm mức cung cấp điện",
        middle_part,
        opening=RECEIVED + " khiếu nại về việc ngừng, giảm mức cung cấp điện.",
        closing="Rất mong nhận được sự thông cảm và tiếp tục góp ý của {{ customer.called }}. Trân trọng",
    )


def answer_time_change() -> Any:
    """Answer to a request to move an outage: agreed or refused."""

    def middle_part(doc: Any) -> None:
        tag(doc, "if answer.agreed == 'có'")
        text(
            doc,
            "{{ office.name }} **đồng ý** {% if answer.new_window %}chuyển lịch ngừng, giảm cung cấp điện"
            "{{ ticket.outage_start|prefixed(' từ ') }} sang thời gian mới: **{{ answer.new_window }}**"
            "{% else %}thay đổi thời gian ngừng, giảm cung cấp điện đã thông báo{{ ticket.outage_start|prefixed(' (bắt đầu ') }}"
            "{% if ticket.outage_start %}){% endif %}{% endif %}.",
        )
        tag(doc, "elif answer.agreed == 'không'")
        text(
            doc,
            "{{ office.name }} rất tiếc **chưa thể thay đổi** thời gian ngừng, giảm cung cấp điện đã thông báo"
            "{{ ticket.outage_start|prefixed(' (bắt đầu ') }}{% if ticket.outage_start %}){% endif %}"
            "{{ answer.reason|prefixed('. Lý do: ') }}.",
        )
        tag(doc, "endif")
        each(doc, "answer.paragraphs")
        tag(doc, "if answer.agreed != 'có'")
        text(
            doc,
            "Rất mong {{ customer.called }} thông cảm, chủ động bố trí sinh hoạt, sản xuất và bảo đảm an toàn cho thiết bị trong thời gian "
            "ngừng, giảm cung cấp điện.",
        )
        tag(doc, "endif")

    return answer(
        "Trả lời đề nghị thay đổi thời gian ngừng điện",
        "V/v trả lời đề nghị thay đổi thời gian ngừng, giảm cung cấp điện",
        middle_part,
        opening=RECEIVED
        + " đề nghị thay đổi thời gian ngừng, giảm cung cấp điện{{ ticket.wanted_window|prefixed(' (thời gian đề nghị: ') }}{% if ticket.wanted_window %}){% endif %}. "
        "Sau khi xem xét, {{ office.name }} xin trả lời như sau:",
        closing="Trân trọng cảm ơn sự phối hợp của {{ customer.called }}",
    )


def answer_other() -> Any:
    """Answer to any other request about the supply of electricity."""
    return answer(
        "Trả lời yêu cầu về dịch vụ cung ứng điện",
        "V/v trả lời yêu cầu về dịch vụ cung\u00a0ứng\u00a0điện",
        lambda doc: each(doc, "answer.paragraphs"),
        opening=RECEIVED + " về dịch vụ cung ứng điện. Sau khi xem xét, {{ office.name }} xin trả lời như sau:",
        closing="Trân trọng cảm ơn {{ customer.called }} đã quan tâm, sử dụng dịch vụ của {{ office.name }}",
    )


def interim_answer() -> Any:
    """What the customer hears when the answer needs longer than was promised."""

    def middle_part(doc: Any) -> None:
        text(
            doc,
            "{{ office.name }} đang phối hợp với các đơn vị liên quan để kiểm tra, xác minh nhưng chưa có đầy đủ kết quả để trả lời"
            "{{ answer.reason|prefixed('. Lý do: ') }}. {{ office.name }} chân thành xin lỗi {{ customer.called }} về sự chậm trễ này.",
        )
        each(doc, "answer.paragraphs")
        tag(doc, "if due.customer")
        text(doc, "{{ office.name }} sẽ trả lời {{ customer.called }} chậm nhất **{{ due.customer }}**.")
        tag(doc, "else")
        text(doc, "{{ office.name }} sẽ trả lời {{ customer.called }} ngay khi có kết quả.")
        tag(doc, "endif")

    return answer(
        "Thông báo về việc giải quyết yêu cầu của khách hàng",
        "V/v thông báo tình hình giải quyết yêu cầu của khách hàng",
        middle_part,
        opening=RECEIVED
        + " về {% if ticket.category == 'other' %}dịch vụ cung ứng điện{% else %}việc {{ ticket.title|lowerfirst }}{% endif %}.",
        closing="Trân trọng cảm ơn và rất mong {{ customer.called }} thông cảm",
    )


def report_title(doc: Any, lines: Sequence[str]) -> None:
    """Add cell 5a: the type's name and the subject under it, with its line."""
    para(doc, "BÁO CÁO", size=14, bold=True, align=CENTER, before=14)
    for line in lines:
        para(doc, line, size=14, bold=True, align=CENTER)
    rule(doc, 62, 62)


def leader_case() -> Any:
    """Report to the leadership on a single case."""
    doc = official("Báo cáo lãnh đạo về một yêu cầu của khách hàng", "Mã tiếp nhận: {{ ticket.number }}.")
    national_head(doc, None)
    report_title(doc, ["Về việc giải quyết yêu cầu của khách hàng", "(mã tiếp nhận {{ ticket.number }})"])
    to_lines(doc)
    text(doc, "{{ office.desk }} báo cáo và xin ý kiến chỉ đạo về yêu cầu của khách hàng như sau:")
    text(doc, "**1. Yêu cầu của khách hàng**", keep=True)
    small = {"size": 13, "before": 2, "after": 2, "align": JUSTIFY}
    fields_table(
        doc,
        [
            ("Khách hàng", "**{{ customer.name|dots }}**{{ customer.code|prefixed(' – mã KH: ') }}", ""),
            ("Địa chỉ, điện thoại", "{{ customer.address|dots }}{{ customer.phone|prefixed(' – ĐT: ') }}", ""),
            ("Loại yêu cầu", "{{ ticket.title }}", ""),
            ("Tiếp nhận", "{{ ticket.received }}; {{ ticket.channel|lowerfirst }}", ""),
            ("Hẹn trả lời", "{{ due.customer }}", "due.customer"),
            ("Ngừng điện bắt đầu", "{{ ticket.outage_start }}", "ticket.outage_start"),
            (
                "Nội dung",
                [("{%p for line in ticket.paragraphs %}", small), ("{{ line }}", small), ("{%p endfor %}", small)],
                "",
            ),
        ],
        (43, 122),
    )
    text(doc, "**2. Quá trình xử lý**", keep=True, before=10)
    tag(doc, "if found.text")
    text(
        doc,
        "Kết quả tra cứu{{ found.source|prefixed(' (nguồn: ') }}{% if found.source %}){% endif %}: {{ found.text }}",
    )
    tag(doc, "endif")
    tag(doc, "if units")
    text(doc, "Các đơn vị đã được hỏi:", keep=True, after=4)
    _units_table(doc)
    tag(doc, "else")
    text(doc, "Chưa có đơn vị nào được hỏi.")
    tag(doc, "endif")
    text(doc, "**3. Đề nghị**", keep=True, before=10)
    tag(doc, "for line in answer.paragraphs")
    text(doc, "{{ line }}")
    tag(doc, "endfor")
    text(doc, "Kính đề nghị {{ office.leader }} xem xét, cho ý kiến chỉ đạo./.", keep=True)
    signature(doc)
    para(doc, "", size=10)
    made = table(doc, (WIDTH,), borders=True)
    cell = made.cell(0, 0)
    para(cell, "Ý KIẾN CHỈ ĐẠO", size=13, bold=True, align=CENTER, before=3)
    dotted(cell, "☐ Đồng ý      ☐ Không đồng ý      ☐ Ý kiến khác: ", size=13, before=4, width=157)
    dotted(cell, size=13, before=6, width=157)
    dotted(cell, size=13, before=6, after=6, width=157)
    cell._tc.remove(cell.paragraphs[0]._p)
    whole(made)
    return doc


def _units_table(doc: Any) -> None:
    widths = (42, 30, 30, 63)
    made = table(doc, widths, borders=True, rows=4)
    for cell, head in zip(made.rows[0].cells, ("Đơn vị", "Gửi lúc", "Hạn", "Tình trạng, trả lời"), strict=True):
        fill(cell, [(head, {"size": 12, "bold": True, "align": CENTER, "before": 2, "after": 2})])
        shade(cell)
    made.cell(1, 0).paragraphs[0].add_run("{%tr for row in units %}")
    values = ("{{ row.name }}", "{{ row.asked }}", "{{ row.due }}", "{{ row.state }}{{ row.answer|prefixed(': ') }}")
    for cell, value in zip(made.rows[2].cells, values, strict=True):
        fill(cell, [(value, {"size": 12, "before": 2, "after": 2})])
    made.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")
