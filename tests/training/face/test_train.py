from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer.model import FaceMember
from tests.fer.conftest import drawn_faces
from tests.training.face.conftest import FACES, QUICK, TrainedNetworks
from training.face.train import (
    FaceTrainingOptions,
    FaceTrainingSet,
    logits_of,
    make_batches,
    train,
    validation_numbers,
    vote_loss,
)

HERE = FaceTrainingOptions(Path())


def untrained(tiny: str) -> FaceMember:
    torch.manual_seed(0)
    return FaceMember(tiny, 8).eval()


def test_a_network_learns_what_can_be_seen(trained: TrainedNetworks, tiny: str) -> None:
    numbers, held = trained.numbers[tiny], FACES.part("valid")
    assert numbers["accuracy"] > 0.8
    again = validation_numbers(logits_of(trained.members[tiny], held.pixels, 48), held)
    assert again["loss"] == pytest.approx(numbers["loss"], abs=1e-4)


def test_a_stopped_training_ends_in_the_same_weights(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(120)
    learn, held = faces.part("train"), faces.part("valid")
    settings = replace(QUICK, sizes=((40, 1), (48, 1)), drop=0.3)
    whole, numbers = train(tiny, learn, held, settings, FaceTrainingOptions(tmp_path / "whole"))
    for stop in (3, 7, None):  # in the middle of either epoch, and to the end
        how = FaceTrainingOptions(tmp_path / "parts", stop_after=stop)
        parts, resumed = train(tiny, learn, held, settings, how)
    assert resumed == numbers
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, parts.state_dict()[name]), name


def test_optimizer_and_schedule_can_be_chosen(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(120)
    learn, held = faces.part("train"), faces.part("valid")
    before = validation_numbers(logits_of(untrained(tiny), held.pixels, 48), held)["loss"]
    settings = replace(QUICK, sizes=((48, 3),), optimizer="rmsprop", schedule="plateau", lr=2e-3)
    _, numbers = train(tiny, learn, held, settings, FaceTrainingOptions(tmp_path))
    assert numbers["loss"] < before
    state = torch.load(tmp_path / "last.pt", weights_only=True)
    assert state["plateau"]
    assert "momentum_buffer" in state["optimizer"]["state"][0]


def test_the_lower_half_stays_frozen_only_where_it_was_pretrained(tiny: str) -> None:
    member = untrained(tiny).train()
    member.freeze_lower_half(True)
    learning = {name for name, parameter in member.named_parameters() if parameter.requires_grad}
    assert learning == {"body.3.weight", "body.3.bias", "head.weight", "head.bias"}
    assert not member.body[1].training
    member.freeze_lower_half(False)
    assert all(parameter.requires_grad for parameter in member.parameters())


def test_batches_are_a_function_of_the_step() -> None:
    faces = FaceTrainingSet.of(drawn_faces(64), QUICK)
    first, _ = make_batches(faces, QUICK, HERE)
    again, _ = make_batches(faces, QUICK, HERE)
    for one, other in zip(first(5), again(5), strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(first(5)[0], first(6)[0])


def test_an_epoch_sees_every_face_once() -> None:
    faces = FaceTrainingSet(drawn_faces(64).pixels, np.eye(64, dtype=np.float32), np.ones(64, np.float32))
    batch_at, steps = make_batches(faces, QUICK, HERE)
    count = sum(batch_at(step)[1].sum(0) for step in range(steps, 2 * steps))
    assert torch.equal(count, torch.ones(64))


def test_input_sides_follow_the_settings() -> None:
    settings = replace(QUICK, sizes=((64, 2), (96, 1)))
    assert [settings.size_at(epoch) for epoch in range(4)] == [64, 64, 96, 96]
    assert settings.epochs == 3


def test_the_loss_is_zero_only_at_the_votes() -> None:
    targets = torch.tensor([[0.7, 0.3], [0.0, 1.0]])
    weights = torch.ones(2)
    right = vote_loss(targets.clamp_min(1e-9).log(), targets, weights)
    assert right == pytest.approx(0, abs=1e-6)
    assert vote_loss(torch.zeros(2, 2), targets, weights) > 0.1
