"""Speech transformers of Hugging Face's: wav2vec 2.0, HuBERT, WavLM. Needed only by who trains or uses such weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn

from inference import vision
from inference.weights import WeightsError
from ser.transformer import WhisperEncoder, load_encoder


class HubEncoder(nn.Module):
    """Waves in, the output of every layer out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.width = model.config.hidden_size
        self.layers = model.encoder.layers

    @property
    def config(self) -> dict[str, Any]:
        """Everything that is needed to build it anew."""
        return self.model.config.to_dict()

    def forward(self, waves: Tensor, valid: Tensor | None = None) -> list[Tensor]:
        mask = None if valid is None else valid.long()
        return list(self.model(waves, attention_mask=mask, output_hidden_states=True).hidden_states[1:])

    def frames(self, samples: Tensor) -> Tensor:
        return self.model._get_feat_extract_output_lengths(samples)


def pretrained_encoder(name: str, file: Path | None = None) -> WhisperEncoder | HubEncoder:
    """From a local safetensors file (Whisper's encoder), or by hub id or local folder through `transformers`."""
    if file:
        return load_encoder(file)
    model = _transformers().AutoModel.from_pretrained(name)
    if model.config.model_type == "whisper":
        encoder = WhisperEncoder(
            model.config.d_model, model.config.encoder_layers, model.config.encoder_attention_heads
        )
        encoder.load_state_dict(model.encoder.state_dict())
        return encoder
    return HubEncoder(model)


def encoder_of(config: dict[str, Any]) -> HubEncoder:
    """The same network without its weights, as they come from a file of Haru's."""
    library = _transformers()
    known = {name: value for name, value in config.items() if name != "model_type"}
    return HubEncoder(library.AutoModel.from_config(library.AutoConfig.for_model(config["model_type"], **known)))


def _transformers() -> Any:
    # transformers imports torchvision, which has to be made importable first.
    assert vision.torchvision
    try:
        import transformers
    except ImportError as error:
        raise WeightsError(
            "A transformer of Hugging Face's needs `pip install -r requirements-train.txt`, here too."
        ) from error
    return transformers
