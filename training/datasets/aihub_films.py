"""Reads AI Hub's two Korean film sets, for people who hold the licence: actors' clips (259) and dialogues (58)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from inference import containers
from inference.containers import Deadline
from reading import Refusal
from training.datasets.layouts import (
    VIDEOS,
    Example,
    FoundData,
    LayoutError,
    counted,
    files_under,
    first_few,
    nfc,
    not_found,
    packed_archives,
    read_json,
)

_HEADER_SECONDS = 60.0
"""Longest time to read the header of a film."""
CLIPS = 350
"""An actor's clips are numbered 1 … 350, fifty for each emotion in this order."""
FIFTIES = ("happiness", "surprise", "neutral", "fear", "disgust", "anger", "sadness")
EIGHT: Mapping[str, str] = {
    **{"happy": "happiness", "sad": "sadness", "angry": "anger", "anger": "anger", "surprise": "surprise"},
    **{"fear": "fear", "contempt": "contempt", "dislike": "disgust", "disgust": "disgust", "neutral": "neutral"},
    **{"기쁨": "happiness", "슬픔": "sadness", "분노": "anger", "놀람": "surprise", "공포": "fear"},
    **{"경멸": "contempt", "혐오": "disgust", "중립": "neutral"},
}
"""The names in the files (혐오 is written "dislike"). Contempt is a class of the training; the diary divides its share
among the seven in proportion (`ser.members.log_seven`), as for faces."""


def mood_of_number(number: int) -> str | None:
    """The emotion of an actor's clip by its number, None where no clip has it."""
    return FIFTIES[(number - 1) // 50] if 1 <= number <= CLIPS else None


def actors(root: Path) -> FoundData:
    """AI Hub 감정 분류 영상 (set 259, aihub.or.kr; licence by application).

    0~9/007/movie/….mp4 — tens of actors, the actor (000 … 099), and in `movie` up to 350 films, with gaps,
    whose names end in their number: 1–50 happiness, 51–100 surprise, 101–150 neutral, 151–200 fear, 201–250 disgust,
    251–300 anger, 301–350 sadness. Other folders of an actor hold pictures and are left out. What `python -m
    training.voice.corpora flatten` makes of it is read by the layout `table`.
    """
    what = "films such as 0~9/007/movie/007_123.mp4"
    examples, odd = [], []
    for path in files_under(root, VIDEOS, what):
        taken = actor_and_number(path)
        if taken is None or mood_of_number(taken[1]) is None:
            odd.append(path)
            continue
        actor, number = taken
        mood = mood_of_number(number) or ""
        examples.append(
            Example(path, "aihub-actors", mood, f"aihub-{actor}", language="ko", original_label=str(number))
        )
    if not examples:
        raise not_found(root, what)
    remarks = [*_gaps(examples), *packed_archives(root)]
    if odd:
        remarks.append(
            f"{counted(odd, 'film')} left out, with no number from 1 to {CLIPS}: {first_few(path.name for path in odd)}"
        )
    return FoundData(tuple(examples), tuple(remarks))


def actor_and_number(path: Path) -> tuple[str, int] | None:
    """From …/007/movie/007_123.mp4: ("007", 123); None where it is not laid out so."""
    actor, digits = path.parent.parent.name, re.search(r"(\d+)\D*$", nfc(path.stem))
    if path.parent.name.lower() != "movie" or not re.fullmatch(r"\d{3}", actor) or not digits:
        return None
    return actor, int(digits[1])


def _gaps(examples: Sequence[Example]) -> Iterator[str]:
    numbers: dict[str, set[int]] = {}
    for example in examples:
        numbers.setdefault(example.person, set()).add(int(example.original_label))
    total = sum(CLIPS - len(has) for has in numbers.values())
    if total:
        worst = min(numbers, key=lambda actor: len(numbers[actor]))
        yield f"{total:,} of {CLIPS * len(numbers):,} clips are missing; {worst} has {len(numbers[worst])} of {CLIPS}"
    if len(numbers) < 100:
        yield f"{len(numbers)} of 100 actors are here"


def dialogues(root: Path, sense: str = "sound") -> FoundData:
    """AI Hub 멀티모달 영상 (set 58, aihub.or.kr; licence by application).

    clip_13/clip_13.json beside clip_13/clip_13.mp4 (the full set), or 라벨데이터/clip_13.json and 원천데이터/0013.MP4
    (the public sample). A JSON holds `clip_id`, `nr_frame` and `data`: for each frame and each person in it
    `person_id`, the corners `xtl ytl xbr ybr`, `text` (`script`, `script_start`, `script_end`, in frames) and
    `emotion`, labelled four times (`text`, `sound`, `image`, `multimodal`), each with `emotion` (기쁨/happy,
    슬픔/sad, 분노/angry, 놀람/surprise, 공포/fear, 경멸/contempt, 혐오/dislike, 중립/neutral), `arousal` and `valence`.
    Each of its frames repeats an utterance; it is read once. Files are in UTF-8 or CP949. Verified against public
    readers of the set, not against the set itself.

    The label of a voice comes from raters who only listened, where there were any. Arousal and valence are
    rescaled to -1 … 1 from the scale of the files, which the remarks name.
    """
    what = "AI Hub's label files, such as clip_13/clip_13.json"
    labels = files_under(root, {".json"}, what)
    films = {_clip_number(path): path for path in files_under(root, VIDEOS, "the films to the labels (.mp4)")}
    lines, without_film, odd = [], [], set()
    for file in labels:
        content = read_json(file)
        if not isinstance(content, dict) or not isinstance(content.get("data"), dict):
            raise LayoutError(f"{file} has no `data` by frames, as AI Hub's dialogue labels have; looked for {what}.")
        film = films.get(_clip_number(file))
        if film is None:
            without_film.append(file)
            continue
        lines += [(film, line) for line in _utterances(content["data"], sense, odd)]
    if not lines:
        raise LayoutError(f"{root} holds {len(labels)} label files, but no utterance with a film and an emotion.")
    scale = _scale([value for _, line in lines for value in line["plane"] or ()])
    rates = {film: _frames_per_second(film) for film in {film for film, _ in lines}}
    examples = tuple(_example(film, line, rates[film], scale) for film, line in lines if rates[film])
    broken = [film for film, rate in rates.items() if not rate]
    remarks = [f"arousal and valence are on a scale from {scale[0]:g} to {scale[1]:g}", *packed_archives(root)]
    if without_film:
        remarks.append(f"{counted(without_film, 'label file')} without a film, {without_film[0]} first")
    if broken:
        remarks.append(f"{counted(broken, 'film')} that cannot be opened, {broken[0]} first")
    if odd:
        remarks.append(f"utterances left out, of emotions that are not among the eight: {', '.join(sorted(odd))}")
    if len({example.person for example in examples}) > 2:
        return FoundData(examples, tuple(remarks))
    # One or two ids over many films are positions in the picture, not people.
    by_film = tuple(
        replace(example, person=f"{example.person}-{example.path.stem}", person_known=False) for example in examples
    )
    caution = "People are not named beyond the single film: the same person may be on both sides of the split."
    return FoundData(by_film, tuple(remarks), (caution,))


def _clip_number(path: Path) -> str:
    digits = re.findall(r"\d+", path.stem)
    return str(int(digits[-1])) if digits else path.stem


def _utterances(frames: Mapping, sense: str, odd: set[str]) -> Iterator[dict]:
    seen = set()
    for people in frames.values():
        for annotation in people.values() if isinstance(people, Mapping) else ():
            text, emotion = annotation.get("text"), annotation.get("emotion")
            if not isinstance(text, Mapping) or not isinstance(emotion, Mapping):
                continue
            try:
                start, end = int(text["script_start"]), int(text["script_end"])
            except (KeyError, TypeError, ValueError):
                continue
            person = str(annotation.get("person_id", ""))
            if (person, start, end) in seen or end <= start:
                continue
            seen.add((person, start, end))
            rating = _rating(emotion, sense)
            name = nfc(str(rating.get("emotion", ""))).strip().lower()
            if name not in EIGHT:
                odd.add(name or "(none)")
                continue
            yield {
                **{"person": person, "start": start, "end": end, "script": str(text.get("script", ""))},
                **{"label": EIGHT[name], "original": name, "plane": _plane(rating), "box": _corners(annotation)},
            }


def _rating(emotion: Mapping, sense: str) -> Mapping:
    """The rating by people who had the same input as the model, else by those who had all inputs."""
    for key in (sense, "multimodal"):
        rating = emotion.get(key)
        if isinstance(rating, Mapping) and rating.get("emotion"):
            return rating
    return {}


def _plane(rating: Mapping) -> tuple[float, float] | None:
    try:
        return float(rating["valence"]), float(rating["arousal"])
    except (KeyError, TypeError, ValueError):
        return None


def _corners(annotation: Mapping) -> tuple[float, float, float, float] | None:
    try:
        left, top, right, bottom = (float(annotation[side]) for side in ("xtl", "ytl", "xbr", "ybr"))
    except (KeyError, TypeError, ValueError):
        return None
    return left, top, right, bottom


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """The smallest usual scale that contains all values: -1…1, 0…1, 1…5, 1…7, 1…9, 1…10, 0…10, 0…100."""
    if not values:
        return -1.0, 1.0
    low, high = min(values), max(values)
    whole = all(value == round(value) for value in values)
    usual = ((1, 5), (1, 7), (1, 9), (1, 10), (0, 10), (0, 100)) if whole and high > 1 else ((0, 1), (-1, 1))
    fitting = [scale for scale in (*usual, (1, 5), (1, 7), (1, 9), (0, 10)) if scale[0] <= low and high <= scale[1]]
    least, most = fitting[0] if fitting else (low, high)
    return float(least), float(most)


def _frames_per_second(film: Path) -> float:
    """0 where it cannot be opened."""
    try:
        with containers.opened(film, Deadline(_HEADER_SECONDS)) as container:
            rate = container.streams.video[0].average_rate if container.streams.video else None
    except Refusal:
        return 0.0
    return float(rate or 0.0)


def _example(film: Path, line: Mapping, rate: float, scale: tuple[float, float]) -> Example:
    low, high = scale
    valence, arousal = (
        float(np.clip(2 * (value - low) / (high - low) - 1, -1, 1)) for value in line["plane"] or (low, low)
    )
    return Example(
        film,
        "aihub-dialogues",
        line["label"],
        f"aihub-dialogue-{line['person']}",
        language="ko",
        text=line["script"],
        original_label=line["original"],
        plane=(valence, arousal) if line["plane"] else None,
        start=line["start"] / rate,
        end=line["end"] / rate,
        box=line["box"],
    )
