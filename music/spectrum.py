"""The spectrum of an excerpt, which all measures share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from inference.mel import filter_bank
from music.audio import SAMPLE_RATE

N_FFT, HOP = 2048, 512
FRAMES_PER_SECOND = SAMPLE_RATE / HOP
HERTZ = np.fft.rfftfreq(N_FFT, 1 / SAMPLE_RATE).astype(np.float32)
MELS = 128
FLOOR_DB = 80.0
"""Decibels under an excerpt's maximum at which everything quieter is cut off."""
LONG_FFT, LONG_HOP = 8192, 2048
"""For pitch: bins 2.7 Hz apart separate semitones from the low E of a cello on."""
LONG_HERTZ = np.fft.rfftfreq(LONG_FFT, 1 / SAMPLE_RATE).astype(np.float32)


@dataclass(frozen=True)
class Spectrum:
    """A mono excerpt at `SAMPLE_RATE`, with its spectra computed once."""

    wave: np.ndarray

    @property
    def seconds(self) -> float:
        return self.wave.size / SAMPLE_RATE

    @cached_property
    def power(self) -> np.ndarray:
        """(frames, bins), centred frames as in librosa.stft."""
        return stft_power(self.wave, N_FFT, HOP)

    @cached_property
    def long_power(self) -> np.ndarray:
        """(frames, bins), fine in pitch and coarse in time."""
        return stft_power(self.wave, LONG_FFT, LONG_HOP)

    @cached_property
    def mel_db(self) -> np.ndarray:
        """(frames, MELS) in decibels under the excerpt's maximum, the same as librosa.power_to_db(mel, ref=max)."""
        bank = filter_bank(SAMPLE_RATE, N_FFT, MELS, 0.0, SAMPLE_RATE / 2)
        return decibels((torch.from_numpy(self.power) @ bank).numpy())

    @cached_property
    def levels(self) -> np.ndarray:
        """Root mean square of each frame, full scale being 1."""
        padded = np.pad(self.wave.astype(np.float64), N_FFT // 2)
        energy = np.concatenate([[0.0], np.cumsum(padded**2)])
        starts = np.arange(0, padded.size - N_FFT + 1, HOP)
        return np.sqrt(np.maximum(energy[starts + N_FFT] - energy[starts], 0.0) / N_FFT)


def stft_power(wave: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    padded = torch.nn.functional.pad(torch.from_numpy(np.ascontiguousarray(wave, np.float32)), (n_fft // 2, n_fft // 2))
    spectrum = torch.fft.rfft(padded.unfold(0, n_fft, hop) * torch.hann_window(n_fft))
    return (spectrum.real.square() + spectrum.imag.square()).numpy()


def decibels(power: np.ndarray) -> np.ndarray:
    """0 at the maximum, never under -`FLOOR_DB`."""
    peak = max(float(power.max(initial=0.0)), 1e-10)
    return np.maximum(10 * np.log10(np.maximum(power, 1e-10) / peak), -FLOOR_DB).astype(np.float32)
