"""The mail inside an opaquely signed S/MIME part (RFC 8551). The signature is not checked: trust does not rest on it."""

_SEQUENCE, _OCTETS, _OID = 0x30, 0x04, 0x06
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_MOST_CHUNKS = 20000


def signed_content(raw: bytes) -> bytes | None:
    """Return the MIME bytes that a CMS SignedData holds, or None where it is encrypted or unreadable."""
    try:
        return _content(raw)
    except (IndexError, ValueError):
        return None


def _content(raw: bytes) -> bytes | None:
    """Walk ContentInfo → SignedData → EncapsulatedContentInfo → OCTET STRING by tags, chunked (BER) or not."""
    start = raw.find(_SIGNED_DATA, 0, 64)
    if start < 0:
        return None
    data = raw.find(bytes((_OID, len(_DATA))) + _DATA, start, start + 512)
    if data < 0:
        return None
    position = data + 2 + len(_DATA)
    if raw[position] != 0xA0:
        return None
    _tag, position, _end = _head(raw, position)
    tag, position, end = _head(raw, position)
    if tag & 0x1F != _OCTETS:
        return None
    if not tag & 0x20:
        return raw[position:end]
    return b"".join(_chunks(raw, position, end))


def _chunks(raw: bytes, position: int, end: int | None) -> list[bytes]:
    chunks: list[bytes] = []
    while len(chunks) < _MOST_CHUNKS and position < (len(raw) if end is None else end):
        tag, position, chunk_end = _head(raw, position)
        if tag != _OCTETS or chunk_end is None:
            break
        chunks.append(raw[position:chunk_end])
        position = chunk_end
    return chunks


def _head(raw: bytes, position: int) -> tuple[int, int, int | None]:
    """Return (tag, where the value starts, where it ends or None for the indefinite form)."""
    tag, length = raw[position], raw[position + 1]
    position += 2
    if length == 0x80:
        return tag, position, None
    if length & 0x80:
        size = length & 0x7F
        if size > 4:
            raise ValueError("length too long")
        length = int.from_bytes(raw[position : position + size])
        position += size
    return tag, position, position + length
