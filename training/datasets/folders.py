"""Your own files: a folder of class folders, or a folder with a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from training.datasets.layouts import (
    SOUNDS,
    VIDEOS,
    Example,
    FoundData,
    LayoutError,
    files_under,
    find_file,
    mood_named,
    moods_text,
    nfc,
    not_found,
    packed_archives,
    read_table,
)


def class_folders(root: Path, suffixes: Iterable[str] = SOUNDS | VIDEOS) -> FoundData:
    """A plain folder of class folders.

    angry/….wav, 슬픔/….wav — a folder for each mood, named in English or Korean (anger, angry, 분노, 화남 …). A folder
    inside it is a person: angry/jiwoo/1.wav. Without these the people are unknown, and every file counts as another
    person.
    """
    what = "class folders such as anger/, happiness/ or 분노/"
    files = files_under(root, suffixes, what)
    examples, unnamed = [], set()
    for path in files:
        first, *others = path.relative_to(root).parts
        mood = mood_named(first) if others else None
        if mood is None:
            unnamed.add(first)
            continue
        known = len(others) > 1
        person = nfc(others[0]) if known else nfc(str(path.relative_to(root)))
        examples.append(Example(path, "folder", mood, f"folder-{person}", known, original_label=nfc(first)))
    if not examples:
        raise not_found(root, what)
    remarks = [f"not read, because their names are not moods: {', '.join(sorted(unnamed)[:5])}"] if unnamed else []
    hidden = any(not example.person_known for example in examples)
    caution = "People are not named: the same person may be on both sides of the split, and figures are too good."
    return FoundData(tuple(examples), (*remarks, *packed_archives(root)), (caution,) if hidden else ())


def table(root: Path) -> FoundData:
    """A folder with a table, labels.csv: own recordings, or what `python -m training.voice.corpora flatten` wrote.

    labels.csv with the columns path (relative to the folder) and label (a mood, in English or Korean), and, where
    known, speaker, corpus, language, gender, text. An unknown label is an error: a typing error must not silently
    remove a class.
    """
    rows = read_table(root / "labels.csv", ("path", "label"))
    examples, odd, missing = [], {}, []
    for number, row in enumerate(rows, 2):
        mood = mood_named(row["label"])
        if mood is None:
            odd.setdefault(row["label"], number)
            continue
        path = find_file(root, row["path"])
        if path is None:
            missing.append(row["path"])
            continue
        corpus, speaker = row.get("corpus") or "table", row.get("speaker") or ""
        examples.append(
            Example(
                path=path,
                dataset=corpus,
                label=mood,
                person=speaker or f"{corpus}-{row['path']}",
                person_known=bool(speaker),
                gender=row.get("gender") or "",
                language=row.get("language") or "",
                text=row.get("text") or "",
                original_label=row.get("original_label") or row["label"],
            )
        )
    if odd:
        lines = ", ".join(f"{label!r} (line {line})" for label, line in odd.items())
        raise LayoutError(f"{root / 'labels.csv'} has labels that are no mood: {lines}. Moods are {moods_text()}.")
    if not examples:
        raise LayoutError(f"None of the files that {root / 'labels.csv'} names lies in {root}, {missing[0]} first.")
    remark = f"{len(missing)} of {len(rows)} files in labels.csv are not here, {missing[0]} first" if missing else ""
    nameless = any(not example.person_known for example in examples)
    caution = "Rows without a speaker: the same person may be on both sides of the split, and figures are too good."
    return FoundData(tuple(examples), (remark,) if remark else (), (caution,) if nameless else ())
