"""How unlike everything in training a clip sounds, and how much less may be promised about it then.

On new people in known kinds of recordings a model is right as often as it says. On a kind of recording that it never
met (another language, room, microphone, way of acting) it is not, and nothing in its scores tells. What the speech
transformer heard tells: the training clips, clean and varied, lie close to a few dozen directions; what lies outside
of those is strangeness, and the temperature grows with it (`python -m training.voice.fit_novelty` measures by how
much).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference import weights

FILE = "strangeness.safetensors"
NUMBERS = ("usual", "strange", "growth", "ease")


@dataclass(frozen=True)
class Strangeness:
    """What training sounded like, and how to doubt what sounds otherwise."""

    middle: np.ndarray
    """(features): the mean of the training clips."""
    directions: np.ndarray
    """(few, features), orthonormal: where the training clips differ from one another."""
    usual: float
    """Up to here a clip is as usual as a new person in a known kind of recording."""
    strange: float
    """From here on it is as strange as a recording of an unknown kind."""
    growth: float
    """The logarithm of how much the temperature grows from the one to the other."""
    ease: float = 1.0
    """What the temperature is multiplied by for the usual: without the strange among them, more may be promised."""

    def of(self, standard: np.ndarray) -> np.ndarray:
        """(clips, features), standardised as the heads do it → how far each clip lies outside, 0 … about 1."""
        apart = standard - self.middle
        outside = (apart**2).sum(1) - ((apart @ self.directions.T) ** 2).sum(1)
        return np.sqrt(np.maximum(outside, 0) / apart.shape[1])

    def softening(self, strangeness: np.ndarray | float) -> np.ndarray:
        """What to multiply the temperature by."""
        share = np.clip((strangeness - self.usual) / (self.strange - self.usual), 0, 1)
        return self.ease * np.exp(self.growth * share)


def save(found: Strangeness, path: Path, facts: dict[str, object]) -> None:
    """`facts` is the metadata that `inference.weights` asks for."""
    import torch

    tensors = {name: torch.from_numpy(getattr(found, name).astype(np.float32)) for name in ("middle", "directions")}
    numbers = {name: round(float(getattr(found, name)), 4) for name in NUMBERS}
    weights.save(path, tensors, {**facts, **numbers}, "fp16")


def load(path: Path) -> Strangeness:
    tensors, meta = weights.load(path)
    arrays = {name: tensors[name].numpy() for name in ("middle", "directions")}
    return Strangeness(**arrays, **{name: float(meta[name]) for name in NUMBERS})
