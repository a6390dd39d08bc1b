"""The rules of reading as data: the phrase language, what decides is visible, the file's errors, danger, old fonts."""

import json
from pathlib import Path

import pytest

from daemon.desk.rules import CATEGORIES
from daemon.desk.trouble import Refused
from daemon.reading.phrases import PhraseIndex, compile_phrase
from daemon.reading.tokens import split
from daemon.settings.reading import load_reading
from tests.reading.request_cases import CASES, CONFIG, read, read_case
from tools.train_request_words import as_json, examples, read_examples, train, untrained

SHIPPED = CONFIG / "reading.toml"


def stands(phrase, text, short_forms=None, lenient=False):
    return PhraseIndex(split(text, short_forms), lenient).find(compile_phrase(phrase)) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("cắt .. điện", "cắt nguồn điện", True),
        ("cắt .. điện", "cat nguon dien", True),
        ("cắt .. điện", "cất nguồn điện", False),
        ("cắt .. điện", "cắt một hai ba bốn năm điện", False),
        ("cắt ... điện", "cắt một hai ba bốn năm điện", True),
        ("cắt . điện", "cắt một hai điện", False),
        ("cắt .. điện", "cắt cây. Có điện", False),
        ("cắt|ngừng điện", "ngừng điện", True),
        ("áp_tô_mát nhảy", "áp tô mát nhảy", True),
        ("mất đã? điện", "mất điện", True),
        ("mất đã? điện", "mất đã điện", True),
        ("!đóng điện lại", "đóng điện lại", False),
        ("!đóng điện lại", "gọi điện lại", True),
        ("# lần", "8 lần", True),
        ("gọi 0#", "gọi 10 lần", False),
        ("gọi 0#", "gọi 0912", True),
        ("hòa lưới", "hoà lưới", True),
        ("đổi giờ", "đợi giờ", False),
        ("đề nghị cắt điện", "đề nghi cắt điện", True),
        ("không có điện", "ko có điện", True),
    ],
)
def test_the_phrase_language(phrase, text, found):
    assert stands(phrase, text, {"ko": "không"}) is found


@pytest.mark.parametrize("phrase", ["", ".. điện", "điện ..", "đã? điện", "điện !có"])
def test_a_phrase_that_cannot_be_is_refused(phrase):
    with pytest.raises(ValueError, match="cụm từ"):
        compile_phrase(phrase)


def test_what_decides_is_visible():
    reading = read("Xin hoãn cắt điện 8h ngày 12/11 ở xã Thượng Giáo, đề nghị trả lời bằng văn bản. ĐT 0912 000 109")
    assert any("xin hoãn, dời, đổi giờ cắt điện" in reason for reason in reading.reasons["category"])
    assert "«trả lời bằng văn bản»" in reading.reasons["wanted_reply"]
    assert reading.reasons["phone"] == ("0912 000 109",)
    assert reading.reasons["outage_start"] == ("8h", "12/11")


def test_a_rule_of_the_office_changes_what_is_read(tmp_path):
    text = SHIPPED.read_text(encoding="utf-8").replace('words = "reading-words.json"', "")
    own = '\n[[kind.cues]]\nname = "của phòng"\nweights = { other = 9 }\nphrases = ["xe điện vinfast"]\n'
    path = tmp_path / "reading.toml"
    path.write_text(text + own, encoding="utf-8")
    assert load_reading(path).kind.cues[-1].name == "của phòng"
    assert load_reading(path).kind.words == {}


def with_words(folder, name, text):
    """The shipped rules with a file of words of one's own."""
    (folder / name).write_text(text, encoding="utf-8")
    path = folder / "reading.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("reading-words.json", name), encoding="utf-8")
    return path


ROW = [0.5] * len(CATEGORIES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.json", json.dumps({"categories": CATEGORIES, "words": {"dien": ROW}})),
        (
            "reading-words.toml",
            f'categories = {json.dumps(CATEGORIES)}\n[words]\n"dien" = {ROW}\n',
        ),  # as of earlier versions
    ],
)
def test_the_trained_words_lie_in_a_file_of_their_own(tmp_path, name, text):
    assert load_reading(with_words(tmp_path, name, text)).kind.words == {"dien": tuple(ROW)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "không đọc được own.json"),
        ("[]", "cần có categories"),
        (json.dumps({"categories": ["a"], "words": {}}), "cần có categories"),
        (json.dumps({"categories": CATEGORIES, "words": {"dien": [1]}}), "xem dien"),
        (json.dumps({"categories": CATEGORIES, "words": {"dien": 1}}), "mỗi từ cần"),
    ],
)
def test_a_broken_file_of_words_is_told(tmp_path, text, said):
    with pytest.raises(Refused, match=said):
        load_reading(with_words(tmp_path, "own.json", text))


def test_every_error_of_the_file_is_told_at_once(tmp_path):
    path = tmp_path / "reading.toml"
    path.write_text(
        'published_days = 0\nextra = 1\n[codes]\nBK = ""\n[kind]\ncolour = 1\nasking = "x"\nwords = "../x"\n[kind.start]\nsmall_talk = 1\n'
        '[[kind.cues]]\nname = "a"\nweights = { rain = 1 }\nphrases = [".. điện"]\nwhere = "sky"\nhue = 1\n[[kind.cues]]\nname = "b"\n'
        "[phones]\nown = [1]\n[reply]\ncues = 1\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused) as told:
        load_reading(path)
    for part in (
        "published_days", "extra", "codes", "kind.colour", "kind.asking", "kind.words", "kind.start.small_talk", "weights.rain", "không được bắt đầu",
        "cues[1].where", "cues[1].hue", "kind.cues[2]", "phones.own", "reply.cues",
    ):  # fmt: skip
        assert part in str(told.value), part
    with pytest.raises(Refused, match="không đọc được"):
        load_reading(tmp_path / "none.toml")


def test_the_shipped_words_are_what_training_gives():
    """The first examples are enough to see that the file was not edited by hand and that training is repeatable."""
    rules = untrained()
    some = examples(rules, read_examples(("utterances.tsv",))[:20])
    assert train(some) == train(some)
    words = load_reading(SHIPPED).kind.words
    assert len(words) > 1000
    assert all(len(row) == len(CATEGORIES) for row in words.values())
    shipped = SHIPPED.with_name("reading-words.json").read_text(encoding="utf-8")
    assert as_json({word: list(row) for word, row in words.items()}) == shipped


def test_held_out_cases_are_not_trained_on():
    assert "held_out" not in Path("tools/train_request_words.py").read_text(encoding="utf-8").split("EXAMPLES")[1]


@pytest.mark.parametrize("line", (CASES / "danger.tsv").read_text(encoding="utf-8").splitlines())
def test_danger_to_life(line):
    wanted, text = line.split("\t")
    assert read(text, "sms").danger is (wanted == "danger")


def test_advertising_with_the_words_of_danger_is_none():
    reading = read("Khuyến mãi bảo hiểm cháy nổ, giảm 20%, bấm vào đây để hủy nhận thư", subject="Bảo hiểm cháy nổ")
    assert (reading.category, reading.danger) == ("not_a_request", False)


@pytest.mark.parametrize(
    "text",
    [
        "T«i lµ NguyÔn V¨n Minh, th«n 2, x· Qu©n Hµ. Xin hái ngµy 08/11 cã c¾t ®iÖn kh«ng?",
        "Toâi laø Nguyeãn Vaên Minh, thoân 2, xaõ Quaân Haø. Xin hoûi ngaøy 08/11 coù caét ñieän khoâng?",
    ],
)
def test_text_of_the_old_fonts_is_read(text):
    reading = read(text)
    assert (reading.category, reading.unit, reading.name) == ("outage_info", "Bạch Thông", "Nguyễn Văn Minh")


def test_an_outage_question_names_its_window():
    reading = read("Sáng mai xã An Thắng có cắt điện không ạ?", "sms", "2026-11-10T07:15:00+07:00")
    assert reading.answerable_now
    assert reading.asked_outage is not None
    place, start, end = reading.asked_outage
    assert (place, start.isoformat(), end.isoformat()) == (
        "xã An Thắng",
        "2026-11-11T00:00:00+07:00",
        "2026-11-12T00:00:00+07:00",
    )


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Ngày 12/11 xã Yên Cư có cắt điện không?", True),
        ("Ngày 12/12 xã Yên Cư có cắt điện không?", False),
        ("Xã Yên Cư mất điện từ chiều, bao giờ có lại?", False),
        ("Hỏi nguyên nhân mất điện tối qua", False),
        ("Phí đóng cắt điện là bao nhiêu?", True),
        ("Đổi tên hợp đồng điện cần thủ tục gì?", True),
        ("Đề nghị kiểm định công tơ", False),
        ("Cột điện nghiêng sắp đổ", False),
    ],
)
def test_what_can_be_answered_at_once(text, now):
    assert read(text).answerable_now is now


def test_the_truth_files_keys():
    case = {"text": "", "channel": "sms", "received": "2026-11-05T09:00:00+07:00", "subject": None}
    assert set(read_case(case)) == {
        "category", "name", "customer_code", "phone", "address", "unit", "outage_start", "wanted_reply", "answerable_now", "danger", "confidence", "check",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("dây .. =trơ", "dây trơ lõi", True),
        ("dây .. =trơ", "day dien tro lai", False),
        ("điện =dò", "điện dò ra vỏ", True),
        ("điện =dò", "dien do long", False),
        ("cột =mục|đổ", "cot do", True),
    ],
)
def test_a_word_that_counts_only_as_it_is_written(phrase, text, found):
    assert stands(phrase, text) is found


@pytest.mark.parametrize(
    "text",
    [
        "xã Hòa Mục có cắt điện không, tôi là Đổng Văn Sụt",
        "Tôi là Ngô Văn Nổ, cột mốc công tơ ở đâu, xã Đổng Xá",
    ],
)
def test_names_and_places_say_nothing_of_danger(text):
    assert not read(text).danger


@pytest.mark.parametrize(
    "text",
    [
        "Tiền điện tháng này cao quá, tiện báo có mùi khét gần công tơ, nhờ tính lại hóa đơn giúp",
        "Xin kéo thêm cột vào nhà, dây cũ hở ruột",
    ],
)
def test_words_of_danger_in_another_request_reach_a_person(text):
    reading = read(text)
    assert reading.danger or "category" in reading.check


def test_what_may_be_no_request_is_shown_before_it_is_set_aside():
    reading = read("Kính gửi anh chị, em có việc này muốn trao đổi thêm, mong sớm gặp", subject="Trao đổi")
    assert reading.category != "not_a_request" or "category" in reading.check or reading.confidence["category"] >= 0.85
    thanks = read("Cảm ơn các anh đã sửa điện nhanh chóng, chúc sức khỏe", "sms")
    assert (thanks.category, thanks.check) == ("not_a_request", ())
