from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from demo import make_samples, samples
from tests.trees import write_wav


def test_a_wav_becomes_opus_of_the_same_length_and_pitch(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "spoken.wav", pitch=220, rate=22_050, seconds=1.5)
    make_samples.encode_opus(wav, tmp_path / "spoken.opus")
    with av.open(str(tmp_path / "spoken.opus")) as container:
        stream = container.streams.audio[0]
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
        rate = stream.rate
        assert (stream.codec_context.name, stream.layout.name) == ("opus", "mono")
    assert abs(sound.size / rate - 1.5) < 0.1
    loudest = np.argmax(np.abs(np.fft.rfft(sound))) * rate / sound.size
    assert abs(loudest - 220) < 3


def test_there_is_a_sample_of_each_kind() -> None:
    for file in (samples.FACE, *(samples.voice(language) for language in make_samples.SPOKEN)):
        assert file.stat().st_size > 1000, file
