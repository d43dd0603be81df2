"""What the command lines of the senses share: where paths come from, and how a verdict is said in a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from reading import Reading


def paths(files: Sequence[str]) -> Iterator[str]:
    """As given; `-` stands for those on standard input, a line each."""
    for file in files:
        if file == "-":
            yield from (name for name in (line.rstrip("\r\n") for line in sys.stdin) if name)
        else:
            yield file


def verdict(reading: Reading) -> str:
    """`anger (anger 81%, fear 9%, …)`, or that it is too close to call."""
    top = sorted(reading.scores.items(), key=lambda item: -item[1])[:3]
    told = reading.label if reading.sure else f"not sure, perhaps {reading.label}"
    return f"{told} (" + ", ".join(f"{name} {score:.0%}" for name, score in top) + ")"
