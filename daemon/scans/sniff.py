"""What kind of file the bytes are, whatever the name says, and the Vietnamese words for what is not read here."""

import zipfile
from pathlib import Path

PDF, IMAGE = "pdf", "image"
_IMAGES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
    b"BM",
    b"GIF87a",
    b"GIF89a",
)
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"heif")


def kind_of(path: Path) -> tuple[str | None, str]:
    """Return (``pdf`` or ``image``, "") for what can be read as pages, else (None, why not and what to do)."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return PDF, ""
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return IMAGE, ""
    return None, _other(path, head)


def _other(path: Path, head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in (*_HEIF, b"avif"):
        return "đây là ảnh HEIC của điện thoại, chương trình không đọc được; hãy lưu lại thành JPEG hoặc PDF rồi thả vào lại"
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "đây là tệp Office đời cũ (.doc, .xls) hoặc thư .msg, không phải bản quét; hãy in ra PDF rồi thả vào lại"
    if head.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        return "đây là một trang web hay tệp XML, không phải bản quét; hãy thả vào bản quét PDF, JPEG, PNG hoặc TIFF"
    if head.startswith(b"%!PS"):
        return "đây là tệp PostScript, không phải PDF; hãy quét hoặc in lại thành PDF"
    if not head.strip(b"\x00"):
        return "tệp không có nội dung; có thể việc chép tệp đã bị đứt giữa chừng, hãy chép lại"
    return "không nhận ra loại tệp; hãy quét lại thành PDF, JPEG, PNG hoặc TIFF"


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:50]
    except (zipfile.BadZipFile, OSError, ValueError):
        return "đây là tệp nén bị hỏng; hãy giải nén trên máy của người gửi rồi thả từng bản quét vào lại"
    if any(name.startswith("word/") for name in names):
        return "đây là văn bản Word (.docx) mang tên khác; hãy đổi đuôi tệp thành .docx rồi thả vào lại"
    if any(name.startswith("xl/") for name in names):
        return "đây là bảng tính Excel (.xlsx), không phải bản quét; bảng tra cứu thì thả vào inbox/du-lieu/"
    return "đây là tệp nén (zip); hãy giải nén rồi thả từng bản quét vào lại"
