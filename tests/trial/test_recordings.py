"""Broken and hostile sound files."""

from __future__ import annotations

import struct
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

import music.audio
import ser.audio
from inference import audio_io
from reading import Refusal
from settings import ASSETS
from tests.ser.conftest import encode, make_voice, wav_bytes
from tests.trial.bounded import try_all
from tests.trial.mutations import damaged

_FORMATS = (
    *(("wav", "pcm_s16le"), ("wav", "pcm_f32le"), ("aiff", "pcm_s16be"), ("flac", "flac"), ("mp3", "libmp3lame")),
    *(("ogg", "libopus"), ("webm", "libopus"), ("mp4", "aac"), ("mov", "aac"), ("adts", "aac")),
    *(("flv", "aac"), ("caf", "pcm_s16le"), ("avi", "libmp3lame"), ("mpegts", "aac")),
)
_BEGINNINGS = (b"", b"RIFF", b"OggS", b"ID3\x04", b"fLaC", b"\x1aE\xdf\xa3", b"\0\0\0 ftypM4A ")
_OF_OTHER_FILES = (
    b"#EXTM3U\nhttp://127.0.0.1:9/a\nfile:///etc/passwd\n",
    b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n",
    b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    b"<?xml version='1.0'?><MPD/>",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
)
"""Playlists and session descriptions, which name files and addresses."""


def test_broken_recordings(tmp_path: Path) -> None:
    try_all(4000, broken_recording, load_everywhere, tmp_path)


def broken_recording(random: Random, number: int) -> tuple[str, bytes]:
    if number % 80 < 10:
        return hostile(random)
    return damaged(random, *random.choice(whole()), _BEGINNINGS, 60_000)


def load_everywhere(content: bytes) -> None:
    for load in (ser.audio.load, music.audio.load, first_frame):
        with suppress(Refusal):
            load(content)


def first_frame(content: bytes) -> object:
    """As an import looks whether a recording opens."""
    with audio_io.opened(content, 10.0) as opened:
        return next(audio_io.frames(opened), None)


@cache
def whole() -> list[tuple[str, bytes]]:
    made = []
    for container, codec in _FORMATS:
        rate = 48_000 if codec == "libopus" else 44_100
        made.append((f"{codec} in {container}", encode(make_voice(6.0, rate=rate), container, codec, rate)))
    return [*made, ("eight channels", wav_bytes(np.stack([make_voice(6.0)] * 8)))]


def hostile(random: Random) -> tuple[str, bytes]:
    noise = random.randbytes
    match random.randrange(11):
        case 0:
            return "header says 4 GB", wav(noise(2000), claimed=0xFFFFFFFF)
        case 1:
            return "header says 10 hours", wav(noise(32_000), claimed=16_000 * 2 * 36_000)
        case 2:
            return "a few samples a second", wav(noise(1200), rate=random.choice([1, 8, 100]))
        case 3:
            return "four thousand million samples a second", wav(noise(7000), rate=0xFFFFFFFF)
        case 4:
            return "65,535 channels", wav(noise(200_000), channels=65_535)
        case 5:
            return "no channels, odd bits", wav(
                noise(5000), channels=random.choice([0, 1]), bits=random.choice([0, 3, 65_535])
            )
        case 6:
            number = random.choice([float("nan"), float("inf"), -float("inf"), 1e38])
            return "not a number", wav(struct.pack("<f", number) * 20_000, bits=32, kind=3)
        case 7:
            return "next to nothing", noise(random.randrange(4))
        case 8:
            return "names other files", random.choice(_OF_OTHER_FILES)
        case 9:
            return "slow and long", wav(noise(2_000_000), rate=random.choice([4000, 768_000]), channels=64, bits=8)
        case _:
            return "a picture", (ASSETS / "samples" / "face.jpg").read_bytes()


def wav(
    samples: bytes, rate: int = 16_000, channels: int = 1, bits: int = 16, kind: int = 1, claimed: int | None = None
) -> bytes:
    """A WAV file that claims what nobody records; `claimed` are the bytes of its samples by its header."""
    size = len(samples) if claimed is None else claimed
    each = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * each & 0xFFFFFFFF, each & 0xFFFF, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size) + samples
    return b"RIFF" + struct.pack("<I", 36 + size & 0xFFFFFFFF) + chunks
