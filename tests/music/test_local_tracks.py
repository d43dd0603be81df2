import json
from pathlib import Path

from music.catalogue import load as load_catalogue

FOLDER = Path(__file__).parents[2] / "assets" / "music"
ROWS = json.loads((FOLDER / "tracks.json").read_text(encoding="utf-8"))


def test_at_least_twelve_tracks_of_at_most_eight_megabytes():
    assert len(ROWS) >= 12
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 8_000_000


def test_files_index_and_credits_name_the_same():
    names = {row["file"] for row in ROWS}
    assert names == {file.name for file in FOLDER.glob("*.webm")}
    credits = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
    for row in ROWS:
        assert row["file"] in credits
        assert row["source"] in credits


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
