"""Reads CREMA-D: sound files, films, and the votes of raters who listened or watched."""

from __future__ import annotations

import re
from pathlib import Path

from training.datasets.layouts import (
    SOUNDS,
    VIDEOS,
    Example,
    FoundData,
    files_under,
    not_found,
    packed_archives,
    read_table,
    unknown_names,
    without_copies,
)

SIX = {
    **{"ANG": "anger", "DIS": "disgust", "FEA": "fear"},
    **{"HAP": "happiness", "NEU": "neutral", "SAD": "sadness"},
}
_LEVELS = {"LO": "low", "MD": "medium", "HI": "high"}
_LETTERS = {name[0]: mood for name, mood in SIX.items()}
SILENT = "1076_MTI_SAD_XX"
"""One published recording holds no sound at all."""
_SENTENCES = {
    **{"IEO": "It's eleven o'clock", "TIE": "That is exactly what happened", "IOM": "I'm on my way to the meeting"},
    **{"IWW": "I wonder what this is about", "TAI": "The airplane is almost full"},
    **{"MTI": "Maybe tomorrow it will be cold", "IWL": "I would like a new alarm clock"},
    **{"ITH": "I think I have a doctor's appointment", "DFA": "Don't forget a jacket"},
    **{"ITS": "I think I've seen this before", "TSI": "The surface is slick"},
    "WSI": "We'll stop in a couple of minutes",
}
VOICE, FACE, BOTH = 1, 2, 3
"""The input of raters: rows of tabulatedVotes.csv are 100001 … for voice alone, 200001 … for the face alone, and
300001 … for both."""


def sounds(root: Path) -> FoundData:
    """CREMA-D (Cao et al. 2014, github.com/CheyneyComputerScience/CREMA-D; Open Database License).

    AudioWAV/1001_DFA_ANG_XX.wav — actor (1001 … 1091), sentence, emotion (ANG DIS FEA HAP NEU SAD), level (LO MD HI
    XX); VideoDemographics.csv (ActorID, Age, Sex, …); processedResults/tabulatedVotes.csv: columns A D F H N S count
    the votes, fileName names the clip, and row names from 100001 on mark the votes of raters who only listened.
    These votes are the labels; without the table the acted emotion is. 1076_MTI_SAD_XX is silent, and left out.
    """
    return _read(root, "AudioWAV", SOUNDS, VOICE)


def films(root: Path) -> FoundData:
    """CREMA-D's films, for faces and for fitting fusion on paired voice and face.

    VideoFlash/1001_DFA_ANG_XX.flv, named as the sound files are; the votes are of raters who saw only the face (rows
    200001 … of processedResults/tabulatedVotes.csv).
    """
    return _read(root, "VideoFlash", VIDEOS, FACE)


def _read(root: Path, part: str, suffixes: frozenset[str], query: int) -> FoundData:
    what = f"CREMA-D files such as {part}/1001_DFA_ANG_XX{'.wav' if query == VOICE else '.flv'}"
    files, doubled = without_copies(files_under(root, suffixes, what))
    votes, genders = _votes(root, query), _genders(root)
    examples = [example for path in files if (example := _example(path, votes, genders))]
    if not examples:
        raise not_found(root, what)
    remarks = [
        *doubled,
        *unknown_names(files, {example.path for example in examples}, "CREMA-D's"),
        *packed_archives(root),
    ]
    if len(examples) < 7441:
        remarks.append(f"{len(examples)} of 7,441 clips are here")
    if not votes:
        remarks.append("without processedResults/tabulatedVotes.csv the acted emotion is the label, not the raters'")
    return FoundData(tuple(examples), tuple(remarks))


def _example(path: Path, votes: dict[str, dict[str, float]], genders: dict[str, str]) -> Example | None:
    match = re.fullmatch(r"(1\d{3})_([A-Z]{3})_([A-Z]{3})_([A-Z]{2}|X)", path.stem)
    if not match or match[3] not in SIX or path.stem == SILENT:
        return None
    return Example(
        path,
        "crema-d",
        SIX[match[3]],
        f"crema-d-{match[1]}",
        gender=genders.get(match[1], ""),
        language="en",
        text=_SENTENCES.get(match[2], match[2]),
        original_label=match[3],
        votes=votes.get(path.stem, {}),
        intensity=_LEVELS.get(match[4], ""),
    )


def _votes(root: Path, query: int) -> dict[str, dict[str, float]]:
    """The votes for each clip, by the raters who had the same input as the model."""
    table = next(iter(sorted(root.rglob("tabulatedVotes.csv"))), None)
    return votes_in(table, query) if table else {}


def votes_in(table: Path, query: int) -> dict[str, dict[str, float]]:
    """The votes for each clip in tabulatedVotes.csv, by the raters who had one of the three inputs."""
    rows = read_table(table, ("A", "D", "F", "H", "N", "S", "fileName"))
    number = next(iter(rows[0]))  # the first column has no title
    return {
        row["fileName"]: {_LETTERS[letter]: float(row[letter]) for letter in _LETTERS if float(row[letter] or 0) > 0}
        for row in rows
        if int(row[number]) // 100_000 == query
    }


def _genders(root: Path) -> dict[str, str]:
    table = next(iter(sorted(root.rglob("VideoDemographics.csv"))), None)
    return {row["ActorID"]: row["Sex"].lower() for row in read_table(table, ("ActorID", "Sex"))} if table else {}
