"""The end of what a person wrote: closing words, signature, "sent from my phone", disclaimers. Line by line.

Nothing is taken off that reads like a sentence about the matter; when in doubt the line stays.
"""

import re
from collections.abc import Sequence

from daemon.reading.history import is_rule
from daemon.reading.lines import Line, flat

_DEVICE = (
    r"(iphone|ipad|samsung|galaxy|outlook|android|yahoo|zalo|dien thoai|di dong|thu (danh )?cho|windows|oppo|xiaomi|huawei|"
    r"vivo|realme|nokia|blackberry|gmail|mail\b|may tinh bang|thiet bi|mobile|phone|smartphone|proton|zimbra|mobifone|viettel|vnpt)"
)
_PHONE_LINE = re.compile(
    rf"^[(\[]?((da |duoc |da duoc |thu |tin nhan |email )?(duoc )?gui (tu|bang|qua|tren) [^.:;]{{0,40}}{_DEVICE}.{{0,60}}|"
    rf"sent (from|via|with|using) .{{0,40}}{_DEVICE}.{{0,60}}|sent from my .{{1,40}}|"
    r"(tai|lay|get|download) (ve )?outlook (cho|danh cho|for) .{1,40})[)\]]?$"
)
_CLOSING_WORDS = (
    r"(xin )?(chan thanh |tran trong |rat )?(cam on|cam on nhieu)|(xin )?(kinh )?tran trong( kinh)?( bao( cao)?| chao| cam on| thong bao)?|"
    r"kinh (bao|thu|chao|don|trinh)|than (men|ai|chao)|(kinh )?chao (tran trong|than ai|than men)|tran trong kinh bao|"
    r"(best|kind|warm|with best|many thanks and best) ?regards?|regards|rgds|br|b\.r|brgds|best|thanks?( you)?( very much| a lot)?|"
    r"thanks?( and|,| &) ?(best |kind )?regards?|thks|tks|tran trong(,| &| va) cam on|xin tran trong cam on|tran trong va cam on|"
    r"sincerely|yours sincerely|yours faithfully|cheers|men chao|kinh men|kinh|men|tran trong bao cao|xin chan thanh cam on|xin cam on va tran trong|"
    r"cam on va tran trong|tran trong kinh chao"
)
# Single words only: two ways to read "anh chi" would make a long line exponential.
_ADDRESSEE = r"( (den|toi|quy|cac|toan|the|phong|anh|chi|anh/chi|em|ban|co|chu|bac|don|vi|cong|ty|gdkh|kh|dong|d/c|lanh|dao|ca|nha|all|you|sir)){0,8}"
_END_SIGNS = r"[ ,.!;:/*~\-–—…)_\"]{0,12}"
_CLOSING = re.compile(rf"^[*_ \-–—]{{0,4}}({_CLOSING_WORDS}){_ADDRESSEE}( a| nhe| nhieu| rat nhieu)?{_END_SIGNS}$")
_CLOSING_NAMED = re.compile(rf"^({_CLOSING_WORDS}){_ADDRESSEE} ?[,.!;:/\-–—]{{1,5}} ?(?P<rest>\S.{{0,70}})$")
_INLINE_CLOSING = re.compile(
    r"(?P<keep>.*[.!?;:)\]])\s+(?:xin\s+)?(?:trân trọng(?: (?:cảm ơn|kính báo|báo cáo|kính chào))?|kính báo|trân trọng\s*\./\.)\s*[.!/,]{0,4}$",
    re.I,
)
_AFTERWORD = re.compile(r"^(p/?\.?s\.?|t\.?b\.?|tai but|n\.?b\.?|ghi chu|luu y)\s{0,2}[:.]")
_DISCLAIMER = re.compile(
    r"^[*_\[(\- ]{0,5}((thong bao|luu y|canh bao|tuyen bo|dieu khoan) (ve )?(bao mat|mien tru|mien trach|phap ly|an toan)|"
    r"(luu y|chu y|canh bao|thong bao|khuyen cao) ?[:-]? ?.{0,30}(thu dien tu|email|e-mail|thu nay|tin nhan nay|nguoi gui|nguon ben ngoai)|"
    r"(email|e-mail|thu dien tu|thong diep|thu|tin nhan|noi dung email|noi dung thu) nay .{0,30}(bao mat|chi danh|danh rieng|co the chua|chua (cac )?thong tin|va (moi|bat ky|cac) (tep|file)|duoc quet|da duoc quet|gui tu ben ngoai|den tu ben ngoai)|"
    r"(this|the) (e-?mail|message|communication|information)( \w+){0,4} (is|may|and|contains?|in this)|confidential|disclaimer|privileged|"
    r"please consider the environment|save (paper|trees)|(hay|xin|vui long) (nghi|bao ve|can nhac).{0,40}(moi truong|truoc khi in)|truoc khi in|think before|"
    r"virus-free|khong co vi-?rut|caution:|external (email|sender)|avg|avast|"
    r"you received this message because|ban nhan duoc thu nay vi|unsubscribe|huy dang ky|to unsubscribe)"
)
_BANNER = re.compile(
    r"^[*_\[(\-! ]{0,5}(\[external\]|external( email)?$|caution ?:|canh bao ?[:!-].{0,80}(ben ngoai|outside|nguoi gui)|"
    r"(luu y|chu y|warning) ?[:-].{0,60}(ben ngoai|outside|external)|this (e-?mail|message) (originated|was sent|is|came) .{0,30}outside|"
    r"(thu|email) (nay )?(duoc gui |den |gui )?tu ben ngoai|\[?(thu|email) (tu )?ben ngoai\]?)"
)
_BANNER_MORE = re.compile(
    r"(nhap vao|bam vao|mo tep|lien ket|dinh kem|click|links|attachments|tin cay|recognize|nhan ra)"
)
_UNIT = re.compile(
    r"^(dien luc|dl|doi|doi quan ly|doi qldl|qldl|to|truc|to truc|truc ban|truc ca|phong|ban|p\.|pc|evn|evnnpc|npc|cong ty|ct|b26|dieu do|"
    r"truong ca|trung tam|tt|chi nhanh|nhom|bo phan|van phong|ca truc|pgd|t/m|tm|tl|kt|tuq)\b"
)
_VERB_LIST = (
    "đã sẽ đang không được bị là có do lúc ngày đến từ chưa xin nghị đồng xử nhận báo gửi kiểm trả đề chuyển kết hẹn cắt ngừng mất cần vì "
    "nên để khi sau trước cũng này các về tại hiện nguyên cùng vào chỉ vẫn rồi xong ạ nhé thì mà với phải"
)
_VERB = frozenset(_VERB_LIST.split())
_TITLE = re.compile(
    r"^(kt\.?|tl\.?|tuq\.?|tm\.?|q\.?)? ?(pho |truong |quyen )?(giam doc|truong phong|doi truong|to truong|truong ca|truong kip|"
    r"pho phong|truc ban|truc chinh|nhan vien|chuyen vien|ky su|can bo|dieu do vien|dieu hanh vien|ky thuat vien|cong nhan|phong|doi|ca|nguoi (tra loi|bao cao|gui|lap|thuc hien|viet))\b"
)
_SIGNED = re.compile(r"^nguoi (tra loi|bao cao|gui|lap|lap phieu|thuc hien|viet|phu trach|lien he) ?: ?[^.!?]{2,60}$")
_PHONE = re.compile(
    r"^[\W_]{0,3}((dt|sdt|dien thoai|tel|mobile|hotline|di dong|fax|zalo|m|t|p|f|cell|phone|dtdd|may le|ext|so may|lien he|dd|lh)\b[^\d]{0,25})?"
    r"[+(]?\d[\d .()+/-]{5,30}(\((nb|may le)?.{0,12}\))?(ext.{0,8}|\(.{0,14}\)|[-–|,;/ ]+(fax|dd|di dong|mobile|zalo|hotline|email|nb|may le)?[^a-z]{0,30})?$"
)
_NET = re.compile(
    r"^[\W_]{0,3}((e-?mail|mail|web(site)?|www|thu dien tu|e|w)\b[^\w@]{0,4})?(https?://|www\.)?[\w.+-]{1,60}(@|\.)[\w.-]{1,60}(/\S{0,80})?$"
)
_PLACE = re.compile(
    r"^(dia chi|dc|d/c|add|address|tru so|a)\b ?[:.]|^(so \d|to \d|duong |phuong |thi tran |tang \d).{0,70}(tinh|tp|thanh pho|bac kan|thai nguyen|viet nam)"
)
_SURNAMES_LIST = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý nông ma triệu bế hà lường lương đinh đàm chu hứa lục "
    "long mông vi la lò quan trương đào cao tạ mai tô thái tăng giáp phùng quách sầm bàn đồng doanh lưu lã liêu phương hạ trịnh "
    "đoàn lâm mạc vương tống tôn kiều khổng thân thạch từ âu bạch cung diệp đới hầu lại ninh nghiêm ông phó phí sùng tiêu thào vàng giàng hùng"
)
_SURNAMES = frozenset(_SURNAMES_LIST.split())
_SENTENCE_END = re.compile(r"[.!?…)]$")
_MOST_AFTER = 16
_MOST_BELOW = 40  # lines below a closing that are looked at: signature, disclaimer, postscript


def strip(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without banner, closing, signature, phone line and disclaimer; blank ends are trimmed."""
    kept = trim(_without_banner(list(lines)))
    kept = _without_containers(kept)
    kept = _cut(kept, _disclaimer_at(kept))
    kept = _cut(kept, _delimiter_at(kept))
    kept, afterword = _without_closing(kept)
    kept = _without_phone_lines(kept)
    kept = _without_tail(kept)
    return trim(_without_inline_closing(kept) + afterword)


def trim(lines: list[Line]) -> list[Line]:
    """Return the lines without blank lines and rules at both ends."""
    first, last = 0, len(lines)
    while first < last and _is_nothing(lines[first]):
        first += 1
    while last > first and _is_nothing(lines[last - 1]):
        last -= 1
    return lines[first:last]


def _is_nothing(line: Line) -> bool:
    return not line.text or is_rule(line) or line.text.strip() in ("--", "-", "—", "–", "*", "---", "...")


def _cut(lines: list[Line], at: int | None) -> list[Line]:
    return lines if at is None else trim(lines[:at])


def _without_banner(lines: list[Line]) -> list[Line]:
    """Drop the warning that a mail gateway puts on top of mail from outside."""
    first = next((number for number, line in enumerate(lines) if line.text), None)
    if first is None or not _BANNER.match(flat(lines[first].text)):
        return lines
    rest = lines[first + 1 :]
    while rest and rest[0].text and _BANNER_MORE.search(flat(rest[0].text)):
        rest = rest[1:]
    return rest


def _without_containers(lines: list[Line]) -> list[Line]:
    """Drop what the client itself marked as signature, unless the answer was typed into it."""
    rest = [line for line in lines if not line.signature]
    return trim(rest) if any(line.text for line in rest) else lines


def _disclaimer_at(lines: list[Line]) -> int | None:
    """The first line of a disclaimer below other text."""
    for number, line in enumerate(lines):
        if (
            number
            and line.text
            and _DISCLAIMER.match(flat(line.text[:300]))
            and not _VERB_START.match(flat(line.text[:40]))
        ):
            return number
    return None


_VERB_START = re.compile(r"^(luu y|chu y|canh bao) ?[:-]? ?(khach|kh |ho |don vi|phong)")


def _delimiter_at(lines: list[Line]) -> int | None:
    """``-- `` alone on its line, or a drawn rule or "Nơi nhận:" with no more than a signature below."""
    left = _count(lines)
    for number, line in enumerate(lines):
        left -= bool(line.text)
        if not number or left > _MOST_AFTER:
            continue
        if re.fullmatch(r"(--|—|–|__|- -)\s?", line.text.strip()):
            return number
        if _opens_signature(line) and _is_signature(lines[number + 1 :]):
            return number
    return None


def _opens_signature(line: Line) -> bool:
    drawn = is_rule(line) or re.fullmatch(r"[*=~_#-]{3,}", line.text.replace(" ", ""))
    return bool(drawn) or flat(line.text[:40]).startswith("noi nhan:")


def _count(lines: Sequence[Line]) -> int:
    return sum(bool(line.text) for line in lines)


def _without_closing(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Cut at the first closing line that has only a signature below; a postscript below it is kept."""
    seen_text = False
    left = _count(lines)
    for number, line in enumerate(lines):
        if not line.text:
            continue
        left -= 1
        if seen_text and left <= _MOST_BELOW and is_closing(line.text):
            below = lines[number + 1 :]
            after = next((n for n, one in enumerate(below) if _AFTERWORD.match(flat(one.text[:40]))), len(below))
            if _is_signature(below[:after]):
                return trim(lines[:number]), below[after:]
        seen_text = True
    return lines, []


def is_closing(text: str) -> bool:
    """Say whether a line holds nothing but closing words, perhaps with the name of who signs."""
    if len(text) > 140:
        return False
    line = flat(text)
    if _CLOSING.match(line):
        return True
    named = _CLOSING_NAMED.match(line)
    if not named:
        return False
    rest = text[-len(named["rest"]) :].strip()
    return _is_strong(rest) or _is_name(rest, loose=True) or bool(_CLOSING.match(named["rest"]))


def _is_signature(below: Sequence[Line]) -> bool:
    """Short lines that are no sentences about the matter."""
    texts = [line.text for line in below if line.text and not is_rule(line)]
    if len(texts) > _MOST_AFTER:
        return False
    return not any(_is_content(text) for text in texts)


def _is_content(text: str) -> bool:
    """A line that says something: a long one, or one with a verb that is neither name, unit, title, address nor number."""
    if (
        _is_strong(text)
        or _is_weak(text)
        or is_closing(text)
        or _PHONE_LINE.match(flat(text))
        or _is_name(text, loose=True)
    ):
        return False
    words = text.lower().split()
    verbs = sum(word.strip(",.;:!?()") in _VERB for word in words)
    if len(words) <= 4:
        return verbs > 1
    return verbs >= 2 or (verbs and _SENTENCE_END.search(text) is not None) or len(words) > 16


def _without_phone_lines(lines: list[Line]) -> list[Line]:
    return trim([line for number, line in enumerate(lines) if not (number and is_phone_line(line.text))])


def is_phone_line(text: str) -> bool:
    """Say whether a line is what a phone or programme adds by itself ("Đã gửi từ iPhone của tôi")."""
    return len(text) < 140 and bool(_PHONE_LINE.match(flat(text)))


def _without_tail(lines: list[Line]) -> list[Line]:
    """Drop a block of names, units and numbers at the end that no closing word announces."""
    end = len(lines)
    strong = False
    while end > 1:
        line = lines[end - 1]
        if line.text and not is_rule(line):
            mine = _is_strong(line.text) or (_is_name(line.text) and not line.cell)
            if line.cell or not (mine or _is_weak(line.text)):
                break
            strong = strong or mine
        end -= 1
    if end == len(lines) or not strong:
        return lines
    return lines if _continues(lines[:end]) else trim(lines[:end])


def _continues(kept: list[Line]) -> bool:
    """A list that a colon or comma announces goes on below; it is no signature."""
    last = next((line.text for line in reversed(kept) if line.text), "")
    return (
        not last
        or last.rstrip().endswith((":", ",", ";"))
        or bool(re.match(r"^[-+*•]\s", last) and not _SENTENCE_END.search(last))
    )


def _without_inline_closing(lines: list[Line]) -> list[Line]:
    if not lines:
        return lines
    found = _INLINE_CLOSING.match(lines[-1].text)
    if not found:
        return lines
    last = lines[-1]
    return [*lines[:-1], Line(found["keep"], last.depth, last.history, last.signature, last.cell)]


def _is_strong(text: str) -> bool:
    """A unit's name or a title and nothing said of it."""
    if len(text) > 90:
        return False
    line = flat(text)
    if _SIGNED.match(line) or line in ("(da ky)", "da ky", "(ky)", "(ky ten)"):
        return True
    if not (_UNIT.match(line) or _TITLE.match(line)):
        return False
    words = [word.strip(",.;:!?()-") for word in text.lower().split()]
    return (
        len(words) <= 12
        and not any(word in _VERB for word in words)
        and not re.search(r"\d{1,2}(h\d{0,2}|/\d|:\d\d|%)|[!?]$", line)
    )


def _is_weak(text: str) -> bool:
    """A telephone number, address or web page: part of a signature only beside a name or unit."""
    line = flat(text)
    return len(line) <= 120 and bool(_PHONE.match(line) or _NET.match(line) or _PLACE.match(line))


def _is_name(text: str, *, loose: bool = False) -> bool:
    """A person's name, perhaps with a title beside it; ``loose`` also takes a given name alone."""
    head = re.split(r"\s[-–—|,]\s|,\s|\(", text.strip(" .*-–—_/"), maxsplit=1)[0]
    words = head.split()
    if words and words[0].lower() in ("ông", "bà", "anh", "chị", "em", "ths.", "ks.", "th.s", "(mr)", "mr.", "ms."):
        words = words[1:]
    if not 1 <= len(words) <= 5 or not all(
        word.replace(".", "").replace("'", "").isalpha() and word[0].isupper() for word in words
    ):
        return False
    if loose:
        return True
    return len(words) >= 2 and words[0].lower() in _SURNAMES


def is_sign(text: str) -> bool:
    """Say whether a line is a name, unit, title, number or address as signatures hold them."""
    return _is_strong(text) or _is_weak(text) or _is_name(text, loose=True) or is_phone_line(text)


def is_footer(lines: Sequence[Line]) -> bool:
    """Say whether lines under a quotation are only a rule and a signature or a list's footer below it."""
    first = next((number for number, line in enumerate(lines) if line.text or line.rule), None)
    return first is not None and _opens_signature(lines[first]) and _is_signature(lines[first + 1 :])
