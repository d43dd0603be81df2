import numpy as np
import pytest

from music import fade
from music.fade import CURVES


def ones(samples: int = 1000) -> np.ndarray:
    return np.ones((2, samples), np.float32)


def noise(samples: int = 1000, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.2, (2, samples)).astype(np.float32)


@pytest.mark.parametrize("curve", CURVES)
def test_from_exactly_nothing_to_exactly_everything(curve):
    gains = fade.rise(100, curve)
    assert gains[0] == 0
    assert gains[-1] == 1
    assert (np.diff(gains) > 0).all()


@pytest.mark.parametrize("samples", [1, 2, 3, 480, 4801])
def test_what_falls_completes_what_rises(samples):
    linear, power = fade.rise(samples, "linear"), fade.rise(samples, "equal power")
    assert linear + linear[::-1] == pytest.approx(np.ones(samples))
    assert power**2 + power[::-1] ** 2 == pytest.approx(np.ones(samples))


def test_the_middle_of_each_curve():
    assert fade.rise(101, "linear")[50] == pytest.approx(0.5)
    assert fade.rise(101, "equal power")[50] == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize("curve", CURVES)
def test_fades_touch_only_their_own_samples(curve):
    sound = noise()
    faded = fade.fade_out(fade.fade_in(sound, 100, curve), 250, curve)
    assert np.array_equal(faded[:, 100:750], sound[:, 100:750])
    assert faded[:, :100] == pytest.approx(sound[:, :100] * fade.rise(100, curve).astype(np.float32), abs=1e-7)
    assert faded[:, 750:] == pytest.approx(sound[:, 750:] * fade.rise(250, curve)[::-1].astype(np.float32), abs=1e-7)
    assert (faded[:, 0] == 0).all()
    assert (faded[:, -1] == 0).all()
    assert faded.dtype == np.float32


def test_the_original_stays_as_it_was():
    sound = noise()
    before = sound.copy()
    fade.fade_in(sound, 10)
    fade.playlist([sound, sound], 10)
    assert np.array_equal(sound, before)


def test_a_fade_longer_than_the_sound_is_as_long_as_the_sound():
    assert fade.fade_in(ones(10), 1000)[0] == pytest.approx(fade.rise(10))


@pytest.mark.parametrize("curve", CURVES)
def test_a_crossfade_lies_where_it_should_to_the_sample(curve):
    first, second = noise(1000, 1), noise(800, 2)
    both = fade.crossfade(first, second, 300, curve)
    gains = fade.rise(300, curve)
    assert both.shape == (2, 1500)
    assert np.array_equal(both[:, :700], first[:, :700])
    assert np.array_equal(both[:, 1000:], second[:, 300:])
    assert both[:, 700:1000] == pytest.approx(first[:, 700:] * gains[::-1] + second[:, :300] * gains, abs=1e-6)


def test_a_linear_crossfade_of_a_sound_with_itself_is_that_sound():
    assert fade.crossfade(ones(), ones(), 400, "linear") == pytest.approx(ones(1600), abs=1e-6)


def test_an_equal_power_crossfade_keeps_the_power_of_two_different_sounds():
    both = fade.crossfade(noise(96_000, 1), noise(96_000, 2), 48_000)
    levels = np.sqrt((both.reshape(2, -1, 4800) ** 2).mean((0, 2)))
    assert levels == pytest.approx(np.full(len(levels), 0.2), rel=0.05)
    dip = fade.crossfade(noise(96_000, 1), noise(96_000, 2), 48_000, "linear")[:, 71_000:73_000].std()
    assert dip == pytest.approx(0.2 * np.sqrt(0.5), rel=0.05)


@pytest.mark.parametrize("samples", [0, 100])
def test_a_playlist_is_as_long_as_its_tracks_less_their_overlaps(samples):
    tracks = [noise(1000, 1), noise(700, 2), noise(900, 3)]
    whole = fade.playlist(tracks, samples)
    assert whole.shape == (2, 2600 - 2 * samples)
    if samples:
        assert (whole[:, [0, -1]] == 0).all()


def test_a_track_shorter_than_two_fades_shortens_the_fades():
    whole = fade.playlist([noise(1000, 1), noise(60, 2), noise(1000, 3)], 500)
    assert whole.shape == (2, 2060 - 2 * 30)


def test_a_sum_beyond_full_scale_is_turned_down_as_a_whole():
    whole = fade.playlist([0.9 * ones(), 0.9 * ones()], 200)
    assert np.abs(whole).max() == pytest.approx(1.0)
    assert whole[:, 300] == pytest.approx(0.9 / (0.9 * np.sqrt(2)), rel=1e-2)
    quiet = 0.1 * ones()
    assert fade.limited(quiet) is quiet


@pytest.mark.parametrize(
    ("wrong", "said"), [(np.ones((3, 10)), "stereo"), (np.ones(10), "stereo"), (np.ones((2, 10), np.int16), "floats")]
)
def test_anything_but_stereo_floats_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        fade.fade_in(wrong, 3)


def test_an_unknown_curve_and_an_empty_playlist():
    with pytest.raises(ValueError, match="equal power, linear"):
        fade.rise(10, "steep")
    with pytest.raises(ValueError, match="at least one"):
        fade.playlist([], 10)
