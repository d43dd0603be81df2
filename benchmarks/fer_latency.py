"""How long one 720p photograph takes, from its bytes to the seven scores: Haru's way beside the plain way.

    python -m benchmarks.fer_latency [--rounds 50] [--threads 2]

Haru's way is what ships, face and mirror image through all four members. The plain way has the same members in eager
fp32 without channels_last, one after the other on one picture, Pillow's full decoding and detection at full size. Where
the `fer` package of PyPI is installed (in a virtual environment of its own: it wants other versions of nearly
everything), its `FER().detect_emotions` is timed by that interpreter: `--fer-python /path/to/python`. All are warm.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from skimage import data

from benchmarks.clock import times
from fer import predict
from fer.ensemble import Mix
from fer.faces import DETECTOR, Finder
from fer.features import crop, even_light, grey, resize, to_tensor
from fer.labels import EIGHT
from fer.model import ARCHITECTURES, Member
from fer.predict import Recogniser

OF_THE_FER_PACKAGE = """
import sys, time, cv2
from fer.fer import FER
reader, picture = FER(), cv2.imread(sys.argv[1])
for _ in range(3): reader.detect_emotions(picture)
taken = []
for _ in range(20):
    start = time.perf_counter(); reader.detect_emotions(picture); taken.append(1000 * (time.perf_counter() - start))
print(*taken)
"""


def photograph() -> bytes:
    """1280×720, as a webcam takes it: one face, a tenth of the width."""
    picture = cv2.resize(data.astronaut(), (720, 720), interpolation=cv2.INTER_AREA)
    room = cv2.GaussianBlur(cv2.resize(data.coffee(), (1280, 720)), (0, 0), 8)
    room[:, 280:1000] = picture
    file = io.BytesIO()
    Image.fromarray(room).save(file, "JPEG", quality=90)
    return file.getvalue()


def plain_way(content: bytes, members: list[Member]) -> np.ndarray:
    picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    network = cv2.FaceDetectorYN.create(str(DETECTOR), "", (1280, 720))
    _, rows = network.detect(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    face = grey(crop(picture, rows[0][4:14].reshape(5, 2)))
    with torch.no_grad():
        seen = even_light(to_tensor(face[None]))
        return torch.stack([member(resize(seen, member.size)) for member in members]).numpy()


def untrained() -> Recogniser:
    """The same work without the shipped weights: what is computed takes as long, whatever comes out."""
    members = {name: Member(name, len(EIGHT)).to(memory_format=torch.channels_last) for name in ARCHITECTURES}
    shares = dict.fromkeys(members, 1 / len(members))
    mix = Mix(shares, dict.fromkeys(members, 1.0), 1.0, (0.0,) * len(EIGHT))
    return Recogniser(members, mix, 0.2, "untrained", "0", Finder())


def ways() -> tuple[Callable[[], object], Callable[[], object]]:
    """The shipped way and the plain one, on the same photograph."""
    cv2.setNumThreads(torch.get_num_threads())
    recogniser, content = predict.load(), photograph()
    plain = [Member(name, len(EIGHT)).eval() for name in ARCHITECTURES]
    return lambda: recogniser.read([content]), lambda: plain_way(content, plain)


def line(name: str, taken: np.ndarray) -> str:
    low, middle, high = np.percentile(taken, [5, 50, 95])
    return f"| {name} | {middle:.0f} ms | {low:.0f}-{high:.0f} ms |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--untrained", action="store_true", help="time the same members without the shipped weights")
    parser.add_argument("--fer-python", type=Path, help="an interpreter that has the `fer` package of PyPI")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(options.threads)
    recogniser = untrained() if options.untrained else predict.load()
    content = photograph()
    plain = [Member(name, len(EIGHT)).eval() for name in ARCHITECTURES]
    print("| way | p50 | 5-95 % |\n|---|---|---|")
    print(line("Haru, bytes to scores", times(lambda: recogniser.read([content]), options.rounds)))
    crops = recogniser.read([content])[0].crop[None]
    print(line("of that, the four members", times(lambda: recogniser.logits(crops), options.rounds)))
    print(line("plain eager fp32", times(lambda: plain_way(content, plain), options.rounds)))
    if options.fer_python:
        with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
            Path(file.name).write_bytes(content)
            told = subprocess.run(
                # -I: its `fer` is meant, not the folder of that name that lies here.
                [options.fer_python, "-I", "-c", OF_THE_FER_PACKAGE, file.name],
                capture_output=True,
                text=True,
                check=True,
            )
        print(line("`fer` of PyPI", np.array(told.stdout.split()[-20:], float)))


if __name__ == "__main__":
    main()
