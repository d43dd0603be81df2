"""Fixtures: two networks small enough to train in a test, trained once on drawn faces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from fer import model
from fer.model import Architecture, FaceMember, save_member
from tests.fer.conftest import TinyBody, drawn_faces
from tests.trees import ferplus
from training.face import export
from training.face.train import FaceHyperparameters, FaceTrainingOptions, train

QUICK = FaceHyperparameters(((48, 6),), lr=2e-2, body_rate=1.0, frozen=0, batch=16, drop=0.0, ema=0.9)
FACTS = {"name": "made up", "version": "1", "training_data": "drawings", "licence": "none"}
FACES = drawn_faces(240)


class TrainedNetworks(NamedTuple):
    folder: Path
    """Holds NAME.safetensors of each, as `python -m training.cli face` writes them."""
    members: dict[str, FaceMember]
    numbers: dict[str, dict[str, float]]


@pytest.fixture(scope="package")
def tiny() -> Iterator[str]:
    """The name of a network that is registered like the four; `twin` is another one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("tiny", "twin"):
            patch.setitem(
                model.ARCHITECTURES,
                name,
                Architecture(48, 16, lambda pretrained: TinyBody(), upper_half="3", explained="4"),
            )
        yield "tiny"


@pytest.fixture(scope="package")
def trained(tiny: str, tmp_path_factory: pytest.TempPathFactory) -> TrainedNetworks:
    folder = tmp_path_factory.mktemp("trained")
    found = TrainedNetworks(folder, {}, {})
    for seed, name in enumerate((tiny, "twin")):
        how = FaceTrainingOptions(folder / name, seed=seed, without=("pose", "softness", "coarseness"))
        member, found.numbers[name] = train(name, FACES.part("train"), FACES.part("valid"), QUICK, how)
        save_member(member, folder / f"{name}.safetensors", FACTS, "fp16")
        found.members[name] = member
    return found


@pytest.fixture(scope="package")
def ferplus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn faces in the layout of FER+."""
    return ferplus(tmp_path_factory.mktemp("ferplus"), FACES.pixels, FACES.votes, FACES.split)


@pytest.fixture(scope="package")
def shipped(trained: TrainedNetworks, ferplus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ensemble that `python -m training.face.export` makes of the trained networks."""
    out = tmp_path_factory.mktemp("shipped") / "weights"
    given = ["--trained", trained.folder, "--data", ferplus_folder, "--members", *trained.members, "--out", out]
    export.main([*map(str, given), "--version", "0.1"])
    return out
