"""What all readers of data sets share: labelled examples, tables, and errors that name what a folder lacks.

Readers live here, in `training/face/datasets.py` and in `training/music/labelled_tracks.py`; each trainer lists its
own under `LAYOUTS`. The docstring of a reader is the layout that it expects (`python -m training.cli voice --layouts`).
"""

from __future__ import annotations

import csv
import difflib
import inspect
import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path

from emotions import BY_KEY

SOUNDS = frozenset({".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff"})
VIDEOS = frozenset({".mp4", ".flv", ".avi", ".mov", ".mkv", ".mts", ".webm", ".wmv", ".mpg"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff", ".bmp"})
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".egg", ".part", ".part0", ".crdownload", ".z01")
_ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "happiness": ("happy", "joy", "행복", "hap"),
    "surprise": ("surprised", "놀라움", "당황", "pleasant_surprise", "pleasant_surprised", "ps"),
    "neutral": ("중립", "무감정", "neu"),
    "fear": ("fearful", "공포", "불안", "fea"),
    "disgust": ("disgusted", "dislike", "혐오", "dis"),
    "anger": ("angry", "분노", "ang"),
    "sadness": ("sad",),
    "calm": ("평온함", "차분"),
    "boredom": ("bored", "지루함"),
    "contempt": ("경멸",),
}


class LayoutError(RuntimeError):
    """A folder or an option does not fit; the message names what is wrong and what to do."""


@dataclass(frozen=True)
class Example:
    """One labelled recording, picture or track of a data set."""

    path: Path
    dataset: str
    label: str
    person: str
    """The speaker, photographed person or artist; splits keep all examples of a person together."""
    person_known: bool = True
    """False where the data set does not name people; every example then counts as another person."""
    gender: str = ""
    language: str = ""
    text: str = ""
    original_label: str = ""
    split: str = ""
    """train, valid or test, where the data set itself says so."""
    votes: Mapping[str, float] = field(default_factory=dict)
    """Votes for each label; empty where there is one label only."""
    plane: tuple[float, float] | None = None
    """Valence and arousal, -1…1."""
    intensity: str = ""
    """How strongly the mood was to be acted (low, medium, high; normal, strong), where the data set says so."""
    start: float | None = None
    end: float | None = None
    """Seconds, where only a part of the file is meant."""
    box: tuple[float, float, float, float] | None = None
    """left, top, right, bottom of the face, in pixels of the file."""
    tile: int | None = None
    """Which face of a mosaic."""


@dataclass(frozen=True)
class FoundData:
    """What a reader found in a folder."""

    examples: tuple[Example, ...]
    remarks: tuple[str, ...] = ()
    """Missing, stray or duplicate files, for the person who starts the training."""
    cautions: tuple[str, ...] = ()
    """Limits of every figure from these data, for the model card."""


@dataclass(frozen=True)
class Layout:
    """A data set that a trainer can read."""

    name: str
    read: Callable[[Path], FoundData]
    title: str
    licence: str

    @property
    def description(self) -> str:
        return inspect.getdoc(self.read) or ""


def registry(*layouts: Layout) -> dict[str, Layout]:
    return {layout.name: layout for layout in layouts}


def layout_named(name: str, layouts: Mapping[str, Layout]) -> Layout:
    if name not in layouts:
        near = difflib.get_close_matches(name, layouts, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise LayoutError(f"There is no data set {name!r}; choose one of {', '.join(layouts)}.{hint}")
    return layouts[name]


def parse_data_option(text: str) -> tuple[str, Path]:
    """`NAME=PATH`, as `--data` takes it."""
    name, equals, path = text.partition("=")
    if not equals or not name or not path:
        raise LayoutError(f"{text!r} is no NAME=PATH; write for example ravdess=/data/ravdess.")
    return name, Path(path).expanduser()


def nfc(name: str) -> str:
    """The name in NFC: Mac archives decompose Hangul (NFD), and equal names must be equal texts."""
    return unicodedata.normalize("NFC", name)


def mood_named(name: str) -> str | None:
    """The key of a mood by any of its usual names, in English or Korean."""
    wanted = nfc(name).strip().casefold().replace(" ", "_").replace("-", "_")
    return _KEY_OF.get(wanted)


def moods_text() -> str:
    """The moods and their names, for error messages."""
    return "; ".join(f"{key} ({', '.join(names[:3])} …)" for key, names in _ALSO_CALLED.items())


def _names() -> dict[str, str]:
    known = {name: key for key, names in _ALSO_CALLED.items() for name in (key, *names)}
    return known | {emotion.ko: key for key, emotion in BY_KEY.items()}


_KEY_OF = _names()


def files_under(root: Path, suffixes: Iterable[str], wanted: str) -> list[Path]:
    """All files with these suffixes, in order of their NFC names; raises `LayoutError` if there are none."""
    check_folder(root, wanted)
    allowed = frozenset(suffixes)
    found = [path for path in root.rglob("*") if path.suffix.lower() in allowed and not _hidden(path, root)]
    if not found:
        raise not_found(root, wanted)
    return sorted(found, key=lambda path: nfc(str(path.relative_to(root))))


def check_folder(root: Path, wanted: str) -> None:
    if not root.is_dir():
        kind = "is a file, not a folder" if root.exists() else "does not exist"
        raise LayoutError(f"{root} {kind}; looked there for {wanted}.")


def child_named(root: Path, name: str) -> Path | None:
    """A file or folder right inside, whichever way its Hangul is written."""
    return next((path for path in root.iterdir() if nfc(path.name) == nfc(name)), None)


def find_file(root: Path, relative: str) -> Path | None:
    """A file that a table names, whichever way its Hangul is written on the disk; None where it is not there."""
    path: Path | None = root
    for part in Path(relative).parts:
        if path is None or not path.is_dir():
            return None
        path = path / part if (path / part).exists() else child_named(path, part)
    return path if path and path.is_file() else None


def not_found(root: Path, wanted: str) -> LayoutError:
    """An error that names the wanted files, the folder and what it holds instead."""
    inside = sorted(nfc(path.name) for path in root.iterdir()) if root.is_dir() else []
    packed = [name for name in inside if name.lower().endswith(_ARCHIVES)]
    there = f"it holds {', '.join(inside[:6])}{' …' if len(inside) > 6 else ''}" if inside else "it is empty"
    hint = f" Unpack {packed[0]} first." if packed else ""
    return LayoutError(f"Looked in {root} for {wanted}, and found none: {there}.{hint}")


def packed_archives(root: Path) -> list[str]:
    """A remark for each archive that lies beside what was unpacked."""
    packed = sorted(path for path in root.rglob("*") if path.name.lower().endswith(_ARCHIVES) and path.is_file())
    return [f"{counted(packed, 'archive')} still packed, {nfc(packed[0].name)} first"] if packed else []


def without_copies(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Leaves out copies: some archives hold everything twice, in a nested folder of the same name.

    Copies share the names of file and folder. The file name alone is not enough: every speaker of SAVEE has an a01.wav.
    """
    first: dict[tuple[str, str], Path] = {}
    for path in paths:
        first.setdefault((nfc(path.parent.name), nfc(path.name)), path)
    extra = [path for path in paths if first[nfc(path.parent.name), nfc(path.name)] is not path]
    if not extra:
        return list(paths), []
    remark = f"{counted(extra, 'file')} left out: here twice, in folders of the same name, {extra[0]} first"
    return list(first.values()), [remark]


def unknown_names(paths: Sequence[Path], known: Iterable[Path], what: str) -> list[str]:
    """A remark on files whose names do not fit this layout."""
    taken = set(known)
    odd = [path for path in paths if path not in taken]
    return (
        [f"{counted(odd, 'file')} left out, not named like {what}: {first_few(path.name for path in odd)}"]
        if odd
        else []
    )


def counted(things: Sized, one: str) -> str:
    """1 file, 2 files."""
    return f"{len(things)} {one}{'' if len(things) == 1 else 's'}"


def first_few(names: Iterable[str], most: int = 3) -> str:
    """The first few, and whether there are more."""
    all_names = [nfc(name) for name in names]
    return ", ".join(all_names[:most]) + (" …" if len(all_names) > most else "")


def read_table(file: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """A table with at least these columns, as `decode_file` reads it, separated by commas, semicolons or tabs."""
    if not file.is_file():
        raise LayoutError(f"Looked for {file} and did not find it.")
    text = decode_file(file)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)  # spreadsheets use the separator of their locale
    # Some tables (Emotify's) have a blank before every name.
    rows = [
        {(name or "").strip(): value for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    ]
    missing = [column for column in columns if not rows or column not in rows[0]]
    if missing:
        there = ", ".join(rows[0]) if rows else "no rows"
        raise LayoutError(f"{file} lacks the columns {', '.join(missing)}; it has {there}.")
    return rows


def decode_file(file: Path) -> str:
    """UTF-8 (with or without a byte order mark), the Korean code page, or what spreadsheets call Unicode text."""
    content = file.read_bytes()
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LayoutError(f"{file} is no text in UTF-8, CP949 or UTF-16; unpack its archive again.")


def read_json(file: Path) -> object:
    try:
        return json.loads(decode_file(file))
    except json.JSONDecodeError as error:
        raise LayoutError(f"{file} is not a complete JSON file ({error}); unpack its archive again.") from error


def _hidden(path: Path, root: Path) -> bool:
    """Whether an archiver left the file (`__MACOSX`, `._name`), or its name begins with a dot."""
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(root).parts)
