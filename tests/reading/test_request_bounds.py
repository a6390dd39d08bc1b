"""No text makes the request reader run away: pathological texts are read, and the work is counted, not timed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.phrases import PhraseIndex, compile_phrase
from daemon.reading.tokens import LIMIT, bounded, split
from tests.reading.request_cases import read

PIECES = [
    "a", " ", "\n", ",", "(", "0", "9 ", "0912 ", "+84", "PA26BK", "PA26BK0 ", "thôn ", "xã ", "x. ", "tổ 1 ", "ngày 1/", "1/1/", "8h", "7h30 - ",
    "từ 8h đến ", "thứ hai ", "mai ", "sáng ", "Nguyễn ", "Tôi là ", "tên: ", "Công ty ", "Trường Tiểu học ", "UBND xã ", "cắt điện ", "bao giờ ",
    "mất điện ", "đề nghị hoãn lịch ", "? ", "- ", "a@", "a.b@c.", "Địa chỉ: ", "§", "́", "🙂", "\ufdd0", "đ", "xã Yên Cư ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=[repr(piece) for piece in PIECES])
def test_a_piece_repeated_to_a_megabyte_is_read(piece):
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    reading = read(text, subject=text[:2000])
    assert reading.category


@pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT, LIMIT + 1, 5 * LIMIT, 1_000_000])
def test_only_a_bounded_part_is_looked_at(size):
    text = "".join(chr(97 + n % 26) for n in range(size))
    looked = bounded(text)
    assert len(looked) <= LIMIT
    assert looked[: min(size, LIMIT) // 2] == text[: min(size, LIMIT) // 2]
    assert looked[-100:] == text[-100:]


def test_the_end_of_a_long_letter_is_read():
    text = "Kính gửi Điện lực. Đề nghị kiểm tra công tơ. " + "Nội dung rất dài. " * 20_000 + "Số điện thoại 0912000109"
    assert read(text).phone == "0912000109"


class CountedWords(tuple):
    """Words that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, index):
        CountedWords.looks += 1
        return super().__getitem__(index)


def test_the_work_for_a_phrase_grows_no_faster_than_its_starts():
    phrase = compile_phrase("a ... a ... a .. b")
    looks = {}
    for size in (1_000, 2_000, 4_000):
        words = split("a " * size)
        index = PhraseIndex(words)
        object.__setattr__(words, "words", CountedWords(words.words))
        CountedWords.looks = 0
        assert index.find(phrase) is None
        looks[size] = CountedWords.looks
    assert looks[4_000] <= 1.1 * looks[1_000]


@settings(derandomize=True, max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["email", "sms", "letter", "phone_note", "website"])
)
def test_no_mixture_of_pieces_makes_the_reader_fail(pieces, channel):
    text = "".join(pieces)
    reading = read(text, channel)
    for value in (reading.name, reading.address):
        assert value is None or value in bounded(text)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text):
    reading = read(text)
    assert all(0.0 <= sure <= 1.0 for sure in reading.confidence.values())
    assert set(reading.check) <= set(reading.confidence) | {"outage_start"}
