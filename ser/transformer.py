"""Whisper's encoder in plain torch: the ears of the teacher, and of the shipped pair.

The parameter names are Hugging Face's (`layers.0.self_attn.q_proj.weight` …), so its files load unchanged, while the
app needs no `transformers` (whose import alone costs seconds). Clips are not padded to 30 s: the position table is
cut to the clip, which is what makes this fast enough for a diary.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

LONGEST_FRAMES = 1500
"""Positions Whisper was trained with: 30 s of 20 ms frames."""


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
    """Log-mel frames (10 ms) in, the output of every layer (20 ms frames) out."""

    def __init__(self, width: int = 512, layers: int = 6, heads: int = 8, mels: int = 80) -> None:
        super().__init__()
        self.width = width
        self.conv1 = nn.Conv1d(mels, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(LONGEST_FRAMES, width)
        self.layers = nn.ModuleList(_Layer(width, heads) for _ in range(layers))
        self.layer_norm = nn.LayerNorm(width)

    def stem(self, mel: Tensor, inside: Tensor | None = None) -> Tensor:
        """(batch, mels, frames) → (batch, frames / 2, width): convolutions and positions."""
        x = functional.gelu(self.conv1(mel))
        if inside is not None:
            # The second convolution looks a frame further: there it must find what it finds beyond the end of a clip.
            x = x * inside[:, None]
        x = functional.gelu(self.conv2(x)).transpose(1, 2)
        return x + self.embed_positions.weight[: x.shape[1]]

    def forward(self, mel: Tensor, inside: Tensor | None = None) -> list[Tensor]:
        """Outputs of the layers, first to last. `inside` (batch, frames) is False where a clip was padded with zeros;
        what is heard is then exactly what is heard without padding."""
        x, mask = self.stem(mel, inside), None if inside is None else frames_heard(inside)[:, None, None, :]
        outputs = []
        for layer in self.layers:
            x = layer(x, mask)
            outputs.append(x)
        return outputs


def side_by_side(mels: Sequence[Tensor], frames: int) -> tuple[Tensor, Tensor]:
    """Clips in one batch, each padded with zeros to so many frames, and which of the frames are sound."""
    padded = torch.stack([functional.pad(mel, (0, frames - mel.shape[-1])) for mel in mels])
    lengths = torch.tensor([mel.shape[-1] for mel in mels])
    return padded, torch.arange(frames)[None] < lengths[:, None]


def frames_heard(inside: Tensor) -> Tensor:
    """Which of the encoder's 20 ms frames hold sound, from which of the 10 ms frames do."""
    return inside[:, ::2]


def load_encoder(file: Path) -> WhisperEncoder:
    """From safetensors with Hugging Face's names (`../shared/pretrained` makes one); shape read from the file."""
    state = {name: tensor.float() for name, tensor in load_file(file).items()}
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    width, mels, _ = state["conv1.weight"].shape
    encoder = WhisperEncoder(width, layers, width // 64, mels)
    encoder.load_state_dict(state)
    return encoder.eval()
