"""The machine that the models run on: its cores, their threads, its memory. Said once a process, for everybody."""

from __future__ import annotations

import ctypes
import gc
import os

import cv2
import torch

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""Those that this process may use; a container may have been given two of a machine's sixteen."""
_SHAPES_REMEMBERED = 512
"""oneDNN keeps its plan of every layer for every length of a clip it ever met, up to 1024: about 2 MB a length, and no
two recordings are equally long. This holds the faces', their explanation's and those of the last dozen of lengths."""


def prepare() -> None:
    """Before anything is read: whichever library comes later finds this decided."""
    # Two models run side by side (understanding/analyst.py); two threads in each would wait for one another after every
    # layer, and spin while they do.
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_SHAPES_REMEMBERED))


def give_back() -> None:
    """What loading needed for a moment goes back to the system; the C library would keep it (glibc only)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim:
        trim(0)


def settle() -> None:
    """Once all that stays for good is in memory: the garbage collector no longer looks through it.

    Streamlit collects after every run of a page, and of every part of one that renews itself. With the libraries and
    the models that takes half a second, in which nobody else gets an answer and no picture of a stream is decoded.
    """
    gc.collect()  # what is garbage now would otherwise stay for good as well
    gc.freeze()
