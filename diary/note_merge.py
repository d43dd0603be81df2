"""Joins two versions of a note that two tabs, or two devices, wrote from the same beginning. No word is lost.

Lines that only one of them changed are taken from it. Where both changed the same lines, both stay: this tab's first,
the other's below.
"""

from __future__ import annotations

from difflib import SequenceMatcher


def merged(base: str, mine: str, theirs: str) -> str:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    return "\n".join(_merged_lines(base.split("\n"), mine.split("\n"), theirs.split("\n")))


def both(first: str, second: str) -> str:
    """Both texts, the second below the first; one of them where it contains the other."""
    if second.strip() in first:
        return first
    if first.strip() in second:
        return second
    return f"{first}\n\n{second}"


def _merged_lines(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Goes from one run of lines that all three have to the next; between them are the changes."""
    lines: list[str] = []
    at_base = at_mine = at_theirs = 0
    for start, length, in_mine, in_theirs in [
        *_common_runs(base, mine, theirs),
        (len(base), 0, len(mine), len(theirs)),
    ]:
        lines += _merged_change(base[at_base:start], mine[at_mine:in_mine], theirs[at_theirs:in_theirs])
        lines += base[start : start + length]
        at_base, at_mine, at_theirs = start + length, in_mine + length, in_theirs + length
    return lines


def _merged_change(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    for changed, other in ((mine, theirs), (theirs, mine)) if base else ():
        # The other has new lines below or above the lines that this one changed.
        if other[: len(base)] == base:
            return changed + other[len(base) :]
        if other[-len(base) :] == base:
            return other[: -len(base)] + changed
    return both("\n".join(mine), "\n".join(theirs)).split("\n")


def _common_runs(base: list[str], mine: list[str], theirs: list[str]) -> list[tuple[int, int, int, int]]:
    """Runs of lines that are in all three, in order: where in the base, how many, where in mine, where in theirs."""
    to_mine, to_theirs = _places(base, mine), _places(base, theirs)
    runs: list[tuple[int, int, int, int]] = []
    for line in range(len(base)):
        if line not in to_mine or line not in to_theirs:
            continue
        in_mine, in_theirs = to_mine[line], to_theirs[line]
        if runs:
            start, length, mine_start, theirs_start = runs[-1]
            if (line, in_mine, in_theirs) == (start + length, mine_start + length, theirs_start + length):
                runs[-1] = (start, length + 1, mine_start, theirs_start)
                continue
        runs.append((line, 1, in_mine, in_theirs))
    return runs


def _places(base: list[str], other: list[str]) -> dict[int, int]:
    """Where the lines of the base are in the other text."""
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + number: block.b + number for block in matcher.get_matching_blocks() for number in range(block.size)
    }
