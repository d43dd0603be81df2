"""The story of the demo: 120 days of the fictional Hana, with an exam, a cold, a quarrel and a stay in hospital.

story.tsv holds her notes in both languages. The words model that Haru ships reads them. She has no recordings or
pictures: this module makes up the readings of voice and face, from a fixed seed, and their `model` says so. It also
makes up how long she slept and how many steps she took: both less on unpleasant days.

python -m demo.story      counts how often the words model alone gives the mood that she confirmed
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import numpy as np

from diary.entries import NewEntry
from diary.trackers import Tracker
from emotions import BY_KEY, EMOTIONS
from language import say
from reading import Reading
from understanding import fusion
from words import predict as words

STORY = Path(__file__).with_name("story.tsv")
DAYS, SEED, ZONE = 120, 20, "Asia/Seoul"
PASSED = 60
"""The day of the story on which Hana learns that she passed the exam."""
NAMES = {"ko": "소은", "en": "Hana"}
MADE_UP = "demo story"
"""The `model` of readings that no model made."""

# The tags that the entry form suggests, in its order, and one of Hana's own.
_SUGGESTED_TAGS = (
    *("work", "study", "family", "friends", "partner", "exercise"),
    *("walk", "sleep", "health", "food", "travel", "rest"),
)
_OWN_TAGS = {"cat": {"ko": "콩이", "en": "Kong"}}
_TRACKERS = (
    ("sleep", "😴", "minutes", 425, 45, 30, 5),
    ("steps", "👟", "count", 6800, 1500, 1700, 10),
)
"""Her trackers: the usual value, how much pleasant days add, the spread around both, and the step of values."""
_FILLED_IN = 0.88
"""The share of days that she filled in."""
_MADE_UP_SOURCES = {"v": "voice", "f": "face"}
"""The sources by their letter in the column `read`; its `w` stands for words."""


@dataclass(frozen=True)
class StoryEntry:
    """One of Hana's entries with its readings."""

    new_entry: NewEntry
    readings: tuple[Reading, ...]


def entries_until(today: date, language: str, recogniser: words.Recogniser | None = None) -> Iterator[StoryEntry]:
    """The entries up to yesterday, so that the visitor writes today's; `recogniser` reads the notes."""
    rng = np.random.default_rng(SEED)
    with STORY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield _entry(row, language, today, rng, recogniser)


def day_of(number: int, today: date) -> date:
    """The date of a day of the story, if the visitor's first day is `today`."""
    return today - timedelta(days=DAYS - number)


def trackers_until(today: date, language: str) -> list[tuple[Tracker, dict[date, int]]]:
    """Her two trackers with their values up to yesterday; on some days she filled in none."""
    rng = np.random.default_rng(SEED + 1)
    with STORY.open(encoding="utf-8", newline="") as file:
        moods = {int(row["day"]): row["mood"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    found = []
    for key, emoji, kind, usual, by_valence, spread, step in _TRACKERS:
        values = {}
        for day in range(DAYS):
            valence = BY_KEY[moods[day]].valence if day in moods else 0.0
            value = usual + by_valence * valence + spread * rng.normal()
            if rng.random() < _FILLED_IN:
                values[day_of(day, today)] = max(step, step * round(value / step))
        name = say(language, f"tracker.suggest_{key}")
        found.append((Tracker(name, emoji, kind, rng.bytes(16).hex()), values))
    return found


def _entry(
    row: dict[str, str], language: str, today: date, rng: np.random.Generator, recogniser: words.Recogniser | None
) -> StoryEntry:
    read_as = row["read_as"] or row["mood"]
    sources = [_MADE_UP_SOURCES[letter] for letter in row["read"] if letter in _MADE_UP_SOURCES]
    readings = [_made_up_reading(source, read_as, rng) for source in sources]
    if "w" in row["read"] and recogniser is not None:
        readings += [answer for answer in recogniser.read([row[language]]) if isinstance(answer, Reading)]
    # As on the page Today: the only source, or "fusion" of several.
    source = "hand" if not readings else readings[0].source if len(readings) == 1 else "fusion"
    draft = NewEntry(
        mood=row["mood"],
        intensity=int(row["strength"]),
        day=day_of(int(row["day"]), today),
        timezone=ZONE,
        note=row[language] or "",
        tags=tuple(_tag(tag, language) for tag in row["tags"].split(",") if tag),
        feelings=tuple(filter(None, row["feelings"].split(","))),
        at=time.fromisoformat(row["time"]),
        source=source,
        id=rng.bytes(16).hex(),
    )
    return StoryEntry(draft, (*readings, fusion.fuse(readings)) if readings else ())


def _made_up_reading(source: str, mood: str, rng: np.random.Generator) -> Reading:
    """Scores that lean to `mood`, like those of a clear recording or picture."""
    scores = rng.dirichlet(np.full(len(EMOTIONS), 0.6))
    lead = rng.uniform(0.35, 0.7)
    scores = (1 - lead) * scores + lead * (np.array(EMOTIONS) == mood)
    ordered = np.sort(scores)
    return Reading(
        scores=dict(zip(EMOTIONS, scores.tolist(), strict=True)),
        sure=bool(ordered[-1] - ordered[-2] > 0.4),
        quality={"weight": float(rng.uniform(0.7, 1.0))},
        source=source,
        model=MADE_UP,
    )


def _tag(tag: str, language: str) -> str:
    if tag in _OWN_TAGS:
        return _OWN_TAGS[tag][language]
    return say(language, "tags.suggested").split(",")[_SUGGESTED_TAGS.index(tag)]


def main() -> None:
    recogniser, today = words.load(), date.today()
    for language in NAMES:
        read = [
            (reading, entry.new_entry.mood)
            for entry in entries_until(today, language, recogniser)
            for reading in entry.readings
            if reading.source == "words"
        ]
        right = [reading.label == mood for reading, mood in read]
        sure = [reading.label == mood for reading, mood in read if reading.sure]
        print(f"{language}: {sum(right)} of {len(right)} notes right; {sum(sure)} of the {len(sure)} that are sure")


if __name__ == "__main__":
    main()
