"""A colour profile for sRGB, made here from the figures of its standard: no clock, no licence.

IEC 61966-2-1 defines the curve and the primaries, ICC.1:2001-04 (version 2.4) the file. Version 2
is what every edition of PDF/A takes.
"""

from __future__ import annotations

import struct

NAME = "sRGB IEC61966-2.1"

_CURVE_STEPS = 1024

# Primaries and white of sRGB adapted to D50 (Bradford), as X, Y, Z.
_D50 = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}

_HEADER_BYTES, _ENTRY_BYTES = 128, 12


def srgb_profile() -> bytes:
    """The profile, the same bytes every time."""
    tags = {
        b"desc": _description(NAME),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": _xyz(_D50),
        **{name: _xyz(value) for name, value in _PRIMARIES.items()},
    }
    curve = _curve()
    names = [*tags, b"rTRC", b"gTRC", b"bTRC"]
    offset = _HEADER_BYTES + 4 + _ENTRY_BYTES * len(names)
    table, body = struct.pack(">I", len(names)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, offset + len(body), len(content))
        body += _padded(content)
    # The three curves are one: they share their bytes.
    for name in names[len(tags) :]:
        table += struct.pack(">4sII", name, offset + len(body), len(curve))
    body += _padded(curve)
    return _header(offset + len(body)) + table + body


def _header(size: int) -> bytes:
    """Display profile, RGB to XYZ, perceptual; dated by the standard, not by the clock."""
    date = struct.pack(">6H", 1999, 10, 18, 0, 0, 0)
    white = b"".join(_fixed(each) for each in _D50)
    made = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    made += date + b"acsp" + bytes(24) + struct.pack(">I", 0) + white
    return made.ljust(_HEADER_BYTES, b"\0")


def _curve() -> bytes:
    values = []
    for step in range(_CURVE_STEPS):
        share = step / (_CURVE_STEPS - 1)
        linear = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of the standard
        values.append(round(linear * 65535))
    return struct.pack(f">4sII{_CURVE_STEPS}H", b"curv", 0, _CURVE_STEPS, *values)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(each) for each in value)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _text(text: str) -> bytes:
    return b"text\0\0\0\0" + text.encode("ascii") + b"\0"


def _description(text: str) -> bytes:
    """The text three times over, of which only the first is filled (ICC.1:2001-04, 6.5.17)."""
    said = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(said)) + said + bytes(4 + 4 + 2 + 1 + 67)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 4)
