"""Files are opened by their first bytes, and no file can make the decoder read another one."""

from __future__ import annotations

import ast
import io
import json
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from inference import audio_io, containers
from inference.containers import Deadline, format_of
from language import LANGUAGES, catalogue
from music import audio as music_audio
from reading import Refusal
from ser import audio
from tests.music.sounds import encoded
from tests.trees import write_film
from training.face import crop_faces

PROJECT = Path(__file__).parents[2]
ROOMS = (
    "components",
    "demo",
    "diary",
    "fer",
    "inference",
    "music",
    "pages",
    "ser",
    "training",
    "understanding",
    "web",
    "words",
)
SAMPLE = PROJECT / "assets" / "samples" / "voice-en.opus"
SDP = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 8660 RTP/AVP 0\n"
LISTS = {
    "sdp": SDP,
    "ffconcat": f"ffconcat version 1.0\nfile '{SAMPLE}'\n".encode(),
    "ffconcat in this folder": b"ffconcat version 1.0\nfile 'assets/samples/voice-en.opus'\n",
    "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6,\nfile:{SAMPLE}\n#EXT-X-ENDLIST\n".encode(),
    "dash": b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'></MPD>",
    "asx": b"[Reference]\r\nRef1=http://127.0.0.1:8661/a?MSWMExt=.asf\r\n",
    "rtsp": b"RTSPtextRTSP://127.0.0.1:8661/x\r\n",
}


def wav(rate: int = 16_000, channels: int = 1, samples: bytes = b"\x01\x10" * 600, claimed: int | None = None) -> bytes:
    """A wave file with a chosen header."""
    size = len(samples) if claimed is None else claimed
    head = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2 & 0xFFFFFFFF, channels * 2 & 0xFFFF, 16)
    return b"RIFF" + struct.pack("<I", 36 + size & 0xFFFFFFFF) + b"WAVEfmt " + head + b"data" + struct.pack(
        "<I", size & 0xFFFFFFFF
    ) + samples  # fmt: skip


READ_ALL = """
import json, sys
from music import audio as music_audio
from reading import Refusal
from ser import audio
said = {}
for load in (audio.decode, music_audio.load):
    for source in sys.argv[1:]:
        for given in (source, open(source, "rb").read()):
            try:
                load(given)
                said[f"{load.__module__} {source}"] = "heard"
            except Refusal as refusal:
                said.setdefault(f"{load.__module__} {source}", refusal.code)
print(json.dumps(said))
"""


def test_a_list_of_addresses_is_no_sound(tmp_path: Path) -> None:
    """In a process of its own, because libav would wait there, for packets that nobody sends."""
    files = [tmp_path / f"{number}.mp3" for number in range(len(LISTS))]
    for file, content in zip(files, LISTS.values(), strict=True):
        file.write_bytes(content)
    answer = subprocess.run(
        [sys.executable, "-c", READ_ALL, *map(str, files)],
        capture_output=True,
        cwd=PROJECT,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        check=True,
    )
    said = json.loads(answer.stdout)
    assert len(said) == 2 * len(LISTS)
    assert set(said.values()) == {"unreadable"}, said


@pytest.mark.parametrize(
    "file",
    [
        wav(rate=1),
        wav(rate=8),
        wav(rate=0xFFFFFFFF),
        wav(rate=0x7FFFFFFF),
        wav(channels=65_535, samples=bytes(200_000)),
        wav(channels=0),
        wav(rate=0),
    ],
    ids=["1 Hz", "8 Hz", "4 GHz", "2 GHz", "65535 channels", "no channel", "0 Hz"],
)
def test_a_header_nobody_records_with_is_refused_at_once(file: bytes) -> None:
    started = time.monotonic()
    for load in (audio.decode, music_audio.load):
        with pytest.raises(Refusal) as caught:
            load(file)
        assert caught.value.code == "unreadable"
    assert time.monotonic() - started < 5


def test_frames_of_another_rate_than_the_header_says_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse = audio_io._refuse_absurd
    asked = []

    def only_frames(rate: int, channels: int) -> None:
        asked.append(rate)
        if len(asked) > 1:
            refuse(rate, channels)

    monkeypatch.setattr(audio_io, "_refuse_absurd", only_frames)
    with pytest.raises(Refusal) as caught:
        audio.decode(wav(rate=1))
    assert caught.value.details == {"rate": 1, "channels": 1}


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "DECODING_SECONDS", 0.0)
    monkeypatch.setattr(music_audio, "DECODING_SECONDS", 0.0)
    for load in (audio.decode, music_audio.load):
        with pytest.raises(Refusal) as caught:
            load(wav())
        assert caught.value.code == "too_slow"


def test_the_time_is_looked_at_between_frames_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that was read in one go can hold more frames than anybody waits for."""
    late = time.monotonic() + 1000
    with audio_io.opened(wav(samples=bytes(64_000)), 60.0) as opened:
        frames = audio_io.frames(opened)
        next(frames)
        monkeypatch.setattr(containers.time, "monotonic", lambda: late)
        with pytest.raises(Refusal) as caught:
            next(frames)
    assert caught.value.code == "too_slow"


def amr(seconds: float) -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(range(31))) * int(seconds * 50)


def id3(size: int) -> bytes:
    """An ID3 tag with a cover of this size, as in music from shops."""
    return b"ID3\x04\x00\x00" + bytes(size >> 7 * place & 0x7F for place in (3, 2, 1, 0)) + bytes(size)


def rf64(riff: bytes) -> bytes:
    """The same file as RF64, which recorders write for files over 4 GB."""
    sizes = struct.pack("<QQQI", len(riff) + 28, len(riff) - 44, (len(riff) - 44) // 2, 0)
    return b"RF64" + b"\xff" * 4 + b"WAVEds64" + struct.pack("<I", len(sizes)) + sizes + riff[12:]


TONE = (0.3 * np.sin(np.arange(96_000) / 20)).astype(np.float32)
MP3 = encoded(TONE, "mp3", "libmp3lame", 48_000)
ADTS = encoded(TONE, "adts", "aac", 48_000)
HELD = {
    "wav": encoded(TONE, "wav", "pcm_s16le", 48_000),
    "rf64": rf64(wav(rate=48_000, samples=(TONE * 32767).astype("<i2").tobytes())),
    "mp3": MP3,
    "mp3 behind a cover": id3(300_000) + MP3,
    "mp3 behind two tags": id3(40) + id3(0) + MP3,
    "mp3 behind padding": id3(40) + bytes(3000) + MP3,
    "mp3 cut out of a longer one": MP3[1500:],
    "mp2": encoded(TONE, "mp2", "mp2", 48_000),
    "aac": ADTS,
    "aac behind a tag": id3(100) + ADTS,
    "aac cut out of a longer one": ADTS[1500:],
    "m4a": encoded(TONE, "ipod", "aac", 48_000),
    "3gp": encoded(TONE, "3gp", "aac", 48_000),
    "mov": encoded(TONE, "mov", "aac", 48_000),
    "ogg": encoded(TONE, "ogg", "flac", 48_000),
    "opus": encoded(TONE, "opus", "libopus", 48_000),
    "webm": encoded(TONE, "webm", "libopus", 48_000),
    "mkv": encoded(TONE, "matroska", "flac", 48_000),
    "flac": encoded(TONE, "flac", "flac", 48_000),
    "flac behind a tag": id3(100) + encoded(TONE, "flac", "flac", 48_000),
    "flv": encoded(TONE, "flv", "aac", 48_000),
    "aiff": encoded(TONE, "aiff", "pcm_s16be", 48_000),
    "caf": encoded(TONE, "caf", "pcm_s16be", 48_000),
    "wma": encoded(TONE, "asf", "libmp3lame", 48_000),
    "avi": encoded(TONE, "avi", "libmp3lame", 48_000),
    "mpg": encoded(TONE, "mpeg", "mp2", 48_000),
    "ts": encoded(TONE, "mpegts", "aac", 48_000),
    "amr": amr(2.0),
}


@pytest.mark.parametrize("name", HELD)
def test_what_holds_its_own_sound_is_heard(name: str, tmp_path: Path) -> None:
    (tmp_path / "clip").write_bytes(HELD[name])
    for source in (HELD[name], tmp_path / "clip"):
        assert audio.decode(source).size / audio.SAMPLE_RATE == pytest.approx(2.0, abs=0.5), name


def test_a_picture_that_begins_late_ends_the_sound_and_nothing_else() -> None:
    flv = encoded(np.tile(TONE, 6), "flv", "aac", 48_000)
    tags, place = [], 13
    while place < len(flv):
        size = 15 + int.from_bytes(flv[place + 1 : place + 4], "big")
        tags.append(flv[place : place + size])
        place += size
    picture = b"\x09" + (20).to_bytes(3, "big") + bytes(7) + b"\x12" + bytes(19) + (31).to_bytes(4, "big")
    late = flv[:13] + b"".join([*tags[:-5], picture, *tags[-5:]])
    assert audio.decode(late).size / audio.SAMPLE_RATE == pytest.approx(12.0, abs=0.5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3",
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
        b"\xff" * 5000,
        b"\xff\xfb" * 5000,
        "오늘은 좋은 날이었다.".encode("utf-16") * 300,
        (PROJECT / "assets" / "samples" / "face.jpg").read_bytes(),
        *LISTS.values(),
    ],
)
def test_what_is_no_sound_has_no_format(content: bytes) -> None:
    assert format_of(io.BytesIO(content)) is None


def test_a_file_that_names_another_does_not_reach_it(tmp_path: Path) -> None:
    """The container's own way to other files, should a format on the list ever have one."""
    with containers.opened(SAMPLE, Deadline(30)) as container:
        assert container.name == "<none>"
        assert container.options["protocol_whitelist"] == "none"
        with pytest.raises(PermissionError):
            container.io_open(str(SAMPLE), 0, {})


def test_nothing_in_the_project_lets_libav_guess() -> None:
    """Whoever opens a file to read it comes through `containers`, or names the format of bytes that it made itself."""
    guessing = []
    for file in [file for room in ROOMS for file in (PROJECT / room).rglob("*.py")]:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "av.open":
                writes = len(call.args) > 1 and ast.unparse(call.args[1]) == "'w'"
                if not writes and "format" not in {keyword.arg for keyword in call.keywords}:
                    guessing.append(f"{file.relative_to(PROJECT)}:{call.lineno}")
    assert not guessing


def test_films_come_from_a_file_and_a_list_is_no_film(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", [220], seconds=2.0)
    assert len(crop_faces.frames_of(film)) == crop_faces.FRAMES
    for content in LISTS.values():
        (tmp_path / "list.mp4").write_bytes(content)
        with pytest.raises(Refusal) as caught:
            crop_faces.frames_of(tmp_path / "list.mp4")
        assert caught.value.code == "unreadable"


def test_a_slow_file_has_a_sentence() -> None:
    for language in LANGUAGES:
        for key in ("refusal.too_slow", "refusal.music_too_slow"):
            assert key in catalogue(language)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "mine.wav").write_bytes(b"RIFF")
    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(Refusal, match="Permission denied"), containers.opened(tmp_path / "mine.wav", Deadline(5)):
        pass


def test_a_name_that_is_too_long_is_no_file() -> None:
    with pytest.raises(Refusal, match="no file"), containers.opened("a" * 300, Deadline(5)):
        pass
