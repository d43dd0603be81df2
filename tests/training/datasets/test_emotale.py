from __future__ import annotations

from pathlib import Path

import pytest

from tests.data_folders import require_data
from tests.trees import write_wav
from training.datasets import emotale
from training.voice.corpora import read_clips
from training.voice.custom import clip_of

HEADER = "file,a1_A,a1_V,a1_D,a1_cat,a2_A,a2_V,a2_D,a2_cat,a3_A,a3_V,a3_D,a3_cat,gt_emotion"
ANGRY = "DK_001_A_1.wav,4.0,1.5,4.5,A,4.0,2.5,5.0,A,5.0,1.0,4.5,A,A"
"""A row as it is published."""


def recordings(root: Path, *rows: str) -> Path:
    for name in ("DK_001_A_1", "DK_001_B_2", "EN_001_H_3", "EN_017_N_4", "DK_018_S_5"):
        write_wav(root / "audio" / f"{name}.wav", 150, 48_000)
    if rows:
        (root / "annotations.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return root


def test_the_acted_emotion_is_the_label_in_both_languages_of_a_speaker(tmp_path: Path) -> None:
    write_wav(recordings(tmp_path) / "DK_001_X_1.wav", 150)
    found = emotale.recordings(tmp_path)
    read = {example.path.stem: example for example in found.examples}
    assert {name: example.label for name, example in read.items()} == {
        **{"DK_001_A_1": "anger", "DK_001_B_2": "boredom", "EN_001_H_3": "happiness"},
        **{"EN_017_N_4": "neutral", "DK_018_S_5": "sadness"},
    }
    assert read["DK_001_A_1"].person == read["EN_001_H_3"].person == "emotale-001"
    assert (read["DK_001_A_1"].language, read["DK_001_A_1"].text) == ("da", "Dugen ligger på køleskabet.")
    assert (read["EN_017_N_4"].language, read["EN_017_N_4"].text[:11]) == ("en", "It will be ")
    remarks = " ".join(found.remarks)
    assert "DK_001_X_1.wav" in remarks
    assert "without annotations.csv arousal and valence are unknown" in remarks


def test_the_mean_of_the_listeners_is_the_place_on_the_plane(tmp_path: Path) -> None:
    found = emotale.recordings(recordings(tmp_path, ANGRY, "EN_001_H_3.wav,5.0,4.0,3.0,H,,,,,,,,,H"))
    planes = {example.path.stem: clip_of(example).plane for example in found.examples}
    assert planes["DK_001_A_1"] == pytest.approx((-2 / 3, 2 / 3))
    assert planes["EN_001_H_3"] == (0.5, 1.0)
    assert planes["DK_018_S_5"] is None
    assert not found.remarks


def test_the_published_table_and_the_one_beside_the_clips_agree(tmp_path: Path) -> None:
    clips = {clip.path: clip for clip in read_clips(require_data("speech"), "emotale")}
    (angry,) = (e for e in emotale.recordings(recordings(tmp_path, ANGRY)).examples if e.path.stem == "DK_001_A_1")
    assert clips["emotale/DK_001_A_1.opus"].plane == pytest.approx(angry.plane, abs=0.001)
    assert clips["emotale/DK_001_A_1.opus"].speaker == angry.person
