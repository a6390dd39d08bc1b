"""The first set-up, asked and from a file; the system's service; values changed in files that people edit."""

import datetime as dt
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.cli import cli
from daemon.desk.trouble import Refused
from daemon.office import service, setup, unfinished
from daemon.office.checking import check_all
from daemon.office.founding import found, refuse_closed
from daemon.office.questions import from_person
from daemon.settings.edit import toml, with_values


def test_an_answer_that_is_needed_is_asked_for_until_it_is_given(home: Path) -> None:
    """Without it all that is asked afterwards would be refused in the end."""
    asked: list[str] = []

    def times() -> int:
        return len([each for each in asked if each.startswith("Máy chủ IMAP")])

    def ask(question: str, now: str) -> str:
        asked.append(question)
        if question.startswith("Loại hộp thư"):
            return "imap"
        if question.startswith("Cổng"):
            return now
        return "" if question.startswith("Máy chủ IMAP") and times() < tries else now or "x.example"

    tries = 7
    given = from_person(home / "config", ask)
    assert "Máy chủ IMAP [chưa ghi, ghi lại; Ctrl-C để dừng]" in asked, "why it is asked again is said"
    assert given["mailbox"]["imap"]["host"] == "x.example" and times() == 7
    asked.clear()


ANSWERS = """
leaders = ["giamdoc@pccb.example"]

[office]
name = "Công ty Điện lực Cao Bằng"
prefix = "PCCB"
phone = "0206 3000 000"

[mailbox]
kind = "maildir"
address = "gdkh@pccb.example"

[outgoing]
receipts = false

[reports.phong]
recipients = ["truongphong@pccb.example"]

[calendar]
confirmed = [2027]

[[units]]
id = "Ba Bể"
name = "Đội quản lý điện lực Ba Bể"
addresses = ["babe@pccb.example"]
duty_phone = "0206 1"

[[units]]
id = "Hà Quảng"
name = "Điện lực Hà Quảng"
addresses = ["haquang@pccb.example"]

[[units]]
id = "B26"
addresses = ["b26@pccb.example"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh working folder."""
    list(found(tmp_path / "home"))
    return tmp_path / "home"


def run(home: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """Run a command as the user does; return its exit code and what it printed."""
    done = CliRunner().invoke(cli, ["--home", str(home), *words], input=typed, standalone_mode=False)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return int(done.return_value or 0), done.output


def read(home: Path, name: str) -> Any:
    """A file of the configuration."""
    return tomllib.loads((home / "config" / name).read_text("utf-8"))


def test_from_a_file(home: Path, tmp_path: Path) -> None:
    """Everything given is written, everything else stays with its comments, and the check is told."""
    (tmp_path / "answers.toml").write_text(ANSWERS, "utf-8")
    code, told = run(home, "setup", "--from", str(tmp_path / "answers.toml"))
    assert code == 0, told
    desk, units = read(home, "desk.toml"), read(home, "units.toml")
    assert desk["office"]["name"] == "Công ty Điện lực Cao Bằng" and desk["office"]["prefix"] == "PCCB"
    assert desk["mailbox"]["address"] == "gdkh@pccb.example" and desk["outgoing"]["receipts"] is False
    assert desk["reports"]["phong"]["recipients"] == ["truongphong@pccb.example"]
    assert "# Mật khẩu không bao giờ ghi ở đây" in (home / "config/desk.toml").read_text("utf-8")
    assert units["leaders"] == ["giamdoc@pccb.example"]
    card = next(each for each in units["units"] if each["id"] == "Ba Bể")["cards"][-1]
    assert card["addresses"] == ["babe@pccb.example"] and card["duty_phone"] == "0206 1"
    assert read(home, "calendar/2027.toml")["confirmed"] is True
    assert (home / "config/desk.toml.truoc-1").exists()
    assert "ĐƯỢC" in told


def test_units_given_take_the_place_of_the_examples(home: Path, tmp_path: Path) -> None:
    """None that is invented stays, told in a line; a unit that the office has written itself does."""
    path = home / "config" / "units.toml"
    path.write_text(path.read_text("utf-8").replace("dlnari@pcbk.example", "nari@dienluc.vn"), "utf-8")
    (tmp_path / "answers.toml").write_text(ANSWERS, "utf-8")
    *_, told = setup.apply(home, setup.from_file(tmp_path / "answers.toml"))
    assert told.startswith("Đã bỏ các đơn vị không có trong trả lời") and ": TP Bắc Kạn, Bạch Thông, Chợ Đồn" in told
    units = {each["id"]: each["cards"] for each in read(home, "units.toml")["units"]}
    assert set(units) == {"Ba Bể", "Na Rì", "B26", "Hà Quảng"}
    assert units["B26"] == [{"name": "Phòng Điều độ (B26)", "addresses": ["b26@pccb.example"]}]
    assert "chief_address" not in units["Ba Bể"][0]


def test_a_unit_that_the_procedure_asks_is_missed(home: Path, tmp_path: Path) -> None:
    """An invented one does not stand in for it."""
    (tmp_path / "answers.toml").write_text('[[units]]\nid = "Ba Bể"\naddresses = ["babe@dienluc.vn"]\n', "utf-8")
    with pytest.raises(Refused, match="B26"):
        list(setup.apply(home, setup.from_file(tmp_path / "answers.toml")))
    list(setup.apply(home, {"leaders": ["giamdoc@dienluc.vn"]}))
    assert len(read(home, "units.toml")["units"]) == 9, "without units in the answers nothing is left out"


def test_the_same_answers_again_write_nothing(home: Path, tmp_path: Path) -> None:
    """And other answers keep every version before under a number of its own."""
    (tmp_path / "answers.toml").write_text(ANSWERS, "utf-8")
    answers = setup.from_file(tmp_path / "answers.toml")
    list(setup.apply(home, answers))
    before = {path: path.read_bytes() for path in (home / "config").rglob("*.toml*")}
    assert list(setup.apply(home, answers)) == ["Cấu hình đã đúng như trả lời, không ghi gì."]
    assert {path: path.read_bytes() for path in (home / "config").rglob("*.toml*")} == before
    told = list(setup.apply(home, {"leaders": ["khac@pccb.example"]}))
    assert told == ["Đã ghi config/units.toml (bản trước: units.toml.truoc-2)"]
    assert (home / "config/units.toml.truoc-2").read_bytes() == before[home / "config/units.toml"]
    assert (home / "config/units.toml.truoc-1").read_bytes() == before[home / "config/units.toml.truoc-1"]


def test_lists_that_people_wrote_over_several_lines(home: Path, tmp_path: Path) -> None:
    """They are changed, and taken away, like those on one line; what else stands there stays."""
    lookups, reading = home / "config" / "lookups.toml", home / "config" / "reading.toml"
    text = lookups.read_text("utf-8")
    lookups.write_text(text.replace('"Ba Bể" = ["PA26BB"]', '"Ba Bể" = [\n  "PA26BB", # CMIS\n]'), "utf-8")
    assert lookups.read_text("utf-8") != text
    text = reading.read_text("utf-8")
    own = next(line for line in text.splitlines() if line.startswith("own = "))
    reading.write_text(text.replace(own, own.replace("[", "[\n  ").replace("]", ",\n]")), "utf-8")
    file = tmp_path / "answers.toml"
    for answers in (
        '[office]\nphone = "0299 3000 111"\n[[units]]\nid = "Ba Bể"\nalso = ["ĐL Ba Bể"]\n[[units]]\nid = "B26"\n',
        'dropped = ["Ba Bể"]\n',
    ):
        file.write_text(answers, "utf-8")
        list(setup.apply(home, setup.from_file(file)))
    units = read(home, "lookups.toml")["units"]
    assert "Ba Bể" not in units and "B26" in units
    assert [each for each in read(home, "reading.toml")["phones"]["own"] if each == "02993000111"] == ["02993000111"]


@pytest.mark.parametrize(
    ("mailbox", "wrong"),
    [("gdkh@dienluc.vn", True), ("gdkh@pcbk.example", False)],  # an office that is an example as a whole is a rehearsal
)
def test_units_still_as_shipped_are_named(home: Path, mailbox: str, wrong: bool) -> None:
    """A mailbox that works and units that are invented are an error once the mailbox is tried."""
    list(setup.apply(home, {"mailbox": {"address": mailbox}}))
    found = check_all(home, live=True)
    (said,) = [line for line in (*found.errors, *found.warnings) if "địa chỉ ví dụ" in line]
    assert (said in found.errors) is wrong
    assert "Ba Bể" in said and "B26" in said and "leaders" in said


def test_tables_on_one_line_and_days_are_set(home: Path) -> None:
    """As `signer` and `expires` are written."""
    given = {
        "office": {"signer": {"lines": ["GIÁM ĐỐC"], "name": "Nông Thị Vân"}},
        "mailbox": {"kind": "imap", "imap": {"expires": dt.date(2027, 3, 31), "host": "a.example", "user": "u",
                                             "smtp_host": "a.example", "password_env": "MOTCUA_P"}},
    }  # fmt: skip
    with pytest.raises(Refused, match="MOTCUA_P"):
        list(setup.apply(home, given))
    text = (home / "config/desk.toml").read_text("utf-8")
    made = tomllib.loads(setup.with_answers(text, given))
    assert made["office"]["signer"]["name"] == "Nông Thị Vân"
    assert made["mailbox"]["imap"]["expires"] == dt.date(2027, 3, 31)


def test_a_folder_that_holds_no_office(tmp_path: Path) -> None:
    """Most often the command was typed in another one: that is said first."""
    for words in (("tickets",), ("service", "install", "--dir", str(tmp_path))):
        with pytest.raises(Refused, match=r"--home THƯ-MỤC .*MOTCUA_HOME.*setup"):
            run(tmp_path, *words)


class Person:
    """Answers by what a question begins with or ends with; Enter to all others. Keeps what was asked and offered."""

    def __init__(self) -> None:
        self.offered: dict[str, str] = {}
        self.answers: dict[str, str] = {}

    def __call__(self, question: str, now: str) -> str:
        self.offered[question] = now
        return next((said for words, said in self.answers.items() if question.startswith(words)), now)


def test_asked_question_by_question(home: Path) -> None:
    """Enter keeps what stands there, or a good guess; what follows from the company's name is offered."""
    person = Person()
    person.answers = {
        "Tên đơn vị": "Công ty Điện lực Hà Giang",
        "Loại hộp thư": "maildir",
        "Địa chỉ hộp thư": "gdkh@pchg.example",
    }
    list(setup.apply(home, from_person(home / "config", person)))
    office = read(home, "desk.toml")["office"]
    assert (office["name"], office["short_name"], office["place"]) == (
        "Công ty Điện lực Hà Giang",
        "PC Hà Giang",
        "Hà Giang",
    )
    assert (office["prefix"], office["sign_code"], office["phone"]) == ("PCHG", "PCHG-P9", "")
    assert read(home, "desk.toml")["mailbox"]["address"] == "gdkh@pchg.example"
    assert len(read(home, "units.toml")["units"]) == 9
    assert len(person.offered) < 70 and not [each for each in person.offered if "các xã" in each], (
        "what is known is not asked"
    )


GUIDED = {
    "Tên đơn vị": "Công ty Điện lực Vân Hải",
    "Đơn vị cấp trên": "Tổng công ty Điện lực miền Trung",
    "Tên ngắn của đơn vị cấp trên": "EVNCPC",
    "Điện thoại của phòng": "0299 3000 111",
    "Tổng đài": "19001909",
    "Loại hộp thư": "imap",
    "Địa chỉ hộp thư chung": "gdkh@pcvh.vn",
    "Máy chủ IMAP": "mail.pcvh.vn",
    "Bảo mật IMAP": "starttls",
    "Cổng IMAP": "1143",
    "Tài khoản": "gdkh@pcvh.vn",
    "Thư của người quản trị": "it@pcvh.vn",
    "Thư của lãnh đạo": "giamdoc@pcvh.vn",
    "Các đơn vị": "Cồn Tiên, Đảo Yến, B26",
    "Cồn Tiên: địa chỉ": "contien@pcvh.vn",
    "Cồn Tiên: điện thoại": "0299 3000 201",
    "Cồn Tiên: hai ký tự": "ct",
    "Cồn Tiên: các xã": "xã Bãi Nhạn, phường Cửa Sò",
    "Đảo Yến: địa chỉ": "daoyen@pcvh.vn, daoyen.kd@pcvh.vn",
    "Đảo Yến: hai ký tự": "DY",
    "Đảo Yến: các xã": "xã Hòn Mực",
    "B26: địa chỉ": "dieudo@pcvh.vn",
    "B26: thư": "-",
}


def test_an_office_elsewhere_is_set_up_by_the_questions_alone(tmp_path: Path) -> None:
    """Other units, other places, a mail server with a port and an authority of its own: then there is nothing to complain of."""
    home = tmp_path / "new"
    for name in ("password", "ca.pem"):
        (tmp_path / name).write_text("geheim\n", "utf-8")
        (tmp_path / name).chmod(0o600)
    person = Person()
    person.answers = {**GUIDED, "Tệp chứa mật khẩu": str(tmp_path / "password"), "Tệp chứng thư gốc của công ty (để trống: máy chủ dùng chứng thư công cộng)": str(tmp_path / "ca.pem")}  # fmt: skip
    told = list(setup.apply(home, from_person(setup.config_of(home), person)))
    assert told[0].startswith("Đã tạo thư mục làm việc")
    imap = read(home, "desk.toml")["mailbox"]["imap"]
    assert imap == {
        "host": "mail.pcvh.vn",
        "security": "starttls",
        "port": 1143,
        "user": "gdkh@pcvh.vn",
        "password_file": str(tmp_path / "password"),
        "ca_file": str(tmp_path / "ca.pem"),
        "smtp_host": "mail.pcvh.vn",
        "smtp_security": "starttls",
        "smtp_ca_file": str(tmp_path / "ca.pem"),
    }
    units = {each["id"]: each["cards"][-1] for each in read(home, "units.toml")["units"]}
    assert set(units) == {"Cồn Tiên", "Đảo Yến", "B26"}
    assert units["Đảo Yến"]["addresses"] == ["daoyen@pcvh.vn", "daoyen.kd@pcvh.vn"]
    assert units["Cồn Tiên"]["name"] == "Điện lực Cồn Tiên"
    assert read(home, "reading.toml")["codes"] == {"CT": "Cồn Tiên", "DY": "Đảo Yến"}
    assert {"19001909", "02993000111"} <= set(read(home, "reading.toml")["phones"]["own"])
    names = read(home, "lookups.toml")["units"]
    assert set(names) == set(units) and names["Cồn Tiên"] == ["Điện lực Cồn Tiên"]
    places = {(row["kind"], row["name"]): row["unit"] for row in read(home, "places.toml")["places"] if row.get("unit")}
    assert places == {("xã", "Bãi Nhạn"): "Cồn Tiên", ("phường", "Cửa Sò"): "Cồn Tiên", ("xã", "Hòn Mực"): "Đảo Yến"}
    assert len(read(home, "places.toml")["places"]) == 3, "what lies around the example's province is of no use here"
    seen = check_all(home, live=False)
    assert seen.errors == []
    assert not [line for line in seen.warnings if "config/" in line and "calendar" not in line and "alarm" not in line]
    assert "# Địa danh và đơn vị phụ trách" in (home / "config/places.toml").read_text("utf-8")


def test_enter_to_everything_the_second_time(tmp_path: Path) -> None:
    """Whoever runs it again and only presses Enter changes nothing, and is not asked for cards that are complete."""
    test_an_office_elsewhere_is_set_up_by_the_questions_alone(tmp_path)
    home, person = tmp_path / "new", Person()
    assert list(setup.apply(home, from_person(home / "config", person))) == [
        "Cấu hình đã đúng như trả lời, không ghi gì."
    ]
    assert not [question for question in person.offered if question.startswith("Cồn Tiên")]
    person.answers = {"Các đơn vị": "Cồn Tiên, B26"}
    *_, told = setup.apply(home, from_person(home / "config", person))
    assert told.endswith(": Đảo Yến") and not [
        row for row in read(home, "places.toml")["places"] if row.get("unit") == "Đảo Yến"
    ]


def test_units_still_at_example_addresses_are_asked_for_again(home: Path) -> None:
    """Enter to everything twice: the second time as well they are what is offered, beside units that are new."""
    person = Person()
    list(setup.apply(home, from_person(home / "config", person)))
    person.answers = {"Na Rì: địa chỉ": "nari@dienluc.vn", "Na Rì: thư": "-"}
    list(setup.apply(home, from_person(home / "config", person)))
    person.answers = {"Các đơn vị": "Ba Bể, Na Rì, B26, Đảo Yến", "Đảo Yến: địa chỉ": "daoyen@dienluc.vn"}
    from_person(home / "config", person)
    (offered,) = [now for question, now in person.offered.items() if question.startswith("Hỏi thẻ")]
    assert offered == "Ba Bể, B26, Đảo Yến"


def test_stopped_before_the_last_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is in the folder that was not there before; the answers are kept beside, as `--from` takes them."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(click.Abort):
        run(tmp_path / "new", "setup", typed="Công ty Điện lực Vân Hải\n")
    assert not (tmp_path / "new").exists()
    said = CliRunner().invoke(cli, ["--home", str(tmp_path / "new"), "setup"], input="x\n").output
    before, _, _ = said.partition("Tên đơn vị")
    assert "--from" in before and "Đã tạo" not in said
    kept, again = tmp_path / "tra-loi-do-dang.toml", tmp_path / "tra-loi-do-dang-2.toml"
    assert kept.stat().st_mode & 0o777 == 0o600 and str(again) in said, "none is overwritten"
    assert setup.from_file(kept)["office"] == {"name": "Công ty Điện lực Vân Hải"}
    code, told = run(tmp_path / "new", "setup", "--from", str(kept), "--no-live")
    assert code == 0 and read(tmp_path / "new", "desk.toml")["office"]["name"] == "Công ty Điện lực Vân Hải", told


def test_stopped_among_the_units(home: Path, tmp_path: Path) -> None:
    """The file says what was said: units, those not asked yet too, the mailbox's table, and is taken as it stands."""
    person, given = Person(), {}
    person.answers = {"Loại hộp thư": "imap", "Máy chủ": "m.vn", "Tài khoản": "u", "Tệp chứa mật khẩu": "/khong/co"}

    def ask(question: str, now: str) -> str:
        if question.startswith("Chợ Mới: điện thoại"):
            raise KeyboardInterrupt
        return person(question, now)

    with pytest.raises(KeyboardInterrupt):
        from_person(home / "config", ask, given)
    path = unfinished.keep(given, tmp_path / "missing", tmp_path)
    assert path and setup.from_file(path) == given
    assert len(given["units"]) == 9 and "addresses" in given["units"][0] and given["mailbox"]["imap"]["host"] == "m.vn"
    list(setup.apply(home, setup.from_file(path)))
    (said,) = [line for line in check_all(home, live=False).errors if "password_file" in line]
    assert "install -D -m 600 -o motcua /dev/stdin /khong/co" in said, "a password file may be made later"


def test_a_folder_that_cannot_be_made_is_told_before_the_first_question(tmp_path: Path) -> None:
    """And nothing is made by looking."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Refused, match=r"không phải thư mục.*Chưa hỏi"):
        run(tmp_path / "file" / "new", "setup", typed="x\n")
    refuse_closed(tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"Loại hộp thư": "imap", "Bảo mật IMAP": "ssl"}, "Bảo mật IMAP"),
        ({"Loại hộp thư": "imap", "Cổng IMAP": "không rõ"}, "Cổng IMAP"),
        ({"Loại hộp thư": "pop3"}, "Loại hộp thư"),
        ({"Loại hộp thư": "imap", "Tệp chứng thư": "/khong/co"}, "chưa có tệp này"),
        ({"Hỏi thẻ": "Na Ri"}, "chỉ ghi tên trong"),
    ],
)
def test_an_answer_that_cannot_be(home: Path, answers: dict[str, str], said: str) -> None:
    """Is asked for again, saying what was wrong, until the person gives up."""
    person = Person()
    person.answers = {"Máy chủ": "m.example", "Tài khoản": "u", "Tệp chứa": __file__, **answers}
    asked: list[str] = []

    def ask(question: str, now: str) -> str:
        asked.append(question)
        if asked[-5:] == [question] * 5:
            raise click.Abort
        return person(question, now)

    with pytest.raises(click.Abort):
        from_person(home / "config", ask)
    assert "ghi lại" in asked[-1] and said in asked[-1]


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    """`setup` alone is enough on an empty machine."""
    (tmp_path / "answers.toml").write_text(ANSWERS, "utf-8")
    code, told = run(tmp_path / "new", "setup", "--from", str(tmp_path / "answers.toml"), "--no-live")
    assert code == 0, told
    assert (tmp_path / "new" / "inbox" / "du-lieu").is_dir()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("[ofice]\n", "mục lạ ofice"),
        ("[office]\nnaem = 'x'\n", "naem"),
        ("[office]\nprefix = 'pc bk'\n", "prefix"),
        ("[mailbox]\nkind = 'pop3'\n", "kind"),
        ("[mailbox]\nkind = 'imap'\n[mailbox.imap]\nhost = 'x'\n", "user"),
        ("[reports.tinh]\nrecipients = []\n", "không có cấp này"),
        ("[calendar]\nconfirmed = [1999]\n", "1999"),
        ("[[units]]\nid = 'Ba Bể'\nmail = 'x'\n", "mục lạ mail"),
        ("[[units]]\nid = 'Ba Bể'\ncode = 'BBB'\n", "code"),
        ("[[units]]\nid = 'Ba Bể'\nplaces = ['Đức Xuân']\n", "ghi loại đứng trước"),
        (
            "[[units]]\nid = 'B26'\n[[units]]\nid = 'Ba Bể'\n[[units]]\nid = 'Na Rì'\nplaces = ['xã Thượng Minh']\n",
            "xã Thượng Minh đang thuộc Ba Bể",
        ),
        ("dropped = 'Ba Bể'\n", "danh sách"),
        ("dropped = ['Ba Bể']\n[[units]]\nid = 'Ba Bể'\n", "cũng được ghi"),
        ("dropped = ['B26']\n", "B26"),
        ("[office\n", "TOML"),
    ],
)
def test_wrong_answers_change_nothing(home: Path, tmp_path: Path, answers: str, said: str) -> None:
    """Every fault is named, and the configuration is as before."""
    before = {path: path.read_bytes() for path in (home / "config").rglob("*.toml")}
    (tmp_path / "answers.toml").write_text(answers, "utf-8")
    with pytest.raises(Refused, match=said):
        list(setup.apply(home, setup.from_file(tmp_path / "answers.toml")))
    assert {path: path.read_bytes() for path in (home / "config").rglob("*.toml*")} == before


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["name", "phone", "hours", "agents", "new_key"]),
        st.one_of(st.text(max_size=30), st.booleans(), st.integers(-9, 9), st.lists(st.text(max_size=9), max_size=3)),
        min_size=1,
    )
)
def test_values_come_back_as_they_went(values: dict[str, Any]) -> None:
    """Whatever is set is read back by a TOML reader, and nothing else changes."""
    text = (Path(__file__).parents[2] / "config" / "desk.toml").read_text("utf-8")
    before, after = tomllib.loads(text), tomllib.loads(with_values(text, "office", values))
    assert after.pop("office") == {**before.pop("office"), **values}
    assert after == before


def test_what_cannot_be_set_by_a_line_is_refused() -> None:
    """A value over several lines stays as a person wrote it."""
    with pytest.raises(Refused, match="sửa tay"):
        with_values('[a]\nb = [\n  "x",\n]\n', "a", {"b": ["y"]})
    with pytest.raises(TypeError):
        toml(object())


# -- service -----------------------------------------------------------------------------------------------------------
def test_the_unit_is_written(home: Path, tmp_path: Path) -> None:
    """With the folder, the user, the console and the credentials asked for."""
    code, told = run(
        home,
        "service",
        "install",
        "--dir",
        str(tmp_path),
        "--user",
        "gdkh",
        "--console",
        "--credential",
        "motcua.mailbox",
    )
    assert code == 0 and "systemctl enable" in told
    text = (tmp_path / "motcua.service").read_text("utf-8")
    for line in (
        "Type=notify",
        "User=gdkh",
        f"ReadWritePaths={home}",
        "LoadCredential=motcua.mailbox:/etc/credstore/motcua.mailbox",
        "RestartPreventExitStatus=2",
        "WatchdogSec=15min",
    ):
        assert line in text.splitlines()
    assert f"--home {home} run --console\n" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this system")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """Its own verifier finds nothing unknown in it."""
    path = tmp_path / "motcua.service"
    path.write_text(service.unit(Path("/srv"), "/bin/true", "root"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True)
    assert "motcua.service" not in done.stdout + done.stderr, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this system")
def test_the_unit_is_kept_away_from_what_it_does_not_need(tmp_path: Path) -> None:
    """Its exposure as systemd reckons it, from 0 to 10: below 2."""
    path = tmp_path / "motcua.service"
    path.write_text(service.unit(Path("/srv/gdkh"), "/opt/motcua/bin/motcua", "motcua", console=True), "utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", ["/srv/mot cua", "/srv/50%", "/srv/$x", '/srv/"'])
def test_a_path_that_systemd_would_read_otherwise(path: str) -> None:
    """Is refused, not quoted by guess."""
    with pytest.raises(Refused):
        service.unit(Path(path), "/bin/motcua", "motcua")
