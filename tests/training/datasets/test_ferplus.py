from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.fer.conftest import drawn_faces
from training.datasets import ferplus
from training.face import datasets
from training.face.corpora import VOTED, Faces, read_ferplus

USAGE = {split: usage for usage, split in ferplus.SPLITS.items()}


def published(root: Path, faces: Faces) -> tuple[Path, Path]:
    """The two files as they are published; after the last face one that nobody voted on."""
    with (
        (root / "fer2013.csv").open("w", newline="") as first,
        (root / "fer2013new.csv").open("w", newline="") as second,
    ):
        pictures, votes = csv.writer(first), csv.writer(second)
        pictures.writerow(("emotion", "pixels", "Usage"))
        votes.writerow(("Usage", "Image name", *VOTED))
        for number, (pixels, split) in enumerate(zip(faces.pixels, faces.split, strict=True)):
            pictures.writerow((3, " ".join(map(str, pixels.ravel())), USAGE[split]))
            counts = dict(zip(datasets.EIGHT, faces.votes[number], strict=True))
            votes.writerow((USAGE[split], f"fer{number:07d}.png", *(counts.get(name, 0) for name in VOTED)))
        pictures.writerow((0, " ".join(["7"] * 48 * 48), "Training"))
        votes.writerow(("Training", "", *[0] * len(VOTED)))
    return root / "fer2013.csv", root / "fer2013new.csv"


def test_the_published_files_become_what_the_readers_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faces = drawn_faces(1030)  # more than one mosaic
    faces.pixels[3] = faces.pixels[0]  # of valid, a copy of one of train
    files, out = published(tmp_path, faces), tmp_path / "ferplus"
    assert ferplus.main(["--faces", str(files[0]), "--votes", str(files[1]), "--out", str(out)]) == 0
    assert "1030 faces" in capsys.readouterr().out
    read = read_ferplus(out)
    assert (read.pixels == faces.pixels).all()
    assert (read.votes == faces.votes).all()
    assert (read.split == faces.split).all()
    assert [place for place, duplicate in enumerate(read.duplicate) if duplicate] == [3]
    assert len(datasets.ferplus(out).examples) == 1029


def test_files_that_do_not_fit_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faces, votes = published(tmp_path, drawn_faces(3))

    def message() -> str:
        assert ferplus.main(["--faces", str(faces), "--votes", str(votes), "--out", str(tmp_path / "out")]) == 2
        return capsys.readouterr().err

    text = votes.read_text()
    votes.write_text("".join(text.splitlines(keepends=True)[:-1]))
    assert "do not list the same faces" in message()
    votes.write_text(text.replace("Training", "PublicTest"))
    assert "Line 2" in message()
    votes.write_text(text.replace("contempt", "scorn"))
    assert "lacks the columns contempt" in message()
    votes.unlink()
    assert "There is no file" in message()
