"""Makes the files of demo/samples.py again: espeak-ng's voice and a public-domain portrait.

python -m demo.make_samples      writes assets/samples (needs espeak-ng, and scikit-image from requirements-dev.txt)
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import av
from PIL import Image
from skimage import data

from demo import samples

# The espeak-ng voice and the sentence of each language.
SPOKEN = {
    "ko": ("ko", "오늘 드디어 시험 결과가 나왔는데, 붙었어요! 아직도 믿어지지 않아요."),
    "en": ("en-gb", "The results came out today, and I passed! I still cannot believe it."),
}
_OPUS_RATE = 24_000
"""Hertz. Opus does not support the 22,050 Hz of espeak-ng."""


def speak(language: str) -> None:
    voice, sentence = SPOKEN[language]
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        subprocess.run(["espeak-ng", "-v", voice, "-p", "60", "-s", "165", "-w", wav.name, sentence], check=True)
        encode_opus(Path(wav.name), samples.voice(language))


def encode_opus(wav: Path, target: Path) -> None:
    """Writes the sound of a WAV file as Ogg Opus."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_OPUS_RATE)
    with av.open(str(wav), format="wav") as source, av.open(str(target), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=_OPUS_RATE, layout="mono")
        for frame in source.decode(audio=0):
            for piece in resampler.resample(frame):
                container.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def crop_portrait() -> None:
    """Cuts the head out of NASA's portrait of Eileen Collins, framed as in front of a webcam."""
    portrait = Image.fromarray(data.astronaut()).crop((56, 0, 392, 252)).resize((640, 480), Image.Resampling.LANCZOS)
    portrait.save(samples.FACE, "JPEG", quality=82)


def main() -> None:
    samples.FOLDER.mkdir(parents=True, exist_ok=True)
    for language in SPOKEN:
        speak(language)
    crop_portrait()
    for file in sorted(samples.FOLDER.iterdir()):
        print(f"{file.name}  {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
