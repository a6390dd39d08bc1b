"""What single lines at the end of a mail are: closing words, names, units, titles, numbers, disclaimers. Pure.

Recognisers only; what is taken off where is decided in ``signature``. All match folded text (``lines.flat``).
"""

import re

from daemon.reading.lines import flat

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
    r"(xin )?(chan thanh |tran trong |rat )?cam on( nhieu)?|(xin )?(kinh )?(tran trong|tr\. ?trong|t/trong)( kinh)?( bao( cao)?| chao| cam on| thong bao)?( va cam on)?|"
    r"kinh (bao|thu|chao|don|trinh|gui)|than( men| ai| chao)?|(kinh )?chao (tran trong|than ai|than men)|men chao|kinh men|kinh|men|"
    r"tran trong(,| &| va) cam on|xin cam on va tran trong|cam on va tran trong"
)
# Single words only: two ways to read "anh chi" would make a long line exponential.
_ADDRESSEE = r"( (den|toi|quy|cac|toan|the|phong|anh|chi|anh/chi|em|ban|co|chu|bac|don|vi|cong|ty|gdkh|kh|dong|d/c|lanh|dao|ca|nha|all|you|sir)){0,8}"
_END_SIGNS = r"[ ,.!;:/*~\-–—…)_\"]{0,12}"
_CLOSING = re.compile(rf"^[*_ \-–—]{{0,4}}({_CLOSING_WORDS}){_ADDRESSEE}( a| nhe| nhieu| rat nhieu)?{_END_SIGNS}$")
_CLOSING_NAMED = re.compile(rf"^({_CLOSING_WORDS}){_ADDRESSEE} ?[,.!;:/\-–—]{{1,5}} ?(?P<rest>\S.{{0,70}})$")
INLINE_CLOSING = re.compile(
    r"(?P<keep>.*[.!?;:)\]])\s+(?:xin\s+)?(?:trân trọng(?: (?:cảm ơn|kính báo|báo cáo|kính chào))?|kính báo|trân trọng\s*\./\.)\s*[.!/,]{0,4}$",
    re.I,
)
AFTERWORD = re.compile(r"^(p/?\.?s\.?|t\.?b\.?|tai but|n\.?b\.?|ghi chu|luu y)\s{0,2}[:.]")
_DISCLAIMER = re.compile(
    r"^[*_\[(\- ]{0,5}((thong bao|luu y|canh bao|tuyen bo|dieu khoan) (ve )?(bao mat|mien tru|mien trach|phap ly|an toan)|"
    r"(luu y|chu y|canh bao|thong bao|khuyen cao) ?[:-]? ?.{0,30}(thu dien tu|nguon ben ngoai)|"
    r"(email|e-mail|thu dien tu|thong diep|thu|tin nhan|noi dung email|noi dung thu) nay .{0,30}(bao mat|chi danh|danh rieng|co the chua|chua (cac )?thong tin|va (moi|bat ky|cac) (tep|file)|duoc quet|da duoc quet|gui tu ben ngoai|den tu ben ngoai)|"
    r"(this|the) (e-?mail|message|communication|information)( \w+){0,4} (is|may|and|contains?|in this)|confidential|disclaimer|privileged|"
    r"please consider the environment|save (paper|trees)|(hay|xin|vui long) (nghi|bao ve|can nhac).{0,40}(moi truong|truoc khi in)|truoc khi in|think before|"
    r"virus-free|khong co vi-?rut|caution:|external (email|sender)|avg|avast|"
    r"you received this message because|ban nhan duoc thu nay vi|unsubscribe|huy dang ky|to unsubscribe)"
)
BANNER = re.compile(
    r"^[*_\[(\-! ]{0,5}(\[external\]|external( email)?$|caution ?:|canh bao ?[:!-].{0,80}(ben ngoai|outside|nguoi gui)|"
    r"(luu y|chu y|warning) ?[:-].{0,60}(ben ngoai|outside|external)|this (e-?mail|message) (originated|was sent|is|came) .{0,30}outside|"
    r"(thu|email) (nay )?(duoc gui |den |gui )?tu ben ngoai|\[?(thu|email) (tu )?ben ngoai\]?)"
)
BANNER_MORE = re.compile(
    r"(nhap vao|bam vao|mo tep|lien ket|dinh kem|click|links|attachments|tin cay|recognize|nhan ra)"
)
_UNIT = re.compile(
    r"^(dien luc|dl|doi|doi quan ly|doi qldl|qldl|to|truc|to truc|truc ban|truc ca|phong|ban|p\.|pc|evn|evnnpc|npc|cong ty|ct|b26|dieu do|"
    r"truong ca|trung tam|tt|chi nhanh|nhom|bo phan|van phong|ca truc|pgd|thay mat|t/m|tm|tl|kt|tuq)\b"
)
_VERB_LIST = (
    "đã sẽ đang không được bị là có do lúc ngày đến từ chưa xin nghị đồng xử nhận báo gửi kiểm trả đề chuyển kết hẹn cắt ngừng mất cần vì "
    "nên để khi sau trước cũng này các về tại hiện nguyên cùng vào chỉ vẫn rồi xong ạ nhé thì mà với phải"
)
VERB = frozenset(_VERB_LIST.split())
_TITLE = re.compile(
    r"^(kt\.?|tl\.?|tuq\.?|tm\.?|q\.?)? ?(pho |truong |quyen )?(giam doc|truong phong|doi truong|to truong|truong ca|truong kip|"
    r"pho phong|truc ban|truc chinh|nhan vien|chuyen vien|ky su|can bo|dieu do vien|dieu hanh vien|ky thuat vien|cong nhan|phong|doi|ca|nguoi (tra loi|bao cao|bao|gui|lap|thuc hien|viet))\b"
)
_SIGNED = re.compile(
    r"^nguoi (tra loi|bao cao|bao|gui|lap|lap phieu|thuc hien|viet|phu trach|lien he) ?: ?[^.!?]{2,60}$"
)
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
_LONE = re.compile(
    r"(?:em |anh |chị |cô |chú |(?:Em|Anh|Chị|Cô|Chú) )?(?P<name>[^\W\d_]{2,8})(?: ?[-–—,(] ?(?P<unit>[^)]{2,40})\)?)?[ .]{0,3}"
)
SENTENCE_END = re.compile(r"[.!?…)]$")
_VERB_START = re.compile(r"^(luu y|chu y|canh bao) ?[:-]? ?(khach|kh |ho |don vi|phong)")
_REMARKS_LIST = "đúng ok oke chưa vâng dạ đồng nhất không trước kèm ngay gấp khẩn hết thôi duyệt tốt rõ hủy huỷ sai hỏng cháy đủ thiếu mới yếu đứt"
_REMARKS = frozenset(_REMARKS_LIST.split())
_ENGLISH_LIST = (
    "thanks thank you many best kind warm kindest warmest regards regard rgds rgd brgs brgds br b/r and & with sincerely yours faithfully cheers tks thks thx in "
    "advance so much very dear all a lot b.r"
)
_ENGLISH = frozenset(_ENGLISH_LIST.split())
_ENGLISH_CORE = frozenset(
    (
        "thanks",
        "thank",
        "regards",
        "regard",
        "rgds",
        "rgd",
        "brgs",
        "brgds",
        "br",
        "b/r",
        "b.r",
        "sincerely",
        "cheers",
        "tks",
        "thks",
        "thx",
        "faithfully",
        "best",
    )
)
_GRATITUDE = re.compile(
    r"^(don vi |em |doi |dien luc |dl |chung toi |chung em |toi |b26 )?(xin )?(kinh |tran trong |chan thanh |rat )*(cam on|biet on|kinh chao|cam ta)( [^\W\d]+){0,10}[ .!/]*$"
)
_MATTER = re.compile(
    r"\b(khach|kiem tra|xu ly|cat|ngung|dong dien|mat dien|sua|thay|su co|hen|gui|tra loi|ket qua|phan anh|bao cho|se|dang|da thong tin|da bao|nhung|nen)\b"
)
_WISH = re.compile(
    r"^(kinh |xin )?chuc .{0,60}(tot lanh|vui|khoe|hanh phuc|an lanh|thanh cong|cuoi tuan|ngay moi|hieu qua|binh an|may man)[^\d]{0,20}$"
)
_REPORTED = re.compile(r"^[^\d:]{0,60} (kinh bao|kinh thu|kinh chao|kinh trinh|tran trong)[ .!/]*$")
_LABELLED = re.compile(r"^(mobile|tel|hotline|fax|e-?mail|m|t|cell|zalo|web(site)?) ?[:.]")
_MAIL_NOUN = re.compile(
    r"(thu dien tu|e-?mail|thong diep|tin nhan|noi dung thu|noi dung email|thu|message|communication) (nay|tren)\b|\bthis (e-?mail|message|communication)\b"
)
_SECRECY = re.compile(
    r"(bao mat|tinh mat|chi danh|danh cho (nguoi|ca nhan|rieng)|danh rieng|nham lan|nhan nham|gui nham|vi-?rut|virus|duoc quet|chiu trach nhiem|mien tru|mien trach|quan diem ca nhan|"
    r"confidential|privileged|intended|virus|scanned|liable|disclose)"
)


def is_closing(text: str) -> bool:
    """Say whether a line holds nothing but closing words or thanks, perhaps with the name of who signs."""
    if len(text) > 140:
        return False
    line = flat(text)
    if _CLOSING.match(line) or _WISH.match(line) or _REPORTED.match(line) or _is_english(line):
        return True
    if _GRATITUDE.match(line) and not _MATTER.search(line):
        return True
    named = _CLOSING_NAMED.match(line)
    if not named:
        return False
    rest = text[-len(named["rest"]) :].strip()
    return is_strong(rest) or is_name(rest, loose=True) or bool(_CLOSING.match(named["rest"]))


def _is_english(line: str) -> bool:
    words = line.replace(",", " ").strip(" .!-~").split()
    return (
        1 <= len(words) <= 7
        and all(word in _ENGLISH for word in words)
        and any(word in _ENGLISH_CORE for word in words)
    )


def is_phone_line(text: str) -> bool:
    """Say whether a line is what a phone or programme adds by itself ("Đã gửi từ iPhone của tôi")."""
    return len(text) < 140 and bool(_PHONE_LINE.match(flat(text)))


def is_disclaimer(text: str) -> bool:
    """Say whether a line is what a company or a virus scanner writes under every mail."""
    line = flat(text[:400])
    if _VERB_START.match(line):
        return False
    return bool(_DISCLAIMER.match(line)) or bool(_MAIL_NOUN.search(line) and _SECRECY.search(line))


def is_strong(text: str) -> bool:
    """Say whether a line is a unit's name, a title, or a number labelled as signatures label them, and nothing else."""
    if len(text) > 90:
        return False
    line = flat(text)
    if _LABELLED.match(line) and is_weak(text):
        return True
    if _SIGNED.match(line) or line in ("(da ky)", "da ky", "(ky)", "(ky ten)"):
        return True
    if not (_UNIT.match(line) or _TITLE.match(line)):
        return False
    words = [word.strip(",.;:!?()-") for word in text.lower().split()]
    return (
        len(words) <= 12
        and not any(word in VERB for word in words)
        and not re.search(r"\d{1,2}(h\d{0,2}|/\d|:\d\d|%)|[!?]$", line)
    )


def is_weak(text: str) -> bool:
    """Say whether a line is a telephone number, address or web page: a signature only beside a name or unit."""
    line = flat(text)
    return len(line) <= 120 and bool(_PHONE.match(line) or _NET.match(line) or _PLACE.match(line))


def is_name(text: str, *, loose: bool = False) -> bool:
    """Say whether a line is a person's name, perhaps with a title; ``loose`` also takes a given name alone."""
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


def is_given_name(text: str) -> bool:
    """Say whether a line could be a given name or the initials of a unit alone ("Hữu Thọ", "ĐLCM", "TTĐĐ B26")."""
    if re.fullmatch(r"[A-ZĐ]{2,8}( [A-ZĐ0-9]{2,6})?", text.strip(" .-")):
        return True
    words = text.strip(" .-–—").split()
    return (
        len(words) <= 4
        and is_name(text, loose=True)
        and not any(word.lower() in VERB or word.lower() in _REMARKS for word in words)
    )


def is_lone_name(text: str) -> bool:
    """Say whether a line is one given name, perhaps with "em" before or the unit behind ("Em Hương", "Hương - ĐL Ba Bể")."""
    found = _LONE.fullmatch(text.strip())
    if found is None or not is_given_name(found["name"]) or found["name"].isupper():
        return False
    return not found["unit"] or is_strong(found["unit"]) or is_given_name(found["unit"])


def is_sign(text: str) -> bool:
    """Say whether a line is a name, unit, title, number or address as signatures hold them."""
    return is_strong(text) or is_weak(text) or is_name(text, loose=True) or is_phone_line(text)
