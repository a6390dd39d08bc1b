"""The first set-up, asked and from a file; the system's service; values changed in files that people edit."""

import datetime as dt
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.cli import cli
from daemon.desk.trouble import Refused
from daemon.office import service, setup
from daemon.office.checking import check_all
from daemon.office.founding import found
from daemon.settings.edit import toml, with_values


def test_an_answer_that_is_needed_is_asked_for_until_it_is_given(home: Path) -> None:
    """Without it all that is asked afterwards would be refused in the end."""
    asked: list[str] = []

    def ask(question: str, now: str) -> str:
        asked.append(question)
        if question.startswith("Loại hộp thư"):
            return "imap"
        return "" if question == "Máy chủ IMAP" and asked.count(question) < tries else now or "x.example"

    tries = 3
    given = setup.from_person(home, ask)
    assert given["mailbox"]["imap"]["host"] == "x.example" and asked.count("Máy chủ IMAP") == 3
    asked.clear()
    tries = 9
    with pytest.raises(Refused, match=r"Máy chủ IMAP: chưa ghi.*motcua setup --from FILE"):
        setup.from_person(home, ask)
    assert asked.count("Máy chủ IMAP") == 3 and not any("trực" in each for each in asked)


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
    assert told.startswith("Đã bỏ các đơn vị ví dụ không có trong trả lời: TP Bắc Kạn, Bạch Thông, Chợ Đồn")
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


def test_asked_question_by_question(home: Path) -> None:
    """Enter keeps what stands there; the rest is written."""
    typed = (
        "\n".join(["Công ty Điện lực Hà Giang", *[""] * 8, "maildir", "gdkh@pchg.example", *[""] * 46, "không"]) + "\n"
    )
    code, told = run(home, "setup", typed=typed)
    assert code == 0, told
    desk = read(home, "desk.toml")
    assert desk["office"]["name"] == "Công ty Điện lực Hà Giang" and desk["office"]["prefix"] == "PCBK"
    assert desk["mailbox"]["address"] == "gdkh@pchg.example"
    assert len(read(home, "units.toml")["units"]) == 9


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
