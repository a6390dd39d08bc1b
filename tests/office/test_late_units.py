"""Who was late in the report, and the same sums in report and ledger, through the whole office."""

from daemon.desk import report_words
from daemon.desk.counted import Counted
from daemon.desk.ticket import UnitState
from daemon.office import actions, health, keeping, listing
from daemon.office.reporting import make_report
from tests.office.test_endings import _joined
from tests.support.office import Desk

DANGER = """Trụ điện gãy, dây điện rơi xuống đường, tóe lửa, rất nguy hiểm, đề nghị xử lý ngay.
Ông Hà Văn Dũng, 0912345678, thôn Nà Đấng, xã Bằng Lũng, huyện Chợ Đồn, mã khách hàng PA26CD0001234."""


def _told(desk: Desk) -> tuple[str, tuple[int, ...], list[str]]:
    today = desk.clock.now().date()
    _, made = make_report(desk.parts, "phong", today, today)
    (unit,) = made.units
    row = (unit.asked, unit.answered, unit.acknowledged, unit.open, unit.dropped, unit.on_time, unit.late, unit.overdue)
    return " ".join(report_words.sentences(made)), row, report_words.proposals(made)


def test_a_danger_acknowledged_late_is_named_and_is_not_unanswered(desk: Desk) -> None:
    desk.at("2026-10-06 04:12")
    number = desk.note("phone_note", DANGER)
    desk.work()
    (row,) = desk.ticket(number).units
    assert row.asked is not None and row.due is not None and row.state is UnitState.ASKED
    desk.at("2026-10-06 05:30")
    sender = next(mail.to[0] for mail in desk.new_sent() if "[PCBK" in mail.subject and "KHẨN" in mail.subject)
    told, counts, _ = _told(desk)
    assert f"{number} (" in told and "chưa báo nhận" in told and counts == (1, 0, 0, 1, 0, 0, 0, 1)
    desk.reply(sender, "Đã nhận, đang cử người đi kiểm tra.")
    desk.work()
    (row,) = desk.ticket(number).units
    assert row.heard is not None and row.state is UnitState.PARTIAL
    desk.at("2026-10-06 05:40")
    told, counts, proposals = _told(desk)
    assert f"{number} (" in told and "báo nhận trễ" in told and counts == (1, 0, 1, 0, 0, 0, 1, 0)
    assert any(number in each for each in proposals)


def test_a_cancelled_danger_keeps_its_unit_in_report_and_ledger(desk: Desk) -> None:
    desk.at("2026-10-06 04:12")
    number = desk.note("phone_note", DANGER)
    desk.work()
    desk.at("2026-10-06 04:15")
    actions.finish(desk.parts, number, "cancelled", "Khách báo nhầm", "Lan")
    desk.work()
    desk.at("2026-10-06 06:00")
    told, counts, _ = _told(desk)
    assert number not in told and counts == (1, 0, 0, 0, 1, 0, 0, 0)
    (line,) = keeping.rows(desk.parts, 2026)
    assert line.units and line.asked and line.unit_due and line.cancelled


def test_report_and_ledger_say_the_merged_ticket(desk: Desk) -> None:
    first, second = _joined(desk)
    (behind,) = [line for line in keeping.rows(desk.parts, 2026) if line.number == second]
    assert f"hỏi chung ở phiếu {first}" in behind.units and behind.asked and behind.unit_due
    actions.merge(desk.parts, second, first, "Lan")
    desk.work()
    today = desk.clock.now().date()
    _, made = make_report(desk.parts, "phong", today, today)
    counted = [line.counted for line in keeping.rows(desk.parts, 2026)]
    assert (made.booked, made.merged, made.all.received) == (2, 1, 1)
    assert (len(counted), counted.count(Counted.MERGED), counted.count(Counted.OWN)) == (2, 1, 1)
    assert "trừ 1 phiếu gộp vào phiếu khác còn 1 yêu cầu" in " ".join(report_words.sentences(made))


def test_who_acknowledged_is_not_told_that_it_did_not(desk: Desk) -> None:
    desk.at("2026-10-06 04:12")
    number = desk.note("phone_note", DANGER)
    desk.work()
    sender = next(mail.to[0] for mail in desk.new_sent() if "KHẨN" in mail.subject)
    desk.at("2026-10-06 04:20")
    desk.reply(sender, "Đã nhận, đang cử người đi kiểm tra.")
    desk.work()
    desk.new_sent()
    desk.at("2026-10-06 06:00")
    desk.work()
    assert [mail.subject for mail in desk.new_sent() if sender in mail.to or "Quá hạn" in mail.subject] == []
    assert health.gather(desk.parts)["units_late"] == 0 and not listing.is_late(desk.parts, desk.ticket(number))
