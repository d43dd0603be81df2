"""Small data sets in their published layouts, made up by the tests: short tones and drawings under the real names."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import wave
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image

from fer.labels import EIGHT

PITCH = {"happiness": 300, "sadness": 110, "anger": 220, "neutral": 150, "fear": 260, "disgust": 130, "surprise": 340}


def tone(pitch: float, seconds: float = 0.7, rate: int = 16_000, seed: int = 0) -> np.ndarray:
    """A harmonic tone with syllables, which passes the quality checks for a voice."""
    time = np.arange(int(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * pitch * harmonic * time) / harmonic for harmonic in range(1, 8))
    noise = np.random.default_rng(seed).normal(0, 0.002, time.size)
    return (0.2 * buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time)) + noise).astype(np.float32)


def write_wav(
    path: Path, pitch: float, rate: int = 16_000, channels: int = 1, seed: int = 0, seconds: float = 0.7
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = (tone(pitch, seconds, rate, seed) * 20_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples[:, None], channels, 1).tobytes())
    return path


def write_film(
    path: Path, pitches: Sequence[float], seconds: float = 0.7, fps: int = 10, pictures: Sequence[np.ndarray] = (),
    seed: int = 0,
) -> Path:  # fmt: skip
    """A film whose sound is one tone after another; its picture is grey, or what is given, frame by frame."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = np.concatenate([tone(pitch, seconds, seed=seed) for pitch in pitches])
    frames = int(len(pitches) * seconds * fps)
    shown = list(pictures) or [np.full((64, 64, 3), 90, np.uint8)]
    height, width = shown[0].shape[:2]
    flash = path.suffix.lower() == ".flv"
    file = io.BytesIO()
    with av.open(file, "w", format="flv" if flash else "mp4") as container:
        picture = container.add_stream("flv" if flash else "mpeg4", rate=fps, width=width, height=height)
        picture.pix_fmt, picture.bit_rate = "yuv420p", 4_000_000
        voice = container.add_stream("mp3" if flash else "aac", rate=44_100 if flash else 16_000, layout="mono")
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(shown[number * len(shown) // frames], "rgb24")
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(sound[None], "fltp", "mono")
        frame.sample_rate = 16_000
        resampler = av.AudioResampler(voice.codec_context.format, voice.codec_context.layout, voice.rate)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(voice.encode(piece))
        container.mux(voice.encode(None))
    path.write_bytes(file.getvalue())
    return path


def nfd(name: str) -> str:
    """The name in NFD, as a Mac writes it."""
    return unicodedata.normalize("NFD", name)


def ravdess(root: Path, actors: Sequence[int] = (1, 2, 3, 4), takes: int = 1) -> Path:
    base = root / "Audio_Speech_Actors_01-24"
    for actor in actors:
        for emotion in range(1, 9):
            for take in range(1, takes + 1):
                name = f"03-01-{emotion:02d}-01-01-{take:02d}-{actor:02d}.wav"
                write_wav(base / f"Actor_{actor:02d}" / name, 100 + 25 * emotion, 48_000, seed=actor)
    return root


def cremad(root: Path, actors: Sequence[int] = (1001, 1002, 1003), emotions: str = "ANG HAP SAD") -> Path:
    pitch = {"ANG": 220, "DIS": 130, "FEA": 260, "HAP": 300, "NEU": 150, "SAD": 110}
    rows = []
    for actor in actors:
        for emotion in emotions.split():
            for sentence in ("DFA", "IEO"):
                name = f"{actor}_{sentence}_{emotion}_XX"
                write_wav(root / "AudioWAV" / f"{name}.wav", pitch[emotion], seed=actor)
                rows.append((name, emotion[0]))
    votes_table(root, rows)
    with (root / "VideoDemographics.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("ActorID", "Age", "Sex", "Race", "Ethnicity"))
        writer.writerows((actor, 40, "Female" if actor % 2 else "Male", "Asian", "Not Hispanic") for actor in actors)
    return root


def votes_table(root: Path, rows: Sequence[tuple[str, str]]) -> None:
    """The table as published: the first column has no title; its numbers encode the raters' input and the clip."""
    lines = ['"","A","D","F","H","N","S","fileName","numResponses","agreement","emoVote"']
    for query in (1, 2, 3):
        for number, (name, letter) in enumerate(rows, 1):
            # Raters who listen choose the emotion or neutral; raters who watch agree.
            counts = {each: 0 for each in "ADFHNS"} | {letter: 6 if query == 1 else 10}
            counts["N"] += 4 if query == 1 else 0
            votes = ",".join(str(counts[each]) for each in "ADFHNS")
            lines.append(f'"{query * 100_000 + number}",{votes},"{name}",10,0.6,"{letter}"')
    (root / "processedResults").mkdir(parents=True, exist_ok=True)
    (root / "processedResults" / "tabulatedVotes.csv").write_text("\n".join(lines) + "\n")


def dacon(root: Path, train: int = 24, test: int = 6) -> Path:
    moods = ("anger", "fear", "sadness", "disgust", "neutral", "happiness")
    rows = []
    for number in range(train):
        label = number % 6
        write_wav(root / "train" / f"TRAIN_{number:04d}.wav", PITCH[moods[label]], seed=number)
        rows.append((f"TRAIN_{number:04d}", f"./train/TRAIN_{number:04d}.wav", label))
    _csv(root / "train.csv", ("id", "path", "label"), rows)
    for number in range(test):
        write_wav(root / "test" / f"TEST_{number:04d}.wav", PITCH[moods[number % 6]], seed=100 + number)
    ids = [f"TEST_{number:04d}" for number in range(test)]
    _csv(root / "test.csv", ("id", "path"), [(name, f"./test/{name}.wav") for name in ids])
    _csv(root / "sample_submission.csv", ("id", "label"), [(name, 0) for name in ids])
    return root


def actors(root: Path) -> Path:
    """Three actors in two folders of tens, with missing numbers; pictures and stray files beside the films."""
    for ten, actor, numbers in (("0~9", "000", (1, 51, 301)), ("0~9", "007", (2, 101, 350)), ("10~19", "010", (255,))):
        for number in numbers:
            write_film(root / ten / actor / "movie" / f"{actor}_{number}.mp4", (100 + number / 2,))
    (root / "0~9" / "000" / "photo").mkdir()
    (root / "0~9" / "000" / "photo" / "1.jpg").write_bytes(b"a picture")
    (root / "0~9" / "000" / "movie" / "._000_1.mp4").write_bytes(b"a stray file of a Mac")
    (root / "0~9" / "000" / "movie" / "000_999.mp4").write_bytes(b"no such number")
    (root / "0~9" / "007" / "movie" / "007_151.mp4").write_bytes(b"cut off")
    return root


def dialogue(
    folder: Path, clip: int, lines: Sequence[tuple[str, int, int, str, int, int]], encoding: str = "utf-8",
    film: bool = True,
) -> None:  # fmt: skip
    """`lines`: (person, first frame, last frame, emotion, arousal, valence); each is repeated in all its frames."""
    frames: dict[str, dict] = {}
    for person, start, end, emotion, arousal, valence in lines:
        rating = {"emotion": emotion, "arousal": arousal, "valence": valence}
        for frame in range(start, end + 1):
            frames.setdefault(str(frame), {})[person[-1]] = {
                **{"person_id": person, "frame": frame, "xtl": 8, "ytl": 8, "xbr": 56, "ybr": 56},
                "text": {
                    "script": "안녕하세요",
                    "script_start": start,
                    "script_end": str(end),
                    "intent": "",
                    "strategy": "",
                },
                "emotion": {"text": rating, "image": rating, "sound": rating, "multimodal": rating},
            }
    frames["0"] = {"1": {"person_id": "0", "frame": 0, "xtl": 0, "ytl": 0, "xbr": 9, "ybr": 9}}
    content = {"clip_id": str(clip), "nr_frame": 40, "data": frames}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"clip_{clip}.json").write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))
    if film:
        write_film(folder / f"clip_{clip}.mp4", (220, 110), seconds=2.0)


def ferplus(root: Path, pixels: np.ndarray, votes: np.ndarray, split: np.ndarray) -> Path:
    """FER2013 with FER+ votes: 48×48 faces in one mosaic, `votes` in the order of `fer.labels.EIGHT`."""
    columns, rows = 32, -(-len(pixels) // 32)
    tiles = np.zeros((rows * columns, 48, 48), np.uint8)
    tiles[: len(pixels)] = pixels
    (root / "mosaic").mkdir(parents=True)
    mosaic = tiles.reshape(rows, columns, 48, 48).swapaxes(1, 2).reshape(rows * 48, columns * 48)
    Image.fromarray(mosaic).save(root / "mosaic" / "00.png")
    names = (*EIGHT, "unknown", "NF")
    header = ["mosaic", "tile", "split", "fer2013_label", "duplicate_of_train", *(f"votes_{name}" for name in names)]
    lines = [["00.png", tile, split[tile], "happy", 0, *votes[tile], 0, 0] for tile in range(len(pixels))]
    _csv(root / "labels.csv", header, lines)
    return root


def _csv(file: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(header)
        writer.writerows(rows)
