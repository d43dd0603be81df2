"""Pre-trained encoders of speech transformers, from which a training starts."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file

from ser.hub import HubEncoder, transformers_library
from ser.transformer import WhisperEncoder


def load_encoder(file: Path) -> WhisperEncoder:
    """Whisper's encoder from a safetensors file with Hugging Face's parameter names; the file gives its shape."""
    state = {name: tensor.float() for name, tensor in load_file(file).items()}
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    width, mels, _ = state["conv1.weight"].shape
    encoder = WhisperEncoder(width, layers, width // 64, mels)
    encoder.load_state_dict(state)
    return encoder.eval()


def pretrained_encoder(name: str, file: Path | None = None) -> WhisperEncoder | HubEncoder:
    """Whisper's encoder from a local file, or an encoder from `transformers` by hub id or local folder."""
    if file:
        return load_encoder(file)
    model = transformers_library().AutoModel.from_pretrained(name)
    if model.config.model_type == "whisper":
        encoder = WhisperEncoder(
            model.config.d_model, model.config.encoder_layers, model.config.encoder_attention_heads
        )
        encoder.load_state_dict(model.encoder.state_dict())
        return encoder
    return HubEncoder(model)
