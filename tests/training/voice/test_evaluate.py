from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from ser.members import LABELS
from training.voice import evaluate
from training.voice.corpora import Clip
from training.voice.plots import Predictions


def heard(speaker: str, right: bool) -> Predictions:
    """An angry and a sad clip of a Korean actor, and one of another corpus that the fold leaves out as well."""
    truth = ["anger", "sadness", "fear"]
    guesses = truth if right else ["sadness", "anger", "fear"]
    clips = [Clip("x.opus", "korean", "ko", label, f"korean-{speaker}", "", "") for label in truth[:2]]
    other = Clip("x.opus", "nemo", "pl", truth[2], "nemo-EB0", "", "")
    logits = np.array([[5.0 if name == guess else -5.0 for name in LABELS] for guess in guesses])
    return Predictions((*clips, other), logits, (f"korean:{speaker}",) * 3)


def test_korean_actors_who_say_the_same_in_all_moods_are_reported_apart() -> None:
    folds = {f"korean:{speaker}": heard(speaker, speaker.startswith("ne")) for speaker in ("ema", "emf", "neb", "ned")}
    rows = evaluate.speakers_table("korean", folds.__getitem__, list(folds)).splitlines()
    assert rows[2].startswith("| korean, 4 folds | 2 | 8 | 50.0% [")
    assert rows[3].startswith("| of these, who say the same sentences in all moods | 2 | 4 | 0.0% [")
    assert rows[4] == ""


def test_other_corpora_have_one_row() -> None:
    rows = evaluate.speakers_table("nemo", {"nemo:EB0": heard("ema", True)}.__getitem__, ["nemo:EB0"]).splitlines()
    assert rows[3] == ""


def test_a_corpus_that_the_cache_lacks_is_named(data, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    given = ["ased", "--cache", str(data.cache), "--data", str(data.root), "--corpora", "nemo,emodb"]
    monkeypatch.setattr(sys, "argv", ["training.voice.evaluate", *given])
    with pytest.raises(SystemExit):
        evaluate.main()
    assert f"{Path(data.cache)} holds no clips of ased" in capsys.readouterr().err
