import numpy as np
import pytest

from training.music import loudness
from training.music.stereo import STEREO_RATE


def tone(hertz: float, seconds: float = 4.0, level: float = 0.1) -> np.ndarray:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * STEREO_RATE)) / STEREO_RATE)
    return np.stack([wave, wave]).astype(np.float32)


def test_the_reference_tone_of_the_standard():
    # BS.1770: 997 Hz at full scale in one channel is -3.01 LUFS.
    one_side = tone(997, level=1.0) * np.array([[1.0], [0.0]])
    assert loudness.lufs(one_side) == pytest.approx(-3.01, abs=0.05)


def test_the_ear_hears_little_of_what_is_deep():
    assert loudness.lufs(tone(40)) < loudness.lufs(tone(1000)) - 4
    assert loudness.lufs(tone(4000)) > loudness.lufs(tone(1000)) + 2


def test_pauses_do_not_make_a_piece_softer():
    with_a_pause = np.concatenate([tone(1000), np.zeros((2, 6 * STEREO_RATE), np.float32)], axis=1)
    assert loudness.lufs(with_a_pause) == pytest.approx(loudness.lufs(tone(1000)), abs=0.3)


def test_levelled_to_a_loudness():
    assert loudness.lufs(loudness.levelled(tone(500, level=0.01), -17)) == pytest.approx(-17, abs=0.01)


def test_silence_has_a_loudness_too():
    assert loudness.lufs(np.zeros((2, STEREO_RATE), np.float32)) == -70


def test_a_sound_beyond_the_ceiling_is_scaled_down_as_a_whole():
    loud = tone(1000, level=0.9)
    limited = loudness.limited(loud, 0.5)
    assert np.abs(limited).max() == pytest.approx(0.5)
    assert limited == pytest.approx(loud * 0.5 / np.abs(loud).max(), abs=1e-6)
    quiet = tone(1000, level=0.1)
    assert loudness.limited(quiet) is quiet
