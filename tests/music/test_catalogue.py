from __future__ import annotations

import json
from itertools import product
from math import dist
from pathlib import Path

import pytest

from emotions import EMOTIONS
from music import catalogue, recommend, youtube
from music.recommend import INTENTS, Taste, Wish
from music.track import GENRES

ROWS = json.loads(catalogue.YOUTUBE.read_text(encoding="utf-8"))["tracks"]
SHIPPED = catalogue.load()


def test_the_shipped_catalogue_is_sound() -> None:
    """The schema: every row, strictly. One that `load` would leave out is an error here."""
    there, problems = catalogue.read_rows(catalogue.YOUTUBE, catalogue.from_youtube_row)
    assert problems == []
    assert len(there) >= 80
    assert sum(track.evidence == "answered" for track in there) >= 80
    allowed = {"id", "title", "by", "work", "genre", "language", "valence", "arousal", "placed", "evidence"}
    optional = {"performer", "seconds", "playful", "heavy", "list_label", "gone"}
    for row in ROWS:
        assert allowed <= row.keys() <= allowed | optional, row["id"]
        assert {"ko", "en"} == set(row["title"]) == set(row["by"]), row["id"]


def test_every_judgement_says_where_it_comes_from() -> None:
    content = json.loads(catalogue.YOUTUBE.read_text(encoding="utf-8"))
    assert {row["placed"] for row in ROWS} == content["placements"].keys()
    assert {row["evidence"] for row in ROWS} == content["evidence"].keys()
    assert all("list_label" in row for row in ROWS if row["placed"] == "editor and list")


def test_every_genre_that_can_be_preferred_has_something_to_hear() -> None:
    genres = [track.genre for track in SHIPPED.tracks]
    assert set(genres) <= set(GENRES)
    for genre in ("classical", "pop", "rock", "electronic", "film", "korean"):
        assert genres.count(genre) >= 6, genre


def test_six_pieces_lie_near_the_path_of_every_mood_and_intent() -> None:
    tracks, few = SHIPPED.of_kind("youtube"), []
    for mood, intent, intensity in product(EMOTIONS, INTENTS, (1, 3, 5)):
        wish = Wish(mood, intensity, intent)
        wanted = recommend.path(wish)
        works = {
            track.work
            for track in recommend._allowed(tracks, wish, Taste())
            if min(dist(track.place, point) for point in wanted) <= 0.45
        }
        if len(works) < 6:
            few.append((wish, works))
    assert not few


@pytest.mark.parametrize(
    "change",
    [
        {"id": "short"},
        {"id": "../../../etc"},
        {"id": None},
        {"title": ""},
        {"title": {"ko": "제목만"}},
        {"title": 7},
        {"by": {"en": 3}},
        {"genre": "noise"},
        {"language": "xx"},
        {"valence": 1.01},
        {"valence": "0.5"},
        {"arousal": float("nan")},
        {"arousal": True},
        {"seconds": -1},
        {"seconds": "long"},
        {"placed": None},
        {"evidence": "trust me"},
        {"work": []},
    ],
)
def test_one_row_of_nonsense_costs_that_row_only(tmp_path: Path, change: dict) -> None:
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps({"tracks": [ROWS[0] | change, ROWS[1]]}))
    found = catalogue.read(file, tmp_path / "none.json")
    assert [track.name for track in found.tracks] == [ROWS[1]["id"]]
    assert "catalogue.json, track 1" in found.problems[0]


@pytest.mark.parametrize("content", ["", "{", "[]]", "null", "7", '{"tracks": 3}', "{}", "\ufeff{}", "\x00\xff"])
def test_a_file_of_nonsense_costs_that_file_only(tmp_path: Path, content: str) -> None:
    file = tmp_path / "catalogue.json"
    file.write_text(content, encoding="utf-8")
    local = _one_local_track(tmp_path)
    found = catalogue.read(file, local)
    assert [track.id for track in found.tracks] == ["local:one.opus"]
    assert "catalogue.json cannot be read" in found.problems[0]


@pytest.mark.parametrize("row", [None, [], "text", 3, {}])
def test_rows_that_are_no_objects(tmp_path: Path, row: object) -> None:
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps({"tracks": [row, ROWS[0]]}))
    assert len(catalogue.read(file, tmp_path / "none.json").tracks) == 1


def test_the_same_id_twice_is_offered_once(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps({"tracks": [ROWS[0], ROWS[0]]}))
    found = catalogue.read(file, _one_local_track(tmp_path))
    assert len(found.of_kind("youtube")) == 1
    assert "twice" in found.problems[0]


def test_a_local_track_whose_file_is_missing_or_elsewhere_is_left_out(tmp_path: Path) -> None:
    local = _one_local_track(tmp_path)
    rows = json.loads(local.read_text())
    local.write_text(json.dumps([*rows, rows[0] | {"file": "gone.opus"}, rows[0] | {"file": "../one.opus"}]))
    found = catalogue.read(catalogue.YOUTUBE, local)
    assert [track.id for track in found.of_kind("local")] == ["local:one.opus"]
    assert len(found.problems) == 2


class TestCheck:
    def file(self, tmp_path: Path, count: int = 3) -> Path:
        file = tmp_path / "catalogue.json"
        file.write_text(json.dumps({"about": "three", "tracks": ROWS[:count]}, ensure_ascii=False))
        return file

    def test_what_died_is_written_down_and_no_longer_offered(self, tmp_path: Path) -> None:
        file = self.file(tmp_path)
        first, second, third = (row["id"] for row in ROWS[:3])
        asked, died = catalogue.check(file, lambda ids: {first: "alive", second: "not embeddable"})
        assert (asked, died) == (3, {second: "not embeddable", third: "unknown to YouTube"})
        assert [track.name for track in catalogue.read(file, tmp_path / "none").tracks] == [first]
        # What comes back is offered again, and nothing else was changed.
        catalogue.check(file, lambda ids: dict.fromkeys(ids, "alive"))
        assert json.loads(file.read_text()) == {"about": "three", "tracks": ROWS[:3]}

    def test_the_shipped_file_is_written_back_as_it_is(self, tmp_path: Path) -> None:
        file = tmp_path / "catalogue.json"
        file.write_text(catalogue.YOUTUBE.read_text(encoding="utf-8"), encoding="utf-8")
        gone = {row["id"]: row["gone"].partition(": ")[2] for row in ROWS if "gone" in row}
        catalogue.check(file, lambda ids: {name: gone.get(name, "alive") for name in ids})
        if not gone:
            assert file.read_text(encoding="utf-8") == catalogue.YOUTUBE.read_text(encoding="utf-8")

    def test_without_a_key_nothing_is_asked(self, tmp_path: Path, monkeypatch, capsys) -> None:
        monkeypatch.delenv(youtube.KEY_VARIABLE, raising=False)
        file = self.file(tmp_path)
        before = file.read_text()
        assert catalogue.main(["check", "--file", str(file)]) == 2
        assert youtube.KEY_VARIABLE in capsys.readouterr().err
        assert file.read_text() == before

    def test_with_a_wrong_key_nothing_is_changed(self, tmp_path: Path, monkeypatch, capsys) -> None:
        def refuse(self, ids):
            raise youtube.YouTubeError("wrong_key")

        monkeypatch.setenv(youtube.KEY_VARIABLE, "wrong")
        monkeypatch.setattr(youtube.Api, "statuses", refuse)
        file = self.file(tmp_path)
        before = file.read_text()
        assert catalogue.main(["check", "--file", str(file)]) == 2
        assert "Nothing was changed" in capsys.readouterr().err
        assert file.read_text() == before

    def test_the_exit_code_says_whether_all_are_alive(self, tmp_path: Path, monkeypatch, capsys) -> None:
        monkeypatch.setenv(youtube.KEY_VARIABLE, "a key")
        monkeypatch.setattr(youtube.Api, "statuses", lambda self, ids: dict.fromkeys(ids, "alive"))
        assert catalogue.main(["check", "--file", str(self.file(tmp_path))]) == 0
        assert "3 of 3 play" in capsys.readouterr().out
        monkeypatch.setattr(youtube.Api, "statuses", lambda self, ids: {})
        assert catalogue.main(["check", "--file", str(self.file(tmp_path))]) == 1

    def test_a_broken_file_is_a_sentence(self, tmp_path: Path, monkeypatch, capsys) -> None:
        monkeypatch.setenv(youtube.KEY_VARIABLE, "a key")
        file = tmp_path / "catalogue.json"
        file.write_text("{")
        assert catalogue.main(["check", "--file", str(file)]) == 2
        assert "Nothing was changed" in capsys.readouterr().err


def _one_local_track(folder: Path) -> Path:
    (folder / "one.opus").write_bytes(b"OggS")
    row = {
        "file": "one.opus",
        "title": {"ko": "하나", "en": "One"},
        "composer": "Somebody",
        "genre": "classical",
        "source": "a score",
        "licence": "public domain",
        "valence": 0.1,
        "arousal": -0.2,
        "seconds": 60,
    }
    local = folder / "tracks.json"
    local.write_text(json.dumps([row]))
    return local


def test_the_shipped_files_are_read_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit reruns a page at every click; the catalogue must not be parsed each time."""
    first = catalogue.load()
    reads = []
    monkeypatch.setattr(Path, "read_text", lambda self, **_: reads.append(self) or "[]")
    assert catalogue.load() is first
    assert reads == []


def test_what_is_left_out_is_logged_once_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(catalogue, "YOUTUBE", tmp_path / "gone.json")
    catalogue.load.cache_clear()
    try:
        assert catalogue.load().of_kind("local")
        catalogue.load()
    finally:
        catalogue.load.cache_clear()
    assert len(caplog.records) == 1
    assert "gone.json cannot be read" in caplog.text
