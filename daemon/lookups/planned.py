"""Does a plan or work log answer a question on an outage? Sure answers only; all else is a note for the agent.

A row for the place and time is an answer. That there is none is an answer only where the plan is fresh, complete and covers
the time asked about, and never where the electricity is off already.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from daemon.desk.question import CustomerRow, Looked, LookupAnswer, Outage, Question
from daemon.desk.sources import LookupMappings
from daemon.desk.text import fold
from daemon.lookups import wording
from daemon.lookups.area import Area, Gazetteer, Meets, Spot, meets, spot_of
from daemon.lookups.database import Database, Version
from daemon.lookups.hints import asks_about_now, still_off, time_of_day, without_power_now

Window = tuple[dt.datetime, dt.datetime]
_A_DAY = dt.timedelta(days=1)
_NO_ROW = "Không có dòng lịch hay nhật trình nào khớp nơi và lúc mất điện: cần hỏi đơn vị."


@dataclass(frozen=True, slots=True)
class Where:
    """Where the customer is supplied: the place by its names, the unit, the substation, and how to say it."""

    spot: Spot
    unit: str | None
    substation: str
    label: str

    @property
    def known(self) -> bool:
        """True where a plan can be asked at all."""
        return bool(self.spot.communes or self.substation)


def where_of(question: Question, customer: CustomerRow | None, gazetteer: Gazetteer) -> Where:
    """Return where a question is about. The customer's substation counts only while the address does not speak against it."""
    unit = question.unit or (customer.unit if customer else None)
    written = spot_of(question.address, question.places, unit, gazetteer)
    registered = spot_of(customer.address, (), customer.unit, gazetteer) if customer else None
    label = question.address or (customer.address if customer else "") or ""
    substation = fold(question.substation or "")
    if customer and registered and not substation:
        mine = registered.communes | registered.wider | registered.narrower
        theirs = written.communes | written.wider | written.narrower
        if not theirs or not mine or mine & theirs:
            substation = fold(customer.substation)
    spot = written if written.communes or registered is None else registered
    return Where(spot, unit, substation, label)


def rate(where: Where, outage: Outage, area: Area) -> Meets:
    """Say how a row meets a place: by substation where both are known, else by the words of its area."""
    by_words = meets(where.spot, area) if outage.area else Meets.MAYBE
    if where.substation and outage.substations:
        if where.substation in {fold(name) for name in outage.substations}:
            return Meets.YES
        # The plan names its substations and this is not one of them; words that say otherwise are for a person.
        return Meets.MAYBE if by_words is Meets.YES else Meets.NO
    if outage.unit and where.unit and where.unit != "B26" and outage.unit != where.unit:
        return Meets.MAYBE if by_words is Meets.YES else Meets.NO
    return by_words


def asked_window(question: Question) -> Window | None:
    """Return the time asked about: for an outage that was or is, the hours the words name within the window, or now."""
    window = question.window
    if window is None:
        return (question.at, question.at) if without_power_now(question) else None
    if not _is_past(question, window):
        return window
    inside = window[0] <= question.at < window[1]
    hours = None if inside and still_off(question) else time_of_day(question)
    midnight = window[0].replace(hour=0, minute=0, second=0, microsecond=0)
    if hours and window[1] - window[0] <= _A_DAY and window[0] <= midnight + hours[1]:
        return max(window[0], midnight + hours[0]), midnight + hours[1]
    if inside and without_power_now(question):
        return question.at, question.at
    return window


def _is_past(question: Question, window: Window) -> bool:
    return window[1] <= question.at or (window[0] <= question.at and asks_about_now(question))


class Planned:
    """Answers on outages from the cache."""

    def __init__(
        self, database: Database, mappings: LookupMappings, gazetteer: Gazetteer, clock: Callable[[], dt.datetime]
    ) -> None:
        self.database, self.mappings, self.gazetteer, self.clock = database, mappings, gazetteer, clock

    def rows(self, where: Where, window: Window) -> list[tuple[Meets, Outage]]:
        """Return every row that touches a time with how it meets the place, except those that do not."""
        start, end = window
        if where.known:
            found = self.database.candidates(start, end, where.spot.names, where.substation)
        else:
            found = self.database.all_between(start, end, where.unit)
        rated = [(rate(where, outage, area), outage) for outage, area in found if _touches(outage, window)]
        if not where.known:
            # Only the unit is known: any of its rows may be meant.
            rated = [(max(how, Meets.MAYBE), outage) for how, outage in rated]
        return [(how, outage) for how, outage in rated if how is not Meets.NO]

    def answer(self, question: Question, customer: CustomerRow | None) -> Looked:
        """Return a sure answer, or None and the notes that say why not."""
        window = asked_window(question)
        if window is None:
            return Looked(None, ("Chưa rõ khách hỏi khoảng thời gian nào: chưa tra được lịch ngừng điện.",))
        where = where_of(question, customer, self.gazetteer)
        if not where.known and not where.unit:
            return Looked(None, ("Chưa rõ địa điểm khách hỏi: chưa tra được lịch ngừng điện.",))
        rated = self.rows(where, window)
        sure = [outage for how, outage in rated if how is Meets.YES]
        doubtful = [outage for how, outage in rated if how is Meets.MAYBE]
        past = _is_past(question, window)
        notes = tuple(f"Có thể liên quan, cần xem: {_cited(outage)}." for outage in doubtful[:5])
        if sure:
            return self._found(sure, window, past, where, notes)
        if doubtful:
            return Looked(None, notes)
        if past:
            return Looked(None, (_NO_ROW, *self._same_day(question, where)))
        others = [] if window == _whole_days(window) else self.rows(where, _whole_days(window))
        if doubtful := [outage for how, outage in others if how is Meets.MAYBE]:
            return Looked(
                None, tuple(f"Cùng ngày, có thể liên quan, cần xem: {_cited(each)}." for each in doubtful[:5])
            )
        looked = self._none(where, window, [outage for how, outage in rated if how is Meets.NEAR])
        return _with_others(looked, [outage for how, outage in others if how is Meets.YES])

    def _same_day(self, question: Question, where: Where) -> list[str]:
        """Return notes on rows of the whole time asked about that do not fit the hours the customer names."""
        if question.window is None:
            return []
        rows = [outage for how, outage in self.rows(where, question.window) if how is Meets.YES]
        return [f"Cùng ngày nhưng khác giờ: {_cited(outage)}." for outage in rows[:5]]

    def _found(self, rows: list[Outage], window: Window, past: bool, where: Where, notes: tuple[str, ...]) -> Looked:
        units = {row.unit for row in rows if row.unit}
        if not where.unit and len(units) > 1:
            return Looked(None, (f"Có lịch ở nhiều đơn vị ({', '.join(sorted(units))}): cần biết khách ở đâu.", *notes))
        chosen, others = self._first_source(rows)
        contrary = [row for row in others if row.kind != "worklog" and row.start not in {mine.start for mine in chosen}]
        if contrary and chosen[0].kind != "worklog":
            against = "; ".join(_cited(row) for row in (*chosen, *contrary))
            return Looked(None, (f"Các nguồn không khớp nhau, cần xem: {against}.", *notes))
        version = self._version(chosen[0].source)
        stale = version is not None and self._stale(version)
        if stale and not past and version:
            return Looked(None, (self._say_stale(version), *(f"Bản cũ ghi: {_cited(row)}." for row in chosen), *notes))
        if not past and window[1] - window[0] > _A_DAY and not (version and self._covers(version, window)):
            ends = f" Lịch ghi: {'; '.join(_cited(row) for row in chosen)}."
            return Looked(None, (f"Lịch hiện có chưa đủ cho cả khoảng thời gian khách hỏi.{ends}", *notes))
        text = wording.say_planned(chosen, past, stale)
        source = wording.say_source(chosen[0].source, chosen[0].as_of)
        found = LookupAnswer(text, source, chosen[0].as_of, True, stale, tuple(chosen), notes)
        return Looked(found, notes)

    def _none(self, where: Where, window: Window, near: list[Outage]) -> Looked:
        """Return that there is no plan, where a fresh plan without bad rows covers the whole time."""
        if not where.unit:
            return Looked(
                None, ("Chưa rõ địa điểm thuộc đơn vị nào: không kết luận được là không có lịch ngừng điện.",)
            )
        notes = []
        for version in self._in_order(self.database.versions("outages")):
            if self._stale(version):
                notes.append(self._say_stale(version))
            elif version.bad:
                notes.append(f"«{version.title}» có {version.bad} dòng hỏng: không kết luận được là không có lịch.")
            elif not self._covers(version, window):
                notes.append(_say_uncovered(version, window))
            else:
                label = where.label or f"địa bàn {where.unit}"
                text = (
                    wording.say_near(version.title, version.as_of, window, label, near)
                    if near
                    else wording.say_none(version.title, version.as_of, window, label)
                )
                source = wording.say_source(version.title, version.as_of)
                return Looked(LookupAnswer(text, source, version.as_of, outages=tuple(near)))
        return Looked(None, tuple(notes) or ("Chưa có bản xuất lịch ngừng điện nào trong inbox/du-lieu/.",))

    def _first_source(self, rows: list[Outage]) -> tuple[list[Outage], list[Outage]]:
        order = {source.title: number for number, source in enumerate(self.mappings.sources)}
        first = min(rows, key=lambda row: order.get(row.source, len(order))).source
        return [row for row in rows if row.source == first], [row for row in rows if row.source != first]

    def _in_order(self, versions: Iterable[Version]) -> list[Version]:
        order = {source.id: number for number, source in enumerate(self.mappings.sources)}
        return sorted(versions, key=lambda version: order.get(version.source, len(order)))

    def _version(self, title: str) -> Version | None:
        return next((version for version in self.database.versions() if version.title == title), None)

    def _stale(self, version: Version) -> bool:
        source = self.mappings.source(version.source)
        return source is None or self.clock() - version.as_of > source.max_age

    def _covers(self, version: Version, window: Window) -> bool:
        start = max(window[0], min(self.clock(), window[1]))
        return version.covers is not None and version.covers[0] <= start and window[1] <= version.covers[1]

    def _say_stale(self, version: Version) -> str:
        hours = int((self.clock() - version.as_of) / dt.timedelta(hours=1))
        return (
            f"«{version.title}» đã cũ ({hours} giờ, cập nhật lúc {wording.say_moment(version.as_of)}): "
            "hãy xuất bản mới vào inbox/du-lieu/."
        )


def _whole_days(window: Window) -> Window:
    """Return the days of a window whole: who names hours may have heard the wrong ones."""
    first, last = (moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in window)
    return first, last if last == window[1] and last > first else last + _A_DAY


def _with_others(looked: Looked, others: list[Outage]) -> Looked:
    """Say beside "none in those hours" what the same days have: nobody who misheard an hour may be left in the dark."""
    if looked.answer is None or not others:
        return looked
    text = f"{looked.answer.text} {wording.say_other_hours(others)}"
    return Looked(replace(looked.answer, text=text, outages=(*looked.answer.outages, *others)), looked.notes)


def _touches(outage: Outage, window: Window) -> bool:
    """Leave out rows that only meet the window at its edge, unless the window is a single instant."""
    start, end = window
    if start == end:
        return True
    return outage.start < end and (outage.end is None or outage.end > start)


def _cited(outage: Outage) -> str:
    return f"{outage.source}: {wording.say_outage(outage)}"


def _say_uncovered(version: Version, window: Window) -> str:
    if version.covers is None:
        return f"Không rõ «{version.title}» có đủ lịch đến ngày nào."
    last = version.covers[1] - dt.timedelta(seconds=1)
    return f"«{version.title}» chỉ có lịch đến hết ngày {last:%d/%m/%Y}, khách hỏi {wording.say_window(*window)}."
