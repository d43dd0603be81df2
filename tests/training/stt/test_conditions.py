"""Conditions change a voice as they say, the same way every time."""

from __future__ import annotations

import numpy as np
import pytest

from tests.ser.conftest import RATE, make_voice
from training.stt.conditions import CONDITIONS, under

VOICE = make_voice(2.0)


def decibels(wave: np.ndarray) -> float:
    return 10 * np.log10(np.mean(wave.astype(float) ** 2))


@pytest.mark.parametrize("condition", [name for name in CONDITIONS if name != "clean"])
def test_a_condition_changes_the_sound_and_is_the_same_every_time(condition):
    once, again, other = (under(condition, VOICE, name) for name in ("a.opus", "a.opus", "b.opus"))
    assert once.shape == VOICE.shape
    assert once.dtype == np.float32
    assert np.isfinite(once).all()
    assert np.array_equal(once, again)
    assert not np.allclose(once, VOICE)
    assert not np.array_equal(once, other)


def test_clean_is_untouched():
    assert np.array_equal(under("clean", VOICE, "a.opus"), VOICE)


def test_the_noise_is_ten_decibels_below_the_voice():
    added = under("noise", VOICE, "a.opus") - VOICE
    assert decibels(VOICE) - decibels(added) == pytest.approx(10, abs=0.1)


def test_the_telephone_has_no_treble_and_no_bass():
    hiss = np.random.default_rng(0).normal(0, 0.1, RATE * 2).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(under("telephone", hiss, "a.opus"))) ** 2
    hertz = np.fft.rfftfreq(hiss.size, 1 / RATE)
    middle, treble, bass = (
        spectrum[(hertz > low) & (hertz < high)].mean() for low, high in ((500, 2800), (5500, 8000), (0, 80))
    )
    assert treble < 0.05 * middle
    assert bass < 0.05 * middle


def test_from_afar_a_voice_is_quiet_and_goes_on_after_it_ends():
    stopped = np.concatenate([VOICE[:RATE], np.zeros(RATE, np.float32)])
    heard = under("distance", stopped, "a.opus")
    assert np.abs(heard).max() == pytest.approx(0.1 * np.abs(stopped).max(), rel=1e-3)
    after, long_after = heard[RATE : RATE + RATE // 10], heard[-RATE // 4 :]
    assert decibels(after) > decibels(long_after) + 6
