"""Ends closed tabs: what a person gave must not stay in the server's memory until somebody else's tab closes."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from web import streamlit_private

_SWEEP = 10.0
_M_PERTURB = -6
"""The number of this option in glibc's malloc.h."""
_PATTERN = 0xA5


@asynccontextmanager
async def ending() -> AsyncIterator[None]:
    """Looks for closed tabs again and again while the server runs."""
    sweeping = asyncio.create_task(_sweep())
    try:
        yield
    finally:
        sweeping.cancel()


async def _sweep() -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        if streamlit_private.end_closed_tabs():
            gc.collect()  # objects of finished runs refer to each other, and hold what the person wrote


def overwrite_freed_memory() -> None:
    """Lets the C library overwrite each block of memory when it is freed (glibc only).

    Otherwise recordings, pictures and long notes stay readable there until something else uses the block. Python keeps
    objects below 512 bytes, such as short notes, in blocks of its own, for which it has no such option.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if set_option:
        set_option(_M_PERTURB, _PATTERN)
