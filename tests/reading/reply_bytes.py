"""Parts, names and headers as bytes, in the codings that occur."""

import base64
import io
import quopri
import unicodedata

TCVN3_TEXT = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
TCVN3_SIGNS = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§"
TO_TCVN3 = str.maketrans(TCVN3_TEXT, TCVN3_SIGNS)


def to_1258(text: str) -> bytes:
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            base, *rest = unicodedata.normalize("NFD", char)
            tone = [mark for mark in rest if mark in "\u0300\u0301\u0303\u0309\u0323"]
            kept = unicodedata.normalize("NFC", base + "".join(mark for mark in rest if mark not in tone))
            out += (kept + "".join(tone)).encode("cp1258", "replace")
    return out


def part(text: str, rng, subtype: str = "plain", how: str | None = None) -> str:
    """One text part, headers and body, in one of the codings that occur."""
    how = how or rng.choice(
        ["utf8-qp"] * 4 + ["utf8-b64"] * 4 + ["utf8-8bit", "ascii-8bit", "latin1-8bit", "none-8bit", "1258", "nfd"]
    )
    charset, raw = "utf-8", text.encode()
    if how == "1258":
        charset, raw = "windows-1258", to_1258(text)
    elif how == "nfd":
        raw = unicodedata.normalize("NFD", text).encode()
    elif how.endswith("8bit"):
        charset = {"utf8": "utf-8", "ascii": "us-ascii", "latin1": "iso-8859-1", "none": ""}[how.split("-")[0]]
    head = f"Content-Type: text/{subtype}" + (f"; charset={charset}" if charset else "")
    if how == "flowed":
        head += "; format=flowed"
    if how.endswith("8bit"):
        return f"{head}\nContent-Transfer-Encoding: 8bit\n\n{raw.decode('latin-1')}"
    if how == "utf8-b64":
        body = base64.encodebytes(raw).decode()
        return f"{head}\nContent-Transfer-Encoding: base64\n\n{body}"
    return f"{head}\nContent-Transfer-Encoding: quoted-printable\n\n{quopri.encodestring(raw).decode('latin-1')}"


def coded(text: str) -> str:
    return "=?utf-8?b?" + base64.b64encode(text.encode()).decode() + "?=" if not text.isascii() else text


def coded_subject(text: str, rng) -> str:
    if text.isascii():
        return text
    how = rng.choice(["whole", "split", "raw"])
    raw = text.encode()
    if how == "raw":
        return raw.decode("latin-1")
    if how == "whole":
        return coded(text)
    pieces = [raw[i : i + 31] for i in range(0, len(raw), 31)]  # cuts inside letters
    return "\n ".join("=?UTF-8?B?" + base64.b64encode(piece).decode() + "?=" for piece in pieces)


def docx(text: str) -> bytes:
    import docx as writer

    document = writer.Document()
    for row in text.split("\n"):
        document.add_paragraph(row)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def attached(name: str, content: bytes, media: str, rng) -> str:
    quoted = "".join(
        f"%{byte:02X}" if not (chr(byte).isalnum() and byte < 128) and byte not in b".-_" else chr(byte)
        for byte in name.encode()
    )
    way = rng.choice(["2231", "2231-cont", "2047", "raw"])
    if name.isascii():
        parameter = f'filename="{name}"'
    elif way == "2231":
        parameter = f"filename*=UTF-8''{quoted}"
    elif way == "2231-cont":
        half = quoted.index("%", len(quoted) // 2) if "%" in quoted[len(quoted) // 2 :] else len(quoted)
        parameter = f"filename*0*=utf-8''{quoted[:half]};\n filename*1*={quoted[half:]}"
    elif way == "2047":
        parameter = f'filename="{coded(name)}"'
    else:
        parameter = f'filename="{name.encode().decode("latin-1")}"'
    return f"Content-Type: {media}\nContent-Disposition: attachment; {parameter}\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(content).decode()}"


def multipart(kind: str, parts: list[str], rng) -> str:
    mark = f"=_{rng.randrange(16**12):012x}"
    inner = "".join(f"--{mark}\n{one}\n" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n{inner}--{mark}--\n'


def mail(fields: list[str], body: str, rng) -> bytes:
    text = "\n".join([*fields, "MIME-Version: 1.0", body])
    raw = text.encode("latin-1")
    return raw.replace(b"\n", b"\r\n") if rng.random() < 0.6 else raw
