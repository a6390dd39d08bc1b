"""Make scanned forms and letters of invented people with their truth, to measure the reading of scans.

    make_scan_set.py OUT --seed 1 --forms 60 --letters 15 --fonts FOLDER [--typed FILE.ttf …] [--cases]

FOLDER holds handwriting-like .ttf files with Vietnamese letters (none are shipped). ``--cases`` adds the hard cases:
nothing marked, two marks, a blank form, two forms in one file, a form with a letter behind it, a photo of no form.
The truth has the keys of the development samples. Nothing in it is real.
"""

import argparse
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from make_form import rendered
from PIL import Image, ImageDraw, ImageFont
from scan_wear import WEAR, Grey, scanned

from daemon.desk.form import FormLayout, Rect
from daemon.desk.text import fold
from daemon.settings.forms import load_forms
from daemon.settings.places import load_places

ROOT = Path(__file__).parent.parent
DPI = 300
MM = DPI / 25.4
TYPED = (
    "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
)
FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Nông",
    "Hoàng",
    "Triệu",
    "Bế",
    "Lường",
    "Hứa",
    "Đàm",
    "Ma",
    "Lục",
    "Cao",
    "Mạch",
    "Vi",
    "Hà",
    "Đinh",
    "Chu",
    "Phùng",
    "Ngọc",
    "Bàn",
    "Đồng",
    "La",
    "Quan",
    "Tô",
    "Sầm",
    "Lương",
]
MIDDLE = [
    "Văn",
    "Thị",
    "Đức",
    "Hữu",
    "Ngọc",
    "Thanh",
    "Quang",
    "Minh",
    "Xuân",
    "Trọng",
    "Công",
    "Đình",
    "Quốc",
    "Bích",
    "Hồng",
    "Phương",
    "Thúy",
    "Kim",
    "Mạnh",
    "Tiến",
    "Duy",
    "Khánh",
]
GIVEN = [
    "Hùng",
    "Dũng",
    "Sơn",
    "Hải",
    "Lan",
    "Hương",
    "Huệ",
    "Thảo",
    "Ngần",
    "Nhàn",
    "Loan",
    "Oanh",
    "Vượng",
    "Nghiệp",
    "Chiến",
    "Hiếu",
    "Sỹ",
    "Thắng",
    "Cường",
    "Tuyết",
    "Mai",
    "Hạnh",
    "Thủy",
    "Yến",
    "Nguyệt",
    "Đạt",
    "Lực",
    "Bằng",
    "Huyền",
    "Quỳnh",
    "Trường",
    "Giang",
    "Phượng",
    "Diệp",
    "Khuê",
    "Tưởng",
    "Thụy",
    "Ước",
    "Lễ",
    "Bảo",
    "Nghĩa",
    "Hoè",
    "Ngoan",
    "Thương",
    "Vĩnh",
    "Tỵ",
    "Xuyến",
]
HAMLETS = [
    "Nà Lẹng",
    "Bản Mới",
    "Khuổi Slưn",
    "Nà Pài",
    "Cốc Lùng",
    "Pác Nghiên",
    "Phiêng An",
    "Nặm Cắm",
    "Khau Bang",
    "Lủng Nhá",
    "Bó Lịn",
    "Nà Đinh",
    "Tân Lập",
    "Phố Mới",
    "Còi Mò",
    "Thôm Mò",
    "Bản Đồn",
    "Nà Tấu",
    "Slam Vè",
    "Pù Lùng",
]
WANTS = {
    "outage_info": (
        "Xin hỏi khu vực {place} ngày {day} có lịch cắt điện không, mấy giờ có điện trở lại?",
        "Từ tối hôm qua cả xóm tôi mất điện, đề nghị cho biết nguyên nhân và khi nào có điện.",
        "Đề nghị thông báo kế hoạch cắt điện tháng tới để gia đình tôi sắp xếp việc xay xát.",
    ),
    "reconnection_cost": (
        "Nhà tôi đi vắng {n} tháng, muốn tạm ngừng cấp điện, xin hỏi chi phí ngừng và cấp điện trở lại.",
        "Cho tôi hỏi phí đóng điện trở lại sau khi bị tạm ngừng là bao nhiêu, nộp ở đâu?",
    ),
    "incident_report": (
        "Cột điện số {n} đầu ngõ bị nghiêng, dây võng xuống sát mái nhà, rất nguy hiểm khi mưa gió.",
        "Cành cây gãy đè lên đường dây gần trường tiểu học, có tia lửa điện. Mong cử người đến xử lý gấp.",
    ),
    "outage_complaint": (
        "Ngày {day} điện lực cắt điện không báo trước, hỏng {n} tủ cấp đông của cửa hàng. Đề nghị giải trình và bồi thường.",
        "Trong tháng vừa qua khu tôi mất điện {n} lần, gọi tổng đài không ai trả lời. Tôi rất bức xúc.",
    ),
    "outage_time_change": (
        "Gia đình tôi có đám cưới ngày {day}, đề nghị lùi lịch ngừng cấp điện sang tuần sau.",
        "Xưởng xẻ gỗ có đơn hàng gấp, xin chuyển giờ cắt điện ngày {day} từ buổi sáng sang buổi chiều.",
    ),
    "other": (
        "Đề nghị thay công tơ vì công tơ chạy nhanh bất thường, hóa đơn tháng này tăng gấp {n} lần.",
        "Xin hướng dẫn thủ tục sang tên hợp đồng mua bán điện cho con trai tôi.",
        "Nhà tôi muốn lắp thêm điện ba pha để chạy máy nghiền, cần những giấy tờ gì?",
    ),
}
CODES = {
    "TP Bắc Kạn": "BK",
    "Bạch Thông": "BT",
    "Chợ Đồn": "CD",
    "Chợ Mới": "CM",
    "Ba Bể": "BB",
    "Na Rì": "NR",
    "Ngân Sơn": "NS",
    "Pác Nặm": "PN",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """How something is written: the font's file, its size in points, the darkness of the ink, and a name for truth."""

    font: str
    size: float
    ink: int
    fill: str

    def face(self) -> ImageFont.FreeTypeFont:
        """Return the font at 300 dpi, scaled so that all hands write about equally large."""
        face = ImageFont.truetype(self.font, 100)
        box = face.getbbox("xnoeau")
        wanted = self.size * DPI / 72 * (0.46 if self.fill == "typed" else 0.44)
        return ImageFont.truetype(self.font, max(12, round(100 * wanted / max(1, box[3] - box[1]))))


class Maker:
    """Invents people, fills forms, writes letters, wears them out, and keeps the truth."""

    def __init__(self, out: Path, seed: int, hands: list[str], typed: tuple[str, ...]) -> None:
        """Prepare an empty set in ``out``."""
        self.out, self.luck, self.hands, self.typed = out, Random(seed), hands, typed
        self.layout = load_forms(ROOT / "config" / "forms")[0]
        places = [p for p in load_places(ROOT / "config" / "places.toml") if p.unit in CODES]
        self.communes = [p for p in places if p.kind in ("xã", "phường", "thị trấn")]
        self.files: list[dict[str, Any]] = []
        out.mkdir(parents=True, exist_ok=True)

    def person(self) -> dict[str, Any]:
        """Return the fields of an invented request."""
        luck = self.luck
        name = f"{luck.choice(FAMILY)} {luck.choice(MIDDLE)} {luck.choice(MIDDLE) + ' ' if luck.random() < 0.2 else ''}{luck.choice(GIVEN)}"
        place = luck.choice(self.communes)
        number = luck.choice(["03", "09", "08", "07"]) + "".join(luck.choice("0123456789") for _ in range(8))
        number = {"07": "079" + number[3:], "03": "03" + luck.choice("23456789") + number[3:]}.get(number[:2], number)
        number = {"08": "08" + luck.choice("123456789") + number[3:]}.get(number[:2], number)
        written = number
        if luck.random() < 0.1:
            number = "0209" + "".join(luck.choice("0123456789") for _ in range(7))
            written = f"0209 {number[4:8]} {number[8:]}"
        elif luck.random() < 0.6:
            gap = luck.choice(" .")
            written = gap.join((number[:4], number[4:7], number[7:]))
        spot = luck.choice(
            (
                f"Thôn {luck.choice(HAMLETS)}",
                f"Tổ {luck.randint(1, 15)}",
                f"Khu phố {luck.randint(1, 9)}",
                f"Số nhà {luck.randint(1, 190)}",
            )
        )
        district = place.district or place.unit or ""
        tail = f"huyện {district}" if not district.startswith("TP") else "thành phố Bắc Kạn"
        want = luck.choice(list(WANTS))
        given = fold(name.split()[-1])
        has_mail = luck.random() < 0.35
        return {
            "name": name,
            "customer_code": f"PA07{CODES[str(place.unit)]}{luck.randrange(10**7):07d}",
            "phone": number,
            "phone_written": written,
            "address": f"{spot}, {place.kind} {place.name}, {tail}",
            "meter": str(luck.randrange(10**7, 10**8) if luck.random() < 0.3 else luck.randrange(10**9, 10**10)),
            "email": f"{given}{fold(name.split()[0])}{luck.randint(60, 99)}@{luck.choice(('gmail.com', 'yahoo.com.vn', 'gmail.com'))}"
            if has_mail
            else "",
            "date": f"{luck.randint(1, 28):02d}/{luck.randint(1, 12):02d}/{luck.choice((2025, 2026))}",
            "category": want,
            "content": luck.choice(WANTS[want]).format(
                place=place.name, day=f"{luck.randint(1, 28):02d}/{luck.randint(1, 12):02d}/2026", n=luck.randint(2, 9)
            ),
            "wanted_reply": luck.choice(("letter", "phone", "email")),
        }

    def hand(self, typed: bool) -> Hand:
        """Return a way of writing."""
        if typed or not self.hands:
            return Hand(
                self.luck.choice(self.typed), self.luck.choice((12, 12, 12.5, 13)), self.luck.randint(0, 40), "typed"
            )
        return Hand(
            self.luck.choice(self.hands), self.luck.uniform(12, 15), self.luck.randint(20, 90), "handwriting-font"
        )

    def form(self, hand: Hand, marks: int = 1, blank: bool = False) -> tuple[Grey, dict[str, Any]]:
        """Return a filled form at 300 dpi and its truth; ``marks`` is how many category boxes are marked."""
        number = f"{self.luck.randrange(10**5, 10**6)}"
        page = Image.fromarray(blank_form(number))
        person = self.person()
        draw = ImageDraw.Draw(page)
        truth = {"page": 1, "kind": "form", "fill": hand.fill, "font": Path(hand.font).stem, **person}
        truth |= {"form_id": self.layout.id, "form_version": self.layout.version, "form_no": number}
        if blank:
            return np.array(page), truth | dict.fromkeys([*person], None)
        for cell in self.layout.cells:
            words = person["phone_written"] if cell.field == "phone" else person[cell.field]
            self._write(draw, words, cell.rect, hand, wrap=cell.kind == "text")
        style = self.luck.choice(("glyph", "x", "smallx", "tick", "fill")) if hand.fill != "typed" else "glyph"
        chosen = [person["category"]]
        chosen += self.luck.sample([c for c in WANTS if c != person["category"]], max(0, marks - 1))
        for box in self.layout.boxes:
            if box.value in (chosen[:marks] if box.field == "category" else [person["wanted_reply"]]):
                self._mark(draw, box.rect, style, hand.ink)
        truth["mark"] = style
        return np.array(page), truth | ({} if marks == 1 else {"category": None})

    def _write(self, draw: Any, words: str, rect: Rect, hand: Hand, wrap: bool) -> None:
        face = hand.face()
        left, width = rect.left * MM + 2 * MM, (rect.right - rect.left - 4) * MM
        lines = wrapped(words, face, width) if wrap else [words]
        while not wrap and face.getlength(words) > width:
            face = ImageFont.truetype(hand.font, face.size - 2)
        pitch = max(5.2 * MM, face.size * 1.15)
        ascent, descent = face.getmetrics()
        top = rect.top * MM + (1.0 * MM if wrap else ((rect.bottom - rect.top) * MM - ascent - descent) / 2)
        for row, line in enumerate(lines):
            shift = 0 if hand.fill == "typed" else self.luck.uniform(-0.4, 0.4) * MM
            start = left + (0 if hand.fill == "typed" else self.luck.uniform(-0.8, 6) * MM)
            if start + face.getlength(line) > rect.right * MM - 6:
                start = left
            draw.text((start, top + row * pitch + shift), line, font=face, fill=hand.ink)

    def _mark(self, draw: Any, rect: Rect, style: str, shade: int) -> None:
        luck = self.luck
        x0, y0, x1, y1 = (v * MM for v in (rect.left, rect.top, rect.right, rect.bottom))
        inset = {"glyph": 0.9, "x": luck.uniform(-0.5, 0.5), "smallx": 1.1}.get(style, 0.3) * MM
        pen = max(2, round({"glyph": 0.25, "fill": 0.5}.get(style, luck.uniform(0.25, 0.5)) * MM))
        if style in ("glyph", "x", "smallx"):
            draw.line((x0 + inset, y0 + inset, x1 - inset, y1 - inset), fill=shade, width=pen)
            draw.line((x0 + inset, y1 - inset, x1 - inset, y0 + inset), fill=shade, width=pen)
        elif style == "tick":
            draw.line((x0 + 0.6 * MM, y0 + 2 * MM, x0 + 1.6 * MM, y1 - 0.5 * MM), fill=shade, width=pen)
            draw.line((x0 + 1.6 * MM, y1 - 0.5 * MM, x1 + 0.6 * MM, y0 - 0.4 * MM), fill=shade, width=pen)
        else:
            for n in range(7):
                y = y0 + inset + n * (y1 - y0 - 2 * inset) / 6
                draw.line((x0 + inset, y, x1 - inset, y + luck.uniform(-0.4, 0.4) * MM), fill=shade, width=pen)

    def letter(self, hand: Hand) -> tuple[Grey, dict[str, Any]]:
        """Return a free letter at 300 dpi and its truth."""
        person, luck = self.person(), self.luck
        lines = _plain_letter(person, luck) if luck.random() < 0.5 else _told_letter(person, luck)
        page = Image.new("L", (2480, 3508), 255)
        draw = ImageDraw.Draw(page)
        face = hand.face()
        y, left, width = 22.0 * MM, 25 * MM, 162 * MM
        for where, words in lines:
            for row in wrapped(words, face, width - (10 * MM if where == "first" else 0)):
                x = {"centre": 105 * MM - face.getlength(row) / 2, "right": 188 * MM - face.getlength(row)}.get(
                    where, left
                )
                draw.text((x + (10 * MM if where == "first" else 0), y), row, font=face, fill=hand.ink)
                where = "plain" if where == "first" else where
                y += face.size * 1.35
            y += 1.2 * MM
        truth = {"page": 1, "kind": "letter", "fill": hand.fill, "font": Path(hand.font).stem, "mark": None, **person}
        return np.array(page), truth

    def keep(self, pages: list[tuple[Grey, dict[str, Any] | None]], wear: str) -> None:
        """Wear the pages out, write them as a file, and note the truth."""
        luck = self.luck
        dpi = luck.choice((200, 200, 300, 150)) if wear == "clean" else luck.choice((200, 200, 300))
        images = []
        for page, _ in pages:
            size = (round(page.shape[1] * dpi / DPI), round(page.shape[0] * dpi / DPI))
            small = scanned(np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8), luck)
            images.append(Image.fromarray(WEAR[wear](small if wear != "phone" else page, luck)))
        kind = luck.choice(("pdf", "jpg", "png", "tif")) if len(images) == 1 else luck.choice(("pdf", "tif"))
        if wear == "phone":
            kind = "jpg"
        name = f"e{len(self.files) + 1:03d}.{kind}"
        extra: dict[str, Any] = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
        if wear == "fax":
            images[0] = images[0].convert("1") if kind in ("tif", "png") and not extra else images[0]
        quality: dict[str, Any] = {"quality": 85} if kind in ("jpg", "pdf") else {}
        extra |= quality | ({"resolution": dpi} if kind == "pdf" else {})
        images[0].save(self.out / name, dpi=(dpi, dpi), **extra)
        documents = [truth | {"page": n} for n, (_, truth) in enumerate(pages, start=1) if truth]
        self.files.append({"file": name, "degradation": wear, "dpi": dpi, "pages": len(pages), "documents": documents})

    def cases(self) -> None:
        """Add the hard cases of everyday."""
        for wear in ("clean", "noise", "phone"):
            self.keep([self.form(self.hand(True), marks=0)], wear)
            self.keep([self.form(self.hand(False), marks=2)], wear)
            self.keep([self.form(self.hand(True), blank=True)], wear)
        self.keep([self.form(self.hand(True)), self.form(self.hand(False))], "clean")
        self.keep([self.form(self.hand(True)), self.letter(self.hand(True))], "clean")
        other = {"page": 1, "kind": "other", "fill": "typed"}
        self.keep([(_view(self.luck), other)], "jpeg")

    def close(self) -> None:
        """Write truth.json."""
        text = json.dumps({"files": self.files}, ensure_ascii=False, indent=1)
        (self.out / "truth.json").write_text(text, "utf-8")


@lru_cache(maxsize=1)
def _blank(layout: FormLayout) -> Grey:
    return np.array(rendered(layout, "000000", DPI), dtype=np.uint8)


def blank_form(number: str) -> Grey:
    """Return the blank with a number of its own: its QR code and printed number are exchanged."""
    import io

    from daemon.documents import qr

    layout = load_forms(ROOT / "config" / "forms")[0]
    page = Image.fromarray(_blank(layout).copy())
    code = Image.open(io.BytesIO(qr.png(f"{layout.id}|{layout.version}|{number}"))).convert("L")
    side = round((layout.qr.right - layout.qr.left) * MM)
    quiet = qr.QUIET * code.width // 33
    code = code.crop((quiet, quiet, code.width - quiet, code.height - quiet)).resize(
        (side, side), Image.Resampling.NEAREST
    )
    page.paste(code, (round(layout.qr.left * MM), round(layout.qr.top * MM)))
    return np.array(page, dtype=np.uint8)


def wrapped(words: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return the words broken into lines of at most ``width`` pixels."""
    lines, line = [], ""
    for word in words.split():
        if line and face.getlength(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


_TOP = (
    ("centre", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("centre", "Độc lập - Tự do - Hạnh phúc"),
    ("centre", "---------------"),
)


def _end(person: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    day, month, year = person["date"].split("/")
    return (
        ("first", "Tôi xin chân thành cảm ơn!"),
        ("right", f"Bắc Kạn, ngày {day} tháng {month} năm {year}"),
        ("right", "NGƯỜI LÀM ĐƠN"),
        ("right", "(Ký và ghi rõ họ tên)"),
        ("right", " "),
        ("right", person["name"]),
    )


def _plain_letter(person: dict[str, Any], luck: Random) -> tuple[tuple[str, str], ...]:
    reply = {
        "phone": f"gọi điện thoại số {person['phone_written']}",
        "letter": "bằng văn bản",
        "email": f"email {person['email']}",
    }
    if person["wanted_reply"] == "email" and not person["email"]:
        person["wanted_reply"] = "letter"
    return (
        *_TOP,
        ("centre", luck.choice(("GIẤY ĐỀ NGHỊ", "ĐƠN ĐỀ NGHỊ"))),
        ("first", "Kính gửi: Phòng Giao dịch khách hàng - Công ty Điện lực Bắc Kạn"),
        ("plain", f"{luck.choice(('Người đề nghị', 'Họ và tên', 'Tên tôi là'))}: {person['name']}"),
        ("plain", f"{luck.choice(('Địa chỉ thường trú', 'Địa chỉ', 'Địa chỉ sử dụng điện'))}: {person['address']}"),
        ("plain", f"Điện thoại: {person['phone_written']}      Mã KH: {person['customer_code']}"),
        ("plain", f"{luck.choice(('Số chế tạo công tơ', 'Số công tơ'))}: {person['meter']}"),
        *((("plain", f"Email: {person['email']}"),) if person["email"] and person["wanted_reply"] != "email" else ()),
        ("plain", f"{luck.choice(('Lý do', 'Nội dung đề nghị', 'Nội dung'))}: {person['content']}"),
        ("plain", f"Hình thức trả lời: {reply[person['wanted_reply']]}"),
        *_end(person),
    )


def _told_letter(person: dict[str, Any], luck: Random) -> tuple[tuple[str, str], ...]:
    person["email"] = person["email"] if person["wanted_reply"] == "email" else ""
    if person["wanted_reply"] == "email" and not person["email"]:
        person["wanted_reply"] = "phone"
    ask = {
        "phone": f"Kính mong quý đơn vị gọi điện thoại trả lời cho tôi. Điện thoại liên hệ: {person['phone_written']}.",
        "letter": f"Kính mong quý đơn vị trả lời bằng văn bản. Điện thoại liên hệ: {person['phone_written']}.",
        "email": f"Kính mong quý đơn vị trả lời qua email {person['email']}. Điện thoại: {person['phone_written']}.",
    }
    return (
        *_TOP,
        ("centre", luck.choice(("ĐƠN KIẾN NGHỊ", "ĐƠN ĐỀ NGHỊ", "ĐƠN PHẢN ÁNH"))),
        ("first", "Kính gửi: Phòng Giao dịch khách hàng - Công ty Điện lực Bắc Kạn"),
        (
            "first",
            f"Tên tôi là {person['name']}, hiện đang sử dụng điện tại {person['address']}, mã KH {person['customer_code']}, công tơ số {person['meter']}.",
        ),
        ("first", person["content"]),
        ("first", ask[person["wanted_reply"]]),
        *_end(person),
    )


def _view(luck: Random) -> Grey:
    """Return a picture of no paper at all: sky, a hill, a pole with wires."""
    height, width = 1600, 1200
    view = np.tile(np.linspace(230, 120, height, dtype=np.float32)[:, None], (1, width))
    picture = Image.fromarray(view.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 1600), (0, 1100), (500, luck.randint(800, 1000)), (1200, 1150), (1200, 1600)], fill=70)
    draw.line((700, 300, 690, 1300), fill=40, width=26)
    for n in range(4):
        draw.line((0, 340 + 60 * n, 700, 400 + 30 * n, 1200, 330 + 70 * n), fill=50, width=4)
    return np.array(picture, dtype=np.uint8)


def main() -> None:
    """Make one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", type=int, default=60)
    parser.add_argument("--letters", type=int, default=15)
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--only", default="", help="font names, comma separated")
    parser.add_argument("--typed", nargs="*", default=list(TYPED))
    parser.add_argument("--cases", action="store_true")
    args = parser.parse_args()
    wanted = set(filter(None, args.only.split(",")))
    hands = sorted(str(p) for p in args.fonts.glob("*.ttf") if not wanted or p.stem in wanted) if args.fonts else []
    maker = Maker(args.out, args.seed, hands, tuple(args.typed))
    wears = list(WEAR)
    for n in range(args.forms):
        maker.keep([maker.form(maker.hand(n % 2 == 0))], wears[n // 2 % len(wears)])
    for n in range(args.letters):
        maker.keep([maker.letter(maker.hand(True))], wears[n % len(wears)])
    if args.cases:
        maker.cases()
    maker.close()


if __name__ == "__main__":
    main()
