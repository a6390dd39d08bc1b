"""An answer that comes in parts: what only promised the rest does not reach the customer."""

import pytest

from daemon.desk.ticket import State
from tests.desk.test_endings import NUMBER, Story, complaint

TOLD, WAITS = "Sơ đồ đấu dây không có sai sót.", "Kết quả kiểm định đang chờ, chiều nay gửi tiếp."
REST = "Kiểm định: công tơ chạy đúng."


def part(story: Story, text: str = f"{TOLD} {WAITS}", put_off: tuple[str, ...] = (WAITS,)) -> None:
    story.say("reply", kind="partial", unit="Chợ Đồn", trusted=True, text=text, item=6, put_off=list(put_off))


def test_the_promise_is_shown_until_the_rest_is_there() -> None:
    story = complaint()
    part(story)
    (row,) = story.ticket.units
    assert row.answer == f"{TOLD} {WAITS}"
    story.answer(text=REST)
    (row,) = story.ticket.units
    assert (row.answer, row.put_off) == (f"{TOLD}\n{REST}", ())
    assert story.ticket.draft is not None
    assert story.ticket.draft.text == f"{TOLD}\n{REST}"


def test_a_part_that_only_promised_leaves_nothing() -> None:
    story = complaint()
    part(story, "Đã nhận phiếu, sẽ báo sau.", ("Đã nhận phiếu, sẽ báo sau.",))
    part(story, WAITS)
    story.answer(text=REST)
    assert story.ticket.draft is not None
    assert story.ticket.draft.text == REST


def test_parts_of_an_earlier_version_stay_whole() -> None:
    story = complaint()
    story.answer(kind="partial", text=f"{TOLD} {WAITS}")
    story.answer(text=REST)
    assert story.ticket.draft is not None
    assert story.ticket.draft.text == f"{TOLD} {WAITS}\n{REST}"


@pytest.mark.parametrize("late", [False, True])
def test_the_rest_may_come_to_an_ended_ticket(late: bool) -> None:
    story = complaint()
    if not late:
        part(story)
    story.say("close")
    if late:
        part(story)
    story.answer(text=REST)
    story.say("reopen")
    assert story.ticket.number == NUMBER
    assert story.ticket.state is State.TO_APPROVE
    assert story.ticket.draft is not None
    assert story.ticket.draft.text == f"{TOLD}\n{REST}"
