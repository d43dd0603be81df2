from __future__ import annotations

from pathlib import Path

from tests.trees import cremad as tree
from tests.trees import write_film, write_wav
from training.datasets import cremad


def test_the_votes_of_those_who_only_heard_are_the_labels(tmp_path: Path) -> None:
    tree(tmp_path)
    write_wav(tmp_path / "AudioWAV" / f"{cremad.SILENT}.wav", 100)
    write_wav(tmp_path / "AudioWAV" / "1001_DFA_ANG_XX copy.wav", 100)
    found = cremad.sounds(tmp_path)
    assert len(found.examples) == 18
    angry = next(example for example in found.examples if example.path.stem == "1001_DFA_ANG_XX")
    assert dict(angry.votes) == {"anger": 6, "neutral": 4}
    assert (angry.label, angry.person, angry.gender) == ("anger", "crema-d-1001", "female")
    assert angry.text == "Don't forget a jacket"
    remarks = " ".join(found.remarks)
    assert "18 of 7,441 clips are here" in remarks
    assert "copy.wav" in remarks


def test_how_strongly_the_mood_was_acted_is_in_the_name(tmp_path: Path) -> None:
    for level in ("LO", "MD", "HI", "XX"):
        write_wav(tmp_path / "AudioWAV" / f"1001_IEO_HAP_{level}.wav", 300)
    levels = {example.path.stem[-2:]: example.intensity for example in cremad.sounds(tmp_path).examples}
    assert levels == {"LO": "low", "MD": "medium", "HI": "high", "XX": ""}


def test_films_are_labelled_by_those_who_only_saw(tmp_path: Path) -> None:
    tree(tmp_path, actors=(1001,), emotions="ANG")
    write_film(tmp_path / "VideoFlash" / "1001_DFA_ANG_XX.flv", (220,))
    (example,) = cremad.films(tmp_path).examples
    assert example.path.suffix == ".flv"
    assert dict(example.votes) == {"anger": 10}


def test_without_the_table_the_actor_is_believed_and_it_is_said(tmp_path: Path) -> None:
    tree(tmp_path)
    (tmp_path / "processedResults" / "tabulatedVotes.csv").unlink()
    found = cremad.sounds(tmp_path)
    assert not any(example.votes for example in found.examples)
    assert any("the acted emotion is the label" in remark for remark in found.remarks)
