"""Every story of the chapter, told twice: it holds, and it fails when the rule it tells is broken.

A story is a file: what came in and when, what must have gone out and when. ``[broken]`` names a line of the procedure
and what it is broken into.
"""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.text import fold
from daemon.desk.trouble import Refused
from daemon.office import actions
from tests.servers.postgres import Server
from tests.support.office import Desk, moment

FOLDER = Path(__file__).parent
STORIES = sorted(FOLDER.glob("chapter-*/*.toml"))


def load(path: Path) -> dict[str, Any]:
    """Read a story."""
    return tomllib.loads(path.read_text("utf-8"))


def play(story: dict[str, Any], folder: Path, procedure: tuple[str, str] | None = None, database: str = "") -> None:
    """Play a story; an assertion tells where it goes another way."""
    chapter = FOLDER / story["chapter"] if "chapter" in story else None
    desk = Desk(folder, story["start"], procedure, story.get("report_to"), story.get("gateway", ""), chapter, database)
    try:
        for name, text in story.get("files", {}).items():
            (desk.home / name).parent.mkdir(parents=True, exist_ok=True)
            (desk.home / name).write_text(text, "utf-8")
            os.utime(desk.home / name, (0, desk.clock.now().timestamp()))
        for number, step in enumerate(story["steps"], start=1):
            where = f"bước {number} ({step.get('at', '')})"
            if "at" in step:
                desk.at(step["at"])
            act(desk, step)
            desk.work()
            expect(desk, step.get("expect", {}), where)
    finally:
        desk.close()


def act(desk: Desk, step: dict[str, Any]) -> None:
    """Do what a person does in a step."""
    if mail := step.get("mail"):
        desk.mail(mail["from"], mail.get("subject", ""), mail["text"], **mail.get("headers", {}))
    if reply := step.get("reply"):
        desk.reply(reply["from"], reply["text"], **reply.get("headers", {}))
    if note := step.get("note"):
        desk.note(note["channel"], note["text"])
    if bounce := step.get("bounce"):
        desk.bounce(bounce["of"], bounce["status"])
    if step.get("place_last"):
        desk.place_last()
    for one in step.get("refused", []):
        said = _refusal(desk, one["do"])
        assert all(word in said for word in one["says"]), f"{one['do']}: {said or 'không bị từ chối'}"
    for line in step.get("do", []):
        command(desk, line)


def _refusal(desk: Desk, line: str) -> str:
    try:
        command(desk, line)
    except Refused as refusal:
        return str(refusal)
    return ""


def command(desk: Desk, line: str) -> None:
    """Carry out an agent's command on the newest ticket."""
    name, _, rest = line.partition(" ")
    number, parts = desk.ticket().number, desk.parts
    doing = {
        "set": lambda: actions.set_fields(parts, number, tuple(rest.split(";")) if rest else (), "Lan"),
        "approve": lambda: actions.approve(parts, number, "Hoa"),
        "found": lambda: actions.found(parts, number, rest.split(" ")[0], rest.partition(" ")[2], "Lan"),
        "answered": lambda: actions.answered(parts, number, rest, "", "Lan"),
        "ask": lambda: actions.ask(parts, number, rest.split("|")[0], rest.partition("|")[2], "Lan"),
        "number": lambda: actions.give_number(parts, number, rest, "Lan"),
        "extend": lambda: actions.extend(parts, number, rest, "khách hàng đồng ý", "Lan"),
        "reopen": lambda: actions.reopen(parts, number, rest, "Lan"),
        "cancel": lambda: actions.finish(parts, number, "cancelled", rest, "Lan"),
        "send_draft": desk.send_draft,
    }
    doing[name]()


def expect(desk: Desk, wanted: dict[str, Any], where: str) -> None:
    """Hold the office against what a step expects; mails sent must be exactly those named."""
    sent = desk.new_sent()
    shown = [f"{', '.join(mail.to)}: {mail.subject}" for mail in sent]
    expected = wanted.get("sent", [])
    assert len(sent) == len(expected), f"{where}: gửi đi {shown}"
    for one in expected:
        assert any(matches(mail, one) for mail in sent), f"{where}: thiếu thư {one}, đã gửi {shown}"
    for name, value in wanted.items():
        if name != "sent":
            CHECKS[name](desk, value, where)


def matches(mail: Any, one: dict[str, Any]) -> bool:
    """Say whether a mail is the one meant."""
    words = fold(f"{mail.subject}\n{mail.text}")
    names = [each.name for each in mail.attachments]
    return (
        one["to"] in mail.to
        and all(fold(word) in words for word in one.get("has", []))
        and not any(fold(word) in words for word in one.get("lacks", []))
        and all(any(part in name for name in names) for part in one.get("files", []))
    )


def _state(desk: Desk, value: str, where: str) -> None:
    ticket = desk.ticket()
    assert ticket.state == value, f"{where}: {ticket.state}, {ticket.check} {ticket.questions}"


def _deadlines(desk: Desk, value: dict[str, str], where: str) -> None:
    for name, due in value.items():
        line = desk.ticket().deadline(name)
        assert line and line.due == moment(due), f"{where}: {name} {line}"


def _units(desk: Desk, value: dict[str, str], where: str) -> None:
    rows = {row.unit: str(row.state) for row in desk.ticket().units}
    assert rows == value, f"{where}: {rows}"


def _unit_due(desk: Desk, value: str, where: str) -> None:
    dues = [row.due for row in desk.ticket().units if row.open]
    assert dues == [moment(value)], f"{where}: {dues}"


def _files(desk: Desk, value: list[str], where: str) -> None:
    names = desk.file_names()
    for part in value:
        assert any(part in name for name in names), f"{where}: thiếu {part} trong {names}"


def _no_files(desk: Desk, value: list[str], where: str) -> None:
    names = desk.file_names()
    assert not any(part in name for part in value for name in names), f"{where}: {names}"


def _fields(desk: Desk, value: dict[str, Any], where: str) -> None:
    ticket = desk.ticket()
    for name, one in value.items():
        got = getattr(ticket, name, None) if hasattr(ticket, name) else getattr(ticket.customer, name)
        got = got.strftime("%Y-%m-%d %H:%M") if hasattr(got, "strftime") else got
        assert (got or "") == (one or ""), f"{where}: {name} = {got!r}"


def _drafts(desk: Desk, value: list[dict[str, Any]], where: str) -> None:
    drafts = desk.drafts()
    assert len(drafts) == len(value), f"{where}: {[each.subject for each in drafts]}"
    for one in value:
        assert any(matches(mail, {"to": "", **one}) if one.get("to") else _open_draft(mail, one) for mail in drafts), (
            f"{where}: {[mail.text for mail in drafts]}"
        )


def _open_draft(mail: Any, one: dict[str, Any]) -> bool:
    return all(fold(word) in fold(f"{mail.subject}\n{mail.text}") for word in one.get("has", []))


def _check(desk: Desk, value: list[str], where: str) -> None:
    assert set(value) <= set(desk.ticket().check), f"{where}: {desk.ticket().check}"


def _check_lacks(desk: Desk, value: list[str], where: str) -> None:
    assert not set(value) & set(desk.ticket().check), f"{where}: {desk.ticket().check} {desk.ticket().questions}"


def _met(desk: Desk, value: list[str], where: str) -> None:
    met = [line.name for line in desk.ticket().deadlines if line.met]
    assert set(value) <= set(met), f"{where}: {met}"


def _events(desk: Desk, value: list[str], where: str) -> None:
    kinds = [event.kind for event in desk.events()]
    assert set(value) <= set(kinds), f"{where}: {kinds}"


def _tickets(desk: Desk, value: int, where: str) -> None:
    count = len(list(desk.parts.store.tickets()))
    assert count == value, f"{where}: {count} phiếu"


def _unplaced(desk: Desk, value: int, where: str) -> None:
    found = desk.parts.store.items("unplaced")
    assert len(found) == value, f"{where}: {[(each.subject, each.reason) for each in found]}"


def _ledger(desk: Desk, value: list[str], where: str) -> None:
    import openpyxl

    path = next((desk.home / "outbox").glob("so-theo-doi-*.xlsx"))
    book = openpyxl.load_workbook(path)
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    book.close()
    for word in value:
        assert any(word in cell for cell in cells), f"{where}: sổ thiếu {word}"


CHECKS = {
    "state": _state,
    "deadlines": _deadlines,
    "units": _units,
    "unit_due": _unit_due,
    "files": _files,
    "no_files": _no_files,
    "fields": _fields,
    "drafts": _drafts,
    "check": _check,
    "check_lacks": _check_lacks,
    "met": _met,
    "events": _events,
    "tickets": _tickets,
    "unplaced": _unplaced,
    "ledger": _ledger,
}


def _broken() -> Iterator[Any]:
    for path in STORIES:
        for number, rule in enumerate(load(path).get("broken", []), start=1):
            yield pytest.param(path, rule, id=f"{path.stem}-{number}")


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story_holds(path: Path, tmp_path: Path) -> None:
    play(load(path), tmp_path / "office")


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story_holds_on_postgresql(path: Path, tmp_path: Path, server: Server) -> None:
    play(load(path), tmp_path / "office", database=server.fresh())


@pytest.mark.parametrize(("path", "rule"), list(_broken()))
def test_story_fails_when_its_rule_is_broken(path: Path, rule: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        play(load(path), tmp_path / "office", (rule["rule"], rule["broken_into"]))


def test_every_statement_of_the_procedure_has_a_story() -> None:
    told = {statement for path in STORIES for statement in load(path)["statements"]}
    assert told >= {f"P{number}" for number in range(1, 13)}


def test_every_story_can_fail() -> None:
    assert [path.stem for path in STORIES if not load(path).get("broken")] == []
