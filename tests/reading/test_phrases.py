"""What a text is not even asked for could not have been found in it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.phrases import Phrasebook, PhraseIndex, compile_phrase
from daemon.reading.tokens import split

WORDS = ("mất", "điện", "không", "có", "dien", "12", "0912", "110kv", "từ")
LITERALS = (*WORDS, "#", "0#", "=điện", "mất_điện", "không_có_điện", "từ_#", "#_từ")

words = st.lists(st.sampled_from((*WORDS, "Mất", ".", "?")), max_size=14).map(" ".join)
literal = st.lists(st.sampled_from(LITERALS), min_size=1, max_size=3, unique=True).map("|".join)
solid = st.tuples(literal, st.sampled_from(("", "", "?"))).map("".join)
filling = st.one_of(solid, st.sampled_from((".", "..", "...", "!có|từ")))
phrases = st.tuples(literal, st.lists(filling, max_size=3), literal).map(
    lambda made: " ".join([made[0], *made[1], made[2]])
)


@settings(derandomize=True, max_examples=600, deadline=None)
@given(source=phrases, text=words)
def test_needs_leave_out_nothing_that_stands_there(source: str, text: str) -> None:
    phrase, index = compile_phrase(source), PhraseIndex(split(text))
    everywhere = list(index.find_all(replace(phrase, needs=())))
    assert list(index.find_all(phrase)) == everywhere
    if everywhere:
        assert phrase in Phrasebook(["chưa trả_lời", source, "mất điện"]).possible(index)


@pytest.mark.parametrize(
    ("text", "from_paper", "from_mail"),
    [
        ("báo giá chi phí đóng cắt điện", True, True),
        ("báo giá chỉ phí đóng cắt điện", True, False),  # a tone misread: the other word of the compound vouches for it
        ("báo giá chi phỉ đóng cắt điện", True, False),
        ("báo giá chi phi đóng cắt điện", True, True),
        ("báo giá che phí đóng cắt điện", False, False),
        ("ghi rõ điện năng", False, False),  # no compound: another tone is another word
        ("ghi rò điện năng", True, True),
    ],
)
def test_a_tone_misread_on_paper_is_no_other_word_in_a_compound(text: str, from_paper: bool, from_mail: bool) -> None:
    phrases = [compile_phrase(each) for each in ("giá .. chi_phí .. đóng|cắt", "rò điện|dầu")]
    for lenient, wanted in ((True, from_paper), (False, from_mail)):
        index = PhraseIndex(split(f"Đề nghị quý công ty {text}."), lenient)
        assert any(index.find(phrase) for phrase in phrases) is wanted
