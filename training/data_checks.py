"""Checks data before a training: counts of examples and people, missing files and duplicates."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.datasets.layouts import Example, FoundData, LayoutError, counted

_POINTER = b"version https://git-lfs"
FEW = 20
"""A class with fewer examples can hardly be learnt or measured."""


@dataclass(frozen=True)
class CheckedData:
    """The examples whose files exist, and remarks on the data."""

    examples: tuple[Example, ...]
    remarks: tuple[str, ...]
    cautions: tuple[str, ...]
    duplicates: tuple[tuple[Path, ...], ...]
    """Files with the same content."""

    @property
    def report(self) -> str:
        return "\n".join([*counts_table(self.examples), *(f"- {remark}" for remark in (*self.remarks, *self.cautions))])


def check_data(found: Mapping[str, FoundData]) -> CheckedData:
    """Checks that every file exists and is not empty. The training itself decodes the files."""
    examples, remarks, cautions = [], [], []
    for name, data in found.items():
        existing, file_remarks = _existing_files(data.examples)
        examples += existing
        remarks += [f"{name}: {remark}" for remark in (*data.remarks, *file_remarks)]
        cautions += [f"{name}: {caution}" for caution in data.cautions]
    if not examples:
        raise LayoutError("None of the files that the data sets list holds anything; " + "; ".join(remarks[-3:]))
    duplicates = duplicate_files({example.path for example in examples})
    return CheckedData(
        tuple(examples),
        (
            *remarks,
            *_duplicate_remarks(duplicates, examples),
            *_small_classes(examples),
            *_people_with_one_mood(examples),
        ),
        tuple(cautions),
        tuple(duplicates),
    )


def missing_moods(examples: Sequence[Example], moods: Iterable[str]) -> list[str]:
    """A caution if the data lack examples of a mood of the diary."""
    shown = {example.label for example in examples} | {name for example in examples for name in example.votes}
    lacking = [mood for mood in moods if mood not in shown]
    return [f"There was no example of {', '.join(lacking)}: the model will hardly ever choose it."] if lacking else []


def counts_table(examples: Sequence[Example]) -> list[str]:
    """Markdown: a row for each data set, a column for each class."""
    labels = list(dict.fromkeys(example.label for example in sorted(examples, key=lambda example: example.label)))
    rows = [f"| data set | examples | people | {' | '.join(labels)} |", "|---" * (len(labels) + 3) + "|"]
    for dataset in dict.fromkeys(example.dataset for example in examples):
        mine = [example for example in examples if example.dataset == dataset]
        people = {example.person for example in mine} if all(example.person_known for example in mine) else None
        counts = Counter(example.label for example in mine)
        each = " | ".join(str(counts[label]) for label in labels)
        rows.append(f"| {dataset} | {len(mine)} | {len(people) if people else 'unknown'} | {each} |")
    per_person = Counter(example.person for example in examples if example.person_known)
    if per_person:
        numbers = sorted(per_person.values())
        rows += [
            "",
            f"examples per person: {numbers[0]} to {numbers[-1]}, median {np.median(numbers):.0f}",
        ]
    return rows


def duplicate_files(paths: Iterable[Path]) -> list[tuple[Path, ...]]:
    """Groups of files with the same bytes. Only files of the same length are read."""
    by_size = defaultdict(list)
    for path in sorted(paths):
        by_size[path.stat().st_size].append(path)
    by_content = defaultdict(list)
    for size, same in by_size.items():
        for path in same if len(same) > 1 else ():
            by_content[size, hashlib.sha256(path.read_bytes()).digest()].append(path)
    return [tuple(group) for group in by_content.values() if len(group) > 1]


def _existing_files(examples: Sequence[Example]) -> tuple[list[Example], list[str]]:
    here, missing, empty, pointers = [], [], [], []
    known: dict[Path, list] = {}
    for example in examples:
        kind = known.get(example.path)
        if kind is None:
            kind = known[example.path] = _kind(example.path, here, missing, empty, pointers)
        kind.append(example)
    lines = []
    if missing:
        lines.append(f"{counted(missing, 'file')} listed, but not there: {missing[0].path} first")
    if empty:
        lines.append(f"{counted(empty, 'empty file')}: {empty[0].path} first")
    if pointers:
        lines.append(f"{counted(pointers, 'Git LFS pointer')} without content: run `git lfs pull` in the data set")
    return here, lines


def _kind(path: Path, here: list, missing: list, empty: list, pointers: list) -> list:
    if not path.is_file():
        return missing
    size = path.stat().st_size
    if size == 0:
        return empty
    if size < 1024:
        with path.open("rb") as file:
            if file.read(len(_POINTER)) == _POINTER:
                return pointers
    return here


def _duplicate_remarks(duplicates: Sequence[tuple[Path, ...]], examples: Sequence[Example]) -> list[str]:
    if not duplicates:
        return []
    moods, owners = defaultdict(set), defaultdict(set)
    for example in examples:  # a film has a mood and a person for each utterance
        moods[example.path].add(example.label)
        owners[example.path].add(example.person)
    labels = sum(len({frozenset(moods[path]) for path in group}) > 1 for group in duplicates)
    people = sum(len({frozenset(owners[path]) for path in group}) > 1 for group in duplicates)
    first = " = ".join(str(path) for path in duplicates[0][:2])
    lines = [f"{counted(duplicates, 'file')} there more than once, byte for byte: {first} first"]
    if labels:
        lines.append(f"of these, {labels} under different labels: at least one of them is wrong")
    if people:
        lines.append(f"of these, {people} under different people: they may lie on both sides of the split")
    return lines


def _small_classes(examples: Sequence[Example]) -> list[str]:
    counts = Counter(example.label for example in examples)
    thin = [f"{label} {count}" for label, count in sorted(counts.items()) if count < FEW]
    lines = [f"hardly enough to learn from: {', '.join(thin)}"] if thin else []
    if len(counts) < 2:
        lines.append("there is one class only: nothing can be learnt from it")
    elif max(counts.values()) > 5 * min(counts.values()):
        most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
        lines.append(f"lopsided: {counts[most]} of {most} to {counts[least]} of {least}; the draw evens it out")
    return lines


def _people_with_one_mood(examples: Sequence[Example]) -> list[str]:
    moods = defaultdict(set)
    for example in examples:
        if example.person_known:
            moods[example.person].add(example.label)
    single = sorted(person for person, labels in moods.items() if len(labels) == 1)
    if not single or len({example.label for example in examples}) < 2:
        return []
    return [f"{len(single)} people have one mood only ({single[0]} …): a model may learn the person for the mood"]
