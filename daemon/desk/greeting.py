"""The greeting at the head of a letter to the desk, which is not meant for the next reader, and our number beside it.

A unit's greeting is not for the customer who is answered, nor the customer's for the unit that is asked; and the number
that a unit repeats ("Phiếu PCBK-2026-000017: …") stands on the letter already. Does not touch what follows: whether a unit's words suit a customer is for the person who releases the answer.
"""

import re

from daemon.desk.text import fold_aligned, nfc

_OPENER = (
    r"(?:dong )?(?:kinh gui|kinh thua|kinh chao|than gui|dear|xin chao|chao"
    r"|(?:gui|thua)(?= (?:cac |quy )?(?:anh|chi|em|co|chu|bac|ong|ba|phong|gdkh)\b))"
)
_NUMBERED = re.compile(
    r"\s*(?:(?:tra loi|phuc dap|v/v|ve|viec|yeu cau|so|ma|phieu|tiep nhan|mstn)[\s:]+){0,6}"
    r"[\[(]?[a-z]{2,6}-\d{4}-\d{4,8}[\])]?(?:\s?\((?:cua |khach hang |kh |ho |ong |ba |anh |chi )[^()\n]{1,60}\))?\s*[:.,;–-]+\s+"
)
_REPORTS = re.compile(r"\s*(?:xin |em )?bao (?:cao )?(?:ket qua|phong(?: \w+){0,3}|p\.? ?gdkh|gdkh)\s*:\s+")
_HEAD = re.compile(rf"\s*{_OPENER}\b\s*:?\s*(?P<rest>[^,.:;!?\n]{{0,80}})(?P<end>[,.:;!]+|(?=\n)|$)\s*")
_LINE = re.compile(rf"\s*{_OPENER}\b(?P<rest>[^\n]{{0,110}})\n\s*")
_CALLED = re.compile(
    r"\s*(?:dong chi|anh chi|anh|chi|em|co|chu|bac|ong|ba|ban|sep|phong|cac)(?: [^\W\d]+){0,3} oi\b\s*(?:[,.:;!]+\s*|\n\s*)"
)
_INNER = re.compile(r"[,:;]\s+")
_FORMAL = re.compile(r"\s*(?:dong )?(?:kinh|than|dear)")
_FORMAL_WORDS, _PLAIN_WORDS = 14, 6
_TAIL_WORDS = 4  # so many words behind a comma are more than a name or a title
_MOST = 3
# Words that belong to a sentence and to no addressee; with their tones, since "co" may be "cô" and "da" may be "Đà".
_SENTENCE = re.compile(
    r"\b(?:tôi|đã|đang|bị|chưa|xin|đề nghị|báo cáo|trả lời|kiểm tra|kết quả|biên bản|không|được|về việc|cho biết|hỏi|mất điện|cúp điện|cắt điện"
    r"|de nghi|tra loi|kiem tra|nha toi|mat dien|cup dien|cat dien|cho biet)\b"
)


def without_greeting(text: str) -> str:
    """Return a letter without the greetings it begins with; one that is nothing else stays as it is."""
    whole = left = nfc(text)
    for _ in range(_MOST):
        end = _end(left, fold_aligned(left))
        if not end or not left[end:].strip():
            break
        left = left[end:]
    return text if left == whole else left[:1].upper() + left[1:]


def _end(text: str, folded: str) -> int:
    """Return where the first greeting ends, 0 where there is none: a whole line, else up to its first stop."""
    for opening in (_NUMBERED, _CALLED, _REPORTS):
        if found := opening.match(folded):
            return found.end()
    line = _LINE.match(folded)
    most = _FORMAL_WORDS if _FORMAL.match(folded) else _PLAIN_WORDS
    if line and len(line[0].split()) <= most and not _says_more(text[line.start("rest") : line.end("rest")]):
        return line.end()
    head = _HEAD.match(folded)
    if head is None or not head["end"] or len(head[0].split()) > most:
        return 0
    return 0 if _SENTENCE.search(text[head.start("rest") : head.end("rest")].lower()) else head.end()


def _says_more(rest: str) -> bool:
    """Say whether something other than a name follows the greeting on its line."""
    parts = _INNER.split(rest.strip(" :"))
    return any(len(part.split()) >= _TAIL_WORDS for part in parts[1:]) or bool(_SENTENCE.search(rest.lower()))
