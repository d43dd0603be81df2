import json
from pathlib import Path

import numpy as np
import pytest

from music import audio
from music.catalogue import load as load_catalogue
from training.music import loudness
from training.music.render import LOUDNESS, Note, midi_file, staves
from training.music.scores import DRUMS, RECIPES, Part, Recipe

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


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_tracks_sound_and_none_is_louder_than_another(row):
    sound = audio.stereo(FOLDER / row["file"])
    assert sound.shape[1] / audio.STEREO_RATE == pytest.approx(row["seconds"], abs=0.2)
    assert np.abs(sound).max() < 1
    assert loudness.lufs(sound) == pytest.approx(LOUDNESS, abs=1)
    # It begins at once, and never stops in the middle.
    assert np.abs(sound[:, :24_000]).max() > 0.02
    halves = sound[:, : -4 * 48_000]
    assert min(np.abs(half).max() for half in np.array_split(halves, halves.shape[1] // 48_000, axis=1)) > 0.005
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


def test_arirang_begins_as_the_hymnals_print_it():
    """hymnary.org, tune ARIRANG: 56561 21232 32165, steps of a scale whose first is F here."""
    steps = {0: "1", 2: "2", 4: "3", 7: "5", 9: "6"}
    melody, fifths = staves("arirang")
    assert "".join(steps[(one.pitch - 65) % 12] for one in melody).startswith("565612123232165")
    # Sixteen bars of three, the accompaniment as long as the tune, and the end on its first step.
    assert melody[-1].start + melody[-1].length == fifths[-1].start + fifths[-1].length == 48
    assert steps[(melody[-1].pitch - 65) % 12] == "1"


@pytest.mark.parametrize("recipe", [one for one in RECIPES if one.drums], ids=lambda recipe: recipe.file)
def test_the_drums_go_by_the_bars_of_the_score(recipe):
    from music21 import corpus

    assert max(beat for beat, _, _ in DRUMS[recipe.drums]) < recipe.bar
    bars = list(corpus.parse(recipe.source).parts[0].getElementsByClass("Measure"))
    assert recipe.bar % bars[1].duration.quarterLength == 0
    assert (bars[1].offset - recipe.upbeat) % bars[1].duration.quarterLength == 0


def test_a_short_tune_comes_again_in_step_with_its_drums():
    from music21 import converter

    # An upbeat of one, then seven quarters of the two bars that they belong to: again after eight.
    recipe = Recipe("test", "", "", "", "", "", 60, ((0, Part(40)),), "joy", seconds=17.0, upbeat=1.0, drums="dance")
    melody = [Note(0.0, 1.0, 60), Note(1.0, 6.0, 62)]
    score = converter.parseData(midi_file(recipe, [melody]), format="midi")
    notes = [one for one in score.stripTies().flatten().notes if one.isNote and one.pitch.midi in (60, 62)]
    assert [round(float(one.offset)) for one in sorted(notes, key=lambda one: one.offset)] == [0, 1, 8, 9, 16]
