"""The 200 sounds without speech: there are 200, the same every time, and none is broken."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from benchmarks import non_speech
from benchmarks.non_speech import Sound
from tests.thoroughness import IS_WHOLE


@pytest.fixture(scope="module")
def sounds() -> list[Sound]:
    return list(non_speech.clips(every=1 if IS_WHOLE else 4))


def test_there_are_two_hundred_of_many_kinds(sounds: list[Sound]) -> None:
    kinds = Counter(kind for kind, _ in non_speech._plan())
    assert kinds.total() == 200
    assert {sound.kind for sound in sounds} == set(kinds)
    assert len(kinds) == 19
    assert kinds["music"] == 30


def test_each_is_a_mono_wave_of_three_to_twenty_seconds(sounds: list[Sound]) -> None:
    for sound in sounds:
        assert sound.wave.dtype == np.float32
        assert 3 <= sound.wave.size / 16_000 <= 20
        assert np.isfinite(sound.wave).all()
        assert np.abs(sound.wave).max() <= 1.1, sound.kind


def test_only_silence_is_silent_and_no_two_are_alike(sounds: list[Sound]) -> None:
    assert {sound.kind for sound in sounds if not sound.wave.any()} == {"silence"}
    loud = [sound.wave[:16_000].tobytes() for sound in sounds if sound.kind != "silence"]
    assert len(set(loud)) == len(loud)


def test_they_are_the_same_every_time(sounds: list[Sound]) -> None:
    again = list(non_speech.clips(every=20))
    first = sounds[:: 20 if IS_WHOLE else 5]
    assert [sound.kind for sound in again] == [sound.kind for sound in first]
    assert all(np.array_equal(one.wave, two.wave) for one, two in zip(first, again, strict=True))
