"""When a recording was made, by its metadata and its name: plausible dates only, in the person's own time zone."""

from __future__ import annotations

import struct
import unicodedata
from datetime import date, time

import numpy as np
import pytest

from inference import recording_date
from inference.recording_date import RecordingDate
from tests.music.sounds import encoded

RATE = 48_000
TONE = (0.3 * np.sin(np.arange(RATE // 2) / 20)).astype(np.float32)
SEOUL, NEW_YORK = "Asia/Seoul", "America/New_York"
TODAY = date(2026, 11, 20)
EARLIEST = date(1900, 1, 1)
UTC_EVENING = "2026-11-02T23:12:33.000000Z"


def found(content: bytes, name: str = "memo", zone: str = SEOUL) -> RecordingDate | None:
    return recording_date.find(content, name, zone, EARLIEST, TODAY)


def named(name: str) -> tuple[date, time | None] | None:
    answer = found(b"no recording", name)
    return (answer.day, answer.at) if answer else None


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def wav(*chunks: bytes) -> bytes:
    sound = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16))
    body = b"WAVE" + sound + b"".join(chunks) + chunk(b"data", b"\1\0" * 8000)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bext(day: bytes, at: bytes) -> bytes:
    return chunk(b"bext", bytes(256 + 32 + 32) + day + at + bytes(8 + 2 + 254))


def icrd(text: bytes) -> bytes:
    return chunk(b"LIST", b"INFO" + chunk(b"ICRD", text))


@pytest.mark.parametrize(
    ("container", "codec"),
    [("ipod", "aac"), ("mp4", "aac"), ("mov", "aac"), ("3gp", "aac"), ("webm", "libopus"), ("matroska", "flac")],
)
def test_the_moment_in_the_container_becomes_the_persons_own_time(container: str, codec: str) -> None:
    content = encoded(TONE, container, codec, RATE, {"creation_time": UTC_EVENING})
    assert found(content) == RecordingDate(date(2026, 11, 3), time(8, 12))
    assert found(content, zone=NEW_YORK) == RecordingDate(date(2026, 11, 2), time(18, 12))


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ({"CREATION_TIME": UTC_EVENING}, RecordingDate(date(2026, 11, 3), time(8, 12))),
        ({"DATE": "2026-11-03"}, RecordingDate(date(2026, 11, 3), None)),
        ({"DATE": "2026-11-03 08:12"}, RecordingDate(date(2026, 11, 3), time(8, 12))),
        ({"DATE": "2026-11-03T08:12:33+0900"}, RecordingDate(date(2026, 11, 3), time(8, 12))),
        ({"DATE": "20261103"}, RecordingDate(date(2026, 11, 3), None)),
        ({"DATE": "2026-11-03T08:12:33+99:99"}, None),
        ({"DATE": "2026"}, None),
        ({"DATE": "2026-13-41"}, None),
        ({"DATE": "last Tuesday"}, None),
        ({}, None),
    ],
)
def test_the_comments_of_an_ogg_file_are_read(comments: dict[str, str], expected: RecordingDate | None) -> None:
    assert found(encoded(TONE, "ogg", "libopus", RATE, comments)) == expected


def test_a_wave_file_of_a_recorder_has_its_day_and_its_local_time() -> None:
    assert found(wav(bext(b"2026-11-03", b"08:12:33"))) == RecordingDate(date(2026, 11, 3), time(8, 12))
    assert found(wav(bext(b"2026:11:03", b"08-12-33"))) == RecordingDate(date(2026, 11, 3), time(8, 12))
    assert found(wav(bext(b"2026-11-03", bytes(8)))) == RecordingDate(date(2026, 11, 3), None)
    assert found(wav(icrd(b"2026-11-03"))) == RecordingDate(date(2026, 11, 3), None)
    assert found(wav()) is None


def test_the_tag_of_an_mp3_is_read() -> None:
    content = encoded(TONE, "mp3", "libmp3lame", RATE, {"date": "2026-11-03T08:12:33"})
    assert found(content) == RecordingDate(date(2026, 11, 3), time(8, 12))


@pytest.mark.parametrize(
    "moment",
    [
        "1904-01-01T00:00:00Z",  # the zero of MP4's clock
        "1970-01-01T00:00:00Z",  # of Unix
        "1980-01-01T00:00:00Z",  # of memory cards
        "1899-12-30T12:00:00Z",
        "2026-11-21T12:00:00Z",
        "2126-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ],
)
def test_a_clock_that_was_never_set_or_goes_wrong_gives_no_date(moment: str) -> None:
    content = encoded(TONE, "ogg", "libopus", RATE, {"CREATION_TIME": moment})
    for zone in (SEOUL, NEW_YORK):
        assert found(content, zone=zone) is None
    assert found(content, "Recording 2026-11-03 08.12.ogg") == RecordingDate(
        date(2026, 11, 3), time(8, 12), is_from_name=True
    )


def test_tomorrow_in_utc_may_be_today_here() -> None:
    content = encoded(TONE, "ogg", "libopus", RATE, {"CREATION_TIME": "2026-11-21T01:30:00Z"})
    assert found(content, zone=NEW_YORK) == RecordingDate(TODAY, time(20, 30))
    assert found(content, zone=SEOUL) is None


def test_the_container_counts_before_the_name() -> None:
    content = encoded(TONE, "ipod", "aac", RATE, {"creation_time": UTC_EVENING})
    assert found(content, "20251231_235959.m4a") == RecordingDate(date(2026, 11, 3), time(8, 12))


def test_the_name_of_the_same_day_completes_a_day_without_a_time() -> None:
    content = encoded(TONE, "ogg", "libopus", RATE, {"DATE": "2026-11-03"})
    assert found(content, "20261103_081233.ogg") == RecordingDate(date(2026, 11, 3), time(8, 12))
    assert found(content, "20261104_081233.ogg") == RecordingDate(date(2026, 11, 3), None)


def test_a_file_that_is_no_recording_may_have_a_name_with_a_date() -> None:
    assert found(b"", "20261103_081233.m4a") == RecordingDate(date(2026, 11, 3), time(8, 12), is_from_name=True)


DAY, AT = date(2026, 11, 3), time(8, 12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Recording 2026-11-03 08.12.m4a", (DAY, AT)),
        ("20261103_081233.m4a", (DAY, AT)),
        ("음성 261103_081233.m4a", (DAY, AT)),
        ("Voice 261103_081233.m4a", (DAY, AT)),
        ("통화 녹음 01012345678_261103_081233.m4a", (DAY, AT)),
        ("261103_0812.mp3", (DAY, AT)),
        ("음성 녹음_20261103_081233.m4a", (DAY, AT)),
        ("20261103081233.wav", (DAY, AT)),
        ("20261103081233456.wav", (DAY, AT)),
        ("KakaoTalk_Audio_20261103_0812_33_123.m4a", (DAY, AT)),
        ("audio_2026-11-03_08-12-33.ogg", (DAY, AT)),
        ("WhatsApp Ptt 2026-11-03 at 08.12.33.ogg", (DAY, AT)),
        ("WhatsApp Audio 2026-11-03 at 8.12.33 PM.ogg", (DAY, time(20, 12))),
        ("2026-11-03 at 12.05 AM.m4a", (DAY, time(0, 5))),
        ("PTT-20261103-WA0001.opus", (DAY, None)),
        ("2026-11-03T08_12_33.000.webm", (DAY, AT)),
        ("2026-11-02T23_12_33.000Z.webm", (DAY, AT)),
        ("2026년 11월 3일 오전 8시 12분.m4a", (DAY, AT)),
        (unicodedata.normalize("NFD", "2026년 11월 3일 오후 8시 12분.m4a"), (DAY, time(20, 12))),
        ("2026년 11월 3일.m4a", (DAY, None)),
        ("2026. 11. 3. 오전 8.12.m4a", (DAY, AT)),
        ("2026.11.03", (DAY, None)),
        ("2026-11-3.m4a", (DAY, None)),
        ("walk 2026_11_03 (2).m4a", (DAY, None)),
        ("2026-11-03_2026-11-03.m4a", (DAY, None)),
        ("20261103_999999.m4a", (DAY, None)),
        ("20261103_1234567.m4a", (DAY, None)),
        ("2026-11-03 12.m4a", (DAY, None)),
        # No date, or none that is certain.
        ("새로운 녹음 12.m4a", None),
        ("New Recording 12.m4a", None),
        ("강남대로 11길 3.m4a", None),
        ("01012345678.m4a", None),
        ("261103.m4a", None),
        ("261103_999999.m4a", None),
        ("010123_456789.m4a", None),
        ("261103_081299.m4a", None),
        ("1234567890123.m4a", None),
        ("120261103.m4a", None),
        ("2012031245678.m4a", None),
        ("03-11-2026.m4a", None),
        ("2026-11.m4a", None),
        ("2026-02-30.m4a", None),
        ("20261131_081233.m4a", None),
        ("2026-11-03 and 2026-11-04.m4a", None),
        ("20261121_081233.m4a", None),  # tomorrow
        ("991231_081233.m4a", None),  # 2099
        ("18991231.m4a", None),
        ("２０２６-11-03.m4a", None),
        ("", None),
        ("9" * 300, None),
        ("가" + "\u0301\u0316" * 50_000, None),
    ],
)
def test_the_date_in_a_name(name: str, expected: tuple[date, time | None] | None) -> None:
    assert named(name) == expected
