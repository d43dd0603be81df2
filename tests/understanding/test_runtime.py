from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

from understanding import runtime

_ASKED = """
import threading, cv2, torch
from understanding import runtime
runtime.prepare()
threads = []
later = threading.Thread(target=lambda: threads.append(torch.get_num_threads()))
later.start()
later.join()
print(torch.get_num_threads(), *threads, cv2.getNumThreads())
"""


def test_every_model_keeps_to_one_thread_whichever_worker_runs_it() -> None:
    out = subprocess.run(
        [sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True, env=_without("OMP_NUM_THREADS")
    )
    assert out.stdout.split() == ["1", "1", "1"]


_SHAPES = """
import torch
from torch.nn import functional
from understanding import runtime
{prepare}
weight = torch.randn(16, 16, 3, 3)
def known(length):
    with torch.inference_mode(), torch.backends.mkldnn.verbose(torch.backends.mkldnn.VERBOSE_ON_CREATION):
        functional.conv2d(torch.randn(1, 16, 8, length), weight)
for length in [*range(400, 700), 400]:
    known(length)
"""


@pytest.mark.parametrize(("prepare", "forgotten"), [("runtime.prepare()", True), ("", False)])
def test_lengths_of_long_ago_are_forgotten(prepare: str, forgotten: bool) -> None:
    out = subprocess.run(
        [sys.executable, "-c", _SHAPES.format(prepare=prepare)],
        capture_output=True,
        text=True,
        check=True,
        env=_without("ONEDNN_PRIMITIVE_CACHE_CAPACITY"),
    )
    made = [line for line in out.stdout.splitlines() if "cache_miss" in line and ",convolution," in line]
    if not made:
        pytest.skip("this build of torch says nothing of its plans")
    assert sum("_iw400ow" in line for line in made) == (2 if forgotten else 1)


def test_what_stays_for_good_is_not_looked_through_again() -> None:
    already, here = gc.get_freeze_count(), [[] for _ in range(1000)]
    runtime.freeze_objects()
    assert gc.get_freeze_count() >= already + len(here)


def _without(variable: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != variable} | {"PYTHONPATH": os.getcwd()}
