"""The readers of face data sets: the names before the = in `python -m training.cli face --data NAME=PATH`.

Each docstring is the layout that the reader expects.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fer.labels import EIGHT
from training.datasets import aihub_films as films_of_aihub
from training.datasets import cremad, folders, speech
from training.datasets.aihub_faces import read_portraits
from training.datasets.layouts import (
    PICTURES,
    VIDEOS,
    Example,
    FoundData,
    Layout,
    LayoutError,
    counted,
    not_found,
    read_table,
    registry,
)
from training.face import corpora


def ferplus(root: Path) -> FoundData:
    """FER2013 (Goodfellow et al. 2013) with the votes of FER+ (Barsoum et al. 2016).

    labels.csv (mosaic, as 00.png, tile, split, fer2013_label, duplicate_of_train, votes_neutral … votes_NF) and
    mosaic/00.png …, each with 1,024 faces of 48×48, row by row: `python -m training.datasets.ferplus` makes both
    from the published fer2013.csv and fer2013new.csv. Faces whose majority is no expression, and copies of
    training faces, are left out.
    """
    rows = read_table(root / "labels.csv", ("mosaic", "tile", "split", "fer2013_label", "duplicate_of_train"))
    examples, out = [], 0
    for row in rows:
        votes = {name: float(row[f"votes_{name}"]) for name in corpora.VOTED if float(row[f"votes_{name}"]) > 0}
        top = max(corpora.VOTED, key=lambda name: votes.get(name, 0.0))
        if top not in EIGHT or row["duplicate_of_train"] == "1":
            out += 1
            continue
        path = root / "mosaic" / row["mosaic"]
        examples.append(
            Example(
                path=path,
                dataset="ferplus",
                label=top,
                person=f"ferplus-{row['mosaic']}-{row['tile']}",
                person_known=False,
                original_label=row["fer2013_label"],
                split=row["split"],
                votes={name: count for name, count in votes.items() if name in EIGHT},
                tile=int(row["tile"]),
            )
        )
    if not examples:
        raise LayoutError(f"{root / 'labels.csv'} lists no face with an expression.")
    caution = "FER2013 does not name people: the split is the published one, by picture."
    return FoundData(tuple(examples), (f"{out} faces left out (no expression, or copies of others)",), (caution,))


def korean(root: Path) -> FoundData:
    """AI Hub 한국인 감정인식을 위한 복합 영상 (aihub.or.kr; licence by application), in any arrangement of its folders.

    Training/[원천]…/….jpg and [라벨]…/img_emotion_training_data(기쁨).json, a list of {filename, faceExp_uploader,
    annot_A, annot_B, annot_C}, each of the three with `faceExp` and `boxes` (minX, minY, maxX, maxY). File names begin
    with a code for who was photographed. Three labels are votes, 상처 is left out (`training.datasets.aihub_faces`).
    """
    try:
        portraits = read_portraits(root)
    except (FileNotFoundError, ValueError) as error:
        raise not_found(root, f"AI Hub's pictures with their labels ({error})") from error
    listed = sum(1 for path in root.rglob("*") if path.suffix.lower() in PICTURES)
    examples = tuple(
        Example(
            path=portrait.path,
            dataset="aihub-faces",
            label=max(portrait.votes, key=lambda name: portrait.votes[name]),
            person=f"aihub-{portrait.person}",
            votes=dict(portrait.votes),
            box=portrait.box,
        )
        for portrait in portraits
    )
    without = listed - len(examples)
    return FoundData(examples, (f"{without} pictures have no usable label",) if without > 0 else ())


def class_folders(root: Path) -> FoundData:
    """A plain folder of class folders.

    angry/….jpg, 슬픔/….png or films — a folder for each mood, named in English or Korean. A folder inside it is a
    person: angry/jiwoo/1.jpg. Pictures no larger than 112 pixels count as face crops.
    """
    return _in_eight(folders.class_folders(root, PICTURES | VIDEOS))


def ravdess(root: Path) -> FoundData:
    """RAVDESS' films: Video_Speech_Actor_07/01-01-03-01-02-01-07.mp4, numbered as the sound files are.

    01 at the start is a film with sound; those without (02) are left out. A calm face counts as a neutral one.
    """
    return _in_eight(speech.ravdess_films(root))


def _in_eight(found: FoundData) -> FoundData:
    """Calm becomes neutral; examples of a class that face models lack are left out, with a remark."""
    known = [replace(one, label="neutral") if one.label == "calm" else one for one in found.examples]
    examples = tuple(one for one in known if one.label in EIGHT)
    out = [one.label for one in known if one.label not in EIGHT]
    remarks = (
        [f"{counted(out, 'example')} left out, faces have no class for {', '.join(sorted(set(out)))}"] if out else []
    )
    if not examples:
        raise LayoutError(f"None of the {len(known)} examples shows one of {', '.join(EIGHT)}.")
    return replace(found, examples=examples, remarks=(*found.remarks, *remarks))


def dialogues(root: Path) -> FoundData:
    """AI Hub 멀티모달 영상 (set 58): frames of each utterance, the face inside the speaker's box.

    Laid out as for the voice (`python -m training.cli voice --layouts`); the labels come from raters who only watched.
    """
    return films_of_aihub.dialogues(root, "image")


LAYOUTS = registry(
    Layout("ferplus", ferplus, "FER2013 with FER+ votes", "research and private, non-commercial use"),
    Layout("aihub", korean, "AI Hub 한국인 감정인식을 위한 복합 영상", "AI Hub, by application"),
    Layout("crema-d", cremad.films, "CREMA-D", "Open Database License"),
    Layout("ravdess", ravdess, "RAVDESS", "CC BY-NC-SA 4.0"),
    Layout("aihub-actors", films_of_aihub.actors, "AI Hub 감정 분류 영상 (259)", "AI Hub, by application"),
    Layout("aihub-dialogues", dialogues, "AI Hub 멀티모달 영상 (58)", "AI Hub, by application"),
    Layout("folder", class_folders, "class folders", "yours"),
)
