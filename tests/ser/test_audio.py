import io
import wave as wave_module

import av
import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference import audio_io
from inference.audio_io import LOUDEST_SAMPLE
from reading import Refusal
from ser import audio
from tests.ser.conftest import RATE, encode, make_voice, wav_bytes

FORMATS = [
    ("wav", "pcm_s16le"),
    ("mp3", "libmp3lame"),
    ("mp4", "aac"),
    ("adts", "aac"),
    ("ogg", "libopus"),
    ("webm", "libopus"),
    ("flac", "flac"),
    ("mov", "aac"),
    ("flv", "aac"),
]


@pytest.mark.parametrize(("container", "codec"), FORMATS)
def test_every_sound_of_a_browser_or_phone(container, codec):
    rate = 48_000 if codec == "libopus" else 44_100
    wave = audio.decode(encode(make_voice(1.5, rate=rate), container, codec, rate))
    assert wave.dtype == np.float32
    assert wave.ndim == 1
    assert wave.size / RATE == pytest.approx(1.5, abs=0.15)
    # The same sound, not noise of the right length: the loudest spectral line is where it was.
    expected = np.abs(np.fft.rfft(make_voice(1.5), 8 * RATE)).argmax() / 8
    assert np.abs(np.fft.rfft(wave, 8 * RATE)).argmax() / 8 == pytest.approx(expected, abs=15)


@pytest.mark.parametrize("container", ["mp4", "mov", "flv"])
def test_the_sound_track_of_a_video(container):
    rate = 44_100
    data = encode(make_voice(1.0, rate=rate), container, "aac", rate, with_picture=True)
    assert audio.decode(data).size / RATE == pytest.approx(1.0, abs=0.15)


def test_bytes_and_paths_are_the_same(tmp_path):
    data = encode(make_voice(1.0), "flac", "flac")
    (tmp_path / "clip.mp3").write_bytes(data)  # names from a browser are not to be trusted
    assert np.array_equal(audio.decode(data), audio.decode(tmp_path / "clip.mp3"))


def refused(source) -> Refusal:
    with pytest.raises(Refusal) as caught:
        audio.load(source)
    assert "Traceback" not in str(caught.value)
    return caught.value


def test_text_renamed_wav(tmp_path):
    (tmp_path / "diary.wav").write_text("Dear diary, this is no sound at all.\n" * 50)
    refusal = refused(tmp_path / "diary.wav")
    assert refusal.code == "unreadable"
    assert "diary" not in refusal.message.lower()


def test_an_empty_file(tmp_path):
    (tmp_path / "empty.wav").touch()
    assert refused(tmp_path / "empty.wav").code == "unreadable"
    assert refused(b"").code == "unreadable"


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "nowhere.wav").code == "unreadable"


def test_a_two_hour_file_is_refused_from_its_header(monkeypatch):
    file = io.BytesIO()
    with wave_module.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.setnframes(2 * 3600 * 8000)
        out.writeframes(bytes(2 * 3600 * 8000))
    monkeypatch.setattr(audio_io, "mono_blocks", lambda *_: pytest.fail("decoded before looking at the header"))
    assert refused(file.getvalue()).code == "too_long"


def test_a_header_that_lies_is_counted_while_decoding(monkeypatch):
    monkeypatch.setattr(audio_io, "seconds_by_header", lambda *_: 1.0)
    monkeypatch.setattr(audio, "LONGEST_SECONDS", 5.0)
    assert refused(wav_bytes(make_voice(8.0))).code == "too_long"


def test_eight_channels_at_192_khz():
    voice = make_voice(1.0, rate=192_000)
    wave = audio.decode(wav_bytes(np.stack([voice] * 8), 192_000))
    assert wave.size == pytest.approx(RATE, abs=400)
    assert np.corrcoef(wave[:15_000], make_voice(1.0)[:15_000])[0, 1] > 0.8


def test_not_a_number_and_infinity_become_silence():
    voice = make_voice(2.0)
    broken = voice.copy()
    broken[5000:5010] = np.nan
    broken[9000] = np.inf
    broken[9500] = -np.inf
    broken[12_000] = 3e38
    wave = audio.load(wav_bytes(broken))
    assert np.isfinite(wave).all()
    assert np.abs(wave).max() <= LOUDEST_SAMPLE
    assert np.median(np.abs(wave[-8000:] - audio.load(wav_bytes(voice))[-8000:])) < 0.01


def test_a_video_without_sound():
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=10, width=64, height=64)
        for _ in range(10):
            out.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        out.mux(stream.encode(None))
    assert refused(file.getvalue()).code == "no_sound_track"


def test_a_truncated_mp3_gives_what_came_before():
    data = encode(make_voice(4.0, rate=44_100), "mp3", "libmp3lame", 44_100)
    wave = audio.decode(data[: len(data) // 2])
    assert 1.5 < wave.size / RATE < 2.6


@pytest.mark.parametrize("container", ["mp4", "webm", "ogg", "wav"])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.9])
def test_any_truncation_gives_sound_or_a_reason(container, kept):
    codec = {"mp4": "aac", "webm": "libopus", "ogg": "libopus", "wav": "pcm_s16le"}[container]
    rate = 48_000
    data = encode(make_voice(2.0, rate=rate), container, codec, rate)
    try:
        assert np.isfinite(audio.decode(data[: int(len(data) * kept)])).all()
    except Refusal as refusal:
        assert refusal.code == "unreadable"  # noqa: PT017  (either way is right)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_crash(data):
    try:
        audio.load(data)
    except Refusal as refusal:
        assert refusal.code in {"unreadable", "no_sound_track", "too_long"}  # noqa: PT017


@pytest.mark.parametrize("seed", range(8))
def test_trim_cuts_as_librosa_does(seed):
    rng = np.random.default_rng(seed)
    silence = [rng.normal(0, 10 ** rng.uniform(-5, -3), rng.integers(0, 12_000)) for _ in range(2)]
    wave = np.concatenate([silence[0], make_voice(rng.uniform(0.5, 3), seed=seed), silence[1]]).astype(np.float32)
    expected, _ = librosa.effects.trim(wave, top_db=30)
    assert np.array_equal(audio.trim(wave), expected)


def test_trim_of_silence_is_empty():
    assert audio.trim(np.zeros(16_000, np.float32)).size == 0
    assert audio.trim(np.zeros(0, np.float32)).size == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20_000), st.integers(0, 20_000), st.floats(0.02, 1), st.integers(0, 99))
def test_trim_never_cuts_voice(before, after, loudness, seed):
    voice = loudness * make_voice(1.0, seed=seed)
    wave = np.concatenate([np.zeros(before), voice, np.zeros(after)]).astype(np.float32)
    kept = audio.trim(wave)
    # All samples within 30 dB of the voice's loudest frame are still there, in order and unchanged.
    levels = audio.frame_levels(voice)
    loud = np.flatnonzero(levels > levels.max() * 10 ** (-30 / 20))
    core = voice[loud[0] * 512 : loud[-1] * 512]
    assert kept.size >= core.size
    assert np.sum(kept.astype(np.float64) ** 2) >= 0.999 * np.sum(core.astype(np.float64) ** 2)


def test_the_middle_is_untouched():
    wave = np.concatenate([make_voice(0.6), np.zeros(16_000), make_voice(0.6, seed=1)]).astype(np.float32)
    assert audio.trim(wave).size > 2 * RATE


@pytest.mark.parametrize("gain", [0.003, 0.2, 1.0, 3.0])
def test_the_gain_of_a_microphone_is_taken_out(gain):
    wave = make_voice(1.0)
    assert np.allclose(audio.at_common_level(wave * np.float32(gain)), audio.at_common_level(wave), atol=1e-4)
