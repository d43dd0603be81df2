"""The members of the voice ensemble, and their weights on disk.

Settings, normalisation and labels are part of the weights, so a member prepares its own input from a wave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import torch
from torch import Tensor, nn

import settings
from emotions import EMOTIONS
from inference import weights
from inference.processor import has_bfloat16
from inference.weights import Storage, WeightsError
from ser import audio, novelty
from ser.features import MelSettings, mel_image, whisper_mel
from ser.frames import FrameNet, FramesClassifier, FrameShape
from ser.model import LAYERS, Committee, MelNet, MemberOutput, SpeechClassifier, StatisticsHead
from ser.transformer import WhisperEncoder, encoder_mask, pad_batch

VERSION = "1.0"
TRAINING_DATA = (
    "RAVDESS", "EMO-DB", "nEMO", "TESS (a quarter)", "emotiontts_open_db (sample)", "CREMA-D (in part)", "ASED",
    "EMOVO", "EmoTale", "EmoGator",
)  # fmt: skip
LICENCE = "CC BY-NC-SA 4.0: non-commercial, as the recordings it was trained on (ser/MODEL_CARD.md)"
LABELS = ("happiness", "surprise", "neutral", "fear", "disgust", "anger", "sadness", "calm", "boredom")
"""The classes of the last layers. A reading adds calm to neutral and leaves boredom out."""
WITH_CONTEMPT = (*LABELS, "contempt")
"""The classes of models whose data have contempt too; a reading leaves it out, as it does boredom."""
_NEUTRAL, _CALM = EMOTIONS.index("neutral"), LABELS.index("calm")
ENCODER = "Whisper base, OpenAI, MIT"
ENCODER_FILE = "whisper_encoder.safetensors"
"""Lies beside the networks over its frames, so that other networks do not bring forty megabytes again."""
_ENCODER = "encoder."
LEAST_FRAMES = 160
"""Shorter images are padded with silence up to the length that the network was trained on."""
_MEL_STEP, _WHISPER_STEP = 32, 100
"""Inputs are padded to a multiple of this many frames. oneDNN caches a plan of every layer for every length it has met,
and recordings all differ in length: without padding the memory of a process grows with each. An image network makes one
column of 32 frames, and none of fewer."""


def log_seven(logits: np.ndarray) -> np.ndarray:
    """(…, nine or ten) logits → (…, seven) log-scores.

    Calm is added to neutral. Boredom and contempt are no moods of the diary: the seven share their probability in
    proportion, as in `fer.labels`.
    """
    seven = np.array(logits[..., : len(EMOTIONS)], np.float64)
    seven[..., _NEUTRAL] = np.logaddexp(seven[..., _NEUTRAL], logits[..., _CALM])
    return seven - np.logaddexp.reduce(seven, axis=-1, keepdims=True)


def padded_length(frames: int, step: int) -> int:
    """The next multiple of `step`."""
    return -(-frames // step) * step


class VoiceMember(Protocol):
    """A model that reads one wave of at most ten seconds."""

    meta: dict[str, Any]

    def forward(self, wave: np.ndarray) -> MemberOutput: ...


def prepare(wave: np.ndarray) -> Tensor:
    """The wave at a common level, as a tensor; training prepares its clips in the same way."""
    return torch.from_numpy(np.clip(audio.at_common_level(wave), -1, 1))


def whisper_batch(wave: np.ndarray) -> tuple[Tensor, Tensor]:
    """Whisper's input of one wave: (1, mels, frames), padded with zeros; and the mask of its frames of sound."""
    mel = whisper_mel(prepare(wave))
    return pad_batch([mel], padded_length(mel.shape[-1], _WHISPER_STEP))


@dataclass
class MelMember:
    """An image network on the mel spectrogram."""

    model: MelNet
    settings: MelSettings
    mean: Tensor
    std: Tensor
    meta: dict[str, Any]

    def image(self, wave: np.ndarray) -> Tensor:
        """The spectrogram: decibels (mels, frames), margins cropped, before normalisation."""
        return mel_image(prepare(wave), self.settings)

    def batch(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The input of the network: normalised (1, 1, mels, frames), padded with silence; and its frames of sound."""
        frames = max(LEAST_FRAMES, padded_length(image.shape[-1], _MEL_STEP))
        padded = nn.functional.pad(image, (0, frames - image.shape[-1]), value=self.settings.floor_db)
        normal = (padded - self.mean[:, None]) / self.std[:, None]
        return normal[None, None].contiguous(memory_format=torch.channels_last), torch.tensor([image.shape[-1]])

    @torch.inference_mode()
    def forward(self, wave: np.ndarray) -> MemberOutput:
        return self.model(*self.batch(self.image(wave)))


@dataclass
class WhisperMember:
    """Whisper's encoder with its committee of heads."""

    model: SpeechClassifier
    meta: dict[str, Any]

    @torch.inference_mode()
    def forward(self, wave: np.ndarray) -> MemberOutput:
        padded, mask = whisper_batch(wave)
        return self.model(padded, mask, encoder_mask(mask))


@dataclass
class FramesMember:
    """ConvNeXts over what Whisper's encoder hears, with a committee over its statistics."""

    model: FramesClassifier
    meta: dict[str, Any]

    @torch.inference_mode()
    def forward(self, wave: np.ndarray) -> MemberOutput:
        return self.model(*whisper_batch(wave))


@dataclass
class HubMember:
    """A speech transformer of Hugging Face (wav2vec 2.0, HuBERT, WavLM) with its head; needs `transformers`."""

    model: SpeechClassifier
    meta: dict[str, Any]

    @torch.inference_mode()
    def forward(self, wave: np.ndarray) -> MemberOutput:
        return self.model(prepare(wave)[None])


AnyMember = MelMember | WhisperMember | FramesMember | HubMember


def describe(kind: str, name: str, left_out: str, **more: object) -> dict[str, Any]:
    """The metadata that every member has; `left_out` names the speakers who were not in its training."""
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
        "training_data": list(TRAINING_DATA),
        "licence": LICENCE,
        **more,
    }


def mel_member(
    model: MelNet, settings: MelSettings, mean: np.ndarray, std: np.ndarray, left_out: str, **more: object
) -> MelMember:
    """A new member; `mean` and `std` of each mel band normalise its input."""
    meta = describe(
        "mel",
        model.name,
        left_out,
        mel=settings.as_dict(),
        mean=[round(float(value), 4) for value in mean],
        std=[round(float(value), 4) for value in std],
        **more,
    )
    return MelMember(model, settings, torch.tensor(meta["mean"]), torch.tensor(meta["std"]), meta)


def whisper_member(encoder: WhisperEncoder, committee: Committee, left_out: str, **more: object) -> WhisperMember:
    """A new member of Whisper's encoder and a trained committee."""
    shape = {"width": encoder.width, "layers": len(encoder.layers), "heads": len(committee.heads)}
    meta = describe("whisper", "whisper_base", left_out, shape=shape, encoder=ENCODER, **more)
    return WhisperMember(SpeechClassifier(encoder, committee), meta)


def frames_member(model: FramesClassifier, left_out: str, **more: object) -> FramesMember:
    """A new member of Whisper's encoder, trained ConvNeXts of one shape and a trained committee."""
    encoder, net = model.encoder, cast(FrameNet, model.nets[0])
    shape = {
        "width": encoder.width,
        "layers": len(encoder.layers),
        "nets": len(model.nets),
        "heads": len(model.committee.heads),
    }
    about = {"shape": shape, "frames": net.shape.as_dict(), "share": model.share, "encoder": ENCODER}
    return FramesMember(model, describe("frames", "whisper_convnext", left_out, **about, **more))


def hub_member(model: SpeechClassifier, name: str, left_out: str, **more: object) -> HubMember:
    """A new member; the file holds the configuration of its encoder, so loading needs no network."""
    meta = describe("hub", name, left_out, config=model.encoder.config, layers=list(model.layers), **more)
    return HubMember(model, meta)


def save(member: AnyMember, path: Path, storage: Storage = "fp16", **changes: object) -> None:
    """Writes the weights with their metadata; `changes` replace or add keys."""
    state = member.model.state_dict()
    if isinstance(member, FramesMember):
        save_encoder(member.model.encoder, path.with_name(ENCODER_FILE), storage)
        state = {name: tensor for name, tensor in state.items() if not name.startswith(_ENCODER)}
    weights.save(path, state, {**member.meta, **changes}, storage)


def save_encoder(encoder: WhisperEncoder, path: Path, storage: Storage) -> None:
    """Writes Whisper's encoder, unless it is there: no training of networks over frames changes it."""
    if not path.exists():
        shape = {"width": encoder.width, "layers": len(encoder.layers)}
        about = {"shape": shape, "training_data": [ENCODER], "licence": "MIT, Copyright (c) 2022 OpenAI"}
        weights.save(path, encoder.state_dict(), describe("encoder", "whisper_base_encoder", "none", **about), storage)


def load_encoder(path: Path) -> WhisperEncoder:
    """Whisper's encoder from its own file."""
    state, meta = weights.load(path)
    encoder = _encoder(meta["shape"])
    encoder.load_state_dict(state)
    return encoder.eval().requires_grad_(False)


def files(folder: Path) -> list[Path]:
    """The members' files in a folder of weights, without those of the novelty and of Whisper's encoder."""
    others = (novelty.FILE, ENCODER_FILE)
    return sorted(file for file in folder.glob("*.safetensors") if file.name not in others)


def load(path: Path) -> AnyMember:
    """The member of a file, ready to read."""
    state, meta = weights.load(path)
    loaders = {"mel": _load_mel, "whisper": _load_whisper, "frames": partial(_load_frames, path), "hub": _load_hub}
    if meta.get("kind") not in loaders or tuple(meta["labels"]) not in (LABELS, WITH_CONTEMPT):
        raise WeightsError(f"{path} holds {meta.get('name')!r}, which this version cannot use; restore it from git.")
    member = loaders[meta["kind"]](state, meta)
    member.model.eval().requires_grad_(False)
    return member


def for_this_processor(member: AnyMember) -> AnyMember:
    """The member as the app uses it: Whisper's encoder in bfloat16 where the processor has that.

    It takes half the time, and the networks learnt from it in that format.
    """
    if isinstance(member, WhisperMember | FramesMember) and has_bfloat16():
        member.model.encoder.bfloat16()
    return member


def _load_mel(state: Mapping[str, Tensor], meta: dict[str, Any]) -> MelMember:
    model = MelNet(meta["name"], len(meta["labels"]), plane="plane.weight" in state)
    model.load_state_dict(state)
    known = {field.name for field in fields(MelSettings)}
    settings = MelSettings(**{name: value for name, value in meta["mel"].items() if name in known})
    model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  (torch documents it)
    return MelMember(model, settings, torch.tensor(meta["mean"]), torch.tensor(meta["std"]), meta)


def _load_whisper(state: Mapping[str, Tensor], meta: dict[str, Any]) -> WhisperMember:
    """The stored encoder and committee."""
    shape = meta["shape"]
    encoder = _encoder(shape)
    heads = [StatisticsHead.like(state, f"head.heads.{number}.") for number in range(shape["heads"])]
    layers = state["head.heads.0.mean"].shape[0]
    # A committee uses `LAYERS`; a fine-tuned encoder uses every layer but the first.
    model = SpeechClassifier(
        encoder, Committee(heads), LAYERS if layers == LAYERS[1] - LAYERS[0] else (1, shape["layers"])
    )
    model.load_state_dict(state)
    return WhisperMember(model, meta)


def _load_frames(path: Path, state: Mapping[str, Tensor], meta: dict[str, Any]) -> FramesMember:
    """The stored ConvNeXts and committee, with the encoder of the file beside, or else the shipped one."""
    shape, classes = meta["shape"], len(meta["labels"])
    nets = [
        FrameNet(FrameShape(**meta["frames"]), classes, plane=f"nets.{number}.plane.weight" in state)
        for number in range(shape["nets"])
    ]
    heads = [StatisticsHead.like(state, f"committee.heads.{number}.") for number in range(shape["heads"])]
    beside = path.with_name(ENCODER_FILE)
    encoder = load_encoder(beside if beside.exists() else settings.ASSETS / "weights" / "ser" / ENCODER_FILE)
    model = FramesClassifier(encoder, nets, Committee(heads), meta["share"])
    model.load_state_dict({**state, **encoder.state_dict(prefix=_ENCODER)})
    return FramesMember(model, meta)


def _encoder(shape: Mapping[str, int]) -> WhisperEncoder:
    return WhisperEncoder(shape["width"], shape["layers"], shape["width"] // 64)


def _load_hub(state: Mapping[str, Tensor], meta: dict[str, Any]) -> HubMember:
    from ser.hub import encoder_of  # transformers is not among what the app needs

    model = SpeechClassifier(encoder_of(meta["config"]), StatisticsHead.like(state, "head."), tuple(meta["layers"]))
    model.load_state_dict(state)
    return HubMember(model, meta)
