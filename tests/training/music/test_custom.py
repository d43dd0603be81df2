"""`python -m training.cli music`: Emotify as published, and a user's own tracks."""

from __future__ import annotations

import csv
from pathlib import Path

import av
import numpy as np
import pytest

from inference import measured, weights
from inference.weights import WeightsError, read_meta
from music import mood_model, plane
from music.emotion_groups import FOUR, GEMS
from tests.trees import nfd
from training import cli as front
from training.datasets.layouts import LayoutError
from training.music import custom, custom_plane, labelled_tracks


def write_track(path: Path, seed: int = 0, artist: str = "", calm: bool = True, seconds: float = 6.0) -> Path:
    """Beats, slow and low or fast and bright."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rate = 22_050
    time = np.arange(int(seconds * rate)) / rate
    pulse = np.exp(-((time * (1.0 if calm else 5.0)) % 1) * 6)
    wave = 0.4 * pulse * np.sin(2 * np.pi * (180 if calm else 880) * (1 + 0.02 * seed) * time)
    wave = (wave + np.random.default_rng(seed).normal(0, 0.003, time.size)).astype(np.float32)
    with av.open(str(path), "w") as container:
        if artist:
            container.metadata["artist"] = artist
        stream = container.add_stream("flac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray((wave * 32767).astype(np.int16)[None], "s16", "mono")
        frame.sample_rate = rate
        for piece in av.AudioResampler(stream.codec_context.format, "mono", rate, frame_size=4096).resample(frame):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def ratings(root: Path, numbers: list[int], name: str = "data.csv", blank: str = " ") -> None:
    with (root / name).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["track id", *(blank + name for name in ("genre", *GEMS, "mood", "liked", "disliked", "age"))])
        for number in numbers:
            for listener in range(3):
                joyful = [int(name == "joyful_activation" or (listener == 0 and name == "power")) for name in GEMS]
                writer.writerow([number, "rock", *joyful, 3, 1, 0, 30])


def test_emotify_as_published_with_blanks_in_its_names(tmp_path: Path) -> None:
    write_track(tmp_path / "emotifymusic" / "rock" / "1.flac", artist="Somebody")
    write_track(tmp_path / "emotifymusic" / "classical" / "7.flac")
    (tmp_path / "emotifymusic" / "rock" / "cover.flac").write_bytes(b"no number")
    ratings(tmp_path, [7, 101, 250])
    found = labelled_tracks.emotify(tmp_path)
    by_name = {example.path.name: example for example in found.examples}
    assert {name: example.label for name, example in by_name.items()} == {"1.flac": "joy", "7.flac": "joy"}
    assert by_name["1.flac"].person == "Somebody"
    assert by_name["1.flac"].original_label == "rock"
    assert not by_name["7.flac"].person_known
    assert dict(by_name["1.flac"].votes) == pytest.approx({"joyful_activation": 1.0, "power": 1 / 3})
    remarks = " ".join(found.remarks)
    assert "1 of 3 rated tracks are not here" in remarks
    assert "1 tracks have no artist tag" in remarks


def test_tracks_named_by_their_id(tmp_path: Path) -> None:
    write_track(tmp_path / "tracks" / "101.flac")
    ratings(tmp_path, [101], "ratings.csv", "")
    assert [example.original_label for example in labelled_tracks.emotify(tmp_path).examples] == ["rock"]


def test_own_tracks_in_folders_and_in_a_table(tmp_path: Path) -> None:
    write_track(tmp_path / "a" / nfd("기쁨") / "한 사람" / "1.flac")
    write_track(tmp_path / "a" / "sad" / "2.flac", artist="Tagged")
    write_track(tmp_path / "a" / "live" / "3.flac")
    found = labelled_tracks.tracks(tmp_path / "a")
    assert {example.path.name: (example.label, example.person) for example in found.examples} == {
        "1.flac": ("joy", "한 사람"),
        "2.flac": ("sadness", "Tagged"),
    }
    assert "live" in found.remarks[0]
    write_track(tmp_path / "b" / "1.flac")
    (tmp_path / "b" / "tracks.csv").write_text("path,label,artist\n1.flac,분노,A\n2.flac,calm,B\n", encoding="utf-8")
    table = labelled_tracks.tracks(tmp_path / "b")
    assert [(example.label, example.person) for example in table.examples] == [("anger", "A")]
    assert "2.flac first" in table.remarks[0]
    (tmp_path / "b" / "tracks.csv").write_text("path,label\n1.flac,groovy\n", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"line 2: 'groovy' is none of joy"):
        labelled_tracks.tracks(tmp_path / "b")


def test_every_reader_names_what_it_looked_for_and_where(tmp_path: Path) -> None:
    for name, layout in custom.LAYOUTS.items():
        assert len(layout.description) > 80, name
        for root in (tmp_path / "nowhere", tmp_path):
            with pytest.raises(LayoutError) as error:
                layout.read(root)
            assert str(root) in str(error.value), name


@pytest.mark.usefixtures("a_further_process")
def test_from_tracks_to_the_apps_own_loader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for artist in range(5):
        write_track(tmp_path / "music" / "joy" / f"artist {artist}" / "1.flac", artist, calm=False)
        write_track(tmp_path / "music" / "neutral" / f"artist {artist}" / "2.flac", artist)
    (tmp_path / "music" / "joy" / "artist 0" / "broken.flac").write_bytes(b"fLaC and no more")
    out = tmp_path / "music.safetensors"
    given = ["music", "--data", f"tracks={tmp_path / 'music'}", "--out", str(out)]
    assert front.main(given) == 0
    assert "1 tracks cannot be decoded" in capsys.readouterr().out
    monkeypatch.setenv("HARU_WEIGHTS", str(out))
    model = mood_model.load()
    assert [(one.name, one.groups) for one in measured.read(out)] == [("artists_never_heard", 5)]
    assert read_meta(out)["sense"] == "music"
    assert model.version.startswith("linear_own own ")
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "broken.flac" in card
    assert "10 tracks, 5 folds by artist" in card
    assert "The app keeps the shipped plane" in card  # these tracks have no ratings of valence and arousal
    assert plane.load() is plane.load(plane.WEIGHTS)
    measured_row = custom._measure(str(tmp_path / "music" / "joy" / "artist 1" / "1.flac"))
    scores = model.scores(dict(zip(custom._names(), measured_row[0], strict=True)))
    assert max(scores, key=scores.__getitem__) == "joy"
    assert set(scores) == set(FOUR)
    assert sum(scores.values()) == pytest.approx(1)  # although there is no sad or angry track
    assert scores["joy"] > 0.5


def test_ratings_of_ones_own_train_the_plane_and_the_app_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slow, low tracks are rated calm and unpleasant, fast, high ones the opposite: new tracks are placed likewise."""
    rows = ["path,label,artist,valence,arousal"]
    for number in range(32):
        calm = number % 2 == 0
        write_track(tmp_path / "music" / f"{number}.flac", number, calm=calm)
        rows.append(f"{number}.flac,{'sad' if calm else 'joy'},artist {number % 8},{'-' if calm else ''}0.6,"
                    f"{-0.5 if calm else 0.5}")  # fmt: skip
    (tmp_path / "music" / "tracks.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    out = tmp_path / "music.safetensors"
    assert front.main(["music", "--data", f"tracks={tmp_path / 'music'}", "--out", str(out)]) == 0
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "32 rated tracks of 8 artists" in card
    monkeypatch.setenv("HARU_WEIGHTS", str(out))
    mine = plane.load()
    assert mine.version.startswith("linear_own own ")
    assert mood_model.load().version == mine.version
    for calm in (True, False):
        measured_row = custom._measure(str(write_track(tmp_path / "new.flac", 99, calm=calm)))
        place = mine.place(dict(zip(custom._names(), measured_row[0], strict=True)))
        assert (place.valence < 0, place.arousal < 0) == (calm, calm)


def test_a_plane_that_knows_nothing_is_not_worth_keeping() -> None:
    rng = np.random.default_rng(0)
    rows, artists = rng.normal(size=(60, 5)), np.array([f"artist {number % 12}" for number in range(60)])
    known = rows[:, :2] + 0.1 * rng.normal(size=(60, 2))
    assert custom_plane.fit(rows, list("abcde"), known, artists).is_useful
    half = np.column_stack([known[:, 0], rng.normal(size=60)])
    assert not custom_plane.fit(rows, list("abcde"), half, artists).is_useful
    assert custom_plane.fit(rows[:29], list("abcde"), known[:29], artists[:29]) is None
    known[::3] = known[1::3] = np.nan  # only twenty are rated
    assert custom_plane.fit(rows, list("abcde"), known, artists) is None


def test_a_plane_with_other_axes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, meta = weights.load(plane.WEIGHTS)
    weights.save(tmp_path / "p.safetensors", state, meta | {"labels": ["arousal", "valence"]}, "fp32")
    with pytest.raises(WeightsError, match="has the axes"):
        plane.load(tmp_path / "p.safetensors")


def test_invalid_places_stop_the_reading(tmp_path: Path) -> None:
    write_track(tmp_path / "1.flac")
    for place, message in (("0.5,", "must both be numbers"), ("7,2", "lie outside -1")):
        (tmp_path / "tracks.csv").write_text(f"path,label,valence,arousal\n1.flac,joy,{place}\n", encoding="utf-8")
        with pytest.raises(LayoutError, match=f"line 2: .*{message}"):
            labelled_tracks.tracks(tmp_path)


def test_too_few_artists_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_track(tmp_path / "music" / "joy" / "a" / "1.flac")
    given = ["music", "--data", f"tracks={tmp_path / 'music'}", "--out", str(tmp_path / "m.safetensors")]
    assert front.main(given) == 2
    assert "at least 5 artists and two classes" in capsys.readouterr().err
