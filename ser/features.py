"""Log-mel spectrograms in torch, as librosa and Whisper compute them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache

import torch
from torch import Tensor

from inference.mel import filter_bank


@dataclass(frozen=True)
class MelSettings:
    """The parameters of a mel spectrogram; part of the weights' metadata."""

    sample_rate: int = 16_000
    n_fft: int = 1024
    window: int = 800
    hop: int = 320
    mels: int = 80
    low: float = 50.0
    high: float = 7600.0
    floor_db: float = -80.0
    """The lowest value, relative to the maximum of the image: it removes the noise of quiet rooms."""

    margin: int = 1
    """Frames cut from either end: half of their window is padding."""

    def as_dict(self) -> dict[str, float]:
        return asdict(self)

    def key(self) -> str:
        """A name for cache files, different for different settings."""
        return "-".join(f"{value:g}" for value in self.as_dict().values())


@lru_cache(maxsize=8)
def _window(length: int, n_fft: int) -> Tensor:
    window = torch.hann_window(length)
    side = (n_fft - length) // 2
    return torch.nn.functional.pad(window, (side, n_fft - length - side))


def mel_power(wave: Tensor, settings: MelSettings, pad_mode: str = "constant") -> Tensor:
    """(…, samples) → (…, mels, frames), with centred frames as in librosa.feature.melspectrogram."""
    half = settings.n_fft // 2
    padded = torch.nn.functional.pad(wave.unsqueeze(-2), (half, half), mode=pad_mode).squeeze(-2)
    frames = padded.unfold(-1, settings.n_fft, settings.hop)
    spectrum = torch.fft.rfft(frames * _window(settings.window, settings.n_fft))
    power = spectrum.real.square() + spectrum.imag.square()
    bank = filter_bank(settings.sample_rate, settings.n_fft, settings.mels, settings.low, settings.high)
    return (power @ bank).transpose(-1, -2)


def log_mel(wave: Tensor, settings: MelSettings) -> Tensor:
    """Decibels relative to the clip's maximum, from `floor_db` to 0."""
    power = mel_power(wave, settings)
    peak = power.amax(dim=(-1, -2), keepdim=True).clamp_min(1e-10)
    return (10 * torch.log10((power / peak).clamp_min(1e-10))).clamp_min(settings.floor_db)


def mel_image(wave: Tensor, settings: MelSettings) -> Tensor:
    """(samples) → (mels, frames): the log-mel spectrogram with its margins cropped."""
    image = log_mel(wave, settings)
    cut = settings.margin if image.shape[-1] > 4 * settings.margin else 0
    return image[..., cut : image.shape[-1] - cut]


WHISPER_MEL = MelSettings(n_fft=400, window=400, hop=160, mels=80, low=0.0, high=8000.0)


def whisper_mel(wave: Tensor) -> Tensor:
    """Whisper's input: 10 ms frames, log10, the top 8 decades, scaled to about -1 to 1."""
    power = mel_power(wave, WHISPER_MEL, pad_mode="reflect")[..., : wave.shape[-1] // WHISPER_MEL.hop]
    log = power.clamp_min(1e-10).log10()
    log = torch.maximum(log, log.amax(dim=(-1, -2), keepdim=True) - 8.0)
    return (log + 4.0) / 4.0
