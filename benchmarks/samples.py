"""Generated inputs of the benchmarks: a voice, a photograph, a minute of music, and the demo's notes."""

from __future__ import annotations

import csv
import io

import av
import cv2
import numpy as np
import soundfile
from PIL import Image
from skimage import data

from demo.story import STORY

VOICE_RATE, MUSIC_RATE = 48_000, 44_100


def voice(seconds: float) -> bytes:
    """A sound like a vowel with changing pitch, as a 16-bit WAV at 48 kHz, the way a browser records it."""
    moments = np.arange(int(seconds * VOICE_RATE)) / VOICE_RATE
    phase = 2 * np.pi * np.cumsum(150 * 2 ** (0.2 * np.sin(4 * moments))) / VOICE_RATE
    wave = sum(np.sin(k * phase) / k for k in range(1, 30)) * np.clip(np.sin(12 * moments) + 0.7, 0, 1)
    file = io.BytesIO()
    soundfile.write(file, 0.2 * wave / np.abs(wave).max(), VOICE_RATE, format="WAV")
    return file.getvalue()


def photograph() -> bytes:
    """1280×720, as a webcam takes it: one face, a tenth of the width."""
    picture = cv2.resize(data.astronaut(), (720, 720), interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(cv2.resize(data.coffee(), (1280, 720)), (0, 0), 8)
    wide[:, 280:1000] = picture
    file = io.BytesIO()
    Image.fromarray(wide).save(file, "JPEG", quality=90)
    return file.getvalue()


def frames(count: int = 5) -> list[bytes]:
    """640×480, as the camera of the form takes them over a second and a half: a head that moves a little."""
    head = cv2.resize(data.astronaut(), (480, 480), interpolation=cv2.INTER_AREA)
    taken = []
    for number in range(count):
        picture = np.full((480, 640, 3), 90, np.uint8)
        picture[:, 80 + 2 * number : 560 + 2 * number] = head
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=85)
        taken.append(file.getvalue())
    return taken


def track(seconds: float = 60.0) -> bytes:
    """Chords over a beat, with hiss, as stereo MP3."""
    moments = np.arange(int(seconds * MUSIC_RATE)) / MUSIC_RATE
    rng = np.random.default_rng(0)
    chord = sum(np.sin(2 * np.pi * hertz * k * moments) / k for hertz in (220, 277.2, 329.6) for k in range(1, 8))
    beat = np.exp(-8 * (moments % 0.5)) * rng.normal(0, 1, moments.size)
    left = 0.1 * chord * (0.6 + 0.4 * np.sin(moments)) + 0.15 * beat
    sound = np.clip(np.stack([left, np.roll(left, 40)]), -1, 1).astype(np.float32)
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=MUSIC_RATE, layout="stereo")
        stream.bit_rate = 192_000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "fltp", "stereo")
        frame.sample_rate = MUSIC_RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def notes() -> list[str]:
    """The Korean and English notes of the demo's story."""
    with STORY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row[language] for row in rows for language in ("ko", "en") if row[language]]
