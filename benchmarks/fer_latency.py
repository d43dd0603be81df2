"""How long a 720p photograph takes to read, from its bytes to the seven scores: Haru beside a plain implementation.

    python -m benchmarks.fer_latency [--rounds 50] [--threads 2]

Haru runs face and mirror image through all four shipped members. The plain way has the same members in eager fp32
without channels_last, one after the other on one picture, with Pillow's full decoding and detection at full size.
`--fer-python /path/to/python` also times `FER().detect_emotions` of PyPI's `fer`, installed in a virtual environment of
its own, because it needs other versions of most packages. All are warm.
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

from benchmarks import samples
from benchmarks.timing import milliseconds
from fer import predict
from fer.faces import DETECTOR
from fer.features import crop, even_light, grey, resize, to_tensor
from fer.labels import EIGHT
from fer.model import ARCHITECTURES, FaceMember
from reading import Refusal

FER_PACKAGE_SCRIPT = """
import sys, time, cv2
from fer.fer import FER
reader, picture = FER(), cv2.imread(sys.argv[1])
for _ in range(3): reader.detect_emotions(picture)
taken = []
for _ in range(20):
    start = time.perf_counter(); reader.detect_emotions(picture); taken.append(1000 * (time.perf_counter() - start))
print(*taken)
"""


def plain_way(content: bytes, members: list[FaceMember]) -> np.ndarray:
    picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    network = cv2.FaceDetectorYN.create(str(DETECTOR), "", (1280, 720))
    _, rows = network.detect(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    face = grey(crop(picture, rows[0][4:14].reshape(5, 2)))
    with torch.no_grad():
        image = even_light(to_tensor(face[None]))
        return torch.stack([member(resize(image, member.size)) for member in members]).numpy()


def haru_and_plain() -> tuple[Callable[[], object], Callable[[], object]]:
    """The shipped members and the plain way, on the same photograph."""
    cv2.setNumThreads(torch.get_num_threads())
    recogniser, content = predict.load(), samples.photograph()
    plain = [FaceMember(name, len(EIGHT)).eval() for name in ARCHITECTURES]
    return lambda: recogniser.read([content]), lambda: plain_way(content, plain)


def row(name: str, times: np.ndarray) -> str:
    low, middle, high = np.percentile(times, [5, 50, 95])
    return f"| {name} | {middle:.0f} ms | {low:.0f}-{high:.0f} ms |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fer-python", type=Path, help="an interpreter that has the `fer` package of PyPI")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(options.threads)
    recogniser = predict.load()
    content = samples.photograph()
    plain = [FaceMember(name, len(EIGHT)).eval() for name in ARCHITECTURES]
    print("| way | p50 | 5-95 % |\n|---|---|---|")
    print(row("Haru, bytes to scores", milliseconds(lambda: recogniser.read([content]), options.rounds)))
    (face,) = recogniser.read([content])
    assert not isinstance(face, Refusal)
    crops = face.crop[None]
    print(row("of that, the four members", milliseconds(lambda: recogniser.logits(crops), options.rounds)))
    print(row("plain eager fp32", milliseconds(lambda: plain_way(content, plain), options.rounds)))
    if options.fer_python:
        with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
            Path(file.name).write_bytes(content)
            done = subprocess.run(
                # -I keeps this project's folder `fer` out of its import path.
                [options.fer_python, "-I", "-c", FER_PACKAGE_SCRIPT, file.name],
                capture_output=True,
                text=True,
                check=True,
            )
        print(row("`fer` of PyPI", np.array(done.stdout.split()[-20:], float)))


if __name__ == "__main__":
    main()
