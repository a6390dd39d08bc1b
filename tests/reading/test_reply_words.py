"""Answer, part of an answer, question back: the learnt words on texts never trained on, and their file."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.message import Message
from daemon.desk.rules import ANSWER_KINDS, AnswerWords
from daemon.desk.trouble import Refused
from daemon.reading.answers import kind_of
from daemon.reading.reply import Reply
from daemon.reading.verdict import features, judge, prior
from daemon.settings.reply_words import load_reply_words
from tools.train_reply_words import LINES, TABLES, Example, as_toml, read_lines, read_tables, train, train_on

SHIPPED = Path(__file__).parents[2] / "config" / "reply-words.toml"
HELD_OUT = read_lines(("cases/replies_held_out.tsv",))
LEARNT = load_reply_words(SHIPPED)


def _judged(learnt: AnswerWords) -> list[tuple[str, str, str]]:
    return [(kind, judge(text, learnt).kind, text) for kind, text in HELD_OUT]


def test_texts_never_trained_on_are_judged_right() -> None:
    judged = _judged(LEARNT)
    wrong = [row for row in judged if row[0] != row[1]]
    assert len(wrong) <= 0.06 * len(judged), wrong
    closed = [row for row in wrong if row[1] == "answer"]
    assert len(closed) <= 0.03 * len(judged), closed


def test_the_words_are_better_than_the_rules_alone() -> None:
    right = [sum(want == got for want, got, _ in _judged(learnt)) for learnt in (LEARNT, AnswerWords())]
    assert right[0] > right[1]


def test_texts_to_judge_by_are_not_trained_on() -> None:
    trained = {text.lower() for _, text in (*read_lines(LINES), *read_tables(TABLES))}
    assert not [text for _, text in HELD_OUT if text.lower() in trained]


def test_training_gives_the_same_again_and_the_shipped_file_has_its_form(tmp_path: Path) -> None:
    some = [*HELD_OUT[:12], *HELD_OUT[-12:]]
    trained = train_on(some)
    assert trained == train_on(some)
    (tmp_path / "words.toml").write_text(as_toml(trained), encoding="utf-8")
    assert load_reply_words(tmp_path / "words.toml") == trained
    assert as_toml(LEARNT) == SHIPPED.read_text(encoding="utf-8")
    assert 1000 < len(LEARNT.words) < 8000


def test_training_learns_what_the_rules_miss() -> None:
    told = [("question", "Bao la xanh"), ("answer", "Bao la tím")]
    data = [Example(features(text), prior(text, LEARNT), ANSWER_KINDS.index(kind)) for kind, text in told]
    learnt = AnswerWords({name: tuple(row) for name, row in train(data * 20).items()}, answer_from=0.0)
    assert [judge(text, learnt).kind for _, text in told] == ["question", "answer"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cột đã dựng lại, có điện 19h. Phần đền cây còn chờ xã áp giá.", "partial"),
        ("Khách ở Nà Pha trên hay Nà Pha dưới hả phòng", "question"),
        ("Đã thay công tơ, khách ký biên bản.", "answer"),
    ],
)
def test_the_reason_shows_the_words_as_written(text: str, kind: str) -> None:
    said = _kind_of(text)
    assert said.kind == kind
    assert "Căn cứ: «" in said.why
    assert all(shown in text for shown in judge(text, LEARNT).words)


def test_nothing_known_is_no_answer() -> None:
    said = _kind_of("Zxqv wkrt")
    assert (said.kind, said.confidence) == ("partial", 0.4)
    assert "cần người xem" in said.why


def test_doubt_about_an_answer_leaves_it_to_a_person() -> None:
    strict = AnswerWords(LEARNT.words, LEARNT.rule_share, 1.0)
    assert {kind for _, kind, _ in _judged(strict)} <= {"partial", "question"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Khôi phục 11/14 trạm.", "% part"),
        ("Có điện 14/14 trạm.", "% whole"),
        ("Xong 2 trong 4 việc khách nêu.", "% part"),
        ("Chiều 05/11 hộ ông Tài có điện.", None),
        ("Sửa ngày 25/10 nhà khách dùng tốt.", None),
    ],
)
def test_parts_and_wholes_are_counted_and_dates_are_not(text: str, name: str | None) -> None:
    assert {found for found in features(text) if found.startswith("%")} == ({name} if name else set())


def test_a_file_with_a_note_is_an_answer() -> None:
    assert judge("Gửi phòng biên bản.", LEARNT, enclosed=True).kind == "answer"


def test_a_reply_under_our_own_request_is_not_unrelated() -> None:
    old = "Tiêu đề: [PCBK-2026-000146] Đề nghị xác minh\n\nKính gửi: Điện lực Na Rì"
    message = Message(None, (), (), "", None, None, (), (), None, (), None, None)
    reply = Reply("Bên mình kéo dây tạm cho rồi nhé, dùng tốt.", old, "top", ())
    assert kind_of(message, reply, LEARNT).kind == "answer"


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.text(max_size=300))
def test_every_text_is_judged(text: str) -> None:
    said = judge(text, LEARNT)
    assert said.kind in ANSWER_KINDS
    assert 0 <= said.confidence <= 0.97


def test_without_the_file_the_rules_decide(tmp_path: Path) -> None:
    assert load_reply_words(tmp_path / "none.toml") == AnswerWords()
    assert _kind_of("Đã khắc phục xong lúc 9h.", AnswerWords()).kind == "answer"


def test_every_error_of_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "reply-words.toml"
    path.write_text('kinds = ["answer"]\nrule_share = -1\nanswer_from = "x"\nhue = 1\n[words]\nem = [1, 2]\n', "utf-8")
    with pytest.raises(Refused) as told:
        load_reply_words(path)
    for part in ("kinds", "rule_share", "answer_from", "hue: khóa lạ", "xem em"):
        assert part in str(told.value)
    path.write_text('kinds = ["answer", "partial", "question"]\n', "utf-8")
    with pytest.raises(Refused, match="words: phải là một bảng"):
        load_reply_words(path)
    path.write_text("[", "utf-8")
    with pytest.raises(Refused, match="không đọc được"):
        load_reply_words(path)


def _kind_of(text: str, learnt: AnswerWords = LEARNT):
    message = Message(None, ("<a@b>",), (), "Re: [PCBK-2026-000123]", None, None, (), (), None, (), None, text)
    return kind_of(message, Reply(text, "", None, ()), learnt)
