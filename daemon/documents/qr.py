"""A QR code as a small black-and-white PNG, made in a fraction of a millisecond: one stands on every page.

Short texts (up to 106 bytes, versions 1 to 6, error correction M) are encoded here after ISO/IEC 18004, longer ones by the
qrcode package, which is five times as slow and the measure the tests hold this encoder against.
"""

import functools
import struct
import zlib
from dataclasses import dataclass

from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

QUIET = 4  # modules of white around the code, as the standard asks
MASK = 2  # columns in threes: searching for the best of eight masks gains nothing on a short text
# By version: data codewords, error correction codewords of a block, blocks (level M, table 9 of the standard).
_LEVEL_M = {1: (16, 10, 1), 2: (28, 16, 1), 3: (44, 26, 1), 4: (64, 18, 2), 5: (86, 24, 2), 6: (108, 16, 4)}
_FORMAT = 0b101111001111100  # level M with mask 2, protected and masked (annex C)
_ALIGNMENT = {1: None, 2: 18, 3: 22, 4: 26, 5: 30, 6: 34}
_WHITE, _BLACK = 1, 0  # a PNG of one bit a pixel: 1 is white
_WIDE = bytes.maketrans(b"\x00\x01", b"\x00\xff")  # a module is eight pixels wide: one byte of the line


def png(text: str) -> bytes:
    """Return a PNG of a QR code with error correction M (15 %), four white modules around it."""
    return _png(matrix(text))


def blank() -> bytes:
    """Return a PNG of one white module, in the place of a QR that is not wanted."""
    return _png([bytes([_WHITE])])


def matrix(text: str) -> list[bytes]:
    """Return the code with its white border, row by row, one byte a module: 0 black, 1 white."""
    data = text.encode()
    version = next((number for number, (room, _, _) in _LEVEL_M.items() if len(data) <= room - 2), None)
    rows = _by_package(data) if version is None else _encode(data, version)
    side = bytes([_WHITE]) * QUIET
    edge = [bytes([_WHITE]) * (len(rows) + 2 * QUIET)] * QUIET
    return [*edge, *(side + row + side for row in rows), *edge]


def _by_package(data: bytes) -> list[bytes]:
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(data, mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    return [bytes(_BLACK if dark else _WHITE for dark in row) for row in code.get_matrix()]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is the same in every code of a version: the fixed modules, and where each data bit goes and how it is masked."""

    modules: bytes
    size: int
    places: tuple[tuple[int, int], ...]


def _encode(data: bytes, version: int) -> list[bytes]:
    frame = _frame(version)
    modules = bytearray(frame.modules)
    bits = int.from_bytes(_codewords(data, version))
    room, correction, blocks = _LEVEL_M[version]
    at = 8 * (room + correction * blocks) - 1
    for place, masked in frame.places:
        dark = (bits >> at & 1 if at >= 0 else 0) ^ masked
        modules[place] = _BLACK if dark else _WHITE
        at -= 1
    size = frame.size
    return [bytes(modules[start : start + size]) for start in range(0, size * size, size)]


def _codewords(data: bytes, version: int) -> bytes:
    """Return data and error correction codewords, blocks interleaved (clause 7.6)."""
    room, correction, blocks = _LEVEL_M[version]
    # Mode 0100 (bytes), a length of eight bits, the data, four zero bits: everything is shifted by half a byte.
    stream = (0b0100 << 8 | len(data)) << 8 * len(data) | int.from_bytes(data)
    head = (stream << 4).to_bytes(len(data) + 2)
    padding = (b"\xec\x11" * room)[: room - len(head)]
    whole = head + padding
    # All versions here have blocks of one length.
    length = room // blocks
    parts = [whole[start : start + length] for start in range(0, room, length)]
    checks = [_remainder(part, correction) for part in parts]
    return bytes(byte for column in zip(*parts, strict=True) for byte in column) + bytes(
        byte for column in zip(*checks, strict=True) for byte in column
    )


@functools.cache
def _powers() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return powers and logarithms of the field GF(256) with the polynomial 0x11d."""
    powers, logs, value = [0] * 512, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return tuple(powers), tuple(logs)


@functools.cache
def _multiples(count: int) -> tuple[int, ...]:
    """Return the generator polynomial times each byte, its ``count`` bytes as one number."""
    powers, logs = _powers()
    generator = [1]
    for exponent in range(count):
        longer = [*generator, 0]
        for index, value in enumerate(generator):
            longer[index + 1] ^= powers[logs[value] + exponent] if value else 0
        generator = longer
    rows = [
        bytes(powers[logs[value] + logs[factor]] if value else 0 for value in generator[1:]) for factor in range(1, 256)
    ]
    return (0, *(int.from_bytes(row) for row in rows))


def _remainder(data: bytes, count: int) -> bytes:
    """Return the error correction codewords of a block: the remainder of a division of polynomials."""
    multiples, rest, shift = _multiples(count), 0, 8 * (count - 1)
    keep = (1 << 8 * count) - 1
    for byte in data:
        rest = (rest << 8 & keep) ^ multiples[byte ^ rest >> shift]
    return rest.to_bytes(count)


@functools.cache
def _frame(version: int) -> _Frame:
    size = 17 + 4 * version
    fixed: dict[tuple[int, int], int] = {}
    for row, column in ((0, 0), (0, size - 7), (size - 7, 0)):
        _finder(fixed, row, column, size)
    centre = _ALIGNMENT[version]
    if centre is not None:
        for row in range(-2, 3):
            for column in range(-2, 3):
                fixed[centre + row, centre + column] = int(max(abs(row), abs(column)) != 1)
    for index in range(8, size - 8):
        fixed[6, index] = fixed[index, 6] = int(index % 2 == 0)
    _format(fixed, size)
    modules = bytearray([_WHITE]) * (size * size)
    for (row, column), dark in fixed.items():
        modules[row * size + column] = _BLACK if dark else _WHITE
    places = tuple(
        (row * size + column, int(column % 3 == 0)) for row, column in _way(size) if (row, column) not in fixed
    )
    return _Frame(bytes(modules), size, places)


def _finder(fixed: dict[tuple[int, int], int], top: int, left: int, size: int) -> None:
    """Set one of the three corner marks with its white edge."""
    for row in range(-1, 8):
        for column in range(-1, 8):
            place = (top + row, left + column)
            if 0 <= place[0] < size and 0 <= place[1] < size:
                ring = max(abs(row - 3), abs(column - 3))
                fixed[place] = int(ring not in (2, 4))


def _format(fixed: dict[tuple[int, int], int], size: int) -> None:
    """Set the two copies of the format and the one module that is always dark (clause 7.9)."""
    bits = [_FORMAT >> index & 1 for index in range(15)]
    for index, bit in enumerate(bits):
        row = index if index < 6 else index + 1 if index < 8 else size - 15 + index
        fixed[row, 8] = bit
        column = size - 1 - index if index < 8 else 7 if index == 8 else 14 - index
        fixed[8, column] = bit
    fixed[size - 8, 8] = 1


def _way(size: int) -> list[tuple[int, int]]:
    """Return all places in the order of the data: pairs of columns from the right, up and down by turns (clause 7.7)."""
    way = []
    upwards = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        rows = range(size - 1, -1, -1) if upwards else range(size)
        way += [(row, column) for row in rows for column in (right, right - 1)]
        upwards = not upwards
    return way


def _png(rows: list[bytes]) -> bytes:
    side = 8 * len(rows)
    lines = b"".join((b"\0" + row.translate(_WIDE)) * 8 for row in rows)
    head = struct.pack(">2L5B", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
