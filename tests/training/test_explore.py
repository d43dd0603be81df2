from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.music.test_custom import write_track
from tests.trees import cremad, ravdess
from training import explore
from training.datasets.layouts import Example
from training.trainers import TRAINERS, trainer_for


class Links(HTMLParser):
    """Collects the addresses that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.fetched += [str(found[key]) for key in ("src", "href") if found.get(key)]


def test_one_page_of_voices_with_everything_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ravdess(tmp_path / "ravdess", actors=(1, 2))
    folder = tmp_path / "ravdess" / "Audio_Speech_Actors_01-24" / "Actor_01"
    (folder / "03-01-01-01-01-01-01.wav").write_bytes(b"RIFF and no more")
    (folder / "03-01-05-01-01-02-01.wav").write_bytes((folder / "03-01-05-01-01-01-01.wav").read_bytes())
    cremad(tmp_path / "cremad")
    out = tmp_path / "out" / "report.html"
    data = [f"ravdess={tmp_path / 'ravdess'}", f"crema-d={tmp_path / 'cremad'}"]
    assert explore.main(["--sense", "voice", "--data", *data, "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    for heading in (
        "Classes", "Effect of balancing", "People", "Sex and split", "Seconds", "Level (dB)", "Waveforms",
        "Spectrograms", "Mel images, as a model sees them", "Broken (1 of 35 examined)",
    ):  # fmt: skip
        assert f"<h2>{heading}</h2>" in page, heading
    assert "03-01-01-01-01-01-01.wav" in page
    assert "03-01-05-01-01-02-01.wav" in page.split("<h2>The same content")[1]
    assert page.count("Plotly.newPlot") == 9
    links = Links()
    links.feed(page)
    assert links.fetched == []
    assert "cdn.plot.ly/plotly" not in page
    assert "| ravdess | 17 | 2 |" in capsys.readouterr().out


def test_faces_are_shown(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for mood in ("happy", "sad"):
        (tmp_path / "faces" / mood).mkdir(parents=True)
        for number in range(3):
            pixels = rng.integers(0, 255, (48, 48)).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "faces" / mood / f"{number}.png")
    out = tmp_path / "report.html"
    assert explore.main(["--sense", "face", "--data", f"folder={tmp_path / 'faces'}", "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert "<h2>Faces, as a member sees them</h2>" in page
    assert "<h2>Brightness</h2>" in page
    assert "no people are named" in page


def test_tracks_are_shown(tmp_path: Path) -> None:
    for number, mood in enumerate(("joy", "joy", "sad")):
        write_track(tmp_path / "music" / mood / f"{number}.flac", number, artist="A", calm=mood == "sad")
    (tmp_path / "music" / "joy" / "broken.flac").write_bytes(b"fLaC and no more")
    out = tmp_path / "report.html"
    assert explore.main(["--sense", "music", "--data", f"tracks={tmp_path / 'music'}", "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    for heading in ("Tracks: wave and mel image", "Seconds", "Level (dB)", "Broken (1 of 4 examined)"):
        assert f"<h2>{heading}</h2>" in page, heading
    assert "<td>tracks</td><td>4</td>" in page


def test_only_votes_for_classes_stand_beside_the_classes() -> None:
    def voted(*names: str) -> Example:
        return Example(Path("x"), "set", "sadness", "a", votes={name: 1.0 for name in names})

    assert len(explore.by_class([voted("sadness", "neutral")]).data) == 2
    assert len(explore.by_class([voted("sadness", "amazement")]).data) == 1


def test_balancing_gives_a_rare_class_more_than_it_brings() -> None:
    labels = ["anger"] * 30 + ["sadness"] * 6
    examples = [Example(Path(f"{n}"), "set", label, f"person {n}") for n, label in enumerate(labels)]
    for kind in TRAINERS:
        trainer = trainer_for(kind)
        rare = [trainer.example_weights(examples, power)[30:].sum() for power in trainer.BALANCE_POWERS.values()]
        assert rare == sorted(rare), kind
        assert rare[0] == pytest.approx(6 / 36), kind
        assert rare[-1] > 2 * rare[0], kind


def test_the_sense_is_found_by_the_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explore.kind_of(["emodb=x", "nemo=y"]) == "voice"
    assert explore.kind_of(["ferplus=x"]) == "face"
    out = ["--out", str(tmp_path / "r.html")]
    assert explore.main(["--data", "folder=x", *out]) == 2
    assert "say which with --sense" in capsys.readouterr().err
    assert explore.main(["--data", "nothing=x", *out]) == 2
    assert "No trainer knows nothing" in capsys.readouterr().err
    assert explore.main(["--data", f"emodb={tmp_path}", *out]) == 2
    assert "wav/03a01Fa.wav" in capsys.readouterr().err


def test_shown_examples_are_of_different_people_where_there_are_several(tmp_path: Path) -> None:
    from training.voice.custom import LAYOUTS

    ravdess(tmp_path, actors=(1, 2, 3), takes=2)
    shown = explore.examples_to_draw(LAYOUTS["ravdess"].read(tmp_path).examples, 3)
    assert len(shown) == 8
    for examples in shown.values():
        assert len({example.person for example in examples}) == 3
