"""Reads EmoTale: acted Danish and English, with listeners' ratings of arousal and valence."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from training.datasets.layouts import (
    SOUNDS,
    Example,
    FoundData,
    files_under,
    not_found,
    packed_archives,
    read_table,
    unknown_names,
    without_copies,
)

LETTERS = {"A": "anger", "B": "boredom", "H": "happiness", "N": "neutral", "S": "sadness"}
_LANGUAGES = {"DK": "da", "EN": "en"}
_SENTENCES = {
    "DK": (
        "Dugen ligger på køleskabet.",
        "Det sorte ark papir er placeret deroppe ved siden af tømmerstykket.",
        "De bar det bare ovenpå og nu skal de ned igen.",
        "Det vil være på det sted, hvor vi altid opbevarer det.",
        "Om syv timer er det morgen.",
    ),
    "EN": (
        "The tablecloth is lying on the fridge.",
        "The black sheet of paper is located up there besides the piece of timber.",
        "They just carried it upstairs and now they are going down again.",
        "It will be in the place where we always store it.",
        "In seven hours it will be morning.",
    ),
}
_LISTENERS = ("a1", "a2", "a3")
_MIDDLE, _REACH = 3.0, 2.0


def recordings(root: Path) -> FoundData:
    """EmoTale, Denmark (Hjuler et al. 2025, github.com/snehadas/EmoTale; no licence stated, cite the paper).

    DK_004_A_5.wav — language (DK Danish, EN English by the same Danes), speaker, emotion (A anger, B boredom,
    H happiness, N neutral, S sadness), sentence (1 … 5). annotations.csv holds what three listeners heard, in rows such
    as DK_001_A_1.wav and the columns a1_A a1_V a1_D a1_cat … a3_cat: the means of arousal (A) and valence (V), from 1
    to 5, become the clip's. The acted emotion stays the label. Names and table are as the repository describes and
    holds them; speaker_info.csv is not read, as its columns are not described there.
    """
    what = "EmoTale files such as DK_004_A_5.wav"
    files, doubled = without_copies(files_under(root, SOUNDS, what))
    examples = [example for example in map(_take, files) if example]
    if not examples:
        raise not_found(root, what)
    remarks = [
        *doubled,
        *unknown_names(files, {example.path for example in examples}, "EmoTale's"),
        *packed_archives(root),
    ]
    table = next(iter(sorted(root.rglob("annotations.csv"))), None)
    if table is None:
        remarks.append("without annotations.csv arousal and valence are unknown")
    planes = _planes(table) if table else {}
    return FoundData(
        tuple(replace(example, plane=planes.get(example.path.stem)) for example in examples), tuple(remarks)
    )


def place_on_plane(valence: float, arousal: float) -> tuple[float, float]:
    """Ratings from 1 to 5 on the scale of `Example.plane`, -1…1."""
    return (valence - _MIDDLE) / _REACH, (arousal - _MIDDLE) / _REACH


def _take(path: Path) -> Example | None:
    match = re.fullmatch(r"(DK|EN)_(\d{3})_([ABHNS])_([1-5])", path.stem)
    if not match:
        return None
    language, speaker, letter, sentence = match.groups()
    return Example(
        path, "emotale", LETTERS[letter], f"emotale-{speaker}", language=_LANGUAGES[language],
        text=_SENTENCES[language][int(sentence) - 1], original_label=letter,
    )  # fmt: skip


def _planes(table: Path) -> dict[str, tuple[float, float]]:
    found = {}
    for row in read_table(table, ("file", "a1_A", "a1_V")):
        arousal, valence = (
            [float(row[f"{listener}_{letter}"]) for listener in _LISTENERS if row.get(f"{listener}_{letter}")]
            for letter in "AV"
        )
        if arousal and valence:
            found[Path(row["file"]).stem] = place_on_plane(fmean(valence), fmean(arousal))
    return found
