"""What there is to hear: recordings on YouTube, and short tracks that lie beside the program and need no internet.

python -m music.catalogue check      asks YouTube which ids still answer and writes down those that died
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from music.track import Nonsense, Track, from_local_row, from_youtube_row

ASSETS = Path(__file__).resolve().parent.parent / "assets"
YOUTUBE = ASSETS / "catalogue.json"
LOCAL_FOLDER = ASSETS / "music"
LOCAL = LOCAL_FOLDER / "tracks.json"


@dataclass(frozen=True)
class Catalogue:
    """All that can be offered, and what had to be left out: one English sentence each, for a log and for tests."""

    tracks: tuple[Track, ...]
    problems: tuple[str, ...]

    def of_kind(self, kind: str) -> list[Track]:
        return [track for track in self.tracks if track.kind == kind]


def load(youtube: Path = YOUTUBE, local: Path = LOCAL) -> Catalogue:
    """Everything usable in both files. One bad row costs that row, a bad file costs that file, never the page."""
    there, problems = _read(youtube, from_youtube_row)
    here, more = _read(local, from_local_row)
    missing = [track for track in here if not (local.parent / track.name).is_file()]
    more += [f"{local.name}: {track.name} is not there" for track in missing]
    here = [track for track in here if track not in missing]
    return Catalogue(tuple(there + here), tuple(problems + more))


def _read(path: Path, track_of: Callable[[object], Track]) -> tuple[list[Track], list[str]]:
    try:
        rows = _rows(path)
    except (OSError, ValueError, Nonsense) as error:
        return [], [f"{path.name} cannot be read: {error}"]
    tracks: dict[str, Track] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict) and row.get("gone"):
            continue  # it did not answer when it was last checked
        try:
            track = track_of(row)
        except Nonsense as error:
            problems.append(f"{path.name}, track {number}: {error}")
            continue
        if track.id in tracks:
            problems.append(f"{path.name}, track {number}: {track.id} is there twice")
        tracks.setdefault(track.id, track)
    return list(tracks.values()), problems


def _rows(path: Path) -> list:
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = content.get("tracks") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise Nonsense("it holds no list of tracks")
    return rows


def check(path: Path, standing: Callable[[list[str]], dict[str, str]]) -> tuple[int, dict[str, str]]:
    """Asks `standing` how each id is, and writes `gone` beside those that cannot be played any more.

    Returns how many were asked about, and why each of the dead ones died.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    ids = [row["id"] for row in content["tracks"]]
    told = standing(ids)
    died = {name: told.get(name, "unknown to YouTube") for name in ids if told.get(name) != "alive"}
    for row in content["tracks"]:
        row.pop("gone", None)  # what came back to life is offered again
        if row["id"] in died:
            row["gone"] = f"{datetime.now(UTC):%Y-%m-%d}: {died[row['id']]}"
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(_written(content), encoding="utf-8")
    unfinished.replace(path)
    return len(ids), died


def _written(content: dict) -> str:
    """One track a line, so that a change is one line in a diff."""
    head = json.dumps({key: content[key] for key in content if key != "tracks"}, ensure_ascii=False, indent=2)
    rows = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in content["tracks"])
    start = head[:-2] + ",\n" if len(head) > 2 else "{\n"
    return f'{start}  "tracks": [\n{rows}\n  ]\n}}\n'


def main(arguments: list[str] | None = None) -> int:
    from music import youtube  # Google's client takes a second to import; the catalogue alone does not need it

    parser = argparse.ArgumentParser(prog="python -m music.catalogue", description="Look after the catalogue.")
    commands = parser.add_subparsers(dest="command", required=True)
    asking = commands.add_parser("check", help="ask YouTube which ids still answer; writes what died into the file")
    asking.add_argument("--file", type=Path, default=YOUTUBE)
    chosen = parser.parse_args(arguments)
    _, problems = _read(chosen.file, from_youtube_row)
    for problem in problems:
        print(problem, file=sys.stderr)
    key = os.environ.get(youtube.KEY_VARIABLE, "")
    if not key:
        print(f"Nothing was asked: {youtube.KEY_VARIABLE} holds no key.", file=sys.stderr)
        return 2
    try:
        asked, died = check(chosen.file, youtube.Service(key).standing)
    except youtube.NoAnswer as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"Nothing was changed: {chosen.file} cannot be checked ({error}).", file=sys.stderr)
        return 2
    for name, why in died.items():
        print(f"{name}  {why}")
    print(f"{asked - len(died)} of {asked} answer and may be embedded.")
    return 1 if died or problems else 0


if __name__ == "__main__":
    sys.exit(main())
