"""Who is left out of a training: whole people, the same ones for every sense, so that two can be measured together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

FEWEST = 3
"""A data set with fewer people cannot spare one: it is trained on."""


def every_nth(which: str, people: Mapping[str, Collection[str]]) -> set[str]:
    """`2/5`: of each data set the people 2, 7, 12 …, in an order that the names alone decide, but not the alphabet."""
    number, _, count = which.partition("/")
    if not (number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count)):
        raise ValueError(f"speakers:{which} is no fold; write speakers:1/5 … speakers:5/5.")
    chosen: set[str] = set()
    for everybody in people.values():
        order = sorted(everybody, key=scrambled)
        if len(order) >= FEWEST:
            # Of few people the share may fall on nobody; then the nearest one is taken.
            chosen |= set(order[int(number) - 1 :: int(count)] or [order[(int(number) - 1) % len(order)]])
    return chosen


def scrambled(name: str) -> bytes:
    # Many data sets number men odd and women even, or experts first: every fifth by name would be all of one kind.
    return hashlib.sha256(name.encode()).digest()
