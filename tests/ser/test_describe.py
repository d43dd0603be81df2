"""Loudness, speed and pitch of made-up sounds, and of espeak's voice where it is installed."""

import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

import settings
from ser import audio
from ser.describe import MEASURES, VoiceDescription, describe, describe_part
from tests.ser.conftest import RATE, make_voice


def syllables(count: int, each: float = 0.2, gap: float = 0.08, pitch: float = 150.0, bend: float = 0.0) -> np.ndarray:
    """A row of vowels; `bend` octaves of pitch from the first to the last."""
    one, nothing = np.arange(int(each * RATE)) / RATE, np.zeros(int(gap * RATE))
    pieces = []
    for place in range(count):
        hertz = pitch * 2 ** (bend * place / max(1, count - 1))
        vowel = sum(np.sin(2 * np.pi * hertz * harmonic * one) / harmonic for harmonic in range(1, 20))
        pieces += [0.1 * vowel * np.hanning(one.size), nothing]
    return np.concatenate(pieces).astype(np.float32)


def described(wave: np.ndarray) -> VoiceDescription:
    found = describe(wave)
    assert found is not None
    return found


@pytest.mark.parametrize("pitch", [85.0, 120.0, 210.0, 330.0, 450.0])
def test_the_pitch_of_a_tone(pitch: float) -> None:
    found = described(syllables(6, pitch=pitch))
    assert found.pitch_hz == pytest.approx(pitch, rel=0.02)
    assert found.pitch_range < 0.5


def test_a_missing_fundamental_is_heard_as_by_an_ear() -> None:
    """A telephone cuts it off."""
    time_ = np.arange(RATE) / RATE
    wave = sum(np.sin(2 * np.pi * 120 * harmonic * time_) / harmonic for harmonic in range(3, 20)) * 0.1
    assert described(wave.astype(np.float32)).pitch_hz == pytest.approx(120, rel=0.02)


def test_the_range_of_the_pitch_in_semitones() -> None:
    # From the 10th to the 90th percentile of an octave in even steps.
    assert described(syllables(12, bend=1.0)).pitch_range == pytest.approx(0.8 * 12, abs=1.2)
    assert described(syllables(12, bend=0.5)).pitch_range == pytest.approx(0.4 * 12, abs=0.8)


def test_the_loudness_follows_the_gain_and_nothing_else_does() -> None:
    wave = make_voice(3.0)
    loud, soft = described(wave), described(wave / 4)
    assert loud.loudness_db - soft.loudness_db == pytest.approx(12.04, abs=0.1)
    assert loud.pitch_hz == pytest.approx(soft.pitch_hz, rel=0.01)
    assert loud.syllables == pytest.approx(soft.syllables, abs=0.4)


@pytest.mark.parametrize(("each", "gap"), [(0.3, 0.1), (0.2, 0.08), (0.13, 0.06)])
def test_the_speed_is_the_number_of_syllables_a_second(each: float, gap: float) -> None:
    wanted = 1 / (each + gap)
    assert described(syllables(12, each, gap)).syllables == pytest.approx(wanted, rel=0.15)


def test_a_pause_is_no_slow_speech() -> None:
    twice = np.concatenate([syllables(8), np.zeros(2 * RATE, np.float32), syllables(8)])
    assert described(twice).syllables == pytest.approx(described(syllables(8)).syllables, rel=0.15)


def test_noise_around_a_voice_changes_little() -> None:
    clean, noise = make_voice(4.0, 180), np.random.default_rng(0).normal(0, 0.02, 4 * RATE)
    quiet, noisy = described(clean), described((clean + noise).astype(np.float32))
    assert noisy.pitch_hz == pytest.approx(quiet.pitch_hz, rel=0.05)
    assert noisy.loudness_db == pytest.approx(quiet.loudness_db, abs=1.5)
    assert noisy.syllables == pytest.approx(quiet.syllables, rel=0.35)


@pytest.mark.parametrize(
    "wave",
    [
        np.zeros(0, np.float32),
        np.zeros(100, np.float32),
        np.zeros(3 * RATE, np.float32),
        np.full(RATE, 0.5, np.float32),
        np.random.default_rng(1).normal(0, 0.1, 3 * RATE).astype(np.float32),
        make_voice(0.15),
    ],
    ids=["empty", "short", "silence", "constant", "noise", "too short"],
)
def test_without_a_voice_there_is_nothing_to_describe(wave: np.ndarray) -> None:
    assert describe(wave) is None


def test_a_part_is_described_apart_from_the_rest() -> None:
    """Each sounds as it does alone, and silence belongs to neither."""
    low, high = syllables(6, pitch=110.0), 0.5 * syllables(6, each=0.12, pitch=190.0)
    part, rest = describe_part(np.concatenate([low, high]), low.size / RATE, (low.size + high.size) / RATE)
    assert part is not None
    assert rest is not None
    for found, alone in ((part, described(high)), (rest, described(low))):
        assert found.pitch_hz == pytest.approx(alone.pitch_hz, rel=0.02)
        assert found.loudness_db == pytest.approx(alone.loudness_db, abs=1)
        assert found.syllables == pytest.approx(alone.syllables, rel=0.25)


def test_a_part_without_a_voice_or_without_a_rest_is_not_described() -> None:
    wave = np.concatenate([make_voice(1.0), np.zeros(RATE, np.float32)])
    silent, rest = describe_part(wave, 1.1, 2.0)
    assert silent is None
    assert rest is not None
    assert describe_part(wave, 0.0, 2.0)[1] is None
    assert describe_part(np.zeros(RATE, np.float32), 0.0, 0.5) == (None, None)


def test_the_numbers_are_finite_and_can_be_stored() -> None:
    numbers = described(make_voice(2.0)).as_dict()
    assert tuple(numbers) == MEASURES
    assert all(isinstance(number, float) and np.isfinite(number) for number in numbers.values())


def test_five_seconds_take_less_than_sixty_milliseconds() -> None:
    wave = make_voice(5.0)
    describe(wave)
    taken = []
    for _ in range(9):
        started = time.perf_counter()
        describe(wave)
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.06


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_generated_sentence_has_about_the_syllables_that_it_was_made_of(language: str) -> None:
    """assets/samples/CREDITS.md has the sentences."""
    found = described(audio.load(settings.ASSETS / "samples" / f"voice-{language}.opus"))
    assert 3.0 < found.syllables < 8.0
    assert 80 < found.pitch_hz < 350


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_espeak_said_faster_or_higher_is_described_as_that(tmp_path: Path) -> None:
    def said(*options: str) -> VoiceDescription:
        file = tmp_path / "said.wav"
        text = "The children are talking by the kitchen door and nobody is listening to them."
        subprocess.run(["espeak-ng", *options, "-w", file, text], check=True)
        return described(audio.load(file))

    usual = said("-s", "150", "-p", "40")
    assert said("-s", "230", "-p", "40").syllables > 1.25 * usual.syllables
    assert said("-s", "100", "-p", "40").syllables < 0.85 * usual.syllables
    assert said("-s", "150", "-p", "80").pitch_hz > 1.2 * usual.pitch_hz
