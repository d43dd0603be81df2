"""Speech transformers of Hugging Face: wav2vec 2.0, HuBERT, WavLM.

Only an operator's own weights use them; the shipped weights need no `transformers`.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from inference import vision
from inference.weights import WeightsError


class HubEncoder(nn.Module):
    """Encodes waves; returns the output of every layer."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model: Any = model
        self.width = model.config.hidden_size
        self.layers = model.encoder.layers

    @property
    def config(self) -> dict[str, Any]:
        """The configuration from which `encoder_of` builds the same network."""
        return self.model.config.to_dict()

    def forward(self, waves: Tensor, mask: Tensor | None = None) -> list[Tensor]:
        """`mask` is False where a wave was padded."""
        attention = None if mask is None else mask.long()
        return list(self.model(waves, attention_mask=attention, output_hidden_states=True).hidden_states[1:])

    def frames(self, samples: Tensor) -> Tensor:
        """The number of frames that the encoder makes from each number of samples."""
        return self.model._get_feat_extract_output_lengths(samples)


def encoder_of(config: dict[str, Any]) -> HubEncoder:
    """The network of a configuration, without its weights."""
    library = transformers_library()
    settings = {name: value for name, value in config.items() if name != "model_type"}
    return HubEncoder(library.AutoModel.from_config(library.AutoConfig.for_model(config["model_type"], **settings)))


def transformers_library() -> Any:
    """The `transformers` package; raises `WeightsError` where it is not installed."""
    # transformers imports torchvision, so inference.vision must come first.
    assert vision.torchvision
    try:
        import transformers
    except ImportError as error:
        raise WeightsError(
            "These weights are a transformer of Hugging Face; install it with `pip install -r requirements-train.txt`."
        ) from error
    return transformers
