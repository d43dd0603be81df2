import json
from pathlib import Path

import numpy as np
import pytest

from music import audio
from music.catalogue import load as load_catalogue
from music.render import Note, midi_file
from music.scores import RECIPES, Part, Recipe

FOLDER = Path(__file__).parents[2] / "assets" / "music"
ROWS = json.loads((FOLDER / "tracks.json").read_text(encoding="utf-8"))


def test_at_least_twelve_tracks_of_at_most_eight_megabytes():
    assert len(ROWS) >= 12
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 8_000_000


def test_files_index_recipes_and_credits_name_the_same():
    names = {row["file"] for row in ROWS}
    assert names == {file.name for file in FOLDER.glob("*.webm")} == {f"{recipe.file}.webm" for recipe in RECIPES}
    told = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
    for row in ROWS:
        assert row["file"] in told
        assert row["source"] in told


def test_the_catalogue_takes_every_row():
    assert {track.name for track in load_catalogue().of_kind("local")} == {row["file"] for row in ROWS}


def test_both_languages_have_titles_and_composers():
    for row in ROWS:
        assert row["title"]["en"]
        assert any("가" <= letter <= "힣" for letter in row["title"]["ko"])
        assert row["composer"]["en"]
        assert any("가" <= letter <= "힣" for letter in row["composer"]["ko"])


def test_every_quarter_of_the_plane_has_music():
    found = [(track.valence > 0, track.arousal > 0) for track in load_catalogue().of_kind("local")]
    assert all(found.count(quarter) >= 3 for quarter in [(True, True), (True, False), (False, True), (False, False)])


@pytest.mark.parametrize("row", ROWS[::5], ids=lambda row: row["file"])
def test_tracks_sound(row):
    sound = audio.stereo(FOLDER / row["file"])
    assert sound.shape[1] / audio.STEREO_RATE == pytest.approx(row["seconds"], abs=0.2)
    assert np.abs(sound).max() <= 1.05
    assert sound[:, 48_000 : -4 * 48_000].std() > 0.02
    # Faded: the last tenth of a second is nearly nothing.
    assert np.abs(sound[:, -2400:]).max() < 0.02


def test_a_midi_file_says_what_the_score_says():
    from music21 import converter

    recipe = Recipe("test", "", "", "", "", "", 90, ((0, Part(40)), (1, Part(42, shift=-12))), "joy", seconds=8.0)
    melody = [Note(float(beat), 1.0, 60 + beat) for beat in range(12)]
    score = converter.parseData(midi_file(recipe, [melody, [Note(0.0, 12.0, 48)]]), format="midi")
    heard = sorted({one.pitch.midi for one in score.flatten().notes})
    assert heard == [36, *range(60, 72)]
    assert score.flatten().getElementsByClass("MetronomeMark")[0].number == pytest.approx(90, abs=0.1)
