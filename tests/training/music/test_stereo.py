from pathlib import Path

import numpy as np
import pytest

from tests.music.sounds import encoded, song, tones
from training.music import stereo
from training.music.stereo import STEREO_RATE


def test_both_channels_are_decoded(tmp_path: Path):
    left, right = tones((60,), 6.0, STEREO_RATE), tones((67,), 6.0, STEREO_RATE)
    (tmp_path / "both.flac").write_bytes(encoded(0.5 * np.stack([left, right]), "flac", "flac", STEREO_RATE))
    sound = stereo.decode(tmp_path / "both.flac")
    assert sound.dtype == np.float32
    assert sound.shape == (2, 6 * STEREO_RATE)
    assert np.corrcoef(sound[0], left)[0, 1] > 0.999
    assert np.corrcoef(sound[1], right)[0, 1] > 0.999


def test_one_channel_is_played_on_both_sides(tmp_path: Path):
    (tmp_path / "mono.wav").write_bytes(encoded(song(seconds=6.0)))
    sound = stereo.decode(tmp_path / "mono.wav")
    assert np.array_equal(sound[0], sound[1])


def test_an_encoded_sound_is_decoded_again(tmp_path: Path):
    wave = 0.5 * tones((60,), 2.0, STEREO_RATE, partials=1)
    (tmp_path / "track.webm").write_bytes(stereo.encode(np.stack([wave, wave])))
    sound = stereo.decode(tmp_path / "track.webm")
    assert sound.shape[1] / STEREO_RATE == pytest.approx(2.0, abs=0.05)
    spectrum = np.abs(np.fft.rfft(sound[0][:STEREO_RATE]))
    assert spectrum.argmax() == pytest.approx(440 * 2 ** (-9 / 12), abs=1)
