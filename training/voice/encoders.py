"""Pre-trained encoders of speech transformers, from which a training starts."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file

from inference import weights
from inference.weights import WeightsError
from ser import members
from ser.hub import HubEncoder, transformers_library
from ser.predict import WEIGHTS
from ser.transformer import WhisperEncoder

SHIPPED = WEIGHTS / members.ENCODER_FILE


def load_whisper(file: Path = SHIPPED) -> WhisperEncoder:
    """Whisper's encoder from weights of Haru, or from a safetensors file with Hugging Face's parameter names."""
    if not file.is_file():
        raise WeightsError(f"There is no file {file}; leave --encoder out to use the encoder that Haru ships.")
    if not weights.has_haru_metadata(file):
        return _load_plain(file)
    kind = weights.read_meta(file).get("kind")
    if kind == "encoder":
        return members.load_encoder(file)
    encoder = members.load(file).model.encoder if kind in ("whisper", "frames") else None
    if not isinstance(encoder, WhisperEncoder):
        raise WeightsError(f"{file} holds no Whisper encoder; leave --encoder out to use the one that Haru ships.")
    return encoder


def _load_plain(file: Path) -> WhisperEncoder:
    """Loads a plain safetensors file; the shapes of its tensors give the size of the encoder."""
    state = {name: tensor.float() for name, tensor in load_file(file).items()}
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    width, mels, _ = state["conv1.weight"].shape
    encoder = WhisperEncoder(width, layers, width // 64, mels)
    encoder.load_state_dict(state)
    return encoder.eval()


def pretrained_encoder(name: str) -> WhisperEncoder | HubEncoder:
    """An encoder from `transformers`, by hub id or local folder."""
    model = transformers_library().AutoModel.from_pretrained(name)
    if model.config.model_type == "whisper":
        encoder = WhisperEncoder(
            model.config.d_model, model.config.encoder_layers, model.config.encoder_attention_heads
        )
        encoder.load_state_dict(model.encoder.state_dict())
        return encoder
    return HubEncoder(model)
