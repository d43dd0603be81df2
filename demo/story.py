"""The fictional Hana's 120 days: an exam, a cold, a quarrel, the sea, a hospital; days missed. Seeded: always the same.

What she wrote stands in story.tsv in both languages. Her lines are read by the model that is shipped; what her voice
and face looked like to a model is made up here (no recording of her exists) and says so in the readings' `model`.

python -m demo.story      how often the words alone are read as she confirmed them: lines of a diary, not for a model
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import numpy as np

from diary.entries import Draft
from emotions import EMOTIONS
from language import say
from reading import Reading
from understanding import fusion
from words import predict as words

STORY = Path(__file__).with_name("story.tsv")
DAYS, SEED, ZONE = 120, 20, "Asia/Seoul"
NAMES = {"ko": "하나", "en": "Hana"}
MADE_UP = "demo story"
"""The `model` of readings that no model made."""

# The tags that the entry form suggests, in its order, and two of Hana's own.
_SUGGESTED = (
    *("work", "study", "family", "friends", "partner", "exercise"),
    *("walk", "sleep", "health", "food", "travel", "rest"),
)
_OWN = {"cat": {"ko": "콩이", "en": "Kong"}}
_HEARD = {"v": "voice", "f": "face"}


@dataclass(frozen=True)
class Moment:
    """One entry of hers, and what the models said of it."""

    draft: Draft
    told: tuple[Reading, ...]


def moments(language: str, today: date, reader: words.Recogniser | None = None) -> Iterator[Moment]:
    """Everything up to yesterday, so that today is the visitor's. `reader` reads her lines as the app would."""
    chance = np.random.default_rng(SEED)
    with STORY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield _moment(row, language, today, chance, reader)


def _moment(
    row: dict[str, str], language: str, today: date, chance: np.random.Generator, reader: words.Recogniser | None
) -> Moment:
    said = row["said"] or row["mood"]
    each = [_made_up(_HEARD[letter], said, chance) for letter in row["heard"] if letter in _HEARD]
    if "w" in row["heard"] and reader is not None:
        each += [answer for answer in reader.read([row[language]]) if isinstance(answer, Reading)]
    # As on Today: the source is the one that was read, or fusion where there were several.
    source = "hand" if not each else each[0].source if len(each) == 1 else "fusion"
    draft = Draft(
        mood=row["mood"],
        intensity=int(row["strength"]),
        day=today - timedelta(days=DAYS - int(row["day"])),
        timezone=ZONE,
        note=row[language] or "",
        tags=tuple(_tag(tag, language) for tag in row["tags"].split(",") if tag),
        at=time.fromisoformat(row["time"]),
        source=source,
        id=chance.bytes(16).hex(),
    )
    return Moment(draft, (*each, fusion.fuse(each)) if each else ())


def _made_up(source: str, mood: str, chance: np.random.Generator) -> Reading:
    """Scores that lean to `mood`, as a reading of a clear clip or picture does."""
    scores = chance.dirichlet(np.full(len(EMOTIONS), 0.6))
    lead = chance.uniform(0.35, 0.7)
    scores = (1 - lead) * scores + lead * (np.array(EMOTIONS) == mood)
    ordered = np.sort(scores)
    return Reading(
        scores=dict(zip(EMOTIONS, scores.tolist(), strict=True)),
        sure=bool(ordered[-1] - ordered[-2] > 0.4),
        quality={"weight": float(chance.uniform(0.7, 1.0))},
        source=source,
        model=MADE_UP,
    )


def _tag(tag: str, language: str) -> str:
    if tag in _OWN:
        return _OWN[tag][language]
    return say(language, "tags.suggested").split(",")[_SUGGESTED.index(tag)]


def main() -> None:
    reader, today = words.load(), date.today()
    for language in NAMES:
        told = [
            (reading, moment.draft.mood)
            for moment in moments(language, today, reader)
            for reading in moment.told
            if reading.source == "words"
        ]
        right = [reading.label == mood for reading, mood in told]
        sure = [reading.label == mood for reading, mood in told if reading.sure]
        print(f"{language}: {sum(right)} of {len(right)} lines right; {sum(sure)} of the {len(sure)} it was sure of")


if __name__ == "__main__":
    main()
