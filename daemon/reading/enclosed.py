"""What an official letter that came as a file says, without its frame; and whether a mail only announces such a file.

The frame is that of Decree 30/2020, Appendix I: letterhead, number, national motto, place and date, addressee, the words
that open an answer, list of recipients and who signs. A letter without such a frame stays as it is. The file itself is
kept with the ticket, so nothing that is taken off here is lost.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from daemon.desk.text import as_written, fold, nfc
from daemon.reading import signature, words
from daemon.reading.lines import Line, flat, plain
from daemon.reading.returned_form import unit_part
from daemon.reading.signoff import AFTERWORD, is_closing, is_strong

_MOST_HEAD = 30  # lines above the first word of a letter: letterhead, motto, subject, addressees
_MOTTO = re.compile(r"^(cong hoa xa hoi chu nghia viet nam|doc lap ?[-–—]? ?tu do)")
_NUMBER = re.compile(r"^so ?:?[ .…]{0,20}[\w/.-]{0,30}$|^so ?: ")
_SUBJECT = re.compile(r"^(v/v|ve viec|trich yeu)\b")
_DATED = re.compile(r"^[^\d.:;]{0,40}, ?ngay[ .…\d]{1,12}thang[ .…\d]{1,12}nam[ .…\d]{1,8}$")
_TITLE = re.compile(r"^(cong van|van ban|phieu|giay|thong bao|bao cao|phuc dap|tra loi)( [^\W\d_]+){0,6}$")
_ADDRESSED = re.compile(r"^(dong )?kinh (gui|thua)\b|^noi nhan ?:? ?phong\b")
_ADDRESSEE = re.compile(
    r"^[-+–—•* ]{0,4}(nhu tren|quy |ong|ba|phong|ban|cong ty|tong cong ty|dien luc|trung tam|lanh dao|giam doc|doi|to|khach hang)\b[^.:!?]{0,110}[.;,]?$"
)
_BASIS = re.compile(r"^[-+–—• ]{0,4}can cu .{5,400}[;,.]$")
_OPENS = re.compile(
    r"\b(tra loi|phuc dap|bao cao|co y kien|thong bao|trinh bay|giai trinh|thong tin)( [^\W\d_]+){0,8} nhu sau ?[:.]?$"
)
_RECIPIENTS = re.compile(
    r"^noi nhan ?[:;]|^nhu tren ?[;.,]|^luu ?: ?(vt|vp|ho so|van thu|phong|p\.|[a-z]{2,6}[,;.]|[a-z]{2,6}$)"
)
_TO_THE_DESK = re.compile(
    r"^((vay|tren day la|do vay|vi vay),? ?)?[^.:;]{0,60}?\b(kinh |xin |tran trong )?(bao cao|de nghi|kinh bao|kinh gui|kinh chuyen|kinh trinh|thong bao|tra loi|gui|bao) "
    r"(de |toi |den |voi |cho )?(quy )?(phong|p\.|cong ty|don vi|giao dich vien)\b[^:;]{0,160}$"
)
_KNOWING = re.compile(
    r"\b(biet|duoc biet|thong bao|tra loi|phuc dap|bao|bao cao|phoi hop|lam co so|tong hop|theo doi|xem xet)\b"
)
_ENCLOSES = re.compile(
    r"\b(dinh kem|kem theo|gui kem|kem thu|kem day|file kem|tep kem|(xem|gui|trong|tai|theo) (\w+ ){0,4}(file|tep|van ban|cong van|to trinh|phieu tra loi|ban scan|ban word|pdf)"
    r"|(gui|tra|chuyen) (\w+ ){0,4}(phieu|ket qua)|phieu (\w+ ){0,4}(dien|ghi|ky)|(dien|ghi|tra loi) (\w+ ){0,2}vao phieu)\b"
)
_ANNEX = re.compile(
    r"\b(bien ban|phu luc|danh sach|bang ke|nhat ky|so do|hinh anh|anh chup|hoa don|thong so|du toan)\b"
)
_TELLS = re.compile(r"\b(dong y|nhat tri|chap thuan|thong nhat|khong|nguyen nhan)\b")
_END_MARK = re.compile(r"\s*\.?\s*/\s*\.?\s*/?\s*\.?\s*$")
_TICKET = re.compile(r"\b[A-Z]{2,6}-\d{4}-\d{4,8}\b")
_TIME = re.compile(r"\d{1,2}(h|:\d\d|/\d)")
_PAPER = re.compile(r"\.(pdf|docx?|rtf|odt|jpe?g|png|tiff?|zip|rar)$")
_BULLET = re.compile(r"^\s*([-+*•–]|\d{1,2}[.)]|[a-zđ][.)])\s")
_SENTENCE_ENDS = tuple(".:;!?…")
_WORD = re.compile(r"[^\W_]+")
# Words by which a line tells something: no addressee, title or basis of a letter has them.
_SAYS = re.compile(
    r"\b(đã|sẽ|đang|không|chưa|bị|do(?! vậy)|vì(?! vậy)|nguyên nhân|đề nghị|đồng ý|nhất trí|chấp thuận)\b",
    re.IGNORECASE,
)
_SUBJECT_AND_MORE = re.compile(r"^(v/v|ve viec|trich yeu)[ :]{0,3}[^:]{5,200}: ?\w")
_FOR_THE_DESK = frozenset(
    _WORD.findall(
        "vay tren day la do vi dien luc doi to truc don vi chung toi xin kinh tran trong bao cao de nghi gui chuyen trinh thong"
        " tra loi den voi cho quy phong p cong ty giao dich vien biet duoc phuc dap phoi hop lam co so tong hop theo doi xem xet"
        " va khach hang ket qua noi dung kip thoi dinh nguoi dan ong ba anh chi nhu nay cua giai quyet kiem tra xac minh viec yeu"
        " cau phan kien lai nhe a giup dl kd gdkh"
    )
)
_ANNOUNCING = _FOR_THE_DESK | frozenset(
    _WORD.findall(
        "em chao file tep van ban phieu so ngay thang nam dinh kem thu email mail tai trong xem chi tiet cu the scan word pdf docx"
        " to trinh bien hinh anh phu luc danh sach cac mot da ky dong dau nay duoi o ve hien truong day du lieu thong tin ho so tai"
        " minh chung ben vui long tham khao lich truong cong van ke vao ghi xong phan phia roi giup"
    )
)
_MATTER = frozenset(_WORD.findall("mat ngung cat dien su co sua doi thoi gian"))
_LETTERED = re.compile(r"\b(tra loi|phuc dap|cong van|van ban|phieu)\b")


def core(letter: str) -> str:
    """Return what a letter says, a paragraph a line; the whole text where nothing is left without the frame.

    Of our own request form that comes back it is what the unit wrote into its part, empty where it wrote nothing.
    """
    if (written := unit_part(letter)) is not None:
        return written
    lines = [line for line in plain(letter) if line.text.strip()]
    body = _without_foot(_without_head(lines))
    said = [text for text in _unwrapped([line.text.strip() for line in body]) if not _is_for_the_desk(text)]
    if not said:
        return letter.strip()
    said[-1] = _ended(said[-1])
    return "\n".join(said)


def only_announces(sentence: str) -> bool:
    """Say whether a sentence of a mail tells no more than that the answer is in a file beside it."""
    folded = flat(_TICKET.sub("", sentence))
    if not _ENCLOSES.search(folded) or _TELLS.search(folded) or _TIME.search(folded):
        return False
    known = _ANNOUNCING | _MATTER if _LETTERED.search(folded) else _ANNOUNCING
    if not _has_only(_TICKET.sub("", sentence), known):
        return False
    return words.answer_score(words.sentences(_ENCLOSES.sub(" ", folded))) <= 1


def _has_only(text: str, known: AbstractSet[str]) -> bool:
    """Say whether a text has no words but those known, names and numbers: then nothing is lost without it."""
    every = _WORD.findall(nfc(text))
    return all(fold(word) in known or _is_named(every, at) for at, word in enumerate(every))


def _is_named(every: Sequence[str], at: int) -> bool:
    word = every[at]
    if any(char.isdigit() for char in word):
        return True
    begins_a_name = at or word.isupper() or (every[1:2] and every[1][0].isupper())
    shouted = all(each.isupper() for each in every)
    return bool(word[0].isupper() and begins_a_name and not shouted and fold(word) not in ("khong", "chua"))


def is_annex(name: str, text: str) -> bool:
    """Say whether a file goes with an answer as its proof (minutes, a list, measurements) and is no answer itself."""
    if unit_part(text) is not None:
        return False
    head = [flat(line) for line in text.split("\n")[:12]]
    if any(_ADDRESSED.match(line) for line in head):
        return False
    return bool(_ANNEX.search(flat(re.sub(r"[_.-]+", " ", name)))) or any(_ANNEX.match(line) for line in head)


def joined(mail: str, files: Sequence[tuple[str, str | None]]) -> str:
    """Return a unit's answer out of its mail and the ``(name, text)`` of the files with it, None for one that cannot be read.

    A sentence that only announces a file is dropped where the file could be read. Minutes and lists are left in their
    file where the mail or a letter has the answer. Where all that is told lies in a scan, the file's name is the answer:
    the unit has answered, and a person reads what.
    """
    read = [(name, text) for name, text in files if text]
    unread = [name for name, text in files if not text and _PAPER.search(name.lower())]
    letters = [core(text) for name, text in read if not is_annex(name, text)]
    own = _without_announcing(mail) if read or unread else mail.strip()
    if not own and not any(letters):
        letters = [core(text) for _, text in read]
    if not own and not any(letters) and unread:
        return f"Nội dung trả lời ở tệp kèm theo: {', '.join(unread)}."
    return "\n".join(text for text in (own, *letters) if text)


def _without_announcing(mail: str) -> str:
    rest = mail
    for sentence in as_written(mail):
        if only_announces(sentence):
            rest = rest.replace(sentence, "", 1)
    lines = [line.strip() for line in rest.splitlines() if line.strip()]
    greets = all(_ADDRESSED.match(flat(line)) or flat(line).startswith(("chao ", "gui ", "dear ")) for line in lines)
    return "" if greets else "\n".join(lines)


def _without_head(lines: list[Line]) -> list[Line]:
    """Leave out what stands above the first sentence: up to the addressees, else every line that is plainly frame."""
    start = _addressed(lines)
    if start is None:
        start = 0
        while start < min(len(lines), _MOST_HEAD) and _is_frame(lines[start].text):
            start += 1
    while start < len(lines) and (_is_subject(lines[start].text) or _is_basis(lines[start].text)):
        start += 1
    opening = _opening(lines, start)
    return lines[opening:]


def _is_subject(text: str) -> bool:
    folded = flat(text)
    return bool(_SUBJECT.match(folded)) and not _SUBJECT_AND_MORE.match(folded)


def _is_basis(text: str) -> bool:
    """A basis is what an answer rests on; one that goes on with what was found is a sentence of the answer."""
    return bool(_BASIS.match(flat(text))) and not _SAYS.search(nfc(text).partition(",")[2])


def _addressed(lines: list[Line]) -> int | None:
    """Return the line after the addressees, None where nobody is addressed in the head."""
    for number, line in enumerate(lines[:_MOST_HEAD]):
        if not _ADDRESSED.match(flat(line.text)):
            continue
        number += 1
        while number < len(lines) and _ADDRESSEE.match(flat(lines[number].text)) and not _speaks(lines[number].text):
            number += 1
        return number
    return None


def _speaks(text: str) -> bool:
    return len(text.split()) > 14 or bool(_SAYS.search(nfc(text))) or words.answer_score(words.sentences(text)) > 1


def _opening(lines: list[Line], start: int) -> int:
    """Leave out "phúc đáp phiếu số …, Điện lực … trả lời như sau:"; it may run over four lines of a PDF."""
    text = ""
    for number in range(start, min(start + 4, len(lines))):
        text = f"{text} {flat(lines[number].text)}".strip()
        if _OPENS.search(text):
            return number + 1 if number + 1 < len(lines) else start
        if text.endswith((".", ";")):
            break
    return start


def _is_frame(text: str) -> bool:
    folded = flat(text)
    shouted = text.isupper() and len(text) > 4 and is_strong(text)
    return bool(
        shouted
        or any(pattern.search(folded) for pattern in (_MOTTO, _NUMBER, _DATED))
        or _is_subject(text)
        or (_TITLE.search(folded) and not _SAYS.search(nfc(text)))
        or set(folded) <= set("-_=*. ")
    )


def _without_foot(lines: list[Line]) -> list[Line]:
    for number, line in enumerate(lines):
        folded = flat(line.text)
        if _RECIPIENTS.match(folded) or (is_closing(_ended(line.text)) and _is_foot(lines[number + 1 :])):
            return signature.strip(lines[:number])
    return signature.strip(lines)


def _is_foot(below: Sequence[Line]) -> bool:
    """Below the closing words stand names, titles and recipients, no sentence."""
    return not any(_speaks(line.text) or _is_note(line.text) for line in below if line.text.lstrip()[:1] != "-")


def _is_note(text: str) -> bool:
    return bool(AFTERWORD.match(flat(text))) or (len(text.split()) > 4 and text.rstrip().endswith("."))


def _unwrapped(lines: list[str]) -> list[str]:
    """Put the lines of one paragraph together that a PDF broke at its margin."""
    widest = max(map(len, lines), default=0)
    out: list[str] = []
    for line in lines:
        if out and _goes_on(out[-1], line, widest):
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return out


def _goes_on(above: str, below: str, widest: int) -> bool:
    if above.endswith(_SENTENCE_ENDS) or _BULLET.match(below):
        return False
    wrapped = 50 <= widest <= 130 and len(above.split("\n")[-1]) >= 0.8 * widest
    return wrapped or below[0].islower()


def _is_for_the_desk(text: str) -> bool:
    """The last words of a letter to the desk: that it may know and tell. Not where they hold a time or another fact."""
    folded = flat(_ended(text)).rstrip(".")
    if not (_TO_THE_DESK.match(folded) and _KNOWING.search(folded)) or re.search(r"\d", folded):
        return False
    return _has_only(_TICKET.sub("", text), _FOR_THE_DESK)


def _ended(text: str) -> str:
    """Return a line without "./.", the mark that ends an official letter."""
    return _END_MARK.sub(".", text) if _END_MARK.search(text) and "/" in text[-6:] else text
