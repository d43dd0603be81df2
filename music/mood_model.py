"""Which of four moods a track sounds like: joy, sadness, neutral or anger.

Two kinds of model stand here. `FourConvolutions` is the seed system's: four convolution layers with batch
norm and dropout on standardised mel spectrograms. The linear model works on the measured features.
`training.music.evaluate`
compares them on artists neither has heard, `training.music.train` ships what wins, and `load` opens whichever that was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor, nn

from inference import weights
from inference.calibration import softmax
from inference.custom_weights import own_weights
from inference.mel import hz_to_mel, mel_to_hz
from music.audio import SAMPLE_RATE
from music.emotion_groups import FOUR
from music.spectrum import HOP, MELS, Spectrum

WEIGHTS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "music" / "moods.safetensors"
BANDS = MELS // 2
_FRAMES = 4
FRAME_SECONDS = _FRAMES * HOP / SAMPLE_RATE
CROP = 107
"""Frames (10 s) that the network sees at once; the scores of a track are the mean over its crops."""


def image(spectrum: Spectrum) -> np.ndarray:
    """(64 mels, frames of 93 ms) in decibels: the analysis' own mel image, coarser."""
    fine = spectrum.mel_db[: len(spectrum.mel_db) // _FRAMES * _FRAMES]
    return fine.reshape(len(fine) // _FRAMES, _FRAMES, BANDS, -1).mean((1, 3)).T


def band_hertz() -> np.ndarray:
    """The centre of each row of an image."""
    edges = np.linspace(hz_to_mel(0.0), hz_to_mel(SAMPLE_RATE / 2), MELS + 2)
    return mel_to_hz(edges[1:-1].reshape(-1, 2).mean(1))


class FourConvolutions(nn.Module):
    """Four times convolution, pooling, batch norm and ReLU; then mean and maximum, and one linear layer.

    Dropout stands before the linear layer, and lightly in the blocks: more of it before a batch norm spoils the
    variances that the norm remembers.
    """

    def __init__(self, widths: Sequence[int] = (12, 24, 32, 48), dropout: float = 0.3, light: float = 0.1) -> None:
        super().__init__()
        self.settings = {"widths": list(widths), "dropout": dropout, "light": light}
        layers: list[nn.Module] = []
        for number, (before, after) in enumerate(pairwise((1, *widths))):
            layers += [
                nn.Conv2d(before, after, 3, padding=1, bias=False),
                # Pooling first changes little of what is learnt, and halves the time.
                nn.MaxPool2d((2, 2) if number else (2, 4)),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
                nn.Dropout(light),
            ]
        self.layers = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * widths[-1], len(FOUR))

    def forward(self, images: Tensor) -> Tensor:
        """(batch, mels, frames), standardised → (batch, four) logits."""
        seen = self.layers(images.unsqueeze(1))
        return self.head(self.dropout(torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], dim=1)))


def crops(picture: np.ndarray) -> np.ndarray:
    """(crops, mels, CROP): one after the other; what is shorter begins again until it fills one."""
    if picture.shape[1] < CROP:
        picture = np.resize(picture.T, (CROP, len(picture))).T
    count = picture.shape[1] // CROP
    return picture[:, : count * CROP].reshape(len(picture), count, CROP).transpose(1, 0, 2)


@dataclass(frozen=True)
class Linear:
    """Weighted sums of the standardised features, one for each of the four."""

    names: tuple[str, ...]
    mean: np.ndarray
    std: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def logits(self, features: Mapping[str, float]) -> np.ndarray:
        missing = [name for name in self.names if name not in features]
        if missing:
            raise ValueError(f"the model needs the features {', '.join(missing)}; measure with music.features")
        values = np.array([features[name] for name in self.names])
        return self.weights @ np.clip((values - self.mean) / self.std, -3.0, 3.0) + self.bias


@dataclass(frozen=True)
class Network:
    """A trained `FourConvolutions`, with the statistics of the images it was trained on."""

    net: FourConvolutions
    mean: Tensor
    std: Tensor

    @torch.inference_mode()
    def logits(self, images: np.ndarray) -> np.ndarray:
        """(crops, mels, frames) of one track → (four): the mean of the log-scores of its crops."""
        seen = (torch.from_numpy(np.ascontiguousarray(images, np.float32)) - self.mean) / self.std
        return self.net(seen).log_softmax(1).mean(0).numpy()


@dataclass(frozen=True)
class MoodModel:
    """What is shipped: the linear model, the network, or both with one opinion."""

    linear: Linear | None
    networks: tuple[Network, ...]
    share: float
    """What the linear model's log-scores weigh beside the networks'; 1 where there are none."""
    temperature: float
    version: str

    def scores(self, images: Sequence[np.ndarray], features: Mapping[str, float]) -> dict[str, float]:
        """From the images and the mean features of a track's excerpts: four calibrated scores that sum to one."""
        total = np.zeros(len(FOUR))
        if self.linear:
            total += self.share * np.log(softmax(self.linear.logits(features)))
        if self.networks:
            pieces = np.concatenate([crops(picture) for picture in images])
            total += (1 - self.share) * np.mean([network.logits(pieces) for network in self.networks], axis=0)
        return dict(zip(FOUR, softmax(total, self.temperature).tolist(), strict=True))


def save(
    model: MoodModel, path: Path, meta: Mapping[str, object], beside: Mapping[str, Tensor] = MappingProxyType({})
) -> None:
    """`beside`: what else the file is to hold, a plane of somebody's own (`music.plane.load`)."""
    state: dict[str, Tensor] = dict(beside)
    described: dict[str, object] = {"share": model.share, "temperature": model.temperature, "networks": []}
    if model.linear:
        arrays = {name: getattr(model.linear, name) for name in ("mean", "std", "weights", "bias")}
        state |= {f"linear.{name}": torch.from_numpy(array) for name, array in arrays.items()}
        described["features"] = list(model.linear.names)
    for number, network in enumerate(model.networks):
        state |= {f"network{number}.{name}": tensor for name, tensor in network.net.state_dict().items()}
        state |= {f"network{number}.mean": network.mean, f"network{number}.std": network.std}
        described["networks"].append(network.net.settings)
    weights.save(path, state, {**meta, **described}, storage="fp32")


def load(path: Path | None = None) -> MoodModel:
    """Of a file; without any, the operator's own (`HARU_WEIGHTS`) or the shipped one."""
    return _load(path or own_weights("music") or WEIGHTS)


@lru_cache(maxsize=2)
def _load(path: Path) -> MoodModel:
    state, meta = weights.load(path)
    if tuple(meta["labels"]) != FOUR:
        raise weights.WeightsError(f"{path} tells apart {meta['labels']}, not {', '.join(FOUR)}; restore it from git.")
    linear = None
    if "features" in meta:
        arrays = {name: state[f"linear.{name}"].double().numpy() for name in ("mean", "std", "weights", "bias")}
        linear = Linear(tuple(meta["features"]), **arrays)
    networks = []
    for number, settings in enumerate(meta["networks"]):
        own = {name.partition(".")[2]: tensor for name, tensor in state.items() if name.startswith(f"network{number}.")}
        mean, std = own.pop("mean"), own.pop("std")
        net = FourConvolutions(**settings).eval()
        net.load_state_dict(own)
        networks.append(Network(net, mean, std))
    version = f"{meta['name']} {meta['version']}"
    return MoodModel(linear, tuple(networks), meta["share"], meta["temperature"], version)
