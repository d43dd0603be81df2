"""The catalogue: recordings on YouTube, and short tracks that ship with Haru and need no internet.

python -m music.catalogue check      asks YouTube which ids still play, and marks the others in the file
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import settings
from music.track import InvalidTrack, Track, from_local_row, from_youtube_row

log = logging.getLogger("haru.music")

ASSETS = settings.ASSETS
YOUTUBE = ASSETS / "catalogue.json"
LOCAL_FOLDER = ASSETS / "music"
LOCAL = LOCAL_FOLDER / "tracks.json"


@dataclass(frozen=True)
class Catalogue:
    """All tracks that can be offered, and an English sentence for each row or file that was left out."""

    tracks: tuple[Track, ...]
    problems: tuple[str, ...]

    def of_kind(self, kind: str) -> list[Track]:
        return [track for track in self.tracks if track.kind == kind]


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The shipped catalogue, read once per process. Logs each row or file that it left out."""
    catalogue = read(YOUTUBE, LOCAL)
    for problem in catalogue.problems:
        log.warning("catalogue: %s", problem)
    return catalogue


def read(youtube: Path, local: Path) -> Catalogue:
    """All valid tracks of both files. It skips an invalid row or an unreadable file, so that the page still works."""
    online, problems = read_rows(youtube, from_youtube_row)
    offline, more = read_rows(local, from_local_row)
    missing = [track for track in offline if not (local.parent / track.name).is_file()]
    more += [f"{local.name}: {track.name} is not there" for track in missing]
    offline = [track for track in offline if track not in missing]
    return Catalogue(tuple(online + offline), tuple(problems + more))


def read_rows(path: Path, track_of: Callable[[object], Track]) -> tuple[list[Track], list[str]]:
    """The tracks of one file, and its problems."""
    try:
        rows = _rows(path)
    except (OSError, ValueError) as error:
        return [], [f"{path.name} cannot be read: {error}"]
    tracks: dict[str, Track] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict) and row.get("gone"):
            continue  # it did not play at the last check
        try:
            track = track_of(row)
        except InvalidTrack as error:
            problems.append(f"{path.name}, track {number}: {error}")
            continue
        if track.id in tracks:
            problems.append(f"{path.name}, track {number}: {track.id} is listed twice")
        tracks.setdefault(track.id, track)
    return list(tracks.values()), problems


def _rows(path: Path) -> list:
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = content.get("tracks") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise ValueError("it has no list of tracks")
    return rows


def check(path: Path, statuses: Callable[[list[str]], dict[str, str]]) -> tuple[int, dict[str, str]]:
    """Asks `statuses` about every id, and writes `gone` beside those that cannot be played any more.

    Returns how many ids it asked about, and the reason for each that is gone.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    ids = [row["id"] for row in content["tracks"]]
    answers = statuses(ids)
    gone = {name: answers.get(name, "unknown to YouTube") for name in ids if answers.get(name) != "alive"}
    for row in content["tracks"]:
        row.pop("gone", None)  # a recording that plays again is offered again
        if row["id"] in gone:
            row["gone"] = f"{datetime.now(UTC):%Y-%m-%d}: {gone[row['id']]}"
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(_as_text(content), encoding="utf-8")
    unfinished.replace(path)
    return len(ids), gone


def _as_text(content: dict) -> str:
    """One track a line, so that a change is one line in a diff."""
    head = json.dumps({key: content[key] for key in content if key != "tracks"}, ensure_ascii=False, indent=2)
    rows = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in content["tracks"])
    start = head[:-2] + ",\n" if len(head) > 2 else "{\n"
    return f'{start}  "tracks": [\n{rows}\n  ]\n}}\n'


def main(arguments: list[str] | None = None) -> int:
    from music import youtube  # Google's client takes a second to import; reading the catalogue does not need it

    parser = argparse.ArgumentParser(prog="python -m music.catalogue", description="Maintains the catalogue.")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="ask YouTube which ids still play; marks the others in the file")
    checking.add_argument("--file", type=Path, default=YOUTUBE)
    options = parser.parse_args(arguments)
    _, problems = read_rows(options.file, from_youtube_row)
    for problem in problems:
        print(problem, file=sys.stderr)
    key = settings.YOUTUBE_KEY.get()
    if not key:
        print(f"Nothing was checked: set {youtube.KEY_VARIABLE} to a key of the YouTube Data API.", file=sys.stderr)
        return 2
    try:
        asked, gone = check(options.file, youtube.Api(key).statuses)
    except youtube.YouTubeError as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"Nothing was changed: {options.file} cannot be checked ({error}).", file=sys.stderr)
        return 2
    for name, reason in gone.items():
        print(f"{name}  {reason}")
    print(f"{asked - len(gone)} of {asked} play and may be embedded.")
    return 1 if gone or problems else 0


if __name__ == "__main__":
    sys.exit(main())
