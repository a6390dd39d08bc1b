"""The words by which units answer, put off, ask back or write of something else. Tables of folded Vietnamese; pure.

All patterns are matched against ``lines.flat`` sentences: lower case, no diacritics, single blanks.
"""

import re
import unicodedata

from daemon.reading.lines import MARKS

_DESK = (
    r"(quy phong|phong|cac anh chi|anh chi|anh/chi|cac anh|cac chi|anh|chi|cong ty|pc|gdkh|bo phan|dong chi|phong minh)"
)
_WE = r"(don vi|em|doi|dien luc|dl|ben em|ben minh|chung toi|chung em|toi|minh|b26|phong dieu do|to truc|to)"
_GIVE = (
    r"(cho (em |don vi |doi |ben em |dl |dien luc |chung toi |chung em |b26 )?(biet|xin|hoi|them)|cung cap|bo sung|gui (lai|them|bo sung|giup|cho|so|ma|thong tin)|"
    r"lam ro|noi ro|ghi ro|neu ro|xac nhan|xac minh|kiem tra lai|xem lai|ra soat lai|thong tin (lai|them|ro)|hoi lai|hoi them|lien he lai|xac dinh lai|"
    r"huong dan (don vi|em|ben em)|cho y kien|co y kien|chi dao|bao (lai )?(so|ma|ten|dia chi))"
)
_THING = (
    r"(dia chi|so dien thoai|sdt|so dt|dien thoai|ma kh|ma khach hang|ma khach|ten khach|ho ten|thong tin|so cong to|cong to|vi tri|ten tram|so tram|so cot|"
    r"ngay gio|thoi gian|so hop dong|hop dong|noi dung|anh chup|hinh anh|ban goc|don goc|phieu)"
)
QUESTIONS = (
    (
        3,
        rf"(de nghi|nho|xin|mong|kinh mong|phien|yeu cau|vui long|lam on|kinh de nghi|kinh nho|rat mong) {_DESK}( (gdkh|giao dich khach hang|kd|kinh doanh|vui long|som|giup|minh|ta|lien he khach hang|hoi khach hang|lien he|hoi|trao doi voi khach hang|kiem tra))*( va| de| roi)? {_GIVE}",
    ),
    (
        3,
        r"(nho|xin|de nghi) (hoi|lien he|trao doi).{0,25}khach.{0,25}(giup|de (xin|lay|biet)|cung cap|cho biet|bo sung|xem|xac)",
    ),
    (3, rf"\b{_DESK}( gdkh)?( \w+){{0,2}} (cho|giup) {_WE} (biet|xin|hoi|them|xac nhan)"),
    (3, rf"cho {_WE} (xin|hoi|biet)\b"),
    (
        3,
        rf"\b{_DESK}( gdkh)? (cho (hoi|biet|xin)|xac nhan giup|gui giup|cung cap giup|bo sung giup|kiem tra giup|kiem tra lai giup|hoi lai|hoi giup)",
    ),
    (
        3,
        rf"(de nghi|xin|nho) (cho biet|cung cap|bo sung|gui lai|lam ro|noi ro|xac nhan lai|kiem tra lai|cho xin|thong tin them|gui them|gui bo sung)( them| lai| ro| cu the| chinh xac| giup| so| day du){{0,3}} {_THING}",
    ),
    (
        3,
        r"(khong|chua) (tim thay|tra duoc|tra cuu duoc|xac dinh duoc|tim duoc|ro|thay) .{0,25}(khach hang|ma kh|ma khach|dia chi|ten nay|khach nay|kh nay|khach nao|ho nay|ho nao|so dien thoai|thon nao|tram nao|diem do).{0,160}(de nghi|nho|xin|phong|\?)",
    ),
    (3, rf"(thieu|chua co|khong co|chua du|sai) {_THING}.{{0,140}}(de nghi|nho|xin|bo sung|cung cap|\?)"),
    (
        3,
        r"(khong thuoc|khong nam trong|ngoai) .{0,25}(dia ban|quan ly|pham vi|khu vuc|tham quyen|luoi).{0,160}(chuyen|gui|xem lai|kiem tra lai|xac minh lai|hoi)",
    ),
    (
        3,
        r"(de nghi|nho|xin) (phong|anh chi|chi|anh)?.{0,20}chuyen .{0,30}(cho|sang|toi|den|ve) (dien luc|dl|b26|don vi khac|phong|doi)",
    ),
    (
        3,
        r"(phai khong|dung khong|co phai|hay khong|duoc khong|the nao|o dau|la ai|khi nao|ngay nao|may gio|bao nhieu|thon nao|xa nao|tram nao|ho nao|so nao|luc nao|gi|khong|sao|chua|nao|dau|ai) ?(a|vay|the|nhi|chi|anh|phong|vay a|the a|em)? ?\?",
    ),
    (2, r"\?"),
    (1, r"(xin y kien|cho y kien|cho chi dao|cho huong dan|mong phong|hoi lai phong|xin hoi|cho hoi)"),
)
PARTIALS = (
    (
        2,
        r"da (tiep nhan|nhan)( duoc)?( \w+){0,2} (phieu|yeu cau|thong tin|noi dung|van ban|mail|email|thu|de nghi|cong van|kien nghi|don|chi dao)",
    ),
    (
        2,
        r"^(da nhan( duoc)?|da tiep nhan|nhan roi|da ro|ok( \w+)?|oke|vang|da vang|da xem|da doc|em nhan duoc|nhan duoc roi)( a| nhe| roi| phong| anh| chi| em)*[ .!]*$",
    ),
    (
        2,
        r"(dang|hien) .{0,60}(se|ngay mai|sang mai|chieu nay|chieu mai|mai|tuan sau|cuoi ngay|cuoi gio|dau gio|ngay kia|truoc \d).{0,50}(gui|bao|tra loi|phan hoi|cung cap|cap nhat|thong tin|bo sung|co ket qua)",
    ),
    (
        2,
        r"(se|xin|hen|ngay mai|sang mai|chieu nay|chieu mai|mai|tuan sau|dau tuan|hom sau|cuoi ngay|chieu|truoc \d{1,2} ?[hg]\w*|ngay \d{1,2}[/.-]\d{1,2}\S*|thu \w+( tuan sau)?)( \w+){0,5} (gui|bao|tra loi|bao cao|phan hoi|bo sung|cap nhat|thong tin|cung cap|hoi am|co|gui phong|tong hop)( \w+){0,3} (tiep|sau|not|day du|chinh thuc|ket qua|them|bo sung|con lai|chi tiet|cu the|lai phong|lai sau)",
    ),
    (
        2,
        r"(khi|ngay khi|sau khi|luc|neu) (nao )?(co|da co|xac minh|kiem tra|tong hop|xong|nhan duoc|lam viec)( \w+){0,6}[ ,]{1,3}(don vi |em |doi |chung toi |ben em |dl |dien luc |b26 )?(se |xin )?(bao|gui|tra loi|thong tin|phan hoi|bao cao|thong bao|cap nhat)( \w+){0,3} ?(phong|lai|ngay|sau|tiep|gdkh|ket qua|chinh thuc)",
    ),
    (
        2,
        r"(chua co (ket qua|thong tin|so lieu|ket luan|phuong an|lich|ke hoach cu the)|chua (xac dinh duoc|xac minh duoc|tong hop (xong|duoc)|tra loi duoc|the tra loi|kip|ro nguyen nhan|tim duoc nguyen nhan|kiem tra (duoc|xong)|lien he duoc|du so lieu|thong nhat))",
    ),
    (
        2,
        r"(phan|noi dung|y|cau|muc|viec|van de|nguyen nhan|con)( \w+){0,3} (con lai|thu hai|thu 2|kia|khac|boi thuong|nguyen nhan)?.{0,40}(tra loi sau|bao sau|gui sau|bo sung sau|tra loi tiep|gui tiep|bao cao sau|xin tra loi sau|bao tiep|tiep tuc xac minh|con phai cho|bo sung tiep)",
    ),
    (2, r"(tra loi|bao|gui|bao cao|thong tin|bo sung|phan hoi|cap nhat) (phong )?(sau|tiep|bo sung sau|lai sau)\b"),
    (
        2,
        r"(xin|de nghi|cho)( phong)?( cho)?( phep)?( don vi| em| doi)? ?(lui|gia han|them thoi gian|cham|khat|keo dai|them \w+ ngay|tra loi (cham|muon|sau))",
    ),
    (
        2,
        r"(tra loi|bao cao|bao|thong tin)( \w+){0,2} (truoc mot phan|so bo|buoc dau|tam thoi|nhanh)|(so bo|buoc dau|tam thoi|truoc mat)[ ,:]",
    ),
    (
        2,
        r"(cho|doi|phai cho|con cho|dang cho) (ket qua|y kien|b26|bao cao|nha thau|xac nhan|so lieu|thi nghiem|phe duyet|kiem dinh|cong ty|vat tu|doi|to|hien truong|giam doc)",
    ),
    (
        1,
        r"(dang|hien dang|van dang|con dang|tiep tuc) (\w+ ){0,2}(kiem tra|xac minh|tong hop|xu ly|phoi hop|lam viec|ra soat|thu thap|xin y kien|trinh|khao sat|xem xet|doi chieu|tim hieu|tim nguyen nhan|lam ro|phan tich|tra cuu|cho|lap phuong an|bo tri|cu nguoi|di kiem tra|len phuong an)",
    ),
    (
        1,
        r"(da|se|vua) (giao|cu|phan cong|chi dao|bo tri|chuyen) .{0,50}(kiem tra|xac minh|xem xet|xu ly|lam viec|khao sat)",
    ),
    (
        1,
        r"se (kiem tra|xac minh|ra soat|tong hop|tra loi|bao cao|phan hoi|thong tin lai|bao lai|khao sat|xem xet|lam viec)",
    ),
)
ANSWERS = (
    r"(da|vua) (duoc )?(xu ly|khac phuc|khoi phuc|co dien|thay|dong dien|sua|hoan thanh|lap|kiem tra|huong dan|lien he|lam viec|giai thich|xin loi|tra loi|thong bao|cap dien|dau noi|cat|phat quang|dong lai|giai quyet|ve sinh|dieu chinh|hoan tien|lap phieu|tiep nhan va xu ly)",
    r"nguyen nhan( \w+){0,6} (do|la|vi|tu)\b|^do |\bdo (set|cay|su co|qua tai|dut|chay|no|hong|may bien ap|cong nhan|giong|bao|mua|nhay|thi cong|ton)",
    r"khong (co (ke hoach|lich|viec|su co)|dong y|thuoc truong hop|phat sinh|the (doi|lui|hoan)|phai)",
    r"(dong y|nhat tri|thong nhat|chap thuan|chap nhan|tu choi|khong the)",
    r"(du kien|dong dien|co dien|khoi phuc|cap dien)( \w+){0,5} (luc |vao |truoc |khoang )?\d{1,2} ?[hg:]",
    r"(muc phi|chi phi|so tien|don gia|khoang cach|phi la|tong cong)\b.{0,60}\d",
    r"(ngung|cat|mat|tam ngung|giam)( cung)?( cap)?( dien)?( \w+){0,5} tu \d{1,2}",
    r"(hen|se den|cu)( \w+){0,5} (ngay|luc|sang|chieu|vao) ",
    r"(kem theo|dinh kem|gui kem|theo file|trong file|van ban tra loi|xem file|xem tep)",
    r"(ket qua|cu the|nhu sau|theo (quy dinh|thong tu|ke hoach|lich))",
    r"\d{1,2} ?[h:]\d{0,2}.{0,30}\d{1,2}[/.-]\d{1,2}|\d+ ?(v|kv|km|a|kwh|dong|vnd)\b",
)
_ABSENT = r"(vang mat|nghi phep|di cong tac|nghi om|nghi thai san|khong co mat|ngoai van phong|out of (the )?office|away from (the )?office|on (annual )?leave|di hoc|di vang|nghi le)"
_CONTACT = r"(lien he|goi|tro lai|quay lai|return|contact|truc ban|viec gap|khan cap|so may|tra loi (sau|khi)|phan hoi (sau|khi)|het ngay)"
_MACHINE = (
    r"((thu|email|tin nhan|thong bao|phan hoi|tra loi)( nay)?( la| duoc)?( thu| email)?( gui| tao| tra loi| phan hoi)? tu dong|vui long khong (tra loi|phan hoi|reply)|do not reply|"
    r"automatic(ally)? (reply|response|generated)|auto-?(reply|generated|response)|he thong (tu dong|da (ghi|tiep) nhan))"
)
_INTERNAL = (
    r"(lich (truc|hop|cong tac|lam viec|tuan|giao ban|nghi)|giay moi|moi (hop|du|tham du)|hop giao ban|giao ban|bao cao (tuan|thang|quy|nam|dinh ky|cong tac|ton that|tai chinh|san luong|so ket|tong ket)|"
    r"cong doan|van nghe|hoi thao|hoi nghi|tap huan|dao tao|boi huan|thi nang bac|sinh nhat|chuc mung|hieu hi|dam (cuoi|tang)|quyen gop|ung ho|the thao|bong (da|chuyen)|thi dau|thong bao nghi|bao (duong|tri) (he thong|phan mem|may chu)|"
    r"nang cap (phan mem|he thong|may chu)|kiem ke|vat tu|cham cong|bang luong|an ca|dong phuc|kham suc khoe|khuyen mai|quang cao|uu dai|giam gia|ban tin|bang tin|newsletter|"
    r"(gui )?(cac|toan the) (phong|don vi|dong chi|cbcnv|anh chi em)|toan (the|don vi|cong ty)|tuan \d{1,2}\b|kpi|chi tieu|so lieu ton that|thoi tiet|phong chong (bao|thien tai)|an toan ve sinh|huan luyen|dang (vien|bo|uy)|chi bo|doan thanh nien|"
    r"du lich|nghi mat|thi dua|khen thuong|van ban (so|chi dao)|quyet dinh (so|ve)|ke hoach (thang|quy|nam|tuan|lam viec|kiem tra)|dang ky (du|tham gia|com|xe)|phan mem|mat khau|tai khoan|wifi|may in|xe o to|cccd|ho so (dang|nhan su)|trung thuong|vay von|lai suat|hoa don (vat|mua)|bao gia|san pham|khoa hoc)"
)
_ABOUT = (
    r"(khach hang|khach\b|\bkh\b|ma kh|phieu (yeu cau|so|cua|tiep nhan|kiem dinh)|ma phieu|kien nghi|khieu nai|phan anh|cong to|tra loi (phong|yeu cau|phieu|don|kien nghi)|"
    r"ho (gia dinh|ong|ba)|ong [a-z]+|ba [a-z]+|nha (ong|ba)|yeu cau cua|de nghi cua|mat dien|su co|hop dong mua ban)"
)
_PASSED = r"^(chuyen|kinh chuyen|gui|kinh gui|chuyen tiep|forward|fyi|nho|de nghi)\b.{0,80}(phoi hop|xu ly|giai quyet|kiem tra|xem|biet|tra loi|thuc hien|b26|dl|dien luc|doi|to)"


def _compiled(rows: tuple[tuple[int, str], ...]) -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((weight, re.compile(pattern)) for weight, pattern in rows)


_QUESTIONS, _PARTIALS = _compiled(QUESTIONS), _compiled(PARTIALS)
_ANSWERS = tuple(re.compile(pattern) for pattern in ANSWERS)
_CODE = re.compile(r"(?<![A-Za-z0-9])P[A-Za-z]\d{2}[A-Za-z0-9 .-]{2,4}\d[\d .-]{5,9}\d(?!\d)")


def sentences(text: str) -> str:
    """Return a text folded for these tables, one sentence a line."""
    plain = unicodedata.normalize("NFD", text.lower()).translate(MARKS)
    rows = (" ".join(row.split()) for row in re.split(r"(?<=[!?;])\s+|(?<=[^\d\s]\.)\s+|\n", plain))
    return "\n".join(row[:600] for row in rows if row)


def question_score(text: str) -> int:
    """How clearly sentences ask the desk for something, 0 to 3."""
    return max(
        (_best(_QUESTIONS, row) for row in text.split("\n") if not _FOR_CUSTOMER.search(row) or "?" in row), default=0
    )


_FOR_CUSTOMER = re.compile(
    r"(de nghi|nho|xin|mong) (quy )?(phong|anh chi|cong ty)?( gdkh)? ?(\w+ ){0,2}(thong bao|tra loi|giai thich|huong dan|xin loi|phan hoi|bao (lai )?(cho )?|chuyen loi|thong tin|tuyen truyen)( lai)?( den| cho| toi| voi)? ?(quy )?(khach|kh\b|ong|ba|ho)"
)


def partial_score(text: str) -> int:
    """How clearly sentences put off the rest of the answer or only say that the request arrived, 0 to 2 or more."""
    return max((_best(_PARTIALS, row) for row in text.split("\n")), default=0)


def answer_score(text: str) -> int:
    """How many kinds of facts a text tells."""
    return sum(any(pattern.search(row) for row in text.split("\n")) for pattern in _ANSWERS)


def _best(rows: tuple[tuple[int, re.Pattern[str]], ...], text: str) -> int:
    return max((weight for weight, pattern in rows if pattern.search(text)), default=0)


def is_absence_note(text: str) -> bool:
    """Say whether a text is an absence note or another machine's answer that no header announced."""
    head = " ".join(text[:700].split())
    if re.search(_MACHINE, head):
        return True
    absent = re.search(_ABSENT, head[:350])
    return bool(
        absent
        and re.search(_CONTACT, head)
        and len(text) < 600
        and re.search(r"\b(toi|em|minh|i am|i will|i'm|chung toi)\b", head[: absent.start() + 5])
    )


def is_internal(text: str) -> bool:
    """Say whether a text is about the office itself: rosters, meetings, newsletters, offers."""
    return bool(re.search(_INTERNAL, text))


def is_about_ticket(text: str) -> bool:
    """Say whether a text speaks of a customer, a request or a fault."""
    return bool(re.search(_ABOUT, text))


def is_passed_on(text: str) -> bool:
    """Say whether a text hands a matter to somebody else."""
    return bool(re.match(_PASSED, text))


def has_code(text: str) -> bool:
    """Say whether a text holds something like a customer code."""
    return bool(_CODE.search(text[:20_000]))
