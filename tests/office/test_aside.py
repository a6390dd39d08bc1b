"""What was set aside leaves the list when a person has dealt with it; nothing of it is lost."""

import pytest

from daemon.desk.trouble import Refused
from daemon.office import actions, aside, health, showing
from daemon.store import diary
from tests.support.office import Desk


def _aside(desk: Desk) -> list[str]:
    return [item.name or item.subject for item in desk.parts.store.items("set_aside")]


def test_a_file_taken_out_of_its_folder_leaves_the_list(desk: Desk) -> None:
    for name in ("ghi-chu.md", "anh.md"):
        (desk.home / "inbox" / name).write_text(f"không phải bản quét: {name}", "utf-8")
    for _ in range(3):
        desk.work()
    assert sorted(_aside(desk)) == ["anh.md", "ghi-chu.md"]
    desk.work()
    assert len(_aside(desk)) == 2, "what still lies there waits"
    (desk.home / "inbox/can-xem/anh.md").unlink()
    desk.work()
    assert _aside(desk) == ["ghi-chu.md"]
    (item,) = desk.parts.store.items("ignored")
    assert "đã lấy khỏi inbox/can-xem" in item.reason
    assert desk.parts.store.originals.read(item.digest).startswith("không phải".encode())


@pytest.mark.parametrize("empty", [False, True], ids=["gone", "an empty place where it belongs"])
def test_while_the_share_is_away_nothing_leaves_the_list(desk: Desk, empty: bool) -> None:
    (desk.home / "inbox" / "ghi-chu.md").write_text("không phải bản quét", "utf-8")
    for _ in range(3):
        desk.work()
    (desk.home / "inbox").rename(desk.home / "elsewhere")
    if empty:
        (desk.home / "inbox").mkdir()
    assert aside.look(desk.parts) == 0 and _aside(desk) == ["ghi-chu.md"]


def test_a_newsletter_that_was_seen_no_longer_waits(desk: Desk) -> None:
    desk.mail("tin@quangcao.example", "Bản tin tháng 10", "Giảm giá máy phát điện.", Precedence="bulk")
    desk.work()
    (item,) = desk.parts.store.items("set_aside")
    assert health.waits({**showing.status(desk.parts), "problems": []})
    assert aside.seen(desk.parts, f"m{item.id}", "Lan") == "Bản tin tháng 10"
    assert not health.waits({**showing.status(desk.parts), "problems": []})
    assert [event.kind for event in diary.read(desk.parts.store)][-1:] == ["aside_seen"]
    actions.place(desk.parts, item.id, desk.note("phone_note", "Hỏi công tơ, xã Sơn Thành, Na Rì"), "Lan")


@pytest.mark.parametrize("name", ["12", "m", "m12", "x"])
def test_what_is_not_set_aside_cannot_be_seen(desk: Desk, name: str) -> None:
    with pytest.raises(Refused, match="motcua set-aside"):
        aside.seen(desk.parts, name, "Lan")
