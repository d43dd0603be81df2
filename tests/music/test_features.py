from itertools import product

import librosa
import numpy as np
import pytest

from music import features, harmony, rhythm, timbre
from music.audio import SAMPLE_RATE
from music.spectrum import Spectrum
from tests.music.sounds import MAJOR, MINOR, noise, song, tones


@pytest.fixture(scope="module")
def played() -> Spectrum:
    """A song with chords, hiss and a crescendo."""
    wave = song(97, seconds=30)
    return Spectrum((wave * np.linspace(0.2, 1, wave.size) + 0.05 * noise(30)).astype(np.float32))


def test_mel_and_onsets_are_librosas(played):
    mel = librosa.feature.melspectrogram(y=played.wave, sr=SAMPLE_RATE)
    assert pytest.approx(librosa.power_to_db(mel, ref=np.max), abs=1e-2) == played.mel_db.T
    envelope = librosa.onset.onset_strength(y=played.wave, sr=SAMPLE_RATE)
    assert rhythm.onset_envelope(played) == pytest.approx(envelope, abs=1e-3)
    expected = librosa.onset.onset_detect(onset_envelope=envelope, sr=SAMPLE_RATE)
    assert np.array_equal(rhythm.onsets(rhythm.onset_envelope(played)), expected)


def test_tempo_is_librosas():
    for beats in (70, 97, 120, 151):
        envelope = rhythm.onset_envelope(Spectrum(song(beats, seconds=30)))
        expected = float(librosa.feature.tempo(onset_envelope=envelope, sr=SAMPLE_RATE)[0])
        assert rhythm.tempo(rhythm.autocorrelation(envelope)) == pytest.approx(expected, rel=0.04), beats


def test_shape_of_the_spectrum_is_librosas(played):
    frames = timbre.shape(played)
    spectra = np.abs(librosa.stft(played.wave))
    for name, expected in {
        "centroid": librosa.feature.spectral_centroid(S=spectra),
        "bandwidth": librosa.feature.spectral_bandwidth(S=spectra),
        "rolloff": librosa.feature.spectral_rolloff(S=spectra),
        "flatness": librosa.feature.spectral_flatness(S=spectra),
    }.items():
        assert frames[name] == pytest.approx(expected[0], rel=1e-2), name
    assert played.levels == pytest.approx(librosa.feature.rms(y=played.wave)[0], abs=1e-5)


def test_tempo_in_the_right_octave():
    """A chord on every beat."""
    for beats in (50, 60, 80, 120, 160):
        assert rhythm.features(Spectrum(song(beats, seconds=30)))["tempo"] == pytest.approx(beats, rel=0.06), beats


def test_a_pulse_faster_than_anything_that_begins_is_folded():
    assert rhythm.folded(150, onset_rate=1.3) == 75
    assert rhythm.folded(150, onset_rate=0.5) == 75 / 2 or rhythm.folded(150, onset_rate=0.5) == 75
    assert rhythm.folded(150, onset_rate=5) == 150
    assert rhythm.folded(60, onset_rate=9) == 120


def test_key_and_mode():
    wrong = []
    for tonic, scale in product(range(12), (MAJOR, MINOR)):
        key = harmony.find_key(np.sqrt(harmony.chroma(Spectrum(song(100, scale, 12.0, 57 + tonic)))).sum(0))
        if (key.tonic, key.minor, key.mode > 0) != ((57 + tonic) % 12, scale is MINOR, scale is MAJOR):
            wrong.append((tonic, scale, key))
    assert not wrong


@pytest.mark.parametrize("tuning", [-0.4, 0.25, 0.45])
def test_a_recording_out_of_tune_keeps_its_mode(tuning):
    measured = features.measure(Spectrum(song(100, MINOR, 12.0, tuning=tuning)))
    assert measured["mode"] < 0
    assert measured["key_clarity"] > 0.6


def test_noise_has_no_key_and_a_chord_has_one():
    hiss, chord = (features.measure(Spectrum(wave)) for wave in (noise(), song(100, seconds=10)))
    assert hiss["key_clarity"] < chord["key_clarity"] - 0.2
    assert hiss["noise"] > chord["noise"] + 1
    assert hiss["zero_crossings"] > 0.4
    assert hiss["brightness"] > chord["brightness"]
    assert hiss["chord_clarity"] < chord["chord_clarity"]


def test_neighbouring_tones_are_rough_and_fifths_are_not():
    rough, smooth = (
        harmony.roughness(Spectrum(tones(pitches, 6.0).astype(np.float32)).long_power)
        for pitches in ((60, 61, 62), (60, 67, 72))
    )
    assert rough > 2 * smooth


def test_louder_and_livelier():
    loud = song(60, seconds=10) + 0.1 * noise(10)
    quiet = 0.1 * loud
    one, other = features.measure(Spectrum(quiet)), features.measure(Spectrum(loud))
    assert other["amplitude"] - one["amplitude"] == pytest.approx(20, abs=0.1)
    # All but amplitude and peak ignore the volume knob.
    knob = {"amplitude", "peak"}
    assert all(one[name] == pytest.approx(other[name], rel=0.02, abs=0.02) for name in one if name not in knob)
    assert features.measure(Spectrum(song(180, seconds=10)))["onset_rate"] > 2 * one["onset_rate"]


@pytest.mark.parametrize(
    "wave",
    [
        np.zeros(5 * SAMPLE_RATE),
        np.eye(1, 6 * SAMPLE_RATE, 1000)[0],
        np.ones(5 * SAMPLE_RATE) * 0.5,
        np.sign(noise(5)),
        song(seconds=5.0) * 1e-4,
    ],
    ids=["silence", "click", "constant", "square noise", "faint"],
)
def test_strange_sounds_give_finite_numbers_under_the_same_names(wave, played):
    measured = features.measure(Spectrum(wave.astype(np.float32)))
    assert list(measured) == list(features.measure(played))
    assert all(np.isfinite(value) for value in measured.values())


def test_the_mean_over_excerpts():
    assert features.of_track([{"tempo": 100.0}, {"tempo": 120.0}]) == {"tempo": 110.0}


def test_a_listeners_units(played):
    key = harmony.find_key(np.sqrt(harmony.chroma(played)).sum(0))
    shown = features.for_display(features.measure(played), key)
    assert shown["mode"] == key.mode
    assert shown["brightness"] == pytest.approx(np.median(timbre.shape(played)["centroid"]), rel=0.3)
    assert 0 <= shown["noise"] <= 1
    assert shown["tempo"] == pytest.approx(97, rel=0.06)
