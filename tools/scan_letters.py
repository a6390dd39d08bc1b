"""Free letters of invented people: several ways to write one, bold heads, justified lines, two pages where it is long.

Used by make_scan_set.py only. A line is (where, words): ``centre``, ``right``, ``first`` (indented), ``plain``, ``left``;
a leading ``*`` means bold, a leading ``/`` italic.
"""

from random import Random
from typing import Any

import numpy as np
from scan_hand import MM, Grey, Hand, wrapped, write

Lines = tuple[tuple[str, str], ...]
_TO = "Kính gửi: Phòng Giao dịch khách hàng - Công ty Điện lực Bắc Kạn"


def letter_pages(hand: Hand, person: dict[str, Any], luck: Random, long: bool = False) -> list[Grey]:
    """Return the pages of a letter at 300 dpi; ``person`` loses what the letter does not say."""
    shape = luck.choice((_plain, _told, _told, _short, _story))
    lines = shape(person, luck)
    if long:
        middle = next(n for n, line in enumerate(lines) if person["content"] in line[1]) + 1
        lines = (*lines[:middle], *_more(luck), *lines[middle:])
    return _set(lines, hand, luck)


def _set(lines: Lines, hand: Hand, luck: Random) -> list[Grey]:
    """Return the lines set on pages of A4."""
    page, pages = _sheet(), []
    top, left = luck.uniform(18, 28) * MM, luck.uniform(22, 30) * MM
    right = (210 - luck.uniform(16, 24)) * MM
    justified, spread, y = luck.random() < 0.5, luck.uniform(1.15, 1.5), top
    for where, words in lines:
        cut = _cut(hand, words)
        face, text = cut.face(), words.lstrip("*/")
        indent = 10 * MM if where == "first" else 0.0
        rows = wrapped(text, face, right - left - indent)
        for n, row in enumerate(rows):
            if y > 272 * MM:
                pages.append(page)
                page, y = _sheet(), top
            start = left + (indent if n == 0 else 0.0)
            length = face.getlength(row)
            x = {"centre": (left + right - length) / 2, "right": right - length}.get(where, start)
            stretch = justified and n < len(rows) - 1 and where in ("first", "plain") and not hand.wild
            if stretch:
                _justified(page, x, y, row, right, cut, luck)
            else:
                write(page, (x, y), row, face, cut, luck)
            y += face.size * spread
        y += luck.uniform(0.4, 1.6) * MM
    return [*pages, page]


def _sheet() -> Grey:
    return np.full((3508, 2480), 255, np.uint8)


def _cut(hand: Hand, words: str) -> Hand:
    """Return the bold or italic cut of a typed font where its file lies beside the regular one."""
    cut = {"*": "Bold", "/": "Italic"}.get(words[:1])
    return hand.of(hand.font.replace("-Regular", f"-{cut}")) if cut and hand.fill == "typed" else hand


def _justified(page: Grey, x: float, y: float, row: str, right: float, hand: Hand, luck: Random) -> None:
    face, words = hand.face(), row.split()
    gap = (right - x - sum(face.getlength(word) for word in words)) / max(1, len(words) - 1)
    for word in words:
        write(page, (x, y), word, face, hand, luck)
        x += face.getlength(word) + gap


def _top(luck: Random, titles: tuple[str, ...]) -> Lines:
    return (
        ("centre", "*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("centre", "*Độc lập - Tự do - Hạnh phúc"),
        ("centre", luck.choice(("---------------", "-----o0o-----", "_______________"))),
        ("centre", f"*{luck.choice(titles)}"),
    )


def _end(person: dict[str, Any], luck: Random, date_first: bool = True) -> Lines:
    day, month, year = person["date"].split("/")
    place = luck.choice(("Bắc Kạn", "Bắc Kạn", "Chợ Mới", "Na Rì"))
    date = ("right", f"/{place}, ngày {day} tháng {month} năm {year}")
    thanks = luck.choice(("Tôi xin chân thành cảm ơn!", "Xin trân trọng cảm ơn!", "Tôi xin cảm ơn."))
    return (
        ("first", thanks),
        *((date,) if date_first else ()),
        ("right", f"*{luck.choice(('NGƯỜI LÀM ĐƠN', 'Người viết đơn', 'NGƯỜI ĐỀ NGHỊ'))}"),
        ("right", "/(Ký và ghi rõ họ tên)"),
        ("right", " "),
        ("right", f"*{person['name']}"),
    )


def _plain(person: dict[str, Any], luck: Random) -> Lines:
    """Return a letter of labels and values, a line each."""
    if person["wanted_reply"] == "email" and not person["email"]:
        person["wanted_reply"] = "letter"
    reply = {
        "phone": f"gọi điện thoại số {person['phone_written']}",
        "letter": "bằng văn bản",
        "email": f"email {person['email']}",
    }
    mail = person["email"] and person["wanted_reply"] != "email"
    return (
        *_top(luck, ("GIẤY ĐỀ NGHỊ", "ĐƠN ĐỀ NGHỊ")),
        ("first", _TO),
        ("plain", f"{luck.choice(('Người đề nghị', 'Họ và tên', 'Tên tôi là', 'Khách hàng'))}: {person['name']}"),
        ("plain", f"{luck.choice(('Địa chỉ thường trú', 'Địa chỉ', 'Địa chỉ sử dụng điện'))}: {person['address']}"),
        ("plain", f"Điện thoại: {person['phone_written']}      Mã KH: {person['customer_code']}"),
        ("plain", f"{luck.choice(('Số chế tạo công tơ', 'Số công tơ'))}: {person['meter']}"),
        *((("plain", f"Email: {person['email']}"),) if mail else ()),
        ("plain", f"{luck.choice(('Lý do', 'Nội dung đề nghị', 'Nội dung'))}: {person['content']}"),
        ("plain", f"Hình thức trả lời: {reply[person['wanted_reply']]}"),
        *_end(person, luck),
    )


def _asks(person: dict[str, Any]) -> str:
    """Return the sentence that says how to answer; an e-mail address is only in a letter that wants an e-mail."""
    person["email"] = person["email"] if person["wanted_reply"] == "email" else ""
    if person["wanted_reply"] == "email" and not person["email"]:
        person["wanted_reply"] = "phone"
    phone = person["phone_written"]
    return {
        "phone": f"Kính mong quý đơn vị gọi điện thoại trả lời cho tôi. Điện thoại liên hệ: {phone}.",
        "letter": f"Kính mong quý đơn vị trả lời bằng văn bản. Điện thoại liên hệ: {phone}.",
        "email": f"Kính mong quý đơn vị trả lời qua email {person['email']}. Điện thoại: {phone}.",
    }[str(person["wanted_reply"])]


def _told(person: dict[str, Any], luck: Random) -> Lines:
    """Return a letter that says who writes in a sentence."""
    who = (
        f"Tên tôi là {person['name']}, hiện đang sử dụng điện tại {person['address']}, mã KH {person['customer_code']},"
        f" công tơ số {person['meter']}."
    )
    return (
        *_top(luck, ("ĐƠN KIẾN NGHỊ", "ĐƠN ĐỀ NGHỊ", "ĐƠN PHẢN ÁNH")),
        ("first", _TO),
        ("first", who),
        ("first", person["content"]),
        ("first", _asks(person)),
        *_end(person, luck),
    )


def _short(person: dict[str, Any], luck: Random) -> Lines:
    """Return a letter whose date stands above and whose labels are abbreviated."""
    asks, (day, month, year) = _asks(person), person["date"].split("/")
    return (
        ("right", f"/Bắc Kạn, ngày {day} tháng {month} năm {year}"),
        *_top(luck, ("ĐƠN ĐỀ NGHỊ", "ĐƠN TRÌNH BÀY"))[-1:],
        ("first", f"*{_TO}"),
        ("plain", f"Tôi tên là: {person['name']}"),
        ("plain", f"Mã khách hàng: {person['customer_code']}"),
        ("plain", f"Số ĐT: {person['phone_written']}"),
        ("plain", f"Địa chỉ: {person['address']}"),
        ("plain", f"Công tơ số: {person['meter']}"),
        ("first", person["content"]),
        ("first", asks),
        *_end(person, luck, date_first=False),
    )


def _story(person: dict[str, Any], luck: Random) -> Lines:
    """Return a letter that gives code and meter in a second sentence."""
    return (
        *_top(luck, ("ĐƠN ĐỀ NGHỊ", "ĐƠN KIẾN NGHỊ")),
        ("first", _TO),
        ("first", f"Tôi là {person['name']}, ở {person['address']}."),
        ("first", f"Mã khách hàng: {person['customer_code']}, số công tơ: {person['meter']}."),
        ("first", f"Nội dung: {person['content']}"),
        ("first", _asks(person)),
        *_end(person, luck),
    )


def _more(luck: Random) -> Lines:
    """Return paragraphs that make a letter run on to a second page; they are part of no field that is scored."""
    said = (
        "Gia đình tôi có năm nhân khẩu, trong đó có mẹ già đã ngoài tám mươi tuổi và hai cháu nhỏ đang tuổi đi học.",
        "Sự việc này đã kéo dài nhiều tháng, bà con trong xóm đã họp bàn và thống nhất cùng kiến nghị với quý đơn vị.",
        "Chúng tôi luôn chấp hành tốt việc trả tiền điện hằng tháng và giữ gìn an toàn lưới điện trong khu dân cư.",
    )
    return tuple(("first", luck.choice(said)) for _ in range(luck.randint(16, 22)))
