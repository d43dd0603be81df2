"""Configures threads and memory for the models, once per process."""

from __future__ import annotations

import ctypes
import gc
import os

import cv2
import torch

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""The cores that this process may use; a container may have two of a machine's sixteen."""
_CACHED_SHAPES = 512
"""oneDNN caches a plan of every layer for every length of a clip, 1024 plans by default: about 2 MB a length, and
recordings all differ in length. This many hold the plans of faces, their explanations, and the last dozen lengths."""

_M_MMAP_THRESHOLD = -3
"""The number of this option in glibc's malloc.h."""


def prepare() -> None:
    """Sets the thread counts and the size of the cache; call it before the first model runs."""
    # Two models run side by side (understanding/analyst.py). With two threads each they would wait for each other
    # after every layer, and spin meanwhile.
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_CACHED_SHAPES))


def free_memory() -> None:
    """Returns memory that only loading needed to the system; the C library would keep it (glibc only)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim:
        trim(0)


def return_large_blocks(at_once: bool) -> None:
    """Whether each block of a megabyte or more goes back to the system when it is freed (glibc only).

    Each block then takes a little longer. Otherwise the C library keeps blocks of up to 32 MB for the next request.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if set_option:
        set_option(_M_MMAP_THRESHOLD, 1 << 20 if at_once else 32 << 20)


def freeze_objects() -> None:
    """Excludes all present objects from garbage collection; call it once the models are loaded.

    Streamlit collects after every run of a page or fragment. With the libraries and models that would take half a
    second each time, in which no other page is answered and no picture of a stream decoded.
    """
    gc.collect()  # present garbage would otherwise stay for good
    gc.freeze()
