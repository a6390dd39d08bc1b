"""Replies as many clients write them: tickets, kinds, new text, attachments; and mails that must not hold a reader."""

import dataclasses
import difflib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk import matching
from daemon.desk.message import Message
from daemon.desk.text import squeeze
from daemon.dry.replies import replies
from daemon.mailbox.message import parse
from daemon.reading import html, lines
from daemon.reading.answers import kind_of
from daemon.reading.attached import from_attachment
from daemon.reading.reply import read_reply
from daemon.settings.reply_words import load_reply_words
from tests.reading import reply_cases, reply_tickets
from tests.reading.nasty_mails import nasty

TEXTS = Path(__file__).parent / "cases_replies"
LEARNT = load_reply_words(Path(__file__).parents[2] / "config" / "reply-words.toml")
SENT = "Kính gửi: Điện lực X\n\nNội dung dòng dài để so khớp\nĐề nghị gửi kết quả về phòng trước 17h00 (giữ nguyên mã phiếu).\n"
NOTHING = Message(None, (), (), "", None, None, (), (), None, (), None, None)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[reply_cases.Case, dict]]:
    """The generated cases with what the dry run says of them."""
    folder = tmp_path_factory.mktemp("replies")
    made = [reply_cases.case(number) for number in range(400)]
    reply_cases.write(folder, made)
    said = {row["file"]: row for row in replies(folder)}
    return [(case, said[case.name]) for case in made]


def _share(pairs: list[tuple[reply_cases.Case, dict]], key: str) -> float:
    return sum(case.truth[key] == row[key] for case, row in pairs) / len(pairs)


def test_no_generated_reply_is_put_on_a_wrong_ticket(judged: list) -> None:
    assert not [case.name for case, row in judged if row["ticket"] not in (None, case.truth["ticket"])]
    assert _share(judged, "ticket") >= 0.99


def test_generated_kinds_and_trust_are_right(judged: list) -> None:
    assert _share(judged, "kind") >= 0.97
    assert _share(judged, "trusted") == 1.0


def test_generated_attachments_are_right(judged: list) -> None:
    wrong = [
        case.name
        for case, row in judged
        if sorted(map(squeeze, case.truth["attachments"])) != sorted(row["attachments"])
    ]
    assert not wrong


def test_generated_new_text_is_right_and_holds_no_request(judged: list) -> None:
    texts = [
        (squeeze(case.truth["answer_text"]), squeeze(row["answer_text"] or ""))
        for case, row in judged
        if case.truth["answer_text"]
    ]
    assert sum(want == got for want, got in texts) / len(texts) >= 0.97
    assert all(difflib.SequenceMatcher(None, want, got, autojunk=False).ratio() >= 0.5 for want, got in texts)
    asked = [
        squeeze(row) for ticket in reply_tickets.TICKETS for row in ticket.body.split("\n") if len(squeeze(row)) > 40
    ]
    assert not [got for want, got in texts if any(row in got and row not in want for row in asked)]


def test_bounces_say_what_happened(judged: list) -> None:
    bounced = [(case, row) for case, row in judged if case.truth["kind"] == "bounce"]
    assert bounced
    for case, row in bounced:
        assert (row["dsn_action"], row["dsn_status"]) == (case.truth["dsn_action"], case.truth["dsn_status"]), (
            case.client
        )


def test_a_header_of_one_line_is_no_answer() -> None:
    """Some clients put only the sender between their separator and the quotation."""
    raw = (
        "From: dlnari@pcbk.example\nTo: gdkh@pcbk.example\nSubject: Re: x\n"
        "Content-Type: text/plain; charset=utf-8\n\nĐơn vị đã kiểm tra, công tơ đạt cấp chính xác.\n\n"
        "-----Original Message-----\nFrom: gdkh@pcbk.example\n> Kính gửi đơn vị,\n> đề nghị kiểm tra.\n"
    )
    assert read_reply(parse(raw.encode()), None).text == "Đơn vị đã kiểm tra, công tơ đạt cấp chính xác."


@pytest.mark.parametrize("name", ["kinds.toml", "kinds_more.toml"])
def test_kinds_of_short_texts(name: str) -> None:
    told = tomllib.loads((TEXTS / name).read_text("utf-8"))
    wrong = [(kind, text) for kind, texts in told.items() for text in texts if _kind(kind, text) != kind]
    assert len(wrong) <= 2, wrong


def _kind(kind: str, text: str) -> str:
    linked = kind != "unrelated"
    message = dataclasses.replace(
        NOTHING,
        subject="Re: [PCBK-2026-000123] Đề nghị" if linked else "Thư",
        in_reply_to=("<a@b>",) if linked else (),
        text=text,
    )
    return kind_of(message, read_reply(message, None), LEARNT).kind


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in nasty()])
def test_no_mail_holds_the_readers(raw: bytes) -> None:
    """Each is read to the end within bounds; a reader that runs away would never come back here."""
    message = parse(raw)
    reply = read_reply(message, SENT)
    kind_of(message, reply, LEARNT)
    matching.codes_in(reply.text)
    assert len(reply.text.split("\n")) <= 2 * lines.MOST_LINES


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_new_text_is_made_of_lines_of_the_mail(new: str, old: str) -> None:
    body = f"{new}\n\nVào 5 thg 10, 2026, lúc 08:30, Phòng <a@b.c> đã viết:\n> {old}"
    reply = read_reply(dataclasses.replace(NOTHING, text=body), SENT)
    held = squeeze(lines.tidy(body.replace("\n", " ")))
    for row in reply.text.split("\n"):
        assert (
            squeeze(row) in held
            or len(row) > lines.MOST_WIDTH - 1
            or squeeze(lines.tidy(row)) in squeeze(" ".join(map(lines.tidy, body.split("\n"))))
        )


@given(st.text(alphabet="<>/=\"'! -abdivpqtr\n", max_size=300))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_html_gives_lines_without_tags(source: str) -> None:
    for line in html.lines(source):
        assert "\n" not in line.text


def test_html_keeps_one_cell_a_line_and_drops_what_is_hidden() -> None:
    source = "<table><tr><td>a</td><td>b<br>c</td></tr></table><style>p{}</style><p style='display:none'>x</p><div>d&nbsp;e</div>"
    assert html.text(source).split() == ["a", "b", "c", "d", "e"]


def test_word_answers_are_read_with_their_tables() -> None:
    import io

    import docx

    document = docx.Document()
    document.add_paragraph("B26 đồng ý.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Giờ", "07h30"
    out = io.BytesIO()
    document.save(out)
    from daemon.desk.message import Attachment

    assert (
        from_attachment(Attachment("Trả lời.docx", "application/octet-stream", out.getvalue()))
        == "B26 đồng ý.\nGiờ\n07h30"
    )
    assert from_attachment(Attachment("x.docx", "", b"PK\x03\x04 broken")) is None
    assert from_attachment(Attachment("x.pdf", "", b"%PDF-1.4 broken")) is None
