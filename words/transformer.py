"""A BERT encoder in plain torch, with heads on the mean of its pieces.

Its parameters have Hugging Face's names (`encoder.layer.0.attention.self.query.weight`), so that published weights
load.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

PADDING = 1
"""The number of the piece that fills short texts."""


@dataclass(frozen=True)
class Shape:
    """The size of an encoder; the defaults are multilingual-e5-small's, but for its pieces."""

    pieces: int
    width: int = 384
    layers: int = 12
    heads: int = 12
    inner: int = 1536
    positions: int = 512

    def as_meta(self) -> dict[str, Any]:
        return asdict(self)


class _Named(nn.Module):
    """Modules under dotted names, as Hugging Face nests them."""

    def __init__(self, modules: dict[str, nn.Module]) -> None:
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name)


def _after(inner: int, width: int) -> _Named:
    return _Named({"dense": nn.Linear(inner, width), "LayerNorm": nn.LayerNorm(width, eps=1e-12)})


class Embeddings(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.pieces, shape.width, padding_idx=PADDING)
        self.position_embeddings = nn.Embedding(shape.positions, shape.width)
        self.token_type_embeddings = nn.Embedding(1, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, pieces: Tensor) -> Tensor:
        positions = self.position_embeddings.weight[: pieces.shape[1]]
        return self.LayerNorm(self.word_embeddings(pieces) + positions + self.token_type_embeddings.weight[0])


class Layer(nn.Module):
    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        own: dict[str, nn.Module] = {name: nn.Linear(width, width) for name in ("query", "key", "value")}
        self.attention = _Named({"self": _Named(own), "output": _after(width, width)})
        self.intermediate = _Named({"dense": nn.Linear(width, shape.inner)})
        self.output = _after(shape.inner, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, mask: Tensor) -> Tensor:
        texts, length, width = vectors.shape
        own, after = self.attention.self, self.attention.output

        def by_head(linear: nn.Module) -> Tensor:
            return linear(vectors).view(texts, length, self.heads, -1).transpose(1, 2)

        mixed = scaled_dot_product_attention(by_head(own.query), by_head(own.key), by_head(own.value), attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(texts, length, width)
        vectors = after.LayerNorm(vectors + self.dropout(after.dense(mixed)))
        wide = gelu(self.intermediate.dense(vectors))
        return self.output.LayerNorm(vectors + self.dropout(self.output.dense(wide)))


class Transformer(nn.Module):
    """Pieces of texts in; logits of each head out."""

    def __init__(self, shape: Shape, heads: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.embeddings = Embeddings(shape)
        self.encoder = _Named({"layer": nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))})
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(shape.width, size) for name, size in heads.items()})

    def labels(self, head: str) -> int:
        """How many labels a head knows."""
        return len(self.get_parameter(f"heads.{head}.bias"))

    def forward(self, pieces: Tensor) -> dict[str, Tensor]:
        """(texts, length) pieces, filled with `PADDING` → the logits of each head."""
        real = pieces != PADDING
        vectors = self.dropout(self.embeddings(pieces))
        for layer in self.encoder.layer:
            vectors = layer(vectors, real[:, None, None, :])
        weight = real[..., None].to(vectors.dtype)
        pooled = self.dropout((vectors * weight).sum(1) / weight.sum(1))
        return {name: head(pooled) for name, head in self.heads.items()}
