"""Chooses the people that a training leaves out: the same for voice and face, so that fusion can be measured."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

FEWEST_PEOPLE = 3
"""From a data set with fewer people the training leaves nobody out."""


def every_nth_person(which: str, people: Mapping[str, Collection[str]]) -> set[str]:
    """`2/5`: the people 2, 7, 12 … of each data set, in the order of `hashed`."""
    number, _, count = which.partition("/")
    if not (number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count)):
        raise ValueError(f"{which} is no part of the people; write 1/5 … 5/5, as in speakers:1/5.")
    chosen: set[str] = set()
    for names in people.values():
        order = sorted(names, key=hashed)
        if len(order) >= FEWEST_PEOPLE:
            # With few people the slice may be empty; then one person is chosen.
            chosen |= set(order[int(number) - 1 :: int(count)] or [order[(int(number) - 1) % len(order)]])
    return chosen


def hashed(name: str) -> bytes:
    """A sort key that depends on the name alone, but not on the alphabet.

    Many data sets number men odd and women even: every second person by name would be of one sex.
    """
    return hashlib.sha256(name.encode()).digest()
