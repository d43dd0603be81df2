"""Trained models with everything they need to hear: settings, normalisation and labels travel inside the weights.

An ear takes a wave as `ser.audio` prepares it, so nobody can feed it wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from emotions import EMOTIONS
from inference import weights
from inference.weights import Storage, WeightsError
from ser import audio, novelty
from ser.features import MelSettings, mel_image, whisper_mel
from ser.model import LAYERS, Committee, Heard, Listener, MelNet, StatisticsHead
from ser.transformer import WhisperEncoder, frames_heard, side_by_side

VERSION = "1.0"
LICENCE = "CC BY-NC-SA 4.0: non-commercial, as the recordings it was trained on (ser/MODEL_CARD.md)"
LABELS = ("happiness", "surprise", "neutral", "fear", "disgust", "anger", "sadness", "calm", "boredom")
"""What the last layers tell apart; in use calm is added to neutral and boredom is left out."""
WITH_CONTEMPT = (*LABELS, "contempt")
"""What is told apart where the data know contempt; in use it is left out, as boredom is."""
_NEUTRAL, _CALM = EMOTIONS.index("neutral"), LABELS.index("calm")
LEAST_FRAMES = 160
"""Shorter images are padded with silence up to what the network was trained on."""
_MEL_STEP, _WHISPER_STEP = 32, 100
"""What is heard is padded to a multiple of so many frames. A plan of every layer is kept for every length
that a network ever met, and no two recordings are equally long: without this a process grows with each. Of 32 frames an
image network makes one column; of a rest that is shorter, it would make none."""


def log_seven(logits: np.ndarray) -> np.ndarray:
    """(…, nine or ten) logits → (…, seven) log-scores: calm is added to neutral. Boredom and contempt are none of the
    diary's moods: leaving them out gives their share to the seven in proportion, as `fer.labels` does for faces."""
    seven = np.array(logits[..., : len(EMOTIONS)], np.float64)
    seven[..., _NEUTRAL] = np.logaddexp(seven[..., _NEUTRAL], logits[..., _CALM])
    return seven - np.logaddexp.reduce(seven, axis=-1, keepdims=True)


def whole_length(frames: int, step: int) -> int:
    """The next of the few lengths that a network is given."""
    return -(-frames // step) * step


class Ear(Protocol):
    """Hears one prepared wave of at most ten seconds."""

    meta: dict[str, Any]

    def hear(self, wave: np.ndarray) -> Heard: ...


def prepare(wave: np.ndarray) -> Tensor:
    """One level for all microphones. Training prepares its clips by the same two steps."""
    return torch.from_numpy(np.clip(audio.at_common_level(wave), -1, 1))


@dataclass
class MelEar:
    """An image network on the mel image."""

    model: MelNet
    settings: MelSettings
    mean: Tensor
    std: Tensor
    meta: dict[str, Any]

    def image(self, wave: np.ndarray) -> Tensor:
        """Decibels (mels, frames), margins cropped, before normalisation."""
        return mel_image(prepare(wave), self.settings)

    def batch(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """What the network takes: normalised (1, 1, mels, frames), padded with silence, and the frames of sound."""
        frames = max(LEAST_FRAMES, whole_length(image.shape[-1], _MEL_STEP))
        padded = nn.functional.pad(image, (0, frames - image.shape[-1]), value=self.settings.floor_db)
        normal = (padded - self.mean[:, None]) / self.std[:, None]
        return normal[None, None].contiguous(memory_format=torch.channels_last), torch.tensor([image.shape[-1]])

    @torch.inference_mode()
    def hear(self, wave: np.ndarray) -> Heard:
        return self.model(*self.batch(self.image(wave)))


@dataclass
class WhisperEar:
    """The speech transformer with its committee of heads."""

    model: Listener
    meta: dict[str, Any]

    @torch.inference_mode()
    def hear(self, wave: np.ndarray) -> Heard:
        mel = whisper_mel(prepare(wave))
        padded, inside = side_by_side([mel], whole_length(mel.shape[-1], _WHISPER_STEP))
        return self.model(padded, inside, frames_heard(inside))


@dataclass
class HubEar:
    """A speech transformer of Hugging Face's (wav2vec 2.0, HuBERT, WavLM) with its head; needs `transformers`."""

    model: Listener
    meta: dict[str, Any]

    @torch.inference_mode()
    def hear(self, wave: np.ndarray) -> Heard:
        return self.model(prepare(wave)[None])


AnyEar = MelEar | WhisperEar | HubEar


def describe(kind: str, name: str, left_out: str, **more: object) -> dict[str, Any]:
    """The metadata that every ear carries."""
    return {
        "kind": kind,
        "name": name,
        "version": VERSION,
        "labels": list(LABELS),
        "sample_rate": audio.SAMPLE_RATE,
        "temperature": 1.0,
        "weight": 1.0,
        "margin": 0.0,
        "left_out": left_out,
        "training_data": ["RAVDESS", "EMO-DB", "nEMO", "TESS (a quarter)", "emotiontts_open_db (sample)"],
        "licence": LICENCE,
        **more,
    }


def mel_ear(
    model: MelNet, settings: MelSettings, mean: np.ndarray, std: np.ndarray, left_out: str, **more: object
) -> MelEar:
    meta = describe(
        "mel",
        model.name,
        left_out,
        mel=settings.as_dict(),
        mean=[round(float(value), 4) for value in mean],
        std=[round(float(value), 4) for value in std],
        **more,
    )
    return MelEar(model, settings, torch.tensor(meta["mean"]), torch.tensor(meta["std"]), meta)


def whisper_ear(encoder: WhisperEncoder, committee: Committee, left_out: str, **more: object) -> WhisperEar:
    shape = {"width": encoder.width, "layers": len(encoder.layers), "heads": len(committee.heads)}
    meta = describe("whisper", "whisper_base", left_out, shape=shape, encoder="Whisper base, OpenAI, MIT", **more)
    return WhisperEar(Listener(encoder, committee), meta)


def hub_ear(model: Listener, name: str, left_out: str, **more: object) -> HubEar:
    """`model.encoder` is a `ser.hub.HubEncoder`; its configuration goes into the file, so that no network is needed."""
    meta = describe("hub", name, left_out, config=model.encoder.config, layers=list(model.layers), **more)
    return HubEar(model, meta)


def save(ear: AnyEar, path: Path, storage: Storage = "fp16", **changes: object) -> None:
    weights.save(path, ear.model.state_dict(), {**ear.meta, **changes}, storage)


def files(folder: Path) -> list[Path]:
    """The ears in a folder of weights; what they find strange lies beside them."""
    return sorted(file for file in folder.glob("*.safetensors") if file.name != novelty.FILE)


def load(path: Path) -> AnyEar:
    state, meta = weights.load(path)
    makers = {"mel": _load_mel, "whisper": _load_whisper, "hub": _load_hub}
    if meta.get("kind") not in makers or tuple(meta["labels"]) not in (LABELS, WITH_CONTEMPT):
        raise WeightsError(f"{path} holds {meta.get('name')!r}, which is no ear of this version; restore it from git.")
    ear = makers[meta["kind"]](state, meta)
    ear.model.eval().requires_grad_(False)
    return ear


def _load_mel(state: Mapping[str, Tensor], meta: dict[str, Any]) -> MelEar:
    model = MelNet(meta["name"], len(meta["labels"]), plane="plane.weight" in state)
    model.load_state_dict(state)
    known = {field.name for field in fields(MelSettings)}
    settings = MelSettings(**{name: value for name, value in meta["mel"].items() if name in known})
    ready = model.to(memory_format=torch.channels_last)
    return MelEar(ready, settings, torch.tensor(meta["mean"]), torch.tensor(meta["std"]), meta)


def _load_whisper(state: Mapping[str, Tensor], meta: dict[str, Any]) -> WhisperEar:
    shape = meta["shape"]
    encoder = WhisperEncoder(shape["width"], shape["layers"], shape["width"] // 64)
    heads = [StatisticsHead.like(state, f"head.heads.{number}.") for number in range(shape["heads"])]
    layers = state["head.heads.0.mean"].shape[0]
    # A committee listens to `LAYERS`; a fine-tuned encoder to every layer but the first.
    model = Listener(encoder, Committee(heads), LAYERS if layers == LAYERS[1] - LAYERS[0] else (1, shape["layers"]))
    model.load_state_dict(state)
    return WhisperEar(model, meta)


def _load_hub(state: Mapping[str, Tensor], meta: dict[str, Any]) -> HubEar:
    from ser.hub import encoder_of  # transformers is not among what the app needs

    model = Listener(encoder_of(meta["config"]), StatisticsHead.like(state, "head."), tuple(meta["layers"]))
    model.load_state_dict(state)
    return HubEar(model, meta)
