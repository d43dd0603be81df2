import tracemalloc
import wave as wave_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from music import audio
from music.audio import EXCERPT_SECONDS, MAX_EXCERPTS, SAMPLE_RATE
from reading import Refusal
from tests.music.sounds import encoded, song, tones


def refused(source) -> Refusal:
    with pytest.raises(Refusal) as caught:
        audio.load(source)
    return caught.value


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("wav", "pcm_s16le", 44_100),
        ("mp3", "libmp3lame", 44_100),
        ("mp4", "aac", 44_100),
        ("flac", "flac", 48_000),
        ("ogg", "libopus", 48_000),
        ("webm", "libopus", 48_000),
    ],
)
def test_every_format_is_read_at_one_rate(container, codec, rate):
    track = audio.load(encoded(0.3 * tones((69,), 8.0, rate, partials=1), container, codec, rate))
    assert track.seconds == pytest.approx(8.0, abs=0.15)
    assert len(track.waves) == 1
    spectrum = np.abs(np.fft.rfft(track.waves[0]))
    assert spectrum.argmax() * SAMPLE_RATE / track.waves[0].size == pytest.approx(440, abs=1)


def test_bytes_and_paths_are_the_same(tmp_path):
    data = encoded(song())
    (tmp_path / "song.txt").write_bytes(data)  # names are not to be trusted
    assert np.array_equal(audio.load(data).waves[0], audio.load(tmp_path / "song.txt").waves[0])


def test_text_called_music(tmp_path):
    (tmp_path / "song.mp3").write_text("Dear diary, this is no music.\n" * 40)
    refusal = refused(tmp_path / "song.mp3")
    assert refusal.code == "unreadable"
    assert "diary" not in refusal.message.lower()


def test_a_protected_track_is_named():
    track = encoded(song(), "mp4", "aac", 44_100)
    for tag in (b"drms", b"enca", b"aavd"):
        assert refused(track.replace(b"mp4a", tag)).code == "protected", tag


def test_silence_is_named():
    assert refused(encoded(np.zeros(10 * SAMPLE_RATE))).code == "silent"


def test_two_seconds_are_too_short():
    refusal = refused(encoded(song(seconds=2.0)))
    assert refusal.code == "too_short"
    assert refusal.details["seconds"] == pytest.approx(2.0, abs=0.05)


def test_an_empty_and_a_missing_file(tmp_path):
    (tmp_path / "empty.mp3").touch()
    assert refused(tmp_path / "empty.mp3").code == "unreadable"
    assert refused(tmp_path / "nowhere.mp3").code == "unreadable"
    assert refused(b"").code == "unreadable"


def long_mix(path, hours: float, rate: int = 8000) -> None:
    """A WAV whose loudness encodes the minute, written block by block because it is large."""
    rng = np.random.default_rng(0)
    minute = rng.normal(0, 1, 60 * rate)
    with wave_module.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        for number in range(int(hours * 60)):
            out.writeframes(np.int16(minute * (20 + number) * 5).tobytes())


def test_a_three_hour_mix_is_read_in_minutes_spread_over_it_in_bounded_memory(tmp_path):
    long_mix(tmp_path / "mix.wav", 3)
    tracemalloc.start()
    track = audio.load(tmp_path / "mix.wav")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert track.seconds == pytest.approx(3 * 3600, abs=1)
    assert len(track.waves) == MAX_EXCERPTS
    assert all(wave.size == EXCERPT_SECONDS * SAMPLE_RATE for wave in track.waves)
    assert track.starts[0] == 0
    assert track.starts[-1] == pytest.approx(3 * 3600 - 60)
    loudness = np.array([wave.std() for wave in track.waves])
    # Each comes from where it says: the minutes grow louder in a straight line.
    assert loudness / loudness[0] == pytest.approx((20 + np.array(track.starts) / 60) / 20, rel=0.03)
    assert peak < 250e6  # three hours at this rate would be 950 MB


def test_a_long_file_without_seeking_is_decoded_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(audio, "EXCERPT_SECONDS", 2.0)
    monkeypatch.setattr(audio, "WHOLE_SECONDS", 20.0)
    data = encoded(tones((60, 64, 67), 45.0, 48_000), "webm", "libopus", 48_000)
    monkeypatch.setattr(audio, "_by_seeking", lambda *_: None)
    track = audio.load(data)
    assert track.seconds > 30
    assert MAX_EXCERPTS / 2 < len(track.waves) <= MAX_EXCERPTS
    assert np.diff(track.starts) == pytest.approx(track.starts[1])
    assert track.starts[-1] > track.seconds / 2


def test_the_shorter_rest_of_a_track_does_not_count_as_a_minute(monkeypatch):
    monkeypatch.setattr(audio, "EXCERPT_SECONDS", 6.0)
    track = audio.load(encoded(song(seconds=13.0)))
    assert [wave.size / SAMPLE_RATE for wave in track.waves] == pytest.approx([6.0, 6.0])


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_crash(data):
    assert refused(data).code in {"unreadable", "no_sound_track", "protected", "too_short", "silent"}
