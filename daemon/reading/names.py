"""The customer's name in a text: a person or an organisation, copied as written.

Looks at what people say of themselves (``tôi là …``), what an agent notes (``chị … ở …``), fields of forms, words beside
the phone number, and the signature. Surnames, titles and first words of organisations are configuration.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from daemon.desk.rules import NameRules
from daemon.desk.text import fold, fold_aligned, squeeze
from daemon.reading.organisations import Organisations
from daemon.reading.people import LONGEST, Name, People, given_name, stops
from daemon.reading.places import PlaceHit
from daemon.reading.tokens import Words, split

_SELF = re.compile(
    r"(?:^|[\s,.(;:\-–!])(?:(?:toi|em|minh|chau|con|anh|chi|ten toi|ten em|ten minh|toi ten|em ten|minh ten|chau ten|ten|toi la|em la|ho ten)\s)"
    r"(?:la|ten la|ten|:)\s*:?\s*"
)
_PLAIN = re.compile(r"(?:^|[\s,.(;:\-–!])(?:toi|em|minh|chau|con|ten|chung toi)\s")
_FIELD = re.compile(
    r"(?:^|\n|[;|,.]\s)[ \t\-*+•]*(?:ho va ten|ho ten|ten khach hang|ten kh|khach hang|nguoi gui|nguoi yeu cau|nguoi bao|nguoi lien he|chu ho|ten chu ho|ten|"
    r"nguoi lam don|nguoi de nghi|nguoi viet|nguoi viet don|kh|ten toi la|toi ten la|toi la|don vi|ten don vi|nguoi phan anh|nguoi kien nghi|hoten|ho ten nguoi gui)\s?(?:\([^)\n]{0,20}\))?\s?:[ \t]*"
)


_APART = re.compile(r"(?:^|[.;:\-–!\n]\s?)(?:toi|em|minh|chau|chung toi)\s?[,:\-–]\s?")


_LABELS = frozenset({"dt", "sdt", "so", "dien", "thoai", "lien", "he", "lh", "tel", "may"})
_OF_HAMLETS = frozenset({"na", "khuoi", "ban", "pac", "lung", "coc", "thom", "phieng", "phja", "keo"})
_LONGEST_GIVEN = 7  # letters, as in «Nghiêng»
_NO_NAMES = frozenset(
    {"cam on", "xin cam", "tran trong", "dien luc", "hot line", "goi lai", "mat dien", "khan cap", "kinh gui"}
)


class NameFinder:
    """Finds names by the rules of the configuration."""

    def __init__(self, rules: NameRules) -> None:
        self._people = People(rules)
        self._organisations = Organisations(rules)
        self._ends = tuple(fold(end) for end in rules.ends)
        self._last_words = frozenset(end.split()[-1] for end in self._ends if end)

    def find(
        self, words: Words, hits: Sequence[PlaceHit], beside: Iterable[tuple[int, int]], note: bool
    ) -> tuple[Name, ...]:
        """Return the names that may be the customer's, the surest first; ``note`` says that an agent wrote the text."""
        folded = fold_aligned(words.text)
        found = [
            *self._said(words, folded, hits),
            *self._organisations.find(words, hits),
            *self._titled(words, hits, note),
            *self._signed(words, hits),
            *self._beside(words, hits, beside),
        ]
        return tuple(sorted(self._represented(words, found), key=lambda name: (-name.confidence, name.start)))

    def sender(self, name: str) -> Name | None:
        """Return the display name of a mail's sender if it is a full name or an organisation's, else None."""
        words = split(squeeze(name.replace('"', " ")))
        if not words.words:
            return None
        body = self._organisations.at(words, 0, (), 0.72) if self._organisations.head_at(words, 0) else None
        found = body or self._person(words, len(self._people.title_at(words, 0)), (), strict=True)
        whole = found is not None and found.end == words.words[-1].end and len(found.text.split()) >= 2
        return replace(found, confidence=0.72, reason="tên người gửi thư") if found is not None and whole else None

    def _represented(self, words: Words, found: list[Name]) -> list[Name]:
        """Who signs for an organisation that asks is not the customer; who says «tôi là …» is."""
        bodies = [name.start for name in found if name.organisation and name.confidence >= 0.75]
        return [
            replace(name, confidence=name.confidence - 0.25)
            if name.reason == "chữ ký" and any(start < name.start for start in bodies)
            else name
            for name in found
        ]

    def _person(self, words: Words, index: int, hits: Sequence[PlaceHit], strict: bool) -> Name | None:
        name = self._people.person(words, index, hits, strict)
        if name is None or (
            self._organisations.head_at(words, index) and not self._people.is_surname(words.words[index])
        ):
            return None
        return name

    def _said(self, words: Words, folded: str, hits: Sequence[PlaceHit]) -> list[Name]:
        found = []
        for pattern, sure, why in (
            (_FIELD, 0.96, "ô họ tên"),
            (_SELF, 0.95, "tự giới thiệu"),
            (_PLAIN, 0.9, "tự xưng tên"),
            (_APART, 0.9, "tự xưng tên"),
        ):
            for match in pattern.finditer(folded):
                index = words.at(match.end())
                if index >= len(words.words) or words.words[index].start - match.end() > 3:
                    continue
                head = self._organisations.head_at(words, index)
                if head and (name := self._organisations.at(words, index, hits, 0.93)):
                    found.append(name)
                    continue
                alone = pattern in (_PLAIN, _APART)
                name = self._person(words, index, hits, strict=alone)
                if name is not None and (not alone or len(name.text.split()) >= 2):
                    good = sure if len(name.text.split()) >= 2 else sure - 0.15
                    found.append(Name(name.start, name.end, name.text, False, good, why))
        return found

    def _titled(self, words: Words, hits: Sequence[PlaceHit], note: bool) -> list[Name]:
        found = []
        for index in range(len(words.words)):
            for title in self._people.titles_from(words, index):
                span = words.words[index : index + len(title)]
                if tuple(word.fold for word in span) != title or any(
                    h.start < span[-1].end and span[0].start < h.end for h in hits
                ):
                    continue
                name = self._person(words, index + len(title), hits, strict=True)
                if name is None and words.cased:
                    name = self._past_work(words, index + len(title), hits)
                if name is None and note and not words.cased:
                    name = given_name(words, index + len(title))
                if name is not None and not _touches(words, index + len(title)):
                    sure = 0.9 if note else 0.74
                    sure -= 0.12 if len(name.text.split()) == 1 else 0.0
                    sure -= 0.25 if self._is_ours(words, index) else 0.0
                    found.append(
                        Name(name.start, name.end, name.text, False, sure - 0.0001 * index, "xưng hô trước tên")
                    )
                break
        return found

    def _past_work(self, words: Words, index: int, hits: Sequence[PlaceHit]) -> Name | None:
        """Between a title and the full name may stand what the person does: «anh thợ xây Vi Văn Nhất»."""
        for step in range(index, min(index + 3, len(words.words) - 1)):
            word = words.words[step]
            leads = words.words[step - 1].fold in ("chu", "pho", "truong")  # «chủ nhà nghỉ», «phó bản»
            if word.capital or not word.raw.isalpha() or words.between(step).strip(" "):
                return None
            if stops(words, word) and not leads:
                return None
            if words.words[step + 1].capital:
                name = self._person(words, step + 1, hits, strict=True)
                return name if name is not None and len(name.text.split()) >= 2 else None
        return None

    def _is_ours(self, words: Words, index: int) -> bool:
        before = " ".join(word.fold for word in words.words[max(0, index - 4) : index])
        return (
            re.search(r"\b(tho|nhan vien|kinh gui|gui|can bo dien luc|cam on|khen|gap|lien he)\b", before) is not None
        )

    def _signed(self, words: Words, hits: Sequence[PlaceHit]) -> list[Name]:
        """A name alone on one of the last lines, or behind a closing formula, is the signature."""
        found: list[Name] = []
        lines = [line for line in re.finditer(r"[^\n]+", words.text) if line.group().strip()]
        if len(lines) < 2:
            return found
        for back, line in enumerate(reversed(lines[-6:])):
            first, end = words.at(line.start()), min(words.at(line.end()), words.at(line.start() + 200) + 2)
            for index in range(first, end):
                if index != first and not self._closes(words, index, line.start()):
                    continue
                name = self._whole(words, index, line.end(), hits)
                if name is not None:
                    found.append(Name(name.start, name.end, name.text, False, 0.9 - 0.02 * back, "chữ ký"))
                    break
        return found

    def _closes(self, words: Words, index: int, start: int) -> bool:
        if words.words[index - 1].fold not in self._last_words:
            return False  # most words are told by this one look
        before = fold(words.text[start : words.words[index].start]).strip(" .,:;-–!()")
        return before.endswith(self._ends)

    def _whole(self, words: Words, index: int, end: int, hits: Sequence[PlaceHit]) -> Name | None:
        """A person's name that fills its line up to a phone number, a code or the end."""
        title = self._people.title_at(words, index)
        name = self._person(words, index + len(title), hits, strict=True)
        if name is None or len(name.text.split()) < 2:
            return None
        rest = words.text[name.end : end].strip(" .,:;-–()")
        if rest and not re.match(r"[\d+(]|(?:sdt|đt|dt|số|so|điện|dien|ma|mã|PA|tel|email|,)", rest, re.IGNORECASE):
            return None
        return name

    def _beside(self, words: Words, hits: Sequence[PlaceHit], beside: Iterable[tuple[int, int]]) -> list[Name]:
        """A name right before or behind a phone number or at the very end of a message."""
        found = []
        for position, behind in beside:
            name = self._before(words, position, hits)
            if name is not None:
                found.append(
                    Name(
                        name.start,
                        name.end,
                        name.text,
                        False,
                        0.85 if len(name.text.split()) > 1 else 0.65,
                        "cạnh số điện thoại",
                    )
                )
            else:
                found += self._given_before(words, position, hits)
            after = self._behind(words, behind, hits)
            if after is not None:
                found.append(
                    Name(
                        after.start,
                        after.end,
                        after.text,
                        False,
                        0.78 if len(after.text.split()) > 1 else 0.66,
                        "sau số điện thoại",
                    )
                )
        for start, end in words.sentences:
            index = words.at(start)
            if index < len(words.words) and words.words[index].start < end:
                name = self._sentence(words, index, end, hits)
                if name is not None:
                    found.append(name)
        last = self._before(words, len(words.text), hits)
        if last is not None and len(last.text.split()) >= 2:
            found.append(Name(last.start, last.end, last.text, False, 0.8, "cuối văn bản"))
        return found

    def _given_before(self, words: Words, position: int, hits: Sequence[PlaceHit]) -> list[Name]:
        """Two given names that stand alone between a sentence's end and the phone number: «… có điện? Lan Anh, đt 09…»."""
        last = _without_labels(words, position)
        if not words.cased or last < 1:
            return []
        one, two = words.words[last - 1], words.words[last]
        written = words.text[one.start : two.end]
        alone = (
            last < 2
            or bool(set(words.between(last - 2)) & set(".?!;\n"))
            or one.sentence != words.words[last - 2].sentence
        )
        given = all(
            word.raw.isalpha() and word.raw.istitle() and len(word.raw) <= _LONGEST_GIVEN and not stops(words, word)
            for word in (one, two)
        )
        other = (
            words.between(last - 1) != " "
            or any(hit.start < two.end and one.start < hit.end for hit in hits)
            or self._organisations.head_at(words, last - 1)
            or self._people.title_at(words, last - 1)
            or one.fold in _OF_HAMLETS
            or fold(written) in _NO_NAMES
            or fold(written).endswith(self._ends)
        )
        return (
            [Name(one.start, two.end, written, False, 0.74, "tên đứng trước số điện thoại")]
            if alone and given and not other
            else []
        )

    def _sentence(self, words: Words, index: int, end: int, hits: Sequence[PlaceHit]) -> Name | None:
        """A sentence that begins with a full name followed by a comma, a bracket, a dash or a place."""
        title = self._people.title_at(words, index)
        name = self._person(words, index + len(title), hits, strict=True)
        if name is None or len(name.text.split()) < 2:
            return None
        rest = words.text[name.end : end]
        if not rest.strip() or re.match(r"\s*[,(\-–]|\s+(?:o|ở|tai|tại|thôn|thon|xã|xa|tổ|to|trú|tru)\b", rest):
            sure = 0.82 if rest.strip() else 0.8
            return Name(name.start, name.end, name.text, False, sure, "tên đứng đầu câu")
        return None

    def _before(self, words: Words, position: int, hits: Sequence[PlaceHit]) -> Name | None:
        last = _without_labels(words, position)
        for length in range(min(LONGEST, last + 1), 0, -1):
            index = last - length + 1
            name = self._person(words, index, hits, strict=True)
            if name is None or name.end != words.words[last].end:
                continue
            if length == 1 and not self._people.after_title(words, index):
                continue
            return name
        return None

    def _behind(self, words: Words, position: int, hits: Sequence[PlaceHit]) -> Name | None:
        index = words.at(position)
        if index >= len(words.words) or words.words[index].start - position > 6:
            return None
        gap = words.text[position : words.words[index].start]
        name = self._person(words, index, hits, strict=True)
        if name is None or "\n" in gap or not (len(name.text.split()) > 1 or "(" in gap or "-" in gap):
            return None
        return name


def _without_labels(words: Words, position: int) -> int:
    """Return the index of the last word before a phone number that does not name it: «sđt», «liên hệ số»."""
    last = words.at(position) - 1
    while last >= 0 and words.words[last].fold in _LABELS and words.words[last].end > position - 40:
        last -= 1
    return last


def _touches(words: Words, index: int) -> bool:
    """True if a comma or more stands between a title and what follows."""
    return bool(words.between(index - 1).strip(" "))
