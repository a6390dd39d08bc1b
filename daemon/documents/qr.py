"""A QR code as a small black-and-white PNG. Fast enough to stand on every page."""

import struct
import zlib

from qrcode import constants
from qrcode.main import QRCode

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks
_SCALE = 6  # pixels a module: sharp on paper at 18 mm, 0.5 kB as a file
# Searching for the best of eight masks takes six times as long and gains nothing on a short text; readers know all masks.
_MASK = 2


def png(text: str) -> bytes:
    """Return a PNG of a QR code with error correction M (15 %), four white modules around it."""
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=QUIET, mask_pattern=_MASK)
    code.add_data(text.encode())
    code.make(fit=True)
    return _png([[bool(dark) for dark in row] for row in code.get_matrix()])


def blank() -> bytes:
    """Return a PNG of one white dot, in the place of a QR that is not wanted."""
    return _png([[False]])


def _png(matrix: list[list[bool]]) -> bytes:
    side = len(matrix) * _SCALE
    lines = b"".join(_line(row, side) * _SCALE for row in matrix)
    head = struct.pack(">2L5B", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def _line(row: list[bool], side: int) -> bytes:
    bits = "".join(("0" if dark else "1") * _SCALE for dark in row)
    padded = bits.ljust((side + 7) // 8 * 8, "0")
    return b"\0" + int(padded, 2).to_bytes(len(padded) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
