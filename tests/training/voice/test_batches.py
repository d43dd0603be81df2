from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ser import members
from training.voice import corpora
from training.voice.batches import Labels, log_right, plane_loss, right_answer_loss
from training.voice.corpora import NINE, Clip

LOGITS = torch.randn(4, 9, generator=torch.Generator().manual_seed(0))


def clip(label: str, corpus: str = "crema-d", votes: tuple = (), plane: tuple | None = None) -> Clip:
    return Clip("x.wav", corpus, "en", label, f"{corpus}-1", "", "", votes, plane)


def test_a_label_without_votes_counts_as_it_always_did() -> None:
    """The formula of the shipped weights: any of the right classes will do."""
    clips = [clip("neutral"), clip("anger"), clip("neutral", "ravdess"), clip("calm", "ravdess")]
    labels = Labels.of(clips)
    scores = (LOGITS + labels.answers.prior).log_softmax(-1)
    right = torch.from_numpy(corpora.targets(clips))
    expected = scores.masked_fill(~right, -1e9).logsumexp(-1)
    assert torch.allclose(log_right(LOGITS, labels.answers), expected, atol=1e-5)


def test_votes_are_a_soft_label() -> None:
    voted = clip("anger", votes=(("anger", 6.0), ("neutral", 4.0)))
    labels = Labels.of([voted, clip("neutral")])
    predicted = log_right(LOGITS[:2], labels.answers)[0]
    scores = (LOGITS[:2] + labels.answers.prior).log_softmax(-1)[0]
    neutral = torch.logaddexp(scores[NINE.index("neutral")], scores[NINE.index("calm")])
    assert predicted == pytest.approx(float(0.6 * scores[NINE.index("anger")] + 0.4 * neutral), abs=1e-5)
    # The loss is least at the raters' own shares.
    best = torch.full((1, 9), -20.0)
    best[0, NINE.index("anger")], best[0, NINE.index("neutral")] = np.log(0.6), np.log(0.4)
    sure = best.clone()
    sure[0, NINE.index("anger")] = 5.0
    answers = labels.answers.at(torch.tensor([0]))
    assert right_answer_loss(best, answers, smooth=0.0) < right_answer_loss(sure, answers, smooth=0.0)


def test_contempt_is_a_tenth_class_only_where_somebody_heard_it() -> None:
    assert Labels.of([clip("anger")]).names == NINE
    assert Labels.of([clip("anger"), clip("contempt")]).names == members.WITH_CONTEMPT
    assert Labels.of([clip("anger", votes=(("anger", 2), ("contempt", 1)))]).names == members.WITH_CONTEMPT
    assert clip("contempt").mood is None


def test_places_on_the_plane_are_learnt_where_they_are_known() -> None:
    labels = Labels.of([clip("anger", plane=(-0.5, 0.5)), clip("anger")])
    assert labels.has_plane
    assert not Labels.of([clip("anger")]).has_plane
    predicted = torch.tensor([[-0.5, 1.0], [9.0, 9.0]])
    assert plane_loss(predicted, labels.answers.plane) == pytest.approx(0.125)
    assert plane_loss(None, labels.answers.plane) == 0
    assert plane_loss(predicted[1:], labels.answers.plane[1:]) == 0


def test_clips_survive_their_table(tmp_path: Path) -> None:
    clips = [
        clip("anger", votes=(("anger", 6.0), ("neutral", 4.0)), plane=(-0.25, 0.5)),
        replace(clip("sadness"), start=1.5, end=2.25, text='said "…", twice'),
    ]
    corpora.write_clips(clips, tmp_path / "labels.csv")
    assert corpora.read_clips(tmp_path) == clips
