"""Measures what a person's own mood shares and their voice's difference gain in the fusion, after some entries.

    python -m training.fusion.measure_mood_shares --scores FILE

The inputs are those of `python -m training.voice.fit_strangers`: recordings of people whom the voice was not trained
on, read alone, as the fusion shows them. Actors recorded all their moods equally often, and people's diaries do not. So
each person's entries are drawn in two ways: `even`, all moods of their corpus alike, and `diary`, with shares of their
own around those of diaries (Dirichlet, PRIOR counting seven). The difference of a corpus is fitted without it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from emotions import EMOTIONS
from inference import mood_shares, personalise
from inference.calibration import softmax
from inference.mood_shares import NOTHING_KNOWN
from inference.personalise import Correction
from inference.prior import PRIOR
from inference.strangers import Strangers
from training.voice import fit_strangers
from training.voice.fit_strangers import CONFIRMED, People, Person
from understanding import fusion

DRAWS = {"even": None, "diary": 7.0}
"""How much the shares of a person vary: smaller is more."""
WAYS = ("nothing learnt", "offsets", "difference", "difference and shares")
"""Offsets are what is learnt for weights whose strangers nobody measured (inference/personalise.py)."""
_JUDGED = 24
_DRAWN = 240
"""Diaries of each corpus: so many that the shares that were drawn matter little."""


def measure(people: People, confirmed: Sequence[int] = CONFIRMED, fit_on: Sequence[str] = ()) -> dict[str, list[float]]:
    """The share that is right after so many entries, by `corpus | draw | way`."""
    found = {}
    for corpus, mine in people.items():
        rounds = -(-_DRAWN // len(mine))
        fitted = fit_strangers.fit({name: people[name] for name in fit_on or people if name != corpus})
        for draw, concentration in DRAWS.items():
            drawn = [
                _draw(person, concentration, max(confirmed), number * rounds + turn)
                for number, person in enumerate(mine)
                for turn in range(rounds)
            ]
            for way in WAYS:
                found[f"{corpus} | {draw} | {way}"] = [
                    float(np.mean([_right(one, count, fitted, way) for one in drawn])) for count in confirmed
                ]
    return found


def _draw(person: Person, concentration: float | None, confirmed: int, seed: int) -> Person:
    """A person's recordings in an order in which moods have certain shares; the last `_JUDGED` are for judging.

    No recording is both confirmed and judged.
    """
    logs, moods = person
    rng = np.random.default_rng(seed)
    mixed = rng.permutation(len(moods))
    of_mood = {mood: rows for mood in np.unique(moods) if len(rows := mixed[moods[mixed] == mood]) > 1}
    there = np.array(list(of_mood))
    shares = np.full(len(there), 1 / len(there))
    if concentration is not None:
        shares = rng.dirichlet(concentration * PRIOR[there] / PRIOR[there].sum())
    drawn = rng.choice(there, confirmed + _JUDGED, p=shares)
    halves = {mood: np.array_split(rows, 2) for mood, rows in of_mood.items()}
    rows = [rng.choice(halves[mood][int(place >= confirmed)]) for place, mood in enumerate(drawn)]
    return logs[rows], moods[rows]


def _right(drawn: Person, count: int, fitted: Strangers, way: str) -> float:
    logs, moods = drawn
    how = fusion.settings()
    exponent = np.array([how.weights["voice"] / how.temperature])
    known = [(dict(zip(EMOTIONS, softmax(row).tolist(), strict=True)), EMOTIONS[mood]) for row, mood in
             zip(logs[:count], moods[:count], strict=True)]  # fmt: skip
    learnt = Correction() if way == WAYS[0] else personalise.learn(known, None if way == "offsets" else fitted)
    own = mood_shares.learn([mood for _, mood in known]) if way == WAYS[-1] else NOTHING_KNOWN
    scores = softmax(logs[-_JUDGED:] + np.array(learnt.offset))
    fused = [fusion.combine(row[None], exponent, how, own.prior).scores for row in scores]
    return float(np.mean(np.argmax(fused, 1) == moods[-_JUDGED:]))


def table(figures: dict[str, list[float]]) -> str:
    rows = ["| people of | moods | way | " + " | ".join(f"{count} confirmed" for count in CONFIRMED) + " |"]
    rows.append("|---" * (len(CONFIRMED) + 3) + "|")
    rows += [f"| {name} | " + " | ".join(f"{value:.1%}" for value in values) + " |" for name, values in figures.items()]
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    fit_strangers.add_inputs(parser)
    people, fit_on, _ = fit_strangers.inputs(parser.parse_args(arguments))
    print(table(measure(people, fit_on=fit_on)))


if __name__ == "__main__":
    main()
