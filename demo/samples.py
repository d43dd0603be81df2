"""What stands in for a microphone and a camera that are denied or missing: a generated voice, a public-domain face.

python -m demo.samples      makes assets/samples anew (needs espeak-ng, and scikit-image from requirements-dev.txt)
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "samples"
FACE = FOLDER / "face.jpg"

# Said by nobody: espeak-ng's Korean and English voices, a little quicker and higher than they are.
SPOKEN = {
    "ko": ("ko", "오늘 드디어 시험 결과가 나왔는데, 붙었어요! 아직도 믿어지지 않아요."),
    "en": ("en-gb", "The results came out today, and I passed! I still cannot believe it."),
}


def voice(language: str) -> Path:
    return FOLDER / f"voice-{language}.opus"


def _speak(language: str) -> None:
    import soundfile

    name, line = SPOKEN[language]
    with tempfile.NamedTemporaryFile(suffix=".wav") as spoken:
        subprocess.run(["espeak-ng", "-v", name, "-p", "60", "-s", "165", "-w", spoken.name, line], check=True)
        wave, _ = soundfile.read(spoken.name)
    # Opus knows 24 kHz, espeak speaks at 22,050 Hz.
    from scipy.signal import resample_poly

    soundfile.write(voice(language), resample_poly(wave, 160, 147), 24_000, format="OGG", subtype="OPUS")


def _portray() -> None:
    """Eileen Collins, photographed by NASA: in the public domain, and with scikit-image."""
    from PIL import Image
    from skimage import data

    # The head and a little air, as somebody sits before a webcam.
    portrait = Image.fromarray(data.astronaut()).crop((56, 0, 392, 252)).resize((640, 480), Image.Resampling.LANCZOS)
    portrait.save(FACE, "JPEG", quality=82)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in SPOKEN:
        _speak(language)
    _portray()
    for made in sorted(FOLDER.iterdir()):
        print(f"{made.name}  {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
