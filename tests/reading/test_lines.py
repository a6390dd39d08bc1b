"""The quick ways of folding and tidying lines say what their slow definitions say, whatever the letters."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.text import clean
from daemon.reading.lines import flat, letters, tidy

_TEXTS = st.text(
    st.characters() | st.sampled_from("aĐđêếỆơưỪỹ \t\n\r\xa0\u2007\u200b\u0301\u0323\u0345\u05b0\xad–…>Σßİ한")
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _bare(text: str) -> str:
    return "".join(
        "d" if char == "đ" else char
        for char in unicodedata.normalize("NFD", text.lower())
        if not 768 <= ord(char) < 880
    )


@settings(derandomize=True, max_examples=300, deadline=None)
@given(_TEXTS)
def test_lines_are_folded_and_tidied(text: str) -> None:
    assert flat(text) == " ".join(_bare(text).split())
    assert letters(text) == "".join(filter(str.isalnum, _bare(text)))
    plain = re.sub("[\u200b-\u200f\u2060\ufeff\xad]", "", text)
    assert tidy(text) == re.sub("[\xa0\u2007\u202f\u3000\t\u2028]", " ", plain).rstrip()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(_TEXTS)
def test_nothing_illegal_is_left_and_all_else_is(text: str) -> None:
    ends = re.sub("\r\n|\r", "\n", text)
    assert clean(text) == unicodedata.normalize("NFC", _ILLEGAL.sub("", ends))
