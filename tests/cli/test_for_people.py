"""What commands print is for people: names, sentences and office time, not what the program calls things."""

import datetime as dt
import json
import re
from pathlib import Path

from daemon.office import health
from tests.cli.hands import motcua
from tests.cli.test_commands import NOTE, good, new, once

DANGER = (
    "Bà Lý Thị Mẩy, xã Quân Hà, huyện Bạch Thông, 0912 345 678 báo dây điện đứt rơi xuống đường, đang phóng điện, "
    "rất nguy hiểm đến tính mạng."
)
INSIDE = re.compile(r"within|working day|office minute|waiting_unit|\d{4}-\d\d-\d\dT|fields_set|[Hh]ạn hạn ")


def test_history_states_and_explanation(home: Path) -> None:
    number = new(home)
    once(home)
    good(motcua(home, "set", number, "phone=0912 000 113", "--by", "Mai"))
    said = good(motcua(home, "show", number))
    assert not INSIDE.search(said), said
    for wanted in (
        "Đặt hạn tra cứu: trong 10 phút làm việc, đến ",
        "Hạn luật định của khiếu nại: ",
        "Mai: Ghi điện thoại: 0912000113",
        "Đã gửi phiếu yêu cầu tới Pác Nặm",
        "Đã lập phiếu gửi đơn vị",
    ):
        assert wanted in said, wanted
    refused = motcua(home, "approve", number)
    assert (refused.code, "(trạng thái: chờ đơn vị trả lời)" in refused.err) == (2, True)
    explained = good(motcua(home, "explain", number))
    assert not re.search(r"\d\d:\d\d\.\d|\dh\d\d:\d\d\.", explained), explained
    page = home / "khach.html"
    good(motcua(home, "person", "export", number, "--out", str(page)))
    handed = re.sub(r"base64,[^\"]*", "", page.read_text("utf-8"))
    assert not INSIDE.search(handed), handed
    assert not re.search(r"[0-9a-f]{40}|category|digest", handed), handed
    assert f'download="{number}.json"' in handed and "Ghi điện thoại: 0912000113" in handed


def test_an_ended_ticket_is_called_so(home: Path) -> None:
    number = new(home)
    good(motcua(home, "close", number))
    once(home)
    for command in (("approve", number), ("answered", number, "--by", "phone")):
        assert "(trạng thái: đã kết thúc)" in motcua(home, *command).err


def test_a_danger_names_the_phone_to_call(home: Path) -> None:
    said = motcua(home, "new", "--channel", "phone_note", text=DANGER)
    number = said.out.strip()
    assert re.fullmatch(r"PCBK-\d{4}-\d{6}", number), "the bare number on standard output"
    assert "GỌI NGAY trực Điện lực Bạch Thông: 0209 3000 201" in said.err
    assert "GỌI NGAY trực Điện lực Bạch Thông: 0209 3000 201" in good(motcua(home, "show", number))
    assert motcua(home, "new", "--channel", "phone_note", "--json", text=DANGER).err == ""
    assert motcua(home, "new", "--channel", "counter", text=NOTE).err == ""
    good(motcua(home, "close", number))
    once(home)
    assert "GỌI NGAY" not in good(motcua(home, "show", number)).partition("Nội dung")[0]


def test_status_of_a_daemon_that_is_gone(home: Path) -> None:
    before = motcua(home, "status", "--json")
    assert (before.code, json.loads(before.out)["problems"]) == (0, []), "before the first run nothing is wrong"
    written = dt.datetime(2026, 10, 5, 1, 25, tzinfo=dt.UTC)
    told = {"written": written.isoformat(), "pid": 1, "started": written.isoformat()}
    (home / health.FILE).write_text(json.dumps(told), "utf-8")
    for extra in ({}, {"stopped": True}):
        (home / health.FILE).write_text(json.dumps({**told, **extra}), "utf-8")
        said = motcua(home, "status")
        assert (said.code, "không chạy từ 08h25 ngày 05/10/2026" in said.out) == (3, True), "the office's time"
        state = motcua(home, "status", "--json")
        assert state.code == 3 and any("không chạy từ 08h25" in text for text in json.loads(state.out)["problems"])


def test_status_counts_what_waits_for_release(home: Path) -> None:
    number = new(home)
    good(motcua(home, "found", number, "--source", "oms", text="Do sét đánh, đã thay chống sét."))
    once(home)
    said = motcua(home, "status")
    assert json.loads(good(motcua(home, "show", number, "--json")))["state"] == "to_approve"
    assert said.code == 3
    assert not INSIDE.search(said.out), said.out
    looked = re.search(r"Lần cuối xem được hộp thư: (.*)", said.out)
    assert looked and re.fullmatch(r"\d\dh\d\d ngày \d\d/\d\d/\d{4}", looked[1])
