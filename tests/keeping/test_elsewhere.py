"""The guide for another company, followed as it stands: then a customer of there is understood and the right unit asked."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.office import actions
from daemon.office.checking import check_all
from tests.keeping.elsewhere import ROOT
from tests.keeping.test_documentation import blocks
from tests.support.office import Desk

PAGE = ROOT / "docs" / "huong-dan" / "cong-ty-khac.md"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that the page's commands make, and what they printed."""
    place = tmp_path_factory.mktemp("elsewhere")
    (answers,) = [each.text for each in blocks(PAGE) if each.language == "toml"]
    (place / "tra-loi.toml").write_text(answers, "utf-8")
    motcua = place / "motcua"
    motcua.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} {sys.executable} -m daemon "$@" || [ $? = 3 ]\n', "utf-8")
    motcua.chmod(0o755)
    environment = {**os.environ, "PATH": f"{place}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    said = ""
    for block in blocks(PAGE):
        if block.language == "sh":
            text = re.sub(r"(?<![\w.])/srv\b", rf"{place}/srv", block.text)
            command = ["bash", "-euo", "pipefail", "-c", text]
            done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
            said += done.stdout
    return place / "srv" / "vanhai", said


def test_the_page_leads_to_a_clean_check_and_a_ticket(followed: tuple[Path, str]) -> None:
    """Nothing of the example company is left; the last command shows the unit that the page speaks of."""
    home, said = followed
    seen = check_all(home, live=False)
    assert seen.errors == []
    assert [line for line in seen.warnings if line.startswith("config/")] == []
    assert re.search(r"PCVH-\d{4}-000001 .* Đảo Yến", said), said
    left = re.compile(r"Bắc Kạn|PCBK|PA26|dlbabe|Ba Bể|Na Rì")
    for name in ("desk", "units", "places", "reading", "lookups"):
        told = tomllib.loads((home / "config" / f"{name}.toml").read_text("utf-8"))
        assert not left.search(str(told)), f"{name}.toml"


@pytest.fixture
def desk(followed: tuple[Path, str], tmp_path: Path) -> Iterator[Desk]:
    """An office with the configuration that the page makes."""
    made = Desk(tmp_path / "home", "2026-10-05 08:00", config=followed[0] / "config")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "unit", "address"),
    [
        (
            "Nhà tôi ở thôn 3, xã Bãi Nhạn, một tháng nay cắt điện 8 lần không báo trước.",
            "Cồn Tiên",
            "contien@pcvanhai.vn",
        ),
        ("Tôi ở phường Cửa Sò, công tơ chạy nhanh bất thường, đề nghị kiểm tra.", "Cồn Tiên", "contien@pcvanhai.vn"),
        (
            "Mã khách hàng PC09DY0000123, công tơ chạy nhanh bất thường, đề nghị kiểm tra.",
            "Đảo Yến",
            "daoyen@pcvanhai.vn",
        ),
        ("xa Ran Trao hay bi mat dien vao buoi toi, de nghi xem lai", "Đảo Yến", "daoyen@pcvanhai.vn"),
    ],
)
def test_a_customer_of_there_is_led_to_the_right_unit(desk: Desk, text: str, unit: str, address: str) -> None:
    """By the place or by the customer code; the request form goes to that unit's address."""
    body = f"Tôi là Trần Thị Sò, điện thoại 0912 000 111. {text} Đề nghị trả lời qua điện thoại."
    desk.mail("so.tran@khach.example", "Đề nghị về điện", body)
    desk.work()
    ticket = desk.ticket()
    assert ticket.number.startswith("PCVH-2026-") and ticket.unit == unit, ticket
    if "unit" in ticket.check:  # a code alone, words without marks: a person confirms first
        actions.set_fields(desk.parts, ticket.number, (), "Lan")
        desk.work()
    assert address in {each for mail in desk.new_sent() for each in mail.to}, ticket


def test_a_place_of_the_example_is_nobody_s(desk: Desk) -> None:
    """It leads to no unit that this office does not have."""
    desk.mail("a@khach.example", "Mất điện", "Nhà tôi ở xã Quảng Bạch, huyện Chợ Đồn mất điện từ tối qua, 0912 000 111")
    desk.work()
    assert desk.ticket().unit in (None, "B26")


def test_the_office_s_own_numbers_are_no_customer_s(desk: Desk) -> None:
    """Its telephone and its hotline, as the answers give them."""
    body = "Tôi là Trần Thị Sò, xã Hòn Mực. Tôi gọi 19001909 và 0299 3000 111 không ai nghe. Nhà tôi mất điện, máy tôi 0912 000 111."
    desk.mail("so.tran@khach.example", "Mất điện", body)
    desk.work()
    assert desk.ticket().customer.phone == "0912000111"
