"""Vietnamese of before Unicode: TCVN3 (ABC fonts), VNI and VISCII, told apart by what gives Vietnamese syllables.

Texts pasted from old Word files arrive as Latin-1 signs (``§iÖn lùc``). A line is converted only when its words become
Vietnamese syllables and were none before, so that a French name or a price list is left alone. Capitals of the ``.VnTimeH``
font cannot be told from small letters in plain text and come out small.
"""

import re
import unicodedata

_TCVN3_SIGNS = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§"
_TCVN3_TEXT = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
TCVN3 = str.maketrans(_TCVN3_SIGNS, _TCVN3_TEXT)

_VISCII_HIGH = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_TCVN_MARKS = {0xB0: "\u0300", 0xB1: "\u0309", 0xB2: "\u0303", 0xB3: "\u0301", 0xB4: "\u0323"}

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
# VNI writes a letter and then a sign for its marks; ô, ö, ñ and a few more stand for whole letters.
_VNI_MARKS = {
    "ø": _GRAVE,
    "û": _HOOK,
    "õ": _TILDE,
    "ù": _ACUTE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE,
    "á": _CIRCUMFLEX + _ACUTE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE,
    "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "é": _BREVE + _ACUTE,
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "í": "í", "ì": "ì"}
_VNI_LETTERS |= {key.upper(): value.upper() for key, value in _VNI_LETTERS.items()}
_VNI_MARKS |= {key.upper(): value for key, value in _VNI_MARKS.items()}

_VNI_BASES = frozenset("aeouyơư")
# \u00ad and a few signs are letters in TCVN3 only, so its words are cut at white space and plain punctuation.
_LEGACY_WORD = re.compile(r"[^\s\d.,;:!?()\[\]\"'/\\<>=+*&%#@|{}_-]+")
_ONSETS = frozenset(
    [
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "gh",
        "gi",
        "h",
        "k",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "ngh",
        "nh",
        "p",
        "ph",
        "q",
        "qu",
        "r",
        "s",
        "t",
        "th",
        "tr",
        "v",
        "x",
    ]
) | {""}
_RHYMES = frozenset(
    [
        "a",
        "ac",
        "ach",
        "ai",
        "am",
        "an",
        "ang",
        "anh",
        "ao",
        "ap",
        "at",
        "au",
        "ay",
        "ăc",
        "ăm",
        "ăn",
        "ăng",
        "ăp",
        "ăt",
        "âc",
        "âm",
        "ân",
        "âng",
        "âp",
        "ât",
        "âu",
        "ây",
        "e",
        "ec",
        "em",
        "en",
        "eng",
        "eo",
        "ep",
        "et",
        "ê",
        "êch",
        "êm",
        "ên",
        "ênh",
        "êp",
        "êt",
        "êu",
        "i",
        "ia",
        "ich",
        "iêc",
        "iêm",
        "iên",
        "iêng",
        "iêp",
        "iêt",
        "iêu",
        "im",
        "in",
        "inh",
        "ip",
        "it",
        "iu",
        "o",
        "oa",
        "oac",
        "oach",
        "oai",
        "oam",
        "oan",
        "oang",
        "oanh",
        "oao",
        "oap",
        "oat",
        "oay",
        "oăc",
        "oăm",
        "oăn",
        "oăng",
        "oăt",
        "oc",
        "oe",
        "oen",
        "oeo",
        "oet",
        "oi",
        "om",
        "on",
        "ong",
        "ooc",
        "oong",
        "op",
        "ot",
        "ô",
        "ôc",
        "ôi",
        "ôm",
        "ôn",
        "ông",
        "ôp",
        "ôt",
        "ơ",
        "ơi",
        "ơm",
        "ơn",
        "ơp",
        "ơt",
        "u",
        "ua",
        "uân",
        "uâng",
        "uât",
        "uây",
        "uc",
        "ue",
        "uê",
        "uêch",
        "uên",
        "uênh",
        "uêu",
        "ui",
        "um",
        "un",
        "ung",
        "uơ",
        "up",
        "ut",
        "uy",
        "uya",
        "uych",
        "uyên",
        "uyêt",
        "uynh",
        "uyt",
        "uyu",
        "uôc",
        "uôi",
        "uôm",
        "uôn",
        "uông",
        "uôt",
        "ư",
        "ưa",
        "ưc",
        "ưi",
        "ưm",
        "ưn",
        "ưng",
        "ươc",
        "ươi",
        "ươm",
        "ươn",
        "ương",
        "ươp",
        "ươt",
        "ươu",
        "ưt",
        "ưu",
        "y",
        "yêm",
        "yên",
        "yêng",
        "yêt",
        "yêu",
        "iê",
        "yê",
        "uô",
        "ươ",
        "uă",
        "uăn",
        "uăng",
        "uăc",
        "uăt",
        "ynh",
        "ych",
        "yt",
    ]
)
_TONES = frozenset((_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT))
_MAX_WORDS = 4000
# Latin-1 signs that today's Vietnamese never uses: without some of them a text is no old code.
_FOREIGN = frozenset(map(chr, range(0xA1, 0x100))) - frozenset("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")


def is_syllable(word: str) -> bool:
    """Say whether a word is spelled like one Vietnamese syllable (onset, rhyme, at most one tone)."""
    if not 1 <= len(word) <= 8:
        return False
    marks = unicodedata.normalize("NFD", word.lower())
    if sum(char in _TONES for char in marks) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(char for char in marks if char not in _TONES))
    return any(bare[:cut] in _ONSETS and bare[cut:] in _RHYMES for cut in range(min(4, len(bare))))


def from_tcvn3(text: str) -> str:
    """Turn text that shows TCVN3 (ABC) bytes as Latin-1 signs into Vietnamese."""
    return text.translate(TCVN3)


def from_vni(text: str) -> str:
    """Turn text that shows VNI Windows bytes as Latin-1 signs into Vietnamese."""
    out: list[str] = []
    opened = False  # the letter before may still take marks
    for char in text:
        marks = _VNI_MARKS.get(char)
        if marks and opened and out[-1].lower() in _VNI_BASES:
            out[-1] = unicodedata.normalize("NFC", out[-1] + marks)
            opened = False
        else:
            out.append(_VNI_LETTERS.get(char, char))
            opened = True
    return "".join(out)


def from_viscii(raw: bytes) -> str:
    """Decode VISCII bytes (RFC 1456)."""
    return "".join(_VISCII_HIGH[byte - 128] if byte > 127 else _VISCII_LOW.get(byte, chr(byte)) for byte in raw)


def from_tcvn_bytes(raw: bytes) -> str:
    """Decode TCVN 5712 bytes as ABC fonts use them, with the five combining marks of the standard."""
    text = "".join(_TCVN_MARKS.get(byte, chr(byte)) for byte in raw)
    return unicodedata.normalize("NFC", from_tcvn3(text))


def mend(text: str) -> str:
    """Return text with its TCVN3 or VNI lines turned into Vietnamese; every other line stays as it is."""
    if text.isascii():
        return text
    lines = text.split("\n")
    kind = _kind_of(" ".join(line for line in lines if _could_be_legacy(line)))
    if kind is None:
        return text
    convert = from_tcvn3 if kind == "tcvn3" else from_vni
    sure = [_is_legacy(line, kind) for line in lines]
    beside = [any(sure[max(0, number - 2) : number + 3]) for number in range(len(lines))]
    return "\n".join(
        convert(line) if sure[number] or (beside[number] and _is_legacy(line, kind, least=0)) else line
        for number, line in enumerate(lines)
    )


def _could_be_legacy(line: str) -> bool:
    """Latin-1 signs only, and some of them: real Vietnamese nearly always holds letters beyond U+00FF."""
    if line.isascii():
        return False
    latin, plain = (len(line.encode(charset, "ignore")) for charset in ("latin-1", "ascii"))
    beyond = len(line) - latin - sum(map(line.count, "–—‘’“”…•"))
    # A capital with a tone has no sign in the small font and may have been typed as Unicode.
    return beyond * 8 <= latin - plain


def _kind_of(text: str) -> str | None:
    """Judge all suspicious lines together: two words at least must turn into syllables."""
    if sum(char in _FOREIGN for char in text) * 8 < sum(127 < ord(char) < 256 for char in text) or not text:
        return None
    rates = {kind: _rates(text, kind) for kind in ("tcvn3", "vni")}
    kind = max(rates, key=lambda name: (rates[name][1], rates[name][0]))
    count, gain, share = rates[kind]
    return kind if count >= 2 and gain >= 2 and share >= 0.75 else None


def _rates(text: str, kind: str) -> tuple[int, int, float]:
    """Return (words with foreign signs, syllables won, share of them that become syllables) under one reading."""
    convert = from_tcvn3 if kind == "tcvn3" else from_vni
    words = [word for word in _LEGACY_WORD.findall(text)[:_MAX_WORDS] if not word.isascii()]
    after = sum(is_syllable(convert(word)) for word in words)
    before = sum(is_syllable(word) for word in words)
    return len(words), after - before, after / max(1, len(words))


def _is_legacy(line: str, kind: str, least: int = 1) -> bool:
    """A line that wins syllables; beside such a line, one that loses none."""
    if not _could_be_legacy(line):
        return False
    _count, gain, share = _rates(line, kind)
    return gain >= least and share >= 0.6
