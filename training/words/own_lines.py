"""Reads a table of one's own lines."""

from __future__ import annotations

from pathlib import Path

from training.datasets.layouts import (
    Example,
    FoundData,
    LayoutError,
    check_folder,
    mood_named,
    moods_text,
    read_table,
)

TABLE = "lines.csv"


def table(root: Path) -> FoundData:
    """A folder with lines.csv, or such a file: a row for each line.

    Columns: text, mood (its name in English or Korean); if known, person (who wrote it) and language (ko, en).
    Separated by commas, semicolons or tabs.
    """
    file = root
    if not root.is_file():
        check_folder(root, TABLE)
        file = root / TABLE
    rows = read_table(file, ("text", "mood"))
    odd = {row["mood"]: number for number, row in enumerate(rows, 2) if mood_named(row["mood"] or "") is None}
    if odd:
        lines = ", ".join(f"{mood!r} (line {number})" for mood, number in odd.items())
        raise LayoutError(f"{file} has labels that are no mood: {lines}. Moods are {moods_text()}.")
    empty = sum(not (row["text"] or "").strip() for row in rows)
    examples = tuple(
        Example(
            path=file,
            dataset="table",
            label=mood_named(row["mood"]) or "",
            person=row.get("person") or f"line {number}",
            person_known=bool(row.get("person")),
            language=row.get("language") or "",
            text=row["text"],
            original_label=row["mood"],
        )
        for number, row in enumerate(rows, 2)
        if (row["text"] or "").strip()
    )
    if not examples:
        raise LayoutError(f"{file} holds no line with a text.")
    nameless = any(not example.person_known for example in examples)
    caution = "Lines without a person: the same writer may be on both sides of the split, and figures are too good."
    return FoundData(
        examples, (f"{empty} rows without a text left out",) if empty else (), (caution,) if nameless else ()
    )
