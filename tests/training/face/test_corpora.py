from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotions import EMOTIONS
from fer.labels import EIGHT, seven_of
from tests.data_folders import require_data
from tests.fer.conftest import drawn_faces
from tests.training.face.conftest import FACES
from training.face import corpora
from training.face.corpora import Faces, balance, read_ferplus


@pytest.fixture(scope="module")
def faces() -> Faces:
    return read_ferplus(require_data("face"))


def test_counts_are_those_of_the_data(faces: Faces) -> None:
    assert [int((faces.split == split).sum()) for split in ("train", "valid", "test")] == [28558, 3579, 3573]
    test = faces.part("test")
    named = dict(zip(EIGHT, np.bincount(test.majority, minlength=8).tolist(), strict=True))
    assert named == {
        **{"neutral": 1213, "happiness": 891, "sadness": 414, "surprise": 329},
        **{"anger": 288, "fear": 81, "contempt": 25, "disgust": 17},
    }


def test_no_evaluation_face_was_learned_from(faces: Faces) -> None:
    learned = {face.tobytes() for face in faces.part("train").pixels}
    for split in ("valid", "test"):
        assert not learned & {face.tobytes() for face in faces.part(split).pixels}


def test_tiles_are_cut_where_the_faces_are(faces: Faces) -> None:
    with Image.open(require_data("face") / "mosaic" / "03.png") as mosaic:
        whole = np.asarray(mosaic.convert("L"))
    row, column = divmod(70, 32)
    tile = whole[48 * row : 48 * row + 48, 48 * column : 48 * column + 48]
    assert (faces.pixels[3 * 1024 + 70] == tile).all()


def test_shares_of_votes_sum_to_one_and_single_votes_are_slips() -> None:
    faces = drawn_faces(4)
    faces.votes[:] = 0
    faces.votes[0, :3] = (7, 2, 1)
    faces.votes[1, :2] = (1, 1)
    faces.votes[2, 4] = 1
    kept, dropped = faces.targets(drop_single=False), faces.targets()
    assert kept[0, :3] == pytest.approx([0.7, 0.2, 0.1])
    assert dropped[0, :3] == pytest.approx([7 / 9, 2 / 9, 0])
    assert dropped[1, :2] == pytest.approx([0.5, 0.5])
    assert dropped[2, 4] == 1
    assert dropped[3].sum() == 0


def test_rare_classes_count_more_and_the_mean_is_one() -> None:
    targets = np.repeat(np.eye(8, dtype=np.float32), [400, 100, 300, 20, 5, 90, 60, 25], axis=0)
    weights = balance(targets)
    assert weights.mean() == pytest.approx(1, rel=1e-5)
    assert weights[-30] > 2 * weights[0]
    assert balance(targets, power=0) == pytest.approx(1)
    assert weights.max() / weights.min() <= 4 + 1e-6


def test_seven_is_eight_without_contempt() -> None:
    eight = np.array([[0.2, 0, 0.4, 0, 0, 0.2, 0, 0.2]])
    assert seven_of(eight)[0] == pytest.approx([0.25, 0, 0.5, 0, 0, 0.25, 0])


def test_folders_named_after_moods(tmp_path: Path) -> None:
    for name, count in (("happiness", 2), ("fear", 1)):
        for number in range(count):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.new("L", (48, 48)).save(tmp_path / name / f"{number}.PNG")
    (tmp_path / "fear" / "notes.txt").write_text("no picture")
    paths, labels = corpora.read_folder(tmp_path)
    assert [path.parent.name for path in paths] == [EMOTIONS[label] for label in labels]
    assert len(paths) == 3
    with pytest.raises(FileNotFoundError, match="happiness, surprise"):
        corpora.read_folder(tmp_path / "happiness")


def test_faces_survive_being_kept(tmp_path: Path) -> None:
    faces = drawn_faces(10)
    faces.save(tmp_path / "faces.npz")
    again = Faces.load(tmp_path / "faces.npz")
    for name in Faces.__dataclass_fields__:
        assert (getattr(again, name) == getattr(faces, name)).all()
    assert len(Faces.join(faces, again)) == 20


def test_faces_are_read_from_their_mosaic(ferplus_folder: Path) -> None:
    faces = read_ferplus(ferplus_folder)
    for name in Faces.__dataclass_fields__:
        assert (getattr(faces, name) == getattr(FACES, name)).all(), name
