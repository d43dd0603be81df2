"""Results that a page needs again on its next rerun, kept until the person opens another page.

A parsed file or a drawn report is the diary in plain text: it must not lie in memory as long as a tab is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components import state


def start_page(page: str) -> None:
    """Call it before a page runs: it forgets what another page kept."""
    if state.PAGE_CACHE.get().get("page") != page:
        state.PAGE_CACHE.set({"page": page})


def cached(name: str, key: object, make: Callable[[], Any]) -> Any:
    """The result of `make`, computed again when `key` changes; one result is kept for each name."""
    kept = state.PAGE_CACHE.get_or_make(dict)
    if name not in kept or kept[name][0] != key:
        kept[name] = (key, make())
    return kept[name][1]


def forget(name: str) -> None:
    state.PAGE_CACHE.get().pop(name, None)
