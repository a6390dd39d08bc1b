"""The figures against a second computation that shares no code with the first."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk import report, report_words, wording
from daemon.desk.measures import percentile
from daemon.desk.report import Period, figures
from daemon.desk.ticket import Category, Channel, Customer, Deadline, State, Ticket, UnitAsked, UnitState
from tests.desk.test_letters import fits
from tests.documents.samples import OFFICE, at

OCTOBER = Period(at(2026, 10, 1), at(2026, 11, 1), "tháng 10 năm 2026")
SEPTEMBER = Period(at(2026, 9, 1), at(2026, 10, 1), "tháng 9 năm 2026")
NOW = at(2026, 11, 2, 8, 0)
NAMES = {"BT": "Điện lực Bạch Thông", "B26": "Phòng Điều độ"}


def clock_minutes(start: dt.datetime, end: dt.datetime) -> float:
    return (end - start).total_seconds() / 60


def tickets(seed: int, count: int = 80) -> list[Ticket]:
    """Return made-up tickets of September to November with every state and kind."""
    luck = random.Random(seed)
    return [_one(luck, number) for number in range(count)]


def _one(luck: random.Random, number: int) -> Ticket:
    received = at(2026, 9, 1) + dt.timedelta(minutes=luck.randrange(62 * 24 * 60))
    done = received + dt.timedelta(hours=luck.choice([1, 5, 30, 71, 72, 73, 200])) if luck.random() < 0.7 else None
    asked = received + dt.timedelta(minutes=luck.randrange(5, 600)) if luck.random() < 0.9 else None
    replied = done - dt.timedelta(minutes=5) if done and asked and done - dt.timedelta(minutes=5) > asked else None
    state = UnitState.ANSWERED if replied else luck.choice([UnitState.ASKED, UnitState.REMINDED, UnitState.WITHDRAWN])
    row = UnitAsked(
        luck.choice(["BT", "B26", "NR"]),
        "ask",
        1,
        state if asked else UnitState.WANTED,
        asked,
        asked + dt.timedelta(days=2) if asked and luck.random() < 0.9 else None,
        ("den-han",) if luck.random() < 0.3 else (),
        "x" if replied else None,
        replied,
        heard=asked + dt.timedelta(minutes=luck.randrange(6000)) if asked and luck.random() < 0.3 else None,
        ended=asked + dt.timedelta(minutes=luck.randrange(6000))
        if asked and state is UnitState.WITHDRAWN and luck.random() < 0.9
        else None,
    )
    unended = [State.WAITING_UNIT, State.TO_APPROVE, State.CLOSED]  # closed by a person without an answer
    ended = luck.choice([State.CLOSED, State.ANSWERED]) if done else luck.choice(unended)
    return Ticket(
        number=f"PCBK-2026-{number:06d}",
        procedure="p",
        category=luck.choice(list(Category)),
        channel=luck.choice(list(Channel)),
        received=received,
        content="x",
        state=luck.choice([State.MERGED, State.SET_ASIDE, State.CANCELLED]) if luck.random() < 0.1 else ended,
        customer=Customer(
            luck.choice(["An", "Bình", None]),
            luck.choice([None, "PA26BT0000001", "PA26BT0000002", "PA26BT0000003"]),
            luck.choice([None, "0912000001"]),
            luck.choice([None, "thôn A, xã Phủ Thông", "thôn B, XÃ PHỦ THÔNG, Thái Nguyên", "xã Chợ Rã"]),
        ),
        units=(row,),
        deadlines=(Deadline("appointment", received + dt.timedelta(days=3), "agent", "r", received, met=done),)
        if luck.random() < 0.95
        else (),
    )


def recompute(every: list[Ticket], start: dt.datetime, end: dt.datetime, at_time: dt.datetime) -> dict[str, Any]:
    """Count again, plainly, from dictionaries."""
    facts: list[dict[str, Any]] = []
    for t in every:
        if t.category == "not_a_request" or t.state in ("merged", "set_aside"):
            continue
        line = t.deadlines[0] if t.deadlines else None
        facts.append(
            {
                "kind": str(t.category),
                "in": start <= t.received < end,
                "done": line.met if line else None,
                "due": line.due if line else None,
                "came": t.received,
                "cancelled": t.state == "cancelled" and not (line and line.met),
                "stuck": t.state == "closed" and not (line and line.met),
                "ticket": t,
            }
        )
    answered = [f for f in facts if f["done"] and start <= f["done"] < end]
    waiting = [
        f
        for f in facts
        if f["came"] < at_time and not (f["done"] and f["done"] < at_time) and not f["cancelled"] and not f["stuck"]
    ]
    by_unit: dict[str, list[UnitAsked]] = defaultdict(list)
    for f in facts:
        for row in f["ticket"].units:
            if row.asked and start <= row.asked < end:
                by_unit[row.unit].append(row)
    times = sorted(clock_minutes(f["came"], f["done"]) for f in answered)
    middle = len(times) // 2
    return {
        "received": sum(f["in"] for f in facts),
        "kinds": {str(k): sum(f["in"] and f["kind"] == k for f in facts) for k in Category if k != "not_a_request"},
        "answered": len(answered),
        "late": sum(f["done"] > f["due"] for f in answered if f["due"]),
        "open": len(waiting),
        "stuck": sorted(f["ticket"].number for f in facts if f["in"] and f["stuck"]),
        "cancelled": sum(f["in"] and f["cancelled"] for f in facts),
        "overdue": sorted(f["ticket"].number for f in waiting if f["due"] and f["due"] < at_time),
        "median": None if not times else times[middle] if len(times) % 2 else (times[middle - 1] + times[middle]) / 2,
        "p90": None if not times else next(t for t in times if 10 * sum(x <= t for x in times) >= 9 * len(times)),
        "units": {name: len(rows) for name, rows in by_unit.items()},
        "unit_late": {
            name: sum(
                r.answered is not None and r.answered < at_time and r.due is not None and r.answered > r.due
                for r in rows
            )
            for name, rows in by_unit.items()
        },
    }


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([NOW, at(2026, 10, 14, 9, 30)]))
def test_figures_equal_a_second_computation(seed: int, now: dt.datetime) -> None:
    every = tickets(seed)
    made = figures(every, OCTOBER, SEPTEMBER, now, clock_minutes, unit_names=NAMES)
    again = recompute(every, OCTOBER.start, OCTOBER.end, min(now, OCTOBER.end))
    assert made.all.received == again["received"]
    assert {c: k.received for c, k in zip(again["kinds"], made.kinds, strict=True)} == again["kinds"]
    assert (made.all.answered, made.all.late) == (again["answered"], again["late"])
    assert made.all.on_time == again["answered"] - again["late"]
    assert made.all.open == again["open"]
    assert (list(made.unanswered), made.all.unanswered) == (again["stuck"], len(again["stuck"]))
    assert made.all.cancelled == again["cancelled"]
    assert made.all.overdue == len(again["overdue"])
    assert sorted(each.number for each in made.overdue) == again["overdue"]
    assert (made.all.times.median, made.all.times.p90) == (again["median"], again["p90"])
    assert {u.title: u.asked for u in made.units} == {NAMES.get(u, u): n for u, n in again["units"].items()}
    assert {u.title: u.late for u in made.units} == {NAMES.get(u, u): n for u, n in again["unit_late"].items()}


@settings(max_examples=20, derandomize=True, deadline=None)
@given(st.integers(0, 10_000))
def test_the_parts_add_up(seed: int) -> None:
    made = figures(tickets(seed), OCTOBER, SEPTEMBER, NOW, clock_minutes)
    for name in ("carried", "received", "answered", "unanswered", "cancelled", "on_time", "late", "open", "overdue"):
        assert getattr(made.all, name) == sum(getattr(kind, name) for kind in made.kinds)
    assert made.all.received == sum(count for _, count in made.channels)
    assert made.all.received == sum(came for _, came, _ in made.days)
    assert made.all.answered == sum(went for _, _, went in made.days)
    assert made.previous.received == sum(made.kinds_before.values())
    assert made.booked == made.all.received + made.merged + made.aside


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([NOW, at(2026, 10, 14, 9, 30)]), st.sampled_from([(), ("ask",)]))
def test_every_units_row_adds_up(seed: int, now: dt.datetime, duty: tuple[str, ...]) -> None:
    made = figures(tickets(seed), OCTOBER, SEPTEMBER, now, clock_minutes, duty_steps=duty)
    for unit in made.units:
        assert unit.answered + unit.acknowledged == unit.on_time + unit.late
        assert unit.asked == unit.answered + unit.acknowledged + unit.open + unit.dropped
        assert unit.overdue <= unit.open
    given_up = sum(each.dropped for each in made.late_units)
    assert len(made.late_units) - given_up == sum(unit.late + unit.overdue for unit in made.units)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 62 * 24 * 60), st.data())
def test_nobody_is_in_no_column(seed: int, minute: int, data: st.DataObject) -> None:
    """At any moment, also the very one of a receipt or an answer: what there was and came is in exactly one column."""
    every = tickets(seed, 40)
    moments = [t.received for t in every] + [line.met for t in every for line in t.deadlines if line.met]
    now = data.draw(st.sampled_from([SEPTEMBER.start + dt.timedelta(minutes=minute), *moments]))
    known = [t for t in every if t.received <= now and all(line.met is None or line.met <= now for line in t.deadlines)]
    made = figures(known, OCTOBER, SEPTEMBER, now, clock_minutes)
    for each in (made.all, made.previous, *made.kinds):
        assert each.carried + each.received == each.answered + each.unanswered + each.cancelled + each.open
        assert each.answered == each.on_time + each.late
        assert each.overdue <= each.open


@given(st.integers(0, 1000))
@settings(max_examples=10, derandomize=True, deadline=None)
def test_the_order_of_tickets_does_not_matter(seed: int) -> None:
    every = tickets(seed, 30)
    forwards, backwards = (figures(some, OCTOBER, SEPTEMBER, NOW, clock_minutes) for some in (every, every[::-1]))
    assert forwards == backwards


def complaint(number: int, code: str | None, address: str | None, phone: str | None = None) -> Ticket:
    return Ticket(
        f"PCBK-2026-{number:06d}",
        "p",
        Category.OUTAGE_COMPLAINT,
        Channel.EMAIL,
        at(2026, 10, 1 + number, 8),
        "x",
        customer=Customer("An", code, phone, address),
    )


def test_repeated_complaints_by_customer_and_place() -> None:
    every = [
        complaint(1, "PA26BT0000001", "thôn A, xã Phủ Thông"),
        complaint(2, "PA26BT0000001", "xa Phu Thong"),
        complaint(3, None, "phường Đức Xuân", "0912"),
        complaint(4, None, "tổ 5", "0912"),
        complaint(5, None, None),
        complaint(6, None, None),
    ]
    made = figures(every, OCTOBER, SEPTEMBER, NOW, clock_minutes)
    assert [(r.title, r.count, r.numbers) for r in made.repeated_customers] == [
        ("An (0912)", 2, ("PCBK-2026-000003", "PCBK-2026-000004")),
        ("An (PA26BT0000001)", 2, ("PCBK-2026-000001", "PCBK-2026-000002")),
    ]
    assert [(r.title, r.count) for r in made.repeated_places] == [("xã Phủ Thông", 2)]
    by_unit = figures(every, OCTOBER, SEPTEMBER, NOW, clock_minutes, place_of=lambda _: "Bạch Thông")
    assert [(r.title, r.count) for r in by_unit.repeated_places] == [("Bạch Thông", 6)]


@pytest.mark.parametrize(
    ("values", "rank", "wanted"),
    [([], 90, None), ([5], 90, 5), (list(range(1, 11)), 90, 9), (list(range(1, 12)), 90, 10), ([3, 1, 2], 50, 2)],
)
def test_nearest_rank(values: list[float], rank: int, wanted: float | None) -> None:
    assert percentile(values, rank) == wanted


def test_an_empty_period() -> None:
    made = figures([], OCTOBER, SEPTEMBER, NOW, clock_minutes)
    assert made.all.share is None
    assert made.all.times.median is None
    assert report_words.sentences(made) == [
        "Trong tháng 10 năm 2026 không có yêu cầu nào của khách hàng.",
        "Trong kỳ chưa trả lời xong yêu cầu nào.",
        "Không còn yêu cầu nào chưa trả lời.",
    ]
    assert fits(report_words.values(made, OFFICE, "phong", NOW), report_words.OFFERED)


def test_sentences_say_the_figures() -> None:
    made = figures(tickets(7), OCTOBER, SEPTEMBER, NOW, clock_minutes, unit_names=NAMES)
    came, booked, answered, left, late, unanswered = report_words.sentences(made)
    assert f"Sổ theo dõi ghi {made.booked} phiếu vào sổ trong kỳ; trừ {made.merged} phiếu gộp" in booked
    assert f"còn {made.all.received} yêu cầu tiếp nhận." in booked
    assert f"Đơn vị trả lời phòng quá hạn {len(made.late_units)} phiếu" in late
    assert f"Có {made.all.unanswered} yêu cầu bị đóng mà khách hàng chưa được trả lời." == unanswered
    assert any("đóng mà không trả lời khách hàng: PCBK-2026-" in each for each in report_words.proposals(made))
    assert f"tiếp nhận {made.all.received} yêu cầu" in came
    assert f"Đã trả lời {made.all.answered} yêu cầu, {made.all.on_time} đúng hẹn" in answered
    assert f"{wording.number(made.all.share or 0)} %" in answered
    assert (
        f"Còn {made.all.open} yêu cầu đang giải quyết, trong đó {made.all.overdue} đã quá hạn trả lời khách hàng"
        in left
    )


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (5, 5, "bằng kỳ trước"),
        (9, 8, "tăng 1 (12,5 %)"),
        (8, 10, "giảm 2 (20 %)"),
        (3, 0, "tăng 3"),
        (0, 4, "giảm 4 (100 %)"),
    ],
)
def test_comparison(now: int, before: int, said: str) -> None:
    assert report_words.change(now, before) == said


@settings(max_examples=20, derandomize=True, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["phong", "cong-ty", "tong-cong-ty"]))
def test_exactly_the_offered_names(seed: int, level: str) -> None:
    made = figures(tickets(seed), OCTOBER, SEPTEMBER, NOW, clock_minutes)
    assert fits(report_words.values(made, OFFICE, level, NOW), report_words.OFFERED)


def test_levels_and_numbers() -> None:
    made = figures([], OCTOBER, SEPTEMBER, NOW, clock_minutes)
    room, whole = (report_words.values(made, OFFICE, level, NOW) for level in ("phong", "tong-cong-ty"))
    assert room["doc"]["number"] == "      /BC-P9"
    assert room["issuer"]["name"] == ["PHÒNG KINH DOANH"]
    assert whole["doc"]["number"] == "      /BC-PCBK"
    assert whole["to"] == ["Tổng công ty Điện lực miền Bắc"]
    assert room["doc"]["qr"] == "PCBK|BC-phong-20261001-20261031|report|1"
    assert room["period"]["until"] == "31/10/2026"


def test_a_long_list_of_overdue_is_cut_and_said_so() -> None:
    every = [complaint(1, None, None).evolve(number=f"PCBK-2026-{n:06d}") for n in range(250)]
    late = tuple(
        t.evolve(
            deadlines=(Deadline("appointment", at(2026, 10, 5, 17), "agent", "r", t.received),), state=State.TO_APPROVE
        )
        for t in every
    )
    made = report_words.values(figures(late, OCTOBER, SEPTEMBER, NOW, clock_minutes), OFFICE, "phong", NOW)
    assert len(made["overdue"]) == 200
    assert made["overdue_more"] == "Danh sách còn 50 yêu cầu khác, xem sổ theo dõi."


@pytest.mark.parametrize(
    ("kind", "danger", "by_clock"),
    [
        (Category.INCIDENT_REPORT, False, True),
        (Category.OTHER, True, True),
        (Category.OUTAGE_INFO, False, False),
    ],
)
def test_incident_and_danger_are_timed_by_the_clock(kind: Category, danger: bool, by_clock: bool) -> None:
    """At night no office minute passes, and half an hour is half an hour for a wire on the ground."""
    came = at(2026, 10, 5, 22, 0)
    asked, done = came + dt.timedelta(minutes=5), came + dt.timedelta(minutes=35)
    row = UnitAsked("BT", "ask", 1, UnitState.ANSWERED, asked, done, (), "x", done)
    line = Deadline("appointment", came + dt.timedelta(hours=1), "agent", "r", came, met=done)
    one = Ticket(
        "PCBK-2026-000001", "p", kind, Channel.PHONE_NOTE, came, "x",
        state=State.CLOSED, danger=danger, units=(row,), deadlines=(line,),
    )  # fmt: skip
    made = figures([one], OCTOBER, SEPTEMBER, NOW, lambda *_: 0.0)
    assert made.all.times.median == (35.0 if by_clock else 0.0)
    assert made.units[0].times.median == (30.0 if by_clock else 0.0)


def danger(number: int = 1, *, heard: dt.datetime | None = None, **changes: Any) -> Ticket:
    """A fallen wire told of at 04:12, its duty desk asked at once to acknowledge by 04:42."""
    came = at(2026, 10, 6, 4, 12)
    row = UnitAsked("BT", "duty", 1, UnitState.PARTIAL if heard else UnitState.ASKED, came, at(2026, 10, 6, 4, 42))
    made = Ticket(
        f"PCBK-2026-{number:06d}", "p", Category.INCIDENT_REPORT, Channel.PHONE_NOTE, came, "x",
        state=State.WAITING_UNIT, danger=True, units=(replace(row, heard=heard),),
        deadlines=(Deadline("appointment", at(2026, 10, 9, 17), "agent", "r", came),),
    )  # fmt: skip
    return made.evolve(**changes)


def of_dangers(*every: Ticket) -> report.Figures:
    now = at(2026, 10, 6, 8, 0)
    return figures(every, OCTOBER, SEPTEMBER, now, clock_minutes, unit_names=NAMES, duty_steps=("duty",))


def counts_of(made: report.Figures) -> tuple[int, ...]:
    (unit,) = made.units
    return (
        unit.asked,
        unit.answered,
        unit.acknowledged,
        unit.open,
        unit.dropped,
        unit.on_time,
        unit.late,
        unit.overdue,
    )


LATE_WORD = at(2026, 10, 6, 5, 24)


@pytest.mark.parametrize(
    ("of", "counts", "said"),
    [
        (danger(heard=at(2026, 10, 6, 4, 20)), (1, 0, 1, 0, 0, 1, 0, 0), None),
        (danger(heard=LATE_WORD), (1, 0, 1, 0, 0, 0, 1, 0), "báo nhận trễ 42 phút"),
        (danger(), (1, 0, 0, 1, 0, 0, 0, 1), "chưa báo nhận, đã trễ 3 giờ 18 phút"),
    ],
)
def test_a_duty_desk_owes_its_word(of: Ticket, counts: tuple[int, ...], said: str | None) -> None:
    """To say "received" keeps the time, or keeps it late; it is never unanswered. Who was late is named with its ticket."""
    made = of_dangers(of)
    assert counts_of(made) == counts
    told = " ".join(report_words.sentences(made))
    assert "Còn 1 yêu cầu đang giải quyết, không có yêu cầu nào quá hạn trả lời khách hàng." in told
    assert (f"PCBK-2026-000001 (Điện lực Bạch Thông: {said})" in told) == (said is not None)
    named = [line for line in report_words.proposals(made) if "PCBK-2026-000001" in line]
    assert len(named) == (said is not None)


def test_a_late_word_stays_late_when_the_result_comes() -> None:
    one = danger(heard=LATE_WORD)
    row = replace(one.units[0], state=UnitState.ANSWERED, answered=at(2026, 10, 6, 7))
    made = of_dangers(one.evolve(units=(row,)))
    assert counts_of(made) == (1, 1, 0, 0, 0, 0, 1, 0)
    assert report_words.late_values(made, NOW)[0]["said"] == "báo nhận 05h24 ngày 06/10/2026"


@pytest.mark.parametrize(("hour", "late"), [(4, 0), (6, 1)])
def test_an_asking_given_up_is_waited_for_no_more(hour: int, late: int) -> None:
    """A ticket cancelled: its unit was asked and owes nothing; that it was silent past its time is still told."""
    one = danger(state=State.CANCELLED)
    row = replace(one.units[0], state=UnitState.WITHDRAWN, ended=at(2026, 10, 6, hour, 30), before=UnitState.ASKED)
    made = of_dangers(one.evolve(units=(row,)))
    assert counts_of(made) == (1, 0, 0, 0, 1, 0, 0, 0)
    assert len(made.late_units) == late


def test_a_plain_unit_that_only_says_it_got_it_still_owes_the_answer() -> None:
    one = danger(heard=at(2026, 10, 6, 4, 20))
    made = of_dangers(one.evolve(units=(replace(one.units[0], step="ask_unit"),)))
    assert counts_of(made) == (1, 0, 0, 1, 0, 0, 0, 1)


def test_nothing_is_compared_with_a_time_before_the_first_ticket() -> None:
    made = of_dangers(danger())
    values = report_words.values(made, OFFICE, "phong", NOW)
    assert "kỳ trước" not in values["sentences"][0]
    assert (values["all"]["before"], values["all"]["change"]) == ("–", "không có số liệu kỳ trước")
    assert values["period"]["compared"] == "không có số liệu kỳ trước"
    earlier = figures(
        [danger()], OCTOBER, SEPTEMBER, NOW, clock_minutes, known_since=at(2026, 9, 20, 8)
    )  # the program ran since then, and nobody asked anything
    (came, *_) = report_words.sentences(earlier)
    assert "(tăng 1 so với tháng 9 năm 2026, kỳ trước chỉ có số liệu từ ngày 20/09/2026)" in came


@pytest.mark.parametrize(
    ("minutes", "clock", "said"),
    [(0, 250, "4 giờ 10 phút ngoài giờ"), (0.4, 0.4, "dưới 1 phút"), (75, 900, "1 giờ 15 phút")],
)
def test_a_length_outside_office_hours_is_no_nought(minutes: float, clock: float, said: str) -> None:
    assert report_words.length(minutes, clock) == said


def test_answers_at_night_are_told_by_the_clock() -> None:
    came, done = at(2026, 10, 5, 19, 0), at(2026, 10, 5, 20, 30)
    line = Deadline("appointment", at(2026, 10, 8, 17), "agent", "r", came, met=done)
    one = complaint(1, None, None).evolve(received=came, deadlines=(line,), state=State.CLOSED)
    told = report_words.sentences(figures([one], OCTOBER, SEPTEMBER, NOW, lambda *_: 0.0))[1]
    assert "trung vị là 1 giờ 30 phút theo đồng hồ, đều ngoài giờ làm việc" in told and " 0 phút" not in told
