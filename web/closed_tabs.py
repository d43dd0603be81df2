"""Ends closed tabs, and those of ended sessions.

What a person gave must not stay in the server's memory until somebody else's tab closes. And who signs out in one tab,
or is signed out by another browser or the operator, must not leave the diary on the screen in another tab.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread

from diary import errors, sessions
from web import streamlit_private

log = logging.getLogger("haru.tabs")

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
    is_well = True
    while True:
        await asyncio.sleep(_SWEEP)
        try:
            await close_those_of_ended_sessions()
            if streamlit_private.end_closed_tabs():
                gc.collect()  # objects of finished runs refer to each other, and hold what the person wrote
            is_well = True
        except Exception:  # whatever is wrong with one tab, the next look must come
            if is_well:
                log.exception("closed tabs cannot be ended now")
            is_well = False


async def close_those_of_ended_sessions() -> None:
    """Every open tab of a session that has ended runs once more, and leads to the sign-in page."""
    try:
        ended = await to_thread.run_sync(sessions.ended, streamlit_private.sessions_with_tabs())
    except errors.DatabaseError:  # the next look asks again; meanwhile these tabs can do nothing
        return
    for session in ended:
        streamlit_private.close_tabs_of(session)


def overwrite_freed_memory() -> None:
    """Lets the C library overwrite each block of memory when it is freed (glibc only).

    Otherwise recordings, pictures and long notes stay readable there until something else uses the block. Python keeps
    objects below 512 bytes, such as short notes, in blocks of its own, for which it has no such option.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if set_option:
        set_option(_M_PERTURB, _PATTERN)
