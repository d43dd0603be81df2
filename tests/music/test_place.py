import subprocess
import sys

import numpy as np
import pytest

from music.place import EIGHT, UNDECIDED, UNDECIDED_RADIUS, Place


def at(angle: float, radius: float = 0.6) -> Place:
    return Place(radius * np.cos(np.radians(angle)), radius * np.sin(np.radians(angle)))


def test_eight_directions():
    directions = {20: "joy", 70: "excitement", 110: "tension", 160: "anger", 200: "sadness", 250: "melancholy",
                  290: "calm", 340: "tenderness"}  # fmt: skip
    assert {angle: at(angle).emotion for angle in directions} == directions
    for angle in directions:
        assert at(angle).angle == pytest.approx(angle)
        assert at(angle).radius == pytest.approx(0.6)


def test_every_eighth_is_as_wide_as_the_others():
    found = [at(angle + 0.5).emotion for angle in range(360)]
    assert {name: found.count(name) for name in EIGHT} == dict.fromkeys(EIGHT, 45)


def test_near_the_middle_nothing_is_decided():
    assert at(70, UNDECIDED_RADIUS * 0.99).emotion == UNDECIDED
    assert at(70, UNDECIDED_RADIUS * 1.01).emotion == "excitement"
    assert Place(0.0, 0.0).emotion == UNDECIDED


def test_tracks_and_recommendations_import_no_model():
    """The diary stores and recommends tracks; it must not wait for torch or Streamlit."""
    code = "import sys, music.track, music.recommend, music.catalogue; print({'torch', 'streamlit'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"
