"""The figures of a period in words: three sentences for the leadership, and the named values of the report template."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from daemon.desk import wording
from daemon.desk.letter_names import OFFERED as LETTER_NAMES
from daemon.desk.letters import BLANK_NUMBER, copies, issuer
from daemon.desk.office_card import Office
from daemon.desk.report import Figures, Tally
from daemon.desk.unit_figures import LateUnit, UnitTally

MOST_NAMED = 10  # tickets named in a proposal
NO_BEFORE = "không có số liệu kỳ trước"
MOST_ROWS = 200  # rows of a list in the report; the ledger has all
LEVELS: Mapping[str, str] = MappingProxyType(
    {"phong": "cấp phòng", "cong-ty": "cấp công ty", "tong-cong-ty": "cấp tổng công ty"}
)
_TALLY = {
    "title": "tên dòng",
    "carried": "tồn đầu kỳ",
    "received": "tiếp nhận",
    "before": "tiếp nhận kỳ trước",
    "change": "tăng, giảm so với kỳ trước",
    "answered": "đã trả lời",
    "unanswered": "đóng mà không trả lời khách",
    "cancelled": "hủy",
    "on_time": "đúng hẹn",
    "late": "trễ hẹn",
    "share": "tỷ lệ đúng hẹn",
    "open": "đang giải quyết",
    "overdue": "quá hạn trả lời khách hàng",
    "median": "thời gian trả lời trung vị",
    "p90": "90 % được trả lời trong",
}
_UNIT = {
    "title": "đơn vị",
    "asked": "số phiếu: đã trả lời, đã báo nhận, chưa trả lời và không chờ nữa cộng lại",
    "answered": "đã trả lời",
    "acknowledged": "đã báo nhận sự cố, chưa có kết quả",
    "open": "chưa trả lời",
    "dropped": "không phải chờ nữa (phiếu đã hủy, đã kết thúc, đổi đơn vị)",
    "on_time": "trả lời, báo nhận đúng hạn",
    "late": "trả lời, báo nhận trễ hạn",
    "overdue": "chưa trả lời và đã quá hạn",
    "reminded": "phải nhắc",
    "median": "thời gian trả lời trung vị",
    "p90": "90 % được trả lời trong",
}

OFFERED: Mapping[str, Any] = MappingProxyType(
    {
        "office": LETTER_NAMES["office"],
        "issuer": LETTER_NAMES["issuer"],
        "doc": {name: said for name, said in LETTER_NAMES["doc"].items() if name != "mailed"},
        "today": LETTER_NAMES["today"],
        "to": LETTER_NAMES["to"],
        "copies": LETTER_NAMES["copies"],
        "signer": LETTER_NAMES["signer"],
        "agent": LETTER_NAMES["agent"],
        "level": "cấp báo cáo: cấp phòng, cấp công ty, cấp tổng công ty",
        "period": {
            "title": "tên kỳ, ví dụ tháng 10 năm 2026",
            "from": "ngày đầu kỳ",
            "until": "ngày cuối kỳ",
            "as_of": "số liệu đến",
            "before": "tên kỳ trước",
            "compared": "so sánh với kỳ trước, hoặc câu cho biết không có số liệu kỳ trước",
        },
        "sentences": ["câu tóm tắt"],
        "all": _TALLY,
        "kinds": [_TALLY],
        "units": [_UNIT],
        "late_units": [
            {
                "number": "mã tiếp nhận",
                "unit": "đơn vị",
                "kind": "loại yêu cầu; báo sự cố, nguy hiểm được ghi rõ",
                "due": "hạn của đơn vị",
                "said": "đơn vị đã trả lời, báo nhận lúc nào, hoặc chưa",
                "late": "đã trễ (giờ làm việc; sự cố theo đồng hồ)",
            }
        ],
        "late_units_more": "câu cho biết danh sách còn dài hơn, để trống nếu không",
        "channels": [{"title": "kênh", "count": "số yêu cầu"}],
        "overdue": [
            {
                "number": "mã tiếp nhận",
                "customer": "khách hàng",
                "kind": "loại yêu cầu",
                "due": "hạn",
                "holder": "đang giữ",
                "late": "đã quá (giờ làm việc; sự cố theo đồng hồ)",
            }
        ],
        "overdue_more": "câu cho biết danh sách còn dài hơn, để trống nếu không",
        "repeated": [{"title": "khách hàng hoặc địa bàn", "count": "số lần", "numbers": "mã tiếp nhận"}],
        "cancelled": "số yêu cầu khách hàng hủy",
        "proposals": ["kiến nghị"],
    }
)


def sentences(figures: Figures) -> list[str]:
    """Return three sentences: what came, how it was answered, what is left and who holds it.

    More tell how the ledger's count comes to this one, which units were late, by name where it was an incident or a danger,
    and of requests that were closed though nobody answered their customers.
    """
    told = [_came(figures), *_booked(figures), _answered(figures), _left(figures), *_late_units(figures.late_units)]
    if figures.unanswered:
        told.append(f"Có {len(figures.unanswered)} yêu cầu bị đóng mà khách hàng chưa được trả lời.")
    return told


def values(
    figures: Figures, office: Office, level: str, now: dt.datetime, *, round: int = 1, agent: str = "", to: str = ""
) -> dict[str, Any]:
    """Return the values of the report: exactly the names of ``OFFERED``. ``level`` is a key of ``LEVELS``.

    A report of the level ``phong`` is the room's, the others are the company's.
    """
    of_room = level == "phong"
    signer = office.room_signer if of_room else office.signer
    period = figures.period
    last = (period.end - dt.timedelta(microseconds=1)).astimezone(now.tzinfo).date()
    mark = f"BC-{level}-{period.start:%Y%m%d}-{last:%Y%m%d}"
    repeated = (*figures.repeated_customers, *figures.repeated_places)
    return {
        "office": _office(office),
        "issuer": issuer(office, of_room),
        "doc": {
            "number": f"{BLANK_NUMBER}/{office.room_report_code if of_room else office.report_code}",
            "kind": f"report-{level}",
            "round": str(round),
            "qr": f"{office.sign_code.split('-', 1)[0]}|{mark}|report|{round}",
        },
        "today": {
            "long": wording.long_date(now.date()),
            "short": wording.short_date(now.date()),
            "time": wording.time_of(now),
            "place_date": f"{office.place}, {wording.long_date(now.date())}",
        },
        "to": [to or (office.leader if of_room or level == "cong-ty" else office.parent)],
        "copies": copies(office),
        "signer": {"lines": list(signer.lines), "name": signer.name},
        "agent": agent,
        "level": LEVELS.get(level, level),
        "period": {
            "title": period.title,
            "from": wording.short_date(period.start.astimezone(now.tzinfo).date()),
            "until": wording.short_date(last),
            "as_of": wording.time_of(figures.as_of.astimezone(now.tzinfo)),
            "before": figures.before.title,
            "compared": f"so sánh với {figures.before.title}" if figures.comparable else NO_BEFORE,
        },
        "sentences": sentences(figures),
        "all": all_values(figures),
        "kinds": kind_values(figures),
        "units": [unit_values(unit) for unit in figures.units],
        "late_units": late_values(figures, now),
        "late_units_more": _more(len(figures.late_units)),
        "channels": [{"title": name, "count": str(count)} for name, count in figures.channels],
        "overdue": overdue_values(figures, now),
        "overdue_more": _more(len(figures.overdue)),
        "repeated": [{"title": r.title, "count": str(r.count), "numbers": ", ".join(r.numbers)} for r in repeated],
        "cancelled": str(figures.all.cancelled) if figures.all.cancelled else "",
        "proposals": proposals(figures),
    }


def all_values(figures: Figures) -> dict[str, str]:
    """Return the texts of the row of all kinds."""
    return tally_values(figures.all, figures.previous.received if figures.comparable else None)


def kind_values(figures: Figures) -> list[dict[str, str]]:
    """Return the texts of a row for every kind."""
    counts = figures.kinds_before
    return [tally_values(kind, counts.get(kind.title, 0) if figures.comparable else None) for kind in figures.kinds]


def tally_values(tally: Tally, before: int | None) -> dict[str, str]:
    """Return the texts of one row of counts; ``before`` is None where nothing is known of the period before."""
    return {
        "title": tally.title,
        "carried": str(tally.carried),
        "received": str(tally.received),
        "before": str(before) if before is not None else "–",
        "change": change(tally.received, before) if before is not None else NO_BEFORE,
        "answered": str(tally.answered),
        "unanswered": str(tally.unanswered),
        "cancelled": str(tally.cancelled),
        "on_time": str(tally.on_time),
        "late": str(tally.late),
        "share": f"{wording.number(tally.share)} %" if tally.share is not None else "–",
        "open": str(tally.open),
        "overdue": str(tally.overdue),
        "median": _middle(tally.times.median, tally.times.clock_median),
        "p90": _middle(tally.times.p90, tally.times.clock_p90),
    }


def change(now: int, before: int) -> str:
    """Return ``tăng 5 (12,5 %)``, ``giảm 2 (20 %)`` or ``bằng kỳ trước``; no percentage of nothing."""
    if now == before:
        return "bằng kỳ trước"
    word = "tăng" if now > before else "giảm"
    part = f" ({wording.number(100 * abs(now - before) / before)} %)" if before else ""
    return f"{word} {abs(now - before)}{part}"


def proposals(figures: Figures) -> list[str]:
    """Return what the figures call for: late units, repeated complaints, a falling share of kept promises."""
    found = []
    if figures.late_units:
        slow: dict[str, list[str]] = {}
        for each in figures.late_units:
            slow.setdefault(each.unit, []).append(each.number)
        named = "; ".join(f"{unit} ({_numbers(numbers)})" for unit, numbers in sorted(slow.items()))
        found.append(f"Đề nghị chỉ đạo các đơn vị trả lời phòng đúng hạn: {named}.")
    if figures.repeated_places or figures.repeated_customers:
        names = [each.title for each in (*figures.repeated_places, *figures.repeated_customers)][:5]
        found.append(f"Đề nghị kiểm tra, có biện pháp dứt điểm ở nơi khiếu nại nhiều lần: {', '.join(names)}.")
    if figures.unanswered:
        numbers = _numbers(figures.unanswered)
        found.append(f"Đề nghị kiểm tra các phiếu đóng mà không trả lời khách hàng: {numbers}.")
    now, before = figures.all.share, figures.previous.share
    if now is not None and before is not None and now < before:
        found.append(
            f"Tỷ lệ trả lời đúng hẹn giảm từ {wording.number(before)} % xuống {wording.number(now)} %: đề nghị rà soát khâu chậm."
        )
    return found


def _came(figures: Figures) -> str:
    received = figures.all.received
    if not received:
        return f"Trong {figures.period.title} không có yêu cầu nào của khách hàng."
    most = max(figures.kinds, key=lambda kind: kind.received)
    compared = f" ({_compared(figures)})" if figures.comparable else ""  # that there is nothing to compare stands above
    return (
        f"Trong {figures.period.title}, phòng tiếp nhận {received} yêu cầu của khách hàng{compared}, nhiều nhất là "
        f"“{most.title}” ({most.received} yêu cầu)."
    )


def _compared(figures: Figures) -> str:
    now, before, title = figures.all.received, figures.previous.received, figures.before.title
    if not figures.comparable:
        return NO_BEFORE
    said = f"bằng {title}" if now == before else f"{change(now, before)} so với {title}"
    since = figures.known_since
    if since is None or since.astimezone(figures.before.start.tzinfo).date() <= figures.before.start.date():
        return said
    day = wording.short_date(since.astimezone(figures.before.start.tzinfo).date())
    return f"{said}, kỳ trước chỉ có số liệu từ ngày {day}"


def _booked(figures: Figures) -> list[str]:
    """How many lines the ledger has for the period, where that is not what was received."""
    less = [
        f"{count} {what}"
        for count, what in (
            (figures.merged, "phiếu gộp vào phiếu khác"),
            (figures.aside, "phiếu để riêng hoặc không phải yêu cầu"),
        )
        if count
    ]
    if not less:
        return []
    return [
        f"Sổ theo dõi ghi {figures.booked} phiếu vào sổ trong kỳ; trừ {' và '.join(less)} còn "
        f"{figures.all.received} yêu cầu tiếp nhận."
    ]


def _late_units(late: Sequence[LateUnit]) -> list[str]:
    """Which units were late towards the desk: by ticket where a duty desk had to acknowledge, else by how many."""
    told = []
    duty = [each for each in late if each.duty]
    if duty:
        named = "; ".join(f"{each.number} ({each.unit}: {_duty_said(each)})" for each in duty[:MOST_NAMED])
        more = f"; và {len(duty) - MOST_NAMED} phiếu khác" if len(duty) > MOST_NAMED else ""
        told.append(f"Sự cố, nguy hiểm mà trực vận hành báo nhận trễ hoặc không báo nhận: {named}{more}.")
    units = Counter(each.unit for each in late if not each.duty)
    if units:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(units.items(), key=lambda i: (-i[1], i[0])))
        told.append(
            f"Đơn vị trả lời phòng quá hạn {units.total()} phiếu (hạn của đơn vị, khác hạn trả lời khách hàng): {listed}."
        )
    return told


def _duty_said(each: LateUnit) -> str:
    length = wording.span_of_minutes(each.late.clock)
    if each.at is not None:
        return f"{'báo nhận' if each.acknowledged else 'trả lời'} trễ {length}"
    return f"không báo nhận, thôi chờ khi đã trễ {length}" if each.dropped else f"chưa báo nhận, đã trễ {length}"


def _numbers(numbers: Sequence[str]) -> str:
    more = f" và {len(numbers) - MOST_NAMED} phiếu khác" if len(numbers) > MOST_NAMED else ""
    return ", ".join(numbers[:MOST_NAMED]) + more


def _answered(figures: Figures) -> str:
    tally = figures.all
    if not tally.answered:
        return "Trong kỳ chưa trả lời xong yêu cầu nào."
    return (
        f"Đã trả lời {tally.answered} yêu cầu, {tally.on_time} đúng hẹn ({wording.number(tally.share or 0)} %); "
        f"thời gian trả lời trung vị là {_said(tally.times.median, tally.times.clock_median)}, "
        f"90 % được trả lời trong {_said(tally.times.p90, tally.times.clock_p90)} (sự cố tính theo đồng hồ)."
    )


def _left(figures: Figures) -> str:
    tally = figures.all
    if not tally.open:
        return "Không còn yêu cầu nào chưa trả lời."
    if not tally.overdue:
        return f"Còn {tally.open} yêu cầu đang giải quyết, không có yêu cầu nào quá hạn trả lời khách hàng."
    holders: dict[str, int] = {}
    for each in figures.overdue:
        holders[each.holder] = holders.get(each.holder, 0) + 1
    listed = ", ".join(
        f"{name} ({count})" for name, count in sorted(holders.items(), key=lambda item: (-item[1], item[0]))
    )
    return f"Còn {tally.open} yêu cầu đang giải quyết, trong đó {tally.overdue} đã quá hạn trả lời khách hàng, đang do: {listed}."


def length(minutes: float, clock: float) -> str:
    """Return a length of time as it counts; where no minute of it was office time, by the clock, and that is said."""
    if minutes >= 1:
        return wording.span_of_minutes(minutes)
    return f"{wording.span_of_minutes(clock)} ngoài giờ" if clock >= 1 else "dưới 1 phút"


def _middle(minutes: float | None, clock: float | None) -> str:
    return length(minutes, clock) if minutes is not None and clock is not None else "–"


def _said(minutes: float | None, clock: float | None) -> str:
    """The same within a sentence."""
    text = _middle(minutes, clock)
    if text.endswith(" ngoài giờ"):
        return f"{text.removesuffix(' ngoài giờ')} theo đồng hồ, đều ngoài giờ làm việc"
    return text if minutes is None or minutes < 1 else f"{text} làm việc"


def unit_values(unit: UnitTally) -> dict[str, str]:
    """Return the texts of a unit's row."""
    texts = {name: str(getattr(unit, name)) for name in _UNIT if name not in ("title", "median", "p90")}
    times = unit.times
    return {
        "title": unit.title,
        **texts,
        "median": _middle(times.median, times.clock_median),
        "p90": _middle(times.p90, times.clock_p90),
    }


def late_unit_said(each: LateUnit, zone: dt.tzinfo | None) -> str:
    """Return what a unit that was late did: answered or acknowledged when, or not at all."""
    if each.at is not None:
        return f"{'báo nhận' if each.acknowledged else 'trả lời'} {wording.time_of(each.at.astimezone(zone))}"
    what = "báo nhận" if each.duty else "trả lời"
    return f"không {what}, đã thôi chờ" if each.dropped else f"chưa {what}"


def late_values(figures: Figures, now: dt.datetime) -> list[dict[str, str]]:
    """Return the texts of a row for every asking that a unit was late for, as many as a list holds."""
    return [
        {
            "number": each.number,
            "unit": each.unit,
            "kind": f"{each.kind} (khẩn)" if each.duty else each.kind,
            "due": wording.time_of(each.due.astimezone(now.tzinfo)),
            "said": late_unit_said(each, now.tzinfo),
            "late": length(each.late.counted, each.late.clock),
        }
        for each in figures.late_units[:MOST_ROWS]
    ]


def overdue_values(figures: Figures, now: dt.datetime) -> list[dict[str, str]]:
    """Return the texts of a row for every request past its promise, as many as a list holds."""
    return [
        {
            "number": each.number,
            "customer": each.customer,
            "kind": each.kind,
            "due": wording.time_of(each.due.astimezone(now.tzinfo)),
            "holder": each.holder,
            "late": length(each.late.counted, each.late.clock),
        }
        for each in figures.overdue[:MOST_ROWS]
    ]


def _more(count: int) -> str:
    return f"Danh sách còn {count - MOST_ROWS} yêu cầu khác, xem sổ theo dõi." if count > MOST_ROWS else ""


def _office(office: Office) -> dict[str, str]:
    names: Mapping[str, str] = LETTER_NAMES["office"]
    texts = {name: getattr(office, name) for name in names}
    return texts | {
        "short_name": office.short_name or office.name,
        "parent_short": office.parent_short or office.parent,
    }
