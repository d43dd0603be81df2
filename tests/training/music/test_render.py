import json

import numpy as np
import pytest

from music import fade
from training.music import loudness, stereo
from training.music.render import FOLDER, LOUDNESS, faded
from training.music.scores import ARRANGEMENTS
from training.music.stereo import STEREO_RATE

ROWS = json.loads((FOLDER / "tracks.json").read_text(encoding="utf-8"))


def noise(samples: int = 1000) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.2, (2, samples)).astype(np.float32)


def test_fades_change_only_their_own_samples_of_a_copy():
    sound = noise()
    before = sound.copy()
    result = faded(sound, 100, 250)
    assert np.array_equal(sound, before)
    assert np.array_equal(result[:, 100:750], sound[:, 100:750])
    assert result[:, :100] == pytest.approx(sound[:, :100] * fade.gains(100), abs=1e-7)
    assert result[:, 750:] == pytest.approx(sound[:, 750:] * fade.gains(250)[::-1], abs=1e-7)
    assert (result[:, [0, -1]] == 0).all()
    assert result.dtype == np.float32


def test_a_fade_longer_than_the_sound_is_as_long_as_the_sound():
    assert faded(np.ones((2, 10), np.float32), 1000, 0)[0] == pytest.approx(fade.gains(10))


def test_every_arrangement_is_rendered():
    assert {row["file"] for row in ROWS} == {f"{arrangement.file}.webm" for arrangement in ARRANGEMENTS}


def test_the_tracks_are_equally_loud_faded_and_without_gaps():
    """All of them are decoded, which takes seconds."""
    wrong = []
    for row in ROWS:
        sound = stereo.decode(FOLDER / row["file"])
        level = np.abs(sound)
        seconds = np.array_split(level[:, : -4 * STEREO_RATE], level.shape[1] // STEREO_RATE - 4, axis=1)
        checks = {
            "length": abs(sound.shape[1] / STEREO_RATE - row["seconds"]) <= 0.2,
            "clipped": level.max() < 1,
            "loudness": abs(loudness.lufs(sound) - LOUDNESS) <= 1,
            "begins at once": level[:, : STEREO_RATE // 2].max() > 0.02,
            "no gap": min(second.max() for second in seconds) > 0.005,
            "faded out": level[:, -STEREO_RATE // 20 :].max() < 0.02,
        }
        wrong += [f"{row['file']}: {name}" for name, right in checks.items() if not right]
    assert not wrong
