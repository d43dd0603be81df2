"""Damages bytes, JSON and texts at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

_NUMBERS = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\x00\x00\x00")
_WRITING = (
    *((0x20, 0x7E), (0xAC00, 0xD7A3), (0x3131, 0x318E), (0x1100, 0x11FF), (0x80, 0xFF), (0x590, 0x6FF)),
    *((0x0, 0x1F), (0x300, 0x36F), (0x200B, 0x2069), (0xD800, 0xDFFF), (0xE000, 0xF8FF), (0xFE00, 0xFE0F)),
    *((0xFFF0, 0xFFFF), (0x1F300, 0x1FAFF), (0xE0000, 0xE007F), (0x10FFF0, 0x10FFFF)),
)
"""Letters, Hangul, accents, controls, lone surrogates, private and unassigned characters, emoji, tags."""


def damaged(random: Random, name: str, content: bytes, beginnings: tuple[bytes, ...], most: int) -> tuple[str, bytes]:
    """A file damaged in one of four ways, and what was done; random bytes follow one of the beginnings."""
    match random.randrange(4):
        case 0:
            return f"{name}, truncated", truncated(random, content)
        case 1:
            return "random bytes", random.choice(beginnings) + random.randbytes(random.randrange(1, most))
        case 2:
            return f"{name}, damaged at the beginning", head_flipped(random, content)
        case _:
            return f"{name}, damaged", flipped(random, content)


def truncated(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(len(content))]


def flipped(random: Random, content: bytes) -> bytes:
    """The content with a few of its bytes changed, removed, repeated or added."""
    changed = bytearray(content)
    for _ in range(random.choice([1, 1, 2, 4, 16, 64])):
        if not changed:
            break
        # Headers say most, and they stand at the beginning.
        at = random.randrange(len(changed)) if random.random() < 0.6 else random.randrange(min(len(changed), 512))
        match random.randrange(7):
            case 0:
                changed[at] ^= 1 << random.randrange(8)
            case 1:
                changed[at] = random.randrange(256)
            case 2:
                del changed[at : at + random.randrange(1, 200)]
            case 3:
                changed[at:at] = random.randbytes(random.randrange(1, 200))
            case 4:
                changed[at : at + 4] = random.choice(_NUMBERS)
            case 5:
                other = random.randrange(len(changed))
                changed[at:at] = changed[other : other + random.randrange(1, 500)]
            case _:
                changed[at : at + 8] = b"\xff" * 8
    return bytes(changed)


def head_flipped(random: Random, content: bytes) -> bytes:
    return flipped(random, content[:400]) + content[400:]


def text(random: Random, length: int) -> str:
    ranges = random.sample(_WRITING, random.randrange(1, 5))
    return "".join(chr(random.randint(*random.choice(ranges))) for _ in range(length))


def json_changed(random: Random, content: bytes) -> bytes:
    """JSON with one to three of its values removed, repeated or replaced."""
    whole = json.loads(content)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        places = list(_places(whole))
        if not places:
            break
        inside, key = random.choice(places)
        match random.randrange(5):
            case 0:
                del inside[key]
            case 1 if isinstance(inside, list):
                inside.append(inside[key])
            case 2 if isinstance(inside, dict):
                inside[random.choice(["format", "version", "id", "note", "x"])] = _odd(random)
            case _:
                inside[key] = _odd(random)
    return json.dumps(whole, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every list or object with each of its keys."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _places(inner)


def _odd(random: Random) -> object:
    return random.choice(
        [
            *(None, True, 0, -1, 10**18, 10**30, 1e308, float("nan"), [], {}),
            *("", "x" * 10, "x" * 400, "x" * 200_000, "\ud800", "\0", "٣", "1e5"),
            *("2026-13-45", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
            *("=cmd|' /C calc'!A0", "../../etc/passwd"),
        ]
    )
