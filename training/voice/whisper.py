"""Whisper's encoder for trainings: the one inside the shipped weights, or one from a file."""

from __future__ import annotations

from pathlib import Path

from inference import weights
from inference.weights import WeightsError
from ser import members
from ser.predict import WEIGHTS
from ser.transformer import WhisperEncoder, load_encoder

SHIPPED = WEIGHTS / "whisper_base.safetensors"


def load_whisper(file: Path = SHIPPED) -> WhisperEncoder:
    """The encoder in weights of Haru, or in a safetensors file with Hugging Face's names."""
    if not file.is_file():
        raise WeightsError(f"There is no file {file}; leave --encoder out to use the encoder that Haru ships.")
    if not weights.are_of_haru(file):
        return load_encoder(file)
    encoder = members.load(file).model.encoder if weights.read_meta(file).get("kind") == "whisper" else None
    if not isinstance(encoder, WhisperEncoder):
        raise WeightsError(f"{file} holds no Whisper encoder; leave --encoder out to use the one that Haru ships.")
    return encoder
