from types import SimpleNamespace

import numpy as np
import torch

from music.chart import BANDS
from training.music import cnn
from training.music.cnn import CROP, CnnSettings, FourConvolutions, crops

SMALL = CnnSettings("adamw", epochs=3, widths=(2, 3, 4, 5), light=0.0, masks=True)


def test_crops_follow_one_another_and_a_short_track_begins_again():
    long = np.arange(BANDS * (2 * CROP + 7)).reshape(BANDS, -1)
    images = crops(long)
    assert images.shape == (2, BANDS, CROP)
    assert np.array_equal(images[1], long[:, CROP : 2 * CROP])
    short = crops(long[:, : CROP // 2])
    assert short.shape == (1, BANDS, CROP)
    assert np.array_equal(short[0][:, CROP // 2], long[:, 0])


def test_four_convolutions_with_batch_norm_and_dropout():
    kinds = [type(layer) for layer in FourConvolutions(CnnSettings()).modules()]
    assert kinds.count(torch.nn.Conv2d) == kinds.count(torch.nn.BatchNorm2d) == 4
    assert torch.nn.Dropout in kinds
    assert FourConvolutions(CnnSettings())(torch.zeros(3, BANDS, CROP)).shape == (3, 4)


def test_every_parameter_learns():
    net = FourConvolutions(SMALL)
    torch.nn.functional.cross_entropy(net(torch.randn(8, BANDS, CROP)), torch.arange(8) % 4).backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in net.parameters())


def test_the_same_seed_trains_the_same_network():
    rng = np.random.default_rng(0)
    tracks = SimpleNamespace(
        shares=rng.random((16, 9)), images=rng.normal(-40, 10, (16, BANDS, CROP + 20)).astype(np.float16),
        copies=rng.normal(-40, 10, (2, BANDS, CROP + 20)).astype(np.float16), copy_of=np.array([0, 1]),
    )  # fmt: skip
    rows = np.arange(12)
    first, again, other = (
        cnn.log_scores(cnn.train(tracks, rows, SMALL, seed), tracks, np.arange(12, 16)) for seed in (1, 1, 2)
    )
    assert np.allclose(np.exp(first).sum(1), 1)  # one crop each
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
