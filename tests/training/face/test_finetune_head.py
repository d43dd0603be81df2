from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from fer.model import Member
from tests.fer.conftest import drawn_faces
from training.face import corpora
from training.face.corpora import Faces
from training.face.finetune_head import CLEAN, MIRRORED, Kept, Upper, finish, fit_head, halves
from training.face.train import Recipe, judge, logits_of, vote_loss

COURSE = Recipe(((48, 4),), lr=2e-2, body_rate=0.5, batch=16, drop=0.0, ema=0.9)


def fresh(tiny: str) -> Member:
    torch.manual_seed(0)
    return Member(tiny, 8).eval().requires_grad_(False)


def finished(tiny: str, folder: Path, faces: Faces, recipe: Recipe = COURSE, **how) -> tuple[Member, dict[str, float]]:
    member = fresh(tiny)
    numbers = finish(member, folder, folder / "maps", faces.part("train"), faces.part("valid"), "3", recipe, **how)
    return member, numbers


def test_maps_and_what_stands_above_are_the_whole_member(tiny: str, tmp_path: Path) -> None:
    member, faces = fresh(tiny), drawn_faces(40)
    lower, upper = nn.Sequential(*halves(member, "3")[0]), Upper(member, "3", 0.4).eval()
    clean, mirrored = (Kept(tmp_path / f"{look}.npy", lower, faces.pixels, 48, look) for look in (CLEAN, MIRRORED))
    both = (upper(clean.at(slice(None))) + upper(mirrored.at(slice(None)))) / 2
    assert both.detach().numpy() == pytest.approx(logits_of(member, faces.pixels, 48, mirrored=True), abs=1e-3)


def test_what_stands_above_learns_and_what_lies_below_stays(tiny: str, tmp_path: Path) -> None:
    faces, before = drawn_faces(240), fresh(tiny)
    member, numbers = finished(tiny, tmp_path, faces)
    held = faces.part("valid")
    assert numbers["loss"] < judge(logits_of(before, held.pixels, 48, True), held)["loss"] - 0.1
    assert judge(logits_of(member, held.pixels, 48, True), held)["loss"] == pytest.approx(numbers["loss"], abs=1e-3)
    assert torch.equal(member.body[0].weight, before.body[0].weight)
    assert not torch.equal(member.body[3].weight, before.body[3].weight)


def test_without_epochs_only_the_head_is_fitted(tiny: str, tmp_path: Path) -> None:
    member, _ = finished(tiny, tmp_path, drawn_faces(120), replace(COURSE, sizes=((48, 0),)))
    before = fresh(tiny)
    assert torch.equal(member.body[3].weight, before.body[3].weight)
    assert not torch.equal(member.head.weight, before.head.weight)


def test_the_labels_of_2013_can_be_taught_in_place_of_the_votes(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(240)
    faces = replace(faces, old=(faces.majority.clip(0, 6) + 1) % 7)  # nothing that the votes would say
    member, numbers = finished(tiny, tmp_path, faces, labels="old")
    held = faces.part("valid")
    said = logits_of(member, held.pixels, 48, True)[:, :7].argmax(1)
    assert (said == held.old).mean() == pytest.approx(numbers["accuracy"], abs=0.02)
    assert numbers["accuracy"] > 0.6


def test_stopped_and_gone_on_is_the_same(tiny: str, tmp_path: Path) -> None:
    faces = drawn_faces(120)
    whole, _ = finished(tiny, tmp_path / "whole", faces)
    finished(tiny, tmp_path / "parts", faces, stop_after=3)
    parts, _ = finished(tiny, tmp_path / "parts", faces)
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, parts.state_dict()[name]), name


def test_the_head_is_the_best_one_for_its_faces() -> None:
    torch.manual_seed(0)
    head, features = nn.Linear(6, 8), torch.randn(200, 6)
    targets = torch.randn(200, 8).mul(2).softmax(1).numpy()
    weights = corpora.balance(targets, 0.4)

    def surprise() -> torch.Tensor:
        return vote_loss(head(features), torch.from_numpy(targets), torch.from_numpy(weights))

    before = surprise().item()
    fit_head(head, features, targets, weights, pull=0.0)
    slope = torch.autograd.grad(surprise(), head.weight)[0]
    assert surprise().item() < before
    assert slope.abs().max() < 1e-3
    held = head.weight.detach().clone()
    fit_head(head, features, np.eye(8, dtype=np.float32)[np.zeros(200, int)], weights, pull=100.0)
    assert torch.allclose(head.weight, held, atol=0.05)  # a strong pull keeps it where it was


def test_a_cut_that_is_not_there_is_named(tiny: str) -> None:
    with pytest.raises(ValueError, match="cannot be cut at 'layer9'; it has 1, 2, 3, 4"):
        halves(fresh(tiny), "layer9")


@pytest.mark.parametrize("name", ["resnet50", "vgg16", "xception", "alexnet"])
def test_every_member_is_its_parts_in_their_order(name: str) -> None:
    from training.face.finetune_head import ABOVE

    member = Member(name, 8).eval()
    faces = torch.randn(2, 1, member.size, member.size, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        lower, upper = halves(member, ABOVE[name])
        maps = nn.Sequential(*lower, *upper)(faces)
        assert torch.allclose(maps, member.maps(faces), atol=1e-5)
