"""Parses the backup of Pixels, a diary in which each day has one or several scores from 1 to 5."""

from __future__ import annotations

from diary import errors
from diary.transfer.dates import days_of
from diary.transfer.parsed import ForeignEntry, ParsedFile, expect_few


def recognises(content: object) -> bool:
    return (
        isinstance(content, list)
        and bool(content)
        and isinstance(content[0], dict)
        and "date" in content[0]
        and bool({"scores", "mood"} & content[0].keys())
    )


def read(content: list) -> ParsedFile:
    expect_few(sum(len(pixel["scores"]) if _has_scores(pixel) else 1 for pixel in content))
    try:
        dated = days_of([(place, pixel["date"], "") for place, pixel in enumerate(content, start=1)])
    except (KeyError, TypeError, AttributeError) as error:
        raise errors.FileDamaged() from error
    parsed = []
    for place, (pixel, day) in enumerate(zip(content, dated, strict=True), start=1):
        try:
            scores = pixel["scores"] if "scores" in pixel else [pixel["mood"]]
            note, tags = pixel.get("notes") or "", tuple(_tags(pixel))
            if not isinstance(note, str) or not isinstance(scores, list):
                raise TypeError("a note is text, scores are a list")
            # The note belongs to the day: it goes with the first of its scores.
            parsed.extend(
                ForeignEntry(
                    mood=_score(score), day=day, note="" if turn else note, tags=() if turn else tags, turn=turn
                )
                for turn, score in enumerate(scores)
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise errors.LineUnreadable(place=place) from error
    if not parsed:
        raise errors.FileEmpty()
    return ParsedFile(format="pixels", foreign_entries=tuple(parsed))


def _has_scores(pixel: object) -> bool:
    return isinstance(pixel, dict) and isinstance(pixel.get("scores"), list)


def _score(score: object) -> str:
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= 10:
        raise ValueError("a score is a small number")
    return str(score)


def _tags(pixel: dict) -> list[str]:
    found = list(pixel.get("emotions") or [])
    for tag in pixel.get("tags") or []:
        found += [tag] if isinstance(tag, str) else tag["entries"]
    if not all(isinstance(tag, str) for tag in found):
        raise TypeError("tags are text")
    return found
