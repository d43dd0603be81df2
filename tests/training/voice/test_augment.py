import numpy as np
import pytest
import torch

from tests.ser.conftest import make_voice
from training.voice import augment, spec_augment


@pytest.mark.parametrize("name", augment.CHANCES)
def test_every_kind_changes_a_voice_and_keeps_it_a_voice(name):
    wave = make_voice(2.0)
    changed = getattr(augment, name)(wave, np.random.default_rng(1))
    assert np.isfinite(changed).all()
    assert changed.size != wave.size or not np.allclose(changed, wave)
    assert 0.8 * wave.size < changed.size < 1.7 * wave.size


def test_variations_repeat_by_seed():
    wave = make_voice(1.5)
    one, same, other = (augment.vary(wave, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert one.size != other.size or not np.array_equal(one, other)


def test_kinds_can_be_switched_off():
    wave = make_voice(1.0)
    untouched = augment.vary(wave, np.random.default_rng(0), without=augment.CHANCES)
    assert np.array_equal(untouched, wave)
    with pytest.raises(ValueError, match="codec"):
        augment.vary(wave, np.random.default_rng(0), without=["echo"])


def test_speed_moves_the_pitch_and_tempo_does_not():
    time = np.arange(32_000) / 16_000
    tone = np.sin(2 * np.pi * 200 * time).astype(np.float32)

    def pitch(wave: np.ndarray) -> float:
        middle = wave[4000 : 4000 + 16_000] * np.hanning(16_000)
        return float(np.abs(np.fft.rfft(middle)).argmax())

    fast = augment.speed(tone, np.random.default_rng(3))
    assert pitch(fast) == pytest.approx(200 * tone.size / fast.size, abs=2)
    stretched = augment.tempo(tone, np.random.default_rng(3))
    assert abs(stretched.size - tone.size) > 500
    assert pitch(stretched) == pytest.approx(200, abs=4)


def test_noise_comes_at_the_loudness_it_says():
    wave = make_voice(3.0)
    ratios = []
    for seed in range(40):
        added = augment.noise(wave, np.random.default_rng(seed)) - wave
        ratios.append(10 * np.log10(np.mean(wave**2) / np.mean(added**2)))
    assert 2.9 < min(ratios) < 8
    assert 24 < max(ratios) < 30.1


def test_masks_only_hide():
    images = torch.randn(8, 1, 80, 160)
    shown = spec_augment.disturb(images, np.random.default_rng(0), without=["shifts"], silence=-3.0)
    changed = shown != images
    assert 0.01 < changed.float().mean() < 0.6
    assert set(shown[changed].unique().tolist()) <= {0.0, -3.0}


@pytest.mark.parametrize("kind", spec_augment.KINDS[:4])
def test_masks_can_be_switched_off(kind):
    images = torch.randn(16, 1, 80, 160)
    others = [name for name in spec_augment.KINDS if name != kind]
    only = spec_augment.disturb(images, np.random.default_rng(0), without=others, silence=-3.0)
    assert not torch.equal(only, images)
    none = spec_augment.disturb(images, np.random.default_rng(0), without=spec_augment.KINDS)
    assert torch.equal(none, images)


def test_erasing_takes_two_to_eight_per_cent_of_a_quarter():
    images = torch.ones(400, 1, 80, 160)
    others = [name for name in spec_augment.KINDS if name != "erasing"]
    shown = spec_augment.disturb(images, np.random.default_rng(0), without=others, silence=-3.0)
    share = (shown == -3.0).float().mean((1, 2, 3))
    hit = share[share > 0]
    assert len(hit) / 400 == pytest.approx(0.25, abs=0.07)
    assert hit.min() > 0.015
    assert hit.max() < 0.085


def test_mixing_leaves_each_clip_most_of_itself():
    for seed in range(20):
        partner, share = spec_augment.mix(16, np.random.default_rng(seed))
        assert (share >= 0.5).all()
        assert sorted(partner.tolist()) == list(range(16))
    partner, share = spec_augment.mix(16, np.random.default_rng(0), without=["mixup"])
    assert (share == 1).all()
