"""A cache of results for the reruns of one page, emptied when the person opens another page.

A parsed file or a drawn report is the diary in plain text: it must not stay in memory as long as a tab is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components import state


def start_page(page: str) -> None:
    """Call it before a page runs: it deletes the results of the last page."""
    results = state.PAGE_CACHE.get()
    if results.get("page") != page:
        results.clear()  # at once, even if an earlier run still holds them
        state.PAGE_CACHE.set({"page": page})


def cached(name: str, key: object, make: Callable[[], Any]) -> Any:
    """The result of `make`, computed again when `key` changes; each name holds one result."""
    results = state.PAGE_CACHE.get_or_make(dict)
    if name not in results or results[name][0] != key:
        results[name] = (key, make())
    return results[name][1]


def forget(name: str) -> None:
    state.PAGE_CACHE.get().pop(name, None)
