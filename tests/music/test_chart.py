import pytest

from music.chart import BANDS, mel_image
from music.spectrum import Spectrum
from tests.music.sounds import song


def test_mel_images_are_the_mel_spectrum_made_coarser():
    spectrum = Spectrum(song(seconds=10))
    image = mel_image(spectrum)
    assert image.shape == (BANDS, len(spectrum.mel_db) // 4)
    assert image[3, 5] == pytest.approx(spectrum.mel_db[20:24, 6:8].mean(), abs=1e-4)
