"""Measures how often one person names the mood that an actor meant, from the votes published with CREMA-D.

    python -m training.people CREMA-D/processedResults/tabulatedVotes.csv [--write]

Each vote counts once: a row of the table holds the votes of the people who heard a clip, saw it without sound, or both.
The third part of a clip's name is the mood that the actor was asked for. Brackets are 95 % intervals over actors.
`--write` stores the figures for the Models page.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from inference import metrics, people
from inference.people import People
from training.datasets.cremad import BOTH, FACE, SIX, VOICE, votes_in
from training.datasets.layouts import LayoutError

SENSES = {"voice": VOICE, "face": FACE, "both": BOTH}
SOURCE = "Cao et al. 2014, doi:10.1109/TAFFC.2014.2336244"
LICENCE = "Open Database License 1.0"

Votes = Mapping[str, Mapping[str, float]]
"""For each clip, how many people gave each answer."""


def intended(clip: str) -> str:
    """The mood that the actor was asked for: `1001_DFA_ANG_XX` is anger."""
    return SIX[clip.split("_")[2]]


def actor(clip: str) -> str:
    return clip.split("_")[0]


def share_right(votes: Votes) -> metrics.Interval:
    """The share of all votes that name the intended mood."""
    right = np.array([answers.get(intended(clip), 0) for clip, answers in votes.items()])
    total = np.array([sum(answers.values()) for answers in votes.values()])
    return metrics.bootstrap(lambda at: float(right[at].sum() / total[at].sum()), [actor(clip) for clip in votes])


def table(tables: Mapping[str, Votes]) -> str:
    """A row for each sense: all votes, and those about each intended mood."""
    lines = ["| people had | clips | votes | right | " + " | ".join(SIX.values()) + " |", "|---" * 10 + "|"]
    for sense, votes in tables.items():
        count = sum(sum(answers.values()) for answers in votes.values())
        moods = " | ".join(_of_mood(votes, mood) for mood in SIX.values())
        lines.append(f"| {sense} | {len(votes)} | {count:.0f} | {share_right(votes)} | {moods} |")
    return "\n".join(lines)


def _of_mood(votes: Votes, mood: str) -> str:
    mine = {clip: answers for clip, answers in votes.items() if intended(clip) == mood}
    return f"{share_right(mine).value:.1%}" if mine else "–"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("votes", type=Path, help="tabulatedVotes.csv of CREMA-D")
    parser.add_argument("--write", action="store_true", help="also write people.json for the Models page")
    options = parser.parse_args(arguments)
    try:
        tables = {sense: votes_in(options.votes, query) for sense, query in SENSES.items()}
    except LayoutError as error:
        raise SystemExit(str(error)) from error
    if missing := [sense for sense, votes in tables.items() if not votes]:
        raise SystemExit(f"{options.votes} has no votes for {', '.join(missing)}: is it CREMA-D's tabulatedVotes.csv?")
    print(table(tables))
    if options.write:
        clips = {clip for votes in tables.values() for clip in votes}
        found = People(
            **{sense: share_right(votes).value for sense, votes in tables.items()},
            moods=len({intended(clip) for clip in clips}),
            clips=len(clips),
            actors=len({actor(clip) for clip in clips}),
            source=SOURCE,
            licence=LICENCE,
            command="python -m training.people VOTES",
        )
        people.write(found)
        print(f"\nwritten to {people.FILE}")


if __name__ == "__main__":
    main()
