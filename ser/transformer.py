"""Whisper's encoder in plain torch.

The parameters have Hugging Face's names (`layers.0.self_attn.q_proj.weight` …), so its files load unchanged. The app
needs no `transformers`, whose import alone takes seconds. Clips are not padded to 30 s: the position table is cut to
the length of the clip, which makes the encoder fast enough for a diary.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

LONGEST_FRAMES = 1500
"""The positions that Whisper was trained with: 30 s of 20 ms frames."""


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, frames, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, frames, self.heads, width // self.heads).transpose(1, 2)

        q, k, v = split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x))
        y = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.out_proj(y.transpose(1, 2).reshape(batch, frames, width))


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.self_attn = _Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = x + self.self_attn(self.self_attn_layer_norm(x), mask)
        return x + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x))))


class WhisperEncoder(nn.Module):
    """Encodes log-mel frames (10 ms); returns the output of every layer (20 ms frames)."""

    def __init__(self, width: int = 512, layers: int = 6, heads: int = 8, mels: int = 80) -> None:
        super().__init__()
        self.width = width
        self.conv1 = nn.Conv1d(mels, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(LONGEST_FRAMES, width)
        self.layers = nn.ModuleList(_Layer(width, heads) for _ in range(layers))
        self.layer_norm = nn.LayerNorm(width)

    def stem(self, mel: Tensor, mask: Tensor | None = None) -> Tensor:
        """(batch, mels, frames) → (batch, frames / 2, width): convolutions and positions."""
        x = functional.gelu(self.conv1(mel.to(self.conv1.weight.dtype)))
        if mask is not None:
            # The second convolution reaches one frame further; padding must be zero there, as beyond a clip's end.
            x = x * mask[:, None]
        x = functional.gelu(self.conv2(x)).transpose(1, 2)
        return x + self.embed_positions.weight[: x.shape[1]]

    def forward(self, mel: Tensor, mask: Tensor | None = None) -> list[Tensor]:
        """The outputs of the layers, first to last.

        `mask` (batch, frames) is False where a clip was padded with zeros; the outputs are then those without padding.
        """
        x, attention = self.stem(mel, mask), None if mask is None else encoder_mask(mask)[:, None, None, :]
        outputs = []
        for layer in self.layers:
            x = layer(x, attention)
            outputs.append(x)
        return outputs


def pad_batch(mels: Sequence[Tensor], frames: int) -> tuple[Tensor, Tensor]:
    """Clips in one batch, each padded with zeros to `frames`; and the mask of the frames of sound."""
    padded = torch.stack([functional.pad(mel, (0, frames - mel.shape[-1])) for mel in mels])
    lengths = torch.tensor([mel.shape[-1] for mel in mels])
    return padded, torch.arange(frames)[None] < lengths[:, None]


def encoder_mask(mask: Tensor) -> Tensor:
    """The mask of the encoder's 20 ms frames, from that of the 10 ms frames."""
    return mask[:, ::2]
