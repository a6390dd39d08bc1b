"""What a customer's request says: one reading of a text with every field, how sure, why, and what to ask a person.

Puts the other modules of this room together. Nothing is decided silently: what is unsure stands in ``check``, what is
contradictory in ``questions``. Knows no ticket, no database, no clock: the time of receipt is handed in.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from daemon.desk.legacy import mend
from daemon.desk.rules import FORMS, ReadingRules
from daemon.desk.text import fold_aligned
from daemon.desk.ticket import Besides
from daemon.reading import outage
from daemon.reading.address import Address, find_addresses, follows, labelled_address
from daemon.reading.besides import besides
from daemon.reading.fields import CodePattern, Piece, find_mails, find_phones
from daemon.reading.kind import Cues, KindScale, Letter, Weighed
from daemon.reading.names import NameFinder
from daemon.reading.new_time import wished
from daemon.reading.own_words import own_words
from daemon.reading.people import Name
from daemon.reading.places import Gazetteer, PlaceHit, UnitGuess
from daemon.reading.tokens import Words, bounded, split

CODE_PATTERN = r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}"
DISPATCH = "B26"
ASKED_WINDOW = "asked_window"
"""The time asked about, where it cannot be meant: the one field that only a question tells of."""

_SET_ASIDE = 0.85
"""Below this a letter that looks like no request is shown to a person: a customer set aside is the dearest slip."""

_SPEAKS = 0.6
"""From here on a person named in an organisation's letter is its contact."""

Asked = tuple[str | None, dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class RequestReading:
    """What one request says. ``None`` means that the text does not say it, or not clearly enough.

    ``confidence`` is 0 to 1 and ``reasons`` the words that led to the value, both by field name. ``check`` names the
    fields that a person must confirm, ``questions`` says in Vietnamese what is unclear. ``asked_outage`` is the place
    text and the window of an outage that the customer asks about, for the look-up in the outage plan. ``besides`` is what
    else the letter asks, of another kind; ``contact`` the person who writes for the organisation that ``name`` is.
    """

    category: str
    unit: str | None = None
    name: str | None = None
    customer_code: str | None = None
    phone: str | None = None
    address: str | None = None
    outage_start: dt.datetime | None = None
    wanted_reply: str | None = None
    danger: bool = False
    answerable_now: bool = False
    email: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    check: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    asked_outage: Asked | None = None
    besides: tuple[Besides, ...] = ()
    contact: str | None = None


class _Notes:
    """What is gathered while one text is read."""

    def __init__(self) -> None:
        self.confidence: dict[str, float] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.questions: list[str] = []
        self.ask: set[str] = set()

    def put(self, name: str, confidence: float, reasons: Sequence[str] = (), questions: Sequence[str] = ()) -> None:
        self.confidence[name] = round(confidence, 3)
        self.reasons[name] = tuple(reason for reason in reasons if reason)
        for question in questions:
            if question not in self.questions:
                self.questions.append(question)
            self.ask.add(name)


class RequestReader:
    """Reads requests by the rules and places of the configuration. Holds no state between texts."""

    def __init__(self, gazetteer: Gazetteer, rules: ReadingRules, code_pattern: str = CODE_PATTERN) -> None:
        self._gazetteer = gazetteer
        self._rules = rules
        self._codes = CodePattern(code_pattern)
        self._names = NameFinder(rules.names)
        self._kind = KindScale(rules.kind)
        self._reply_cues, self._danger_cues, self._answerable_cues = map(
            Cues, (rules.reply, rules.danger, rules.answerable)
        )

    def read(
        self,
        *,
        channel: str,
        received: dt.datetime,
        subject: str | None,
        text: str,
        sender: str | None = None,
        sender_name: str | None = None,
        answers: bool = True,
    ) -> RequestReading:
        """Read one request; ``received`` is aware. Of a text over 20,000 characters its beginning and end are read.

        ``answers`` says that a mail's text may still hold what it answers to, which is then left out.
        """
        subject = mend(bounded(subject or "")) or None
        text = mend(bounded(text))
        text = own_words(text, subject) if channel == "email" and answers else text
        notes = _Notes()
        words, title = split(text), split(subject or "")
        code, codes = self._code(text, subject, notes)
        phones = find_phones(text, self._rules.phones.old_prefixes, codes)
        phone = self._phone(text, phones, channel, sender, notes)
        hits = self._gazetteer.find_words(words)
        names = self._names.find(words, hits, _spans((*phones, *codes)), channel == "phone_note")
        letter = self.letter(title, words, channel, hits, names)
        weighed, rest = besides(letter, self._kind.weigh(letter), self._kind)
        doubt = weighed.winner == "not_a_request" and weighed.confidence < _SET_ASIDE
        asked_kind = ("Có vẻ không phải yêu cầu nhưng chưa chắc: xem lại trước khi bỏ qua.",) if doubt else ()
        notes.put("category", weighed.confidence, weighed.reasons(weighed.winner), asked_kind)
        name = self._name(names, notes, sender_name)
        address = self._address(text, hits, [one for one in names if one.organisation], notes)
        address = _without_name(address, name if name in names else None)
        start = self._outage_start(text, received, subject, weighed, notes)
        reply = self._reply(letter, notes)
        unit = self._unit(weighed, hits, title, code, notes)
        danger = self._danger(letter, weighed, notes)
        asked = self._asked(text, subject, received, weighed, address, start, notes)
        return RequestReading(
            category=weighed.winner,
            unit=unit,
            name=name.text if name else None,
            customer_code=code,
            phone=phone,
            address=address.text if address else None,
            outage_start=start,
            wanted_reply=reply,
            danger=danger,
            answerable_now=self._answerable(letter, weighed, asked, received, notes),
            email=self._email(text, sender),
            confidence=notes.confidence,
            reasons=notes.reasons,
            check=self._check(notes, weighed.winner),
            questions=tuple(notes.questions),
            asked_outage=asked,
            besides=rest,
            contact=_contact(names, name),
        )

    def letter(
        self, subject: Words, text: Words, channel: str, hits: Sequence[PlaceHit], names: Sequence[Name]
    ) -> Letter:
        """Return the letter as the kind is weighed by: names and places are masked, they say nothing of the kind."""
        inside = [(hit.start, hit.end) for hit in hits]
        inside += [(name.start, name.end) for name in names if not name.organisation and name.confidence >= 0.6]
        title = [(hit.start, hit.end) for hit in self._gazetteer.find_words(subject)]
        return Letter(subject, text, channel, self._rules.short_forms, (title, inside))

    def _code(self, text: str, subject: str | None, notes: _Notes) -> tuple[str | None, tuple[Piece, ...]]:
        pieces = self._codes.find(text)
        found = pieces or self._codes.find(subject or "")
        whole = [piece for piece in found if piece.value]
        questions = [piece.question for piece in found if piece.question]
        values = list(dict.fromkeys(piece.value for piece in whole))
        if len(values) > 1:
            questions.append(f"Văn bản có nhiều mã khách hàng ({', '.join(values)}): mã nào đúng?")
        if not values:
            notes.put("customer_code", 0.3 if questions else 0.97, (), questions)
            return None, pieces
        notes.put(
            "customer_code", min(whole[0].confidence, 0.5 if len(values) > 1 else 1.0), (whole[0].value,), questions
        )
        return values[0], pieces

    def _phone(self, text: str, found: Sequence[Piece], channel: str, sender: str | None, notes: _Notes) -> str | None:
        phones = self._not_ours(found)
        if not phones and channel == "sms" and sender:
            phones = self._not_ours(find_phones(sender, self._rules.phones.old_prefixes))
        if not phones:
            notes.put("phone", 0.95)
            return None
        best = max(phones, key=lambda piece: (round(piece.confidence, 1), piece.start))
        others = {piece.value for piece in phones if abs(piece.confidence - best.confidence) < 0.3} - {best.value}
        sure = min(best.confidence, 0.6) if others else best.confidence
        asked = (
            [f"Văn bản có nhiều số điện thoại ({', '.join(sorted({best.value, *others}))}): số nào của khách?"]
            if others
            else []
        )
        if best.confidence < 0.45:
            notes.put("phone", 0.6)
            return None
        notes.put("phone", sure, (text[best.start : best.end].strip(),), asked)
        return best.value

    def _not_ours(self, phones: Iterable[Piece]) -> list[Piece]:
        return [phone for phone in phones if phone.value not in self._rules.phones.own]

    def _address(self, text: str, hits: Sequence[PlaceHit], bodies: Sequence[Name], notes: _Notes) -> Address | None:
        """A place in an organisation's name is its address only with its kind (``UBND xã …``), and if there is no other.

        One that goes on behind the name is a place like any: ``cạnh trường tiểu học xã A, huyện B``.
        """
        inside = {hit for hit in hits if any(one.start < hit.end and hit.start < one.end for one in bodies)}
        folded = fold_aligned(text)
        inside -= {
            one for one, after in pairwise(hits)
            if one.kind is not None and one.level == "commune" and after not in inside and follows(folded, one, after)
        }  # fmt: skip
        free = tuple(hit for hit in hits if hit not in inside)
        named = tuple(hit for hit in inside if hit.kind is not None and hit.level == "commune")
        found = find_addresses(text, free) or find_addresses(text, sorted(named, key=lambda hit: hit.start))
        label = labelled_address(text)
        if label is not None:
            within = [one for one in found if label[0] <= one.start < label[1] or one.start <= label[0] < one.end]
            written = text[label[0] : label[1]].strip(" ,.;")
            if within or len(written.split()) >= 2:
                one = Address(label[0], label[1], written, within[0].hits if within else (), 0.95 if within else 0.7)
                notes.put("address", one.confidence, (written,))
                return one
        if not found:
            notes.put("address", 0.85)
            return None
        best = max(
            found, key=lambda one: (len(one.hits) + (one.start < one.hits[0].start) * 1.5 + one.confidence, -one.start)
        )
        others = {one.text for one in found if not _same_place(one, best)}
        sure = best.confidence * best.hits[0].confidence * (0.8 if others else 1.0)
        notes.put("address", sure, (best.text,))
        return best

    def find_names(self, words: Words, hits: Sequence[PlaceHit], channel: str) -> tuple[Name, ...]:
        """Return the names in a text, the customer's likeliest first."""
        codes = self._codes.find(words.text)
        phones = find_phones(words.text, self._rules.phones.old_prefixes, codes)
        return self._names.find(words, hits, _spans((*phones, *codes)), channel == "phone_note")

    def _name(self, found: Sequence[Name], notes: _Notes, sender_name: str | None) -> Name | None:
        if not found or found[0].confidence < 0.6:
            sender = self._names.sender(sender_name) if sender_name else None
            notes.put("name", sender.confidence if sender else 0.8, (sender.reason,) if sender else ())
            return sender
        best = found[0]
        others = [one for one in found[1:] if one.confidence > best.confidence - 0.1 and not _overlap(one, best)]
        differ = any(
            one.text.lower() not in best.text.lower() and best.text.lower() not in one.text.lower() for one in others
        )
        notes.put("name", best.confidence * (0.8 if differ else 1.0), (f"{best.reason}: «{best.text}»",))
        return best

    def _outage_start(
        self, text: str, received: dt.datetime, subject: str | None, weighed: Weighed, notes: _Notes
    ) -> dt.datetime | None:
        if weighed.winner != "outage_time_change":
            return None
        moment = outage.outage_start(text, received, subject)
        notes.put("outage_start", moment.confidence, moment.reasons, moment.questions)
        return moment.value

    def _reply(self, letter: Letter, notes: _Notes) -> str | None:
        weights = dict.fromkeys(FORMS, 0.0)
        found = self._reply_cues.find(letter)
        for one in found:
            for side, weight in one.cue.weights.items():
                weights[side] += weight * one.factor
        best = max(FORMS, key=lambda form: weights[form])
        wanted = [form for form in FORMS if weights[form] > 0]
        if not wanted:
            notes.put("wanted_reply", 0.9 if not any(weights.values()) else 0.75)
            return None
        questions = ["Khách nêu nhiều cách trả lời: hỏi lại cách nào."] if len(wanted) > 1 else []
        reasons = [f"«{one.words}»" for one in found if one.cue.weights.get(best, 0) > 0]
        notes.put("wanted_reply", 0.6 if questions else 0.93, reasons, questions)
        return best

    def _unit(
        self, weighed: Weighed, hits: Sequence[PlaceHit], subject: Words, code: str | None, notes: _Notes
    ) -> str | None:
        if weighed.winner == "outage_time_change":
            notes.put("unit", weighed.confidence, ("đề nghị đổi giờ ngừng điện",))
            return DISPATCH
        if weighed.winner == "not_a_request":
            notes.put("unit", weighed.confidence)
            return None
        guess = self._gazetteer.unit_of(hits)
        if guess.unit is None and not guess.questions:
            guess = self._gazetteer.unit_of(self._gazetteer.find_words(subject))
        guess = self._with_code(guess, code)
        questions = guess.questions or (("Không thấy địa danh: hỏi khách ở đâu.",) if guess.unit is None else ())
        notes.put("unit", guess.confidence, guess.reasons, questions)
        return guess.unit

    def _with_code(self, guess: UnitGuess, code: str | None) -> UnitGuess:
        """The unit part of the customer code confirms, replaces a mere office name, or contradicts."""
        unit = self._rules.code_units.get(code[4:6]) if code else None
        if unit is None or code is None:
            return guess
        if (guess.unit is None and not guess.questions) or guess.confidence <= 0.65:
            return UnitGuess(
                unit,
                0.9,
                (*guess.reasons, f"mã {code}"),
                guess.questions if guess.unit != unit and guess.confidence > 0.65 else (),
            )
        if guess.unit == unit:
            return UnitGuess(unit, max(guess.confidence, 0.95), (*guess.reasons, f"mã {code}"))
        asked = f"Địa danh chỉ {guess.unit or 'nhiều nơi'} nhưng mã khách hàng {code} thuộc {unit}: kiểm tra lại."
        return UnitGuess(guess.unit, min(guess.confidence, 0.5), guess.reasons, (*guess.questions, asked))

    def _danger(self, letter: Letter, weighed: Weighed, notes: _Notes) -> bool:
        found = self._danger_cues.find(letter)
        weight = sum(one.cue.weights["danger"] * one.factor for one in found)
        speaking = [f"«{one.words}»" for one in found if one.cue.weights["danger"] > 0]
        sure_of_none = weighed.winner == "not_a_request" and weighed.confidence > 0.8
        least = 1.0 if weighed.winner == "incident_report" else 2.0
        danger = weight >= least and not sure_of_none
        if (
            danger
            and weighed.winner in ("reconnection_cost", "outage_time_change", "other")
            and weight < 5.0
            and weighed.confidence > 0.8
        ):
            danger = weight >= 3.0 and weighed.weights.get("incident_report", 0.0) > 2.0
        notes.put("danger", 0.9 if danger or not speaking else 0.6, speaking)
        if not danger and weight >= 2.0:
            words = ", ".join(speaking[:3])
            asked = f"Có lời giống báo nguy hiểm ({words}): xem có phải báo sự cố không."
            notes.put("category", min(weighed.confidence, 0.6), notes.reasons["category"], (asked,))
        return danger

    def _asked(
        self,
        text: str,
        subject: str | None,
        received: dt.datetime,
        weighed: Weighed,
        address: Address | None,
        start: dt.datetime | None,
        notes: _Notes,
    ) -> Asked | None:
        """The time that is asked about, or to which an outage is to be moved."""
        if weighed.winner == "outage_time_change":
            window = wished(text, received, start)
        elif weighed.winner == "outage_info":
            window = outage.asked_window(text, received) or outage.asked_window(subject or "", received)
        else:
            return None
        doubt = outage.implausible(window, received) if window else None
        if doubt:
            notes.put(ASKED_WINDOW, 0.3, (), (doubt,))
        return None if window is None or doubt else (address.text if address else None, *window)

    def _answerable(
        self, letter: Letter, weighed: Weighed, asked: Asked | None, received: dt.datetime, notes: _Notes
    ) -> bool:
        kind = weighed.winner
        if kind not in ("outage_info", "reconnection_cost", "other"):
            return False
        found = [one for one in self._answerable_cues.find(letter) if kind in one.cue.weights]
        weight = sum(one.cue.weights[kind] * one.factor for one in found)
        notes.put("answerable_now", 0.8, [f"{one.cue.name}: «{one.words}»" for one in found])
        if asked is not None and not self._is_published(asked, received):
            return False
        return weight >= 0 if kind == "reconnection_cost" else weight > 0

    def _is_published(self, asked: Asked, received: dt.datetime) -> bool:
        """Say whether the window that is asked about lies within the published outage plan."""
        last = received.date() + dt.timedelta(days=self._rules.published_days)
        return asked[1].date() <= last and (asked[2] - dt.timedelta.resolution).date() >= received.date()

    def _email(self, text: str, sender: str | None) -> str | None:
        if sender and "@" in sender:
            return sender
        return next(iter(find_mails(text)), None)

    def _check(self, notes: _Notes, category: str) -> tuple[str, ...]:
        limits = self._rules.ask_below
        asked = {name for name, sure in notes.confidence.items() if sure < limits.get(name, 0.0)} | notes.ask
        if category == "not_a_request":
            asked &= {"category"}
        return tuple(name for name in (*limits, ASKED_WINDOW) if name in asked)


def _contact(names: Sequence[Name], customer: Name | None) -> str | None:
    """Return who signs or speaks for the organisation that asks: the one whom a unit has on the phone."""
    if customer is None or not customer.organisation:
        return None
    speak = (one for one in names if not one.organisation and one.confidence >= _SPEAKS and not _overlap(one, customer))
    return next((one.text for one in speak if " " in one.text), None)


def _spans(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    return [(piece.start, piece.end) for piece in pieces]


def _without_name(address: Address | None, name: Name | None) -> Address | None:
    """Surnames such as Lăng, Lò or Bàn look like làng, lô or bản: the customer's own name is no part of the address."""
    if address is None or name is None or not address.hits or name.organisation:
        return address
    if not address.start <= name.start < name.end <= address.hits[0].start:
        return address
    rest = address.text[name.end - address.start :].lstrip(" ,.-–:;()")
    return replace(address, start=address.end - len(rest), text=rest) if rest else address


def _same_place(one: Address, other: Address) -> bool:
    return one.text.lower() == other.text.lower() or {h.written.lower() for h in one.hits} <= {
        h.written.lower() for h in other.hits
    }


def _overlap(one: Name, other: Name) -> bool:
    return one.start < other.end and other.start < one.end


def as_json(reading: RequestReading) -> dict[str, Any]:
    """Return a reading with the keys of the samples' truth files, times in ISO 8601."""
    return {
        "category": reading.category,
        "name": reading.name,
        "customer_code": reading.customer_code,
        "phone": reading.phone,
        "address": reading.address,
        "unit": reading.unit,
        "outage_start": reading.outage_start.isoformat() if reading.outage_start else None,
        "wanted_reply": reading.wanted_reply,
        "answerable_now": reading.answerable_now,
        "danger": reading.danger,
        "confidence": dict(reading.confidence),
        "check": list(reading.check),
    }
