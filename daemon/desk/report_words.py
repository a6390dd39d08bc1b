"""The figures of a period in words: three sentences for the leadership, and the named values of the report template."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from daemon.desk import wording
from daemon.desk.letters import BLANK_NUMBER, copies, issuer
from daemon.desk.letters import OFFERED as LETTER_NAMES
from daemon.desk.office_card import Office
from daemon.desk.report import Figures, Tally, UnitTally

MOST_NAMED = 10  # tickets named in a proposal
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
    "overdue": "quá hạn",
    "median": "thời gian trả lời trung vị",
    "p90": "90 % được trả lời trong",
}
_UNIT = {
    "title": "đơn vị",
    "asked": "số phiếu",
    "answered": "đã trả lời",
    "on_time": "đúng hạn",
    "late": "trễ hạn",
    "open": "chưa trả lời",
    "overdue": "quá hạn",
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
        },
        "sentences": ["câu tóm tắt"],
        "all": _TALLY,
        "kinds": [_TALLY],
        "units": [_UNIT],
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

    A fourth tells of requests that were closed though nobody answered their customers.
    """
    told = [_came(figures), _answered(figures), _left(figures)]
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
        },
        "sentences": sentences(figures),
        "all": tally_values(figures.all, figures.previous.received),
        "kinds": [tally_values(kind, figures.kinds_before.get(kind.title, 0)) for kind in figures.kinds],
        "units": [_unit_values(unit) for unit in figures.units],
        "channels": [{"title": name, "count": str(count)} for name, count in figures.channels],
        "overdue": _overdue_values(figures, now),
        "overdue_more": _more(len(figures.overdue)),
        "repeated": [{"title": r.title, "count": str(r.count), "numbers": ", ".join(r.numbers)} for r in repeated],
        "cancelled": str(figures.all.cancelled) if figures.all.cancelled else "",
        "proposals": proposals(figures),
    }


def tally_values(tally: Tally, before: int) -> dict[str, str]:
    """Return the texts of one row of counts."""
    return {
        "title": tally.title,
        "carried": str(tally.carried),
        "received": str(tally.received),
        "before": str(before),
        "change": change(tally.received, before),
        "answered": str(tally.answered),
        "unanswered": str(tally.unanswered),
        "cancelled": str(tally.cancelled),
        "on_time": str(tally.on_time),
        "late": str(tally.late),
        "share": f"{wording.number(tally.share)} %" if tally.share is not None else "–",
        "open": str(tally.open),
        "overdue": str(tally.overdue),
        "median": _span(tally.median),
        "p90": _span(tally.p90),
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
    slow = [unit.title for unit in figures.units if unit.overdue or unit.late]
    if slow:
        found.append(f"Đề nghị chỉ đạo các đơn vị trả lời đúng hạn: {', '.join(slow)}.")
    if figures.repeated_places or figures.repeated_customers:
        names = [each.title for each in (*figures.repeated_places, *figures.repeated_customers)][:5]
        found.append(f"Đề nghị kiểm tra, có biện pháp dứt điểm ở nơi khiếu nại nhiều lần: {', '.join(names)}.")
    if figures.unanswered:
        numbers = ", ".join(figures.unanswered[:MOST_NAMED])
        more = f" và {len(figures.unanswered) - MOST_NAMED} phiếu khác" if len(figures.unanswered) > MOST_NAMED else ""
        found.append(f"Đề nghị kiểm tra các phiếu đóng mà không trả lời khách hàng: {numbers}{more}.")
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
    return (
        f"Trong {figures.period.title}, phòng tiếp nhận {received} yêu cầu của khách hàng "
        f"({_compared(received, figures.previous.received, figures.before.title)}), nhiều nhất là "
        f"“{most.title}” ({most.received} yêu cầu)."
    )


def _compared(now: int, before: int, title: str) -> str:
    return f"bằng {title}" if now == before else f"{change(now, before)} so với {title}"


def _answered(figures: Figures) -> str:
    tally = figures.all
    if not tally.answered:
        return "Trong kỳ chưa trả lời xong yêu cầu nào."
    return (
        f"Đã trả lời {tally.answered} yêu cầu, {tally.on_time} đúng hẹn ({wording.number(tally.share or 0)} %); "
        f"thời gian trả lời trung vị là {_span(tally.median)} làm việc, 90 % được trả lời trong {_span(tally.p90)} làm việc "
        "(sự cố tính theo đồng hồ)."
    )


def _left(figures: Figures) -> str:
    tally = figures.all
    if not tally.open:
        return "Không còn yêu cầu nào chưa trả lời."
    if not tally.overdue:
        return f"Còn {tally.open} yêu cầu đang giải quyết, không có yêu cầu nào quá hạn."
    holders: dict[str, int] = {}
    for each in figures.overdue:
        holders[each.holder] = holders.get(each.holder, 0) + 1
    listed = ", ".join(
        f"{name} ({count})" for name, count in sorted(holders.items(), key=lambda item: (-item[1], item[0]))
    )
    return f"Còn {tally.open} yêu cầu đang giải quyết, trong đó {tally.overdue} đã quá hạn, đang do: {listed}."


def _span(minutes: float | None) -> str:
    return wording.span_of_minutes(minutes) if minutes is not None else "–"


def _unit_values(unit: UnitTally) -> dict[str, str]:
    counts = ("asked", "answered", "on_time", "late", "open", "overdue", "reminded")
    texts = {name: str(getattr(unit, name)) for name in counts}
    return {"title": unit.title, **texts, "median": _span(unit.median), "p90": _span(unit.p90)}


def _overdue_values(figures: Figures, now: dt.datetime) -> list[dict[str, str]]:
    return [
        {
            "number": each.number,
            "customer": each.customer,
            "kind": each.kind,
            "due": wording.time_of(each.due.astimezone(now.tzinfo)),
            "holder": each.holder,
            "late": _span(each.minutes),
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
