from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.fer.conftest import drawn_faces
from training.face import train as training
from training.face.train import Lesson, Recipe, batches, choose_faces, judge, logits_of, train, vote_loss

QUICK = Recipe(((48, 6),), lr=2e-2, body_rate=1.0, frozen=0, batch=16, drop=0.0, ema=0.9)


def test_a_member_learns_what_can_be_seen(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(240)
    member, numbers = train(
        tiny, tmp_path, faces.part("train"), faces.part("valid"), QUICK, without=["pose", "softness", "coarseness"]
    )
    assert numbers["accuracy"] > 0.8
    again = judge(logits_of(member, faces.part("valid").pixels, 48), faces.part("valid"))
    assert again["loss"] == pytest.approx(numbers["loss"], abs=1e-4)


def test_a_stopped_training_ends_in_the_same_weights(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(120)
    learn, held = faces.part("train"), faces.part("valid")
    recipe = replace(QUICK, sizes=((40, 1), (48, 1)), drop=0.3)
    whole, numbers = train(tiny, tmp_path / "whole", learn, held, recipe)
    for stop in (3, 7, None):  # in the middle of either epoch, and to the end
        parts, resumed = train(tiny, tmp_path / "parts", learn, held, recipe, stop_after=stop)
    assert resumed == numbers
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, parts.state_dict()[name]), name


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_every_optimizer_and_schedule_lowers_the_loss(tiny: str, tmp_path: Path, optimizer: str) -> None:
    faces = drawn_faces(120)
    learn, held = faces.part("train"), faces.part("valid")
    before = judge(logits_of(_untrained(tiny), held.pixels, 48), held)["loss"]
    _, numbers = train(tiny, tmp_path, learn, held, replace(QUICK, optimizer=optimizer, schedule="plateau", lr=2e-3))
    assert numbers["loss"] < before


def _untrained(tiny: str) -> training.Member:
    torch.manual_seed(0)
    return training.Member(tiny, 8).eval()


def test_the_lower_half_stays_frozen_only_where_it_was_pretrained(tiny: str) -> None:
    member = _untrained(tiny).train()
    member.freeze_lower_half(True)
    learning = {name for name, parameter in member.named_parameters() if parameter.requires_grad}
    assert learning == {"body.3.weight", "body.3.bias", "head.weight", "head.bias"}
    assert not member.body[1].training
    member.freeze_lower_half(False)
    assert all(parameter.requires_grad for parameter in member.parameters())


def test_batches_are_a_function_of_the_step(tiny: str) -> None:
    lesson = Lesson.of(drawn_faces(64), QUICK, "votes")
    first, _ = batches(lesson, QUICK, 0, torch.device("cpu"), ())
    again, _ = batches(lesson, QUICK, 0, torch.device("cpu"), ())
    for one, other in zip(first(5), again(5), strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(first(5)[0], first(6)[0])


def test_an_epoch_sees_every_face_once() -> None:
    faces = drawn_faces(64)
    lesson = Lesson(faces.pixels, np.eye(64, dtype=np.float32), np.ones(64, np.float32))
    batch_at, steps = batches(lesson, QUICK, 0, torch.device("cpu"), ())
    seen = sum(batch_at(step)[1].sum(0) for step in range(steps, 2 * steps))
    assert torch.equal(seen, torch.ones(64))


def test_input_sides_follow_the_recipe() -> None:
    recipe = replace(QUICK, sizes=((64, 2), (96, 1)))
    assert [recipe.size_at(epoch) for epoch in range(4)] == [64, 64, 96, 96]
    assert recipe.epochs == 3


def test_the_loss_is_zero_only_at_the_votes() -> None:
    targets = torch.tensor([[0.7, 0.3], [0.0, 1.0]])
    weights = torch.ones(2)
    right = vote_loss(targets.clamp_min(1e-9).log(), targets, weights)
    assert right == pytest.approx(0, abs=1e-6)
    assert vote_loss(torch.zeros(2, 2), targets, weights) > 0.1


def test_folds_share_no_face_and_copies_stay_together() -> None:
    faces = drawn_faces(100)
    faces.pixels[1] = faces.pixels[0]
    places = [set(np.flatnonzero(faces.fold_of(5) == fold)) for fold in range(5)]
    assert set.union(*places) == set(range(100))
    assert sum(map(len, places)) == 100
    assert any({0, 1} <= place for place in places)
    learn, held = choose_faces(faces, "2/5")
    assert len(learn) + len(held) == 100
    assert 5 < len(held) < 40
